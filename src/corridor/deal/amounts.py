"""From a quantity as the scenario reads it to what the deal needs of it: centre, ends, usual distance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from corridor.deal.parties import Amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.scenario.values import Quantity

_NORMAL_95 = 1.6448536269514722  # 95 % point of the standard normal


def amount_of(quantity: Quantity) -> Amount:
    """Return the amount of a quantity: its middle is the central value, though not always its mean."""
    deviation = _DEVIATIONS[quantity.shape](quantity.low, quantity.middle, quantity.high)
    return Amount(quantity.middle, quantity.low, quantity.high, deviation)


def _deviate_uniform(low: float, middle: float, high: float) -> float:
    del middle
    return (high - low) / math.sqrt(12)


def _deviate_triangular(low: float, middle: float, high: float) -> float:
    below, above = middle - low, high - middle
    return math.sqrt((below**2 - below * above + above**2) / 6)


def _deviate_lognormal(low: float, middle: float, high: float) -> float:
    """Nine in ten lie between the ends; the distance is taken from the median."""
    del low
    variance = (math.log(high / middle) / _NORMAL_95) ** 2
    return middle * math.sqrt(math.exp(2 * variance) - 2 * math.exp(variance / 2) + 1)


# Root mean square distance from the middle, by shape.
_DEVIATIONS: dict[str, Callable[[float, float, float], float]] = {
    "fixed": lambda low, middle, high: 0.0,
    "uniform": _deviate_uniform,
    "triangular": _deviate_triangular,
    "lognormal": _deviate_lognormal,
}
