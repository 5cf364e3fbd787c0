"""Scores against another library and against hand-made cases."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest
import scoringrules
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from corridor.forecast.score import NaiveRule, measure_crps
from corridor.results.result import interpolate

START = datetime(2025, 3, 1)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60),
    st.floats(-1e6, 1e6),
)
def test_crps_agrees_with_scoringrules_fair_estimator(ensemble: list[float], value: float) -> None:
    """The fair CRPS equals that of an independent library."""
    ours = measure_crps(np.array(ensemble), value)
    theirs = float(scoringrules.crps_ensemble(value, np.array(ensemble), estimator="fair"))
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-4)


def test_crps_of_one_member_is_the_absolute_error() -> None:
    """With a single replicate there is no spread to reward."""
    assert measure_crps(np.array([7.0]), 10.0) == 3.0


def test_crps_is_lowest_for_the_true_distribution() -> None:
    """Averaged over outcomes, neither a narrower nor a wider ensemble scores better (a proper score)."""
    generator = np.random.default_rng(5)
    outcomes = generator.normal(0, 1, 3000)
    quantiles = norm.ppf((np.arange(200) + 0.5) / 200)
    scores = {width: np.mean([measure_crps(width * quantiles, y) for y in outcomes]) for width in (0.5, 1.0, 2.0)}
    assert scores[1.0] < scores[0.5]
    assert scores[1.0] < scores[2.0]


def test_naive_rule_continues_the_rate_of_the_last_day_until_everybody_is_out() -> None:
    """2,400 in the last 24 hours are 100 an hour; at 3,000 people it stops."""
    known = ((START, 0.0), (START + timedelta(hours=12), 100.0), (START + timedelta(hours=36), 2500.0))
    rule = NaiveRule(known, 3000.0)
    assert rule.rate == pytest.approx(100.0)
    assert rule.forecast(START + timedelta(hours=38)) == pytest.approx(2700.0)
    assert rule.forecast(START + timedelta(hours=100)) == 3000.0


def test_naive_rule_without_counts_expects_nothing() -> None:
    """Where nothing is known the rule says nobody has come."""
    assert NaiveRule((), 1000.0).forecast(START) == 0.0
    assert NaiveRule(((START, 50.0),), 1000.0).forecast(START + timedelta(days=1)) == 50.0


def test_values_between_records_lie_on_the_straight_line() -> None:
    """Counts are compared at their own time, not at the nearest record."""
    times = [START + timedelta(hours=h) for h in range(3)]
    values = np.array([[0.0, 10.0, 40.0]])
    assert interpolate(values, times, START + timedelta(minutes=90))[0] == pytest.approx(25.0)
    with pytest.raises(ValueError, match="outside"):
        interpolate(values, times, START + timedelta(hours=3))
