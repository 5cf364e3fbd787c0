"""Planning once, anew each day and anew on a forecast in the same courses; what a forecast makes of counts."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ttest_1samp

import corridor as co
from corridor.forecast.foreseen import foresee, publish, say_of, weigh_quantile
from corridor.forecast.rolled import Rolling, compare_pairs, roll_course
from corridor.results.in_memory import simulate_in_memory
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.simulate.ensemble import prepare
from relief_world import guarded_world
from worlds import at


def counted_world(folder: Path) -> Scenario:
    """Return a world that people leave at a rate that is not known, with counts of those who have arrived."""
    guarded_world(folder, leave_rate="0.001..0.05")
    (folder / "observations").mkdir()
    rows = [f"arrivals,{at(hour)},{hour * 10},,,,stated,{at(hour)}" for hour in (20, 40, 60, 80)]
    header = "series,time,value,low,high,error,status,published"
    (folder / "observations" / "arrivals.csv").write_text("\n".join([header, *rows]) + "\n")
    return read_scenario(folder)


def test_quantiles_by_weights() -> None:
    values = np.random.default_rng(1).normal(size=(101, 3))
    for chance in (0.5, 0.9):
        exact = np.quantile(values, chance, axis=0, method="inverted_cdf")
        np.testing.assert_array_equal(weigh_quantile(values, np.full(101, 0.01), chance), exact)
    weights = np.zeros(101)
    weights[7] = 1.0
    np.testing.assert_array_equal(weigh_quantile(values, weights, 0.5), values[7])


def test_pairs_are_compared_as_student_does() -> None:
    luck = np.random.default_rng(3)
    first, second = luck.normal(size=30), luck.normal(size=30)
    found = compare_pairs(first, second)
    low, high = ttest_1samp(first - second, 0.0).confidence_interval(0.95)
    assert (found["low"], found["high"]) == pytest.approx((low, high))
    assert compare_pairs(first[:1], second[:1])["low"] is None


@pytest.mark.slow
def test_a_forecast_weighs_up_courses_that_agree_with_the_counts(tmp_path: Path) -> None:
    case = counted_world(tmp_path / "world")
    ensemble, problem = prepare(case, ""), co.plan(case, 5).solved.problem
    foreseen = foresee(case, ensemble, problem, 60, 24.0)
    moments = sorted(foreseen.known)
    assert [len(foreseen.known[now]) for now in moments] == [1, 2, 3, 4]  # nothing that is published later is known
    for number in (0, 1, 2):
        said = say_of(simulate_in_memory(case, ensemble, np.array([number])), foreseen.counts)[0]
        seen = publish(said, foreseen, 1, number)
        np.testing.assert_array_equal(seen, publish(said, foreseen, 1, number))
        weights = np.exp(foreseen.weigh(moments[2], seen))
        assert weights.sum() == pytest.approx(1)
        near = np.abs(foreseen.said[:, 2] - said[2])
        assert weights @ near < near.mean()
        # a count that is not known yet changes nothing
        later = np.where(np.arange(4) > 2, 1e6, seen)
        np.testing.assert_array_equal(foreseen.weigh(moments[2], later), foreseen.weigh(moments[2], seen))


@pytest.mark.slow
def test_ways_of_planning_are_compared_in_the_same_courses(tmp_path: Path) -> None:
    case = counted_world(tmp_path / "world")
    told = co.plan(case, 4).roll_courses(2)
    rolled = told.numbers
    assert [row["replicate"] for row in rolled["courses"]] == [0, 1]
    for name in ("weighted_hours", "person_days", "brought_tonnes"):
        pairs = [row["rolling"][name] - row["once"][name] for row in rolled["courses"]]
        assert rolled["beside_once"]["rolling"][name]["mean"] == pytest.approx(np.mean(pairs))
    assert rolled["ways"]["nothing"]["person_days"] > rolled["ways"]["once"]["person_days"]
    alone = co.plan(case, 4).roll(1).numbers["courses"]
    assert alone["rolling"][0]["person_days_at_places"] == pytest.approx(rolled["courses"][1]["rolling"]["person_days"])
    assert "anew each day, on a forecast" in str(told)


@pytest.mark.slow
def test_a_worker_is_given_the_same_courses(tmp_path: Path) -> None:
    case = counted_world(tmp_path / "world")
    ensemble, once = prepare(case, ""), co.plan(case, 3).solved
    rolling = Rolling(case, ensemble, once, foresee(case, ensemble, once.problem, 20, 24.0))
    there = pickle.loads(pickle.dumps(rolling))
    assert there.scenario == case
    assert roll_course(there, 1) == roll_course(rolling, 1)
