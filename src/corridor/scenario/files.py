"""One file: from bytes on disk to text, and from text to records with their row numbers."""

from __future__ import annotations

import csv
import io
import os
import re
import tomllib
from typing import TYPE_CHECKING, Any

from corridor.scenario.draft import Draft, suggest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TABLE_LINE = re.compile(r"\s*\[\s*([^\[\]]+)\]")
_KEY_LINE = re.compile(r"\s*([\w-]+|\"[^\"]*\")\s*=")
LARGEST_FILE = 50_000_000  # bytes; a table larger than this is a mistake, not a scenario


def can_open_folder(draft: Draft) -> bool:
    """Tell whether the scenario folder is there and can be read; note a fault if not."""
    name = str(draft.folder)
    if not os.path.lexists(draft.folder):
        fix = "check the path; make one with corridor init"
        draft.add((name, 0, ""), "missing_folder", "no such folder", "a scenario folder", fix)
    elif not draft.folder.is_dir():
        fix = "name the folder that holds scenario.toml"
        draft.add((name, 0, ""), "missing_folder", "something else than a folder", "a scenario folder", fix)
    elif not os.access(draft.folder, os.R_OK | os.X_OK):
        fix = "check the folder's permissions"
        draft.add((name, 0, ""), "unreadable_file", "no permission", "a folder you may read", fix)
    else:
        return True
    return False


def read_text(draft: Draft, file: str) -> str | None:
    """Return the text of a file that must be there, or None with a fault."""
    path = draft.folder / file
    if not os.path.lexists(path):
        near = [p.name for p in sorted(path.parent.glob("*"))] if path.parent.is_dir() else []
        fix = f"add it; corridor init shows one{suggest(path.name, near)}"
        draft.add((file, 0, ""), "missing_file", "no such file", f"a file {file}", fix)
        return None
    data = _read_bytes(draft, file, path)
    if data is None:
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        found = f"byte {data[error.start]:#04x} at position {error.start}"
        fix = "save it as UTF-8 (in a spreadsheet: CSV UTF-8)"
        draft.add((file, line, ""), "bad_encoding", found, "UTF-8 text", fix)
        return None
    if "\0" in text:
        fix = "save it as UTF-8; this looks like UTF-16 or a binary file"
        line = text[: text.index("\0")].count("\n") + 1
        draft.add((file, line, ""), "bad_encoding", "null bytes", "UTF-8 text", fix)
        return None
    return text


def _read_bytes(draft: Draft, file: str, path: Path) -> bytes | None:
    try:
        if not path.is_file():  # a folder, a pipe, a link to nothing
            fix = "put a file of that name there"
            draft.add((file, 0, ""), "unreadable_file", "no ordinary file", "a readable file", fix)
            return None
        size = path.stat().st_size
        if size > LARGEST_FILE:
            allowed = f"at most {LARGEST_FILE:,}"
            draft.add((file, 0, ""), "too_large", f"{size:,} bytes", allowed, "split or shorten it")
            return None
        return path.read_bytes()
    except OSError as error:
        found = error.strerror or str(error)
        draft.add((file, 0, ""), "unreadable_file", found, "a readable file", "check its permissions")
        return None


def read_toml(draft: Draft, file: str) -> dict[str, Any] | None:
    """Return the content of a TOML file that must be there, or None with a fault."""
    text = read_text(draft, file)
    if text is None:
        return None
    try:
        document = tomllib.loads(text)
    except RecursionError:
        found, line = "brackets within brackets too deep to read", 0
    except ValueError as error:  # TOMLDecodeError, or a whole number of thousands of digits
        found = str(error)
        _, _, place = found.partition("(at line ")
        digits = place.partition(",")[0]
        line = int(digits) if digits.isdecimal() else 0
        if "at end of document" in found:
            line = len(text.splitlines())
    else:
        draft.toml_rows[file] = _find_rows(text)
        return document
    fix = "mend the line; texts stand in double quotes"
    draft.add((file, line, ""), "bad_toml", found, "valid TOML", fix)
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


def read_records(draft: Draft, file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (row number, cells) without blank and comment lines; comma or semicolon as the header has it.

    The row number is that of the record's first line in the file. Text that is no CSV is noted as a fault and
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
            fix = "look for a quotation mark that is not closed, or close it at the end of its cell"
            draft.add((file, lines.start, ""), "bad_csv", str(error), "comma-separated text", fix)
            return
        # a spreadsheet may have put a comment between quotation marks
        if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#"):
            yield lines.start, cells


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
