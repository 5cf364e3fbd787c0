"""An extract of OpenStreetMap: its roads, ferries, named places and border posts, as they are mapped.

The points of all ways stand in flat arrays; a way knows where its points begin. Nothing is judged here but whether a
way is one that vehicles use. Source of the tags: the wiki of OpenStreetMap, "Key:highway", "Key:place", "Key:barrier".
"""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import numpy as np

from corridor.build.mapped import Control, Extract
from corridor.build.mapped_places import PlaceReader
from corridor.build.mapped_ways import describe_way, find_class, find_direction, tell_why_left_out
from corridor.build.road_classes import FERRY, load_road_classes
from corridor.build.texts import clean_name, read_day
from corridor.scenario.faults import FaultsError, UsageError, fault

_KEYS = ("highway", "route", "place", "barrier", "military")


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
    places = PlaceReader(language)
    try:
        reader = osmium.FileProcessor(str(path)).with_locations()
        found.day = read_day(reader.header.get("osmosis_replication_timestamp"))
        for thing in reader.with_filter(osmium.filter.KeyFilter(*_KEYS)):
            if thing.is_node():
                _take_control(found, thing)
                places.take_node(thing)
            elif thing.is_way():
                places.take_way(thing)
                _take_way(found, flat, thing, classes)
            elif thing.is_relation():
                places.take_relation(thing)
        found.places, found.places_left_out = places.finish(osmium, path)
    except (RuntimeError, OSError, ValueError, osmium.InvalidLocationError) as error:
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


def _take_control(found: Extract, node: Any) -> None:
    tags, where = node.tags, node.location
    if where.valid() and (
        tags.get("barrier") in ("border_control", "checkpoint") or tags.get("military") == "checkpoint"
    ):
        found.controls.append(Control(clean_name(tags.get("name") or ""), where.lat, where.lon))


def _take_way(found: Extract, flat: tuple[Any, Any, Any, Any], way: Any, classes: set[str]) -> None:
    tags = way.tags
    ferry = tags.get("route") == "ferry"
    if not ferry and find_class(tags) not in classes:
        return
    found.read += 1
    why = tell_why_left_out(ferry, tags)
    points = [(node.ref, node.lat, node.lon) for node in way.nodes if node.location.valid()]
    if why or len(points) < 2:
        found.left_out[why or "fewer than two points in the extract"] += 1
        return
    if find_direction(tags) < 0:
        points.reverse()
    for part, values in zip(flat, zip(*points, strict=True), strict=False):
        part.extend(values)
    flat[3].extend([len(found.ways)] * len(points))
    found.ways.append(describe_way(tags))
