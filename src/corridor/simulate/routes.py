"""Which way on: the quickest open way from every place to every destination, in each replicate by its own speeds."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.chance.compiled import compiled
from corridor.scenario.ways import measure_to_nearest
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.model import OUTBOUND, SHUT, Model
from corridor.simulate.network import Layout

TERMINATES, BLOCKED = -1, -2  # instead of a link: the journey ends here, or no way on is open


@dataclass
class Routes:
    """Ways of R replicates between P places, for K travellers to D destinations (K x D courses), over L links."""

    felt_hours: Floats  # [R, L] how long each link is felt to be
    closed_links: Flags  # [R, L] for which the ways were found
    closed_places: Flags  # [R, K, P] those that nobody who sets out now would pass
    onward: NDArray[np.int32]  # [R, P, courses] link to take, TERMINATES or BLOCKED
    only: NDArray[np.int32]  # [R, fronts] link that all of a queue take, -1 if ways part or somebody stays, or BLOCKED
    leave_hours: Floats  # [R, V, O, gateways] of choosers from origins, past no closed place; inf where no way is open
    settle_hours: Floats  # [R, desks, settling]

    def renew(self, model: Model, rows: Integers, closed_links: Flags, closed_places: Flags) -> None:
        """Find the ways of replicates `rows` again, with these closed links [rows, L] and places [rows, K, P]."""
        network, people, desks = model.network, model.people, model.servers.desk_place
        self.closed_links[rows], self.closed_places[rows] = closed_links, closed_places
        felt, goals = self.felt_hours[rows], len(people.destinations)
        hours, onward = find_ways_on(model, felt, closed_links, np.zeros_like(closed_places))
        self.onward[rows], self.only[rows] = onward, find_only(network.layout, onward)
        if len(desks):
            course = network.layout.stream_course[people.road_streams[-1, people.settling_places]]
            self.settle_hours[rows] = hours[:, desks[:, None], course]
        (some,) = np.nonzero(closed_places.any(axis=(1, 2)))
        hours[some], _ = find_ways_on(model, felt[some], closed_links[some], closed_places[some])
        course = people.choosers[:, None, None] * goals + people.gateways
        self.leave_hours[rows] = hours[:, people.origins[None, :, None], course]


def begin_routes(model: Model, felt_hours: Floats) -> Routes:
    """Return routes not yet found, for links felt to be so long [R, L]."""
    replicates, places, people = len(felt_hours), len(model.network.places), model.people
    origins, desks, courses = len(people.origins), len(model.servers.desks), len(people.then) * len(people.destinations)
    return Routes(
        felt_hours=felt_hours,
        closed_links=np.zeros(felt_hours.shape, dtype=bool),
        closed_places=np.zeros((replicates, len(people.then), places), dtype=bool),
        onward=np.full((replicates, places, courses), BLOCKED, dtype=np.int32),
        only=np.full((replicates, len(model.network.layout.node_queues)), -1, dtype=np.int32),
        leave_hours=np.full((replicates, len(people.choosers), origins, len(people.gateways)), np.inf),
        settle_hours=np.full((replicates, desks, len(people.settling)), np.inf),
    )


def find_ways_on(
    model: Model, felt_hours: Floats, closed_links: Flags, closed_places: Flags
) -> tuple[Floats, NDArray[np.int32]]:
    """Return the hours of the quickest ways on each course, and the link to take at each place [R, P, courses].

    `closed_places` [R, K, P]. Those who board services are looked at first: who comes in a vehicle goes on as they do.
    """
    places, people = len(model.network.places), model.people
    hours = np.full((len(felt_hours), places, len(people.then) * len(people.destinations)), np.inf)
    onward = np.full(hours.shape, BLOCKED, dtype=np.int32)
    line, queued = np.empty(places, dtype=np.int64), np.zeros(places, dtype=bool)
    layout, link_from, order = model.network.layout, model.network.link_from, np.argsort(people.then, kind="stable")
    _search(
        layout, link_from, felt_hours, closed_links, closed_places, people.destinations, order, people.then,
        people.usable, hours, onward, line, queued,
    )  # fmt: skip
    return hours, onward


def find_ways_back(model: Model, mode: Integers) -> Flags:
    """Return whether each fleet can come home from some place where people are brought, by roads open inwards [n, F].

    `mode` [n, roads] are the traffic rules.
    """
    network, home = model.network, model.fleets.home
    found = np.zeros((len(mode), len(home)), dtype=bool)
    patterns, which = np.unique(mode, axis=0, return_inverse=True)
    for pattern, rules in enumerate(patterns):
        for f, place in enumerate(home):
            there = (rules != SHUT) & model.fleets.usable[f]
            back = there & (rules != OUTBOUND) & (network.road_lanes_back > 0)
            starts = np.concatenate([network.road_from[there], network.road_to[back]])
            ends = np.concatenate([network.road_to[there], network.road_from[back]])
            hops = measure_to_nearest(starts, ends, np.ones(len(starts)), np.array([place]), len(network.places))
            found[which == pattern, f] = np.isfinite(hops[model.fleets.ends[f]]).any()
    return found


def find_only(layout: Layout, onward: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the link that all who may be in a queue take from its front [R, fronts].

    It is -1 if there is no such link, BLOCKED if somebody may be there for whom no way on is open.
    """
    only = np.full((len(onward), len(layout.node_queues)), -1, dtype=np.int32)
    _note_only(layout, onward, only)
    return only


