"""Whether the convoys of a plan, as printed, can be driven: trucks, roads, slots, inspection, clearances, fuel, goods.

Written from the list of convoys and the problem alone; it knows nothing of the programme the plan came from.
"""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor.relief.convoys import Convoy
    from corridor.relief.plan import Plan
    from corridor.relief.problem import Clearance, Limit, ReliefProblem, Road

_ROUNDING = 1e-5  # tonnes, trucks


def check_feasible(plan: Plan) -> list[str]:
    """Return what about the printed convoys cannot be done, in words; an empty list where all of it can."""
    problem = plan.problem
    trips = [_Trip(problem, convoy) for convoy in plan.convoys]
    found: list[str] = []
    for check in (_check_loads, _check_trucks, _check_roads, _check_limits, _check_clearances, _check_goods):
        found += check(problem, trips)
    return found


class _Trip:
    """One row of the list of convoys with the hours, from the start of the plan, at which it enters each road."""

    def __init__(self, problem: ReliefProblem, convoy: Convoy) -> None:
        self.convoy = convoy
        self.fleet = next(fleet for fleet in problem.fleets if fleet.id == convoy.fleet)
        self.leaves = (convoy.departs - problem.start).total_seconds() / 3600.0
        self.out: list[tuple[Road, bool, float]] = []
        at, now = convoy.start, self.leaves
        for name in convoy.roads:
            road = next(road for road in problem.roads if road.id == name)
            forward = road.start == at
            self.out.append((road, forward, now))
            at, now = (road.end if forward else road.start), now + self.fleet.hours_over(road)
        self.arrives, self.km = now, sum(road.km for road, _, _ in self.out)
        way = now - self.leaves
        self.free_again = self.leaves + (2.0 * way + self.fleet.handling_hours) * self.fleet.margin
        back = now + self.fleet.handling_hours
        self.back = [
            (road, not forward, back + now - entered - self.fleet.hours_over(road))
            for road, forward, entered in reversed(self.out)
        ]


def _check_loads(problem: ReliefProblem, trips: list[_Trip]) -> Iterator[str]:
    kept = {item.id for item in problem.items if item.kept}
    for trip in trips:
        convoy = trip.convoy
        if sum(convoy.loads.values()) > trip.fleet.tonnes * convoy.trucks + _ROUNDING:
            yield f"{convoy.id} carries more than its trucks hold"
        if convoy.trucks < 1 or set(convoy.loads) - kept:
            yield f"{convoy.id} has no trucks, or carries what cannot be kept"


def _check_trucks(problem: ReliefProblem, trips: list[_Trip]) -> Iterator[str]:
    for g, fleet in enumerate(problem.fleets):
        mine = [trip for trip in trips if trip.fleet is fleet]
        for trip in mine:
            out = 0.0 if problem.away is None else float(problem.away[_period(problem, trip.leaves), g])
            out += sum(o.convoy.trucks for o in mine if o.leaves <= trip.leaves + 1e-9 < o.free_again - 1e-9)
            if out > fleet.trucks + _ROUNDING:
                yield f"{trip.convoy.id}: {out:g} trucks of {fleet.id} are out, there are {fleet.trucks:g}"
            if trip.convoy.start != fleet.base:
                yield f"{trip.convoy.id} leaves from {trip.convoy.start}, {fleet.id} stands at {fleet.base}"


def _period(problem: ReliefProblem, hour: float) -> int:
    return int(hour / problem.period_hours + 1e-9)


def _check_roads(problem: ReliefProblem, trips: list[_Trip]) -> Iterator[str]:
    for trip in trips:
        for road, forward, hour in trip.out:
            t = _period(problem, hour)
            share = np.asarray(road.forward if forward else road.backward)
            if t < problem.periods and share[t] <= 0.0:
                yield f"{trip.convoy.id} enters {road.id} while it is shut"


