"""Quantities in a text: a number, its unit, what it counts, and how surely it is said.

A number becomes a quantity only if what it counts is surely told: by the noun behind it, a currency sign before it,
the label or the head of its column, or the words of its sentence ("the toll rose to 412"); and only if nothing before
or after it says that it is a name, an age, a year or a date. What is not sure is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from corridor.evidence.grammar.counted import Counted, read_counted, read_rate
from corridor.evidence.grammar.hedges import Hedge, read_hedge_after, read_hedge_before
from corridor.evidence.grammar.implied import Context, read_implied
from corridor.evidence.grammar.language import Language, load_language
from corridor.evidence.grammar.numbers import Number, read_numbers
from corridor.evidence.grammar.shares import find_shares
from corridor.evidence.grammar.sheets import find_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

Span = tuple[int, int]


@dataclass(frozen=True)
class Quantity:
    """A quantity at [start, end) of a text.

    `value` is the number said, None if a range was said. `low` and `high` are the ends of a range, or the
    bound that "at least" or "up to" states; None where the text states none. `unit` is a name of units.csv, or the
    noun itself where that has none, with `/hour` and the like for rates; fractions have the unit `share`. `counts` are
    the words for what is counted. `approximate` is true if words say that the number is not exact, `hedge` are these
    words. `kind` is person, thing, measure, time or share.
    """

    start: int
    end: int
    value: float | None
    low: float | None
    high: float | None
    unit: str
    counts: str
    approximate: bool
    hedge: str
    kind: str = ""


MOST_NUMBERS = 10_000  # looked at in one text; a report has some dozens
_HIGHEST_LABEL = 200
_HIGHEST_AGE = 110
_BULLET = re.compile(r"(?:\A|\n)[ \t]*[-*][ \t]+\Z")  # opens an item of a list: no sign of the number behind it
_ANOTHER = re.compile(r"[ ]?[-–][ ]?\d")


def find_quantities(
    text: str, taken: Sequence[Span] = (), most: int = 1_000_000, language: Language | None = None
) -> list[Quantity]:
    """Return the first `most` quantities of a text; numbers in a taken span (a date) are passed over.

    Time is linear in the length of the text: each number is looked at with bounded context, and the first MOST_NUMBERS.
    """
    language = language or load_language("en")
    shares = [_judge(text, s.number, s.counted, s.number.start, None, language) for s in find_shares(text, language)]
    cells = [
        _judge(text, number, counted, number.start, None, language) for number, counted in find_cells(text, language)
    ]
    read = sorted([*shares, *cells], key=lambda quantity: quantity.start)
    covered = iter([*sorted([*taken, *((q.start, q.end) for q in read)]), (len(text) + 1, len(text) + 1)])
    block = next(covered)
    found: list[Quantity] = []
    for match in islice(language["numbers"].finditer(text), MOST_NUMBERS):
        while block[1] <= match.start():
            block = next(covered)
        if block[0] < match.end():
            continue
        for number in read_numbers(text, match, language):
            quantity = _read_quantity(text, number, found, language)
            if quantity is not None and (not found or found[-1].end <= quantity.start):
                found.append(quantity)
        if len(found) >= most:
            break
    return sorted([*found, *read], key=lambda quantity: quantity.start)[:most]


def _read_quantity(text: str, number: Number, found: list[Quantity], language: Language) -> Quantity | None:
    """Read one number with all that stands around it; None as soon as something speaks against a quantity."""
    money = language["money_before"].search(text[max(0, number.start - 6) : number.start])
    start = number.start - (len(money[0]) if money else 0)
    hedge = read_hedge_before(text, start, language)
    before = text[max(0, start - 24) : start]
    before = "" if _BULLET.search(before) else before
    if language["never_before"].search(before):
        return None
    if not hedge and (
        language["not_before"].search(before)
        or (number.high < _HIGHEST_LABEL and language["label_before"].search(before))
    ):
        return None
    counted: Counted | None
    if money:
        counted = _read_money(text, number, money[0].strip(), language)
    else:
        counted = read_counted(text, number, language)
    if counted is None:
        return _read_bare(text, number, hedge, found, language)
    number = number._replace(low=number.low * counted.scale, high=number.high * counted.scale)
    if number.looks_like_year and not hedge and (language["year_before"].search(before) or counted.kind != "person"):
        return None
    if _ANOTHER.match(text, counted.end):
        return None  # "300 mm - 400 mm": half a range
    end, unit = read_rate(text, counted, language)
    if counted.kind == "time" and language["since_then"].match(text, end) and unit in language.words["long_times"]:
        return None  # "ten days after the breach"
    if language["not_after"].match(text, end) or language["idiom"].fullmatch(text[start:end]):
        return None
    return _judge(text, number, counted._replace(end=end, unit=unit), start, hedge, language)


def _read_bare(
    text: str, number: Number, hedge: Hedge | None, found: list[Quantity], language: Language
) -> Quantity | None:
    """Read a number without a noun, with what it counts from its sentence."""
    if (number.looks_like_year and not hedge) or number.high < 2:
        return None
    if hedge and hedge.words.lower() in language.words["age_hedges"] and number.high <= _HIGHEST_AGE:
        return None  # "children under five"
    start = hedge.start if hedge else number.start
    last = [Context(q.start, q.end, q.unit, q.counts, q.kind) for q in found[-6:]]
    counted = read_implied(text, start, number, last, language)
    if counted is None or language["not_after"].match(text, number.end):
        return None
    end, unit = read_rate(text, counted, language)
    return _judge(text, number, counted._replace(end=end, unit=unit), number.start, hedge, language)


def _read_money(text: str, number: Number, sign: str, language: Language) -> Counted:
    scaled = language["money_scale"].match(text, number.end)
    scale = language.money_scales[scaled[1].lower()] if scaled else 1.0
    end = scaled.end() if scaled else number.end
    return Counted(end, language.money[sign], "measure", scale=scale)


def _judge(
    text: str, number: Number, counted: Counted, start: int, hedge: Hedge | None, language: Language
) -> Quantity:
    """Put together what was said: a plain value, a range, or a bound."""
    end = counted.end
    hedge = hedge or read_hedge_before(text, start, language)
    if hedge is None and counted.plus:
        hedge = Hedge(start, end, "at least", "+")
    elif hedge is not None:
        start = hedge.start
    elif (hedge := read_hedge_after(text, end, language)) is not None:
        end = hedge.end
    low: float | None = None
    high: float | None = None
    value: float | None = number.low
    if number.is_range:
        value, low, high = None, number.low, number.high
        lead = language["range_before"].search(text[max(0, start - 60) : start])
        start -= len(lead[0]) if lead and hedge is None else 0
    elif hedge and hedge.kind == "at least":
        low = number.low
    elif hedge and hedge.kind == "up to":
        high = number.low
    words = hedge.words if hedge else ""
    approximate = bool(words) or number.approximate
    return Quantity(start, end, value, low, high, counted.unit, counted.counts, approximate, words, counted.kind)
