#!/usr/bin/env bash
# Install Corridor from this folder, without a network: ./install.sh FOLDER makes an environment there.
# Needs the Python named in the file PYTHON, which the wheels were chosen for; PYTHON=... names where it is.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-corridor-environment}
version=$(sed -E 's/Python ([0-9]+\.[0-9]+).*/\1/' "$here/PYTHON")
"${PYTHON:-python$version}" -m venv "$target"
"$target/bin/python" -m pip install --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" "corridor[build,notebook]"
"$target/bin/corridor" --version
echo "The command is $target/bin/corridor; put it on the path with: export PATH=\"$(cd "$target/bin" && pwd):\$PATH\""
