"""The whole network of an extract as arrays: points of ways, cut where roads meet, at the area and at places."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from corridor.build.area import Area
from corridor.build.mapped import Extract
from corridor.build.road_classes import FERRY
from corridor.scenario.checks.geography import EARTH

Whole = NDArray[np.int64]
Numbers = NDArray[np.float64]
HALVINGS = 30  # of a stretch between two points, to find where it crosses the border: to a millimetre


@dataclass(frozen=True)
class Points:
    """Points of all ways. `point` and `way` are by position along the ways; the others by point.

    `inside` tells on which side of the area a point lies, `gate` that it was put where a way crosses the border.
    `part` numbers the connected parts of the network, `part_km` is how long each is within the area.
    `reference` are the numbers of points in the extract; it is shorter by the gates, which come last.
    """

    point: Whole
    way: Whole
    latitude: Numbers
    longitude: Numbers
    inside: NDArray[np.bool_]
    gate: NDArray[np.bool_]
    part: Whole
    part_km: Numbers
    reference: Whole

    def point_number(self, point: int) -> int:
        """Return the number of a point in the file it is from; of a point that was put in, its own."""
        return int(self.reference[point]) if point < len(self.reference) else point


@dataclass(frozen=True)
class Network:
    """Edges between nodes (numbers of points); speeds in km/h, lengths in km.

    `first` and `last` are the positions between which an edge runs along its way. An edge that is `one_way` is driven
    from its begin to its end only.
    """

    points: Points
    begin: Whole
    end: Whole
    length: Numbers
    slow: Numbers
    fast: Numbers
    way: Whole
    first: Whole
    last: Whole
    inside: NDArray[np.bool_]
    one_way: NDArray[np.bool_]

    @cached_property
    def hours(self) -> Numbers:
        """Return the time that each edge takes at the middle of its range of speeds."""
        return self.length / (0.5 * (self.slow + self.fast))


def measure_km(latitude: Numbers, longitude: Numbers, latitude_end: Numbers, longitude_end: Numbers) -> Numbers:
    """Return great-circle distances in km between points in degrees (haversine formula, on a sphere)."""
    phi, phi_end = np.radians(latitude), np.radians(latitude_end)
    half = np.sin((phi_end - phi) / 2) ** 2
    half += np.cos(phi) * np.cos(phi_end) * np.sin(np.radians(longitude_end - longitude) / 2) ** 2
    return np.asarray(2 * EARTH * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def lay_out_points(extract: Extract, area: Area) -> Points:
    """Return the points of an extract's ways with those where they cross the border of the area put in."""
    unique, first, point = np.unique(extract.reference, return_index=True, return_inverse=True)
    latitude, longitude, way = extract.latitude[first], extract.longitude[first], extract.way
    inside = area.contains(latitude, longitude)
    is_ferry = tell_ferries(extract)[way]
    crosses = (way[1:] == way[:-1]) & (inside[point[1:]] != inside[point[:-1]])
    landings = _find_border_landings(point, way, inside, is_ferry)
    crossing = np.flatnonzero(crosses & ~is_ferry[1:])
    north, east = _find_border(area, latitude, longitude, inside, point[crossing], point[crossing + 1])
    gates = np.arange(len(unique), len(unique) + len(crossing))
    point = np.insert(point, crossing + 1, gates)
    way = np.insert(way, crossing + 1, way[crossing])
    latitude, longitude = np.append(latitude, north), np.append(longitude, east)
    inside = np.append(inside, np.ones(len(crossing), dtype=bool))
    gate = np.zeros(len(latitude), dtype=bool)
    gate[gates] = True
    gate[landings] = True
    part, part_km = _find_parts(point, way, latitude, longitude, inside, tell_ferries(extract)[way])
    return Points(point, way, latitude, longitude, inside, gate, part, part_km, unique)


def tell_ferries(extract: Extract) -> NDArray[np.bool_]:
    """Tell of each way whether it is a ferry."""
    return np.array([one.road_class == FERRY for one in extract.ways], dtype=bool)


def _find_ends(way: Whole) -> tuple[Whole, Whole]:
    """Return the positions of the first and the last point of each way."""
    starts = np.ones(len(way), dtype=bool)
    starts[1:] = way[1:] != way[:-1]
    first = np.flatnonzero(starts)
    return first, np.append(first[1:], len(way)) - 1


