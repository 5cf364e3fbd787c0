"""Small whole cases, each of another kind: they check clean, keep everybody, are scored and reported."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import corridor as co
from command import call
from conserve.test_conservation import check_state
from corridor.simulate.compile import compile_model
from worlds import simulate

CASES = {
    "island": ("ferry", "flight"),
    "four-exits": (
        "north_border",
        "north_border/foot",
        "east_border",
        "east_border/foot",
        "south_path/foot",
        "river_boat",
    ),
    "siege": ("line-hall", "line-hall/foot", "line-north"),
    "camps": ("valley-east", "valley-east/foot", "river-south", "river-south/foot", "hills-east/foot"),
}  # by case, the last ways that people take


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_case_is_clean_runs_is_scored_and_reported(name: str, tmp_path: Path) -> None:
    """Every command ends well, nobody is lost, and people take every way out that is there for them."""
    case, run = Path(__file__).parent / name, tmp_path / "run"
    assert list(co.check(case).faults) == []
    done = call("run", str(case), "--out", str(run), "--replicates", "12")
    assert done.code == 0, done.stderr
    assert "people lost or invented: 0" in done.stdout
    assert call("score", str(run)).code == 0
    assert call("report", str(run), "--quick").code == 0
    kept = co.open_run(run)
    arrived = np.asarray(kept["arrivals"])[:, -1]
    assert (arrived > 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.long if n == "camps" else ()) for n in CASES])
def test_every_way_out_of_a_case_is_taken(name: str) -> None:
    """Each of the ways out carries people in some replicate, and queues agree with what is recorded at every step."""
    model = compile_model(co.read(Path(__file__).parent / name), "")
    record = simulate(model, 4, watch=check_state)
    used = {
        c.labels[0]: record.counts[:, :, i].max() for i, c in enumerate(record.columns.counts) if c.series == "on_road"
    }
    assert {way for way, people in used.items() if people} >= set(CASES[name])
