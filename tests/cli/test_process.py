"""What only a process of its own can show: what `--help` loads, how a mistake ends, what Ctrl-C leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = [sys.executable, "-m", "corridor.cli.main"]
HEAVY = (
    "rich",
    "numpy",
    "numba",
    "scipy",
    "pandas",
    "matplotlib",
    "duckdb",
    "pyarrow",
    "highspy",
    "jinja2",
    "openpyxl",
)


def test_help_loads_no_numerical_library() -> None:
    """The commands and the front door stand ready without what they will need."""
    program = (
        "import sys, corridor as co; from corridor.cli.main import app\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        f"sys.exit(' '.join(n for n in {HEAVY} if n in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "deal" in done.stdout


@pytest.mark.slow
def test_a_mistake_ends_the_process_with_its_code_and_in_words(tmp_path: Path) -> None:
    """What main() decides is what the shell sees."""
    done = subprocess.run([*COMMAND, "score", "nowhere"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nowhere" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.slow
def test_ctrl_c_ends_a_run_with_130_and_says_how_to_take_it_up(small_folder: Path, tmp_path: Path) -> None:
    """A run too long to wait for is interrupted once it stands in its folder."""
    words = ["run", str(small_folder), "--replicates", "1000000", "--out", str(tmp_path / "run")]
    process = subprocess.Popen(
        [*COMMAND, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # what runs behind a shell ignores Ctrl-C
    )
    try:
        for _ in range(3000):
            if list((tmp_path / "run").rglob("part-*.parquet")) or process.poll() is not None:
                break
            time.sleep(0.1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    finally:
        process.kill()
        process.communicate()  # closes its pipes
    assert process.returncode == 130, said
    assert "takes it up" in said
    assert "Traceback" not in said
