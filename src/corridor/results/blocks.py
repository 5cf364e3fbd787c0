"""A run kept as a summary: batches are merged as they come into one file for each stretch of moments."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.results.arrays import read_arrays, write_arrays
from corridor.results.sketch import Floats, Sketch
from corridor.results.store import block_path, list_blocks
from corridor.scenario.faults import FaultsError
from corridor.simulate.record import Record
from corridor.simulate.series import Column

CELLS = 50_000  # columns times moments in a block, at most
HELD = 8  # as many blocks stay in memory between batches; of more, one at a time
SAVED_EVERY = 20.0  # seconds after which what is held is saved


def read_names(folder: Path, run: str) -> list[str]:
    """Return the names of the recorded columns, in order. Raises FaultsError when the summary is damaged."""
    return [str(name) for name in read_arrays(block_path(folder, 0), run)["names"]]


def take_cell(folder: Path, run: str, columns: int, moment: int, column: int) -> Floats:
    """Return all values of a column (by its position) at a recorded moment, in order [R]."""
    block, row = divmod(moment, block_moments(columns))
    return read_block(block_path(folder, block), run).take_cell(row * columns + column)


def read_block(path: Path, run: str) -> Sketch:
    """Return what was merged so far into a block. Raises FaultsError when its file is damaged or missing."""
    arrays = read_arrays(path, run)
    del arrays["names"]
    return Sketch.unpack(arrays)


def block_moments(columns: int) -> int:
    """Return how many moments stand in a block."""
    return max(1, CELLS // columns)


@dataclass
class Merging:
    """The summary of a run in the making.

    Every block knows how many replicates were merged into it, so that a run that was killed is taken up at the first
    batch that is missing anywhere and nothing is counted twice.
    """

    folder: Path
    run: str  # hash of what it is known by
    moments: int
    columns: tuple[tuple[Column, ...], tuple[Column, ...]]  # whole numbers, measures
    held: dict[int, Sketch] = field(default_factory=dict)
    saved: float = field(default_factory=time.monotonic)

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return sum(map(len, self.columns))

    @property
    def bounds(self) -> list[tuple[int, int]]:
        """Return the first moment of each block, and the first after it."""
        step = block_moments(self.width)
        return [(first, min(first + step, self.moments)) for first in range(0, self.moments, step)]

    def load(self, block: int) -> Sketch:
        """Return what was merged so far into a block: nothing where its file is missing or damaged."""
        if block in self.held:
            return self.held[block]
        with suppress(FaultsError):
            return read_block(block_path(self.folder, block), self.run)
        first, last = self.bounds[block]
        return Sketch.begin((last - first) * self.width, self.width, len(self.columns[0]))

    def merged(self) -> int:
        """Return how many replicates, from the first on, are in every block."""
        return min(self.load(block).size for block in range(len(self.bounds)))

    def add(self, record: Record, first_replicate: int) -> None:
        """Merge a batch whose first replicate has this number into every block that does not hold it yet."""
        for block, (first, last) in enumerate(self.bounds):
            before = self.load(block)
            if before.size > first_replicate:
                continue
            assert before.size == first_replicate, "batches are merged in order"
            self.held[block] = before.merge(Sketch.of(_take(record, first, last), self.width, len(self.columns[0])))
            if len(self.bounds) > HELD:
                self.save()
        if time.monotonic() > self.saved + SAVED_EVERY:
            self.save()

    def save(self) -> None:
        """Write what is held. Raises InterruptedRunError when it cannot be written."""
        names = np.array([column.write() for kind in self.columns for column in kind])
        for block, sketch in list(self.held.items()):
            write_arrays(block_path(self.folder, block), sketch.pack() | {"names": names}, self.run)
            if len(self.bounds) > HELD:
                del self.held[block]
        self.saved = time.monotonic()


def _take(record: Record, first: int, last: int) -> Floats:
    """Return all that is recorded of some moments as [R, moments times columns]."""
    parts: list[NDArray[Any]] = [record.counts[:, first:last], record.measures[:, first:last]]
    return np.concatenate(parts, axis=2, dtype=np.float64).reshape(len(record.counts), -1)


def read_blocks(folder: Path, run: str) -> Iterator[Sketch]:
    """Go through a run's summary, one stretch of moments after the other."""
    for path in list_blocks(folder):
        yield read_block(path, run)
