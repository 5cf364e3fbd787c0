"""Worlds with plants that are changed in the midst, or whose replicates are copied: they go on as from the beginning."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conserve.test_works_kept import HOURS, worlds_with_works
from corridor.results.in_memory import keep_record
from corridor.results.live import LiveCase
from corridor.simulate.cloning import overwrite
from corridor.simulate.compile import compile_model
from corridor.simulate.ensemble import prepare
from corridor.simulate.luck import plain_luck
from corridor.simulate.snapshots import find_difference
from relief_world import relief_world
from watched import require_same
from worlds import at, simulate

REPLICATES = 3
LINE = {"id": "line", "name": "Line", "place": "town", "makes": "power", "most_per_day": "500..4000",
        "uses": "diesel=0.1", "serves": "town village", "working": "0.5..1", "priority": 2}  # fmt: skip
CUT = {"id": "cut", "time": at(9), "kind": "plant", "target": "line", "value": "0..0.5"}


def add_line(tables: dict[str, Any]) -> dict[str, Any]:
    """Return the tables with a line that an event cuts at the ninth hour."""
    needs = [row for row in tables["needs"] if row["item"] != "power"] + [{"item": "power", "per_day": 1}]
    return {**tables, "plants": [*tables["plants"], LINE], "events": [*tables["events"], CUT], "needs": needs}


@pytest.mark.slow
@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
@given(worlds_with_works(), st.sampled_from(["later", "smaller", "added", "gone", "more"]))
def test_what_is_changed_goes_on_from_a_kept_state_as_from_the_start(tables: dict[str, Any], what: str) -> None:
    document: dict[str, Any] = {
        "later": {"change": {"events": {"cut": {"time": at(14)}}}},
        "smaller": {"change": {"events": {"cut": {"value": "0.1"}}}},
        "added": {"add": {"events": {"mended": {"time": at(16), "kind": "plant", "target": "line", "value": "1"}}}},
        "gone": {"remove": {"events": ["cut"]}},
        "more": {"change": {"plants": {"line": {"most_per_day": "9000"}}}},
    }[what]
    with tempfile.TemporaryDirectory() as folder:
        case = relief_world(Path(folder) / "world", HOURS, **add_line(tables), step_minutes=60)
        edited = case.edit(document)
        live, ensemble = LiveCase(case, "", 4), prepare(edited, "", 4)
        whole = keep_record(edited, ensemble, ensemble.simulate(np.arange(REPLICATES)))
        differs = find_difference(live.base.model, ensemble.model)
        assert differs is not None
        assert (differs.step > 0) == (what != "more")
        for _ in range(2):  # the second time from a state kept by the first
            (pair,) = live.answer(document, (REPLICATES,), lambda: False)
            require_same(pair.edited, whole, REPLICATES)


@pytest.mark.parametrize("step", [3, 12])
def test_a_copied_replicate_goes_the_way_of_its_parent(tmp_path: Path, step: int) -> None:
    """Replicates overwritten with a copy of another, and given its luck, have the same books from then on."""
    tables = {
        "items": [
            {"id": "diesel", "name": "Diesel", "for_leaving": "yes"},
            {"id": "power", "name": "Power", "kept": "no"},
        ],
        "needs": [{"item": "power", "per_day": "0.5..2"}],
        "stocks": [{"place": name, "item": "diesel", "quantity": "100..3000"} for name in ("town", "village")],
        "plants": [LINE],
        "facilities": [
            {"id": "ward", "name": "Ward", "place": "village", "item": "power", "per_day": "9..900", "people": "1..9"}
        ],
        "events": [CUT],
        "groups": [{"id": "drivers", "name": "Drivers", "transport": "own", "people_per_vehicle": 1,
                    "fuel_litres": 2, "leave_rate": 0.02}],
    }  # fmt: skip
    model = compile_model(relief_world(tmp_path / "world", HOURS, **tables, step_minutes=60), "")
    parents, rows = np.array([0, 0, 2, 2]), np.array([1, 3])

    def watch(state: Any, now: int) -> None:
        if now == step:
            overwrite(state, rows, parents[rows], plain_luck(1, parents))

    record, alone = simulate(model, 4, watch=watch), simulate(model, 4)
    np.testing.assert_array_equal(record.measures[rows, -1], alone.measures[parents[rows], -1])
    np.testing.assert_array_equal(record.measures[[0, 2]], alone.measures[[0, 2]])
    assert (record.measures[1, -1] != alone.measures[1, -1]).any()
