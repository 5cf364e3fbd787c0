"""The routes that people may choose from each place, listed once for every state of the roads.

A route is the list of places ahead. Routes share their tails: one is a *node* made of the next place and the node
of the rest, so that what is left of any route after a step is again a node. The listing follows Flee's: every
simple path of up to `awareness` roads, where a marker place costs no step and is no destination.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np


@dataclass
class Nodes:
    """All routes and their tails met so far: the next place, the node of the rest (-1: none), the last place."""

    names: list[str]
    hop: list[int] = field(default_factory=list)
    rest: list[int] = field(default_factory=list)
    last: list[int] = field(default_factory=list)
    known: dict[tuple[int, int], int] = field(default_factory=dict)

    def add(self, path: list[int]) -> int:
        """Return the node of a path of places."""
        node = -1
        for place in reversed(path):
            key = (place, node)
            found = self.known.get(key)
            if found is None:
                found = len(self.hop)
                self.known[key] = found
                self.hop.append(place)
                self.rest.append(node)
                self.last.append(place if node < 0 else self.last[node])
            node = found
        return node

    def keys(self) -> np.ndarray:
        """Return a 64-bit key for each node that depends on the names along it alone."""
        keys: list[int] = []
        for hop, rest in zip(self.hop, self.rest, strict=True):
            text = f"{self.names[hop]}\x1f{keys[rest] if rest >= 0 else ''}"
            keys.append(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))
        return np.array(keys, dtype=np.uint64)


@dataclass(frozen=True)
class Graph:
    """The open roads: for each place the directed links out of it in Flee's order, and every link's end and km."""

    out: list[list[int]]
    end: np.ndarray
    distance: np.ndarray
    marker: np.ndarray  # by place


Options = list[tuple[int, float]]  # a node and its whole distance in km


def list_routes(graph: Graph, start: int, awareness: int, nodes: Nodes) -> Options:
    """Return every route from `start`, in Flee's order; a pair of parallel roads gives two."""
    options: Options = []
    path: list[int] = []
    ends, distances, markers = graph.end, graph.distance, graph.marker

    def expand(link: int, prior: float, step: int) -> None:
        end, distance = int(ends[link]), prior + float(distances[link])
        path.append(end)
        if markers[end]:
            step -= 1
        else:
            options.append((nodes.add(path), distance))
        if awareness > step:
            for further in graph.out[end]:
                ahead = int(ends[further])
                if ahead != start and ahead not in path[:-1]:
                    expand(further, distance, step + 1)
        path.pop()

    if awareness != 0:
        for link in graph.out[start]:
            expand(link, 0.0, 1)
    return options


FixedRoutes = dict[int, tuple[float, float, list[int]]]  # by end: attraction, km that give it, and the places ahead


@dataclass(frozen=True)
class Distances:
    """How a distance in km attracts: 1 / (softening + km) ** distance_power, to the power of the route's weight."""

    softening: float
    distance_power: float
    weight_power: float

    def attract(self, km: float) -> float:
        """Return the attraction of a distance, up to what belongs to the place at its end."""
        return float((self.softening + km) ** (-self.distance_power * self.weight_power))

    def quarter(self, km: float) -> float:
        """Return the km of which softening and all are a quarter of those of `km`: how Flee counts major routes."""
        return (self.softening + km) / 4 - self.softening


def list_fixed_routes(graph: Graph, start: int, awareness: int, distances: Distances) -> FixedRoutes:
    """Return the most attractive route to each place within `awareness` roads; here a marker does use up a step."""
    best: FixedRoutes = {}

    def expand(link: int, prior: float, step: int, path: list[int]) -> None:
        end, km = int(graph.end[link]), prior + float(graph.distance[link])
        ahead = [*path, end]
        if not graph.marker[end] and (end not in best or distances.attract(km) > best[end][0]):
            best[end] = (distances.attract(km), km, ahead)
        if awareness > step:
            for further in graph.out[end]:
                if int(graph.end[further]) != start and int(graph.end[further]) not in path:
                    expand(further, km, step + 1, ahead)

    for link in graph.out[start] if awareness != 0 and not graph.marker[start] else []:
        expand(link, 0.0, 1, [])
    return best


def add_major_routes(
    graph: Graph, start: int, major: list[list[int]], tables: list[FixedRoutes], distances: Distances
) -> list[list[int]]:
    """Add the major routes from a place to its table, as Flee does; return those that cannot be followed.

    One may begin at `start` or at any place with a route of its own, and leads to ends that no other route reaches.
    Softening and distance count a quarter. Flee's two slips are kept: the route is taken where it attracts more than
    what the place before its end has noted as a route to that end, and its first step is left out, so that people who
    choose it set out for the second place, or stay where no road leads there.
    """
    own, broken = tables[start], []
    hubs: list[tuple[int, list[int]]] = [(start, [])]
    hubs += [(hub, path) for hub, (_, _, path) in own.items()]
    reached = {start, *own}
    for hub, path in hubs:
        for route in major:
            if route[0] != hub or route[-1] in reached:
                continue
            whole = [*path, *route[1:]]
            km = _measure(graph, start, whole)
            if km is None:
                broken.append([start, *whole])
                continue
            quarter, end = distances.quarter(km), whole[-1]
            noted = tables[whole[-2] if len(whole) > 1 else start].get(end)
            if noted is None or distances.attract(quarter) > noted[0]:
                own[end] = (distances.attract(quarter), quarter, whole[1:] or whole)
    return broken


def _measure(graph: Graph, start: int, path: list[int]) -> float | None:
    total, place = 0.0, start
    for ahead in path:
        link = next((link for link in graph.out[place] if int(graph.end[link]) == ahead), None)
        if link is None:
            return None
        total, place = total + float(graph.distance[link]), ahead
    return total
