"""Which way on: the quickest open way from every place to every destination, in each replicate by its own speeds."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridor.chance.compiled import compiled
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.model import Model
from corridor.simulate.network import Layout

TERMINATES, BLOCKED = -1, -2  # instead of a link: the journey ends here, or no way on is open


@dataclass
class Routes:
    """Ways of R replicates between P places and D destinations, over L links."""

    felt_hours: Floats  # [R, L] how long each link is felt to be
    closed_links: Flags  # [R, L] for which the ways were found
    closed_places: Flags  # [R, P] those that nobody who sets out now would pass
    onward: NDArray[np.int32]  # [R, P, D] link to take, TERMINATES or BLOCKED
    only: NDArray[np.int32]  # [R, fronts of queues] link that all of a queue take, -1 if ways part or somebody stays
    leave_hours: Floats  # [R, O, gateways] from origins, past no closed place; inf where no way is open
    settle_hours: Floats  # [R, desks, settling]

    def renew(self, model: Model, rows: Integers, closed_links: Flags, closed_places: Flags) -> None:
        """Find the ways of replicates `rows` again, whose closed links and places are now these [rows, L and P]."""
        network, people, desks = model.network, model.people, model.servers.desk_place
        self.closed_links[rows], self.closed_places[rows] = closed_links, closed_places
        felt = self.felt_hours[rows]
        hours, onward = find_ways_on(model, felt, closed_links, np.zeros_like(closed_places))
        self.onward[rows], self.only[rows] = onward, find_only(network.layout, onward)
        self.settle_hours[rows] = hours[:, desks[:, None], people.settling]
        (some,) = np.nonzero(closed_places.any(axis=1))
        hours[some], _ = find_ways_on(model, felt[some], closed_links[some], closed_places[some])
        self.leave_hours[rows] = hours[:, people.origins[:, None], people.gateways]


def begin_routes(model: Model, felt_hours: Floats) -> Routes:
    """Return routes not yet found, for links felt to be so long [R, L]."""
    replicates, places, people = len(felt_hours), len(model.network.places), model.people
    origins, desks = len(people.origins), len(model.servers.desks)
    return Routes(
        felt_hours=felt_hours,
        closed_links=np.zeros(felt_hours.shape, dtype=bool),
        closed_places=np.zeros((replicates, places), dtype=bool),
        onward=np.full((replicates, places, len(people.destinations)), BLOCKED, dtype=np.int32),
        only=np.full((replicates, len(model.network.layout.node_queues)), -1, dtype=np.int32),
        leave_hours=np.full((replicates, origins, len(people.gateways)), np.inf),
        settle_hours=np.full((replicates, desks, len(people.settling)), np.inf),
    )


def find_ways_on(
    model: Model, felt_hours: Floats, closed_links: Flags, closed_places: Flags
) -> tuple[Floats, NDArray[np.int32]]:
    """Return the hours of the quickest ways to each destination, and the link to take at each place [R, P, D]."""
    places, goals = len(model.network.places), model.people.destinations
    hours = np.full((len(felt_hours), places, len(goals)), np.inf)
    onward = np.full(hours.shape, BLOCKED, dtype=np.int32)
    line, queued = np.empty(places, dtype=np.int64), np.zeros(places, dtype=bool)
    layout, link_from = model.network.layout, model.network.link_from
    _search(layout, link_from, felt_hours, closed_links, closed_places, goals, hours, onward, line, queued)
    return hours, onward


def find_only(layout: Layout, onward: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the link that all who may be in a queue take from its front, -1 if there is no such link [R, fronts]."""
    only = np.full((len(onward), len(layout.node_queues)), -1, dtype=np.int32)
    _note_only(layout, onward, only)
    return only


@compiled
def _search(layout, link_from, felt_hours, closed_links, closed_places, destinations, hours, onward, line, queued):
    """Write hours and ways on into arrays of none; `line` and `queued` [P] are memory to work in.

    Ways are searched from their ends, places taken in the order in which they were found to be nearer (E. F. Moore,
    The shortest path through a maze, 1959). A closed place can be left or reached, not passed.
    """
    replicates, places, goals = hours.shape
    links = layout.link_to.shape[0]
    for r in range(replicates):
        for d in range(goals):
            goal = destinations[d]
            hours[r, goal, d] = 0.0
            onward[r, goal, d] = TERMINATES
            line[0], first, count = goal, 0, 1
            while count > 0:
                place = line[first]
                first = (first + 1) % places
                count -= 1
                queued[place] = False
                if closed_places[r, place] and place != goal:
                    continue
                for i in range(layout.node_start[place], layout.node_start[place + 1]):
                    link = layout.node_queues[i]
                    if link >= links or closed_links[r, link]:
                        continue
                    start, nearer = link_from[link], hours[r, place, d] + felt_hours[r, link]
                    if nearer < hours[r, start, d]:
                        hours[r, start, d] = nearer
                        onward[r, start, d] = link
                        if not queued[start]:
                            queued[start] = True
                            line[(first + count) % places] = start
                            count += 1


@compiled
def _note_only(layout, onward, only):
    for r in range(onward.shape[0]):
        for place in range(onward.shape[1]):
            for i in range(layout.node_start[place], layout.node_start[place + 1]):
                queue, way, several = layout.node_queues[i], BLOCKED, False
                for k in range(layout.stream_start[queue], layout.stream_start[queue] + layout.stream_count[queue]):
                    link = onward[r, place, layout.stream_goal[layout.queue_streams[k]]]
                    several |= link < 0 or (way >= 0 and link != way)
                    way = link
                if way >= 0 and not several:
                    only[r, i] = way
