"""From a folder of TOML and CSV to typed rows: files and cells are read here, references and sense are checked after."""

from __future__ import annotations

import csv
import difflib
import io
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from corridor.faults import Fault
from corridor.scenario.schema import (
    REQUIRED_TABLES,
    TABLE_FILES,
    Field,
    load_event_kinds,
    load_fields,
    table_files,
)
from corridor.scenario.values import (
    ReversedRangeError,
    UnitError,
    fixed,
    parse_quantity,
    parse_time,
    parse_time_range,
)

LARGEST_FILE = 50_000_000  # bytes; a table larger than this is a mistake, not a scenario
_ARABIC_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")


class Broken:
    """Stands for a cell that could not be read, so that checks do not complain about it a second time."""

    def __repr__(self) -> str:
        return "Broken()"


BROKEN = Broken()


@dataclass(frozen=True)
class Row:
    """One row of a table: typed values by column, and where it stands."""

    table: str
    file: str
    line: int
    values: dict[str, Any]

    def __getitem__(self, column: str) -> Any:
        """Return the typed value of a column."""
        return self.values[column]

    @property
    def is_whole(self) -> bool:
        """Tell whether every cell could be read."""
        return not any(value is BROKEN for value in self.values.values())


@dataclass
class Draft:
    """What was read from a folder, with the faults found on the way; nothing is used before it is checked."""

    folder: Path
    settings: dict[str, Any] = field(default_factory=dict)
    sets: dict[str, dict[str, Any]] = field(default_factory=dict)
    tables: dict[str, list[Row]] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)  # tables that are missing or could not be read
    faults: list[Fault] = field(default_factory=list)
    zone: ZoneInfo | None = None

    def add(self, file: str, row: int, column: str, code: str, found: str, allowed: str, fix: str) -> None:
        """Note an error."""
        self.faults.append(Fault(file, row, column, code, found, allowed, fix))

    def warn(self, file: str, row: int, column: str, code: str, found: str, allowed: str, fix: str) -> None:
        """Note a warning: shown, but the scenario may be used."""
        self.faults.append(Fault(file, row, column, code, found, allowed, fix, severity="warning"))


def suggest(word: str, known: Iterable[str]) -> str:
    """Return "; did you mean ...?" for a close known word, or an empty string."""
    close = difflib.get_close_matches(word.lower(), sorted(known), n=1, cutoff=0.6)
    return f'; did you mean "{close[0]}"?' if close else ""


def read_draft(folder: Path) -> Draft:
    """Read everything in a scenario folder into a draft; faults are collected, never raised."""
    draft = Draft(folder)
    if not folder.is_dir():
        draft.add(
            str(folder),
            0,
            "",
            "missing_folder",
            "no such folder",
            "a scenario folder",
            "check the path; make one with corridor init",
        )
        return draft
    _read_settings(draft)
    files = table_files()
    for table, file in files.items():
        _read_table(draft, table, file)
    observed: list[Row] = []
    for path in sorted((folder / "observations").glob("*.csv")):
        observed += _read_file(draft, "observations", f"observations/{path.name}")
    draft.tables["observations"] = observed
    _note_unknown_files(draft, set(files.values()))
    return draft


def _note_unknown_files(draft: Draft, known: set[str]) -> None:
    for path in sorted([*draft.folder.glob("*.csv"), *draft.folder.glob("evidence/*.csv")]):
        name = path.relative_to(draft.folder).as_posix()
        if name not in known and not path.name.startswith("x_"):
            hint = suggest(name, known)
            draft.add(
                name,
                0,
                "",
                "unknown_file",
                f'a table "{name}"',
                "the tables of the scenario page",
                f"rename it, or let its name start with x_{hint}",
            )


