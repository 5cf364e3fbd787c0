"""The area that is cut off: polygons with holes, and which points lie within them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


@dataclass(frozen=True)
class Area:
    """Rings of (longitude, latitude) in degrees [point, 2], closed or not; inside is what an odd number of them holds.

    A ring that crosses the 180th meridian goes on beyond 180 degrees.
    """

    rings: tuple[Points, ...]
    name: str = ""

    def contains(self, latitude: Points, longitude: Points) -> NDArray[np.bool_]:
        """Tell for each point (degrees) whether it lies inside: the crossings of a ray counted, ring by ring."""
        inside = np.zeros(len(latitude), dtype=bool)
        order = np.argsort(latitude, kind="stable")
        height = latitude[order]
        for turn in (-360.0, 0.0, 360.0):
            shifted = longitude[order] + turn
            odd = np.zeros(len(latitude), dtype=bool)
            for ring in self.rings:
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
