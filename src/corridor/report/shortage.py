"""What runs out first: when the stocks that a run records come to nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.report.drawn import draw_again

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.report.envelope import Values
    from corridor.results.result import Result


@dataclass(frozen=True)
class Store:
    """A recorded stock: what it is of, where, when it is too low to use [R, T] and when it first is [R].

    `hours` count from the start of the period, infinite where the stock never runs out.
    """

    what: str
    where: str
    below: NDArray[np.bool_]
    hours: Values


def find_stores(result: Result) -> list[Store]:
    """Return the recorded stocks, the first to run out (by median, then by chance) first.

    `fuel:PLACE` has run out when it is less than one vehicle of the thirstiest group needs; `stock:PLACE:ITEM` when
    nothing is left of it. A stock that is not known anywhere (nan) is left out.
    """
    chosen = result.manifest["parameters"]
    names = {row["id"]: row["name"] for row in result.scenario.rows("places", chosen)}
    columns = [name for name in result.columns if name.startswith(("fuel:", "stock:"))]
    needed = draw_again(result).inputs.fuel_litres.max(axis=1, initial=0.0) if columns else np.zeros(0)
    stores = []
    for column, stock in result.take_several(columns).items() if columns else ():
        series, place, item = (column + "::").split(":")[:3]
        if not np.isfinite(stock[:, 0]).any():
            continue
        least = np.maximum(needed if series == "fuel" else 0.0, 1e-6)
        below = stock < np.broadcast_to(least, len(stock))[:, None]
        what = "fuel for those who leave" if series == "fuel" else item.replace("_", " ")
        stores.append(Store(what, names.get(place, place), below, first_hours(result, below)))
    return sorted(stores, key=lambda store: (float(np.median(store.hours)), -float(store.below.mean())))


def first_hours(result: Result, holds: NDArray[np.bool_]) -> Values:
    """Return the hours from the start at which a condition [R, T] first holds [R]; infinite if it never does."""
    first = holds.argmax(axis=1) * float(result.manifest["record_hours"])
    return np.where(holds.any(axis=1), first, np.inf)
