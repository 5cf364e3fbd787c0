"""The tables of a case as sheets, for the page: which there are, what stands in them, what changes make of them.

Names of sheets come from the folder; what is asked for by any other name is refused, so that no text of a request
becomes a path.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.scenario.cells import say_allowed
from corridor.scenario.draft import Draft, show
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.files import LARGEST_FILE, MOST_ROWS, can_open_folder
from corridor.scenario.folder import SETTINGS, find_links_outside, list_case_files
from corridor.scenario.scenario import load_draft
from corridor.scenario.schema import REQUIRED_TABLES, key_of, load_event_kinds, load_fields, table_files
from corridor.scenario.settings_sheet import COLUMNS, Setting, change_settings, read_settings
from corridor.scenario.sheet import ABSENT, HEADER, MARK, Sheet, cut_sheet, name_version
from corridor.scenario.sheet_changes import Changes, change_sheet, read_changes
from corridor.scenario.spreadsheet import write_csv
from corridor.scenario.writing import scratch

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class ChangedFilesError(Exception):
    """Files are not as the page had read them. `names` are their sheets."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        super().__init__(", ".join(names))


@dataclass(frozen=True)
class SheetFile:
    """One file of a case as a sheet. `table` is that of its columns; `content` is None for a table without a file."""

    name: str
    table: str
    file: str
    content: bytes | None

    @property
    def version(self) -> str:
        """Return what tells this state of the file from every other."""
        return name_version(self.content)

    @cached_property
    def text(self) -> str | None:
        """Return the text, a byte order mark in front if there is one, or None when the file is no text to read."""
        if self.content is None:
            names = (name for name, field in load_fields()[self.table].items() if field.required or name in _OFFERED)
            return write_csv([list(names)])
        try:
            text = self.content.decode("utf-8") if len(self.content) <= LARGEST_FILE else "\0"
        except UnicodeDecodeError:
            return None
        return None if "\0" in text else text

    @cached_property
    def sheet(self) -> Sheet | None:
        """Return the pieces of a table's file; None for the settings and for what cannot be read."""
        if self.text is None or self.file == SETTINGS:
            return None
        sheet = cut_sheet(self.text)
        return sheet if len(sheet.rows) <= MOST_ROWS else None

    @cached_property
    def settings(self) -> list[Setting] | None:
        """Return the keys of the settings; None for a table and for what cannot be read."""
        if self.text is None or self.file != SETTINGS:
            return None
        try:
            return read_settings(self.text.removeprefix(MARK))
        except (ValueError, RecursionError):
            return None

    def change(self, changes: Changes) -> str:
        """Return the text with changes made. Raises UsageError for changes that are not of this sheet."""
        if not changes:
            return self.text or ""
        if self.file == SETTINGS and self.text is not None:
            return self._change_settings(self.text, changes)
        if self.sheet is None:
            message = f"{self.file} cannot be read as a table: mend it in an editor first"
            raise UsageError(message)
        return change_sheet(self.sheet, changes).text

    def _change_settings(self, text: str, changes: Changes) -> str:
        if changes.order is not None or changes.columns or any(set(row) - {1} for row in changes.cells.values()):
            message = "of the settings only values can be changed on this page"
            raise UsageError(message)
        mark = MARK if text.startswith(MARK) else ""
        return mark + change_settings(text.removeprefix(MARK), {key: row[1] for key, row in changes.cells.items()})


_OFFERED = ("claims", "note")  # columns of a table that is begun on the page, beside those that must be filled


def open_sheets(folder: Path) -> dict[str, SheetFile]:
    """Return the sheets of a case by name: settings, every table (also those without a file), every file of counts.

    Raises FaultsError when the folder cannot be opened or a file in it is a link to something outside.
    """
    draft = Draft(folder)
    if not can_open_folder(folder, draft.faults) or find_links_outside(folder):
        raise FaultsError(draft.faults or load_draft(folder, None).faults)
    sheets = [SheetFile("scenario", "scenario", SETTINGS, _read(folder / SETTINGS))]
    sheets += [SheetFile(table, table, file, _read(folder / file)) for table, file in table_files().items()]
    for path in sorted((folder / "observations").glob("*.csv")):
        sheets.append(SheetFile(f"observations/{path.stem}", "observations", f"observations/{path.name}", _read(path)))
    return {sheet.name: sheet for sheet in sheets}


def _read(path: Path) -> bytes | None:
    if not path.is_file():
        return None
    try:
        return path.read_bytes()
    except OSError as error:
        message = f"{path.name} cannot be read: {error.strerror or error}"
        raise UsageError(message) from error


def choose_sheet(sheets: Mapping[str, SheetFile], name: str) -> SheetFile:
    """Return a sheet by its name. Raises UsageError when there is none."""
    if name not in sheets:
        message = f"this case has no table {show(name)}"
        raise UsageError(message)
    return sheets[name]


