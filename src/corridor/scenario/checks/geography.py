"""Coordinates and lengths agree: no road is shorter than the straight line between its ends, nor many times longer."""

from __future__ import annotations

from collections import defaultdict
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

from corridor.scenario.draft import show

if TYPE_CHECKING:
    from corridor.scenario.draft import Draft, Row

Point = tuple[float, float]  # latitude, longitude in degrees

EARTH = 6371.0  # km, mean radius
SPAN = 2.0  # km by which places of some extent and rounded coordinates may seem too far apart
LONGEST_DETOUR = 3.0  # times the straight line


def measure_distance(begin: Point, end: Point) -> float:
    """Return the length of the great circle between two points in km (haversine formula, on a sphere)."""
    (phi, lam), (phi_end, lam_end) = ((radians(north), radians(east)) for north, east in (begin, end))
    half = sin((phi_end - phi) / 2) ** 2 + cos(phi) * cos(phi_end) * sin((lam_end - lam) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def check_lengths(draft: Draft) -> None:
    """A road is at least as long as the straight line between its ends, and not many times as long.

    Where a place's latitude and longitude are exchanged, or all its roads are too short, the place is told besides.
    """
    told: set[tuple[str, str, int]] = set()

    def note(kind: str, row: Row, column: str, **facts: object) -> None:
        key = (kind, row.file, row.line)
        if key not in told:
            told.add(key)
            draft.note(kind, row.where(column), **facts)

    for parameter_set in draft.set_names:
        places = _find_places(draft, parameter_set)
        short: dict[str, list[tuple[Row, str]]] = defaultdict(list)  # by place: road, place at its other end
        roads: dict[str, int] = defaultdict(int)
        for row in draft.rows("roads", parameter_set):
            if not row.can_read("from", "to", "length_km") or not {row["from"], row["to"]} <= places.keys():
                continue
            begin, end = row["from"], row["to"]
            straight = measure_distance(_point(places[begin]), _point(places[end]))
            facts = {"length": row["length_km"], "straight": straight, "begin": show(begin), "end": show(end)}
            for place, other in ((begin, end), (end, begin)):
                roads[place] += 1
                if straight > row["length_km"] + SPAN:
                    short[place].append((row, other))
            if straight > row["length_km"] + SPAN:
                note("road_too_short", row, "length_km", **facts)
            elif straight > SPAN and row["length_km"] > LONGEST_DETOUR * straight + SPAN:
                note("road_too_long", row, "length_km", **facts)
        for place, found in short.items():
            row, (north, east) = places[place], _point(places[place])
            if len(found) < roads[place]:
                continue
            others = [(road["length_km"], _point(places[other])) for road, other in found]
            if all(measure_distance((east, north), point) <= length + SPAN for length, point in others):
                note("swapped_coordinates", row, "latitude", latitude=north, longitude=east)
            elif len(found) > 1:
                nearest = min(measure_distance((north, east), point) for _, point in others)
                note("place_far_away", row, "latitude", name=show(place), nearest=nearest)


def _find_places(draft: Draft, parameter_set: str) -> dict[str, Row]:
    rows = draft.rows("places", parameter_set)
    return {row["id"]: row for row in rows if row.can_read("id", "latitude", "longitude")}


def _point(row: Row) -> Point:
    return row["latitude"], row["longitude"]
