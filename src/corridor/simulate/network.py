"""The queues of a network, and which streams can pass which of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from corridor.simulate.arrays import Flags, Integers


class Layout(NamedTuple):
    """The queues people stand in, as arrays the kernel can index.

    A queue is a directed link of a road, the vehicles waiting at a place to enter its first road, or a
    registration desk; all are first in first out. A stream is one (group, destination); every queue keeps room
    only for the streams that can pass it. Q queues, S streams, P places, L links (queues 0..L-1 are the links).
    """

    stream_group: Integers  # [S]
    stream_place: Integers  # [S] destination place
    stream_goal: Integers  # [S] index of that place among the destinations
    stream_count: Integers  # [Q] streams that may pass a queue
    stream_start: Integers  # [Q] first entry in queue_streams
    queue_streams: Integers  # streams of each queue, one after the other
    stream_cell: Integers  # [Q, S] position of a stream in a queue, -1 if it never passes
    node_order: Integers  # [P] places, those furthest from where people may head for first
    node_start: Integers  # [P + 1] queues whose front is at a place: node_queues[node_start[p]:node_start[p + 1]]
    node_queues: Integers
    way_start: Integers  # [P + 1] links that leave a place: way_links[way_start[p]:way_start[p + 1]]
    way_links: Integers
    link_to: Integers  # [L] place at the end
    link_crosses: Flags  # [L] leads from inside to outside
    origin_of: Integers  # [P] index of the place among the origins, -1 if none
    entry_queue: Integers  # [P] queue of vehicles waiting at a place to enter a road, -1 if none
    desk_queue: Integers  # [P] queue at the place's registration desk, -1 if none
    node_checkpoint: Integers  # [P] checkpoint at the place, -1 if none


@dataclass(frozen=True)
class Link:
    """One direction of a road, between place indices."""

    road: int
    start: int
    end: int
    back: bool


@dataclass(frozen=True)
class Trip:
    """A kind of journey: by people of some groups, from any of `starts` to destination place `goal`."""

    starts: frozenset[int]
    goal: int
    groups: tuple[int, ...]

    @property
    def streams(self) -> set[tuple[int, int]]:
        """Return the (group, destination) pairs that make this journey."""
        return {(group, self.goal) for group in self.groups}


def _reach(links: Iterable[Link], begin: Iterable[int], without: int, forward: bool) -> set[int]:
    """Return the places reached from those of `begin` along links (or against them), never entering `without`."""
    steps: dict[int, set[int]] = {}
    for link in links:
        first, second = (link.start, link.end) if forward else (link.end, link.start)
        steps.setdefault(first, set()).add(second)
    seen, todo = set(begin), list(begin)
    while todo:
        for place in steps.get(todo.pop(), ()):
            if place not in seen and place != without:
                seen.add(place)
                todo.append(place)
    return seen


Streams = set[tuple[int, int]]


def find_use(links: list[Link], trips: list[Trip]) -> list[Streams]:
    """Return for each link the streams that may pass it without visiting a place twice."""
    use: list[Streams] = []
    for link in links:
        ahead = _reach(links, [link.end], link.start, forward=True)
        behind = _reach(links, [link.start], link.end, forward=False)
        passing = [trip.streams for trip in trips if trip.goal in ahead and trip.starts & behind]
        use.append(set().union(*passing))
    return use


def find_streams(links: list[Link], trips: list[Trip]) -> list[Streams]:
    """Return for each link the streams that may come to pass it, also those that turn round before a shut road."""
    streams: list[Streams] = [set() for _ in links]
    for trip in trips:
        passed = _reach(links, trip.starts - {trip.goal}, trip.goal, forward=True)
        leading = _reach(links, [trip.goal], trip.goal, forward=False)
        for link, chosen in zip(links, streams, strict=True):
            if link.start in passed and link.end in leading:
                chosen.update(trip.streams)
    return streams


def keep_used(links: list[Link], trips: list[Trip], inside: Flags) -> tuple[list[Link], list[Streams]]:
    """Drop the links that nobody uses who never visits a place twice; return the others with their streams.

    Nobody who has come out goes back in, so that those who have arrived are counted once.
    """
    links = [link for link in links if inside[link.start] or not inside[link.end]]
    kept = [link for link, streams in zip(links, find_use(links, trips), strict=True) if streams]
    return kept, find_streams(kept, trips)


@dataclass(frozen=True)
class Parts:
    """What a layout is built from: indices only."""

    links: list[Link]
    link_streams: list[Streams]
    inside: Flags
    origins: list[int]
    destinations: Integers
    node_order: Integers
    entry_streams: dict[int, Streams]  # place -> those who enter a road there
    desk_place: Integers
    desk_streams: list[Streams]  # those who come to each desk
    checkpoint_place: Integers


def build_layout(parts: Parts) -> Layout:
    """Lay out all queues: the links, the entries at places, the desks."""
    places = len(parts.inside)
    streams = sorted(set().union(*parts.entry_streams.values()), key=lambda stream: (stream[1], stream[0]))
    stream_of = {stream: index for index, stream in enumerate(streams)}
    queues: list[list[int]] = []

    def add_queue(chosen: Streams) -> int:
        queues.append(sorted(stream_of[stream] for stream in chosen))
        return len(queues) - 1

    for chosen in parts.link_streams:
        add_queue(chosen)
    entry_queue = np.full(places, -1, dtype=np.int64)
    for place, chosen in sorted(parts.entry_streams.items()):
        entry_queue[place] = add_queue(chosen)
    desk_queue = np.full(places, -1, dtype=np.int64)
    for place, chosen in zip(parts.desk_place, parts.desk_streams, strict=True):
        desk_queue[place] = add_queue(chosen)
    checkpoint_of = np.full(places, -1, dtype=np.int64)
    for index, place in enumerate(parts.checkpoint_place):
        checkpoint_of[place] = index

    origin_of = np.full(places, -1, dtype=np.int64)
    origin_of[parts.origins] = np.arange(len(parts.origins))
    fronts = [[i for i, link in enumerate(parts.links) if link.end == place] for place in range(places)]
    for place in range(places):
        if entry_queue[place] >= 0:
            fronts[place].append(int(entry_queue[place]))
    ways = [[i for i, link in enumerate(parts.links) if link.start == place] for place in range(places)]
    counts = np.array([len(members) for members in queues], dtype=np.int64)
    stream_cell = np.full((len(queues), len(streams)), -1, dtype=np.int64)
    for queue, members in enumerate(queues):
        stream_cell[queue, members] = np.arange(len(members))
    return Layout(
        stream_group=np.array([group for group, _ in streams], dtype=np.int64),
        stream_place=np.array([goal for _, goal in streams], dtype=np.int64),
        stream_goal=np.searchsorted(parts.destinations, [goal for _, goal in streams]),
        node_order=parts.node_order,
        stream_count=counts,
        stream_start=_starts(counts),
        queue_streams=np.array([s for members in queues for s in members], dtype=np.int64),
        stream_cell=stream_cell,
        node_start=np.concatenate([[0], np.cumsum([len(f) for f in fronts])]).astype(np.int64),
        node_queues=np.array([q for front in fronts for q in front], dtype=np.int64),
        way_start=np.concatenate([[0], np.cumsum([len(w) for w in ways])]).astype(np.int64),
        way_links=np.array([link for way in ways for link in way], dtype=np.int64),
        link_to=np.array([link.end for link in parts.links], dtype=np.int64),
        link_crosses=np.array([parts.inside[k.start] and not parts.inside[k.end] for k in parts.links], dtype=bool),
        origin_of=origin_of,
        entry_queue=entry_queue,
        desk_queue=desk_queue,
        node_checkpoint=checkpoint_of,
    )


def _starts(sizes: Integers) -> Integers:
    return np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64)
