"""The offline kit holds what its installer asks for; what is wrong with a kit is told before anything is made."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"
WHEEL = "corridor-0.0.1-py3-none-any.whl"
METADATA = "Metadata-Version: 2.1\nName: corridor\nVersion: 0.0.1\nProvides-Extra: build\nProvides-Extra: notebook\n"
HERE = {
    "Python": ".".join(platform.python_version_tuple()[:2]),
    "system": platform.system(),
    "processor": platform.machine(),
}


@pytest.fixture
def kit(tmp_path: Path) -> Path:
    """A kit under a path with spaces, of one wheel whose command tells its version."""
    folder = tmp_path / "a kit's folder"
    (folder / "wheels").mkdir(parents=True)
    with zipfile.ZipFile(folder / "wheels" / WHEEL, "w") as wheel:
        home = "corridor-0.0.1.dist-info"
        wheel.writestr("corridor.py", "def main():\n    print('corridor 0.0.1')\n")
        wheel.writestr(f"{home}/METADATA", METADATA)
        wheel.writestr(
            f"{home}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{home}/entry_points.txt", "[console_scripts]\ncorridor = corridor:main\n")
        wheel.writestr(f"{home}/RECORD", "")
    for name, as_name in (("install_kit.py", "install.py"), ("install_kit.sh", "install.sh")):
        shutil.copy(SCRIPTS / name, folder / as_name)
    found = hashlib.sha256((folder / "wheels" / WHEEL).read_bytes()).hexdigest()
    (folder / "HASHES").write_text(f"{found}  {WHEEL}\n")
    (folder / "PYTHON").write_text("".join(f"{name} {value}\n" for name, value in HERE.items()))
    return folder


def install(kit: Path, target: Path, python: str = sys.executable) -> tuple[int, str]:
    environment = {**os.environ, "PYTHON": python, "PIP_INDEX_URL": "http://nowhere.invalid", "CDPATH": "/"}
    done = subprocess.run(
        ["sh", kit / "install.sh", target], env=environment, capture_output=True, text=True, check=False
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def test_the_kit_brings_the_extras_that_it_installs() -> None:
    made = set(re.findall(r"--extra (\w+)", (SCRIPTS / "make_kit.sh").read_text(encoding="utf-8")))
    found = re.search(r'"corridor\[([\w,]+)\]"', (SCRIPTS / "install_kit.py").read_text(encoding="utf-8"))
    assert found is not None
    assert set(found[1].split(",")) == made
    assert "build" in made


@pytest.mark.parametrize("name", HERE)
def test_another_python_or_machine_is_told(kit: Path, tmp_path: Path, name: str) -> None:
    (kit / "PYTHON").write_text("".join(f"{one} {'other' if one == name else HERE[one]}\n" for one in HERE))
    code, said = install(kit, tmp_path / "made")
    assert (code, f"this kit is for {name} other, and this is {HERE[name]}" in said) == (1, True)
    assert not (tmp_path / "made").exists()


def test_no_python_at_all_is_told(kit: Path, tmp_path: Path) -> None:
    code, said = install(kit, tmp_path / "made", "python-of-nowhere")
    assert (code, "there is no python-of-nowhere here" in said) == (1, True)


def test_all_that_is_wrong_is_told_at_once(kit: Path, tmp_path: Path) -> None:
    (kit / "wheels" / WHEEL).write_bytes((kit / "wheels" / WHEEL).read_bytes()[:-9])
    with (kit / "HASHES").open("a") as lines:
        lines.write(f"{'0' * 64}  numpy-9-py3-none-any.whl\n")
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine.txt").write_text("mine")
    code, said = install(kit, tmp_path / "used")
    assert code == 1
    told = (f"wheels/{WHEEL} is damaged", "wheels/numpy-9-py3-none-any.whl cannot be read", "has other things in it")
    assert all(text in said for text in told)
    assert [path.name for path in (tmp_path / "used").iterdir()] == ["mine.txt"]


@pytest.mark.parametrize("target", ["file", "two:paths", "/proc/1/nowhere"])
def test_a_folder_that_cannot_be_is_told(kit: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / "file").write_text("mine")
    code, said = install(kit, tmp_path / target)
    assert (code, any(text in said for text in ("is a file", "with a :", "cannot be written", "could be made"))) == (
        1,
        True,
    )


@pytest.mark.slow
def test_it_installs_from_a_folder_that_cannot_be_written(kit: Path, tmp_path: Path) -> None:
    for path in (*kit.rglob("*"), kit):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for _ in range(2):
        code, said = install(kit, tmp_path / "an environment")
        assert (code, said.splitlines()[0]) == (0, "corridor 0.0.1")
