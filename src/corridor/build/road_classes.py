"""What a class of road stands for: free speed and capacity, assumed, in one table that can be read and questioned."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

FERRY = "ferry"
_LOOSE = ("gravel", "fine_gravel", "pebblestone", "rock", "compacted")
UNPAVED = frozenset((*_LOOSE, "unpaved", "dirt", "ground", "earth", "sand", "mud", "grass", "clay"))
UNPAVED_SHARE = (0.6, 0.7)  # of the slow and of the fast end of a paved road's speed: assumption
SIGNED_SHARE = (0.55, 0.9)  # of a signed limit that the flow reaches, at most: assumption


@dataclass(frozen=True)
class RoadClass:
    """One class: free speed of the flow in km/h, vehicles an hour and lane, lanes each way where none are mapped."""

    name: str
    rank: int  # 1 is the greatest
    slow: float
    fast: float
    least_capacity: int
    most_capacity: int
    lanes: int


@cache
def load_road_classes() -> dict[str, RoadClass]:
    """Return every class by its name in OpenStreetMap, the greatest first."""
    text = resources.files("corridor.build").joinpath("road_classes.csv").read_text(encoding="utf-8")
    classes = {}
    for row in csv.DictReader(text.splitlines()):
        speeds = float(row["slow_kmh"]), float(row["fast_kmh"])
        capacities = int(row["least_capacity"]), int(row["most_capacity"])
        classes[row["class"]] = RoadClass(row["class"], int(row["rank"]), *speeds, *capacities, int(row["lanes"]))
    return classes


def find_speed(road_class: str, limit: float | None, unpaved: bool) -> tuple[float, float]:
    """Return both ends of the free speed in km/h: of the class, below a signed limit, less where it is unpaved."""
    kind = load_road_classes()[road_class]
    slow, fast = kind.slow, kind.fast
    if limit:
        slow, fast = min(slow, SIGNED_SHARE[0] * limit), min(fast, SIGNED_SHARE[1] * limit)
    if unpaved:
        slow, fast = slow * UNPAVED_SHARE[0], fast * UNPAVED_SHARE[1]
    return max(slow, 1.0), max(fast, 1.5)
