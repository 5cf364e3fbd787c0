"""Building again: as built before, as it is now, as it would be built. What a person changed stays.

A table is merged cell by cell, row by row of its key; lines that begin with # and rows in their order stay as they
are. Where both changed, the person's cell stands and the difference is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from corridor.scenario.sheet import HEADER, Piece, Sheet, change_cells, cut_sheet
from corridor.scenario.spreadsheet import write_cells

Key = tuple[str, ...]
Cells = dict[str, str]
MOST_TOLD = 200  # differences told of one file


@dataclass
class Changes:
    """What building again did to one file, in words for each row or cell."""

    file: str
    taken: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Tell whether there is anything to say."""
        return bool(self.taken or self.kept)


@dataclass(frozen=True)
class _Table:
    """A table in the pieces of its text, with the cells of its rows by column."""

    sheet: Sheet
    columns: list[str]

    def read(self, piece: Piece) -> Cells:
        """Return the cells of a row, blank where it is short."""
        texts = [text.strip() for text in piece.cells] + [""] * len(self.columns)
        return dict(zip(self.columns, texts, strict=False))

    def index(self, key: Sequence[str]) -> dict[Key, Cells]:
        """Return the rows by their key."""
        rows = [self.read(piece) for piece in self.sheet.rows]
        return {_key_of(cells, key): cells for cells in rows}

    def change(self, piece: Piece, header: Sequence[str], cells: Cells) -> Piece:
        """Return a row (or the header) with other cells; those that stay are as a person wrote them."""
        old = dict(zip(self.columns, piece.cells, strict=False))
        texts = (cells.get(name, "") for name in header)
        kept = (
            old[n] if old.get(n, "").strip() == text and n in old else text
            for n, text in zip(header, texts, strict=True)
        )
        return change_cells(piece, tuple(kept), self.sheet)


def merge_table(file: str, key: Sequence[str], base: str, mine: str, fresh: str) -> tuple[str, Changes]:
    """Return a table in which what a person changed since `base` stands and the rest is as in `fresh`.

    `key` are the columns that name a row; none means the whole row. Raises ValueError when a person's table cannot
    be told row by row (no CSV, a header that names a column twice, two rows of one key).
    """
    changes = Changes(file)
    own, was, would = _cut(mine), _cut(base), _cut(fresh)
    base_rows, fresh_rows = was.index(key), would.index(key)
    added = [name for name in would.columns if name not in own.columns and name not in was.columns]
    header = [*own.columns, *added] if own.columns else would.columns
    pieces, seen = list[Piece](), set[Key]()
    for piece in own.sheet.pieces:
        if piece.key == HEADER and added:
            pieces.append(own.change(piece, header, {name: name for name in header}))
        elif piece.key in ("", HEADER):
            pieces.append(piece)
        else:
            row_key = _key_of(own.read(piece), key)
            if row_key in seen:
                message = f"two rows of one key {' '.join(row_key)}"
                raise ValueError(message)
            seen.add(row_key)
            merged = _merge_row(own, piece, base_rows.get(row_key), fresh_rows.get(row_key), (header, row_key), changes)
            pieces += [merged] if merged is not None else []
    rows = _list_added(header, {name: row for name, row in fresh_rows.items() if name not in seen}, base_rows, changes)
    if rows and not own.columns:
        rows.insert(0, header)
    end = own.sheet.line_end
    if rows and pieces and not pieces[-1].raw.endswith(("\r", "\n")):
        pieces[-1] = replace(pieces[-1], raw=pieces[-1].raw + end)
    pieces += [Piece(write_cells(row, own.sheet.delimiter) + end) for row in rows]
    return replace(own.sheet, pieces=tuple(pieces)).text, changes


def _list_added(
    header: Sequence[str], rows: dict[Key, Cells], base_rows: dict[Key, Cells], changes: Changes
) -> list[list[str]]:
    """Return the cells of rows that are built for the first time; one that a person removed stays away."""
    found = []
    for row_key, cells in rows.items():
        if row_key not in base_rows:
            found.append([cells.get(name, "") for name in header])
            changes.taken.append(f"{_say(row_key)}: added")
        elif cells != base_rows[row_key]:
            changes.kept.append(f"{_say(row_key)}: you removed it; it would be built otherwise now")
    return found


def _merge_row(
    own: _Table, piece: Piece, base: Cells | None, fresh: Cells | None, row: tuple[list[str], Key], changes: Changes
) -> Piece | None:
    """Return a row, or None if it goes: cells as a person has them where they changed them, else as built."""
    header, key = row
    mine = own.read(piece)
    if base is None:
        if fresh is not None and any(mine.get(name, "") != value for name, value in fresh.items()):
            changes.kept.append(f"{_say(key)}: your row stands; one of the same key would be built")
        return piece if len(header) == len(mine) else own.change(piece, header, mine)
    touched = any(mine.get(name, "") != value for name, value in base.items() if name in mine)
    touched |= any(value for name, value in mine.items() if name not in base)
    if fresh is None:
        if touched:
            changes.kept.append(f"{_say(key)}: your changes stand; it would not be built any more")
            return piece
        changes.taken.append(f"{_say(key)}: removed, it would not be built any more")
        return None
    cells = dict(mine)
    for name in header:
        was, is_now, would = base.get(name, ""), mine.get(name, ""), fresh.get(name, "")
        if is_now == was != would:
            cells[name] = would
            changes.taken.append(f"{_say(key)}, {name}: {was or 'blank'} -> {would or 'blank'}")
        elif is_now not in (was, would):
            told = f"; it would be built as {would or 'blank'}, before {was or 'blank'}" if was != would else ""
            changes.kept.append(f"{_say(key)}, {name}: yours, {is_now or 'blank'}, stands{told}")
    return piece if cells == mine and len(header) == len(mine) else own.change(piece, header, cells)


def _cut(text: str) -> _Table:
    """Return a table's text in pieces. Raises ValueError for what cannot be told row by row."""
    sheet = cut_sheet(text)
    columns = [name.strip() for piece in sheet.pieces if piece.key == HEADER for name in piece.cells]
    if sheet.broken:
        raise ValueError(sheet.broken)
    if len(set(columns)) != len(columns):
        message = "a header that names a column twice"
        raise ValueError(message)
    return _Table(sheet, columns)


def _key_of(cells: Cells, key: Sequence[str]) -> Key:
    named = [cells.get(name, "") for name in (*key, "set")] if key else list(cells.values())
    return tuple(named)


def _say(key: Key) -> str:
    return " ".join(part for part in key if part)[:100] or "a row"


def merge_settings(file: str, base: str, mine: str, fresh: str) -> tuple[str, Changes]:
    """Return scenario.toml, merged key by key of its lines `key = value`."""
    changes = Changes(file)
    was, would = _read_keys(base), _read_keys(fresh)
    lines = []
    in_table = False
    for line in mine.splitlines():
        in_table |= line.lstrip().startswith("[")
        name = line.partition(" = ")[0]
        if not in_table and name in would and name in was and line != would[name]:
            if line == was[name]:
                changes.taken.append(f"{line} -> {would[name]}")
                lines.append(would[name])
                continue
            told = f"; it would be built as {would[name]}" if was[name] != would[name] else ""
            changes.kept.append(f"yours, {line}, stands{told}")
        lines.append(line)
    return "\n".join(lines) + "\n", changes


def _read_keys(text: str) -> dict[str, str]:
    return {line.partition(" = ")[0]: line for line in text.splitlines() if " = " in line and not line.startswith("#")}
