"""Quantities in a text: a number, its unit, what it counts, and how surely it is said.

A number becomes a quantity only if a unit of a known list follows it (or a currency sign precedes it), and
only if nothing before or after it says that it is a name, an age, a year, a ratio or a date. What is not
sure is left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.evidence.grammar.counted import Counted, read_counted, read_rate
from corridor.evidence.grammar.hedges import Hedge, read_hedge_after, read_hedge_before
from corridor.evidence.grammar.language import Language, load_language
from corridor.evidence.grammar.numbers import Number, read_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

Span = tuple[int, int]


@dataclass(frozen=True)
class Quantity:
    """A quantity at [start, end) of a text.

    `value` is the number said, None if a range was said. `low` and `high` are the ends of a range, or the
    bound that "at least" or "up to" states; None where the text states none. `unit` is a name of units.csv,
    with `/hour` and the like for rates. `counts` are the words for what is counted. `approximate` is true
    if the text itself does not give the number as exact. `hedge` are the words that say so.
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


_MONEY = {
    "US$": "US dollars",
    "USD": "US dollars",
    "$": "dollars",
    "€": "euros",
    "EUR": "euros",
    "£": "pounds",
}
# Words right before a number that make it a name, an age, a frequency or a ratio.
# Words that make a small number a label: "tent 12", but not "in the camp 9,500 people".
_HIGHEST_LABEL = 200
# Before a number that looks like a year and has no separator: then it is one.
_ANOTHER = re.compile(r"[ ]?[-–][ ]?\d")
_MAY_FOLLOW = re.compile(r"[ \u00a0\u202f\r\n-]{0,2}[^\W\d_]|[ \u00a0]?[%°+]")


def find_quantities(
    text: str, taken: Sequence[Span] = (), most: int = 1_000_000, language: Language | None = None
) -> list[Quantity]:
    """Return the first `most` quantities of a text; numbers in a taken span (a date) are passed over.

    Time is linear in the length of the text: each number is looked at with bounded context.
    """
    language = language or load_language()
    found: list[Quantity] = []
    covered = iter([*sorted(taken), (len(text) + 1, len(text) + 1)])
    block = next(covered)
    for match in language["numbers"].finditer(text):
        while block[1] <= match.start():
            block = next(covered)
        if block[0] < match.end():
            continue
        if _MAY_FOLLOW.match(text, match.end()) or _find_money(text, match.start(), language):
            for number in read_numbers(text, match, language):
                quantity = _read_quantity(text, number, language)
                if quantity is not None and (not found or found[-1].end <= quantity.start):
                    found.append(quantity)
        if len(found) >= most:
            break
    return found


def _read_quantity(text: str, number: Number, language: Language) -> Quantity | None:
    """Read one number with all that stands around it; None as soon as something speaks against a quantity."""
    money = _find_money(text, number.start, language)
    counted = _read_money(text, number, money.strip()) if money else read_counted(text, number, language)
    if counted is None:
        return None
    start = number.start - len(money)
    hedge = read_hedge_before(text, start, language)
    before = text[max(0, start - 16) : start]
    if not hedge and (
        language["not_before"].search(before)
        or (number.high < _HIGHEST_LABEL and language["label_before"].search(before))
    ):
        return None
    if number.looks_like_year and not hedge and (language["year_before"].search(before) or counted.kind != "person"):
        return None
    if _ANOTHER.match(text, counted.end):
        return None  # "300 mm - 400 mm": half a range
    end, unit = read_rate(text, counted, language)
    if language["not_after"].match(text, end) or language["idiom"].fullmatch(text[start:end]):
        return None
    return _judge(text, number, counted._replace(end=end, unit=unit), start, hedge, language)


def _find_money(text: str, end: int, language: Language) -> str:
    """Return the currency sign right before a number, with its space, or an empty string."""
    last = text[end - 1 : end]
    if last not in "$€£ \u00a0" or (last in " \u00a0" and text[max(0, end - 2) : end - 1] not in ("D", "R")):
        return ""
    match = language["money_before"].search(text[max(0, end - 5) : end])
    return match[0] if match else ""


def _read_money(text: str, number: Number, sign: str) -> Counted | None:
    if number.is_range or re.match(r"m\b", text[number.end : number.end + 2]):
        return None  # whether the sign, or a bare "m", holds for both ends is not said
    return Counted(number.end, _MONEY[sign], "measure")


def _judge(
    text: str, number: Number, counted: Counted, start: int, hedge: Hedge | None, language: Language
) -> Quantity:
    """Put together what was said: a plain value, a range, or a bound."""
    before, end = text[max(0, start - 60) : start], counted.end
    if hedge is None and counted.plus:
        hedge = Hedge(start, end, "at least", "+")
    elif hedge is not None:
        start = hedge.start
    elif (hedge := read_hedge_after(text, end, language)) is not None:
        end = hedge.end
    low: float | None = None
    high: float | None = None
    value: float | None = number.low
    if number.is_range and language["change"].search(before):
        value, start = number.high, number.second  # "rose from 40 to 55": 55 is what it is now
    elif number.is_range:
        value, low, high = None, number.low, number.high
        lead = language["range_before"].search(before)
        start -= len(lead[0]) if lead and hedge is None else 0
    elif hedge and hedge.kind == "at least":
        low = number.low
    elif hedge and hedge.kind == "up to":
        high = number.low
    words = hedge.words if hedge else ""
    approximate = bool(words) or number.approximate
    return Quantity(start, end, value, low, high, counted.unit, counted.counts, approximate, words)
