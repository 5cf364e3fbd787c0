"""Best paths between places a few cells apart that the union of best paths between neighbours has missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from corridor.build.network import Network, Whole

STEPS = 3  # cells between places that are compared
MUCH = 1.10  # times the best path's time beyond which what was kept is not good enough
TOGETHER = 64  # places searched from at once: what memory holds


def find_missed_edges(
    network: Network, quick: Whole, links: Mapping[tuple[int, int], tuple[float, int]], used: set[int]
) -> set[int]:
    """Return the edges of best paths between places a few links apart over which what is used takes much longer.

    `quick` are the edges to choose from, one between two points; `links` join neighbours (points) in so many hours;
    `used` are kept. No search goes further than the links lead: what is not reached by then over `used` is missed.
    """
    nodes = np.unique(np.concatenate((network.begin[quick], network.end[quick])))
    begin, end = (np.searchsorted(nodes, ends[quick]) for ends in (network.begin, network.end))
    size, hours = len(nodes), network.hours[quick]
    whole = coo_array((hours, (begin, end)), shape=(size, size)).tocsr()
    is_used = np.isin(quick, np.fromiter(used, dtype=np.int64))
    kept = coo_array((hours[is_used], (begin[is_used], end[is_used])), shape=(size, size)).tocsr()
    number = {int(node): i for i, node in enumerate(nodes)}
    near = _find_near(links)
    edge_of = {(int(min(a, b)), int(max(a, b))): int(edge) for a, b, edge in zip(begin, end, quick, strict=True)}
    missed: set[int] = set()
    seeds = sorted(near)
    for first in range(0, len(seeds), TOGETHER):
        some = seeds[first : first + TOGETHER]
        rows = [number[seed] for seed in some]
        limit = MUCH * max(hours for seed in some for hours in near[seed].values())
        best, before = dijkstra(whole, directed=False, indices=rows, return_predecessors=True, limit=limit)
        slow = dijkstra(kept, directed=False, indices=rows, limit=limit)
        for i, seed in enumerate(some):
            targets = np.array([number[other] for other in sorted(near[seed]) if other > seed], dtype=np.int64)
            with np.errstate(invalid="ignore"):
                late = targets[slow[i, targets] > MUCH * best[i, targets]]
            missed |= _follow(before[i], late, edge_of)
    return missed


def _follow(before: NDArray[np.int32], targets: Iterable[int], edge_of: Mapping[tuple[int, int], int]) -> set[int]:
    found: set[int] = set()
    for target in targets:
        here = int(target)
        while before[here] >= 0:
            there = int(before[here])
            found.add(edge_of[min(here, there), max(here, there)])
            here = there
    return found


def _find_near(links: Mapping[tuple[int, int], tuple[float, int]]) -> dict[int, dict[int, float]]:
    """Return by place those that at most STEPS links lead to, and the hours over these."""
    next_to: dict[int, dict[int, float]] = defaultdict(dict)
    for (begin, end), (hours, _) in links.items():
        next_to[begin][end] = next_to[end][begin] = hours
    near = {}
    for place in next_to:
        best, edge = {place: 0.0}, {place}
        for _ in range(STEPS):
            reached = dict(best)
            for one in edge:
                for other, hours in next_to[one].items():
                    reached[other] = min(best[one] + hours, reached.get(other, np.inf))
            edge = {other for other, hours in reached.items() if hours < best.get(other, np.inf)}
            best = reached
        del best[place]
        near[place] = best
    return near
