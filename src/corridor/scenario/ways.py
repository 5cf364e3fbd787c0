"""The quickest ways through a network of directed links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Ways:
    """The quickest ways from one place to every other [P]: hours (inf where there is none), and the last link (-1)."""

    hours: NDArray[np.float64]
    last: NDArray[np.int64]
    starts: NDArray[np.int64]  # [L]

    def trace(self, place: int) -> list[int]:
        """Return the links of the way to a place in order; none where there is no way."""
        links: list[int] = []
        while self.last[place] >= 0:
            links.append(int(self.last[place]))
            place = int(self.starts[links[-1]])
        return links[::-1]


def find_ways(
    starts: NDArray[np.int64], ends: NDArray[np.int64], hours: NDArray[np.float64], origin: int, places: int
) -> Ways:
    """Return the quickest ways from a place over links [L] from `starts` to `ends`, by scipy's Dijkstra.

    Of links between the same two places the quickest counts, the first of those as quick.
    """
    from scipy.sparse.csgraph import dijkstra  # heavy: most of what reads a scenario asks for no way

    kept = _choose_links(starts, ends, hours)
    graph = _join(starts[kept], ends[kept], hours[kept], places)
    found, before = dijkstra(graph, indices=origin, return_predecessors=True)
    link_of = {(int(starts[link]), int(ends[link])): int(link) for link in kept}
    last = [link_of.get((int(p), place), -1) for place, p in enumerate(before)]
    return Ways(found, np.array(last, dtype=np.int64), starts)


def measure_to_nearest(
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    lengths: NDArray[np.float64],
    goals: NDArray[np.int64],
    places: int,
) -> NDArray[np.float64]:
    """Return the length of the shortest way from every place to the nearest of the goals [P], inf if there is none."""
    from scipy.sparse.csgraph import dijkstra

    kept = _choose_links(starts, ends, lengths)
    graph = _join(ends[kept], starts[kept], lengths[kept], places)
    return np.asarray(dijkstra(graph, indices=goals, min_only=True))


def _choose_links(
    starts: NDArray[np.int64], ends: NDArray[np.int64], lengths: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return the shortest link between each two places, the first of those as short."""
    order = np.lexsort((np.arange(len(starts)), lengths, ends, starts))
    pairs = np.stack([starts[order], ends[order]])
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(pairs, axis=1) != 0).any(axis=0)
    return np.asarray(order[first])


def _join(starts: NDArray[np.int64], ends: NDArray[np.int64], lengths: NDArray[np.float64], places: int) -> Any:
    """Return a network as scipy takes it (it has no types)."""
    from scipy.sparse import csr_array

    return csr_array((lengths, (starts, ends)), shape=(places, places))
