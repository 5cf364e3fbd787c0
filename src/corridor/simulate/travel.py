"""How people travel: the rides that a group may take, and the travellers who share their ways.

A ride is a way of travelling that a group names: vehicles of their own, a seat in a fleet's, or without a vehicle - on
foot or by services. Travellers are those who may use the same ways: they share a search for the quickest.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from corridor.scenario.cells import highest
from corridor.scenario.read import Row
from corridor.scenario.transport import CAR, FLEET, FOOT, OWN, SERVICE, Transport, list_transports, split_wishes
from corridor.simulate.parts import Part
from corridor.simulate.tables import Tables, sort_rows
from corridor.simulate.windows import is_admitted

SIGHTS = 4  # those who see queues look at different moments, or all would go where the last ones went
AFOOT = "afoot"  # without a vehicle: on foot where ways are walked, and by services


class Ride(NamedTuple):
    """A way of travelling: own, fleet or afoot, by which transport ("" afoot by services alone).

    `sight` is 0 for those who see no queues, else a number of those who look at the same moments; `homeward` are those
    who go back.
    """

    provided: str
    transport: str
    sight: int = 0
    homeward: bool = False


class Traveller(NamedTuple):
    """Who may use the same ways: by which transport, with which services, in which of the windows not open to all, held
    by which rules of passage.

    `then` is how they go on once they have left a vehicle for a service ("" by services alone).
    """

    transport: str
    afoot: bool = False
    services: tuple[str, ...] = ()
    then: str = ""
    windows: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    sight: int = 0
    homeward: bool = False


ON_THE_ROAD = Ride(OWN, CAR)  # those whom authorities move, and those who have been registered


@dataclass(frozen=True)
class Option:
    """What a group boards, in the order of its wish: a ride, and which fleet carries it (-1 if none)."""

    ride: Ride
    fleet: int = -1


@dataclass(frozen=True)
class Travel:
    """The transports of a scenario, what each of G parts of groups may board, and with which services it travels."""

    transports: dict[str, Transport]
    options: tuple[tuple[Option, ...], ...]  # [G]
    services: tuple[tuple[str, ...], ...]  # [G] transports that run by a timetable and that the group uses
    windows: tuple[Row, ...]  # that are not open to all
    names: tuple[str, ...]  # [G] of the groups
    rules: tuple[tuple[str, ...], ...]  # [G] of passage that hold a part
    sights: int  # how many look at different moments, 0 if nobody sees queues

    @property
    def beside(self) -> frozenset[str]:
        """Return the transports that take no room."""
        return frozenset(name for name, transport in self.transports.items() if transport.is_beside)

    def name_rides(self, group: int) -> tuple[Ride, ...]:
        """Return the rides of a group; one on the road for those who have none (registered, moved by authorities)."""
        rides = list(dict.fromkeys(option.ride for option in self.options[group])) if group < len(self.options) else []
        seeing = [ride._replace(sight=sight + 1) for sight in range(self.sights) for ride in rides]
        if not any(ride.provided != AFOOT and not self.is_beside(ride) for ride in rides):
            rides.append(ON_THE_ROAD)
        return (*rides, *seeing)

    def find_road_ride(self, group: int) -> Ride:
        """Return the first ride of a group in vehicles on the road."""
        return next(r for r in self.name_rides(group) if r.provided != AFOOT and not self.is_beside(r))

    def find_ride_home(self, group: int) -> Ride:
        """Return the ride by which people of a group go back: in vehicles on the road."""
        return self.find_road_ride(group)._replace(homeward=True)

    def is_beside(self, ride: Ride) -> bool:
        """Tell whether a ride takes no room on the road."""
        return ride.provided == AFOOT or self.transports[ride.transport].is_beside

    def find_afoot(self, group: int) -> Ride | None:
        """Return the ride of a group without a vehicle, if it has one."""
        return next((ride for ride in self.name_rides(group) if ride.provided == AFOOT), None)

    def name_traveller(self, group: int, ride: Ride) -> Traveller:
        """Return as which traveller a group on a ride finds its way."""
        afoot, services = self.find_afoot(group), self.services[group] if group < len(self.services) else ()
        then = afoot.transport if afoot is not None and services else ""
        name = self.names[group] if group < len(self.names) else ""
        windows = tuple(row["id"] for row in self.windows if is_admitted(row, ride.transport, name))
        rules = self.rules[group] if group < len(self.rules) else ()
        if ride.homeward:  # rules of passage are for those who leave
            services, then, rules = (), "", ()
        afoot_now = ride.provided == AFOOT
        return Traveller(ride.transport, afoot_now, services, then, windows, rules, ride.sight, ride.homeward)


def compile_travel(tables: Tables, parts: tuple[Part, ...]) -> Travel:
    """Return how the parts of groups travel, fleets in the order of their ids; parameters are noted."""
    transports = list_transports(tables.rows["transport"])
    fleets = [tables.by_id["fleets"][name] for name in tables.fleets_for("people")]
    options, services = [], []
    for group in tables.ids("groups"):
        wishes = split_wishes(tables.by_id["groups"][group]["transport"])
        serving = [(f, row["transport"]) for f, row in enumerate(fleets) if group in row["groups"].split()]
        mine: list[Option] = []
        for wish in wishes:
            mine += [option for option in _list_options(wish, wishes, serving, transports) if option not in mine]
        options.append(tuple(mine))
        services.append(tuple(sorted(w for w in wishes if w != FLEET and transports[w].provided == SERVICE)))
    sees = highest(tables.quantities["parameters/informed_share"]) > 0
    limited = tuple(row for row in sort_rows(tables.rows["windows"]) if row["transports"] or row["groups"])
    rules: dict[str, tuple[str, ...]] = {}
    for row in sort_rows(tables.rows["passage"]):
        rules[row["group"]] = (*rules.get(row["group"], ()), row["id"])
    names = tuple(tables.ids("groups")[part.group] for part in parts)
    return Travel(
        transports,
        tuple(options[part.group] for part in parts),
        tuple(services[part.group] for part in parts),
        limited,
        names,
        tuple(rules[name] if part.held else () for part, name in zip(parts, names, strict=True)),
        SIGHTS if sees else 0,
    )


def _list_options(
    wish: str, wishes: tuple[str, ...], serving: list[tuple[int, str]], transports: dict[str, Transport]
) -> list[Option]:
    """Return what a word of a group's wishes lets it board."""
    if wish == FLEET:
        return [Option(Ride(FLEET, transport), fleet) for fleet, transport in serving]
    if wish == FOOT or transports[wish].provided == SERVICE:  # whoever walks and takes trains does both on one way
        return [Option(Ride(AFOOT, FOOT if FOOT in wishes else ""))]
    if transports[wish].provided == OWN:
        return [Option(Ride(OWN, wish))]
    return [Option(Ride(FLEET, wish), fleet) for fleet, transport in serving if transport == wish]
