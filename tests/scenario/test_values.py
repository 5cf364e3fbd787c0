from __future__ import annotations

import math
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from corridor.scenario.values import (
    LARGEST_NUMBER,
    Quantity,
    ReversedRangeError,
    TimeRange,
    UnitError,
    clocks_change,
    parse_quantity,
    parse_time,
    parse_time_range,
    write_number,
)

numbers = st.floats(-LARGEST_NUMBER, LARGEST_NUMBER, allow_nan=False, allow_subnormal=False)
chances = st.floats(1e-9, 1 - 1e-9)


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    shape = draw(st.sampled_from(("fixed", "uniform", "triangular", "lognormal")))
    if shape == "lognormal":
        middle, percent = draw(st.floats(1e-6, 1e12)), draw(st.floats(1e-6, 1e4))
        return parse_quantity(f"{write_number(middle)} ± {write_number(percent)}%")
    low, middle, high = (write_number(number) for number in sorted(draw(st.tuples(numbers, numbers, numbers))))
    texts = {"fixed": middle, "uniform": f"{low}..{high}", "triangular": f"{middle} ({low}..{high})"}
    return parse_quantity(texts[shape])


@given(quantities())
def test_what_is_written_reads_back(quantity: Quantity) -> None:
    assert parse_quantity(quantity.write()) == quantity


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_written_exactly(number: float) -> None:
    assert float(write_number(number)) == number


@given(quantities(), st.lists(chances, min_size=2, max_size=20))
def test_draws_rise_with_chance_and_stay_within(quantity: Quantity, us: list[float]) -> None:
    drawn = quantity.take(np.array(sorted(us)))
    assert np.all(np.diff(drawn) >= 0)
    if quantity.shape == "lognormal":
        assert np.all(drawn > 0)
    else:
        assert np.all((quantity.low <= drawn) & (drawn <= quantity.high))


@given(quantities(), st.lists(chances, min_size=1, max_size=9))
def test_a_draw_does_not_depend_on_its_neighbours(quantity: Quantity, us: list[float]) -> None:
    together = quantity.take(np.array(us))
    assert [float(quantity.take(u)) for u in us] == pytest.approx(list(together), rel=1e-15)


US = np.linspace(0.001, 0.999, 500)


@pytest.mark.parametrize(("low", "high"), [(150, 250), (-3, 5), (0, 1e-9)])
def test_uniform_against_scipy(low: float, high: float) -> None:
    expected = stats.uniform(low, high - low).ppf(US)
    np.testing.assert_allclose(parse_quantity(f"{low}..{high}").take(US), expected, rtol=1e-12)


@pytest.mark.parametrize(("low", "middle", "high"), [(150, 200, 250), (0, 0, 1), (0, 1, 1), (-4, 2, 3)])
def test_triangular_against_scipy(low: float, middle: float, high: float) -> None:
    expected = stats.triang((middle - low) / (high - low), low, high - low).ppf(US)
    drawn = parse_quantity(f"{middle} ({low}..{high})").take(US)
    np.testing.assert_allclose(drawn, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(("middle", "percent"), [(200, 20), (0.006, 200), (14000, 15)])
def test_lognormal_against_scipy(middle: float, percent: float) -> None:
    quantity = parse_quantity(f"{middle} ± {percent}%")
    spread = math.log(1 + percent / 100) / stats.norm.ppf(0.95)
    np.testing.assert_allclose(quantity.take(US), stats.lognorm(spread, scale=middle).ppf(US), rtol=1e-9)
    assert quantity.take(0.05) == pytest.approx(quantity.low)
    assert quantity.take(0.95) == pytest.approx(quantity.high)
    assert quantity.median == pytest.approx(middle)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("2..1", ReversedRangeError),
        ("5 (1..4)", ReversedRangeError),
        ("0 (1..4)", ReversedRangeError),
        ("3 km", UnitError),
        ("3..4 km/h", UnitError),
        ("200 (150..250) people", UnitError),
        ("15%", UnitError),
        ("1e400", ValueError),
        ("1e200", ValueError),
        ("0..1e308", ValueError),
        ("nan", ValueError),
        ("inf", ValueError),
        ("-inf..inf", ValueError),
        ("1,000", ValueError),
        ("1 000", ValueError),
        ("0x10", ValueError),
        ("1_000", ValueError),
        ("", ValueError),
        ("..", ValueError),
        ("1..", ValueError),
        ("1..2..3", ValueError),
        ("200 ± 20", ValueError),
        ("-5 ± 20%", ValueError),
        ("5 ± 0%", ValueError),
        ("5 ± -3%", ValueError),
        ("9" * 5000, ValueError),
    ],
)
def test_what_is_no_number(text: str, error: type[ValueError]) -> None:
    with pytest.raises(error) as caught:
        parse_quantity(text)
    assert type(caught.value) is error


@pytest.mark.slow
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        quantity = parse_quantity(text)
    except ValueError:
        return
    assert quantity.low <= quantity.middle <= quantity.high


moments = st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1))


@given(moments, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_times_read_back(start: datetime, length: timedelta) -> None:
    moment = TimeRange(start, start + length)
    assert parse_time_range(moment.write(), None) == moment
    assert start <= moment.take(0.3) <= moment.end


@given(st.datetimes(datetime(1990, 1, 1), datetime(2030, 1, 1)), st.integers(-12, 14))
def test_a_time_with_an_offset_is_the_same_instant(moment: datetime, hours: int) -> None:
    zone = ZoneInfo("Asia/Yerevan")
    text = f"{moment.isoformat()}{hours:+03d}:00"
    local = parse_time(text, zone)
    assert local == datetime.fromisoformat(text).astimezone(zone).replace(tzinfo=None)


def test_hours_that_the_clocks_jump_over_do_not_exist() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    with pytest.raises(ValueError, match="jump over this hour"):
        parse_time("2025-03-30T02:30", berlin)
    assert parse_time("2025-03-30T03:00", berlin) == datetime(2025, 3, 30, 3)
    assert parse_time("2025-10-26T02:30", berlin) == datetime(2025, 10, 26, 2, 30), "told twice, so it exists"
    assert parse_time("2025-03-30T02:30", ZoneInfo("UTC")) == datetime(2025, 3, 30, 2, 30)


def test_changes_of_clocks_are_seen() -> None:
    berlin, yerevan = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Yerevan")
    march = (datetime(2025, 3, 29), datetime(2025, 3, 31))
    assert clocks_change(*march, berlin)
    assert not clocks_change(*march, yerevan)
    assert not clocks_change(datetime(2025, 3, 30, 3), datetime(2025, 10, 26), berlin)
    assert clocks_change(datetime(2025, 1, 1), datetime(2026, 1, 1), berlin), "there and back within the period"
