"""What stands at the moment at which a plan begins: stocks, trucks, permissions used, goods and convoys under way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.scenario.convoys import convoys_of_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corridor.relief.problem import Clearance, DailySlots, Limit, ReliefProblem
    from corridor.relief.waiting import Waiting
    from corridor.relief.works import Facility, Plant

_ALMOST = 1e-9


@dataclass(frozen=True)
class Standing:
    """What is found of a problem that begins at a moment. T periods, P places, K items, G fleets.

    stock [P, K]: tonnes in store, depots included; nan where it is not known. without [P, K]: hours without so far.
    opened [T, P, K]: tonnes that the problem lets depots have in a period and that are in the stock already. coming
    [T, P, K]: tonnes under way, in the period from which they can be used. trucks [G]: of each fleet in all; away
    [T, G]: of these under way when a period begins. cleared: trucks let through, or under way to be, by clearance.
    today: what is left of today's slots, by limit. entering: convoys (of slots) or trucks (inspected) under way that
    enter a limited road in each period, [T] by limit. people [P], made [P, K] (tonnes a period), plants [2, M]
    (tonnes that each can make in a period as it works now, and its most in times of what the case writes) and
    facilities [F] (tonnes a day): None is as expected. waiting [P, U] and boarding [T, P, U]: people who wait for a
    seat out, and those of them who will board vehicles under way; None where the problem has none.
    """

    stock: NDArray[np.float64]
    without: NDArray[np.float64]
    opened: NDArray[np.float64]
    coming: NDArray[np.float64]
    trucks: NDArray[np.float64]
    away: NDArray[np.float64]
    cleared: Mapping[str, float] = field(default_factory=dict)
    today: Mapping[str, float] = field(default_factory=dict)
    entering: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    people: NDArray[np.float64] | None = None
    made: NDArray[np.float64] | None = None
    plants: NDArray[np.float64] | None = None
    facilities: NDArray[np.float64] | None = None
    waiting: NDArray[np.float64] | None = None
    boarding: NDArray[np.float64] | None = None


def stand_at(problem: ReliefProblem, standing: Standing) -> ReliefProblem:
    """Return a problem with what stands when it begins in place of what the case starts with.

    What is made each day goes on as found; people are those expected already. What has been used since the case began
    is taken off what the case writes, also of a problem that has what stood earlier.
    """
    people, waiting, problem = problem.people, _find_waiting(problem, standing), problem.written or problem
    supply, steady, made = np.maximum(problem.supply - standing.opened, 0.0), problem.steady_supply(), problem.made
    if standing.made is not None and made is not None:
        told = np.isfinite(standing.made)
        change = np.where(told, standing.made, 0.0) - np.where(told, problem.made_per_period(), 0.0)
        supply, steady = supply + change, steady + change
        made = np.where(told, standing.made * 24.0 / problem.period_hours, made)
    fleets = (
        replace(fleet, trucks=float(trucks), convoy_trucks=_size(fleet.convoy_trucks, fleet.trucks, float(trucks)))
        for fleet, trucks in zip(problem.fleets, standing.trucks, strict=True)
    )
    return replace(
        problem,
        people=people,
        waiting=waiting,
        stock=standing.stock,
        without=standing.without,
        supply=supply + standing.coming,
        steady=steady,
        made=made,
        fleets=tuple(fleets),
        away=standing.away,
        limits=tuple(_reduce(problem, limit, standing) for limit in problem.limits),
        clearances=tuple(_use(clearance, standing.cleared) for clearance in problem.clearances),
        plants=problem.plants if standing.plants is None else tuple(map(_work, problem.plants, *standing.plants)),
        facilities=_find_facilities(problem, standing),
        written=problem,
    )


def _find_waiting(problem: ReliefProblem, standing: Standing) -> Waiting | None:
    if problem.waiting is None or standing.waiting is None or standing.boarding is None:
        return problem.waiting
    return replace(problem.waiting, at_start=standing.waiting, spoken_for=standing.boarding)


def _find_facilities(problem: ReliefProblem, standing: Standing) -> tuple[Facility, ...]:
    if standing.facilities is None:
        return problem.facilities
    uses = zip(problem.facilities, standing.facilities, strict=True)
    return tuple(replace(facility, per_day=float(use)) for facility, use in uses)


def _work(plant: Plant, now: float, scale: float) -> Plant:
    """Return a plant that works as it does now until the problem has it change, then as that says."""
    unchanged = np.cumsum(np.abs(np.diff(plant.most, prepend=plant.most[:1])) > _ALMOST) == 0
    return replace(plant, most=np.where(unchanged, now, plant.most * scale))


def _size(most: float, before: float, now: float) -> float:
    """Return the most trucks in a convoy: where that is all of a fleet it stays so."""
    return now if most == before else most


def _use(clearance: Clearance, cleared: Mapping[str, float]) -> Clearance:
    return replace(clearance, trucks=max(clearance.trucks - cleared.get(clearance.id, 0.0), 0.0))


def _reduce(problem: ReliefProblem, limit: Limit, standing: Standing) -> Limit:
    """Return what may still enter a limited road: less those under way, and today no more than is left of today."""
    entering = standing.entering.get(limit.id, np.zeros(problem.periods))
    most = np.maximum(np.asarray(limit.most) - entering, 0.0)
    if limit.id in standing.today:
        days = np.array([problem.time_of(t).date() == problem.start.date() for t in range(problem.periods)])
        left = max(standing.today[limit.id] - float(entering[days].sum()), 0.0)
        before = np.cumsum(most[days]) - most[days]
        most[days] = np.clip(left - before, 0.0, most[days])
    return replace(limit, most=most, daily=None if limit.daily is None else _reduce_daily(problem, limit, standing))


def _reduce_daily(problem: ReliefProblem, limit: Limit, standing: Standing) -> DailySlots:
    """Return the slots with those used that were today, or will be by convoys under way."""
    assert limit.daily is not None
    daily, used = limit.daily, {}
    if limit.id in standing.today:
        today = daily.day_of(0.0)
        used[today] = float(convoys_of_day(daily.a_day, today)) - standing.today[limit.id]
    for t, convoys in enumerate(standing.entering.get(limit.id, ())):
        day = daily.day_of(t * problem.period_hours)
        used[day] = used.get(day, 0.0) + float(convoys)
    return replace(daily, used=used)
