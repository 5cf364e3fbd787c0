"""The width of a forecast: from past errors, widened by stated ranges, never made by them."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.deal.forecast import (
    LEAST_DEVIATION,
    MISS_RATIO,
    Forecast,
    find_largest_share,
    forecast_from,
    forecast_issue,
)
from corridor.deal.parties import spread_of_mean
from corridor.scenario.values import parse_quantity

from .examples import (
    CAR_POSITIONS,
    CAR_WEIGHTS,
    make_issue,
    make_plain_issue,
    make_position,
)

positions = st.lists(st.tuples(st.floats(0, 100), st.floats(0.1, 50)), min_size=2, max_size=10)
points = st.floats(0, 100)


def chance_below(forecast: Forecast, point: float) -> float:
    """The chance that the settlement is at or below a point, from the normal curve and the ends of the scale."""
    if not 0.0 <= point < 100.0:
        return float(point >= 100.0)
    return NormalDist(forecast.centre, forecast.spread).cdf(point)


@given(centre=points, spread=st.floats(0.5, 60), outcome=points)
def test_score_is_that_of_a_censored_normal(scoringrules, centre, spread, outcome):
    ours = Forecast(centre, 0.0, spread, 0.0).score(outcome)
    assert ours == pytest.approx(scoringrules.crps_cnormal(outcome, centre, spread, 0.0, 100.0), abs=1e-6)


@pytest.mark.parametrize("outcome", [0.0, 20.0, 63.5, 100.0, 130.0, -10.0])
def test_score_is_the_integral_of_its_definition(outcome):
    forecast = Forecast(35.0, 0.0, 30.0, 12.0)
    grid = np.linspace(-50, 150, 400_001)
    below = np.array([chance_below(forecast, x) for x in grid[::100]]).repeat(100)[: grid.size]
    integral = ((below - (grid >= outcome)) ** 2).sum() * (grid[1] - grid[0])
    assert forecast.score(outcome) == pytest.approx(integral, abs=0.05)


@pytest.mark.slow
@given(centre=points, spread=st.floats(1, 60), chance=st.floats(0.01, 0.99))
def test_quantile_and_chance_agree(centre, spread, chance):
    forecast = Forecast(centre, 0.0, spread, 0.0)
    point = forecast.quantile(chance)
    if point not in (0.0, 100.0):
        assert chance_below(forecast, point) == pytest.approx(chance, abs=1e-9)


def test_car_emissions_band():
    forecast = forecast_from(CAR_POSITIONS, CAR_WEIGHTS, scale=(4.0, 10.0))
    low, high = forecast.interval(0.8)
    assert forecast.centre == pytest.approx(7.389956, abs=5e-7)
    assert low == pytest.approx(4.6, abs=0.1)  # one deviation of 2.76 either side, held to the scale
    assert high == 10.0
    assert low <= 8.833 <= high


@given(rows=positions, shift=st.floats(-50, 50), scale=st.floats(0.1, 10))
def test_forecast_follows_the_axis(rows, shift, scale):
    places, weights = [x for x, _ in rows], [w for _, w in rows]
    base = forecast_from(places, weights)
    moved = forecast_from([shift + scale * x for x in places], weights, scale=(shift, shift + 100 * scale))
    for chance in (0.1, 0.5, 0.9):
        assert moved.quantile(chance) == pytest.approx(shift + scale * base.quantile(chance), abs=1e-6)
    assert moved.too_far_apart == base.too_far_apart or base.deviation == pytest.approx(40.0)


@given(rows=positions)
def test_forecast_has_no_direction(rows):
    places, weights = [x for x, _ in rows], [w for _, w in rows]
    base, mirrored = forecast_from(places, weights), forecast_from([100 - x for x in places], weights)
    for chance in (0.05, 0.3, 0.8):
        assert mirrored.quantile(chance) == pytest.approx(100 - base.quantile(1 - chance), abs=1e-6)


@given(rows=positions, idle=points, data=st.data())
def test_issue_forecast_ignores_order_and_idle_actors(rows, idle, data):
    base, base_equal = (forecast_issue(make_plain_issue(rows), equal) for equal in (False, True))
    shuffled = make_plain_issue([*data.draw(st.permutations(rows)), (idle, 0.0)])
    for equal, expected in ((False, base), (True, base_equal)):
        found = forecast_issue(shuffled, equal)
        assert found.centre == pytest.approx(expected.centre, abs=1e-9)
        assert found.spread == pytest.approx(expected.spread, abs=1e-9)


@given(rows=positions)
def test_splitting_an_actor_changes_nothing(rows):
    (place, weight), *others = rows
    base = forecast_issue(make_plain_issue(rows))
    halves = forecast_issue(make_plain_issue([(place, weight / 2), *others, (place, weight / 2)]))
    assert halves.centre == pytest.approx(base.centre, abs=1e-9)
    assert halves.spread == pytest.approx(base.spread, abs=1e-6)


def test_width_does_not_come_from_the_inputs():
    """Whatever ranges are stated, an interval is at least as wide as past errors alone make it."""
    certain = make_issue(make_position("north", "20"), make_position("south", "70"))
    for half in (1, 5, 15):
        stated = make_issue(
            make_position("north", f"{20 - half}..{20 + half}", "40..60", "8..12"),
            make_position("south", f"{70 - half}..{70 + half}", "40..60", "8..12"),
        )
        narrow, wide = forecast_issue(certain), forecast_issue(stated)
        assert wide.centre == narrow.centre
        assert wide.usual_error == narrow.usual_error == pytest.approx(MISS_RATIO * 25.0)
        assert wide.input_spread > 0.0
        for chance in (0.5, 0.8, 0.9):
            (a, b), (c, d) = narrow.interval(chance), wide.interval(chance)
            assert c < a
            assert d > b


def test_agreement_is_not_certainty():
    agreed = forecast_issue(make_plain_issue([(30.0, 1.0), (30.0, 5.0)]))
    assert agreed.centre == 30.0
    assert agreed.spread == pytest.approx(MISS_RATIO * 100 * LEAST_DEVIATION)


@pytest.mark.parametrize(("gap", "far"), [(78.0, False), (82.0, True)])
def test_too_far_apart_beyond_a_deviation_of_40(gap, far):
    forecast = forecast_issue(make_plain_issue([(0.0, 1.0), (gap, 1.0)]))
    assert forecast.deviation == pytest.approx(gap / 2)
    assert forecast.too_far_apart is far


def test_nobody_with_weight_is_refused():
    with pytest.raises(ValueError, match="weight"):
        forecast_from([10.0, 20.0], [0.0, 0.0])


@pytest.mark.parametrize("text", ["40", "30..50", "40 (30..60)", "40 (39..60)", "40 ± 20%", "40 ± 150%"])
def test_deviation_of_an_quantity_is_that_of_its_distribution(text):
    quantity, count = parse_quantity(text), 2_000_000
    draws = parse_quantity(text).take((np.arange(count) + 0.5) / count)
    assert quantity.deviation == pytest.approx(np.sqrt(np.mean((draws - quantity.middle) ** 2)), rel=0.002)
    assert np.mean((draws >= quantity.low) & (draws <= quantity.high)) >= 0.8999


@pytest.mark.parametrize("equal", [False, True])
def test_input_spread_against_drawing(equal):
    random = np.random.default_rng(2)
    issue = make_issue(
        make_position("north", "10..30", "40..60", "8..12"),
        make_position("south", "70..80", "80..100", "4..6"),
        make_position("west", "40..60", "10..30", "10..14"),
    )
    count = 200_000

    def draw(quantity):
        return random.uniform(quantity.low, quantity.high, count)

    weights = [np.ones(count) if equal else draw(p.capability) * draw(p.salience) for p in issue.parties]
    places = [draw(p.position) for p in issue.parties]
    drawn = sum(w * x for w, x in zip(weights, places, strict=True)) / sum(weights)
    assert spread_of_mean(issue.parties, equal) == pytest.approx(drawn.std(), rel=0.03)


def test_largest_share():
    assert find_largest_share(make_plain_issue([(0.0, 1.0), (50.0, 3.0), (60.0, 1.0)])) == pytest.approx(0.6)
