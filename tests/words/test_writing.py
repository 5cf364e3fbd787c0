"""A sentence is data until it is written: the same numbers in every language, each with its own signs."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from html import unescape
from html.parser import HTMLParser

import pytest
from babel.dates import format_datetime
from babel.lists import format_list
from hypothesis import given
from hypothesis import strategies as st

from corridor.scenario.faults import UsageError
from corridor.words.language import ENGLISH, LANGUAGES, Language, choose_language
from corridor.words.numbers import write_day, write_list, write_moment
from corridor.words.pieces import Piece, split, split_number
from corridor.words.said import (
    Capital,
    Digits,
    Ends,
    Middle,
    Moment,
    Number,
    Range,
    Rounded,
    Said,
    Share,
    Stated,
    join,
    say,
)
from corridor.words.writing import mark, mark_apart, write

ALL = [*LANGUAGES.values()]
OTHERS = [language for language in ALL if not language.is_english]
VALUES = st.floats(-1e9, 1e9)


@given(VALUES, st.sampled_from([1.0, 0.1, 10.0, 0.0]))
def test_every_language_writes_the_same_digits(value: float, step: float) -> None:
    """Only the signs between them differ: no language rounds otherwise."""
    plain = write(Rounded(value, step))
    for language in OTHERS:
        assert [sign for sign in write(Rounded(value, step), language) if sign in "0123456789"] == [
            sign for sign in plain if sign in "0123456789"
        ]


def test_signs_between_digits_are_the_languages_own() -> None:
    """Thousands, decimals and what stands before a number below nought; Latin digits everywhere."""
    written = {language.code: write(Digits(-12345.6, 1), language) for language in ALL}
    assert written == {
        "en": "−12,345.6",
        "fr": "−12\u202f345,6",
        "ar": "\u200e−12,345.6",
        "uk": "−12\u00a0345,6",
    }


@pytest.mark.parametrize("month", range(1, 13))
def test_english_is_what_babel_writes_as_well(month: int) -> None:
    """Days and lists of English are written without babel, for its start costs time: an independent check of them."""
    time = datetime(2023, month, 9, 6, 5)
    assert write_moment(time, ENGLISH, year=True) == format_datetime(time, "d MMMM yyyy HH:mm", locale="en_GB")
    assert write_day(time, ENGLISH) == f"{time.day} {format_datetime(time, 'MMMM', locale='en_GB')[:3]}"
    for words in ([], ["a"], ["a", "b"], ["a", "b", "c"]):
        assert write_list(words, ENGLISH) == format_list(words, locale="en_GB")


def test_moments_read_as_a_person_of_the_language_writes_them() -> None:
    """Written out once, so that a reader sees the form; the first of a month is "1er" in French."""
    first = Moment(datetime(2023, 9, 1, 6, 5), year=True)
    assert [write(first, language) for language in ALL] == [
        "1 September 2023 06:05",
        "1er septembre 2023 à 06:05",
        "1 سبتمبر 2023، 06:05",
        "1 вересня 2023, 06:05",
    ]
    midnight = Moment(datetime(2023, 9, 11), bare=True)
    assert [write(midnight, language) for language in ALL] == [
        "11 September",
        "11 septembre",
        "11 سبتمبر",
        "11 вересня",
    ]


@pytest.mark.slow
@given(st.floats(0, 1e7), st.floats(0, 1e6), st.floats(0, 1e6))
def test_a_range_is_its_middle_with_its_ends(low: float, up: float, further: float) -> None:
    amount = Range(low, low + up, low + up + further)
    middle, ends = write(Middle(amount)), write(Ends(amount))
    assert write(amount).startswith(middle)
    assert ("9 in 10" in write(amount)) == bool(ends)
    for number in write(amount).removeprefix(middle).replace("(9 in 10: ", "").replace(")", "").split(" to "):
        assert number.strip() in ends or not number


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.slow
@given(st.text(max_size=12), st.sampled_from(ALL))
def test_names_of_the_user_change_nothing_around_them(name: str, language: Language) -> None:
    """Marked up or plain the same words stand; a name brings no tag of its own; on a page to the left it stands apart."""
    number = Number(Range(1.0, 20.0, 300.0), "held_back", "", "2023-09-26T20:00")
    said = say("row.arrivals.exit", exit=name) if name else say("limits.free", exit="a")
    for sentence in (said, say("newest.span", since=number, time=name), join(name, number)):
        reader = Reader()
        reader.feed(mark(sentence, language))
        assert set(reader.tags) <= ({"span", "bdi"} if language.runs_left else {"span"})
        if name.isprintable() and "\r" not in name:
            assert reader.text == write(sentence, language) or unescape(reader.text) == write(sentence, language)
    assert ("<bdi>" in mark(say("where.exit", label="b"), language)) == language.runs_left


def test_a_number_says_what_it_is_of() -> None:
    """With its range on a line of its own where the table asks for it."""
    number = Number(Range(4000.0, 5600.0, 7000.0), "arrivals", 'by "a"', "2023-09-26T20:00")
    marks = '<span data-quantity="arrivals" data-scope="by &quot;a&quot;" data-time="2023-09-26T20:00">'
    assert mark(number) == f"{marks}5,600 (9 in 10: 4,000 to 7,000)</span>"
    assert mark_apart(number) == f"{marks}<b>5,600</b><i>4,000 to 7,000</i></span>"
    sure = Number(Range(5.0, 5.0, 5.0), "arrivals", "", "")
    assert mark_apart(sure) == '<span data-quantity="arrivals" data-scope="" data-time="">5</span>'


@pytest.mark.parametrize("language", ALL)
def test_pieces_together_are_the_sentence(language: Language) -> None:
    """Numbers stand apart from the text beside them, within sentences that are fields of others as well."""
    number = Number(Range(4000.0, 5600.0, 7000.0), "arrivals", "", "2023-09-26T20:00")
    said = say("newest.span", since=say("ahead.inside", people=number), time=join("a", "b"))
    pieces = split(said, language)
    text = "".join(piece if isinstance(piece, str) else piece.text for piece in pieces)
    assert text.translate({0x2068: None, 0x2069: None}) == write(said, language)
    assert [piece.quantity for piece in pieces if isinstance(piece, Piece)] == ["arrivals"]
    assert split(number, language)[0] == split_number(number, language)


def test_counted_sentences_take_the_form_of_their_number() -> None:
    assert [write(say("runs.more", places=Stated(n))) for n in (1, 2)] == ["one place more", "2 places more"]


def test_sentences_begin_with_a_capital_whatever_stands_first() -> None:
    name = Capital(join("flour", "oil"))
    assert [write(name), mark(name), mark(name, choose_language("ar"))] == [
        "Flour and oil",
        "Flour and oil",
        "<bdi>Flour</bdi> و<bdi>oil</bdi>",
    ]
    assert write(Capital(Said("runs.store.fuel"))) == "Fuel for those who leave"
    assert write(Share(0.55)) == "55%"


@pytest.mark.parametrize(
    ("text", "code"), [("fr", "fr"), ("FR-ch", "fr"), ("français", "fr"), ("Arabic", "ar"), (" uk ", "uk")]
)
def test_a_language_is_chosen_by_code_or_name(text: str, code: str) -> None:
    assert choose_language(text).code == code


@pytest.mark.parametrize(
    ("text", "near"), [("frensh", 'did you mean "french"'), ("xx", "uk (Ukrainian)"), ("", "fr (French)")]
)
def test_another_language_is_refused_with_what_there_is(text: str, near: str) -> None:
    with pytest.raises(UsageError, match="no language") as told:
        choose_language(text)
    assert near in str(told.value)


def test_english_needs_no_babel() -> None:
    """The start of a command stays cheap: neither the catalogue nor an English sentence loads it."""
    code = (
        "import sys; from corridor.words.said import *; from corridor.words.writing import mark;"
        "mark(say('ahead.inside', people=Range(1, 2, 30))); print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
