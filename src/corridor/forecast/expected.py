"""What a plan expects: people in each period, and what stands when it begins, from simulated courses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor.forecast.moment import Moment
from corridor.forecast.standing import read_standing
from corridor.relief.problem import add_hours_without
from corridor.relief.standing import Standing, stand_at
from corridor.results.in_memory import keep_record
from corridor.results.relief import ROAD, read_shelves
from corridor.scenario.faults import UsageError
from corridor.scenario.values import hours_between
from corridor.simulate.batch import begin_batch, carry_on
from corridor.simulate.record import begin_record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from corridor.relief.problem import ReliefProblem
    from corridor.results.result import Result
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.arrays import Integers
    from corridor.simulate.ensemble import Ensemble
    from corridor.simulate.state import State


@dataclass(frozen=True)
class Chances:
    """How much a plan counts on: quantiles over courses of the people, and of what there is for them.

    What is used up or under way is taken at 1 - goods.
    """

    people: float = 0.5
    goods: float = 0.5


MEDIAN, CAUTIOUS = Chances(), Chances(0.9, 0.1)


@dataclass(frozen=True)
class Courses:
    """What stands at the first moment planned in each of some courses, and the record up to it or beyond."""

    standings: tuple[Standing, ...]
    result: Result


def simulate_courses(
    scenario: Scenario, ensemble: Ensemble, numbers: Integers, problem: ReliefProblem, beyond: bool, recovery: float
) -> Courses:
    """Simulate replicates until a problem begins, or `beyond` until it ends, and read what stands when it begins.

    `recovery` is how many hours of full supply wipe out one hour without, as in the weights of a plan.
    """
    clock, (luck, given, moves) = ensemble.model.clock, ensemble.draw(numbers)
    hour = hours_between(clock.start, problem.start)
    first = round(hour / clock.step_hours)
    last = round(hours_between(clock.start, problem.time_of(problem.periods)) / clock.step_hours)
    last = min(last + clock.record_every, clock.steps) if beyond else first
    state = begin_batch(ensemble.model, luck, given, ensemble.behaviour)
    record = begin_record(ensemble.model, len(numbers))
    record.write(state, 0)
    seen: list[Standing] = []

    def look(now: State, step: int) -> None:
        if step + 1 == first:
            seen.extend(
                read_standing(Moment(problem, now, hour, hour, r), problem.without) for r in range(len(numbers))
            )

    look(state, -1)
    carry_on(state, record, moves, 0, last, {}, look)
    result = keep_record(scenario, ensemble, record)
    without = _find_without(result, problem, recovery)
    told = (replace(standing, without=hours) for standing, hours in zip(seen, without, strict=True))
    return Courses(tuple(told), result)


def _find_without(result: Result, problem: ReliefProblem, recovery: float) -> NDArray[np.float64]:
    """Return the hours gone without when a problem begins, in each replicate [R, P, K]."""
    without = np.repeat(problem.without[None], result.replicates, axis=0)
    at = {place: p for p, place in enumerate(problem.places)}
    of = {item.id: k for k, item in enumerate(problem.items)}
    index = _index(result, problem.start)
    for shelf in read_shelves(result):
        if shelf.place != ROAD:
            p, k = at[shelf.place], of[shelf.item]
            begun = np.full(len(shelf.stock), problem.without[p, k])
            missing = shelf.missing[:, 1 : index + 1].T
            without[:, p, k] = add_hours_without(begun, missing, shelf.record_hours, recovery)
    return without


def count_on(problem: ReliefProblem, courses: Courses, chances: Chances) -> ReliefProblem:
    """Return a problem with what stands when it begins, as far as a plan counts on it."""
    return stand_at(problem, combine(courses.standings, chances))


def combine(standings: Sequence[Standing], chances: Chances) -> Standing:
    """Return one standing of many courses: quantiles number by number, of what comes in of its sum so far.

    Where something is not known in most courses it is not known.
    """
    spent = 1.0 - chances.goods

    def take(name: str, chance: float, method: str = "linear") -> NDArray[np.float64]:
        return _quantile(np.array([getattr(standing, name) for standing in standings]), chance, method)

    def take_named(name: str, chance: float, method: str) -> dict[str, NDArray[np.float64]]:
        found = {key: np.array([getattr(s, name)[key] for s in standings]) for key in getattr(standings[0], name)}
        return {key: _quantile(values, chance, method) for key, values in found.items()}

    arrived = np.array([standing.coming.cumsum(axis=0) for standing in standings])
    coming = np.diff(_quantile(arrived, chances.goods, "linear"), axis=0, prepend=0.0)
    of_works = {"made": chances.goods, "plants": chances.goods, "facilities": spent}
    works = {name: take(name, at) for name, at in of_works.items() if getattr(standings[0], name) is not None}
    return Standing(
        stock=take("stock", chances.goods),
        without=take("without", spent),
        opened=take("opened", 0.5),
        coming=np.maximum(coming, 0.0),
        trucks=take("trucks", chances.goods, "lower"),
        away=take("away", spent, "higher"),
        cleared={key: float(value) for key, value in take_named("cleared", spent, "higher").items()},
        today={key: float(value) for key, value in take_named("today", chances.goods, "lower").items()},
        entering=take_named("entering", spent, "higher"),
        people=take("people", chances.people),
        **works,
    )


def _quantile(values: NDArray[np.float64], chance: float, method: str) -> NDArray[np.float64]:
    """Return a quantile over the first axis; nan where most are not known, nothing for one that is not elsewhere."""
    known = np.isfinite(values)
    found = np.quantile(np.where(known, values, 0.0), chance, axis=0, method=method)  # type: ignore[call-overload]
    return np.where(known.mean(axis=0) > 0.5, found, np.nan)


def expect_people(result: Result, problem: ReliefProblem, chance: float) -> NDArray[np.float64]:
    """Return the people at each place in each period [T, P]: a quantile over the replicates of a run.

    The mean over the moments of a period counts. After the end of the run its last moment stands. People on the
    road are not counted: a plan serves places. Raises UsageError when the plan begins outside the run.
    """
    if not result.times[0] <= problem.start <= result.times[-1]:
        message = f"the run goes from {result.times[0]} to {result.times[-1]}: the plan cannot begin at {problem.start}"
        raise UsageError(message)
    return _average_people(result, problem, lambda here: np.asarray(np.quantile(here, chance, axis=0)))


def count_people(result: Result, problem: ReliefProblem, row: int) -> NDArray[np.float64]:
    """Return the people at each place in each period [T, P] of one replicate of a run, by its row."""
    return _average_people(result, problem, lambda here: np.asarray(here[row]))


def _average_people(
    result: Result, problem: ReliefProblem, choose: Callable[[NDArray[np.float64]], NDArray[np.float64]]
) -> NDArray[np.float64]:
    """Return means over the moments of each period [T, P] of what is chosen of the people at a place [R, moments]."""
    edges = [_index(result, problem.time_of(t)) for t in range(problem.periods + 1)]
    people = np.zeros((problem.periods, len(problem.places)))
    for p, place in enumerate(problem.places):
        groups = result.take_all("at_place", place)
        if not groups:
            continue
        course = choose(np.sum(list(groups.values()), axis=0))
        for t, (low, high) in enumerate(pairwise(edges)):
            people[t, p] = course[low : max(high, low + 1)].mean()
    return people


def _index(result: Result, moment: datetime) -> int:
    position = round((moment - result.times[0]) / timedelta(hours=result.manifest["record_hours"]))
    return min(max(position, 0), len(result.times) - 1)
