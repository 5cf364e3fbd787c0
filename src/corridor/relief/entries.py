"""The sparse matrix of a programme while it is put together, and what its variables mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from corridor.relief.routes import Service
    from corridor.relief.seating import Seating

NO_PERIOD = -1


@dataclass
class Entries:
    """Collects the entries of a matrix and the bounds of its rows and columns, block by block."""

    rows: list[NDArray[np.int64]] = field(default_factory=list)
    columns: list[NDArray[np.int64]] = field(default_factory=list)
    values: list[NDArray[np.float64]] = field(default_factory=list)
    row_bounds: list[NDArray[np.float64]] = field(default_factory=list)
    column_bounds: list[NDArray[np.float64]] = field(default_factory=list)
    row_period: list[NDArray[np.int64]] = field(default_factory=list)
    column_period: list[NDArray[np.int64]] = field(default_factory=list)
    row_line: list[NDArray[np.int64]] = field(default_factory=list)
    column_line: list[NDArray[np.int64]] = field(default_factory=list)
    row_count: int = 0
    column_count: int = 0

    def add_columns(self, shape: tuple[int, ...], upper: ArrayLike = np.inf, axis: int | None = 0) -> NDArray[np.int64]:
        """Return the numbers of new variables between 0 and `upper`; `axis` counts periods (None: there is
        none).
        """
        numbers = self.column_count + np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
        self.column_count += numbers.size
        self.column_bounds.append(np.broadcast_to(upper, shape).astype(np.float64).ravel())
        self.column_period.append(_periods_of(shape, axis))
        self.column_line.append(_lines_of(numbers, axis))
        return numbers

    def add_rows(
        self, shape: tuple[int, ...], lower: ArrayLike, upper: ArrayLike, axis: int | None = 0
    ) -> NDArray[np.int64]:
        """Return the numbers of new rows with the given bounds; `axis` as for columns."""
        numbers = self.row_count + np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
        self.row_count += numbers.size
        both = (np.broadcast_to(bound, shape).astype(np.float64).ravel() for bound in (lower, upper))
        self.row_bounds.append(np.stack(list(both)))
        self.row_period.append(_periods_of(shape, axis))
        self.row_line.append(_lines_of(numbers, axis))
        return numbers

    def shift(self, rows: NDArray[np.int64], amount: ArrayLike) -> None:
        """Add to both bounds of rows of one block."""
        first, least = 0, int(rows.min())
        for bounds in self.row_bounds:
            size = bounds.shape[1]
            if first <= least < first + size:
                bounds[:, rows.ravel() - first] += np.broadcast_to(amount, rows.shape).ravel()
                return
            first += size

    def add(self, rows: NDArray[np.int64], columns: NDArray[np.int64], values: ArrayLike) -> None:
        """Put values (broadcast over rows and columns) into the matrix."""
        rows, columns, filled = np.broadcast_arrays(rows, columns, np.asarray(values, dtype=np.float64))
        self.rows.append(rows.ravel())
        self.columns.append(columns.ravel())
        self.values.append(filled.ravel())

    def matrix(self) -> sparse.csr_matrix:
        """Return the collected entries as one matrix; entries in the same cell are added up.

        Variables that can only be zero are left out of every row, so that no row gets a price through them.
        """
        rows, columns = np.concatenate(self.rows), np.concatenate(self.columns)
        shape = (self.row_count, self.column_count)
        values = np.concatenate(self.values) * (np.concatenate(self.column_bounds)[columns] > 0.0)
        matrix = sparse.csr_matrix((values, (rows, columns)), shape=shape)
        matrix.eliminate_zeros()
        return matrix


def _periods_of(shape: tuple[int, ...], axis: int | None) -> NDArray[np.int64]:
    """Return the period of each number of a block, NO_PERIOD where it has none."""
    if axis is None:
        return np.full(int(np.prod(shape)), NO_PERIOD)
    along = [-1 if dimension == axis else 1 for dimension in range(len(shape))]
    return np.broadcast_to(np.arange(shape[axis]).reshape(along), shape).ravel()


def _lines_of(numbers: NDArray[np.int64], axis: int | None) -> NDArray[np.int64]:
    """Return the line of each number of a block: those that differ in nothing but their period share one."""
    if axis is None:
        return numbers.ravel()
    return np.broadcast_to(np.take(numbers, [0], axis=axis), numbers.shape).ravel()


@dataclass(frozen=True)
class Variables:
    """The numbers of the variables of a programme by their meaning.

    load [T, S, K] tonnes leaving; trucks [T, S]; convoys [T, G] for each limit with slots; held [T, P, K]; short
    [T, N] share of the need unmet. pairs [N, 2] are place and item; holders the place numbers of P. `seating` are those
    of people who are taken out.
    """

    services: tuple[Service, ...]
    holders: NDArray[np.int64]
    pairs: NDArray[np.int64]
    load: NDArray[np.int64]
    trucks: NDArray[np.int64]
    convoys: dict[str, NDArray[np.int64]]
    held: NDArray[np.int64]
    short: NDArray[np.int64]
    seating: Seating
