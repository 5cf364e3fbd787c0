"""The rows of one sheet against those of the file it was made of: cells, order, comments and columns that changed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corridor.build.workbook_parts import Part, list_columns, show_text, show_value, write_value
from corridor.scenario.draft import show
from corridor.scenario.faults import fault
from corridor.scenario.schema import load_fields
from corridor.scenario.sheet import HEADER, Piece, Sheet, count_lines
from corridor.scenario.sheet_changes import Changes, change_sheet
from corridor.scenario.spreadsheet import write_cells, write_csv

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.build.workbook_reading import Back

_NAME = re.compile(r"[\w-]{1,100}")


@dataclass(frozen=True)
class GridRow:
    """One row of a sheet: its number, what column A says of it, and its texts."""

    number: int
    key: str
    cells: tuple[str, ...]


@dataclass(frozen=True)
class _Columns:
    """Where each column of the file stands in the sheet, and which columns are new there."""

    own: Mapping[int, int]  # number in the file -> place in the sheet
    added: Mapping[str, int]  # name -> place in the sheet


def change_table(back: Back, part: Part, grid: Sequence[GridRow]) -> str | None:
    """Return a table's new text, or None for one without a file of which nothing was filled.

    What cannot be taken over is added to the faults of `back`, where each line stands to its rows and columns.
    """
    rows = [row for row in grid[1:] if any(cell.strip() for cell in row.cells)]
    columns = _find_columns(back, part, grid[0].cells if grid else (), rows)
    by_name = {name.strip(): at + 2 for name, at in columns.added.items()}
    by_name |= {part.sheet.columns[number].strip(): at + 2 for number, at in columns.own.items()}
    back.columns[part.file] = by_name
    if part.content is None:
        return _begin_table(back, part, columns, rows)
    base = part.sheet
    changes, comments, placed = _compare(base, columns, rows)
    changed = _write_comments(change_sheet(base, changes), comments, base)
    line = 1
    for piece in changed.pieces:
        if piece.key in placed:
            back.rows[part.file, line] = placed[piece.key]
        elif piece.key == HEADER:
            back.rows[part.file, line] = 1
        line += count_lines(piece.raw)
    return changed.text


def _find_columns(back: Back, part: Part, header: Sequence[str], rows: Sequence[GridRow]) -> _Columns:
    expected = [show_text(name) for name in list_columns(part)]
    own_number = len(part.sheet.columns) if part.content is not None else 0
    places = {at: at for at, name in enumerate(expected) if at < len(header) and header[at] == name}
    for at, name in enumerate(expected):
        free = [place for place, found in enumerate(header) if found == name and place not in places.values()]
        if at not in places and name and free:
            places[at] = free[0]
    where = f"{back.name}, sheet {part.name}"
    for at in range(own_number):
        if at not in places:
            found = header[at] if at < len(header) else ""
            back.faults.append(
                fault("workbook.header", (where, 1, expected[at]), text=show(found), name=show(expected[at]))
            )
    width = max((len(row.cells) for row in rows), default=0)
    filled = {at for row in rows if not _is_comment(row) for at in range(len(row.cells)) if row.cells[at].strip()}
    added = {expected[at].strip(): place for at, place in places.items() if at >= own_number and place in filled}
    for place in range(width):
        if place in places.values() or place not in filled:
            continue
        name = header[place].strip() if place < len(header) else ""
        if _NAME.fullmatch(name) and name not in added and name not in expected:
            added[name] = place
        elif len([at for at in range(own_number) if at not in places]) == 0:
            back.faults.append(fault("workbook.column", (where, 1, f"column {place + 2}"), text=show(name)))
    back.told += [
        f"the column {show(name)} of the sheet {show(part.name)} holds nothing: it is not added"
        for place, name in enumerate(header)
        if name.strip() and place not in places.values() and place not in filled
    ]
    return _Columns({at: place for at, place in places.items() if at < own_number}, added)


def _is_comment(row: GridRow) -> bool:
    return bool(row.cells) and row.cells[0].lstrip().startswith("#")


def _take(row: GridRow, place: int) -> str:
    return row.cells[place] if place < len(row.cells) else ""


def _compare(
    base: Sheet, columns: _Columns, rows: Sequence[GridRow]
) -> tuple[Changes, list[tuple[str, str, str]], dict[str, int]]:
    """Return changes of rows, comments as (their key, the row they stand behind, text), and where each row stands."""
    by_key = {piece.key: piece for piece in base.rows}
    cells: dict[str, dict[int, str]] = {}
    comments: list[tuple[str, str, str]] = []
    placed: dict[str, int] = {}
    last = ""
    places = {**columns.own, **{len(base.columns) + at: place for at, place in enumerate(columns.added.values())}}
    for row in rows:
        if _is_comment(row):
            text = " ".join(cell for cell in row.cells if cell.strip())
            comments.append((row.key if row.key.startswith("#") else "", last, text))
            continue
        key = row.key if row.key in by_key and row.key not in placed else f"n{row.number}"
        old = by_key[key].cells if key in by_key else ()
        changed = {}
        for number, place in places.items():
            text, before = _take(row, place), old[number] if number < len(old) else ""
            if text != write_value(show_value(before)):
                changed[number] = text
        if changed:
            cells[key] = changed
        placed[key] = row.number
        last = key
    order = tuple(placed)
    same = order == tuple(by_key)
    return Changes(cells, None if same else order, tuple(columns.added)), comments, placed


def _write_comments(sheet: Sheet, comments: Sequence[tuple[str, str, str]], base: Sheet) -> Sheet:
    """Return a sheet with its comments as the workbook has them; those that say the same stay as they are."""
    kept = {key: text for key, _, text in comments if key}
    new: dict[str, list[Piece]] = {}
    for key, behind, text in comments:
        if not key:
            line = text.replace("\n", " ") + base.line_end
            new.setdefault(behind or HEADER, []).append(Piece(line))
    pieces: list[Piece] = []
    number = -1
    for piece in sheet.pieces:
        if piece.key:
            pieces += [piece, *new.get(piece.key, ())]
            continue
        number += 1
        written = piece.raw.strip("\r\n")
        if not written.lstrip().startswith("#"):  # a row of blanks
            pieces.append(piece)
        elif f"#{number}" in kept:
            said = kept[f"#{number}"]
            same = said == show_text(written)
            pieces.append(piece if same else Piece(said.replace("\n", " ") + base.line_end))
    end = base.line_end
    closed = [p if p.raw.endswith(("\r", "\n")) else replace(p, raw=p.raw + end) for p in pieces[:-1]]
    return replace(sheet, pieces=(*closed, *pieces[-1:]))


def _begin_table(back: Back, part: Part, columns: _Columns, rows: Sequence[GridRow]) -> str | None:
    """Return the text of a table that has no file yet, with the columns that are filled or must be."""
    if not rows:
        return None
    needed = [name for name, field in load_fields()[part.table].items() if field.required or name in columns.added]
    names = [*needed, *(name for name in columns.added if name not in needed)]
    lines = [write_csv([names])]
    for row in rows:
        back.rows[part.file, len(lines) + 1] = row.number
        if _is_comment(row):
            lines.append(" ".join(cell for cell in row.cells if cell.strip()).replace("\n", " ") + "\n")
        else:
            texts = [_take(row, columns.added[name]) if name in columns.added else "" for name in names]
            lines.append(write_cells([text.replace("\n", " ") for text in texts]) + "\n")
    back.rows[part.file, 1] = 1
    return "".join(lines)
