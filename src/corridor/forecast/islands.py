"""Particles moved on by several workers, in islands of a fixed size; no byte depends on who moves them.

Weights and resampling stay in one place (cloud.py): there islands come together whenever counts are read, and from
there they are sent out again, so that states are exchanged. They go by files that all workers reach. A stretch between
counts too short for that is moved where the particles are.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from corridor.forecast.cloud import Cloud, follow, move_to
from corridor.results.crew import Crew
from corridor.simulate.cloning import COHORTS, ROOM, SECOND_AXIS, find_arrays, replace_arrays
from corridor.simulate.luck import Luck
from corridor.simulate.queues import BEGUN
from corridor.simulate.series import Column
from corridor.simulate.state import State

ISLAND = 250  # particles
WORTH = 50_000  # steps of particles, the least that an island is sent out for: about a second


@dataclass(frozen=True)
class Stretch:
    """From one recorded moment to another, with the columns that are followed, and where islands are written."""

    folder: Path
    columns: tuple[Column, ...]
    begin: int
    end: int


def move_apart(crew: Crew, folder: Path, cloud: Cloud, moment: int, told: Callable[[int], None]) -> None:
    """Simulate the particles up to a recorded moment, by a crew where that is worth it; see `move_to`."""
    steps = (moment - cloud.moment) * cloud.state.model.clock.record_every
    islands = [range(first, min(first + ISLAND, cloud.number)) for first in range(0, cloud.number, ISLAND)]
    if crew.size == 1 or len(islands) == 1 or ISLAND * steps < WORTH:
        move_to(cloud, moment, told)
        return
    stretch = Stretch(folder, cloud.columns, cloud.moment, moment)
    for island in islands:
        _write(folder / f"{island.start}.begin", cut(cloud.state, slice(island.start, island.stop)), None)
    states: dict[int, State] = {}
    for island, _ in crew.do(partial(_move, stretch), islands):
        path = folder / f"{island.start}.end"
        states[island.start], tracked = _read(path)
        cloud.tracked[stretch.begin + 1 : stretch.end + 1, island.start : island.stop] = tracked
        path.unlink()
    cloud.state = join([states[first] for first in sorted(states)], cloud.state)
    cloud.moment = moment
    told(moment - stretch.begin)


def _move(stretch: Stretch, island: range) -> None:
    """Move an island on, on a worker."""
    state, _ = _read(stretch.folder / f"{island.start}.begin")
    tracked = follow(state, stretch.columns, stretch.begin, stretch.end, lambda done: None)
    _write(stretch.folder / f"{island.start}.end", state, tracked)


def cut(state: State, rows: slice) -> State:
    """Return the state of some replicates of a batch, as a copy without room for cohorts not yet begun."""
    begun = int(state.queues.lines.pool[rows, BEGUN].max())

    def take(name: str, values: NDArray[Any]) -> NDArray[Any]:
        if name.rpartition(".")[2] in SECOND_AXIS:
            return values[:, rows].copy()
        return values[rows, :begun].copy() if name in ROOM else values[rows].copy(order="K")

    luck = state.luck
    own = Luck(luck.own[rows], tuple(keys[rows] for keys in luck.slices), luck.ends)
    return replace(cast(State, replace_arrays(state, take)), luck=own)


def join(states: Sequence[State], whole: State) -> State:
    """Return the state of a batch that was cut and moved on; `whole` is as it was before."""
    parts = [dict(find_arrays(state)) for state in states]
    begun = max(part[COHORTS].shape[1] for part in parts)

    def take(name: str, values: NDArray[Any]) -> NDArray[Any]:
        pieces = [part[name] for part in parts]
        if name in ROOM:
            joined = np.zeros((len(whole.waiting), begun, *values.shape[2:]), dtype=values.dtype)
            rows = np.cumsum([0, *map(len, pieces)])
            for first, piece in zip(rows[:-1], pieces, strict=True):
                joined[first : first + len(piece), : piece.shape[1]] = piece
            return joined
        joined = np.concatenate(pieces)
        return joined.swapaxes(0, 1) if name.rpartition(".")[2] in SECOND_AXIS else joined

    state = replace(
        cast(State, replace_arrays(states[0], take)), model=whole.model, behaviour=whole.behaviour, luck=whole.luck
    )
    if state.relief is not None:  # a convoy may be over in one island only; it is found out again
        over = state.relief.caravans.over
        over[:] = [False] * len(over)
    return state


def _write(path: Path, state: State, tracked: NDArray[np.int32] | None) -> None:
    """Write an island, of cells of queues only those that hold something: few do."""
    lines = state.queues.lines
    flat = np.ascontiguousarray(lines.cells).view(np.complex128).reshape(-1)  # numpy moves 16 bytes at once so
    where = np.flatnonzero(flat)
    thin = replace(state, queues=state.queues._replace(lines=lines._replace(cells=lines.cells[:, :0])))
    temporary = path.with_name(f"{path.name}.{os.getpid()}")
    with temporary.open("wb") as file:
        pickle.dump((thin, lines.cells.shape, where, flat[where], tracked), file, pickle.HIGHEST_PROTOCOL)
    temporary.replace(path)  # whole, whoever else writes the same


def _read(path: Path) -> tuple[State, Any]:
    """Read an island from a folder in which nobody else can write."""
    with path.open("rb") as file:
        state, shape, where, filled, tracked = pickle.load(file)
    lines = state.queues.lines
    cells = np.zeros(shape, dtype=lines.cells.dtype)
    cells.view(np.complex128).reshape(-1)[where] = filled
    return replace(state, queues=state.queues._replace(lines=lines._replace(cells=cells))), tracked
