"""New counts from a file: all or nothing, older vintages stay, and no row of the file is lost."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import corridor as co
from command import call

CASE = Path(__file__).parents[2] / "scenarios" / "karabakh-2023"
FILE = '\ufeff"Made"\n"data_date";"individuals";"unix_timestamp"\n"2023-09-27";"65036";""\n"2023-09-28";"74,400";""\n"2024-09-28";"1";""\n'


@pytest.fixture
def case(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CASE, tmp_path / "case"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "made.csv"
    path.write_text(FILE, encoding="utf-8")
    return path


def read_all(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def test_counts_are_added_as_claims_and_nothing_else_changes(case: Path, file: Path) -> None:
    before = read_all(case)
    found = co.add_count_file(case, file, published="2023-09-29")
    after = read_all(case)
    assert (found.reading.read, found.reading.used, len(found.counts)) == (3, 2, 2)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"evidence/claims.csv", "evidence/sources.csv", "observations/arrivals.csv"}
    old = before["observations/arrivals.csv"].splitlines()
    assert after["observations/arrivals.csv"].splitlines()[: len(old)] == old
    again = co.read(case)
    claims = {row["id"]: row for row in again.claims}
    sources = {row["id"]: row for row in again.sources}
    for count in found.counts:
        claim = claims[count["claims"]]
        source = sources[claim["source"][0]]
        assert str(claim["value"]) == f"{float(count['value'])}"
        assert (source["publisher"], len(source["hash"])) == ("UNHCR", 64)
        assert "made.csv, line " in claim["wording"]
    known = [count for count in again.counts if count["claims"] == [found.counts[0]["claims"]]]
    assert [count["published"][:10] for count in known] == ["2023-09-29"]


def test_twice_adds_nothing_and_a_new_number_is_a_vintage(case: Path, file: Path) -> None:
    co.add_count_file(case, file, published="2023-09-29")
    before = read_all(case)
    again = co.add_count_file(case, file, published="2023-09-29")
    assert again.counts == ()
    assert again.reading.used == 0
    assert read_all(case) == before
    file.write_text(FILE.replace("65036", "66000"), encoding="utf-8")
    newer = co.add_count_file(case, file, published="2023-09-30")
    assert newer.revised == len(newer.counts) == 1
    assert read_all(case)["observations/arrivals.csv"].startswith(before["observations/arrivals.csv"])


def test_nothing_is_written_when_a_check_speaks_against_it(case: Path, file: Path, tmp_path: Path) -> None:
    before = read_all(case)
    mapping = tmp_path / "columns.toml"
    mapping.write_text('[counts]\nstatus = "guessed"\n')
    with pytest.raises(co.FaultsError) as raised:
        co.add_count_file(case, file, mapping, published="2023-09-29")
    assert {fault.code for fault in raised.value.faults} == {"not_a_choice"}
    assert len(raised.value.faults) == 2
    assert read_all(case) == before


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--series", "arivals"], 'did you mean "arrivals"'),
        (["--published", "yesterday"], "give a day or a time"),
        (["--map", "nothing.toml"], "nothing.toml"),
    ],
)
def test_usage_is_told_in_a_sentence(case: Path, file: Path, options: list[str], told: str) -> None:
    found = call("counts", "add", str(case), str(file), *options)
    assert found.code in (2, 3)
    assert told in found.stderr


def test_a_file_of_other_places_is_told_whole(case: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("date,place,people\n2023-09-27,atlantis,4\n2023-09-28,,5\n")
    found = call("counts", "add", str(case), str(path))
    assert found.code == 2
    assert "atlantis" not in found.stderr.splitlines()[0]
    assert "read 2 rows, used 0, dropped 2" in " ".join(found.stderr.split())


def test_the_command_names_the_next_one(case: Path, file: Path) -> None:
    found = call("counts", "add", str(case), str(file), "--published", "2023-09-29")
    assert found.code == 0
    assert "--update" in found.stderr
    assert "used 2" in found.stdout
    document = json.loads(call("counts", "add", str(case), str(file), "--json").stdout)
    assert document["counts"] == []
