"""What stands in a simulated course at a moment, in the terms of the relief problem that begins then (rule 20)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from corridor.forecast.taken_along import Along
from corridor.forecast.waiting import place_waiting
from corridor.relief.standing import Standing
from corridor.scenario.convoys import convoys_of_day
from corridor.simulate.convoys import COMING_BACK, MOVING, READY, WITHOUT_FUEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from corridor.relief.problem import Fleet, Limit, ReliefProblem
    from corridor.simulate.goods import Convoy, Depot, Leg
    from corridor.simulate.relief import Relief
    from corridor.simulate.state import State

GIVEN_UP_HOURS = 24.0  # a convoy so late is not counted on any more
_ALMOST = 1e-9


@dataclass(frozen=True)
class UnderWay:
    """A convoy that has left and is not back: when its load arrives and its trucks are home, in hours from now.

    `legs` are the roads still before it on its way out, with the hours after which it enters each.
    """

    convoy: Convoy
    stage: int
    trucks: int
    load: NDArray[np.float64]  # [I] units
    to: int  # place of the model where the load will be: the goal, or the base once it is turned back
    arrives: float
    home: float
    late: float  # hours behind what free roads would have let
    legs: tuple[tuple[Leg, float], ...]


@dataclass(frozen=True)
class Moment:
    """One replicate of a state that has come to `hour`, read for a relief problem that begins there.

    The problem is what is left of one that began at the hour `begun`: depots open by then stood in its first period.
    """

    problem: ReliefProblem
    state: State
    hour: float
    begun: float
    replicate: int = 0

    @cached_property
    def relief(self) -> Relief:
        """Return the relief side of the state."""
        assert self.state.relief is not None, "a case that is planned for states needs: checked before"
        return self.state.relief

    @cached_property
    def items(self) -> list[int]:
        """Return the number in the problem of each item of the supplies."""
        ids = [item.id for item in self.problem.items]
        return [ids.index(name) for name in self.relief.supplies.items]

    @cached_property
    def tonnes(self) -> NDArray[np.float64]:
        """Return the tonnes of a unit of each item of the supplies [I], as the problem has them: a flow has some."""
        return np.array([self.problem.items[k].tonnes_per_unit for k in self.items])

    @cached_property
    def along(self) -> Along:
        """Return the vehicles that take people out."""
        return Along(self.state, self.relief, self.hour, self.replicate)

    def at(self, place: int) -> int:
        """Return the number in the problem of a place of the model."""
        return self.problem.places.index(self.state.model.network.places[place])

    def read(self, without: NDArray[np.float64]) -> Standing:
        """Return what stands, with the hours `without` [P, K] that people have been without by now."""
        way = list(self.list_under_way())
        fleets = [fleet.id for fleet in self.problem.fleets if not fleet.service]
        order = [self.relief.supplies.fleets.index(name) for name in fleets]
        departures = [fleet.trucks for fleet in self.problem.fleets if fleet.service]  # behind the others
        return Standing(
            stock=self._reserve_fuel(self.stock(), way),
            without=without,
            opened=self.opened(),
            coming=self.coming(way),
            trucks=np.append(self.relief.inputs.fleet_trucks[self.replicate, order].astype(np.float64), departures),
            away=self.away(way, order),
            cleared=self.cleared(way),
            today=self.today(),
            entering={limit.id: self.entering(limit, way) for limit in self.problem.limits},
            people=self.people(),
            made=self.made(),
            plants=self.plants(),
            facilities=self.facilities(),
            waiting=self.waiting(),
            boarding=self.boarding(way),
        )

    def waiting(self) -> NDArray[np.float64] | None:
        """Return the people who wait for a seat out [P, U]; None where the problem has nobody who may."""
        if self.problem.waiting is None:
            return None
        return np.asarray(place_waiting(self.state, self.problem, self.problem.waiting.groups)[self.replicate])

    def boarding(self, way: list[UnderWay]) -> NDArray[np.float64] | None:
        """Return those of them who will board convoys that are under way, in each period [T, P, U]."""
        if self.problem.waiting is None:
            return None
        groups = [self.state.model.people.groups.index(name) for name in self.problem.waiting.groups]
        found = np.zeros(self.problem.waiting.joining.shape)
        for one in self.along.foresee(way):
            t = int(one.after / self.problem.period_hours)
            if t < len(found):
                found[t, self.at(one.place)] += one.people[groups]
        return found

    def people(self) -> NDArray[np.float64]:
        """Return the people at each place inside [P]."""
        people, network = np.zeros(len(self.problem.places)), self.state.model.network
        for p in np.flatnonzero(network.inside):
            people[self.at(int(p))] = self.state.queues.at_place[self.replicate, p].sum()
        return people

    def stock(self) -> NDArray[np.float64]:
        """Return the tonnes in store [P, K], in depots outside too; nan where it is not known and nothing came in."""
        supplies, stock, r = self.relief.supplies, self.problem.stock.copy(), self.replicate
        inside = (supplies.places, supplies.known[:-1], self.relief.stores.stock[r, :-1])
        outside = (supplies.outside.places, supplies.outside.limited, self.relief.depots.stock[r])
        for places, known, units in (inside, outside):
            for n, place in enumerate(places):
                told = known[n] | (units[n] > 0.0)
                stock[self.at(place), self.items] = np.where(told, units[n] * self.tonnes, np.nan)
        return stock

    def made(self) -> NDArray[np.float64]:
        """Return what is made in a period where nothing is lacking for it [P, K], tonnes; nan where none is stated."""
        supplies, made = self.relief.supplies, np.full(self.problem.stock.shape, np.nan)
        days = self.problem.period_hours / 24.0
        for n, i in supplies.stock_names:
            units = self.relief.inputs.made[self.replicate, n, i]
            made[self.at(supplies.places[n]), self.items[i]] = units * self.tonnes[i] * days
        return made

    def plants(self) -> NDArray[np.float64]:
        """Return [2, M]: tonnes that each plant makes in a period as it works now, its most in times of the case's."""
        model, supplies, days = self.state.model, self.relief.supplies, self.problem.period_hours / 24.0
        found = np.zeros((2, len(self.problem.plants)))
        for m, plant in enumerate(self.problem.plants):
            w, i = model.plants.index(plant.id), supplies.items.index(plant.makes)
            most = float(self.relief.inputs.wants.most[self.replicate, w])
            written = model.quantities[f"plants/{plant.id}/most_per_day"].median
            working = float(self.state.plant_working[self.replicate, w])
            found[:, m] = most * working * self.tonnes[i] * days, most / written if written > 0.0 else 1.0
        return found

    def facilities(self) -> NDArray[np.float64]:
        """Return the tonnes that each facility uses in a day [F]."""
        supplies, per_day = self.relief.supplies, self.relief.inputs.wants.per_day[self.replicate]
        return np.array(
            [
                per_day[supplies.facilities.index(one.id)] * self.tonnes[supplies.items.index(one.item)]
                for one in self.problem.facilities
            ]
        )

    def opened(self) -> NDArray[np.float64]:
        """Return what depots have that are open by now, where the problem has it come in [T, P, K], tonnes."""
        opened = np.zeros_like(self.problem.supply)
        last = self.hour - self.state.model.clock.step_hours  # the last step began here
        for depot, place, from_start in self._depots():
            first = max(math.ceil((depot.begin - self.begun) / self.problem.period_hours - _ALMOST), 0)
            t = first - round((self.hour - self.begun) / self.problem.period_hours)
            quantity = self.state.model.quantities.get(f"{depot.name}/quantity")
            if quantity is None or not (depot.begin <= last + _ALMOST or (from_start and depot.begin <= 0.0)):
                continue
            if 0 <= t < len(opened):
                opened[t, self.at(place), self.items[depot.item]] += quantity.median * self.tonnes[depot.item]
        return opened

    def _depots(self) -> Iterator[tuple[Depot, int, bool]]:
        """Go through the depots with their places, and whether they are filled before the first step or in it."""
        supplies, outside = self.relief.supplies, self.relief.supplies.outside
        yield from ((depot, int(supplies.places[depot.place]), False) for depot in supplies.depots)
        yield from ((depot, int(outside.places[depot.place]), True) for depot in outside.depots)

    def list_under_way(self) -> Iterator[UnderWay]:
        """Go through the convoys that have left and are not back."""
        inputs, caravans, r = self.relief.inputs, self.relief.caravans, self.replicate
        for c, convoy in enumerate(self.relief.supplies.convoys):
            stage, free = caravans.stage[r, c], max(float(caravans.free_at[r, c]) - self.hour, 0.0)
            if stage not in (MOVING, WITHOUT_FUEL, READY, COMING_BACK):
                continue
            way, handling = float(inputs.way_hours[r, c]), float(inputs.handling[r, convoy.fleet])
            legs, arrives, home, to = [], 0.0, free, convoy.start
            if stage == MOVING:
                arrives, to = free, convoy.goal
                for leg in convoy.legs[caravans.leg[r, c] :]:
                    legs.append((leg, arrives))
                    arrives += float(inputs.leg_hours(convoy.fleet, leg)[r])
                home = arrives + handling + way
            elif stage == WITHOUT_FUEL:
                home = free + handling + way
            elif stage == READY:
                home = free + way
            else:
                arrives = home
            due = float(inputs.departs[r, c]) * self.state.model.clock.step_hours - self.hour
            late = arrives - (due + way)
            trucks, load = int(caravans.crew[r, c]), caravans.load[r, c]
            yield UnderWay(convoy, int(stage), trucks, load, to, arrives, home, late, tuple(legs))

    def coming(self, way: list[UnderWay]) -> NDArray[np.float64]:
        """Return tonnes under way by the period from which they can be used [T, P, K], but for the very late."""
        coming = np.zeros_like(self.problem.supply)
        for moved in way:
            t = math.ceil(moved.arrives / self.problem.period_hours - _ALMOST)
            if t < len(coming) and moved.late <= GIVEN_UP_HOURS:
                coming[t, self.at(moved.to), self.items] += moved.load * self.tonnes
        self._add_shipped(coming)
        for fleet, t, loads in self.list_quays():
            road = next(road for road in self.problem.roads if road.id == fleet.id)
            there = t + math.ceil(road.hours / self.problem.period_hours - _ALMOST)
            if there < len(coming):
                coming[there, self.problem.places.index(road.end), self.items] += loads
        return coming

    def list_quays(self) -> Iterator[tuple[Fleet, int, NDArray[np.float64]]]:
        """Go through goods that wait for a service: by which, in which period they depart, tonnes of each item.

        They go before all others, in the order in which they came, with the departures that the problem has.
        """
        supplies, waiting = self.relief.supplies, self.relief.caravans.shipping.waiting[self.replicate]
        for d, line in enumerate(supplies.lines):
            name = f"service:{line.service}" + (":back" if line.back else "")
            fleet = next((fleet for fleet in self.problem.fleets if fleet.id == name), None)
            mine = [c for c, one in enumerate(supplies.consignments) if one.line == d]
            left = waiting[mine].sum(axis=0) * self.tonnes
            if fleet is None or left.sum() <= _ALMOST:
                continue
            most = next(limit.most for limit in self.problem.limits if limit.id == name)
            for t in np.flatnonzero(most > 0.0):
                loads = left * min(float(most[t]) * fleet.tonnes / left.sum(), 1.0)
                left = left - loads
                yield fleet, int(t), loads
                if left.sum() <= _ALMOST:
                    break

    def _add_shipped(self, coming: NDArray[np.float64]) -> None:
        """Add what is under way by services."""
        hours, supplies = self.state.model.clock.step_hours, self.relief.supplies
        under_way = self.relief.caravans.shipping.under_way[self.replicate]
        next_step, kept = round(self.hour / hours), under_way.shape[1]
        for line, loads in zip(supplies.lines, under_way, strict=True):
            for ahead in range(kept):
                t = math.ceil((ahead + 1) * hours / self.problem.period_hours - _ALMOST)
                if t < len(coming):
                    coming[t, self.at(line.goal), self.items] += loads[(next_step + ahead) % kept] * self.tonnes

    def away(self, way: list[UnderWay], order: list[int]) -> NDArray[np.float64]:
        """Return trucks of each fleet not yet back when a period begins [T, G], with the margin of the plan's trips."""
        away = np.zeros((self.problem.periods, len(self.problem.fleets)))
        starts = np.arange(self.problem.periods) * self.problem.period_hours
        for moved in way:
            g = order.index(moved.convoy.fleet)
            away[:, g] += moved.trucks * (starts < moved.home * self.problem.fleets[g].margin - _ALMOST)
        names, back = [fleet.id for fleet in self.problem.fleets], self.along.hours_back
        for boarding in self.along.foresee(way):
            g = names.index(boarding.fleet)
            empty, full = (
                home * self.problem.fleets[g].margin - _ALMOST
                for home in (boarding.home, boarding.home + back[boarding.fleet])
            )
            away[:, g] += boarding.vehicles * ((starts >= empty) & (starts < full))
        for fleet, vehicles, home in self.along.list_on_the_road():
            g = names.index(fleet)
            away[:, g] += vehicles * (starts < home * self.problem.fleets[g].margin - _ALMOST)
        return away

    def cleared(self, way: list[UnderWay]) -> dict[str, float]:
        """Return trucks let through by each clearance, and those under way that will be."""
        gates = self.relief.supplies.gates
        used = self.relief.caravans.passes.gate_trucks[self.replicate].copy()
        for moved in way:
            for leg, after in moved.legs:
                if not leg.guarded or moved.convoy.known_end:
                    continue
                when = self.hour + after
                for g in leg.gates:
                    gate = gates[g]
                    fits = not gate.refused and gate.first <= when < gate.last
                    if fits and used[g] + moved.trucks <= gate.trucks:
                        used[g] += moved.trucks
                        break
        return {gate.id: float(trucks) for gate, trucks in zip(gates, used, strict=True)}

    def today(self) -> dict[str, float]:
        """Return how many convoys may still enter today by each slot."""
        supplies, passes, r = self.relief.supplies, self.relief.caravans.passes, self.replicate
        day = int((self.hour + supplies.start_hour + _ALMOST) // 24)
        used = passes.slot_used[r] if passes.today == day else np.zeros(len(supplies.slots))
        allowed = convoys_of_day(self.relief.inputs.convoys_per_day[r], day)
        return {slot.id: max(float(allowed[s] - used[s]), 0.0) for s, slot in enumerate(supplies.slots)}

    def entering(self, limit: Limit, way: list[UnderWay]) -> NDArray[np.float64]:
        """Return what is under way and enters a limited road in each period [T]: convoys by slots, or trucks.

        Rows of one party enter together. Where trucks are inspected both ways they are on their way back too. Of a
        service these are the departures that goods which wait for it fill.
        """
        roads, size_t = self.state.model.network.roads, self.problem.periods
        trucks: dict[tuple[int, int], float] = {}
        for moved in way:
            passes = [(leg, after, leg.outward) for leg, after in moved.legs]
            passes += [(leg, moved.home - back, not leg.outward) for leg, back in self._way_back(moved)]
            for leg, after, forward in passes:
                t = int(max(after, 0.0) / self.problem.period_hours + _ALMOST)
                if roads[leg.road] == limit.road and t < size_t and (limit.both_ways or forward == limit.forward):
                    key = (t, moved.convoy.party)
                    trucks[key] = trucks.get(key, 0.0) + moved.trucks
        entering = np.zeros(size_t)
        sizes = {moved.convoy.party: moved.convoy.most_trucks for moved in way}
        for (t, party), number in trucks.items():
            size = sizes[party]
            whole = 1.0 if math.isinf(size) else math.ceil(number / size - _ALMOST)
            entering[t] += whole if limit.kind == "slots" else number
        for fleet, t, loads in self.list_quays():
            entering[t] += math.ceil(loads.sum() / fleet.tonnes - _ALMOST) if fleet.id == limit.id else 0.0
        return entering

    def _way_back(self, moved: UnderWay) -> Iterator[tuple[Leg, float]]:
        """Go through the roads of a convoy's way back, each with the hours from entering it until it is home."""
        back = 0.0
        for leg in moved.convoy.legs:
            hours = self.relief.inputs.leg_hours(moved.convoy.fleet, leg)
            back += float(hours[self.replicate])
            if back <= moved.home + _ALMOST:
                yield leg, back

    def _reserve_fuel(self, stock: NDArray[np.float64], way: list[UnderWay]) -> NDArray[np.float64]:
        """Return the stock less the fuel that convoys under way will take for their way back where they arrive."""
        supplies, r = self.relief.supplies, self.replicate
        for moved in way:
            c = supplies.convoys.index(moved.convoy)
            stage = self.relief.caravans.stage[r, c]
            if supplies.fuel >= 0 and moved.convoy.refuels_at_goal and stage in (MOVING, WITHOUT_FUEL):
                p, k = self.at(moved.convoy.goal), self.items[supplies.fuel]
                litres = float(self.relief.inputs.litres[r, c])
                stock[p, k] = max(stock[p, k] - litres * self.tonnes[supplies.fuel], 0.0)
        return stock
