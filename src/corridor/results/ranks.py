"""How two samples go together by rank, and what luck alone makes of that."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import ndtri

if TYPE_CHECKING:
    from corridor.results.result import Values

CHANCE = 0.05  # that any of the inputs shown as mattering does so by luck alone


def rank_correlation(a: Values, b: Values) -> float:
    """Return Spearman's rank correlation of two samples [R], 0 where one does not vary."""
    x, y = _rank(a) - (len(a) + 1) / 2, _rank(b) - (len(b) + 1) / 2
    size = math.sqrt(float(x @ x) * float(y @ y))
    return float(x @ y) / size if size > 0 else 0.0


def _rank(values: Values) -> Values:
    """Return the ranks of a sample [R] from 1, the mean rank among equals (scipy.stats takes a second to load)."""
    _, which, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return np.asarray((last - (counts - 1) / 2)[which])


def noise_level(replicates: float, inputs: int) -> float:
    """Return the correlation that luck alone exceeds in one case in twenty for any of so many inputs.

    Under independence a rank correlation is nearly normal with variance 1 / (R - 1); Bonferroni over the inputs.
    """
    return float(ndtri(1 - CHANCE / (2 * max(inputs, 1)))) / math.sqrt(max(replicates - 1, 0.1))
