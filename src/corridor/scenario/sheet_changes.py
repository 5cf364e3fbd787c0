"""Changes of a sheet as plain data: cells, the order of rows (added, removed and moved ones among them), columns."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from corridor.scenario.draft import show
from corridor.scenario.faults import UsageError
from corridor.scenario.sheet import HEADER, Piece, Sheet, change_cells, write_cell

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NEW = re.compile(r"n[1-9]\d{0,8}")  # key of an added row
_COLUMN = re.compile(r"[\w-]{1,100}")
MOST_CELLS = 1_000  # of a row


@dataclass(frozen=True)
class Changes:
    """What is changed in one sheet.

    `cells` are new texts by key of row and number of column; `order` names all rows in their new order (keys such as
    "n1" are of added ones, rows left out are removed), or is None where it stays; `columns` are added behind the last.
    """

    cells: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    order: tuple[str, ...] | None = None
    columns: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is changed."""
        return bool(self.cells or self.columns or self.order is not None)


def read_changes(document: Any) -> Changes:
    """Return changes from plain data `{"cells": {key: {column: text}}, "order": [key], "columns": [name]}`.

    Raises UsageError for anything else, and for texts that no file can hold.
    """
    if not isinstance(document, dict) or not set(document) <= {"cells", "order", "columns"}:
        raise _wrong(document)
    cells, order, columns = document.get("cells", {}), document.get("order"), document.get("columns", [])
    if not isinstance(cells, dict) or not _are_texts(columns) or not (order is None or _are_texts(order)):
        raise _wrong(document)
    return Changes(
        {str(key): _read_cells(row) for key, row in cells.items()},
        None if order is None else tuple(order),
        tuple(columns),
    )


def _read_cells(row: Any) -> dict[int, str]:
    if not isinstance(row, dict):
        raise _wrong(row)
    for column, text in row.items():
        if not str(column).isdecimal() or int(column) >= MOST_CELLS or not isinstance(text, str):
            raise _wrong(row)
        if "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
            message = f"{show(text)} holds a sign that no file can hold"
            raise UsageError(message)
    return {int(column): text for column, text in row.items()}


def _are_texts(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(one, str) for one in found)


def _wrong(found: Any) -> UsageError:
    return UsageError(f"these are no changes of a sheet: {show(found)}")


def change_sheet(sheet: Sheet, changes: Changes) -> Sheet:
    """Return a sheet with changes made; every line that is not changed stays as it is.

    A row whose cells all become blank is left out: no reader would see it. Raises UsageError for changes that are
    not of this sheet, and for a row that would read as a comment.
    """
    if not changes:
        return sheet
    if sheet.broken:
        message = f"the file cannot be read as a table ({sheet.broken}): mend it in an editor first"
        raise UsageError(message)
    by_key = {piece.key: piece for piece in sheet.pieces if piece.key}
    if HEADER not in by_key:
        message = "the file has no header: write one in an editor first"
        raise UsageError(message)
    order = tuple(piece.key for piece in sheet.rows) if changes.order is None else changes.order
    _require_known(order, changes, by_key, len(sheet.columns) + len(changes.columns))
    changed = {key: _change_row(sheet, by_key.get(key), key, changes) for key in order}
    changed[HEADER] = _add_columns(sheet, by_key[HEADER], changes.columns)
    pieces = [piece for piece in _arrange(sheet.pieces, order, changed) if not piece.key or any(piece.cells)]
    end = sheet.line_end
    closed = [p if p.raw.endswith(("\r", "\n")) else replace(p, raw=p.raw + end) for p in pieces[:-1]]
    return replace(sheet, pieces=(*closed, *pieces[-1:]))


def _require_known(order: Sequence[str], changes: Changes, by_key: Mapping[str, Piece], width: int) -> None:
    names = by_key[HEADER].cells
    strange = [key for key in order if key == HEADER or (key not in by_key and not _NEW.fullmatch(key))]
    strange += [key for key in changes.cells if key not in order]
    strange += [f"column {at}" for row in changes.cells.values() for at in row if at >= width]
    strange += [name for name in changes.columns if not _COLUMN.fullmatch(name) or name in names]
    if strange or len(set(order)) < len(order) or len(set(changes.columns)) < len(changes.columns):
        message = f"these changes are of another table: {show(', '.join(strange[:5]))}"
        raise UsageError(message)


def _change_row(sheet: Sheet, piece: Piece | None, key: str, changes: Changes) -> Piece:
    old = piece or Piece("", key, ())
    new = changes.cells.get(key, {})
    width = max([len(old.cells), *(at + 1 for at in new)])
    cells = tuple(new.get(at, old.cells[at] if at < len(old.cells) else "") for at in range(width))
    if piece is not None and cells == piece.cells:
        return piece
    if cells and cells[0].lstrip().startswith("#"):
        message = f"a row that begins with # reads as a comment: {show(cells[0])}"
        raise UsageError(message)
    blank = not any(cell.strip() for cell in cells)
    return Piece("", key, ()) if blank else change_cells(old, cells, sheet)


def _add_columns(sheet: Sheet, header: Piece, names: tuple[str, ...]) -> Piece:
    if not names:
        return header
    blank = ("",) * (len(sheet.columns) - len(header.cells))  # cells that rows have beyond the header
    line = header.raw.rstrip("\r\n")
    raw = sheet.delimiter.join([line, *(write_cell(name, sheet.delimiter) for name in (*blank, *names))])
    return Piece(raw + header.raw[len(line) :], HEADER, header.cells + blank + names)


def _arrange(pieces: Sequence[Piece], order: Sequence[str], changed: Mapping[str, Piece]) -> list[Piece]:
    """Return pieces with rows in their order: those that need not move stay among the comments they stand between."""
    place = {piece.key: at for at, piece in enumerate(pieces) if piece.key}
    staying = _find_staying([place.get(key) for key in order])
    behind: dict[str, list[str]] = {HEADER: []}  # rows that come after one that stays
    last = HEADER
    for key in order:
        if place.get(key) in staying:
            last = key
            behind[last] = []
        else:
            behind[last].append(key)
    arranged: list[Piece] = []
    for piece in pieces:
        if not piece.key:
            arranged.append(piece)
        elif piece.key in behind:
            arranged += [changed[piece.key], *(changed[key] for key in behind[piece.key])]
    return arranged


def _find_staying(places: Sequence[int | None]) -> set[int]:
    """Return the longest run of places that rises: the rows that stay (patience sorting)."""
    tops: list[int] = []
    before: dict[int, int | None] = {}
    for place in places:
        if place is None:
            continue
        at = bisect_left(tops, place)
        before[place] = tops[at - 1] if at else None
        tops[at : at + 1] = [place]
    staying: set[int] = set()
    step = tops[-1] if tops else None
    while step is not None:
        staying.add(step)
        step = before[step]
    return staying
