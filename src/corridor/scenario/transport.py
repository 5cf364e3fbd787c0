"""What people and goods travel by: the transports built in, and those that a scenario's own table adds or replaces."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from corridor.scenario.values import Quantity, parse_quantity

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor.scenario.draft import Row

OWN, FLEET, SERVICE = "own", "fleet", "service"  # who provides a transport
CAR, FOOT = "car", "foot"
DRIVEN = ("road", "track", "path")  # kinds of way that are not for services alone


@dataclass(frozen=True)
class Transport:
    """One transport: who provides it, the room one takes (in cars), and how it moves where it takes none.

    `ways` are the kinds of way that it may use; `inspection` is how many times the time of a car a checkpoint takes.
    """

    id: str
    name: str
    provided: str
    room: int
    speed_kmh: Quantity
    rest_hours: float
    ways: tuple[str, ...]
    inspection: float

    @property
    def moving_share(self) -> float:
        """Return the share of a day in which it moves."""
        return (24.0 - self.rest_hours) / 24.0

    @property
    def is_beside(self) -> bool:
        """Tell whether it takes no room and moves beside the cars."""
        return self.room == 0

    @property
    def needs_no_fuel(self) -> bool:
        """Tell whether it burns nothing: porters."""
        return self.id == FOOT

    def may_use(self, kind: str, walked: bool = True) -> bool:
        """Tell whether it may use a way of a kind; what moves beside the cars needs one along which people may walk."""
        return kind in self.ways and (walked or kind not in DRIVEN or not self.is_beside)


@cache
def load_transports() -> dict[str, Transport]:
    """Return the transports that are built in, by id."""
    text = resources.files("corridor.scenario").joinpath("transport.csv").read_text(encoding="utf-8")
    return {
        row["id"]: Transport(
            row["id"], row["name"], row["provided"], int(row["room"]), parse_quantity(row["speed_kmh"]),
            float(row["rest_hours"]), tuple(row["ways"].split()), float(row["inspection"]),
        )
        for row in csv.DictReader(text.splitlines())
    }  # fmt: skip


def list_transports(rows: Iterable[Row]) -> dict[str, Transport]:
    """Return every transport by id: those built in, replaced or joined by the rows of a scenario's table."""
    found = dict(load_transports())
    for row in rows:
        name = str(row["id"])
        found[name] = Transport(
            name, str(row["name"] or name), row["provided"], row["room"], row["speed_kmh"], row["rest_hours"],
            tuple(row["ways"].split()), row["inspection"],
        )  # fmt: skip
    return found


def split_wishes(text: str) -> tuple[str, ...]:
    """Return what people would travel by, in the order of their wish; `own` is a car of their own."""
    return tuple(CAR if word == OWN else word for word in text.split())
