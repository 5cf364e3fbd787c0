"""The plain answers: CARE's arithmetic to the digit, days of cover against counting hour by hour."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.relief.ledger import count_vehicles, days_of_cover, keep_ledger
from corridor.relief.problem import Item

from .examples import one_road

HUNDREDTHS = st.integers(0, 1000).map(lambda hundredths: hundredths / 100.0)


def test_care_arithmetic_by_hand() -> None:
    """120,000 people x 555 g in trucks of 19 t, 8 h there and back with loading, a day: worked on paper.

    66.6 t / 19 t = 3.505... loads; 24 h / (8 h x 1.25) = 2.4 trips; 3.505... / 2.4 = 1.4605... vehicles.
    """
    haul = count_vehicles(66.6, 19.0, 8.0, 24.0)
    assert haul.loads == pytest.approx(3.5052631578947366, rel=1e-15)
    assert haul.trips_per_vehicle == pytest.approx(2.4, rel=1e-15)
    assert haul.vehicles == pytest.approx(1.4605263157894735, rel=1e-15)


@given(*[st.integers(1, 10_000) for _ in range(4)])
def test_care_arithmetic_in_exact_fractions(tonnes: int, capacity: int, hours: int, period: int) -> None:
    haul = count_vehicles(tonnes, capacity, hours, period)
    exact = Fraction(tonnes, capacity) / (Fraction(period) / (Fraction(hours) * Fraction(5, 4)))
    assert haul.vehicles == pytest.approx(float(exact), rel=1e-14)


@pytest.mark.parametrize("wrong", [(-1, 1, 1, 1), (1, 0, 1, 1), (1, 1, 0, 1), (1, 1, 1, 0)])
def test_care_arithmetic_refuses_nonsense(wrong: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="more than zero"):
        count_vehicles(*wrong)


def unmet_need(stock: float, use: np.ndarray, supply: np.ndarray) -> np.ndarray:
    """Count period by period what is lacking."""
    left, unmet = stock, np.zeros(len(use))
    for period in range(len(use)):
        have = left + supply[period]
        unmet[period], left = max(use[period] - have, 0.0), max(have - use[period], 0.0)
    return unmet


@given(
    HUNDREDTHS,
    st.lists(HUNDREDTHS, min_size=1, max_size=12),
    st.lists(HUNDREDTHS, min_size=12, max_size=12),
)
def test_cover_ends_when_the_first_period_is_short(stock: float, use: list[float], supply: list[float]) -> None:
    """The stock-out lies in the first period in which what is there does not suffice, in no earlier one."""
    used, coming = np.array(use), np.array(supply[: len(use)])
    days = days_of_cover(stock, used, coming, 1.0)
    without = unmet_need(stock, used, coming)
    if without.max() > 1e-9:
        first = int(np.argmax(without > 1e-9))
        assert first <= days < first + 1
        assert days - first == pytest.approx(1.0 - without[first] / used[first], abs=1e-6)
    else:
        assert days >= len(use) - 1e-6


def test_cover_goes_on_after_the_last_period() -> None:
    assert days_of_cover(10.0, np.array([1.0, 1.0]), np.zeros(2), 0.5) == pytest.approx(5.0)
    assert days_of_cover(10.0, np.zeros(2), np.zeros(2), 0.5) == math.inf
    assert math.isnan(days_of_cover(math.nan, np.ones(2), np.zeros(2), 0.5))


def test_what_is_made_goes_on_after_the_last_period() -> None:
    """As much made as needed: no end; half of it made: 20 t last two days, and half of the third is met."""
    problem = one_road(30.0)
    for share, days in ((1.0, math.inf), (0.5, 2.5)):
        made = np.array([[0.0], [20.0 * share]])
        steady = np.tile(made, (11, 1, 1))
        row = keep_ledger(replace(problem, supply=steady, steady=steady, made=made), hold_days=3.0)[0]
        assert row.days == pytest.approx(days)
        assert row.tonnes_per_day == pytest.approx(max((1.0 - share) * (11 + 3) * 20 - 20, 0.0) / 11)


def test_what_hangs_on_something_lacking_is_told_with_it() -> None:
    """Water is made as it is needed, but only with power, and there is none."""
    items = (Item("food"), Item("power"), Item("water", depends_on="power"))
    zeros = np.zeros((2, 3))
    made = np.array([[0.0] * 3, [0.0, 0.0, 300.0]])
    steady = np.tile(made, (11, 1, 1))
    problem = replace(
        one_road(30.0), items=items, need=np.array([[0.0] * 3, [0.001, 0.001, 0.015]]), stock=zeros, without=zeros,
        unlimited=np.zeros((2, 3), dtype=bool), supply=steady, steady=steady, made=made,
    )  # fmt: skip
    water = next(row for row in keep_ledger(problem) if row.item == "water")
    assert (water.days, water.hangs_on, water.tonnes_per_day) == (math.inf, "power", 0.0)
    assert water.share_met == 0.0
    assert water.person_days_without == pytest.approx(11 * 20_000.0)


def test_ledger_of_one_town() -> None:
    """20,000 people, 1 kg a day, 20 t there, 11 days: one day of cover, ten days without, tonnes to hold
    three days.
    """
    row = keep_ledger(one_road(30.0), hold_days=3.0)[0]
    assert (row.place, row.item, row.days) == ("town", "food", pytest.approx(1.0))
    assert row.stock_out == datetime(2023, 9, 23)
    assert row.person_days_without == pytest.approx(200_000.0)
    assert row.share_met == pytest.approx(1 / 11)
    assert row.tonnes_per_day == pytest.approx((11 * 20 + 3 * 20 - 20) / 11)
    assert row.haul == count_vehicles(row.tonnes_per_day, 10.0, 19.2, 24.0)


def test_unknown_stock_has_no_date_and_comes_first() -> None:
    problem = one_road(30.0)
    stock = problem.stock.copy()
    stock[1] = math.nan
    row = keep_ledger(problem.__class__(**(problem.__dict__ | {"stock": stock})))[0]
    assert math.isnan(row.days)
    assert row.stock_out is None


def test_range_of_a_stock_gives_a_range_of_days() -> None:
    problem = one_road(30.0)
    row = keep_ledger(problem, stock_low=problem.stock * 0.5, stock_high=problem.stock * 2.0)[0]
    assert (row.days_low, row.days, row.days_high) == pytest.approx((0.5, 1.0, 2.0))
