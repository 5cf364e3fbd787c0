"""A plan's convoys carried out under the law of the simulation (rules 18 to 20), without chance.

A programme may hold goods back for later or give first to those where they count most; people in the simulation use
what is there. So what a plan says of who goes without comes from here: it is then what a run shows.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.law import read_law
from corridor.relief.platform import Platform
from corridor.relief.stores import open_stores
from corridor.relief.using import use_stores

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from corridor.relief.convoys import Convoy
    from corridor.relief.law import Law
    from corridor.relief.problem import ReliefProblem
    from corridor.relief.stores import Stores

ASIDE_HOURS = 24.0  # goods at a place with people are kept back for a convoy so long before it is due (rule 20)
_ALMOST = 1e-9


@dataclass(frozen=True)
class Carried:
    """What happens when a plan is carried out; quantities are tonnes.

    short [T, P, K]: share of people's need unmet in each period. facility_short [T, F]: the same of facilities.
    came_in [T, P, K]: into store otherwise than by convoys. asked [T, P, K]: by people, facilities and plants.
    delivered [P, K]: unloaded by convoys. plant_made [T, M]. lost [T, P, K]: of flows. left [P, K]: in store at the
    end. waiting [T, P]: people who wait for fuel to leave at the end of each period. left_behind: convoys that never
    set out.

    people [T, P]: who is there in the mean of each period: those taken out are not. taken: people who board each convoy
    on its way back, by id. queued [T, P]: people who wait for a seat out at the end of each period; hours_waited [P].
    """

    short: NDArray[np.float64]
    facility_short: NDArray[np.float64]
    came_in: NDArray[np.float64]
    asked: NDArray[np.float64]
    delivered: NDArray[np.float64]
    plant_made: NDArray[np.float64]
    lost: NDArray[np.float64]
    left: NDArray[np.float64]
    waiting: NDArray[np.float64]
    left_behind: int
    people: NDArray[np.float64]
    taken: Mapping[str, int]
    queued: NDArray[np.float64]
    hours_waited: NDArray[np.float64]


def carry_out(problem: ReliefProblem, convoys: Sequence[Convoy]) -> Carried:
    """Return what happens when convoys leave as planned and people use what is there, step by step."""
    law, stores = read_law(problem), open_stores(problem)
    steps = max(1, round(problem.period_hours / problem.step_hours))
    platform = Platform(problem)
    road = _Road(law, convoys, problem.period_hours / steps, platform)
    steady = problem.steady_supply()
    evenly, at_once = (steady - problem.made_per_period()) / steps, problem.supply - steady
    tally = _Tally(problem)
    tally.came_in += problem.supply - problem.made_per_period()
    for t in range(problem.periods):
        stores.stock += at_once[t]
        for step in range(steps):
            stores.stock += evenly[t]
            people = np.maximum(problem.people[t] - platform.gone(), 0.0)
            platform.take_along(stores, people)
            use_stores(law, stores, people, t, 1.0 / steps)
            tally.count(stores, t)
            tally.people[t] += people / steps
            tally.let_leave(law, stores, t, steps)
            platform.join(t, 1.0 / steps)
            road.move(stores, t * steps + step)
        tally.queued[t] = platform.queue.sum(axis=1)
    return tally.close(stores, road)


class _Tally:
    """What is counted in each period."""

    def __init__(self, problem: ReliefProblem) -> None:
        size_t, shape = problem.periods, problem.need.shape
        self.problem = problem
        self.wanted, self.taken, self.lost, self.came_in, self.asked = (np.zeros((size_t, *shape)) for _ in range(5))
        self.facility_wanted, self.facility_taken = (np.zeros((size_t, len(problem.facilities))) for _ in range(2))
        self.plant_made = np.zeros((size_t, len(problem.plants)))
        self.waiting, self.people, self.queued = (np.zeros((size_t, shape[0])) for _ in range(3))
        self.now = np.zeros(shape[0])
        self.leavers = problem.leavers()

    def count(self, stores: Stores, t: int) -> None:
        """Add what a step did."""
        self.wanted[t] += stores.wanted
        self.taken[t] += stores.taken
        self.lost[t] += stores.lost
        self.came_in[t] += stores.made
        self.asked[t] += stores.asked
        self.facility_wanted[t] += stores.facility_wanted
        self.facility_taken[t] += stores.facility_taken
        self.plant_made[t] += stores.plant_made

    def let_leave(self, law: Law, stores: Stores, t: int, steps: int) -> None:
        """Let those who leave take their fuel from what is left after the step's use; the others wait."""
        k = law.problem.index_of(law.problem.for_leaving)
        if k < 0 or law.problem.leaving is None:
            return
        each = law.problem.leaving
        self.now += self.leavers[t] / steps
        limited = law.known[:, k] & ~law.problem.unlimited[:, k] & (each > 0.0)
        there = np.where(limited, np.maximum(stores.stock[:, k] - stores.aside[:, k], 0.0), 0.0)
        served = np.minimum(self.now, np.where(limited, there / np.where(each > 0.0, each, 1.0), np.inf))
        stores.stock[:, k] -= np.minimum(served * each, stores.stock[:, k])
        self.now -= served
        self.waiting[t] = self.now

    def close(self, stores: Stores, road: _Road) -> Carried:
        """Return the shares."""
        return Carried(
            _unmet(self.wanted, self.taken),
            _unmet(self.facility_wanted, self.facility_taken),
            self.came_in,
            self.asked,
            road.delivered,
            self.plant_made,
            self.lost,
            stores.stock,
            self.waiting,
            len(road.waiting),
            self.people,
            road.taken,
            self.queued,
            road.platform.hours,
        )


