"""What rows of convoys and slots mean to whoever plans convoys and to whoever moves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from numpy.typing import NDArray

    from corridor.scenario.read import Row
    from corridor.scenario.scenario import Scenario


BY_SERVICE = "service:"  # begins what a plan calls the departures of a service


def name_carrier(fleet: str) -> tuple[str, str]:
    """Return the fleet and the service of a convoy's row, one of them blank, from its fleet in a plan."""
    return ("", fleet.split(":")[1]) if fleet.startswith(BY_SERVICE) else (fleet, "")


def name_party(convoy: str, to: str) -> str:
    """Return the name that rows travelling as one share: `NAME_PLACE` with the place it goes to is part of NAME."""
    return convoy.removesuffix(f"_{to}") or convoy


def convoys_of_day(a_day: NDArray[np.float64] | float, day: int) -> NDArray[np.float64]:
    """Return how many convoys are let through on a day: half a convoy a day is one every other day."""
    return np.asarray(np.floor((day + 1) * a_day + 1e-9) - np.floor(day * a_day + 1e-9))


def holds(row: Row, moment: datetime) -> bool:
    """Tell whether a slot or a clearance is in force at a moment; one without a time always is."""
    begins, ends = row.values.get("from"), row.values.get("until")
    return (begins is None or begins <= moment) and (ends is None or moment < ends)


def write_loads(loads: Mapping[str, float]) -> str:
    """Return loads in tonnes as one cell of a convoys table, to the kilogram: "flour=66 salt=2.7"."""
    return " ".join(f"{item}={tonnes:.3f}".rstrip("0").rstrip(".") for item, tonnes in loads.items() if tonnes >= 5e-4)


def replace_convoys(scenario: Scenario, start: datetime, rows: Iterable[Row]) -> Scenario:
    """Return the scenario with `rows` in place of all planned convoys that leave at `start` or later.

    What is known to have been delivered or turned back stays, and so do convoys that leave before.
    """
    kept = [
        row for row in scenario.tables.get("convoys", ()) if row["outcome"] != "planned" or row["departs"].start < start
    ]
    changed = (*kept, *rows)
    tables = {**scenario.tables, "convoys": tuple(sorted(changed, key=lambda row: str(row["id"])))}
    return scenario.replace(f"{scenario.variant_name} with planned convoys".strip(), tables=tables)


def without_convoys(scenario: Scenario, start: datetime) -> Scenario:
    """Return the scenario in which nothing more is sent from `start` on."""
    return replace_convoys(scenario, start, ())
