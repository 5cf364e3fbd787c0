"""The sheet of a plan's workbook that a person edits: a row a consignment, tonnes by item, what may be chosen.

A hidden sheet says which column is what and what the plan was for; `corridor plan CASE --from-sheet FILE` reads both.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from corridor.relief.convoy_choices import (
    HEADER_ROW,
    ITEM,
    LEFT,
    LOADED,
    NAME,
    PAYLOAD,
    write_choices,
    write_sums,
)  # fmt: skip
from corridor.relief.sheets import put
from corridor.relief.tables import write_departure
from corridor.scenario.convoys import name_carrier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from corridor.relief.convoys import Convoy
    from corridor.scenario.scenario import Scenario

SHEET, HIDDEN = "convoys", "corridor_plan"
FORMAT = 1
ROOM = 200  # empty rows below the last in which may be chosen and is added up as well
HEADERS = {
    "id": "consignment (id)",
    "fleet": "whose trucks (fleet)",
    "from": "loading point (from)",
    "to": "delivery point (to)",
    "roads": "by the roads (blank: the quickest way)",
    NAME: "place of delivery by name",
    "departs": "dispatch: departs (local time)",
    "trucks": "trucks",
    LOADED: "loaded, t",
    PAYLOAD: "payload, t",
    LEFT: "room left, t",
    "clearance": "clearance (access)",
    "outcome": "outcome",
    "note": "note",
}
ABOUT = (
    "One row is one consignment: trucks of one fleet for one delivery point. Change, add or remove rows; grey columns "
    "are reckoned. Times are local, as 2023-09-24 08:00. Loads are tonnes of each item.",
    "Back into the case: corridor plan CASE --from-sheet THIS.xlsx checks every row and writes nothing; --as NAME "
    "writes a variant, --into-case the case's convoys, --try N carries them out in the simulation.",
)


@dataclass(frozen=True)
class SheetBasis:
    """What a sheet was made for: the case by its id, the parameter set, from when the rows replace planned convoys.

    `columns` are the headers by what stands below them.
    """

    case: str
    parameters: str
    start: str
    columns: dict[str, str]
    format: int = FORMAT


def write_convoy_sheet(
    book: Workbook, case: Scenario, parameters: str, convoys: Sequence[Convoy], start: datetime, public: bool
) -> None:
    """Add the sheet of convoys to a workbook as its first, and what reading it back needs on hidden sheets."""
    items = [str(row["id"]) for row in case.rows("items", parameters) if row.values.get("kept", True)]
    columns = {name: HEADERS[name] for name in ("id", "fleet", "from", "to", NAME, "roads", "departs", "trucks")}
    columns |= {f"{ITEM}{item}": f"{item}, t" for item in items}
    columns |= {name: HEADERS[name] for name in (LOADED, PAYLOAD, LEFT, "clearance", "outcome", "note")}
    sheet: Any = book.create_sheet(SHEET, 0)
    letters = _write_header(sheet, columns, str(case.settings["title"]), str(case.settings["sensitivity"]))
    for number, convoy in enumerate(convoys, HEADER_ROW + 1):
        _write_row(sheet, number, letters, convoy, public)
    last = HEADER_ROW + len(convoys) + ROOM
    payload = write_choices(book, case, parameters, sheet, letters, last)
    write_sums(sheet, letters, items, payload, last)
    basis = SheetBasis(str(case.settings.get("id", "")), parameters, start.isoformat(timespec="minutes"), columns)
    hidden: Any = book.create_sheet(HIDDEN)
    hidden.sheet_state = "veryHidden"
    hidden["A1"] = json.dumps(asdict(basis), ensure_ascii=False)


def _write_header(sheet: Worksheet, columns: Mapping[str, str], title: str, sensitivity: str) -> dict[str, str]:
    """Write what is above the rows; return the letter of each column."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    put(sheet, 1, 1, f"{title}. Sensitivity: {sensitivity}").font = Font(bold=True)
    for number, text in enumerate(ABOUT, 2):
        put(sheet, number, 1, text)
    letters = {}
    for at, (name, words) in enumerate(columns.items(), 1):
        cell = put(sheet, HEADER_ROW, at, words)
        reckoned = name.startswith("=")
        cell.font = Font(bold=True, color="FF333333" if reckoned else "FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor="FFD9D9D9" if reckoned else "FF1F3864")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        letters[name] = get_column_letter(at)
        wide = {"id": 26, "fleet": 22, "from": 18, "to": 18, "roads": 30, "departs": 18, "clearance": 20, "note": 30}
        wide[NAME] = 26
        sheet.column_dimensions[letters[name]].width = wide.get(name, 10)
    sheet.row_dimensions[HEADER_ROW].height = 45
    sheet.freeze_panes = f"B{HEADER_ROW + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.print_options.gridLines = True
    return letters


def _write_row(sheet: Worksheet, number: int, letters: Mapping[str, str], convoy: Convoy, public: bool) -> None:
    from openpyxl.utils import column_index_from_string

    at = {name: column_index_from_string(letter) for name, letter in letters.items()}
    moment: object = write_departure(convoy.departs, "public") if public else convoy.departs
    values = {"id": convoy.id, "fleet": convoy.fleet, "from": convoy.start, "to": convoy.to, "departs": moment}
    values |= {
        "roads": " ".join(convoy.roads) if name_carrier(convoy.fleet)[0] else "",
        "trucks": convoy.trucks,
        "clearance": convoy.clearance,
        "outcome": "planned",
    }
    values |= {f"{ITEM}{item}": round(tonnes, 3) for item, tonnes in convoy.loads.items() if tonnes >= 5e-4}
    for name, value in values.items():
        if name in at and value != "":
            cell = put(sheet, number, at[name], value)
            cell.number_format = (
                "yyyy-mm-dd hh:mm" if name == "departs" else "0.###" if name.startswith(ITEM) else "General"
            )
