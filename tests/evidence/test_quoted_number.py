"""The number in a quote against the number of the claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.evidence.grammar.language import load_language
from corridor.evidence.quoted_number import compare

numbers = st.integers(2, 2_000_000).filter(lambda n: not 1500 <= n <= 2100)

ENGLISH = load_language("en")


@given(numbers)
def test_a_plain_number_agrees_with_itself_only(number):
    quote = f"They counted {number:,} people there"
    assert compare(quote, number, None, None, "people", ENGLISH).verdict == "agrees"
    assert compare(quote, number + 1, None, None, "people", ENGLISH).verdict == "differs"
    assert compare(quote, number * 10, None, None, "people", ENGLISH).verdict == "differs"
    assert compare(quote, number, None, None, "vehicles", ENGLISH).verdict == "unit"
    assert compare(quote, number, number * 0.8, number * 1.2, "people", ENGLISH).verdict == "agrees"


@given(numbers, st.floats(0.3, 3.0))
def test_a_hedge_allows_what_it_says(number, factor):
    value = number * factor
    near = 0.9 <= factor <= 1.1
    assert (compare(f"about {number:,} tents", value, None, None, "tents", ENGLISH).verdict == "agrees") == near
    if abs(factor - 1) > 1e-6:
        above = compare(f"more than {number:,} tents", value, None, None, "tents", ENGLISH).verdict == "agrees"
        below = compare(f"fewer than {number:,} tents", value, None, None, "tents", ENGLISH).verdict == "agrees"
        assert above == (1 < factor <= 1.5)
        assert below == (0.5 <= factor < 1)


@given(numbers, st.integers(1, 1000))
def test_a_range_allows_its_ends_and_what_lies_between(low, more):
    quote = f"between {low:,} and {low + more:,} litres"
    assert compare(quote, None, low, low + more, "l", ENGLISH).verdict == "agrees"
    assert compare(quote, low + more / 2, low, low + more, "litres", ENGLISH).verdict == "agrees"
    assert compare(quote, low + more * 2.5, None, None, "litres", ENGLISH).verdict == "differs"


@pytest.mark.parametrize(
    ("quote", "value", "unit", "verdict"),
    [
        ("1.2 million litres", 1_200, "cubic metres", "agrees"),
        ("400 tonnes a day", 400_000, "kg/day", "agrees"),
        ("31 per cent of arrivals", 0.31, "share", "agrees"),
        ("31 per cent of arrivals", 31, "%", "agrees"),
        ("seven trucks", 7, "vehicles", "agrees"),
        ("250,000 crossed the river", 250_000, "people", "agrees"),
        ("250,000 crossed the river", 25_000, "people", "differs"),
        ("1,000 people an hour", 1_000, "people", "unit"),
        ("nobody was counted", 5, "people", "unread"),
    ],
)
def test_units_and_bare_numbers(quote, value, unit, verdict):
    assert compare(quote, value, None, None, unit, ENGLISH).verdict == verdict


def test_another_language_is_compared_by_its_digits():
    assert compare("plus de 40 000 personnes", 40_000, None, None, "people", None).verdict == "agrees"
    assert compare("plus de 40 000 personnes", 4_000, None, None, "people", None).verdict == "differs"
