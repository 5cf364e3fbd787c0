"""The quickest ways through a network of directed links."""

from __future__ import annotations

from dataclasses import dataclass

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
    from scipy.sparse import csr_array  # heavy: most of what reads a scenario asks for no way
    from scipy.sparse.csgraph import dijkstra

    order = np.lexsort((np.arange(len(starts)), hours, ends, starts))
    pairs = np.stack([starts[order], ends[order]])
    first = np.ones(len(order), dtype=bool)
    first[1:] = (np.diff(pairs, axis=1) != 0).any(axis=0)
    kept = order[first]
    graph = csr_array((hours[kept], (starts[kept], ends[kept])), shape=(places, places))
    found, before = dijkstra(graph, indices=origin, return_predecessors=True)
    link_of = {(int(starts[link]), int(ends[link])): int(link) for link in kept}
    last = [link_of.get((int(p), place), -1) for place, p in enumerate(before)]
    return Ways(found, np.array(last, dtype=np.int64), starts)