def _find_border_landings(point: Whole, way: Whole, inside: NDArray[np.bool_], is_ferry: NDArray[np.bool_]) -> Whole:
    """Return the landings inside of ferries to outside: there the border is crossed, and not on the water."""
    first, last = _find_ends(way)
    first, last = first[is_ferry[first]], last[is_ferry[first]]
    begin, end = point[first], point[last]
    over = inside[begin] != inside[end]
    return np.asarray(np.where(inside[begin], begin, end)[over], dtype=np.int64)


def _find_border(
    area: Area, latitude: Numbers, longitude: Numbers, inside: NDArray[np.bool_], begin: Whole, end: Whole
) -> tuple[Numbers, Numbers]:
    """Return where straight stretches between a point inside and one outside cross the border, by halving."""
    turn = (longitude[end] - longitude[begin] + 180.0) % 360.0 - 180.0
    low, high = np.zeros(len(begin)), np.ones(len(begin))
    for _ in range(HALVINGS if len(begin) else 0):
        share = 0.5 * (low + high)
        north = latitude[begin] + share * (latitude[end] - latitude[begin])
        same = area.contains(north, longitude[begin] + share * turn) == inside[begin]
        low, high = np.where(same, share, low), np.where(same, high, share)
    north = latitude[begin] + low * (latitude[end] - latitude[begin])
    return north, (longitude[begin] + low * turn + 180.0) % 360.0 - 180.0


def _find_parts(
    point: Whole, way: Whole, latitude: Numbers, longitude: Numbers, inside: NDArray[np.bool_],
    is_ferry: NDArray[np.bool_],
) -> tuple[Whole, Numbers]:  # fmt: skip
    """Return the connected part of each point and how many km of road each part has within the area."""
    joined = np.flatnonzero(way[1:] == way[:-1])
    begin, end, size = point[joined], point[joined + 1], len(latitude)
    graph = coo_array((np.ones(len(begin)), (begin, end)), shape=(size, size))
    number, part = connected_components(graph, directed=False)
    length = measure_km(latitude[begin], longitude[begin], latitude[end], longitude[end])
    length = length * (inside[begin] & inside[end] & ~is_ferry[joined])
    inside_km = np.bincount(part[begin], weights=length, minlength=number).astype(np.float64)
    return part.astype(np.int64), inside_km


def cut_into_edges(extract: Extract, points: Points, fixed: Whole) -> Network:
    """Return the network whose nodes are the points where ways meet or end, gates, and the fixed points."""
    point, way = points.point, points.way
    uses = np.bincount(point, minlength=len(points.latitude))
    starts = np.ones(len(point), dtype=bool)
    starts[1:] = way[1:] != way[:-1]
    ends = np.roll(starts, -1)
    is_node = (uses > 1) | points.gate
    is_node[fixed] = True
    cuts = np.flatnonzero(is_node[point] | starts | ends)
    pairs = np.flatnonzero(way[cuts[1:]] == way[cuts[:-1]])
    first, last = cuts[pairs], cuts[pairs + 1]
    steps = np.zeros(len(point))
    begin, end = point[:-1], point[1:]
    place = (points.latitude[begin], points.longitude[begin], points.latitude[end], points.longitude[end])
    steps[1:] = np.where(way[1:] == way[:-1], measure_km(*place), 0.0)
    along = np.cumsum(steps)
    length = along[last] - along[first]
    kept = (point[first] != point[last]) & (length > 0)
    first, last, length = first[kept], last[kept], length[kept]
    of_way = way[first]
    slow, fast = (np.array([getattr(one, name) for one in extract.ways])[of_way] for name in ("slow", "fast"))
    inside = _find_side(points, first, last, tell_ferries(extract)[way])
    one_way = np.array([one.one_way for one in extract.ways], dtype=bool)[of_way]
    return Network(points, point[first], point[last], length, slow, fast, of_way, first, last, inside, one_way)


def _find_side(points: Points, first: Whole, last: Whole, is_ferry: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell for each edge whether it runs inside: by its first point that is no gate, a ferry by both landings."""
    second = np.minimum(first + 1, last)
    chosen = np.where(points.gate[points.point[first]], second, first)
    side = points.inside[points.point[chosen]]
    begin, end = _find_ends(points.way)
    whole = points.inside[points.point[begin]] & points.inside[points.point[end]]
    return np.asarray(np.where(is_ferry[first], whole[points.way[first]], side))
