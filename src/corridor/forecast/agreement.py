"""How well what particles say agrees with a count, and how far the model itself may be off.

A count is what a particle says, and the model's error, and the count's own. The count's own is as stated or as it was
rounded. The model's is a share of the count and fades with time: what was too low yesterday is too low today (a
stationary Gauss-Markov path in each series and place; M. Kennedy, A. O'Hagan, J. R. Statist. Soc. B 63 (2001) 425-464,
call it the model's inadequacy). So of counts that follow each other closely it is the increase that tells. How large
that share is, is not known: each particle has its own for each series, drawn from a wide range, and the counts say
which are likely.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from scipy.special import log_ndtr

from corridor.scenario.counts import Count
from corridor.simulate.arrays import Floats, Integers

MODEL_ERROR = {"total": 0.03, "part": 0.3}  # of a count, the middle of the range; parts of a whole are told less well
SPREAD = 0.8  # of the logarithm of that share
SMALL = 0.02  # of the size of such counts: what is added to one before the share is taken
FADING_HOURS = 48.0  # in which the model's error becomes another
FRESH = 0.1  # of the model's error, what is new with every count
TAIL = 4.0  # degrees of freedom of Student's t: now and then a count is much further off

Where = tuple[str, str, str]  # series, and by what and where it was counted


def where_of(count: Count) -> Where:
    """Return what is counted, whenever."""
    return count.thing.series, *count.thing.where


def name_error(where: Where) -> str:
    """Return the name of the model's error for what is counted: one for totals, one for parts of them."""
    series, by, _ = where
    return f"error/{series}" + (f"/{by}" if by else "")


def list_errors(counts: Iterable[Count]) -> tuple[str, ...]:
    """Return the names of the model's errors for these counts."""
    return tuple(sorted({name_error(where_of(count)) for count in counts}))


def share_of(name: str, scores: Floats) -> Floats:
    """Return the model's error as a share of a count, for normal scores [N]."""
    middle = MODEL_ERROR["part" if name.count("/") > 1 else "total"]
    return np.asarray(middle * np.exp(SPREAD * scores))


@dataclass
class Gaps:
    """By how much the last count of each kind differed from what the particles said of it, and when [N]."""

    people: float  # in the case
    last: dict[Where, tuple[float, Floats]] = field(default_factory=dict)

    def expect(
        self,
        where: Where,
        hour: float,
        level: Floats | float,
        share: Floats,
        lines: Integers | None = None,
        size: float | None = None,
    ) -> tuple[Floats, Floats]:
        """Return what is to be added to what particles say of a count of this level, and how uncertain that is [N].

        `size` is how large such counts are, of everybody if None; `lines` chooses among the particles that noted gaps.
        """
        spread = share * (level + SMALL * (self.people if size is None else size))
        if where not in self.last:
            return np.zeros_like(spread), spread
        before, gap = self.last[where]
        gap = gap if lines is None else gap[lines]
        kept = math.exp(-abs(hour - before) / FADING_HOURS)
        return kept * gap, spread * math.sqrt(1.0 - kept**2 + FRESH**2)

    def note(self, where: Where, hour: float, gap: Floats) -> None:
        """Note the difference at a count, unless one of a later hour is noted: it may have been published late."""
        if where not in self.last or self.last[where][0] <= hour:
            self.last[where] = (hour, gap)

    def take(self, parents: Integers) -> None:
        """Let particles go on as copies of their parents."""
        self.last = {where: (hour, gap[parents]) for where, (hour, gap) in self.last.items()}


def measure_agreement(said: Floats, count: Count, spread: Floats) -> Floats:
    """Return the logarithm of the likelihood of a count, where particles say `said` within `spread` [N]."""
    spread = np.hypot(spread, count.error / math.sqrt(3.0))  # the truth as likely anywhere within the count's error
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
    far = np.where(below > 0, log_ndtr(-below), log_ndtr(above))
    near = np.where(below > 0, log_ndtr(-above), log_ndtr(below))
    return np.asarray(far + np.log1p(-np.exp(np.minimum(near - far, -1e-12))))
