"""A case as one workbook that a person edits: a sheet a table, what each column means, what may be chosen, links."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.build.workbook_parts import (
    ABOUT,
    ABOUT_TEXTS,
    BASE,
    LISTS,
    Part,
    cut_lines,
    cut_parts,
    explain,
    list_columns,
    pack,
    show_text,
    show_value,
)
from corridor.scenario.cells import say_allowed
from corridor.scenario.schema import BUILT_IN, key_of, load_event_kinds, load_fields
from corridor.scenario.sheet import HEADER, MARK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

    from corridor.scenario.schema import Field

_ROOM = 2_000  # rows below the last in which what may be chosen is offered as well
_WIDEST, _NARROWEST = 50, 8
_GREY, _PALE, _DARK = "FF767676", "FFF2F2F2", "FF1F3864"


def write_book(files: Mapping[str, bytes], title: str) -> Workbook:
    """Return the workbook of a case's files."""
    import openpyxl

    parts = cut_parts(files)
    book = openpyxl.Workbook()
    about: Any = book.active
    about.title = ABOUT
    about.column_dimensions["A"].width = 120
    for number, text in enumerate((title, *ABOUT_TEXTS), 1):
        _put(about, number, 1, text)
    tables = [part for part in parts if part.table]
    for part in parts:
        sheet = book.create_sheet(part.name)
        if part.table:
            _write_table(sheet, part)
        else:
            _write_text(sheet, part)
        if part.content is None:
            sheet.sheet_properties.tabColor = "FFD9D9D9"
    lists = _write_lists(book)
    for part in tables:
        _offer(book, part, tables, lists)
        _link_claims(book, part, tables)
    base = book.create_sheet(BASE)
    base.sheet_state = "veryHidden"
    for number, row in enumerate(pack(files, parts), 1):
        for at, text in enumerate(row, 1):
            _put(base, number, at, text)
    return book


def _put(sheet: Worksheet, row: int, column: int, value: str | float) -> Any:
    """Write a value so that no text of anybody's becomes a formula, a date or a number."""
    cell: Any = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = value
        cell.data_type = "s"
        cell.number_format = "@"
    else:
        cell.value = value
    return cell


def _write_text(sheet: Worksheet, part: Part) -> None:
    sheet.column_dimensions["A"].hidden = True
    sheet.column_dimensions["B"].width = 120
    for number, line in enumerate(cut_lines(part.text.removeprefix(MARK)), 1):
        _put(sheet, number, 1, f"{number}")
        _put(sheet, number, 2, show_text(line.rstrip("\r\n")))


def _write_table(sheet: Worksheet, part: Part) -> None:
    from openpyxl.styles import Font, PatternFill

    columns, own = list_columns(part), len(part.sheet.columns) if part.content is not None else 0
    sheet.column_dimensions["A"].hidden = True
    _put(sheet, 1, 1, HEADER)
    fields = load_fields()[part.table]
    for at, name in enumerate(columns, 2):
        cell = _put(sheet, 1, at, show_text(name))
        cell.font = Font(bold=True, color="FFFFFFFF" if at - 2 < own else _GREY)
        cell.fill = PatternFill("solid", fgColor=_DARK if at - 2 < own else _PALE)
        if field := fields.get(name.strip()):
            cell.comment = _explain(field)
    number, comments = 1, 0
    for piece in part.sheet.pieces if part.content is not None else ():
        if piece.key == HEADER or not (piece.key or piece.raw.lstrip().startswith("#")):
            comments += piece.key != HEADER
            continue
        number += 1
        if not piece.key:
            _put(sheet, number, 1, f"#{comments}")
            _put(sheet, number, 2, show_text(piece.raw.strip("\r\n"))).font = Font(italic=True, color=_GREY)
            comments += 1
            continue
        _put(sheet, number, 1, piece.key)
        for at, text in enumerate(piece.cells, 2):
            if text:
                _put(sheet, number, at, show_value(text))
    sheet.freeze_panes = "C2"
    _set_widths(sheet, columns, part)


