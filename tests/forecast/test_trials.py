"""A plan carried out in simulated courses, once and anew each day."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from corridor.forecast.course import roll_in_simulation
from corridor.forecast.trials import try_plan
from corridor.relief.from_scenario import read_problem
from corridor.relief.plan import make_plan
from corridor.simulate.ensemble import prepare
from relief_world import guarded_world
from worlds import START


@pytest.mark.slow
def test_a_plan_delivers_what_it_says_when_nothing_goes_wrong(tmp_path: Path) -> None:
    scenario = guarded_world(tmp_path / "world")
    plan = make_plan(read_problem(scenario, "", START, 6, 6.0).problem)
    planned = sum(convoy.loads["food"] for convoy in plan.convoys)
    assert planned > 5
    trial = try_plan(scenario, prepare(scenario, ""), plan, replicates=2)
    (food,) = trial["items"]
    assert food["brought_tonnes"]["q05"] == pytest.approx(planned, abs=0.001 * len(plan.convoys))
    assert food["brought_tonnes"]["q95"] == food["brought_tonnes"]["q05"]
    pairs, people = plan.formulation.pairs, plan.problem.people
    expected = float((plan.short * people[:, pairs[:, 0]]).sum() * 6 / 24)
    # the plan uses a load from the period after it arrives, the simulation at once: never worse than planned
    assert food["person_days_with"]["median"] <= expected + 1
    assert food["person_days_with"]["median"] < 0.8 * food["person_days_without"]["median"]
    json.dumps(trial, allow_nan=False)


@pytest.mark.slow
def test_planning_anew_meets_needs_that_the_first_plan_did_not_expect(tmp_path: Path) -> None:
    # the plan is made for half of the people who are there; planning anew sees them
    scenario = guarded_world(tmp_path / "world")
    problem = read_problem(scenario, "", START, 6, 6.0).problem
    rolled = roll_in_simulation(
        scenario, prepare(scenario, "", 1), make_plan(replace(problem, people=problem.people / 2)), 0
    )
    gap = {name: rows[0]["person_days_at_places"] for name, rows in rolled["courses"].items()}
    assert rolled["plans"] == 6
    assert gap["rolling"] < gap["once"] < gap["nothing"]
