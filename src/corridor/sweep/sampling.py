"""Designs made by a method: each row stands for a block of rows in which its ranges are varied, all else as it is."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from corridor.results.sampling import draw_points, require_method
from corridor.scenario.faults import Fault, FaultsError, UsageError, fault
from corridor.scenario.values import Quantity, TimeRange, parse_quantity, parse_time_range, write_number
from corridor.simulate.compile import compile_model
from corridor.sweep.design import DesignRow, find_cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corridor.simulate.arrays import Floats
    from corridor.sweep.cases import Cases

TABLE = "table"  # the method of a design whose rows are run as they stand
ENDS = (0.05, 0.95)  # chances between which Morris' grid lies: a lognormal number has no last value
MOST_ROWS = 200_000
Bounds = dict[str, tuple[float, float]]
Ranges = dict[str, Quantity | TimeRange]


@dataclass(frozen=True)
class Sampling:
    """How a design is made from ranges: `table` (no method: rows as they stand), `latin`, `sobol` or `morris`.

    `samples` is the number of points (latin), of base points, a power of two (sobol: times numbers + 2), or of paths
    (morris: times numbers + 1); `seed` that of the method, which has nothing to do with the luck of the replicates.
    """

    method: str = TABLE
    samples: int = 64
    seed: int = 1

    def __post_init__(self) -> None:
        if self.method != TABLE:
            require_method(self.method, self.samples)

    def require_room(self, numbers: int, rows: int) -> None:
        """Raise UsageError when the points of so many numbers, beside the rows there are, are more than can be run."""
        times = {"sobol": numbers + 2, "morris": numbers + 1}.get(self.method, 1)
        if rows + self.samples * times > MOST_ROWS:
            message = f"the design has more than {MOST_ROWS:,} rows: ask for fewer samples"
            raise UsageError(message)


@dataclass(frozen=True)
class Block:
    """The numbers of rows that are compared with each other: those of one case, or those that one row became.

    Of the latter `bounds` are the chances between which each number was varied, `points` [rows, numbers] theirs.
    """

    rows: tuple[int, ...]
    bounds: Bounds = field(default_factory=dict)
    points: Floats | None = None


def expand_rows(cases: Cases, rows: Sequence[DesignRow], sampling: Sampling) -> tuple[list[DesignRow], list[Block]]:
    """Return the rows to simulate and the blocks they form. Raises FaultsError for a number without a range."""
    if sampling.method == TABLE:
        alike: dict[tuple[str, str, str], list[int]] = {}
        for number, row in enumerate(rows):
            alike.setdefault(row.case, []).append(number)
        return list(rows), [Block(tuple(numbers)) for numbers in alike.values()]
    rows = fill_rows(cases, rows)
    faults: list[Fault] = []
    read = [_read_ranges(cases, row, faults) for row in rows]
    if faults:
        raise FaultsError(faults)
    made: list[DesignRow] = []
    blocks = []
    for row, ranges in zip(rows, read, strict=True):
        sampling.require_room(len(ranges), len(made))
        ends = ENDS if sampling.method == "morris" else (0.0, 1.0)
        bounds = dict.fromkeys(ranges, ends)
        points = draw_points(sampling.method, bounds, sampling.samples, sampling.seed)
        blocks.append(Block(tuple(range(len(made), len(made) + len(points))), bounds, points))
        made += [replace(row, cells={**row.cells, **_take(ranges, point)}) for point in points]
    return made, blocks


def list_corners(cases: Cases, rows: Sequence[DesignRow]) -> list[DesignRow]:
    """Return rows with all ranges at their lower ends, and at their upper ends: what is between them is as good."""
    found = []
    for row in fill_rows(cases, rows):
        ranges = _read_ranges(cases, row, [])
        found += [replace(row, cells={**row.cells, **_take(ranges, [end] * len(ranges))}) for end in (0.0, 1.0)]
    return found


def fill_rows(cases: Cases, rows: Sequence[DesignRow]) -> list[DesignRow]:
    """Return rows with cells: every range of the case where the design names none."""
    if any(row.cells for row in rows):
        return list(rows)
    return [replace(row, cells=list_ranges(cases, row)) for row in rows]


def list_ranges(cases: Cases, row: DesignRow) -> dict[str, str]:
    """Return every number of a row's case that is a range, as it is written, by name."""
    case = cases.read((row.scenario, row.variant))
    model = compile_model(case, case.choose_set(row.parameters or None))
    found = {name: quantity.write() for name, quantity in model.quantities.items() if not quantity.is_fixed}
    found |= {f"events/{event.id}/time": event.time.write() for event in model.events if not event.time.is_fixed}
    base = (row.scenario, row.variant)
    return {name: text for name, text in sorted(found.items()) if cases.has(base, find_cell(name))}


def _read_ranges(cases: Cases, row: DesignRow, faults: list[Fault]) -> Ranges:
    """Return what the cells of a row say is varied, by name; a row that says nothing of the kind is a fault."""
    found: dict[str, Quantity | TimeRange] = {}
    zone = cases.drafts[row.scenario].zone
    for name, text in row.cells.items():
        cell = find_cell(name)
        with suppress(ValueError):  # what is no range stays as it stands, and is checked as a cell
            is_time = (cell.table, cell.column) == ("events", "time")
            value: Quantity | TimeRange = parse_time_range(text, zone) if is_time else parse_quantity(text)
            if not value.is_fixed:
                found[name] = value
    if not found:
        faults.append(fault("design.range", (cases.file, row.line, "")))
    return found


def _take(ranges: Ranges, point: Iterable[float]) -> dict[str, str]:
    """Return the values that numbers have at a point, chances between 0 and 1, as texts."""
    taken = {}
    for (name, value), chance in zip(ranges.items(), point, strict=True):
        inside = float(np.clip(chance, 1e-9, 1 - 1e-9))
        if isinstance(value, TimeRange):
            taken[name] = value.take(inside).replace(second=0, microsecond=0).isoformat(timespec="minutes")
        else:
            taken[name] = write_number(float(value.take(inside)))
    return taken
