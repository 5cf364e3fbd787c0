"""The relief side of a batch in one place: what was drawn, what is in store, where the convoys are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.simulate.convoys import Caravans, begin_caravans
from corridor.simulate.inputs import Drawer
from corridor.simulate.model import Floats, Integers, Model
from corridor.simulate.needs import Stores, begin_stores
from corridor.simulate.supplies import Supplies, SupplyInputs, draw_supplies


@dataclass
class Relief:
    """Supplies of a model with the state of a batch."""

    supplies: Supplies
    inputs: SupplyInputs
    stores: Stores
    caravans: Caravans


def begin_relief(draw: Drawer, at_place: Integers) -> Relief | None:
    """Return the relief side at the start, None when the scenario states no needs; `at_place` [R, P, G]."""
    model = draw.model
    if model.supplies is None:
        return None
    inputs = draw_supplies(model, draw)
    people = at_place[:, model.supplies.places, :].sum(axis=2)
    stores = begin_stores(model.supplies, inputs, people)
    return Relief(model.supplies, inputs, stores, begin_caravans(model.supplies, len(draw.keys)))


def name_relief_columns(model: Model) -> tuple[str, ...]:
    """Return the measures recorded of relief: by place (and the road) and item, then totals by item."""
    supplies = model.supplies
    if supplies is None:
        return ()
    places = [*(model.places[p] for p in supplies.places), ROAD]
    names = [f"{series}:{place}:{item}" for series in BY_PLACE for place in places for item in supplies.items]
    names += [f"{series}::{item}" for series in BY_ITEM for item in supplies.items]
    return (*names, "relief_trucks_in:", "relief_litres:")


ROAD = "on_the_road"
BY_PLACE = ("stock", "made", "delivered", "used", "needed", "person_days_without")
BY_ITEM = ("loaded", "on_the_way", "returned", "taken_out")


def take_relief_measures(relief: Relief) -> Floats:
    """Return the recorded measures [R, columns] in the order of the names."""
    stores, caravans = relief.stores, relief.caravans
    replicates = len(caravans.litres)
    by_place = [stores.stock, stores.made, stores.delivered, stores.used, stores.needed, stores.without]
    parts = [values.reshape(replicates, -1) for values in by_place]
    parts += [caravans.loaded, caravans.on_the_way, caravans.returned, stores.taken_out]
    parts += [caravans.trucks_in[:, None].astype(np.float64), caravans.litres[:, None]]
    return np.concatenate(parts, axis=1)
