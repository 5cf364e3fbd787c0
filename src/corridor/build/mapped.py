"""What is read of an extract: places, border posts, roads and ferries, as they are mapped."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

PLACES = ("city", "town", "village", "hamlet")


@dataclass(frozen=True)
class MappedPlace:
    """A named place: latitude and longitude in degrees, its people where they are mapped and of which day."""

    name: str
    names: tuple[str, ...]
    kind: str
    latitude: float
    longitude: float
    people: int | None = None
    people_day: str = ""


@dataclass(frozen=True)
class Control:
    """A border post or checkpoint as mapped."""

    name: str
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Ferry:
    """What is mapped of a ferry: minutes of a crossing and between departures (None where not), whom it takes.

    `vehicles_said` tells that it is mapped whether it takes vehicles.
    """

    minutes: float | None
    interval: float | None
    vehicles: bool
    vehicles_said: bool
    people: bool


@dataclass(frozen=True)
class Way:
    """A road or ferry: its class, free speed in km/h (both ends of what is assumed), lanes in one direction.

    `one_way` roads are driven along their points only. `link` says that it is a slip road between others.
    """

    road_class: str
    name: str
    slow: float
    fast: float
    lanes: int
    one_way: bool
    unpaved: bool
    bridge: bool
    assumed: bool = False  # drawn straight from a place to the nearest road
    link: bool = False
    ferry: Ferry | None = None


@dataclass
class Extract:
    """What was read. Positions of the points of all ways: `reference` (number in the file), degrees; `way` of each."""

    day: str = ""
    places: list[MappedPlace] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    ways: list[Way] = field(default_factory=list)
    reference: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    latitude: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    longitude: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    way: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    read: int = 0
    left_out: Counter[str] = field(default_factory=Counter)  # ways, why
    places_left_out: Counter[str] = field(default_factory=Counter)
