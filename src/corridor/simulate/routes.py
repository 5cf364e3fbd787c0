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
from corridor.simulate.closures import Closures, open_everything
from corridor.simulate.model import OUTBOUND, SHUT, Model

TERMINATES, BLOCKED = -1, -2  # instead of a link: the journey ends here, or no way on is open


@dataclass
class Routes:
    """Ways of R replicates between P places, for K travellers to D destinations (K x D courses), over L links."""

    felt_hours: Floats  # [R, 1 + sights, L] how long each link is felt to be, without queues and as last seen
    ride_hours: Floats  # [R, L] how long each link is felt to be on the way, without queues and danger
    closures: Closures  # for which the ways were found
    onward: NDArray[np.int32]  # [R, P, courses] link to take, TERMINATES or BLOCKED
    underway: NDArray[np.int32]  # [R, P, courses] of those on a road: they go on to where a service stands still
    only: NDArray[np.int32]  # [R, fronts] link that all of a queue take, -1 if ways part or somebody stays, or BLOCKED
    leave_hours: Floats  # [R, V, O, goals] of choosers from origins, past no closed place; inf where no way is open
    settle_hours: Floats  # [R, halts, settling]

    def renew(self, model: Model, rows: Integers, closures: Closures) -> None:
        """Find the ways of replicates `rows` again, where this is closed now."""
        network, people = model.network, model.people
        self.closures.put(rows, closures)
        felt = self.felt_hours[rows]
        nothing = np.zeros_like(closures.places)
        hours, onward = find_ways_on(model, felt, closures.links, nothing, closures.barred)
        (some,) = np.nonzero(closures.find_personal())
        if len(some):  # who has no way on because he may not pass, stops; who has none for now, waits
            shut = np.repeat(closures.shut[some, None], closures.links.shape[1], axis=1)
            _, free = find_ways_on(model, felt[some], shut, nothing[some], nothing[some])
            onward[some] = np.where((onward[some] == BLOCKED) & (free != BLOCKED), TERMINATES, onward[some])
        underway = onward.copy()
        services = model.services.link
        (some,) = np.nonzero(closures.shut[:, services].any(axis=1))
        if len(some):  # they go to where it is boarded and wait there, not on the road
            links = closures.links[some]
            links[:, :, services] &= ~closures.shut[some][:, None, services]
            _, there = find_ways_on(model, felt[some], links, nothing[some], closures.barred[some])
            underway[some] = np.where(underway[some] == BLOCKED, there, underway[some])
        self.onward[rows], self.underway[rows] = onward, underway
        self.only[rows] = find_only(model, onward, underway, closures.links)
        if len(people.halts):
            course = network.layout.stream_course[people.road_streams[-1, people.settling_places]]
            self.settle_hours[rows] = hours[:, people.halts[:, None], course]
        (some,) = np.nonzero(closures.places.any(axis=(1, 2)))
        hours[some], _ = find_ways_on(
            model, felt[some], closures.links[some], closures.places[some], closures.barred[some]
        )
        course = people.choosers[:, :, None, None] * len(people.destinations) + people.gateways
        leave = hours[:, people.origins[None, None, :, None], course]
        leave[:, :, :, people.origins[:, None] == people.gateway_places] = np.inf  # nobody sets out for where he is
        self.leave_hours[rows] = leave.swapaxes(2, 3).reshape(self.leave_hours[rows].shape)


def begin_routes(model: Model, felt_hours: Floats) -> Routes:
    """Return routes not yet found, for links felt to be so long [R, L]."""
    replicates, places, people = len(felt_hours), len(model.network.places), model.people
    origins, courses = len(people.origins), len(people.then) * len(people.destinations)
    return Routes(
        felt_hours=np.repeat(felt_hours[:, None], people.choosers.shape[1], axis=1),
        ride_hours=felt_hours.copy(),  # what was asked for may be read-only
        closures=open_everything(model, replicates),
        onward=np.full((replicates, places, courses), BLOCKED, dtype=np.int32),
        underway=np.full((replicates, places, courses), BLOCKED, dtype=np.int32),
        only=np.full((replicates, len(model.network.layout.node_queues)), -1, dtype=np.int32),
        leave_hours=np.full((replicates, len(people.choosers), origins, people.goals), np.inf),
        settle_hours=np.full((replicates, len(people.halts), len(people.settling)), np.inf),
    )


