"""Adding a row to a table that a person wrote: nothing that stands in it is changed, moved or lost."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from corridor.scenario.faults import Fault, FaultsError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def append_row(path: Path, file: str, columns: Sequence[str], values: Mapping[str, str]) -> int:
    """Add one row at the end of a CSV table and return its line.

    Comments, order, line ends, delimiter, the user's own columns and every written byte stay; a column that
    the row needs and the header lacks is added behind the header's last. A table that does not exist is
    begun with `columns`. Raises FaultsError if the table cannot be read and UsageError if its id is taken.
    """
    content = _read(path, file)
    if content is None:
        content = write_cells(columns, ",") + "\n"
    delimiter, header, end = _find_header(content, file)
    newline = "\r\n" if "\r\n" in content else "\n"
    if columns[0] in header:
        at = header.index(columns[0])
        if values.get(columns[0]) in {r[at].strip() for r in _rows(content[end:], delimiter) if len(r) > at}:
            message = f'{file} already has a row "{values[columns[0]]}"'
            raise UsageError(message)
    missing = [c for c in columns if values.get(c) and c not in header]
    if missing:
        content = content[:end] + delimiter + write_cells(missing, delimiter) + content[end:]
        header = [*header, *missing]
    if not content.endswith(("\n", "\r")):
        content += newline
    line = content.count("\n") + 1
    content += write_cells([values.get(column, "") for column in header], delimiter) + newline
    _replace(path, content)
    return line


def read_rows(path: Path, file: str) -> list[dict[str, str]]:
    """Return the rows of a CSV table as dictionaries; an absent table has none."""
    content = _read(path, file)
    if content is None:
        return []
    delimiter, header, end = _find_header(content, file)
    empty = dict.fromkeys(header, "")
    return [empty | dict(zip(header, cells, strict=False)) for cells in _rows(content[end:], delimiter)]


def _read(path: Path, file: str) -> str | None:
    if not path.exists():
        return None
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        found = f"byte {error.object[error.start]:#04x} at position {error.start}"
        fault = Fault(
            file, 0, "", "bad_encoding", found, "UTF-8 text", "save it as UTF-8 (in a spreadsheet: CSV UTF-8)"
        )
        raise FaultsError([fault]) from error


def _find_header(content: str, file: str) -> tuple[str, list[str], int]:
    """Return the delimiter, the column names, and where the header's line ends."""
    position = 0
    for line in content.splitlines(keepends=True):
        bare = line.lstrip("\ufeff").strip()
        if bare and not bare.startswith("#"):
            delimiter = ";" if bare.count(";") > bare.count(",") else ","
            names = [name.strip() for name in next(csv.reader([bare], delimiter=delimiter))]
            return delimiter, names, position + len(line.rstrip("\r\n"))
        position += len(line)
    fault = Fault(
        file,
        0,
        "",
        "missing_column",
        "no header",
        "a header row with column names",
        "write the header or remove the file",
    )
    raise FaultsError([fault])


def _rows(content: str, delimiter: str) -> list[list[str]]:
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    return [row for row in rows if any(cell.strip() for cell in row) and not row[0].lstrip().startswith("#")]


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
