"""Have the compiler do its work: `python tests/compile.py simulate` or `flee`. What it makes is kept beside the source.

Tests run in several processes, which share what was compiled through files: each would compile everything if nobody had before.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from command import call

ROOMS = ("simulate", "flee")


def compile_all() -> None:
    """Compile each room in a process of its own, all at once."""
    for process in [subprocess.Popen([sys.executable, __file__, room]) for room in ROOMS]:
        if process.wait():
            message = "what the tests need could not be compiled"
            raise RuntimeError(message)


def compile_room(room: str) -> None:
    """Run the smallest case of a room."""
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder)
        if room == "flee":
            from flee.folders import make_folder

            words = ("flee", "run", make_folder(at / "case", days=2), "--replicates", "1")
        else:
            call("init", at / "case")
            words = ("run", at / "case", "--replicates", "1", "--out", at / "run")
        done = call(*words)
    if done.code:
        sys.exit(done.stderr)


if __name__ == "__main__":
    compile_room(sys.argv[1])