def _unmet(wanted: NDArray[np.float64], taken: NDArray[np.float64]) -> NDArray[np.float64]:
    met = np.divide(taken, wanted, out=np.ones_like(wanted), where=wanted > 0.0)
    return np.asarray(np.clip(1.0 - met, 0.0, 1.0))


class _Road:
    """Convoys on their way: who waits at a base, who unloads and who comes home in which step."""

    def __init__(self, law: Law, convoys: Sequence[Convoy], hours: float, platform: Platform) -> None:
        problem = law.problem
        self.law, self.problem, self.hours, self.platform = law, problem, hours, platform
        self.place = {name: p for p, name in enumerate(problem.places)}
        self.fleet = {fleet.id: g for g, fleet in enumerate(problem.fleets)}
        self.roads = {road.id: road for road in problem.roads}
        self.fuel = problem.index_of(problem.fuel)
        away = np.zeros((problem.periods, len(problem.fleets))) if problem.away is None else problem.away
        self.trucks = [fleet.trucks - out for fleet, out in zip(problem.fleets, away[0], strict=True)]
        self.coming_back = -np.diff(away, axis=0)
        self.desks: dict[str, float] = {}
        self.delivered = np.zeros_like(problem.need)
        self.waiting: list[Convoy] = []
        self.driving: dict[int, list[tuple[Convoy, NDArray[np.float64], tuple[int, str], float]]] = defaultdict(list)
        self.unloading: dict[int, list[tuple[Convoy, NDArray[np.float64]]]] = defaultdict(list)
        self.boarding: dict[int, list[tuple[Convoy, float, float]]] = defaultdict(list)
        self.taken: dict[str, int] = {}
        self.home: dict[int, list[tuple[str, int]]] = defaultdict(list)
        self.due: dict[int, list[Convoy]] = defaultdict(list)
        self.aside: dict[int, list[Convoy]] = defaultdict(list)
        self.peopled = problem.people.max(axis=0) > 0.0
        early = round(ASIDE_HOURS / hours)
        for convoy in sorted(convoys, key=lambda convoy: (convoy.departs, convoy.id)):
            step = math.ceil((convoy.departs - problem.start).total_seconds() / 3600.0 / hours - _ALMOST)
            self.due[step].append(convoy)
            self.aside[max(step - early, 0)].append(convoy)

    def move(self, stores: Stores, step: int) -> None:
        """Let convoys unload, come home and set out in a step."""
        for convoy in self.aside.pop(step, ()):
            if self.peopled[self.place[convoy.start]]:
                stores.aside[self.place[convoy.start]] += self._load(convoy)
        period, rest = divmod(step, round(self.problem.period_hours / self.hours))
        if rest == 0 and period > 0:
            self.trucks = [here + back for here, back in zip(self.trucks, self.coming_back[period - 1], strict=True)]
        for fleet, trucks in self.home.pop(step, ()):
            self.trucks[self.fleet[fleet]] += trucks
        for convoy, load, where, now in sorted(self.driving.pop(step, ()), key=lambda one: (one[0].departs, one[0].id)):
            self._go_on(convoy, load, where, now, step)
        self.waiting += self.due.pop(step, [])
        self.waiting = [convoy for convoy in self.waiting if not self._set_out(stores, convoy, step)]
        for convoy, load in self.unloading.pop(step, ()):
            self._unload(stores, convoy, load)
        for convoy, unloaded, way in self.boarding.pop(step, ()):
            self._board(convoy, max(unloaded, step * self.hours), way, step)

    def _load(self, convoy: Convoy) -> NDArray[np.float64]:
        return np.array([convoy.loads.get(item.id, 0.0) for item in self.problem.items])

    def _set_out(self, stores: Stores, convoy: Convoy, step: int) -> bool:
        """Load and leave where there are trucks and fuel; tell whether the convoy has left."""
        g, p = self.fleet[convoy.fleet], self.place[convoy.start]
        fleet = self.problem.fleets[g]
        fuel = self._burned(convoy) * (1.0 if fleet.refuels_at_destination else 2.0)
        short = self._counts_fuel(p) and stores.stock[p, self.fuel] < fuel - 1e-6
        if self.trucks[g] < convoy.trucks - _ALMOST or short:
            return False
        self.trucks[g] -= convoy.trucks
        if self.fuel >= 0:
            stores.stock[p, self.fuel] -= min(fuel, stores.stock[p, self.fuel])
        load = self._load(convoy)
        if self.peopled[p]:
            stores.aside[p] = np.maximum(stores.aside[p] - load, 0.0)
        load = np.minimum(load, stores.stock[p])
        stores.stock[p] -= load
        self._go_on(convoy, load, (0, convoy.start), step * self.hours, step)
        return True

    def _counts_fuel(self, p: int) -> bool:
        """Tell whether it is known how much fuel there is: where its stock is stated, or depots say what they have."""
        if self.fuel < 0:
            return False
        opened = not self.peopled[p] and self.problem.supply[:, p, self.fuel].any()
        return bool(self.law.known[p, self.fuel] or opened)

    def _burned(self, convoy: Convoy) -> float:
        """Return tonnes of fuel for one way."""
        if self.fuel < 0:
            return 0.0
        fleet = self.problem.fleets[self.fleet[convoy.fleet]]
        km = sum(self.roads[name].km for name in convoy.roads)
        return fleet.litres_per_km * km * convoy.trucks * self.problem.items[self.fuel].tonnes_per_unit

    def _go_on(self, convoy: Convoy, load: NDArray[np.float64], where: tuple[int, str], now: float, step: int) -> None:
        """Drive on from where a convoy is (number of its next road, place) as far as it gets in a step.

        It is inspected when it gets there, one convoy after the other, and waits where a road is shut.
        """
        (number, at), fleet = where, self.problem.fleets[self.fleet[convoy.fleet]]
        while number < len(convoy.roads):
            if int(now / self.hours + _ALMOST) > step:
                self.driving[int(now / self.hours + _ALMOST)].append((convoy, load, (number, at), now))
                return
            road = self.roads[convoy.roads[number]]
            forward = road.start == at
            for limit in () if fleet.service else self.problem.limits:
                if limit.kind == "inspection" and self.roads[limit.road].start == at:
                    now = self._inspect(limit.id, np.asarray(limit.most), convoy.trucks, now)
                    break
            now = self._wait_for(np.asarray(road.forward if forward else road.backward), now)
            now += fleet.hours_over(road)
            number, at = number + 1, (road.end if forward else road.start)
        handling = fleet.handling_hours
        way = sum(fleet.hours_over(self.roads[name]) for name in convoy.roads)
        self.unloading[max(math.ceil(now / self.hours - _ALMOST) - 1, step)].append((convoy, load))
        if fleet.seats_out > 0.0 and self.problem.waiting is not None and not fleet.service:
            first = max(math.ceil((now + handling) / self.hours - _ALMOST) - 1, math.ceil(now / self.hours - _ALMOST))
            self.boarding[max(first, step + 1)].append((convoy, now + handling, way))
        else:
            self._come_home(convoy.fleet, convoy.trucks, now + handling + way, step)

    def _come_home(self, fleet: str, trucks: int, now: float, step: int) -> None:
        self.home[max(int(now / self.hours + _ALMOST), step + 1)].append((fleet, trucks))

    def _board(self, convoy: Convoy, now: float, way: float, step: int) -> None:
        """Let people who wait board a convoy that has unloaded; vehicles that nobody boards drive home at once."""
        fleet, place = self.problem.fleets[self.fleet[convoy.fleet]], self.place[convoy.to]
        period = min(int(step * self.hours / self.problem.period_hours + _ALMOST), self.problem.periods - 1)
        people, vehicles = self.platform.board(fleet, place, convoy.trucks, period)
        self.taken[convoy.id] = people
        if vehicles < convoy.trucks:
            self._come_home(convoy.fleet, convoy.trucks - vehicles, now + way, step)
        # they join the road in the step after, and are counted as arrived at the end of that in which they do
        back = (math.ceil(way / self.hours - _ALMOST) + round(fleet.return_hours / self.hours)) * self.hours
        if vehicles:
            self._come_home(convoy.fleet, vehicles, (step + 2) * self.hours + back, step)

    def _inspect(self, desk: str, most: NDArray[np.float64], trucks: int, now: float) -> float:
        begins = self._wait_for(most, max(now, self.desks.get(desk, 0.0)))
        period = min(int(begins / self.problem.period_hours + _ALMOST), len(most) - 1)
        pace = float(most[period]) / self.problem.period_hours
        self.desks[desk] = begins + (trucks / pace if pace > 0.0 else 0.0)
        return self.desks[desk]

    def _wait_for(self, opens: NDArray[np.float64], now: float) -> float:
        """Return the hour at which something is open, from `now` on; after the last period it is as in that."""
        period = int(now / self.problem.period_hours + _ALMOST)
        while period < len(opens) and opens[period] <= 0.0:
            period += 1
            now = period * self.problem.period_hours
        return now

    def _unload(self, stores: Stores, convoy: Convoy, load: NDArray[np.float64]) -> None:
        p = self.place[convoy.to]
        stores.stock[p] += load
        self.delivered[p] += load
        if self.problem.fleets[self.fleet[convoy.fleet]].refuels_at_destination and self.fuel >= 0:
            stores.stock[p, self.fuel] -= min(self._burned(convoy), stores.stock[p, self.fuel])
