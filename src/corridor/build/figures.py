"""Numbers and days as people write them; where a text may mean two things, the column decides, or nobody does."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NOTHING = {"", "-", "–", "—", "--", "n/a", "na", "nan", "null", "none", "nil", "..", "...", "#n/a", "nd", "n.d."}
ONE_OF_TWO = "no number that can be told: 1.200 may be 1200 or 1.2 (decimal under [table] of the mapping says which)"
_GAPS = re.compile(r"(?<=\d)[\s\u00a0\u2009\u202f'’٬](?=\d{3}(?!\d))")
_BY_COMMA = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_BY_POINT = re.compile(r"[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?")
_PLAIN = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?")
_INDIAN = re.compile(r"[+-]?\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_NUMBERED = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?:[ T,].*)?")
_YEAR_FIRST = re.compile(r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?:[ T].*)?")
_HOUR = re.compile(r".*\d[ T,]+([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:\.\d+)?)?")  # no zone, no half of a day
_CLOSED_UP = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR = r"(\d{4}|\d{2})(?:[ T,].*)?"
_DAY_NAMED = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th)?[\s.\-/]+(?:de\s+)?([^\W\d]+)\.?[\s.,\-/]+(?:de\s+)?" + _YEAR
)
_MONTH_NAMED = re.compile(r"(?:[^\W\d]+\.?,\s+)?([^\W\d]+)\.?[\s\-]+(\d{1,2})(?:st|nd|rd|th)?[\s,\-]+" + _YEAR)
_FIRST_YEAR, _LAST_YEAR, _TURN = 1900, 2100, 70  # of years of two digits those below _TURN are of this century
_LANGUAGES = ("en", "fr", "es", "pt", "ar", "ru", "uk", "tr", "it", "de")
_SERIAL = date(1899, 12, 30)  # day 0 of spreadsheets


def plain_digits(text: str) -> str:
    """Return a text with the digits of every script as 0 to 9, and Arabic separators as point and comma."""
    if text.isascii():
        return text
    text = text.translate({ord("٫"): ".", ord("٬"): ",", ord("−"): "-", ord("\u200f"): None, ord("\u200e"): None})
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def read_number(text: str, decimal: str = "") -> float | None:
    """Return the number that a text means, None where it says that there is none (blank, `-`, `n/a`).

    `decimal` is the decimal sign where somebody said it. Raises ValueError, its words a reason, for what is no
    number, and for what may be two: 1.200.
    """
    text = plain_digits(text).strip()
    if text.casefold() in NOTHING:
        return None
    text = _GAPS.sub("", text)
    if decimal:
        other = "," if decimal == "." else "."
        text = text.replace(other, "").replace(decimal, ".")
    elif _BY_COMMA.fullmatch(text) or _INDIAN.fullmatch(text):
        text = text.replace(",", "")
    elif _BY_POINT.fullmatch(text):
        if text.count(".") == 1 and "," not in text and not text.lstrip("+-").startswith("0"):
            raise ValueError(ONE_OF_TWO)
        text = text.replace(".", "").replace(",", ".") if not text.lstrip("+-").startswith("0.") else text
    if not _PLAIN.fullmatch(text):
        reason = "no number where one should be"
        raise ValueError(reason)
    return float(text.replace(",", "."))


def read_count(text: str, decimal: str = "") -> float | None:
    """Return a number of people or things. Raises ValueError as `read_number` does, and for one below 0."""
    number = read_number(text, decimal)
    if number is not None and number < 0:
        reason = "a number below 0"
        raise ValueError(reason)
    if number is not None and number > 10_000_000_000:
        reason = "a number above ten thousand million"
        raise ValueError(reason)
    return number


@cache
def _month_names() -> dict[str, int]:
    from babel.dates import get_month_names

    names: dict[str, int] = {"sept": 9}
    for language in _LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, language).items():
                    names.setdefault(_fold(name), number)
    return names


def _fold(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip(" .")


@dataclass(frozen=True)
class DayStyle:
    """How a column writes days that are numbers alone: `first` is day, month, blank (nothing tells), or both."""

    first: str = ""

    def read(self, text: str) -> date | None:
        """Return the day that a text means, None where it is blank. Raises ValueError, its words a reason."""
        text = plain_digits(text).strip()
        if text.casefold() in NOTHING:
            return None
        parts = _find_parts(text)
        if parts is not None:
            return _make(*parts)
        numbered = _NUMBERED.fullmatch(text)
        if numbered is None:
            return _read_bare(text)
        one, two, year = int(numbered[1]), int(numbered[2]), numbered[3]
        if one > 12 or two > 12 or one == two:
            day, month = (two, one) if two > 12 else (one, two)
            return _make(year, month, day)
        if self.first == "day":
            return _make(year, two, one)
        if self.first == "month":
            return _make(year, one, two)
        reason = "a date in which day and month cannot be told apart"
        reason += " (the column shows both orders" if self.first == "both" else " (nothing in the column tells"
        raise ValueError(reason + '; dates = "day first" under [table] of the mapping says which)')


def read_hour(text: str) -> time | None:
    """Return the hour and minute that stand behind a day, None where there are none.

    Midnight is none: programs write it behind days. So is an hour with a zone, which is of when a form was sent.
    """
    found = _HOUR.fullmatch(plain_digits(text).strip())
    hour = time(int(found[1]), int(found[2])) if found else time.min
    return None if hour == time.min else hour


def learn_style(texts: Iterable[str]) -> DayStyle:
    """Return how a column writes its days, from all its texts: a part above 12 can be no month."""
    found = set()
    for text in texts:
        if len(text) > 5 and (match := _NUMBERED.fullmatch(plain_digits(text).strip())):
            found |= {"day"} if int(match[1]) > 12 else {"month"} if int(match[2]) > 12 else set()
            if len(found) == 2:
                return DayStyle("both")
    return DayStyle(found.pop() if found else "")


def _find_parts(text: str) -> tuple[str, int, int] | None:
    if match := _YEAR_FIRST.fullmatch(text) or _CLOSED_UP.fullmatch(text):
        return match[1], int(match[2]), int(match[3])
    if match := _DAY_NAMED.fullmatch(text):
        day, month, year = match[1], match[2], match[3]
    elif match := _MONTH_NAMED.fullmatch(text):
        month, day, year = match[1], match[2], match[3]
    else:
        return None
    number = _month_names().get(_fold(month))
    return None if number is None else (year, number, int(day))


def _read_bare(text: str) -> date:
    """Read what a spreadsheet or a program counts: days since 1900, seconds or thousandths since 1970."""
    if re.fullmatch(r"\d{5}(\.\d+)?", text):
        return _SERIAL + timedelta(days=int(text[:5]))
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return datetime.fromtimestamp(int(text[:10]), UTC).date()
    reason = "no date where one should be"
    raise ValueError(reason)


def _make(year: str, month: int, day: int) -> date:
    number = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < _TURN else 1900)
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        reason = f"a date in a year outside {_FIRST_YEAR} to {_LAST_YEAR} (another calendar?)"
        raise ValueError(reason)
    try:
        return date(number, month, day)
    except ValueError:
        reason = "a date that is not in the calendar"
        raise ValueError(reason) from None
