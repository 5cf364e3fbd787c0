"""What was watched of replicates, against what a run recorded of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.simulate.watching import LINKS, PLACES, Watched

if TYPE_CHECKING:
    from corridor.results.result import Result


def require_same(watched: Watched, result: Result, replicates: int) -> None:
    """Assert that what was watched is what a run recorded, replicate by replicate."""
    for column in (*watched.choice.main, *watched.choice.detail):
        if column in (PLACES, LINKS):
            expected = sum(result.take_all(column.series).values())
        elif column.series == "at_place":
            expected = sum(result.take_all("at_place", *column.labels).values())
        else:
            expected = result.take_columns([column])[column]
        np.testing.assert_array_equal(watched.take(column, replicates), np.asarray(expected).T, err_msg=str(column))
    for n, column in enumerate(watched.choice.last):
        end = result.take_columns([column])[column][:, -1]
        np.testing.assert_array_equal(watched.last[n, :replicates], end, err_msg=str(column))