def _read_settings(draft: Draft) -> None:
    text = _read_text(draft, "scenario.toml", required=True)
    if text is None:
        return
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        draft.add(
            "scenario.toml",
            0,
            "",
            "bad_toml",
            str(error),
            "valid TOML",
            "mend the line; texts stand in double quotes",
        )
        return
    sets = document.pop("sets", {})
    draft.zone = _read_zone(draft, document)
    draft.settings = _read_keys(draft, "scenario", document, "")
    if not isinstance(sets, dict):
        draft.add(
            "scenario.toml",
            0,
            "sets",
            "wrong_type",
            repr(sets),
            "tables such as [sets.replay]",
            "write one table for each set",
        )
        return
    for name, values in sets.items():
        if not isinstance(values, dict):
            draft.add(
                "scenario.toml",
                0,
                f"sets.{name}",
                "wrong_type",
                repr(values),
                "a table",
                f"write [sets.{name}]",
            )
            continue
        draft.sets[name] = _read_keys(draft, "set", values, f"sets.{name}.")


def _read_zone(draft: Draft, document: dict[str, Any]) -> ZoneInfo | None:
    name = document.get("time_zone")
    if not isinstance(name, str) or not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        import zoneinfo

        hint = suggest(name, {z.lower(): z for z in zoneinfo.available_timezones()})
        draft.add(
            "scenario.toml",
            0,
            "time_zone",
            "unknown_time_zone",
            f'"{name}"',
            "a name such as Asia/Yerevan",
            f"use a name of the time zone database{hint}",
        )
        return None


def _read_keys(draft: Draft, table: str, document: dict[str, Any], prefix: str) -> dict[str, Any]:
    """Read the keys of a TOML table by the schema, as if they were the cells of one row."""
    fields = load_fields()[table]
    values: dict[str, Any] = {}
    for key, value in document.items():
        if key in fields:
            text = (
                str(value).lower()
                if isinstance(value, bool)
                else value.isoformat()
                if hasattr(value, "isoformat")
                else value
            )
            if isinstance(text, dict | list):
                draft.add(
                    "scenario.toml",
                    0,
                    prefix + key,
                    "wrong_type",
                    repr(value),
                    _allowed(fields[key]),
                    "write one value",
                )
                values[key] = BROKEN
            elif key == "time_zone":
                values[key] = str(text)
            else:
                values[key] = read_cell(draft, "scenario.toml", 0, prefix + key, fields[key], str(text))
        elif not key.startswith("x_"):
            draft.add(
                "scenario.toml",
                0,
                prefix + key,
                "unknown_setting",
                f'"{key}"',
                ", ".join(fields),
                f"remove it or let it start with x_{suggest(key, fields)}",
            )
    for key, spec in fields.items():
        if key not in values:
            if spec.required:
                draft.add(
                    "scenario.toml",
                    0,
                    prefix + key,
                    "missing_setting",
                    "nothing",
                    _allowed(spec),
                    f"add {key} = ...: {spec.meaning.lower()}",
                )
                values[key] = BROKEN
            else:
                values[key] = _default(spec)
    return values


def _read_text(draft: Draft, file: str, required: bool) -> str | None:
    path = draft.folder / file
    if not path.exists():
        if required:
            hint = suggest(path.name, [p.name for p in path.parent.glob("*")] if path.parent.is_dir() else [])
            draft.add(
                file,
                0,
                "",
                "missing_file",
                "no such file",
                f"a file {file}",
                f"add it; corridor init shows one{hint}",
            )
        return None
    try:
        if path.stat().st_size > LARGEST_FILE:
            draft.add(
                file,
                0,
                "",
                "too_large",
                f"{path.stat().st_size:,} bytes",
                f"at most {LARGEST_FILE:,}",
                "split or shorten it",
            )
            return None
        data = path.read_bytes()
    except OSError as error:
        draft.add(
            file,
            0,
            "",
            "unreadable_file",
            error.strerror or str(error),
            "a readable file",
            "check its permissions",
        )
        return None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        draft.add(
            file,
            line,
            "",
            "bad_encoding",
            f"byte {data[error.start]:#04x} at position {error.start}",
            "UTF-8 text",
            "save it as UTF-8 (in a spreadsheet: CSV UTF-8)",
        )
        return None
    if "\0" in text:
        draft.add(
            file,
            0,
            "",
            "bad_encoding",
            "null bytes",
            "UTF-8 text",
            "save it as UTF-8; this looks like UTF-16 or a binary file",
        )
        return None
    return text


