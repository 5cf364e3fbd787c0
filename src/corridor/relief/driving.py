"""Convoys on their way while a plan is carried out, step by step and without chance (rule 20)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.gates import Gates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corridor.relief.convoys import Convoy
    from corridor.relief.law import Law
    from corridor.relief.platform import Platform
    from corridor.relief.stores import Stores

    Tonnes = NDArray[np.float64]

ASIDE_HOURS = 24.0  # goods at a place with people are kept back for a convoy so long before it is due (rule 20)
_ALMOST = 1e-9
_Next = tuple["Convoy", Callable[["Stores", int], None]]  # what a convoy does next


class Driving:
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
        self.gates, self.held, self.turned_back = Gates(problem), set[str](), set[str]()
        self.delivered = np.zeros_like(problem.need)
        self.waiting: list[Convoy] = []
        self.next: dict[int, list[_Next]] = defaultdict(list)
        self.boarding: dict[int, list[tuple[Convoy, float, float]]] = defaultdict(list)
        self.taken: dict[str, int] = {}
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
        self.waiting += self.due.pop(step, [])
        coming = [*self.next.pop(step, ()), *((convoy, partial(self._set_out, convoy)) for convoy in self.waiting)]
        for _, do in sorted(coming, key=lambda one: (one[0].departs, one[0].id)):
            do(stores, step)  # as in a run, those that leave first go first in everything
        for convoy, unloaded, way in self.boarding.pop(step, ()):
            self._board(convoy, max(unloaded, step * self.hours), way, step)

    def _load(self, convoy: Convoy) -> NDArray[np.float64]:
        return np.array([convoy.loads.get(item.id, 0.0) for item in self.problem.items])

    def _set_out(self, convoy: Convoy, stores: Stores, step: int) -> None:
        """Load and leave where there are trucks and fuel; wait at the base else."""
        g, p = self.fleet[convoy.fleet], self.place[convoy.start]
        fleet = self.problem.fleets[g]
        fuel = self._burned(convoy) * (1.0 if fleet.refuels_at_destination else 2.0)
        short = self._counts_fuel(p) and stores.stock[p, self.fuel] < fuel - 1e-6
        if self.trucks[g] < convoy.trucks - _ALMOST or short:
            return
        self.waiting.remove(convoy)
        self.trucks[g] -= convoy.trucks
        if self.fuel >= 0:
            stores.stock[p, self.fuel] -= min(fuel, stores.stock[p, self.fuel])
        load = self._load(convoy)
        if self.peopled[p]:
            stores.aside[p] = np.maximum(stores.aside[p] - load, 0.0)
        load = np.minimum(load, stores.stock[p])
        stores.stock[p] -= load
        self._go_on(convoy, load, (0, convoy.start), step * self.hours, stores, step)

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

    def _go_on(
        self, convoy: Convoy, load: Tonnes, where: tuple[int, str], now: float, stores: Stores, step: int
    ) -> None:
        """Drive on from where a convoy is (number of its next road, place) as far as it gets in a step.

        It turns back where its clearance is refused, waits where no clearance or slot lets it in or a road is shut, and
        is inspected, one after the other.
        """
        (number, at), fleet = where, self.problem.fleets[self.fleet[convoy.fleet]]
        while number < len(convoy.roads):
            if int(now / self.hours + _ALMOST) > step:
                later = partial(self._go_on, convoy, load, (number, at), now)
                self.next[int(now / self.hours + _ALMOST)].append((convoy, later))
                return
            road = self.roads[convoy.roads[number]]
            forward = road.start == at
            if not fleet.service and self.gates.turns_back(convoy, road, now):
                self._turn_back(convoy, load, number, now, stores, step)
                return
            if not fleet.service and not self.gates.let_in(convoy, road, forward, now):
                self.held.add(convoy.id)
                now = (step + 1) * self.hours
                continue
            opens = self._wait_for(np.asarray(road.forward if forward else road.backward), now)
            if opens > now:
                now = opens
                continue
            if not fleet.service:
                self.gates.use(convoy, road, forward, now)
                now = self._inspect(at, convoy.trucks, now)
            now += fleet.hours_over(road)
            number, at = number + 1, (road.end if forward else road.start)
        unloads = math.ceil(now / self.hours - _ALMOST) - 1
        if unloads <= step:
            self._unload(convoy, load, now, stores, step)
        else:
            self.next[unloads].append((convoy, partial(self._unload, convoy, load, now)))

    def _turn_back(self, convoy: Convoy, load: Tonnes, number: int, now: float, stores: Stores, step: int) -> None:
        """Drive home with the load from where a clearance was refused; it takes as long as it has come."""
        self.turned_back.add(convoy.id)
        fleet = self.problem.fleets[self.fleet[convoy.fleet]]
        home = int(
            (now + sum(fleet.hours_over(self.roads[name]) for name in convoy.roads[:number])) / self.hours + _ALMOST
        )
        if home <= step:
            self._bring_back(convoy, load, stores, step)
        else:
            self.next[home].append((convoy, partial(self._bring_back, convoy, load)))

    def _bring_back(self, convoy: Convoy, load: Tonnes, stores: Stores, step: int) -> None:
        stores.stock[self.place[convoy.start]] += load
        self._park(convoy, convoy.trucks, stores, step)

    def _unload(self, convoy: Convoy, load: Tonnes, now: float, stores: Stores, step: int) -> None:
        """Unload, and let people board or drive home."""
        p, fleet = self.place[convoy.to], self.problem.fleets[self.fleet[convoy.fleet]]
        stores.stock[p] += load
        self.delivered[p] += load
        if fleet.refuels_at_destination and self.fuel >= 0:
            stores.stock[p, self.fuel] -= min(self._burned(convoy), stores.stock[p, self.fuel])
        handling = fleet.handling_hours
        way = sum(fleet.hours_over(self.roads[name]) for name in convoy.roads)
        if fleet.seats_out > 0.0 and self.problem.waiting is not None and not fleet.service:
            first = max(math.ceil((now + handling) / self.hours - _ALMOST) - 1, math.ceil(now / self.hours - _ALMOST))
            self.boarding[max(first, step + 1)].append((convoy, now + handling, way))
        else:
            self._come_home(convoy, convoy.trucks, now + handling + way, step)

    def _come_home(self, convoy: Convoy, trucks: int, now: float, step: int) -> None:
        self.next[max(int(now / self.hours + _ALMOST), step + 1)].append((convoy, partial(self._park, convoy, trucks)))

    def _park(self, convoy: Convoy, trucks: int, stores: Stores, step: int) -> None:
        self.trucks[self.fleet[convoy.fleet]] += trucks

    def _board(self, convoy: Convoy, now: float, way: float, step: int) -> None:
        """Let people who wait board a convoy that has unloaded; vehicles that nobody boards drive home at once."""
        fleet, place = self.problem.fleets[self.fleet[convoy.fleet]], self.place[convoy.to]
        period = min(int(step * self.hours / self.problem.period_hours + _ALMOST), self.problem.periods - 1)
        people, vehicles = self.platform.board(fleet, place, convoy.trucks, period)
        self.taken[convoy.id] = people
        if vehicles < convoy.trucks:
            self._come_home(convoy, convoy.trucks - vehicles, now + way, step)
        # they join the road in the step after, and are counted as arrived at the end of that in which they do
        back = (math.ceil(way / self.hours - _ALMOST) + round(fleet.return_hours / self.hours)) * self.hours
        if vehicles:
            self._come_home(convoy, vehicles, (step + 2) * self.hours + back, step)

    def _inspect(self, place: str, trucks: int, now: float) -> float:
        """Return when trucks have been inspected at a place, one convoy after the other: at once where nobody is."""
        for limit in self.problem.limits:
            if limit.kind == "inspection" and self.roads[limit.road].start == place:
                return self._queue(limit.id, np.asarray(limit.most), trucks, now)
        return now

    def _queue(self, desk: str, most: NDArray[np.float64], trucks: int, now: float) -> float:
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
