"""From a folder of TOML and CSV to typed rows; references and sense are checked after."""

from __future__ import annotations

import zoneinfo
from collections import Counter
from typing import TYPE_CHECKING, Any

from corridor.scenario.cells import BLANK, is_id, read_cell, read_default, say_allowed
from corridor.scenario.draft import Broken, Draft, Row, lower_first, show
from corridor.scenario.files import can_open_folder, read_table, read_toml
from corridor.scenario.folder import SETTINGS, find_links_outside
from corridor.scenario.schema import (
    DEAL_TABLES,
    FORMAT,
    JUDGED_FILE,
    REQUIRED_TABLES,
    REVIEWED_FILE,
    Field,
    key_of,
    load_fields,
    table_files,
)

if TYPE_CHECKING:
    from pathlib import Path

MOST_SETS = 20
PERIOD = ("start", "end")  # of what is simulated: talks alone need none


def read_draft(folder: Path) -> Draft:
    """Read everything in a scenario folder into a draft; faults are collected, never raised."""
    draft = Draft(folder)
    if not can_open_folder(folder, draft.faults):
        return draft
    for name in find_links_outside(folder):
        draft.note("link_outside", (name, 0, ""), target=show((folder / name).resolve()))
    if draft.faults:  # nothing outside the folder is read, shown or copied
        return draft
    draft.talks_alone = hold_talks_alone(folder)
    _read_settings(draft)
    if any(fault.code == "newer_format" for fault in draft.faults):  # nothing else in it can be judged
        return draft
    files = table_files()
    misnamed = _note_unknown_files(draft, files)
    for table, file in files.items():
        draft.tables[table] = _read_table(draft, table, file, misnamed)
    observed: list[Row] = []
    for path in sorted((folder / "observations").glob("*.csv")):
        observed += _read_file(draft, "observations", f"observations/{path.name}")
    draft.tables["observations"] = observed
    return draft


def hold_talks_alone(folder: Path) -> bool:
    """Tell whether a folder has something to negotiate, and none of the tables that people and roads need."""
    there = {table for table, file in table_files().items() if (folder / file).exists()}
    return bool(there & {"issues", "positions"}) and not there & set(REQUIRED_TABLES)


def _note_unknown_files(draft: Draft, files: dict[str, str]) -> set[str]:
    """Note tables of other names; return the known files that are missing and may be meant by one of them."""
    missing = [file for file in files.values() if not (draft.folder / file).exists()]
    meant = set()
    for path in sorted([*draft.folder.glob("*.csv"), *draft.folder.glob("evidence/*.csv")]):
        name = path.relative_to(draft.folder).as_posix()
        if name in (*files.values(), REVIEWED_FILE, JUDGED_FILE) or path.name.startswith("x_"):
            continue
        near = draft.find_near(name, missing)
        meant |= {near} - {""}
        draft.note("unknown_file", (name, 0, ""), name=show(name), hint=draft.suggest(name, missing))
    return meant


def _read_table(draft: Draft, table: str, file: str, misnamed: set[str]) -> list[Row]:
    required = DEAL_TABLES if draft.talks_alone else REQUIRED_TABLES
    if not (draft.folder / file).exists():
        if file in misnamed:  # told as an unknown file already
            draft.unread.add(table)
            return []
        if table not in required:
            draft.absent.add(table)
            return []
    rows = _read_file(draft, table, file)
    if table in required and not rows and not draft.has_lost(table):
        draft.note("empty_table", (file, 0, ""), table=table)
        draft.unread.add(table)
    return rows


def _read_settings(draft: Draft) -> None:
    read = read_toml(draft.folder / SETTINGS, draft.faults)
    if read is None:
        return
    document, draft.toml_rows[SETTINGS] = read
    if read_format(draft, document) > FORMAT:
        return
    sets = document.pop("sets", {})
    if draft.talks_alone:
        document.setdefault("time_zone", "UTC")
    draft.zone = _read_zone(draft, document)
    draft.settings = _read_keys(draft, "scenario", document, "")
    if not isinstance(sets, dict):
        draft.note("wrong_type.sets", (SETTINGS, 0, "sets"), text=show(sets))
        draft.unread.add("set")
        return
    if len(sets) > MOST_SETS:
        draft.note("too_many_sets", (SETTINGS, 0, "sets"), number=len(sets), most=MOST_SETS)
        draft.unread.add("set")
        return
    for name, values in sets.items():
        if not is_id(name):
            draft.note("bad_id.set", (SETTINGS, 0, f"sets.{name}"), text=show(name))
        if isinstance(values, dict):
            draft.sets[name] = _read_keys(draft, "set", values, f"sets.{name}.")
        else:
            draft.note("wrong_type.set", (SETTINGS, 0, f"sets.{name}"), text=show(values), name=name)
            draft.sets[name] = {}


def read_format(draft: Draft, document: dict[str, Any]) -> int:
    """Return the format that scenario.toml names, 1 if none; one newer than this version's is noted as a fault."""
    number = document.get("format", 1)
    if not isinstance(number, int) or number < 1:  # told when the keys are read
        return 1
    if number > FORMAT:
        draft.note("newer_format", (SETTINGS, 0, "format"), number=number, most=FORMAT)
    return number


