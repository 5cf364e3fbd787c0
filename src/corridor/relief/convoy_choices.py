"""What the sheet of convoys offers for choice, and what it reckons: loaded, payload, room left, places by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.relief.sheets import put

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl.workbook import Workbook

    from corridor.scenario.scenario import Scenario

CHOICES = "choices"  # a hidden sheet
LOADED, PAYLOAD, LEFT, NAME = "=loaded", "=payload", "=left", "=name"  # columns that the workbook reckons itself
ITEM = "item:"  # before the id of an item, as the name of its column
HEADER_ROW = 4


def write_choices(
    book: Workbook, case: Scenario, parameters: str, sheet: Any, letters: Mapping[str, str], last: int
) -> str:
    """Write what may be chosen on a hidden sheet, offer it, and return where fleets stand with a truck's payload."""
    from openpyxl.worksheet.datavalidation import DataValidation

    hidden: Any = book.create_sheet(CHOICES)
    hidden.sheet_state = "hidden"
    fleets = [row for row in case.rows("fleets", parameters) if row["purpose"] != "people"]
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
            put(hidden, number, at, value)
        if values:
            letter = hidden.cell(1, at).column_letter
            where = f"'{CHOICES}'!${letter}$1:${letter}${len(values)}"
            offered = DataValidation(type="list", formula1=where, allow_blank=True, errorStyle="warning")
            offered.add(f"{letters[name]}{HEADER_ROW + 1}:{letters[name]}{last}")
            sheet.add_data_validation(offered)
    for number, row in enumerate(sorted(case.rows("places", parameters), key=lambda row: str(row["id"])), 1):
        put(hidden, number, 8, str(row["id"]))
        put(hidden, number, 9, str(row.values.get("name") or row["id"]))
    for number, row in enumerate(fleets, 1):
        put(hidden, number, 1, str(row["id"]))
        put(hidden, number, 2, row.middle("tonnes", 0.0))
    whole = DataValidation(type="whole", operator="greaterThanOrEqual", formula1="1", allow_blank=True)
    whole.error, whole.errorTitle = "a whole number of trucks, 1 or more", "trucks"
    whole.add(f"{letters['trucks']}{HEADER_ROW + 1}:{letters['trucks']}{last}")
    sheet.add_data_validation(whole)
    return f"'{CHOICES}'!$A$1:$B${max(len(fleets), 1)}"


def write_sums(sheet: Any, letters: Mapping[str, str], items: Sequence[str], payload: str, last: int) -> None:
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
