"""A range moved as a whole, as the user wrote it: by a factor or an amount a number, by hours a time."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from corridor.scenario.cells import find_ends
from corridor.scenario.values import LARGEST_NUMBER, Quantity, parse_quantity, parse_time_range, write_number

if TYPE_CHECKING:
    from datetime import datetime

    from corridor.scenario.schema import Field

DIGITS = 6  # significant, in what is written


def shift_range(
    text: str, factor: float = 1.0, offset: float = 0.0, limits: Field | None = None, digits: int = DIGITS
) -> str:
    """Return a number or range times a factor above 0, plus an amount, in the form in which it was written.

    150..250 x 1.2 is 180..300, 200 ± 20% is 240 ± 20%, 200 (150..250) is 240 (180..300). What goes beyond the limits
    of a field is cut there, a lognormal range moved so far that its rare values are within. Numbers get at most so
    many significant digits, whole ones in a field of whole numbers. Raises ValueError when the text is no number or
    range, or the factor is not above 0.
    """
    if not 0 < factor < math.inf or not math.isfinite(offset):
        message = f"a range is moved by a factor above 0 and an amount, not by {factor} and {offset}"
        raise ValueError(message)
    before = parse_quantity(text)
    whole = limits is not None and limits.type == "integer"

    def move(number: float) -> float:
        moved = number if (factor, offset) == (1.0, 0.0) else shorten(number * factor + offset, digits)
        moved = float(round(moved)) if whole else moved
        return _cut(moved, limits)

    if before.shape == "lognormal":
        return _move_lognormal(before, move(before.middle), limits).write()
    low, middle, high = (move(number) for number in (before.low, before.middle, before.high))
    if before.shape == "fixed":
        return write_number(middle)
    return Quantity(before.shape, low, min(max(middle, low), high), high).write()


def shift_time(text: str, hours: float, first: datetime | None = None, last: datetime | None = None) -> str:
    """Return a local time or range of times so many hours later (whole minutes), in the form in which it was written.

    A range that would leave the period from `first` to `last` is moved as far as it fits; one longer than the period
    begins with it. Raises ValueError when the text is no time.
    """
    before = parse_time_range(text, None)
    by = timedelta(minutes=round(hours * 60))
    if last is not None:
        by = min(by, max(last - before.end, timedelta()) if by > timedelta() else by)
    if first is not None:
        by = max(by, min(first - before.start, timedelta()) if by < timedelta() else by)
    return replace(before, start=before.start + by, end=before.end + by).write()


def shorten(number: float, digits: int = DIGITS) -> float:
    """Return a number with so many significant digits as a person reads."""
    return float(f"{number:.{digits}g}")


def _cut(number: float, limits: Field | None) -> float:
    low = -LARGEST_NUMBER if limits is None or limits.low is None else limits.low
    high = LARGEST_NUMBER if limits is None or limits.high is None else limits.high
    return min(max(number, low), high)


def _move_lognormal(before: Quantity, middle: float, limits: Field | None) -> Quantity:
    """Return a lognormal range with this median, or one nearer whose rare values a field allows."""
    middle = min(middle, LARGEST_NUMBER / (1 + before.percent / 100)) if middle > 0 else before.middle
    if limits is not None:
        low, high = find_ends(replace(before, middle=1.0))
        least = 0.0 if limits.low is None else limits.low / low
        most = math.inf if limits.high is None else limits.high / high
        middle = min(max(middle, _shorten_up(least)), _shorten_down(most))
    factor = 1 + before.percent / 100
    return Quantity("lognormal", middle / factor, middle, middle * factor, before.percent)


def _shorten_up(number: float) -> float:
    return number if number <= 0 else max(number, shorten(number * (1 + 10.0 ** (1 - DIGITS))))


def _shorten_down(number: float) -> float:
    return number if math.isinf(number) else min(number, shorten(number * (1 - 10.0 ** (1 - DIGITS))))
