"""The tables as sheets: what is not changed stays byte for byte, what is written reads back, nothing else is touched."""

from __future__ import annotations

import io
import random
import shutil
import tomllib
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from serving import Served, serve_folder

import corridor as co
from corridor.front.page.sheet_checks import check_sheets
from corridor.front.page.sheet_saving import save_sheets
from corridor.front.page.sheet_variant import describe_variant, save_variant
from corridor.front.page.sheets import ChangedFilesError, open_sheets, read_sheet
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.files import read_records
from corridor.scenario.settings_sheet import change_settings, read_settings
from corridor.scenario.sheet import HEADER, cut_sheet
from corridor.scenario.sheet_changes import Changes, change_sheet

CASES = sorted(path.parent for path in (Path(__file__).parents[2] / "scenarios").glob("*/scenario.toml"))
HOSTILE = [
    '=cmd|"/c calc"!A1', "@SUM(1)", "+1", "-1", "'=1", "a\nb", "a\r\nb", 'say "so"', '"', ",", ";", "a;b,c", "\t", " a ", "\u202eabc",
    "<script>alert(1)</script>", "x" * 20_000, "\ufeffa", "é", "a\u0301", "\u2028", "${x}", "../..", "\r", "'",
]  # fmt: skip
# any text that a file can hold; a sheet's first cell may not begin a comment, so another one is written
TEXTS = st.sampled_from(HOSTILE) | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
UNKIND = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
TABLE = '\ufeff# mine; with, signs\r\nid;name;x_own\r\n\r\n# a comment "\r\na;\'=1;"two\r\nlines"\r\n b ; "quoted" ;\r\nc;"d;e"\r\n# last'


def read(text: str) -> list[tuple[int, list[str]]]:
    """Read a table as the program's reader does: the oracle."""
    faults: list[Any] = []
    records = list(read_records(text.removeprefix("\ufeff"), faults, "table.csv"))
    assert faults == []
    return records


def files_of(folder: Path) -> dict[str, bytes]:
    hidden = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in hidden}


def version_of(folder: Path, name: str) -> str:
    return open_sheets(folder)[name].version


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_every_file_comes_back_byte_for_byte(case: Path) -> None:
    for file in open_sheets(case).values():
        if file.content is None:
            continue
        assert file.change(Changes()).encode() == file.content, file.file
        if file.sheet is not None:
            assert file.sheet.text.encode() == file.content
            rows = [(file.sheet.lines()[piece.key], list(piece.cells)) for piece in file.sheet.rows]
            assert rows == read(file.sheet.text)[1:]
        else:
            assert file.settings
            written = {s.key: s for s in file.settings if s.line}
            assert (
                change_settings(file.text or "", {key: s.text for key, s in written.items()}).encode() == file.content
            )


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.name)
def test_a_change_of_a_cell_changes_its_row_alone(case: Path) -> None:
    luck = random.Random(1)
    for file in open_sheets(case).values():
        if file.sheet is None or not file.sheet.rows:
            continue
        piece = luck.choice(file.sheet.rows)
        column = luck.randrange(len(piece.cells))
        changed = change_sheet(file.sheet, Changes({piece.key: {column: 'a "new", text'}}))
        differing = [(a, b) for a, b in zip(file.sheet.pieces, changed.pieces, strict=True) if a != b]
        assert [a for a, _ in differing] == [piece]
        old, new = piece.cells, differing[0][1].cells
        assert [at for at in range(len(old)) if old[at] != new[at]] == [column]
        assert dict(read(changed.text))[file.sheet.lines()[piece.key]] == list(new)


