"""What a run reports of relief: by place (and the road) and item, then by item, then totals."""

from __future__ import annotations

import numpy as np

from corridor.simulate.arrays import Floats, Integers
from corridor.simulate.depots import choose_depot_cells
from corridor.simulate.goods import Supplies
from corridor.simulate.measuring import copy_cells, write_columns
from corridor.simulate.model import Model
from corridor.simulate.relief import CAUSES, Relief, choose_cells
from corridor.simulate.series import Column

ROAD = "on_the_road"
TAKEN = "taken_by_convoys"
OF_FACILITIES = ("facility_used", "facility_needed")
BY_ITEM = ("loaded", "on_the_way", "brought_in", "returned", "taken_out")
TOTALS = ("relief_trucks_in", "relief_trucks_turned_back", "relief_litres")


def name_relief_columns(model: Model) -> tuple[Column, ...]:
    """Return the measures recorded of relief: by place (and the road) and item, then by item, then totals."""
    supplies = model.supplies
    if supplies is None:
        return ()
    places = [*(model.network.places[p] for p in supplies.places), ROAD]
    names = [
        Column(series, (places[n], supplies.items[i]))
        for series, cells in choose_cells(supplies).items()
        for n, i in np.argwhere(cells)
    ]
    names += [
        Column(series, (model.network.places[supplies.outside.places[m]], supplies.items[i]))
        for series, cells in choose_depot_cells(supplies).items()
        for m, i in np.argwhere(cells)
    ]
    names += [Column(series, (item,)) for series in BY_ITEM for item in supplies.items]
    names += _name_works(model, supplies)
    names += [Column(TAKEN, (model.network.places[p],)) for p in supplies.places] if supplies.takes_people else []
    names += [Column("relief_waited_hours", (cause,)) for cause in CAUSES]
    return (*names, *(Column(name) for name in TOTALS))


def _name_works(model: Model, supplies: Supplies) -> list[Column]:
    """Return what is recorded of plants and facilities, in the order in which it is written."""
    if supplies.works is None:
        return []
    names = [Column("plant_made", (plant,)) for plant in model.plants]
    names += [Column(series, (name,)) for series in OF_FACILITIES for name in supplies.facilities]
    return names + [Column("facility_days_without", (supplies.facilities[f],)) for f in find_counted(supplies)]


def _count_taken(relief: Relief) -> Floats:
    """Return the people whom convoys have taken along from each place [R, N]."""
    supplies, taken = relief.supplies, relief.caravans.taken
    found = np.zeros((len(taken), len(supplies.places)))
    for c, convoy in enumerate(supplies.convoys):
        if convoy.goal in relief.position:
            found[:, relief.position[convoy.goal]] += taken[:, c]
    return found


def find_counted(supplies: Supplies) -> Integers:
    """Return the facilities that have what they use stated at their place: of others nobody is said to go without."""
    works = supplies.works
    if works is None:
        return np.zeros(0, dtype=np.int64)
    return np.flatnonzero(supplies.known[works.facility_place, works.facility_item])


def write_relief_measures(relief: Relief, record: Floats) -> None:
    """Write the recorded measures [R, columns] in the order of the names."""
    stores, caravans, turnover = relief.stores, relief.caravans, relief.turnover
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
        "lost": turnover.lost,
        "put_in": turnover.put_in,
        "fuelled": turnover.fuelled,
    }
    done = 0
    for name, cells in relief.recorded.items():
        copy_cells(arrays[name], cells, done, record)
        done += len(cells)
    for name, depot_cells in choose_depot_cells(relief.supplies).items():
        found = getattr(relief.depots, name)[:, depot_cells]
        record[:, done : done + found.shape[1]] = found
        done += found.shape[1]
    parts = [caravans.loaded, caravans.on_the_way, caravans.delivered, caravans.returned, stores.taken_out]
    if relief.supplies.works is not None:
        parts += [turnover.plant_made, turnover.facility_used, turnover.facility_needed]
        parts.append(turnover.facility_without[:, find_counted(relief.supplies)])
    if relief.supplies.takes_people:
        parts.append(_count_taken(relief))
    totals = np.stack((caravans.trucks_in, caravans.turned_back, caravans.litres), axis=1, dtype=np.float64)
    write_columns(record[:, done:], (*parts, caravans.waited, totals))
