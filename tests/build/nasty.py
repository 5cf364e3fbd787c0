"""Files as people send them, drawn from a seed: any container, spoilt in any of many ways, with what must be read of it.

A file is drawn in steps: rows with a known meaning, ways to write their cells that keep the meaning, rows that no
importer may use, then the container (text of some encoding and separator, or a workbook with its own traps). What is
known besides is how many rows the file holds: read must be that number, not only the sum of used and dropped.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.styles import Font

PLACES = {"north": ["North Town", "north", "الشمال", "NORDSTADT", "XX01"], "south": ["South Town", "Süd", "sud", "XX02"],
          "east": ["East", "east", " EAST ", "XX03"]}  # fmt: skip
COLUMNS = {
    "counts": ("date", "place", "people"),
    "people": ("place", "population", "year"),
    "events": ("event_id_cnty", "event_date", "location", "latitude", "longitude"),
}
Cell = Any


@dataclass
class Nasty:
    """A drawn file: its name and bytes, the importer it is for, how many rows it holds (None: it must be refused).

    `sure` are the meanings (place, day, number) of rows that must be read as they are; `steps` say how it was drawn;
    `mapping` is what a person would have to say of it.
    """

    name: str
    content: bytes
    importer: str
    rows: int | None
    sure: list[tuple[str, date, int]]
    steps: list[str] = field(default_factory=list)
    mapping: dict[str, str] = field(default_factory=dict)


@dataclass
class _Row:
    place: str
    day: date
    number: int
    cells: list[Cell]
    sure: bool = True


def draw(seed: int) -> Nasty:
    """Draw one file."""
    luck = random.Random(seed)
    importer = luck.choice(list(COLUMNS))
    rows = _draw_rows(luck, importer)
    steps: list[str] = []
    in_book = luck.random() < 0.45
    for row in rows:
        steps += [_dress(luck, importer, row, in_book) for _ in range(luck.choice([0, 0, 1, 1, 2]))]
    _dress_days(luck, importer, rows, in_book, steps)
    extra = _draw_strangers(luck, importer, steps)
    made = _write_book if in_book else _write_text
    return made(luck, importer, rows, extra, steps)


def _draw_rows(luck: random.Random, importer: str) -> list[_Row]:
    things = [(place, date(2023, 5, 1) + timedelta(days=n)) for place in PLACES for n in range(6)]
    chosen = luck.sample(things, luck.randint(1, 12))
    if importer == "people":
        chosen = [(place, date(2020, 1, 1)) for place in {place: 0 for place, _ in chosen}]
    rows = []
    for number, (place, day) in enumerate(chosen):
        people = luck.choice([0, 7, 40, 999, 1000, 1200, 23_456, 1_234_567])
        spot = {"north": (47.0, 9.0), "south": (47.5, 9.5), "east": (47.0, 10.0)}[place]
        cells: dict[str, list[Cell]] = {
            "counts": [day.isoformat(), place, people],
            "people": [place, people, 2020],
            "events": [f"XXX{number}", day.isoformat(), place, *spot],
        }
        rows.append(_Row(place, day, people, cells[importer]))
    return rows


def _dress(luck: random.Random, importer: str, row: _Row, in_book: bool) -> str:
    """Write a row's cells in another way; where the meaning may be lost, the row is no longer sure."""
    at_people = {"counts": 2, "people": 1, "events": -1}[importer]
    at_place = {"counts": 1, "people": 0, "events": 2}[importer]
    kinds = [
        "name",
        "spaces",
        "right to left",
        "other digits",
        "gaps",
        "commas",
        "words",
        "error",
        "percent",
        "negative",
        "nothing",
    ]
    kind = luck.choice(kinds)
    people = row.cells[at_people] if at_people >= 0 else None
    if kind == "name":
        row.cells[at_place] = luck.choice(PLACES[row.place])
    elif kind == "spaces":
        row.cells[at_place] = f"\u00a0 {row.cells[at_place]} \t"
    elif kind == "right to left":
        row.cells[at_place] = f"\u200f{row.cells[at_place]}\u200e"
    elif people is None or not isinstance(people, int):
        return "plain"
    elif kind == "other digits":
        zero = luck.choice([0x660, 0x6F0, 0x966])
        row.cells[at_people] = str(people).translate({48 + n: chr(zero + n) for n in range(10)})
    elif kind == "gaps":
        row.cells[at_people] = f"{people:,}".replace(",", luck.choice([" ", "\u00a0", "\u202f", "'", "’", "\u2009"]))
    elif kind == "commas":
        row.cells[at_people] = f"\u200f{people:,} " if luck.random() < 0.3 else f" {people:,} "
    else:
        row.sure = False
        spoilt: dict[str, list[Cell]] = {
            "words": ["many", "ca. 300", "1.200", "12,5", "12,50", "1e3", "<5"],
            "error": ["#N/A", "#REF!", "#DIV/0!", "#VALUE!"],
            "percent": [0.25 if in_book else "25%", "25 %"],
            "negative": [-4, "(400)", "−7"],
            "nothing": ["", "-", "n/a", None],
        }
        row.cells[at_people] = luck.choice(spoilt[kind])
    return kind


