"""Measures against brute force and another library."""

from __future__ import annotations

import numpy as np
import pytest
import scoringrules

from corridor.flee.measure import (
    grow_equally,
    keep_shares,
    measure_coverage,
    measure_error,
    score_ensemble,
)

RANDOM = np.random.default_rng(2)
REGISTERED = RANDOM.integers(0, 500, (40, 4))
PEOPLE = RANDOM.integers(0, 500, (25, 40, 4))


def by_hand(people, registered, scale):
    days = []
    for day in range(len(registered)):
        total = sum(registered[day])
        days.append(sum(abs(y * scale - d) for y, d in zip(people[day], registered[day], strict=True)) / max(total, 1))
    return sum(days) / len(days)


def test_flees_measure_by_hand():
    people = PEOPLE[0]
    assert measure_error(people, REGISTERED, rescaled=False) == pytest.approx(by_hand(people, REGISTERED, 1.0))
    scale = REGISTERED.sum() / people.sum()
    assert measure_error(people, REGISTERED) == pytest.approx(by_hand(people, REGISTERED, scale))
    assert measure_error(people * 7, REGISTERED) == pytest.approx(measure_error(people, REGISTERED))
    assert measure_error(0 * people, REGISTERED) == pytest.approx(1.0)
    assert measure_error(REGISTERED, REGISTERED) == 0.0


def test_naive_rules_keep_the_total():
    for rule in (keep_shares, grow_equally):
        forecast = rule(np.sort(REGISTERED, axis=0), 5)
        np.testing.assert_allclose(forecast.sum(axis=1)[5:], np.sort(REGISTERED, axis=0).sum(axis=1)[5:])
        np.testing.assert_allclose(forecast[5], np.sort(REGISTERED, axis=0)[5])


def test_crps_agrees_with_another_library():
    theirs = scoringrules.crps_ensemble(REGISTERED.astype(float), np.moveaxis(PEOPLE, 0, -1).astype(float))
    assert score_ensemble(PEOPLE, REGISTERED) == pytest.approx(float(theirs.mean()))


def test_coverage_of_draws_from_the_same_law():
    ensemble = RANDOM.normal(size=(400, 50, 20))
    assert measure_coverage(ensemble, RANDOM.normal(size=(50, 20)), 0.9) == pytest.approx(0.9, abs=0.04)
