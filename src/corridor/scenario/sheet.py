"""A table's file as a sheet: every line as it was written, cut into rows, so that writing it back changes nothing.

The pieces of a sheet, one after the other, are the file: comment lines and blank ones, the header, the rows. A row
knows its cells as `files.read_records` reads them, and a change of one cell leaves the rest of its line as it was.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.scenario.files import find_delimiter
from corridor.scenario.spreadsheet import unescape_formula, write_cells

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "\ufeff"  # the byte order mark that some spreadsheets begin a file with
ABSENT = "absent"  # version of a file that is not there
HEADER = "header"
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Piece:
    """Some whole lines of a file: a comment or blank lines (no key), the header ("header"), or a row.

    `key` names a row as long as its file does not change; `cells` are the texts that a reader takes from `raw`.
    """

    raw: str
    key: str = ""
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A table's text in pieces. `broken` says why what follows could not be read as rows; blank if all could."""

    pieces: tuple[Piece, ...]
    delimiter: str = ","
    mark: str = ""
    broken: str = ""

    @property
    def text(self) -> str:
        """Return the text of the file."""
        return self.mark + "".join(piece.raw for piece in self.pieces)

    @property
    def columns(self) -> tuple[str, ...]:
        """Return the header as it is written, with a blank name for each cell of a row beyond it."""
        header = next((piece.cells for piece in self.pieces if piece.key == HEADER), ())
        width = max((len(piece.cells) for piece in self.pieces), default=0)
        return header + ("",) * (width - len(header))

    @property
    def rows(self) -> list[Piece]:
        """Return the rows in their order."""
        return [piece for piece in self.pieces if piece.key not in ("", HEADER)]

    @property
    def line_end(self) -> str:
        r"""Return what ends the first line that has an end; \n when none has."""
        found = _LINE_END.search(self.text)
        return found[0] if found else "\n"

    def lines(self) -> dict[str, int]:
        """Return by key the number of each row's first line, as a fault names it; the header's under "header"."""
        found, number = {}, 1
        for piece in self.pieces:
            if piece.key:
                found[piece.key] = number
            number += count_lines(piece.raw)
        return found


def cut_sheet(text: str) -> Sheet:
    """Return the text of a table's file as a sheet; text that is no CSV ends the rows and is kept."""
    mark, text = (MARK, text[1:]) if text.startswith(MARK) else ("", text)
    delimiter = find_delimiter(text)
    lines = list(io.StringIO(text, newline=""))
    pieces: list[Piece] = []
    broken, number, start = "", -1, 0
    while start < len(lines):
        try:
            taken, cells = _take_record(lines, start, delimiter)
        except csv.Error as error:
            broken = str(error)
            pieces.append(Piece("".join(lines[start:])))
            break
        raw, start = "".join(lines[start : start + taken]), start + taken
        if not any(cell.strip() for cell in cells) or cells[0].lstrip().startswith("#"):
            pieces.append(Piece(raw))
        else:
            pieces.append(Piece(raw, HEADER if number < 0 else str(number), tuple(map(unescape_formula, cells))))
            number += 1
    return Sheet(tuple(pieces), delimiter, mark, broken)


def _take_record(lines: list[str], start: int, delimiter: str) -> tuple[int, list[str]]:
    """Return how many lines a record takes, and its cells; a comment is one line without cells."""
    if lines[start].lstrip().startswith("#"):
        return 1, []
    taken = 0

    def feed() -> Iterator[str]:
        nonlocal taken
        for at in range(start, len(lines)):
            taken += 1
            yield lines[at]

    cells = next(csv.reader(feed(), delimiter=delimiter, strict=True))
    return taken, cells


def change_cells(piece: Piece, cells: tuple[str, ...], sheet: Sheet) -> Piece:
    """Return a row with other cells; those that stay the same stay as they are written, quoted or not."""
    end = piece.raw[len(piece.raw.rstrip("\r\n")) :] if piece.raw else sheet.line_end
    old = _split_raw(piece, sheet.delimiter)
    kept = len(piece.cells)
    raw = [
        old[at] if old is not None and at < kept and text == piece.cells[at] else write_cell(text, sheet.delimiter)
        for at, text in enumerate(cells)
    ]
    return Piece(sheet.delimiter.join(raw) + end, piece.key, cells)


def write_cell(text: str, delimiter: str) -> str:
    """Return one cell as it stands in a line of CSV."""
    return write_cells([text], delimiter) if text else ""


def _split_raw(piece: Piece, delimiter: str) -> list[str] | None:
    """Return the cells of a row as they are written, or None where that cannot be told."""
    line, found, at = piece.raw.rstrip("\r\n"), [], 0
    pattern = re.compile(rf'("(?:[^"]|"")*"|[^{delimiter}]*)({delimiter}|\Z)')
    while match := pattern.match(line, at):
        found.append(match[1])
        at = match.end()
        if not match[2]:
            break
    read = [unescape_formula(raw[1:-1].replace('""', '"') if raw.startswith('"') else raw) for raw in found]
    return found if tuple(read) == piece.cells else None


def count_lines(text: str) -> int:
    r"""Return how many lines a text has, as an editor counts them: \n, \r\n and \r end one."""
    return sum(1 for _ in io.StringIO(text, newline=""))


def name_version(content: bytes | None) -> str:
    """Return what tells one state of a file from every other; None is a file that is not there."""
    return ABSENT if content is None else hashlib.sha256(content).hexdigest()[:32]
