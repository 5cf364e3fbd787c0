"""What the simulation works on: indices and arrays, no names looked up and nothing random."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from corridor.scenario.values import Quantity, TimeRange
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.goods import Supplies
from corridor.simulate.network import Layout

NORMAL, OUTBOUND, ALTERNATING, SHUT = range(4)
MODES = {"normal": NORMAL, "outbound": OUTBOUND, "alternating": ALTERNATING, "shut": SHUT}
ALTERNATING_CAPACITY = 300.0  # vehicles/h each way when one lane is shared; 600 in all (Missouri DOT, guide 616.5)
NO_TARGET, ALL_PLACES = -1, -2


@dataclass(frozen=True)
class Event:
    """One event, compiled: when, how likely, what it acts on (indices, NO_TARGET, or ALL_PLACES inside)."""

    id: str
    kind: str
    time: TimeRange
    chance: float
    target: int
    to: int
    value: Quantity | None
    mode: int


@dataclass(frozen=True)
class Clock:
    """The period and how it is cut: steps, sub-steps of the road phase, moments recorded."""

    start: datetime
    steps: int
    step_hours: float
    ticks: int  # sub-steps of the road phase in a step
    record_every: int  # steps between records

    @property
    def tick_hours(self) -> float:
        """Return the length of a sub-step of the road phase."""
        return self.step_hours / self.ticks

    def middle_tick(self, step: int) -> float:
        """Return the mean sub-step of those that come evenly in the course of a step."""
        return (step + 0.5) * self.ticks - 0.5

    @property
    def record_hours(self) -> float:
        """Return the time between records."""
        return self.step_hours * self.record_every

    @property
    def records(self) -> int:
        """Return how many moments are stored, the start included."""
        return self.steps // self.record_every + 1


@dataclass(frozen=True)
class Network:
    """Places, roads and the directed links they are made of. P places, L links."""

    places: tuple[str, ...]
    areas: tuple[str, ...]  # [P] in which each place lies
    inside: Flags  # [P]
    fuel_places: Integers  # where fuel is limited
    roads: tuple[str, ...]
    road_mode: Integers  # [roads] rule at the start
    road_km: Floats  # [roads]
    links: tuple[str, ...]
    link_road: Integers  # [L]
    link_back: Flags  # [L] runs from the outer to the inner end
    link_from: Integers  # [L]
    length_km: Floats  # [L]
    lanes: Integers  # [L] lanes of the link
    lanes_other: Integers  # [L] lanes of the opposite direction
    layout: Layout

    @cached_property
    def exits(self) -> dict[str, str]:
        """Return the roads that lead from inside to outside, each with the area in which it ends."""
        crossing = np.flatnonzero(self.layout.link_crosses)
        return {self.roads[self.link_road[link]]: self.areas[self.layout.link_to[link]] for link in crossing}

    @cached_property
    def exit_areas(self) -> tuple[str, ...]:
        """Return the areas in which exits end."""
        return tuple(sorted(set(self.exits.values())))

    @cached_property
    def area_of_exit(self) -> Integers:
        """Return the number of the area of each exit among those in which exits end [E]."""
        return np.array([self.exit_areas.index(area) for area in self.exits.values()], dtype=np.int64)

    @cached_property
    def leading_out(self) -> Flags:
        """Return the links that begin inside [L]."""
        return self.inside[self.link_from]

    def name(self, places: Integers) -> tuple[str, ...]:
        """Return the names of places."""
        return tuple(self.places[p] for p in places)


@dataclass(frozen=True)
class People:
    """Who is there at the start, and the places they may head for (destinations, by whose index others are told)."""

    groups: tuple[str, ...]
    leavers: int  # the first so many groups are the user's; people who have been registered are one more
    own: Flags  # [leavers] drives itself
    origins: Integers  # places where people are at the start
    cells: tuple[tuple[int, int, str], ...]  # (origin index, group, name of the quantity)
    destinations: Integers  # places
    gateways: Integers  # destination indices chosen when leaving
    settling: Integers  # destination indices chosen after registration

    @property
    def gateway_places(self) -> Integers:
        """Return the places chosen when leaving."""
        return self.destinations[self.gateways]

    @property
    def settling_places(self) -> Integers:
        """Return the places where people settle."""
        return self.destinations[self.settling]


@dataclass(frozen=True)
class Servers:
    """Checkpoints and registration desks, and where they stand."""

    checkpoints: tuple[str, ...]
    checkpoint_place: Integers
    desks: tuple[str, ...]
    desk_place: Integers


@dataclass(frozen=True)
class Fleets:
    """Fleets that carry people, and which groups they carry [fleets, leavers]."""

    names: tuple[str, ...]
    groups: Flags


@dataclass(frozen=True)
class Model:
    """A scenario under one parameter set, compiled for simulation.

    Names of places, groups, roads, links, checkpoints, desks and fleets are sorted, so that the order of rows in
    the user's tables cannot matter. `quantities` maps the name of every uncertain number to its distribution;
    each is drawn once per replicate.
    """

    scenario_hash: str
    parameter_set: str
    clock: Clock
    network: Network
    people: People
    servers: Servers
    fleets: Fleets
    events: tuple[Event, ...]
    supplies: Supplies | None  # None when the scenario states no needs
    quantities: dict[str, Quantity]
    wander_hours: dict[str, float]

    @cached_property
    def origin_names(self) -> tuple[str, ...]:
        """Return the names of the places where people are at the start."""
        return self.network.name(self.people.origins)

    @cached_property
    def leaver_names(self) -> tuple[str, ...]:
        """Return the names of the groups that may leave."""
        return self.people.groups[: self.people.leavers]
