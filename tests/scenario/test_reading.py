"""What may be written differently without meaning anything different."""

from __future__ import annotations

import csv
import io
import random
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from corridor.front.cases import check
from corridor.scenario.create import create_scenario
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.read import read_draft
from corridor.scenario.scenario import read_scenario
from corridor.scenario.variant import apply_variant

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_scenario(tmp_path / "case")
    return tmp_path / "case"


def read_rows(path: Path) -> list[list[str]]:
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.reader(lines))


def write_rows(path: Path, rows: list[list[str]], delimiter: str = ",") -> None:
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(stream.getvalue().encode("utf-8"))


def tables(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.csv"))


@pytest.mark.parametrize("seed", range(5))
def test_order_of_rows_and_columns_changes_nothing(folder: Path, seed: int) -> None:
    # two counts of one moment, told apart by their value only
    with (folder / "observations" / "arrivals.csv").open("a") as stream:
        stream.write("2025-03-04T08:00,arrivals,,1300,rounded,,\n2025-03-04T08:00,arrivals,,900,rounded,,\n")
    before = read_scenario(folder)
    luck = random.Random(seed)
    for path in tables(folder):
        header, *rows = read_rows(path)
        order = luck.sample(range(len(header)), len(header))
        luck.shuffle(rows)
        write_rows(path, [[row[i] for i in order] for row in [header, *rows]])
    after = read_scenario(folder)
    assert after.hash == before.hash
    for table, rows in before.tables.items():
        assert [row.values for row in after.tables[table]] == [row.values for row in rows]


def test_ways_of_writing_change_nothing(folder: Path) -> None:
    before = read_scenario(folder).hash
    for path in tables(folder):
        write_rows(path, read_rows(path), delimiter=";")
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_scenario(folder).hash == before
    digits = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    header, *rows = read_rows_semicolon(folder / "people.csv")
    at = header.index("people")
    for row in rows:
        row[at] = row[at].translate(digits).replace("%", "٪")
    write_rows(folder / "people.csv", [header, *rows], delimiter=";")
    assert read_scenario(folder).hash == before
    for row in rows:
        row[-1] = "another note"
    write_rows(folder / "people.csv", [[*header, "x_mine"], *([*row, "17"] for row in rows)], delimiter=";")
    assert read_scenario(folder).hash == before, "notes and own columns are not part of the model"


def read_rows_semicolon(path: Path) -> list[list[str]]:
    return list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines(), delimiter=";"))


def test_a_written_default_is_the_default(folder: Path) -> None:
    before = read_scenario(folder).hash
    text = (folder / "events.csv").read_text()
    (folder / "events.csv").write_text(text.replace("mode,label", "chance,label").replace(",0.8,,", ",0.8,1,"))
    assert read_scenario(folder).hash == before


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("people.csv", "1500..2500", "1500..2500.0001"),
        ("people.csv", "14000 ± 15%", "14000 ± 15.000001%"),
        ("people.csv", "14000 ± 15%", "1234567"),
        ("roads.csv", ",32,", ",32.0000001,"),
        ("scenario.toml", "step_minutes = 15", "step_minutes = 30"),
        ("events.csv", "T06:00", "T06:00:01"),
        ("places.csv", "Village", "Hamlet"),
    ],
)
def test_a_change_of_a_value_changes_the_hash(folder: Path, file: str, old: str, new: str) -> None:
    before = read_scenario(folder).hash
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    changed = read_scenario(folder).hash
    assert changed != before
    if new == "1234567":
        (folder / file).write_text(text.replace(old, "1234568"), encoding="utf-8")
        assert read_scenario(folder).hash != changed


def test_comments_may_hold_anything_and_rows_keep_their_numbers(folder: Path) -> None:
    path = folder / "people.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    quarrel = '# one "quarrel",",and an open quote'
    path.write_text("\n".join([quarrel, *lines[:2], quarrel, "", *lines[2:-1], "nowhere,families_with_car,3,"]))
    (fault,) = list(check(folder).faults)
    assert (fault.code, fault.row, fault.column) == ("unknown_reference", 8, "place")


def test_a_quoted_cell_may_run_over_lines(folder: Path) -> None:
    path = folder / "places.csv"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("the checkpoint stands here", '"first\n# not a comment\nthird"') + "hut,,,,,,,,,,\n")
    faults = list(check(folder).faults)
    assert {fault.row for fault in faults} == {10}
    path.write_text(text.replace("the checkpoint stands here", '"first\n# not a comment\nthird"'))
    (row,) = (row for row in read_scenario(folder).tables["places"] if row["id"] == "bridge")
    assert row["note"] == "first # not a comment third"


