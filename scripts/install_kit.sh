#!/bin/sh
# Install Corridor from this folder, without a network: ./install.sh FOLDER makes an environment there.
# Needs the Python named in the file PYTHON, which the wheels were chosen for; PYTHON=... names where it is.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
version=$(sed -n 's/^Python //p' "$here/PYTHON")
python=${PYTHON:-python$version}
if ! command -v "$python" >/dev/null 2>&1; then
    echo "nothing was installed: there is no $python here; install Python $version, or name where it is with PYTHON=/path/to/python" >&2
    exit 1
fi
exec "$python" "$here/install.py" "$@"
