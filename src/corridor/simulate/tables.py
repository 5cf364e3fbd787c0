"""The rows of a scenario that apply under a parameter set, as compiling looks them up."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from corridor.scenario.read import Row
from corridor.scenario.scenario import Scenario
from corridor.scenario.schema import load_fields
from corridor.scenario.values import Quantity
from corridor.scenario.variant import row_name
from corridor.simulate.arrays import Floats, Integers

DRAWN_EACH_TIME = ("change_lanes",)  # ranges from which is drawn again and again, not once per replicate


class Tables:
    """The rows that apply under a parameter set, by id, and the names of their uncertain numbers."""

    def __init__(self, scenario: Scenario, parameter_set: str) -> None:
        self.rows = {table: scenario.rows(table, parameter_set) for table in scenario.tables}
        self.by_id = {
            table: {row["id"]: row for row in rows} for table, rows in self.rows.items() if "id" in load_fields()[table]
        }
        self.sorted_ids = {table: tuple(sorted(rows)) for table, rows in self.by_id.items()}
        self.quantities: dict[str, Quantity] = {}

    def ids(self, table: str) -> tuple[str, ...]:
        """Return the ids of a table, sorted."""
        return self.sorted_ids[table]

    def index(self, table: str) -> dict[str, int]:
        """Return the position of each id among the sorted ids."""
        return {name: position for position, name in enumerate(self.ids(table))}

    def places_of(self, table: str) -> Integers:
        """Return the place of each row of a table, in the order of the ids."""
        place_of = self.index("places")
        return to_integers(place_of[self.by_id[table][name]["place"]] for name in self.ids(table))

    def numbers(self, table: str, column: str) -> Floats:
        """Return a column of plain numbers, in the order of the ids."""
        return np.array([self.by_id[table][name][column] for name in self.ids(table)], dtype=np.float64)

    def fleets_for(self, purpose: str) -> tuple[str, ...]:
        """Return the fleets that carry people, or goods; those for both carry either."""
        return tuple(f for f in self.ids("fleets") if self.by_id["fleets"][f]["purpose"] in (purpose, "both"))

    def note(self, *tables: str) -> None:
        """Enter every range of these tables from which is drawn once among the quantities, as table/name/column."""
        for table in tables:
            fields = load_fields()[table].items()
            ranges = [name for name, field in fields if field.type == "range" and name not in DRAWN_EACH_TIME]
            for row in self.rows[table]:
                named = {f"{table}/{row_name(row)}/{name}": row[name] for name in ranges if row[name] is not None}
                self.quantities.update(named)


def to_integers(values: Iterable[int]) -> Integers:
    """Return whole numbers as an array."""
    return np.array(list(values), dtype=np.int64)


def sort_rows(rows: Iterable[Row]) -> list[Row]:
    """Return rows in the order of their ids."""
    return sorted(rows, key=lambda row: str(row["id"]))
