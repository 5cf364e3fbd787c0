"""A what-if's replicates, which are kept in memory while they are simulated, as a side of a comparison."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.results.beside import BY_EXIT, TOTALS, Numbers, Side
from corridor.results.manifest import describe_run

if TYPE_CHECKING:
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.ensemble import Ensemble
    from corridor.simulate.series import Column
    from corridor.simulate.watching import Watched

BY_PLACE = ("at_place", "waiting_for_transport")


def take_watched(
    watched: Watched, replicates: int, scenario: Scenario, ensemble: Ensemble, inside: Iterable[str], variant: str
) -> Side:
    """Return the first so many replicates of a what-if as a side; by place there may be fewer of them.

    `variant` is the name of the variant that the what-if is, blank for the case as written.
    """

    def take(column: Column) -> Numbers:
        return watched.take(column, replicates)

    main, detail, last = watched.choice.columns
    columns = {c for c in main if (c.series in TOTALS and not c.labels) or (c.series in BY_EXIT and c.labels)}
    columns |= {c for c in detail if c.series in BY_PLACE and c.labels}
    without = {(c.labels[0], c.labels[1]): watched.last[n, :replicates] for n, c in enumerate(last)}
    about = describe_run(scenario, ensemble, replicates) | {"variant": variant}
    return Side(about, frozenset(columns), take, without, frozenset(inside))


def keep_side(side: Side, most_bytes: int) -> Side | None:
    """Return a side with numbers of its own, which stay when the memory is used again; None if they are too many."""
    kept: dict[Column, Numbers] = {}
    taken = 0
    for column in side.columns:
        values = side.take(column)
        taken += values.nbytes
        if taken > most_bytes:
            return None
        kept[column] = np.ascontiguousarray(values)
    without = {key: np.array(values) for key, values in side.without.items()}
    return replace(side, take=kept.__getitem__, without=without)
