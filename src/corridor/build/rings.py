"""The borders of areas that an extract holds as relations: rings put together from the ways that are their pieces."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.build.area import unroll

Rings = tuple[NDArray[np.float64], ...]  # of (longitude, latitude) in degrees [point, 2]


def read_borders(osmium: Any, path: Path, borders: Sequence[Sequence[int]]) -> list[Rings]:
    """Return the rings of each border, a list of ways (their numbers in the extract); none where one is not whole.

    The extract is read again, twice, and only where there are ways to be found.
    """
    wanted = sorted({way for border in borders for way in border})
    if not wanted:
        return [() for _ in borders]
    ways: dict[int, list[int]] = {}
    reader = osmium.FileProcessor(str(path), osmium.osm.WAY).with_filter(osmium.filter.IdFilter(wanted))
    for way in reader:
        ways[way.id] = [node.ref for node in way.nodes]
    points = sorted({point for refs in ways.values() for point in refs})
    places: dict[int, tuple[float, float]] = {}
    reader = osmium.FileProcessor(str(path), osmium.osm.NODE).with_filter(osmium.filter.IdFilter(points))
    for node in reader:
        if node.location.valid():
            places[node.id] = node.location.lon, node.location.lat
    return [_make_rings(border, ways, places) for border in borders]


def _make_rings(
    border: Sequence[int], ways: Mapping[int, list[int]], places: Mapping[int, tuple[float, float]]
) -> Rings:
    pieces = [ways[way] for way in border if len(ways.get(way, ())) > 1]
    joined = join_pieces(pieces)
    if len(pieces) < len(set(border)) or not all(ring[0] == ring[-1] and len(ring) > 3 for ring in joined):
        return ()
    if any(point not in places for ring in joined for point in ring):
        return ()
    return tuple(unroll(np.array([places[point] for point in ring])) for ring in joined)


def join_pieces(pieces: Sequence[list[int]]) -> list[list[int]]:
    """Return pieces put end to end, in either direction, until each is closed or nothing fits any more."""
    rest, joined = [list(piece) for piece in pieces], []
    while rest:
        ring = rest.pop(0)
        while ring[0] != ring[-1]:
            fitting = next((piece for piece in rest if ring[-1] in (piece[0], piece[-1])), None)
            if fitting is None:
                break
            rest.remove(fitting)
            ring += fitting[1:] if fitting[0] == ring[-1] else fitting[-2::-1]
        joined.append(ring)
    return joined