def test_names_of_any_script(folder: Path) -> None:
    for name in ("places.csv", "roads.csv", "people.csv", "fuel.csv", "fleets.csv"):
        text = (folder / name).read_text(encoding="utf-8")
        # a decomposed letter here and a composed one there are one name
        new = "café-गाँव" if name == "places.csv" else "cafe\u0301-गाँव"
        text = text.replace("village,Village", f"{new},Village").replace("village,town", f"{new},town")
        (folder / name).write_text(text.replace("village,families", f"{new},families"), encoding="utf-8")
    assert list(check(folder).faults) == []
    assert "café-गाँव" in {row["id"] for row in read_scenario(folder).tables["places"]}


def test_place_codes_are_kept(folder: Path) -> None:
    path = folder / "places.csv"
    text = path.read_text(encoding="utf-8").replace("lodging_rate,note", "lodging_rate,pcode")
    text = text.replace("the checkpoint stands here", "AM0801").replace("registration and the first beds", "AM0802")
    path.write_text(text, encoding="utf-8")
    codes = {row["id"]: row["pcode"] for row in read_scenario(folder).tables["places"]}
    assert codes == {"town": "", "village": "", "bridge": "AM0801", "border_town": "AM0802", "capital": ""}


def test_times_with_an_offset_are_local(folder: Path) -> None:
    text = (folder / "events.csv").read_text()
    before = read_scenario(folder).hash
    (folder / "events.csv").write_text(text.replace("2025-03-01T06:00,", "2025-03-01T10:00+04:00,"))
    assert read_scenario(folder).hash == before


def test_a_variant_is_another_scenario_and_leaves_the_first_alone(folder: Path) -> None:
    plain = read_scenario(folder)
    (folder / "variants" / "more.toml").write_text(
        '[change.events.opening]\nvalue = "3..5"\n[change.people."town/families_with_car"]\npeople = 9000\n'
        '[add.events.late]\ntime = 2025-03-05\nkind = "note"\nlabel = "Late"\n[remove]\nevents = ["truce"]\n'
    )
    varied = read_scenario(folder, "more")
    events = {row["id"]: row for row in varied.tables["events"]}
    assert events.keys() == {"shelling", "opening", "late"}
    assert events["opening"]["value"].write() == "3..5"
    assert events["late"]["chance"] == 1
    people = {(row["place"], row["group"]): row["people"].write() for row in varied.tables["people"]}
    assert people["town", "families_with_car"] == "9000"
    assert varied.hash != plain.hash
    assert read_scenario(folder).hash == plain.hash
    assert varied.variant_name == "more"


def test_a_variant_leaves_tables_alone_that_others_hold(worked_case: Path) -> None:
    """Every shipped variant is laid over the same tables, as the search for agreements does."""
    draft = read_draft(worked_case)
    before = {table: list(rows) for table, rows in draft.tables.items()}
    for path in sorted((worked_case / "variants").glob("*.toml")):
        varied = replace(draft, tables=dict(draft.tables), faults=[])
        apply_variant(varied, path.stem)
        assert varied.tables != before
        assert all(list(map(id, draft.tables[table])) == list(map(id, rows)) for table, rows in before.items())


def test_a_variant_changes_the_row_of_one_set_only(folder: Path) -> None:
    with (folder / "scenario.toml").open("a") as stream:
        stream.write('default_set = "a"\n')
        for name in "ab":
            stream.write(f'[sets.{name}]\ntitle = "{name}"\nknown_until = 2025-03-01\n')
    (folder / "parameters.csv").write_text("name,value,set\neffect_gone,1,a\neffect_gone,2,b\n")
    (folder / "variants" / "v.toml").write_text('[change.parameters."effect_gone@b"]\nvalue = 3\n')
    scenario = read_scenario(folder, "v")
    values = {name: scenario.rows("parameters", name)[0]["value"].middle for name in "ab"}
    assert values == {"a": 1, "b": 3}
    assert scenario.choose_set(None) == "a"
    with pytest.raises(UsageError, match="no parameter set"):
        scenario.choose_set("c")


def test_all_faults_are_raised_at_once(folder: Path) -> None:
    shutil.copy(folder / "places.csv", folder / "place.csv")
    (folder / "people.csv").write_text("place,group,people\ntown,families_with_car,many\ntown,nobody,3\n")
    with pytest.raises(FaultsError) as caught:
        read_scenario(folder)
    assert [fault.code for fault in caught.value.faults] == [
        "wrong_type",
        "unknown_reference",
        "unknown_file",
    ]
