"""Which way on: the quickest open way from every place to every destination, for each state of the network."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from corridor.scenario.ways import find_ways
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.model import Model

TERMINATES, BLOCKED = -1, -2  # instead of a link: the journey ends here, or no way on is open


@dataclass
class Routes:
    """Route tables by configuration (how long links are felt to be, which links and places are closed).

    Made when first needed. `hours[c, p, d]` is the time from place p to destination d (inf if no way is open) and
    `onward[c, p, s]` the link that stream s takes at place p, or TERMINATES or BLOCKED; `only[c, p]` is the link that
    everybody takes who may come to place p, or -1 if ways part there or somebody stays.
    """

    model: Model
    felt_hours: Floats  # [K, L] kinds of answers of `choose_way`
    known: dict[tuple[int, bytes, bytes], int] = field(default_factory=dict)
    hours: Floats = field(init=False)
    onward: Integers = field(init=False)
    only: Integers = field(init=False)

    def __post_init__(self) -> None:
        """Begin without any configuration."""
        places, destinations = len(self.model.network.places), len(self.model.people.destinations)
        self.hours = np.empty((0, places, destinations))
        self.onward = np.empty((0, places, len(self.model.network.layout.stream_place)), dtype=np.int64)
        self.only = np.empty((0, places), dtype=np.int64)

    def find(self, kind: int, closed_links: Flags, closed_places: Flags) -> int:
        """Return the index of the tables for a configuration, making them if it is new."""
        key = (kind, closed_links.tobytes(), closed_places.tobytes())
        if key not in self.known:
            next_link, hours = self._search(self.felt_hours[kind], closed_links, closed_places)
            self.hours = np.concatenate([self.hours, hours[None]])
            onward = self._gather(next_link)
            self.onward = np.concatenate([self.onward, onward[None]])
            self.only = np.concatenate([self.only, self._find_only(onward)[None]])
            self.known[key] = len(self.known)
        return self.known[key]

    def _search(self, link_hours: Floats, closed_links: Flags, closed_places: Flags) -> tuple[Integers, Floats]:
        """Find the quickest ways to each destination, against the direction of travel: next link and hours [P, D]."""
        network, goals = self.model.network, self.model.people.destinations
        next_link = np.full((len(network.places), len(goals)), -1, dtype=np.int64)
        hours = np.full(next_link.shape, np.inf)
        link_to = network.layout.link_to
        for index, goal in enumerate(goals):
            closed = closed_links | (closed_places[link_to] & (link_to != goal))
            (open_links,) = np.nonzero(~closed)
            ways = find_ways(
                link_to[open_links], network.link_from[open_links], link_hours[open_links], goal, len(network.places)
            )
            hours[:, index] = ways.hours
            next_link[:, index] = np.where(ways.last >= 0, open_links[ways.last], -1) if len(open_links) else -1
        return next_link, hours

    def _gather(self, next_link: Integers) -> Integers:
        """Return what each stream does at each place [P, S]."""
        layout, model = self.model.network.layout, self.model
        index = np.searchsorted(model.people.destinations, layout.stream_place)
        onward = next_link[:, index]
        onward[onward < 0] = BLOCKED
        onward[layout.stream_place, np.arange(len(index))] = TERMINATES
        return onward

    def _find_only(self, onward: Integers) -> Integers:
        """Return the link that all who may come to a place take on from it, else -1 [P]."""
        layout, only = self.model.network.layout, np.full(len(onward), -1, dtype=np.int64)
        for place in range(len(onward)):
            ways: set[int] = set()
            for queue in layout.node_queues[layout.node_start[place] : layout.node_start[place + 1]]:
                first = layout.stream_start[queue]
                coming = layout.queue_streams[first : first + layout.stream_count[queue]]
                ways.update(onward[place, coming].tolist())
            if len(ways) == 1:
                only[place] = max(ways.pop(), -1)
        return only
