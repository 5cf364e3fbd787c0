"""Workbooks (.xlsx) as rows of texts: merged cells filled downward, days as days, formulas by their result."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any

from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.workbook import Workbook

LARGEST_UNPACKED = 1_500_000_000  # bytes; a small archive may hold a huge sheet
_WHOLE = 60_000_000  # bytes unpacked up to which a workbook is held in memory, as merged cells need
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
    """Return how many bytes a workbook unpacks to. Raises UsageError when these are too many, or it is no archive."""
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        message = f"{path.name} cannot be read as a workbook ({type(error).__name__}); save it anew as .xlsx"
        raise UsageError(message) from error
    if size > LARGEST_UNPACKED:
        message = f"{path.name} unpacks to {size:,} bytes; at most {LARGEST_UNPACKED:,} are read"
        raise UsageError(message)
    return size


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
                last = find_last_row(book[sheet])
                values = list(book[sheet].iter_rows(max_row=last, values_only=True))
                filled = _find_merged(book[sheet])
            with self._opened(values=False) as book:
                last = find_last_row(book[sheet])
                self._count_formulas(values, book[sheet].iter_rows(max_row=last, values_only=True))
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


def find_last_row(sheet: Any) -> int:
    """Return the last row that holds anything: a column formatted down to the end has a million blank ones."""
    filled = [row for (row, _), cell in sheet._cells.items() if cell.value is not None or cell.comment is not None]
    merged = [area.max_row for area in sheet.merged_cells.ranges if area.max_row - area.min_row < _TALLEST]
    return int(max([1, *filled, *merged]))


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
