"""Levers: what is listed can be moved as it is listed, and what moves the answers most comes first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import corridor as co
from corridor.forecast import effects
from corridor.front.levers import shift

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def live(short_case: Path) -> co.Live:
    return co.open_live(short_case, seed=4)


def write_edits(numbers: list[dict[str, Any]], factor: float) -> dict[str, Any]:
    """Return edits that move every number by a factor, within what its column allows."""
    edits: dict[str, Any] = {}
    for lever in numbers:
        column = lever["row"].partition("@")[0] if lever["table"] == "parameters" else lever["column"]
        text = shift(lever["table"], column, lever["text"], factor)
        edits.setdefault(lever["verb"], {}).setdefault(lever["table"], {}).setdefault(lever["row"], {})[
            lever["column"]
        ] = text
    return edits


@pytest.mark.slow
@pytest.mark.parametrize("case", ["short_case", "worked_case"])
def test_every_lever_says_what_stands_in_the_case(case: str, request: pytest.FixtureRequest) -> None:
    folder = request.getfixturevalue(case)
    levers = co.open_live(folder).list_levers()
    json.dumps(levers, allow_nan=False)
    before, same = co.read(folder), co.read(folder, edits=write_edits(levers["numbers"], 1.0))
    for table, rows in before.tables.items():
        if table != "parameters":
            assert [row.values for row in same.tables[table]] == [row.values for row in rows]
    parameters = [
        {row["name"]: row["value"] for row in one.rows("parameters", one.choose_set(None))} for one in (before, same)
    ]
    assert parameters[0].items() <= parameters[1].items()
    assert len({lever["id"] for lever in levers["numbers"]}) == len(levers["numbers"])


def test_every_lever_can_be_moved(live: co.Live, short_case: Path) -> None:
    numbers = [n for n in live.list_levers()["numbers"] if n["column"] not in ("first_hour", "last_hour", "step")]
    found = co.check(short_case, edits=write_edits(numbers, 1.02))
    assert not found.errors, found


def test_events_can_be_moved_and_switched_off(live: co.Live, short_case: Path) -> None:
    events = {event["id"]: event for event in live.list_levers()["events"]}
    opening = events["opening"]
    moved = shift("events", "time", opening["time"], offset=6)
    edits = {"change": {"events": {opening["row"]: {"time": moved}}}, "remove": {"events": [events["truce"]["row"]]}}
    case = co.read(short_case, edits=edits)
    assert {row["id"] for row in case.tables["events"]} == events.keys() - {"truce"}
    assert next(row for row in case.tables["events"] if row["id"] == "opening")["time"].write() == moved
    assert {kind["kind"] for kind in live.list_levers()["kinds"]} >= {event["kind"] for event in events.values()}


@pytest.mark.slow
def test_what_moves_the_answers_most_comes_first(
    live: co.Live, short_case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "LARGEST", 3)
    monkeypatch.setattr(effects, "ENSEMBLE", 16)
    assert live.list_levers()["measured"] is False
    stopped = live.measure_levers(lambda: True)
    assert list(stopped) == []
    for done, _ in enumerate(live.measure_levers()):
        if done == 2:
            assert next(live.answer({}, (2,)))["replicates"] == 2  # a what-if comes between
    told = live.list_levers()
    assert told["measured"]
    sizes = [abs(lever["effect"] or 0) for lever in told["numbers"]]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 0
    run = co.run(co.read(short_case), replicates=16, seed=4)
    alone = {e["name"]: e["effect"] for e in effects.measure_effects(run.scenario, seed=4)["numbers"]}
    assert {lever["id"]: lever["effect"] for lever in told["numbers"] if lever["effect"] is not None} == {
        name: effect for name, effect in alone.items() if name in {lever["id"] for lever in told["numbers"]}
    }
