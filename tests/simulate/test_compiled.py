"""What was compiled is kept, shared between processes, and never outlives the sources it was made from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import corridor
from corridor.simulate.compile import compile_model
from corridor.simulate.kernel import move
from corridor.simulate.measuring import measure_links
from worlds import corridor_world, simulate

CALLED = "from corridor.chance.compiled import inlined\n@inlined\ndef twice(x):\n    return 2 * x\n"
CALLS = "from rules.called import twice\nfrom corridor.chance.compiled import compiled\n@compiled\ndef answer(x):\n    return twice(x) + 1\n"
PROGRAM = """
from rules.calls import answer
print(answer(3), sum(answer.stats.cache_hits.values()))
"""


@pytest.fixture
def rules(tmp_path):
    """Return a package in which a compiled function calls one of another module."""
    package = tmp_path / "rules"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "called.py").write_text(CALLED)
    (package / "calls.py").write_text(CALLS)
    return package


def ask(package: Path, **more: str) -> tuple[int, int, str]:
    """Call the compiled function in a new process; return its answer, how often it was found compiled, stderr."""
    source = Path(corridor.__file__).parent.parent
    env = {**os.environ, "PYTHONPATH": f"{package.parent}{os.pathsep}{source}", "PYTHONDONTWRITEBYTECODE": "1", **more}
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
    answer, hits = done.stdout.split()
    return int(answer), int(hits), done.stderr


@pytest.mark.slow
def test_a_change_of_a_called_module_is_seen_and_processes_share(rules, tmp_path):
    told = {"NUMBA_CACHE_DIR": str(tmp_path / "kept")}
    assert ask(rules, **told) == (7, 0, "")
    assert ask(rules, **told) == (7, 1, "")
    (rules / "called.py").write_text(CALLED.replace("2 * x", "5 * x"))
    assert ask(rules, **told) == (16, 0, "")
    assert ask(rules, **told) == (16, 1, "")
    names = [file.name for file in (tmp_path / "kept").rglob("*.nb?") if file.name.startswith("calls.answer")]
    assert len(names) == 2  # an index and what it names; what was compiled from the old source is gone


@pytest.mark.slow
def test_where_nothing_can_be_written_it_is_said_once_and_works(rules):
    (rules / "__pycache__").write_text("no folder")
    (rules.parent / "home").write_text("no folder")
    nowhere = {"NUMBA_CACHE_DIR": "", "HOME": str(rules.parent / "home"), "XDG_CACHE_HOME": str(rules.parent / "home")}
    answer, _, said = ask(rules, **nowhere)
    assert answer == 7
    assert said.count("compiles anew") == 1


def test_nothing_is_compiled_anew_for_another_number_of_replicates(tmp_path):
    """An array of one row fits either layout; were another kept, one and several replicates would be two programs."""
    model = compile_model(corridor_world(tmp_path, 3, people=50), "")
    for replicates in (1, 3):
        simulate(model, replicates)
    assert [len(function.signatures) for function in (move, measure_links)] == [1, 1]
