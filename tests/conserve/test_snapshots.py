"""Generated worlds changed in the midst: what goes on from a kept state is what is simulated from the beginning."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from conserve.generate import HOURS, MANY, worlds
from corridor.results.in_memory import keep_record
from corridor.results.live import LiveCase
from corridor.scenario.faults import FaultsError
from corridor.scenario.shifting import shift_time
from corridor.simulate.ensemble import prepare
from corridor.simulate.snapshots import find_difference
from watched import require_same
from worlds import at, write_world

REPLICATES = 3


@st.composite
def edits(draw: Any) -> dict[str, Any]:
    """Return what is done to a world: events moved, resized, removed or added, how soon people decide."""
    return {
        "move": draw(st.sampled_from([0, 0, 3, -2, 7.5])),
        "chance": draw(st.sampled_from([None, None, 0.3])),
        "remove": draw(st.booleans()),
        "add": draw(st.sampled_from([None, 2, 9, HOURS - 1])),
        "rate": draw(st.sampled_from([None, "0.2..1"])),
        "effect": draw(st.sampled_from([None, "0.5..2"])),
    }


def write_edits(chosen: dict[str, Any], tables: dict[str, Any]) -> dict[str, Any]:
    """Return the document of what is done to a world with these tables."""
    rows = tables.get("events", [])
    document: dict[str, Any] = {"change": {"events": {}, "groups": {}, "parameters": {}}, "add": {"events": {}}}
    if rows and chosen["move"]:
        text = shift_time(rows[0]["time"], chosen["move"])
        document["change"]["events"][rows[0]["id"]] = {"time": text}
    if rows and chosen["chance"]:
        document["change"]["events"].setdefault(rows[-1]["id"], {})["chance"] = chosen["chance"]
    if len(rows) > 1 and chosen["remove"]:
        document["remove"] = {"events": [rows[1]["id"]]}
    if chosen["add"] is not None:
        new = {"time": at(chosen["add"]), "kind": "direction", "target": tables["roads"][0]["id"], "mode": "shut"}
        document["add"]["events"]["added"] = new
    if chosen["rate"]:
        document["change"]["groups"][tables["groups"][0]["id"]] = {"leave_rate": chosen["rate"]}
    if chosen["effect"]:
        document["change"]["parameters"]["effect_gone"] = {"value": chosen["effect"]}
    return document


def compare_world(world: tuple[int, dict[str, Any]], chosen: dict[str, Any]) -> None:
    """Assert that a changed world goes the same way from wherever it is begun."""
    step, tables = world
    with tempfile.TemporaryDirectory() as folder:
        document = write_edits(chosen, tables)
        try:  # a generated network may leave a place without a way out, a change may as well
            case = write_world(Path(folder), HOURS, step, 60, {"departure_wander": 0.3}, **tables)
            edited = case.edit(document)
        except FaultsError:
            event("refused")
            return
        live = LiveCase(case, "", 4)
        ensemble = prepare(edited, "", 4)
        whole = keep_record(edited, ensemble, ensemble.simulate(np.arange(REPLICATES)))
        differs = find_difference(live.base.model, ensemble.model)
        event("no difference" if differs is None else f"late {bool(differs.late)}, later {differs.step > 0}")
        for _ in range(2):  # the second time from a state kept by the first
            (pair,) = live.answer(document, (REPLICATES,), lambda: False)
            require_same(pair.edited, whole, REPLICATES)


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(worlds(), edits())
def test_changed_worlds_go_on_from_where_they_differ(world: Any, chosen: dict[str, Any]) -> None:
    compare_world(world, chosen)


@pytest.mark.slow
@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(worlds(), edits())
def test_many_changed_worlds_go_on_from_where_they_differ(world: Any, chosen: dict[str, Any]) -> None:
    compare_world(world, chosen)
