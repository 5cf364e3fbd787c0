"""Talks: which position of an actor holds at a moment, and what a folder of talks alone cannot be asked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from corridor.scenario.faults import FaultsError, fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridor.scenario.draft import Row
    from corridor.scenario.scenario import Scenario


def take_valid(positions: Iterable[Row], until: datetime | None = None) -> list[Row]:
    """Return for each issue and actor the row that holds at a moment, the newest of all where none is given.

    A row without a date holds from the first. Rows of who holds no position yet are left out.
    """
    held: dict[tuple[str, str], Row] = {}
    for row in positions:
        name, begins = (row["issue"], row["actor"]), find_begin(row)
        if (until is None or begins <= until) and (name not in held or find_begin(held[name]) <= begins):
            held[name] = row
    return list(held.values())


def find_begin(row: Row) -> datetime:
    """Return from when a position holds; the earliest moment there is where it has no date."""
    date = row.values.get("date")
    return date if isinstance(date, datetime) else datetime.min


def list_dates(positions: Sequence[Row]) -> list[datetime]:
    """Return the moments at which positions begin to hold, in order."""
    return sorted({find_begin(row) for row in positions})


def require_people(scenario: Scenario) -> None:
    """Raise FaultsError for a folder of talks alone: nothing in it can be simulated, supplied or forecast."""
    if scenario.talks_alone:
        raise FaultsError([fault("talks_alone", ("people.csv", 0, ""))])
