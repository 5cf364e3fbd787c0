"""Points put in along long straight stretches, and ways to places beside the road: places join it where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from corridor.build.mapped import Extract, Way
from corridor.build.network import Points, measure_km
from corridor.build.road_classes import FERRY, load_road_classes
from corridor.build.settle import Settled, place_on_sphere
from corridor.scenario.checks.geography import EARTH

LONGEST = 0.5  # km between two points of a way
OWN_NUMBERS = 2**62  # of points that are not in the extract
FAR = 0.5  # km beside the road from which on a place has a way of its own to it
PIER = 1.0  # km from a landing to the nearest road that it is joined to
ACCESS = "unclassified"  # what such a way is taken for


def put_points_between(extract: Extract) -> Extract:
    """Return an extract no two points of which, one after the other on a way, are farther apart than LONGEST."""
    latitude, longitude, way = extract.latitude, extract.longitude, extract.way
    if len(way) < 2:
        return extract
    turn = (longitude[1:] - longitude[:-1] + 180.0) % 360.0 - 180.0
    length = measure_km(latitude[:-1], longitude[:-1], latitude[1:], longitude[1:])
    more = np.where(way[1:] == way[:-1], np.maximum(np.ceil(length / LONGEST) - 1, 0), 0).astype(np.int64)
    if not more.any():
        return extract
    after = np.repeat(np.arange(len(more)), more)
    rank = np.arange(len(after)) - np.repeat(np.cumsum(more) - more, more) + 1
    share = rank / (more[after] + 1)
    north = latitude[after] + share * (latitude[after + 1] - latitude[after])
    east = (longitude[after] + share * turn[after] + 180.0) % 360.0 - 180.0
    return replace(
        extract,
        reference=np.insert(extract.reference, after + 1, OWN_NUMBERS + np.arange(len(after))),
        latitude=np.insert(latitude, after + 1, north),
        longitude=np.insert(longitude, after + 1, east),
        way=np.insert(way, after + 1, way[after]),
    )


def join_landings(extract: Extract) -> tuple[Extract, int]:
    """Return an extract with a straight way, assumed, from each landing on no road to the nearest one, and how many.

    Piers are often mapped as service roads, which are not read.
    """
    is_ferry = np.array([one.road_class == FERRY for one in extract.ways], dtype=bool)
    at = np.arange(len(extract.way))
    roads = at[~is_ferry[extract.way]]
    if not is_ferry.any() or not len(roads):
        return extract, 0
    starts = np.ones(len(at), dtype=bool)
    starts[1:] = extract.way[1:] != extract.way[:-1]
    ends = at[(starts | np.roll(starts, -1)) & is_ferry[extract.way]]
    unique, uses = np.unique(extract.reference, return_counts=True)
    ends = ends[uses[np.searchsorted(unique, extract.reference[ends])] == 1]
    tree = cKDTree(place_on_sphere(extract.latitude[roads], extract.longitude[roads]))
    away, near = tree.query(place_on_sphere(extract.latitude[ends], extract.longitude[ends]))
    ends, near = ends[away * EARTH <= PIER], roads[near[away * EARTH <= PIER]]
    kind, number = load_road_classes()[ACCESS], len(ends)
    ways = [Way(ACCESS, "", kind.slow, kind.fast, 1, False, False, False, assumed=True) for _ in range(number)]
    pairs = np.column_stack((ends, near)).ravel()
    of_way = len(extract.ways) + np.repeat(np.arange(number), 2)
    found = replace(
        extract,
        ways=[*extract.ways, *ways],
        way=np.append(extract.way, of_way),
        reference=np.append(extract.reference, extract.reference[pairs]),
        latitude=np.append(extract.latitude, extract.latitude[pairs]),
        longitude=np.append(extract.longitude, extract.longitude[pairs]),
    )
    return found, number


def add_ways_to_places(
    extract: Extract, points: Points, settled: Sequence[Settled]
) -> tuple[Extract, Points, list[Settled]]:
    """Return extract, points and places with a straight way, assumed, from each place that lies far beside the road."""
    kind, ways = load_road_classes()[ACCESS], list(extract.ways)
    moved, added = [], []
    for one in settled:
        if one.away < FAR:
            moved.append(one)
            continue
        added.append(one)
        moved.append(replace(one, point=len(points.latitude) + len(added) - 1))
        ways.append(Way(ACCESS, "", kind.slow, kind.fast, 1, False, False, False, assumed=True))
    if not added:
        return extract, points, list(settled)
    first, number = len(points.latitude), len(added)
    new = np.arange(first, first + number)
    old = np.array([one.point for one in added])
    of_way = len(extract.ways) + np.arange(number)
    more = {
        "point": np.append(points.point, np.column_stack((new, old)).ravel()),
        "way": np.append(points.way, np.repeat(of_way, 2)),
        "latitude": np.append(points.latitude, [one.place.latitude for one in added]),
        "longitude": np.append(points.longitude, [one.place.longitude for one in added]),
        "inside": np.append(points.inside, points.inside[old]),
        "gate": np.append(points.gate, np.zeros(number, dtype=bool)),
        "part": np.append(points.part, points.part[old]),
    }
    return replace(extract, ways=ways), replace(points, **more), moved
