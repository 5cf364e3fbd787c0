"""The rows of an edited sheet of convoys as cells of a convoys table, each with the cell that it stands in."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from corridor.build.workbook_parts import write_value
from corridor.build.workbook_reading import Back, load_book
from corridor.build.workbooks import require_room
from corridor.scenario.convoys import BY_SERVICE, name_carrier, write_loads
from corridor.scenario.draft import show
from corridor.scenario.faults import UsageError, fault
from corridor.scenario.schema import load_fields

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CONVOYS = "convoys.csv"
_ITEM, _LONGEST = "item:", 10_000  # rows read
_THOUSANDS = re.compile(r"[1-9]\d{0,2},\d{3}")
_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}) +(\d{1,2}:\d{2}(?::\d{2})?)")


@dataclass
class ConvoySheet:
    """What a sheet of convoys says: for which case, set and moment it was made, and its rows.

    `rows` hold cells by column of the convoys table and the number of their row in the sheet; `back` places faults.
    """

    case: str
    parameters: str
    start: datetime
    back: Back
    rows: list[tuple[int, dict[str, str]]] = field(default_factory=list)


def read_convoy_sheet(path: Path, sheet: str, hidden: str, header_row: int) -> ConvoySheet:
    """Return what a person made of the sheet of convoys in a plan's workbook.

    Faults that stand in the way of reading a cell are in `back.faults`; columns of a person's own and notes on cells
    are told. Raises UsageError when the file is no workbook of a plan.
    """
    require_room(path)
    content = path.read_bytes()
    book, results = (load_book(BytesIO(content), path.name, values) for values in (False, True))
    if hidden not in book.sheetnames or sheet not in book.sheetnames:
        message = f"{path.name} is no workbook of a plan: make one with corridor plan CASE --out PLAN"
        raise UsageError(message)
    basis = _read_basis(book[hidden]["A1"].value, path.name)
    back = Back(path.name, {}, sheets={CONVOYS: sheet})
    found = ConvoySheet(basis["case"], basis["parameters"], datetime.fromisoformat(basis["start"]), back)
    places = _find_columns(back, book[sheet], sheet, basis["columns"], header_row)
    last = header_row + _LONGEST
    if any(any(row) for row in book[sheet].iter_rows(min_row=last + 1, values_only=True)):
        message = f"{path.name}, sheet {sheet}, goes on below row {last:,}; at most {_LONGEST:,} convoys can be read"
        raise UsageError(message)
    for number in range(header_row + 1, min(book[sheet].max_row, last) + 1):
        cells = _read_row(back, book[sheet], results[sheet], places, number)
        if cells is not None:
            found.rows.append((number, cells))
    return found


def _read_basis(text: object, name: str) -> dict[str, Any]:
    try:
        basis = json.loads(str(text))
        known = basis["format"] == 1 and datetime.fromisoformat(basis["start"]).tzinfo is None
        texts = [basis["case"], basis["parameters"], *basis["columns"].values()]
        if not (known and all(isinstance(text, str) for text in texts)):
            raise ValueError
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        message = f"what {name} says of itself is damaged or of another version: make the plan's workbook anew"
        raise UsageError(message) from None
    return dict(basis)


def _find_columns(back: Back, sheet: Any, name: str, columns: Mapping[str, str], header_row: int) -> dict[str, int]:
    """Return where each column stands; headers that are gone are faults, columns of a person's own are told."""
    header = {write_value(cell.value).strip(): cell.column for cell in reversed(sheet[header_row])}
    places = {column: header[words] for column, words in columns.items() if words in header}
    where = f"{back.name}, sheet {name}"
    for column, words in columns.items():
        if column not in places and not column.startswith("=") and column != "note":
            back.faults.append(fault("workbook.header", (where, header_row, words), text="nothing", name=show(words)))
    first = min((place for column, place in places.items() if column.startswith(_ITEM)), default=places.get("id", 1))
    back.columns[CONVOYS] = {column: place for column, place in places.items() if column in load_fields()["convoys"]}
    back.columns[CONVOYS]["loads"] = first
    for cell in sheet[header_row]:
        words, place = write_value(cell.value).strip(), cell.column
        if words in columns.values() and place != header[words]:
            back.faults.append(
                fault("workbook.header_twice", (where, header_row, cell.column_letter), name=show(words))
            )
        elif words and place not in places.values():
            back.told.append(f"the column {show(words)} is none of the sheet's: it was not read")
    return places


def _read_row(back: Back, sheet: Any, results: Any, places: Mapping[str, int], number: int) -> dict[str, str] | None:
    """Return the cells of a row by column of the convoys table, None for an empty one."""
    texts = {
        column: _read_cell(back, sheet.cell(number, place), results.cell(number, place).value)
        for column, place in places.items()
        if not column.startswith("=")
    }
    if not any(texts.values()):
        return None
    cells = {column: text for column, text in texts.items() if not column.startswith(_ITEM)}
    cells["departs"] = _TIME.sub(_join_time, cells.get("departs", ""))
    cells["outcome"] = cells.get("outcome") or "planned"
    if cells.get("fleet", "").startswith(BY_SERVICE):  # its trucks are departures
        cells["fleet"], cells["service"] = name_carrier(cells["fleet"])
        cells["trucks"] = ""
    loads: dict[str, float] = {}
    odd = []
    for column, text in texts.items():
        if column.startswith(_ITEM) and text:
            tonnes = _read_tonnes(text)
            if tonnes is None:
                odd.append(f"{column.removeprefix(_ITEM)}={text.replace(' ', '_')}")  # told as it stands by the checks
            elif tonnes:
                loads[column.removeprefix(_ITEM)] = tonnes
    cells["loads"] = " ".join(part for part in (write_loads(loads), *odd) if part)
    return cells


def _join_time(found: re.Match[str]) -> str:
    return f"{found[1]}T{found[2].zfill(5)}"


def _read_tonnes(text: str) -> float | None:
    """Return tonnes, with a point or a comma before what is less than one; 1,250 may be either and is None."""
    if _THOUSANDS.fullmatch(text):
        return None
    try:
        tonnes = float(text.replace(",", ".")) if text.count(",") == 1 and "." not in text else float(text)
    except ValueError:
        return None
    return tonnes if 0 <= tonnes < 1e9 else None


def _read_cell(back: Back, cell: Any, result: object) -> str:
    """Return the text of a cell; a formula by its result, a moment to the minute, a day as a day."""
    if cell.comment is not None and cell.comment.author != "Corridor":
        back.told.append(
            f"a note on {cell.parent.title}!{cell.coordinate} is not taken over: {show(cell.comment.text)}"
        )
    value = result if cell.data_type == "f" else cell.value
    if cell.data_type == "f" and result is None:
        where = (f"{back.name}, sheet {cell.parent.title}", cell.row, cell.column_letter)
        back.faults.append(fault("workbook", where, text=show(cell.value)))
    if isinstance(value, datetime):
        return value.isoformat(timespec="minutes")
    return value.isoformat() if isinstance(value, date) else write_value(value).strip()
