"""Seats out in a plan's programme (rule 38): who of those who wait is taken along by which trips, and who waits on.

Letters as in formulate: T periods, S services; Q places and groups that wait, J trips of a service that take a group.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corridor.relief.entries import Entries, Variables
    from corridor.relief.problem import ReliefProblem
    from corridor.relief.routes import Service


@dataclass(frozen=True)
class Seating:
    """Numbers of variables: queue [T, Q] who waits at the end of a period, taken [T, J] by trips that begin in one.

    cells [Q, 2] are place and group, rides [J, 2] service and number among the cells. level [T, Q] wait when nothing is
    sent, the share `staying` [T, Q] of those who waited before does so on.
    """

    cells: NDArray[np.int64]
    rides: NDArray[np.int64]
    queue: NDArray[np.int64]
    taken: NDArray[np.int64]
    level: NDArray[np.float64]
    staying: NDArray[np.float64]

    def at(self, place: int) -> NDArray[np.int64]:
        """Return the numbers of the cells of a place."""
        return np.flatnonzero(self.cells[:, 0] == place)


def open_seating(
    entries: Entries, problem: ReliefProblem, services: Sequence[Service], possible: NDArray[np.bool_]
) -> Seating:
    """Add the variables; `possible` [T, S] are the departures that there may be. None where nobody waits."""
    size_t, waiting = problem.periods, problem.waiting
    if waiting is None:
        nobody = np.zeros((0, 2), dtype=np.int64), np.zeros((0, 2), dtype=np.int64)
        none = np.zeros((size_t, 0))
        return Seating(*nobody, none.astype(np.int64), none.astype(np.int64), none, none)
    cells = waiting.cells
    rides = [
        (s, q)
        for s, service in enumerate(services)
        for q, (p, u) in enumerate(cells)
        if problem.places[p] == service.to and u in waiting.boards.get(problem.fleets[service.fleet].id, ())
    ]
    most = np.zeros((size_t, len(rides)))
    for j, (s, q) in enumerate(rides):
        lag = periods_until_boarding(problem, services[s])
        may_go = waiting.may_go[lag:, cells[q, 0], cells[q, 1]]
        most[: len(may_go), j] = np.where(possible[: len(may_go), s] & may_go, np.inf, 0.0)
    places, groups = cells.T
    level = waiting.level[:, places, groups]
    return Seating(
        cells,
        np.array(rides, dtype=np.int64).reshape(-1, 2),
        entries.add_columns(level.shape, level),  # nobody waits who would not if nothing were sent
        entries.add_columns(most.shape, most),
        level,
        waiting.staying[:, places, groups],
    )


def periods_until_boarding(problem: ReliefProblem, service: Service) -> int:
    """Return how many periods after that in which it leaves a vehicle is unloaded."""
    hours = service.hours + problem.fleets[service.fleet].handling_hours
    return int(hours / problem.period_hours + 1e-9)


def add_seating(entries: Entries, problem: ReliefProblem, made: Variables, balance: NDArray[np.int64]) -> None:
    """Those taken have a seat and have waited; those who are gone use nothing and lack nothing.

    queue >= staying x queue before + who comes to wait - taken; at most so many go short as are there still.
    """
    seating, size_t = made.seating, problem.periods
    if not len(seating.cells):
        return
    before = np.concatenate([np.zeros((1, len(seating.cells))), seating.level[:-1]])
    rows = entries.add_rows(seating.queue.shape, seating.level - seating.staying * before, np.inf)
    entries.add(rows, seating.queue, 1.0)
    entries.add(rows[1:], seating.queue[:-1], -seating.staying[1:])
    for j, (s, q) in enumerate(seating.rides):
        lag = periods_until_boarding(problem, made.services[s])
        entries.add(rows[lag:, q], seating.taken[: max(size_t - lag, 0), j], 1.0)
    for s in np.unique(seating.rides[:, 0]):
        mine = np.flatnonzero(seating.rides[:, 0] == s)
        room = entries.add_rows((size_t,), -np.inf, 0.0)
        entries.add(room[:, None], seating.taken[:, mine], 1.0)
        entries.add(room, made.trucks[:, s], -problem.fleets[made.services[s].fleet].seats_out)
    _let_the_gone_use_nothing(entries, problem, made, balance)


def _let_the_gone_use_nothing(
    entries: Entries, problem: ReliefProblem, made: Variables, balance: NDArray[np.int64]
) -> None:
    row_of = {int(p): row for row, p in enumerate(made.holders)}
    for n, (p, k) in enumerate(made.pairs):
        if not len(made.seating.at(int(p))):
            continue
        each = problem.need[p, k] * problem.period_hours / 24.0
        add_gone(entries, problem, made.seating, int(p), balance[:, row_of[int(p)], k], -each)
        rows = entries.add_rows((problem.periods,), -np.inf, 1.0)
        entries.add(rows, made.short[:, n], 1.0)
        add_gone_share(entries, problem, made.seating, int(p), rows)


def add_gone(
    entries: Entries,
    problem: ReliefProblem,
    seating: Seating,
    place: int,
    rows: NDArray[np.int64],
    factor: float | NDArray[np.float64],
) -> None:
    """Add to rows [T] the people who are gone from a place, times a factor or one for each period.

    Those who take supplies along for some days are as if they left so much later.
    """
    days = 0.0 if problem.waiting is None else problem.waiting.carried_days
    mine, lag = seating.at(place), round(days * 24.0 / problem.period_hours)
    last = problem.periods - lag
    if not len(mine) or last <= 0:
        return
    each = np.broadcast_to(factor, rows.shape)[lag:]
    entries.shift(rows[lag:], -each * seating.level[:last, mine].sum(axis=1))
    entries.add(rows[lag:, None], seating.queue[:last, mine], -each[:, None])


def add_gone_share(
    entries: Entries, problem: ReliefProblem, seating: Seating, place: int, rows: NDArray[np.int64]
) -> None:
    """Add to rows [T] what share of the people expected at a place is gone."""
    people = np.maximum(problem.people[:, place], seating.level[:, seating.at(place)].sum(axis=1))
    share = np.divide(1.0, people, out=np.zeros_like(people), where=people > 0.0)
    add_gone(entries, problem, seating, place, rows, share)
