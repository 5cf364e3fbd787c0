"""Stocks fall by what people use; what is missing is counted in person-days. Never a classification of hunger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.simulate.model import Floats, Integers
from corridor.simulate.supplies import Supplies, SupplyInputs

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
        np.zeros((replicates, items)), np.ones_like(stock), before,
    )  # fmt: skip


def use_supplies(state: State, relief: Relief, step: int) -> None:
    """Let people carry, make and use supplies for one step; set the shortage they feel (rules 18 and 19)."""
    model, supplies, inputs, stores = state.model, relief.supplies, relief.inputs, relief.stores
    days = model.step_hours / 24.0
    at_place = state.queues.at_place[:, supplies.places, :]
    on_road = state.queues.on_link[:, model.inside[model.link_from]].sum(axis=1)
    people = np.concatenate([at_place.sum(axis=2), on_road[:, None]], axis=1)
    _carry_along(inputs, stores, people)
    need = np.empty(stores.stock.shape)
    if inputs.alike:
        np.multiply(people[:, :-1, None], inputs.average, out=need[:, :-1])
    else:
        np.einsum("rng,rngi->rni", at_place, inputs.need, out=need[:, :-1])
    need[:, -1] = on_road[:, None] * inputs.on_road
    need *= days
    _open_depots(supplies, inputs, stores, need, step * model.step_hours, model.step_hours)
    for level in supplies.levels:
        _use_items(supplies, inputs, stores, need, level, days)
    stores.needed += need
    stores.without += (1.0 - stores.met) * people[:, :, None] * days
    _feel_shortage(state, supplies, stores)
    stores.people_before = people


def _use_items(
    supplies: Supplies, inputs: SupplyInputs, stores: Stores, need: Floats, level: Integers, days: float
) -> None:
    """Make and use the items of a level, as far as what they depend on was met in this step."""
    limit = _limit_by_dependence(supplies, inputs, stores, level)
    made = inputs.made[:, :, level] * days * limit[:, :-1]
    stores.stock[:, :-1, level] += made
    stores.made[:, :-1, level] += made
    wanted, stock = need[:, :, level], stores.stock[:, :, level]
    used = np.minimum(wanted * limit, np.maximum(stock - stores.aside[:, :, level], 0.0))
    stores.stock[:, :, level] = stock - used
    stores.used[:, :, level] += used
    stores.met[:, :, level] = np.divide(used, wanted, out=np.ones_like(used), where=wanted > 0)


def _limit_by_dependence(supplies: Supplies, inputs: SupplyInputs, stores: Stores, level: Integers) -> Floats:
    """Return the share of items that can be made and used [R, N + 1, level], by what was met of another item.

    An item whose stock is not known limits nothing.
    """
    other = supplies.depends_on[level]
    if (other < 0).all():
        return np.ones((1, stores.met.shape[1], 1))
    missing = np.where(supplies.known[:, other], 1.0 - stores.met[:, :, other], 0.0)
    return np.asarray(1.0 - inputs.dependence[:, None, level] * missing)


def _open_depots(
    supplies: Supplies, inputs: SupplyInputs, stores: Stores, need: Floats, hour: float, step_hours: float
) -> None:
    """Add the goods of depots inside: what is there at first, what is added, all that is asked of endless ones."""
    for d, depot in enumerate(supplies.depots):
        if hour < depot.begin - 1e-9:
            continue
        n, i = depot.place, depot.item
        fresh = inputs.depot_made[:, d] * step_hours / 24.0
        if hour - step_hours < depot.begin - 1e-9 or (hour == 0.0 and depot.begin <= 0.0):
            fresh = fresh + inputs.depot[:, d]
        if depot.endless:
            missing = need[:, n, i] + stores.aside[:, n, i] - stores.stock[:, n, i]
            fresh = np.maximum(fresh, missing)
        stores.stock[:, n, i] += fresh
        stores.made[:, n, i] += fresh


def _carry_along(inputs: SupplyInputs, stores: Stores, people: Integers) -> None:
    """Move supplies with people: onto the road with those who left, off it with those who got somewhere.

    Only the change of each place's number is seen, so somebody who comes changes places with somebody who goes.
    """
    before = stores.people_before
    change = people[:, :-1] - before[:, :-1]
    if not change.any() and not before[:, -1].any():
        return
    gone, came = np.maximum(-change, 0), np.maximum(change, 0)
    share = gone / np.maximum(before[:, :-1], 1)
    wanted = gone[:, :, None] * inputs.average * inputs.carried_days[:, None, None]
    taken = np.minimum(stores.stock[:, :-1] * share[:, :, None], wanted)
    stores.stock[:, :-1] -= taken
    stores.stock[:, -1] += taken.sum(axis=1)
    pool = before[:, -1] + gone.sum(axis=1)
    off = np.maximum(pool - people[:, -1], 0)
    left = stores.stock[:, -1] * (off / np.maximum(pool, 1))[:, None]
    arriving = came / np.maximum(np.maximum(off, came.sum(axis=1)), 1)[:, None]  # [R, N] of those off the road
    stores.stock[:, -1] -= left
    stores.stock[:, :-1] += left[:, None, :] * arriving[:, :, None]
    stores.taken_out += left * (1.0 - arriving.sum(axis=1))[:, None]


def _feel_shortage(state: State, supplies: Supplies, stores: Stores) -> None:
    """Let shortage move, with a day's memory, towards the unmet share of life-saving needs whose stock is known.

    It begins where the parameter `shortage` puts it; where no stock is known it stays there.
    """
    weight = (supplies.weight * supplies.life_saving)[None, :] * supplies.known[:-1]
    total = weight.sum(axis=1)
    some = np.flatnonzero(total > 0)
    if not some.size:
        return
    unmet = np.einsum("rni,ni->rn", 1.0 - stores.met[:, some], weight[some] / total[some, None])
    keep = np.exp(-state.model.step_hours / MEMORY_HOURS)
    places = supplies.places[some]
    state.shortage[:, places] = keep * state.shortage[:, places] + (1.0 - keep) * unmet
