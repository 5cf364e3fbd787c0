"""A plan's sheet of convoys, edited and back: the same rows where nothing was edited, faults at their cells."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import corridor as co
from command import call
from corridor.build.convoy_sheet import _read_basis, _read_tonnes
from relief_world import relief_world, slotted_world
from worlds import at

HEADER_ROW = 4


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Return a case with two slots a day by day, a clearance for two days and 200 t in the depot."""
    return slotted_world(
        tmp_path / "case",
        depots=[{"id": "d", "place": "depot", "item": "food", "quantity": 200_000}],
        fleets=[{"id": "lorries", "name": "Lorries", "place": "depot", "purpose": "goods", "vehicles": 4, "tonnes": 10}],
        convoys=[{"id": "own", "fleet": "lorries", "loads": "food=5", "from": "depot", "to": "village",
                  "departs": at(30), "trucks": 1, "note": "of the case"}],
    )  # fmt: skip


@pytest.fixture
def plan(case: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "PLAN"
    co.plan(co.read(case), days=3).write(folder)
    return folder


def edit(path: Path, change: Callable[[Any, dict[str, int]], object]) -> None:
    """Change the sheet as a spreadsheet would: `change` is given the sheet and the number of each column."""
    book = openpyxl.load_workbook(path)
    sheet = book["convoys"]
    change(sheet, {str(cell.value).split(" ")[0].strip(",:"): cell.column for cell in sheet[HEADER_ROW]})
    book.save(path)


def put(row: int, **cells: object) -> Callable[[Any, dict[str, int]], None]:
    """Return a change that writes cells of a row, the first row of convoys being 1."""

    def change(sheet: Any, columns: dict[str, int]) -> None:
        names = {"fleet": "whose", "to": "delivery", "from": "loading", "departs": "dispatch", "id": "consignment"}
        for name, value in cells.items():
            sheet.cell(HEADER_ROW + row, columns[names.get(name, name)]).value = value

    return change


def codes(found: list[co.Fault]) -> set[tuple[int, str]]:
    return {(fault.row - HEADER_ROW, fault.column) for fault in found if fault.code == "infeasible_convoy"}


def read_all(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
def test_an_unedited_sheet_comes_back_to_the_same_rows(case: Path, plan: Path) -> None:
    book = plan / "plan.xlsx"
    edit(book, lambda sheet, columns: None)  # as another program writes it
    whole = (plan / "scenario" / "convoys.csv").read_bytes()
    before = read_all(case)
    found = co.read_convoys(plan / "scenario", book)
    assert found.write_case().read_bytes() == whole
    planned = co.read(plan / "scenario").rows("convoys", "")
    found = co.read_convoys(case, book)
    assert read_all(case) == before  # checking writes nothing
    found.write_variant("edited")
    varied = co.read(case, "edited").rows("convoys", "")
    plain = [{k: v for k, v in row.values.items() if k != "claims"} for row in varied]
    assert plain == [{k: v for k, v in row.values.items() if k != "claims"} for row in planned]
    assert found.warnings == ()  # what was planned can go


@pytest.mark.slow
def test_a_row_added_by_hand_is_moved_by_the_simulation(case: Path, plan: Path) -> None:
    book = plan / "plan.xlsx"
    rows = openpyxl.load_workbook(book)["convoys"].max_row
    new = {"fleet": "lorries", "from": "depot", "to": "village", "departs": datetime(2030, 1, 2, 7), "trucks": 1}
    count = sum(1 for _ in co.plan(co.read(case), days=3).convoys)
    assert rows >= HEADER_ROW + count
    edit(book, put(count + 1, **new, food=3.5, note="by hand"))
    found = co.read_convoys(case, book)
    (row,) = [row for row in found.edited.rows("convoys", "") if row["note"] == "by hand"]
    assert (row["loads"], row["departs"].start, row["trucks"]) == ("food=3.5", datetime(2030, 1, 2, 7), 1)
    tried = found.attempt(2)
    sent = sum(sum(load for load in convoy.loads.values()) for convoy in co.plan(co.read(case), days=3).convoys)
    assert tried["items"][0]["sent_tonnes"] == pytest.approx(sent + 3.5, abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"trucks": 5}, "trucks"),  # four in the fleet
        ({"trucks": 1, "food": 10.5}, "loads"),  # ten tonnes on a truck
    ],
)
def test_what_can_never_be_is_a_fault_at_its_cell(
    case: Path, plan: Path, tmp_path: Path, cells: dict[str, object], column: str
) -> None:
    edit(plan / "plan.xlsx", put(1, **cells))
    marked = tmp_path / "marked.xlsx"
    with pytest.raises(co.FaultsError) as told:
        co.read_convoys(case, plan / "plan.xlsx", marked)
    assert (1, column) in codes(told.value.faults)
    sheet = openpyxl.load_workbook(marked)["convoys"]
    names = [str(cell.value) for cell in sheet[HEADER_ROW]]
    at_column = names.index("trucks" if column == "trucks" else "food, t") + 1
    assert "allowed: at most" in sheet.cell(HEADER_ROW + 1, at_column).comment.text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"departs": datetime(2030, 1, 1, 20)}, "departs"),  # the slot is by day
        ({"departs": datetime(2030, 1, 3, 8)}, "clearance"),  # no clearance on the third day
        ({"fleet": "lorries", "departs": datetime(2030, 1, 1, 6, 30), "trucks": 4}, "trucks"),  # some are away
    ],
)
def test_what_would_wait_is_a_warning_at_its_cell(
    case: Path, plan: Path, cells: dict[str, object], column: str
) -> None:
    first = {"fleet": "lorries", "from": "depot", "to": "town", "trucks": 2, "departs": datetime(2030, 1, 1, 6)}

    def begin_anew(sheet: Any, columns: dict[str, int]) -> None:
        sheet.delete_rows(HEADER_ROW + 1, sheet.max_row)
        put(1, id="a", **first, food=10)(sheet, columns)
        put(2, id="b", **{**first, **cells}, food=10)(sheet, columns)

    edit(plan / "plan.xlsx", begin_anew)
    found = co.read_convoys(case, plan / "plan.xlsx")
    assert (2, column) in codes(list(found.warnings))
    assert not any(row == 1 for row, _ in codes(list(found.warnings)))


