"""What would help: each lever is what the same case gives when somebody writes the event into it, with the same luck."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corridor.forecast.findings import find
from corridor.forecast.levers import PAIRS, try_levers
from corridor.report.help import say_help
from corridor.results.drawn import draw_again
from corridor.results.in_memory import simulate_in_memory
from corridor.results.lanes import share_shut
from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.scenario import read_scenario
from corridor.simulate.ensemble import prepare
from corridor.words.writing import write
from worlds import at, place, write_world

MOMENT = at(20)


def make_run(folder: Path, *events: dict[str, Any], **changes: Any) -> Result:
    """Return a run of a town behind a checkpoint with lanes that change, buses short of seats, and little fuel."""
    blank = {"target": "", "to": "", "value": "", "mode": "", "chance": 1}
    tables = {
        "places": [place("town", attractiveness=""), place("gate", attractiveness=""), place("out", "outside", attractiveness=1)],
        "roads": [
            {"id": f"{a}-{b}", "from": a, "to": b, "length_km": 5, "lanes": 1, "speed_kmh": 40, "capacity_per_lane": 900}
            for a, b in (("town", "gate"), ("gate", "out"))
        ],
        "checkpoints": [{"id": "post", "place": "gate", "lanes": 1, "seconds_per_vehicle": "50..70", "wander": 0.2}],
        "groups": [
            {"id": "own", "name": "own", "transport": "own", "people_per_vehicle": 4, "fuel_litres": 8, "leave_rate": 0.1},
            {"id": "bus", "name": "bus", "transport": "fleet", "people_per_vehicle": "", "fuel_litres": 0, "leave_rate": 0.1},
        ],
        "people": [{"place": "town", "group": "own", "people": 30_000}, {"place": "town", "group": "bus", "people": 9000}],
        "fleets": [{"id": "buses", "place": "town", "groups": "bus", "vehicles": 4, "seats": 40, "return_hours": 5}],
        "fuel": [{"place": "town", "litres": 8000, "litres_per_hour": 0}],
        "events": [
            {**blank, "id": "lanes", "time": f"{at(30)}..{at(40)}", "kind": "lanes", "target": "post", "value": "1..3"},
            *({**blank, **event} for event in events),
        ],
    }  # fmt: skip
    return run(write_world(folder, 100, 60, **{**tables, **changes}), replicates=12, seed=5)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return make_run(tmp_path_factory.mktemp("levers") / "world")


@pytest.fixture(scope="module")
def found(plain: Result) -> dict[str, Any]:
    return try_levers(plain, datetime.fromisoformat(MOMENT), draw_again(plain))


def test_what_is_asked_for_up_to_a_time_is_simulated_no_further(plain: Result) -> None:
    """Up to the first record at or after it the course is that of the whole period; nothing is simulated beyond."""
    ensemble, numbers = prepare(plain.scenario, "", plain.manifest["seed"]), np.arange(4)
    until = datetime.fromisoformat(MOMENT) + timedelta(minutes=30)
    part = simulate_in_memory(plain.scenario, ensemble, numbers, until=until).take("inside")
    last = next(i for i, time in enumerate(plain.times) if time >= until)
    assert np.array_equal(part[:, : last + 1], plain.take("inside")[:4, : last + 1])
    assert not part[:, last + 1 :].any()


@pytest.mark.parametrize(
    ("kind", "row", "event"),
    [
        ("vehicles", "buses", {"id": "more", "time": MOMENT, "kind": "vehicles", "target": "buses", "value": 10}),
        ("fuel", "town", {"id": "more", "time": MOMENT, "kind": "fuel_stock", "target": "town", "value": 10_000}),
    ],
)
def test_a_lever_is_the_event_written_by_hand(
    plain: Result, found: dict[str, Any], tmp_path: Path, kind: str, row: str, event: dict[str, Any]
) -> None:
    """Tried together in one batch, each gives what it gives alone, replicate by replicate."""
    by_hand = make_run(tmp_path / "world", event)
    entry = next(e for e in found["levers"] if (e["kind"], e["row"]) == (kind, row))
    start = datetime.fromisoformat(MOMENT)
    assert found["until"] == [(start + timedelta(hours=h)).isoformat(timespec="minutes") for h in (24, 72)]
    for gains, text in zip(entry["gains"], found["until"], strict=True):
        gained = by_hand.at("arrivals", datetime.fromisoformat(text)) - plain.at(
            "arrivals", datetime.fromisoformat(text)
        )
        for name, q in (("q05", 0.05), ("q50", 0.5), ("q95", 0.95)):
            assert gains[name] == pytest.approx(np.quantile(gained, q))
    assert entry["clear"] is (kind == "fuel")  # here the post decides how many get out, and buses change little


def test_one_lane_more_stays_one_more_when_lanes_change(plain: Result, found: dict[str, Any], tmp_path: Path) -> None:
    """Two lanes from the moment on, and one more than planned after the change, which keeps its own hour and luck."""
    more = {"id": "extra", "time": MOMENT, "kind": "lanes", "target": "post", "value": 2}
    changed = {"id": "lanes", "time": f"{at(30)}..{at(40)}", "kind": "lanes", "target": "post", "value": "2..4"}
    blank = {"to": "", "mode": "", "chance": 1}
    by_hand = make_run(tmp_path / "world", events=[{**blank, **changed}, {**blank, **more}])
    entry = next(e for e in found["levers"] if e["kind"] == "lanes")
    for gains, text in zip(entry["gains"], found["until"], strict=True):
        gained = by_hand.at("arrivals", datetime.fromisoformat(text)) - plain.at(
            "arrivals", datetime.fromisoformat(text)
        )
        assert gains["q50"] == pytest.approx(np.median(gained), abs=1e-6)
    assert entry["clear"] is True


def test_a_way_that_is_still_shut_can_be_opened(tmp_path: Path) -> None:
    """Nobody offers another lane at a post without any; opening it is tried, and brings people out."""
    shut = [{"id": "post", "place": "gate", "lanes": 0, "seconds_per_vehicle": 60}]
    result = make_run(tmp_path / "world", checkpoints=shut)
    levers = try_levers(result, datetime.fromisoformat(MOMENT), draw_again(result))
    kinds = {entry["kind"] for entry in levers["levers"]}
    assert "opening" in kinds
    assert "lanes" not in kinds
    assert next(entry for entry in levers["levers"] if entry["kind"] == "opening")["clear"] is True
    said = [write(line[0]) for line in say_help(result, levers)]
    assert any(text.startswith("Opened today rather than when the scenario expects it (post): ") for text in said)


CHANGING = {"id": "post", "place": "gate", "seconds_per_vehicle": 60, "wander": 0.2, "shut_share": 0.5}


def test_where_lanes_change_unforeseen_a_lane_more_is_promised_until_they_do(tmp_path: Path) -> None:
    """What another lever is tried with is the lanes at work in each replicate, so that it moves nothing itself."""
    post = [{**CHANGING, "lanes": 2, "change_rate": 3, "change_lanes": "1..3", "opening_rate": 20}]
    result = make_run(tmp_path / "plain", checkpoints=post)
    levers = try_levers(result, datetime.fromisoformat(MOMENT), draw_again(result))
    assert {entry["kind"] for entry in levers["levers"]} == {"lanes_until", "vehicles", "fuel"}
    said = say_help(result, {**levers, "levers": [{**entry, "clear": True} for entry in levers["levers"]]})
    promised = "One more lane at work from today until its lanes next change (post): "
    assert any(write(line[0]).startswith(promised) for line in said)
    more = {"id": "more", "time": MOMENT, "kind": "vehicles", "target": "buses", "value": 10}
    by_hand = make_run(tmp_path / "world", more, checkpoints=post)
    entry = next(entry for entry in levers["levers"] if entry["kind"] == "vehicles")
    for gains, text in zip(entry["gains"], levers["until"], strict=True):
        when = datetime.fromisoformat(text)
        assert gains["q50"] == np.median(by_hand.at("arrivals", when) - result.at("arrivals", when))


def test_what_has_shut_unforeseen_is_told_and_can_be_opened(tmp_path: Path) -> None:
    """The share of runs in which no lane works is that of the runs, not of the table's lanes."""
    post = [{**CHANGING, "lanes": 2, "change_rate": 40, "change_lanes": 2, "opening_rate": 6}]
    fuel = [{"place": "town", "litres": 80_000, "litres_per_hour": 0}]
    result = make_run(tmp_path / "world", checkpoints=post, fuel=fuel)
    drawn, moment = draw_again(result), datetime.fromisoformat(MOMENT)
    shut = share_shut(drawn, "gate", moment)
    before, after = (result.at("passed_vehicles", moment + timedelta(hours=h), "post") for h in (0, 1))
    assert 0.5 < shut < 1.0
    assert (before == after).mean() == shut  # with a queue before it, nobody passes in the step where no lane works
    levers = try_levers(result, moment, drawn)
    entry = next(entry for entry in levers["levers"] if entry["kind"] == "opening_until")
    assert entry["mean"] > 0
    assert "Opened today until it next changes (post): " in write(
        say_help(result, {**levers, "levers": [entry | {"clear": True}]})[0][0]
    )


def test_at_the_end_nothing_can_be_tried(plain: Result) -> None:
    """The sentence says so; asked for quickly it says that nothing was measured; nothing is simulated twice."""
    end = plain.times[-1]
    levers = try_levers(plain, end, draw_again(plain))
    assert levers["levers"] == []
    assert "nothing can be tried any more" in write(say_help(plain, levers)[0][0])
    assert "Not measured" in write(say_help(plain, find(plain, MOMENT, quick=True).levers)[0][0])
    assert PAIRS >= 20


@pytest.mark.slow
def test_levers_are_kept_for_their_moment(short_case: Path, tmp_path: Path) -> None:
    """The same moment is not simulated again; another one is, and takes its place."""
    result = run(read_scenario(short_case), tmp_path / "run", replicates=4, seed=1)
    first, later = result.times[30], result.times[50]
    drawn = draw_again(result)
    document = try_levers(result, first, drawn)
    assert try_levers(result, first, drawn) == document
    assert try_levers(result, later, drawn)["moment"] == later.isoformat(timespec="minutes")
