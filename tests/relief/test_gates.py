"""Convoys that come to a road when no clearance or slot lets them in are held there, carried out as in a run."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import corridor as co
from corridor.relief.carry import carry_out
from corridor.relief.convoys import Convoy
from corridor.relief.problem import ReliefProblem
from corridor.relief.routes import quickest_way
from relief_world import road
from worlds import at, place

from .plan_worlds import plan_world
from .test_hand_solved import one_road, without

MANY = int(os.environ.get("CORRIDOR_WORLDS", "4"))  # worlds of the slow test; 60 were tried


def guarded(draw: np.random.Generator) -> dict[str, Any]:
    """Return permissions that few convoys fit into: by hours, by number, some only for part of the time."""
    first = int(draw.integers(0, 12))
    slots = [
        {"id": "slot", "road": "bridge-depot", "convoys_per_day": float(draw.choice([0.5, 1, 2])), "direction": "in",
         "first_hour": first, "last_hour": first + int(draw.integers(2, 12)),
         "until": at(float(draw.choice([50, 400])))},
    ]  # fmt: skip
    clearances = [
        {"id": "a", "road": "bridge-depot", "from": at(float(draw.integers(0, 30))), "trucks": int(draw.integers(1, 9)),
         "until": at(float(draw.integers(31, 100))), "fleet": "lorries"},
        {"id": "b", "road": "bridge-depot", "from": at(float(draw.integers(20, 60))), "trucks": int(draw.integers(1, 9)),
         "until": at(400), "fleet": ""},
        {"id": "c", "road": "bridge-depot", "from": at(float(draw.integers(0, 70))), "until": at(float(draw.integers(71, 90))),
         "fleet": str(draw.choice(["", "lorries"])), "status": "refused"},
    ]  # fmt: skip
    return {"slots": slots, "clearances": clearances}


def draw_convoys(draw: np.random.Generator, problem: ReliefProblem) -> tuple[Convoy, ...]:
    """Return convoys that leave whenever they like, some of several rows that drive together."""
    fleet = next(fleet for fleet in problem.fleets if fleet.id == "lorries")
    towns = [place for place in problem.places if place.startswith("town")]
    convoys = []
    for number in range(int(draw.integers(3, 14))):
        departs = problem.start + timedelta(hours=float(draw.integers(0, 80 * 4)) / 4.0)
        for town in draw.permutation(towns)[: int(draw.integers(1, 3))]:
            way = quickest_way(problem.roads, "depot", town, (), fleet)
            trucks, roads = int(draw.integers(1, fleet.trucks + 1)), tuple(problem.roads[leg.road].id for leg in way)
            loads = {"food": float(draw.integers(1, 10 * trucks)), "fuel": 0.3}
            ids = (f"plan_{number:03d}_{town}", fleet.id, "depot", str(town))
            convoys.append(Convoy(*ids, departs, departs, trucks, loads, "", roads))
    return tuple(convoys)


def hold_promise(folder: Path, seed: int) -> int:
    """Carry out drawn convoys, compare person-days without with what is simulated, and return how many were held."""
    draw = np.random.default_rng([seed, 7])
    case = plan_world(folder / "world", seed, **guarded(draw))
    plan = co.plan(case, 4.0, period_hours=6.0, method=co.PlanMethod(whole=False))
    convoys = draw_convoys(draw, plan.solved.problem)
    carried = carry_out(plan.solved.problem, convoys)
    mine = replace(plan, solved=replace(plan.solved, convoys=convoys, carried=carried))
    tried = {row["item"]: row for row in mine.attempt(1).numbers["items"]}
    for item, said in without(mine).items():
        assert said == pytest.approx(tried[item]["person_days_with"]["median"], rel=0.02, abs=50.0), item
    k = plan.solved.problem.index_of("food")
    assert carried.delivered[:, k].sum() == pytest.approx(tried["food"]["brought_tonnes"]["median"], rel=0.02)
    return carried.held


@pytest.mark.slow
def test_who_is_held_in_the_simulation_is_held_when_carried_out(tmp_path: Path) -> None:
    """Whole days' slots and clearances for a few trucks, and convoys that ask for more than there are."""
    assert sum(hold_promise(tmp_path / str(seed), seed) for seed in range(MANY)) > 0


