"""Who lets convoys that a person wrote pass: clearances, slots, and roads that are open in their direction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from corridor.relief.routes import Leg
from corridor.scenario.convoys import convoys_of_day, holds

if TYPE_CHECKING:
    from corridor.relief.problem import ReliefProblem
    from corridor.scenario.read import Row

Ways = dict[int, list[Leg]]  # of each convoy by its line


@dataclass(frozen=True)
class Asked:
    """A convoy as a person wrote it. `line` says where; `loads` are tonnes by item; `trucks` is 0 where blank."""

    line: int
    id: str
    fleet: str
    start: str
    to: str
    departs: datetime
    trucks: int
    loads: Mapping[str, float]
    clearance: str
    roads: tuple[str, ...] = ()  # by which it goes; none: the quickest way


@dataclass(frozen=True)
class Finding:
    """What is wrong with a convoy: the column, the kind of the fault, and its facts."""

    line: int
    column: str
    kind: str
    facts: dict[str, Any]


def _enter(problem: ReliefProblem, one: Asked, leg: Leg) -> tuple[datetime, int]:
    """Return when a convoy enters a road of its way, and in which period that is."""
    moment = one.departs + timedelta(hours=leg.after)
    period = int((moment - problem.start) / timedelta(hours=problem.period_hours))
    return moment, min(max(period, 0), problem.periods - 1)


def check_clearances(problem: ReliefProblem, asked: Sequence[Asked], ways: Ways) -> Iterator[Finding]:
    """Yield convoys that enter a road without a clearance in force, or as more trucks than one names."""
    used: dict[str, int] = defaultdict(int)
    for one in asked:
        for leg in ways[one.line]:
            road = problem.roads[leg.road]
            if not road.needs_clearance:
                continue
            moment, period = _enter(problem, one, leg)
            facts: dict[str, Any] = {"road": road.id, "time": _write(moment), "fleet": one.fleet}
            valid = [
                c
                for c in problem.clearances
                if c.road == road.id and c.fleet in ("*", "", one.fleet) and c.first <= period < c.last
            ]
            named = [c for c in valid if one.clearance in ("", c.id)]
            if not named:
                known = ", ".join(c.id for c in valid) or "none in force then"
                yield Finding(one.line, "clearance", "infeasible_convoy.clearance", {**facts, "known": known})
                continue
            free = [c for c in named if used[c.id] + one.trucks <= c.trucks]
            if not free:
                left = max(int(c.trucks) - used[c.id] for c in named)
                yield Finding(
                    one.line,
                    "trucks",
                    "infeasible_convoy.cleared",
                    {**facts, "trucks": one.trucks, "left": max(left, 0)},
                )
                continue
            used[free[0].id] += one.trucks


def check_slots(
    problem: ReliefProblem, asked: Sequence[Asked], slots: Sequence[Row], ways: Ways, origin: datetime
) -> Iterator[Finding]:
    """Yield convoys that enter outside the hours of a slot, or on a day whose slots are taken."""
    used: dict[tuple[str, int], set[tuple[str, datetime]]] = defaultdict(set)
    for one in asked:
        for leg in ways[one.line]:
            road = problem.roads[leg.road]
            moment, _ = _enter(problem, one, leg)
            for row in slots:
                if row["road"] != road.id or (row["direction"] == "out") != leg.forward or not holds(row, moment):
                    continue
                first, last = row.middle("first_hour", 0.0), row.middle("last_hour", 24.0)
                hour = moment.hour + moment.minute / 60
                facts: dict[str, Any] = {"slot": str(row["id"]), "road": road.id, "time": _write(moment)}
                if not first <= hour < last:
                    yield Finding(
                        one.line, "departs", "infeasible_convoy.hours", {**facts, "first": first, "last": last}
                    )
                    continue
                day = (moment.date() - origin.date()).days
                most = int(convoys_of_day(row.middle("convoys_per_day", 0.0), day))
                taken = used[str(row["id"]), day]
                if (one.fleet, one.departs) not in taken and len(taken) >= most:
                    yield Finding(one.line, "departs", "infeasible_convoy.slot", {**facts, "most": most})
                taken.add((one.fleet, one.departs))


def _write(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")


def check_roads(problem: ReliefProblem, asked: Sequence[Asked], ways: Ways) -> Iterator[Finding]:
    """Yield convoys that come to a road when nothing may enter it in their direction."""
    for one in asked:
        for leg in ways[one.line]:
            road = problem.roads[leg.road]
            moment, period = _enter(problem, one, leg)
            if (road.forward if leg.forward else road.backward)[period] <= 0:
                facts = {"road": road.id, "time": _write(moment)}
                yield Finding(one.line, "departs", "infeasible_convoy.road", facts)
