"""How far a number is rounded: to what is known, the same way in every language."""

from __future__ import annotations

import math
from collections.abc import Sequence

SAME = 1e-9
ROUND_UP = 0.2  # of a power of ten: a width of 6.3 or more already counts as 10


def round_number(value: float, step: float = 0.0) -> str:
    """Return a number with a comma between thousands, rounded to a multiple of `step` (0: three digits)."""
    step = step or step_of([value])
    rounded = round(value / step) * step
    places = max(0, -math.floor(math.log10(step) + SAME))
    return f"{rounded + 0.0:,.{places}f}"


def round_about(value: float) -> str:
    """Return a number rounded to two significant digits: for what is only roughly known."""
    if abs(value) < 1:
        return "0" if value == 0 else f"{value:.1g}"
    return round_number(value, 10.0 ** max(0, math.floor(math.log10(abs(value)) + SAME) - 1))


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


def round_three(low: float, middle: float, high: float, finest: float = 1.0) -> list[str]:
    """Return the median of a range and its ends as text, rounded alike.

    What the step would round to nothing keeps one digit of its own: two hours on the way are not none, however long
    the range is.
    """
    step = step_of([low, middle, high], finest)
    own = [
        10.0 ** math.floor(math.log10(abs(v)) + SAME) if finest <= abs(v) < step / 2 else step
        for v in (middle, low, high)
    ]
    return [round_number(value, size) for value, size in zip((middle, low, high), own, strict=True)]
