"""Workbooks (.xlsx) as rows of texts: merged cells filled downward, days as days, formulas by their result."""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from corridor.scenario.draft import show
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.workbook import Workbook

LARGEST_UNPACKED = 1_500_000_000  # bytes; a small archive may hold a huge sheet
_WHOLE = 60_000_000  # bytes unpacked up to which a workbook is held in memory, as merged cells need
_FIRST = 1_000_000  # bytes of an archive that hold no more than `_MOST_PIECES`, and unpack to no more than `_WHOLE`
_MOST_PIECES = 600_000  # elements of a small workbook: what is read in 5 s
_PIECES_A_BYTE, _UNPACKED_A_BYTE = 4, 150  # of what an archive has beyond its first bytes
_MOST_CELLS = 3_000_000  # between the first cell of a sheet and its last, and merged into others
_MERGED = re.compile(rb"mergeCell\s[^<>]{0,200}?ref\s*=\s*[\"']([^\"']{0,40})")
_MOST_COLUMNS = 1_000
_TALLEST = 10_000  # rows of cells merged into one that are filled

Row = tuple[int, list[str]]
Cells = Sequence[object]


def is_workbook(path: Path) -> bool:
    """Tell whether a file is a workbook, whatever its name."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return False


def require_room(path: Path) -> int:
    """Return how many bytes a workbook unpacks to. Raises UsageError when it holds too much, or it is no archive.

    A small archive may hold a sheet that takes hours to read: what it holds is counted before it is read.
    """
    try:
        beyond = max(0, path.stat().st_size - _FIRST)
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
            most = min(LARGEST_UNPACKED, _WHOLE + _UNPACKED_A_BYTE * beyond)
            if size > most:
                message = f"{path.name} unpacks to {size:,} bytes; at most {most:,} are read of a file of its size"
                raise UsageError(message)
            pieces, merged = _count_pieces(archive)
    except UsageError:
        raise
    except Exception as error:  # whatever a damaged archive makes zipfile stumble over
        message = f"{path.name} cannot be read as a workbook ({type(error).__name__}); save it anew as .xlsx"
        raise UsageError(message) from error
    for number, what, bound in (
        (pieces, "cells and other pieces", _MOST_PIECES + _PIECES_A_BYTE * beyond),
        (merged, "merged cells", _MOST_CELLS),
    ):
        if number > bound:
            message = f"{path.name} holds {number:,} {what}; at most {bound:,} are read of a file of its size"
            raise UsageError(message)
    return size


def _count_pieces(archive: zipfile.ZipFile) -> tuple[int, int]:
    """Return how many elements the parts of a workbook hold, and how many cells are merged into others.

    Raises ValueError for a part in an encoding in which that cannot be counted; spreadsheets write UTF-8.
    """
    from openpyxl.utils import range_boundaries

    pieces = merged = 0
    for item in archive.infolist():
        if not item.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        with archive.open(item) as part:
            end = b""
            while content := part.read(1_000_000):
                if b"\0" in content:
                    raise ValueError
                pieces += content.count(b"<") - content.count(b"</")
                for found in _MERGED.finditer(end + content):
                    left, top, right, bottom = (int(at or 0) for at in range_boundaries(found[1].decode("ascii")))
                    merged += (right - left + 1) * (bottom - top + 1)
                end = content[-300:] if b"mergeCell" in content[-300:] else b""
    return pieces, merged


class Book:
    """A workbook opened for reading. `notes` gathers what could not be read as it stands."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes: list[str] = []
        self._is_small = require_room(path) <= _WHOLE
        with self._opened(values=True) as book:
            self.sheets = [sheet.title for sheet in book.worksheets]
        self._kept: dict[str, list[Row]] = {}

    @contextmanager
    def _opened(self, values: bool) -> Iterator[Workbook]:
        """Give the workbook, with results of formulas or with the formulas; what it stumbles over is told."""
        import openpyxl

        with self.path.open("rb") as file, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and extensions that hold no data
            try:
                source = BytesIO(file.read()) if self._is_small else file
                book = openpyxl.load_workbook(source, read_only=not self._is_small, data_only=values)
                yield book
                book.close()
            except UsageError:
                raise
            except Exception as error:  # whatever a damaged file makes openpyxl stumble over
                message = (
                    f"{self.path.name} cannot be read as a workbook ({type(error).__name__}); save it anew as .xlsx"
                )
                raise UsageError(message) from error

    def rows(self, sheet: str) -> Iterator[Row]:
        """Yield (row number, texts) of a sheet; rows without any text are left out."""
        if not self._is_small:
            self._note("so large a workbook is read row by row: cells merged over several rows are not filled")
            with self._opened(values=True) as book:
                yield from _write_rows(book[sheet].iter_rows(values_only=True), {})
            return
        if sheet not in self._kept:
            with self._opened(values=True) as book:
                row, column = find_end(book[sheet])
                values = list(book[sheet].iter_rows(max_row=row, max_col=column, values_only=True))
                filled = _find_merged(book[sheet])
            with self._opened(values=False) as book:
                row, column = find_end(book[sheet])
                self._count_formulas(values, book[sheet].iter_rows(max_row=row, max_col=column, values_only=True))
            self._kept[sheet] = list(_write_rows(values, filled))
        yield from self._kept[sheet]

    def _count_formulas(self, values: Iterable[Cells], written: Iterable[Cells]) -> None:
        missing = sum(
            value is None and isinstance(formula, str) and formula.startswith("=")
            for row, formulas in zip(values, written, strict=False)
            for value, formula in zip(row, formulas, strict=False)
        )
        if missing:
            self._note(f"{missing:,} formulas have no result yet: open the workbook in a spreadsheet and save it")

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def find_end(sheet: Any) -> tuple[int, int]:
    """Return the last row and column that hold anything: a column formatted to the end has a million blank cells.

    Raises UsageError when more lies before them than can be looked at.
    """
    filled = [at for at, cell in sheet._cells.items() if cell.value is not None or cell.comment is not None]
    areas = [area for area in sheet.merged_cells.ranges if area.max_row - area.min_row < _TALLEST]
    row = max([1, *(row for row, _ in filled), *(area.max_row for area in areas)])
    column = max([1, *(column for _, column in filled), *(area.max_col for area in areas)])
    if row * column > _MOST_CELLS:
        message = f"the sheet {show(sheet.title)} goes on to row {row:,} and column {column:,}: remove what stands far "
        message += f"from the table, for at most {_MOST_CELLS:,} cells are read"
        raise UsageError(message)
    return row, column


def _write_rows(values: Iterable[Cells], filled: Mapping[tuple[int, int], str]) -> Iterator[Row]:
    for number, row in enumerate(values, 1):
        cells = [_write(value) or filled.get((number, at), "") for at, value in enumerate(row[:_MOST_COLUMNS])]
        if any(cells):
            yield number, cells


def _find_merged(sheet: Any) -> dict[tuple[int, int], str]:
    """Return the text of every cell that a cell above it was merged with."""
    filled: dict[tuple[int, int], str] = {}
    for area in sheet.merged_cells.ranges:
        if area.max_row - area.min_row < _TALLEST:
            text = _write(sheet.cell(area.min_row, area.min_col).value)
            filled |= {(row, area.min_col - 1): text for row in range(area.min_row + 1, area.max_row + 1)}
    return filled


def _write(value: object) -> str:
    """Return a cell's value as text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).replace("\0", "").strip()
