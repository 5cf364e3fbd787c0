"""Stocks fall by what people use; what is missing is counted in person-days. Never a classification of hunger."""

from __future__ import annotations

import numpy as np

from corridor.simulate.fuelling import hand_out_fuel
from corridor.simulate.making import Demand, Shelves, use_with_works
from corridor.simulate.relief import Relief
from corridor.simulate.state import State
from corridor.simulate.using import carry_along, count_people, feel_shortage, use_items
from corridor.simulate.works import Works, ask_most

MEMORY_HOURS = 24.0  # over which people judge how short things are


def use_supplies(state: State, relief: Relief, step: int) -> None:
    """Let people carry, make and use supplies for one step; set the shortage they feel (rules 18 and 19)."""
    model, supplies, inputs, stores = state.model, relief.supplies, relief.inputs, relief.stores
    count_people(state.queues.at_place, state.queues.on_link, supplies.places, model.network.leading_out, stores.people)
    carry_along(
        stores.people, stores.people_before, inputs.average, inputs.carried_days, stores.stock, stores.taken_out
    )
    hand_out_fuel(relief, state.fuel_supply, model.clock.step_hours)
    if supplies.depots:
        _open_depots(state, relief, step * model.clock.step_hours)
    if supplies.works is None:
        _use(state, relief)
    else:
        _use_with_works(state, relief, supplies.works)
    keep = float(np.exp(-model.clock.step_hours / MEMORY_HOURS))
    feel_shortage(supplies.places, relief.felt_weight, stores.met, keep, state.shortage)


def _use(state: State, relief: Relief) -> None:
    supplies, inputs, stores = relief.supplies, relief.inputs, relief.stores
    use_items(
        state.queues.at_place,
        supplies.places,
        stores.people,
        inputs.need,
        inputs.on_road,
        inputs.made,
        inputs.dependence,
        supplies.depends_on,
        supplies.order,
        supplies.known,
        state.model.clock.step_hours / 24.0,
        stores.aside,
        stores.stock,
        stores.made,
        stores.used,
        stores.needed,
        stores.without,
        stores.met,
    )


def _use_with_works(state: State, relief: Relief, works: Works) -> None:
    supplies, inputs, stores = relief.supplies, relief.inputs, relief.stores
    demand = Demand(
        state.queues.at_place, supplies.places, stores.people, inputs.need, inputs.on_road, inputs.made,
        inputs.dependence, supplies.depends_on, supplies.known,
    )  # fmt: skip
    shelves = Shelves(stores.aside, stores.stock, stores.made, stores.used, stores.needed, stores.without, stores.met)
    days = state.model.clock.step_hours / 24.0
    use_with_works(demand, works, inputs.wants, state.plant_working, shelves, relief.turnover, days)


def _open_depots(state: State, relief: Relief, hour: float) -> None:
    """Add the goods of depots inside: what is there at first, what is added, all that is asked of endless ones."""
    supplies, inputs, stores, step_hours = relief.supplies, relief.inputs, relief.stores, state.model.clock.step_hours
    for d, depot in enumerate(supplies.depots):
        if hour < depot.begin - 1e-9:
            continue
        n, i = depot.place, depot.item
        fresh = inputs.depot_made[:, d] * step_hours / 24.0
        if hour - step_hours < depot.begin - 1e-9 or (hour == 0.0 and depot.begin <= 0.0):
            fresh = fresh + inputs.depot[:, d]
        if depot.endless:
            most = stores.people[:, n] * inputs.need[:, n, :, i].max(axis=1) * step_hours / 24.0
            if supplies.works is not None:
                most = most + ask_most(supplies.works, inputs.wants, state.plant_working, n, i) * step_hours / 24.0
            fresh = np.maximum(fresh, most + stores.aside[:, n, i] - stores.stock[:, n, i])
        stores.stock[:, n, i] += fresh
        stores.made[:, n, i] += fresh
