"""What the simulation works on: indices and arrays, no names looked up and nothing random."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import NamedTuple

import numpy as np

from corridor.scenario.transport import Transport
from corridor.scenario.values import Quantity, TimeRange
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.goods import Supplies
from corridor.simulate.network import Layout
from corridor.simulate.parts import Part
from corridor.simulate.passage import Passage
from corridor.simulate.windows import Windows

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
    def hour_of_day(self) -> float:
        """Return the hour of the day at which the period begins."""
        return self.start.hour + self.start.minute / 60 + self.start.second / 3600

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
    road_from: Integers  # [roads] place at the inner end
    road_to: Integers  # [roads]
    road_lanes_back: Integers  # [roads]
    links: tuple[str, ...]
    link_road: Integers  # [L]
    link_back: Flags  # [L] runs from the outer to the inner end
    link_from: Integers  # [L]
    length_km: Floats  # [L]
    lanes: Integers  # [L] lanes of the link
    lanes_other: Integers  # [L] lanes of the opposite direction
    beside: tuple[str, ...]  # [L] transport that moves there beside the vehicles, "" for vehicles and services
    layout: Layout

    @cached_property
    def exits(self) -> dict[str, str]:
        """Return the roads and services that lead from inside to outside, each with the area in which it ends."""
        crossing = np.flatnonzero(self.layout.link_crosses)
        return {self.name_way(int(link)): self.areas[self.layout.link_to[link]] for link in crossing}

    def name_way(self, link: int) -> str:
        """Return the road or service that a link is of, whatever moves on it."""
        served = self.layout.link_platform[link] >= 0
        return self.links[link] if served else self.roads[self.link_road[link]]

    @cached_property
    def exit_areas(self) -> tuple[str, ...]:
        """Return the areas in which exits end."""
        return tuple(sorted(set(self.exits.values())))

    @cached_property
    def area_of_exit(self) -> Integers:
        """Return the number of the area of each exit among those in which exits end [E]."""
        return np.array([self.exit_areas.index(area) for area in self.exits.values()], dtype=np.int64)

    @cached_property
    def most_streams(self) -> int:
        """Return how many streams may pass the queue that most may pass."""
        return int(self.layout.stream_count.max())

    @cached_property
    def inspects_alike(self) -> bool:
        """Tell whether everything that is inspected takes as long as a car, people apart."""
        return bool((self.layout.stream_inspection == 1.0).all())

    @cached_property
    def leading_out(self) -> Flags:
        """Return the links that begin inside [L]."""
        return self.inside[self.link_from]

    def name(self, places: Integers) -> tuple[str, ...]:
        """Return the names of places."""
        return tuple(self.places[p] for p in places)


class Options(NamedTuple):
    """What each group may board, in the order of its wish. W options of all groups, one after the other."""

    start: Integers  # [groups + 1] first option of each group
    fleet: Integers  # [W] fleet that carries it, OWN_VEHICLE or ON_FOOT instead
    room: Integers  # [W] units of room that a vehicle takes
    beside: Flags  # [W] moves beside the vehicles
    chooser: Integers  # [W]
    streams: Integers  # [W, goals] streams to the gateways of those who see no queues, then of those who do


OWN_VEHICLE, ON_FOOT = -1, -2


@dataclass(frozen=True)
class Services:
    """Services that run by a timetable. V services."""

    names: tuple[str, ...]
    link: Integers  # [V]
    first_hour: Floats  # [V]
    hours_a_day: Floats  # [V] from the first hour on, over midnight where the last is before it


@dataclass(frozen=True)
class People:
    """Who is there at the start, and the places they may head for (destinations, by whose index others are told)."""

    groups: tuple[str, ...]
    leavers: int  # the first so many are the user's groups and parts of them; those registered are one more
    parts: tuple[Part, ...]  # [leavers]
    sources: tuple[str, ...]  # [leavers] the user's group of each
    own: Flags  # [leavers] drives itself on the road
    origins: Integers  # places where people are at the start
    cells: tuple[tuple[int, int, str], ...]  # (origin index, group, name of the quantity)
    destinations: Integers  # places
    gateways: Integers  # destination indices chosen when leaving
    settling: Integers  # destination indices chosen after registration
    halts: Integers  # places from which people go on who have come out: the desks in order, then places with beds
    has_beds: bool  # some place has so many beds and no more
    usable: Flags  # [K, L] links that each traveller may pass
    beside: Flags  # [K] travellers who go beside the vehicles
    sight: Integers  # [K] 0 for travellers who see no queues, else whose moments of looking they share
    then: Integers  # [K] traveller that one is who has left a vehicle for a service, -1 if none
    options: Options
    choosers: Integers  # [V, 1 + sights] travellers who choose where to go: those who see no queues, then those who do
    wishes: Integers  # [V] group by whose wishes they choose
    road_streams: Integers  # [all groups, P] streams on the road to each place, -1 if none
    homes: Integers  # places where people lived to which some go back, none where nobody does
    home_streams: Integers  # [all groups, P] streams back to each of these, -1 if none

    @property
    def goals(self) -> int:
        """Return how many goals a chooser weighs: gateways, once more for each of those who see queues."""
        return len(self.gateways) * int(self.choosers.shape[1])

    @cached_property
    def anybody_walks(self) -> bool:
        """Tell whether some group may go without a vehicle."""
        return bool((self.options.fleet == ON_FOOT).any())

    @cached_property
    def goal_courses(self) -> Integers:
        """Return the courses of each chooser to its goals [V, goals]."""
        courses = self.choosers[:, :, None] * len(self.destinations) + self.gateways
        return np.ascontiguousarray(courses.reshape(-1, self.goals))

    @property
    def refuges(self) -> Integers:
        """Return the place of each gateway where people stop who go on to others, -1 for the others [gateways]."""
        displaced = any(part.displaced for part in self.parts)
        within = np.isin(self.gateway_places, self.origins) & displaced
        return np.where(within, self.gateway_places, -1)

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
    """Checkpoints and registration desks, and where they stand; the hours of the day in which checkpoints work."""

    checkpoints: tuple[str, ...]
    checkpoint_place: Integers
    first_hour: Floats  # [checkpoints]
    last_hour: Floats  # [checkpoints]
    change_lanes: tuple[Quantity | None, ...]  # [checkpoints] lanes at work after an unforeseen change
    desks: tuple[str, ...]
    desk_place: Integers

    @cached_property
    def have_hours(self) -> bool:
        """Tell whether some checkpoint is closed for a part of the day."""
        return bool(((self.first_hour > 0.0) | (self.last_hour < 24.0)).any())


@dataclass(frozen=True)
class Fleets:
    """Fleets that carry people, and which groups they carry [fleets, leavers]."""

    names: tuple[str, ...]
    groups: Flags
    home: Integers  # [fleets] places where they come back to
    usable: Flags  # [fleets, roads] that their vehicles may take
    ends: Flags  # [fleets, P] where people are brought: destinations, and where they board a service
    haulers: Integers  # [fleets] number among the fleets for goods of one for both, -1 of one for people alone


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
    services: Services
    windows: Windows
    passage: Passage
    transports: dict[str, Transport]
    fleets: Fleets
    events: tuple[Event, ...]
    supplies: Supplies | None  # None when the scenario states no needs
    plants: tuple[str, ...]
    quantities: dict[str, Quantity]
    wander_hours: dict[str, float]
    parameters: dict[str, float]  # plain numbers among the parameters

    @cached_property
    def waiting_places(self) -> Integers:
        """Return the places where people may wait for transport: origins, then stations inside that are none."""
        stations = [p for p in self._stations if p >= 0 and p not in self.people.origins]
        return np.array([*self.people.origins, *dict.fromkeys(stations)], dtype=np.int64)

    @cached_property
    def refuges(self) -> Integers:
        """Return the places inside where people may stop on their way."""
        return self.people.refuges[self.people.refuges >= 0]

    @cached_property
    def seat_at(self) -> Integers:
        """Return by entry its number among the waiting places where people inside wait for a seat, else -1 [E]."""
        places = self.waiting_places.tolist()
        return np.array([places.index(place) if place >= 0 else -1 for place in self._stations], dtype=np.int64)

    @cached_property
    def _stations(self) -> list[int]:
        """Return the place inside where people wait for a seat at each entry, -1 for other entries [E]."""
        layout, links = self.network.layout, len(self.network.links)
        platforms = {int(queue) - links for queue in layout.link_platform if queue >= 0}
        inside = self.network.inside[layout.entry_place]
        return [int(p) if e in platforms and inside[e] else -1 for e, p in enumerate(layout.entry_place)]

    @cached_property
    def has_danger(self) -> bool:
        """Tell whether any way is or may become dangerous."""
        roads = any(self.quantities[f"roads/{road}/danger"].high > 0 for road in self.network.roads)
        return roads or any(event.kind == "road_danger" for event in self.events)

    @cached_property
    def origin_names(self) -> tuple[str, ...]:
        """Return the names of the places where people are at the start."""
        return self.network.name(self.people.origins)

    @cached_property
    def leaver_names(self) -> tuple[str, ...]:
        """Return the names of the groups that may leave."""
        return self.people.groups[: self.people.leavers]