def test_a_third_truck_waits_where_two_are_cleared(tmp_path: Path) -> None:
    """By hand: two trucks are let through; the third, sent all the same, stands before the road to the end."""
    case = one_road(
        tmp_path / "w",
        roads=[road("r", "town", "depot", 60, 30, needs_clearance="yes")],
        clearances=[{"id": "c", "fleet": "f", "road": "r", "from": at(0), "until": at(168), "trucks": 2}],
    )
    plan = co.plan(case, 7.0, period_hours=6.0)
    first = plan.convoys[0]
    hours = (0, 24, 48)
    three = tuple(
        replace(first, id=f"plan_{n:03d}_town", departs=plan.solved.problem.time_of(0) + timedelta(hours=h))
        for n, h in enumerate(hours)
    )
    carried = carry_out(plan.solved.problem, three)
    assert carried.held == 1
    assert carried.delivered.sum() == pytest.approx(20.0)
    told = replace(plan, solved=replace(plan.solved, convoys=three, carried=carried)).says
    assert "1 consignment comes to a road when no clearance or slot lets it in, and waits there." in told


def test_a_convoy_refused_its_clearance_brings_its_load_back(tmp_path: Path) -> None:
    """By hand: refused an hour's drive from the depot, it is back after two, and its ten tonnes and truck go a day later."""
    case = one_road(
        tmp_path / "w",
        places=[place("town"), place("post"), place("depot", "outside", attractiveness=1)],
        roads=[road("inner", "town", "post", 30, 30, needs_clearance="yes"), road("outer", "post", "depot", 30, 30)],
        depots=[{"id": "d", "place": "depot", "item": "food", "quantity": 10_000}],
        clearances=[
            {"id": "no", "road": "inner", "from": at(0), "until": at(24), "status": "refused"},
            {"id": "yes", "road": "inner", "from": at(24), "until": at(168)},
        ],
    )
    plan = co.plan(case, 7.0, period_hours=6.0)
    assert plan.solved.carried.turned_back == 0  # a plan sends nobody to be refused
    problem, first = plan.solved.problem, plan.convoys[0]
    two = tuple(
        replace(
            first, id=f"plan_{n:03d}_town", departs=problem.start + timedelta(hours=h), trucks=1, loads={"food": 10.0}
        )
        for n, h in enumerate((0, 24))
    )
    carried = carry_out(problem, two)
    assert (carried.turned_back, carried.held) == (1, 0)
    assert carried.delivered.sum() == pytest.approx(10.0)
    mine = replace(plan, solved=replace(plan.solved, convoys=two, carried=carried))
    tried = mine.attempt(1).numbers["items"][0]
    assert tried["brought_tonnes"]["median"] == pytest.approx(10.0)
    assert without(mine)["food"] == pytest.approx(tried["person_days_with"]["median"], rel=0.001)
    assert "1 consignment is refused its clearance at a road and turns back with its load." in mine.says


def test_a_clearance_that_ends_before_the_road_is_reached_is_of_no_use(tmp_path: Path) -> None:
    """It takes an hour to the guarded road: where the clearance ends after half an hour, or one, nothing is sent."""
    way = {
        "places": [place("town"), place("post"), place("depot", "outside", attractiveness=1)],
        "roads": [road("inner", "town", "post", 30, 30, needs_clearance="yes"), road("outer", "post", "depot", 30, 30)],
    }
    for ends, sent in ((0.5, 0), (1.0, 0), (1.5, 1)):
        given = [{"id": "c", "fleet": "f", "road": "inner", "from": at(0), "until": at(ends)}]
        plan = co.plan(one_road(tmp_path / str(ends), clearances=given, **way), 2.0, period_hours=6.0)
        assert len(plan.convoys) == sent
        assert plan.solved.carried.held == 0