def list_sheets(folder: Path) -> dict[str, Any]:
    """Return the sheets of a case with their versions, and what the columns of every table mean."""
    sheets = open_sheets(folder)
    return {
        "case": hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16],
        "sheets": [_describe_file(sheet) for sheet in sheets.values()],
        "fields": {table: [_describe_field(f) for f in fields.values()] for table, fields in load_fields().items()},
        "naming": {table: _name_naming(table) for table in load_fields()},
        "kinds": {
            name: {"meaning": kind.meaning, "unit": kind.value_unit} for name, kind in load_event_kinds().items()
        },
    }


def _name_naming(table: str) -> list[str]:
    """Return the columns that tell a row from the others of its table."""
    return [*key_of(table), *(["set"] if "set" in load_fields()[table] else [])] if key_of(table) else []


def _describe_file(file: SheetFile) -> dict[str, Any]:
    rows = len(file.settings or ()) if file.file == SETTINGS else len(file.sheet.rows) if file.sheet else 0
    return {
        "name": file.name,
        "table": file.table,
        "file": file.file,
        "rows": rows,
        "present": file.content is not None,
        "required": file.table in REQUIRED_TABLES or file.file == SETTINGS,
        "version": file.version,
    }


def _describe_field(field: Any) -> dict[str, Any]:
    return {
        "name": field.name,
        "type": field.type.partition(":")[0],
        "unit": field.unit,
        "default": field.default,
        "required": field.required,
        "meaning": field.meaning,
        "allowed": say_allowed(field),
        "choices": list(field.choices) or (["yes", "no"] if field.type == "boolean" else []),
        "refers_to": field.refers_to,
    }


def read_sheet(folder: Path, name: str) -> dict[str, Any]:
    """Return a sheet: its columns, and its comments and rows in the order of the file, texts as they are written.

    Raises UsageError without such a sheet.
    """
    file = choose_sheet(open_sheets(folder), name)
    about = {**_describe_file(file), "settings": file.file == SETTINGS, "readable": True}
    if file.settings is not None:
        rows = [{"key": s.key, "line": s.line, "cells": [s.key, s.text], "field": s.table} for s in file.settings]
        fixed = [setting.key for setting in file.settings if not setting.changeable]
        return {**about, "columns": list(COLUMNS), "items": rows, "fixed": fixed}
    if file.sheet is None or file.sheet.broken:
        return {**about, "columns": [], "items": [], "readable": False}
    return {**about, "columns": list(file.sheet.columns), "items": list(_describe_pieces(file.sheet))}


def _describe_pieces(sheet: Sheet) -> Iterator[dict[str, Any]]:
    lines = sheet.lines()
    for piece in sheet.pieces:
        if not piece.key and piece.raw.strip():
            yield {"comment": piece.raw.strip("\r\n")}
        elif piece.key not in ("", HEADER):
            yield {"key": piece.key, "line": lines[piece.key], "cells": list(piece.cells)}


def read_edits(edits: Any, sheets: Mapping[str, SheetFile]) -> dict[str, Changes]:
    """Return the changes by sheet from `{name: {"version": …, "cells": …, "order": …, "columns": …}}`.

    Raises ChangedFilesError when a file is not in the version that was changed, UsageError for anything else.
    """
    if not isinstance(edits, dict) or not all(isinstance(one, dict) for one in edits.values()):
        message = f"these are no changes of sheets: {show(edits)}"
        raise UsageError(message)
    changed = [name for name, one in edits.items() if choose_sheet(sheets, name).version != one.get("version")]
    if changed:
        raise ChangedFilesError(changed)
    return {name: read_changes({k: v for k, v in one.items() if k != "version"}) for name, one in edits.items()}


def change_texts(sheets: Mapping[str, SheetFile], changes: Mapping[str, Changes]) -> dict[str, str]:
    """Return the new text of every file that changes, by sheet. Raises UsageError for changes of another sheet."""
    texts = {name: sheets[name].change(one) for name, one in changes.items()}
    return {name: text for name, text in texts.items() if text != sheets[name].text}


def draft_changed(folder: Path, sheets: Mapping[str, SheetFile], texts: Mapping[str, str]) -> Draft:
    """Return the case as it would be with other texts in some files, read and checked; nothing in it is touched."""
    if not texts:
        return load_draft(folder, None)
    with scratch() as copy:
        for name in list_case_files(folder):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes((folder / name).read_bytes())
        for name, text in texts.items():
            (copy / sheets[name].file).parent.mkdir(parents=True, exist_ok=True)
            (copy / sheets[name].file).write_bytes(text.encode("utf-8"))
        return load_draft(copy, None)


__all__ = ["ABSENT", "ChangedFilesError", "SheetFile", "list_sheets", "open_sheets", "read_sheet"]
