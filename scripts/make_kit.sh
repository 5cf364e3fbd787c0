#!/usr/bin/env bash
# Make the offline kit: one folder with everything that an installation without a network needs.
#   build/kit/wheels        Corridor and what it needs, in the locked versions, for this system and this Python
#   build/kit/site          the documentation: open index.html
#   build/kit/scenarios     the worked case
#   build/kit/install.sh    makes an environment and installs into it, by install.py, which first looks at everything
#   build/kit/HASHES        of the wheels; PYTHON says what they are for
set -euo pipefail
cd "$(dirname "$0")/.."
kit=build/kit
rm -rf "$kit"
mkdir -p "$kit/wheels"
unset PYTHONPATH VIRTUAL_ENV

.venv/bin/uv build --quiet --wheel --out-dir "$kit/wheels"
rm -f "$kit/wheels/.gitignore"
.venv/bin/uv export --quiet --locked --no-dev --extra notebook --extra build --no-emit-project --output-file build/requirements.txt >/dev/null
.venv/bin/python -m pip download --quiet --disable-pip-version-check --only-binary :all: --require-hashes \
    --dest "$kit/wheels" --requirement build/requirements.txt
cp -r build/site "$kit/site"
cp -r scenarios LICENSE CHANGELOG.md CITATION.cff "$kit"
cp scripts/install_kit.sh "$kit/install.sh"
cp scripts/install_kit.py "$kit/install.py"
(cd "$kit/wheels" && sha256sum -- *.whl) >"$kit/HASHES"
.venv/bin/python -c "$(cat <<'END'
import platform
print(f"Python {platform.python_version().rpartition('.')[0]}\nsystem {platform.system()}\nprocessor {platform.machine()}")
END
)" >"$kit/PYTHON"
echo "made $kit: $(du -sh "$kit" | cut -f1); install with $kit/install.sh FOLDER"
