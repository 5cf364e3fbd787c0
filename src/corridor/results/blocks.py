"""A run kept as a summary: replicates are merged into one file for each stretch of moments, wherever they come from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.results.arrays import Arrays, is_whole, read_arrays, write_arrays
from corridor.results.size import PIECES
from corridor.results.sketch import Floats, Sketch
from corridor.results.store import block_path, list_blocks, list_pieces, piece_path
from corridor.scenario.faults import FaultsError
from corridor.simulate.record import Record
from corridor.simulate.series import Column

CELLS = 12_500  # columns times moments in a block, at most: with 100,000 replicates some 300 bins are filled in each
BATCHES = 6  # in a span at most: what is lost by a kill, and by how much a bar of progress jumps


def read_names(folder: Path, run: str) -> list[str]:
    """Return the names of the recorded columns, in order. Raises FaultsError when the summary is damaged."""
    return [str(name) for name in read_arrays(block_path(folder, 0), run)["names"]]


def take_cell(folder: Path, run: str, columns: int, moment: int, column: int) -> Floats:
    """Return all values of a column (by its position) at a recorded moment, in order [R]."""
    first = read_block(block_path(folder, 0), run)
    block, row = divmod(moment, len(first.least) // columns)
    found = read_block(block_path(folder, block), run) if block else first
    return found.take_cell(row * columns + column)


def read_block(path: Path, run: str) -> Sketch:
    """Return what was merged so far into a block. Raises FaultsError when its file is damaged or missing."""
    return _unpack(read_arrays(path, run))


def block_moments(columns: int) -> int:
    """Return how many moments stand in a block."""
    return max(1, CELLS // columns)


@dataclass(frozen=True)
class Span:
    """Replicates from `first` to before `last`, to be simulated and summed up."""

    first: int
    last: int


@dataclass(frozen=True)
class Fold:
    """A block that pieces are to be merged into, for the so-many-th time."""

    block: int
    time: int


@dataclass(frozen=True)
class Summing:
    """The summary of a run in the making, by whoever works at it.

    A span of replicates becomes a piece of each block, a file of its own; now and then pieces are merged into the
    block's file, in the order of their replicates. Merging is exact, so that neither spans nor workers change a byte.
    A block knows how many replicates were merged into it, a piece which it holds: of a run that was killed only what
    is missing is simulated, and nothing is counted twice.
    """

    folder: Path
    run: str  # hash of what it is known by
    moments: int
    columns: tuple[tuple[Column, ...], tuple[Column, ...]]  # whole numbers, measures
    step: int  # moments in a block

    @property
    def width(self) -> int:
        """Return the number of columns."""
        return sum(map(len, self.columns))

    @property
    def bounds(self) -> list[tuple[int, int]]:
        """Return the first moment of each block, and the first after it."""
        return [(first, min(first + self.step, self.moments)) for first in range(0, self.moments, self.step)]

    def find_missing(self, replicates: int) -> list[Span]:
        """Return the replicates that some block holds neither itself nor in pieces.

        Pieces that are damaged, or that other blocks lack, are removed: no two that stay overlap.
        """
        sizes = [self._load(block).size for block in range(len(self.bounds))]
        held = np.arange(replicates) < np.array(sizes)[:, None]
        pieces = [(block, *piece) for block in range(len(sizes)) for piece in self._list_pieces(block)]
        for block, path, span in pieces:
            held[block, span.first : span.last] |= is_whole(path, self.run)
        lacking = np.logical_not(held.all(axis=0))
        for _, path, span in pieces:
            if lacking[span.first : span.last].any():
                path.unlink(missing_ok=True)
        edges = np.unique([0, *sizes, *(np.flatnonzero(np.diff(lacking)) + 1), replicates]).tolist()
        return [Span(first, last) for first, last in pairwise(edges) if lacking[first]]

    def sum_up(self, first: int, records: Iterator[Record]) -> int:
        """Write the pieces of replicates from `first` on, and return how many they are.

        Those of a span that is cut short are written too, unless that was while they were merged.
        """
        held: list[Sketch] = []
        try:
            for record in records:
                for block, bounds in enumerate(self.bounds):
                    new = self._sketch(record, *bounds)
                    held[block:] = [held[block].merge(new), *held[block + 1 :]] if block < len(held) else [new]
                del record, new  # the next is simulated without them in memory
        finally:
            whole = len(held) == len(self.bounds) and len({sketch.size for sketch in held}) == 1
            for block, sketch in enumerate(held if whole else ()):
                self._write(piece_path(self.folder, block, first, first + sketch.size), sketch)
        return held[0].size

    def fold(self, block: int) -> None:
        """Merge the pieces of a block that follow on each other into it. Raises InterruptedRunError when it cannot."""
        total = self._load(block)
        before = total.size
        for path, span in self._list_pieces(block):
            if span.first == total.size:
                total = total.merge(_unpack(read_arrays(path, self.run)))
        if total.size > before:
            self._write(block_path(self.folder, block), total)
        for path, span in self._list_pieces(block):
            if span.first < total.size:
                path.unlink(missing_ok=True)

    def _load(self, block: int) -> Sketch:
        """Return what was merged so far into a block: nothing where its file is missing or damaged."""
        with suppress(FaultsError):
            return read_block(block_path(self.folder, block), self.run)
        first, last = self.bounds[block]
        return Sketch.begin((last - first) * self.width, self.width, len(self.columns[0]))

    def _sketch(self, record: Record, first: int, last: int) -> Sketch:
        return Sketch.of(_take(record, first, last), self.width, len(self.columns[0]))

    def _write(self, path: Path, sketch: Sketch) -> None:
        names = np.array([column.write() for kind in self.columns for column in kind])
        write_arrays(path, sketch.pack() | {"names": names}, self.run)

    def _list_pieces(self, block: int) -> list[tuple[Path, Span]]:
        """Return the pieces of a block that are there, in order."""
        paths = list_pieces(self.folder, block)
        return [(path, Span(*map(int, path.stem.split("-")[2:]))) for path in paths]


def cut_spans(missing: Sequence[Span], batch: int, workers: int) -> Iterator[Span]:
    """Cut what is missing into spans of whole batches, shorter towards the end, so that all are done together."""
    left = sum(-(-(span.last - span.first) // batch) for span in missing)
    for span in missing:
        first = span.first
        while first < span.last:
            number = max(1, min(BATCHES, left if workers == 1 else left // (2 * workers)))
            last = min(first + batch * number, span.last)
            yield Span(first, last)
            first, left = last, left - number


def plan_work(spans: Iterable[Span], blocks: int, done: Collection[Span | Fold]) -> Iterator[Span | Fold]:
    """Go through spans, and let pieces be merged once enough of them are `done`, which grows meanwhile.

    Nobody merges into a block while another does.
    """
    time = 0
    for span in spans:
        still = any(Fold(block, time) not in done for block in range(blocks)) if time else False
        if not still and len(done) - time * blocks >= PIECES * (time + 1):
            time += 1
            yield from (Fold(block, time) for block in range(blocks))
        yield span


def _unpack(arrays: Arrays) -> Sketch:
    del arrays["names"]
    return Sketch.unpack(arrays)


def _take(record: Record, first: int, last: int) -> Floats:
    """Return all that is recorded of some moments as [R, moments times columns]."""
    parts: list[NDArray[Any]] = [record.counts[:, first:last], record.measures[:, first:last]]
    return np.concatenate(parts, axis=2, dtype=np.float64).reshape(len(record.counts), -1)


def read_blocks(folder: Path, run: str) -> Iterator[Sketch]:
    """Go through a run's summary, one stretch of moments after the other."""
    for path in list_blocks(folder):
        yield read_block(path, run)
