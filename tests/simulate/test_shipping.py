"""Goods by services, both ways, against arithmetic done by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import corridor as co
from corridor.scenario.scenario import Scenario
from corridor.simulate.compile import compile_model
from corridor.simulate.record import Record
from relief_world import relief_world
from worlds import at, measure, place, series, simulate

STEPS = 4  # in an hour
HOURS, TURN, A_DAY = 6.0, 2.0, 3.0


def ship(**more: Any) -> dict[str, Any]:
    """Return a ship that takes people from the town to the depot, and goods both ways."""
    row = {"id": "ship", "transport": "boat", "from": "town", "to": "depot", "seats": 100, "hours": HOURS}
    return {**row, "departures_per_day": A_DAY, "turn_round_hours": TURN, "tonnes": 2, "tonnes_back": 5, **more}


def goods(name: str, tonnes: float, hour: float = 0, **more: Any) -> dict[str, Any]:
    """Return food that comes in by the ship."""
    row = {"id": name, "service": "ship", "loads": f"food={tonnes}", "from": "depot", "to": "town"}
    return {**row, "departs": at(hour), **more}


def shipped_world(folder: Path, **more: Any) -> Scenario:
    tables: dict[str, Any] = {"services": [ship()], "depots": [{"id": "store", "place": "depot", "item": "food"}]}
    return relief_world(folder, **{"hours": 72, **tables, **more})


def play(folder: Path, **more: Any) -> Record:
    return simulate(compile_model(shipped_world(folder / "world", **more), ""), 1)


def count_back(hour: float) -> int:
    """Return how many ships have come back by an hour: departures at 4, 12, 20 h, back after 14 h."""
    return max(0, int((hour - 24 / A_DAY / 2 - 2 * HOURS - TURN) // (24 / A_DAY)) + 1)


def test_a_ship_brings_its_tonnes_each_time_it_comes_back(tmp_path: Path) -> None:
    brought = measure(play(tmp_path, convoys=[goods("food", 1000)]), "delivered:town:food")[0]
    for hour in np.arange(0.5, 72, 8):
        sure = min(abs(hour - 18 - 8 * k) for k in range(10)) > 0.5
        if sure:
            assert brought[int(hour * STEPS)] == pytest.approx(5000 * count_back(hour)), hour
    assert brought[-1] == 5000 * count_back(71.9) == 35_000


def test_first_come_first_served_and_in_pieces(tmp_path: Path) -> None:
    rows = [goods("first", 7, 0), goods("second", 7, 1, loads="food=5")]
    record = play(tmp_path, convoys=rows)
    brought = measure(record, "delivered:town:food")[0]
    assert sorted({round(value) for value in brought}) == [0, 5000, 10_000, 12_000]


def test_goods_go_out_beside_the_passengers(tmp_path: Path) -> None:
    stocks = [{"place": name, "item": "food", "quantity": 90_000} for name in ("town", "village")]
    rows = [goods("out", 100, **{"from": "town", "to": "depot"})]
    record = play(tmp_path, convoys=rows, stocks=stocks, depots=[])
    brought = measure(record, "brought_in:food")[0]
    assert brought[int(9 * STEPS)] == 0.0
    assert brought[int(11 * STEPS)] == pytest.approx(2000)
    assert brought[-1] == pytest.approx(2000 * 8)  # departures at 4, 12, .. 60 h are there by 66 h


def test_people_and_goods_travel_on_one_ship(tmp_path: Path) -> None:
    groups = [{"id": "drivers", "name": "Without a car", "transport": "boat", "leave_rate": 9}]
    places = [place("town"), place("village"), place("bridge"), place("city", "outside", attractiveness=1),
              place("depot", "outside", attractiveness=1)]  # fmt: skip
    record = play(tmp_path, convoys=[goods("food", 1000)], groups=groups, heads=5000, places=places)
    inside = series(record, "inside")[0]
    assert inside[0] - inside[-1] == 100 * 9  # departures at 4, 12, .. 68 h
    assert measure(record, "delivered:town:food")[0, -1] == 35_000


@pytest.mark.parametrize(("kind", "value", "share"), [("seats", 50, 0.5), ("seats", 0, 0.0), ("departures", 0, 0.0)])
def test_events_change_what_a_service_brings(tmp_path: Path, kind: str, value: float, share: float) -> None:
    events = [{"id": "less", "time": at(0), "kind": kind, "target": "ship", "value": value}]
    brought = measure(play(tmp_path, convoys=[goods("food", 1000)], events=events), "delivered:town:food")[0, -1]
    assert brought == pytest.approx(35_000 * share)


def test_a_ship_waits_where_it_is_while_its_way_is_shut(tmp_path: Path) -> None:
    events = [
        {"id": "shut", "time": at(13), "kind": "direction", "target": "bridge-depot", "mode": "shut"},
        {"id": "open", "time": at(40), "kind": "direction", "target": "bridge-depot", "mode": "normal"},
    ]
    record = play(tmp_path, convoys=[goods("food", 1000)], events=events, services=[ship(road="bridge-depot")])
    brought = measure(record, "delivered:town:food")[0]
    assert brought[int(39 * STEPS)] == 5000  # what set out at 12 h, from a departure at 4 h
    assert brought[int(47 * STEPS)] == 10_000  # the one of 12 h has waited; none left between 13 and 40 h


def test_without_stock_less_is_loaded_and_goods_are_kept(tmp_path: Path) -> None:
    depots = [{"id": "store", "place": "depot", "item": "food", "quantity": 8000}]
    record = play(tmp_path, convoys=[goods("food", 1000)], depots=depots)
    loaded, way, brought = (measure(record, f"{name}:food")[0] for name in ("loaded", "on_the_way", "brought_in"))
    assert loaded[-1] == 8000 == brought[-1]
    assert np.allclose(loaded, way + brought)


@pytest.mark.slow
@pytest.mark.parametrize("period", [2.0, 6.0])
def test_a_plan_by_services_says_what_the_run_shows(tmp_path: Path, period: float) -> None:
    """Everything comes in by the ship: departures with tonnes, in both programme and run."""
    case = shipped_world(tmp_path / "world", fleets=[], convoys=[], hours=120, services=[ship(tonnes_back=0.6)])
    plan = co.plan(case, 5.0, period_hours=period)
    assert plan.convoys
    assert {one.fleet for one in plan.convoys} == {"service:ship:back"}
    said = sum(share.person_days_without for share in plan.shares)
    shown = plan.attempt(1).numbers["items"][0]["person_days_with"]["median"]
    assert said == pytest.approx(shown, rel=0.02)
    assert said < 0.9 * sum(share.person_days_unaided for share in plan.shares)


def test_one_more_departure_is_worth_its_goods_and_its_seats(tmp_path: Path) -> None:
    """Six days of one departure more: goods of what comes back in time, seats of each; in both measures, in one sentence."""
    case = shipped_world(tmp_path / "world", fleets=[], convoys=[], hours=144, services=[ship(tonnes_back=0.1)])
    plan = co.plan(case, 6.0, period_hours=6.0)
    worth = next(one for one in plan.worths if one.id == "service:ship:back")
    assert worth.people_out == 100 * 6
    assert 0 < worth.person_days["food"] <= 6 * 100  # 0.1 t are 100 person-days
    assert worth.person_days["food"] % 100 == pytest.approx(0, abs=1)
    said = [sentence for sentence in plan.says if sentence.startswith("One more departure a day of ship is worth")]
    assert "and has seats for 600 people out over 6 days." in said[0]


@pytest.mark.slow
def test_an_edited_sheet_keeps_what_goes_by_a_service(tmp_path: Path) -> None:
    case = shipped_world(tmp_path / "world", fleets=[], convoys=[], hours=120, services=[ship(tonnes_back=0.6)])
    plan = co.plan(case, 5.0, period_hours=6.0)
    plan.write(tmp_path / "plan")
    back = co.read_convoys(tmp_path / "world", tmp_path / "plan" / "plan.xlsx")
    assert len(back.rows) == len(plan.convoys)
    assert {(row["fleet"], row["service"], row["trucks"]) for row in back.rows} == {("", "ship", "")}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_plans_by_services_keep_their_promise_in_generated_worlds(tmp_path: Path, seed: int) -> None:
    """Timetables, ways, events and a fleet beside drawn at random: person-days without as planned and as simulated."""
    luck = np.random.default_rng(seed)
    one = ship(
        tonnes_back=float(luck.choice([0.3, 0.6, 1.1])),
        departures_per_day=int(luck.choice([1, 2, 3, 6])),
        hours=int(luck.choice([2, 5, 9])),
        first_hour=int(luck.choice([0, 6])),
        last_hour=int(luck.choice([18, 24])),
    )
    event = {"id": "less", "time": at(30), "kind": "departures", "target": "ship", "value": 1}
    lorries = {"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": 2, "tonnes": 0.2}
    events, fleets = ([event], [lorries]) if seed % 2 else ([], [])
    case = shipped_world(tmp_path / "world", fleets=fleets, convoys=[], hours=120, services=[one], events=events)
    plan = co.plan(case, 5.0, period_hours=float(luck.choice([2.0, 3.0, 6.0])))
    said = sum(share.person_days_without for share in plan.shares)
    shown = plan.attempt(1).numbers["items"][0]["person_days_with"]["median"]
    assert said == pytest.approx(shown, rel=0.02)