def _read_table(draft: Draft, table: str, file: str) -> None:
    if not (draft.folder / file).exists() and table not in REQUIRED_TABLES:
        draft.tables[table] = []
        return
    draft.tables[table] = _read_file(draft, table, file)


def _read_file(draft: Draft, table: str, file: str) -> list[Row]:
    text = _read_text(draft, file, required=table in REQUIRED_TABLES)
    if text is None:
        draft.unread.add(table)
        return []
    lines = list(_records(draft, file, text))
    if not lines:
        draft.add(
            file,
            0,
            "",
            "missing_column",
            "an empty file",
            "a header row with column names",
            "write the header; see the scenario page",
        )
        draft.unread.add(table)
        return []
    header_line, header = lines[0]
    columns = _read_header(draft, table, file, header_line, header)
    if columns is None:
        draft.unread.add(table)
        return []
    fields = load_fields()[table]
    rows = []
    for line, cells in lines[1:]:
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            draft.add(
                file,
                line,
                "",
                "too_many_cells",
                f"{len(cells)} cells",
                f"{len(header)} as in the header",
                "put text with commas in double quotes",
            )
            continue
        values: dict[str, Any] = {}
        for column, cell in zip(columns, cells, strict=False):
            if column is not None:
                values[column] = read_cell(draft, file, line, column, fields[column], cell)
        for name, spec in fields.items():
            if name not in values:
                values[name] = BROKEN if spec.required else _default(spec)
                if spec.required and name in columns:
                    draft.add(
                        file, line, name, "missing_value", "an empty cell", _allowed(spec), "fill the cell in"
                    )
        rows.append(Row(table, file, line, values))
    return rows


