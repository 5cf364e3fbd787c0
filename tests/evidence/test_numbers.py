"""Numbers in words and digits read back, whatever stands around them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from corridor.evidence.grammar.numbers import find_numbers, parse_number

ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def spell(number: int) -> str:
    """Write a whole number below a thousand million in English words."""
    if number < 20:
        return ONES[number]
    if number < 100:
        return TENS[number // 10] + (f"-{ONES[number % 10]}" if number % 10 else "")
    if number < 1000:
        rest = f" and {spell(number % 100)}" if number % 100 else ""
        return f"{ONES[number // 100]} hundred{rest}"
    for size, word in ((1_000_000, "million"), (1000, "thousand")):
        if number >= size:
            rest = number % size
            return f"{spell(number // size)} {word}" + (f" {spell(rest)}" if rest else "")
    raise ValueError(number)


@given(st.integers(1, 999_999))
def test_words_read_back(number):
    assert parse_number(spell(number)) == number


@given(st.integers(0, 10**9), st.sampled_from([",", "\u00a0", "\u202f", " "]))
def test_grouped_digits_read_back(number, mark):
    text = f"{number:,}".replace(",", mark)
    (found,) = find_numbers(f"about {text} of them")
    assert (found.low, found.high) == (number, number)


@given(st.integers(1, 9999), st.integers(1, 9999), st.sampled_from(["-", "–", " to ", " or "]))
@example(1, 1000, "-")
@example(12, 1000, "-")
def test_ranges_keep_both_ends(low, high, link):
    found = list(find_numbers(f"take {low}{link}{high} of them"))
    lacks_thousands = low < 1000 <= high and high >= 100 * low  # perhaps, as in "20-30,000"
    if low < high and not lacks_thousands:
        assert [(n.low, n.high) for n in found] == [(low, high)]
    else:
        assert found == []  # a range that runs backwards is a score, a telephone number or a mistake


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1.2 million", 1_200_000),
        ("half a million", 500_000),
        ("two and a half", 2.5),
        ("two dozen", 24),
        ("3 lakh", 300_000),
        ("1,20,000", 120_000),
        ("1.250.000", 1_250_000),
        ("2k", 2_000),
    ],
)
def test_other_ways_to_write_numbers(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "1.250",
        "12,5",
        "COVID-19",
        "10:30",
        "1/10/2023",
        "A4",
        "2.3.4",
        "a 3-2 vote",
        "oneself",
        "tend",
        "ninth",
        "5.9.2023",
    ],
)
def test_what_can_be_read_in_two_ways_or_is_part_of_something_else_is_left_out(text):
    assert list(find_numbers(text)) == []
