"""The random draws against scipy's distributions and the published answer of the generator (rule 11)."""

from __future__ import annotations

import numpy as np
import pytest
from numba import njit
from scipy import stats

from corridor.chance.draws import (
    draw_binomial,
    draw_multinomial,
    draw_normal,
    draw_poisson,
    draw_uniforms,
    entity_key,
    philox,
)
from corridor.chance.draws import (
    replicate_key as make_key,
)

COUNT = 20_000


def replicate_key(seed, replicate):
    return np.uint64(make_key(seed, replicate))


@njit
def many_binomials(key, trials, chance, count):
    return np.array([draw_binomial(key, 7, i, 0, trials, chance) for i in range(count)])


@njit
def many_poissons(key, mean, count):
    return np.array([draw_poisson(key, 8, i, 0, mean) for i in range(count)])


@njit
def many_normals(key, count):
    return np.array([draw_normal(key, 9, i, 0) for i in range(count)])


@njit
def many_pairs(key, count):
    pairs = np.empty((count, 2))
    for i in range(count):
        pairs[i, 0], pairs[i, 1] = draw_uniforms(key, 10, i, 0)
    return pairs


@njit
def many_multinomials(key, trials, weights, count):
    counts = np.empty((count, len(weights)), dtype=np.int64)
    for i in range(count):
        draw_multinomial(key, 11, i, trials, weights, counts[i])
    return counts


def chi_square(sample, distribution):
    """Return the p-value of whole numbers against a distribution, in about 30 bins of equal chance."""
    edges = np.unique(distribution.ppf(np.linspace(0, 1, 31)[1:-1]))
    chance = np.diff(np.concatenate([[0.0], distribution.cdf(edges), [1.0]]))
    seen = np.bincount(np.searchsorted(edges, sample), minlength=len(chance))
    kept = chance * len(sample) > 5
    if kept.sum() < 2:
        return 1.0
    expected = np.append(chance[kept], max(1 - chance[kept].sum(), 0)) * len(sample)
    seen = np.append(seen[kept], seen[~kept].sum())
    if expected[-1] < 1e-9:
        assert seen[-1] == 0
        expected, seen = expected[:-1], seen[:-1]
    return stats.chisquare(seen, expected * seen.sum() / expected.sum()).pvalue


def test_philox_gives_the_published_answers():
    """Known answers of Philox4x32-10, distributed with Random123 (Salmon and others 2011)."""
    ones = np.uint64(0xFFFFFFFF)
    zero = np.uint64(0)
    assert [hex(w) for w in philox(zero, zero, zero, zero, zero, zero)] == [
        "0x6627e8d5", "0xe169c58d", "0xbc57ac4c", "0x9b00dbd8"
    ]  # fmt: skip
    assert [hex(w) for w in philox(ones, ones, ones, ones, ones, ones)] == [
        "0x408f276d", "0x41c83b0e", "0xa20bc7c6", "0x6d5451fd"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("trials", "chance"),
    [(1, 0.3), (5, 0.5), (40, 0.02), (90, 0.1), (101, 0.1), (300, 0.9), (1000, 0.3), (10**6, 1e-5), (10**9, 0.4)],
)
def test_binomial(trials, chance):
    sample = many_binomials(replicate_key(1, 0), trials, chance, COUNT)
    assert sample.min() >= 0
    assert sample.max() <= trials
    assert chi_square(sample, stats.binom(trials, chance)) > 1e-4


@pytest.mark.parametrize("mean", [0.01, 2.0, 9.99, 10.01, 45.0, 1e6])
def test_poisson(mean):
    assert chi_square(many_poissons(replicate_key(2, 0), mean, COUNT), stats.poisson(mean)) > 1e-4


@pytest.mark.slow
def test_multinomial_has_binomial_margins_and_negative_covariance():
    weights = np.array([2.0, 0.0, 1.0, 5.0])
    share = weights / weights.sum()
    trials = 60
    counts = many_multinomials(replicate_key(3, 0), trials, weights, COUNT)
    assert (counts.sum(axis=1) == trials).all()
    assert not counts[:, 1].any()
    for i in (0, 2, 3):
        assert chi_square(counts[:, i], stats.binom(trials, share[i])) > 1e-4
    expected = -trials * share[0] * share[3]
    assert np.cov(counts[:, 0], counts[:, 3])[0, 1] == pytest.approx(expected, rel=0.06)


@pytest.mark.slow
def test_uniforms_and_normals():
    pairs = many_pairs(replicate_key(4, 0), COUNT)
    for column in pairs.T:
        assert stats.kstest(column, "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(pairs.T)[0, 1]) < 4 / np.sqrt(COUNT)
    assert stats.kstest(many_normals(replicate_key(4, 1), COUNT), "norm").pvalue > 1e-4


def test_a_draw_depends_on_its_keys_alone():
    """Other replicates, steps or entities change nothing, and each changes the draw."""
    key, other = replicate_key(1, 0), replicate_key(1, 1)
    town, farm = np.uint64(entity_key("load", "town")), np.uint64(entity_key("load", "farm"))
    first = draw_uniforms(key, town, 3, 0)
    many_pairs(other, 10)
    assert draw_uniforms(key, town, 3, 0) == first
    others = [draw_uniforms(*k) for k in ((other, town, 3, 0), (key, farm, 3, 0), (key, town, 4, 0), (key, town, 3, 1))]
    assert len({first, *others}) == 5


def test_coupled_draws_move_together():
    """Common random numbers: a slightly higher chance with the same keys gives almost the same count."""
    low = many_binomials(replicate_key(6, 0), 500, 0.100, 5000)
    high = many_binomials(replicate_key(6, 0), 500, 0.102, 5000)
    assert np.corrcoef(low, high)[0, 1] > 0.8
    assert (high - low).mean() == pytest.approx(1.0, abs=0.15)
