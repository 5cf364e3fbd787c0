"""A table of somebody's, whatever it was saved as: CSV with any separator, text of any encoding, a workbook.

Rows are streamed, so that a file of hundreds of megabytes needs no memory; a row that cannot be trusted carries the
reason. `find_table.py` finds the table in its file.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import TYPE_CHECKING

from corridor.build.signs import read_lines
from corridor.build.used import SourceFile
from corridor.build.workbooks import Book
from corridor.scenario.draft import show, suggest
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_TAG = re.compile(r"\s*(?:#[a-z]|$)")  # of HXL, or nothing
_LONGEST_RECORD = 50  # lines that one row may run over


@dataclass(frozen=True)
class Line:
    """One row: the line it begins on, its cells, and why it cannot be trusted (blank if it can)."""

    number: int
    cells: tuple[str, ...]
    fault: str = ""


@cache
def load_roles(importer: str) -> dict[str, tuple[str, ...]]:
    """Return by role the names that its column may have in files of a kind, the likeliest first (columns.csv)."""
    text = resources.files("corridor.build").joinpath("columns.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["importer"] == importer]
    return {row["role"]: tuple(row["names"].split("; ")) for row in rows}


def fold(name: str) -> str:
    """Return a column's name without case, signs and gaps: `# IDP Individuals` and `idp_individuals` are one."""
    return re.sub(r"[^\w]|_", "", unicodedata.normalize("NFKC", name).casefold())


@dataclass(frozen=True)
class Table:
    """A table that was found in a file. Its rows are read anew each time they are asked for."""

    path: Path
    source: SourceFile
    header: Line
    found: Mapping[str, int]  # role -> number of its column
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    book: Book | None = None
    told: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the names in the header."""
        return self.header.cells

    @cached_property
    def notes(self) -> list[str]:
        """Return what should be said of the file; complete once its rows were read."""
        return list(self.told)

    def has(self, *roles: str) -> bool:
        """Tell whether there is a column for each role."""
        return all(role in self.found for role in roles)

    def take(self, line: Line, role: str) -> str:
        """Return the text of a row in the column of a role, blank where there is none."""
        at = self.found.get(role)
        return line.cells[at].strip() if at is not None and at < len(line.cells) else ""

    def texts(self, role: str) -> Iterator[str]:
        """Yield every text of a column."""
        return (self.take(line, role) for line in self.lines() if not line.fault)

    def lines(self) -> Iterator[Line]:
        """Yield the rows below the header; blank ones, and the row of HXL tags, are none."""
        width, names = len(self.columns), [cell.strip() for cell in self.columns]
        for line in self._records():
            cells = line.cells
            if line.number <= self.header.number or not (any(cells) and any(cell.strip() for cell in cells)):
                continue
            if line.fault:
                yield line
            elif len(cells) > width and any(cell.strip() for cell in cells[width:]):
                yield Line(line.number, cells, "more cells than columns (a separator within an unquoted text?)")
            elif "".join(cells).lstrip().startswith("#") and all(_TAG.match(cell) for cell in cells):
                self._note(f"a row of HXL tags (line {line.number}) was skipped")
            elif cells[0].strip() == names[0] and [cell.strip() for cell in cells] == names:
                yield Line(line.number, cells, "the header once more")
            else:
                yield line
        for note in self.book.notes if self.book is not None else ():
            self._note(note)

    def _records(self) -> Iterator[Line]:
        if self.book is not None:
            return (Line(number, tuple(cells)) for number, cells in self.book.rows(self.sheet))
        return read_records(read_lines(self.path, self.encoding), self.delimiter, self.path.name)

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def require(self, *roles: str, names: Mapping[str, Sequence[str]]) -> None:
        """Raise UsageError when a column is missing, with those that there are."""
        for role in roles:
            if role not in self.found:
                raise say_missing(self.path, role, names[role], self.columns)


def read_records(lines: Iterable[str], delimiter: str, name: str) -> Iterator[Line]:
    """Yield the records of CSV with the line each begins on; one whose quotation marks do not fit carries a fault."""
    counted = _Counted(lines)
    reader = csv.reader(counted, delimiter=delimiter)
    while True:
        counted.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            message = f"{name}, line {counted.start}: a quotation mark is opened and not closed within 130,000 signs"
            raise UsageError(message) from None
        taken = counted.number - counted.start + 1
        fault = ""
        if counted.marks % 2 and taken > 1:
            fault = f"a quotation mark that is never closed (it takes the {taken:,} lines up to the end)"
        elif taken > _LONGEST_RECORD:
            fault = f"a quotation mark that closes only {taken:,} lines on"
        yield Line(counted.start, tuple(cells), fault)


class _Counted:
    """Lines with their number, and the quotation marks since a record began."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self.number, self.start, self.marks = 0, 1, 0

    def begin(self) -> None:
        self.start, self.marks = self.number + 1, 0

    def __iter__(self) -> _Counted:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        self.marks += line.count('"')
        return line


def say_missing(path: Path, role: str, names: Sequence[str], columns: Sequence[str]) -> UsageError:
    """Return that a column is missing, with those that there are, to be raised."""
    there = [column.strip() for column in columns if column.strip()]
    near = suggest(names[0], there) if names else ""
    message = f"{path.name} has no column for {role} (such as {', '.join(names[:3])}); its columns: "
    message += f"{', '.join(map(show, there[:40]))}{near}. Say which it is in a mapping: --map columns.toml, with "
    return UsageError(message + f'[columns] and {role} = "..."')
