"""Numbers, moments and chances in words: rounded to what is known, the same way everywhere."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
SAME = 1e-9
ROUND_UP = 0.2  # of a power of ten: a width of 6.3 or more already counts as 10


def write_number(value: float, step: float = 0.0) -> str:
    """Return a number with a comma between thousands, rounded to a multiple of `step` (0: three digits)."""
    step = step or step_of([value])
    rounded = round(value / step) * step
    places = max(0, -math.floor(math.log10(step) + SAME))
    return f"{rounded + 0.0:,.{places}f}"


def write_about(value: float) -> str:
    """Return a number rounded to two significant digits: for what is only roughly known."""
    if abs(value) < 1:
        return "0" if value == 0 else f"{value:.1g}"
    return write_number(value, 10.0 ** max(0, math.floor(math.log10(abs(value)) + SAME) - 1))


def step_of(values: Sequence[float], finest: float = 1e-6) -> float:
    """Return the power of ten to round a median and its range to.

    Between a sixth and a sixtieth of the width of the range, and never more than three significant digits of the
    largest value: the range says what is known, so digits beyond it say nothing.
    """
    largest = max(abs(value) for value in values)
    if largest <= finest:
        return 1.0
    digits = 10.0 ** (math.floor(math.log10(largest) + SAME) - 2)
    width = max(values) - min(values)
    known = 10.0 ** math.floor(math.log10(width / 10) + ROUND_UP) if width > SAME * largest else digits
    return max(digits, known, finest)


def write_three(low: float, middle: float, high: float, finest: float = 1.0) -> list[str]:
    """Return the median of a range and its ends as text, rounded alike.

    What the step would round to nothing keeps one digit of its own: two hours on the way are not none, however long
    the range is.
    """
    step = step_of([low, middle, high], finest)
    own = [
        10.0 ** math.floor(math.log10(abs(v)) + SAME) if finest <= abs(v) < step / 2 else step
        for v in (middle, low, high)
    ]
    return [write_number(value, size) for value, size in zip((middle, low, high), own, strict=True)]


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
