"""A plan carried out in the simulation, and what a plan takes from events and from a run."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corridor.cli.plan import write_scenario
from corridor.forecast.expected import begin_from_run, expect_people
from corridor.forecast.trials import roll_in_simulation, try_plan, with_plan
from corridor.relief.from_scenario import read_problem
from corridor.relief.plan import Plan, make_plan
from corridor.relief.problem import Weights
from corridor.relief.rolling import scale_people
from corridor.results.run import run
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.simulate.batch import simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.luck import plain_luck
from relief_world import convoy, relief_world, road
from worlds import START, at


def guarded_world(folder: Path, **more: Any) -> Scenario:
    """Return a world with all that limits convoys and nothing uncertain."""
    tables: dict[str, Any] = {
        "stocks": [{"place": p, "item": "food", "quantity": 1500} for p in ("town", "village")],
        "depots": [{"id": "store", "place": "depot", "item": "food"}],
        "fleets": [
            {"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": 3, "tonnes": 2, "convoy_trucks": 2}
        ],
        "roads": [
            road("village-town", "village", "town", 30, 30),
            road("town-bridge", "town", "bridge", 30, 30, needs_clearance="yes"),
            road("bridge-depot", "bridge", "depot", 30, 30),
            road("depot-city", "depot", "city", 30, 30),
        ],
        "clearances": [{"id": "given", "road": "town-bridge", "from": at(6), "until": at(200), "trucks": 9}],
        "slots": [{"id": "slot", "road": "bridge-depot", "convoys_per_day": 1, "first_hour": 6, "last_hour": 18}],
    }
    return relief_world(folder, 144, **{**tables, **more})


def plan_for(scenario: Scenario, days: float = 6) -> Plan:
    """Return the plan from the start, in periods of six hours."""
    return make_plan(read_problem(scenario, "", START, days, 6.0).problem)


def test_a_plan_delivers_what_it_says_when_nothing_goes_wrong(tmp_path: Path) -> None:
    scenario = guarded_world(tmp_path / "world")
    plan = plan_for(scenario)
    planned = sum(convoy.loads["food"] for convoy in plan.convoys)
    assert planned > 5
    trial = try_plan(scenario, "", plan, replicates=2)
    (food,) = trial["items"]
    assert food["brought_tonnes"]["q05"] == pytest.approx(planned, abs=0.001 * len(plan.convoys))
    assert food["brought_tonnes"]["q95"] == food["brought_tonnes"]["q05"]
    pairs, people = plan.formulation.pairs, plan.problem.people
    expected = float((plan.short * people[:, pairs[:, 0]]).sum() * 6 / 24)
    # the plan uses a load from the period after it arrives, the simulation at once: never worse than planned
    assert food["person_days_with"]["median"] <= expected + 1
    assert food["person_days_with"]["median"] < 0.8 * food["person_days_without"]["median"]
    json.dumps(trial, allow_nan=False)


def test_the_scenario_written_beside_a_plan_runs_as_it_is(tmp_path: Path) -> None:
    known = [convoy("before", hour=-1, outcome="delivered"), convoy("dropped", hour=30)]
    scenario = guarded_world(tmp_path / "world", convoys=known)
    plan = plan_for(scenario)
    write_scenario(tmp_path / "plan" / "scenario", scenario, "", plan, "partners")
    written = read_scenario(tmp_path / "plan" / "scenario")
    assert {row["id"] for row in written.tables["convoys"]} == {"before"} | {c.id for c in plan.convoys}
    records = [
        simulate_batch(compile_model(case, ""), plain_luck(1, np.arange(1)))
        for case in (written, with_plan(scenario, plan))
    ]
    np.testing.assert_array_equal(records[0].measures, records[1].measures)


def test_planning_anew_meets_needs_that_the_first_plan_did_not_expect(tmp_path: Path) -> None:
    # the plan is made for half of the people who are there; planning anew sees them
    scenario = guarded_world(tmp_path / "world")
    problem = read_problem(scenario, "", START, 6, 6.0).problem
    from dataclasses import replace

    rolled = roll_in_simulation(scenario, "", replace(problem, people=problem.people / 2), Weights(), 1, 0)
    gap = {name: rows[0]["person_days_at_places"] for name, rows in rolled["courses"].items()}
    assert rolled["plans"] == 6
    assert gap["rolling"] < gap["once"] < gap["nothing"]


def test_found_people_leave_as_was_expected_of_others() -> None:
    expected = np.array([[100.0, 0.0, 50.0], [50.0, 0.0, 100.0]])
    scaled = scale_people(expected, np.array([200.0, 7.0, 50.0]))
    np.testing.assert_allclose(scaled, [[200, 7, 50], [100, 7, 100]])


def test_events_set_the_traffic_rule_and_the_pace_of_a_plan(tmp_path: Path) -> None:
    events = [
        {"id": "out", "time": at(9), "kind": "direction", "target": "town-bridge", "mode": "outbound"},
        {"id": "back", "time": f"{at(20)}..{at(28)}", "kind": "direction", "target": "town-bridge", "mode": "normal"},
        {"id": "unlikely", "time": at(1), "kind": "direction", "target": "town-bridge", "mode": "shut", "chance": 0.4},
        {"id": "slow", "time": at(12), "kind": "seconds", "target": "gate", "value": 40},
    ]
    problem = read_problem(guarded_world(tmp_path / "world", events=events), "", START, 2, 6.0).problem
    bridge = next(r for r in problem.roads if r.id == "town-bridge")
    # outbound from 9:00 to the middle of the range, 24:00: the second to the fourth period let nothing in
    np.testing.assert_array_equal(bridge.backward, [1, 0, 0, 0, 1, 1, 1, 1])
    np.testing.assert_array_equal(bridge.forward, np.ones(8))
    gate = next(limit for limit in problem.limits if limit.kind == "inspection")
    np.testing.assert_allclose(gate.most, [180 * 6] * 2 + [90 * 6] * 6)


def test_a_plan_expects_the_people_and_stocks_of_a_run(tmp_path: Path) -> None:
    scenario = guarded_world(tmp_path / "world", leave_rate="0.001..0.02")
    result = run(scenario, tmp_path / "run", replicates=40, seed=2)
    problem = read_problem(scenario, "", START + timedelta(hours=48), 2, 6.0).problem
    people = {
        chance: expect_people(result, problem.places, problem.start, problem.periods, 6.0, chance)
        for chance in (0.5, 0.9)
    }
    town = problem.places.index("town")
    recorded = np.quantile(result.take("at_place", "town", "drivers"), 0.5, axis=0)
    assert people[0.5][0, town] == pytest.approx(recorded[48 * 4 : 54 * 4].mean())
    assert (people[0.9] >= people[0.5]).all()
    assert people[0.9][0, town] > people[0.5][0, town]
    begun = begin_from_run(problem, result, 1.0)
    stock = np.median(result.take("stock", "town", "food")[:, 48 * 4]) / 1000
    assert begun.stock[town, 0] == pytest.approx(stock)
    # the stock of 1.5 t lasts a day and a half or longer, so at most half a day has been lived without
    assert 0 <= begun.without[town, 0] <= 12.5


def test_a_plan_of_the_worked_case_makes_a_scenario_that_is_valid_for_both_sets(
    worked_case: Path, tmp_path: Path
) -> None:
    scenario = read_scenario(worked_case)
    for parameter_set in scenario.sets:
        problem = read_problem(scenario, parameter_set, scenario.start + timedelta(days=3), 4, 12.0).problem
        plan = make_plan(problem)
        write_scenario(tmp_path / parameter_set, scenario, parameter_set, plan, "public")
        written = read_scenario(tmp_path / parameter_set)
        moved = compile_model(written, parameter_set).supplies
        assert moved is not None
        assert {c.id for c in moved.convoys} == {c.id for c in plan.convoys}
