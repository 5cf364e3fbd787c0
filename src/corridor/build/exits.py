"""Where roads leave the area, and what lies beyond: places outside within reach, or the end of the extract's road."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.build.extract import Extract
from corridor.build.network import Network, Whole, measure_km
from corridor.build.road_classes import load_road_classes
from corridor.build.settle import Settled
from corridor.build.skeleton import pick_quickest, search

SLIVER = 1.0  # km: a road that is on the other side of the border for less, and leads nowhere there, does not cross it
APART = 1.0  # km between two ends of roads outside; of nearer ones the greater road is taken
GREAT = "secondary"  # roads of this class and above are all kept where they lead out to no place
MOST_ENDS = 12  # ends of roads; smaller ones beyond so many are left out


@dataclass(frozen=True)
class Beyond:
    """What lies outside: places that are kept, and ends of roads (points) where the extract has no place outside.

    `left_out` is how many smaller roads out were left out beside greater ones.
    """

    places: list[Settled]
    ends: list[int]
    left_out: int


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
    ends, left_out = _find_ends(extract, network, edges, {int(gate) for gate in gates[~served]})
    return Beyond(kept, ends, left_out)


def _find_ends(extract: Extract, network: Network, edges: Whole, gates: set[int]) -> tuple[list[int], int]:
    """Return the ends of roads through gates that lead to no place, greater roads first, not too near others."""
    near = _list_edges_by_point(network, edges)
    found: list[tuple[int, float, int]] = []  # rank of the road, minus its length, its end outside
    ranks = {name: kind.rank for name, kind in load_road_classes().items()}
    for edge in edges:
        begin, end = int(network.begin[edge]), int(network.end[edge])
        for gate, other in ((begin, end), (end, begin)):
            if gate in gates and not network.points.gate[other] and not _is_sliver(network, near, int(edge)):
                rank = ranks[extract.ways[network.way[edge]].road_class]
                found.append((rank, -float(network.length[edge]), other))
    found.sort()
    kept: list[int] = []
    latitude, longitude = network.points.latitude, network.points.longitude
    for rank, _, end in found:
        if end in kept or (rank > ranks[GREAT] and len(kept) >= MOST_ENDS):
            continue
        away = measure_km(latitude[kept], longitude[kept], latitude[end], longitude[end])
        if not kept or away.min() >= APART:
            kept.append(end)
    return kept, len({end for _, _, end in found}) - len(kept)


def _list_edges_by_point(network: Network, edges: Iterable[int]) -> dict[int, list[int]]:
    near: dict[int, list[int]] = defaultdict(list)
    for edge in edges:
        near[int(network.begin[edge])].append(int(edge))
        near[int(network.end[edge])].append(int(edge))
    return near


def _is_sliver(network: Network, near: dict[int, list[int]], edge: int) -> bool:
    """Tell whether the roads outside joined to an edge are short and come back over another gate."""
    length, borders, _ = _spread(network, near, network.points.gate, set(), edge, set())
    return length < SLIVER and len(borders) > 1


def find_gates(network: Network, used: Iterable[int], seeds: set[int]) -> set[int]:
    """Return the points where used roads cross the border for good: short slivers beyond it do not count."""
    gate = network.points.gate
    near = _list_edges_by_point(network, sorted(used))
    gates = {
        point for point, edges in near.items() if gate[point] and len({bool(network.inside[e]) for e in edges}) > 1
    }
    is_gate = np.zeros(len(gate), dtype=bool)
    is_gate[list(gates)] = True
    seen: set[int] = set()
    passed: set[int] = set()
    for start in sorted(gates):
        for edge in near[start]:
            if edge in seen:
                continue
            length, borders, has_seed = _spread(network, near, is_gate, seeds, edge, seen)
            if length < SLIVER and len(borders) > 1 and not has_seed:
                passed |= borders
    return gates - passed


def _spread(
    network: Network, near: dict[int, list[int]], gate: NDArray[np.bool_], seeds: set[int], edge: int, seen: set[int]
) -> tuple[float, set[int], bool]:
    """Return the length of the used roads joined to an edge without passing a gate, their gates, if a seed is there."""
    todo, length, borders, has_seed = [edge], 0.0, set[int](), False
    seen.add(edge)
    while todo and (length < SLIVER or seeds):  # without seeds it is enough to know that they are long
        edge = todo.pop()
        length += float(network.length[edge])
        for point in (int(network.begin[edge]), int(network.end[edge])):
            if gate[point]:
                borders.add(point)
                continue
            has_seed |= point in seeds
            for other in near[point]:
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
    return length, borders, has_seed
