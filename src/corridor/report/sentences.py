"""What an ensemble has of a quantity, as a number within a sentence that knows what it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.words.said import Ends, Field, Middle, Number, Range, Said, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from corridor.results.result import Values

POINTS = (0.05, 0.5, 0.95)  # the one interval of the briefing, 9 in 10, and the median


def take_range(values: Values, finest: float = 1.0) -> Range:
    """Return the median of an ensemble [R] and the range of 9 in 10."""
    low, middle, high = (float(point) for point in np.quantile(values, POINTS))
    return Range(low, middle, high, finest)


def range_of(points: Mapping[str, float]) -> Range:
    """Return quantiles of an ensemble by name (q05, q50, q95) as a range."""
    return Range(points["q05"], points["q50"], points["q95"])


def measure(values: Values, quantity: str, time: datetime, scope: str = "", finest: float = 1.0) -> Number:
    """Return the median of an ensemble [R] with the range of 9 in 10, and what it is of."""
    return Number(take_range(values, finest), quantity, scope, time.isoformat(timespec="minutes"))


def say_range(
    name: str, values: Values, finest: float = 1.0, none: str = "", least: float = 0.5, **fields: Field
) -> Said:
    """Return a sentence on an ensemble [R]: its fields {middle} and {ends} are the median and the range of 9 in 10.

    `finest` is the smallest step worth showing; `none` is said instead where nineteen in twenty values are below
    `least`, the smallest value that counts as something.
    """
    found = take_range(values, finest)
    if none and found.high < least:
        return say(none)
    return say(name, middle=Middle(found), ends=Ends(found), **fields)
