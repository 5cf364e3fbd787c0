"""The area that is cut off: polygons with holes, and which points lie within them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Area:
    """Rings of (longitude, latitude) in degrees [point, 2], closed or not; inside is what an odd number of them holds.

    A ring that crosses the 180th meridian goes on beyond 180 degrees. `shapes` says how many rings each shape has, one
    after the other (none: all are of one); shapes may overlap, and what any of them holds is inside.
    """

    rings: tuple[Points, ...]
    name: str = ""
    shapes: tuple[int, ...] = ()

    def contains(self, latitude: Points, longitude: Points) -> NDArray[np.bool_]:
        """Tell for each point (degrees) whether it lies inside: the crossings of a ray counted, ring by ring."""
        inside = np.zeros(len(latitude), dtype=bool)
        order = np.argsort(latitude, kind="stable")
        height = latitude[order]
        for turn in (-360.0, 0.0, 360.0):
            shifted = longitude[order] + turn
            rings = iter(self.rings)
            for number in self.shapes or (len(self.rings),):
                odd = np.zeros(len(latitude), dtype=bool)
                for ring in islice(rings, number):
                    if ring[:, 0].min() <= shifted.max(initial=-1e9) and ring[:, 0].max() >= shifted.min(initial=1e9):
                        _cross(ring, height, shifted, odd)
                inside[order] |= odd
        return inside


def _cross(ring: Points, height: Points, across: Points, odd: NDArray[np.bool_]) -> None:
    """Turn each point (sorted by height) at every side of a ring that lies to its east."""
    ends = np.roll(ring, -1, axis=0)
    low, high = np.minimum(ring[:, 1], ends[:, 1]), np.maximum(ring[:, 1], ends[:, 1])
    first, last = np.searchsorted(height, low, side="left"), np.searchsorted(height, high, side="left")
    for side in np.flatnonzero(last > first):
        part = slice(first[side], last[side])
        (x, y), (x_end, y_end) = ring[side], ends[side]
        odd[part] ^= across[part] < x + (height[part] - y) * (x_end - x) / (y_end - y)


def unroll(ring: Points) -> Points:
    """Return a ring without jumps at the 180th meridian: longitudes go on beyond it."""
    longitude = np.unwrap(ring[:, 0], period=360.0)
    return np.column_stack((longitude, ring[:, 1]))


def find_point_within(area: Area) -> tuple[float, float]:
    """Return latitude and longitude of a point in an area: the middle of its largest ring if that lies within.

    Else the middle of the widest stretch of the area on the same latitude, or the ring's first point if there is none.
    """
    middle, ring = max(((_find_middle(ring), ring) for ring in area.rings), key=lambda found: abs(found[0][2]))
    north, east = middle[0], middle[1]
    if not area.contains(np.array([north]), np.array([east]))[0]:
        crossings = np.sort(np.concatenate([_cross_latitude(one, north) for one in area.rings]))
        if len(crossings) < 2:
            return float(ring[0, 1]), float((ring[0, 0] + 180.0) % 360.0 - 180.0)
        begin, end = crossings[:-1], crossings[1:]
        within = area.contains(np.full(len(begin), north), 0.5 * (begin + end))
        widest = int(np.where(within, end - begin, -1.0).argmax())
        east = float(0.5 * (begin[widest] + end[widest]))
    return north, (east + 180.0) % 360.0 - 180.0


def _find_middle(ring: Points) -> tuple[float, float, float]:
    """Return latitude and longitude of the centre of mass of a ring, and its signed size in square degrees."""
    x, y = (ring - ring[0]).T
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    size = float(cross.sum()) / 2
    if abs(size) < 1e-12:
        return float(ring[:, 1].mean()), float(ring[:, 0].mean()), 0.0
    north, east = (float(((part + np.roll(part, -1)) * cross).sum()) / (6 * size) for part in (y, x))
    return float(ring[0, 1]) + north, float(ring[0, 0]) + east, size


def _cross_latitude(ring: Points, north: float) -> Points:
    """Return the longitudes at which a ring crosses a latitude."""
    ends = np.roll(ring, -1, axis=0)
    (x, y), (x_end, y_end) = ring.T, ends.T
    sides = np.flatnonzero((np.minimum(y, y_end) < north) & (north <= np.maximum(y, y_end)))
    return np.asarray(x[sides] + (north - y[sides]) / (y_end[sides] - y[sides]) * (x_end[sides] - x[sides]))