@compiled
def _search(
    layout, link_from, felt_hours, closed_links, closed_places, destinations, travellers, then, usable, hours, onward,
    line, queued,
):  # fmt: skip
    """Write hours and ways on into arrays of none; `line` and `queued` [P] are memory to work in.

    Ways are searched from their ends, places taken in the order in which they were found to be nearer (E. F. Moore,
    The shortest path through a maze, 1959). A closed place can be left or reached, not passed.
    """
    places, links, goals = hours.shape[1], layout.link_to.shape[0], len(destinations)
    for r in range(hours.shape[0]):
        for k in travellers:
            for d in range(goals):
                goal, course = destinations[d], k * goals + d
                hours[r, goal, course] = 0.0
                onward[r, goal, course] = TERMINATES
                line[0], first, count = goal, 0, 1
                queued[goal] = True
                if then[k] >= 0:
                    for link in range(links):
                        start = link_from[link]
                        if layout.link_platform[link] >= 0 and usable[then[k], link] and not closed_links[r, link]:
                            nearer = felt_hours[r, link] + hours[r, layout.link_to[link], then[k] * goals + d]
                            if nearer < hours[r, start, course]:
                                hours[r, start, course] = nearer
                                onward[r, start, course] = link
                                if not queued[start]:
                                    queued[start] = True
                                    line[count] = start
                                    count += 1
                while count > 0:
                    place = line[first]
                    first = (first + 1) % places
                    count -= 1
                    queued[place] = False
                    if closed_places[r, k, place] and place != goal:
                        continue
                    for i in range(layout.node_start[place], layout.node_start[place + 1]):
                        link = layout.node_queues[i]
                        if link >= links or closed_links[r, link] or not usable[k, link]:
                            continue
                        start, nearer = link_from[link], hours[r, place, course] + felt_hours[r, link]
                        if nearer < hours[r, start, course]:
                            hours[r, start, course] = nearer
                            onward[r, start, course] = link
                            if not queued[start]:
                                queued[start] = True
                                line[(first + count) % places] = start
                                count += 1


@compiled
def _note_only(layout, onward, only):
    for r in range(onward.shape[0]):
        for place in range(onward.shape[1]):
            for i in range(layout.node_start[place], layout.node_start[place + 1]):
                queue, way, several, blocked = layout.node_queues[i], BLOCKED, False, False
                for k in range(layout.stream_start[queue], layout.stream_start[queue] + layout.stream_count[queue]):
                    link = onward[r, place, layout.stream_course[layout.queue_streams[k]]]
                    blocked |= link == BLOCKED
                    several |= link < 0 or (way >= 0 and link != way) or layout.link_platform[link] not in (-1, queue)
                    way = link
                if blocked:
                    only[r, i] = BLOCKED
                elif way >= 0 and not several:
                    only[r, i] = way