def _dress_days(luck: random.Random, importer: str, rows: list[_Row], in_book: bool, steps: list[str]) -> None:
    """Write the days of a whole column in one way: which part is the month is known from the column alone."""
    if importer == "people":
        return
    at = {"counts": 0, "events": 1}[importer]
    ways: dict[str, Callable[[date], Cell]] = {
        "iso": lambda day: day.isoformat(),
        "words": lambda day: f"{day.day} {day:%B %Y}",
        "short": lambda day: f"{day:%d-%b-%y}",
        "Arabic digits": lambda day: day.isoformat().translate({48 + n: chr(0x660 + n) for n in range(10)}),
        "serial": lambda day: (day - date(1899, 12, 30)).days,
        "slashes": lambda day: f"{day:%d/%m/%Y}",
        "time": lambda day: f"{day.isoformat()}T00:00:00.000+03:00",
    }
    if in_book:
        ways["cell"] = lambda day: day
    way = luck.choice(list(ways))
    steps.append(f"days: {way}")
    for row in rows:
        row.cells[at] = ways[way](row.day)
        row.sure &= way != "slashes" or row.day.day == row.day.month  # 5/5 alone says one thing


def _draw_strangers(luck: random.Random, importer: str, steps: list[str]) -> list[list[Cell]]:
    """Draw rows that say nothing of the case: a total, a footnote, the header once more, another place, rubbish."""
    width = len(COLUMNS[importer])
    kinds: list[list[Cell]] = [
        ["Total", *[""] * (width - 2), 99],
        ["Source: nobody, 2023"],
        list(COLUMNS[importer]),
        ["2023-05-03", "atlantis", "5", "", ""][:width],
        ["x" * 300, "\u202eevil\u202c", "=1+1", "0", "0"][:width],
        ['a "quoted" text', "with, comma; and\nline end", "|", "\t", "z"][:width],
    ]
    chosen = [row for row in kinds if luck.random() < 0.3]
    steps.append(f"{len(chosen)} strangers")
    return chosen


def _write_text(
    luck: random.Random, importer: str, rows: list[_Row], extra: list[list[Cell]], steps: list[str]
) -> Nasty:
    encoding = luck.choice(
        ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp1251", "cp1256", "utf-32"]
    )
    delimiter, end = luck.choice(",;\t|"), luck.choice(["\n", "\r\n", "\r"])
    quote = csv.QUOTE_ALL if end == "\r" else luck.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])  # else "\n" goes unquoted
    steps += [encoding, repr(delimiter), repr(end)]
    order = luck.sample(range(len(COLUMNS[importer])), len(COLUMNS[importer]))
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quote)  # type: ignore[arg-type]
    for _ in range(luck.choice([0, 0, 1, 3])):
        text.write(f"Made, for nobody; see note{end}")
    names = [COLUMNS[importer][at] for at in order]
    writer.writerow([*names, luck.choice(["note", "", "Notes, long"])])
    if luck.random() < 0.3:
        writer.writerow([f"#{name[:4].strip('_')}" for name in names] + ["#meta"])
        steps.append("HXL")
    noted = [[*([*row, *[""] * 9][at] for at in order), ""] for row in extra]
    written = [
        [*(row.cells[at] for at in order), luck.choice(["", "a, b; c", "two\nlines", 'say "x"'])] for row in rows
    ]
    for cells in written + noted:
        writer.writerow(cells)
        if luck.random() < 0.1:
            text.write(delimiter * 3 + end)
            steps.append("a blank row")
    content = text.getvalue().encode(encoding, "replace")
    if luck.random() < 0.1 and encoding == "utf-8":
        content = content.replace(b"o", b"o\0", 1)
        steps.append("NUL")
    mapping = {}
    is_other = encoding in ("cp1251", "cp1256", "utf-16-le", "utf-16-be")
    if is_other:
        mapping = {"encoding": encoding}
    return Nasty("made.csv", content, importer, len(rows) + len(extra), _list_sure(rows, encoding), steps, mapping)


