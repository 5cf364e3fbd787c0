"""Whether convoys that a person wrote can go: trucks, payload, goods and fuel; and, by `access`, who lets them pass.

What can never be is an error; what the simulation would let wait or turn back is a warning. Ranges count at their
middle, and an error is only what their more hopeful end does not allow either.
"""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import TYPE_CHECKING, Any, TypeVar

from corridor.relief.access import Asked, Finding, Ways, check_clearances, check_roads, check_slots
from corridor.relief.routes import follow_way, quickest_way

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corridor.relief.problem import Fleet, ReliefProblem
    from corridor.relief.routes import Leg
    from corridor.scenario.read import Row

Amount = TypeVar("Amount", int, float)  # vehicles, or tonnes
SLACK = 1e-6  # tonnes: less is rounding
ROUNDED = 0.01  # tonnes by which loads written to the kilogram may come to more than is there


def check_feasible(
    problem: ReliefProblem, asked: Sequence[Asked], fleets: Mapping[str, Row], slots: Sequence[Row], origin: datetime
) -> list[Finding]:
    """Return what is wrong with convoys, in the order of their lines.

    `problem` begins no later than the first departure, in periods short against the ways. `fleets` are the case's rows
    by id, `slots` its rows; days of slots are counted from `origin`, the start of the case.
    """
    ordered = sorted(asked, key=lambda one: (one.departs, one.id))
    known = {
        (start, to, fleet): quickest_way(problem.roads, start, to, (), _fleet(problem, fleet)) or []
        for start, to, fleet in dict.fromkeys((one.start, one.to, one.fleet) for one in ordered)
    }
    ways = {
        one.line: follow_way(problem, one.start, one.roads, _fleet(problem, one.fleet))
        if one.roads
        else known[one.start, one.to, one.fleet]
        for one in ordered
    }
    found = [
        *_check_trucks(problem, ordered, fleets, ways),
        *_check_goods(problem, ordered, ways),
        *check_clearances(problem, ordered, ways),
        *check_slots(problem, ordered, slots, ways, origin),
        *check_roads(problem, ordered, ways),
    ]
    return sorted(found, key=lambda finding: (finding.line, finding.column, finding.kind))


def _fleet(problem: ReliefProblem, name: str) -> Fleet | None:
    return next((fleet for fleet in problem.fleets if fleet.id == name), None)


def _high(row: Row | None, column: str) -> float:
    value = None if row is None else row.values.get(column)
    return math.inf if value is None else float(getattr(value, "high", value))


def _hours(problem: ReliefProblem, fleet: Fleet | None, way: Sequence[Leg]) -> float:
    roads = (problem.roads[leg.road] for leg in way)
    return sum(road.hours if fleet is None else fleet.hours_over(road) for road in roads)


def _kilometres(problem: ReliefProblem, way: Sequence[Leg]) -> float:
    return sum(problem.roads[leg.road].km for leg in way)


def _check_trucks(
    problem: ReliefProblem, asked: Sequence[Asked], fleets: Mapping[str, Row], ways: Ways
) -> Iterator[Finding]:
    """Yield convoys with more trucks than there are, with more than they can carry, or with trucks that are away."""
    away: dict[str, list[tuple[datetime, int]]] = defaultdict(list)  # those back first at the front
    out: dict[str, int] = defaultdict(int)
    for one in asked:
        fleet = _fleet(problem, one.fleet)
        if fleet is None or one.trucks <= 0:
            continue
        most, row = fleet.trucks, fleets.get(one.fleet)
        facts: dict[str, Any] = {"fleet": one.fleet, "trucks": one.trucks, "most": f"{most:g}"}
        if one.trucks > _high(row, "vehicles"):
            yield Finding(one.line, "trucks", "infeasible_convoy.trucks", facts)
            continue
        out[one.fleet] -= sum(_take_until(away[one.fleet], one.departs))
        if out[one.fleet] + one.trucks > most:
            yield Finding(one.line, "trucks", "infeasible_convoy.away", {**facts, "out": out[one.fleet]})
        hours = 2 * _hours(problem, fleet, ways[one.line]) + fleet.handling_hours
        heappush(away[one.fleet], (one.departs + timedelta(hours=hours), one.trucks))
        out[one.fleet] += one.trucks
        tonnes, payload = sum(one.loads.values()), _high(row, "tonnes")
        if tonnes > one.trucks * payload + SLACK:
            facts = {"tonnes": tonnes, "most": one.trucks * payload, "trucks": one.trucks, "fleet": one.fleet}
            yield Finding(one.line, "loads", "infeasible_convoy.load", facts)


def _check_goods(problem: ReliefProblem, asked: Sequence[Asked], ways: Ways) -> Iterator[Finding]:
    """Yield convoys that carry or burn more than is at their base by then, with what left and what came before."""
    items = {item.id: k for k, item in enumerate(problem.items)}
    taken: dict[tuple[str, str], float] = defaultdict(float)
    came: dict[tuple[str, str], float] = defaultdict(float)
    brought: dict[tuple[str, str], list[tuple[datetime, float]]] = defaultdict(list)  # what comes first at the front
    for one in asked:
        if one.start not in problem.places:
            continue
        burnt = _burnt(problem, one, ways[one.line])
        arrives = one.departs + timedelta(hours=_hours(problem, _fleet(problem, one.fleet), ways[one.line]))
        for item, k in items.items():
            load = one.loads.get(item, 0.0)
            burn = burnt * problem.items[k].tonnes_per_unit if item == problem.fuel else 0.0
            if load + burn <= 0:
                continue
            here = one.start, item
            came[here] += sum(_take_until(brought[here], one.departs))
            left = _there(problem, one.start, k, one.departs) + came[here] - taken[here]
            taken[here] += load + burn
            heappush(brought[one.to, item], (arrives, load))
            facts = {"item": item, "place": one.start, "left": max(left, 0.0)}
            if load > left + ROUNDED:
                yield Finding(one.line, "loads", "infeasible_convoy.goods", {**facts, "tonnes": load})
            elif load + burn > left + ROUNDED:
                yield Finding(one.line, "trucks", "infeasible_convoy.fuel", {**facts, "litres": burnt})


def _take_until(waiting: list[tuple[datetime, Amount]], moment: datetime) -> Iterator[Amount]:
    """Take from the front of a heap, and yield, what is due by a moment."""
    while waiting and waiting[0][0] <= moment:
        yield heappop(waiting)[1]


def _burnt(problem: ReliefProblem, one: Asked, way: Sequence[Leg]) -> float:
    """Return the litres that a convoy takes from where it starts."""
    fleet = _fleet(problem, one.fleet)
    if fleet is None:
        return 0.0
    ways = 1.0 if fleet.refuels_at_destination else 2.0
    return one.trucks * _kilometres(problem, way) * fleet.litres_per_km * ways


def _there(problem: ReliefProblem, place: str, k: int, moment: datetime) -> float:
    """Return the tonnes that have been at a place by a moment; infinite where it never runs out or is not known."""
    p = problem.places.index(place)
    stock = float(problem.stock[p, k])
    nothing = math.isnan(stock) and not problem.supply[:, p, k].any()
    if problem.unlimited[p, k] or (nothing and problem.people[:, p].any()):
        return math.inf
    last = int((moment - problem.start) / timedelta(hours=problem.period_hours)) + 1
    return (0.0 if math.isnan(stock) else stock) + float(problem.supply[:last, p, k].sum())
