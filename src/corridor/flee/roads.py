"""The roads over time: which links are open, in Flee's order, and the routes that follow from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from corridor.chance.draws import entity_key
from corridor.flee.arrays import LINK, NODE, OPTION, Integers, Records, records
from corridor.flee.routes import (
    Distances,
    FixedRoutes,
    Graph,
    Nodes,
    Options,
    add_major_routes,
    list_fixed_routes,
    list_routes,
)
from corridor.flee.tables import find_word

if TYPE_CHECKING:
    from corridor.flee.state import Timeline
    from corridor.flee.tables import FleeFolder

SETTLING = 2  # days after which fixed routes with major ones among them no longer change by themselves


@dataclass(frozen=True)
class Roads:
    """Arrays of the roads, most of them for the kernel (see arrays.World).

    An epoch is a stretch of days with the same open links; `epoch` holds that of each day. The links out of a place
    in an epoch are `out_link[out_from[epoch, place] : out_from[epoch, place + 1]]`, its routes stand in `options` so.
    """

    links: Records
    epoch: Integers
    out_from: Integers
    out_link: Integers
    out_option: Integers  # the first of the routes that take each
    in_order: bool  # each place's routes stand in the order of the roads that they take first
    option_from: Integers
    options: Records
    closes: NDArray[np.bool_]
    nodes: Records
    notices: list[str]
    broken: dict[str, int]  # major routes that cannot be followed, and since which day


@dataclass
class _Links:
    """Directed links and, for each place, the open ones out of it in Flee's order and the closed ones."""

    start: list[int]
    end: list[int]
    road: list[int]
    open: list[list[int]]
    closed: list[list[int]]

    def change(self, place: int, ends: set[int], close: bool) -> list[int]:
        """Close or reopen the links out of a place to `ends`; return them."""
        source, target = (self.open, self.closed) if close else (self.closed, self.open)
        moved = [link for link in source[place] if self.end[link] in ends]
        source[place] = [link for link in source[place] if self.end[link] not in ends]
        target[place] = target[place] + moved
        return moved


class _Epoch(NamedTuple):
    """By place the open links and the routes, and the links that close when the epoch begins."""

    out: list[list[int]]
    options: list[Options]
    closing: set[int]


def compile_roads(folder: FleeFolder, timeline: Timeline, repaired: bool) -> Roads:
    """Return links, epochs and routes."""
    places = folder.places
    index = {place.name: i for i, place in enumerate(places)}
    links, forced = _make_links(folder, index, repaired)
    notices = list(dict.fromkeys(_notice_inert(folder, repaired)))
    nodes = Nodes([place.name for place in places])
    lister = _Lister(folder, index, nodes)
    distance = np.array([folder.roads[road].distance for road in links.road])
    markers = np.array([find_word(place.kind) == "marker" for place in places])
    epochs: list[_Epoch] = []
    epoch = np.zeros(folder.days, dtype=np.int64)
    redirect = dict(forced)
    for day in range(folder.days):
        changed, closing = _change_roads(folder, links, index, redirect, day, repaired)
        if changed or lister.changes_on(day):
            graph = Graph([list(out) for out in links.open], np.array(links.end, dtype=np.int64), distance, markers)
            epochs.append(_Epoch(graph.out, lister.list_all(graph, redirect, day), closing))
        epoch[day] = len(epochs) - 1
    return _pack(folder, links, epochs, epoch, nodes, (notices, lister.broken))


def _make_links(folder: FleeFolder, index: dict[str, int], repaired: bool) -> tuple[_Links, dict[int, bool]]:
    links = _Links([], [], [], [[] for _ in folder.places], [[] for _ in folder.places])
    forced: dict[int, bool] = {}

    def pair(first: int, second: int, road: int) -> int:
        for start, end in ((first, second), (second, first)):
            links.open[start].append(len(links.end))
            links.start.append(start)
            links.end.append(end)
            links.road.append(road)
        return len(links.end) - 2

    for number, road in enumerate(folder.roads):
        first, second = index[road.start], index[road.end]
        if road.forced == 1:
            # Flee makes two pairs here, so the road has double weight; repaired, it is one pair that takes everybody
            link = pair(first, second, number)
            if repaired:
                forced[link] = True
                continue
        if road.forced == 2:
            link = pair(second, first, number)
            if repaired:
                forced[link] = True
        else:
            pair(first, second, number)
    return links, forced


def _notice_inert(folder: FleeFolder, repaired: bool) -> list[str]:
    if repaired:
        return []
    notices = [
        f"routes.csv, row {road.row}: forced redirection has no effect in Flee; on with repaired"
        for road in folder.roads
        if road.forced
    ]
    notices += [
        f"closures.csv, row {closure.row}: a closure of type {closure.kind} has no effect in Flee; on with repaired"
        for closure in folder.closures
        if closure.kind in {"link", "remove_forced_redirection"}
    ]
    return notices


