"""The programme's optimum against one written anew: arcs in dictionaries, solved by scipy, on generated problems."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from math import ceil

import numpy as np
import pytest
from scipy.optimize import linprog

from corridor.relief.plan import make_plan
from corridor.relief.problem import Clearance, Item, ReliefProblem, Weights
from corridor.relief.routes import find_services
from corridor.relief.works import Facility, Plant

from .examples import towns_behind_a_bridge


class Model:
    """Variables and rows by name; rows are read as `sum of coefficient x variable (= or <=) right side`."""

    def __init__(self) -> None:
        self.columns: dict[tuple, int] = {}
        self.cost: dict[tuple, float] = defaultdict(float)
        self.most: dict[tuple, float] = {}
        self.equal: dict[tuple, tuple[dict[tuple, float], float]] = {}
        self.less: list[tuple[dict[tuple, float], float]] = []

    def variable(self, *name: object, most: float = np.inf) -> tuple:
        if name not in self.columns:
            self.columns[name] = len(self.columns)
            self.most[name] = most
        return name

    def solve(self) -> float:
        def table(rows: list[tuple[dict[tuple, float], float]]) -> tuple[np.ndarray, np.ndarray]:
            matrix = np.zeros((len(rows), len(self.columns)))
            for number, (terms, _) in enumerate(rows):
                for name, value in terms.items():
                    matrix[number, self.columns[name]] += value
            return matrix, np.array([right for _, right in rows])

        costs = np.zeros(len(self.columns))
        for name, value in self.cost.items():
            costs[self.columns[name]] += value
        matrix, right = table(list(self.equal.values()))
        upper, most = table(self.less)
        bounds = [(0.0, None if np.isinf(self.most[name]) else self.most[name]) for name in self.columns]
        found = linprog(costs, upper, most, matrix, right, bounds, method="highs-ds")
        assert found.status == 0, found.message
        return float(found.fun)


def add_up(*terms: tuple[tuple, float]) -> dict[tuple, float]:
    total: dict[tuple, float] = defaultdict(float)
    for name, value in terms:
        total[name] += value
    return total


def optimum(problem: ReliefProblem, weights: Weights) -> float:
    """Return the least weighted hours, from the rules as docs/relief.md states them."""
    model, hours = Model(), problem.period_hours
    times, places, items = range(problem.periods), problem.places, {item.id: item for item in problem.items}
    at, of = {p: n for n, p in enumerate(places)}, {item.id: n for n, item in enumerate(problem.items)}
    planned = float(problem.people.mean(axis=0).sum())
    out: dict[tuple, dict[tuple, float]] = {(t, p, i): defaultdict(float) for t in times for p in places for i in items}
    right: dict[tuple, float] = {}
    wants: dict[tuple[str, str], list[tuple[int, str, float]]] = defaultdict(list)
    known = {
        (p, i): bool(problem.unlimited[at[p], of[i]] or not np.isnan(problem.stock[at[p], of[i]]))
        for p in places
        for i in items
    }

    def price(name: tuple, item: Item, heads: float) -> None:
        model.cost[name] += heads * hours * item.weight * (weights.life_saving if item.life_saving else weights.other)

    for t, p, i in out:
        stock = 0.0 if t else float(np.nan_to_num(problem.stock[at[p], of[i]]))
        right[t, p, i] = -float(problem.supply[t, at[p], of[i]]) - stock
        row = out[t, p, i]
        if items[i].kept:
            row[model.variable("held", t, p, i)] += 1.0
            if t:
                row[model.variable("held", t - 1, p, i)] -= 1.0
        else:
            row[model.variable("lost", t, p, i)] += 1.0
        if problem.unlimited[at[p], of[i]]:
            row[model.variable("endless", t, p, i)] -= 1.0
        need = float(problem.people[t, at[p]] * problem.need[at[p], of[i]]) * hours / 24.0
        if problem.people[:, at[p]].max() > 0 and problem.need[at[p], of[i]] > 0:
            name = model.variable("without", t, p, i, most=1.0)
            row[name] -= need
            price(name, items[i], problem.people[t, at[p]])
            if t == 0:
                wants[p, i].append((5, "without", 0.0))
        right[t, p, i] += need  # the row is read: leaves + held - comes = -right
    for number, facility in enumerate(problem.facilities):
        wants[facility.place, facility.item].append((facility.priority, f"facility{number}", 0.0))
        for t in times:
            name = model.variable(f"facility{number}", t, facility.place, facility.item, most=1.0)
            out[t, facility.place, facility.item][name] -= facility.per_day * hours / 24.0
            right[t, facility.place, facility.item] += facility.per_day * hours / 24.0
            price(name, items[facility.item], max(facility.people, 1.0))
    for (p, i), users in wants.items():
        for first, one, _ in users:
            for then, other, _ in users:
                if one != other and first <= then:
                    for t in times:
                        model.less.append(({(one, t, p, i): 1.0, (other, t, p, i): -1.0}, 0.0))
            link = items[i].depends_on
            if link and ("without", 0, p, link) in model.columns and known[p, link]:
                for t in times:
                    model.less.append(({("without", t, p, link): items[i].dependence, (one, t, p, i): -1.0}, 0.0))
    for p, i in known:
        link = items[i].depends_on
        if problem.made is not None and link and ("without", 0, p, link) in model.columns and known[p, link]:
            for t in times:
                out[t, p, i]["without", t, p, link] += problem.made[at[p], of[i]] * hours / 24.0 * items[i].dependence
    made_for: dict[tuple, dict[tuple, float]] = defaultdict(lambda: defaultdict(float))
    for plant in problem.plants:
        for t in times:
            makes = [model.variable("makes", t, plant.id, q) for q in plant.serves or (plant.place,)]
            model.less.append((dict.fromkeys(makes, 1.0), float(plant.most[t])))
            for name in makes:
                out[t, name[3], plant.makes][name] -= 1.0
                made_for[t, name[3], plant.makes][name] += 1.0
                for i, amount in plant.uses:
                    if known[plant.place, i]:
                        out[t, plant.place, i][name] += amount
    for (t, q, i), terms in made_for.items():
        used = 0.0
        for _, kind, _ in wants[q, i]:
            amount = -out[t, q, i][kind, t, q, i]
            used += amount
            terms[kind, t, q, i] += amount
        for plant in problem.plants:
            for j, amount in plant.uses:
                if plant.place == q and j == i:
                    for served in plant.serves or (plant.place,):
                        terms["makes", t, plant.id, served] -= amount
        model.less.append((terms, used))
    add_leavers(problem, model, out, right, price)
    add_trucks(problem, weights, model, out)
    add_hardship(problem, weights, model)
    for p in places:
        terms = {
            ("without", t, p, i): hours * items[i].weight * items[i].life_saving
            for t in times
            for i in items
            if ("without", t, p, i) in model.columns and problem.people[t, at[p]] > 0
        }
        model.less.append(({**terms, model.variable("worst"): -1.0}, 0.0))
    model.cost["worst",] += weights.worst_off * planned
    for key, terms in out.items():
        model.equal[key] = (terms, -right[key])
    return model.solve()


def add_leavers(problem: ReliefProblem, model: Model, out: dict, right: dict, price: object) -> None:
    if not problem.for_leaving or problem.leaving is None:
        return
    fuel, item = problem.for_leaving, next(i for i in problem.items if i.id == problem.for_leaving)
    for n, p in enumerate(problem.places):
        go = problem.leavers()[:, n]
        if not go.any() or np.isnan(problem.stock[n, problem.index_of(fuel)]) or problem.leaving[n] <= 0:
            continue
        for t in range(problem.periods):
            now = model.variable("waits", t, p)
            before = {("waits", t - 1, p): 1.0} if t else {}
            model.less.append((add_up((now, 1.0), *((name, -1.0) for name in before)), float(go[t])))
            out[t, p, fuel][now] -= problem.leaving[n]
            for name in before:
                out[t, p, fuel][name] += problem.leaving[n]
            right[t, p, fuel] += go[t] * problem.leaving[n]
            price(now, item, 1.0)  # type: ignore[operator]


def add_trucks(problem: ReliefProblem, weights: Weights, model: Model, out: dict) -> None:
    """Add each trip of each way in each period in which it can start, and what trips share."""
    hours, fuel = problem.period_hours, problem.fuel
    tonnes = {item.id: item.tonnes_per_unit for item in problem.items}
    busy: dict[tuple, dict[tuple, float]] = defaultdict(lambda: defaultdict(float))
    enters: dict[tuple, dict[tuple, float]] = defaultdict(lambda: defaultdict(float))
    cleared: dict[str, dict[tuple, float]] = defaultdict(lambda: defaultdict(float))
    for s, way in enumerate(find_services(problem)):
        fleet = problem.fleets[way.fleet]
        trip = (2 * way.hours + fleet.handling_hours) * fleet.margin / hours
        lag = ceil(way.hours / hours - 1e-9)
        for t in range(problem.periods):
            steps = [(leg, t + int(leg.after / hours + 1e-9)) for leg in way.legs]
            if t + lag >= problem.periods or not all(_may(problem, fleet.id, leg, when) for leg, when in steps):
                continue
            trucks = model.variable("trucks", t, s)
            model.cost[trucks] += weights.truck_trip + weights.cost * 2 * way.km * fleet.cost_per_km
            loads = [model.variable("load", t, s, item.id) for item in problem.items if item.kept]
            model.less.append(({**dict.fromkeys(loads, 1.0), trucks: -fleet.tonnes}, 0.0))
            for load in loads:
                model.cost[load] += weights.lateness * t * hours / 24.0
                out[t, way.base, load[3]][load] += 1.0
                out[t + lag, way.to, load[3]][load] -= 1.0
            if fuel:
                burn = fleet.litres_per_km * way.km * tonnes[fuel]
                out[t, way.base, fuel][trucks] += burn * (1 if fleet.refuels_at_destination else 2)
                if fleet.refuels_at_destination:
                    out[t + lag, way.to, fuel][trucks] += burn
            for later in range(t, problem.periods):
                busy[later, way.fleet][trucks] += min(max(trip - (later - t), 0.0), 1.0)
            for leg, when in steps:
                road = problem.roads[leg.road]
                back = t + int((2 * way.hours + fleet.handling_hours - leg.after - road.hours) / hours + 1e-9)
                for moment, forward in ((when, leg.forward), (back, not leg.forward)):
                    enters[moment, road.id, forward, way.fleet][trucks] += 1.0
                for clearance in problem.clearances:
                    if (
                        clearance.road == road.id
                        and clearance.fleet in ("*", fleet.id)
                        and clearance.first <= when < clearance.last
                    ):
                        cleared[clearance.id][trucks] += 1.0
    for (_, f), terms in busy.items():
        model.less.append((dict(terms), problem.fleets[f].trucks))
    for clearance in problem.clearances:
        if clearance.id in cleared and np.isfinite(clearance.trucks):
            model.less.append((dict(cleared[clearance.id]), clearance.trucks))
    for limit in problem.limits:
        _add_limit(problem, model, limit, enters)


def _may(problem: ReliefProblem, fleet: str, leg: object, when: int) -> bool:
    road = problem.roads[leg.road]  # type: ignore[attr-defined]
    share = road.forward if leg.forward else road.backward  # type: ignore[attr-defined]
    if when >= problem.periods or share[when] <= 0:
        return False
    return not road.needs_clearance or any(
        c.road == road.id and c.fleet in ("*", fleet) and c.first <= when < c.last for c in problem.clearances
    )


def _add_limit(problem: ReliefProblem, model: Model, limit: object, enters: dict) -> None:
    for t in range(problem.periods):
        total: dict[tuple, float] = defaultdict(float)
        for f, fleet in enumerate(problem.fleets):
            mine: dict[tuple, float] = defaultdict(float)
            for forward in (True, False):
                if limit.both_ways or forward == limit.forward:  # type: ignore[attr-defined]
                    for name, value in enters.get((t, limit.road, forward, f), {}).items():  # type: ignore[attr-defined]
                        mine[name] += value
            if limit.kind == "slots":  # type: ignore[attr-defined]
                convoys = model.variable("convoys", limit.id, t, f)  # type: ignore[attr-defined]
                model.less.append(({**mine, convoys: -min(fleet.convoy_trucks, fleet.trucks)}, 0.0))
                total[convoys] += 1.0
            else:
                for name, value in mine.items():
                    total[name] += value
        road = next(road for road in problem.roads if road.id == limit.road)  # type: ignore[attr-defined]
        share = 1.0
        if limit.kind != "slots" and not limit.both_ways:  # type: ignore[attr-defined]
            share = float((road.forward if limit.forward else road.backward)[t])  # type: ignore[attr-defined]
        model.less.append((dict(total), float(limit.most[t]) * share))  # type: ignore[attr-defined]


def add_hardship(problem: ReliefProblem, weights: Weights, model: Model) -> None:
    """Hours without: above each bend every hour lived so costs more; one variable for the hours, one for each excess."""
    hours = problem.period_hours
    for name in [name for name in model.columns if name[0] == "without"]:
        _, t, p, i = name
        n, k = problem.places.index(p), problem.index_of(i)
        item = problem.items[k]
        now = model.variable("hours", t, p, i)
        terms = {now: -1.0, name: hours * (1.0 + weights.recovery)}
        start = float(problem.without[n, k]) if t == 0 else 0.0
        if t:
            terms["hours", t - 1, p, i] = 1.0
        model.less.append((terms, weights.recovery * hours - start))
        factor = weights.life_saving if item.life_saving else weights.other
        for number, (bend, extra) in enumerate(weights.deprivation):
            over = model.variable("over", number, t, p, i)
            model.less.append(({now: 1.0, over: -1.0}, bend))
            model.cost[over] += problem.people[t, n] * hours * item.weight * extra / 24.0 * factor


def drawn_problem(seed: int) -> ReliefProblem:
    """Return a problem with dependence, plants, facilities, a flow, fuel for leaving and clearances, as the seed has it."""
    draw = np.random.default_rng(seed)
    problem = towns_behind_a_bridge(seed, periods=int(draw.integers(8, 13)), towns=int(draw.integers(1, 4)))
    size_t, size_p = problem.periods, len(problem.places)
    extra = (
        Item("power", weight=float(draw.choice([0.0, 0.7])), kept=bool(draw.integers(0, 2))),
        Item("water", depends_on="power", dependence=float(draw.choice([0.5, 1.0]))),
    )
    need = np.hstack([problem.need, np.zeros((size_p, 2))])
    need[3:, 4:] = np.array([0.1, 15.0]) / 1000.0
    made = np.zeros((size_p, 6))
    made[3:, 5] = need[3:, 5] * problem.people[0, 3:] * draw.uniform(0.5, 1.3, size_p - 3)
    wide = ((0, 0), (0, 2))
    supply = np.pad(problem.supply, ((0, 0), *wide)) + made * problem.period_hours / 24.0
    stock = np.pad(problem.stock, wide)
    if draw.integers(0, 3) == 0:
        stock[3, 4] = np.nan
    people = np.sort(problem.people, axis=0)[::-1].copy()
    plants, facilities = [], []
    towns = problem.places[3:]
    for number, town in enumerate(towns):
        power = float(need[3 + number, 4] * people[0, 3 + number]) * problem.period_hours / 24.0
        most = np.full(size_t, power) * draw.uniform(0.3, 1.5) * (draw.uniform(size=size_t) > 0.2)
        served = towns if draw.integers(0, 2) else (town,)
        plants.append(
            Plant(f"generator{number}", town, "power", most, (("diesel", 0.8),), served, int(draw.integers(1, 7)))
        )
        if draw.integers(0, 2):
            pumped = np.full(size_t, float(need[3 + number, 5] * people[0, 3 + number]) * problem.period_hours / 24.0)
            plants.append(Plant(f"pump{number}", town, "water", pumped, (("power", 0.001),)))
        what = str(draw.choice(["power", "diesel", "water"]))
        facilities.append(Facility(f"hospital{number}", town, what, power * 2.0, int(draw.choice([1, 5, 8])), 300.0))
    clearances = (Clearance("some", "lorries", "inner", 1, 7, 5.0), Clearance("all", "*", "inner", 6, 99))
    inner = replace(problem.roads[1], needs_clearance=bool(draw.integers(0, 2)))
    return replace(
        problem, items=(*problem.items, *extra), need=need, supply=supply, steady=np.tile(made, (size_t, 1, 1)) * problem.period_hours / 24.0,
        made=made, stock=stock, people=people, unlimited=np.pad(problem.unlimited, wide), without=np.pad(problem.without, wide),
        plants=tuple(plants), facilities=tuple(facilities), clearances=clearances,
        roads=(problem.roads[0], inner, *problem.roads[2:]),
        for_leaving="diesel" if draw.integers(0, 2) else "", leaving=np.full(size_p, 0.0015),
    )  # fmt: skip


def agree(seed: int) -> None:
    problem, weights = drawn_problem(seed), Weights()
    assert make_plan(problem, weights, whole=False).objective == pytest.approx(optimum(problem, weights), rel=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_the_optimum_is_that_of_a_programme_written_anew(seed: int) -> None:
    agree(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6, 100))
def test_the_optimum_is_that_of_a_programme_written_anew_on_many_problems(seed: int) -> None:
    agree(seed)
