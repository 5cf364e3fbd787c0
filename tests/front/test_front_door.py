"""The front door: what it names, what it loads, and that what it hands out shows itself without harm."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import corridor as co
from corridor.evidence.check import EvidenceReport
from corridor.evidence.grammar.text import Text
from corridor.evidence.suggest import Suggestion
from corridor.flee.run import FleeRun
from corridor.front.counts import Comparison
from corridor.front.evidence import Evidence, Reading
from corridor.front.nights import Night
from corridor.front.plans import Told
from corridor.front.runs import SeriesList
from corridor.results.result import Series
from corridor.scenario.count_table import CountTable
from corridor.sweep.design import DesignRow
from corridor.sweep.run import Swept
from corridor.sweep.simulate import Asked
from relief_world import guarded_world

SCRIPT = "<script>alert(1)</script>"
HEAVY = ("numpy", "numba", "scipy", "duckdb", "matplotlib", "highspy", "pandas", "xarray", "typer")


def say(program: str) -> str:
    """Return what a Python of its own prints."""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_calls_are_those_that_type_checkers_see() -> None:
    """The table CALLS and the imports for type checkers say the same."""
    tree = ast.parse(Path(str(co.__file__)).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    assert len(imports) == len(block.body)
    assert {alias.asname: node.module for node in imports for alias in node.names} == co.CALLS
    assert all(alias.name == alias.asname for node in imports for alias in node.names)


@pytest.mark.parametrize("name", sorted(co.CALLS))
def test_every_call_is_there_and_says_what_it_does(name: str) -> None:
    found = getattr(co, name)
    assert found is getattr(import_module(co.CALLS[name]), name)
    assert found.__doc__
    assert name in dir(co)


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(AttributeError, match=r"no attribute 'births'; there are read"):
        _ = co.births


def test_the_import_loads_nothing_heavy() -> None:
    assert say(f"import sys, corridor; print([name for name in {HEAVY!r} if name in sys.modules])") == "[]"


@pytest.mark.slow
def test_a_call_stays_the_call_when_a_room_of_its_name_is_loaded() -> None:
    """`corridor.deal` is a room and a call; the name stands for the call, before and after the room is loaded."""
    program = (
        "import corridor as co, sys\n"
        "import corridor.deal.answer, corridor.evidence.check\n"
        "assert 'corridor.deal' in sys.modules and 'corridor.evidence' in sys.modules\n"
        "from corridor.deal.parties import Deal\n"
        "print(co.deal.__module__, co.evidence.__module__, callable(co.deal))"
    )
    assert say(program) == "corridor.front.deals corridor.front.evidence True"


def show_evidence() -> list[Any]:
    """Return what evidence and checks hand out, with a script where a user's words go."""
    fault = co.Fault(SCRIPT, 1, SCRIPT, SCRIPT, SCRIPT, SCRIPT, SCRIPT)
    proposal: dict[str, object] = {"id": "a", "kind": "quantity", "text": SCRIPT}
    return [
        co.Check(SCRIPT, (fault,), None),
        Evidence(EvidenceReport(faults=(fault,))),
        Reading(Path("report.txt"), Text("report.txt", SCRIPT, ""), Suggestion(None, (), (proposal,))),
    ]


def show_case(folder: Path) -> list[Any]:
    """Return a case, its tables, a run, its series and a plan."""
    case = guarded_world(folder)
    places = tuple(replace(row, values={**row.values, "name": SCRIPT}) for row in case.tables["places"])
    case = case.replace("", settings={**case.settings, "title": SCRIPT}, tables={**case.tables, "places": places})
    run, plan = co.run(case, replicates=2), co.plan(case, days=2)
    convoys = tuple(replace(convoy, id=SCRIPT) for convoy in plan.convoys)
    series = Series("a", (SCRIPT,), SCRIPT, SCRIPT, ())
    counts = CountTable(({"series": SCRIPT, "claims": [SCRIPT]},))
    nothing: Any = None
    return [
        case,
        case.places,
        counts,
        run,
        co.Forecast(case, case.start, nothing, "", {}, run, np.zeros(2)),
        SeriesList((series,)),
        replace(plan, solved=replace(plan.solved, convoys=convoys)),
    ]


def show_answers() -> list[Any]:
    """Return a comparison, a deal, a board, a ledger, a run of Flee's rules, a sweep, a night and people in camps."""
    difference = {"measure": SCRIPT, "time": SCRIPT, "first": 1.0, "second": 2.0, "difference": 1.0, "q05": 0, "q95": 2}
    issue = {
        "title": SCRIPT,
        "where": {"verdict": SCRIPT, "interval_80": (0, 1), "too_far_apart": True},
        "who": [{"name": SCRIPT}],
        "whether": {"range": {"verdict": SCRIPT}},
    }
    nothing: Any = None
    flee: Any = SimpleNamespace(
        place_names=[SCRIPT], camps=np.array([0]), observed=np.zeros((1, 1)), name=SCRIPT, start="", days=1, notices=[]
    )
    people = np.ones((1, 1), dtype=np.int64)
    return [
        Comparison({"replicates": 1, "differ": [SCRIPT], "differences": [difference]}),
        co.Board(SCRIPT, ()),
        co.DealAnswer({"scenario": SCRIPT, "issues": [issue]}, nothing, ()),
        Told({}, lambda language: SCRIPT),
        FleeRun(flee, people[:, :, None], people, people),
        co.Sweep(Swept(nothing, [DesignRow(1, SCRIPT, "", "", None, {})], [], co.Sampling(), Asked(1), {})),
        Night(Path(SCRIPT), [{"case": SCRIPT, "state": "done", "changes": [], "refused": []}], []),
        co.forecast_camps([(SCRIPT, "2030-01-01", 5), (SCRIPT, "2030-01-09", 7)], "2030-01-10"),
    ]


@pytest.mark.slow
def test_what_is_shown_in_a_notebook_escapes_the_words_of_a_user(tmp_path: Path) -> None:
    """Everything that shows itself as HTML is tried with a script where a user's words go."""
    things = [*show_evidence(), *show_case(tmp_path / "world"), *show_answers()]
    source = Path(str(co.__file__)).parent.rglob("*.py")
    assert len(things) == sum(path.read_text(encoding="utf-8").count("def _repr_html_") for path in source)
    for thing in things:
        page = thing._repr_html_()
        assert "<script" not in page, type(thing)
        assert "&lt;script&gt;" in page, type(thing)
