"""The number in a quote against the number of the claim."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.evidence.grammar.language import load_language
from corridor.evidence.quoted_number import compare

numbers = st.integers(2, 2_000_000).filter(lambda n: not 1500 <= n <= 2100)


def judge(quote, value, low, high, unit):
    return compare(quote, value, low, high, unit, load_language("en")).verdict


@given(numbers)
def test_a_plain_number_agrees_with_itself_only(number):
    quote = f"They counted {number:,} people there"
    assert judge(quote, number, None, None, "people") == "agrees"
    assert judge(quote, number + 1, None, None, "people") == "differs"
    assert judge(quote, number * 10, None, None, "people") == "differs"
    assert judge(quote, number, None, None, "vehicles") == "unit"
    assert judge(quote, number, number * 0.8, number * 1.2, "people") == "agrees"


@given(numbers, st.floats(0.3, 3.0))
def test_a_hedge_allows_what_it_says(number, factor):
    value = number * factor
    near = 0.9 <= factor <= 1.1
    assert (judge(f"about {number:,} tents", value, None, None, "tents") == "agrees") == near
    if abs(factor - 1) > 1e-6:
        above = judge(f"more than {number:,} tents", value, None, None, "tents") == "agrees"
        below = judge(f"fewer than {number:,} tents", value, None, None, "tents") == "agrees"
        assert above == (1 < factor <= 1.5)
        assert below == (0.5 <= factor < 1)


@given(numbers, st.integers(1, 1000))
def test_a_range_allows_its_ends_and_what_lies_between(low, more):
    quote = f"between {low:,} and {low + more:,} litres"
    assert judge(quote, None, low, low + more, "l") == "agrees"
    assert judge(quote, low + more / 2, low, low + more, "litres") == "agrees"
    assert judge(quote, low + more * 2.5, None, None, "litres") == "differs"


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
    assert judge(quote, value, None, None, unit) == verdict


def test_another_language_is_compared_by_its_digits():
    assert compare("plus de 40 000 personnes", 40_000, None, None, "people", None).verdict == "agrees"
    assert compare("plus de 40 000 personnes", 4_000, None, None, "people", None).verdict == "differs"
