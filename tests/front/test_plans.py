"""The calls for relief: a plan in Python, and the folder it is written to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

import corridor as co
from corridor.relief.into_scenario import with_plan
from corridor.simulate.batch import simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.luck import plain_luck
from relief_world import convoy, guarded_world


@pytest.mark.slow
def test_a_plan_says_what_binds_who_gets_what_and_shows_itself(tmp_path: Path) -> None:
    found = co.plan(guarded_world(tmp_path / "world"), days=6)
    assert found.convoys
    assert found.says[0].endswith(".")
    assert {share.place for share in found.shares} == {"town", "village"}
    assert found.numbers["says"] == found.says
    assert all(sentence in str(found) for sentence in found.says)
    page = found._repr_html_()
    assert page.count("<tr>") == len(found.convoys) + 1
    assert all(convoy.id in page for convoy in found.convoys)


def test_a_ledger_and_a_ration_hold_numbers_and_words(worked_case: Path, tmp_path: Path) -> None:
    told = co.ledger(guarded_world(tmp_path / "world"), days=6, hold_days=3)
    assert {row["place"] for row in told.numbers["ledger"]} == {"town", "village"}
    assert "To hold cover at 3 days" in told._repr_html_()
    lightest = co.ration(co.read(worked_case))
    assert f"{lightest.numbers['total_grams']:.1f} g" in str(lightest)


def test_what_cannot_be_asked_is_said(tmp_path: Path) -> None:
    case = guarded_world(tmp_path / "world")
    for asked, words in (
        ({"start": "soon"}, "is no time"),
        ({"start": "1999-01-01"}, "within the scenario"),
        ({"days": 0}, "more than zero"),
        ({"method": co.PlanMethod(solver="x")}, "no solver"),
    ):
        with pytest.raises(co.UsageError, match=words):
            co.plan(case, **asked)


@pytest.mark.slow
def test_the_scenario_written_beside_a_plan_runs_as_it_is(tmp_path: Path) -> None:
    known = [convoy("before", hour=-1, outcome="delivered"), convoy("dropped", hour=30)]
    scenario = guarded_world(tmp_path / "world", convoys=known)
    partners = replace(scenario, settings={**scenario.settings, "sensitivity": "partners"})  # public: days alone
    plan = co.plan(partners, days=6)
    plan.write(tmp_path / "plan")
    written = co.read(tmp_path / "plan" / "scenario")
    assert {row["id"] for row in written.tables["convoys"]} == {"before"} | {c.id for c in plan.convoys}
    records = [
        simulate_batch(compile_model(case, ""), plain_luck(1, np.arange(1)))
        for case in (written, with_plan(scenario, plan.solved))
    ]
    np.testing.assert_array_equal(records[0].measures, records[1].measures)


@pytest.mark.slow
def test_a_plan_of_the_worked_case_makes_a_scenario_that_is_valid_for_both_sets(
    worked_case: Path, tmp_path: Path
) -> None:
    scenario = co.read(worked_case)
    for parameter_set in scenario.sets:
        start = scenario.start + timedelta(days=3)
        plan = co.plan(scenario, days=4, start=start, period_hours=12, parameters=parameter_set)
        plan.write(tmp_path / parameter_set)
        written = co.read(tmp_path / parameter_set / "scenario")
        moved = compile_model(written, parameter_set).supplies
        assert moved is not None
        assert {c.id for c in moved.convoys} == {c.id for c in plan.convoys}
