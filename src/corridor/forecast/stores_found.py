"""What is in store in a course at a moment, what is made there and used, in the terms of a relief problem (rule 20)."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from corridor.forecast.moment import ALMOST
from corridor.simulate.convoys import MOVING, WITHOUT_FUEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from corridor.forecast.moment import Moment
    from corridor.simulate.goods import Depot


def find_stock(moment: Moment) -> NDArray[np.float64]:
    """Return the tonnes in store [P, K], in depots outside too; nan where it is not known and nothing came in.

    The fuel that convoys under way will take for their way back where they arrive is taken off.
    """
    supplies, stock, r = moment.relief.supplies, moment.problem.stock.copy(), moment.replicate
    inside = (supplies.places, supplies.known[:-1], moment.relief.stores.stock[r, :-1])
    outside = (supplies.outside.places, supplies.outside.limited, moment.relief.depots.stock[r])
    for places, known, units in (inside, outside):
        for n, place in enumerate(places):
            told = known[n] | (units[n] > 0.0)
            stock[moment.at(place), moment.items] = np.where(told, units[n] * moment.tonnes, np.nan)
    _reserve_fuel(moment, stock)
    return stock


def _reserve_fuel(moment: Moment, stock: NDArray[np.float64]) -> None:
    supplies = moment.relief.supplies
    for moved in moment.way if supplies.fuel >= 0 else ():
        if moved.convoy.refuels_at_goal and moved.stage in (MOVING, WITHOUT_FUEL):
            p, k = moment.at(moved.convoy.goal), moment.items[supplies.fuel]
            litres = float(moment.relief.inputs.litres[moment.replicate, supplies.convoys.index(moved.convoy)])
            stock[p, k] = max(stock[p, k] - litres * moment.tonnes[supplies.fuel], 0.0)


def find_made(moment: Moment) -> NDArray[np.float64]:
    """Return what is made in a period where nothing is lacking for it [P, K], tonnes; nan where none is stated."""
    supplies, made = moment.relief.supplies, np.full(moment.problem.stock.shape, np.nan)
    days = moment.problem.period_hours / 24.0
    for n, i in supplies.stock_names:
        units = moment.relief.inputs.made[moment.replicate, n, i]
        made[moment.at(supplies.places[n]), moment.items[i]] = units * moment.tonnes[i] * days
    return made


def find_plants(moment: Moment) -> NDArray[np.float64]:
    """Return [2, M]: tonnes that each plant makes in a period as it works now, its most in times of the case's."""
    model, supplies, days = moment.state.model, moment.relief.supplies, moment.problem.period_hours / 24.0
    found = np.zeros((2, len(moment.problem.plants)))
    for m, plant in enumerate(moment.problem.plants):
        w, i = model.plants.index(plant.id), supplies.items.index(plant.makes)
        most = float(moment.relief.inputs.wants.most[moment.replicate, w])
        written = model.quantities[f"plants/{plant.id}/most_per_day"].median
        working = float(moment.state.plant_working[moment.replicate, w])
        found[:, m] = most * working * moment.tonnes[i] * days, most / written if written > 0.0 else 1.0
    return found


def find_facilities(moment: Moment) -> NDArray[np.float64]:
    """Return the tonnes that each facility uses in a day [F]."""
    supplies, per_day = moment.relief.supplies, moment.relief.inputs.wants.per_day[moment.replicate]
    return np.array(
        [
            per_day[supplies.facilities.index(one.id)] * moment.tonnes[supplies.items.index(one.item)]
            for one in moment.problem.facilities
        ]
    )


def find_opened(moment: Moment) -> NDArray[np.float64]:
    """Return what depots have that are open by now, where the problem has it come in [T, P, K], tonnes."""
    opened = np.zeros_like(moment.problem.supply)
    last = moment.hour - moment.state.model.clock.step_hours  # the last step began here
    for depot, place, from_start in _list_depots(moment):
        first = max(math.ceil((depot.begin - moment.begun) / moment.problem.period_hours - ALMOST), 0)
        t = first - round((moment.hour - moment.begun) / moment.problem.period_hours)
        quantity = moment.state.model.quantities.get(f"{depot.name}/quantity")
        if quantity is None or not (depot.begin <= last + ALMOST or (from_start and depot.begin <= 0.0)):
            continue
        if 0 <= t < len(opened):
            opened[t, moment.at(place), moment.items[depot.item]] += quantity.median * moment.tonnes[depot.item]
    return opened


def _list_depots(moment: Moment) -> Iterator[tuple[Depot, int, bool]]:
    """Go through the depots with their places, and whether they are filled before the first step or in it."""
    supplies, outside = moment.relief.supplies, moment.relief.supplies.outside
    yield from ((depot, int(supplies.places[depot.place]), False) for depot in supplies.depots)
    yield from ((depot, int(outside.places[depot.place]), True) for depot in outside.depots)
