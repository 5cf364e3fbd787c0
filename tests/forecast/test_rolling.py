"""Planning anew each day: what is handed over from one day's plan to the next, and what that is good for."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rolling_worlds import DAYS, rolling_world

import corridor as co
from corridor.forecast.course import Course, roll_in_simulation
from corridor.forecast.found import find_short
from corridor.forecast.moment import Moment
from corridor.forecast.replay import Replay
from corridor.forecast.standing import read_standing
from corridor.relief.from_scenario import read_problem
from corridor.relief.plan import make_plan
from corridor.relief.rolling import roll_plan
from corridor.relief.standing import stand_at
from corridor.relief.weigh import weigh_short
from corridor.simulate.ensemble import prepare
from relief_world import convoy, guarded_world, relief_world
from worlds import START, at, place, write_world


def roll_and_compare(folder: Path, number: int) -> list[float]:
    """Return what goes unmet, weighted, when a generated world is planned anew each day and when it is planned once."""
    case = rolling_world(folder, number)
    once = co.plan(case, DAYS).solved
    replay = Replay(prepare(case, case.choose_set(None)), np.array([0]))
    course = Course(replay, case, once.problem.start, once.weights.recovery)
    rolled = roll_plan(once, course.follow)
    alone = replay.simulate(course.send(once.convoys))
    short = find_short(once.problem, once.problem.periods, alone, replay.ensemble.model.clock)
    return [weigh_short(once.problem, once.weights, found) for found in (rolled.short, short)]


def two_roads(folder: Path) -> Any:
    """Return two towns of which one is near, and 200 l of diesel: four trips to the near one and one to the other."""
    return write_world(
        folder, 168, 30,
        places=[place("a"), place("b"), place("depot", "outside", attractiveness=1)],
        roads=[{"id": "ra", "from": "a", "to": "depot", "length_km": 60, "lanes": 1, "speed_kmh": 30},
               {"id": "rb", "from": "b", "to": "depot", "length_km": 90, "lanes": 1, "speed_kmh": 30}],
        groups=[{"id": "g", "name": "Families", "transport": "own", "people_per_vehicle": 4, "fuel_litres": 0, "leave_rate": 0}],
        people=[{"place": "a", "group": "g", "people": 8000}, {"place": "b", "group": "g", "people": 6000}],
        items=[{"id": "food", "name": "Food"},
               {"id": "diesel", "name": "Diesel", "unit": "l", "tonnes_per_unit": 0.00084, "is_fuel": "yes", "life_saving": "no", "weight": 0}],
        needs=[{"item": "food", "per_day": 0.5}, {"item": "diesel", "per_day": 0}],
        stocks=[{"place": p, "item": i, "quantity": 0} for p in "ab" for i in ("food", "diesel")],
        depots=[{"id": "d", "place": "depot", "item": "food", "quantity": ""}, {"id": "dd", "place": "depot", "item": "diesel", "quantity": 200}],
        fleets=[{"id": "f", "place": "depot", "purpose": "goods", "vehicles": 3, "tonnes": 8, "handling_hours": 4, "fuel_per_100km": 30}],
    )  # fmt: skip


@pytest.mark.slow
def test_the_fuel_of_a_depot_outside_is_handed_over(tmp_path: Path) -> None:
    case = two_roads(tmp_path / "world")
    rolled = roll_in_simulation(case, prepare(case, ""), co.plan(case, 7).solved, 0)
    food = {name: rows[-1] for name, rows in rolled["courses"].items()}
    assert food["rolling"]["brought_tonnes"] >= food["once"]["brought_tonnes"] >= 32
    assert food["rolling"]["person_days_at_places"] <= food["once"]["person_days_at_places"] + 1e-6


@pytest.mark.slow
def test_no_day_of_a_rolling_plan_sends_a_truck_more_than_is_cleared(tmp_path: Path) -> None:
    clearances = [
        {"id": "two", "road": "town-bridge", "from": at(0), "until": at(144), "trucks": 2, "fleet": "lorries"}
    ]
    case = guarded_world(
        tmp_path / "world", clearances=clearances, slots=[{"id": "s", "road": "bridge-depot", "convoys_per_day": 9}]
    )
    once = make_plan(read_problem(case, "", START, 6, 6.0).problem)
    course = Course(Replay(prepare(case, ""), np.array([0])), case, START, 1.0)
    days: list[int] = []

    def follow(problem: Any, convoys: Any, periods: int) -> Any:
        days.append(sum(moved.trucks for moved in course.convoys) + sum(moved.trucks for moved in convoys))
        assert sum(clearance.trucks for clearance in problem.clearances) + days[0] >= days[-1]
        return course.follow(problem, convoys, periods)

    roll_plan(once, follow)
    assert days == [2] * 6


def test_what_is_under_way_is_neither_lost_nor_counted_twice(tmp_path: Path) -> None:
    # three trucks of 2 t; the way takes 2 h to the town and 3 h to the village, handling 4 h
    convoys = [convoy("a", 0, loads="food=4"), convoy("b", 22, loads="food=2", trucks=1, to="village")]
    fleets = [{"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": 3, "tonnes": 2}]
    depots = [{"id": "d", "place": "depot", "item": "food", "quantity": 50_000, "from": at(9)},
              {"id": "e", "place": "depot", "item": "food", "quantity": 1_000, "from": at(50)}]  # fmt: skip
    slots = [{"id": "slot", "road": "bridge-depot", "convoys_per_day": 2, "first_hour": 0, "last_hour": 24}]
    case = relief_world(tmp_path / "world", convoys=convoys, fleets=fleets, depots=depots, slots=slots, checkpoints=[])
    for hour in (24.0, 26.0):
        moment = START + timedelta(hours=hour)
        problem = read_problem(case, "", moment, 2, 6.0).problem
        _, state, record = Replay(prepare(case, ""), np.array([0])).simulate_until(case, moment)
        standing = read_standing(Moment(problem, state, hour, hour), problem.without)
        town, village, depot = (problem.places.index(name) for name in ("town", "village", "depot"))
        # the first depot opened at 9 h and was filled, the second opens at 50 h; b found 2 t there
        assert standing.stock[depot, 0] == pytest.approx(48)
        assert problem.supply[:, depot].sum() - standing.opened[:, depot].sum() == pytest.approx(1)
        index = round(hour / 0.25)
        assert standing.stock[town, 0] == pytest.approx(record.take("stock", "town", "food")[0, index] / 1000)
        under_way = record.take("on_the_way", "food")[0, index] / 1000
        assert standing.coming.sum() == pytest.approx(under_way)
        assert standing.coming[1 if hour == 24 else 0, village, 0] == pytest.approx(2 if hour < 25 else 0)
        # home 2 x 3 h + 4 h after 22 h; the plan reckons a quarter more for what is left of it
        assert standing.away[:, 0].tolist() == [1] * 2 + [0] * (problem.periods - 2)
        assert standing.today["slot"] == 2


@pytest.mark.slow
@pytest.mark.parametrize("number", [*(pytest.param(n, marks=pytest.mark.long) for n in (14, 32)), 48, 56])
def test_with_limited_goods_and_no_chance_planning_anew_is_no_worse(tmp_path: Path, number: int) -> None:
    rolling, once = roll_and_compare(tmp_path / "world", number)
    assert rolling <= once * (1 + 1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(int(os.environ.get("CORRIDOR_ROLLING_WORLDS", "1"))))
def test_planning_anew_is_no_worse_in_many_worlds(tmp_path: Path, number: int) -> None:
    rolling, once = roll_and_compare(tmp_path / "world", number)
    assert rolling <= once * (1 + 1e-9)


def test_what_has_been_used_is_taken_off_once(tmp_path: Path) -> None:
    clearances = [
        {"id": "two", "road": "town-bridge", "from": at(0), "until": at(144), "trucks": 9, "fleet": "lorries"}
    ]
    case = guarded_world(tmp_path / "world", clearances=clearances, convoys=[convoy("a", 23), convoy("b", 42)])
    problem = read_problem(case, "", START + timedelta(hours=24), 2, 6.0).problem
    _, state, _ = Replay(prepare(case, ""), np.array([0])).simulate_until(case, problem.start)
    standing = read_standing(Moment(problem, state, 24, 24), problem.without)
    one = stand_at(problem, standing)
    twice = stand_at(one, standing)
    assert one.clearances[0].trucks < 9
    assert one.clearances == twice.clearances
    np.testing.assert_array_equal(one.supply, twice.supply)
    for first, second in zip(one.limits, twice.limits, strict=True):
        np.testing.assert_array_equal(first.most, second.most)
