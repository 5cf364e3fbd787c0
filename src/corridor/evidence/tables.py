"""Adding a row to a table that a person wrote: nothing that stands in it is changed, moved or lost."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from corridor.scenario.faults import Fault, FaultsError, UsageError, fault
from corridor.scenario.files import Record, find_delimiter, read_table
from corridor.scenario.spreadsheet import write_cells, write_csv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def add_rows(
    folder: Path, file: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]]
) -> tuple[str, tuple[int, ...]]:
    """Return a CSV table of a folder with rows added at its end, and their lines.

    Comments, order, line ends, delimiter, the user's own columns and every written byte stay; a column that
    a row needs and the header lacks is added behind the header's last. A table that does not exist is
    begun with `columns`. A row that stands there already, every cell the same, is not added again. Raises
    FaultsError if the table cannot be read and UsageError if an id is taken.
    """
    path = folder / file
    (line, cells), *present = _read(folder, file) if path.exists() else [(1, list(columns))]
    content = path.read_bytes().decode("utf-8") if path.exists() else write_csv([columns])
    header = [name.strip() for name in cells]
    named = _name_cells(header, present) if "id" in header else []
    taken: dict[str, tuple[int, Mapping[str, str] | None]] = {row["id"].strip(): (at, row) for at, row in named}
    lines = list(io.StringIO(content, newline=""))
    delimiter = find_delimiter(content.removeprefix("\ufeff"))
    newline = "\r\n" if "\r\n" in content else "\n"
    missing = [column for column in columns if any(row.get(column) for row in rows) and column not in header]
    if missing:
        written = lines[line - 1].rstrip("\r\n")
        ending = lines[line - 1][len(written) :]
        lines[line - 1] = f"{written}{delimiter}{write_cells(missing, delimiter)}{ending}"
    if not lines[-1].endswith(("\n", "\r")):
        lines[-1] += newline
    places = []
    for row in rows:
        name = row.get("id", "")  # rows of some tables have none: they are added as they are
        at, found = taken.get(name, (len(lines) + 1, None)) if name else (len(lines) + 1, None)
        if found is None:
            added = write_cells([row.get(column, "") for column in (*header, *missing)], delimiter) + newline
            lines += io.StringIO(added, newline="")  # a quote may run over several lines
            taken[name] = (at, row)
        elif any(value != found.get(column, "") for column, value in row.items()):
            message = f'{file} already has a row "{name}"'
            raise UsageError(message)
        places.append(at)
    return "".join(lines), tuple(places)


def read_rows(folder: Path, file: str) -> list[dict[str, str]]:
    """Return the rows of a CSV table of a folder as dictionaries; an absent table has none.

    Raises FaultsError if the table cannot be read.
    """
    if not (folder / file).exists():
        return []
    (_, header), *rows = _read(folder, file)
    return [row for _, row in _name_cells([name.strip() for name in header], rows)]


def _name_cells(columns: Sequence[str], rows: Sequence[Record]) -> list[tuple[int, dict[str, str]]]:
    return [(line, dict.fromkeys(columns, "") | dict(zip(columns, cells, strict=False))) for line, cells in rows]


def _read(folder: Path, file: str) -> list[Record]:
    faults: list[Fault] = []
    records = read_table(folder / file, faults, file)
    if not records and not faults:
        faults.append(fault("missing_column.table", (file, 0, "")))
    if faults:
        raise FaultsError(faults)
    return records
