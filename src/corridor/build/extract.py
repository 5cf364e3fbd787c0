"""An extract of OpenStreetMap: its roads, ferries, named places and border posts, as they are mapped.

The points of all ways stand in flat arrays; a way knows where its points begin. Nothing is judged here but whether a
way is one that vehicles use. Source of the tags: the wiki of OpenStreetMap, "Key:highway", "Key:place", "Key:barrier".
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.build.road_classes import FERRY, UNPAVED, find_speed, load_road_classes
from corridor.build.texts import clean_name, read_day, read_lanes, read_limit, read_whole
from corridor.scenario.faults import FaultsError, UsageError, fault

PLACES = ("city", "town", "village", "hamlet")
_KEYS = ("highway", "route", "place", "barrier", "military")
_NAMES = ("name", "int_name", "alt_name", "old_name", "official_name", "loc_name", "short_name")


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
class Way:
    """A road or ferry: its class, free speed in km/h (both ends of what is assumed), lanes in one direction."""

    road_class: str
    name: str
    slow: float
    fast: float
    lanes: int
    one_way: bool
    unpaved: bool
    bridge: bool
    minutes: float | None = None  # of a crossing by ferry, where mapped
    assumed: bool = False  # drawn straight from a place to the nearest road


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
    left_out: Counter[str] = field(default_factory=Counter)


def load_osmium() -> Any:
    """Return the library that reads extracts. Raises UsageError when it is not installed."""
    try:
        import osmium
    except ImportError:
        message = "reading roads needs the extra `build`: pip install corridor[build]"
        raise UsageError(message) from None
    return osmium


def read_extract(path: Path, smallest: str, language: str) -> Extract:
    """Return the roads down to a class, and what else a case is made from.

    `language` is that of the names to show where there is one, such as en. Raises FaultsError (`build_file`) when the
    file is not there or is no extract, UsageError without the extra `build` or for an unknown class.
    """
    osmium = load_osmium()
    classes = _list_classes(smallest)
    if not path.is_file():
        raise FaultsError([fault("build_file", (str(path), 0, ""))])
    found, flat = Extract(), (array("q"), array("d"), array("d"), array("q"))
    try:
        reader = osmium.FileProcessor(str(path)).with_locations()
        found.day = read_day(reader.header.get("osmosis_replication_timestamp"))
        for thing in reader.with_filter(osmium.filter.KeyFilter(*_KEYS)):
            if thing.is_node():
                _take_node(found, thing, language)
            elif thing.is_way():
                _take_way(found, flat, thing, classes)
    except (RuntimeError, OSError, ValueError) as error:
        raise FaultsError([fault("build_file.unreadable", (str(path), 0, ""), reason=error)]) from error
    found.reference, found.way = (np.array(part, dtype=np.int64) for part in (flat[0], flat[3]))
    found.latitude, found.longitude = (np.array(part, dtype=np.float64) for part in (flat[1], flat[2]))
    return found


def _list_classes(smallest: str) -> set[str]:
    names = [name for name in load_road_classes() if name != FERRY]
    if smallest not in names:
        message = f'there is no class of road "{smallest}"; the smallest is one of {", ".join(names)}'
        raise UsageError(message)
    kept = names[: names.index(smallest) + 1]
    return {*kept, *(f"{name}_link" for name in kept)}


def _take_node(found: Extract, node: Any, language: str) -> None:
    tags, where = node.tags, node.location
    if not where.valid():
        return
    if tags.get("barrier") in ("border_control", "checkpoint") or tags.get("military") == "checkpoint":
        found.controls.append(Control(clean_name(tags.get("name") or ""), where.lat, where.lon))
    kind = tags.get("place")
    if kind not in PLACES:
        return
    named = {tag.k: tag.v for tag in tags if tag.k in _NAMES or tag.k.startswith("name:")}
    shown = clean_name(named.get(f"name:{language}") or named.get("name") or named.get("int_name") or "")
    if not shown:
        found.left_out["places without a name"] += 1
        return
    people = read_whole(tags.get("population"))
    day = read_day(tags.get("population:date") or tags.get("source:population:date"))
    names = tuple(name for key, name in named.items() if key not in ("name:left", "name:right"))
    found.places.append(MappedPlace(shown, names, kind, where.lat, where.lon, people, day))


def _take_way(found: Extract, flat: tuple[Any, Any, Any, Any], way: Any, classes: set[str]) -> None:
    tags = way.tags
    ferry = tags.get("route") == "ferry"
    kind = FERRY if ferry else tags.get("highway")
    if not ferry and kind not in classes:
        return
    found.read += 1
    if tags.get("access") in ("no", "private") or (ferry and tags.get("motor_vehicle") == "no"):
        found.left_out["closed to the public"] += 1
        return
    points = [(node.ref, node.lat, node.lon) for node in way.nodes if node.location.valid()]
    if len(points) < 2:
        found.left_out["fewer than two points in the extract"] += 1
        return
    for part, values in zip(flat, zip(*points, strict=True), strict=False):
        part.extend(values)
    flat[3].extend([len(found.ways)] * len(points))
    found.ways.append(_describe_way(kind.removesuffix("_link"), tags))


def _describe_way(kind: str, tags: Any) -> Way:
    unpaved, one_way = tags.get("surface") in UNPAVED, tags.get("oneway") in ("yes", "1", "true", "-1")
    slow, fast = find_speed(kind, read_limit(tags.get("maxspeed")), unpaved)
    lanes = read_lanes(tags.get("lanes"))
    each_way = load_road_classes()[kind].lanes if lanes is None else lanes if one_way else max(1, lanes // 2)
    name = clean_name(tags.get("ref") or tags.get("name") or "")
    bridge = tags.get("bridge") not in (None, "no")
    return Way(kind, name, slow, fast, min(each_way, 8), one_way, unpaved, bridge, _read_minutes(tags.get("duration")))


def _read_minutes(text: str | None) -> float | None:
    parts = (text or "").split(":")
    if not all(part.isdigit() for part in parts) or len(parts) > 3:
        return None
    numbers = [int(part) for part in parts]
    if len(numbers) == 1:
        return float(numbers[0]) or None
    return numbers[0] * 60.0 + numbers[1] or None