def find_ways_on(
    model: Model, felt_hours: Floats, closed_links: Flags, closed_places: Flags, barred: Flags
) -> tuple[Floats, NDArray[np.int32]]:
    """Return the hours of the quickest ways on each course, and the link to take at each place [R, P, courses].

    `felt_hours` [R, 1 + sights, L] of those who see no queues and those who do; `closed_links` [R, K, L], closed and
    `barred` places [R, K, P]. Those who board services are looked at first: who comes in a vehicle goes on as they do.
    """
    places, people = len(model.network.places), model.people
    hours = np.full((len(felt_hours), places, len(people.then) * len(people.destinations)), np.inf)
    onward = np.full(hours.shape, BLOCKED, dtype=np.int32)
    line, queued = np.empty(places, dtype=np.int64), np.zeros(places, dtype=bool)
    layout, link_from, order = model.network.layout, model.network.link_from, np.argsort(people.then, kind="stable")
    _search(
        layout, link_from, felt_hours, closed_links, closed_places, barred, people.destinations, order, people.then,
        people.sight, people.usable, hours, onward, line, queued,
    )  # fmt: skip
    return hours, onward


def find_ways_back(model: Model, rules: Integers) -> Flags:
    """Return whether each fleet can come home from some place where people are brought, by roads open inwards [F].

    `rules` [roads] are the traffic rules.
    """
    network, home = model.network, model.fleets.home
    found = np.zeros(len(home), dtype=bool)
    for f, place in enumerate(home):
        there = (rules != SHUT) & model.fleets.usable[f]
        back = there & (rules != OUTBOUND) & (network.road_lanes_back > 0)
        starts = np.concatenate([network.road_from[there], network.road_to[back]])
        ends = np.concatenate([network.road_to[there], network.road_from[back]])
        hops = measure_to_nearest(starts, ends, np.ones(len(starts)), np.array([place]), len(network.places))
        found[f] = np.isfinite(hops[model.fleets.ends[f]]).any()
    return found


def find_only(model: Model, onward: NDArray[np.int32], underway: NDArray[np.int32], closed: Flags) -> NDArray[np.int32]:
    """Return the link that all who may be in a queue take from its front [R, fronts]; `closed` [R, K, L] to travellers.

    It is -1 if there is no such link, BLOCKED if somebody may be there for whom no way on is open. Who stands in the
    line for a service's seats stays in it, whatever would be quicker, while the service is open to him.
    """
    layout = model.network.layout
    only = np.full((len(onward), len(layout.node_queues)), -1, dtype=np.int32)
    _note_only(layout, onward, underway, closed, len(model.people.destinations), only)
    return only


@compiled
def _search(
    layout, link_from, felt_hours, closed_links, closed_places, barred, destinations, travellers, then, sight,
    usable, hours, onward, line, queued,
):  # fmt: skip
    """Write hours and ways on into arrays of none; `line` and `queued` [P] are memory to work in.

    Ways are searched from their ends, places taken in the order in which they were found to be nearer (E. F. Moore,
    The shortest path through a maze, 1959). A closed place can be left or reached, not passed; one barred only reached.
    """
    places, links, goals = hours.shape[1], layout.link_to.shape[0], len(destinations)
    for r in range(hours.shape[0]):
        for k in travellers:
            felt = felt_hours[r, sight[k]]
            for d in range(goals):
                goal, course = destinations[d], k * goals + d
                hours[r, goal, course] = 0.0
                onward[r, goal, course] = TERMINATES
                line[0], first, count = goal, 0, 1
                queued[goal] = True
                if then[k] >= 0:
                    for link in range(links):
                        start = link_from[link]
                        if layout.link_platform[link] >= 0 and usable[then[k], link] and not closed_links[r, k, link]:
                            nearer = felt[link] + hours[r, layout.link_to[link], then[k] * goals + d]
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
                        if link >= links or closed_links[r, k, link] or not usable[k, link]:
                            continue
                        start, nearer = link_from[link], hours[r, place, course] + felt[link]
                        if barred[r, k, start]:
                            continue
                        if nearer < hours[r, start, course]:
                            hours[r, start, course] = nearer
                            onward[r, start, course] = link
                            if not queued[start]:
                                queued[start] = True
                                line[(first + count) % places] = start
                                count += 1


@compiled
def _note_only(layout, onward, underway, closed, goals, only):
    links = layout.link_to.shape[0]
    for r in range(onward.shape[0]):
        for place in range(onward.shape[1]):
            for i in range(layout.node_start[place], layout.node_start[place + 1]):
                queue, way, several, blocked = layout.node_queues[i], BLOCKED, False, False
                own, ways = layout.queue_service[queue], underway[r, place] if queue < links else onward[r, place]
                for k in range(layout.stream_start[queue], layout.stream_start[queue] + layout.stream_count[queue]):
                    course = layout.stream_course[layout.queue_streams[k]]
                    link = ways[course] if own < 0 or closed[r, course // goals, own] else own
                    blocked |= link == BLOCKED
                    several |= link < 0 or (way >= 0 and link != way) or layout.link_platform[link] not in (-1, queue)
                    way = link
                if blocked:
                    only[r, i] = BLOCKED
                elif way >= 0 and not several:
                    only[r, i] = way
