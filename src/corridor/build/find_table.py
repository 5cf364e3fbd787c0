"""The table in a file: its separator, its sheet and its header.

The header is not found by counting separators, which commas in notes mislead, but by trying: each separator and each
of the first lines is read, and what names most of the columns that are looked for is the header.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from corridor.build.mapping import NO_MAPPING, ColumnMapping
from corridor.build.signs import Scan, read_lines, require_table, scan_file
from corridor.build.tables import Line, Table, fold, read_records, say_missing
from corridor.build.used import SourceFile
from corridor.build.workbooks import Book, is_workbook
from corridor.scenario.draft import show, suggest
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

SEPARATORS = (",", ";", "\t", "|")
_MOST_TOLD = 60  # columns named that are not used
_LOOKED_AT = 40  # lines among which the header is looked for


def open_table(path: Path, roles: Mapping[str, Sequence[str]], mapping: ColumnMapping = NO_MAPPING) -> Table:
    """Return the table in a file whose header names most of the columns looked for.

    `roles` are the names that the column of each role may have, the likeliest first; a `mapping` prevails. Raises
    UsageError when the file cannot be read, holds no table, or names none of the columns.
    """
    scan = scan_file(path, str(mapping.table.get("encoding", "")))
    if scan.size == 0:
        message = f"{path.name} is empty"
        raise UsageError(message)
    source = SourceFile(path.name, scan.sha256, scan.size, **dict(mapping.source))
    wanted = {role: [fold(name) for name in names] for role, names in roles.items()}
    wanted |= {role: [fold(name)] for role, name in mapping.columns.items()}
    finder = _find_in_book if is_workbook(path) else _find_in_text
    table = finder(path, scan, source, wanted, mapping)
    for role, name in mapping.columns.items():
        if role not in table.found:
            raise say_missing(path, role, [name], table.columns)
    return table


def _find_in_text(
    path: Path, scan: Scan, source: SourceFile, wanted: Mapping[str, Sequence[str]], mapping: ColumnMapping
) -> Table:
    require_table(path)
    first = list(islice(read_lines(path, scan.encoding), 4 * _LOOKED_AT))
    asked = str(mapping.table.get("delimiter", ""))
    tried = []
    for delimiter in [asked] if asked else SEPARATORS:
        try:
            lines = list(islice(read_records(first, delimiter, path.name), _LOOKED_AT))
        except UsageError:
            continue  # as cut with another separator it may well be read
        header, found = _find_header(lines, wanted, mapping)
        if header is not None:
            tried.append((len(found), len(header.cells), Table(path, source, header, found, scan.encoding, delimiter)))
    if not tried or max(tried, key=lambda one: one[:2])[0] == 0:
        raise _none_found(path, wanted, first[:3])
    table = max(tried, key=lambda one: one[:2])[2]
    return Table(path, source, table.header, table.found, scan.encoding, table.delimiter, told=scan.notes + _say(table))


def _find_in_book(
    path: Path, scan: Scan, source: SourceFile, wanted: Mapping[str, Sequence[str]], mapping: ColumnMapping
) -> Table:
    book = Book(path)
    asked = str(mapping.table.get("sheet", ""))
    if asked and asked not in book.sheets:
        message = (
            f"{path.name} has no sheet {show(asked)}; there are {', '.join(book.sheets)}{suggest(asked, book.sheets)}"
        )
        raise UsageError(message)
    tried: list[tuple[int, Table]] = []
    for sheet in [asked] if asked else book.sheets:
        lines = [Line(number, tuple(cells)) for number, cells in islice(book.rows(sheet), _LOOKED_AT)]
        header, found = _find_header(lines, wanted, mapping)
        if header is not None:
            tried.append((len(found), Table(path, source, header, found, sheet=sheet, book=book)))
    if not tried or max(number for number, _ in tried) == 0:
        raise _none_found(path, wanted, [f"sheet {name}" for name in book.sheets])
    best = max(tried, key=lambda one: one[0])[1]
    others = [name for name in book.sheets if name != best.sheet]
    told = (f"read from the sheet {show(best.sheet)}; not read: {', '.join(map(show, others))}",) if others else ()
    return Table(path, source, best.header, best.found, sheet=best.sheet, book=book, told=told + _say(best))


def _find_header(
    lines: Sequence[Line], wanted: Mapping[str, Sequence[str]], mapping: ColumnMapping
) -> tuple[Line | None, dict[str, int]]:
    """Return the line that names most of the columns, and which column each role has; the first of equals."""
    row = mapping.table.get("header_row")
    best: tuple[Line | None, dict[str, int]] = (None, {})
    for line in lines:
        if row is not None and line.number != row:
            continue
        found = _find_columns(line.cells, wanted)
        if best[0] is None or len(found) > len(best[1]):
            best = line, found
    return best


def _find_columns(cells: Sequence[str], wanted: Mapping[str, Sequence[str]]) -> dict[str, int]:
    places: dict[str, int] = {}
    for at, cell in enumerate(cells):
        places.setdefault(fold(cell), at)
    places.pop("", None)
    found = {}
    for role, names in wanted.items():
        if (at := next((places[name] for name in names if name in places), -1)) >= 0:
            found[role] = at
    return found


def _say(table: Table) -> tuple[str, ...]:
    """Return what a person should know of the header."""
    told = []
    names = [fold(cell) for cell in table.columns if cell.strip()]
    twice = sorted({show(cell) for cell in table.columns if cell.strip() and names.count(fold(cell)) > 1})
    used = {table.columns[at] for at in table.found.values()}
    if meant := [name for name in twice if any(name == show(cell) for cell in used)]:
        told.append(f"more than one column is called {', '.join(meant)}: the first is read")
    if table.header.number > 1:
        told.append(f"the header stands in line {table.header.number}; what is above it was not read")
    read = set(table.found.values())
    left = [show(" ".join(cell.split())) for at, cell in enumerate(table.columns) if cell.strip() and at not in read]
    if left:
        more = f" and {len(left) - _MOST_TOLD} more" if len(left) > _MOST_TOLD else ""
        told.append(f"columns not used: {', '.join(left[:_MOST_TOLD])}{more}")
    return tuple(told)


def _none_found(path: Path, wanted: Mapping[str, Sequence[str]], first: Sequence[str]) -> UsageError:
    message = f"no line at the top of {path.name} names a column for any of {', '.join(wanted)}; it begins with "
    message += (
        f"{' / '.join(show(line) for line in first)}. Say which columns they are in a mapping: --map columns.toml"
    )
    return UsageError(message)