def _records(draft: Draft, file: str, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line number, cells) without blank and comment lines; comma or semicolon as the header has it."""
    first = next(
        (line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")), ""
    )
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=False)
    line = 0
    try:
        for cells in reader:
            start, line = line + 1, reader.line_num
            if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#"):
                yield start, cells
    except csv.Error as error:
        draft.add(
            file,
            line + 1,
            "",
            "bad_csv",
            str(error),
            "comma-separated text",
            "look for a quotation mark that is not closed",
        )


def _read_header(
    draft: Draft, table: str, file: str, line: int, header: list[str]
) -> list[str | None] | None:
    fields = load_fields()[table]
    columns: list[str | None] = []
    for cell in header:
        name = cell.strip()
        if name in fields:
            if name in columns:
                draft.add(
                    file,
                    line,
                    name,
                    "duplicate_column",
                    f'"{name}" twice',
                    "each column once",
                    "remove one of them",
                )
                return None
            columns.append(name)
            continue
        if name and not name.startswith("x_"):
            draft.add(
                file,
                line,
                name,
                "unknown_column",
                f'"{name}"',
                ", ".join(fields),
                f"rename it; own columns start with x_{suggest(name, fields)}",
            )
        columns.append(None)
    missing = [name for name, spec in fields.items() if spec.required and name not in columns]
    for name in missing:
        draft.add(
            file,
            line,
            name,
            "missing_column",
            "no such column",
            f"a column {name}",
            f"add it: {fields[name].meaning[0].lower()}{fields[name].meaning[1:]}",
        )
    return columns


def _allowed(spec: Field) -> str:
    words = {
        "id": "a short name: letters, digits, _ and -",
        "text": "text",
        "integer": "a whole number",
        "number": "a number",
        "range": "a number or a range such as 200, 150..250, 200 (150..250), 200 ± 20%",
        "time": "a time such as 2023-09-24T13:00",
        "time_range": "a time such as 2023-09-24T13:00, or two with .. between them",
        "kind": "a kind of event",
        "parameter": "the name of a parameter",
        "time_zone": "a name such as Asia/Yerevan",
        "boolean": "yes or no",
    }
    if spec.choices:
        return " or ".join(spec.choices)
    if spec.refers_to:
        return f"an id in {TABLE_FILES.get(spec.refers_to, spec.refers_to + '.csv')}"
    text = words.get(spec.type, spec.type)
    if spec.unit and spec.type in ("range", "number", "integer"):
        text += f" in {spec.unit}"
    if spec.low is not None and spec.high is not None:
        text += f", from {spec.low:g} to {spec.high:g}"
    elif spec.low is not None:
        text += f", at least {spec.low:g}"
    return text


def _default(spec: Field) -> Any:
    if spec.default == "":
        return () if spec.type.startswith("references:") else "" if spec.type in ("text", "id") else None
    if spec.type == "range":
        return parse_quantity(spec.default)
    if spec.type == "number":
        return float(spec.default)
    if spec.type == "integer":
        return int(spec.default)
    if spec.type == "boolean":
        return spec.default == "yes"
    return spec.default


def read_cell(draft: Draft, file: str, line: int, column: str, spec: Field, cell: str) -> Any:
    """Read one cell by its field; a fault makes it BROKEN."""
    text = cell.strip()
    if text == "":
        if spec.required:
            draft.add(
                file, line, column, "missing_value", "an empty cell", _allowed(spec), "fill the cell in"
            )
            return BROKEN
        return _default(spec)

    def fault(code: str, fix: str, allowed: str = "") -> Broken:
        draft.add(file, line, column, code, f'"{text[:80]}"', allowed or _allowed(spec), fix)
        return BROKEN

    if spec.type in ("range", "number", "integer"):
        return _read_number(spec, text.translate(_ARABIC_DIGITS), fault)
    if spec.type in ("time", "time_range"):
        try:
            return parse_time(text, draft.zone) if spec.type == "time" else parse_time_range(text, draft.zone)
        except ReversedRangeError:
            return fault("range_reversed", "put the earlier time first")
        except (ValueError, OverflowError):
            return fault("bad_date", "write year-month-day and the hour, as in 2023-09-24T13:00")
    if spec.choices and text not in spec.choices:
        return fault("not_a_choice", f"use one of the allowed words{suggest(text, spec.choices)}")
    if spec.type == "kind" and text not in load_event_kinds():
        return fault(
            "unknown_kind",
            f"use one of the kinds{suggest(text, load_event_kinds())}",
            ", ".join(load_event_kinds()),
        )
    if spec.type == "parameter" and text not in load_fields()["parameter"]:
        known = load_fields()["parameter"]
        return fault(
            "unknown_parameter", f"use one of the parameters{suggest(text, known)}", ", ".join(known)
        )
    if spec.type == "id" and not all(c.isalnum() or c in "_-" for c in text):
        return fault("bad_id", "use letters, digits, _ and - only")
    if spec.type == "boolean":
        return text == "yes" if text in ("yes", "no") else fault("wrong_type", "write yes or no")
    if spec.type.startswith("references:"):
        return tuple(text.split())
    return text


def _read_number(spec: Field, text: str, fault: Any) -> Any:
    try:
        quantity = parse_quantity(text)
    except ReversedRangeError:
        return fault("range_reversed", "write the lower number first: low..high")
    except UnitError as error:
        return fault(
            "wrong_unit",
            f'write the number only, in {spec.unit or "plain numbers"}; "{error}" does not belong in the cell',
        )
    except ValueError:
        hint = "; write 1000, not 1,000" if "," in text else ""
        return fault("wrong_type", f"write a number{hint}")
    if (
        spec.low is not None
        and quantity.low < spec.low
        or spec.high is not None
        and quantity.high > spec.high
    ):
        if spec.low is not None and quantity.low <= 0 < spec.low or (spec.low == 0 and quantity.low < 0):
            return fault("not_positive", f"write a number that makes sense in {spec.unit or 'this column'}")
        return fault("out_of_range", "check the number and its unit")
    if spec.type == "range":
        return quantity
    if not quantity.is_fixed:
        return fault(
            "wrong_type",
            "a range is not allowed here; write one number",
            f"one number in {spec.unit}" if spec.unit else "one number",
        )
    if spec.type == "integer":
        return (
            int(quantity.middle)
            if quantity.middle == int(quantity.middle)
            else fault("wrong_type", "write a whole number")
        )
    return quantity.middle


__all__ = ["BROKEN", "Draft", "Row", "fixed", "read_draft", "suggest"]
