"""Coordinates and lengths agree: no road is shorter than the straight line between its ends, nor many times longer."""

from __future__ import annotations

from collections import defaultdict
from math import asin, cos, radians, sin, sqrt
from typing import TYPE_CHECKING

from corridor.scenario.draft import show

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.scenario.draft import Draft, Row

Point = tuple[float, float]  # latitude, longitude in degrees
Joined = tuple[float, Point, float]  # a road from a place: its length, the other end, km by which both may be off

EARTH = 6371.0  # km, mean radius
SPAN = 2.0  # km by which places of some extent may seem too far apart
DEGREE = 111.2  # km of a degree of latitude
LONGEST_DETOUR = 3.0  # times the straight line


def measure_distance(begin: Point, end: Point) -> float:
    """Return the length of the great circle between two points in km (haversine formula, on a sphere)."""
    (phi, lam), (phi_end, lam_end) = ((radians(north), radians(east)) for north, east in (begin, end))
    half = sin((phi_end - phi) / 2) ** 2 + cos(phi) * cos(phi_end) * sin((lam_end - lam) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def measure_rounding(points: Mapping[str, Point]) -> dict[str, float]:
    """Return by place how many km one in whole degrees may lie from there, half a degree both ways; else nothing.

    Who writes 10, 21 in a table in which no place has more than one decimal does not say where it is, so no road's
    length can contradict it to the kilometre.
    """
    rough = all(round(degrees, 1) == degrees for point in points.values() for degrees in point)
    half = sqrt(2.0) * DEGREE * 0.5 if rough else 0.0
    return {
        name: half if all(float(degrees).is_integer() for degrees in point) else 0.0 for name, point in points.items()
    }


def check_lengths(draft: Draft) -> None:
    """A road is at least as long as the straight line between its ends, and not many times as long.

    Where a place's latitude and longitude are exchanged, or all its roads are too short, the place is told besides.
    """
    if draft.settings.get("coordinates") == "rough":
        return
    for parameter_set in draft.set_names:
        places = _find_places(draft, parameter_set)
        rounding = measure_rounding({name: _point(row) for name, row in places.items()})
        roads: dict[str, list[Joined]] = defaultdict(list)  # by place
        for row in draft.rows("roads", parameter_set):
            if row.can_read("from", "to", "length_km") and {row["from"], row["to"]} <= places.keys():
                ends, length = (row["from"], row["to"]), row["length_km"]
                begin, end = (_point(places[name]) for name in ends)
                span = SPAN + rounding[ends[0]] + rounding[ends[1]]
                roads[ends[0]].append((length, end, span))
                roads[ends[1]].append((length, begin, span))
                straight = measure_distance(begin, end)
                facts = {"length": length, "straight": straight, "begin": show(ends[0]), "end": show(ends[1])}
                if length + span < straight:
                    draft.note("road_too_short", row.where("length_km"), **facts)
                elif straight > SPAN and length > LONGEST_DETOUR * straight + SPAN:
                    draft.note("road_too_long", row.where("length_km"), **facts)
        for name, joined in roads.items():
            _check_place(draft, places[name], joined)


def _check_place(draft: Draft, row: Row, joined: list[Joined]) -> None:
    """Note a place all of whose roads are too short for where it stands."""
    point = _point(row)
    distances = [measure_distance(point, other) for _, other, _ in joined]
    if any(length + span >= apart for (length, _, span), apart in zip(joined, distances, strict=True)):
        return
    if all(measure_distance(point[::-1], other) <= length + span for length, other, span in joined):
        draft.note("swapped_coordinates", row.where("latitude"), latitude=point[0], longitude=point[1])
    elif len(joined) > 1:
        draft.note("place_far_away", row.where("latitude"), name=show(row["id"]), nearest=min(distances))


def _find_places(draft: Draft, parameter_set: str) -> dict[str, Row]:
    rows = draft.rows("places", parameter_set)
    return {row["id"]: row for row in rows if row.can_read("id", "latitude", "longitude")}


def _point(row: Row) -> Point:
    return row["latitude"], row["longitude"]
