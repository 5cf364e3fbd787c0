"""The queues of a network, and which streams can pass which of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from corridor.scenario.ways import measure_to_nearest
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.reach import search_beyond


class Stream(NamedTuple):
    """People of one group on one ride to one destination place."""

    group: int
    ride: int
    goal: int


class Layout(NamedTuple):
    """The queues people stand in, as arrays the kernel can index.

    A queue is a directed link of a road or service, an entry - those waiting at a place to enter their first road, in
    vehicles or beside them, or for a seat in a service - or a registration desk; all are first in first out. A stream
    is one (group, ride, destination); every queue keeps room only for the streams that can pass it. A course is what
    finds one way: a traveller and a destination. Q queues, S streams, P places, E entries, L links (queues 0..L-1 are
    the links, then come the entries).
    """

    plain: bool  # only cars, and no services: what tells others apart need not be looked at
    stream_group: Integers  # [S]
    stream_place: Integers  # [S] destination place
    stream_course: Integers  # [S] traveller * destinations + index of that place among the destinations
    stream_share: Floats  # [S] vehicles in a unit of room; 0 for those who take none
    stream_inspection: Floats  # [S] of a unit of room at a checkpoint, in times of a car's
    stream_fleet: Flags  # [S] in vehicles of fleets
    stream_beside: Flags  # [S] beside the vehicles, on foot or waiting for a service
    stream_leaves: Flags  # [S] of people not yet registered
    stream_homeward: Flags  # [S] of people on their way back
    stream_afoot: Integers  # [S] stream of those who leave their vehicle for a service, -1 if none
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
    link_enters: Flags  # [L] leads from outside to inside
    inside: Flags  # [P]
    link_driven: Flags  # [L] for vehicles
    link_platform: Integers  # [L] queue of those who wait for a seat in this service, -1 for roads
    queue_service: Integers  # [Q] link of the service for a seat in which people wait in a queue, -1 for other queues
    link_exit: Integers  # [L] number of the exit that it is of, -1 if it does not cross
    course_then: Integers  # [courses] course of those who have left their vehicle for a service
    origin_of: Integers  # [P] index of the place among the origins, -1 if none
    entry_queue: Integers  # [P] queue of vehicles waiting at a place to enter a road, -1 if none
    foot_queue: Integers  # [P] queue of those setting out beside the vehicles, -1 if none
    entry_place: Integers  # [E]
    entry_free: Flags  # [E] no room on a road is needed
    displaced: Integers  # [groups] what people of a group are who stop at a place inside that is not their home
    at_home: Integers  # [groups] what they are who have come back
    desk_queue: Integers  # [P] queue at the place's registration desk, -1 if none
    node_checkpoint: Integers  # [P] checkpoint at the place, -1 if none


@dataclass(frozen=True)
class Link:
    """One direction of a road, between place indices: for vehicles, beside them by one transport, or a service.

    The road of a service is the one whose traffic rule it follows, -1 if none.
    """

    road: int
    start: int
    end: int
    back: bool
    beside: str = ""
    service: str = ""


@dataclass(frozen=True)
class Trip:
    """A kind of journey: by people of some groups on one ride, from any of `starts` to destination place `goal`.

    They find their way as a traveller. A journey may end where they leave a vehicle for a service (`board`), and begin
    at such `stations`.
    """

    starts: frozenset[int]
    goal: int
    groups: tuple[int, ...]
    ride: int = 0
    traveller: int = 0
    board: frozenset[int] = field(default=frozenset())
    stations: frozenset[int] = field(default=frozenset())

    @property
    def streams(self) -> list[Stream]:
        """Return the streams that make this journey."""
        return [Stream(group, self.ride, self.goal) for group in self.groups]

    @property
    def ends(self) -> tuple[int, ...]:
        """Return the places where this journey may end."""
        return tuple(sorted(self.board | {self.goal}))


def list_streams(trips: Iterable[Trip]) -> list[Stream]:
    """Return every stream of some trip, by destination, then by group and ride."""
    return sorted({s for trip in trips for s in trip.streams}, key=lambda s: (s.goal, s.group, s.ride))


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


def find_use(
    links: Sequence[Link], trips: Sequence[Trip], streams: Sequence[Stream], places: int, usable: Flags
) -> Flags:
    """Return which streams may pass each link without visiting a place twice [L, S]; `usable` [travellers, L]."""
    begin, end = _list_ends(links)
    marks = []
    for traveller, may in enumerate(usable):
        mine, (chosen,) = [trip for trip in trips if trip.traveller == traveller], np.nonzero(may)
        goals, starts = sorted({t.ends for t in mine}), sorted({tuple(sorted(t.starts)) for t in mine})
        ahead = _search(places, (begin[chosen], end[chosen]), goals)
        behind = _search(places, (end[chosen], begin[chosen]), starts)
        for trip in mine:
            passing = ahead[:, goals.index(trip.ends)] & behind[:, starts.index(tuple(sorted(trip.starts)))]
            marks.append((chosen[passing], trip.streams))
    return mark_streams(len(links), streams, marks)


def _list_ends(links: Sequence[Link]) -> tuple[Integers, Integers]:
    """Return where links begin and end, [L] each."""
    return np.array([k.start for k in links], dtype=np.int64), np.array([k.end for k in links], dtype=np.int64)


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
    links: list[Link], trips: Sequence[Trip], streams: Sequence[Stream], inside: Flags, usable: Flags
) -> tuple[Integers, Flags]:
    """Drop the links that nobody uses who never visits a place twice; return which stay, with their streams [L, S].

    Nobody goes back in on the way out, so that those who arrive are counted once: `usable` [travellers, L] says so.
    Services stay.
    """
    used = find_use(links, trips, streams, len(inside), usable).any(axis=1)
    (kept,) = np.nonzero(used | np.array([link.service != "" for link in links]))
    return kept, find_streams([links[i] for i in kept], trips, streams, len(inside), usable[:, kept])


def find_streams(
    links: Sequence[Link], trips: Sequence[Trip], streams: Sequence[Stream], places: int, usable: Flags
) -> Flags:
    """Return which streams may come to pass each link, also those that turn round before a shut road [L, S]."""
    begin, end = _list_ends(links)
    marks = []
    for trip in trips:
        may = usable[trip.traveller]
        before = may & (end != trip.goal)  # nobody goes on who has got there
        starts = np.array(sorted(trip.starts - {trip.goal}), dtype=np.int64)
        passed = _reach(end[before], begin[before], starts, places)
        leading = _reach(begin[may], end[may], np.array(trip.ends), places)
        marks.append((may & passed[begin] & leading[end], trip.streams))
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
    node_order: Integers
    entry_streams: Flags  # [P, S] those who set out at a place
    stream_course: Integers  # [S]
    stream_room: Integers  # [S] of one vehicle, in cars; 0 for those beside the vehicles
    stream_inspection: Floats  # [S]
    stream_fleet: Flags  # [S]
    stream_leaves: Flags  # [S]
    stream_homeward: Flags  # [S]
    stream_afoot: Integers  # [S]
    desk_place: Integers
    desk_streams: Flags  # [desks, S] those who come to each desk
    checkpoint_place: Integers
    displaced: Integers  # [groups]
    at_home: Integers  # [groups]
    course_then: Integers  # [courses]


def build_layout(parts: Parts) -> Layout:
    """Lay out all queues: the links, the entries at places, the desks."""
    places, links, beside = len(parts.inside), len(parts.links), parts.stream_room == 0
    link_from, link_to = _list_ends(parts.links)
    driving, walking = parts.entry_streams & ~beside, parts.entry_streams & beside
    roads, paths = np.flatnonzero(driving.any(axis=1)), np.flatnonzero(walking.any(axis=1))
    (served,) = np.nonzero([link.service != "" for link in parts.links])
    entries = np.concatenate([roads, paths, link_from[served]]).astype(np.int64)
    passing = np.concatenate(
        [parts.link_streams, driving[roads], walking[paths], parts.link_streams[served], parts.desk_streams]
    )
    counts = passing.sum(axis=1).astype(np.int64)
    node_start, node_queues = _group(places, np.concatenate([link_to, entries]))
    way_start, way_links = _group(places, link_from)
    crosses = parts.inside[link_from] & ~parts.inside[link_to]
    plain = bool((parts.stream_room == 1).all() and (parts.stream_inspection == 1.0).all() and not len(served))
    return Layout(
        plain=plain,
        stream_group=np.array([stream.group for stream in parts.streams], dtype=np.int64),
        stream_place=np.array([stream.goal for stream in parts.streams], dtype=np.int64),
        stream_course=parts.stream_course,
        stream_share=np.where(beside, 0.0, 1.0 / np.maximum(parts.stream_room, 1)),
        stream_inspection=parts.stream_inspection,
        stream_fleet=parts.stream_fleet,
        stream_leaves=parts.stream_leaves,
        stream_homeward=parts.stream_homeward,
        stream_beside=beside,
        stream_afoot=parts.stream_afoot,
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
        link_enters=~parts.inside[link_from] & parts.inside[link_to],
        link_exit=_number_exits(parts.links, crosses),
        inside=parts.inside,
        origin_of=_number(places, parts.origins),
        link_driven=np.array([not link.service and not link.beside for link in parts.links], dtype=bool),
        link_platform=_number(links, served, links + len(roads) + len(paths)),
        queue_service=_mark_lines(served, links + len(roads) + len(paths), len(counts)),
        entry_queue=_number(places, roads, links),
        foot_queue=_number(places, paths, links + len(roads)),
        entry_place=entries,
        entry_free=np.arange(len(entries)) >= len(roads),
        displaced=parts.displaced,
        at_home=parts.at_home,
        course_then=parts.course_then,
        desk_queue=_number(places, parts.desk_place, links + len(entries)),
        node_checkpoint=_number(places, parts.checkpoint_place),
    )


def _number_exits(links: Sequence[Link], crosses: Flags) -> Integers:
    """Return the number of the exit that each link is of, -1 for none: a road is one, whatever moves on it [L]."""
    ways = [link.service or link.road for link in links]
    exits = list(dict.fromkeys(way for way, crossing in zip(ways, crosses, strict=True) if crossing))
    return np.array([exits.index(way) if c else -1 for way, c in zip(ways, crosses, strict=True)], dtype=np.int64)


def _mark_lines(services: Integers, first: int, queues: int) -> Integers:
    """Return the service of each queue that is the line for its seats, -1 for the others [Q]; `first` is the first."""
    marked = np.full(queues, -1, dtype=np.int64)
    marked[first : first + len(services)] = services
    return marked


def _number(length: int, chosen: Sequence[int] | Integers, first: int = 0) -> Integers:
    """Return the position of each thing among the chosen ones, counted from `first`, -1 for the others [length]."""
    positions = np.full(length, -1, dtype=np.int64)
    positions[np.asarray(chosen, dtype=np.int64)] = first + np.arange(len(chosen))
    return positions
