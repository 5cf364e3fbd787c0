"""A range moved as a whole keeps its form, its width in its own terms, and its column's limits."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from corridor.scenario.cells import read_cell
from corridor.scenario.draft import Broken, Draft
from corridor.scenario.schema import Field, load_fields
from corridor.scenario.shifting import shift_range, shift_time, shorten
from corridor.scenario.values import Quantity, parse_quantity, parse_time_range

FIELDS = [f for fields in load_fields().values() for f in fields.values() if f.type in ("range", "integer")]
NUMBERS = st.floats(0.01, 1e6).map(shorten)


@st.composite
def quantities(draw: Any) -> Quantity:
    shape = draw(st.sampled_from(["fixed", "uniform", "triangular", "lognormal"]))
    low, middle, high = sorted(draw(NUMBERS) for _ in range(3))
    if shape == "fixed":
        return Quantity(shape, middle, middle, middle)
    if shape == "uniform":
        return Quantity(shape, low, low / 2 + high / 2, high)
    percent = shorten(draw(st.floats(1, 300)))
    ends = (middle / (1 + percent / 100), middle, middle * (1 + percent / 100))
    return Quantity(shape, *ends, percent) if shape == "lognormal" else Quantity(shape, low, middle, high)


@pytest.mark.parametrize(
    ("text", "factor", "moved"),
    [
        ("150..250", 1.2, "180..300"),
        ("200 ± 20%", 1.2, "240 ± 20%"),
        ("200 (150..250)", 1.2, "240 (180..300)"),
        ("200", 0.5, "100"),
        ("0..4000", 2, "0..8000"),
        ("0.1..0.3", 3, "0.3..0.9"),
    ],
)
def test_a_range_is_moved_in_its_own_form(text: str, factor: float, moved: str) -> None:
    assert shift_range(text, factor) == moved


@given(quantity=quantities(), factor=st.floats(0.01, 100))
def test_moving_multiplies_every_point_and_keeps_the_form(quantity: Quantity, factor: float) -> None:
    moved = parse_quantity(shift_range(quantity.write(), factor))
    assert moved.shape == quantity.shape
    assert moved.percent == quantity.percent
    for name in ("low", "middle", "high"):
        assert math.isclose(getattr(moved, name), factor * getattr(quantity, name), rel_tol=2e-5)


@given(quantity=quantities())
def test_moving_by_nothing_leaves_what_is_written(quantity: Quantity) -> None:
    assert parse_quantity(shift_range(quantity.write())) == parse_quantity(quantity.write())


@pytest.mark.slow
@given(field=st.sampled_from(FIELDS), quantity=quantities(), factor=st.floats(1e-6, 1e6), offset=st.floats(-1e6, 1e6))
@example(
    field=load_fields()["places"]["lodging_share"], quantity=Quantity("uniform", 0.2, 0.3, 0.4), factor=9.0, offset=0.0
)
@example(field=load_fields()["roads"]["lanes"], quantity=Quantity("fixed", 2, 2, 2), factor=1.3, offset=0.0)
def test_what_a_field_allows_it_allows_when_moved(
    field: Field, quantity: Quantity, factor: float, offset: float
) -> None:
    text = quantity.write()
    if field.type == "integer":
        text = str(round(quantity.middle))
    assume(not isinstance(read(field, text), Broken))
    moved = shift_range(text, factor, offset, field)
    assert not isinstance(read(field, moved), Broken), (text, moved)


def read(field: Field, text: str) -> Any:
    return read_cell(Draft(Path()), ("table.csv", 2, field.name), field, text)


@given(
    start=st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1)).map(lambda t: t.replace(second=0, microsecond=0)),
    width=st.integers(0, 10_000),
    hours=st.floats(-500, 500),
)
def test_a_time_is_moved_by_hours_with_its_width(start: datetime, width: int, hours: float) -> None:
    end = start + timedelta(minutes=width)
    text = f"{start.isoformat()}..{end.isoformat()}" if width else start.isoformat()
    moved = parse_time_range(shift_time(text, hours), None)
    assert moved.end - moved.start == timedelta(minutes=width)
    assert abs((moved.start - start) / timedelta(hours=1) - hours) <= 1 / 120 + 1e-9
    kept = parse_time_range(shift_time(text, hours, start - timedelta(hours=1), end + timedelta(hours=1)), None)
    assert start - timedelta(hours=1) <= kept.start <= kept.end <= end + timedelta(hours=1)


@pytest.mark.parametrize(("text", "factor"), [("many", 1.0), ("200", 0.0), ("200", -1.0), ("200", math.nan), ("", 2.0)])
def test_what_is_no_range_or_factor_is_refused(text: str, factor: float) -> None:
    with pytest.raises(ValueError, match=r"\w|"):
        shift_range(text, factor)
