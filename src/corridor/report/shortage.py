"""What runs out first: when the stocks that a run records come to nothing. One computation for every sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.results.relief import ROAD, SHORT, Shelf, read_fuel, read_shelves
from corridor.results.result import interpolate
from corridor.words.said import Field, say

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from corridor.results.drawn import Drawn
    from corridor.results.result import Result, Values


@dataclass(frozen=True)
class Store:
    """A recorded stock: what it is of, where, when there is too little of it [R, T] and when there first is [R].

    `item` is empty for the fuel of those who leave. `hours` count from the start of the period, infinite where the
    stock never runs out.
    """

    item: str
    what: Field
    where: str
    below: NDArray[np.bool_]
    hours: Values


def find_stores(result: Result, drawn: Drawn) -> list[Store]:
    """Return the recorded stocks that are known, the first to run out (by median, then by chance) first.

    An item has run out where somebody goes without some of it; fuel when it is less than one vehicle of the
    thirstiest group needs.
    """
    places = {row["id"]: row["name"] for row in result.scenario.rows("places", result.manifest["parameters"])}
    stores = [
        Store(shelf.item, name_item(shelf.item), places[shelf.place], shelf.missing > SHORT, shelf.out_hours)
        for shelf in order_shelves(result)
        if shelf.place != ROAD and shelf.kept
    ]
    needed = np.maximum(drawn.inputs.fuel_litres.max(axis=1, initial=0.0), 1e-6)
    for place, stock in read_fuel(result).items():
        if place in places and (stock[:, 0] > 0).any():
            below = stock < needed[:, None]
            stores.append(Store("", say("runs.store.fuel"), places[place], below, first_hours(result, below)))
    return sorted(stores, key=lambda store: _rank(store.hours, store.below))


def order_shelves(result: Result) -> list[Shelf]:
    """Return the shelves where something is needed, the first to run out first; the road last."""
    some = [shelf for shelf in read_shelves(result) if shelf.needed[:, -1].any()]
    return sorted(some, key=lambda s: (s.place == ROAD, *_rank(s.out_hours, s.missing > SHORT), s.place, s.item))


def _rank(hours: Values, below: NDArray[np.bool_]) -> tuple[float, float]:
    """Return what puts the first to run out first: the median of its hours [R], then how often there is too little."""
    return float(np.median(hours)), -float(below.mean())


def find_unknown(result: Result) -> list[str]:
    """Return the names of items that people need and of which no stock is stated anywhere."""
    stated = {item for _, item in result.labels("person_days_without")}
    needed = {item for (_, item), units in result.take_all("needed").items() if units[:, -1].any()}
    return sorted(name_item(item) for item in needed - stated)


def find_unstated(result: Result, item: str) -> list[str]:
    """Return the places where an item is needed and no stock of it is stated."""
    stated = {place for place, what in result.labels("person_days_without") if what == item}
    needed = [place for place, what in result.labels("needed") if what == item and place not in {*stated, ROAD}]
    return [place for place in needed if result.take("needed", place, item)[:, -1].any()]


def count_without(result: Result, item: str, moment: datetime) -> Values:
    """Return the person-days that people have gone without an item by a moment, places and road together [R]."""
    parts = [values for (_, what), values in result.take_all("person_days_without").items() if what == item]
    return interpolate(sum(parts, np.zeros((result.replicates, len(result.times)))), result.times, moment)


def name_item(item: str) -> str:
    """Return what a sentence calls an item: its id in words."""
    return item.replace("_", " ")


def first_hours(result: Result, holds: NDArray[np.bool_]) -> Values:
    """Return the hours from the start at which a condition [R, T] first holds [R]; infinite if it never does."""
    first = holds.argmax(axis=1) * float(result.manifest["record_hours"])
    return np.where(holds.any(axis=1), first, np.inf)
