"""Adding a row to a table that a person wrote: nothing that stands in it is changed, moved or lost."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from corridor.scenario.faults import Fault, FaultsError, UsageError, fault
from corridor.scenario.files import Record, find_delimiter, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def append_row(folder: Path, file: str, columns: Sequence[str], values: Mapping[str, str]) -> int:
    """Add one row at the end of a CSV table of a folder and return its line.

    Comments, order, line ends, delimiter, the user's own columns and every written byte stay; a column that
    the row needs and the header lacks is added behind the header's last. A table that does not exist is
    begun with `columns`. Raises FaultsError if the table cannot be read and UsageError if its id is taken.
    """
    path = folder / file
    (line, cells), *rows = _read(folder, file) if path.exists() else [(1, list(columns))]
    content = path.read_bytes().decode("utf-8") if path.exists() else write_cells(columns, ",") + "\n"
    header = [name.strip() for name in cells]
    if columns[0] in header:
        at = header.index(columns[0])
        if values.get(columns[0]) in {row[at].strip() for _, row in rows if len(row) > at}:
            message = f'{file} already has a row "{values[columns[0]]}"'
            raise UsageError(message)
    lines = list(io.StringIO(content, newline=""))
    delimiter = find_delimiter(content.removeprefix("\ufeff"))
    newline = "\r\n" if "\r\n" in content else "\n"
    missing = [column for column in columns if values.get(column) and column not in header]
    if missing:
        written = lines[line - 1].rstrip("\r\n")
        ending = lines[line - 1][len(written) :]
        lines[line - 1] = f"{written}{delimiter}{write_cells(missing, delimiter)}{ending}"
    if not lines[-1].endswith(("\n", "\r")):
        lines[-1] += newline
    lines.append(write_cells([values.get(column, "") for column in (*header, *missing)], delimiter) + newline)
    _replace(path, "".join(lines))
    return len(lines)


def read_rows(folder: Path, file: str) -> list[dict[str, str]]:
    """Return the rows of a CSV table of a folder as dictionaries; an absent table has none.

    Raises FaultsError if the table cannot be read.
    """
    if not (folder / file).exists():
        return []
    (_, header), *rows = _read(folder, file)
    columns = [name.strip() for name in header]
    return [dict.fromkeys(columns, "") | dict(zip(columns, cells, strict=False)) for _, cells in rows]


def _read(folder: Path, file: str) -> list[Record]:
    faults: list[Fault] = []
    records = read_table(folder / file, faults, file)
    if not records and not faults:
        faults.append(fault("missing_column.table", (file, 0, "")))
    if faults:
        raise FaultsError(faults)
    return records


def write_cells(cells: Sequence[str], delimiter: str) -> str:
    """Return one line of a CSV table without its line end."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="").writerow(cells)
    return out.getvalue()


def _replace(path: Path, content: str) -> None:
    """Write a file so that it is either the old one or the new one, whatever happens on the way."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(content.encode("utf-8"))
    part.replace(path)
