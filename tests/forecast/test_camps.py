"""People in camps: what must hold for any counts."""

from __future__ import annotations

import hashlib
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from camp_worlds import SOME, knowns, make_known, place
from corridor.forecast.camp_errors import LEVELS, REACHES, ErrorTable, load_table, name_levels
from corridor.forecast.camp_history import Known, PlaceCounts, find_growth, measure
from corridor.forecast.camp_learning import Crisis, learn
from corridor.forecast.camps import CampNumbers, forecast
from corridor.forecast.crps import measure_quantile_crps

AHEAD = np.array([1.0, 7.0, 30.0, 100.0, 400.0])


def stretch(known: Known, days: float, people: float) -> Known:
    places = {name: PlaceCounts(found.days * days, found.people * people) for name, found in known.places.items()}
    return Known(known.day * days, places)


@settings(max_examples=40)
@given(knowns())
def test_quantiles_rise_with_their_level_and_nobody_is_below_none(known: Known) -> None:
    made = forecast(known, known.day + AHEAD)
    assert made.quantiles.shape == (len(LEVELS), len(AHEAD), len(known.places))
    assert np.isfinite(made.quantiles).all()
    assert (made.quantiles >= 0).all()
    assert (np.diff(made.quantiles, axis=0) >= -1e-6).all()
    assert (made.draws >= 0).all()
    np.testing.assert_array_equal(made.median, made.quantiles[LEVELS.tolist().index(0.5)])


@settings(max_examples=20)
@given(knowns(), st.sampled_from([1e-3, 1000.0]), st.sampled_from([0.5, 2.0, 10.0]))
def test_neither_the_unit_of_people_nor_that_of_days_matters(known: Known, people: float, days: float) -> None:
    other = stretch(known, days, people)
    before, after = forecast(known, known.day + AHEAD), forecast(other, other.day + days * AHEAD)
    np.testing.assert_allclose(after.quantiles, people * before.quantiles, rtol=1e-9, atol=1e-6 * people)
    np.testing.assert_allclose(after.sums, people * before.sums, rtol=1e-9, atol=1e-6 * people)


@settings(max_examples=20)
@given(knowns(), st.integers(0, 1_000_000))
def test_places_sum_to_known_totals_in_every_draw(known: Known, total: int) -> None:
    totals = np.full(len(AHEAD), float(total))
    made = forecast(known, known.day + AHEAD, totals)
    np.testing.assert_allclose(made.draws.sum(axis=2), total, rtol=1e-9, atol=1e-6)
    np.testing.assert_allclose(made.sums, total, rtol=1e-9, atol=1e-6)
    assert (made.draws >= 0).all()


def test_sums_are_those_of_the_joint_draws() -> None:
    made = forecast(SOME, SOME.day + AHEAD)
    np.testing.assert_allclose(made.sums, np.quantile(made.draws.sum(axis=2), LEVELS, axis=0))
    alone = make_known(100.0, only=SOME.places["growing"])
    one = forecast(alone, alone.day + AHEAD)
    np.testing.assert_allclose(one.sums, np.quantile(one.draws[:, :, 0], LEVELS, axis=0))


def test_draws_have_the_quantiles_of_the_table() -> None:
    """Within what 1,000 draws can tell."""
    made = forecast(SOME, SOME.day + AHEAD)
    ranks = [(made.draws <= made.quantiles[level]).mean(axis=0) for level in range(2, len(LEVELS) - 2)]
    moved = np.array([made.scales.is_open] * len(AHEAD))
    for level, rank in zip(LEVELS[2:-2], ranks, strict=True):
        assert np.abs(rank - level)[moved].max() < 0.06


def test_common_luck_widens_sums_and_leaves_places_alone() -> None:
    table = load_table()
    apart, together = (
        forecast(SOME, SOME.day + AHEAD, table=ErrorTable(table.crises, table.errors, share)) for share in (0.0, 0.9)
    )
    np.testing.assert_array_equal(apart.quantiles, together.quantiles)
    width = [made.sums[-3] - made.sums[2] for made in (apart, together)]
    assert (width[1] > width[0]).all()


def hash_numbers(made: CampNumbers) -> str:
    return hashlib.sha256(made.draws.tobytes() + made.quantiles.tobytes()).hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_does_not() -> None:
    first, again, other = (hash_numbers(forecast(SOME, SOME.day + AHEAD, seed=seed)) for seed in (3, 3, 4))
    assert first == again != other


def test_luck_of_a_place_depends_on_its_name_alone() -> None:
    backwards = Known(SOME.day, dict(reversed(SOME.places.items())))
    np.testing.assert_array_equal(
        forecast(SOME, SOME.day + AHEAD).draws, forecast(backwards, SOME.day + AHEAD).draws[:, :, ::-1]
    )


def test_a_place_that_closed_starts_from_nobody_and_may_open_again() -> None:
    scales = measure(SOME)
    shut = list(SOME.places).index("shut")
    assert scales.last[shut] == 0
    assert not scales.is_open[shut]
    made = forecast(SOME, SOME.day + AHEAD)
    assert made.quantiles[2, 0, shut] == 0
    assert made.quantiles[-3, -1, shut] > 0


