"""What relief works on, compiled: items, stores, convoys and who lets them pass, as indices and arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from corridor.scenario.transport import Transport
from corridor.scenario.values import TimeRange
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.works import Works


@dataclass(frozen=True)
class Gate:
    """Permission to enter a road: for a fleet (blank: any), between two hours, at most so many trucks."""

    id: str
    fleet: str
    road: int
    first: float
    last: float
    trucks: float
    refused: bool


@dataclass(frozen=True)
class Slot:
    """Convoys let onto a road in a day: in one direction, between two hours of the day, while it holds."""

    id: str
    road: int
    outward: bool
    first_hour: float
    last_hour: float
    begin: float
    end: float


@dataclass(frozen=True)
class Leg:
    """One road on a convoy's way: which road, which way, the place at its end, and who has to let it in."""

    road: int
    outward: bool  # from the inner to the outer end
    end: int
    checkpoint: int  # at the place it leaves from, -1 if none
    enters: bool  # leads from outside to inside
    guarded: bool  # a clearance is needed
    gates: tuple[int, ...]  # clearances that speak of this road and fleet
    slots: tuple[int, ...]
    km: float


@dataclass(frozen=True)
class Convoy:
    """A row of the convoys table as indices. `loads` are units of each item [I].

    `known_end` is "" for a planned convoy, else how it is known to have ended: delivered or turned_back. `party`
    numbers the convoys that travel as one.
    """

    id: str
    fleet: int
    departs: TimeRange
    trucks: int  # 0: not known
    loads: Floats
    start: int
    goal: int
    legs: tuple[Leg, ...]
    refuels_at_goal: bool
    kilometres: float
    most_trucks: float  # in one convoy of the fleet
    known_end: str
    party: int
    party_name: str
    takes: int  # number of its fleet among those that carry people, -1 where it takes nobody along
    slots_back: tuple[int, ...]  # slots by which one that takes people along sets out on its way back


@dataclass(frozen=True)
class Line:
    """One direction of a service by which goods go: its vehicles go out to `to` and come back to `from`."""

    service: str
    number: int  # of the service
    back: bool
    goal: int  # place of the model
    most_hours: float  # at which goods arrive, or vehicles set out on the way back, after a departure


@dataclass(frozen=True)
class Consignment:
    """A row of the convoys table that goes by a service. `loads` are units of each item [I]."""

    id: str
    line: int
    departs: TimeRange
    loads: Floats
    start: int
    party_name: str
    delivered: bool  # is known to have arrived: departures are then taken to have had the room


@dataclass(frozen=True)
class Depot:
    """Goods at a place, from an hour on; an endless one never runs out."""

    name: str  # depots/id
    place: int  # index among the places of the supplies, or among those outside
    item: int
    begin: float
    endless: bool


@dataclass(frozen=True)
class Outside:
    """What is in store outside: M places with a depot, or to which convoys bring something.

    An item is `limited` where depots state how much of it there is; elsewhere a convoy is taken to find what it loads.
    """

    places: Integers  # [M]
    limited: Flags  # [M, I]
    depots: tuple[Depot, ...]  # of limited items

    @cached_property
    def position(self) -> dict[int, int]:
        """Return the index among the places outside of each place of the model."""
        return {int(place): m for m, place in enumerate(self.places)}


@dataclass(frozen=True)
class Supplies:
    """Needs, stocks and convoys by index. I items, N places inside where people or goods can be, G groups.

    `need_names[n][g][i]` is the quantity that says what one person of a group needs there in a day, in units of
    the item, or an empty string. A stock is `known` where the scenario states it; elsewhere only what comes in is
    counted, and nobody is said to go without.
    """

    items: tuple[str, ...]
    tonnes: Floats  # [I] per unit
    life_saving: Flags  # [I]
    weight: Floats  # [I]
    depends_on: Integers  # [I] item it depends on, -1
    order: Integers  # items so that each comes after the one it depends on
    fuel: int  # item that convoys burn, -1
    places: Integers  # [N]
    known: Flags  # [N + 1, I] the last is the road
    need_names: tuple[tuple[tuple[str, ...], ...], ...]
    stock_names: Mapping[tuple[int, int], str]  # (place, item) -> stocks/place/item
    depots: tuple[Depot, ...]
    fleets: tuple[str, ...]  # those that carry goods
    carriers: tuple[Transport, ...]  # [F] by what
    takes: Integers  # [F] number among the fleets that carry people of one for both, -1 of the others
    convoys: tuple[Convoy, ...]
    gates: tuple[Gate, ...]
    slots: tuple[Slot, ...]
    start_hour: float  # hour of the day at which the period begins
    outside: Outside
    kept: Flags  # [I] what is not used in a step stays; of the others it is lost
    for_leaving: int  # item that those who leave fill their tanks with, -1 if it is none
    lines: tuple[Line, ...]  # of services by which goods go
    consignments: tuple[Consignment, ...]
    works: Works | None  # plants, facilities and flows; None where there are none
    facilities: tuple[str, ...]

    @property
    def takes_people(self) -> bool:
        """Tell whether convoys of some fleet take people along on their way back."""
        return bool((self.takes >= 0).any())

    @property
    def has_turnover(self) -> bool:
        """Tell whether anything is made, used or lost beside what people, convoys and depots make of it."""
        return self.works is not None or self.for_leaving >= 0

    @property
    def places_with_fuel(self) -> list[int]:
        """Return the places of the model where it is known how much of an item is there for those who leave."""
        fuel = self.for_leaving
        return [] if fuel < 0 else [int(p) for p in self.places[self.known[:-1, fuel]]]

    @property
    def position(self) -> dict[int, int]:
        """Return the index among the places of the supplies of each place of the model."""
        return {int(place): n for n, place in enumerate(self.places)}
