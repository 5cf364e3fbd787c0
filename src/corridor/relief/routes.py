"""Which ways a fleet can serve: the quickest way to each place in need, and the way round each controlled
road.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.scenario.ways import find_ways

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from corridor.relief.problem import Fleet, ReliefProblem, Road


@dataclass(frozen=True)
class Leg:
    """One road driven in one direction, entered `after` hours from the start of the trip."""

    road: int
    forward: bool
    after: float


@dataclass(frozen=True)
class Service:
    """Round trips of one fleet from its base to a place: `legs` of the way out, hours and km one way."""

    fleet: int
    base: str
    to: str
    legs: tuple[Leg, ...]
    hours: float
    km: float


def follow_way(problem: ReliefProblem, start: str, names: Sequence[str], fleet: Fleet | None) -> list[Leg]:
    """Return the legs of a way by its roads, in the order in which they are driven from `start`."""
    numbers = {road.id: number for number, road in enumerate(problem.roads)}
    here, after, legs = start, 0.0, []
    for number in (numbers[name] for name in names):
        road = problem.roads[number]
        legs.append(Leg(number, road.start == here, after))
        after += road.hours if fleet is None else fleet.hours_over(road)
        here = road.end if road.start == here else road.start
    return legs


def quickest_way(
    roads: Sequence[Road], start: str, end: str, without: Collection[int] = (), fleet: Fleet | None = None
) -> list[Leg] | None:
    """Return the legs of the quickest way of a fleet between two places, or None if there is none.

    A road that never opens in a direction is not used in it; `without` lists roads (by number) to leave out. Without a
    fleet every road may be used, at its own speed.
    """
    links = [
        (number, forward, *ends)
        for number, road in enumerate(roads)
        for forward, opens, ends in (
            (True, road.forward, (road.start, road.end)),
            (False, road.backward, (road.end, road.start)),
        )
        if number not in without and opens.any() and (fleet is None or fleet.may_use(road))
    ]
    names = {name: index for index, name in enumerate(sorted({start, end, *(n for link in links for n in link[2:])}))}
    starts, ends = np.array([[names[a], names[b]] for *_, a, b in links], dtype=np.int64).reshape(-1, 2).T
    passed = (roads[link[0]] for link in links)
    hours = np.array([road.hours if fleet is None else fleet.hours_over(road) for road in passed])
    ways = find_ways(starts, ends, hours, names[start], len(names))
    if not np.isfinite(ways.hours[names[end]]):
        return None
    return [Leg(*links[k][:2], float(ways.hours[starts[k]])) for k in ways.trace(names[end])]


def find_services(problem: ReliefProblem) -> tuple[Service, ...]:
    """Return every service of a problem: for each fleet, to each place in need or where another fleet is
    based.

    Besides the quickest way, the way round each road that is limited, needs a clearance or is shut at times.
    """
    roads = problem.roads
    controlled = _controlled_roads(problem)
    bases = {fleet.base for fleet in problem.fleets}
    wanted = [
        place
        for p, place in enumerate(problem.places)
        if place in bases or (problem.people[:, p].max(initial=0.0) > 0 and problem.need[p].any())
    ]
    services = []
    for f, fleet in enumerate(problem.fleets):
        for p, place in enumerate(problem.places):
            takes = problem.waiting is not None and problem.waiting.takes_from(fleet, p)
            if place == fleet.base or not (place in wanted or takes):
                continue
            for legs in _distinct_ways(roads, fleet, place, controlled):
                hours = sum(fleet.hours_over(roads[leg.road]) for leg in legs)
                km = sum(roads[leg.road].km for leg in legs)
                services.append(Service(f, fleet.base, place, tuple(legs), hours, km))
    return tuple(services)


def _controlled_roads(problem: ReliefProblem) -> list[int]:
    limited = {limit.road for limit in problem.limits}
    return [
        number
        for number, road in enumerate(problem.roads)
        if road.id in limited or road.needs_clearance or min(road.forward.min(), road.backward.min()) < 1.0
    ]


def _distinct_ways(roads: Sequence[Road], fleet: Fleet, end: str, controlled: Iterable[int]) -> list[list[Leg]]:
    first = quickest_way(roads, fleet.base, end, (), fleet)
    if first is None:
        return []
    found = [first]
    used = {leg.road for leg in first}
    for number in controlled:
        if number in used:
            other = quickest_way(roads, fleet.base, end, {number}, fleet)
            if other is not None and other not in found:
                found.append(other)
    return found


def trip_hours(problem: ReliefProblem, service: Service) -> float:
    """Return how long one round trip keeps a truck busy, in hours: with people out where some may wait."""
    fleet, waiting = problem.fleets[service.fleet], problem.waiting
    hours = 2.0 * service.hours + fleet.handling_hours
    if waiting is not None and waiting.takes_from(fleet, problem.places.index(service.to)):
        hours += fleet.return_hours
    return hours * fleet.margin


def periods_until_arrival(problem: ReliefProblem, service: Service) -> int:
    """Return after how many periods a load that leaves at the start of one can be used (rounded up)."""
    return math.ceil(service.hours / problem.period_hours - 1e-9)
