"""The exact search for whole trucks: branch and bound over all periods at once, where the programme is small.

What is small, and where a search ends, are counts of variables and branches, never seconds: a plan is the same on
every machine.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.relief.linear import NoAnswerError, solve
from corridor.relief.size import MOST_ENTRIES_EXACTLY, MOST_ENTRIES_FAR, MOST_WHOLE_EXACTLY, MOST_WHOLE_FAR

if TYPE_CHECKING:
    from corridor.relief.linear import Answer, Programme

MOST_BRANCHES = 1000
CLOSE = 1e-4  # relative; closer to what is proven a plan counts as the best
FAR = 0.01  # relative; farther from what is proven a larger programme is searched too


def fits_exactly(programme: Programme, gap: float = 0.0) -> bool:
    """Tell whether the best whole plan of a programme is searched for over all its periods at once.

    `gap` is how far, relatively, the plan made day by day may be from it. The programme must have been made with
    `whole`.
    """
    if programme.whole is None:
        return False
    free = int(np.count_nonzero(programme.whole & (programme.upper > programme.lower)))
    most, entries = (MOST_WHOLE_FAR, MOST_ENTRIES_FAR) if gap > FAR else (MOST_WHOLE_EXACTLY, MOST_ENTRIES_EXACTLY)
    return free <= most and programme.matrix.nnz <= entries


def improve_exactly(programme: Programme, found: Answer) -> Answer:
    """Return the best whole plan, beginning from one that was found; where the search ends at its most branches,
    the better of the two with the bound proven by then.
    """
    if found.search_gap <= CLOSE:
        return found
    try:
        best = solve(programme, "highs", gap=CLOSE, absolute_gap=1e-6, nodes=MOST_BRANCHES, start=found.values)
    except NoAnswerError:
        return found
    bound = min(max(best.bound, found.bound), best.objective)
    better = best if best.objective < found.objective else found
    return replace(found, values=better.values, objective=better.objective, bound=min(bound, better.objective))
