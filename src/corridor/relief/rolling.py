"""Planning again every day on what has happened since: the plan that a logistician in fact follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.carry import carry_out
from corridor.relief.formulate import formulate
from corridor.relief.linear import InfeasibleError, NoAnswerError
from corridor.relief.permissions import Permissions
from corridor.relief.plan import make_plan
from corridor.relief.routes import find_services
from corridor.relief.standing import Standing, stand_at
from corridor.relief.weigh import weigh_short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corridor.relief.carry import Carried
    from corridor.relief.convoys import Convoy
    from corridor.relief.plan import Plan
    from corridor.relief.problem import ReliefProblem, Weights

BETTER = 1e-3  # of what an old plan's rest comes to, by which a new plan must be better to take its place


@dataclass(frozen=True)
class Happened:
    """What is found after some periods of a problem: what stands for the rest of it, and what went unmet meanwhile.

    `standing` is None at the end. short [periods, P, K] are shares of the need.
    """

    standing: Standing | None
    short: NDArray[np.float64]


Follow = Callable[["ReliefProblem", "Sequence[Convoy]", int], Happened]
Expect = Callable[["ReliefProblem", Standing], "NDArray[np.float64]"]


@dataclass(frozen=True)
class Rolled:
    """The convoys that left under all plans, what share of the need went unmet [T, P, K], and how often was planned.

    `changed` counts the days on which a new plan took the place of what was left of the old one.
    """

    convoys: tuple[Convoy, ...]
    short: NDArray[np.float64]
    plans: int
    changed: int


def expect_as_found(problem: ReliefProblem, standing: Standing) -> NDArray[np.float64]:
    """Return the people expected [T, P] scaled to those found."""
    return problem.people if standing.people is None else scale_people(problem.people, standing.people)


def roll_plan(once: Plan, follow: Follow, expect: Expect = expect_as_found, every_hours: float = 24.0) -> Rolled:
    """Follow a plan for `every_hours`, look, and plan the rest again, until the end.

    `follow(problem, convoys, periods)` carries out the first periods of a problem with these convoys and says what
    stands then; `expect` says what people are expected from then on. The old plan's rest is kept unless a new plan is
    better: rounding to whole trucks is no reason to turn. Raises what make_plan raises.
    """
    step = max(1, round(every_hours / once.problem.period_hours))
    left, ahead = once.problem, once.convoys
    sent: list[Convoy] = []
    short, people = np.zeros((0, *left.stock.shape)), np.zeros((0, len(left.places)))
    plans, changed = 1, 0
    while True:
        periods = min(step, left.periods)
        until = left.time_of(periods)
        happened = follow(left, ahead, periods)
        sent += [convoy for convoy in ahead if convoy.departs < until]
        short, people = np.concatenate([short, happened.short]), np.concatenate([people, left.people[:periods]])
        if periods == left.periods or happened.standing is None:
            return Rolled(tuple(sent), short, plans, changed)
        left = go_on(left, periods, happened.standing, expect)
        rest = tuple(convoy for convoy in ahead if convoy.departs >= until)
        try:
            new = make_plan(left, once.weights)
        except (InfeasibleError, NoAnswerError):  # no whole trucks were found for what stands: the old plan goes on
            ahead = rest
            continue
        plans += 1
        whole = replace(once.problem, people=np.concatenate([people, left.people]))
        best, kept = (
            np.inf
            if foreseen is None
            else weigh_short(whole, once.weights, np.concatenate([short, foreseen.short]))
            + once.weights.waiting * float(foreseen.hours_waited.sum())
            for foreseen in (new.carried, foresee_rest(left, rest, once.weights))
        )
        if best < kept * (1.0 - BETTER):
            changed += 1
            rest = tuple(replace(convoy, id=f"day{plans:02d}_{convoy.id}") for convoy in new.convoys)
        ahead = rest


def go_on(problem: ReliefProblem, periods: int, standing: Standing, expect: Expect) -> ReliefProblem:
    """Return what remains of a problem after its first periods, as it stands then."""
    nothing = np.zeros((problem.periods - periods, *problem.stock.shape))
    rest = stand_at(problem.later(periods, standing.stock, standing.without, nothing), standing)
    return replace(rest, people=expect(rest, standing))


def foresee_rest(problem: ReliefProblem, convoys: Sequence[Convoy], weights: Weights) -> Carried | None:
    """Return what becomes of these convoys when they leave and no others; None where they may not enter a road.

    They may be late and less than full: who waits for trucks, fuel or inspection, and what that costs, is carried out.
    """
    return carry_out(problem, convoys) if may_drive(problem, convoys, weights) else None


def may_drive(problem: ReliefProblem, convoys: Sequence[Convoy], weights: Weights) -> bool:
    """Tell whether these convoys have ways that are open, slots and clearances."""
    formulation = formulate(problem, find_services(problem), weights, True)
    permissions = Permissions(problem, formulation, inspected=False)
    ways = {
        (problem.fleets[way.fleet].id, way.base, way.to, tuple(problem.roads[leg.road].id for leg in way.legs)): s
        for s, way in enumerate(formulation.services)
    }
    for convoy in convoys:
        s = ways.get((convoy.fleet, convoy.start, convoy.to, convoy.roads))
        t = round((convoy.departs - problem.start).total_seconds() / 3600.0 / problem.period_hours)
        if s is None or not permissions.allow(t, s, convoy.trucks):
            return False
        permissions.take(t, s, convoy.trucks)
    return True


def scale_people(expected: NDArray[np.float64], found: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the people expected [T, P] when `found` [P] are there now: they leave or come as was expected of others.

    Where nobody was expected those found are taken to stay; nowhere are there more than all people found.
    """
    first = expected[0]
    shares = np.divide(expected, first, out=np.ones_like(expected), where=first > 0)
    return np.asarray(np.minimum(shares * found, max(float(found.sum()), 0.0)))
