"""Whether the number in a quote says what the claim says, with its hedge, range and unit."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corridor.evidence.grammar.language import Language, load_language
from corridor.evidence.grammar.numbers import find_numbers
from corridor.evidence.grammar.quantities import Quantity, find_quantities
from corridor.evidence.grammar.units import convert

if TYPE_CHECKING:
    from collections.abc import Sequence

# How far a hedge lets the value be from the number said, as factors (a convention; see docs/evidence.md).
ABOUT = (0.9, 1.1)
AT_LEAST, UP_TO = 1.5, 0.5
_SLACK = 1e-9


@dataclass(frozen=True)
class Agreement:
    """What came of comparing a claim with its quote.

    `verdict` is agrees, differs (numbers were read, none fits), unit (a number fits, its unit does not),
    unread (the quote holds no number that was understood); `found` are the numbers read, in words.
    """

    verdict: str
    found: tuple[str, ...] = ()


def allowed_range(quantity: Quantity, language: Language) -> tuple[float, float]:
    """Return the values that a quantity as said allows."""
    if quantity.value is None:
        low, high = quantity.low or 0.0, quantity.high or math.inf
        return (low * ABOUT[0], high * ABOUT[1]) if quantity.approximate else (low, high)
    value = quantity.value
    if quantity.low is not None:
        return value, value * AT_LEAST
    if quantity.high is not None:
        return value * UP_TO, value
    if quantity.hedge.lower() in language.words["hedges_nearly"]:
        return value * ABOUT[0], value
    return (value * ABOUT[0], value * ABOUT[1]) if quantity.approximate else (value, value)


def compare(
    quote: str, value: float | None, low: float | None, high: float | None, unit: str, language: Language | None
) -> Agreement:
    """Compare a claim's value (or low and high) in its unit with the numbers in its quote.

    Of a quote whose language is not read (None) only the digits are.
    """
    read = find_quantities(quote, language=language) if language else []
    language = language or load_language("en")
    fitting_unit = []
    for quantity in read:
        converted = _convert(quantity, unit)
        if converted is not None:
            fitting_unit.append(converted)
    if any(_fits(allowed_range(q, language), q, value, low, high) for q in fitting_unit):
        return Agreement("agrees")
    if not unit and any(_fits(allowed_range(q, language), q, value, low, high) for q in read):
        return Agreement("agrees")
    if any(_fits(allowed_range(q, language), q, value, low, high) for q in read):
        return Agreement("unit", _say(quote, read))
    if fitting_unit:
        return Agreement("differs", _say(quote, read))
    # no unit that the grammar knows: the bare numbers must do
    bare = [n for n in find_numbers(quote, language) if not any(q.start <= n.start < q.end for q in read)]
    wanted = [v for v in (value, low, high) if v is not None]
    if bare and any(n.low <= v <= n.high or _same(n.low, v) for n in bare for v in wanted[:1]):
        return Agreement("agrees")
    if read or bare:
        return Agreement("differs", _say(quote, read) + tuple(quote[n.start : n.end] for n in bare))
    return Agreement("unread")


def _convert(quantity: Quantity, unit: str) -> Quantity | None:
    if not unit:
        return None
    factor = convert(1.0, quantity.unit, unit)
    if factor is None:
        return None
    value, low, high = (None if v is None else v * factor for v in (quantity.value, quantity.low, quantity.high))
    return replace(quantity, value=value, low=low, high=high, unit=unit)


def _fits(
    allowed: tuple[float, float], said: Quantity, value: float | None, low: float | None, high: float | None
) -> bool:
    bottom, top = allowed
    slack = _SLACK * max(1.0, abs(bottom))
    if value is not None:
        # a claim with its own range round a plain number: the number said must lie in that range
        if not (bottom - slack <= value <= top + slack):
            return False
        return (low is None or low <= top + slack) and (high is None or high >= bottom - slack)
    if low is None and high is None:
        return False
    stated = [v for v in (said.low, said.high, said.value) if v is not None]
    return all(any(_same(end, s) for s in stated) for end in (low, high) if end is not None)


def _same(one: float, two: float) -> bool:
    return math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-12)


def _say(quote: str, quantities: Sequence[Quantity]) -> tuple[str, ...]:
    return tuple(quote[q.start : q.end] for q in quantities)
