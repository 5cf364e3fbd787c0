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
    """What is where, in units of each item. N places inside, I items; the last place (N) is the road.

    Sums kept: at the start + made + delivered = stock + used + taken out, at every step, summed over the places
    and the road (people take supplies from their place onto the road).
    """

    known: np.ndarray  # [N + 1, I] a stock is stated; elsewhere only what comes in is counted
    stock: Floats  # [R, N + 1, I]
    made: Floats  # [R, N + 1, I] so far
    delivered: Floats  # [R, N + 1, I]
    used: Floats  # [R, N + 1, I]
    needed: Floats  # [R, N + 1, I]
    without: Floats  # [R, N + 1, I] person-days
    taken_out: Floats  # [R, I] with people who have left the area
    met: Floats  # [R, N + 1, I] share of the need met in the last step
    felt: Floats  # [R, N] shortage as felt over the last day, 0 to 1
    people_before: Integers  # [R, N + 1]


def begin_stores(supplies: Supplies, inputs: SupplyInputs, people: Integers) -> Stores:
    """Return the stores at the start; `people` [R, N]."""
    replicates, places, items = inputs.stock.shape
    shape = (replicates, places + 1, items)
    stock = np.zeros(shape)
    stock[:, :places] = np.nan_to_num(inputs.stock)
    known = np.zeros((places + 1, items), dtype=bool)
    for n, i in supplies.stock_names:
        known[n, i] = bool(np.isfinite(inputs.stock[:, n, i]).all())
    known[places] = known[:places].any(axis=0)
    before = np.zeros((replicates, places + 1), dtype=np.int64)
    before[:, :places] = people
    return Stores(
        known,
        stock,
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros(shape),
        np.zeros((replicates, items)),
        np.ones(shape),
        np.zeros((replicates, places)),
        before,
    )


def use_supplies(state: State, relief: Relief) -> None:
    """Let people carry, make and use supplies for one step; set the shortage they feel (rules 18 and 19)."""
    model, supplies, inputs, stores = state.model, relief.supplies, relief.inputs, relief.stores
    days = model.step_hours / 24.0
    at_place = state.queues.at_place[:, supplies.places, :]
    leading_out = model.inside[model.link_from]
    on_road = state.queues.on_link[:, leading_out].sum(axis=1)
    people = np.concatenate([at_place.sum(axis=2), on_road[:, None]], axis=1)
    _carry_along(inputs, stores, people)
    need = np.empty(stores.stock.shape)
    if inputs.alike:
        np.multiply(people[:, :-1, None], inputs.average, out=need[:, :-1])
    else:
        np.einsum("rng,rngi->rni", at_place, inputs.need, out=need[:, :-1])
    need[:, -1] = on_road[:, None] * inputs.on_road
    need *= days
    made = inputs.made * days
    stores.stock[:, :-1] += made
    stores.made[:, :-1] += made
    usable = need * _limit_by_dependence(supplies, inputs, stores)
    used = np.minimum(usable, stores.stock)
    stores.stock -= used
    stores.used += used
    stores.needed += need
    stores.met = np.divide(used, need, out=np.ones_like(need), where=need > 0)
    stores.without += (1.0 - stores.met) * people[:, :, None] * days
    _feel_shortage(state, supplies, stores)
    stores.people_before = people


def _carry_along(inputs: SupplyInputs, stores: Stores, people: Integers) -> None:
    """Move supplies with people who went onto the road, and out with those who arrived, since the last step."""
    before = stores.people_before
    gone = np.maximum(before[:, :-1] - people[:, :-1], 0)
    share = gone / np.maximum(before[:, :-1], 1)
    wanted = gone[:, :, None] * inputs.average * inputs.carried_days[:, None, None]
    taken = np.minimum(stores.stock[:, :-1] * share[:, :, None], wanted)
    stores.stock[:, :-1] -= taken
    stores.stock[:, -1] += taken.sum(axis=1)
    out = np.clip(before[:, -1] + gone.sum(axis=1) - people[:, -1], 0, None)
    left = stores.stock[:, -1] * (out / np.maximum(before[:, -1] + gone.sum(axis=1), 1))[:, None]
    stores.stock[:, -1] -= left
    stores.taken_out += left


def _limit_by_dependence(supplies: Supplies, inputs: SupplyInputs, stores: Stores) -> Floats:
    """Return the share of each need that can be used at most, given what was met of the item it depends on."""
    limit = np.ones(stores.stock.shape)
    for item, other in enumerate(supplies.depends_on):
        if other >= 0:
            limit[:, :, item] = 1.0 - inputs.dependence[:, None, item] * (1.0 - stores.met[:, :, other])
    return limit


def _feel_shortage(state: State, supplies: Supplies, stores: Stores) -> None:
    """Let shortage follow the unmet share of life-saving needs whose stock is stated, with a day's memory."""
    weight = (supplies.weight * supplies.life_saving)[None, :] * stores.known[:-1]
    total = weight.sum(axis=1)
    some = total > 0
    if not some.any():
        return
    unmet = ((1.0 - stores.met[:, :-1]) * weight).sum(axis=2)[:, some] / total[some]
    keep = np.exp(-state.model.step_hours / MEMORY_HOURS)
    stores.felt[:, some] = keep * stores.felt[:, some] + (1.0 - keep) * unmet
    state.shortage[:, supplies.places[some]] = stores.felt[:, some]
