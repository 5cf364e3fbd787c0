"""Stocks fall by what people use; what is missing is counted in person-days. Never a classification of hunger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.simulate.model import Floats, Integers
from corridor.simulate.supplies import Supplies, SupplyInputs
from corridor.simulate.using import carry_along, count_people, feel_shortage, use_items

if TYPE_CHECKING:
    from corridor.simulate.relief import Relief
    from corridor.simulate.state import State

MEMORY_HOURS = 24.0  # over which people judge how short things are


@dataclass
class Stores:
    """What is where, in units of each item [R, N + 1, I]: N places inside, the last one (N) is the road.

    Sums kept: stock at the start + made + delivered = stock + used + burned + sent + taken out, at every step, added
    up over the places and the road (people take supplies from their place onto the road and off it).
    """

    stock: Floats
    made: Floats  # so far, goods of depots inside included
    delivered: Floats  # by convoys
    used: Floats  # by people
    burned: Floats  # by convoys: fuel
    sent: Floats  # loaded onto convoys, less what came back
    needed: Floats
    without: Floats  # person-days; nan where the stock is not known
    aside: Floats  # kept back for convoys that leave within a day
    taken_out: Floats  # [R, I] with people who have left the area
    met: Floats  # share of the need met in the last step
    people_before: Integers  # [R, N + 1]
    people: Integers  # [R, N + 1] now


def begin_stores(supplies: Supplies, inputs: SupplyInputs, people: Integers) -> Stores:
    """Return the stores at the start; `people` [R, N]."""
    replicates, places, items = inputs.stock.shape
    empty = np.zeros((replicates, places + 1, items))
    stock, without = empty.copy(), np.where(supplies.known, empty, np.nan)
    stock[:, :places] = inputs.stock
    before = np.zeros((replicates, places + 1), dtype=np.int64)
    before[:, :places] = people
    made, delivered, used, burned, sent, needed, aside = (empty.copy() for _ in range(7))
    return Stores(
        stock, made, delivered, used, burned, sent, needed, without, aside,
        np.zeros((replicates, items)), np.ones_like(stock), before, before.copy(),
    )  # fmt: skip


def use_supplies(state: State, relief: Relief, step: int) -> None:
    """Let people carry, make and use supplies for one step; set the shortage they feel (rules 18 and 19)."""
    model, supplies, inputs, stores = state.model, relief.supplies, relief.inputs, relief.stores
    leading_out = model.inside[model.link_from]
    count_people(state.queues.at_place, state.queues.on_link, supplies.places, leading_out, stores.people)
    carry_along(
        stores.people, stores.people_before, inputs.average, inputs.carried_days, stores.stock, stores.taken_out
    )
    if supplies.depots:
        _open_depots(supplies, inputs, stores, step * model.step_hours, model.step_hours)
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
        model.step_hours / 24.0,
        stores.aside,
        stores.stock,
        stores.made,
        stores.used,
        stores.needed,
        stores.without,
        stores.met,
    )
    keep = float(np.exp(-model.step_hours / MEMORY_HOURS))
    feel_shortage(supplies.places, relief.felt_weight, stores.met, keep, state.shortage)


def _open_depots(supplies: Supplies, inputs: SupplyInputs, stores: Stores, hour: float, step_hours: float) -> None:
    """Add the goods of depots inside: what is there at first, what is added, all that is asked of endless ones."""
    for d, depot in enumerate(supplies.depots):
        if hour < depot.begin - 1e-9:
            continue
        n, i = depot.place, depot.item
        fresh = inputs.depot_made[:, d] * step_hours / 24.0
        if hour - step_hours < depot.begin - 1e-9 or (hour == 0.0 and depot.begin <= 0.0):
            fresh = fresh + inputs.depot[:, d]
        if depot.endless:
            most = stores.people[:, n] * inputs.need[:, n, :, i].max(axis=1) * step_hours / 24.0
            fresh = np.maximum(fresh, most + stores.aside[:, n, i] - stores.stock[:, n, i])
        stores.stock[:, n, i] += fresh
        stores.made[:, n, i] += fresh


def weigh_shortage(supplies: Supplies) -> Floats:
    """Return what each item counts in the shortage of a place [N, I]: life-saving, by weight, where it is known."""
    weight = (supplies.weight * supplies.life_saving)[None, :] * supplies.known[:-1]
    total = weight.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(weight, total, out=np.zeros_like(weight), where=total > 0))