@pytest.mark.slow
@given(text=TEXTS, row=st.integers(0, 2), column=st.integers(1, 4))
@settings(max_examples=300)
def test_any_text_reads_back_and_the_rest_stays(text: str, row: int, column: int) -> None:
    sheet = cut_sheet(TABLE)
    columns = ("more", "x_more")
    changed = change_sheet(sheet, Changes({str(row): {column: text}}, None, columns))
    before, after = read(sheet.text), read(changed.text)
    assert [cells[column : column + 1] or [""] for _, cells in after][row + 1] == [text]
    for number, ((_, old), (_, new)) in enumerate(zip(before[1:], after[1:], strict=True)):
        for at in range(5):
            if (number, at) != (row, column):
                assert (old[at : at + 1] or [""]) == (new[at : at + 1] or [""])
    assert after[0][1] == [*before[0][1], *columns]
    assert cut_sheet(changed.text).text == changed.text
    kept = [piece.raw for piece in sheet.pieces if not piece.key]
    assert kept == [piece.raw for piece in changed.pieces if not piece.key]


@pytest.mark.slow
@given(st.text(st.sampled_from("ab,;\"\r\n# '=\ufeff"), max_size=60))
@settings(max_examples=500)
def test_rows_are_those_that_the_reader_finds(text: str) -> None:
    sheet = cut_sheet(text)
    assert sheet.text == text
    faults: list[Any] = []
    records = list(read_records(text.removeprefix("\ufeff"), faults, "table.csv"))
    assert bool(faults) == bool(sheet.broken)
    lines = sheet.lines()
    assert [(lines[p.key], list(p.cells)) for p in sheet.pieces if p.key] == records


@given(st.permutations(["0", "1", "2", "n1", "n2", "n7"]), st.integers(0, 6))
def test_rows_stand_in_their_order_and_comments_stay(order: list[str], kept: int) -> None:
    sheet = cut_sheet(TABLE)
    cells = {key: {0: key, 2: "=new"} for key in order[:kept] if key.startswith("n")}
    changed = change_sheet(sheet, Changes(cells, tuple(order[:kept])))
    by_key = {piece.key: list(piece.cells) for piece in sheet.rows} | {key: [key, "", "=new"] for key in cells}
    assert [row for _, row in read(changed.text)[1:]] == [by_key[key] for key in order[:kept]]
    lines = Counter(io.StringIO(changed.text.removeprefix("\ufeff"), newline=""))
    assert all(lines[piece.raw] == 1 for piece in sheet.pieces if not piece.key and piece.raw.endswith("\n"))
    assert [piece for piece in changed.pieces if piece.key == HEADER] == [p for p in sheet.pieces if p.key == HEADER]


def test_rows_that_stay_are_not_moved_about() -> None:
    text = "id\na\n# of b\nb\n# of c\nc\n"
    assert change_sheet(cut_sheet(text), Changes({}, ("0", "2"))).text == "id\na\n# of b\n# of c\nc\n"
    assert change_sheet(cut_sheet(text), Changes({"n1": {0: "d"}}, ("0", "n1", "1", "2"))).text == (
        "id\na\nd\n# of b\nb\n# of c\nc\n"
    )
    assert change_sheet(cut_sheet(text), Changes({}, ("1", "2", "0"))).text == "id\n# of b\nb\n# of c\nc\na\n"


@given(TEXTS, st.sampled_from(["title", "seed", "start", "sets.a.title", "sets.a.known_until", "default_set"]))
def test_settings_read_back_and_the_rest_stays(text: str, key: str) -> None:
    before = (
        '# mine\nid = "a"\ntitle = """two \\\nlines""" # why\nstart = 2023-09-19T00:00:00\nseed = 1\n'
        "[sets.a]\ntitle = 'b' # c\nknown_until = \"2023\"\nx_own = [1,\n2]\n"
    )
    if not text:
        return
    after = change_settings(before, {key: text})
    assert {s.key: s.text for s in read_settings(after)} == {s.key: s.text for s in read_settings(before)} | {key: text}
    assert [line for line in after.split("\n") if "#" in line or "x_own" in line or line == "2]"]
    document = tomllib.loads(after)
    assert document["sets"]["a"]["x_own"] == [1, 2]
    told = set(before.split("\n")) - set(after.split("\n"))
    assert all(key.rpartition(".")[2] in line or "lines" in line for line in told)


