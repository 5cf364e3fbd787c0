"""In a container: neither the installation nor the user's home can be written, nor perhaps the temporary folder."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import corridor

DROP = ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.geteuid() == 0 else []
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(DROP) and shutil.which("setpriv") is None, reason="permissions bind root only by setpriv"),
]


COMMAND = ("-m", "corridor.cli.main")
NOWHERE = (  # as where not even the folder we stand in can be written
    "-c",
    "import tempfile; tempfile._candidate_tempdir_list = lambda: []; from corridor.cli.main import main; main()",
)


def run(
    words: list[str | Path], at: Path, start: tuple[str, str] = COMMAND, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Call the command of a copy of the installation, with nothing of this environment's that names a folder."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LC_ALL")}
    words = [*DROP, sys.executable, *start, *words]
    return subprocess.run(words, cwd=at, env={**kept, **variables}, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "temporary",
    [pytest.param(True, marks=pytest.mark.long, id="with a temporary folder"), pytest.param(False, id="without one")],
)
def test_a_run_and_its_briefing(tmp_path: Path, temporary: bool) -> None:
    installed, home, work = tmp_path / "installed", tmp_path / "home", tmp_path / "work"
    source = Path(corridor.__file__).parent
    shutil.copytree(source, installed / "corridor", ignore=shutil.ignore_patterns("__pycache__", "*.nb?"))
    for folder in (home, work, tmp_path / "temporary"):
        folder.mkdir()
    shut = [home, *installed.rglob("*"), installed, *([] if temporary else [tmp_path / "temporary"])]
    for path in shut:
        path.chmod(0o555 if path.is_dir() else 0o444)
    where = {
        "HOME": str(home),
        "TMPDIR": str(tmp_path / "temporary"),
        "TMP": str(tmp_path / "temporary"),
        "TEMP": str(tmp_path / "temporary"),
        "PYTHONPATH": str(installed),
    }
    probe = [*DROP, sys.executable, "-c", f"open({str(home / 'x')!r}, 'w')"]
    assert subprocess.run(probe, capture_output=True, check=False).returncode, "the home can be written after all"
    called = [
        run(["init", work / "case"], work, **where),
        run(["check", work / "case"], work, **where),
        run(
            ["run", work / "case", "--out", work / "run", "--replicates", "2"],
            work,
            COMMAND if temporary else NOWHERE,
            **where,
        ),
        run(["report", work / "run", "--quick"], work, **where),
        run(["score", work / "run"], work, **where),
        run(["deal", work / "case"], work, **where),
    ]
    for done in called[:5]:
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
    assert called[5].returncode in (0, 2, 3)
    assert "compiles anew" in called[2].stderr, "what it costs is said"
    assert (work / "run" / "report.html").exists()
    left = list((tmp_path / "temporary").iterdir())
    assert left == []
    for path in shut:
        path.chmod(0o755)
