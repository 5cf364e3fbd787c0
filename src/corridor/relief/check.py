"""Faults of a relief problem before it is planned: what would make it impossible or absurd.

What stands in a scenario's rows alone is told when the scenario is checked; here is what depends on the time planned
for, on the people expected and on the weights.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.routes import quickest_way
from corridor.scenario.checks.plans import TABLES, find_refusals
from corridor.scenario.faults import Fault, FaultsError, fault
from corridor.scenario.talks import require_people

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from corridor.relief.problem import ReliefProblem, Weights
    from corridor.scenario.scenario import Scenario


def refuse(faults: Iterable[Fault]) -> None:
    """Raise FaultsError if there are any: what a scenario may have and a run bears is an error to a plan."""
    errors = [replace(found, severity="error") for found in faults]
    if errors:
        raise FaultsError(errors)


def require_rows(scenario: Scenario, parameter_set: str) -> None:
    """Raise FaultsError when no plan can be made from the scenario's rows, whatever time it is for."""
    require_people(scenario)
    rows = {table: scenario.rows(table, parameter_set) if table in scenario.tables else () for table in TABLES}
    refuse(find_refusals(rows, parameter_set))


def check_problem(problem: ReliefProblem, weights: Weights) -> list[Fault]:
    """Raise FaultsError with every error found; return the warnings that do not prevent a plan."""
    refuse([*_check_means(problem), *_check_weights(weights)])
    return [*_find_shut_in(problem), *_find_unreached(problem)]


def _check_means(problem: ReliefProblem) -> Iterator[Fault]:
    if not problem.people.any() or not (problem.need > 0).any():
        yield fault("nobody_in_need", ("needs.csv", 0, ""), within="")
    if not (problem.unlimited.any() or (problem.stock > 0).any() or (problem.supply > 0).any()):
        yield fault("no_goods", ("depots.csv", 0, "quantity"), within="")


def _check_weights(weights: Weights) -> Iterator[Fault]:
    for name, value, _ in weights.describe():
        if not 0 <= value < np.inf:
            yield fault("negative_weight", ("weights", 0, name), value=value)
    bends = [hours for hours, _ in weights.deprivation]
    if bends != sorted(set(bends)) or any(hours <= 0 for hours in bends):
        yield fault("bends_not_rising", ("weights", 0, "deprivation"), bends=bends)


def _find_shut_in(problem: ReliefProblem) -> Iterator[Fault]:
    for fleet in problem.fleets:
        roads = [road for road in problem.roads if fleet.may_use(road)]
        outward = [road.forward for road in roads if road.start == fleet.base]
        outward += [road.backward for road in roads if road.end == fleet.base]
        if not any(share.any() for share in outward):
            file, row = problem.origin.get(("fleets", fleet.id), ("fleets.csv", 0))
            yield fault("depot_shut_in", (file, row, "place"), base=fleet.base, fleet=fleet.id)


def _find_unreached(problem: ReliefProblem) -> Iterator[Fault]:
    for p, place in enumerate(problem.places):
        if not (problem.people[:, p].any() and problem.need[p].any()):
            continue
        fleets = [fleet for fleet in problem.fleets if fleet.base != place]
        if not any(quickest_way(problem.roads, fleet.base, place, (), fleet) for fleet in fleets):
            file, row = problem.origin.get(("places", place), ("places.csv", 0))
            yield fault("place_not_reached", (file, row, "id"), place=place)
