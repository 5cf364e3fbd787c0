"""Read the deal's tables (actors.csv, issues.csv, positions.csv) from a folder, with every fault at once.

Columns are found by header name and described by fields.csv beside this module. Rows with faults are left out
of the checks that follow, so that one mistake is told once.
"""

from __future__ import annotations

import csv
import difflib
import io
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.deal.amounts import read_amount
from corridor.deal.build import TableRow, Value, build_deal, check_reference
from corridor.deal.parties import Amount, Deal
from corridor.faults import Fault, FaultsError

if TYPE_CHECKING:
    from collections.abc import Callable

_COMMON = ("set", "claims", "note")  # columns that every table of a scenario has


@dataclass(frozen=True)
class Column:
    """One column a table may have: type, default, allowed range, whether it must be filled, meaning."""

    name: str
    type: str
    default: str
    low: float | None
    high: float | None
    required: bool
    meaning: str


@cache
def load_columns(table: str) -> dict[str, Column]:
    """Return the columns of a table by name."""
    text = resources.files("corridor.deal").joinpath("fields.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["table"] == table]
    columns = [
        Column(
            row["name"],
            row["type"],
            row["default"],
            float(row["low"]) if row["low"] else None,
            float(row["high"]) if row["high"] else None,
            row["required"] == "yes",
            row["meaning"],
        )
        for row in rows
    ]
    columns += [
        Column(name, "claims" if name == "claims" else "text", "", None, None, False, "") for name in _COMMON
    ]
    return {column.name: column for column in columns}


def read_deal(folder: Path | str) -> Deal:
    """Read the negotiation in a scenario folder. Raises FaultsError with all faults of the three tables."""
    faults: list[Fault] = []
    actors, issues, positions = (
        _TableReader(Path(folder) / f"{table}.csv", table, faults).read()
        for table in ("actors", "issues", "positions")
    )
    deal = build_deal(actors, issues, positions, faults)
    if faults or deal is None:
        raise FaultsError(faults)
    return deal


def read_outcomes(path: Path | str, deal: Deal) -> dict[str, float]:
    """Read where issues were settled (columns issue, outcome): issue -> 0 to 100. Raises FaultsError."""
    faults: list[Fault] = []
    rows = _TableReader(Path(path), "outcomes", faults).read()
    for row in rows:
        check_reference(Path(path).name, row, "issue", [issue.id for issue in deal.issues], faults)
    if faults:
        raise FaultsError(faults)
    amounts = {row.text("issue"): row.amount("outcome") for row in rows}
    return {issue: amount.value for issue, amount in amounts.items() if amount}


class _TableReader:
    """Reads one table, adding its faults to a list shared with the other tables."""

    def __init__(self, path: Path, table: str, faults: list[Fault]) -> None:
        self.path = path
        self.columns = load_columns(table)
        self.faults = faults

    def fault(self, row: int, column: str, code: str, found: str, allowed: str, fix: str) -> None:
        self.faults.append(Fault(self.path.name, row, column, code, found, allowed, fix))

    def read(self) -> list[TableRow]:
        text = self._read_text()
        if text is None:
            return []
        first_line = text.splitlines()[0]
        delimiter = ";" if first_line.count(";") > first_line.count(",") else ","
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        rows, line = [], 0
        try:
            header = [name.strip() for name in next(reader)]
            if not self._check_header(header):
                return []
            line = reader.line_num
            for cells in reader:
                first, line = line + 1, reader.line_num
                if any(cell.strip() for cell in cells) and not cells[0].lstrip().startswith("#"):
                    rows.append(self._read_row(header, cells, first))
        except csv.Error as error:
            fix = "look for a quote that is never closed"
            self.fault(line + 1, "", "not_csv", str(error), "comma separated values", fix)
        return rows

    def _read_text(self) -> str | None:
        name = self.path.name
        try:
            text = self.path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            found = error.strerror or "a file that cannot be read"
            self.fault(0, "", "missing_file", found, f"a file {name}", f"add {name}")
            return None
        except UnicodeDecodeError:
            self.fault(0, "", "not_utf8", "other bytes", "text in UTF-8", "save the file as CSV UTF-8")
            return None
        if not text.strip() or "\0" in text or not text.splitlines()[0].strip():
            found = "bytes that are no text" if "\0" in text else "no header in the first line"
            self.fault(0, "", "empty_table", found, "a header row", f"write the headers of {name}")
            return None
        return text

    def _check_header(self, header: list[str]) -> bool:
        before = len(self.faults)
        for name in header:
            if name not in self.columns and not name.startswith("x_"):
                near = difflib.get_close_matches(name, self.columns, n=1, cutoff=0.5)
                fix = f"did you mean {near[0]!r}?" if near else "remove it, or start your own column with x_"
                self.fault(1, name, "unknown_column", repr(name), ", ".join(self.columns), fix)
        for name in sorted({name for name in header if header.count(name) > 1}):
            self.fault(1, name, "duplicate_column", f"{name} twice", "each once", "remove one of them")
        for column in self.columns.values():
            if column.required and column.name not in header:
                self.fault(1, column.name, "missing_column", "no such header", column.meaning, "add it")
        return len(self.faults) == before

    def _read_row(self, header: list[str], cells: list[str], line: int) -> TableRow:
        before = len(self.faults)
        if len(cells) > len(header):
            fix = 'put "quotes" around text with commas'
            self.fault(line, "", "too_many_cells", f"{len(cells)} cells", f"{len(header)} cells", fix)
        written = dict(zip(header, cells, strict=False))
        values: dict[str, Value] = {}
        for column in self.columns.values():
            text = written.get(column.name, "").strip() or column.default
            if text:
                values[column.name] = self._read_cell(text, column, line)
            elif column.required:
                self.fault(line, column.name, "required", "nothing", column.meaning, "fill it in")
        return TableRow(line, values, sound=len(self.faults) == before)

    def _read_cell(self, text: str, column: Column, line: int) -> Value:
        kind, _, list_of_choices = column.type.partition(":")
        if kind not in _CELLS:
            return text
        read, code, allowed = _CELLS[kind]
        choices = list_of_choices.split("|")
        try:
            value = read(text, choices)
        except (ValueError, KeyError):
            near = difflib.get_close_matches(text, choices, n=1)
            fix = f"did you mean {near[0]!r}?" if near else f"write it as: {allowed or ', '.join(choices)}"
            self.fault(line, column.name, code, repr(text), allowed or ", ".join(choices), fix)
            return None
        if isinstance(value, Amount) and not _is_within(value, column):
            limits = f"from {column.low:g} to {column.high:g}"
            fix = f"keep the whole range inside: {column.meaning}"
            self.fault(line, column.name, "out_of_range", repr(text), limits, fix)
        return value


def _is_within(amount: Amount, column: Column) -> bool:
    low_enough = column.high is None or amount.high <= column.high
    return low_enough and (column.low is None or amount.low >= column.low)


def _read_id(text: str, _: list[str]) -> str:
    if not _ID.fullmatch(text):
        raise ValueError(text)
    return text


def _read_choice(text: str, choices: list[str]) -> str:
    return choices[choices.index(text)]  # ValueError when absent


_ID = re.compile(r"\w[\w-]*")
_YES_NO = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
# How a cell of each type is read, the code of its fault, and what is allowed. Other types are plain text.
_CELLS: dict[str, tuple[Callable[[str, list[str]], Value], str, str]] = {
    "id": (_read_id, "not_an_id", "letters, digits, - and _"),
    "range": (
        lambda text, _: read_amount(text),
        "not_a_number",
        "a number, or a range such as 30..50, 40 (30..60) or 40 ± 20%",
    ),
    "boolean": (lambda text, _: _YES_NO[text.lower()], "not_yes_or_no", "yes or no"),
    "choice": (_read_choice, "not_a_choice", ""),
    "claims": (
        lambda text, _: tuple(text.replace(";", " ").replace(",", " ").split()),
        "not_claims",
        "claim ids with spaces between",
    ),
}
