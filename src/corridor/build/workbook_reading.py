"""A workbook that a person edited, back: what was changed in it, as new texts of a case's files.

What shows what was written is not edited, so its line stays as it was, byte for byte; all else becomes changes of its
row. Whatever a person put where the case has no room for it is told, never dropped in silence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from corridor.build.workbook_parts import (
    ABOUT,
    ABOUT_TEXTS,
    BASE,
    FAULTS,
    LISTS,
    TITLE,
    Part,
    cut_lines,
    explain,
    show_text,
    unpack,
    write_value,
)  # fmt: skip
from corridor.build.workbook_rows import GridRow, change_table
from corridor.build.workbooks import find_end, require_room
from corridor.scenario.draft import show
from corridor.scenario.faults import Fault, UsageError, fault
from corridor.scenario.schema import load_fields
from corridor.scenario.sheet import MARK

if TYPE_CHECKING:
    from io import BytesIO
    from pathlib import Path

    from openpyxl.workbook import Workbook

_OURS = (BASE, ABOUT, LISTS, FAULTS)


@dataclass
class Back:
    """What a workbook says.

    `base` are the files it was made of, `texts` the new text of every file that changed, `told` what could not be
    taken over, `faults` what must be mended first. `rows` holds by file and line the row of its sheet, `columns` by
    file and name the number of the column, `sheets` by file the sheet.
    """

    name: str
    base: dict[str, bytes]
    texts: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: dict[tuple[str, int], int] = field(default_factory=dict)
    columns: dict[str, dict[str, int]] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)

    def place(self, found: Fault) -> Fault:
        """Return a fault of the case as one of the workbook: its sheet and row there."""
        sheet = self.sheets.get(found.file)
        if sheet is None:
            return found
        row = self.rows.get((found.file, found.row), 0)
        where = f"{self.name}, sheet {sheet}"
        return Fault(where, row, found.column, found.code, found.found, found.allowed, found.fix, found.severity)


def load_book(content: BytesIO, name: str, values: bool) -> Workbook:
    """Return a workbook, with the results of formulas or with the formulas. Raises UsageError for what is none."""
    import warnings

    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(content, data_only=values)
    except Exception as error:  # whatever a damaged file makes openpyxl stumble over
        message = f"{name} cannot be read as a workbook ({type(error).__name__})"
        raise UsageError(message) from error


def read_back(path: Path) -> Back:
    """Return what a person changed in a workbook of a case.

    Raises UsageError when it is no workbook, or none that `corridor sheet` made.
    """
    from io import BytesIO

    require_room(path)
    content = path.read_bytes()
    book, results = (load_book(BytesIO(content), path.name, values) for values in (False, True))
    if BASE not in book.sheetnames:
        message = f"{path.name} is no workbook of a case: make one with corridor sheet CASE --out {path.name}"
        raise UsageError(message)
    rows = [
        [write_value(cell) for cell in row[:2]]
        for row in book[BASE].iter_rows(max_row=find_end(book[BASE])[0], max_col=2, values_only=True)
    ]
    files, parts = unpack(rows, path.name)
    back = Back(path.name, files)
    for part in parts:
        if part.name not in book.sheetnames:
            if part.content is not None:
                back.told.append(f"the sheet {show(part.name)} is not there any more: {part.file} stays as it is")
            continue
        back.sheets[part.file] = part.name
        ours = {_plain(explain(field)) for field in load_fields()[part.table].values()} if part.table else set()
        grid = _read_grid(back, book[part.name], results[part.name], ours)
        text = change_table(back, part, grid) if part.table else _change_text(back, part, grid)
        if text is not None and text != (part.text if part.content is not None else None):
            back.texts[part.file] = text
    back.told += _read_about(book)
    known = {part.name for part in parts}
    for name in book.sheetnames:
        if name not in known and name not in _OURS:
            filled = any(cell.value is not None for cell in book[name]._cells.values())
            back.told += [f"the sheet {show(name)} is none of the case's: it was not read"] if filled else []
    return back


def _read_about(book: Workbook) -> list[str]:
    """Return what a person wrote on the first sheet, which has no room in the case."""
    if ABOUT not in book.sheetnames:
        return []
    row, column = find_end(book[ABOUT])
    rows = book[ABOUT].iter_rows(max_row=row, max_col=column, values_only=True)
    texts = [write_value(cell) for row in rows for cell in row if cell is not None]
    own = [text for text in texts if text not in ABOUT_TEXTS and not text.endswith(TITLE)]
    return [f"the sheet {show(ABOUT)} is none of the case's: {show(text)} is not taken over" for text in own]


def _plain(text: str) -> str:
    return " ".join(text.split())


def _read_grid(back: Back, sheet: Any, results: Any, ours: set[str]) -> list[GridRow]:
    """Return the rows of a sheet as texts; formulas by their result, notes of a person told.

    `ours` are the program's own notes: other programs save them without their author.
    """
    grid: list[GridRow] = []
    last, width = find_end(sheet)
    found_rows = results.iter_rows(max_row=last, max_col=width, values_only=True)
    rows = zip(sheet.iter_rows(max_row=last, max_col=width), found_rows, strict=False)
    for number, (row, found) in enumerate(rows, 1):
        texts = []
        for cell, result in zip(row, found, strict=False):
            value = result if cell.data_type == "f" else cell.value
            if cell.data_type == "f" and result is None:
                where = (f"{back.name}, sheet {sheet.title}", number, cell.column_letter)
                back.faults.append(fault("workbook", where, text=show(cell.value)))
            texts.append(write_value(value))
            if (note := cell.comment) is not None and note.author != "Corridor" and _plain(note.text) not in ours:
                said = show(note.text)
                back.told.append(f"a note on {sheet.title}!{cell.coordinate} is not taken over: {said}")
        grid.append(GridRow(number, texts[0] if texts else "", tuple(texts[1:])))
    return grid


def _change_text(back: Back, part: Part, grid: list[GridRow]) -> str:
    """Return the text of a sheet that holds a line a row."""
    mark = MARK if part.text.startswith(MARK) else ""
    old = cut_lines(part.text.removeprefix(MARK))
    end = "\r\n" if old and old[0].endswith("\r\n") else "\n"
    last = max((at for at, row in enumerate(grid) if row.key or any(row.cells)), default=-1)
    lines, used = [], set()
    for row in grid[: last + 1]:
        text = " ".join(cell for cell in row.cells if cell) if any(row.cells[1:]) else "".join(row.cells[:1])
        at = int(row.key) - 1 if re.fullmatch(r"\d{1,7}", row.key) else -1
        same = 0 <= at < len(old) and at not in used and text == show_text(old[at].rstrip("\r\n"))
        used |= {at}
        lines.append(old[at] if same else text.replace("\n", " ") + end)
        back.rows[part.file, len(lines)] = row.number
    closed = [line if line.endswith(("\r", "\n")) else line + end for line in lines[:-1]]
    return mark + "".join([*closed, *lines[-1:]])
