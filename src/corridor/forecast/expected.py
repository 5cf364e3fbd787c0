"""What a plan expects, taken from a run: people in each period, and what is in store when the plan begins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.problem import add_hours_without
from corridor.results.relief import ROAD, read_shelves
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from corridor.relief.problem import ReliefProblem
    from corridor.results.result import Result


def expect_people(result: Result, problem: ReliefProblem, chance: float) -> NDArray[np.float64]:
    """Return the people at each place in each period [T, P]: a quantile over the replicates of a run.

    The mean over the moments of a period counts. After the end of the run its last moment stands. People on the
    road are not counted: a plan serves places. Raises UsageError when the plan begins outside the run.
    """
    if not result.times[0] <= problem.start <= result.times[-1]:
        message = f"the run goes from {result.times[0]} to {result.times[-1]}: the plan cannot begin at {problem.start}"
        raise UsageError(message)
    edges = [_index(result, problem.time_of(t)) for t in range(problem.periods + 1)]
    people = np.zeros((problem.periods, len(problem.places)))
    for p, place in enumerate(problem.places):
        groups = result.take_all("at_place", place)
        if not groups:
            continue
        here = np.sum(list(groups.values()), axis=0)
        course = np.quantile(here, chance, axis=0)
        for t, (low, high) in enumerate(pairwise(edges)):
            people[t, p] = course[low : max(high, low + 1)].mean()
    return people


def _index(result: Result, moment: datetime) -> int:
    position = round((moment - result.times[0]) / timedelta(hours=result.manifest["record_hours"]))
    return min(max(position, 0), len(result.times) - 1)


def begin_from_run(problem: ReliefProblem, result: Result, recovery: float) -> ReliefProblem:
    """Return the problem with what the run finds in store when the plan begins, and the hours gone without by then.

    Medians over the replicates. A stock that the scenario does not state stays unknown, less what convoys have
    brought and is still there.
    """
    if problem.start == result.times[0]:
        return problem
    stock, without = problem.stock.copy(), problem.without.copy()
    at = {place: p for p, place in enumerate(problem.places)}
    of = {item.id: k for k, item in enumerate(problem.items)}
    index = _index(result, problem.start)
    for series in ("stock", "left"):
        for (place, item), values in result.take_all(series).items():
            p, k = at[place], of[item]
            found = float(np.median(values[:, index])) * problem.items[k].tonnes_per_unit
            if series == "stock" or found > 0:
                stock[p, k] = found
    for shelf in read_shelves(result):
        if shelf.place == ROAD:
            continue
        p, k = at[shelf.place], of[shelf.item]
        begun = np.full(len(shelf.stock), problem.without[p, k])
        hours = add_hours_without(begun, shelf.missing[:, 1 : index + 1].T, shelf.record_hours, recovery)
        without[p, k] = float(np.median(hours))
    return replace(problem, stock=stock, without=without)
