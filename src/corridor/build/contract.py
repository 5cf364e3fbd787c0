"""The small network: the edges that are used, joined into roads between places, gates and junctions.

Junctions that lie close to each other or to a place become one; the length between them is kept on the roads that
lead on, so that no way becomes shorter than it is.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from corridor.build.network import Network

CLOSE = 0.15  # km between junctions that become one


@dataclass(frozen=True)
class Chain:
    """A road of the small network: edges one after another (edge, whether along its own direction); `extra` in km."""

    begin: int
    end: int
    edges: tuple[tuple[int, bool], ...]
    ferry: bool
    length: float
    hours: float
    extra: float = 0.0

    def turn(self) -> Chain:
        """Return the same road from its other end."""
        edges = tuple((edge, not along) for edge, along in reversed(self.edges))
        return Chain(self.end, self.begin, edges, self.ferry, self.length, self.hours, self.extra)

    def lengthen(self, extra: float) -> Chain:
        """Return the road with so many km more, at its own mean speed."""
        length = self.length + extra
        hours = self.hours * length / self.length
        return Chain(self.begin, self.end, self.edges, self.ferry, length, hours, self.extra + extra)

    def move(self, old: int, new: int) -> Chain:
        """Return the road with one end at another point."""
        begin, end = (new if point == old else point for point in (self.begin, self.end))
        return Chain(begin, end, self.edges, self.ferry, self.length, self.hours, self.extra)


class SmallNetwork:
    """Roads between points, some of them fixed (places and gates). Nothing else in it ends or is passed through."""

    def __init__(self, chains: Iterable[Chain], fixed: set[int], close: float = CLOSE) -> None:
        self.fixed, self.close = fixed, close
        self._chains: dict[int, Chain] = {}
        self._near: dict[int, set[int]] = defaultdict(set)
        self._short: list[tuple[float, int]] = []
        self._number = 0
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
        if chain.begin == chain.end:
            return
        for number in self._near[chain.begin] & self._near[chain.end]:  # two ways between the same ends: the quicker
            if self._chains[number].ferry == chain.ferry:
                if self._chains[number].hours <= chain.hours:
                    return
                self._remove(number)
                break
        self._number += 1
        self._chains[self._number] = chain
        self._near[chain.begin].add(self._number)
        self._near[chain.end].add(self._number)
        if chain.length < self.close and not chain.ferry:
            heapq.heappush(self._short, (chain.length, self._number))

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
                first, second = (self._remove(number) for number in numbers)
                first = first if first.end == point else first.turn()
                second = second if second.begin == point else second.turn()
                self._add(join(first, second))
                todo += [first.begin, second.end]

    def _merge(self, number: int, chain: Chain) -> None:
        """Make the ends of a short road one point, where one of them is a junction; its length stays on the others."""
        gone, kept = chain.begin, chain.end
        if gone in self.fixed or (kept not in self.fixed and len(self._near[gone]) > len(self._near[kept])):
            gone, kept = kept, gone
        if gone in self.fixed:
            return
        self._remove(number)
        both = kept not in self.fixed
        part = chain.length / 2 if both else chain.length
        moved = [self._remove(other) for other in sorted(self._near[gone])]
        stayed = [self._remove(other) for other in sorted(self._near[kept])] if both else []
        for other in [*(c.lengthen(part).move(gone, kept) for c in moved), *(c.lengthen(part) for c in stayed)]:
            self._add(other)
        for other in [*moved, *stayed]:
            self._tidy(other.begin)
            self._tidy(other.end)
        self._tidy(kept)


def join(first: Chain, second: Chain) -> Chain:
    """Return two roads, the second of which begins where the first ends, as one."""
    length, hours = first.length + second.length, first.hours + second.hours
    extra = first.extra + second.extra
    return Chain(first.begin, second.end, first.edges + second.edges, first.ferry, length, hours, extra)


def find_chains(network: Network, used: Iterable[int], fixed: set[int], ferries: set[int]) -> list[Chain]:
    """Return the used edges joined between fixed points, junctions, and landings of ferries (edges named)."""
    near: dict[int, list[int]] = defaultdict(list)
    for edge in sorted(used):
        near[int(network.begin[edge])].append(edge)
        near[int(network.end[edge])].append(edge)
    stops = {
        point
        for point, edges in near.items()
        if point in fixed or len(edges) != 2 or (edges[0] in ferries) != (edges[1] in ferries)
    }
    chains, seen = [], set[int]()
    for start in sorted(stops):
        for edge in near[start]:
            if edge not in seen:
                steps, end = _follow(network, near, stops, start, edge)
                seen.update(step for step, _ in steps)
                numbers = [step for step, _ in steps]
                length, hours = float(network.length[numbers].sum()), float(network.hours[numbers].sum())
                chains.append(Chain(start, end, tuple(steps), edge in ferries, length, hours))
    return chains


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
