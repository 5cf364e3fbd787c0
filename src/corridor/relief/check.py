"""Faults of a relief problem before it is planned: what would make it impossible, unbounded or absurd."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.routes import quickest_way
from corridor.scenario.faults import Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor.relief.problem import Fleet, ReliefProblem, Weights

LARGEST_NEED = 0.1  # tonnes for one person and day; 100 l of water is already far above any standard


def check_problem(problem: ReliefProblem, weights: Weights) -> list[Fault]:
    """Raise FaultsError with every error found; return the warnings that do not prevent a plan."""
    faults = [
        *_check_shape(problem),
        *_check_quantities(problem),
        *_check_fleets(problem),
        *_check_roads(problem),
        *_check_weights(weights),
    ]
    if any(fault.severity == "error" for fault in faults):
        raise FaultsError(faults)
    return [*faults, *_find_unreached(problem)]


def _where(problem: ReliefProblem, table: str, key: str) -> tuple[str, int]:
    return problem.origin.get((table, key), (f"{table}.csv", 0))


def _check_shape(problem: ReliefProblem) -> Iterator[Fault]:
    if problem.period_hours <= 0 or problem.periods == 0:
        found = f"{problem.periods} periods of {problem.period_hours:g} h"
        yield Fault("scenario.toml", 0, "end", "no_period", found, "at least one period", "let the plan end later")
    if not problem.fleets:
        yield Fault(
            "fleets.csv",
            0,
            "purpose",
            "no_fleets",
            "no fleet that carries goods",
            "at least one",
            "add a fleet with purpose goods",
        )
    if not np.isfinite(problem.people).all() or (problem.people < 0).any():
        bad = problem.places[int(np.argwhere(~(problem.people >= 0))[0][1])]
        yield Fault(
            *_where(problem, "people", bad),
            "people",
            "bad_people",
            f"people at {bad} below zero or unknown",
            "zero or more",
            "mend the number of people",
        )
    elif not problem.people.any() or not (problem.need > 0).any():
        yield Fault(
            "needs.csv",
            0,
            "",
            "nobody_in_need",
            "no place with people who need an item",
            "at least one",
            "add people and needs",
        )
    if not (problem.unlimited.any() or (problem.stock > 0).any() or (problem.supply > 0).any()):
        yield Fault(
            "depots.csv",
            0,
            "tonnes",
            "no_goods",
            "no goods in any depot or stock",
            "at least one",
            "add a depot with goods; a blank number of tonnes means that it never runs out",
        )


def _check_quantities(problem: ReliefProblem) -> Iterator[Fault]:
    for p, k in np.argwhere(problem.stock < 0):
        place, item = problem.places[p], problem.items[k]
        yield Fault(
            *_where(problem, "stocks", f"{place}/{item.id}"),
            "stock",
            "negative_stock",
            f"{problem.stock[p, k]:g} t of {item.id} at {place}",
            "zero or more; blank if it is not known",
            "a stock cannot be below zero: write the quantity that is there",
        )
    for p, k in np.argwhere((problem.supply < 0).any(axis=0)):
        place, item = problem.places[p], problem.items[k]
        yield Fault(
            *_where(problem, "depots", f"{place}/{item.id}"),
            "tonnes_per_day",
            "negative_supply",
            f"supply of {item.id} at {place} below zero",
            "zero or more",
            "write what is added each day",
        )
    for p, k in np.argwhere(~((problem.need >= 0) & (problem.need <= LARGEST_NEED))):
        place, item = problem.places[p], problem.items[k]
        yield Fault(
            *_where(problem, "needs", item.id),
            "per_day",
            "absurd_need",
            f"{problem.need[p, k] * 1000:g} kg of {item.id} for one person and day at {place}",
            f"0 to {LARGEST_NEED * 1000:g} kg",
            "check the unit: needs are for one person and one day",
        )


def _check_fleets(problem: ReliefProblem) -> Iterator[Fault]:
    slotted = any(limit.kind == "slots" for limit in problem.limits)
    for fleet in problem.fleets:
        where = _where(problem, "fleets", fleet.id)
        if not fleet.trucks > 0:
            yield Fault(
                *where,
                "vehicles",
                "no_trucks",
                f"fleet {fleet.id} has {fleet.trucks:g} trucks",
                "more than zero",
                "nothing can move with this fleet: write how many trucks it has, or leave the row out",
            )
        if not (fleet.tonnes > 0 and np.isfinite(fleet.tonnes)):
            yield Fault(
                *where,
                "tonnes",
                "no_payload",
                f"fleet {fleet.id} carries {fleet.tonnes:g} t on a truck",
                "more than zero",
                "write the payload of one truck in tonnes",
            )
        if min(fleet.litres_per_km, fleet.cost_per_km, fleet.handling_hours, fleet.margin) < 0:
            yield Fault(
                *where,
                "",
                "negative_rate",
                f"fleet {fleet.id}: a fuel, cost or time below zero",
                "zero or more",
                "trips that earn fuel, money or time would be made without end: mend the number",
            )
        if slotted and not np.isfinite(min(fleet.convoy_trucks, fleet.trucks)):
            yield Fault(
                *where,
                "convoy_trucks",
                "convoy_size_unknown",
                f"fleet {fleet.id} names no size of a convoy",
                "trucks in one convoy",
                "a road with slots counts convoys: write the most trucks in one",
            )
        yield from _check_base(problem, fleet)


def _check_base(problem: ReliefProblem, fleet: Fleet) -> Iterator[Fault]:
    where = _where(problem, "fleets", fleet.id)
    roads = [road for road in problem.roads if fleet.base in (road.start, road.end)]
    if not roads:
        yield Fault(
            *where,
            "place",
            "depot_without_road",
            f"no road touches {fleet.base}, the base of fleet {fleet.id}",
            "a place with a road",
            "add the road, or base the fleet elsewhere",
        )
    elif not any(r.forward.any() if r.start == fleet.base else r.backward.any() for r in roads):
        yield Fault(
            *where,
            "place",
            "depot_shut_in",
            f"every road from {fleet.base}, the base of fleet {fleet.id}, is shut for the whole time",
            "a road that opens",
            "as it is, the fleet stays where it is",
            "warning",
        )


def _check_roads(problem: ReliefProblem) -> Iterator[Fault]:
    for road in problem.roads:
        if not (road.hours >= 0 and road.km >= 0 and np.isfinite(road.hours)):
            yield Fault(
                *_where(problem, "roads", road.id),
                "length_km",
                "absurd_road",
                f"road {road.id}: {road.km:g} km in {road.hours:g} h",
                "zero or more",
                "mend length or speed",
            )
    for limit in problem.limits:
        if np.isnan(limit.most).any() or (limit.most < 0).any():
            yield Fault(
                *_where(problem, "limits", limit.id),
                "",
                "negative_limit",
                f"limit {limit.id} below zero or unknown",
                "zero or more",
                "write how many may pass in a period",
            )
    known = {fleet.id for fleet in problem.fleets} | {"*"}
    for clearance in problem.clearances:
        if clearance.fleet not in known or clearance.trucks < 0:
            yield Fault(
                *_where(problem, "clearances", clearance.id),
                "",
                "bad_clearance",
                f"{clearance.id}: fleet {clearance.fleet}, {clearance.trucks:g} trucks",
                f"one of {', '.join(sorted(known))} and zero or more trucks",
                "name a fleet of the fleets table",
            )


def _check_weights(weights: Weights) -> Iterator[Fault]:
    values = {name: value for name, value, _ in weights.describe()}
    for name, value in values.items():
        if not 0 <= value < np.inf:
            yield Fault(
                "weights",
                0,
                name,
                "negative_weight",
                f"{value:g}",
                "zero or more",
                "a negative weight rewards what it should prevent: mend it",
            )
    bends = [hours for hours, _ in weights.deprivation]
    if bends != sorted(set(bends)) or any(hours <= 0 for hours in bends):
        yield Fault(
            "weights",
            0,
            "deprivation",
            "bends_not_rising",
            str(bends),
            "hours that rise, above zero",
            "put the bends in rising order: hardship must grow with the hours without",
        )


def _find_unreached(problem: ReliefProblem) -> Iterator[Fault]:
    for p, place in enumerate(problem.places):
        if not (problem.people[:, p].any() and problem.need[p].any()):
            continue
        bases = {fleet.base for fleet in problem.fleets} - {place}
        if not any(quickest_way(problem.roads, base, place) for base in bases):
            yield Fault(
                *_where(problem, "places", place),
                "id",
                "place_not_reached",
                f"no fleet has a road to {place}, where people need help",
                "a road from a base",
                "add the road or a fleet; as it is, the plan sends nothing there",
                "warning",
            )