def _read_zone(draft: Draft, document: dict[str, Any]) -> zoneinfo.ZoneInfo | None:
    name = document.get("time_zone", "")
    if name in ("", BLANK):  # told as a missing setting or value, or as still blank
        return None
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, TypeError, OSError, AttributeError):
        hint = draft.suggest(str(name), zoneinfo.available_timezones())
        draft.note("unknown_time_zone", (SETTINGS, 0, "time_zone"), name=show(name), hint=hint)
        document["time_zone"] = Broken(str(name))
        return None


def _read_keys(draft: Draft, table: str, document: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Read the keys of a TOML table by the schema, as if they were the cells of one row."""
    fields = load_fields()[table]
    values: dict[str, Any] = {}
    free = PERIOD if draft.talks_alone else ()
    missing = [key for key, spec in fields.items() if spec.required and key not in document and key not in free]
    for key, value in document.items():
        where = (SETTINGS, 0, prefix + key)
        if key in fields:
            values[key] = read_toml_value(draft, where, fields[key], value)
        elif not key.startswith("x_"):
            near = draft.find_near(key, fields)
            if near not in document:  # a misspelt key is one mistake, not two
                values.setdefault(near, Broken())
            draft.note(
                "unknown_setting", where, key=show(key), known=", ".join(fields), hint=draft.suggest(key, fields)
            )
    values.pop("", None)
    for key in missing:
        if key not in values:
            facts = {"key": key, "meaning": lower_first(fields[key].meaning), "allowed": say_allowed(fields[key])}
            draft.note("missing_setting", (SETTINGS, 0, prefix + key), **facts)
            values[key] = Broken()
    return {**{key: read_default(spec) for key, spec in fields.items()}, **values}


def read_toml_value(draft: Draft, where: tuple[str, int, str], spec: Field, value: Any) -> Any:
    """Read one TOML value as if it were a cell; a list or table is a fault."""
    if isinstance(value, Broken):
        return value
    if value is None or isinstance(value, dict | list):  # nothing stands in a document that came as JSON
        draft.note("wrong_type.list", where, text=show(value), allowed=say_allowed(spec))
        return Broken(str(value))
    if isinstance(value, bool):
        text = ("yes" if value else "no") if spec.type == "boolean" else str(value).lower()
    else:
        text = value.isoformat() if hasattr(value, "isoformat") else str(value)
    return read_cell(draft, where, spec, text)


def _read_file(draft: Draft, table: str, file: str) -> list[Row]:
    before = len(draft.faults)
    records = read_table(draft.folder / file, draft.faults, file)
    if len(draft.faults) > before:  # all or the rest of the table is unread
        draft.unread.add(table)
    line, header = records[0] if records else (0, [])
    if not any(cell.strip() in load_fields()[table] for cell in header):
        if records:
            draft.note("missing_column.header", (file, line, ""), header=show(", ".join(header)))
        elif len(draft.faults) == before:  # else told already
            draft.note("missing_column.empty", (file, 0, ""))
        draft.unread.add(table)
        return []
    columns, misspelt = _read_header(draft, table, file, line, header)
    rows = [_read_row(draft, table, file, columns, misspelt, record) for record in records[1:]]
    return [row for row in rows if row is not None]


def _read_row(
    draft: Draft,
    table: str,
    file: str,
    columns: list[str],
    misspelt: set[str],
    record: tuple[int, list[str]],
) -> Row | None:
    line, cells = record
    if any(cell.strip() for cell in cells[len(columns) :]):
        draft.note("too_many_cells", (file, line, ""), cells=len(cells), columns=len(columns))
        draft.lose(table, cells)
        return None
    written = dict(zip(columns, cells, strict=False))
    values: dict[str, Any] = {}
    for name, spec in load_fields()[table].items():
        if name in columns and name not in misspelt:
            values[name] = read_cell(draft, (file, line, name), spec, written.get(name, ""))
        else:
            values[name] = Broken() if spec.required or name in misspelt else read_default(spec)
    for name in key_of(table):
        if isinstance(values[name], Broken):
            draft.lose(table, [values[name].text])
    return Row(table, file, line, values)


def _read_header(draft: Draft, table: str, file: str, line: int, header: list[str]) -> tuple[list[str], set[str]]:
    """Return the columns' names in order, and the fields that stand twice or that an unknown column may mean.

    Columns that are not read have a blank name. A table without the column that names its rows is unread.
    """
    fields = load_fields()[table]
    names = [cell.strip() for cell in header]
    times = Counter(names)
    for name in sorted(name for name in fields if times[name] > 1):
        draft.note("duplicate_column", (file, line, name), name=show(name))
    misspelt = {name for name in fields if times[name] > 1}  # which of the two is meant?
    for name in names:
        if name and name not in fields and not name.startswith("x_"):
            near = draft.find_near(name, [field for field in fields if field not in names])
            misspelt |= {near} - {""}
            facts = {"known": ", ".join(fields), "hint": draft.suggest(name, [near] if near else fields)}
            draft.note("unknown_column", (file, line, name[:100]), name=show(name), **facts)
    for name, spec in fields.items():
        if spec.required and name not in names and name not in misspelt:
            draft.note("missing_column", (file, line, name), name=name, meaning=lower_first(spec.meaning))
    if any(times[name] != 1 for name in key_of(table)):
        draft.unread.add(table)
    return [name if name in fields else "" for name in names], misspelt


__all__ = ["SETTINGS", "Draft", "Row", "read_draft"]
