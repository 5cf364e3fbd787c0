"""Quantities: number, hedge and unit in any combination read back; what only looks like one does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import constants

from corridor.evidence.grammar.quantities import find_quantities
from corridor.evidence.grammar.units import convert

UNITS = {
    "people": "people",
    "displaced families": "families",
    "relief trucks": "vehicles",
    "tonnes": "tonnes",
    "mt": "tonnes",
    "litres": "litres",
    "km": "km",
    "hours": "hours",
    "per cent": "percent",
    "tents": "tents",
    "vehicles an hour": "vehicles/hour",
    "litres per person per day": "litres/person/day",
}
HEDGES = {
    "": None,
    "about ": "about",
    "nearly ": "about",
    "more than ": "at least",
    "no fewer than ": "at least",
    "up to ": "up to",
    "less than ": "up to",
}
numbers = st.integers(2, 5_000_000).filter(lambda n: not 1500 <= n <= 2100)


@given(numbers, st.sampled_from(sorted(HEDGES)), st.sampled_from(sorted(UNITS)))
def test_number_hedge_and_unit_read_back(number, hedge, unit):
    said = f"{hedge}{number:,} {unit}"
    (found,) = find_quantities(f"They counted {said}, it is written.")
    text = f"They counted {said}, it is written."
    assert text[found.start : found.end] == said
    assert (found.value, found.unit, found.approximate) == (number, UNITS[unit], hedge != "")
    kind = HEDGES[hedge]
    assert found.low == (number if kind == "at least" else None)
    assert found.high == (number if kind == "up to" else None)


@given(
    st.integers(2, 500),
    st.integers(1, 500),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(["{} to {}", "between {} and {}", "{}-{}"]),
)
def test_ranges_have_no_value(low, more, unit, form):
    (found,) = find_quantities(f"It takes {form.format(low, low + more)} {unit} now.")
    assert (found.value, found.low, found.high) == (None, low, low + more)


def test_a_change_is_not_a_range():
    (found,) = find_quantities("The toll rose from 40 to 55 people.")
    assert (found.value, found.low, found.high) == (55, None, None)


@pytest.mark.parametrize(
    "text",
    [
        "Resolution 2417 people",
        "aged 40 people",
        "a 10-year-old girl",
        "three years ago",
        "two days later",
        "one in five hospitals",
        "9 out of 10 children",
        "24 hours a day",
        "every 3 days",
        "in 2020 people left",
        "the 1949 people",
        "tent 112 people",
        "COVID-19 patients",
        "a 3-2 vote",
        "dozens of people",
        "hundreds of trucks",
        "several hundred tents",
        "not 500 people",
        "one day",
        "5 x 20 kg bags",
        "12 of the villages",
    ],
)
def test_what_only_looks_like_a_quantity_is_left_out(text):
    assert find_quantities(f"They said {text}.") == []


@pytest.mark.parametrize(
    ("unit", "into", "factor"),
    [
        ("miles", "km", constants.mile / 1000),
        ("feet", "metres", constants.foot),
        ("lb", "kg", constants.lb),
        ("gallons", "litres", constants.gallon * 1000),
        ("barrels", "litres", constants.barrel * 1000),
        ("acres", "hectares", constants.acre / constants.hectare),
        ("weeks", "hours", constants.week / constants.hour),
        ("tonnes/day", "kg/hour", 1000 / 24),
        ("litres/person/day", "l/person/day", 1.0),
        ("%", "share", 0.01),
        ("vehicles/h", "vehicles per hour", 1.0),
    ],
)
def test_units_convert_as_their_definitions_say(unit, into, factor):
    assert convert(1.0, unit, into) == pytest.approx(factor, rel=1e-6)
    assert convert(factor, into, unit) == pytest.approx(1.0, rel=1e-6)


@pytest.mark.parametrize(
    ("unit", "into"), [("km", "hours"), ("people", "vehicles"), ("tonnes", "tonnes/day"), ("", "km")]
)
def test_units_of_different_things_do_not_convert(unit, into):
    assert convert(1.0, unit, into) is None