@pytest.mark.slow
@UNKIND
@given(text=TEXTS)
def test_what_is_saved_reads_back_and_no_other_file_changes(small_folder: Path, text: str) -> None:
    before = files_of(small_folder)
    sheet = read_sheet(small_folder, "roads")
    key, column = sheet["items"][-1]["key"], sheet["columns"].index("character")
    edits = {"roads": {"version": sheet["version"], "cells": {key: {str(column): text}}}}
    found = check_sheets(small_folder, edits)
    assert files_of(small_folder) == before  # checking writes nothing
    saved = save_sheets(small_folder, edits, despite_faults=True)
    after = files_of(small_folder)
    assert {name for name in after if after[name] != before.get(name)} == set(saved["saved"]) <= {"roads.csv"}
    again = read_sheet(small_folder, "roads")["items"][-1]["cells"]
    assert again == [text if at == column else cell for at, cell in enumerate(sheet["items"][-1]["cells"])]
    told = [{k: v for k, v in fault.items() if k in asdict_keys()} for fault in found["faults"]]
    assert told == [asdict(fault) for fault in co.check(small_folder).faults]  # word for word those of the command
    (small_folder / "roads.csv").write_bytes(before["roads.csv"])


def asdict_keys() -> set[str]:
    return {"file", "row", "column", "code", "found", "allowed", "fix", "severity"}


def test_faults_stand_at_their_cells(small_folder: Path) -> None:
    sheets = open_sheets(small_folder)
    roads = sheets["roads"].sheet
    assert roads is not None
    to, lanes = (roads.columns.index(name) for name in ("to", "length_km"))
    edits = {
        "roads": {"version": sheets["roads"].version, "cells": {"1": {str(to): "nowhere"}, "n3": {"0": "more"}}, "order": ["n3", "1", "0"]},
        "scenario": {"version": sheets["scenario"].version, "cells": {"seed": {"1": "minus one"}}},
    }  # fmt: skip
    found = check_sheets(small_folder, edits)
    spots = {(f["sheet"], f["key"], f["at"], f["code"]) for f in found["faults"]}
    assert ("roads", "1", to, "road_ends_nowhere") in spots
    assert ("roads", "n3", lanes, "missing_value") in spots
    assert ("scenario", "seed", 1, "wrong_type") in spots
    lines = found["lines"]["roads"]
    assert all(fault["row"] == lines[fault["key"]] for fault in found["faults"] if fault["sheet"] == "roads")


def test_a_case_with_faults_is_saved_only_if_asked(small_folder: Path) -> None:
    before = files_of(small_folder)
    edits = {"places": {"version": version_of(small_folder, "places"), "cells": {"0": {"0": "?"}}}}
    answer = save_sheets(small_folder, edits)
    assert answer["saved"] == []
    assert answer["faults"]
    assert files_of(small_folder) == before
    assert save_sheets(small_folder, edits, despite_faults=True)["saved"] == ["places.csv"]
    assert next(row for row in read_sheet(small_folder, "places")["items"] if "key" in row)["cells"][0] == "?"


def test_over_what_others_changed_nothing_is_written(small_folder: Path) -> None:
    edits = {
        "places": {"version": version_of(small_folder, "places"), "cells": {"0": {"1": "Here"}}},
        "roads": {"version": version_of(small_folder, "roads"), "cells": {"0": {"1": "There"}}},
    }
    with (small_folder / "roads.csv").open("a") as file:
        file.write("# somebody else\n")
    before = files_of(small_folder)
    with pytest.raises(ChangedFilesError) as told:
        save_sheets(small_folder, edits, despite_faults=True)
    assert told.value.names == ["roads"]
    assert files_of(small_folder) == before


def test_a_table_without_a_file_begins_with_its_first_row(small_folder: Path) -> None:
    (small_folder / "areas.csv").unlink(missing_ok=True)
    sheet = read_sheet(small_folder, "areas")
    assert not sheet["present"]
    cells = {
        str(sheet["columns"].index(name)): text
        for name, text in {"id": "neighbour", "name": "Next", "side": "outside"}.items()
    }
    edits = {"areas": {"version": sheet["version"], "cells": {"n1": cells}, "order": ["n1"]}}
    assert save_sheets(small_folder, edits, despite_faults=True)["saved"] == ["areas.csv"]
    assert [row["id"] for row in co.read(small_folder).areas] == ["neighbour"]


