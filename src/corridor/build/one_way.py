"""What one-way roads ask for: two carriageways over the border are one crossing, and nobody is shut in by them."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from corridor.build.chain import Chain
from corridor.build.network import Network, measure_km

BESIDE = 0.3  # km between the two carriageways of one road where it crosses the border


def find_twins(network: Network, chains: Iterable[Chain], gates: set[int]) -> dict[int, int]:
    """Return the crossings that only lead in, each with the nearest one beside it that only leads out."""
    sides: dict[int, set[bool]] = defaultdict(set)
    for chain in chains:
        for point, (edge, _) in ((chain.begin, chain.edges[0]), (chain.end, chain.edges[-1])):
            if point in gates:
                outward = (chain.there == (point == chain.end)) == bool(network.inside[edge])
                sides[point] |= {outward} if chain.is_one_way else {True, False}
    rest = sorted(point for point, ways in sides.items() if ways == {True})
    twins: dict[int, int] = {}
    latitude, longitude = network.points.latitude, network.points.longitude
    for point in sorted(point for point, ways in sides.items() if ways == {False}):
        away = measure_km(latitude[rest], longitude[rest], latitude[point], longitude[point])
        if rest and away.min() <= BESIDE:
            twins[point] = rest.pop(int(away.argmin()))
    return twins


def open_dead_ends(chains: Sequence[Chain], places: set[int], gates: set[int]) -> tuple[list[Chain], int]:
    """Return the roads, those open both ways by which places without a way out by one-way roads are left; how many.

    Such places are a mistake of the map or stand on one carriageway; who lives there would else be shut in.
    """
    found, opened = list(chains), 0
    while True:
        free = _reach_back(found, gates, against=False)
        shut = sorted(place for place in places if place not in free and any(place in (c.begin, c.end) for c in found))
        if not shut:
            return found, opened
        ways = _reach_back(found, gates, against=True)
        if shut[0] not in ways:
            return found, opened
        point = shut[0]
        while point not in free:
            number = ways[point]
            chain = found[number]
            if not (chain.there if chain.begin == point else chain.back):
                found[number] = replace(chain, there=True, back=True)
                opened += 1
            point = chain.end if chain.begin == point else chain.begin


def _reach_back(chains: Sequence[Chain], gates: set[int], against: bool) -> dict[int, int]:
    """Return the points from which a crossing is reached, each with the first road there; `against` one-way too."""
    near: dict[int, list[int]] = defaultdict(list)
    for number, chain in enumerate(chains):
        near[chain.begin].append(number)
        near[chain.end].append(number)
    first = dict.fromkeys(gates, -1)
    todo = [(0.0, gate) for gate in sorted(gates)]
    done: set[int] = set()
    while todo:
        hours, point = heapq.heappop(todo)
        if point in done:
            continue
        done.add(point)
        for number in near[point]:
            chain = chains[number]
            other = chain.begin if chain.end == point else chain.end
            if other not in done and (against or (chain.there if chain.begin == other else chain.back)):
                first.setdefault(other, number)
                heapq.heappush(todo, (hours + chain.hours, other))
    return first
