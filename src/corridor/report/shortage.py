"""What runs out first: when the stocks that a run records come to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.results.drawn import Drawn
    from corridor.results.result import Result, Values


EMPTY = 0.001  # of what there was at the start: less is nothing


@dataclass(frozen=True)
class Store:
    """A recorded stock: what it is of, where, when it is too low to use [R, T] and when it first is [R].

    `item` is empty for the fuel of those who leave. `hours` count from the start of the period, infinite where the
    stock never runs out.
    """

    item: str
    what: str
    where: str
    below: NDArray[np.bool_]
    hours: Values


def find_stores(result: Result, drawn: Drawn) -> list[Store]:
    """Return the recorded stocks that are known, the first to run out (by median, then by chance) first.

    Fuel has run out when it is less than one vehicle of the thirstiest group needs; a stock of an item when
    nothing is left of it. A stock that is nothing at the start in every run is one that nobody has stated.
    """
    places = {row["id"]: row["name"] for row in result.scenario.rows("places", result.manifest["parameters"])}
    columns = [column for column in result.columns if column.series in ("fuel", "stock")]
    if not columns:
        return []
    needed = drawn.inputs.fuel_litres.max(axis=1, initial=0.0)
    names, stores = _name_items(result), []
    for column, stock in result.take_columns(columns).items():
        place, item = column.labels if column.series == "stock" else (*column.labels, "")
        if place not in places or not (stock[:, 0] > 0).any():
            continue
        below = stock < np.maximum(needed if column.series == "fuel" else EMPTY * stock[:, 0], 1e-6)[:, None]
        what = names[item] if item else "fuel for those who leave"
        stores.append(Store(item, what, places[place], below, first_hours(result, below)))
    return sorted(stores, key=lambda store: (float(np.median(store.hours)), -float(store.below.mean())))


def find_unknown(result: Result) -> list[str]:
    """Return the names of items that people need and of which no stock is stated anywhere."""
    chosen = result.manifest["parameters"]
    tables = result.scenario.tables
    stocks = result.scenario.rows("stocks", chosen) if "stocks" in tables else ()
    stated = {row["item"] for row in stocks if row["quantity"] is not None}
    needed = {row["item"] for row in result.scenario.rows("needs", chosen)} if "needs" in tables else set()
    return sorted(_name_items(result)[item] for item in needed - stated)


def count_without(result: Result, item: str) -> Values:
    """Return the person-days that people have gone without an item by the end, all places together [R]."""
    without = result.take_all("person_days_without")
    return sum((values[:, -1] for (_, what), values in without.items() if what == item), np.zeros(result.replicates))


def _name_items(result: Result) -> dict[str, str]:
    rows = result.scenario.tables.get("items", ())
    return {row["id"]: str(row["id"]).replace("_", " ") for row in rows}


def first_hours(result: Result, holds: NDArray[np.bool_]) -> Values:
    """Return the hours from the start at which a condition [R, T] first holds [R]; infinite if it never does."""
    first = holds.argmax(axis=1) * float(result.manifest["record_hours"])
    return np.where(holds.any(axis=1), first, np.inf)
