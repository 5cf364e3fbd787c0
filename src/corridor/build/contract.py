"""The small network: the edges that are used, joined into roads between places, gates and junctions.

Junctions that lie close to each other or to a place become one; the length between them is kept on the roads that
lead on, so that no way becomes shorter than it is. Those that slip roads join become one as well: then two carriageways
have the same ends, and are one road with lanes by direction. A road that is one-way alone stays so.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from corridor.build.chain import Chain, join
from corridor.build.network import Network

CLOSE = 0.15  # km between junctions that become one
SLIP = 0.8  # km of a slip road whose ends become one junction


class SmallNetwork:
    """Roads between points, some of them fixed (places and gates). Nothing else in it ends or is passed through."""

    def __init__(self, chains: Iterable[Chain], fixed: set[int], close: float = CLOSE) -> None:
        self.fixed, self.close = fixed, close
        self._chains: dict[int, Chain] = {}
        self._near: dict[int, set[int]] = defaultdict(set)
        self._short: list[tuple[float, int]] = []
        self._number = 0
        chains = list(chains)
        slips = [chain for chain in chains if chain.slip and chain.length < SLIP]
        self._interchanges = {point for chain in slips for point in (chain.begin, chain.end)}
        self._lengthened: set[int] = set()  # interchanges whose slip roads have lengthened others
        for chain in chains:
            self._add(chain)
        for point in list(self._near):
            self._tidy(point)
        while self._short:
            length, number = heapq.heappop(self._short)
            if number in self._chains and self._chains[number].length == length:
                self._merge(number, self._chains[number])

    @property
    def chains(self) -> list[Chain]:
        """Return the roads, in the order in which they were found."""
        return [self._chains[number] for number in sorted(self._chains)]

    def _add(self, chain: Chain) -> None:
        if chain.begin == chain.end or not (chain.there or chain.back):
            return
        for number in sorted(self._near[chain.begin] & self._near[chain.end]):
            known = self._chains[number]
            known = known if known.begin == chain.begin else known.turn()
            if known.ferry != chain.ferry:
                continue
            if known.replaces(chain):
                return
            if chain.replaces(known):
                self._remove(number)
            elif known.is_pair(chain):
                self._remove(number)
                chain = known.pair(chain)
        self._number += 1
        self._chains[self._number] = chain
        self._near[chain.begin].add(self._number)
        self._near[chain.end].add(self._number)
        if self._is_short(chain):
            heapq.heappush(self._short, (chain.length, self._number))

    def _is_short(self, chain: Chain) -> bool:
        within = chain.slip or {chain.begin, chain.end} <= self._interchanges
        return not chain.ferry and (chain.length < self.close or (within and chain.length - chain.extra < SLIP))

    def _remove(self, number: int) -> Chain:
        chain = self._chains.pop(number)
        self._near[chain.begin].discard(number)
        self._near[chain.end].discard(number)
        return chain

    def _tidy(self, point: int) -> None:
        """Take out a road that ends at a junction, and a junction that two roads pass through."""
        todo = [point]
        while todo:
            point = todo.pop()
            numbers = sorted(self._near[point])
            if point in self.fixed or len(numbers) not in (1, 2):
                continue
            if len(numbers) == 1:
                chain = self._remove(numbers[0])
                todo.append(chain.begin if chain.end == point else chain.end)
            elif self._chains[numbers[0]].ferry == self._chains[numbers[1]].ferry:
                first, second = (self._chains[number] for number in numbers)
                first = first if first.end == point else first.turn()
                second = second if second.begin == point else second.turn()
                joined = join(first, second)
                waits = any(self._is_short(one) and one.length >= self.close for one in (first, second))
                if (joined.there or joined.back) and not waits:  # the ends of a short one become one first
                    for number in numbers:
                        self._remove(number)
                    self._add(joined)
                    todo += [first.begin, second.end]

    def _merge(self, number: int, chain: Chain) -> None:
        """Make the ends of a short road one point, where one of them is a junction; its length stays on the others."""
        gone, kept = chain.begin, chain.end
        if gone in self.fixed or (kept not in self.fixed and len(self._near[gone]) > len(self._near[kept])):
            gone, kept = kept, gone
        if gone in self.fixed:
            return
        self._remove(number)
        self._interchanges |= {kept} if gone in self._interchanges else set()
        both = kept not in self.fixed
        moved = [self._remove(other) for other in sorted(self._near[gone])]
        stayed = [self._remove(other) for other in sorted(self._near[kept])] if both else []
        more = self._share_length(chain, (gone, moved), (kept, stayed))
        for other, part in [*((c.move(gone, kept), more[0]) for c in moved), *((c, more[1]) for c in stayed)]:
            self._add(other.lengthen(part))
        for other in [*moved, *stayed]:
            self._tidy(other.begin)
            self._tidy(other.end)
        self._tidy(kept)

    def _share_length(
        self, chain: Chain, gone: tuple[int, list[Chain]], kept: tuple[int, list[Chain]]
    ) -> tuple[float, float]:
        """Return by how much the roads at both ends of a short one become longer.

        Of a slip road it is the slower side: who drives on along the faster one does not pass it. That of one slip road
        of an interchange is enough, for nobody passes two of them one after another.
        """
        if chain.length < self.close:
            return (chain.length / 2, chain.length / 2) if kept[0] not in self.fixed else (chain.length, 0.0)
        known = bool({gone[0], kept[0]} & self._lengthened)
        self._lengthened.add(kept[0])
        if known:
            return 0.0, 0.0
        if kept[0] in self.fixed:
            return chain.length, 0.0
        speeds = [max((one.length / one.hours for one in side), default=0.0) for _, side in (gone, kept)]
        return (chain.length, 0.0) if speeds[0] <= speeds[1] else (0.0, chain.length)


def find_chains(
    network: Network, used: Iterable[int], fixed: set[int], ferries: set[int], slips: set[int]
) -> list[Chain]:
    """Return the used edges joined between fixed points, junctions, and landings of ferries (edges named)."""
    near: dict[int, list[int]] = defaultdict(list)
    for edge in sorted(used):
        near[int(network.begin[edge])].append(edge)
        near[int(network.end[edge])].append(edge)
    stops = {
        point for point, edges in near.items() if point in fixed or _is_stop(network, point, edges, ferries, slips)
    }
    chains, seen = [], set[int]()
    for start in sorted(stops):
        for edge in near[start]:
            if edge not in seen:
                steps, end = _follow(network, near, stops, start, edge)
                numbers = [step for step, _ in steps]
                seen.update(numbers)
                length, hours = float(network.length[numbers].sum()), float(network.hours[numbers].sum())
                there, back = (all(a is way or not network.one_way[e] for e, a in steps) for way in (True, False))
                chain = Chain(start, end, tuple(steps), edge in ferries, length, hours, 0.0, there, back)
                chains.append(replace(chain, slip=edge in slips))
    return chains


def _is_stop(network: Network, point: int, edges: list[int], ferries: set[int], slips: set[int]) -> bool:
    """Tell whether a road ends at a point: a junction, a change of kind, or one-way roads that both lead there."""
    if len(edges) != 2:
        return True
    first, second = edges
    if (first in ferries) != (second in ferries) or (first in slips) != (second in slips):
        return True
    if not (network.one_way[first] and network.one_way[second]):
        return False
    return bool((network.end[first] == point) == (network.end[second] == point))


def _follow(
    network: Network, near: dict[int, list[int]], stops: set[int], point: int, edge: int
) -> tuple[list[tuple[int, bool]], int]:
    """Return the steps from a stop over an edge to the next stop, and that."""
    steps = []
    while True:
        along = int(network.begin[edge]) == point
        steps.append((edge, along))
        point = int(network.end[edge] if along else network.begin[edge])
        if point in stops:
            return steps, point
        edge = next(other for other in near[point] if other != edge)
