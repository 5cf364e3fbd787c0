"""Plants, facilities, flows and those who leave in a plan's programme (rule 36): variables, rows, entries.

Letters as in formulate: T periods, M plants, F facilities; J pairs of a plant and a place it serves, L places that
people leave.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.seating import add_gone, add_gone_share
from corridor.relief.works import OF_PEOPLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.entries import Entries, Variables
    from corridor.relief.problem import ReliefProblem


@dataclass(frozen=True)
class Workings:
    """Numbers of the variables of plants, facilities, flows and those who leave.

    made [T, J]: tonnes for each pair of `serving` [J, 2], plant and place. facility_short [T, F]: share of use unmet.
    lost [T, cells]: of flows. waiting [T, L]: people who wait for fuel at places `leaving` [L].
    """

    serving: NDArray[np.int64]
    made: NDArray[np.int64]
    facility_short: NDArray[np.int64]
    lost: NDArray[np.int64]
    leaving: NDArray[np.int64]
    waiting: NDArray[np.int64]


def find_workplaces(problem: ReliefProblem) -> set[str]:
    """Return the places where something is made, used beside people, or of which a flow is made."""
    places = {facility.place for facility in problem.facilities}
    for plant in problem.plants:
        places |= {plant.place, *plant.serves}
    return places


def add_workings(entries: Entries, problem: ReliefProblem, made: Variables, balance: NDArray[np.int64]) -> Workings:
    """Add plants, facilities, flows and those who leave to a programme whose balances [T, P, K] stand."""
    row_of = {problem.places[p]: row for row, p in enumerate(made.holders)}
    serving, making = _add_plants(entries, problem, balance, row_of)
    facility_short = _add_facilities(entries, problem, made, balance, row_of)
    _add_priorities(entries, problem, made, facility_short)
    _add_nothing_to_store(entries, problem, made, (serving, making), facility_short)
    flows = [k for k, item in enumerate(problem.items) if not item.kept]
    cells = balance[:, :, flows].reshape(problem.periods, -1)
    lost = entries.add_columns(cells.shape)
    entries.add(cells, lost, 1.0)
    leaving, waiting = _add_leavers(entries, problem, balance, row_of)
    return Workings(serving, making, facility_short, lost, leaving, waiting)


def _add_plants(
    entries: Entries, problem: ReliefProblem, balance: NDArray[np.int64], row_of: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """A plant makes at most its most for all places it serves, and uses its inputs where it stands.

    An input whose stock is not known limits no plant.
    """
    size_t, place = problem.periods, {name: p for p, name in enumerate(problem.places)}
    pairs = [(m, q) for m, plant in enumerate(problem.plants) for q in dict.fromkeys(plant.serves) or (plant.place,)]
    making = entries.add_columns((size_t, len(pairs)))
    most = np.array([plant.most for plant in problem.plants]).reshape(-1, size_t).T
    rows = entries.add_rows(most.shape, -np.inf, most)
    for j, (m, served) in enumerate(pairs):
        plant = problem.plants[m]
        entries.add(rows[:, m], making[:, j], 1.0)
        entries.add(balance[:, row_of[served], problem.index_of(plant.makes)], making[:, j], -1.0)
        for name, amount in plant.uses:
            k, p = problem.index_of(name), place[plant.place]
            if problem.unlimited[p, k] or not np.isnan(problem.stock[p, k]):
                entries.add(balance[:, row_of[plant.place], k], making[:, j], amount)
    return np.array([(m, place[q]) for m, q in pairs], dtype=np.int64).reshape(-1, 2), making


def _add_facilities(
    entries: Entries, problem: ReliefProblem, made: Variables, balance: NDArray[np.int64], row_of: dict[str, int]
) -> NDArray[np.int64]:
    """A facility uses what it needs but for a share unmet, which is at least what rule 19 makes it."""
    short = entries.add_columns((problem.periods, len(problem.facilities)), 1.0)
    place = {name: p for p, name in enumerate(problem.places)}
    pair_of = {(int(p), int(k)): n for n, (p, k) in enumerate(made.pairs)}
    for f, facility in enumerate(problem.facilities):
        k, p = problem.index_of(facility.item), place[facility.place]
        need = facility.per_day * problem.period_hours / 24.0
        rows = balance[:, row_of[facility.place], k]
        entries.add(rows, short[:, f], -need)
        entries.shift(rows, -need)
        other = problem.index_of(problem.items[k].depends_on)
        n = pair_of.get((p, other))
        if n is not None and (problem.unlimited[p, other] or not np.isnan(problem.stock[p, other])):
            rows = entries.add_rows((problem.periods,), 0.0, np.inf)
            entries.add(rows, short[:, f], 1.0)
            entries.add(rows, made.short[:, n], -problem.items[k].dependence)
    return short


def _add_nothing_to_store(
    entries: Entries,
    problem: ReliefProblem,
    made: Variables,
    plants: tuple[NDArray[np.int64], NDArray[np.int64]],
    facility_short: NDArray[np.int64],
) -> None:
    """A plant makes nothing to lie in store or to be sent: for a place no more than is used there in the period."""
    serving, making = plants
    use = problem.use_per_period()
    for q, k in sorted({(int(q), problem.index_of(problem.plants[m].makes)) for m, q in serving}):
        need = np.array(use[:, q, k])
        terms: list[tuple[NDArray[np.int64], float | NDArray[np.float64]]] = []
        for j, (m, served) in enumerate(serving):
            plant = problem.plants[m]
            if served == q and problem.index_of(plant.makes) == k:
                terms.append((making[:, j], 1.0))
            if plant.place == problem.places[q]:
                terms += [(making[:, j], -amount) for name, amount in plant.uses if problem.index_of(name) == k]
        terms += [(made.short[:, n], use[:, q, k]) for n, pair in enumerate(made.pairs) if tuple(pair) == (q, k)]
        for f, facility in enumerate(problem.facilities):
            if (facility.place, facility.item) == (problem.places[q], problem.items[k].id):
                need += facility.per_day * problem.period_hours / 24.0
                terms.append((facility_short[:, f], facility.per_day * problem.period_hours / 24.0))
        rows = entries.add_rows((problem.periods,), -np.inf, need)
        add_gone(entries, problem, made.seating, q, rows, problem.need[q, k] * problem.period_hours / 24.0)
        for columns, values in terms:
            entries.add(rows, columns, values)


def _add_priorities(
    entries: Entries, problem: ReliefProblem, made: Variables, facility_short: NDArray[np.int64]
) -> None:
    """Of those who use an item at a place nobody goes shorter than who comes after him; of one priority all alike."""
    users: dict[tuple[str, str], list[tuple[int, NDArray[np.int64]]]] = {}
    people = {int(number) for number in made.short.ravel()}
    place_of = {name: p for p, name in enumerate(problem.places)}
    for f, facility in enumerate(problem.facilities):
        users.setdefault((facility.place, facility.item), []).append((facility.priority, facility_short[:, f]))
    for n, (p, k) in enumerate(made.pairs):
        key = (problem.places[p], problem.items[k].id)
        if key in users:
            users[key].append((OF_PEOPLE, made.short[:, n]))
    for (name, _), alike in users.items():
        for (first, before), (then, after) in permutations(alike, 2):
            if first <= then:
                rows = entries.add_rows((problem.periods,), 0.0, np.inf)
                entries.add(rows, after, 1.0)
                entries.add(rows, before, -1.0)
                if int(after[0]) in people:  # those who are gone go short of nothing
                    add_gone_share(entries, problem, made.seating, place_of[name], rows)


def _add_leavers(
    entries: Entries, problem: ReliefProblem, balance: NDArray[np.int64], row_of: dict[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Who leaves takes fuel along or waits: waiting <= waiting before + leaving; the difference has taken its fuel."""
    k = problem.index_of(problem.for_leaving)
    each = np.zeros(len(problem.places)) if problem.leaving is None or k < 0 else problem.leaving
    leavers = problem.leavers()
    known = ~np.isnan(problem.stock[:, k]) & ~problem.unlimited[:, k] & (each > 0.0) & leavers.any(axis=0)
    places = np.flatnonzero(known)
    waiting = entries.add_columns((problem.periods, len(places)))
    for number, p in enumerate(places):
        fuel = balance[:, row_of[problem.places[p]], k]
        rows = entries.add_rows((problem.periods,), -np.inf, leavers[:, p])
        entries.add(rows, waiting[:, number], 1.0)
        entries.add(rows[1:], waiting[:-1, number], -1.0)
        entries.add(fuel, waiting[:, number], -float(each[p]))
        entries.add(fuel[1:], waiting[:-1, number], float(each[p]))
        entries.shift(fuel, -leavers[:, p] * each[p])
    return places, waiting


def price_workings(size: int, problem: ReliefProblem, workings: Workings, saving: bool) -> NDArray[np.float64]:
    """Return person-hours, weighted, that facilities' users and those who wait for fuel go without, for each variable.

    `saving` chooses life-saving items or the others. A facility for which no people are stated counts as one person.
    """
    costs = np.zeros(size)
    for f, facility in enumerate(problem.facilities):
        item = problem.items[problem.index_of(facility.item)]
        if item.life_saving == saving:
            costs[workings.facility_short[:, f]] = max(facility.people, 1.0) * problem.period_hours * item.weight
    if workings.waiting.size:
        item = problem.items[problem.index_of(problem.for_leaving)]
        if item.life_saving == saving:
            costs[workings.waiting] = problem.period_hours * item.weight
    return costs
