"""The relief side of a batch: what was drawn, what is in store, where convoys are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.clearances import Passes, begin_passes
from corridor.simulate.depots import Depots, begin_depots
from corridor.simulate.goods import Supplies
from corridor.simulate.inputs import Drawer
from corridor.simulate.shipping import Shipping, begin_shipping
from corridor.simulate.supplies import SupplyInputs, draw_supplies
from corridor.simulate.works import Turnover, begin_turnover

CAUSES = ("trucks", "fuel", "clearance", "slot", "road", "inspection")  # of waiting


@dataclass
class Stores:
    """What is where, in units of each item [R, N + 1, I]: N places inside, the last one (N) is the road.

    Sums kept: stock at the start + made + delivered = stock + used + burned + sent + taken out, at every step, added
    up over the places and the road (people take supplies from their place onto the road and off it); with plants,
    facilities and fuel for leaving also used by facilities + put into plants + taken by those who leave + lost.
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


@dataclass
class Caravans:
    """Where each convoy is [R, C]; `leg` is the next road to enter, `free_at` the hour at which it can."""

    stage: Integers
    leg: Integers
    free_at: Floats
    load: Floats  # [R, C, I] units on its trucks
    at_base: Integers  # [R, F] trucks of each fleet
    passes: Passes
    desk_free_at: Floats  # [R, K] when the inspection of relief can begin with the next convoy
    waited: Floats  # [R, causes] truck-hours
    loaded: Floats  # [R, I] units that have left, so far
    delivered: Floats  # [R, I]
    returned: Floats  # [R, I]
    crew: Integers  # [R, C] trucks that go home with the convoy: not those that take people along
    taken: Integers  # [R, C] people taken along
    trucks_in: Integers  # [R] trucks that have come from outside to inside
    turned_back: Integers  # [R] trucks
    litres: Floats  # [R] burned
    first_step: list[int]  # at which each convoy can first have to do with anything
    over: list[bool]  # in all replicates
    shipping: Shipping  # what goes by services

    @property
    def on_the_way(self) -> Floats:
        """Return units on trucks, going or coming back undelivered, and with services or waiting for them [R, I]."""
        shipping = self.shipping
        by_services = shipping.waiting.sum(axis=1) + shipping.under_way.sum(axis=(1, 2))
        return np.asarray(self.load.sum(axis=1) + by_services)


def begin_caravans(supplies: Supplies, inputs: SupplyInputs, step_hours: float) -> Caravans:
    """Return all convoys at their bases."""
    replicates, count, items = len(inputs.trucks), len(supplies.convoys), len(supplies.items)
    parties = max((convoy.party for convoy in supplies.convoys), default=-1) + 1

    def zeros(*shape: int, kind: type = np.float64) -> np.ndarray:
        return np.zeros((replicates, *shape), dtype=kind)

    return Caravans(
        stage=zeros(count, kind=np.int64),
        leg=zeros(count, kind=np.int64),
        free_at=zeros(count),
        load=zeros(count, items),
        at_base=inputs.fleet_trucks.copy(),
        passes=begin_passes(replicates, len(supplies.gates), len(supplies.slots), parties),
        desk_free_at=zeros(inputs.relief_rate.shape[1]),
        waited=zeros(len(CAUSES)),
        loaded=zeros(items),
        delivered=zeros(items),
        returned=zeros(items),
        crew=inputs.trucks.copy(),
        taken=zeros(count, kind=np.int64),
        trucks_in=zeros(kind=np.int64),
        turned_back=zeros(kind=np.int64),
        litres=zeros(),
        first_step=[int(steps.min()) for steps in inputs.departs.T],
        over=[False] * count,
        shipping=begin_shipping(supplies, inputs.shipping, step_hours),
    )


@dataclass
class Relief:
    """Supplies of a model with the state of a batch."""

    supplies: Supplies
    inputs: SupplyInputs
    stores: Stores
    caravans: Caravans
    depots: Depots
    turnover: Turnover  # without places where nothing is made or used beside people

    @cached_property
    def position(self) -> dict[int, int]:
        """Return the index among the places of the supplies of each place of the model."""
        return self.supplies.position

    @cached_property
    def felt_weight(self) -> Floats:
        """Return what each item counts in the shortage of a place [N, I]."""
        return weigh_shortage(self.supplies)

    @cached_property
    def recorded(self) -> dict[str, Integers]:
        """Return which cells (place, item) each series by place records."""
        return {name: np.flatnonzero(cells) for name, cells in choose_cells(self.supplies).items()}


def begin_relief(draw: Drawer, at_place: Integers) -> Relief | None:
    """Return the relief side at the start, None when the scenario states no needs; `at_place` [R, P, G]."""
    model = draw.model
    if model.supplies is None:
        return None
    inputs = draw_supplies(model.supplies, draw)
    people = at_place[:, model.supplies.places, :].sum(axis=2)
    stores = begin_stores(model.supplies, inputs, people)
    caravans = begin_caravans(model.supplies, inputs, model.clock.step_hours)
    depots = begin_depots(model.supplies.outside, inputs.outside)
    return Relief(model.supplies, inputs, stores, caravans, depots, _begin_turnover(model.supplies, len(people)))


def _begin_turnover(supplies: Supplies, replicates: int) -> Turnover:
    if not supplies.has_turnover:
        return begin_turnover(replicates, (0, 0), 0, 0)
    plants = 0 if supplies.works is None else len(supplies.works.place)
    return begin_turnover(replicates, supplies.known.shape, plants, len(supplies.facilities))


def weigh_shortage(supplies: Supplies) -> Floats:
    """Return what each item counts in the shortage of a place [N, I]: life-saving, by weight, where it is known."""
    weight = (supplies.weight * supplies.life_saving)[None, :] * supplies.known[:-1]
    total = weight.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(weight, total, out=np.zeros_like(weight), where=total > 0))


def choose_cells(supplies: Supplies) -> dict[str, Flags]:
    """Return the cells [N + 1, I] that each series by place records: only those that can be other than nothing.

    A stock that is known is `stock`; where it is not known, `left` is what is left of what came in; on the road it
    is `carried`.
    """
    cells = np.ones(supplies.known.shape, dtype=bool)
    town = cells.copy()
    town[-1] = False
    base, fuelled = np.zeros_like(cells), np.zeros_like(cells)
    for convoy in supplies.convoys:
        for place, cell in ((convoy.start, base), (convoy.start, fuelled), (convoy.goal, fuelled)):
            if place in supplies.position:
                cell[supplies.position[place]] = True
    for one in supplies.consignments:
        if one.start in supplies.position:
            base[supplies.position[one.start]] = True
    fuelled &= np.arange(len(supplies.items)) == supplies.fuel
    found = {
        "stock": supplies.known & town & supplies.kept,
        "left": ~supplies.known & town,
        "carried": ~town & supplies.kept,
        "made": town,
        "delivered": town,
        "used": cells,
        "needed": cells,
        "burned": fuelled,
        "sent": base,
        "person_days_without": supplies.known,
    }
    if not supplies.has_turnover:
        return found
    leaving = np.arange(len(supplies.items)) == supplies.for_leaving
    put_in = np.zeros_like(cells)
    if supplies.works is not None:
        put_in[supplies.works.place[supplies.works.input_plant], supplies.works.input_item] = True
    return found | {"lost": town & (leaving | ~supplies.kept), "put_in": put_in, "fuelled": town & leaving}
