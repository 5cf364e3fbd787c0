"""Faults at their cells: in a copy of a person's workbook, never in the workbook itself."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

from corridor.build.workbook_parts import FAULTS, write_value
from corridor.build.workbook_reading import Back, load_book
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corridor.scenario.faults import Fault

_HEADER = ("sheet", "cell", "found", "allowed", "fix", "code")
_RED, _YELLOW = "FFFFC7CE", "FFFFEB9C"


def mark_faults(path: Path, target: Path, back: Back, faults: Sequence[Fault]) -> bytes:
    """Return a copy of a workbook with each fault coloured and noted at its cell, and a sheet that lists them all.

    Raises UsageError when `target` is the workbook itself, or another file that is no such copy.
    """
    if target.exists():
        if target.samefile(path):
            message = f"{target} is your own workbook: the copy with the faults needs another name"
            raise UsageError(message)
        if FAULTS not in load_book(BytesIO(target.read_bytes()), target.name, True).sheetnames:
            message = f"{target} is there and is no copy with faults: name another with --faults"
            raise UsageError(message)
    book = load_book(BytesIO(path.read_bytes()), path.name, False)
    if FAULTS in book.sheetnames:
        del book[FAULTS]
    listed = book.create_sheet(FAULTS, 0)
    for at, name in enumerate(_HEADER, 1):
        _write(listed.cell(1, at), name)
    for number, found in enumerate(faults, 2):
        sheet, cell = _find_cell(book, back, found)
        told = (sheet, cell.coordinate if cell is not None else "", found.found, found.allowed, found.fix, found.code)
        for at, text in enumerate(told, 1):
            _write(listed.cell(number, at), text)
        if cell is not None:
            listed.cell(number, 2).hyperlink = f"#'{sheet}'!{cell.coordinate}"
            _mark(cell, found)
    book.active = 0
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _find_cell(book: Any, back: Back, found: Fault) -> tuple[str, Any]:
    """Return the sheet of a fault and its cell there; the file's name and None for one of the whole case."""
    sheet = found.file.partition(", sheet ")[2]
    if sheet not in book.sheetnames:
        return found.file, None
    file = next((file for file, name in back.sheets.items() if name == sheet), "")
    column = back.columns.get(file, {}).get(found.column, 2)
    return sheet, book[sheet].cell(max(1, found.row), column)


def _mark(cell: Any, found: Fault) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    said = f"{found.found}\nallowed: {found.allowed}\nfix: {found.fix}"
    if cell.comment is not None:
        said = f"{cell.comment.text}\n\n{said}"
    cell.comment = Comment(said[:8_000], "Corridor", height=160, width=360)
    cell.fill = PatternFill("solid", fgColor=_RED if found.severity == "error" else _YELLOW)


def _write(cell: Any, text: str) -> None:
    cell.value = write_value(text)
    cell.data_type = "s"
