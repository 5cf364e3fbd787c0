"""Run a replicate day by day from Python: for rules of the user's own, and to look at who came from where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.flee.arrays import Memory, make_memory
from corridor.flee.kernel import FULL, NOBODY, UNBEGUN, run_days
from corridor.flee.rules import carry_out, describe_day, open_world
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.flee.arrays import World
    from corridor.flee.compile import FleeModel

NOBODY_TO_LEAVE = "people are due on a day on which no conflict zone has anybody left; Flee stops there too"


def run_by_days(
    model: FleeModel,
    luck: tuple[int, int],
    memory: Memory,
    entered: np.ndarray | None = None,
    look: Callable[[int, World, Memory], None] | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, Memory]:
    """Return what `run_one` returns, of the replicate whose seed and number are `luck`, its days passed one by one.

    `look` is called after each day, from the first on again where tables had to grow. Raises UsageError where nobody is
    left to leave, and for a rule that gives no number of its kind.
    """
    world = open_world(model)
    entered = np.zeros((0, model.links), dtype=np.int64) if entered is None else entered
    while True:
        at_place = np.zeros((model.days, len(model.place_names)), dtype=np.int64)
        on_link = np.zeros((model.days, model.links), dtype=np.int64)
        created = np.zeros(model.days, dtype=np.int64)
        written = at_place, on_link, created, entered
        so_far = run_days(world, memory, luck, (0, 0), UNBEGUN, *written)
        for day in range(model.days):
            if model.rules is not None:
                carry_out(model.rules, describe_day(model, world, memory, day), world)
            so_far = run_days(world, memory, luck, (day, day + 1), so_far, *written)
            if so_far == NOBODY:
                raise UsageError(NOBODY_TO_LEAVE)
            if so_far == FULL:
                break
            if look is not None:
                look(day, world, memory)
        else:
            return at_place, on_link, created, memory
        memory = make_memory(world, memory.tables.entries.shape[1])
