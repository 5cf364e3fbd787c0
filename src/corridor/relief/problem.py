"""What a relief plan is made from: places, items, stocks, fleets, roads and what limits them, as plain data.

Arrays are indexed by T periods, P places, K items. Quantities are tonnes, people, trucks, hours and
kilometres; a need in litres is turned into tonnes where the problem is put together.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from corridor.words.said import Said, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from corridor.relief.waiting import Waiting
    from corridor.relief.works import Facility, Plant
    from corridor.scenario.transport import Transport

KINDS = {"road": "trucks", "water": "boats", "rail": "trains", "air": "aircraft"}  # by the ways that they use


@dataclass(frozen=True)
class Item:
    """Something people need: `weight` is how much an hour without it counts against other items.

    What is not `kept` is a flow (electricity): lost where it is not used at once. An item that `depends_on` another is
    used and made only as far as the other is met: share = 1 - dependence x (1 - share met) (rule 19).
    """

    id: str
    life_saving: bool = True
    weight: float = 1.0
    unit: str = "t"
    tonnes_per_unit: float = 1.0
    kept: bool = True
    depends_on: str = ""
    dependence: float = 1.0


@dataclass(frozen=True)
class Fleet:
    """Trucks of one kind that make round trips from a base.

    A trip keeps a truck busy for (twice the driving time + `handling_hours`) x `margin`; the margin of 1.25
    is the 25 % for contingencies of the CARE Emergency Toolkit 5.3. `litres_per_km` is drawn from the fuel
    item held at the base, for the way back too unless `refuels_at_destination`. `convoy_trucks` is the most
    trucks in one convoy. `hours_per_km`, its rests included, is of what takes no room on a road and so goes at a speed
    of its own (porters, boats, aircraft, trains), 0 of what goes at that of the road. The ways of its `carrier` are
    those it may use; without one it may use all. Of a `service` that carries goods each truck is a departure. Each
    truck has `seats_out` for people who leave; one of a fleet for both that has set them down is back at its base
    after `return_hours`.
    """

    id: str
    base: str
    trucks: float
    tonnes: float
    litres_per_km: float = 0.0
    cost_per_km: float = 0.0
    handling_hours: float = 0.0
    margin: float = 1.0
    refuels_at_destination: bool = False
    convoy_trucks: float = np.inf
    hours_per_km: float = 0.0
    carrier: Transport | None = None
    service: str = ""
    seats_out: float = 0.0
    return_hours: float = 0.0

    @property
    def kind(self) -> str:
        """Return what its vehicles are called: trucks, porters, boats, trains, aircraft; of a service departures."""
        if self.service:
            return "departures"
        if self.carrier is not None and self.carrier.needs_no_fuel:
            return "porters"
        ways = () if self.carrier is None else self.carrier.ways
        return next((kind for way, kind in KINDS.items() if way in ways), "trucks")

    def may_use(self, road: Road) -> bool:
        """Tell whether the road is of a kind that its trucks, boats, aircraft or porters may use."""
        return self.carrier is None or self.carrier.may_use(road.kind, road.walked)

    def hours_over(self, road: Road) -> float:
        """Return how long it takes over a road: at the speed of the road, or at its own with its rests."""
        return road.km * self.hours_per_km if self.hours_per_km > 0.0 else road.hours


@dataclass(frozen=True)
class Road:
    """A road between two places; `forward` and `backward` are the shares of each period it lets trucks in,
    [T].

    Normal is 1 and 1; outbound on both lanes is 1 outward and 0 inward; alternating is a half each; shut is
    0.
    """

    id: str
    start: str
    end: str
    km: float
    hours: float
    forward: NDArray[np.float64]
    backward: NDArray[np.float64]
    needs_clearance: bool = False
    kind: str = "road"
    walked: bool = True


@dataclass(frozen=True)
class DailySlots:
    """How many convoys a slot lets onto its road on each day, between two hours of the day, while it holds.

    `begins` and `ends` are hours from the start of the problem. `since` are hours from the midnight with which the
    first day of the case begins to that start. `used` are convoys let through, or under way to be, by day of the case.
    """

    a_day: float
    first_hour: float
    last_hour: float
    begins: float
    ends: float
    since: float
    used: Mapping[int, float] = field(default_factory=dict)

    def later(self, hours: float) -> DailySlots:
        """Return the same for a problem that begins so many hours later."""
        return replace(self, begins=self.begins - hours, ends=self.ends - hours, since=self.since + hours)

    def day_of(self, hour: float) -> int:
        """Return the day of the case in which an hour of the problem lies."""
        return int((self.since + hour) // 24.0)


@dataclass(frozen=True)
class Limit:
    """The most that may enter a road in each period, [T].

    `kind` is "slots" (convoys entering towards the places in need) or "inspection" (trucks, both ways unless
    `both_ways` is false). Entering "forward" is from the road's start to its end. `daily` are the slots as the case
    writes them: what holds a convoy that comes there when a plan is carried out (None: nothing does).
    """

    id: str
    kind: str
    road: str
    most: NDArray[np.float64]
    both_ways: bool = False
    forward: bool = True
    daily: DailySlots | None = None

    def later(self, periods: int, hours: float) -> Limit:
        """Return the limit for a problem that begins so many periods, of so many hours in all, later."""
        daily = None if self.daily is None else self.daily.later(hours)
        return replace(self, most=self.most[periods:], daily=daily)


@dataclass(frozen=True)
class Clearance:
    """Permission for a fleet ("*" is any) to enter a road from period `first` up to, not including, `last`.

    `trucks` is the most that may use it altogether; infinite when the permission names no number. `begins` and `ends`
    are the hours from the start of the problem between which it is in force, as the case writes them.
    """

    id: str
    fleet: str
    road: str
    first: int
    last: int
    trucks: float = np.inf
    begins: float = -np.inf
    ends: float = np.inf


@dataclass(frozen=True)
class ReliefProblem:
    """Everything a plan depends on.

    people [T, P]: expected at each place in each period. need [P, K]: tonnes for one person and day. stock
    [P, K]: tonnes at the start (nan where unknown: a plan takes nothing from it, a ledger says unknown).
    supply [T, P, K]: tonnes becoming available. unlimited [P, K]: items a depot never runs out of. without
    [P, K]: hours already without at the start. `fuel` names the item that convoys burn; blank means that fuel
    is not counted. `origin` says where each row came from: (table, id) -> (file, row). Of a fleet's trucks
    `away` [T, G] are still under way when a period begins; None: none are. `written` is the problem as the case writes
    it, where this one has what stands at a moment in its place: what stands later is told from there too.

    Part of the supply is `steady` [T, P, K]: it comes in evenly over a period and goes on after the last one; None is
    none. Of that again made [P, K] is what is made in a day of items that may depend on others. `for_leaving` names the
    item of which those who leave take `leaving` [P] tonnes each. `step_hours` is the step at which a plan is carried
    out. `waiting` are people whom fleets for both can take out (rule 38; None: nobody). `why_period` says in words why
    its periods are as long as they are. `refusals` are clearances that were refused: where one is in force and none
    that was granted lets a convoy in, it turns back.
    """

    start: datetime
    period_hours: float
    places: tuple[str, ...]
    items: tuple[Item, ...]
    people: NDArray[np.float64]
    need: NDArray[np.float64]
    stock: NDArray[np.float64]
    supply: NDArray[np.float64]
    unlimited: NDArray[np.bool_]
    without: NDArray[np.float64]
    fleets: tuple[Fleet, ...]
    roads: tuple[Road, ...]
    limits: tuple[Limit, ...] = ()
    clearances: tuple[Clearance, ...] = ()
    fuel: str = ""
    origin: Mapping[tuple[str, str], tuple[str, int]] = field(default_factory=dict)
    steady: NDArray[np.float64] | None = None
    made: NDArray[np.float64] | None = None
    plants: tuple[Plant, ...] = ()
    facilities: tuple[Facility, ...] = ()
    for_leaving: str = ""
    leaving: NDArray[np.float64] | None = None
    step_hours: float = 0.25
    waiting: Waiting | None = None
    why_period: Said | None = None
    away: NDArray[np.float64] | None = None
    written: ReliefProblem | None = None
    refusals: tuple[Clearance, ...] = ()

    @property
    def periods(self) -> int:
        """Return the number of periods T."""
        return int(self.people.shape[0])

    @property
    def days(self) -> float:
        """Return the length of the plan in days."""
        return self.periods * self.period_hours / 24.0

    def time_of(self, period: float) -> datetime:
        """Return the local time at which a period begins."""
        return self.start + timedelta(hours=period * self.period_hours)

    def use_per_period(self) -> NDArray[np.float64]:
        """Return tonnes needed in each period, [T, P, K]."""
        return np.asarray(self.people[:, :, None] * self.need[None] * (self.period_hours / 24.0))

    def steady_supply(self) -> NDArray[np.float64]:
        """Return the part of the supply that comes in evenly over each period, [T, P, K]."""
        return np.zeros_like(self.supply) if self.steady is None else np.minimum(self.steady, self.supply)

    def made_per_period(self) -> NDArray[np.float64]:
        """Return the tonnes of each item made in each period where nothing it depends on is lacking, [T, P, K]."""
        if self.made is None:
            return np.zeros_like(self.supply)
        return np.minimum(self.made[None] * (self.period_hours / 24.0), self.steady_supply())

    def leavers(self) -> NDArray[np.float64]:
        """Return how many people leave each place in each period, [T, P]: so many fewer are there in the next one."""
        following = np.concatenate([self.people[1:], self.people[-1:]])
        return np.asarray(np.maximum(self.people - following, 0.0))

    def index_of(self, item: str) -> int:
        """Return the number of an item, -1 for none of that name."""
        return next((k for k, known in enumerate(self.items) if known.id == item), -1)

    def have_trucks(self) -> NDArray[np.float64]:
        """Return the trucks of each fleet that are not still away when a period begins, [T, G]."""
        have = np.tile(np.array([fleet.trucks for fleet in self.fleets]), (self.periods, 1))
        return have if self.away is None else np.maximum(have - self.away, 0.0)

    def later(
        self,
        period: int,
        stock: NDArray[np.float64],
        without: NDArray[np.float64],
        on_the_way: NDArray[np.float64],
    ) -> ReliefProblem:
        """Return what remains to be planned from `period` on, for planning again on what has happened.

        stock and without [P, K] are as found at that moment; on_the_way [T - period, P, K] are tonnes of
        convoys already moving, which arrive whatever is decided now.
        """
        hours = period * self.period_hours
        return replace(
            self,
            start=self.time_of(period),
            people=self.people[period:],
            waiting=None if self.waiting is None else self.waiting.later(period),
            stock=stock,
            without=without,
            supply=self.supply[period:] + on_the_way,
            steady=None if self.steady is None else self.steady[period:],
            plants=tuple(replace(plant, most=plant.most[period:]) for plant in self.plants),
            away=None if self.away is None else self.away[period:],
            written=None
            if self.written is None
            else self.written.later(period, stock, without, np.zeros_like(on_the_way)),
            roads=tuple(replace(r, forward=r.forward[period:], backward=r.backward[period:]) for r in self.roads),
            limits=tuple(limit.later(period, hours) for limit in self.limits),
            clearances=tuple(
                replace(
                    c,
                    first=max(c.first - period, 0),
                    last=c.last - period,
                    begins=c.begins - hours,
                    ends=c.ends - hours,
                )
                for c in self.clearances
                if c.last > period
            ),
            refusals=tuple(replace(c, begins=c.begins - hours, ends=c.ends - hours) for c in self.refusals),
        )


def add_hours_without(
    before: NDArray[np.float64], short: NDArray[np.float64], hours: float, recovery: float
) -> NDArray[np.float64]:
    """Return the hours without after periods of `hours` in which shares `short` [T, ...] of the need went unmet.

    An hour of full supply wipes out `recovery` hours; the hours never fall below zero.
    """
    for share in short:
        before = np.maximum(before + hours * (share - recovery * (1.0 - share)), 0.0)
    return before


@dataclass(frozen=True)
class Weights:
    """What counts how much; the unit of all is one person one hour without a life-saving item of weight 1.

    `deprivation` makes the first objective convex in the hours without: once a place has run without an item
    for `hours` on end, every further hour spent so counts `extra` more for each day beyond. `recovery` is how
    many hours of full supply wipe out one hour without. The other fields follow the stated order of
    objectives; each is printed with the plan.
    """

    life_saving: float = 1.0
    deprivation: tuple[tuple[float, float], ...] = ((24.0, 0.5), (72.0, 1.5))
    recovery: float = 1.0
    worst_off: float = 0.1
    waiting: float = 0.1
    other: float = 0.1
    truck_trip: float = 10.0
    cost: float = 0.01
    lateness: float = 0.01

    def describe(self) -> list[tuple[str, float, Said]]:
        """Return (name, weight, meaning) in the order in which they count, for printing with a plan."""
        found: list[tuple[str, float, Said]] = []
        for weight in fields(self):
            meaning = say(f"plan.weight.{weight.name}")
            if weight.name == "deprivation":
                found += [(f"deprivation > {hours:g} h", extra, meaning) for hours, extra in self.deprivation]
            else:
                found.append((weight.name, getattr(self, weight.name), meaning))
        return found
