"""Plants, facilities and fuel for those who leave, from the rows of a scenario."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.timeline import fuel_added, fuel_given_out, working_share
from corridor.relief.works import Facility, Plant
from corridor.scenario.values import read_uses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from corridor.relief.problem import Item, ReliefProblem
    from corridor.scenario.read import Row


def add_works(problem: ReliefProblem, tables: Mapping[str, Sequence[Row]], edges: Sequence[datetime]) -> ReliefProblem:
    """Return a problem with the plants, facilities, flows and the fuel for leaving that a scenario's tables state."""
    items = {item.id: item for item in problem.items}
    at = {place: p for p, place in enumerate(problem.places)}
    plants = read_plants(tables["plants"], tables["events"], items, edges)
    known = find_known_flows(problem.items, tables["stocks"], plants, at)
    flows = np.array([not item.kept for item in problem.items])
    found = replace(
        problem,
        plants=plants,
        facilities=read_facilities(tables["facilities"], items),
        stock=np.where(known, 0.0, problem.stock),
        need=np.where(flows & ~known, 0.0, problem.need),  # of a flow not known nobody is said to go without
    )
    fuel = next((str(row["id"]) for row in tables["items"] if row.values.get("for_leaving")), "")
    if not fuel:
        return found
    k, tonnes = problem.index_of(fuel), items[fuel].tonnes_per_unit
    evenly, at_once = read_fuel_events(tables["events"], problem.places, edges)
    supply, steady = problem.supply.copy(), problem.steady_supply().copy()
    supply[:, :, k] += (evenly + np.maximum(at_once, 0.0)) * tonnes
    steady[:, :, k] += evenly * tonnes
    leaving = read_leaving(tables["people"], tables["groups"], at, tonnes)
    return replace(found, supply=supply, steady=steady, for_leaving=fuel, leaving=leaving)


def read_plants(
    rows: Sequence[Row], events: Sequence[Row], items: Mapping[str, Item], edges: Sequence[datetime]
) -> tuple[Plant, ...]:
    """Return the plants; what they use of an item is turned from units for a unit into tonnes for a tonne."""
    plants = []
    for row in rows:
        item = items[str(row["makes"])]
        days = np.array([(end - begin).total_seconds() / 86400.0 for begin, end in pairwise(edges)])
        most = row.middle("most_per_day", 0.0) * item.tonnes_per_unit * working_share(row, events, edges) * days
        uses = tuple(
            (name, amount * items[name].tonnes_per_unit / item.tonnes_per_unit)
            for name, amount in sorted(read_uses(str(row["uses"] or "")).items())
        )
        serves = tuple(dict.fromkeys(map(str, row["serves"] or ()))) or (str(row["place"]),)
        plants.append(Plant(str(row["id"]), str(row["place"]), item.id, most, uses, serves, int(row["priority"] or 3)))
    return tuple(plants)


def read_facilities(rows: Sequence[Row], items: Mapping[str, Item]) -> tuple[Facility, ...]:
    """Return the facilities, tonnes a day."""
    return tuple(
        Facility(
            str(row["id"]),
            str(row["place"]),
            str(row["item"]),
            row.middle("per_day", 0.0) * items[str(row["item"])].tonnes_per_unit,
            int(row["priority"] or 1),
            row.middle("people", 0.0),
        )
        for row in rows
    )


def read_leaving(
    people: Sequence[Row], groups: Sequence[Row], at: Mapping[str, int], tonnes_per_litre: float
) -> NDArray[np.float64]:
    """Return the tonnes of fuel that one person who leaves each place takes [P]: litres by people in a vehicle.

    The mean over the people there; groups without vehicles of their own take none.
    """
    each = {
        str(row["id"]): row.middle("fuel_litres", 8.0) / max(row.middle("people_per_vehicle", 4.5), 1.0)
        if "own" in str(row["transport"]).split()
        else 0.0
        for row in groups
    }
    litres, heads = np.zeros(len(at)), np.zeros(len(at))
    for row in people:
        count = row.middle("people", 0.0)
        litres[at[str(row["place"])]] += count * each.get(str(row["group"]), 0.0)
        heads[at[str(row["place"])]] += count
    return np.asarray(np.divide(litres, heads, out=np.zeros(len(at)), where=heads > 0.0) * tonnes_per_litre)


def read_fuel_events(
    events: Sequence[Row], places: Sequence[str], edges: Sequence[datetime]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return litres given out evenly and litres added at once by events, each [T, P]."""
    evenly = np.stack([fuel_given_out(place, events, edges) for place in places], axis=1)
    at_once = np.stack([fuel_added(place, events, edges) for place in places], axis=1)
    return evenly, at_once


def find_known_flows(
    items: Sequence[Item], stocks: Sequence[Row], plants: Sequence[Plant], at: Mapping[str, int]
) -> NDArray[np.bool_]:
    """Return where the use of a flow is known [P, K]: a plant serves the place with it, or a row says what is made."""
    of = {item.id: k for k, item in enumerate(items)}
    known = np.zeros((len(at), len(items)), dtype=np.bool_)
    for row in stocks:
        known[at[str(row["place"])], of[str(row["item"])]] = True
    for plant in plants:
        known[[at[place] for place in plant.serves], of[plant.makes]] = True
    return np.asarray(known & np.array([not item.kept for item in items]))
