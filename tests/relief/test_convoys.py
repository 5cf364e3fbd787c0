"""Convoys as they are printed: whole kilograms that suffice, fuel that is waited for, what may still drive."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from corridor.relief.carry import carry_out
from corridor.relief.convoys import Convoy
from corridor.relief.plan import make_plan
from corridor.relief.problem import Clearance, Fleet, Item, ReliefProblem, Weights
from corridor.relief.rolling import foresee_rest

from .drivable import check_feasible
from .examples import START, make_problem, make_road

BURNED = 2 * 83.3 * 0.0002  # tonnes of fuel for a round trip of the second fleet


def two_bases(fuel: float = 1.0) -> ReliefProblem:
    """Return a town that lorries serve from a second base, whose fuel others bring from the first: 8 periods of 6 h."""
    periods, places = 8, ["first", "second", "town"]
    people = np.zeros((periods, 3))
    people[:, 2] = 4000.0
    need, stock = np.zeros((3, 2)), np.zeros((3, 2))
    need[2, 0] = 0.001
    stock[1, 0], stock[0, 1] = 40.0, fuel
    fleets = [
        Fleet("tankers", "first", 1.0, 5.0, litres_per_km=0.2, handling_hours=0.5),
        Fleet("lorries", "second", 1.0, 4.0, litres_per_km=0.2, handling_hours=0.5),
    ]
    roads = [
        make_road("pass", "first", "second", 2.0, periods, 60.0),
        make_road("valley", "second", "town", 2.0, periods, 83.3),
    ]
    items = [Item("food"), Item("diesel", life_saving=False, weight=0.0, tonnes_per_unit=0.001)]
    return make_problem(
        places,
        items,
        people,
        need,
        fleets,
        roads,
        6.0,
        stock=stock,
        unlimited=np.zeros((3, 2), dtype=bool),
        fuel="diesel",
    )


def leave(hours: float, trucks: int = 1, **loads: float) -> Convoy:
    """Return a convoy of lorries to the town."""
    departs = START + timedelta(hours=hours)
    return Convoy(
        "c", "lorries", "second", "town", departs, departs + timedelta(hours=2), trucks, loads, "", ("valley",)
    )


def test_a_base_is_brought_the_fuel_that_its_trucks_burn() -> None:
    plan = make_plan(two_bases())
    brought = sum(convoy.loads["diesel"] for convoy in plan.convoys if convoy.to == "second")
    trips = sum(convoy.trucks for convoy in plan.convoys if convoy.fleet == "lorries")
    assert trips > 0
    assert (trips * BURNED * 1000) % 1 > 0.01  # no whole kilograms
    assert trips * BURNED <= brought < trips * BURNED + 0.002
    assert plan.carried.left_behind == 0
    assert check_feasible(plan) == []


def test_no_more_fuel_is_loaded_than_there_is() -> None:
    burned = 2 * 60.0 * 0.0002 + 2 * BURNED
    assert not [said for said in check_feasible(make_plan(two_bases(burned))) if "first" in said]


@pytest.mark.parametrize(("fuel", "left_behind"), [(BURNED - 0.001, 1), (BURNED, 0)])
def test_a_convoy_waits_for_the_fuel_of_a_depot_that_says_what_it_has(fuel: float, left_behind: int) -> None:
    problem = two_bases()
    problem.stock[1, 1] = np.nan
    problem.supply[0, 1, 1] = fuel
    assert carry_out(problem, [leave(0, food=4.0)]).left_behind == left_behind


def test_the_rest_of_a_plan_may_be_late_and_not_without_permission() -> None:
    problem = two_bases()
    problem.stock[1, 1] = 1.0
    away = np.zeros((problem.periods, 2))
    away[0, 1] = 1.0
    late = foresee_rest(replace(problem, away=away), [leave(0, food=4.0)], Weights())
    assert late is not None
    np.testing.assert_array_equal(late.short, carry_out(problem, [leave(6, food=4.0)]).short)
    guarded = tuple(replace(road, needs_clearance=road.id == "valley") for road in problem.roads)
    for trucks, allowed in ((1.0, True), (0.0, False)):
        cleared = replace(problem, roads=guarded, clearances=(Clearance("c", "*", "valley", 0, 8, trucks),))
        assert (foresee_rest(cleared, [leave(0, food=4.0)], Weights()) is not None) is allowed
