"""Planning again every day on what has happened since: the plan that a logistician in fact follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.plan import make_plan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.plan import Convoy, Plan
    from corridor.relief.problem import ReliefProblem, Weights


@dataclass(frozen=True)
class Happened:
    """What is found after some periods: stock and hours without [P, K]; tonnes on the way [T left, P, K]."""

    stock: NDArray[np.float64]
    without: NDArray[np.float64]
    on_the_way: NDArray[np.float64]
    short: NDArray[np.float64]  # [periods, P, K] share of the need unmet meanwhile
    people: NDArray[np.float64] | None = None  # [P] found there; None: as expected
    made: NDArray[np.float64] | None = None  # [P, K] tonnes made in a period lately, nan: as expected


Follow = Callable[["Plan", int], Happened]


@dataclass(frozen=True)
class Rolled:
    """The convoys that left under all plans, and what share of the need went unmet, [T, P, K]."""

    convoys: tuple[Convoy, ...]
    short: NDArray[np.float64]
    plans: int


def roll_plan(
    problem: ReliefProblem, follow: Follow, weights: Weights | None = None, every_hours: float = 24.0
) -> Rolled:
    """Plan, follow the plan for `every_hours`, look, and plan the rest again, until the end.

    The people expected are scaled to those found, and what is made goes on as lately. `follow(plan, periods)` carries
    out the first periods of a plan and says what happened. Trucks on the road when
    a new plan is made are counted as back at their base, which errs on the hopeful side by at most one trip each.
    Raises what make_plan raises.
    """
    step = max(1, round(every_hours / problem.period_hours))
    left, convoys, short, plans = problem, [], [], 0
    steady = (problem.supply == problem.supply[:1]).all(axis=0) & ~problem.unlimited  # no depot fills or opens
    while left.periods > 0:
        plan = make_plan(left, weights)
        plans += 1
        periods = min(step, left.periods)
        until = left.time_of(periods)
        convoys += [convoy for convoy in plan.convoys if convoy.departs < until]
        happened = follow(plan, periods)
        short.append(happened.short)
        if periods == left.periods:
            break
        left = left.later(periods, happened.stock, happened.without, happened.on_the_way)
        if happened.people is not None:
            left = replace(left, people=scale_people(left.people, happened.people))
        if happened.made is not None:
            supply = problem.supply[-left.periods :]
            supply = np.where(steady & np.isfinite(happened.made), happened.made, supply)
            supply = supply + happened.on_the_way
            left = replace(left, supply=supply)
    return Rolled(tuple(convoys), np.concatenate(short), plans)


def scale_people(expected: NDArray[np.float64], found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the people expected [T, P] when `found` [P] are there now: they leave or come as was expected of others.

    Where nobody was expected those found are taken to stay; nowhere are there more than all people found.
    """
    first = expected[0]
    shares = np.divide(expected, first, out=np.ones_like(expected), where=first > 0)
    return np.asarray(np.minimum(shares * found, max(float(found.sum()), 0.0)))
