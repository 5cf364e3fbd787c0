"""A quote is found again: word for word, by its surroundings, in other spelling, nearly, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bounded import no_longer_than
from corridor.evidence.anchor import CLOSE, find_anchor

WORDS = st.lists(
    st.sampled_from(
        ["road", "bridge", "convoy", "people", "left", "on", "the", "morning", "after", "nine", "trucks", "of", "flour"]
    ),
    min_size=30,
    max_size=60,
)
TEXT = (
    "The bridge was shut on Monday, the mayor said. About 1,200 people waited at the eastern gate “without bread”. "
    "The bridge was shut again on Friday, and nine trucks of flour turned back before the last village."
)


@given(WORDS, st.data())
def test_words_cut_from_a_text_are_found_where_brute_force_finds_them(words, data):
    text = " ".join(words)
    start = data.draw(st.integers(0, len(text) - 12))
    quote = text[start : start + data.draw(st.integers(3, 60))]
    assume(quote.strip())
    places = [i for i in range(len(text)) if text.startswith(quote, i)]
    anchor = find_anchor(text, quote)
    assert anchor is not None
    assert anchor.start == places[0]
    assert text[anchor.start : anchor.end] == quote
    assert anchor.how == ("exact" if len(places) == 1 else "ambiguous")


def test_prefix_and_suffix_tell_places_apart():
    again = find_anchor(TEXT, "The bridge was shut", suffix=" again")
    first = find_anchor(TEXT, "The bridge was shut", suffix=" on Monday")
    assert again is not None
    assert first is not None
    assert (first.how, again.how) == ("context", "context")
    assert first.start < again.start
    assert TEXT[again.end :].startswith(" again")


@pytest.mark.parametrize(
    "quote", ['at the eastern gate "without bread"', "About 1,200  people\nwaited", "ABOUT 1,200 people"]
)
def test_other_marks_spaces_and_case_are_spelling(quote):
    anchor = find_anchor(TEXT, quote)
    assert anchor is not None
    assert anchor.how == "spelling"


def test_altered_words_are_close_and_other_words_are_not_there():
    close = find_anchor(TEXT, "and nine lorries of flour turned back before the last village")
    assert close is not None
    assert close.how == "close"
    assert CLOSE <= close.likeness < 1.0
    assert "flour turned back" in TEXT[close.start : close.end]
    assert find_anchor(TEXT, "the fish in the sea were many and the weather stayed calm all week") is None
    assert find_anchor(TEXT, "") is None


@settings(max_examples=20)
@given(st.text(alphabet='ab \n“"', max_size=200), st.text(alphabet='ab \n“"', max_size=40))
def test_whatever_is_found_lies_in_the_text(text, quote):
    anchor = find_anchor(text, quote)
    if anchor is not None:
        assert 0 <= anchor.start <= anchor.end <= len(text)


def test_a_long_text_is_searched_in_bounded_time():
    with no_longer_than(30.0):
        find_anchor(TEXT * 4_000, "and nine lorries of flour turned round before the very last village of all")
