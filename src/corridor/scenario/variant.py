"""Variants: a small TOML file in variants/, or a document like it, that changes, adds or removes rows of the tables.

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

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from corridor.scenario.cells import read_default
from corridor.scenario.draft import Broken, Draft, Row, show, suggest
from corridor.scenario.faults import Fault, FaultsError, UsageError, Where
from corridor.scenario.files import read_toml
from corridor.scenario.read import read_toml_value
from corridor.scenario.schema import key_of, load_fields
from corridor.scenario.values import end_of_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

VERBS = ("change", "add", "remove")
EDITS = "(edits)"  # how faults and names call a document that has not been saved
Document = dict[str, Any]  # what reading a variant's file gives


def list_variants(folder: Path) -> list[str]:
    """Return the names of the variants in a folder."""
    return sorted(path.stem for path in (folder / "variants").glob("*.toml"))


def read_variant(draft: Draft, name: str) -> tuple[Document, str] | None:
    """Return the document of the variant `name` and its file; None when it cannot be read: a fault of the draft.

    Raises UsageError when the folder has no such variant.
    """
    known = list_variants(draft.folder)
    if name not in known:
        there = ", ".join(known) or "none"
        message = f'no variant "{name}" in {draft.folder}; there are: {there}{suggest(name, known)}'
        raise UsageError(message)
    file = f"variants/{name}.toml"
    read = read_toml(draft.folder / file, draft.faults, file)
    if read is None:
        return None
    document, draft.toml_rows[file] = read
    return document, file


def read_document(folder: Path, name: str) -> Document:
    """Return the document of a variant of a folder. Raises FaultsError when it cannot be read."""
    faults: list[Fault] = []
    file = f"variants/{name}.toml"
    read = read_toml(folder / file, faults, file)
    if read is None:
        raise FaultsError(faults)
    return read[0]


def apply_variant(draft: Draft, name: str) -> None:
    """Lay the variant `name` over the draft's rows; faults in the file are added to the draft.

    Raises UsageError when the folder has no such variant.
    """
    if (read := read_variant(draft, name)) is not None:
        lay_over(draft, *read)


def lay_over(draft: Draft, document: Document, file: str) -> None:
    """Lay a variant's document over the draft's rows; faults in it, said of `file`, are added to the draft."""
    for key in document:
        if key not in ("title", *VERBS) and not key.startswith("x_"):
            allowed = ("title", *VERBS)
            facts = {"known": ", ".join(allowed), "hint": draft.suggest(key, allowed)}
            draft.note("unknown_setting", (file, 0, key), key=show(key), **facts)
    draft.tables = {table: list(rows) for table, rows in draft.tables.items()}  # others may hold the lists as they were
    names: dict[str, dict[str, list[int]]] = {}
    for table, where, row_id, cells in _rows(draft, file, document, "change"):
        if table not in names:
            names[table] = _name_rows(draft, table)
        _change(draft, where, table, row_id, cells, names[table])
    for table, where, row_id, cells in _rows(draft, file, document, "add"):
        _add(draft, where, table, row_id, cells)
    for table, where, ids in _tables(draft, file, document, "remove"):
        named = _name_rows(draft, table)
        gone = {number for row_id in ids for number in _find(draft, where, table, str(row_id), named)}
        draft.tables[table] = [row for number, row in enumerate(draft.tables[table]) if number not in gone]


def _tables(draft: Draft, file: str, document: Document, verb: str) -> Iterator[tuple[str, Where, Any]]:
    """Yield (table, where it is named, its content) of one part of the variant."""
    content = document.get(verb, {})
    if not isinstance(content, dict):
        allowed = f"tables such as [{verb}.events]" if verb != "remove" else "[remove] with lists of ids"
        draft.note("wrong_type.variant", (file, 0, verb), text=show(content), allowed=allowed)
        return
    wanted = list if verb == "remove" else dict
    for table, rows in content.items():
        where = (file, 0, f"{verb}.{table}")
        if table not in draft.tables or table == "observations":
            known = [name for name in draft.tables if name != "observations"]
            draft.note(
                "unknown_table", where, table=show(table), known=", ".join(known), hint=draft.suggest(table, known)
            )
        elif not isinstance(rows, wanted):
            allowed = "a list of ids" if verb == "remove" else f"tables such as [{verb}.{table}.ID]"
            draft.note("wrong_type.variant", where, text=show(rows), allowed=allowed)
        else:
            yield table, where, rows


def _rows(draft: Draft, file: str, document: Document, verb: str) -> Iterator[tuple[str, Where, str, dict[str, Any]]]:
    """Yield (table, where it is named, id, cells) of the rows that the variant changes or adds."""
    for table, (_, _, column), rows in _tables(draft, file, document, verb):
        for row_id, cells in rows.items():
            where = (file, 0, f"{column}.{row_id}")
            if isinstance(cells, dict):
                yield table, where, row_id, cells
            else:
                allowed = f"a table [{column}.{row_id}] of cells"
                draft.note("wrong_type.variant", where, text=show(cells), allowed=allowed)


def row_name(row: Row) -> str:
    """Return what identifies a row in a variant: its key columns joined by a slash."""
    return join_names(_name(row.values.get(column, "")) for column in key_of(row.table))


def join_names(names: Iterable[str]) -> str:
    """Return the key columns of a row as its name; blank ones at the end are no part of it."""
    return "/".join(names).rstrip("/")


def _name(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value == end_of_day(value) else value.isoformat(timespec="minutes")
    return "" if value is None else str(value)


def _name_rows(draft: Draft, table: str) -> dict[str, list[int]]:
    """Return where in a table the rows of each name stand."""
    named: dict[str, list[int]] = {}
    for number, row in enumerate(draft.tables[table]):
        named.setdefault(row_name(row), []).append(number)
    return named


def _find(draft: Draft, where: Where, table: str, row_id: str, named: Mapping[str, list[int]]) -> list[int]:
    """Return where the rows of that id stand; `id@set` names the row of one parameter set only."""
    wanted, _, only_set = row_id.partition("@")
    rows = draft.tables[table]
    found = [number for number in named.get(wanted, ()) if not only_set or rows[number].values.get("set") == only_set]
    if not found and not draft.may_be_lost(table, wanted):
        hint = draft.suggest(wanted, named)
        draft.note("unknown_reference.row", where, name=show(row_id), table=table, hint=hint)
    return found


def _read_cells(draft: Draft, where: Where, table: str, cells: dict[str, Any]) -> dict[str, Any]:
    fields = load_fields()[table]
    file, line, prefix = where
    values: dict[str, Any] = {}
    for column, cell in cells.items():
        here = (file, line, f"{prefix}.{column}")
        if column in fields:
            values[column] = read_toml_value(draft, here, fields[column], cell)
        elif not column.startswith("x_"):
            near = draft.find_near(column, fields)
            if near and near not in cells:
                values[near] = Broken()
            facts = {"known": ", ".join(fields), "hint": draft.suggest(column, fields)}
            draft.note("unknown_column", here, name=show(column), **facts)
    return values


def _change(
    draft: Draft, where: Where, table: str, row_id: str, cells: dict[str, Any], named: dict[str, list[int]]
) -> None:
    found = _find(draft, where, table, row_id, named)
    values = _read_cells(draft, where, table, cells)
    file, line, prefix = where
    origins = {column: (file, line, f"{prefix}.{column}") for column in values}
    rows = draft.tables[table]
    for number in found:
        before = rows[number]
        rows[number] = replace(before, values={**before.values, **values}, origins={**before.origins, **origins})
        if row_name(rows[number]) != row_name(before):
            named[row_name(before)].remove(number)
            named.setdefault(row_name(rows[number]), []).append(number)


def _add(draft: Draft, where: Where, table: str, row_id: str, cells: dict[str, Any]) -> None:
    file, line, prefix = where
    fields = load_fields()[table]
    keys = dict(zip(key_of(table), row_id.split("/"), strict=False))
    values = _read_cells(draft, where, table, {**keys, **cells})
    for name, spec in fields.items():
        if name not in values:
            blank = read_toml_value(draft, (file, line, f"{prefix}.{name}"), spec, "")
            values[name] = blank if spec.required else read_default(spec)
    origins = {name: (file, line, f"{prefix}.{name}") for name in fields}
    draft.tables[table].append(Row(table, file, line, values, origins))
