"""The rules that give one point: a published case, invariances, and other libraries as oracles."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.deal.landing import find_contest_mean, find_deviation, find_mean, find_median

from .examples import CAR_CAPABILITIES, CAR_POSITIONS, CAR_SALIENCES, CAR_WEIGHTS, CARS

# Whole numbers keep ties exact under shift and scale, where the median and the contest may jump.
parties = st.lists(st.tuples(st.integers(0, 100), st.integers(1, 50)), min_size=2, max_size=12)
RULES = {
    "mean": find_mean,
    "deviation": find_deviation,
    "median": find_median,
    "contest": find_contest_mean,
}
CENTRES = [name for name in RULES if name != "deviation"]


def split(rows: list[tuple[int, int]]) -> tuple[list[float], list[float]]:
    return [float(x) for x, _ in rows], [float(w) for _, w in rows]


def close(value: float) -> object:
    return pytest.approx(value, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("weights", "expected"),
    [
        (CAR_WEIGHTS, 7.389956),
        ([1.0] * 10, 6.7),
        (CAR_SALIENCES, 6.655738),
        (CAR_CAPABILITIES, 7.475248),
    ],
)
def test_car_emissions_means(weights, expected):
    assert find_mean(CAR_POSITIONS, weights) == pytest.approx(expected, abs=5e-7)


def test_car_emissions_other_rules():
    assert find_median(CAR_POSITIONS, CAR_WEIGHTS) == 7.0
    assert find_deviation(CAR_POSITIONS, CAR_WEIGHTS) == pytest.approx(2.7589, abs=5e-5)
    for power, expected in ((1, 7.1789), (2, 7.3568), (4, 7.6740)):
        assert find_contest_mean(CAR_POSITIONS, CAR_WEIGHTS, power) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(("to", "mean", "median"), [(7.0, 6.751846, 7.0), (4.0, 6.113737, 4.0)])
def test_car_emissions_what_if(to, mean, median):
    moved = [to if name == "united-kingdom" else x for name, _, x, _ in CARS]
    assert find_mean(moved, CAR_WEIGHTS) == pytest.approx(mean, abs=5e-7)
    assert find_median(moved, CAR_WEIGHTS) == median


@pytest.mark.parametrize("rule", CENTRES)
@given(rows=parties, shift=st.integers(-1000, 1000), scale=st.integers(1, 20))
def test_shift_and_scale(rule, rows, shift, scale):
    positions, weights = split(rows)
    moved = [shift + scale * x for x in positions]
    assert RULES[rule](moved, weights) == close(shift + scale * RULES[rule](positions, weights))


@given(rows=parties, shift=st.integers(-1000, 1000), scale=st.integers(1, 20))
def test_deviation_ignores_shift_and_follows_scale(rows, shift, scale):
    positions, weights = split(rows)
    assert find_deviation([shift + scale * x for x in positions], weights) == close(
        scale * find_deviation(positions, weights)
    )


@pytest.mark.parametrize("rule", CENTRES)
@given(rows=parties)
def test_mirror(rule, rows):
    positions, weights = split(rows)
    assert RULES[rule]([100 - x for x in positions], weights) == close(100 - RULES[rule](positions, weights))


@pytest.mark.parametrize("rule", RULES)
@given(rows=parties, data=st.data())
def test_order_weight_unit_and_splitting(rule, rows, data):
    value = RULES[rule](*split(rows))
    positions, weights = split(data.draw(st.permutations(rows)))
    assert RULES[rule](positions, weights) == close(value)
    assert RULES[rule](positions, [1000 * w for w in weights]) == close(value)
    halved = [weights[0] / 2, *weights[1:], weights[0] / 2]
    assert RULES[rule]([*positions, positions[0]], halved) == close(value)


@pytest.mark.parametrize("rule", RULES)
@given(rows=parties, idle=st.integers(0, 100))
def test_an_actor_without_weight_does_nothing(rule, rows, idle):
    positions, weights = split(rows)
    assert RULES[rule]([*positions, float(idle)], [*weights, 0.0]) == close(RULES[rule](positions, weights))


@given(rows=parties)
def test_rules_stay_between_the_extremes(rows):
    positions, weights = split(rows)
    for rule in CENTRES:
        assert min(positions) - 1e-9 <= RULES[rule](positions, weights) <= max(positions) + 1e-9


@given(rows=parties, power=st.sampled_from([1, 2, 4]))
def test_contest_is_the_leading_eigenvector(rows, power):
    positions, weights = (np.array(part) for part in split(rows))
    options = np.unique(positions)
    near = np.abs(positions[:, None] - options[None, :])
    ahead = np.sign(near[:, None, :] - near[:, :, None]) / 2 + 0.5  # [actor, a, b]: share of the vote for a
    votes = np.einsum("k,kab->ab", weights, ahead)
    table = votes**power / (votes**power + votes.T**power)
    values, vectors = np.linalg.eig(table)
    leading = np.abs(vectors[:, np.argmax(values.real)].real)
    expected = float(leading @ options / leading.sum())
    assert find_contest_mean(list(positions), list(weights), power) == pytest.approx(expected, abs=1e-6)


@given(rows=parties)
def test_median_loses_to_no_other_position(rows):
    positions, weights = split(rows)
    median = find_median(positions, weights)
    for rival in positions:
        for_median = sum(w for x, w in zip(positions, weights, strict=True) if abs(x - median) < abs(x - rival))
        for_rival = sum(w for x, w in zip(positions, weights, strict=True) if abs(x - rival) < abs(x - median))
        assert for_median >= for_rival
