"""Variants: a small TOML file in variants/ that changes, adds or removes rows of the scenario's tables.

title = "Two more inspection lanes"
[change.checkpoints.bridge]
lanes = "3..6"
[add.events.second_convoy]
time = "2023-09-25T08:00"
kind = "note"
[remove]
events = ["first_convoy"]
"""

from __future__ import annotations

import tomllib
from typing import Any

from corridor.faults import UsageError
from corridor.scenario.read import Draft, Row, read_cell, suggest
from corridor.scenario.schema import Field, key_of, load_fields


def apply_variant(draft: Draft, name: str) -> None:
    """Lay the variant `name` over the draft's rows; faults in the file are added to the draft.

    Raises UsageError when the folder has no such variant.
    """
    path = draft.folder / "variants" / f"{name}.toml"
    known = sorted(p.stem for p in (draft.folder / "variants").glob("*.toml"))
    if not path.exists():
        message = f'no variant "{name}" in {draft.folder}; there are: {", ".join(known) or "none"}{suggest(name, known)}'
        raise UsageError(message)
    file = f"variants/{path.name}"
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        draft.add(
            file, 0, "", "bad_toml", str(error), "valid TOML", "mend the line; texts stand in double quotes"
        )
        return
    for key in document:
        if key not in ("title", "change", "add", "remove"):
            draft.add(
                file,
                0,
                key,
                "unknown_setting",
                f'"{key}"',
                "title, change, add, remove",
                f"rename it{suggest(key, ('title', 'change', 'add', 'remove'))}",
            )
    for table, rows in _tables(draft, file, document, "change"):
        for row_id, cells in rows.items():
            _change(draft, file, table, row_id, cells)
    for table, rows in _tables(draft, file, document, "add"):
        for row_id, cells in rows.items():
            _add(draft, file, table, row_id, cells)
    for table, ids in _tables(draft, file, document, "remove"):
        for row_id in ids:
            found = _find(draft, file, f"remove.{table}", table, row_id)
            draft.tables[table] = [row for row in draft.tables[table] if row not in found]


def _tables(draft: Draft, file: str, document: dict[str, Any], verb: str) -> list[tuple[str, Any]]:
    parts = []
    content = document.get(verb, {})
    if not isinstance(content, dict):
        draft.add(
            file, 0, verb, "wrong_type", repr(content), f"a table such as [{verb}.events]", "write a table"
        )
        return []
    for table, rows in content.items():
        wanted = list if verb == "remove" else dict
        if table not in draft.tables or table == "observations":
            draft.add(
                file,
                0,
                f"{verb}.{table}",
                "unknown_table",
                f'"{table}"',
                ", ".join(draft.tables),
                f"use a table's name{suggest(table, draft.tables)}",
            )
        elif not isinstance(rows, wanted) or (
            verb != "remove" and not all(isinstance(r, dict) for r in rows.values())
        ):
            draft.add(
                file,
                0,
                f"{verb}.{table}",
                "wrong_type",
                repr(rows)[:80],
                "ids with their cells",
                "see the page on variants",
            )
        else:
            parts.append((table, rows))
    return parts


def row_name(row: Row) -> str:
    """Return what identifies a row in a variant: its key columns joined by a slash."""
    return "/".join(str(row.values.get(column, "")) for column in key_of(row.table))


def _find(draft: Draft, file: str, where: str, table: str, row_id: str) -> list[Row]:
    """Return the rows of that id; `id@set` names the row of one parameter set only."""
    wanted, _, only_set = str(row_id).partition("@")
    found = [
        r
        for r in draft.tables[table]
        if row_name(r) == wanted and (not only_set or r.values.get("set") == only_set)
    ]
    if not found and table not in draft.unread:
        names = {row_name(row) for row in draft.tables[table]}
        draft.add(
            file,
            0,
            where,
            "unknown_reference",
            f'"{row_id}"',
            f"an id of {table}",
            f"use an existing id{suggest(wanted, names)}",
        )
    return found


def _cells(draft: Draft, file: str, where: str, table: str, cells: dict[str, Any]) -> dict[str, Any]:
    fields: dict[str, Field] = load_fields()[table]
    values = {}
    for column, cell in cells.items():
        if column in fields:
            text = cell.isoformat() if hasattr(cell, "isoformat") else str(cell)
            values[column] = read_cell(draft, file, 0, f"{where}.{column}", fields[column], text)
        elif not column.startswith("x_"):
            draft.add(
                file,
                0,
                f"{where}.{column}",
                "unknown_column",
                f'"{column}"',
                ", ".join(fields),
                f"rename it{suggest(column, fields)}",
            )
    return values


def _change(draft: Draft, file: str, table: str, row_id: str, cells: dict[str, Any]) -> None:
    where = f"change.{table}.{row_id}"
    found = _find(draft, file, where, table, row_id)
    values = _cells(draft, file, where, table, cells)
    draft.tables[table] = [
        Row(row.table, file, 0, {**row.values, **values}) if row in found else row
        for row in draft.tables[table]
    ]


def _add(draft: Draft, file: str, table: str, row_id: str, cells: dict[str, Any]) -> None:
    where = f"add.{table}.{row_id}"
    keys = dict(zip(key_of(table), str(row_id).split("/"), strict=False))
    values = _cells(draft, file, where, table, {**keys, **cells})
    for name, spec in load_fields()[table].items():
        if name not in values:
            values[name] = read_cell(draft, file, 0, f"{where}.{name}", spec, "")
    draft.tables[table] = [*draft.tables[table], Row(table, file, 0, values)]