def _explain(field: Field) -> Any:
    from openpyxl.comments import Comment

    note = Comment(explain(field), "Corridor")
    note.width, note.height = 360, 150
    return note


def _set_widths(sheet: Worksheet, columns: list[str], part: Part) -> None:
    from openpyxl.utils import get_column_letter

    for at, name in enumerate(columns):
        texts = [piece.cells[at] for piece in part.sheet.rows[:200] if at < len(piece.cells)]
        widest = max((len(text) for text in [name, *texts]), default=0)
        sheet.column_dimensions[get_column_letter(at + 2)].width = min(_WIDEST, max(_NARROWEST, widest + 2))


def _write_lists(book: Workbook) -> dict[str, str]:
    """Write what may be chosen into a hidden sheet and return where each list stands."""
    from openpyxl.utils import get_column_letter

    lists: dict[tuple[str, ...], str] = {}
    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "hidden"
    found = {}
    for table, fields in load_fields().items():
        for name, field in fields.items():
            words = field.choices or (("yes", "no") if field.type == "boolean" else ())
            words = tuple(load_event_kinds()) if field.type == "kind" else words
            if not words:
                continue
            if words not in lists:
                letter = get_column_letter(len(lists) + 1)
                for number, word in enumerate(words, 1):
                    _put(sheet, number, len(lists) + 1, word)
                lists[words] = f"'{LISTS}'!${letter}$1:${letter}${len(words)}"
            found[f"{table}.{name}"] = lists[words]
    return found


def _offer(book: Workbook, part: Part, tables: list[Part], lists: Mapping[str, str]) -> None:
    """Offer what may be chosen in each column of a sheet; what else is written is warned of, not refused."""
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    sheet = book[part.name]
    for at, name in enumerate(list_columns(part), 2):
        field = load_fields()[part.table].get(name.strip())
        if field is None:
            continue
        where = lists.get(f"{part.table}.{name.strip()}", "")
        if field.refers_to and not field.type.startswith("references"):
            where = _find_ids(field.refers_to, tables)
        if where:
            offered = DataValidation(type="list", formula1=where, allow_blank=True, errorStyle="warning")
            offered.showErrorMessage = field.refers_to not in BUILT_IN
            offered.errorTitle, offered.error = name.strip(), f"allowed: {say_allowed(field)}"[:250]
            letter = get_column_letter(at)
            offered.add(f"{letter}2:{letter}{sheet.max_row + _ROOM}")
            sheet.add_data_validation(offered)


def _find_ids(table: str, tables: list[Part]) -> str:
    from openpyxl.utils import get_column_letter

    for part in tables:
        columns = [column.strip() for column in list_columns(part)]
        if part.table == table and key_of(table) == ("id",) and "id" in columns:
            letter = get_column_letter(columns.index("id") + 2)
            return f"'{part.name}'!${letter}$2:${letter}${len(part.sheet.pieces) + _ROOM}"
    return ""


def _link_claims(book: Workbook, part: Part, tables: list[Part]) -> None:
    """Make the cells that name claims or sources links to the first one's row."""
    from openpyxl.styles import Font

    columns = [column.strip() for column in list_columns(part)]
    for name, table in (("claims", "claims"), ("source", "sources")):
        target = next((one for one in tables if one.table == table and one.content is not None), None)
        if name not in columns or target is None or part.table in (table, "observations_of"):
            continue
        rows = _find_rows(book[target.name], target)
        sheet: Any = book[part.name]
        for row in range(2, sheet.max_row + 1):
            cell = sheet.cell(row, columns.index(name) + 2)
            first = str(cell.value or "").split(" ")[0]
            if first in rows and not str(sheet.cell(row, 1).value).startswith("#"):
                cell.hyperlink = f"#'{target.name}'!B{rows[first]}"
                cell.font = Font(color="FF0563C1", underline="single")


def _find_rows(sheet: Any, part: Part) -> dict[str, int]:
    at = [column.strip() for column in list_columns(part)].index("id") + 2
    return {str(sheet.cell(row, at).value): row for row in range(sheet.max_row, 1, -1)}
