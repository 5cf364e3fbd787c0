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


@pytest.mark.slow
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


@pytest.mark.slow
def test_twice_adds_nothing_and_a_new_number_is_a_vintage(case: Path, file: Path) -> None:
    co.add_count_file(case, file, published="2023-09-29")
    before = read_all(case)
    again = co.add_count_file(case, file, published="2023-09-29")
    assert again.counts == ()
    assert again.reading.used == 0
    assert read_all(case) == before
    file.write_text(FILE.replace("65036", "66000"), encoding="utf-8")
    newer = co.add_count_file(case, file, published="2023-09-30")
    assert (newer.revised, newer.repeated, len(newer.counts)) == (1, 1, 2)
    assert read_all(case)["observations/arrivals.csv"].startswith(before["observations/arrivals.csv"])


def vintages(case: Path, day: str) -> list[tuple[str, float, str]]:
    again = co.read(case)
    offices = {row["id"]: row["publisher"] for row in again.sources}
    source = {row["id"]: offices[row["source"][0]] for row in again.claims}
    counts = [count for count in again.counts if count["time"] == f"{day}T00:00:00"]
    return sorted((count["published"], count["value"], source[count["claims"][0]]) for count in counts)


@pytest.mark.slow
def test_the_same_number_anew_or_by_another_office_is_a_claim_of_its_own(case: Path, file: Path) -> None:
    """What tells counts apart is series, place, moment, office and the time of publication."""
    co.add_count_file(case, file, published="2023-09-29T08:00")
    one = vintages(case, "2023-09-29")
    before = read_all(case)
    file.write_text(FILE + "\n", encoding="utf-8")  # another file
    again = co.add_count_file(case, file, published="2023-09-29T08:00")
    assert (again.counts, again.reading.used) == ((), 0)  # one office, one time
    assert co.add_count_file(case, file).counts == ()  # nobody says that it was published anew
    assert read_all(case) == before
    later = co.add_count_file(case, file, published="2023-09-29T20:00")
    assert (later.revised, later.repeated, len(later.counts)) == (0, 2, 2)
    file.write_text(FILE + "\n\n", encoding="utf-8")
    other = co.add_count_file(case, file, published="2023-09-29T20:00", publisher="Another office")
    assert (other.revised, other.repeated, len(other.counts)) == (0, 2, 2)
    fresh = [row for row in vintages(case, "2023-09-29") if row not in one]
    assert [row[1:] for row in fresh] == [(74400.0, "Another office"), (74400.0, "UNHCR")]
    assert [fault for fault in co.read(case).faults if fault.severity == "error"] == []


@pytest.mark.slow
def test_the_day_of_the_newest_fact_is_raised_and_nothing_else_in_the_settings(case: Path, file: Path) -> None:
    settings = case / "scenario.toml"
    co.add_count_file(case, file, published="2023-09-29")
    assert settings.read_bytes() == (CASE / "scenario.toml").read_bytes()  # it is younger already
    early = settings.read_text(encoding="utf-8").replace("data_date = 2024-09-18", "data_date = 2023-09-20")
    settings.write_text(early, encoding="utf-8")
    file.write_text(FILE.replace("65036", "66000"), encoding="utf-8")
    found = co.add_count_file(case, file, published="2023-09-30")
    assert found.data_date == "2023-09-28"
    assert settings.read_text(encoding="utf-8") == early.replace("2023-09-20", "2023-09-28")
    assert "2023-09-28 now" in str(found)


@pytest.mark.slow
def test_a_day_of_use_from_a_new_file_to_the_briefing(tmp_path: Path) -> None:
    """Counts come in, the last forecast goes on with them, and the briefing says so; all on the command line."""
    assert call("init", "case", at=tmp_path).code == 0
    words = ["--particles", "100", "--replicates", "20"]
    assert call("forecast", "case", "--as-of", "2025-03-05", "--out", "one", *words, at=tmp_path).code == 0
    text = '"Made"\n"data_date";"individuals"\n"2025-03-05";"1,900"\n"2025-03-06";"2,640"\n'
    (tmp_path / "new.csv").write_text(text, encoding="utf-8")
    added = call("counts", "add", "case", "new.csv", "--published", "2025-03-07", at=tmp_path)
    assert (added.code, "2 counts added" in added.stdout) == (0, True)
    updated = call("forecast", "case", "--update", "one", "--out", "two", "--replicates", "20", "--json", at=tmp_path)
    assert updated.code == 0, updated.stderr
    document = json.loads(updated.stdout)
    assert document["update"]["begun_anew"] in (None, "")
    assert document["update"]["counts"] == 2
    assert document["as_of"].startswith("2025-03-07")
    assert call("report", "two", at=tmp_path).code == 0
    page = (tmp_path / "two" / "report.html").read_text(encoding="utf-8")
    assert "2,640" in page


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_file_of_other_places_is_told_whole(case: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("date,place,people\n2023-09-27,atlantis,4\n2023-09-28,,5\n")
    found = call("counts", "add", str(case), str(path))
    assert found.code == 2
    assert "atlantis" not in found.stderr.splitlines()[0]
    assert "read 2 rows, used 0, dropped 2" in " ".join(found.stderr.split())


@pytest.mark.slow
def test_the_command_names_the_next_one(case: Path, file: Path) -> None:
    found = call("counts", "add", str(case), str(file), "--published", "2023-09-29")
    assert found.code == 0
    assert "--update" in found.stderr
    assert "used 2" in found.stdout
    document = json.loads(call("counts", "add", str(case), str(file), "--json").stdout)
    assert document["counts"] == []


@pytest.mark.slow
def test_a_stated_hour_is_the_hour_of_the_count(case: Path, tmp_path: Path) -> None:
    path = tmp_path / "hours.csv"
    path.write_text("date,people\n2023-09-27 08:00,60100\n2023-09-27 18:30,65036\n2023-09-28,74400\n")
    found = co.add_count_file(case, path, published="2023-09-29")
    assert [(count["time"], count["status"]) for count in found.counts] == [
        ("2023-09-27T08:00", "stated"), ("2023-09-27T18:30", "stated"), ("2023-09-29T00:00", "hour_assumed"),
    ]  # fmt: skip
    assert any("for which none is stated" in text for text in found.assumed)
    assert {"at 08:00", "at 18:30"} <= {row["wording"][-8:] for row in co.read(case).claims}