def test_one_place_that_has_closed_and_no_other_is_forecast_without_a_fault() -> None:
    known = make_known(50.0, only=place((0, 100), (20, 80), (40, 0)))
    for totals in (None, np.full(len(AHEAD), 70.0)):
        made = forecast(known, known.day + AHEAD, totals)
        assert np.isfinite(made.quantiles).all()
        assert np.isfinite(made.draws).all()


def test_ranges_grow_with_the_days_ahead_and_with_the_age_of_the_last_count() -> None:
    made = forecast(SOME, SOME.day + AHEAD)
    width = made.quantiles[-3] - made.quantiles[2]
    assert (np.diff(width[:, list(SOME.places).index("steady")]) > 0).all()
    fresh = make_known(100.0, old=place((0, 900), (50, 1_000)), new=place((0, 900), (50, 1_000), (100, 1_000)))
    width = np.ptp(forecast(fresh, fresh.day + AHEAD).quantiles[2:-2], axis=0)
    assert (width[:3, 0] > width[:3, 1]).all()


def test_no_growth_is_read_before_two_counts_found_anybody() -> None:
    assert find_growth(place((0, 0), (10, 50_000))) == 0
    assert find_growth(place((0, 0), (10, 50_000), (20, 60_000))) > 0
    assert find_growth(place((-5, 3), (0, 7))) == 0


def test_growth_is_the_faded_mean_of_daily_steps() -> None:
    """Against sums over a fine grid of time."""
    found = place((-3, 50), (0, 100), (13, 400), (40, 350), (90, 2_000))
    time = np.linspace(0, 90, 900_001)
    middle = (time[1:] + time[:-1]) / 2
    weight = 0.5 ** ((90 - middle) / (0.15 * 90))
    slope = np.diff(np.interp(time, found.days, found.people)) / np.diff(time)
    assert find_growth(found) == pytest.approx(float((weight * slope).sum() / weight.sum()), rel=1e-6)


def test_crps_of_quantiles_agrees_with_another_library(scoringrules: ModuleType) -> None:
    random = np.random.default_rng(5)
    levels = (np.arange(19) + 0.5) / 19  # each stands for as many chances, as the other library has it
    quantiles = np.sort(random.normal(size=(19, 7, 3)), axis=0)
    truth = random.normal(size=(7, 3))
    theirs = scoringrules.crps_quantile(truth, np.moveaxis(quantiles, 0, -1), levels)
    ours = [
        measure_quantile_crps(levels, q, float(t))
        for q, t in zip(quantiles.reshape(len(levels), -1).T, truth.reshape(-1), strict=True)
    ]
    np.testing.assert_allclose(np.reshape(ours, np.shape(theirs)), theirs)


def make_crisis(name: str, number: int, wander: float) -> Crisis:
    """Return a made-up crisis of places whose logarithms wander, counted every 5 days."""
    random = np.random.default_rng(number)
    steps = random.normal(0.01, wander, (200, 5)) + random.normal(0, wander, (200, 1))
    truth = 1_000 * np.exp(np.cumsum(steps, axis=0) * 0.2)
    names = tuple(f"place {i}" for i in range(5))
    views = []
    for day in range(20, 160, 10):
        days = np.arange(0.0, day + 1, 5)
        views.append(Known(float(day), {n: PlaceCounts(days, truth[::5, i][: len(days)]) for i, n in enumerate(names)}))
    return Crisis(name, names, truth, tuple(views))


@pytest.mark.slow
def test_what_is_learnt_covers_further_crises_of_its_kind() -> None:
    """Nine in ten hold in places and in sums, in crises that the table has not seen."""
    table = learn([make_crisis(f"seen {number}", number, 0.3) for number in range(6)])
    assert table.common > 0.1
    held, sums = [], []
    for number in range(20, 32):
        crisis = make_crisis("new", number, 0.3)
        for known in crisis.views[2::3]:
            days = np.arange(known.day + 5, min(2 * known.day, 199.0), 7)
            made, truth = forecast(known, days, table=table), crisis.truth[days.astype(int)]
            held.append(((truth >= made.quantiles[2]) & (truth <= made.quantiles[-3])).mean())
            sums.append(((truth.sum(1) >= made.sums[2]) & (truth.sum(1) <= made.sums[-3])).mean())
    assert 0.85 < np.mean(held) <= 1
    assert 0.82 < np.mean(sums) <= 1


@pytest.mark.slow
def test_every_crisis_has_the_same_weight_however_much_was_counted() -> None:
    """A crisis told three times over in its own views changes nothing."""
    first, second = make_crisis("a", 1, 0.2), make_crisis("b", 2, 0.6)
    thrice = Crisis("b", second.places, second.truth, second.views * 3)
    once, often = (learn([first, other]).errors[..., 2:-2] for other in (second, thrice))
    np.testing.assert_allclose(once, often, atol=0.03)


def test_a_table_of_one_crisis_has_no_common_luck_and_is_widened_most() -> None:
    one = learn([make_crisis("a", 1, 0.2)])
    assert one.common == 0
    assert one.widening == pytest.approx(np.sqrt(2))
    assert load_table().widening == pytest.approx(np.sqrt(1.25))


def test_the_table_that_comes_along_is_whole() -> None:
    table = load_table()
    assert table.errors.shape == (2, len(REACHES), len(LEVELS))
    assert (np.diff(table.errors, axis=2) >= 0).all()
    assert 0 <= table.common < 1
    assert name_levels()[:3] == ["q01", "q025", "q05"]
    assert name_levels()[11] == "q50"
