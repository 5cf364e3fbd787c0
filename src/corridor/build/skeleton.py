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

from corridor.build.arcs import Arcs, Reach, list_arcs, reach_from, reach_to
from corridor.build.missed import find_missed_edges
from corridor.build.network import Network, Numbers, Whole

DETOUR = 1.15  # times a link's own time within which a detour over other places replaces it

Links = dict[tuple[int, int], tuple[float, int]]  # from a place to another (points): hours, the arc between their cells


def find_used_edges(network: Network, seeds: Whole) -> set[int]:
    """Return the edges of the union of best paths between neighbours among the seeds (points of places and exits).

    No path goes against a one-way road: each direction between two places has its own.
    """
    if len(seeds) < 2:
        return set()
    arcs = list_arcs(network)
    there, on = reach_from(arcs, seeds), reach_to(arcs, seeds)
    links = _find_links(arcs, there, on)
    chosen = np.array([arc for _, arc in drop_replaced(links).values()], dtype=np.int64)
    used = set(arcs.edge[chosen].tolist())
    _trace(arcs, there, arcs.tail[chosen], used, back=True)
    _trace(arcs, on, arcs.head[chosen], used, back=False)
    return used | find_missed_edges(arcs, links, used)


def _trace(arcs: Arcs, reach: Reach, points: Whole, used: set[int], back: bool) -> None:
    """Add the edges over which some points are reached, or go on, as far as they have not been added before."""
    known = np.flatnonzero(reach.next >= 0)
    edges = np.full(arcs.size, -1, dtype=np.int64)
    after = reach.next[known].astype(np.int64)
    edges[known] = arcs.find(after, known) if back else arcs.find(known, after)
    seen: set[int] = set()
    for point in points.tolist():
        while reach.next[point] >= 0 and point not in seen:
            seen.add(point)
            used.add(int(edges[point]))
            point = int(reach.next[point])


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


def _find_links(arcs: Arcs, there: Reach, on: Reach) -> Links:
    first, second = there.seed[arcs.tail], on.seed[arcs.head]
    between = np.flatnonzero((first >= 0) & (second >= 0) & (first != second))
    first, second = first[between], second[between]
    time = there.hours[arcs.tail[between]] + on.hours[arcs.head[between]] + arcs.hours[between]
    links: Links = {}
    for i in np.lexsort((arcs.edge[between], time)):
        links.setdefault((int(first[i]), int(second[i])), (float(time[i]), int(between[i])))
    return links


def drop_replaced(links: Links, detour: float = DETOUR) -> Links:
    """Return the links that no way over other places replaces in `detour` times their time, the longest tried first."""
    near: dict[int, dict[int, float]] = defaultdict(dict)
    for (begin, end), (hours, _) in links.items():
        near[begin][end] = hours
    kept = dict(links)
    for (begin, end), (hours, _) in sorted(links.items(), key=lambda item: (-item[1][0], item[0])):
        del near[begin][end]
        if _is_reached(near, begin, end, detour * hours):
            del kept[begin, end]
        else:
            near[begin][end] = hours
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
