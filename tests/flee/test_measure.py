"""Measures against brute force and another library."""

from __future__ import annotations

import numpy as np
import pytest

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


def by_hand(people, registered, *, rescaled):
    days = []
    for day in range(len(registered)):
        total, scale = sum(registered[day]), 1.0
        if rescaled:
            scale = total / sum(people[day]) if sum(people[day]) else 0.0
        days.append(sum(abs(y * scale - d) for y, d in zip(people[day], registered[day], strict=True)) / max(total, 1))
    return sum(days) / len(days)


def test_flees_measure_by_hand():
    people = PEOPLE[0]
    for rescaled in (False, True):
        expected = by_hand(people, REGISTERED, rescaled=rescaled)
        assert measure_error(people, REGISTERED, rescaled=rescaled) == pytest.approx(expected)
    daily = np.linspace(0.5, 7.0, len(people))[:, None]  # every day is brought to its own total
    assert measure_error(people * daily, REGISTERED) == pytest.approx(measure_error(people, REGISTERED))
    empty = people * (np.arange(len(people)) != 3)[:, None]
    assert measure_error(empty, REGISTERED) == pytest.approx(by_hand(empty, REGISTERED, rescaled=True))
    assert measure_error(0 * people, REGISTERED) == pytest.approx(1.0)
    assert measure_error(REGISTERED, REGISTERED) == 0.0


def test_naive_rules_keep_the_total():
    for rule in (keep_shares, grow_equally):
        forecast = rule(np.sort(REGISTERED, axis=0), 5)
        np.testing.assert_allclose(forecast.sum(axis=1)[5:], np.sort(REGISTERED, axis=0).sum(axis=1)[5:])
        np.testing.assert_allclose(forecast[5], np.sort(REGISTERED, axis=0)[5])


def test_crps_agrees_with_another_library(scoringrules):
    theirs = scoringrules.crps_ensemble(REGISTERED.astype(float), np.moveaxis(PEOPLE, 0, -1).astype(float))
    assert score_ensemble(PEOPLE, REGISTERED) == pytest.approx(float(theirs.mean()))


def test_coverage_of_draws_from_the_same_law():
    ensemble = RANDOM.normal(size=(400, 50, 20))
    assert measure_coverage(ensemble, RANDOM.normal(size=(50, 20)), 0.9) == pytest.approx(0.9, abs=0.04)
