"""The arrays of a state, found by their place in it: some replicates are overwritten with copies of others.

Every array of a state has the replicates along its first axis, but for the few named here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.simulate.arrays import Integers
from corridor.simulate.luck import Luck
from corridor.simulate.queues import BEGUN
from corridor.simulate.state import State

# what all replicates of a batch share, or what is found out again from the rest
SHARED = frozenset(
    {
        "model", "behaviour", "supplies", "entities", "keep", "scratch", "ways_back", "eventful", "barred", "position",
        "first_step", "over", "luck",
    }
)  # fmt: skip
ROOM = ("queues.lines.cohorts", "queues.lines.cells")  # with room for cohorts not yet begun
LARGE = 4096  # bytes of a replicate
SECOND_AXIS = frozenset({"coming"})  # arrays with the replicates along their second axis


def find_arrays(thing: Any, name: str = "") -> Iterator[tuple[str, NDArray[Any]]]:
    """Go through the arrays of a state by name, the replicates along the first axis of each (a view where need be)."""
    if isinstance(thing, np.ndarray):
        yield name, thing.swapaxes(0, 1) if name.rpartition(".")[2] in SECOND_AXIS else thing
        return
    for part, inner in _look_into(thing):
        if part not in SHARED:
            yield from find_arrays(inner, f"{name}.{part}" if name else part)


def _look_into(thing: Any) -> Iterator[tuple[str, Any]]:
    """Go through the named parts of a record, a tuple with names, or a mapping; of anything else there are none."""
    if is_dataclass(thing):
        yield from ((field.name, getattr(thing, field.name)) for field in fields(thing))
    elif isinstance(thing, Mapping):
        yield from thing.items()
    elif hasattr(thing, "_fields"):
        yield from zip(thing._fields, thing, strict=True)


def overwrite(state: State, rows: Integers, source: Integers, keys: Luck) -> None:
    """Make the replicates in `rows` copies of those in `source`, which stay; from now on all have the luck `keys`."""
    begun = int(state.queues.lines.pool[:, BEGUN].max(initial=0))
    for name, values in find_arrays(state):
        if not values.flags.writeable or len(values) != len(state.waiting):
            message = f"{name} of the state is not an array of the replicates"
            raise AssertionError(message)
        used = values[:, :begun] if name in ROOM else values
        if used[:1].nbytes < LARGE:
            used[rows] = used[source]
        else:  # row by row, without a copy of all of them in between
            for row, other in zip(rows, source, strict=True):
                used[row] = used[other]
    state.luck = keys


def survive(picked: Integers, number: int) -> tuple[Integers, Integers]:
    """Return which of `number` rows are overwritten, and by which, so that each stands as often as in `picked`.

    A row that is picked stays where it is; rows that are not are overwritten in order by those picked more than once.
    """
    times = np.bincount(picked, minlength=number)
    return np.flatnonzero(times == 0), np.repeat(np.arange(number), np.maximum(times - 1, 0))
