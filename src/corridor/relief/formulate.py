"""From a relief problem to one sparse matrix: a multi-commodity flow over a time-expanded network.

Stocks are arcs from a period to the next, loads are arcs from a base to a place some periods later, unmet
need is slack, and all items share trucks, slots, inspection, clearances and the fuel that the trucks burn.
Letters: T periods, S services, P places that hold goods, K items, N pairs of place and item that somebody
needs there, J steps of deprivation, G fleets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.entries import Entries, Variables
from corridor.relief.linear import Programme
from corridor.relief.objective import combine_objectives, price_objectives
from corridor.relief.routes import periods_until_arrival, trip_hours
from corridor.relief.seating import add_seating, open_seating
from corridor.relief.working import add_workings, find_workplaces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from corridor.relief.problem import Limit, ReliefProblem, Weights
    from corridor.relief.routes import Service
    from corridor.relief.working import Workings


@dataclass(frozen=True)
class Formulation(Variables):
    """A programme with the meaning of its variables and rows (arrays of their numbers).

    Rows: balance [T, P, K], fleet [T, G], limits [T] for each limit, clearances [1]. objectives: name -> costs of
    every variable. column_period and row_period: the period of each variable and row, NO_PERIOD if it has none;
    column_line and row_line: a number that those share which differ in their period only.
    """

    workings: Workings
    programme: Programme
    objectives: dict[str, NDArray[np.float64]]
    balance_rows: NDArray[np.int64]
    fleet_rows: NDArray[np.int64]
    limit_rows: dict[str, NDArray[np.int64]]
    clearance_rows: dict[str, NDArray[np.int64]]
    column_period: NDArray[np.int64]
    row_period: NDArray[np.int64]
    column_line: NDArray[np.int64]
    row_line: NDArray[np.int64]


def formulate(
    problem: ReliefProblem, services: tuple[Service, ...], weights: Weights, whole: bool = False
) -> Formulation:
    """Return the programme of a relief problem; with `whole`, trucks and convoys are whole numbers."""
    entries = Entries()
    made = _add_variables(entries, problem, services)
    balance_rows = _add_balances(entries, problem, made)
    add_seating(entries, problem, made, balance_rows)
    workings = add_workings(entries, problem, made, balance_rows)
    _add_capacity(entries, problem, made)
    fleet_rows = _add_fleets(entries, problem, made, whole)
    _add_dependence(entries, problem, made, balance_rows)
    limit_rows = _add_limits(entries, problem, made)
    clearance_rows = _add_clearances(entries, problem, made)
    steps = _add_deprivation(entries, problem, weights, made)
    worst = _add_worst_off(entries, problem, made)

    objectives = price_objectives(entries.column_count, problem, weights, made, workings, steps, worst)
    lower_rows, upper_rows = np.concatenate(entries.row_bounds, axis=1)
    integral = np.zeros(entries.column_count, dtype=np.bool_)
    for numbers in (made.trucks, *made.convoys.values()):
        integral[numbers] = True
    programme = Programme(
        combine_objectives(objectives, problem, weights),
        np.zeros(entries.column_count),
        np.concatenate(entries.column_bounds),
        entries.matrix(),
        lower_rows,
        upper_rows,
        integral if whole else None,
    )
    return Formulation(
        **vars(made),
        workings=workings,
        programme=programme,
        objectives=objectives,
        balance_rows=balance_rows,
        fleet_rows=fleet_rows,
        limit_rows=limit_rows,
        clearance_rows=clearance_rows,
        column_period=np.concatenate(entries.column_period),
        row_period=np.concatenate(entries.row_period),
        column_line=np.concatenate(entries.column_line),
        row_line=np.concatenate(entries.row_line),
    )


def _add_variables(entries: Entries, problem: ReliefProblem, services: tuple[Service, ...]) -> Variables:
    size_t, size_s, size_k = problem.periods, len(services), len(problem.items)
    holders = _find_holders(problem, services)
    pairs = np.argwhere((problem.people.max(axis=0)[:, None] > 0) & (problem.need > 0))
    possible = _find_open_departures(problem, services)
    most = np.where(possible, np.inf, 0.0)
    kept = np.array([item.kept for item in problem.items])
    load = entries.add_columns((size_t, size_s, size_k), np.where(kept, most[:, :, None], 0.0))
    trucks = entries.add_columns((size_t, size_s), most)
    held = entries.add_columns((size_t, len(holders), size_k), np.where(kept, np.inf, 0.0))
    short = entries.add_columns((size_t, len(pairs)), 1.0)
    convoys = _add_convoys(entries, problem, services, trucks)
    seating = open_seating(entries, problem, services, possible)
    return Variables(services, holders, pairs, load, trucks, convoys, held, short, seating)


def _find_holders(problem: ReliefProblem, services: tuple[Service, ...]) -> NDArray[np.int64]:
    used = {service.base for service in services} | {service.to for service in services}
    goods = (np.nan_to_num(problem.stock) > 0).any(axis=1) | (problem.supply > 0).any(axis=(0, 2))
    goods |= problem.unlimited.any(axis=1)
    goods |= (problem.people.max(axis=0)[:, None] * problem.need > 0).any(axis=1)
    goods |= bool(problem.for_leaving) & (problem.people.max(axis=0) > 0)
    used |= find_workplaces(problem)
    served = np.array([place in used for place in problem.places], dtype=np.bool_)
    return np.flatnonzero(np.asarray(goods) | served)


def _find_open_departures(problem: ReliefProblem, services: tuple[Service, ...]) -> NDArray[np.bool_]:
    """Tell [T, S] when a trip may start: roads open and cleared when it gets there, arrival in time."""
    possible = np.ones((problem.periods, len(services)), dtype=np.bool_)
    starts = np.arange(problem.periods)
    for s, service in enumerate(services):
        possible[:, s] &= starts + periods_until_arrival(problem, service) < problem.periods
        fleet = problem.fleets[service.fleet].id
        for leg in service.legs:
            road = problem.roads[leg.road]
            share = np.asarray(road.forward if leg.forward else road.backward) > 0.0
            enters = starts + int(leg.after / problem.period_hours + 1e-9)
            if road.needs_clearance:
                hours, cleared = starts * problem.period_hours + leg.after, np.zeros(problem.periods, dtype=np.bool_)
                for clearance in problem.clearances:
                    if clearance.road == road.id and clearance.fleet in ("*", fleet):
                        cleared |= (clearance.first <= enters) & (enters < clearance.last) & (hours < clearance.ends)
                possible[:, s] &= cleared
            possible[:, s] &= np.append(share, False)[np.minimum(enters, problem.periods)]
    return possible


def _add_balances(entries: Entries, problem: ReliefProblem, made: Variables) -> NDArray[np.int64]:
    """Goods are conserved: held - held before - arrivals + departures + fuel - unmet = supply - need."""
    size_t, pairs = problem.periods, made.pairs
    place_of = {problem.places[p]: row for row, p in enumerate(made.holders)}
    use = problem.use_per_period()
    right = problem.supply[:, made.holders] - use[:, made.holders]
    right[0] += np.nan_to_num(problem.stock[made.holders])
    rows = entries.add_rows(right.shape, right, right)
    entries.add(rows, made.held, 1.0)
    entries.add(rows[1:], made.held[:-1], -1.0)
    holder_of = {int(p): row for row, p in enumerate(made.holders)}
    at = np.array([holder_of[int(p)] for p, _ in pairs], dtype=np.int64)
    entries.add(rows[:, at, pairs[:, 1]], made.short, -use[:, pairs[:, 0], pairs[:, 1]])
    for p, k in np.argwhere(problem.unlimited):
        entries.add(rows[:, holder_of[int(p)], k], entries.add_columns((size_t,)), -1.0)
    fuel = [item.id for item in problem.items].index(problem.fuel) if problem.fuel else -1
    for s, service in enumerate(made.services):
        lag = periods_until_arrival(problem, service)
        entries.add(rows[:, place_of[service.base]], made.load[:, s], 1.0)
        entries.add(rows[lag:, place_of[service.to]], made.load[: size_t - lag, s], -1.0)
        fleet = problem.fleets[service.fleet]
        burned = fleet.litres_per_km * service.km * problem.items[fuel].tonnes_per_unit
        if fuel < 0 or burned == 0.0:
            continue
        ways = 1.0 if fleet.refuels_at_destination else 2.0
        entries.add(rows[:, place_of[service.base], fuel], made.trucks[:, s], ways * burned)
        if fleet.refuels_at_destination:
            entries.add(rows[lag:, place_of[service.to], fuel], made.trucks[: size_t - lag, s], burned)
    return rows


def _add_dependence(entries: Entries, problem: ReliefProblem, made: Variables, balance_rows: NDArray[np.int64]) -> None:
    """What depends on another item is used and made only as far as the other is met (rule 19).

    short >= dependence x short of the other; made x (1 - dependence x short of the other). Where the stock of the other
    is not known it limits nothing, as in a run.
    """
    pair_of = {(int(p), int(k)): n for n, (p, k) in enumerate(made.pairs)}
    each_period = problem.made_per_period()
    for k, item in enumerate(problem.items):
        other = problem.index_of(item.depends_on) if item.depends_on else -1
        for row, p in enumerate(made.holders):
            n = pair_of.get((int(p), other))
            if n is None or (np.isnan(problem.stock[p, other]) and not problem.unlimited[p, other]):
                continue
            entries.add(balance_rows[:, row, k], made.short[:, n], item.dependence * each_period[:, p, k])
            mine = pair_of.get((int(p), k))
            if mine is not None:
                rows = entries.add_rows((problem.periods,), 0.0, np.inf)
                entries.add(rows, made.short[:, mine], 1.0)
                entries.add(rows, made.short[:, n], -item.dependence)


def _add_capacity(entries: Entries, problem: ReliefProblem, made: Variables) -> None:
    """Loads fit on the trucks that carry them."""
    tonnes = np.array([problem.fleets[service.fleet].tonnes for service in made.services])
    rows = entries.add_rows(made.trucks.shape, -np.inf, 0.0)
    entries.add(rows[:, :, None], made.load, 1.0)
    entries.add(rows, made.trucks, -tonnes)


def _add_fleets(entries: Entries, problem: ReliefProblem, made: Variables, whole: bool) -> NDArray[np.int64]:
    """Trucks on the way out or back in a period are not more than the fleet has.

    Fractions are counted in truck-hours; a whole truck that comes back within a period leaves again in the next one.
    """
    have = problem.have_trucks()
    rows = entries.add_rows(have.shape, -np.inf, have)
    for s, service in enumerate(made.services):
        busy = trip_hours(problem, service) / problem.period_hours
        for later in range(min(int(np.ceil(busy - 1e-9)), problem.periods)):
            share = 1.0 if whole else min(busy - later, 1.0)
            entries.add(rows[later:, service.fleet], made.trucks[: problem.periods - later, s], share)
    return rows


def _add_convoys(
    entries: Entries, problem: ReliefProblem, services: tuple[Service, ...], trucks: NDArray[np.int64]
) -> dict[str, NDArray[np.int64]]:
    """Count the convoys [T, G] that enter each road with slots: trucks that enter together are one convoy."""
    numbers = {}
    for limit in problem.limits:
        if limit.kind != "slots":
            continue
        size = np.array([min(fleet.convoy_trucks, fleet.trucks) for fleet in problem.fleets])
        convoys = entries.add_columns((problem.periods, len(size)))
        rows = entries.add_rows(convoys.shape, -np.inf, 0.0)
        entries.add(rows, convoys, -size)
        for s, enters in find_entries(problem, services, limit):
            entries.add(rows[enters:, services[s].fleet], trucks[: problem.periods - enters, s], 1.0)
        numbers[limit.id] = convoys
    return numbers


def find_entries(problem: ReliefProblem, services: tuple[Service, ...], limit: Limit) -> Iterator[tuple[int, int]]:
    """Yield (service, periods after its start) for each time that a trip enters a limited road."""
    for s, service in enumerate(services):
        fleet = problem.fleets[service.fleet]
        for leg in service.legs:
            road = problem.roads[leg.road]
            if road.id != limit.road:
                continue
            back = 2.0 * service.hours + fleet.handling_hours - leg.after - fleet.hours_over(road)
            for hours, forward in ((leg.after, leg.forward), (back, not leg.forward)):
                enters = int(hours / problem.period_hours + 1e-9)
                if (limit.both_ways or forward == limit.forward) and enters < problem.periods:
                    yield s, enters


def _add_limits(entries: Entries, problem: ReliefProblem, made: Variables) -> dict[str, NDArray[np.int64]]:
    """What enters a limited road in a period stays within its slots or its inspection rate."""
    numbers = {}
    for limit in problem.limits:
        road = next(road for road in problem.roads if road.id == limit.road)
        # A slot is a permission: it is not halved on an alternating road, where what is inspected one way is.
        share = road.forward if limit.forward else road.backward
        if limit.both_ways or limit.kind == "slots":
            share = np.ones(problem.periods)
        rows = entries.add_rows((problem.periods,), -np.inf, limit.most * share)
        if limit.kind == "slots":
            entries.add(rows[:, None], made.convoys[limit.id], 1.0)
        else:
            for s, enters in find_entries(problem, made.services, limit):
                entries.add(rows[enters:], made.trucks[: problem.periods - enters, s], 1.0)
        numbers[limit.id] = rows
    return numbers


def _add_clearances(entries: Entries, problem: ReliefProblem, made: Variables) -> dict[str, NDArray[np.int64]]:
    """A clearance for a number of trucks is used by no more, over all the time it is in force."""
    numbers = {}
    for clearance in problem.clearances:
        if not np.isfinite(clearance.trucks):
            continue
        row = numbers[clearance.id] = entries.add_rows((1,), -np.inf, clearance.trucks, None)
        for s, service in enumerate(made.services):
            if clearance.fleet not in ("*", problem.fleets[service.fleet].id):
                continue
            for leg in service.legs:
                if problem.roads[leg.road].id == clearance.road:
                    enters = int(leg.after / problem.period_hours + 1e-9)
                    first, last = max(clearance.first - enters, 0), max(clearance.last - enters, 0)
                    entries.add(row, made.trucks[first:last, s], 1.0)
    return numbers


def _add_deprivation(entries: Entries, problem: ReliefProblem, weights: Weights, made: Variables) -> NDArray[np.int64]:
    """Return [J + 1, T, N] the hours without so far, cut at the bends of the weights.

    hours >= hours before + period x short - recovery x period x (1 - short), never below zero; the hours are
    the sum of the steps, and since later steps cost more they fill in order.
    """
    pairs, short = made.pairs, made.short
    bends = [hours for hours, _ in weights.deprivation]
    if not bends or not len(pairs):
        return np.zeros((0, *short.shape), dtype=np.int64)
    widths = np.diff([0.0, *bends, np.inf])
    steps = entries.add_columns((len(widths), *short.shape), widths[:, None, None], 1)
    hours = problem.period_hours
    right = np.full(short.shape, -weights.recovery * hours)
    right[0] += problem.without[pairs[:, 0], pairs[:, 1]]
    rows = entries.add_rows(short.shape, right, np.inf)
    entries.add(rows, steps, 1.0)
    entries.add(rows[1:], steps[:, :-1], -1.0)
    entries.add(rows, short, -hours * (1.0 + weights.recovery))
    return steps


def _add_worst_off(entries: Entries, problem: ReliefProblem, made: Variables) -> NDArray[np.int64]:
    """Return the variable that is at least every place's hours without life-saving items, weighted."""
    pairs, short = made.pairs, made.short
    worst = entries.add_columns((1,), axis=None)
    weight = np.array([item.weight if item.life_saving else 0.0 for item in problem.items])
    for p in np.unique(pairs[:, 0]):
        row = entries.add_rows((1,), 0.0, np.inf, None)
        entries.add(row, worst, 1.0)
        mine = np.flatnonzero(pairs[:, 0] == p)
        present = problem.people[:, p, None] > 0
        entries.add(row, short[:, mine], -problem.period_hours * weight[pairs[mine, 1]] * present)
    return worst
