"""A claim bound to a row that the case has already: its id among the row's claims, its number in the cell if wished."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from corridor.evidence.belonging import BINDABLE_TABLES, write_value
from corridor.scenario.faults import UsageError
from corridor.scenario.sheet import cut_sheet
from corridor.scenario.sheet_changes import Changes, change_sheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.front.trials import Contents
    from corridor.scenario.draft import Draft, Row
    from corridor.scenario.scenario import Scenario

COLUMNS = frozenset({"file", "row", "column", "was", "value"})
Binding = tuple["Mapping[str, str]", "Sequence[str]"]  # where, and the claims that are named there


def bind_claims(case: Scenario | Draft, bindings: Sequence[Binding]) -> Contents:
    """Return the files of rows with claims named in them; every other line, and cell, stays as it is.

    Where says file, row (its line), column and what stood there (`was`); `value`, if not blank, takes its place.
    Raises UsageError when there is no such row of BINDABLE_TABLES, or something else stands there by now.
    """
    by_file: dict[str, list[tuple[Row, Mapping[str, str], Sequence[str]]]] = defaultdict(list)
    for where, claims in bindings:
        row = _find_row(case, where)
        by_file[row.file].append((row, where, claims))
    return {case.folder / file: _bind_in_file(case, file, wanted) for file, wanted in by_file.items()}


def _find_row(case: Scenario | Draft, where: Mapping[str, str]) -> Row:
    rows = (row for table in BINDABLE_TABLES for row in case.tables.get(table, ()))
    found = next((row for row in rows if (row.file, str(row.line)) == (where.get("file"), where.get("row"))), None)
    if found is None:
        message = f"there is no row {where.get('row', '')} of {where.get('file', '')} to bind a claim to"
        raise UsageError(message)
    return found


def _bind_in_file(
    case: Scenario | Draft, file: str, wanted: Sequence[tuple[Row, Mapping[str, str], Sequence[str]]]
) -> str:
    sheet = cut_sheet((case.folder / file).read_bytes().decode("utf-8"))
    keys = {line: key for key, line in sheet.lines().items()}
    pieces = {piece.key: piece for piece in sheet.rows}
    columns = [name.strip() for name in sheet.columns]
    added = () if "claims" in columns else ("claims",)
    at_claims = len(columns) if added else columns.index("claims")
    changed: dict[str, dict[int, str]] = {}
    for row, where, claims in wanted:
        column, key = where.get("column", ""), keys[row.line]
        if column not in columns or write_value(row.values.get(column)) != where.get("was", ""):
            message = f"{file}, row {row.line}, {column} is not what the page has read: open the report anew"
            raise UsageError(message)
        cells = dict(zip(columns, pieces[key].cells, strict=False))
        new = changed.setdefault(key, {})
        named = new.get(at_claims, cells.get("claims", "")).split()
        new[at_claims] = " ".join(dict.fromkeys([*named, *claims]))
        if where.get("value"):
            new[columns.index(column)] = where["value"]
    return change_sheet(sheet, Changes(changed, None, added)).text
