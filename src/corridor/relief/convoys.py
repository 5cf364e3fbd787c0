"""The convoys of a plan: who leaves when for where with what, in whole trucks and whole kilograms."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from corridor.relief.formulate import Formulation
    from corridor.relief.linear import Answer
    from corridor.relief.problem import ReliefProblem

SMALLEST_LOAD = 1e-6  # tonnes; less is rounding of the solver
LEAST_PEOPLE = 0.5  # for whom a trip without a load is made
_ROUNDING = 0.01  # kilograms


@dataclass(frozen=True)
class Convoy:
    """Trucks of one fleet that leave together for one place; `loads` are tonnes by item.

    Rows whose ids begin with the same number (plan_003_...) drive together until their ways part. `people_out` board it
    on its way back, when the plan is carried out.
    """

    id: str
    fleet: str
    start: str
    to: str
    departs: datetime
    arrives: datetime
    trucks: int
    loads: dict[str, float]
    clearance: str
    roads: tuple[str, ...]
    people_out: int = 0


def list_convoys(problem: ReliefProblem, formulation: Formulation, answer: Answer) -> tuple[Convoy, ...]:
    """Return the convoys of an answer in whole trucks, with loads in whole kilograms."""
    load, trucks = _round_loads(problem, formulation, answer), answer.values[formulation.trucks]
    seating, takes = formulation.seating, np.zeros(trucks.shape)
    for j, (s, _) in enumerate(seating.rides):
        takes[:, s] += answer.values[seating.taken[:, j]]
    convoys: list[Convoy] = []
    numbers: dict[tuple[str, int, int], int] = {}
    alike: Counter[tuple[str, int, str]] = Counter()  # for one place by several ways at once: convoys of their own
    for t, s in np.argwhere(trucks > SMALLEST_LOAD):
        service = formulation.services[s]
        fleet = problem.fleets[service.fleet]
        loads = {item.id: float(tonnes) for item, tonnes in zip(problem.items, load[t, s], strict=True) if tonnes > 0}
        if not loads and takes[t, s] < LEAST_PEOPLE:
            continue
        roads = tuple(problem.roads[leg.road].id for leg in service.legs)
        alike[fleet.id, int(t), service.to] += 1
        party = (fleet.id, int(t), alike[fleet.id, int(t), service.to])
        convoys.append(
            Convoy(
                f"plan_{numbers.setdefault(party, len(numbers) + 1):03d}_{service.to}",
                fleet.id,
                service.base,
                service.to,
                problem.time_of(int(t)),
                problem.time_of(int(t)) + timedelta(hours=service.hours),
                math.ceil(trucks[t, s] - 1e-6),
                loads,
                _clearance_used(problem, fleet.id, roads, int(t)),
                roads,
            )
        )
    return tuple(convoys)


def _round_loads(problem: ReliefProblem, formulation: Formulation, answer: Answer) -> NDArray[np.float64]:
    """Return loads [T, S, K] in whole kilograms: down, so that they fit on the trucks and are in store.

    Fuel for trucks where it goes is rounded up if it fits and is left: none is to stay for want of a few grams.
    """
    loads, trucks = answer.values[formulation.load] * 1000.0, answer.values[formulation.trucks]
    whole, fuel = np.floor(loads + _ROUNDING), problem.index_of(problem.fuel)
    if fuel < 0:
        return whole / 1000.0
    spare = {problem.places[p]: answer.values[formulation.held[:, h, fuel]] for h, p in enumerate(formulation.holders)}
    bases = {service.base for service in formulation.services}
    for t, s in np.argwhere(loads[:, :, fuel] - whole[:, :, fuel] > _ROUNDING):
        service, more = formulation.services[s], float(loads[t, s, fuel] - whole[t, s, fuel])
        fleet, left = problem.fleets[service.fleet], spare[service.base][t:]
        endless = problem.unlimited[problem.places.index(service.base), fuel]
        fits = whole[t, s].sum() + 1.0 <= math.ceil(trucks[t, s] - 1e-6) * fleet.tonnes * 1000.0 + _ROUNDING
        wanted = service.to in bases or fleet.refuels_at_destination
        if wanted and fits and (endless or left.min() * 1000.0 >= 1.0 - more):
            whole[t, s, fuel] += 1.0
            left -= (1.0 - more) / 1000.0
    return whole / 1000.0


def _clearance_used(problem: ReliefProblem, fleet: str, roads: tuple[str, ...], period: int) -> str:
    for clearance in problem.clearances:
        if clearance.road in roads and clearance.fleet in ("*", fleet) and clearance.first <= period < clearance.last:
            return clearance.id
    return ""
