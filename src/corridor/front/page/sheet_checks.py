"""What a check says of the sheets as they would be: faults at their cells, ranges, claims with their grades."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from corridor.front.page.sheets import change_texts, draft_changed, open_sheets, read_edits
from corridor.scenario.assumptions import numbers_without_claim
from corridor.scenario.draft import Broken
from corridor.scenario.folder import SETTINGS
from corridor.scenario.sheet import HEADER
from corridor.scenario.sheet_changes import change_sheet
from corridor.scenario.values import Quantity, TimeRange, write_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from corridor.front.page.sheets import SheetFile
    from corridor.scenario.draft import Draft, Row
    from corridor.scenario.faults import Fault
    from corridor.scenario.sheet_changes import Changes

_OF_CLAIMS = (
    "source", "speaker", "said_on", "happened", "quantity", "value", "low", "high", "unit", "stance", "credibility",
    "quote", "wording",
)  # fmt: skip
_OF_SOURCES = ("id", "publisher", "title", "published", "address", "origin", "reliability")


class Spots:
    """Where the rows of a case stand in its sheets: by file and line, as faults name them."""

    def __init__(self, sheets: Mapping[str, SheetFile], changes: Mapping[str, Changes]) -> None:
        self.names = {sheet.file: name for name, sheet in sheets.items()}
        self.columns: dict[str, tuple[str, ...]] = {}
        self.lines: dict[str, dict[str, int]] = {}
        self._keys: dict[str, dict[int, str]] = {}
        for name, file in sheets.items():
            if file.sheet is not None:
                sheet = change_sheet(file.sheet, changes[name]) if changes.get(name) else file.sheet
                self.lines[name] = sheet.lines()
                self.columns[name] = tuple(column.strip() for column in sheet.columns)
                self._keys[name] = {line: key for key, line in self.lines[name].items()}

    def find(self, file: str, line: int, column: str) -> tuple[str, str, int]:
        """Return sheet, key of the row and number of the column; blank, or -1, where a fault names none."""
        name = self.names.get(file, "")
        if file == SETTINGS:
            return name, column, 1 if column else -1
        columns = self.columns.get(name, ())
        return name, self._keys.get(name, {}).get(line, ""), columns.index(column) if column in columns else -1


def check_sheets(folder: Path, edits: Any) -> dict[str, Any]:
    """Return what `check` finds in a case as edits of its sheets would make it, nothing being written.

    `faults` are those of the command, word for word, each with its sheet, key of the row and number of the column;
    `ranges` say by sheet, row and column what a range means (shape, low, middle, high); `claims` what each claim is,
    with the credibility of it and the reliability of its sources; `assumed` are numbers that rest on none; `lines` the
    number of each row as faults name it, of sheets that change. Raises ChangedFilesError and UsageError as
    `sheets.read_edits` does.
    """
    sheets = open_sheets(folder)
    changes = read_edits(edits, sheets)
    draft = draft_changed(folder, sheets, change_texts(sheets, changes))
    spots = Spots(sheets, changes)
    return {
        "faults": [describe_fault(fault, spots) for fault in sorted(set(draft.faults))],
        "ranges": _describe_ranges(draft, spots),
        "claims": {str(row["id"]): _describe_claim(row, draft) for row in draft.tables.get("claims", ())},
        "assumed": [spots.find(row.file, row.line, column) for row, column in _find_assumed(draft)],
        "ids": {
            table: sorted({str(row["id"]) for row in rows if _has_id(row)}) for table, rows in draft.tables.items()
        },
        "lines": {name: spots.lines[name] for name, one in changes.items() if one and name in spots.lines},
    }


def describe_fault(fault: Fault, spots: Spots) -> dict[str, Any]:
    """Return a fault with its words as the command says them, and where it stands in the sheets."""
    sheet, key, at = spots.find(fault.file, fault.row, fault.column)
    where = fault.describe().partition("\n")[0]
    return {**asdict(fault), "where": where, "sheet": sheet, "key": key, "at": at, "header": key == HEADER}


def _has_id(row: Row) -> bool:
    return "id" in row.values and row.can_read("id")


def _find_assumed(draft: Draft) -> Iterator[tuple[Row, str]]:
    """Yield the numbers without a claim, as far as the claims of their rows could be read."""
    tables = {name: [row for row in rows if row.can_read("claims")] for name, rows in draft.tables.items()}
    return numbers_without_claim(tables)


def _describe_ranges(draft: Draft, spots: Spots) -> dict[str, dict[str, dict[int, Any]]]:
    found: dict[str, dict[str, dict[int, Any]]] = {}
    for rows in draft.tables.values():
        for row in rows:
            for column, value in row.values.items():
                said = _describe_range(value)
                if said is not None:
                    sheet, key, at = spots.find(row.file, row.line, column)
                    if at >= 0:
                        found.setdefault(sheet, {}).setdefault(key, {})[at] = said
    return found


def _describe_range(value: Any) -> list[Any] | None:
    if isinstance(value, Quantity) and not value.is_fixed:
        if value.shape == "lognormal":  # nine chances in ten lie between these
            factor = 1 + value.percent / 100
            return [value.shape, value.middle / factor, value.middle, value.middle * factor]
        return [value.shape, value.low, value.middle, value.high]
    if isinstance(value, TimeRange) and not value.is_fixed:
        return ["time", *(moment.isoformat(timespec="minutes") for moment in (value.start, value.end))]
    return None


def _describe_claim(claim: Row, draft: Draft) -> dict[str, Any]:
    sources = {str(row["id"]): row for row in draft.tables.get("sources", ())}
    named = [sources[name] for name in _plain(claim.values.get("source")).split() if name in sources]
    about = {column: _plain(claim.values.get(column)) for column in _OF_CLAIMS}
    return {**about, "sources": [{c: _plain(source.values.get(c)) for c in _OF_SOURCES} for source in named]}


def _plain(value: Any) -> str:
    if value is None or isinstance(value, Broken):
        return ""
    if isinstance(value, datetime):  # a day is its first minute, or its last where it says by when
        return f"{value:%Y-%m-%d}" if f"{value:%H:%M}" in ("00:00", "23:59") else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, float):
        return write_number(value)
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
