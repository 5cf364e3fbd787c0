"""The sheet of a plan's workbook that a person edits: a row a consignment, tonnes by item, what may be chosen.

A hidden sheet says which column is what and what the plan was for; `corridor plan CASE --from-sheet FILE` reads both.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from corridor.relief.tables import write_departure

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from corridor.relief.plan import Convoy
    from corridor.scenario.scenario import Scenario

SHEET, HIDDEN, CHOICES = "convoys", "corridor_plan", "choices"
HEADER_ROW = 4
FORMAT = 1
ROOM = 200  # empty rows below the last in which may be chosen and is added up as well
ITEM = "item:"  # before the id of an item, as the name of its column
LOADED, PAYLOAD, LEFT, NAME = "=loaded", "=payload", "=left", "=name"  # columns that the workbook reckons itself
HEADERS = {
    "id": "consignment (id)",
    "fleet": "whose trucks (fleet)",
    "from": "loading point (from)",
    "to": "delivery point (to)",
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
    columns = {name: HEADERS[name] for name in ("id", "fleet", "from", "to", NAME, "departs", "trucks")}
    columns |= {f"{ITEM}{item}": f"{item}, t" for item in items}
    columns |= {name: HEADERS[name] for name in (LOADED, PAYLOAD, LEFT, "clearance", "outcome", "note")}
    sheet: Any = book.create_sheet(SHEET, 0)
    letters = _write_header(sheet, columns, str(case.settings["title"]), str(case.settings["sensitivity"]))
    for number, convoy in enumerate(convoys, HEADER_ROW + 1):
        _write_row(sheet, number, letters, convoy, public)
    last = HEADER_ROW + len(convoys) + ROOM
    payload = _write_choices(book, case, parameters, sheet, letters, last)
    _write_sums(sheet, letters, items, payload, last)
    basis = SheetBasis(str(case.settings.get("id", "")), parameters, start.isoformat(timespec="minutes"), columns)
    hidden: Any = book.create_sheet(HIDDEN)
    hidden.sheet_state = "veryHidden"
    hidden["A1"] = json.dumps(asdict(basis), ensure_ascii=False)


def _write_header(sheet: Worksheet, columns: Mapping[str, str], title: str, sensitivity: str) -> dict[str, str]:
    """Write what is above the rows; return the letter of each column."""
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    _put(sheet, 1, 1, f"{title}. Sensitivity: {sensitivity}").font = Font(bold=True)
    for number, text in enumerate(ABOUT, 2):
        _put(sheet, number, 1, text)
    letters = {}
    for at, (name, words) in enumerate(columns.items(), 1):
        cell = _put(sheet, HEADER_ROW, at, words)
        reckoned = name.startswith("=")
        cell.font = Font(bold=True, color="FF333333" if reckoned else "FFFFFFFF")
        cell.fill = PatternFill("solid", fgColor="FFD9D9D9" if reckoned else "FF1F3864")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        letters[name] = get_column_letter(at)
        wide = {"id": 26, "fleet": 22, "from": 18, "to": 18, "departs": 18, "clearance": 20, "note": 30, NAME: 26}
        sheet.column_dimensions[letters[name]].width = wide.get(name, 10)
    sheet.row_dimensions[HEADER_ROW].height = 45
    sheet.freeze_panes = f"B{HEADER_ROW + 1}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    sheet.print_options.gridLines = True
    return letters


def _put(sheet: Worksheet, row: int, column: int, value: object) -> Any:
    """Write a value so that no text of anybody's becomes a formula."""
    cell: Any = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def _write_row(sheet: Worksheet, number: int, letters: Mapping[str, str], convoy: Convoy, public: bool) -> None:
    from openpyxl.utils import column_index_from_string

    at = {name: column_index_from_string(letter) for name, letter in letters.items()}
    moment: object = write_departure(convoy.departs, "public") if public else convoy.departs
    values = {"id": convoy.id, "fleet": convoy.fleet, "from": convoy.start, "to": convoy.to, "departs": moment}
    values |= {"trucks": convoy.trucks, "clearance": convoy.clearance, "outcome": "planned"}
    values |= {f"{ITEM}{item}": round(tonnes, 3) for item, tonnes in convoy.loads.items() if tonnes >= 5e-4}
    for name, value in values.items():
        if name in at and value != "":
            cell = _put(sheet, number, at[name], value)
            cell.number_format = (
                "yyyy-mm-dd hh:mm" if name == "departs" else "0.###" if name.startswith(ITEM) else "General"
            )


