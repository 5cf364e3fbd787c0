"""What a record shows of the first periods of a relief problem: what share of each need went unmet."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.problem import ReliefProblem
    from corridor.results.result import Result
    from corridor.simulate.model import Clock


def find_short(
    problem: ReliefProblem, periods: int, course: Result, clock: Clock, replicate: int = 0
) -> NDArray[np.float64]:
    """Return the share of each need unmet in each of the first periods [periods, P, K]; 0 where nothing is recorded."""
    first = (problem.start - clock.start) / timedelta(hours=clock.record_hours)
    each = problem.period_hours / clock.record_hours
    moments = [min(round(first + each * t), clock.records - 1) for t in range(periods + 1)]
    short = np.zeros((periods, *problem.stock.shape))
    for p, place in enumerate(problem.places):
        for k, item in enumerate(problem.items):
            if not course.has("needed", place, item.id):
                continue
            needed, used = (course.take(name, place, item.id)[replicate] for name in ("needed", "used"))
            for t, (low, high) in enumerate(pairwise(moments)):
                asked = needed[high] - needed[low]
                if asked > 0:
                    short[t, p, k] = 1.0 - (used[high] - used[low]) / asked
    return short
