"""A smaller programme whose optimum no plan can go below: rows that differ in their period only are added up by day.

Any sum of rows with factors above nought holds wherever the rows hold, so the optimum of the sums is a bound, and its
shadow prices, handed down to the rows that were added, are prices of the whole programme (surrogate relaxation; Glover
1968). The later, the more days are one. Rows that many variables share (fleets, slots, inspection) are added up too: on
25 towns and 30 days that took nothing from the bound and less than half the time. Variables that have the same entries
afterwards are one.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from corridor.relief.linear import Answer, Programme, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.formulate import Formulation

FINE_DAYS = 1  # at the beginning, where what runs out first is decided
SINGLE_DAYS = 7  # until then a day is one period; then two days are, and four from twice as many days on
MOST_DAYS = 4  # in one period


def relax_coarser(formulation: Formulation, day: int) -> Answer:
    """Return a bound in fractions, with values and prices for every variable and row of the formulation.

    `day` is the number of periods in one; from day FINE_DAYS on, days stand as one period. The objective is the
    bound. The values are shared out evenly over what was added up and stocks are what they may usefully be, so that
    not every row is satisfied. Raises what `solve` raises.
    """
    programme = replace(formulation.programme, whole=None)
    sums = _add_up(formulation, _group(len(formulation.trucks), day))
    matrix = sparse.csc_matrix(sums @ programme.matrix)
    matrix.data[np.abs(matrix.data) < 1e-9] = 0.0
    matrix.eliminate_zeros()
    first, member = _merge(formulation, matrix)
    costs = np.full(len(first), np.inf)
    np.minimum.at(costs, member, programme.costs)
    lower, upper = (np.zeros(len(first)) for _ in range(2))
    np.add.at(lower, member, programme.lower)
    np.add.at(upper, member, programme.upper)
    least = _sum_bound(sums, programme.row_lower, -np.inf)
    most = _sum_bound(sums, programme.row_upper, np.inf)
    answer = solve(Programme(costs, lower, upper, sparse.csr_matrix(matrix[:, first]), least, most))
    values = (answer.values / np.bincount(member))[member]
    values[formulation.held] += _need_of_next_day(formulation, day)
    return replace(answer, values=values, prices=sums.T @ answer.prices)


def _need_of_next_day(formulation: Formulation, day: int) -> NDArray[np.float64]:
    """Return what is needed beyond supply in the `day` periods after each, [T, P, K].

    Within longer periods goods are used before they come, so that no stock stands at their ends; a stock up to this
    is worth its price all the same.
    """
    need = np.maximum(-formulation.programme.row_upper[formulation.balance_rows], 0.0)
    so_far = np.concatenate([np.zeros((1, *need.shape[1:])), np.cumsum(need, axis=0)])
    ends = np.minimum(np.arange(len(need)) + 1 + day, len(need))
    return np.asarray(so_far[ends] - so_far[1:])


def _group(periods: int, day: int) -> NDArray[np.int64]:
    """Return for each period the number of the one that it is part of."""
    group = list(range(min(FINE_DAYS * day, periods)))
    while len(group) < periods:
        doublings = max(math.floor(math.log2(len(group) / day / SINGLE_DAYS)) + 1, 0)
        size = min(2**doublings, MOST_DAYS) * day
        group += [group[-1] + 1] * min(size, periods - len(group))
    return np.array(group)


def _add_up(formulation: Formulation, group: NDArray[np.int64]) -> sparse.csr_matrix:
    """Return the matrix that adds rows up: one row of it for each line and group, or for each row without a period.

    What is carried on at a cost within a group (hours without) is weighed down evenly over the group and on into the
    next, so that its mean over the group counts; all other rows are just added.
    """
    period, line = formulation.row_period, formulation.row_line
    timed = period >= 0
    starts = np.searchsorted(group, np.arange(group[-1] + 1))
    sizes = np.diff(np.append(starts, len(group)))
    at = group[np.maximum(period, 0)]
    along = np.where(timed, (period - starts[at]) / sizes[at], 0.0)
    spread = timed & _carries_cost(formulation)[line]
    numbers = np.arange(len(line))
    places = np.where(timed, line * (len(sizes) + 1) + at, -1 - numbers)
    second = spread & (along > 0.0)
    keys = np.concatenate([places, places[second] + 1])
    factors = np.concatenate([np.where(spread, 1.0 - along, 1.0), along[second]])
    _, rows = np.unique(keys, return_inverse=True)
    return sparse.csr_matrix((factors, (rows, np.concatenate([numbers, numbers[second]]))))


def _carries_cost(formulation: Formulation) -> NDArray[np.bool_]:
    """Tell for each line whether its rows carry something that costs on to the row of the next period."""
    entries = formulation.programme.matrix.tocoo()
    period = formulation.column_period[entries.col]
    line = formulation.row_line[entries.row].astype(np.int64)
    place = entries.col.astype(np.int64) * (len(formulation.row_line) + 1) + line
    timed = (period >= 0) & (formulation.programme.costs[entries.col] > 0.0)
    now = timed & (formulation.row_period[entries.row] == period)
    later = timed & (formulation.row_period[entries.row] == period + 1)
    found = np.zeros(len(formulation.row_line), dtype=np.bool_)
    found[line[later & np.isin(place, place[now])]] = True
    return found


def _merge(formulation: Formulation, matrix: sparse.csc_matrix) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return one variable of each kind that has the same line, entries and possibility, and the kind of each."""
    matrix.sort_indices()
    marks = np.random.default_rng(0).integers(1, 2**62, matrix.shape[0]).astype(np.uint64)
    sizes = np.round(matrix.data * 1e9).astype(np.int64).astype(np.uint64)
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(marks[matrix.indices] * sizes, dtype=np.uint64)])
    print_of = sums[matrix.indptr[1:]] - sums[matrix.indptr[:-1]]
    possible = (formulation.programme.upper > 0.0).astype(np.uint64)
    key = np.stack([formulation.column_line.astype(np.uint64), print_of, possible])
    _, first, member = np.unique(key, axis=1, return_index=True, return_inverse=True)
    return first, member.ravel()


def _sum_bound(together: sparse.csr_matrix, bound: NDArray[np.float64], none: float) -> NDArray[np.float64]:
    """Return the sums of bounds; `none` where one of those added is it."""
    endless = np.isinf(bound)
    total = together @ np.where(endless, 0.0, bound)
    return np.asarray(np.where(together @ endless.astype(np.float64) > 0.0, none, total))