@pytest.mark.parametrize(
    "name", ["../roads", "/etc/passwd", "observations/../../x", "evidence/texts/a", "", "scenario.toml", "nul\0"]
)
def test_no_name_becomes_a_path(small_folder: Path, name: str) -> None:
    before = files_of(small_folder.parent)
    edits = {name: {"version": "absent", "cells": {"n1": {"0": "x"}}, "order": ["n1"]}}
    for attempt in (check_sheets, save_sheets):
        with pytest.raises(UsageError):
            attempt(small_folder, edits)
    with pytest.raises(UsageError):
        read_sheet(small_folder, name)
    assert files_of(small_folder.parent) == before


def test_a_link_out_of_the_case_is_not_followed(small_folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.csv"
    outside.write_text("id\nsecret\n")
    (small_folder / "areas.csv").unlink(missing_ok=True)
    (small_folder / "areas.csv").symlink_to(outside)
    for attempt in (lambda: open_sheets(small_folder), lambda: check_sheets(small_folder, {})):
        with pytest.raises(FaultsError) as told:
            attempt()
        assert "link_outside" in str(told.value)


@pytest.mark.parametrize(
    "one",
    [
        {"cells": []}, {"cells": {"0": {"a": "b"}}}, {"cells": {"0": {"0": 1}}}, {"cells": {"9999": {"0": "a"}}},
        {"cells": {"0": {"999": "a"}}}, {"order": ["0", "0"]}, {"order": ["header"]}, {"order": [1]}, {"columns": ["a,b"]},
        {"columns": ["x\n"]}, {"cells": {"0": {"0": "\0"}}}, {"cells": {"0": {"0": "\ud800"}}}, {"cells": {"0": {"0": "# x"}}},
        {"path": "/etc/passwd"}, {"cells": {"n1": {"0": "a"}}},
    ],
)  # fmt: skip
def test_what_is_no_change_is_refused(small_folder: Path, one: dict[str, Any]) -> None:
    before = files_of(small_folder)
    edits = {"places": {"version": version_of(small_folder, "places"), **one}}
    with pytest.raises(UsageError):
        save_sheets(small_folder, edits, despite_faults=True)
    assert files_of(small_folder) == before


def test_ranges_and_claims_are_said(worked_case: Path) -> None:
    found = check_sheets(worked_case, {})
    sheet = read_sheet(worked_case, "checkpoints")
    row = sheet["items"][0]
    column = sheet["columns"].index("seconds_per_vehicle")
    low, high = map(float, row["cells"][column].split(".."))
    assert found["ranges"]["checkpoints"][row["key"]][column] == ["uniform", low, (low + high) / 2, high]
    for name in row["cells"][sheet["columns"].index("claims")].split():
        assert found["claims"][name]["sources"]
        assert found["claims"][name]["credibility"] in "123456"


def test_read_only_is_refused(served: Served) -> None:
    before = files_of(served.session.folder)
    with served.client() as client:
        assert client.get("/api/sheets").json()["editable"] is False
        answer = client.post("/api/sheets/save", json={"edits": {}, "despite_faults": True})
        assert answer.status_code == 403
        assert client.post("/api/sheets/save", json={}, headers={"origin": "http://elsewhere"}).status_code == 403
        assert client.post("/api/sheets/check", content=b"[" * 100_000).status_code == 400
    assert files_of(served.session.folder) == before


def test_saving_shows_in_the_page(served_edit: Served) -> None:
    folder = served_edit.session.folder
    edits = {"scenario": {"version": version_of(folder, "scenario"), "cells": {"title": {"1": "Another title"}}}}
    with served_edit.client() as client:
        assert client.post("/api/sheets/save", json={"edits": edits}).json() == {
            "saved": ["scenario.toml"],
            "faults": [],
        }
        assert client.get("/api/case").json()["title"] == "Another title"
        assert client.post("/api/sheets/save", json={"edits": edits}).json()["changed"][0]["file"] == "scenario.toml"


def test_a_case_with_errors_can_be_opened_and_mended(small_folder: Path) -> None:
    shutil.copyfile(small_folder / "roads.csv", small_folder / "x_roads.csv")
    (small_folder / "roads.csv").write_text("id,from,to\na,b,c\n")
    with serve_folder(small_folder, edit=True) as served:
        assert served.get("/api/case")["faults"] > 0
        assert served.get("/api/sheet", table="roads")["items"][0]["cells"] == ["a", "b", "c"]


def test_a_variant_does_what_the_tables_would(small_folder: Path) -> None:
    """Saved as a variant or into the tables, changes give the same case."""
    places, roads = (read_sheet(small_folder, name) for name in ("places", "roads"))
    at = {name: number for number, name in enumerate(places["columns"])}
    keys = [row["key"] for row in places["items"] if "key" in row]
    cells = {
        "id": "camp",
        "name": '=cmd() "x"',
        "kind": "reception",
        "area": "outside",
        "latitude": "9.7",
        "longitude": "19.2",
    }
    lanes = roads["columns"].index("lanes")
    edits = {
        "places": {
            "version": places["version"],
            "cells": {keys[0]: {str(at["name"]): "A\u202eB"[:1], str(at["other_names"]): "Stadt; Ville"}, "n1": {str(at[k]): v for k, v in cells.items()}},
            "order": ["n1", *reversed(keys)],
        },
        "roads": {
            "version": roads["version"],
            "cells": {"n4": dict(zip("0123", ("to-camp", "capital", "camp", "20"), strict=True)), "0": {str(lanes): "2"}},
            "order": ["0", "1", "2", "3", "n4"],
        },
    }  # fmt: skip
    twin = shutil.copytree(small_folder, small_folder.parent / "twin")
    before = files_of(small_folder)
    answer = save_variant(small_folder, edits, "camp", "A camp")
    assert answer["saved"] == ["variants/camp.toml"], answer
    assert {name: content for name, content in files_of(small_folder).items() if name != "variants/camp.toml"} == before
    assert save_sheets(twin, edits)["saved"]
    varied, saved = co.read(small_folder, "camp"), co.read(twin)
    for table, rows in saved.tables.items():
        assert [row.values for row in varied.tables[table]] == [row.values for row in rows], table
    assert save_variant(small_folder, edits, "camp", "")["exists"] == "camp"
    assert save_variant(small_folder, edits, "camp", "A camp", replace=True)["saved"] == ["variants/camp.toml"]


@pytest.mark.slow
@given(st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rows_removed_in_a_variant_are_those_removed(worked_case: Path, data: st.DataObject) -> None:
    sheets = open_sheets(worked_case)
    name = data.draw(st.sampled_from(["people", "events", "parameters", "positions", "stocks", "roads"]))
    sheet = sheets[name].sheet
    assert sheet is not None
    order = data.draw(st.lists(st.sampled_from([row.key for row in sheet.rows]), unique=True, min_size=1))
    document = describe_variant(sheets, {name: Changes({}, tuple(order))})
    kept = co.check(worked_case, edits=document)
    assert not [
        fault for fault in kept.faults if fault.code in ("unknown_reference.row", "unknown_table", "unknown_column")
    ]
    assert len(document.get("remove", {}).get(name, [])) == len(sheet.rows) - len(order)


@pytest.mark.parametrize("name", ["../x", "a/b", "", "-x", "x\0", "a.toml/../../b", "x" * 300])
def test_a_variant_is_written_nowhere_else(small_folder: Path, name: str) -> None:
    before = files_of(small_folder.parent)
    edits = {"roads": {"version": version_of(small_folder, "roads"), "cells": {"0": {"4": "2"}}}}
    with pytest.raises(UsageError):
        save_variant(small_folder, edits, name, "")
    assert files_of(small_folder.parent) == before


def test_what_no_variant_can_hold_is_said(small_folder: Path) -> None:
    edits = {"scenario": {"version": version_of(small_folder, "scenario"), "cells": {"title": {"1": "Another"}}}}
    with pytest.raises(UsageError, match=r"scenario\.toml"):
        save_variant(small_folder, edits, "other", "")
