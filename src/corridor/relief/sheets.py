"""Tables written out: sheets of a workbook, and rows by the names of their columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.scenario.spreadsheet import escape_formula

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

Cell = str | float | int
Table = list[list[Cell]]

USE = "For planning with those who run the convoys. No promise of passage; not an IPC classification."


def name_cells(table: Table) -> list[dict[str, Cell]]:
    """Return the rows below the header, each cell under the name of its column."""
    header = [str(cell) for cell in table[0]]
    return [dict(zip(header, row, strict=True)) for row in table[1:]]


def make_workbook(sheets: dict[str, Table], title: str, sensitivity: str) -> Workbook:
    """Return tables as sheets of one workbook; each begins with its title, the label and what it is for."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, table in sheets.items():
        sheet = workbook.create_sheet(name)
        sheet.append([escape_formula(title)])
        sheet.append([f"Sensitivity: {sensitivity}. {USE}"])
        for row in table:
            sheet.append([escape_formula(cell) for cell in row])
        for cell in (sheet["A1"], *sheet[3]):
            cell.font = Font(bold=True)
        sheet.freeze_panes = "A4"
        for number in range(len(table[0])):
            width = max(len(str(row[number])) for row in table)
            sheet.column_dimensions[get_column_letter(number + 1)].width = min(max(width + 2, 8), 60)
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9  # A4
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.print_title_rows = "3:3"
    return workbook


def put(sheet: Worksheet, row: int, column: int, value: object) -> Any:
    """Write a value so that no text of anybody's becomes a formula."""
    cell: Any = sheet.cell(row, column)
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
    return cell
