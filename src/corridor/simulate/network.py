"""The queues of a network, and which streams can pass which of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from corridor.scenario.ways import measure_to_nearest
from corridor.simulate.arrays import Flags, Integers
from corridor.simulate.reach import search_beyond

Stream = tuple[int, int]  # (group, destination place)


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
    link_exit: Integers  # [L] number of the exit that it is, -1 if it does not cross
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
    def streams(self) -> list[Stream]:
        """Return the (group, destination) pairs that make this journey."""
        return [(group, self.goal) for group in self.groups]


def list_streams(trips: Iterable[Trip]) -> list[Stream]:
    """Return every stream of some trip, by destination and then by group."""
    return sorted({stream for trip in trips for stream in trip.streams}, key=lambda stream: (stream[1], stream[0]))


def mark_streams(rows: int, streams: Sequence[Stream], marks: Iterable[tuple[Any, Iterable[Stream]]]) -> Flags:
    """Return flags [rows, S] that are set where a mark (rows, their streams) says so."""
    position = {stream: index for index, stream in enumerate(streams)}
    flags = np.zeros((rows, len(streams)), dtype=bool)
    for chosen, passing in marks:
        for stream in passing:
            flags[chosen, position[stream]] = True
    return flags


def _group(places: int, keys: Integers) -> tuple[Integers, Integers]:
    """Return the positions of `keys` (places) by place, in order, and where each place's begin [P + 1]."""
    starts = np.concatenate([[0], np.cumsum(np.bincount(keys, minlength=places))]).astype(np.int64)
    return starts, np.argsort(keys, kind="stable").astype(np.int64)


def find_use(links: Sequence[Link], trips: Sequence[Trip], streams: Sequence[Stream], places: int) -> Flags:
    """Return which streams may pass each link without visiting a place twice [L, S]."""
    begin, end = (np.array([getattr(k, side) for k in links], dtype=np.int64) for side in ("start", "end"))
    goals, starts = sorted({trip.goal for trip in trips}), sorted({tuple(sorted(trip.starts)) for trip in trips})
    ahead = _search(places, (begin, end), [(goal,) for goal in goals])
    behind = _search(places, (end, begin), starts)
    passing = (ahead[:, goals.index(trip.goal)] & behind[:, starts.index(tuple(sorted(trip.starts)))] for trip in trips)
    return mark_streams(len(links), streams, zip(passing, (trip.streams for trip in trips), strict=True))


def _search(places: int, links: tuple[Integers, Integers], sought: Sequence[tuple[int, ...]]) -> Flags:
    """Return for each link whether any of some places is reached beyond it without coming back to where it begins."""
    begin, end = links
    first, order = _group(places, begin)
    sizes = np.cumsum([0, *map(len, sought)])
    members = np.array([place for chosen in sought for place in chosen], dtype=np.int64)
    seen_for, todo = np.full((2, places), -1, dtype=np.int64)
    found = np.zeros((len(begin), len(sought)), dtype=bool)
    search_beyond(begin, end, first, end[order], sizes, members, seen_for, todo, found)
    return found


def keep_used(
    links: list[Link], trips: Sequence[Trip], streams: Sequence[Stream], inside: Flags
) -> tuple[list[Link], Flags]:
    """Drop the links that nobody uses who never visits a place twice; return the others with their streams [L, S].

    Nobody who has come out goes back in, so that those who have arrived are counted once.
    """
    links = [link for link in links if inside[link.start] or not inside[link.end]]
    used = find_use(links, trips, streams, len(inside)).any(axis=1)
    kept = [links[i] for i in np.flatnonzero(used)]
    return kept, find_streams(kept, trips, streams, len(inside))


def find_streams(links: Sequence[Link], trips: Sequence[Trip], streams: Sequence[Stream], places: int) -> Flags:
    """Return which streams may come to pass each link, also those that turn round before a shut road [L, S]."""
    begin, end = (np.array([getattr(k, side) for k in links], dtype=np.int64) for side in ("start", "end"))
    marks = []
    for trip in trips:
        before = end != trip.goal  # nobody goes on who has got there
        starts = np.array(sorted(trip.starts - {trip.goal}), dtype=np.int64)
        passed = _reach(end[before], begin[before], starts, places)
        leading = _reach(begin, end, np.array([trip.goal]), places)
        marks.append((passed[begin] & leading[end], trip.streams))
    return mark_streams(len(links), streams, marks)


def _reach(starts: Integers, ends: Integers, goals: Integers, places: int) -> Flags:
    """Return from which places any of the goals is reached over links [P]."""
    return np.isfinite(measure_to_nearest(starts, ends, np.ones(len(starts)), goals, places))


@dataclass(frozen=True)
class Parts:
    """What a layout is built from: indices only. S streams."""

    streams: list[Stream]
    links: list[Link]
    link_streams: Flags  # [L, S]
    inside: Flags
    origins: list[int]
    destinations: Integers
    node_order: Integers
    entry_streams: Flags  # [P, S] those who enter a road at a place
    desk_place: Integers
    desk_streams: Flags  # [desks, S] those who come to each desk
    checkpoint_place: Integers


def build_layout(parts: Parts) -> Layout:
    """Lay out all queues: the links, the entries at places, the desks."""
    places, links = len(parts.inside), len(parts.links)
    entries = np.flatnonzero(parts.entry_streams.any(axis=1))
    passing = np.concatenate([parts.link_streams, parts.entry_streams[entries], parts.desk_streams])
    counts = passing.sum(axis=1).astype(np.int64)
    link_from, link_to = (np.array([getattr(k, end) for k in parts.links], dtype=np.int64) for end in ("start", "end"))
    node_start, node_queues = _group(places, np.concatenate([link_to, entries]))
    way_start, way_links = _group(places, link_from)
    crosses = parts.inside[link_from] & ~parts.inside[link_to]
    return Layout(
        stream_group=np.array([group for group, _ in parts.streams], dtype=np.int64),
        stream_place=np.array([goal for _, goal in parts.streams], dtype=np.int64),
        stream_goal=np.searchsorted(parts.destinations, [goal for _, goal in parts.streams]),
        node_order=parts.node_order,
        stream_count=counts,
        stream_start=np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64),
        queue_streams=np.nonzero(passing)[1].astype(np.int64),
        stream_cell=np.where(passing, np.cumsum(passing, axis=1) - 1, -1),
        node_start=node_start,
        node_queues=node_queues,
        way_start=way_start,
        way_links=way_links,
        link_to=link_to,
        link_crosses=crosses,
        link_exit=_number(links, np.flatnonzero(crosses)),
        origin_of=_number(places, parts.origins),
        entry_queue=_number(places, entries, links),
        desk_queue=_number(places, parts.desk_place, links + len(entries)),
        node_checkpoint=_number(places, parts.checkpoint_place),
    )


def _number(size: int, chosen: Sequence[int] | Integers, first: int = 0) -> Integers:
    """Return the position of each place or link among the chosen ones, counted from `first`, -1 for the others."""
    positions = np.full(size, -1, dtype=np.int64)
    positions[np.asarray(chosen, dtype=np.int64)] = first + np.arange(len(chosen))
    return positions
