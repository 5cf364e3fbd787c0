"""Best paths between places a few cells apart that the union of best paths between neighbours has missed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra

from corridor.build.arcs import Arcs
from corridor.build.network import Whole

STEPS = 3  # cells between places that are compared
MUCH = 1.10  # times the best path's time beyond which what was kept is not good enough
TOGETHER = 8  # places searched from at once: what the processor's cache holds
FEW = 8  # the same where the whole network is searched


def find_missed_edges(arcs: Arcs, links: Mapping[tuple[int, int], tuple[float, int]], used: set[int]) -> set[int]:
    """Return the edges of best paths between places a few links apart over which what is used takes much longer.

    `links` lead from place to place (points) in so many hours; `used` edges are kept. No search goes further than the
    links lead: what is not reached by then over `used` is missed.
    """
    graphs = _Graphs(arcs, used)
    near = _find_near(links)
    missed: set[int] = set()
    seeds = sorted(near)
    for first in range(0, len(seeds), TOGETHER):
        some = seeds[first : first + TOGETHER]
        limit = MUCH * max(hours for seed in some for hours in near[seed].values())
        missed |= graphs.find_missed(some, near, limit)
    shut = _list_shut_in(_Graphs(arcs, used | missed), links)
    seeds = sorted(shut)
    for first in range(0, len(seeds), FEW):
        missed |= graphs.find_missed(seeds[first : first + FEW], shut, np.inf)
    return missed


class _Graphs:
    """The whole network and what is used of it, with nodes numbered without gaps."""

    def __init__(self, arcs: Arcs, used: set[int]) -> None:
        self.arcs = arcs
        self.nodes = np.unique(np.concatenate((arcs.tail, arcs.head)))
        tail, head = np.searchsorted(self.nodes, arcs.tail), np.searchsorted(self.nodes, arcs.head)
        shape = len(self.nodes), len(self.nodes)
        self.whole = coo_array((arcs.hours, (tail, head)), shape=shape).tocsr()
        kept = np.isin(arcs.edge, np.fromiter(used, dtype=np.int64))
        self.kept = coo_array((arcs.hours[kept], (tail[kept], head[kept])), shape=shape).tocsr()

    def find_missed(self, seeds: Sequence[int], targets: Mapping[int, Iterable[int]], limit: float) -> set[int]:
        """Return the edges of the best paths from some seeds to their targets where what is used takes much longer."""
        rows = np.searchsorted(self.nodes, seeds)
        best, before = dijkstra(self.whole, indices=rows, return_predecessors=True, limit=limit)
        slow = dijkstra(self.kept, indices=rows, limit=limit)
        missed: set[int] = set()
        for i, seed in enumerate(seeds):
            wanted = np.searchsorted(self.nodes, sorted(targets[seed]))
            with np.errstate(invalid="ignore"):
                late = wanted[slow[i, wanted] > MUCH * best[i, wanted]]
            steps = _follow(before[i], late)
            missed.update(self.arcs.find(self.nodes[steps[:, 0]], self.nodes[steps[:, 1]]).tolist())
        return missed


def _list_shut_in(graphs: _Graphs, links: Mapping[tuple[int, int], tuple[float, int]]) -> dict[int, list[int]]:
    """Return the places from which a neighbour may not be reached over what is used, by one-way roads."""
    _, part = connected_components(graphs.kept, directed=True, connection="strong")
    found: dict[int, list[int]] = defaultdict(list)
    for begin, end in links:
        number = np.searchsorted(graphs.nodes, [begin, end])
        if part[number[0]] != part[number[1]]:
            found[begin].append(end)
            found[end].append(begin)
    return found


def _follow(before: NDArray[np.int32], targets: Iterable[int]) -> Whole:
    """Return the steps to some targets [step, 2]: from a node to the next."""
    found: set[tuple[int, int]] = set()
    for target in targets:
        here = int(target)
        while before[here] >= 0 and (int(before[here]), here) not in found:
            found.add((int(before[here]), here))
            here = int(before[here])
    return np.array(sorted(found), dtype=np.int64).reshape(-1, 2)


def _find_near(links: Mapping[tuple[int, int], tuple[float, int]]) -> dict[int, dict[int, float]]:
    """Return by place those that at most STEPS links lead to, and the hours over these, each as open both ways."""
    next_to: dict[int, dict[int, float]] = defaultdict(dict)
    for (begin, end), (hours, _) in links.items():
        next_to[begin][end] = min(hours, next_to[begin].get(end, np.inf))
        next_to[end][begin] = min(hours, next_to[end].get(begin, np.inf))
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
