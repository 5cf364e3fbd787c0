"""The relief side of a batch in one place: what was drawn, what is in store, where convoys are, what is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from corridor.simulate.convoys import CAUSES, Caravans, begin_caravans
from corridor.simulate.inputs import Drawer
from corridor.simulate.model import Floats, Integers, Model
from corridor.simulate.needs import Stores, begin_stores, weigh_shortage
from corridor.simulate.passage import Flags
from corridor.simulate.series import Column
from corridor.simulate.supplies import Supplies, SupplyInputs, draw_supplies

ROAD = "on_the_road"
BY_ITEM = ("loaded", "on_the_way", "brought_in", "returned", "taken_out")
TOTALS = ("relief_trucks_in", "relief_trucks_turned_back", "relief_litres")


@dataclass
class Relief:
    """Supplies of a model with the state of a batch."""

    supplies: Supplies
    inputs: SupplyInputs
    stores: Stores
    caravans: Caravans

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
        return {name: np.flatnonzero(cells) for name, cells in _choose_cells(self.supplies).items()}


def begin_relief(draw: Drawer, at_place: Integers) -> Relief | None:
    """Return the relief side at the start, None when the scenario states no needs; `at_place` [R, P, G]."""
    model = draw.model
    if model.supplies is None:
        return None
    inputs = draw_supplies(model, draw)
    people = at_place[:, model.supplies.places, :].sum(axis=2)
    stores = begin_stores(model.supplies, inputs, people)
    return Relief(model.supplies, inputs, stores, begin_caravans(model.supplies, inputs))


def _choose_cells(supplies: Supplies) -> dict[str, Flags]:
    """Return the cells [N + 1, I] of each series by place: only those that can be other than nothing.

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
    fuelled &= np.arange(len(supplies.items)) == supplies.fuel
    return {
        "stock": supplies.known & town,
        "left": ~supplies.known & town,
        "carried": ~town,
        "made": town,
        "delivered": town,
        "used": cells,
        "needed": cells,
        "burned": fuelled,
        "sent": base,
        "person_days_without": supplies.known,
    }


def name_relief_columns(model: Model) -> tuple[Column, ...]:
    """Return the measures recorded of relief: by place (and the road) and item, then by item, then totals."""
    supplies = model.supplies
    if supplies is None:
        return ()
    places = [*(model.places[p] for p in supplies.places), ROAD]
    names = [
        Column(series, (places[n], supplies.items[i]))
        for series, cells in _choose_cells(supplies).items()
        for n, i in np.argwhere(cells)
    ]
    names += [Column(series, (item,)) for series in BY_ITEM for item in supplies.items]
    names += [Column("relief_waited_hours", (cause,)) for cause in CAUSES]
    return (*names, *(Column(name) for name in TOTALS))


def take_relief_measures(relief: Relief) -> Floats:
    """Return the recorded measures [R, columns] in the order of the names."""
    stores, caravans = relief.stores, relief.caravans
    replicates = len(caravans.litres)
    arrays = {
        "stock": stores.stock,
        "left": stores.stock,
        "carried": stores.stock,
        "made": stores.made,
        "delivered": stores.delivered,
        "used": stores.used,
        "needed": stores.needed,
        "burned": stores.burned,
        "sent": stores.sent,
        "person_days_without": stores.without,
    }
    parts = [arrays[name].reshape(replicates, -1).take(cells, axis=1) for name, cells in relief.recorded.items()]
    parts += [caravans.loaded, caravans.on_the_way, caravans.delivered, caravans.returned, stores.taken_out]
    totals = np.stack([caravans.trucks_in, caravans.turned_back, caravans.litres], axis=1, dtype=np.float64)
    return np.concatenate([*parts, caravans.waited, totals], axis=1)
