"""Workbooks made to be dear: each is turned away in words before it is read, whatever its archive unpacks to."""

from __future__ import annotations

import io
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from command import call
from corridor.build.workbooks import Book, require_room
from corridor.scenario.faults import UsageError

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
END = b"</sheetData>"


def cell(reference: str) -> bytes:
    return f'<row><c r="{reference}" t="inlineStr"><is><t>x</t></is></c></row>'.encode() + END


DEAR = {
    "a million rows": (SHEET, END, b"<row/>" * 1_000_000 + END),
    "a million blank cells": (SHEET, END, b"<row><c/></row>" * 1_000_000 + END),
    "cells as long as they come": (SHEET, END, b"<row>" + b"<c><v>1</v></c>" * 700_000 + b"</row>" + END),
    "spaces": (SHEET, END, b" " * 90_000_000 + END),
    "a far cell": (SHEET, END, cell("XFD1048576")),
    "all cells merged": (SHEET, END, END + b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
    "columns merged": (SHEET, END, END + b"<mergeCells><mergeCell  x='1' ref = '$a$1:$xfd$9999'/></mergeCells>"),
    "another encoding": (SHEET, b"<worksheet", b"\0<worksheet"),
    "strings": (STRINGS, b"</sst>", b"<si><t>a</t></si>" * 700_000 + b"</sst>"),
}  # fmt: skip


def make(path: Path, file: str, old: bytes, new: bytes) -> Path:
    book, content = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["place", "date", "arrivals"])
    book.save(content)
    with zipfile.ZipFile(content) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for name in dict.fromkeys([*before.namelist(), file]):
            part = before.read(name) if name in before.namelist() else old
            if name == file:
                assert old in part
                part = part.replace(old, new)
            after.writestr(name, part)
    assert path.stat().st_size < 1_000_000
    return path


@pytest.mark.parametrize("change", DEAR.values(), ids=DEAR.keys())
def test_a_dear_workbook_is_turned_away(tmp_path: Path, change: tuple[str, bytes, bytes]) -> None:
    path, began = make(tmp_path / "book.xlsx", *change), time.process_time()
    with pytest.raises(UsageError, match=r"at most|cannot be read"):
        list(Book(path).rows("Sheet"))
    assert time.process_time() - began < 5
    done = call("sheet", path, "--into", tmp_path / "case")
    assert (done.code, done.stderr.count("Traceback")) == (2, 0)


def test_a_workbook_of_many_cells_is_read(tmp_path: Path) -> None:
    row = b"<row>" + b"<c><v>1</v></c>" * 10 + b"</row>"
    path = make(tmp_path / "book.xlsx", SHEET, END, row * 20_000 + END)
    assert require_room(path) > 3_000_000
