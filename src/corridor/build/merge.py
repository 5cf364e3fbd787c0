"""Building again: as built before, as it is now, as it would be built. What a person changed stays.

A table is merged cell by cell, row by row of its key; lines that begin with # and rows in their order stay as they
are. Where both changed, the person's cell stands and the difference is told.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

from corridor.scenario.spreadsheet import unescape_formula, write_cells

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
class _Record:
    """One record of a table: its lines as they stand, and its cells; None for comments and blank lines."""

    text: str
    cells: Cells | None


def merge_table(file: str, key: Sequence[str], base: str, mine: str, fresh: str) -> tuple[str, Changes]:
    """Return a table in which what a person changed since `base` stands and the rest is as in `fresh`.

    `key` are the columns that name a row; none means the whole row. Raises ValueError when a person's table cannot
    be told row by row (csv.Error, a header that names a column twice, two rows of one key).
    """
    changes = Changes(file)
    columns, records, ending = _read(mine)
    base_rows, fresh_rows = _index(_read(base), key), _index(_read(fresh), key)
    fresh_columns = _read(fresh)[0]
    added = [name for name in fresh_columns if name not in columns and name not in _read(base)[0]]
    header = [*columns, *added]
    lines, seen = [], set[Key]()
    header_done = False
    for record in records:
        if record.cells is None:
            lines.append(record.text)
        elif not header_done:
            header_done = True
            lines.append(record.text if not added else write_cells(header, ending))
        else:
            row_key = _key_of(record.cells, key)
            if row_key in seen:
                message = f"two rows of one key {' '.join(row_key)}"
                raise ValueError(message)
            seen.add(row_key)
            text = _merge_row(
                record, base_rows.get(row_key), fresh_rows.get(row_key), (header, ending), changes, row_key
            )
            lines += [text] if text is not None else []
    for row_key, cells in fresh_rows.items():
        if row_key in seen:
            continue
        if row_key in base_rows:
            if cells != base_rows[row_key]:
                changes.kept.append(f"{_say(row_key)}: you removed it; it would be built otherwise now")
            continue
        lines.append(write_cells([cells.get(name, "") for name in header], ending))
        changes.taken.append(f"{_say(row_key)}: added")
    return "".join(f"{line}\n" for line in lines), changes


def _merge_row(
    record: _Record, base: Cells | None, fresh: Cells | None, style: tuple[list[str], str], changes: Changes, key: Key
) -> str | None:
    """Return a row's line, or None if it goes: cells as a person has them where they changed them, else as built."""
    header, ending = style
    mine = record.cells or {}
    if base is None:
        if fresh is not None and any(mine.get(name, "") != value for name, value in fresh.items()):
            changes.kept.append(f"{_say(key)}: your row stands; one of the same key would be built")
        return record.text if len(header) == len(mine) else write_cells([mine.get(name, "") for name in header], ending)
    touched = any(mine.get(name, "") != value for name, value in base.items() if name in mine)
    touched |= any(value for name, value in mine.items() if name not in base)
    if fresh is None:
        if touched:
            changes.kept.append(f"{_say(key)}: your changes stand; it would not be built any more")
            return record.text
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
    if cells == mine and len(header) == len(mine):
        return record.text
    return write_cells([cells.get(name, "") for name in header], ending)


def _read(text: str) -> tuple[list[str], list[_Record], str]:
    """Return the header's columns, all records in order (the header among them), and what separates cells."""
    lines = text.removeprefix("\ufeff").splitlines()
    records: list[_Record] = []
    columns: list[str] = []
    separator = ","
    while lines:
        if not lines[0].strip() or lines[0].lstrip().startswith("#"):
            records.append(_Record(lines.pop(0), None))
            continue
        if not columns:
            separator = ";" if lines[0].count(";") > lines[0].count(",") else ","
        reader = csv.reader(io.StringIO("\n".join(lines) + "\n", newline=""), delimiter=separator, strict=True)
        cells = [unescape_formula(cell.strip()) for cell in next(reader)]
        raw = "\n".join(lines[: reader.line_num])
        lines = lines[reader.line_num :]
        if not columns:
            columns = cells
            if len(set(columns)) != len(columns):
                message = "a header that names a column twice"
                raise ValueError(message)
        records.append(_Record(raw, dict(zip(columns, [*cells, *([""] * len(columns))], strict=False))))
    return columns, records, separator


def _index(table: tuple[list[str], list[_Record], str], key: Sequence[str]) -> dict[Key, Cells]:
    rows = [record.cells for record in table[1] if record.cells is not None][1:]
    return {_key_of(cells, key): cells for cells in rows}


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
