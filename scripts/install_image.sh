#!/bin/sh
# Install Corridor into a new environment, in the versions of uv.lock, each checked by its hash: install_image.sh SOURCE TARGET
# The Containerfile runs this while an image is built, scripts/try_image.sh in a root of its own: one way of installing, not two.
set -eu
source=$1 target=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/tools"
"$work/tools/bin/python" -m pip install --quiet --disable-pip-version-check uv==0.13.9
uv=$work/tools/bin/uv
cd "$source"
"$uv" build --quiet --wheel --out-dir "$work/dist"
"$uv" export --quiet --locked --no-dev --extra cluster --no-emit-project --output-file "$work/requirements.txt" >/dev/null
"$uv" venv --quiet --python "$(command -v python3)" "$target"
"$uv" pip install --quiet --compile-bytecode --python "$target/bin/python" --require-hashes --requirements "$work/requirements.txt"
"$uv" pip install --quiet --compile-bytecode --python "$target/bin/python" --no-deps "$work"/dist/*.whl