@pytest.mark.slow
def test_more_than_the_depot_holds_is_told(case: Path, plan: Path) -> None:
    def ask_much(sheet: Any, columns: dict[str, int]) -> None:
        sheet.delete_rows(HEADER_ROW + 1, sheet.max_row)
        for number in range(6):  # 240 t of 200 t, a day apart so that trucks are back
            moment = datetime(2030, 1, 1 + number // 2, 6 if number % 2 == 0 else 14)
            row = {"fleet": "lorries", "from": "depot", "to": "town", "trucks": 4, "departs": moment, "food": 40}
            put(number + 1, **row)(sheet, columns)

    edit(plan / "plan.xlsx", ask_much)
    found = co.read_convoys(case, plan / "plan.xlsx")
    assert {row for row, column in codes(list(found.warnings)) if column == "loads"} == {6}


@pytest.mark.slow
def test_nonsense_is_told_at_its_cell(case: Path, plan: Path) -> None:
    edit(plan / "plan.xlsx", put(1, fleet="lorris", food="much", departs="soon"))
    with pytest.raises(co.FaultsError) as told:
        co.read_convoys(case, plan / "plan.xlsx")
    places = {(fault.row, fault.column) for fault in told.value.faults}
    assert {(HEADER_ROW + 1, name) for name in ("fleet", "departs")} <= places
    assert all("sheet convoys" in fault.file for fault in told.value.faults)


@pytest.mark.slow
def test_nothing_is_written_over_unasked(case: Path, plan: Path) -> None:
    arguments = [str(case), "--from-sheet", str(plan / "plan.xlsx"), "--as", "mine"]
    assert call("plan", *arguments).code == 0
    assert call("plan", *arguments).code == 2
    assert call("plan", *arguments, "--replace").code == 0
    assert call("plan", *arguments, "--into-case").code == 2
    assert call("plan", str(case), "--as", "mine").code == 2
    own = (case / "convoys.csv").read_bytes()
    assert call("plan", *arguments[:3], "--try", "2").code == 0
    assert (case / "convoys.csv").read_bytes() == own
    assert call("plan", *arguments[:3], "--into-case").code == 0
    assert (case / "convoys.csv").read_bytes() != own


@pytest.mark.slow
def test_a_workbook_of_something_else_is_refused(case: Path, plan: Path, tmp_path: Path) -> None:
    co.write_workbook(case, tmp_path / "case.xlsx")
    with pytest.raises(co.UsageError, match="no workbook of a plan"):
        co.read_convoys(case, tmp_path / "case.xlsx")
    other = tmp_path / "other"
    co.create(other)
    with pytest.raises(co.UsageError, match="is of the case"):
        co.read_convoys(other, plan / "plan.xlsx")


@pytest.mark.slow
def test_what_a_convoy_brought_to_a_base_may_leave_it(tmp_path: Path) -> None:
    """Trucks from the city bring goods to the depot, and those of the depot take them on: not more, and not before."""
    folder = tmp_path / "case"
    fleets = [
        {"id": name, "name": name, "place": place, "purpose": "goods", "vehicles": 2, "tonnes": 10, "handling_hours": 1}
        for name, place in (("lorries", "depot"), ("far", "city"))
    ]
    relief_world(folder, 96, fleets=fleets, convoys=[], depots=[{"id": "d", "place": "city", "item": "food"}])
    co.plan(co.read(folder), days=3).write(tmp_path / "PLAN")
    book = tmp_path / "PLAN" / "plan.xlsx"
    assert co.read_convoys(folder, book).warnings == ()  # what was planned can go

    def write(hour: int, tonnes: float) -> Callable[[Any, dict[str, int]], None]:
        def change(sheet: Any, columns: dict[str, int]) -> None:
            sheet.delete_rows(HEADER_ROW + 1, sheet.max_row)
            brings = {"fleet": "far", "from": "city", "to": "depot", "departs": datetime(2030, 1, 1, 6)}
            takes = {"fleet": "lorries", "from": "depot", "to": "town", "departs": datetime(2030, 1, 1, hour)}
            put(1, **brings, trucks=1, food=10)(sheet, columns)
            put(2, **takes, trucks=1, food=tonnes)(sheet, columns)

        return change

    for hour, tonnes, told in ((7, 10, set()), (6, 10, {(2, "loads")}), (7, 10, set()), (8, 9.5, set())):
        edit(book, write(hour, tonnes))
        assert codes(list(co.read_convoys(folder, book).warnings)) == told


@pytest.mark.slow
@pytest.mark.parametrize("departs", [datetime(1900, 1, 1), datetime(9999, 12, 31), "0001-01-01"])
def test_a_convoy_of_another_century_costs_nothing(case: Path, plan: Path, departs: object) -> None:
    edit(plan / "plan.xlsx", put(1, departs=departs))
    began = time.process_time()
    found = co.read_convoys(case, plan / "plan.xlsx")
    assert time.process_time() - began < 5
    assert {warning.code for warning in found.warnings} & {"before_the_start", "after_the_end"}


@pytest.mark.parametrize(
    ("text", "tonnes"), [("1,25", 1.25), ("1.250", 1.25), ("1,250", None), ("0,250", 0.25), ("-1", None)]
)
def test_tonnes_with_a_comma(text: str, tonnes: float | None) -> None:
    assert _read_tonnes(text) == tonnes


@pytest.mark.parametrize(
    ("name", "value"), [("start", "2030-01-01T00:00+05:00"), ("columns", [1]), ("columns", {"id": 5}), ("case", None)]
)
def test_what_a_workbook_says_of_itself_is_looked_at(tmp_path: Path, name: str, value: object) -> None:
    """A sheet whose hidden part was edited is damaged in words, not a traceback further on."""
    basis = {"case": "world", "parameters": "", "start": "2030-01-01T00:00", "columns": {}, "format": 1}
    with pytest.raises(co.UsageError, match="damaged"):
        _read_basis(json.dumps({**basis, name: value}), "plan.xlsx")


@pytest.mark.slow
def test_a_header_that_stands_twice_is_a_fault(case: Path, plan: Path) -> None:
    """Nobody knows which of the two columns is meant."""
    edit(
        plan / "plan.xlsx",
        lambda sheet, columns: sheet.cell(HEADER_ROW, columns["note"]).__setattr__("value", "trucks"),
    )
    with pytest.raises(co.FaultsError) as told:
        co.read_convoys(case, plan / "plan.xlsx")
    assert "two columns" in str(told.value.faults[0].found)
