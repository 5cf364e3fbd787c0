"""A bound for large programmes: what all places share gets a price, and each place is then planned for itself.

Any prices of the shared rows (trucks, slots, inspection, clearances, what the bases hold, who is worst off) give a
number that no plan goes below: what the rows are worth at these prices and the best that each place can do when it
pays them (Lagrangian relaxation; Geoffrion 1974, "Lagrangean relaxation for integer programming"). Prices that come
from longer periods give at least the bound of those, as each place is planned in its own periods here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from corridor.relief.entries import NO_PERIOD
from corridor.relief.linear import Programme, UnboundedError, solve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from corridor.relief.formulate import Formulation

SMALLEST_COST = 1e-9  # of the largest: what is left of a price after rounding


def bound_by_place(formulation: Formulation, prices: NDArray[np.float64]) -> float:
    """Return what no plan goes below at `prices` of the rows; minus infinity if they prove nothing.

    The formulation must have been made with `whole`. Raises InfeasibleError where there is no plan.
    """
    programme = formulation.programme
    shared = find_shared_rows(formulation)
    lower, upper = programme.row_lower, programme.row_upper
    paid = np.where(shared, prices, 0.0)
    paid = np.where(np.isinf(lower), np.minimum(paid, 0.0), paid)
    paid = np.where(np.isinf(upper), np.maximum(paid, 0.0), paid)
    ends = np.where(paid > 0.0, lower, np.where(paid < 0.0, upper, 0.0))
    costs = programme.costs - programme.matrix.T @ paid
    bounded = np.minimum(programme.upper, _most_of_each(formulation))
    parts = Programme(costs, programme.lower, bounded, programme.matrix[~shared], lower[~shared], upper[~shared])
    return float(paid @ ends) + sum(_least(part) for part in _split(parts))


def find_shared_rows(formulation: Formulation) -> NDArray[np.bool_]:
    """Tell for each row whether variables of several places meet in it."""
    matrix, balance = formulation.programme.matrix, formulation.balance_rows
    shared = formulation.row_period == NO_PERIOD
    for rows in (formulation.fleet_rows, *formulation.limit_rows.values()):
        shared[rows.ravel()] = True
    leaves = matrix.maximum(0.0) @ _mark(formulation, [formulation.load]) > 0.0
    bases = leaves[balance].any(axis=(0, 2))
    shared[balance[:, bases].ravel()] = True
    # nor does a row that counts convoys belong to a place
    return np.asarray(shared | (abs(matrix) @ _mark(formulation, list(formulation.convoys.values())) > 0.0))


def _mark(formulation: Formulation, blocks: list[NDArray[np.int64]]) -> NDArray[np.float64]:
    """Return 1 for each variable of the blocks, 0 for the others."""
    marks = np.zeros(len(formulation.programme.costs))
    for numbers in blocks:
        marks[numbers.ravel()] = 1.0
    return marks


def _most_of_each(formulation: Formulation) -> NDArray[np.float64]:
    """Return how large each variable can be in any plan: no more trucks leave than the fleet has then."""
    most = np.full(len(formulation.programme.costs), np.inf)
    have = formulation.programme.row_upper[formulation.fleet_rows]
    busy = abs(formulation.programme.matrix)[formulation.fleet_rows.ravel()]
    for s, service in enumerate(formulation.services):
        most[formulation.trucks[:, s]] = have[:, service.fleet]
    # a trip of no time at all takes no truck
    most[np.asarray(busy.sum(axis=0)).ravel() == 0.0] = np.inf
    return most


def _split(programme: Programme) -> Iterator[Programme]:
    """Yield programmes that have no variable and no row in common, and together are the whole."""
    rows = programme.matrix.shape[0]
    links = sparse.bmat([[None, programme.matrix], [programme.matrix.T, None]], format="csr")
    count, label = connected_components(links, directed=False)
    label = np.asarray(label)
    row_order, column_order = (np.argsort(part, kind="stable") for part in (label[:rows], label[rows:]))
    row_ends = np.cumsum(np.bincount(label[:rows], minlength=count))
    column_ends = np.cumsum(np.bincount(label[rows:], minlength=count))
    alone = np.diff(row_ends, prepend=0) == 0
    free = np.flatnonzero(alone[label[rows:]])
    yield _take(programme, np.zeros(0, dtype=np.int64), free)
    for part in np.flatnonzero(~alone):
        mine = row_order[row_ends[part - 1] if part else 0 : row_ends[part]]
        yield _take(programme, mine, column_order[column_ends[part - 1] if part else 0 : column_ends[part]])


def _take(programme: Programme, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> Programme:
    return Programme(
        programme.costs[columns],
        programme.lower[columns],
        programme.upper[columns],
        sparse.csr_matrix(programme.matrix[rows][:, columns]),
        programme.row_lower[rows],
        programme.row_upper[rows],
    )


def _least(programme: Programme) -> float:
    """Return the least that a part can cost."""
    costs = programme.costs
    if not len(costs):
        return 0.0
    if programme.matrix.shape[0]:
        try:
            return solve(programme, "highs").objective
        except UnboundedError:  # at these prices something is earned without end
            return -np.inf
    # a price is known to some digits: a cost that differs from nought in the last of them is nought
    scale = SMALLEST_COST * max(1.0, float(np.abs(costs).max()))
    at = np.where(costs < -scale, programme.upper, programme.lower)
    return float(np.where(np.abs(costs) <= scale, 0.0, costs * at).sum())
