"""Numbers, days and lists as a language writes them: digits are Latin ones everywhere, signs between them its own.

Arabic keeps Latin digits: they are what Unicode's locale data has for Arabic without a country, what the United Nations
print in Arabic tables, and what ids, times and the pictures of a case are written in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING

from corridor.words.language import Language

if TYPE_CHECKING:
    from babel import Locale

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
MINUS = {"ar": "\u200e−"}  # the mark keeps the sign before its number in a line that runs to the left


@cache
def _open_locale(code: str) -> Locale:
    from babel import Locale

    return Locale.parse(code)


@cache
def _find_signs(code: str) -> dict[int, str]:
    signs = _open_locale(code).number_symbols["latn"]
    return {ord(","): signs["group"], ord("."): signs["decimal"], ord("-"): MINUS.get(code, "−")}


def write_digits(text: str, language: Language) -> str:
    """Return a number written as "-12,345.6" with the language's own signs, a true minus among them."""
    if language.is_english:
        return f"−{text[1:]}" if text.startswith("-") else text
    return text.translate(_find_signs(language.code))


def write_moment(moment: datetime, language: Language, year: bool = False, bare: bool = False) -> str:
    """Return "26 September 20:00"; with the year, and without the hour at midnight (`bare`), where asked."""
    hour = not (bare and (moment.hour, moment.minute) == (0, 0))
    if not language.is_english:
        pattern = language.dated if year else language.moment
        return _write_time(moment, pattern if hour else ("d MMMM yyyy" if year else "d MMMM"), language)
    day = f"{moment.day} {MONTHS[moment.month - 1]}" + (f" {moment.year}" if year else "")
    return f"{day} {moment:%H:%M}" if hour else day


def write_day(moment: datetime, language: Language) -> str:
    """Return "26 Sep", for axes."""
    if not language.is_english:
        return _write_time(moment, language.day, language)
    return f"{moment.day} {MONTHS[moment.month - 1][:3]}"


def write_month(day: date, language: Language) -> str:
    """Return "Sep 2023", for axes."""
    if not language.is_english:
        from babel.dates import format_date

        return format_date(day, "MMM yyyy", locale=_open_locale(language.code))
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


def _write_time(moment: datetime, pattern: str, language: Language) -> str:
    from babel.dates import format_datetime

    text = format_datetime(moment, pattern, locale=_open_locale(language.code))
    return f"1er{text[1:]}" if language.code == "fr" and text.startswith("1 ") else text


def write_list(words: Sequence[str], language: Language) -> str:
    """Return "a, b and c"."""
    if language.is_english:
        return f"{', '.join(words[:-1])} and {words[-1]}" if len(words) > 1 else "".join(words)
    from babel.lists import format_list

    return format_list(list(words), locale=_open_locale(language.code))
