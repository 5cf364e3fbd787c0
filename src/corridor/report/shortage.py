"""What runs out first: when the stocks that a run records come to nothing."""

from __future__ import annotations

from typing import Any

import numpy as np

from corridor.report.drawn import draw_again
from corridor.report.envelope import Values
from corridor.results.result import Result


def find_fuel(result: Result) -> list[dict[str, Any]]:
    """Return for each place with a fuel stock when it first falls below one vehicle's need, hours [R], inf if never.

    `below` [R, T] tells when the stock is that low; "one vehicle's need" is what the replicate draws for its
    thirstiest group.
    """
    columns = [name for name in result.columns if name.startswith("fuel:")]
    if not columns:
        return []
    needed = draw_again(result).inputs.fuel_litres.max(axis=1)
    names = {row["id"]: row["name"] for row in result.scenario.rows("places", result.manifest["parameters"])}
    found = []
    for column, stock in result.take_several(columns).items():
        below = stock < np.maximum(needed, 1e-9)[:, None]
        place = column.partition(":")[2]
        found.append(
            {"place": place, "name": names[place], "below": below, "hours": first_hour(result, below)}
        )
    return found


def first_hour(result: Result, holds: Any) -> Values:
    """Return the hours from the start at which a condition [R, T] first holds [R]; inf if it never does."""
    first = holds.argmax(axis=1) * float(result.manifest["record_hours"])
    return np.where(holds.any(axis=1), first, np.inf)
