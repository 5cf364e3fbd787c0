"""A claim bound to a row that the case has already: its id among the row's claims, its number in the cell if wished."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.scenario.faults import UsageError
from corridor.scenario.sheet import cut_sheet
from corridor.scenario.sheet_changes import Changes, change_sheet
from corridor.scenario.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.front.trials import Contents
    from corridor.scenario.scenario import Scenario

# Tables of what is at a place: numbers that a report may be about. Those of observations are added, never changed.
ABOUT = ("people", "stocks", "depots", "plants", "facilities", "convoys", "checkpoints", "desks", "roads")
COLUMNS = frozenset({"file", "row", "column", "was", "value"})


def bind_claims(case: Scenario, where: Mapping[str, str], claims: Sequence[str]) -> Contents:
    """Return the file of a row with claims named in it; every other line, and cell, stays as it is.

    `where` says file, row (its line), column and what stood there (`was`); `value`, if not blank, takes its place.
    Raises UsageError when there is no such row among the tables of ABOUT, or something else stands there by now.
    """
    rows = (row for table in ABOUT for row in case.tables.get(table, ()))
    found = next((row for row in rows if (row.file, str(row.line)) == (where.get("file"), where.get("row"))), None)
    column = where.get("column", "")
    if found is None:
        message = f"there is no row {where.get('row', '')} of {where.get('file', '')} to bind a claim to"
        raise UsageError(message)
    path = case.folder / found.file
    sheet = cut_sheet(path.read_bytes().decode("utf-8"))
    keys = {line: key for key, line in sheet.lines().items()}
    piece = next(piece for piece in sheet.rows if piece.key == keys[found.line])
    columns = [name.strip() for name in sheet.columns]
    cells = dict(zip(columns, piece.cells, strict=False))
    if column not in columns or write_value(found.values.get(column)) != where.get("was", ""):
        message = f"{found.file}, row {found.line}, {column} is not what the page has read: open the report anew"
        raise UsageError(message)
    named = " ".join(dict.fromkeys([*cells.get("claims", "").split(), *claims]))
    new = {columns.index(column): where["value"]} if where.get("value") else {}
    added = () if "claims" in columns else ("claims",)
    new[len(columns) if added else columns.index("claims")] = named
    return {path: change_sheet(sheet, Changes({piece.key: new}, None, added)).text}


def write_value(value: Any) -> str:
    """Return a number of the case as it would be written."""
    if isinstance(value, Quantity):
        return value.write()
    return f"{value:g}" if isinstance(value, float) else str(value if value is not None else "")
