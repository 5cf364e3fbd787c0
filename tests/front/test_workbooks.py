"""A case as a workbook and back: nothing edited is nothing changed, an edit changes its row, nothing said is lost."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import corridor as co
from command import call
from corridor.build.workbook_parts import Part, cut_parts, pack
from corridor.build.workbook_reading import read_back
from corridor.build.workbook_writing import write_book

CASES = Path(__file__).parents[2] / "scenarios"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    co.create(folder)
    return folder


@pytest.fixture
def book(case: Path, tmp_path: Path) -> Path:
    path = tmp_path / "case.xlsx"
    co.write_workbook(case, path)
    return path


def read_all(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def edit(path: Path, change: Callable[[Any], object]) -> None:
    opened = openpyxl.load_workbook(path)
    change(opened)
    opened.save(path)


def find(sheet: Any, column: str, name: str = "", row: int = 0) -> Any:
    """Return the cell of a row, named by its id, in a column."""
    at = {cell.value: cell.column for cell in sheet[1]}
    rows = [row] if row else [n for n in range(2, sheet.max_row + 1) if sheet.cell(n, at["id"]).value == name]
    return sheet.cell(rows[0], at[column])


QUICK = "mariupol-2022"
NAMES = sorted(path.name for path in CASES.iterdir() if (path / "scenario.toml").is_file())


@pytest.mark.parametrize("name", [n if n == QUICK else pytest.param(n, marks=pytest.mark.slow) for n in NAMES])
def test_a_case_comes_back_to_the_same_bytes(name: str, tmp_path: Path) -> None:
    path, fresh, again = (
        tmp_path / "case.xlsx",
        tmp_path / "fresh",
        Path(shutil.copytree(CASES / name, tmp_path / "again")),
    )
    co.write_workbook(CASES / name, path)
    edit(path, lambda opened: None)  # as another program writes it
    assert read_back(path).texts == {}
    assert co.read_workbook(path, again).files == ()
    co.read_workbook(path, fresh)
    assert read_all(fresh) == read_all(CASES / name) == read_all(again)


CELLS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=12),
    st.sampled_from(["=1+1", "'=x", "-5", "+3", "@a", "1.50", "007", "150..250", "2023-09-24", "a,b", 'say "x"', "1e5", "0", "12.5", " x ", "#x", "a\nb", "a\r\nb", "TRUE", "_x0041_", "", "9" * 20]),
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), max_size=8),
    comments=st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from(["# note", "  # =1+1", "", "   ", "#"])), max_size=3
    ),
    delimiter=st.sampled_from(",;"),
    end=st.sampled_from(["\n", "\r\n"]),
    mark=st.booleans(),
    last=st.booleans(),
)
def test_any_table_comes_back_to_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[list[str]],
    comments: list[tuple[int, str]],
    delimiter: str,
    end: str,
    mark: bool,
    last: bool,
) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows([["id", "name", "x_own", "note"], *rows])
    lines = text.getvalue().split("\n")[:-1]
    for at, comment in comments:
        lines.insert(min(at, len(lines)), comment)
    content = ("\ufeff" if mark else "") + end.join(lines) + (end if last else "")
    files = {"scenario.toml": b'id = "x"\r\n# =1\n\n', "items.csv": content.encode("utf-8"), "x_odd.bin": b"\0\xff"}
    path = tmp_path_factory.mktemp("made") / "made.xlsx"
    opened = write_book(files, "made")
    assert not [
        cell for sheet in opened.worksheets for row in sheet.iter_rows() for cell in row if cell.data_type == "f"
    ]
    opened.save(path)
    back = read_back(path)
    assert back.base == files
    assert back.texts == {}
    assert back.faults == []


@pytest.mark.slow
def test_an_edit_changes_its_row_alone(case: Path, book: Path) -> None:
    before = read_all(case)
    edit(book, lambda opened: setattr(find(opened["roads"], "length_km", row=3), "value", 61.5))
    found = co.read_workbook(book, case)
    after = read_all(case)
    assert found.files == ("roads.csv",)
    assert {name for name in after if after[name] != before[name]} == {"roads.csv"}
    pairs = list(zip(before["roads.csv"].splitlines(), after["roads.csv"].splitlines(), strict=True))
    changed = [(old, new) for old, new in pairs if old != new]
    assert len(changed) == 1
    assert b"61.5" in changed[0][1]


def add_road(sheet: Any) -> None:
    last = sheet.max_row
    for column in range(2, sheet.max_column + 1):
        sheet.cell(last + 1, column).value = sheet.cell(last, column).value
    find(sheet, "id", row=last + 1).value = "new-road"
    find(sheet, "from", row=last + 1).value = "new_place"
    find(sheet, "length_km", row=last + 1).value = 30


@pytest.mark.slow
def test_rows_added_removed_and_moved(case: Path, book: Path) -> None:
    before = read_all(case)["places.csv"].decode().splitlines()

    def change(opened: Any) -> None:
        sheet = opened["places"]
        last = sheet.max_row
        for column in range(2, sheet.max_column + 1):
            sheet.cell(last + 1, column).value = sheet.cell(last, column).value
        find(sheet, "id", row=last + 1).value = "new_place"
        find(sheet, "latitude", row=last + 1).value = 9.7
        find(sheet, "name", row=last + 1).value = '=New, and "quoted"'
        find(sheet, "name", row=last + 1).data_type = "s"

    edit(book, change)
    edit(book, lambda opened: add_road(opened["roads"]))
    assert co.read_workbook(book, case).files == ("places.csv", "roads.csv")
    after = read_all(case)["places.csv"].decode().splitlines()
    assert after[: len(before)] == before
    assert len(after) == len(before) + 1
    assert {row["id"]: row["name"] for row in co.read(case).places}["new_place"] == '=New, and "quoted"'


@pytest.mark.slow
def test_a_column_of_ones_own_and_one_that_the_file_had_not(case: Path, book: Path) -> None:
    def change(opened: Any) -> None:
        sheet = opened["places"]
        sheet.cell(1, sheet.max_column + 1).value = "x_seen"
        find(sheet, "x_seen", row=3).value = "yes"
        find(sheet, "pcode", row=3).value = "XX01"

    edit(book, change)
    co.read_workbook(book, case)
    header = next(line for line in (case / "places.csv").read_text().splitlines() if not line.startswith("#"))
    assert "x_seen" in header.split(",")
    assert "XX01" in {row["pcode"] for row in co.read(case).places}


@pytest.mark.slow
def test_a_table_that_the_case_had_not(case: Path, book: Path) -> None:
    assert not (case / "items.csv").exists()

    def change(opened: Any) -> None:
        for column, text in (("id", "water"), ("name", "Water"), ("unit", "l"), ("x_own", "")):
            if text:
                find(opened["items"], column, row=2).value = text

    edit(book, change)
    assert co.read_workbook(book, case).files == ("items.csv",)
    assert (case / "items.csv").read_text().splitlines()[1].startswith("water")


@pytest.mark.slow
def test_comments_are_kept_changed_and_added(case: Path, book: Path) -> None:
    old = (case / "roads.csv").read_text()
    comment = next(line for line in old.splitlines() if line.startswith("#"))

    def change(opened: Any) -> None:
        sheet = opened["roads"]
        row = next(n for n in range(2, sheet.max_row + 1) if sheet.cell(n, 2).value == comment)
        sheet.cell(row, 2).value = "# said anew"
        sheet.cell(sheet.max_row + 1, 2).value = "# at the end"

    edit(book, change)
    co.read_workbook(book, case)
    assert (case / "roads.csv").read_text() == old.replace(comment, "# said anew") + "# at the end\n"


@pytest.mark.slow
def test_what_has_no_room_in_the_case_is_told(case: Path, book: Path) -> None:
    def change(opened: Any) -> None:
        opened.create_sheet("My thoughts")["A1"] = "important"
        find(opened["places"], "name", row=3).comment = openpyxl.comments.Comment("ask them", "A person")
        del opened["wishes"]

    edit(book, change)
    told = "\n".join(co.read_workbook(book, case).told)
    assert "My thoughts" in told
    assert "ask them" in told
    assert "wishes" in told


@pytest.mark.slow
def test_the_programs_own_notes_are_nobodys_whoever_saved_them(case: Path, book: Path) -> None:
    """LibreOffice saves notes without their author."""

    def change(opened: Any) -> None:
        for sheet in opened.worksheets:
            for cell in sheet[1]:
                if cell.comment is not None:
                    cell.comment = openpyxl.comments.Comment(f"{cell.comment.text}\n", "")
        find(opened["places"], "name", row=3).comment = openpyxl.comments.Comment("ask them", "")

    edit(book, change)
    (told,) = co.read_workbook(book, case).told
    assert "ask them" in told


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
@pytest.mark.slow
@pytest.mark.parametrize("way", [("xlsx",), ("ods", "xlsx")])
def test_libreoffice_saves_a_workbook_that_comes_back_to_the_same_bytes(
    case: Path, book: Path, way: tuple[str, ...], tmp_path: Path
) -> None:
    saved = book
    for number, kind in enumerate(way):
        words = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind]
        subprocess.run(
            [*words, "--outdir", tmp_path / str(number), saved], check=True, capture_output=True, timeout=120
        )
        saved = tmp_path / str(number) / f"{book.stem}.{kind}"
    before = read_all(case)
    found = co.read_workbook(saved, case)
    assert (found.files, found.told) == ((), ())
    assert read_all(case) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "column"),
    [
        (lambda opened: setattr(opened["roads"].cell(1, 3), "value", "naem"), ""),
        (lambda opened: setattr(find(opened["roads"], "length_km", row=3), "value", "=A1*2"), "length_km"),
        (lambda opened: setattr(opened["roads"].cell(3, opened["roads"].max_column + 3), "value", "lost?"), ""),
    ],
)
def test_what_cannot_be_taken_over_is_a_fault_at_its_cell(case: Path, book: Path, change: Any, column: str) -> None:
    before = read_all(case)
    edit(book, change)
    with pytest.raises(co.FaultsError) as raised:
        co.read_workbook(book, case)
    assert "workbook" in {fault.code for fault in raised.value.faults}
    assert all("sheet roads" in fault.file for fault in raised.value.faults)
    assert read_all(case) == before


@pytest.mark.slow
def test_faults_stand_at_their_cells_in_a_copy(case: Path, book: Path, tmp_path: Path) -> None:
    def change(opened: Any) -> None:
        find(opened["roads"], "lanes", row=3).value = 99
        find(opened["places"], "kind", row=4).value = "twon"
        sheet = opened["scenario.toml"]
        row = next(n for n in range(1, sheet.max_row + 1) if str(sheet.cell(n, 2).value).startswith("seed"))
        sheet.cell(row, 2).value = 'seed = "many"'

    edit(book, change)
    before, mine, copy = read_all(case), book.read_bytes(), tmp_path / "faults.xlsx"
    ended = call("sheet", book, "--into", case, "--faults", copy)
    assert ended.code == 3
    assert "sheet roads, row 3, column lanes" in ended.stderr
    assert read_all(case) == before
    assert book.read_bytes() == mine
    marked = openpyxl.load_workbook(copy)
    assert "allowed" in find(marked["roads"], "lanes", row=3).comment.text
    assert find(marked["places"], "kind", row=4).fill.fgColor.rgb == "FFFFC7CE"
    assert [row[0].value for row in marked["faults"].iter_rows(min_row=2)] == ["places", "roads", "scenario.toml"]
    assert call("sheet", book, "--into", case, "--faults", book).code == 2  # never into one's own
    edit(
        copy,
        lambda opened: (
            setattr(find(opened["roads"], "lanes", row=3), "value", 1),
            setattr(find(opened["places"], "kind", row=4), "value", "town"),
            [setattr(c, "value", "seed = 4") for c in opened["scenario.toml"]["B"] if "many" in str(c.value)],
        ),
    )
    co.read_workbook(copy, case)
    assert co.read(case).settings["seed"] == 4


@pytest.mark.slow
def test_a_case_changed_meanwhile_is_not_written_over(case: Path, book: Path) -> None:
    edit(book, lambda opened: setattr(find(opened["roads"], "length_km", row=3), "value", 61.5))
    path = case / "roads.csv"
    path.write_text(path.read_text() + "# meanwhile\n")
    with pytest.raises(co.UsageError, match=r"roads\.csv changed in the case"):
        co.read_workbook(book, case)


def test_what_may_be_chosen_what_it_means_and_links(book: Path) -> None:
    opened = openpyxl.load_workbook(book)
    sheet = opened["roads"]
    at = {cell.value: cell.column_letter for cell in sheet[1]}
    offered = {str(one.sqref).split(":")[0]: one.formula1 for one in sheet.data_validations.dataValidation}
    assert offered[f"{at['from']}2"].startswith("'places'!")
    assert offered[f"{at['direction']}2"].startswith("'lists'!")
    events = opened["events"]
    kind = {cell.value: cell.column_letter for cell in events[1]}["kind"]
    assert f"{kind}2" in {str(one.sqref).split(":")[0] for one in events.data_validations.dataValidation}
    note = find(sheet, "length_km", row=1).comment.text
    assert "unit: km" in note
    assert "allowed" in note


def test_no_table_is_left_out() -> None:
    files = {"scenario.toml": b"", "observations/a.csv": b"time\n", "observations/b.csv": b"time\n"}
    names = [part.name for part in cut_parts(files)]
    assert len(names) == len({name.casefold() for name in names})
    assert {"places", "observations a", "observations b"} <= set(names)


@pytest.mark.parametrize(
    "words", [["case"], ["case", "--out", "a.xlsx", "--into", "b"], ["nothing", "--out", "a.xlsx"]]
)
def test_usage(words: list[str], tmp_path: Path) -> None:
    assert call("sheet", *words, at=tmp_path).code in (2, 3)


def test_no_workbook_of_ours(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(path)
    assert "no workbook of a case" in call("sheet", path, "--into", tmp_path / "x").stderr
    path.write_bytes(b"PK\x03\x04")
    assert call("sheet", path, "--into", tmp_path / "x").code == 2


def hostile(path: Path, files: dict[str, bytes], parts: list[Part]) -> None:
    """Write a workbook whose hidden sheet says what nobody's would."""
    opened = openpyxl.Workbook()
    opened.create_sheet("places").append(["header", "id"])
    opened.create_sheet("corridor")
    for row in pack(files, parts):
        opened["corridor"].append(row)
    opened.save(path)


