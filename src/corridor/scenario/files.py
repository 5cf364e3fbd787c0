"""One file: from bytes on disk to text, and from text to records with their row numbers.

Every room that reads a file of the user's reads it here, so that all know the same dialects: UTF-8 with or without
a byte order mark, comma or semicolon, comment lines, quoted cells over several lines. What is wrong is added to a
list of faults handed in; `name` is the file as faults name it (blank: the last part of its path).
"""

from __future__ import annotations

import csv
import io
import os
import re
import tomllib
from itertools import islice
from typing import TYPE_CHECKING, Any

from corridor.scenario.draft import suggest
from corridor.scenario.faults import Fault, fault
from corridor.scenario.spreadsheet import unescape_formula

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Record = tuple[int, list[str]]  # row number of its first line, cells

_TABLE_LINE = re.compile(r"\s*\[\s*([^\[\]]+)\]")
_KEY_LINE = re.compile(r"\s*([\w-]+|\"[^\"]*\")\s*=")
LARGEST_FILE = 50_000_000  # bytes; a table larger than this is a mistake, not a scenario
MOST_ROWS, MOST_COLUMNS = 50_000, 1_000  # of one table
DEEPEST_KEY = 50  # tables within tables of a TOML file
_DEEP_KEY = re.compile(rf"^[^=\n]*?(?:\.[^.=\n]*){{{DEEPEST_KEY}}}", re.MULTILINE)


def can_open_folder(folder: Path, faults: list[Fault]) -> bool:
    """Tell whether a folder is there and can be read; add a fault if not."""
    where = (str(folder), 0, "")
    if not os.path.lexists(folder):
        faults.append(fault("missing_folder", where))
    elif not folder.is_dir():
        faults.append(fault("missing_folder.file", where))
    elif not os.access(folder, os.R_OK | os.X_OK):
        faults.append(fault("unreadable_file.folder", where))
    else:
        return True
    return False


def read_table(path: Path, faults: list[Fault], name: str = "", blank: bool = False) -> list[Record]:
    """Return the records of a CSV file that must be there, the header first; none when it cannot be read.

    With `blank` a line of separators alone is a record, of blank cells.
    """
    text = read_text(path, faults, name)
    if text is None:
        return []
    name = name or path.name
    records = list(islice(read_records(text, faults, name, blank), MOST_ROWS + 1))
    if len(records) > MOST_ROWS:
        faults.append(fault("too_large.rows", (name, 0, ""), most=MOST_ROWS))
    elif records and len(records[0][1]) > MOST_COLUMNS:
        where, columns = (name, records[0][0], ""), len(records[0][1])
        faults.append(fault("too_large.columns", where, columns=columns, most=MOST_COLUMNS))
    else:
        return records
    return []


def read_text(path: Path, faults: list[Fault], name: str = "") -> str | None:
    """Return the text of a file that must be there, or None with a fault."""
    name = name or path.name
    if not os.path.lexists(path):
        near = [p.name for p in sorted(path.parent.glob("*"))] if path.parent.is_dir() else []
        faults.append(fault("missing_file", (name, 0, ""), file=name, hint=suggest(path.name, near)))
        return None
    data = _read_bytes(path, faults, name)
    if data is None:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        where = (name, data[: error.start].count(b"\n") + 1, "")
        faults.append(fault("bad_encoding", where, byte=data[error.start], position=error.start))
        return None
    if "\0" in text:
        faults.append(fault("bad_encoding.null", (name, text[: text.index("\0")].count("\n") + 1, "")))
        return None
    return text


def _read_bytes(path: Path, faults: list[Fault], name: str) -> bytes | None:
    where = (name, 0, "")
    try:
        if not path.is_file():  # a folder, a pipe, a link to nothing
            faults.append(fault("unreadable_file.special", where))
            return None
        size = path.stat().st_size
        if size > LARGEST_FILE:
            faults.append(fault("too_large", where, size=size, most=LARGEST_FILE))
            return None
        return path.read_bytes()
    except OSError as error:
        faults.append(fault("unreadable_file", where, reason=error.strerror or str(error)))
        return None


def read_toml(path: Path, faults: list[Fault], name: str = "") -> tuple[dict[str, Any], dict[str, int]] | None:
    """Return the content of a TOML file that must be there and the row of each dotted key, or None with a fault."""
    text = read_text(path, faults, name)
    if text is None:
        return None
    try:
        if not (deep := _DEEP_KEY.search(text)):
            return tomllib.loads(text), _find_rows(text)
        reason, line = f"more than {DEEPEST_KEY} tables within tables", text.count("\n", 0, deep.start()) + 1
    except RecursionError:
        reason, line = "brackets within brackets too deep to read", 0
    except ValueError as error:  # TOMLDecodeError, or a whole number of thousands of digits
        reason = str(error)
        _, _, place = reason.partition("(at line ")
        digits = place.partition(",")[0]
        line = int(digits) if digits.isdecimal() else 0
        if "at end of document" in reason:
            line = len(text.splitlines())
    faults.append(fault("bad_toml", (name or path.name, line, ""), reason=reason))
    return None


def _find_rows(text: str) -> dict[str, int]:
    """Return the row of each table and key by its dotted name; the TOML reader itself does not tell."""
    rows: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if match := _TABLE_LINE.match(line):
            table = match[1].replace('"', "").strip() + "."
            for end in (place for place, sign in enumerate(table) if sign == "."):
                rows.setdefault(table[:end], number)
        elif match := _KEY_LINE.match(line):
            rows.setdefault(table + match[1].strip('"'), number)
    return rows


def read_records(text: str, faults: list[Fault], name: str, blank: bool = False) -> Iterator[Record]:
    """Yield (row number, cells) without blank and comment lines; comma or semicolon as the header has it.

    The row number is that of the record's first line in the file. Text that is no CSV is added to the faults and
    ends the records.
    """
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=find_delimiter(text), strict=True)
    while True:
        lines.begin_record()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            faults.append(fault("bad_csv", (name, lines.start, ""), reason=error))
            return
        # a spreadsheet may have put a comment between quotation marks
        if ((blank and cells) or any(cell.strip() for cell in cells)) and not cells[0].lstrip().startswith("#"):
            yield lines.start, [unescape_formula(cell) for cell in cells]


def find_delimiter(text: str) -> str:
    """Return what separates the cells of a table, as its header has it: a semicolon or a comma."""
    header = next((s for s in io.StringIO(text) if s.strip() and not s.lstrip().startswith("#")), "")
    return ";" if header.count(";") > header.count(",") else ","


class _Lines:
    """The lines of a text without those of comments, which may hold quotation marks that mean nothing.

    Inside a record (a quoted cell may run over several lines) a line that begins with # is no comment.
    """

    def __init__(self, text: str) -> None:
        self._lines = enumerate(io.StringIO(text, newline=""), start=1)
        self._fresh = True
        self.start = 0

    def begin_record(self) -> None:
        self._fresh = True

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        for number, line in self._lines:
            if self._fresh and line.lstrip().startswith("#"):
                continue
            if self._fresh:
                self.start, self._fresh = number, False
            return line
        raise StopIteration