def _change_roads(
    folder: FleeFolder, links: _Links, index: dict[str, int], redirect: dict[int, bool], day: int, repaired: bool
) -> tuple[bool, set[int]]:
    """Carry out the day's closures in the order of the file; return whether any did and which links closed."""
    changed, closing = False, set[int]()
    everywhere = range(len(folder.places))
    for closure in folder.closures:
        for when, close in ((closure.since, True), (closure.until, False)):
            if when != day:
                continue
            moved: list[int] = []
            if closure.kind == "country":
                first = {i for i in everywhere if folder.places[i].country == closure.first}
                second = {i for i in everywhere if folder.places[i].country == closure.second}
                moved += [link for i in sorted(first) for link in links.change(i, second, close)]
                moved += [link for i in sorted(second) for link in links.change(i, first, close)]
            elif closure.kind == "location" and closure.first in index:
                place = index[closure.first]
                moved += links.change(place, set(everywhere), close)
                moved += [link for i in everywhere for link in links.change(i, {place}, close)]
            elif closure.kind == "link" and repaired and closure.first in index and closure.second in index:
                moved += links.change(index[closure.first], {index[closure.second]}, close)
                moved += links.change(index[closure.second], {index[closure.first]}, close)
            elif closure.kind == "remove_forced_redirection" and repaired and close:
                pair = {index.get(closure.first), index.get(closure.second)}
                for link in list(redirect):
                    if {links.start[link], links.end[link]} == pair:
                        del redirect[link]
                        changed = True
            changed = changed or bool(moved)
            if close:
                closing |= set(moved)
    return changed, closing


class _Lister:
    """Lists the routes of all places, day after day; fixed ones depend on what was listed before."""

    def __init__(self, folder: FleeFolder, index: dict[str, int], nodes: Nodes) -> None:
        settings = folder.settings
        self.names, self.nodes = [place.name for place in folder.places], nodes
        self.awareness = int(settings["move_rules.awareness_level"])
        powers = ("softening", "distance_power", "weight_power")
        self.distances = Distances(*(float(settings[f"move_rules.{name}"]) for name in powers))
        self.fixed = bool(settings["move_rules.fixed_routes"])
        major = [[index[name] for name in route] for _, route in folder.major_routes] if self.fixed else []
        self.major = [way for route in major for way in (route, route[::-1])]
        self.tables: list[FixedRoutes] = [{} for _ in folder.places]
        self.broken: dict[str, int] = {}  # major routes that cannot be followed, and the first such day

    def changes_on(self, day: int) -> bool:
        """Return whether routes must be listed anew although no road changed."""
        return day == 0 or (day <= SETTLING and bool(self.major))

    def list_all(self, graph: Graph, redirect: dict[int, bool], day: int) -> list[Options]:
        """Return the routes from each place."""
        options: list[Options] = []
        for place in range(len(self.names)):
            forced = [link for link in graph.out[place] if link in redirect]
            if self.fixed:
                self._note(graph, place, day)
            if forced:  # repaired only: everybody takes the first such road
                link = forced[0]
                options.append([(self.nodes.add([int(graph.end[link])]), float(graph.distance[link]))])
            elif self.fixed:
                options.append([(self.nodes.add(path), km) for _, km, path in self.tables[place].values()])
            else:
                options.append(list_routes(graph, place, self.awareness, self.nodes))
        return options

    def _note(self, graph: Graph, place: int, day: int) -> None:
        self.tables[place] = list_fixed_routes(graph, place, self.awareness, self.distances)
        for path in add_major_routes(graph, place, self.major, self.tables, self.distances):
            self.broken.setdefault(" - ".join(self.names[stop] for stop in path), day)


def _pack(
    folder: FleeFolder,
    links: _Links,
    epochs: list[_Epoch],
    epoch: Integers,
    nodes: Nodes,
    told: tuple[list[str], dict[str, int]],
) -> Roads:
    count, places, settings = len(links.end), len(folder.places), folder.settings
    roads = [folder.roads[road] for road in links.road]
    names = [place.name for place in folder.places]
    once = records(
        LINK, count, start=links.start, end=links.end, km=[road.distance for road in roads],
        speed=[road.speed or settings["move_rules.max_move_speed"] for road in roads],
        walk=[road.walk_chance for road in roads],
        key=[entity_key("flee", names[s], names[e]) for s, e in zip(links.start, links.end, strict=True)],
    )  # fmt: skip
    out_from, option_from = np.zeros((2, len(epochs), places + 1), dtype=np.int64)
    out_link: list[int] = []
    out_option: list[int] = []
    options: Options = []
    in_order = True
    closes = np.zeros((len(epochs), count), dtype=bool)
    for e, now in enumerate(epochs):
        closes[e, list(now.closing)] = True
        out_from[e, 0], option_from[e, 0] = len(out_link), len(options)
        for place in range(places):
            out_link += now.out[place]
            firsts = _first_options(
                [nodes.hop[node] for node, _ in now.options[place]], [links.end[i] for i in now.out[place]]
            )
            in_order &= firsts is not None
            out_option += [len(options) + first for first in firsts or [0] * len(now.out[place])]
            options += now.options[place]
            out_from[e, place + 1], option_from[e, place + 1] = len(out_link), len(options)
    km = np.array([km for _, km in options], dtype=float)
    near = (1.0 / (float(settings["move_rules.softening"]) + km)) ** float(settings["move_rules.distance_power"])
    return Roads(
        links=np.tile(once, 2),
        epoch=epoch,
        out_from=out_from,
        out_link=np.array(out_link, dtype=np.int64),
        out_option=np.array(out_option, dtype=np.int64),
        in_order=in_order,
        option_from=option_from,
        options=records(OPTION, len(options), node=[node for node, _ in options], near=near),
        closes=closes,
        nodes=records(NODE, len(nodes.hop), hop=nodes.hop, rest=nodes.rest, last=nodes.last, key=nodes.keys()),
        notices=told[0],
        broken=told[1],
    )


def _first_options(hops: list[int], ends: list[int]) -> list[int] | None:
    """Return for each road out of a place which of the routes is the first that takes it, None if in another order."""
    firsts, at = [], 0
    for end in ends:
        firsts.append(at)
        while at < len(hops) and hops[at] == end:
            at += 1
    return firsts if at == len(hops) and len(set(ends)) == len(ends) else None