def _check_limits(problem: ReliefProblem, trips: list[_Trip]) -> Iterator[str]:
    for limit in problem.limits:
        entering: dict[tuple[int, str], int] = defaultdict(int)
        for trip in trips:
            for road, forward, hour in (*trip.out, *trip.back):
                if road.id == limit.road and (limit.both_ways or forward == limit.forward):
                    entering[_period(problem, hour), trip.fleet.id] += trip.convoy.trucks
        for t in range(problem.periods):
            used = sum(_count_used(problem, limit, t, fleet, n) for (when, fleet), n in entering.items() if when == t)
            if used > limit.most[t] + _ROUNDING:
                yield f"{limit.id}: {used:g} enter {limit.road} from {problem.time_of(t)}, {limit.most[t]:g} may"


def _count_used(problem: ReliefProblem, limit: Limit, t: int, name: str, trucks: int) -> float:
    """Return the convoys, or the trucks inspected, that so many trucks of a fleet make in a period."""
    if limit.kind != "slots":
        road = next(road for road in problem.roads if road.id == limit.road)
        share = 1.0 if limit.both_ways else float((road.forward if limit.forward else road.backward)[t])
        return trucks / share if share > 0.0 else float(trucks)
    fleet = next(fleet for fleet in problem.fleets if fleet.id == name)
    return math.ceil(trucks / min(fleet.convoy_trucks, fleet.trucks) - 1e-9)


def _check_clearances(problem: ReliefProblem, trips: list[_Trip]) -> Iterator[str]:
    used: dict[str, float] = defaultdict(float)
    for trip in trips:
        for road, _, hour in trip.out:
            if not road.needs_clearance:
                continue
            t = _period(problem, hour)
            fitting = [c for c in problem.clearances if _fits(c, road, trip, t)]
            if not fitting:
                yield f"{trip.convoy.id} has no clearance for {road.id}"
    for clearance in problem.clearances:
        used[clearance.id] = sum(
            trip.convoy.trucks
            for trip in trips
            for road, _, hour in trip.out
            if _fits(clearance, road, trip, _period(problem, hour))
        )
        if used[clearance.id] > clearance.trucks + _ROUNDING:
            yield f"{clearance.id}: {used[clearance.id]:g} trucks pass under it, {clearance.trucks:g} may"


def _fits(clearance: Clearance, road: Road, trip: _Trip, t: int) -> bool:
    return (
        clearance.road == road.id and clearance.fleet in ("*", trip.fleet.id) and clearance.first <= t < clearance.last
    )


def _check_goods(problem: ReliefProblem, trips: list[_Trip]) -> Iterator[str]:
    """Goods loaded and fuel burned are there: what is in store and comes in, less what has left before.

    People's own use is not counted here: whether goods are given out or sent on is what a plan decides.
    """
    fuel = problem.index_of(problem.fuel)
    place = {name: p for p, name in enumerate(problem.places)}
    item = {known.id: k for k, known in enumerate(problem.items)}
    there = problem.supply.copy()
    there[0] += np.nan_to_num(problem.stock)
    for trip in trips:
        p, q = place[trip.convoy.start], place[trip.convoy.to]
        t = _period(problem, trip.leaves)
        arrives = math.ceil(trip.arrives / problem.period_hours - 1e-9)
        for name, tonnes in trip.convoy.loads.items():
            there[t, p, item[name]] -= tonnes
            if arrives < problem.periods:
                there[arrives, q, item[name]] += tonnes
        if fuel < 0:
            continue
        burned = trip.fleet.litres_per_km * trip.km * trip.convoy.trucks * problem.items[fuel].tonnes_per_unit
        there[t, p, fuel] -= burned * (1.0 if trip.fleet.refuels_at_destination else 2.0)
        if trip.fleet.refuels_at_destination and arrives < problem.periods:
            there[arrives, q, fuel] -= burned
    lacking = np.where(problem.unlimited, np.inf, np.cumsum(there, axis=0).min(axis=0))
    for p, k in np.argwhere(lacking < -_ROUNDING):
        yield f"{-lacking[p, k]:.3f} t of {problem.items[k].id} are lacking at {problem.places[p]}"
