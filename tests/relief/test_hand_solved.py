"""Worlds small enough to solve on paper: 60 km at 30 km/h from a depot, 60,000 people who need 30 t of food a day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import corridor as co
from corridor.scenario.scenario import Scenario
from relief_world import road
from worlds import START, at, place, write_world

from .drivable import check_feasible


def one_road(folder: Path, **more: Any) -> Scenario:
    """Write a town of 60,000 without food, a depot without end, one truck of 10 t. A trip takes (4 + 4) x 1.25 = 10 h."""
    tables: dict[str, Any] = {
        "places": [place("town"), place("depot", "outside", attractiveness=1)],
        "roads": [road("r", "town", "depot", 60, 30)],
        "groups": [
            {"id": "g", "name": "All", "transport": "own", "people_per_vehicle": 4, "fuel_litres": 0, "leave_rate": 0}
        ],
        "people": [{"place": "town", "group": "g", "people": 60_000}],
        "items": [{"id": "food", "name": "Food", "tonnes_per_unit": 0.001}],
        "needs": [{"item": "food", "per_day": 0.5}],
        "stocks": [{"place": "town", "item": "food", "quantity": 0}],
        "depots": [{"id": "d", "place": "depot", "item": "food"}],
        "fleets": [
            {"id": "f", "place": "depot", "purpose": "goods", "vehicles": 1, "tonnes": 10, "handling_hours": 4}
        ],
    }  # fmt: skip
    return write_world(folder, 168, **{**tables, **more})


def without(plan: Any) -> dict[str, float]:
    """Return person-days without of each item, as the plan says."""
    found: dict[str, float] = {}
    for share in plan.shares:
        found[share.item] = found.get(share.item, 0.0) + share.person_days_without
    return found


def test_a_trip_of_ten_hours_fits_a_grid_of_two_and_not_one_of_six(tmp_path: Path) -> None:
    """At 6 h a trip takes 12: 14 trips, the last of use for 7.5 t; at 2 h it takes 10 and 17 loads are of use in time."""
    case = one_road(tmp_path / "w")
    coarse, fine = (co.plan(case, 7.0, period_hours=hours) for hours in (6.0, 2.0))
    assert without(coarse)["food"] == pytest.approx(145_000, abs=1)
    assert without(fine)["food"] == pytest.approx(85_000, abs=1)
    assert fine.solved.whole
    assert check_feasible(fine.solved) == []


def test_a_second_truck_is_worth_what_planning_with_two_gives(tmp_path: Path) -> None:
    """At 6 h one truck leaves 145,000 person-days unmet and two leave 15,000: those of the first six hours."""
    one = co.plan(one_road(tmp_path / "w"), 7.0, period_hours=6.0)
    worth = next(worth for worth in one.worths if worth.kind == "trucks")
    assert worth.person_days["food"] == pytest.approx(130_000, abs=10)
    assert worth.replanned
    assert "One more truck in fleet f is worth 130,000 person-days of food over 7 days." in one.says
    two = [{"id": "f", "place": "depot", "purpose": "goods", "vehicles": 2, "tonnes": 10, "handling_hours": 4}]
    assert without(co.plan(one_road(tmp_path / "two", fleets=two), 7.0, period_hours=6.0))["food"] == pytest.approx(
        15_000, abs=10
    )


@pytest.mark.slow
def test_where_no_period_is_asked_trips_fit_into_it_and_the_plan_says_so(tmp_path: Path) -> None:
    plan = co.plan(one_road(tmp_path / "w"), 7.0)
    assert plan.solved.problem.period_hours == 2.0
    assert plan.says[-1].startswith("Periods of 2 h: the shortest round trip (f, depot to town) takes 10 h")
    asked = co.plan(one_road(tmp_path / "asked"), 7.0, period_hours=6.0)
    assert not any(sentence.startswith("Periods of") for sentence in asked.says)


def test_of_a_clearance_for_two_trucks_no_third_makes_use(tmp_path: Path) -> None:
    case = one_road(
        tmp_path / "w",
        roads=[road("r", "town", "depot", 60, 30, needs_clearance="yes")],
        clearances=[{"id": "c", "fleet": "f", "road": "r", "from": at(0), "until": at(168), "trucks": 2}],
    )
    for method in (co.PlanMethod(), co.PlanMethod(whole=False), co.PlanMethod(in_order=True)):
        plan = co.plan(case, 7.0, period_hours=6.0, method=method)
        assert sum(convoy.trucks for convoy in plan.convoys) == 2
        assert without(plan)["food"] == pytest.approx(380_000, abs=10)


def test_of_a_depot_of_five_tonnes_five_are_brought(tmp_path: Path) -> None:
    case = one_road(tmp_path / "w", depots=[{"id": "d", "place": "depot", "item": "food", "quantity": 5000}])
    plan = co.plan(case, 7.0, period_hours=6.0)
    assert sum(convoy.loads["food"] for convoy in plan.convoys) == pytest.approx(5.0)
    assert "5 t more of food at depot is worth 10,000 person-days of food over 7 days." in plan.says
    assert without(plan)["food"] == pytest.approx(410_000, abs=1)


@pytest.mark.slow
def test_power_of_no_weight_is_planned_for_since_water_hangs_on_it(tmp_path: Path) -> None:
    """Water is pumped as it is needed, with power alone; what the plan says of it is what a run shows."""
    items = [
        {"id": "power", "name": "Power", "unit": "kWh", "tonnes_per_unit": 0.0003, "weight": 0},
        {"id": "water", "name": "Water", "unit": "l", "depends_on": "power", "dependence": 1},
        {"id": "food", "name": "Food"},
    ]
    case = one_road(
        tmp_path / "w",
        items=items,
        needs=[{"item": i, "per_day": need} for i, need in (("food", 0.5), ("water", 15), ("power", 0.1))],
        stocks=[
            {"place": "town", "item": item, "quantity": 0, "made_per_day": made}
            for item, made in (("food", 0), ("water", 900_000), ("power", 0))
        ],
        depots=[{"id": item, "place": "depot", "item": item} for item in ("food", "power")],
        fleets=[
            {"id": "f", "place": "depot", "purpose": "goods", "vehicles": 3, "tonnes": 10, "handling_hours": 4}
        ],
    )  # fmt: skip
    plan = co.plan(case, 7.0)
    assert sum(convoy.loads.get("power", 0.0) for convoy in plan.convoys) == pytest.approx(7 * 1.8, rel=0.05)
    tried = {row["item"]: row["person_days_with"]["median"] for row in plan.attempt(1).numbers["items"]}
    for item, days in without(plan).items():
        assert days == pytest.approx(tried[item], rel=0.02), item
    assert without(plan)["water"] < 20_000
    ledger = {row["item"]: row for row in co.ledger(case, 4.0).numbers["ledger"]}
    assert ledger["water"]["days of cover"] == "never"
    assert ledger["water"]["t/day to hold"] == 0


def two_roads(folder: Path) -> Scenario:
    """Write two towns of 8,000 and 6,000 at 60 and 90 km, three trucks of 8 t and 200 l of diesel for their way."""
    items = [
        {"id": "food", "name": "Food", "is_fuel": "no", "life_saving": "yes", "weight": 1},
        {"id": "diesel", "name": "Diesel", "unit": "l", "tonnes_per_unit": 0.00084, "is_fuel": "yes",
         "life_saving": "no", "weight": 0},
    ]  # fmt: skip
    return one_road(
        folder,
        places=[place("a"), place("b"), place("depot", "outside", attractiveness=1)],
        roads=[road("ra", "a", "depot", 60, 30), road("rb", "b", "depot", 90, 30)],
        people=[{"place": name, "group": "g", "people": heads} for name, heads in (("a", 8000), ("b", 6000))],
        items=items,
        needs=[{"item": "food", "per_day": 0.5}, {"item": "diesel", "per_day": 0}],
        stocks=[{"place": p, "item": i, "quantity": 0} for p in ("a", "b") for i in ("food", "diesel")],
        depots=[
            {"id": "d", "place": "depot", "item": "food"},
            {"id": "dd", "place": "depot", "item": "diesel", "quantity": 200},
        ],
        fleets=[
            {"id": "f", "place": "depot", "purpose": "goods", "vehicles": 3, "tonnes": 8, "handling_hours": 4,
             "fuel_per_100km": 30}
        ],
    )  # fmt: skip


def test_two_roads_in_fractions_and_the_whole_trucks_that_are_printed(tmp_path: Path) -> None:
    """In fractions 497,777.78 person-hours go without; whole, 200 l are four trips to a and one to b at most: 35 t."""
    case = two_roads(tmp_path / "w")
    plan = co.plan(case, 7.0, period_hours=6.0, method=co.PlanMethod(whole=False))
    solved = plan.solved
    people = solved.problem.people[:, solved.formulation.pairs[:, 0]]
    assert float((solved.short * people).sum()) * 6.0 == pytest.approx(497_777.78, abs=0.01)
    assert check_feasible(solved) == []
    assert solved.problem.start == START
    assert without(plan)["food"] == pytest.approx(28_000, rel=0.02)
