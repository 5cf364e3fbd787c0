"""Where roads leave the area, and what lies beyond: places outside within reach, or the end of the extract's road.

A border is crossed for good only where somebody outside can be reached. A road that leaves the area and comes back,
or one outside that cuts a corner of it, and that meets nobody there, is one road.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from corridor.build.mapped import Extract
from corridor.build.network import Network, Whole, measure_km
from corridor.build.one_way import BESIDE
from corridor.build.road_classes import load_road_classes
from corridor.build.settle import Settled
from corridor.build.skeleton import pick_quickest, search

STUB = 1.0  # km: a road shorter than this, off one that leaves the area and comes back, leads to nobody
APART = 1.0  # km between two ends of roads outside; of nearer ones the greater road is taken
GREAT = "secondary"  # roads of this class and above are all kept where they lead out to no place
MOST_ENDS = 12  # ends of roads; smaller ones beyond so many are left out


@dataclass(frozen=True)
class Beyond:
    """What lies outside: places that are kept, and ends of roads (points) where the extract has no place outside.

    `left_out` is how many smaller roads out were left out beside greater ones. `twins` are ends of carriageways that
    only lead in, each with the end of the carriageway out that it belongs to.
    """

    places: list[Settled]
    ends: list[int]
    left_out: int
    twins: dict[int, int] = field(default_factory=dict)


def find_beyond(extract: Extract, network: Network, outside: Sequence[Settled], reach_km: float) -> Beyond:
    """Return cities and towns within so many km by road of a gate, the place nearest to each gate, ends of roads."""
    points = network.points
    main = int(points.part_km.argmax())
    gates = np.flatnonzero(points.gate & (points.part == main))
    edges = np.flatnonzero(~network.inside)
    edges = edges[pick_quickest(network.begin[edges], network.end[edges], network.length[edges])]
    served, kept = np.zeros(len(gates), dtype=bool), list[Settled]()
    if outside and len(gates):
        by_point = {one.point: one for one in outside}
        spots = np.array(sorted(by_point))
        to_place, _, nearest = search(network, edges, spots, network.length)
        served = to_place[gates] <= reach_km
        chosen = {int(nearest[gate]) for gate in gates[served]}
        to_gate, _, _ = search(network, edges, gates, network.length)
        large = {one.point for one in outside if one.place.kind in ("city", "town") and to_gate[one.point] <= reach_km}
        kept = [by_point[point] for point in sorted(chosen | large)]
    unserved = {int(gate) for gate in gates[~served]}
    out, back = _list_ends(extract, network, edges, unserved, {one.point for one in outside})
    ends, left_out = _choose_ends(network, out)
    return Beyond(kept, list(ends), left_out, _find_twins(network, ends, back))


@dataclass(frozen=True, order=True)
class _End:
    """The end of a road through a gate: rank of its class, minus the length of the edge, the end, the gate."""

    rank: int
    shortness: float
    point: int
    gate: int


def _list_ends(
    extract: Extract, network: Network, edges: Whole, gates: set[int], spots: set[int]
) -> tuple[list[_End], list[_End]]:
    """Return the ends of roads through gates that lead to no place, and those of roads that lead in only.

    `edges` are those outside, `spots` places on them.
    """
    near = _list_edges_by_point(network, edges)
    beyond: dict[int, bool] = {}
    out, back = list[_End](), list[_End]()
    ranks = {name: kind.rank for name, kind in load_road_classes().items()}
    for gate in sorted(gates):
        for edge in near[gate]:
            other = int(network.end[edge] if int(network.begin[edge]) == gate else network.begin[edge])
            if edge not in beyond:
                side = _spread(network, near, edge, spots)
                beyond |= dict.fromkeys(side.edges, _leads_on(network, near, side))
            if beyond[edge] and not network.points.gate[other]:
                rank = ranks[extract.ways[network.way[edge]].road_class]
                leads_in = bool(network.one_way[edge]) and int(network.end[edge]) == gate
                (back if leads_in else out).append(_End(rank, -float(network.length[edge]), other, gate))
    return sorted(out), sorted(back)


def _choose_ends(network: Network, found: list[_End]) -> tuple[dict[int, int], int]:
    """Return ends not too near each other with their gates, greater roads first, and how many others there are."""
    kept: dict[int, int] = {}
    latitude, longitude = network.points.latitude, network.points.longitude
    great = load_road_classes()[GREAT].rank
    for one in found:
        if one.point in kept or (one.rank > great and len(kept) >= MOST_ENDS):
            continue
        so_far = list(kept)
        away = measure_km(latitude[so_far], longitude[so_far], latitude[one.point], longitude[one.point])
        if not kept or away.min() >= APART:
            kept[one.point] = one.gate
    return kept, len({one.point for one in found}) - len(kept)


def _find_twins(network: Network, ends: dict[int, int], back: list[_End]) -> dict[int, int]:
    """Return the ends of carriageways in whose gates lie beside those of ends that are kept, each with that end."""
    twins: dict[int, int] = {}
    latitude, longitude = network.points.latitude, network.points.longitude
    for end, gate in ends.items():
        for one in back:
            away = measure_km(latitude[[gate]], longitude[[gate]], latitude[one.gate], longitude[one.gate])
            if away[0] <= BESIDE and one.point not in ends and one.point not in twins:
                twins[one.point] = end
                break
    return twins


def _list_edges_by_point(network: Network, edges: Iterable[int]) -> dict[int, list[int]]:
    near: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        near[int(network.begin[edge])].append(int(edge))
        near[int(network.end[edge])].append(int(edge))
    return near


@dataclass
class _Side:
    """Roads on one side of the border that are joined without crossing it: edges, points, gates, whether seeds are."""

    inside: bool
    length: float = 0.0
    edges: list[int] = field(default_factory=list)
    points: set[int] = field(default_factory=set)
    gates: set[int] = field(default_factory=set)
    has_seed: bool = False

    def take_in(self, other: _Side, gates: set[int]) -> None:
        """Add the roads beyond some gates, which are no longer any."""
        self.length += other.length
        self.edges += other.edges
        self.points |= other.points
        self.gates = (self.gates | other.gates) - gates
        self.has_seed |= other.has_seed


def _spread(network: Network, near: dict[int, list[int]], edge: int, seeds: set[int]) -> _Side:
    """Return all roads joined to an edge without passing a gate."""
    gate, side = network.points.gate, _Side(bool(network.inside[edge]))
    todo, seen = [edge], {edge}
    while todo:
        edge = todo.pop()
        side.edges.append(edge)
        side.length += float(network.length[edge])
        for point in (int(network.begin[edge]), int(network.end[edge])):
            if gate[point]:
                side.gates.add(point)
                continue
            side.points.add(point)
            side.has_seed |= point in seeds
            for other in near[point]:
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
    return side


def _leads_on(network: Network, near: dict[int, list[int]], side: _Side) -> bool:
    """Tell whether roads outside lead to anybody: over one gate alone, to a place, or to the end of a road."""
    if len(side.gates) == 1 or side.has_seed:
        return True
    ends = (point for point in side.points if len(near[point]) == 1)
    return any(_measure_branch(network, near, end) >= STUB for end in ends)


def _measure_branch(network: Network, near: dict[int, list[int]], end: int) -> float:
    """Return how many km a road runs from its end to the next junction or gate."""
    edge, length, point = near[end][0], 0.0, end
    while True:
        length += float(network.length[edge])
        point = int(network.end[edge] if int(network.begin[edge]) == point else network.begin[edge])
        if len(near[point]) != 2 or network.points.gate[point]:
            return length
        edge = next(other for other in near[point] if other != edge)


def find_gates(network: Network, used: Iterable[int], seeds: set[int]) -> set[int]:
    """Return the points where used roads cross the border for good: between sides where there are seeds.

    Roads on one side that hold no seed (a place, the end of a road) and touch the border more than once only pass
    through: the shortest first, they are taken for a part of what they join.
    """
    near = _list_edges_by_point(network, sorted(used))
    sides: list[_Side] = []
    of_edge: dict[int, _Side] = {}
    for edge in sorted(used):
        if edge not in of_edge:
            sides.append(_spread(network, near, edge, seeds))
            of_edge |= dict.fromkeys(sides[-1].edges, sides[-1])
    gates = {gate for side in sides for gate in side.gates if len({of_edge[edge].inside for edge in near[gate]}) > 1}
    for side in sides:
        side.gates &= gates
    while passing := [side for side in sides if not side.has_seed and len(side.gates) > 1]:
        side = min(passing, key=lambda side: (side.length, side.edges[0]))
        passed = set(side.gates)
        side.inside = not side.inside
        for other in {id(of_edge[edge]): of_edge[edge] for gate in sorted(passed) for edge in near[gate]}.values():
            if other is not side:
                side.take_in(other, passed)
                sides.remove(other)
                of_edge |= dict.fromkeys(other.edges, side)
        side.gates -= passed
        gates -= passed
    return gates
