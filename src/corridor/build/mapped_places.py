"""The named places of an extract: mapped as a point, as a closed way or as a relation, and each there once.

Source of the tags: the wiki of OpenStreetMap, "Key:place", "Relation:boundary" (members label and admin_centre).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.build.area import Area, find_point_within, unroll
from corridor.build.mapped import PLACES, MappedPlace
from corridor.build.rings import read_borders
from corridor.build.texts import clean_name, fold_name, read_day, read_whole
from corridor.scenario.checks.geography import measure_distance

SAME_KM = 5.0  # from the middle of an area to a point of the same name that stands for the same place
TWICE = "mapped twice, as a point and as an area"
NO_BORDER = "mapped as an area whose border is not whole in the extract"
UNNAMED = "without a name"
NOWHERE = "at a latitude or longitude that there is not"
_NAMES = ("name", "int_name", "alt_name", "old_name", "official_name", "loc_name", "short_name")

Ring = NDArray[np.float64]


@dataclass
class _Unit:
    """A place mapped as an area: its rings once they are known, the ways of its border, its centres as mapped."""

    place: MappedPlace
    rings: tuple[Ring, ...] = ()
    border: tuple[int, ...] = ()
    label: tuple[int, ...] = ()
    centre: tuple[int, ...] = ()


class PlaceReader:
    """Gathers places while an extract is read; `finish` makes one of what stands for one."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._points: list[MappedPlace] = []
        self._number: dict[int, int] = {}  # of a point in the extract -> its position among them
        self._units: list[_Unit] = []
        self._left_out: Counter[str] = Counter()

    def take_node(self, node: Any) -> None:
        """Take a point of an extract, if it is a place."""
        if (place := self._describe(node.tags)) is None:
            return
        if not node.location.valid():
            self._left_out[NOWHERE] += 1
            return
        self._number[node.id] = len(self._points)
        self._points.append(replace(place, latitude=node.location.lat, longitude=node.location.lon))

    def take_way(self, way: Any) -> None:
        """Take a way, if it is the border of a place."""
        if way.tags.get("place") not in PLACES or (place := self._describe(way.tags)) is None:
            return
        ring = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
        closed = len(ring) > 3 and way.nodes[0].ref == way.nodes[-1].ref
        self._units.append(_Unit(place, (unroll(np.array(ring)),) if closed else ()))

    def take_relation(self, relation: Any) -> None:
        """Take a relation, if it is a place."""
        if relation.tags.get("place") not in PLACES or (place := self._describe(relation.tags)) is None:
            return
        found: dict[str, list[int]] = defaultdict(list)
        for member in relation.members:
            if member.type == "w" and member.role in ("", "outer", "inner"):
                found["border"].append(member.ref)
            elif member.type == "n":
                found[member.role].append(member.ref)
        self._units.append(
            _Unit(place, (), tuple(found["border"]), tuple(found["label"]), tuple(found["admin_centre"]))
        )

    def finish(self, osmium: Any, path: Path) -> tuple[list[MappedPlace], Counter[str]]:
        """Return all places, points first, and those left out by reason; `path` is read again for borders."""
        rest = [unit for unit in self._units if not self._is_at_its_centre(unit)]
        borders = read_borders(osmium, path, [unit.border for unit in rest])
        by_name: dict[str, set[int]] = defaultdict(set)
        for i, place in enumerate(self._points) if rest else ():
            for name in _fold_names(place):
                by_name[name].add(i)
        for unit, rings in zip(rest, borders, strict=True):
            rings = unit.rings or rings
            if not rings:
                self._left_out[NO_BORDER] += 1
                continue
            area = Area(rings)
            latitude, longitude = find_point_within(area)
            place = replace(unit.place, latitude=latitude, longitude=longitude)
            same = sorted({i for name in _fold_names(place) for i in by_name[name]})
            if not self._join(place, [i for i in same if _is_near(self._points[i], place, area)]):
                for name in _fold_names(place):
                    by_name[name].add(len(self._points))
                self._points.append(place)
        return self._points, self._left_out

    def _describe(self, tags: Any) -> MappedPlace | None:
        kind = tags.get("place")
        if kind not in PLACES:
            return None
        named = {tag.k: tag.v for tag in tags if tag.k in _NAMES or tag.k.startswith("name:")}
        shown = clean_name(named.get(f"name:{self._language}") or named.get("name") or named.get("int_name") or "")
        if not shown:
            self._left_out[UNNAMED] += 1
            return None
        people = read_whole(tags.get("population"))
        day = read_day(tags.get("population:date") or tags.get("source:population:date"))
        names = tuple(name for key, name in named.items() if key not in ("name:left", "name:right"))
        return MappedPlace(shown, names, kind, 0.0, 0.0, people, day)

    def _is_at_its_centre(self, unit: _Unit) -> bool:
        """Tell whether a point that is a place is named as the centre of an area; then it stands for the area."""
        label = [self._number[point] for point in unit.label if point in self._number]
        centre = [self._number[point] for point in unit.centre if point in self._number]
        own = [i for i in centre if _fold_names(self._points[i]) & _fold_names(unit.place)]
        if label or own:
            return self._join(unit.place, label or own)
        if centre:  # a unit that is called otherwise than its centre is no place besides it
            self._left_out[TWICE] += 1
        return bool(centre)

    def _join(self, place: MappedPlace, points: list[int]) -> bool:
        """Add the names of an area, and its people where none are known, to the first of some points."""
        if not points:
            return False
        self._left_out[TWICE] += 1
        known = self._points[points[0]]
        names = tuple(dict.fromkeys((*known.names, *place.names)))
        people = (place.people, place.people_day) if known.people is None else (known.people, known.people_day)
        self._points[points[0]] = replace(known, names=names, people=people[0], people_day=people[1])
        return True


def _fold_names(place: MappedPlace) -> set[str]:
    return {fold_name(name) for name in (place.name, *place.names)} - {""}


def _is_near(point: MappedPlace, place: MappedPlace, area: Area) -> bool:
    if area.contains(np.array([point.latitude]), np.array([point.longitude]))[0]:
        return True
    ends = (point.latitude, point.longitude), (place.latitude, place.longitude)
    return measure_distance(*ends) <= SAME_KM