def _write_choices(
    book: Workbook, case: Scenario, parameters: str, sheet: Any, letters: Mapping[str, str], last: int
) -> str:
    """Write what may be chosen on a hidden sheet, offer it, and return where fleets stand with a truck's payload."""
    from openpyxl.worksheet.datavalidation import DataValidation

    hidden: Any = book.create_sheet(CHOICES)
    hidden.sheet_state = "hidden"
    fleets = [row for row in case.rows("fleets", parameters) if row["purpose"] == "goods"]
    places = sorted(str(row["id"]) for row in case.rows("places", parameters))
    granted = case.rows("clearances", parameters) if "clearances" in case.tables else ()
    lists = {
        "fleet": [str(row["id"]) for row in fleets],
        "from": places,
        "to": places,
        "clearance": [str(row["id"]) for row in granted if row["status"] == "granted"],
        "outcome": ["planned", "delivered", "turned_back", "unknown"],
    }
    for at, (name, values) in enumerate(lists.items(), 3):
        for number, value in enumerate(values, 1):
            _put(hidden, number, at, value)
        if values:
            letter = hidden.cell(1, at).column_letter
            where = f"'{CHOICES}'!${letter}$1:${letter}${len(values)}"
            offered = DataValidation(type="list", formula1=where, allow_blank=True, errorStyle="warning")
            offered.add(f"{letters[name]}{HEADER_ROW + 1}:{letters[name]}{last}")
            sheet.add_data_validation(offered)
    for number, row in enumerate(sorted(case.rows("places", parameters), key=lambda row: str(row["id"])), 1):
        _put(hidden, number, 8, str(row["id"]))
        _put(hidden, number, 9, str(row.values.get("name") or row["id"]))
    for number, row in enumerate(fleets, 1):
        _put(hidden, number, 1, str(row["id"]))
        _put(hidden, number, 2, row.middle("tonnes", 0.0))
    whole = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="1", allow_blank=True)
    whole.error, whole.errorTitle = "a whole number of trucks, 1 or more", "trucks"
    whole.add(f"{letters['trucks']}{HEADER_ROW + 1}:{letters['trucks']}{last}")
    sheet.add_data_validation(whole)
    return f"'{CHOICES}'!$A$1:$B${max(len(fleets), 1)}"


def _write_sums(sheet: Any, letters: Mapping[str, str], items: Sequence[str], payload: str, last: int) -> None:
    """Write what is loaded, what the trucks carry and what is left; red where more is loaded than they carry."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import Font, PatternFill

    if not items:
        return
    first, final = (letters[f"{ITEM}{item}"] for item in (items[0], items[-1]))
    for number in range(HEADER_ROW + 1, last + 1):
        fleet, trucks = f"{letters['fleet']}{number}", f"{letters['trucks']}{number}"
        goal = f"{letters['to']}{number}"
        made = {
            NAME: f'=IF({goal}="","",IFERROR(VLOOKUP({goal},\'{CHOICES}\'!$H:$I,2,FALSE),""))',
            LOADED: f'=IF({fleet}="","",SUM({first}{number}:{final}{number}))',
            PAYLOAD: f'=IF(OR({fleet}="",{trucks}=""),"",IFERROR({trucks}*VLOOKUP({fleet},{payload},2,FALSE),""))',
            LEFT: f'=IF(OR({letters[LOADED]}{number}="",{letters[PAYLOAD]}{number}=""),"",'
            f"{letters[PAYLOAD]}{number}-{letters[LOADED]}{number})",
        }
        for name, formula in made.items():
            cell = sheet[f"{letters[name]}{number}"]
            cell.value, cell.font, cell.number_format = formula, Font(color="FF767676"), "0.0"
    left = letters[LEFT]
    rule: Any = FormulaRule
    over = rule(
        formula=[f"AND(ISNUMBER(${left}{HEADER_ROW + 1}),${left}{HEADER_ROW + 1}<-0.001)"],
        fill=PatternFill(bgColor="FFFFC7CE"),
    )
    sheet.conditional_formatting.add(f"{left}{HEADER_ROW + 1}:{left}{last}", over)
