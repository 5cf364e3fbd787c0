"""Weights of particles: how many are worth something, and how softly they are chosen so that enough families stay."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.special import logsumexp

from corridor.simulate.arrays import Floats, Integers

LEAST_EFFECTIVE = 0.1  # of the particles: counts that would leave fewer are taken with less than their full weight
LEAST_FAMILIES = 4.0  # of equal size, that those left are worth at least
KEPT_FAMILIES = 1 / 16  # of the particles: so many families are kept at least, with one particle each
ROOM = 1.2  # particles that a family is given room for which is kept


def measure_effective(logs: Floats) -> float:
    """Return how many particles of equal weight are worth as much as those of these weights."""
    return float(np.exp(2 * logsumexp(logs) - logsumexp(2 * logs)))


def weigh_points(values: Floats, logs: Floats) -> Floats:
    """Return the 5, 50 and 95 % points of values [N] of these weights."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(np.exp(logs[order] - logsumexp(logs)))
    return np.asarray(values[order][np.minimum(np.searchsorted(below, [0.05, 0.5, 0.95]), len(values) - 1)])


def choose_weight(before: Floats, logs: Floats, origins: Integers) -> float:
    """Return the share of their weight with which counts are taken, so that enough particles stay effective."""

    def left(weight: float) -> float:
        return measure_effective(soften(before + weight * logs, origins))

    least = min(LEAST_EFFECTIVE * len(logs), left(0.0))
    return _find_most(lambda weight: left(weight) >= least)


def _find_most(allowed: Callable[[float], bool]) -> float:
    """Return the largest number up to 1 that is allowed, as 0 is."""
    if allowed(1.0):
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if allowed(middle) else (low, middle)
    return low


def soften(logs: Floats, origins: Integers) -> Floats:
    """Return logarithms of weights that add up to one and leave enough families: particles of one origin.

    Within a family they are as they were. Between families they are drawn towards the share that each has of the
    particles now, only so far that those left are worth LEAST_FAMILIES of equal size; and the best (KEPT_FAMILIES) are
    given room for one particle at least.
    """
    _, family, size = np.unique(origins, return_inverse=True, return_counts=True)
    logs = logs - logsumexp(logs)
    most = np.full(len(size), -np.inf)
    np.maximum.at(most, family, logs)
    total = most + np.log(np.bincount(family, np.exp(logs - most[family])))
    now = np.log(size / len(logs))

    def share(power: float) -> Floats:
        mixed = power * total + (1.0 - power) * now
        return np.asarray(mixed - logsumexp(mixed))

    least = min(LEAST_FAMILIES, measure_effective(share(0.0)))
    chosen = share(_find_most(lambda power: measure_effective(share(power)) >= least))
    kept = np.argsort(-total)[: int(KEPT_FAMILIES * len(logs))]
    chosen[kept] = np.maximum(chosen[kept], np.log(ROOM / len(logs)))
    chosen -= logsumexp(chosen)
    return np.asarray(logs + (chosen - total)[family])
