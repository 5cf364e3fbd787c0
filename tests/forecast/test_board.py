"""Forecasts as of several moments on a board: properties that hold whatever the forecasts say."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from corridor.forecast.board import AsOf, find_increments, score_as_of, score_forecasts
from corridor.forecast.crps import measure_censored_crps, measure_crps, measure_plain_crps, measure_quantile_crps
from corridor.forecast.pool import name_lead, pool_moments, pool_scores
from corridor.results.counts import Compared
from corridor.scenario.counts import Count, Thing
from corridor.scenario.values import Margin

MOMENT = datetime(2025, 3, 4)
ensembles = st.lists(st.floats(-1e5, 1e5), min_size=2, max_size=40)
LEVELS = (np.arange(99) + 1) / 100


def count(hours: float, number: float, exit_: str = "", moment: datetime = MOMENT, **more: object) -> Count:
    thing = Thing("arrivals", "", "", exit_, None, moment + timedelta(hours=hours))
    return replace(Count(thing, number, None, None, None, "stated", thing.time), **more)


def forecast(said: dict[float, tuple[float, list[float]]], moment: datetime = MOMENT) -> AsOf:
    known = (count(-24, 100, moment=moment), count(-1, 1000, moment=moment))
    later = [Compared(count(h, n, moment=moment), np.array(e, float)) for h, (n, e) in said.items()]
    return AsOf(moment, known, tuple(later), np.linspace(500, 9000, 50))


@given(ensembles, st.floats(-1e5, 1e5))
def test_plain_and_fair_crps_agree_with_another_library(
    scoringrules: ModuleType, ensemble: list[float], value: float
) -> None:
    """`nrg` takes the ensemble for the whole distribution; `fair` and `pwm` correct for its size."""
    members = np.array(ensemble)
    for ours, name in ((measure_plain_crps, "nrg"), (measure_crps, "fair"), (measure_crps, "pwm")):
        theirs = float(scoringrules.crps_ensemble(value, members, estimator=name))
        assert ours(members, value) == pytest.approx(theirs, rel=1e-9, abs=1e-5)


@pytest.mark.slow
def test_the_fair_score_does_not_depend_on_the_size_of_the_ensemble(scoringrules: ModuleType) -> None:
    """Small ensembles of the same distribution score the same on average; plainly scored they pay for their size."""
    luck, exact = np.random.default_rng(3), float(scoringrules.crps_normal(0.4, 0, 1))
    small = [luck.normal(size=4) for _ in range(20_000)]
    assert np.mean([measure_crps(e, 0.4) for e in small]) == pytest.approx(exact, abs=0.01)
    assert np.mean([measure_plain_crps(e, 0.4) for e in small]) > exact + 0.1


def test_quantiles_score_as_their_distribution_does(scoringrules: ModuleType) -> None:
    """Twice the mean pinball loss of many quantiles is the CRPS, and of a truth with an error its mean over truths."""
    quantiles = norm.ppf(LEVELS)
    for value in (-2.0, 0.0, 0.7, 4.0):
        exact = float(scoringrules.crps_normal(value, 0, 1))
        assert measure_quantile_crps(LEVELS, quantiles, value) == pytest.approx(exact, abs=0.01)
        truths = value + 0.5 * (np.arange(400) - 199.5) / 200
        mean = np.mean([measure_quantile_crps(LEVELS, quantiles, truth) for truth in truths])
        assert measure_quantile_crps(LEVELS, quantiles, value, 0.5) == pytest.approx(mean, abs=1e-4)
    one = np.array([0.5])
    assert measure_quantile_crps(one, np.array([7.0]), 10.0) == 3.0


@pytest.mark.slow
@given(st.floats(-3, 3), st.floats(0, 2))
def test_what_lies_beyond_the_ends_agrees_with_numeric_integration(low: float, width: float) -> None:
    """The integral of F squared below the lower end, and of (1 - F) squared above the upper, of a normal ensemble."""
    members, high = norm.ppf((np.arange(4000) + 0.5) / 4000), low + width
    below = quad(lambda x: norm.cdf(x) ** 2, -9, low)[0]
    above = quad(lambda x: norm.sf(x) ** 2, high, 9)[0]
    assert measure_censored_crps(members, low, np.inf) == pytest.approx(below, abs=2e-3)
    assert measure_censored_crps(members, -np.inf, high) == pytest.approx(above, abs=2e-3)
    assert measure_censored_crps(members, low, high) == pytest.approx(below + above, abs=4e-3)


def test_a_perfect_forecast_has_a_skill_of_one_and_a_point_its_absolute_error() -> None:
    perfect = forecast({h: (1000 + 70 * h, [1000 + 70 * h] * 5) for h in (6, 20, 40, 70, 90)})
    for row in pool_scores(score_as_of(perfect)):
        assert row["skill"] == 1.0
        assert (row["coverage_50"], row["coverage_90"], row["crps"]) == (1, 1, 0)
    wrong = forecast({h: (1000 + 70 * h, [50.0] * 5) for h in (6, 20, 40, 70, 90)})
    for entry in score_as_of(wrong):
        if entry.counted == "total":
            assert entry.crps == entry.crps_plain == entry.error == entry.value - 50


def test_each_count_belongs_to_one_lead_time() -> None:
    hours = (0.5, 12, 12.5, 24, 47, 48, 60, 72, 72.5, 900)
    assert [name_lead(h) for h in hours] == [
        "12 h",
        "12 h",
        "24 h",
        "24 h",
        "48 h",
        "48 h",
        "72 h",
        "72 h",
        "end",
        "end",
    ]
    rows = pool_scores(score_as_of(forecast({h: (2000, [1, 2]) for h in hours})))
    totals = {row["lead"]: row["n"] for row in rows if row["counted"] == "total"}
    assert totals == {"12 h": 2, "24 h": 2, "48 h": 2, "72 h": 2, "end": 2, "all": 10}


def test_the_order_of_counts_and_of_forecasts_changes_nothing() -> None:
    luck = np.random.default_rng(4)
    said = {float(h): (1000 + 50 * h, list(luck.normal(1000 + 40 * h, 300, 9))) for h in (3, 14, 15, 30, 51, 80)}
    forecasts = [forecast(said, MOMENT + timedelta(days=day)) for day in range(3)]
    first = score_forecasts(forecasts)
    turned = [replace(f, said=f.said[::-1], known=f.known[::-1]) for f in forecasts[::-1]]
    second = score_forecasts(turned)
    assert pool_scores(first) == pool_scores(second)
    assert pool_moments(first) == pool_moments(second)


def test_each_moment_weighs_the_same_in_a_lead_time() -> None:
    """One moment with a single count that was missed by 400, one with three missed by 0: on the whole 200."""
    one = forecast({6: (1000, [1400] * 3)})
    other = forecast({5: (10, [10] * 3), 6: (20, [20] * 3), 7: (30, [30] * 3)}, MOMENT + timedelta(days=9))
    (row,) = (r for r in pool_scores(score_forecasts([one, other])) if (r["lead"], r["counted"]) == ("12 h", "total"))
    assert (row["crps"], row["n"], row["moments"]) == (200, 4, 2)
    by_moment = [r for r in pool_moments(score_forecasts([one, other])) if r["lead"] == "12 h"]
    assert {r["moment"]: r["crps"] for r in by_moment if r["counted"] == "total"} == {
        one.moment.isoformat(): 400,
        other.moment.isoformat(): 0,
    }


@given(st.lists(st.tuples(st.integers(1, 30), st.integers(0, 5000)), min_size=1, max_size=12), st.booleans())
def test_increments_add_up_to_the_totals_they_came_from(steps: list[tuple[int, int]], is_known: bool) -> None:
    """They follow each other at least 12 hours apart; counts and replicates of all of them sum to last less first."""
    luck, hours, total = np.random.default_rng(1), 0, 1000
    later = []
    for wait, more in steps:
        hours, total = hours + wait, total + more
        later.append(Compared(count(hours, total), luck.normal(total, 100, 6)))
    known = [count(-1, 1000)] if is_known else []
    found = find_increments(known, later)
    ends = [known[0].thing.time] if is_known else [later[0].count.thing.time]
    assert [e.count.thing.since for e in found] == (ends + [e.count.thing.time for e in found])[: len(found)]
    assert all(e.count.thing.time - e.count.thing.since >= timedelta(hours=12) for e in found)
    if found:
        by_time = {e.count.thing.time: e for e in later}
        last = by_time[found[-1].count.thing.time]
        start = Compared(known[0], np.array(1000.0)) if is_known else later[0]
        assert sum(e.count.number for e in found) == last.count.number - start.count.number
        np.testing.assert_allclose(sum(e.ensemble for e in found), last.ensemble - start.ensemble)


def test_increments_by_exit_stand_apart_and_their_errors_add_up_as_independent_ones() -> None:
    error = Margin(30.0, is_share=False)
    later = [
        Compared(count(h, n, exit_, margin=error), np.array([n, n + 1.0]))
        for exit_, rows in (("west", ((1, 10), (20, 90))), ("east", ((2, 5), (3, 6), (40, 7))))
        for h, n in rows
    ]
    found = {(e.count.thing.exit, e.count.number): e.count.stated_error for e in find_increments([], later)}
    assert found == {("west", 80): pytest.approx(30 * np.sqrt(2)), ("east", 2): pytest.approx(30 * np.sqrt(2))}


@pytest.mark.slow
def test_ranges_of_a_calibrated_forecast_hold_their_share() -> None:
    """Truth and ensemble of one distribution, known only up to a rounding: half and nine tenths lie inside."""
    luck = np.random.default_rng(8)
    forecasts = []
    for day in range(400):
        middle = luck.normal(20_000, 4000)
        said = {h: (round(luck.normal(middle, 500), -2), list(luck.normal(middle, 500, 200))) for h in (6, 30)}
        forecasts.append(forecast(said, MOMENT + timedelta(days=day)))
    rows = [r for r in pool_scores(score_forecasts(forecasts)) if r["counted"] == "total"]
    for row in rows:
        assert row["coverage_50"] == pytest.approx(0.5, abs=0.08)
        assert row["coverage_90"] == pytest.approx(0.9, abs=0.05)
    best = {row["lead"]: row["best_naive_crps"] for row in rows}
    assert all(row["crps"] < best[row["lead"]] for row in rows)


def test_ends_and_errors_are_scored_as_everywhere() -> None:
    """ "More than" is met by all above it; a count with an error by the mean over its truths; what is earlier is no score."""
    more = count(10, 0, value=None, low=3000.0)
    exact = count(11, 4000, margin=Margin(100.0, is_share=False))
    ensemble = np.array([2500.0, 3500.0, 4500.0])
    past = count(-5, 1)
    entries = score_as_of(AsOf(MOMENT, (), tuple(Compared(c, ensemble) for c in (more, exact, past)), np.zeros(9)))
    by = {(entry.stated, entry.counted): entry for entry in entries}
    assert set(by) == {("ends", "total"), ("number", "total")}
    assert by["ends", "total"].crps == measure_crps(np.minimum(ensemble, 3000), 3000)
    assert by["ends", "total"].inside_90 == 1
    assert by["number", "total"].crps == pytest.approx(measure_crps(ensemble, 4000, 100))
    assert all(score == pytest.approx(3000) for score in by["ends", "total"].naive.values()), "nothing was known"
    assert by["ends", "total"].blind
    assert not any(entry.blind for entry in score_as_of(forecast({6: (1000, [1, 2])})))


def test_rows_are_apart_by_everything_that_is_asked() -> None:
    said = [Compared(count(h, 10 * h, exit_), np.arange(3.0)) for h in (6, 30) for exit_ in ("", "west", "east")]
    rows = pool_scores(score_as_of(AsOf(MOMENT, (), tuple(said), np.zeros(9))))
    keys = [tuple(row[k] for k in ("label", "counted", "lead")) for row in rows]
    leads = {"total": ("12 h", "48 h", "all"), "increment": ("48 h", "all")}
    wanted = {(label, c, lead) for label, c in itertools.product(("", "west", "east"), leads) for lead in leads[c]}
    assert set(keys) == wanted
    assert len(keys) == len(wanted)
