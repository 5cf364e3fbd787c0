"""How well what particles say agrees with a count, and how far the model itself may be off.

Each count has its own error, as stated or as it was rounded. Beside it stands the error of the model: a share of the
count, one for the totals of each series and one for its counts by place, area or exit. It is not known, so each
particle has its own, drawn from a wide range, and the counts say which are likely.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from scipy.special import log_ndtr

from corridor.scenario.counts import Count
from corridor.simulate.arrays import Floats

MODEL_ERROR = {"total": 0.03, "part": 0.1}  # of a count, the middle of the range; parts of a whole are told less well
SPREAD = 0.8  # of the logarithm of that share
TAIL = 4.0  # degrees of freedom of Student's t: now and then a count is much further off
SMALL = 0.02  # of the people in the case: what is added to a count before the share is taken


def name_error(count: Count) -> str:
    """Return the name of the model's error for a count."""
    by, _ = count.thing.where
    return f"error/{count.thing.series}" + (f"/{by}" if by else "")


def list_errors(counts: Iterable[Count]) -> tuple[str, ...]:
    """Return the names of the model's errors for these counts."""
    return tuple(sorted({name_error(count) for count in counts}))


def share_of(name: str, scores: Floats) -> Floats:
    """Return the model's error as a share of a count, for normal scores [N]."""
    middle = MODEL_ERROR["part" if name.count("/") > 1 else "total"]
    return np.asarray(middle * np.exp(SPREAD * scores))


def spread_of(count: Count, share: Floats, people: float) -> Floats:
    """Return by how much a count may differ from what particles say of it [N]: one standard deviation."""
    own = count.error / math.sqrt(3.0)  # as likely anywhere within it
    return np.asarray(np.hypot(share * (count.number + SMALL * people), own))


def measure_agreement(said: Floats, count: Count, spread: Floats) -> Floats:
    """Return the logarithm of the likelihood of a count, where particles say `said` [N]."""
    if count.is_point:
        distance = (said - count.number) / spread
        return np.asarray(-0.5 * (TAIL + 1.0) * np.log1p(distance**2 / TAIL) - np.log(spread))
    low = -math.inf if count.low is None else count.low
    high = math.inf if count.high is None else count.high
    above, below = (said - low) / spread, (said - high) / spread
    if math.isinf(high):
        return np.asarray(log_ndtr(above))
    if math.isinf(low):
        return np.asarray(log_ndtr(-below))
    # log of the difference of two distribution functions, without loss far out in a tail
    far, near = np.where(below > 0, log_ndtr(-below), log_ndtr(above)), np.where(below > 0, log_ndtr(-above), log_ndtr(below))
    return np.asarray(far + np.log1p(-np.exp(np.minimum(near - far, -1e-12))))
