"""A variant changes a number that was fitted: the fitted value's place in the old range is kept in the new one.

Without this the fitted value would stand in the variant too, and the change would be lost without a word.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from scipy.special import ndtr

from corridor.scenario.values import NORMAL_95, Quantity
from corridor.simulate.arrays import Floats

EDGE = 1e-12


def find_chance(quantity: Quantity, values: Floats) -> Floats:
    """Return the chance below each value: the inverse of Quantity.take, 0.5 for a number without a range."""
    low, middle, high = quantity.low, quantity.middle, quantity.high
    if quantity.shape == "lognormal":
        spread = math.log1p(quantity.percent / 100.0) / NORMAL_95
        chance = ndtr(np.log(np.maximum(values, 1e-300) / middle) / spread)
    elif high <= low:
        chance = np.full(np.shape(values), 0.5)
    elif quantity.shape == "triangular":
        rising = (values - low) ** 2 / ((high - low) * max(middle - low, EDGE))
        falling = 1.0 - (high - values) ** 2 / ((high - low) * max(high - middle, EDGE))
        chance = np.where(values < middle, rising, falling)
    else:
        chance = (values - low) / (high - low)
    return np.asarray(np.clip(chance, EDGE, 1.0 - EDGE))


def carry_over(
    names: tuple[str, ...], table: Floats, before: Mapping[str, Quantity], after: Mapping[str, Quantity]
) -> Floats:
    """Return fitted values [N, names] for a variant: those whose range it changed are moved into the new range.

    `before` and `after` are the quantities of the scenario as written and of the variant, by name.
    """
    moved = table.copy()
    for i, name in enumerate(names):
        old, new = before.get(name), after.get(name)
        if old is not None and new is not None and old != new:
            moved[:, i] = new.take(find_chance(old, table[:, i]))
    return moved
