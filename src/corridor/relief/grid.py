"""How long a plan's periods are, where nobody says: so long that round trips fit into them without waiting."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corridor.relief.routes import find_services, trip_hours
from corridor.relief.size import MOST_ON_FINER_GRID
from corridor.words.said import Said, Stated, say

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.relief.problem import ReliefProblem
    from corridor.relief.routes import Service

CHOICES = (6.0, 4.0, 3.0, 2.0, 1.0)  # hours; the first is taken unless another fits better
LEAST_LOSS = 0.05  # of the trucks' time


@dataclass(frozen=True)
class _Trip:
    """The shortest round trip of a fleet, and what the fleet can carry on it."""

    fleet: str
    service: Service
    hours: float
    tonnes: float

    def on_grid(self, period: float) -> float:
        """Return the hours it takes when it begins and ends with a period."""
        return math.ceil(self.hours / period - 1e-9) * period


def choose_period(read: Callable[[float], ReliefProblem]) -> ReliefProblem:
    """Return the problem at the longest period at which hardly any of the trucks' time is lost to waiting for the next.

    `read` makes the problem at a period in hours. Where there would be too many departures to choose from, a finer grid
    is not taken. The problem says why its periods are as long as they are.
    """
    usual = read(CHOICES[0])
    services = find_services(usual)
    trips = _shortest_trips(usual, services)
    if not trips:
        return usual
    possible = [
        period
        for period in CHOICES
        if period == CHOICES[0] or math.ceil(usual.days * 24.0 / period) * len(services) <= MOST_ON_FINER_GRID
    ]
    losses = {period: _lose(trips, period) for period in possible}
    chosen = next((p for p in possible if losses[p] <= LEAST_LOSS), min(possible, key=lambda p: (losses[p], -p)))
    return replace(usual if chosen == CHOICES[0] else read(chosen), why_period=_say_why(trips, chosen, possible))


def _shortest_trips(problem: ReliefProblem, services: tuple[Service, ...]) -> list[_Trip]:
    trips = []
    for f, fleet in enumerate(problem.fleets):
        mine = [service for service in services if service.fleet == f]
        if mine and not fleet.service and fleet.trucks >= 1 and fleet.tonnes > 0:
            shortest = min(mine, key=lambda service: (service.hours, service.to))
            trips.append(_Trip(fleet.id, shortest, trip_hours(problem, shortest), fleet.trucks * fleet.tonnes))
    return [trip for trip in trips if trip.hours > 0.0]


def _lose(trips: list[_Trip], period: float) -> float:
    """Return the share of time lost on a grid, in the mean over what the fleets can carry."""
    carried = sum(trip.tonnes for trip in trips)
    return sum(trip.tonnes * (trip.on_grid(period) / trip.hours - 1.0) for trip in trips) / carried


def _say_why(trips: list[_Trip], chosen: float, possible: list[float]) -> Said:
    trip = min(trips, key=lambda trip: (trip.hours, trip.fleet))
    why = say(
        "plan.period",
        hours=Stated(chosen),
        fleet=trip.fleet,
        start=trip.service.base,
        goal=trip.service.to,
        trip=Stated(float(f"{trip.hours:.3g}")),
        grid=Stated(trip.on_grid(chosen)),
    )
    if chosen != CHOICES[0]:
        return say("plan.period.longer", why=why, usual=Stated(trip.on_grid(CHOICES[0])), longest=Stated(CHOICES[0]))
    return say("plan.period.usual" if len(possible) > 1 else "plan.period.many", why=why)
