"""Run replicates of a compiled Flee folder."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from corridor.faults import UsageError
from corridor.flee.compile import FleeModel
from corridor.flee.arena import CELLS, make_arena
from corridor.flee.kernel import NOBODY_LEFT, TABLES_FULL, run_replicate

if TYPE_CHECKING:
    from collections.abc import Callable


FIRST_CELLS = 1 << 11  # tables grow where a folder needs more


class Store(Protocol):
    """Where replicates go as they are done; the results store fits this."""

    def write_replicate(self, replicate: int, at_place: np.ndarray, on_road: np.ndarray, created: np.ndarray) -> None:
        """Keep one replicate: people at places [day, place], on roads [day], begun so far [day]."""


@dataclass(frozen=True)
class FleeRun:
    """Replicates of a folder: whole people.

    `at_place` [replicate, day, place] after the day's movement, `on_road` and `created` [replicate, day]. On each
    day the people at all places and on roads are the people created.
    """

    model: FleeModel
    at_place: np.ndarray
    on_road: np.ndarray
    created: np.ndarray

    @property
    def in_camps(self) -> np.ndarray:
        """Return people in camps [replicate, day, camp], in the order of `model.camps`."""
        return self.at_place[:, :, self.model.camps]


Arena = tuple[np.ndarray, np.ndarray]


def run_one(
    model: FleeModel, seed: int, replicate: int, arena: Arena
) -> tuple[np.ndarray, np.ndarray, np.ndarray, Arena]:
    """Return people at places [day, place], on roads [day], created [day], and the memory to use next time."""
    at_place = np.zeros((model.days, len(model.place_names)), dtype=np.int64)
    on_road, created = np.zeros((2, model.days), dtype=np.int64)
    while True:
        status = run_replicate(*arena, seed, replicate, at_place, on_road, created)
        if status == NOBODY_LEFT:
            message = "people are due on a day on which no conflict zone has anybody left; Flee stops there too"
            raise UsageError(message)
        if status != TABLES_FULL:
            return at_place, on_road, created, arena
        arena = make_arena(model.world, 2 * int(arena[0][CELLS]))


def run_model(
    model: FleeModel,
    replicates: int = 1,
    seed: int = 1,
    workers: int = 1,
    store: Store | None = None,
    progress: Callable[[int], None] | None = None,
) -> FleeRun:
    """Return `replicates` runs; the same seed gives the same bytes whatever the number of workers.

    With a `store` each replicate is handed over in turn and not kept here (the arrays returned are then empty).
    `progress` is called with the number done. Raises UsageError for fewer than one replicate or worker.
    """
    if replicates < 1 or workers < 1 or seed < 0:
        message = "replicates and workers must be 1 or more, the seed 0 or more"
        raise UsageError(message)
    shape = (0 if store else replicates, model.days)
    result = FleeRun(
        model,
        np.zeros((*shape, len(model.place_names)), dtype=np.int64),
        np.zeros(shape, dtype=np.int64),
        np.zeros(shape, dtype=np.int64),
    )

    def run_share(worker: int) -> None:
        arena = make_arena(model.world, FIRST_CELLS)
        for replicate in range(worker, replicates, workers):
            at_place, on_road, created, arena = run_one(model, seed, replicate, arena)
            if store is not None:
                store.write_replicate(replicate, at_place, on_road, created)
            else:
                result.at_place[replicate] = at_place
                result.on_road[replicate], result.created[replicate] = on_road, created
            if progress is not None:
                progress(replicate)

    if workers == 1:
        run_share(0)
        return result
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run_share, range(workers)))
    return result
