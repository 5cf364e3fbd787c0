"""Whole trucks and whole convoys: a plan that can be driven, close to the bound that fractions give.

Branch and bound on all periods at once found a plan within 6 % of the bound in 20 s. Here one day after the
other is made whole and kept, looking a day ahead; what lies beyond counts at the shadow prices of the plan in
fractions. On eight towns, seven items and 14 days that came within 0.04 % of the bound, in under two seconds.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from corridor.relief.by_place import bound_by_place
from corridor.relief.coarser import relax_coarser
from corridor.relief.exact import fits_exactly, improve_exactly
from corridor.relief.linear import Answer, InfeasibleError, NoAnswerError, Programme, solve
from corridor.relief.repair import round_by_worth
from corridor.relief.size import MOST_ENTRIES_FINE, MOST_SEARCHED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.formulate import Formulation

MOST_NODES = 2000  # of the search for each day; a limit on time would make plans depend on the machine
LOOK_AHEAD = 1  # windows beyond the one that is made whole
CONVOY = -1  # in place of a place: no truck
SMALL_WORTH = 0.05  # of what a window may lose; a truck worth less is not sent
TOLERANCE = 0.002  # of the bound, over all windows


def relax(formulation: Formulation, window: int, solver: str = "auto") -> Answer:
    """Return the best plan in fractions, or where the programme is large a bound of it with prices for every row.

    Then the values are those of a programme with longer periods, and satisfy that. Raises what `solve` does.
    """
    if formulation.programme.matrix.nnz > MOST_ENTRIES_FINE:
        coarse = relax_coarser(formulation, window)
        bound = max(coarse.objective, bound_by_place(formulation, coarse.prices))
        return replace(coarse, objective=bound, bound=bound)
    return solve(replace(formulation.programme, whole=None), solver)


def make_whole(formulation: Formulation, relaxed: Answer, window: int) -> Answer:
    """Return a plan with whole trucks and convoys, made `window` periods after another.

    `relaxed` is the answer in fractions: its prices value what lies beyond the view, its bound holds for whole trucks
    too. Where the programme is small (`fits_exactly`) the exact search goes on from there, and the answer's bound is
    what it proved. The formulation must have been made with `whole`.
    """
    started = time.perf_counter()
    programme, size_t = formulation.programme, len(formulation.trucks)
    blocks = [formulation.trucks, *formulation.convoys.values()]
    allowed = TOLERANCE * max(abs(relaxed.objective), 1.0) * window / size_t
    values = np.zeros(len(programme.costs))
    places = _places_served(formulation)
    for first in range(0, size_t, window):
        chosen = np.concatenate([block[first : first + window].ravel() for block in blocks])
        end = min(first + window * (1 + LOOK_AHEAD), size_t)
        columns, view = _cut_view(formulation, relaxed, values, chosen, first, end)
        served = np.append(places[columns], np.full(len(view.costs) - len(columns), CONVOY))
        found = _solve_view(view, served, allowed)[: len(columns)]
        values[columns] = found
        values[chosen] = np.round(values[chosen])
    lower, upper = programme.lower.copy(), programme.upper.copy()
    whole = np.concatenate([block.ravel() for block in blocks])
    lower[whole] = upper[whole] = values[whole]
    last = solve(replace(programme, lower=lower, upper=upper, whole=None), "highs")
    best = replace(last, bound=min(relaxed.bound, last.objective), fractions=relaxed.bound, prices=np.zeros(0))
    if fits_exactly(programme, best.search_gap):
        best = improve_exactly(programme, best)
    return replace(best, seconds=time.perf_counter() - started)


def _cut_view(
    formulation: Formulation,
    relaxed: Answer,
    values: NDArray[np.float64],
    chosen: NDArray[np.int64],
    first: int,
    end: int,
) -> tuple[NDArray[np.int64], Programme]:
    """Return the variables of periods [first, end) and the programme on them alone.

    What happened before stands at `values`. Rows after `end` are left out and their shadow prices put on the
    variables instead, so that a tonne in stock at the end is worth what the plan in fractions says, but only
    up to the stock that this plan has then: beyond it a tonne is worth less and here nothing.
    """
    programme = formulation.programme
    periods = formulation.column_period
    columns = np.flatnonzero((periods < 0) | ((periods >= first) & (periods < end)))
    past = np.where((periods >= 0) & (periods < first), values, 0.0)
    rows_at = formulation.row_period
    rows = np.flatnonzero((rows_at < 0) | ((rows_at >= first) & (rows_at < end)))
    done = (programme.matrix @ past)[rows]
    matrix = programme.matrix[:, columns]
    costs = programme.costs[columns] - matrix.T @ np.where(rows_at >= end, relaxed.prices, 0.0)
    whole = np.isin(columns, chosen) & (programme.upper[columns] > 0.0)
    view = Programme(
        costs,
        programme.lower[columns],
        programme.upper[columns],
        matrix[rows],
        programme.row_lower[rows] - done,
        programme.row_upper[rows] - done,
        whole,
    )
    if end == len(formulation.trucks):
        return columns, view
    stock = formulation.held[end - 1].ravel()
    return columns, _cap_worth(view, np.searchsorted(columns, stock), relaxed.values[stock])


def _cap_worth(view: Programme, stock: NDArray[np.int64], most: NDArray[np.float64]) -> Programme:
    """Let each stock earn its worth only up to `most`: the reward moves to a part of the stock with that
    bound.
    """
    worth = np.minimum(view.costs[stock], 0.0)
    costs = view.costs.copy()
    costs[stock] -= worth
    count = len(stock)
    numbers = np.arange(count)
    part = sparse.csr_matrix((-np.ones(count), (numbers, stock)), shape=(count, len(costs)))
    matrix = sparse.bmat([[view.matrix, None], [part, sparse.eye(count)]])
    return Programme(
        np.append(costs, worth),
        np.append(view.lower, np.zeros(count)),
        np.append(view.upper, np.maximum(most, 0.0)),
        sparse.csr_matrix(matrix),
        np.append(view.row_lower, np.full(count, -np.inf)),
        np.append(view.row_upper, np.zeros(count)),
        None if view.whole is None else np.append(view.whole, np.zeros(count, dtype=np.bool_)),
    )


def _places_served(formulation: Formulation) -> NDArray[np.int64]:
    """Return for each variable the number of the place that its truck goes to, CONVOY for every other variable."""
    places = np.full(len(formulation.programme.costs), CONVOY)
    names = {name: number for number, name in enumerate(sorted({service.to for service in formulation.services}))}
    for s, service in enumerate(formulation.services):
        places[formulation.trucks[:, s]] = names[service.to]
    return places


def _solve_view(view: Programme, served: NDArray[np.int64], allowed: float) -> NDArray[np.float64]:
    try:
        if view.whole is not None and np.count_nonzero(view.whole) > MOST_SEARCHED:
            return round_by_worth(view, served, SMALL_WORTH * allowed)
        return solve(view, "highs", gap=0.0, absolute_gap=allowed, nodes=MOST_NODES).values
    except NoAnswerError:
        # Fewer trucks than in fractions are always possible: what they do not carry is unmet.
        parts = replace(view, whole=None)
        kept = np.floor(solve(parts, "highs").values + 1e-6)
        fixed = np.zeros(len(kept), dtype=np.bool_) if view.whole is None else view.whole
        lower, upper = np.where(fixed, kept, view.lower), np.where(fixed, kept, view.upper)
        try:
            return solve(replace(parts, lower=lower, upper=upper), "highs").values
        except InfeasibleError:
            # Convoys rounded down may be too few for trucks rounded down; none at all can be.
            return solve(replace(parts, upper=np.where(fixed, view.lower, view.upper)), "highs").values