@pytest.mark.parametrize("file", ["../outside.csv", "/outside.csv", "a/../../outside.csv", "..\\outside.csv", ""])
def test_no_workbook_leads_out_of_the_case(tmp_path: Path, case: Path, file: str) -> None:
    path = tmp_path / "hostile.xlsx"
    hostile(path, {file: b"id\nx\n", "scenario.toml": b""}, [Part("places", file, "places", b"")])
    before = read_all(tmp_path)
    for into in (case, tmp_path / "new"):
        with pytest.raises(co.UsageError, match="damaged"):
            co.read_workbook(path, into)
    assert read_all(tmp_path) == before


@pytest.mark.parametrize(
    "rows", [[], [["format", "9"]], [["format", "1"], ["places.csv", "!!"]], [["format", "1"], [" sheets", ""]]]
)
def test_a_damaged_hidden_sheet_is_told(tmp_path: Path, case: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "damaged.xlsx"
    opened = openpyxl.Workbook()
    opened.create_sheet("corridor")
    for row in rows:
        opened["corridor"].append(row)
    opened.save(path)
    with pytest.raises(co.UsageError, match="anew"):
        co.read_workbook(path, case)


@pytest.mark.slow
def test_nothing_beyond_the_case_is_packed_or_written(tmp_path: Path, case: Path, book: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("not of the case")
    (case / "README.md").symlink_to(secret)
    path = tmp_path / "linked.xlsx"
    co.write_workbook(case, path)
    assert "README.md" not in read_back(path).base
    (case / "roads.csv").rename(tmp_path / "roads.csv")
    (case / "roads.csv").symlink_to(tmp_path / "roads.csv")
    edit(book, lambda opened: setattr(find(opened["roads"], "length_km", row=3), "value", 61.5))
    before = (tmp_path / "roads.csv").read_bytes()
    with pytest.raises(co.FaultsError) as raised:
        co.read_workbook(book, case)
    assert {fault.code for fault in raised.value.faults} == {"link_outside"}
    assert (tmp_path / "roads.csv").read_bytes() == before
