"""A design: a table whose rows are cases to simulate, each with other values in some of its cells.

scenario,variant,set,seed,groups/families/leave_rate,events/opening/time
,two_more_lanes,,7,0.02,2025-03-02T08:00

A number is named by its table, its row and its column, as in the effects of a briefing; a parameter by its name alone.
A blank cell leaves the case as it is written, so that a row of blanks is the case itself. Own columns begin with x_ and
are handed on to the table of answers.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from corridor.scenario.draft import show, suggest
from corridor.scenario.faults import Fault, fault
from corridor.scenario.files import read_table
from corridor.scenario.schema import NOT_FILES, load_fields

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SCENARIO, VARIANT, SET, SEED = "scenario", "variant", "set", "seed"
OF_CASE = (SCENARIO, VARIANT, SET, SEED)
LARGEST_SEED = 2**63 - 1


class Cell(NamedTuple):
    """A cell of a case by its table, the name of its row and its column."""

    table: str
    row: str
    column: str


@dataclass(frozen=True)
class DesignRow:
    """One row: a folder within that of the sweep, a variant, a set and a seed (blank: the case's own), and cells.

    `line` is the row's number in the file, `cells` are the texts of other values by the name of their cell, `own` what
    stands in the user's own columns.
    """

    line: int
    scenario: str
    variant: str
    parameters: str
    seed: int | None
    cells: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict)

    @property
    def case(self) -> tuple[str, str, str]:
        """Return what tells its case from others: folder, variant and set."""
        return self.scenario, self.variant, self.parameters

    def describe(self) -> dict[str, Any]:
        """Return what was asked, as the first columns of a table."""
        of_case = (self.scenario, self.variant, self.parameters, "" if self.seed is None else self.seed)
        return {**self.own, **dict(zip(OF_CASE, of_case, strict=True)), **self.cells}


def split_name(name: str) -> Cell | None:
    """Return the cell that a name stands for; None where the tables of a case have no such column."""
    table, _, rest = name.partition("/")
    row, _, column = rest.rpartition("/")
    known = load_fields()
    if table == "parameters":
        return Cell(table, rest, "value") if rest in known["parameter"] else None
    if table not in known or table in NOT_FILES or not row or column not in known[table]:
        return None
    return Cell(table, row, column)


def find_cell(name: str) -> Cell:
    """Return the cell that a name of a design stands for, which was checked with its header."""
    cell = split_name(name)
    assert cell is not None, f"{name} names a cell"
    return cell


def read_design(path: Path, faults: list[Fault]) -> list[DesignRow]:
    """Return the rows of a design's file; what cannot be read is added to the faults."""
    records = read_table(path, faults, path.name, blank=True)
    if not records:
        if not faults:
            faults.append(fault("design.empty", (path.name, 0, "")))
        return []
    line, header = records[0]
    names = [cell.strip() for cell in header]
    known = _read_header(path.name, line, names, faults)
    if len(records) == 1:
        faults.append(fault("design.empty", (path.name, 0, "")))
    return [row for record in records[1:] if (row := _read_row(path.name, names, known, record, faults)) is not None]


def take_design(rows: Sequence[Mapping[str, object]], faults: list[Fault]) -> list[DesignRow]:
    """Return the rows of a design that stands in memory, numbered from 1."""
    names = list(dict.fromkeys(str(name) for row in rows for name in row))
    known = _read_header("design", 0, names, faults)
    texts = [["" if row.get(name) is None else str(row[name]) for name in names] for row in rows]
    read = [_read_row("design", names, known, record, faults) for record in enumerate(texts, 1)]
    return [row for row in read if row is not None]


def _read_header(file: str, line: int, names: list[str], faults: list[Fault]) -> set[str]:
    """Return the names of columns that can be read."""
    for name, times in Counter(names).items():
        if name and times > 1:
            faults.append(fault("duplicate_column", (file, line, name[:100]), name=show(name)))
    known = set()
    for name in dict.fromkeys(names):
        if name in OF_CASE or name.startswith("x_") or split_name(name) is not None:
            known.add(name)
        elif name:
            hint = suggest(name, OF_CASE)
            faults.append(fault("design.column", (file, line, name[:100]), name=show(name), hint=hint))
    return known


def _read_row(
    file: str, names: list[str], known: set[str], record: tuple[int, list[str]], faults: list[Fault]
) -> DesignRow | None:
    line, cells = record
    if any(cell.strip() for cell in cells[len(names) :]):
        faults.append(fault("too_many_cells", (file, line, ""), cells=len(cells), columns=len(names)))
        return None
    written = {name: text.strip() for name, text in zip(names, cells, strict=False) if name in known}
    seed = written.get(SEED, "")
    if seed and not (seed.isascii() and seed.isdecimal() and len(seed) < 20 and int(seed) <= LARGEST_SEED):
        faults.append(fault("design.seed", (file, line, SEED), text=show(seed)))
        return None
    return DesignRow(
        line,
        written.get(SCENARIO, ""),
        written.get(VARIANT, ""),
        written.get(SET, ""),
        int(seed) if seed else None,
        {name: text for name, text in written.items() if text and name not in OF_CASE and not name.startswith("x_")},
        {name: text for name, text in written.items() if name.startswith("x_")},
    )
