"""Which way on: the quickest open way from every place to every destination, for each state of the network."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from corridor.simulate.model import Floats, Integers, Model

TERMINATES, MIXED, BLOCKED = -1, -2, -3  # where a queue's vehicles go on at its front, when not to one link


@dataclass
class Routes:
    """Route tables by configuration (which links and places are closed), made when first needed.

    `next_link[c, p, d]` is the link to take at place p for destination d, -1 if there is no open way;
    `hours[c, p, d]` the free travel time (inf if none); `onward[c, q]` the one link all vehicles of queue q go on
    to, or TERMINATES, MIXED, BLOCKED.
    """

    model: Model
    link_hours: Floats  # [L] free travel time at the median speed
    known: dict[tuple[bytes, bytes], int] = field(default_factory=dict)
    next_link: Integers = field(init=False)
    hours: Floats = field(init=False)
    onward: Integers = field(init=False)

    def __post_init__(self) -> None:
        """Begin without any configuration."""
        places, destinations = len(self.model.places), len(self.model.destinations)
        self.next_link = np.empty((0, places, destinations), dtype=np.int64)
        self.hours = np.empty((0, places, destinations))
        self.onward = np.empty((0, len(self.model.layout.slots)), dtype=np.int64)

    def find(self, closed_links: NDArray[np.bool_], closed_places: NDArray[np.bool_]) -> int:
        """Return the index of the tables for a configuration, making them if it is new."""
        key = (closed_links.tobytes(), closed_places.tobytes())
        if key not in self.known:
            next_link, hours = self._search(closed_links, closed_places)
            self.next_link = np.concatenate([self.next_link, next_link[None]])
            self.hours = np.concatenate([self.hours, hours[None]])
            self.onward = np.concatenate([self.onward, self._gather(next_link)[None]])
            self.known[key] = len(self.known)
        return self.known[key]

    def _search(
        self, closed_links: NDArray[np.bool_], closed_places: NDArray[np.bool_]
    ) -> tuple[Integers, Floats]:
        """Dijkstra's search from each destination against the direction of travel."""
        model = self.model
        incoming: list[list[int]] = [[] for _ in model.places]
        for link, end in enumerate(model.layout.link_to):
            if not closed_links[link]:
                incoming[end].append(link)
        next_link = np.full((len(model.places), len(model.destinations)), -1, dtype=np.int64)
        hours = np.full(next_link.shape, np.inf)
        for index, goal in enumerate(model.destinations):
            hours[goal, index] = 0.0
            queue = [(0.0, int(goal))]
            while queue:
                time, place = heapq.heappop(queue)
                if time > hours[place, index] or (closed_places[place] and place != goal):
                    continue
                for link in incoming[place]:
                    start, longer = int(model.link_from[link]), time + self.link_hours[link]
                    if longer < hours[start, index]:
                        hours[start, index] = longer
                        next_link[start, index] = link
                        heapq.heappush(queue, (longer, start))
        return next_link, hours

    def _gather(self, next_link: Integers) -> Integers:
        layout, model = self.model.layout, self.model
        destination_of = {int(place): i for i, place in enumerate(model.destinations)}
        onward = np.full(len(layout.slots), TERMINATES, dtype=np.int64)
        for place in range(len(model.places)):
            for queue in layout.node_queues[layout.node_start[place] : layout.node_start[place + 1]]:
                first = layout.stream_start[queue]
                goals = {
                    int(layout.stream_place[stream])
                    for stream in layout.queue_streams[first : first + layout.stream_count[queue]]
                }
                ways = {
                    TERMINATES if goal == place else int(next_link[place, destination_of[goal]])
                    for goal in goals
                    if goal == place or next_link[place, destination_of[goal]] >= 0
                }
                blocked = any(goal != place and next_link[place, destination_of[goal]] < 0 for goal in goals)
                if blocked:
                    onward[queue] = MIXED if ways else BLOCKED
                else:
                    onward[queue] = ways.pop() if len(ways) == 1 else MIXED if ways else TERMINATES
        return onward
