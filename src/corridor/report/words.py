"""Numbers, moments and chances in words: rounded to what is known, the same way everywhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from corridor.words.rounding import round_about as write_about
from corridor.words.rounding import round_number as write_number
from corridor.words.rounding import round_three as write_three
from corridor.words.rounding import step_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
__all__ = ["step_of", "write_about", "write_number", "write_three"]


def write_range(
    values: NDArray[np.float64], unit: str = "", finest: float = 1.0, none: str = "", least: float = 0.5
) -> str:
    """Return "55,000 people (9 in 10 chance between 38,000 and 72,000)" for an ensemble [R].

    `finest` is the smallest step worth showing; `none` replaces the phrase when nineteen in twenty values are
    below `least`, the smallest value that counts as something.
    """
    low, middle, high = np.quantile(values, [0.05, 0.5, 0.95])
    if none and high < least:
        return none
    shown = write_three(float(low), float(middle), float(high), finest)
    about = f"{shown[0]} {unit}".strip()
    if shown[1] == shown[2]:
        return about
    return f"{about} (9 in 10 chance between {shown[1]} and {shown[2]})"


def write_chance(share: float) -> str:
    """Return a share of replicates as a count of ten, in per cent near the ends."""
    if share <= 0.0:
        return "in none of the runs"
    if share >= 1.0:
        return "in all runs"
    if share < 0.05 or share >= 0.95:
        return f"in {min(99, max(1, round(share * 100)))} % of the runs"
    return f"in {round(share * 10) or 1} of 10 runs"


def write_moment(moment: datetime, year: bool = False) -> str:
    """Return "26 September 20:00"."""
    day = f"{moment.day} {MONTHS[moment.month - 1]}"
    return f"{day} {moment.year} {moment:%H:%M}" if year else f"{day} {moment:%H:%M}"


def write_zone(name: str) -> str:
    """Return a time zone as people say it: "UTC+2" for "Etc/GMT-2", which counts the other way round."""
    if match := re.fullmatch(r"Etc/GMT([+-])(\d{1,2})", name):
        return f"UTC{'-' if match[1] == '+' else '+'}{match[2]}"
    return name


def write_day(moment: datetime) -> str:
    """Return "26 Sep", for axes."""
    return f"{moment.day} {MONTHS[moment.month - 1][:3]}"


def begin_words(text: str) -> str:
    """Return a text as it begins a sentence."""
    return text[:1].upper() + text[1:]


def join_words(words: Sequence[str], last: str = "and") -> str:
    """Return "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def write_stated(value: float) -> str:
    """Return a number as it was stated, with commas and without rounding."""
    return write_number(value, 1.0) if float(value).is_integer() else f"{value:,g}"


def write_spread(points: Mapping[str, float]) -> str:
    """Return the quantiles of an ensemble by name as a number with its range."""
    shown = write_three(points["q05"], points["q50"], points["q95"], 1.0)
    return shown[0] if shown[1] == shown[2] else f"{shown[0]} (9 in 10: {shown[1]} to {shown[2]})"
