"""Whole trucks and whole convoys: a plan that can be driven, close to the bound that fractions give.

Branch and bound on all periods at once found a plan within 6 % of the bound in 20 s; fixing one day after the
other (relax and fix) came within 0.1 % in a few seconds on the same case, and is what is done here.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.linear import Answer, NoAnswerError, solve

if TYPE_CHECKING:
    from corridor.relief.formulate import Formulation

MOST_NODES = 2000  # of the search in each window; a limit on time would make plans depend on the machine
SHORTEST_PERIOD = 6.0  # hours; hourly whole trucks still had a 10 % gap after two minutes


def make_whole(formulation: Formulation, window: int, bound: float, gap: float = 0.005) -> Answer:
    """Return a plan with whole trucks and convoys: `window` periods after another are made whole and kept.

    Later periods may still be fractions while a window is decided, so that it looks ahead. The formulation
    must have been made with `whole`. `bound` is the objective of the plan in fractions.
    """
    started = time.perf_counter()
    programme = formulation.programme
    lower, upper = programme.lower.copy(), programme.upper.copy()
    for first in range(0, len(formulation.trucks), window):
        blocks = [formulation.trucks, *formulation.convoys.values()]
        chosen = np.concatenate([block[first : first + window].ravel() for block in blocks])
        whole = np.zeros(len(lower), dtype=np.bool_)
        whole[chosen] = upper[chosen] > lower[chosen]
        step = replace(programme, lower=lower, upper=upper, whole=whole)
        try:
            kept = np.round(solve(step, gap=gap, nodes=MOST_NODES).values[chosen])
        except NoAnswerError:
            # Fewer trucks than in the plan in fractions are always possible: what they do not carry is unmet.
            kept = np.floor(solve(replace(step, whole=None), "highs").values[chosen] + 1e-6)
        lower[chosen] = upper[chosen] = kept
    last = solve(replace(programme, lower=lower, upper=upper, whole=None))
    return replace(last, bound=bound, prices=np.zeros(0), seconds=time.perf_counter() - started)
