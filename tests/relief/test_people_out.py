"""Empty buses in, people out: plans for fleets of purpose both (rule 38)."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

import corridor as co
from corridor.relief.from_scenario import read_problem
from corridor.relief.plan import make_plan
from corridor.relief.problem import Weights
from corridor.relief.waiting import Waiting
from corridor.scenario.scenario import Scenario
from relief_world import relief_world, road
from worlds import START, place

from .both_worlds import both_world
from .drivable import check_feasible

PERIODS = (6.0, 3.0, 4.0)
MANY = int(os.environ.get("CORRIDOR_WORLDS", "8"))  # worlds of the slow test; 60 were tried


def bus_world(folder: Path, buses: int = 1, **more: Any) -> Scenario:
    """Write 200 people who all want a seat at once, 2 h from the depot, and food for all of them there.

    A bus has 40 seats, is unloaded in 1 h and back 1 h after it has set people down: a trip takes (4 + 1 + 1) x 1.25 h.
    """
    tables: dict[str, Any] = {
        "places": [place("town"), place("depot", "outside", attractiveness=1)],
        "roads": [road("r", "town", "depot", 60, 30)],
        "checkpoints": [],
        "groups": [{"id": "g", "name": "All", "transport": "fleet", "leave_rate": 10}],
        "people": [{"place": "town", "group": "g", "people": 200}],
        "stocks": [{"place": "town", "item": "food", "quantity": 9000}],
        "depots": [{"id": "store", "place": "depot", "item": "food"}],
        "fleets": [
            {"id": "buses", "place": "depot", "purpose": "both", "groups": "g", "transport": "bus", "vehicles": buses,
             "seats": 40, "tonnes": 1, "handling_hours": 1, "return_hours": 1, "fuel_per_100km": 0}
        ],
    }  # fmt: skip
    return relief_world(folder, 48, **{**tables, **more})


def test_a_bus_that_goes_in_empty_takes_forty_people_out_every_nine_hours(tmp_path: Path) -> None:
    """In periods of 3 h a trip takes three: it boards after 3, 12 and 21 h, and 40 x (21 + 12 + 3) hours are saved."""
    plan = co.plan(bus_world(tmp_path / "w"), 1.0, period_hours=3.0)
    assert [convoy.people_out for convoy in plan.convoys] == [40, 40, 40]
    assert not any(convoy.loads for convoy in plan.convoys)
    solved = plan.solved
    saved = (solved.unaided.hours_waited - solved.carried.hours_waited).sum()
    assert saved == pytest.approx(40 * (21 + 12 + 3))
    worth = next(worth for worth in plan.worths if worth.kind == "trucks")
    # two buses take 80 at 3 and at 12 h and the last 40 at 21 h
    assert worth.replanned
    assert worth.people_out == pytest.approx(80)
    assert worth.hours_saved == pytest.approx(80 * 21 + 80 * 12 + 40 * 3 - saved)
    said = "is worth 1,320 hours of waiting for a seat, with 80 more people taken out, over 1 days."
    assert f"One more truck in fleet buses {said}" in plan.says
    assert check_feasible(solved) == []
    two = co.plan(bus_world(tmp_path / "two", buses=2), 1.0, period_hours=3.0)
    assert two.solved.people_out == 200


@pytest.mark.slow
def test_planning_anew_tells_who_is_taken_out_too(tmp_path: Path) -> None:
    planned = co.plan(bus_world(tmp_path / "w"), 2.0, period_hours=3.0)
    alone, told = planned.roll(), planned.roll_courses(1)
    out = alone.numbers["out"]
    assert out["once"]["people_out"] == planned.solved.people_out == 200
    assert out["rolling"]["people_out"] == 200
    assert out["nothing"]["people_out"] == 0
    assert out["once"]["hours_waited"] < out["nothing"]["hours_waited"]
    assert "200 taken out by convoys" in str(alone)
    assert told.numbers["ways"]["once"]["people_out"] == 200
    assert "people taken out" in str(told)


def test_one_more_shared_slot_lets_the_bus_go_beside_the_lorry(tmp_path: Path) -> None:
    """30,000 without food, one convoy a day: the lorry goes. With a second one 40 leave at 3 h: 840 hours of 24."""
    lorry = {"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": 1, "tonnes": 10, "handling_hours": 1}
    buses = {"id": "buses", "place": "depot", "purpose": "both", "groups": "g", "vehicles": 1, "seats": 40, "tonnes": 0,
             "handling_hours": 1, "return_hours": 1, "fuel_per_100km": 0}  # fmt: skip
    stayers = {"id": "s", "name": "Stayers", "transport": "own", "leave_rate": 0}
    case = bus_world(
        tmp_path / "w",
        fleets=[lorry | {"fuel_per_100km": 0}, buses],
        groups=[{"id": "g", "name": "All", "transport": "fleet", "leave_rate": 10}, stayers],
        people=[{"place": "town", "group": "g", "people": 200}, {"place": "town", "group": "s", "people": 30_000}],
        slots=[{"id": "slot", "road": "r", "convoys_per_day": 1, "direction": "in", "first_hour": 0, "last_hour": 3}],
        stocks=[{"place": "town", "item": "food", "quantity": 0}],
    )
    plan = co.plan(case, 1.0, period_hours=3.0)
    assert [convoy.fleet for convoy in plan.convoys] == ["lorries"]
    worth = next(worth for worth in plan.worths if worth.kind == "slots")
    assert worth.replanned
    assert worth.people_out == 40
    assert worth.hours_saved == pytest.approx(840)


def least_hours(problem: Any, queues: dict[str, float], trips: dict[str, tuple[int, int]], seats: int) -> float:
    """Return the fewest hours waited of all ways to drive one bus: `trips` have the periods it is busy and to boarding."""
    best = np.inf
    for choice in product((None, *trips), repeat=problem.periods):
        free, left, hours = 0, dict(queues), 0.0
        boards = []
        for t, to in enumerate(choice):
            if to is not None:
                if t < free or t + max(trips[to][1], 1) >= problem.periods:  # there before the last period begins
                    break
                free = t + trips[to][0]
                boards.append((t + trips[to][1], to))
        else:
            for t in range(problem.periods):
                for when, to in boards:
                    if when == t:
                        left[to] = max(left[to] - seats, 0.0)
                hours += sum(left.values()) * problem.period_hours
            best = min(best, hours)
    return best


@pytest.mark.parametrize("seed", range(6))
def test_no_other_order_of_trips_leaves_fewer_hours_of_waiting(tmp_path: Path, seed: int) -> None:
    """One bus and two places at 1 and 2 h; every order of trips is tried by arithmetic that knows no programme."""
    draw = np.random.default_rng(seed)
    case = bus_world(
        tmp_path / "w",
        places=[place("near"), place("far"), place("depot", "outside", attractiveness=1)],
        roads=[road("n", "near", "depot", 30, 30), road("f", "far", "depot", 60, 30)],
        people=[{"place": name, "group": "g", "people": 500} for name in ("near", "far")],
        stocks=[{"place": name, "item": "food", "quantity": 90_000} for name in ("near", "far")],
    )
    problem = read_problem(case, "", START, 0.875, 3.0).problem
    queues = {name: float(draw.integers(10, 200)) for name in ("near", "far")}
    shape = (problem.periods, len(problem.places), 1)
    start = np.array([[queues.get(name, 0.0)] for name in problem.places])
    nobody, all_stay = np.zeros(shape), np.ones(shape)
    waiting = Waiting(("g",), {"buses": (0,)}, start, nobody, all_stay, all_stay > 0, nobody)
    problem = replace(problem, waiting=waiting)
    plan = make_plan(problem, Weights(waiting=1.0, truck_trip=0.0, lateness=0.0, cost=0.0), whole=True)
    # busy (2 x 1 + 1 + 1) x 1.25 = 5 h and (4 + 1 + 1) x 1.25 = 7.5 h: two periods and three; unloaded after 2 and 3 h
    trips = {"near": (2, 0), "far": (3, 1)}
    assert plan.shares["waiting"] == pytest.approx(least_hours(problem, queues, trips, 40))


def keep_promise(folder: Path, seed: int, near: float = 0.03, days: float = 50.0) -> None:
    """Plan where people wait, and compare with what is simulated who is taken out, who waited and who goes without.

    Of 63 worlds 60 are as near as the two of the fast test; in the others a load of people more or less finds a seat.
    """
    plan = co.plan(both_world(folder / "world", seed), 4.0, period_hours=PERIODS[seed % 3])
    assert check_feasible(plan.solved) == []
    tried = plan.attempt(3).numbers
    assert tried["people_out_promised"] == pytest.approx(tried["people_out"]["median"], rel=near, abs=15)
    saved = tried["hours_waited_saved"]["median"]
    assert tried["hours_waited_saved_promised"] == pytest.approx(saved, rel=near, abs=500)
    (food,) = tried["items"]
    assert food["person_days_promised"] == pytest.approx(food["person_days_with"]["median"], rel=0.02, abs=days)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 2])
def test_a_plan_takes_out_whom_the_simulation_takes_out(tmp_path: Path, seed: int) -> None:
    keep_promise(tmp_path, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3, 3 + MANY))
def test_a_plan_takes_out_whom_the_simulation_takes_out_in_many_worlds(tmp_path: Path, seed: int) -> None:
    keep_promise(tmp_path, seed, 0.08, 150.0)


@pytest.mark.slow
def test_the_papers_of_a_plan_tell_of_people_out(tmp_path: Path) -> None:
    plan = co.plan(bus_world(tmp_path / "w"), 1.0, period_hours=3.0)
    plan.write(tmp_path / "plan", "fr")
    document = json.loads(json.dumps(plan.numbers, allow_nan=False))
    (row,) = document["people_out"]
    assert (row["taken out"], row["wait at the end"], row["wait at the end, nothing sent"]) == (120, 80, 200)
    assert "120 people who wait for a seat are taken out by 3 consignments" in str(plan)
    assert "environ 40 personnes qui attendent à town" in (tmp_path / "plan" / "orders.html").read_text("utf-8")
    assert "40 personnes à sortir" in (tmp_path / "plan" / "timetable.html").read_text("utf-8")
    sheet = (tmp_path / "plan" / "who-what-where.csv").read_text("utf-8-sig").splitlines()
    assert sum("people_out" in line and ",40," in line for line in sheet) == 3
    assert "people out" in openpyxl.load_workbook(tmp_path / "plan" / "plan.xlsx").sheetnames
    again = co.read_convoys(tmp_path / "w", tmp_path / "plan" / "plan.xlsx")
    assert [row["trucks"] for row in again.rows] == ["1", "1", "1"]
