"""Whole trucks by worth: what fractions round down to, then truck after truck to where one is worth most.

After each round the loads are solved again, from the last basis: the reduced cost of a truck held at its number is
what one more of it would be worth. A truck is taken from where it is worth least if there is none to add. There is no
proof in it: how good it is, the bound of the whole says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from corridor.relief.linear import InfeasibleError, NoAnswerError, Solver

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.linear import Programme

NEARLY_WHOLE = 1e-6
MOST_ROUNDS = 3  # of adding and moving trucks in one view
MOST_TRIED = 40  # places to take a truck from, for each that is wanted
FIRST_MOVES = 8  # in a round; halved when a round made things worse


def round_by_worth(view: Programme, groups: NDArray[np.int64], least: float) -> NDArray[np.float64]:
    """Return values in which every variable marked as whole is one.

    `groups` says for each variable what it serves (a place, or below nought: convoys, held first): one round adds no
    more than one truck to each group, since one more there may make the next worth nothing. Worths up to `least` are
    let be. Raises NoAnswerError where no whole numbers are found.
    """
    solver = Solver(view)
    values = solver.run()
    whole = np.flatnonzero(np.zeros(len(values)) if view.whole is None else view.whole)
    room = _Room(view, whole)
    convoys = groups[whole] < 0
    _round(room, values[whole], convoys)
    search = _Search(view, solver, whole, room)
    if not search.settle():
        message = "whole numbers below those in fractions cannot be"
        raise NoAnswerError(message)
    trucks = np.flatnonzero(~convoys)
    moves, spared = FIRST_MOVES, np.zeros(len(whole), dtype=np.bool_)
    for _ in range(MOST_ROUNDS):
        taken = _send_more(room, trucks, search.worth, groups[whole], moves, least, spared)
        if taken is None:
            break
        if search.settle():
            continue
        if moves == 1:
            spared[taken] = True
            if not taken:
                break
        moves = max(moves // 4, 1)
    return search.values


def _round(room: _Room, values: NDArray[np.float64], convoys: NDArray[np.bool_]) -> None:
    """Round down, then up where there is room: first where there would be none at all, last the largest."""
    numbers = np.floor(values + NEARLY_WHOLE)
    part = values - numbers
    room.fill(np.flatnonzero(convoys), numbers, values)
    for i in np.flatnonzero(~convoys & (numbers > 0.0)):
        while numbers[i] > 0.0 and not room.try_move(int(i), numbers[i]):
            numbers[i] -= 1.0
    fractions = np.flatnonzero(~convoys & (part > NEARLY_WHOLE))
    for i in fractions[np.argsort((numbers - 0.5 * part)[fractions], kind="stable")]:
        room.try_move(int(i), 1.0)


class _Search:
    """The best whole numbers so far, their loads, and what one more of each would be worth."""

    def __init__(self, view: Programme, solver: Solver, whole: NDArray[np.int64], room: _Room) -> None:
        self._costs, self._solver, self._whole, self._room = view.costs, solver, whole, room
        self._numbers = room.numbers.copy()
        self._best = np.inf
        self.values = np.zeros(0)
        self.worth = np.zeros(0)

    def settle(self) -> bool:
        """Solve the loads for the numbers in the room; keep them if they are better, else go back; tell which."""
        self._solver.fix(self._whole, self._room.numbers)
        try:
            values = self._solver.run()
            objective = float(self._costs @ values)
        except InfeasibleError:
            objective = np.inf
        if objective < self._best - NEARLY_WHOLE:
            self._best, self.values, self._numbers = objective, values, self._room.numbers.copy()
            self.worth = -self._solver.reduced_costs()[self._whole]
            return True
        self._room.reset(self._numbers)
        return False


def _send_more(
    room: _Room,
    trucks: NDArray[np.int64],
    worth: NDArray[np.float64],
    groups: NDArray[np.int64],
    moves: int,
    least: float,
    spared: NDArray[np.bool_],
) -> list[int] | None:
    """Add trucks where they are worth most, at most `moves` and one to each group; return from where some were taken.

    None: there was nothing to add.
    """
    order = trucks[np.argsort(-worth[trucks], kind="stable")]
    cheapest = trucks[np.argsort(worth[trucks], kind="stable")]
    served: set[int] = set()
    taken: list[int] = []
    for i in order[worth[order] > least]:
        if len(served) >= moves:
            break
        if int(groups[i]) in served:
            continue
        if room.try_move(int(i), 1.0):
            served.add(int(groups[i]))
            continue
        other = _take_from(room, int(i), cheapest, worth, spared)
        if other is not None:
            served.add(int(groups[i]))
            taken.append(other)
    return taken if served else None


def _take_from(
    room: _Room, wanted: int, cheapest: NDArray[np.int64], worth: NDArray[np.float64], spared: NDArray[np.bool_]
) -> int | None:
    """Move a truck from where one more is worth least to `wanted`, if that makes room; return from where."""
    tried = 0
    for other in cheapest[(room.numbers[cheapest] >= 1.0) & ~spared[cheapest]]:
        if worth[other] > 0.5 * worth[wanted] or tried >= MOST_TRIED:
            return None
        if not room.shares_a_full_row(int(other), wanted):
            continue
        tried += 1
        room.move(int(other), -1.0)
        if room.try_move(wanted, 1.0):
            return int(other)
        room.move(int(other), 1.0)
    return None


class _Room:
    """What rows of nothing but whole variables leave free, while their numbers are moved."""

    def __init__(self, view: Programme, whole: NDArray[np.int64]) -> None:
        inside = np.zeros(len(view.costs))
        inside[whole] = 1.0
        matrix = sparse.csr_matrix(view.matrix)
        entries = abs(matrix).sign()
        # Others may take no room: where they can give some, the row is left to the solver.
        others = matrix @ sparse.diags(1.0 - inside)
        gives = np.asarray((others < 0).sum(axis=1)).ravel() > 0
        touched = np.asarray(entries @ inside).ravel() > 0
        rows = np.flatnonzero(touched & ~gives & np.isfinite(view.row_upper))
        self._matrix = sparse.csc_matrix(matrix[rows][:, whole])
        self._left = view.row_upper[rows].copy()
        self._upper = view.upper[whole]
        self.numbers = np.zeros(len(whole))

    def _column(self, i: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        entries = slice(self._matrix.indptr[i], self._matrix.indptr[i + 1])
        return self._matrix.indices[entries], self._matrix.data[entries]

    def move(self, i: int, by: float) -> None:
        """Add to a number whether or not there is room."""
        rows, sizes = self._column(i)
        self._left[rows] -= sizes * by
        self.numbers[i] += by

    def try_move(self, i: int, by: float) -> bool:
        """Add to a number if every row has room; tell whether it had."""
        rows, sizes = self._column(i)
        if self.numbers[i] + by > self._upper[i] + NEARLY_WHOLE:
            return False
        if (sizes * by > np.maximum(self._left[rows], 0.0) + NEARLY_WHOLE).any():
            return False
        self.move(i, by)
        return True

    def shares_a_full_row(self, one: int, other: int) -> bool:
        """Tell whether two numbers take from the same row that has no room for the other."""
        rows, sizes = self._column(other)
        full = rows[sizes > self._left[rows] + NEARLY_WHOLE]
        return not set(full.tolist()).isdisjoint(self._column(one)[0].tolist())  # a few rows: far faster than arrays

    def fill(self, which: NDArray[np.int64], numbers: NDArray[np.float64], wished: NDArray[np.float64]) -> None:
        """Hold convoys at their numbers, then add more, the most wished for first, as far as there is room."""
        for i in which:
            self.move(int(i), numbers[i])
        for i in which[np.argsort(-(wished - numbers)[which], kind="stable")]:
            while self.numbers[i] < 50.0 and self.try_move(int(i), 1.0):
                pass

    def reset(self, numbers: NDArray[np.float64]) -> None:
        """Go back to earlier numbers."""
        self._left += self._matrix @ (self.numbers - numbers)
        self.numbers = numbers.copy()