def _list_sure(rows: list[_Row], encoding: str) -> list[tuple[str, date, int]]:
    def holds(row: _Row) -> bool:
        return all(
            str(cell).encode(encoding, "replace").decode(encoding).removeprefix("\ufeff") == str(cell)
            for cell in row.cells
        )

    return [(row.place, row.day, row.number) for row in rows if row.sure and holds(row)]


def _write_book(
    luck: random.Random, importer: str, rows: list[_Row], extra: list[list[Cell]], steps: list[str]
) -> Nasty:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = luck.choice(["Data", "Лист1", "ورقة1", "x" * 31])
    for _ in range(luck.choice([0, 0, 1, 3])):
        sheet.append(["Made, for nobody"])
    names = list(COLUMNS[importer])
    sheet.append(names)
    top = sheet.max_row
    if luck.random() < 0.3:
        sheet.append([f"#{name[:4].strip('_')}" for name in names])
    for cells in [row.cells for row in rows] + extra:
        sheet.append([None] * len(names))
        for at, value in enumerate(cells, 1):
            cell = sheet.cell(sheet.max_row, at)
            cell.value = value
            if isinstance(value, str) and value.startswith("="):
                cell.data_type = "s"
            if value == 0.25:
                cell.number_format = "0%"
    number = sum(any(cell not in (None, "") for cell in row) for row in ([row.cells for row in rows] + extra))
    _set_traps(luck, book, sheet, top, steps)
    content = io.BytesIO()
    book.save(content)
    name = luck.choice(["made.xlsx", "made.xlsm", "made.csv", "made.XLSX"])
    sure = [(row.place, row.day, row.number) for row in rows if row.sure]
    return Nasty(name, content.getvalue(), importer, number, sure, [*steps, name])


def _set_traps(luck: random.Random, book: Any, sheet: Any, top: int, steps: list[str]) -> None:
    """Do to a workbook what people do: none of it changes a row."""
    traps: dict[str, Callable[[], object]] = {
        "empty sheets": lambda: [book.create_sheet("Empty"), book.create_sheet("Notes").append(["made"])],
        "a hidden sheet": lambda: setattr(book.create_sheet("Lists"), "sheet_state", "hidden"),
        "protected": lambda: setattr(sheet.protection, "sheet", True),
        "blank to the end": lambda: setattr(sheet.cell(1_048_576, 1), "font", Font(bold=True)),
        "blank to the right": lambda: setattr(sheet.cell(top, 300), "font", Font(bold=True)),
        "a note": lambda: setattr(sheet.cell(top, 1), "comment", Comment("why?", "me")),
        "hidden rows": lambda: setattr(sheet.row_dimensions[top + 1], "hidden", True),
        "a filter": lambda: setattr(sheet.auto_filter, "ref", f"A{top}:C{top + 1}"),
        "a merged title": lambda: sheet.merge_cells(
            start_row=top + 200, end_row=top + 200, start_column=1, end_column=3
        ),
        "right to left": lambda: setattr(sheet.sheet_view, "rightToLeft", True),
    }
    for name in [name for name in traps if luck.random() < 0.2]:
        traps[name]()
        steps.append(name)


def save(nasty: Nasty, folder: Path) -> Path:
    """Write a drawn file."""
    path = folder / nasty.name
    path.write_bytes(nasty.content)
    return path
