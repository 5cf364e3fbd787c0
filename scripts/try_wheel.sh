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
    environment=$work/$version
    "$uv" venv --quiet --python "$python" "$environment"
    "$uv" pip install --quiet --python "$environment/bin/python" --require-hashes --requirements requirements.txt
    "$uv" pip install --quiet --python "$environment/bin/python" --no-deps dist/*.whl
    (
        cd "$environment"
        PATH=$environment/bin:$PATH
        python -c "import corridor, sys; sys.exit('site-packages' not in corridor.__file__)"
        corridor --version
        corridor init case
        corridor check case
        corridor run case --replicates 5 --out run
        corridor report run --quick
        test -s run/report.html
        corridor report run --one-page --language fr
        python -c "from corridor.web.files import list_files; assert {'index.html', 'main.js', 'page.css'} <= set(list_files())"
    ) >/dev/null
    echo "Python $version: the wheel works"
done
