"""Which edges of the whole network the small one keeps: the union of best paths between neighbours.

One search from all places at once gives every point the place it is nearest to in time. An edge between the cells of
two places is a link between neighbours; the quickest of each pair counts (the dual of a Voronoi diagram on a network:
Erwig 2000, Networks 36(3)). A link that a detour over other places replaces nearly as well is dropped. Of the best
paths of the rest the union is taken, so that what they share stays one road: taken pair by pair, the only bridge would
be there once for each of them. Last, places a few cells apart are compared: where the best path between them is much
quicker than what was kept, it is kept as well (`missed.py`).
"""

from __future__ import annotations

import heapq
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from corridor.build.missed import find_missed_edges
from corridor.build.network import Network, Numbers, Whole

DETOUR = 1.15  # times a link's own time within which a detour over other places replaces it

Links = dict[tuple[int, int], tuple[float, int]]  # by two places (points): hours, the edge between their cells


def find_used_edges(network: Network, seeds: Whole) -> set[int]:
    """Return the edges of the union of best paths between neighbours among the seeds (points of places and exits)."""
    if len(seeds) < 2:
        return set()
    quick = pick_quickest(network.begin, network.end, network.hours)
    hours, before, nearest = search(network, quick, seeds, network.hours)
    links = _find_links(network, quick, hours, nearest)
    kept = drop_replaced(links)
    ways = _find_edge_before(network, quick, before)
    used: set[int] = set()
    for _, edge in kept.values():
        used.add(edge)
        for end in (int(network.begin[edge]), int(network.end[edge])):
            while before[end] >= 0 and int(ways[end]) not in used:
                used.add(int(ways[end]))
                end = int(before[end])
    return used | find_missed_edges(network, quick, links, used)


def pick_quickest(begin: Whole, end: Whole, hours: Numbers) -> Whole:
    """Return for each pair of nodes the edge that takes least time."""
    low, high = np.minimum(begin, end), np.maximum(begin, end)
    order = np.lexsort((hours, high, low))
    low, high = low[order], high[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    return order[first]


def search(
    network: Network, edges: Whole, seeds: Whole, weights: Numbers
) -> tuple[Numbers, NDArray[np.int32], NDArray[np.int32]]:
    """Return by point how far the nearest seed is over some edges, the point before it, and that seed (or below 0).

    `weights` [edge] are what is summed, hours or km; of two edges between the same points one must be chosen before.
    """
    size = len(network.points.latitude)
    graph = coo_array((weights[edges], (network.begin[edges], network.end[edges])), shape=(size, size)).tocsr()
    found = dijkstra(graph, directed=False, indices=seeds, min_only=True, return_predecessors=True)
    distance, before, nearest = found
    return distance, before, nearest


def _find_links(network: Network, quick: Whole, hours: Numbers, nearest: NDArray[np.int32]) -> Links:
    begin, end = network.begin[quick], network.end[quick]
    first, second = nearest[begin], nearest[end]
    between = np.flatnonzero((first >= 0) & (second >= 0) & (first != second))
    low, high = np.minimum(first, second)[between], np.maximum(first, second)[between]
    time = hours[begin[between]] + network.hours[quick[between]] + hours[end[between]]
    links: Links = {}
    for i in np.argsort(time, kind="stable"):
        links.setdefault((int(low[i]), int(high[i])), (float(time[i]), int(quick[between[i]])))
    return links


def drop_replaced(links: Links, detour: float = DETOUR) -> Links:
    """Return the links that no way over other places replaces in `detour` times their time, the longest tried first."""
    near: dict[int, dict[int, float]] = defaultdict(dict)
    for (begin, end), (hours, _) in links.items():
        near[begin][end] = near[end][begin] = hours
    kept = dict(links)
    for (begin, end), (hours, _) in sorted(links.items(), key=lambda item: (-item[1][0], item[0])):
        del near[begin][end], near[end][begin]
        if _is_reached(near, begin, end, detour * hours):
            del kept[begin, end]
        else:
            near[begin][end] = near[end][begin] = hours
    return kept


def _is_reached(near: dict[int, dict[int, float]], begin: int, end: int, most: float) -> bool:
    """Tell whether a way leads from one place to another within so many hours (Dijkstra's algorithm)."""
    best, todo = {begin: 0.0}, [(0.0, begin)]
    while todo:
        hours, place = heapq.heappop(todo)
        if place == end:
            return True
        if hours > best[place]:
            continue
        for other, more in near[place].items():
            if hours + more <= most and hours + more < best.get(other, np.inf):
                best[other] = hours + more
                heapq.heappush(todo, (hours + more, other))
    return False


def _find_edge_before(network: Network, quick: Whole, before: NDArray[np.int32]) -> Whole:
    """Return by point the edge over which it is reached from the point before it; -1 for seeds and unreached points."""
    size = np.int64(len(before))
    begin, end = network.begin[quick], network.end[quick]
    key = np.minimum(begin, end) * size + np.maximum(begin, end)
    order = np.argsort(key)
    reached = np.flatnonzero(before >= 0)
    wanted = np.minimum(reached, before[reached]) * size + np.maximum(reached, before[reached])
    edges = np.full(size, -1, dtype=np.int64)
    edges[reached] = quick[order[np.searchsorted(key[order], wanted)]]
    return edges
