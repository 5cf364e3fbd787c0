"""What a plan calls places, items, fleets and roads in papers for people: names in full, both sides', coordinates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corridor.scenario.convoys import BY_SERVICE, name_carrier

if TYPE_CHECKING:
    from corridor.scenario.read import Row
    from corridor.scenario.scenario import Scenario


@dataclass(frozen=True)
class Names:
    """The rows of a case by table and id; a name that no row gives is the id itself."""

    tables: dict[str, dict[str, Row]]

    def name(self, table: str, key: str) -> str:
        """Return what a row is called; a service that carries goods as a fleet does, by its own name."""
        if table == "fleets" and key.startswith(BY_SERVICE):
            table, key = "services", name_carrier(key)[1]
        return str(self.value(table, key, "name") or key)

    def value(self, table: str, key: str, column: str) -> Any:
        """Return a cell, None where there is none."""
        row = self.tables.get(table, {}).get(key)
        return None if row is None else row.values.get(column)

    def others(self, place: str) -> list[str]:
        """Return the other names of a place that its name does not hold already."""
        own = self.name("places", place).casefold()
        names = [name.strip() for name in str(self.value("places", place, "other_names") or "").split(";")]
        return [name for name in names if name and name.casefold() not in own]

    def coordinates(self, place: str) -> str:
        """Return latitude and longitude in degrees, blank where they are not stated."""
        found = [self.value("places", place, column) for column in ("latitude", "longitude")]
        return "" if None in found else f"{float(found[0]):.4f}, {float(found[1]):.4f}"

    def units(self, item: str, tonnes: float) -> tuple[float, str]:
        """Return a load in units of its item, and the unit; of an item without weight nothing."""
        weight = float(self.value("items", item, "tonnes_per_unit") or 0.0)
        return (tonnes / weight if weight > 0 else 0.0, str(self.value("items", item, "unit") or ""))


def read_names(scenario: Scenario, parameter_set: str) -> Names:
    """Return the names of a case under a parameter set."""
    wanted = ("places", "items", "fleets", "services", "roads", "areas", "checkpoints")
    return Names(
        {
            table: {str(row["id"]): row for row in scenario.rows(table, parameter_set)}
            for table in wanted
            if table in scenario.tables
        }
    )
