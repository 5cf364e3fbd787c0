"""Workbooks as people send them back, drawn from a seed: what they wrote is taken over or told, nothing else changes."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.styles import Font

import corridor as co

QUICK, MANY = 8, int(os.environ.get("CORRIDOR_WORLDS", "11"))
TABLES = ("places", "roads", "people", "groups", "checkpoints", "events")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A small case and its workbook."""
    case = tmp_path_factory.mktemp("drawn") / "case"
    co.create(case)
    book = case.parent / "case.xlsx"
    co.write_workbook(case, book)
    return case, book.read_bytes()


def spare(luck: random.Random, sheet: Any) -> tuple[int, int]:
    """Return a row and a column of a table's sheet."""
    return luck.randint(2, max(2, sheet.max_row)), luck.randint(2, max(3, sheet.max_column))


def edit(luck: random.Random, book: Any, token: str) -> str:
    """Do one thing to a workbook; where it writes, it writes the token."""
    names = [name for name in TABLES if name in book.sheetnames and book[name].max_row < 10_000]
    sheet = book[luck.choice(names)]
    row, column = spare(luck, sheet)
    far = sheet.max_column + luck.randint(1, 5)
    ways: dict[str, Callable[[], object]] = {
        "a cell": lambda: setattr(sheet.cell(row, column), "value", f"{token} a"),
        "a column of one's own": lambda: (setattr(sheet.cell(1, far), "value", f"x_{token}"), setattr(sheet.cell(row, far), "value", token)),
        "a header alone": lambda: setattr(sheet.cell(1, far), "value", token),
        "a cell without a header": lambda: setattr(sheet.cell(row, far), "value", token),
        "a comment": lambda: setattr(sheet.cell(sheet.max_row + 1, 2), "value", f"# {token}"),
        "a note": lambda: setattr(sheet.cell(row, column), "comment", Comment(token, "me")),
        "a new sheet": lambda: book.create_sheet(token).append(["thoughts"]),
        "a new hidden sheet": lambda: [book.create_sheet(token).append([token]), setattr(book[token], "sheet_state", "hidden")],
        "another name of a sheet": lambda: setattr(sheet, "title", token),
        "a column deleted": lambda: sheet.delete_cols(column),
        "a row deleted": lambda: sheet.delete_rows(row),
        "rows pasted with blanks": lambda: [sheet.append([None, f"{token}_{n}", " ", None, ""]) for n in range(2)],
        "merged": lambda: sheet.merge_cells(start_row=row, end_row=row + 1, start_column=column, end_column=column),
        "a formula": lambda: setattr(sheet.cell(row, column), "value", f'="{token}"'),
        "an error": lambda: (setattr(sheet.cell(row, column), "value", "#N/A"), setattr(sheet.cell(row, column), "data_type", "e")),
        "a date": lambda: setattr(sheet.cell(row, column), "value", datetime(2025, 3, 2, 6, 30)),
        "a percentage": lambda: (setattr(sheet.cell(row, column), "value", 0.25), setattr(sheet.cell(row, column), "number_format", "0%")),
        "Arabic digits": lambda: setattr(sheet.cell(row, column), "value", f"١٢٠٠ {token}"),
        "signs nobody sees": lambda: setattr(sheet.cell(row, column), "value", f"\u200f{token}\u00a0\u202e"),
        "lines in a cell": lambda: setattr(sheet.cell(row, column), "value", f"{token}\nmore"),
        "protected": lambda: setattr(sheet.protection, "sheet", True),
        "hidden": lambda: setattr(sheet, "sheet_state", "hidden"),
        "formatted to the end": lambda: setattr(sheet.cell(1_048_576, 1), "font", Font(bold=True)),
        "sheets in another order": lambda: book.move_sheet(sheet, 3),
        "a word on the first sheet": lambda: book["about"].append([None, token]),
        "the key of a row gone": lambda: setattr(sheet.cell(row, 1), "value", None),
        "the header twice": lambda: sheet.append([cell.value for cell in sheet[1]]),
    }  # fmt: skip
    way = luck.choice(list(ways))
    ways[way]()
    return f"{way} in {sheet.title} at {row}, {column}"


def read_all(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


def check(seed: int, written: tuple[Path, bytes], folder: Path) -> None:
    luck = random.Random(seed)
    source, content = written
    case, path = folder / "case", folder / luck.choice(["back.xlsx", "back.xlsm", "back.XLSX"])
    shutil.rmtree(case, ignore_errors=True)
    shutil.copytree(source, case)
    path.write_bytes(content)
    book = openpyxl.load_workbook(path)
    tokens = [f"tok{seed}q{n}" for n in range(luck.choice([1, 1, 2, 3]))]
    steps = [edit(luck, book, token) for token in tokens]
    present = {token for token in tokens if token in dump(book)}
    book.save(path)
    before = read_all(case)
    try:
        found = co.read_workbook(path, case)
        said = "\n".join(found.told) + str(found.warnings)
    except (co.FaultsError, co.UsageError) as error:
        assert read_all(case) == before, steps
        said = f"{error} {getattr(error, 'faults', '')}"
        if isinstance(error, co.FaultsError):
            return  # nothing was written: the person mends the workbook, in which everything still stands
    after = read_all(case)
    texts = "\n".join(content.decode("utf-8", "replace") for content in after.values())
    for token in present:
        assert token in texts or token in said, (steps, said)
    changed = {name for name in after if after[name] != before.get(name)}
    assert before.keys() <= after.keys()
    assert changed == set(getattr(found, "files", ())), steps
    again = co.read_workbook(path, folder / "fresh") if not (folder / "fresh").exists() else None
    if again is not None:
        assert read_all(folder / "fresh") == after, steps
        shutil.rmtree(folder / "fresh")


def dump(book: Any) -> str:
    """Return every text of a workbook that a person may have put there."""
    texts = list(book.sheetnames)
    for sheet in book.worksheets:
        for cell in sheet._cells.values():
            texts += [str(cell.value), cell.comment.text if cell.comment is not None else ""]
    return "\n".join(texts)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(QUICK))
def test_drawn_edits(seed: int, written: tuple[Path, bytes], tmp_path: Path) -> None:
    check(seed, written, tmp_path)


@pytest.mark.slow
def test_many_drawn_edits(written: tuple[Path, bytes], tmp_path: Path) -> None:
    for seed in range(QUICK, MANY):
        check(seed, written, tmp_path)
