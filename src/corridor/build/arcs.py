"""The network as it may be driven: an arc for each direction of an edge that is open, and searches over them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra

from corridor.build.network import Network, Numbers, Whole


@dataclass(frozen=True)
class Arcs:
    """From `tail` to `head` (points) over an edge in so many hours; between two points the quickest, sorted by both."""

    tail: Whole
    head: Whole
    edge: Whole
    hours: Numbers
    size: int  # points of the network

    @cached_property
    def keys(self) -> Whole:
        """Return a number for each arc that stands for its two points, in order."""
        return self.tail * self.size + self.head

    def find(self, tail: Whole, head: Whole) -> Whole:
        """Return the edges from some points to others, each of which there is an arc to."""
        return self.edge[np.searchsorted(self.keys, tail * self.size + head)]

    def make_graph(self) -> csr_array:
        """Return the matrix of hours from point to point."""
        return coo_array((self.hours, (self.tail, self.head)), shape=(self.size, self.size)).tocsr()


def list_arcs(network: Network) -> Arcs:
    """Return the arcs of a network: two of each edge, one of an edge that is one-way."""
    back = np.flatnonzero(~network.one_way)
    tail, head = np.append(network.begin, network.end[back]), np.append(network.end, network.begin[back])
    edge = np.append(np.arange(len(network.begin)), back)
    hours = network.hours[edge]
    order = np.lexsort((edge, hours, head, tail))
    tail, head = tail[order], head[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (tail[1:] != tail[:-1]) | (head[1:] != head[:-1])
    order = order[first]
    return Arcs(tail[first], head[first], edge[order], hours[order], len(network.points.latitude))


@dataclass(frozen=True)
class Reach:
    """By point: hours to or from the nearest seed, the next point on that way, and the seed (below 0 where none is)."""

    hours: Numbers
    next: NDArray[np.int32]
    seed: NDArray[np.int32]


def reach_from(arcs: Arcs, seeds: Whole) -> Reach:
    """Return how every point is reached from the nearest seed; `next` is the point before it."""
    return Reach(*dijkstra(arcs.make_graph(), indices=seeds, min_only=True, return_predecessors=True))


def reach_to(arcs: Arcs, seeds: Whole) -> Reach:
    """Return how every point reaches the nearest seed; `next` is the point after it."""
    return Reach(*dijkstra(arcs.make_graph().T.tocsr(), indices=seeds, min_only=True, return_predecessors=True))
