#!/usr/bin/env bash
# Build the source archive and, from it, the wheel; try the wheel as its users meet it: outside the repository, in an
# environment of its own, with the locked versions, under each Python from 3.11 to 3.13 that is on this machine.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$PWD/.venv/bin/uv
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset PYTHONPATH VIRTUAL_ENV

"$uv" build --quiet --out-dir "$work/dist"
"$uv" export --quiet --locked --no-dev --no-emit-project --output-file "$work/requirements.txt" >/dev/null
cd "$work"

for version in 3.11 3.12 3.13; do
    if ! python=$("$uv" python find --no-python-downloads "$version" 2>/dev/null); then
        echo "Python $version is not on this machine: not tried"
        continue
    fi
    (
        "$uv" venv --quiet --python "$python" "$version"
        "$uv" pip install --quiet --python "$version" --require-hashes --requirements requirements.txt
        "$uv" pip install --quiet --python "$version" --no-deps dist/*.whl
        export PATH="$work/$version/bin:$PATH"
        cd "$version"
        python -c "import corridor, sys; sys.exit('site-packages' not in corridor.__file__)"
        corridor --version
        corridor init case
        corridor check case
        corridor run case --replicates 5 --out run
        corridor report run --quick
        test -s run/report.html
    ) >"$version.txt" 2>&1 || { cat "$version.txt"; echo "Python $version: the wheel does not work"; exit 1; }
    echo "Python $version: $(head -1 "$version.txt") works from its wheel"
done
