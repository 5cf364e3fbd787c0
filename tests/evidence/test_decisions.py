"""One file for all that a report may say: decided on by a person, taken in one go, all of it or nothing, and only once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corridor as co
from command import call
from corridor.evidence.grammar.text import decode_text
from corridor.evidence.proposed import find_published
from corridor.evidence.suggest import suggest
from corridor.evidence.tables import read_rows
from corridor.front.cases import create

# Thirty numbers, in our own words, about the invented case of `corridor init`.
PARTS = [
    "More than 3,200 people crossed at Border Town on 3 March, the border service said on Tuesday.",
    "About 1,150 people were registered at Border Town on 4 March.",
    "Some 9,300 people wait in Town. Between 40 and 60 vehicles an hour pass the bridge.",
    "The truce holds since 2 March. The road will open on 5 March, the mayor promised.",
    "One in three children lacks food. 12 tonnes of flour reached Village on 3 March.",
    "The hospital in Town has 46 beds and 3 generators. It used 900 litres of diesel on 2 March.",
    "At least 17 people were killed and 52 people were injured on 1 March, the health ministry said.",
    "Up to 400 families sleep in schools. 28 of 44 schools are shut.",
    "The agency asked for $26m. 70 trucks stand at the gate and 14 trucks went in on 4 March.",
    "By 3 March 480 people had been evacuated by bus. 2,500 vehicles left Town on 3 March.",
    "Wells give 60,000 litres a day, a quarter of the need. 5,400 people have no water.",
    "8 bakeries bake 9,000 loaves a day. 19 patients need dialysis.",
    "The toll rose to 71 people. 350 people are missing.",
    "6 doctors and 21 nurses stayed. 15 tonnes of wheat lie in Village. 700 children were registered on 4 March.",
]
REPORT = "Situation report\n\nTuesday, 4 March 2025, 14:05 GMT\n\n" + "\n".join(PARTS) + "\n"


def read_all(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file() and not path.name.endswith(".lock"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def case(tmp_path: Path) -> Path:
    create(tmp_path / "case")
    return tmp_path / "case"


@pytest.fixture
def report(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text(REPORT, encoding="utf-8")
    return path


def decide(path: Path, **words: str) -> dict[str, Any]:
    """Write the same into every proposal of a file of decisions, and who published the report; return what it holds."""
    text = path.read_text(encoding="utf-8").replace('publisher = "?"', 'publisher = "The agency"')
    for key, word in words.items():
        text = re.sub(rf'^{key} = "\?"', f'{key} = "{word}"', text, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    return tomllib.loads(text)


def test_thirty_numbers_are_worked_through_from_one_file(case: Path, report: Path, tmp_path: Path) -> None:
    file = tmp_path / "accepted.toml"
    done = call("evidence", "suggest", report, "--scenario", case, "--out", file)
    assert done.code == 0, done.stderr
    document = tomllib.loads(file.read_text(encoding="utf-8"))
    numbers = {name: part for name, part in document["proposal"].items() if name.startswith("quantity")}
    assert len(numbers) >= 30
    assert all({"sentence", "accept", "wording", "unit", "place", "into"} <= part.keys() for part in numbers.values())
    assert all(part["sentence"] in " ".join(REPORT.split()) for part in numbers.values())
    # what a person does: one word for each number, and the publisher; every other cell is there to be read
    text, keystrokes = file.read_text(encoding="utf-8"), 0
    for name in numbers:
        before, after = text.split(f"[proposal.{name}]", 1)
        text = f"{before}[proposal.{name}]" + after.replace('accept = "?"', 'accept = "yes"', 1)
        keystrokes += len("yes") + 1
    text = text.replace('publisher = "?"', 'publisher = "The agency"', 1)
    keystrokes += len("The agency") + 1
    assert keystrokes <= 4 * len(numbers) + 11  # about 140 for 32 numbers, and two commands
    file.write_text(text, encoding="utf-8")
    before = read_all(case)
    done = call("evidence", "accept", case, "--from", file)
    assert done.code == 0, done.stderr
    assert f"{len(numbers)} claims added" in done.stdout
    assert f"{len(document['proposal']) - len(numbers)} not yet decided" in done.stdout
    assert len(read_rows(case, "evidence/claims.csv")) == len(numbers) + 1
    counts = read_rows(case, "observations/arrivals.csv")
    assert {row["published"] for row in counts[1:]} == {
        "2025-03-04T14:05"
    }  # when it was published is kept, to the hour
    assert ("arrivals", "border_town", "3200", "2025-03-04T00:00") in {
        (row["series"], row["place"], row["low"], row["time"]) for row in counts
    }
    for command in (("check",), ("evidence", "check")):
        assert call(*command, case).code == 0
    once = read_all(case)
    assert once != before
    again = call("evidence", "accept", "--from", file)
    assert again.code == 0
    assert f"0 claims added, {len(numbers)} there already" in again.stdout
    assert read_all(case) == once


def test_everything_wrong_is_told_at_once_where_it_stands(case: Path, report: Path, tmp_path: Path) -> None:
    file = tmp_path / "accepted.toml"
    co.suggest(report, case).write(file)
    document = decide(file, accept="yes")  # statements and dates have no words yet
    text = file.read_text(encoding="utf-8")
    blanks = sum(part["wording"] == "?" for part in document["proposal"].values())
    text = text.replace('happened = "2025-03-03"', 'happened = "3 March"', 1).replace(
        'use = "scores"', 'use = "score"', 1
    )
    text = text.replace('into = "claims"', 'into = "people.csv towns/families_with_car people"', 1)
    text = text.replace("[proposal.", '[proposal.quantity-9-9]\naccept = "yes"\n\n[proposal.', 1)
    file.write_text(text, encoding="utf-8")
    before = read_all(case)
    with pytest.raises(co.FaultsError) as error:
        co.accept_decisions(file)
    codes = [fault.code for fault in error.value.faults]
    assert codes.count("still_blank") == blanks
    assert {"bad_date", "not_a_choice", "proposal_unknown"} <= set(codes)
    lines = text.splitlines()
    for fault in error.value.faults:
        key = fault.column.rpartition(".")[2]
        assert fault.file == str(file)
        assert key in lines[fault.row - 1] or lines[fault.row - 1].startswith("[proposal."), fault
        assert fault.found
        assert fault.allowed
        assert fault.fix
    assert read_all(case) == before


@pytest.mark.parametrize(
    ("old", "new", "code", "column"),
    [
        ("value = 1150", "value = 1151", "wording_differs", "quantity"),
        ('series = "registered"', 'series = "lodging"', "not_a_choice", "series"),
        ('counted_at = "border_town"', 'counted_at = "town"', "claim_elsewhere", "claims"),
        ('reliability = "F"', 'reliability = "G"', "not_a_choice", "source.reliability"),
        ('[claims]', 'keep = "no"\n[claims]', "unknown_setting", "source.keep"),
        ('keep_text = "no"', 'keep_text = "maybe"', "not_a_choice", "keep_text"),
        ('date = "2025-03-04"', 'date = "Tuesday"', "bad_date", "date"),
        ('hash = "', 'hash = "0', "report_changed", "hash"),
        ('report = "report.txt"', 'report = "other.txt"', "missing_file", "report"),
        ('scenario = "case"', 'scenario = "cases"', "missing_folder", ""),
        ("[source]", "[source", "bad_toml", ""),
    ],
)  # fmt: skip
def test_what_the_checks_would_say_is_said_of_the_decision(
    case: Path, report: Path, tmp_path: Path, old: str, new: str, code: str, column: str
) -> None:
    file = tmp_path / "accepted.toml"
    co.suggest(report, case).write(file)
    decide(file, accept="yes", wording="In our own words")
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    before = read_all(case)
    with pytest.raises(co.FaultsError) as error:
        co.accept_decisions(file)
    told = [fault for fault in error.value.faults if fault.severity == "error"]
    assert {fault.code for fault in told} == {code}, error.value
    assert any(column in fault.column for fault in told)
    assert read_all(case) == before


def test_a_claim_that_was_amended_is_not_written_over(case: Path, report: Path, tmp_path: Path) -> None:
    file = tmp_path / "accepted.toml"
    co.suggest(report, case).write(file)
    decide(file, accept="yes", wording="In our own words")
    co.accept_decisions(file)
    before = read_all(case)
    file.write_text(file.read_text(encoding="utf-8").replace("about 1,150 people", "1,150 people"), encoding="utf-8")
    with pytest.raises(co.FaultsError, match="claim_taken"):
        co.accept_decisions(file)
    assert read_all(case) == before


def test_a_number_and_a_day_go_into_rows_of_the_case(case: Path, report: Path, tmp_path: Path) -> None:
    file = tmp_path / "accepted.toml"
    co.suggest(report, case).write(file)
    text = file.read_text(encoding="utf-8")
    assert "events.csv opening time (now 2025-03-02T18:00..2025-03-03T18:00)" in text
    row, event = "people.csv town/families_with_car people", "events.csv opening time"
    text = decide_one(text, "quantity", "9,300 people wait", into=row, replace="yes")
    text = decide_one(
        text, "date", "road will open", into=event, replace="yes", wording="The road opens on 5 March 2025"
    )
    file.write_text(text.replace('publisher = "?"', 'publisher = "The agency"'), encoding="utf-8")
    done = co.accept_decisions(file)
    assert len(done.claims) == 2
    people = next(row for row in read_rows(case, "people.csv") if row["group"] == "families_with_car")
    assert (people["people"], people["claims"].startswith("s_report_quantity")) == ("9300", True)
    opening = next(row for row in read_rows(case, "events.csv") if row["id"] == "opening")
    assert opening["time"] == "2025-03-05"
    assert co.evidence(co.read(case)).holds
    assert co.accept_decisions(file).added == ()


def decide_one(text: str, kind: str, words: str, **cells: str) -> str:
    """Accept the proposal of a kind in whose sentence words stand, with these cells."""
    blocks = text.split("\n\n")
    at = next(i for i, block in enumerate(blocks) if block.startswith(f"[proposal.{kind}") and words in block)
    for key, value in {"accept": "yes", **cells}.items():
        line = f'{key} = "{value}"'
        found = re.search(rf"^{key} = .*$", blocks[at], re.MULTILINE)
        blocks[at] = blocks[at].replace(found[0], line) if found else f"{blocks[at]}\n{line}"
    return "\n\n".join(blocks)


def test_tables_that_name_claims_to_come_are_no_deadlock(case: Path, report: Path, tmp_path: Path) -> None:
    people = case / "people.csv"
    people.write_text("place,group,people,claims\ntown,families_with_car,9300,c_town\n")
    assert call("check", case).code == 3  # claim_unknown
    people.write_text("place,group,people,claims\ntown,families_with_car,?,c_town\n")
    assert call("check", case).code == 3
    file = tmp_path / "accepted.toml"
    assert call("evidence", "suggest", report, "--scenario", case, "--out", file).code == 0
    text = decide_one(file.read_text(encoding="utf-8"), "quantity", "9,300 people wait", id="c_town")
    file.write_text(text.replace('publisher = "?"', 'publisher = "The agency"'), encoding="utf-8")
    assert call("evidence", "accept", "--from", file).code == 0
    assert read_rows(case, "evidence/claims.csv")[-1]["id"] == "c_town"


def test_the_kept_text_is_quoted(case: Path, report: Path, tmp_path: Path) -> None:
    file = tmp_path / "accepted.toml"
    co.suggest(report, case).write(file)
    decide(file, accept="yes", wording="In our own words", keep_text="yes")
    file.write_text(file.read_text(encoding="utf-8").replace('keep_text = "no"', 'keep_text = "yes"'), encoding="utf-8")
    co.accept_decisions(file)
    found = co.evidence(co.read(case))
    assert found.holds
    assert found.report.counts["quotes found"] == len(read_rows(case, "evidence/claims.csv")) - 1
    kept = case / "evidence/texts/report.txt"
    kept.write_text(REPORT.replace("1,150", "1,510"), encoding="utf-8")
    assert {"hash_differs", "quote_number_altered"} & {fault.code for fault in co.evidence(co.read(case)).report.faults}


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ("4 March 2025, 14:05 GMT", "2025-03-04T14:05"),
        ("4 March 2025 23:30 UTC", "2025-03-05T03:30"),
        ("4 March 2025, 14:05 EST", "2025-03-04"),
        ("4 March 2025", "2025-03-04"),
    ],
)
def test_when_it_was_published_is_read_to_the_hour(head: str, published: str) -> None:
    from zoneinfo import ZoneInfo

    text = decode_text("r.txt", f"News\n\n{head}\n\nSome 40 people came.\n".encode())
    zone = ZoneInfo("Asia/Yerevan" if "UTC" in head else "UTC")
    assert find_published(text, suggest(text), zone) == published


def test_a_draft_binds_days_and_counts(report: Path, tmp_path: Path) -> None:
    reading = co.suggest(report, None, date(2025, 3, 4))
    reading.draft(tmp_path / "draft")
    counts = {row["low"] or row["value"]: row for row in read_rows(tmp_path / "draft", "observations/reported.csv")}
    assert (counts["3200"]["series"], counts["3200"]["time"]) == ("arrivals", "2025-03-04T00:00")
    assert {row["published"] for row in counts.values()} == {"2025-03-04T14:05"}
    (event,) = read_rows(tmp_path / "draft", "events.csv")
    assert (event["time"], event["kind"]) == ("2025-03-05", "?")


def write_document(words: st.DataObject, document: dict[str, Any], decisions: list[str]) -> Iterator[str]:
    """Yield the lines of a file of decisions with random words in some of its cells."""
    odd = st.sampled_from(
        ["", "?", "town", "2025-03-02", "claims", "observations", "12", "=1+1", "yes", "people.csv a b"]
    )
    for line in document["lines"]:
        key, _, _ = line.partition(" = ")
        if key == "accept":
            yield f'accept = "{words.draw(st.sampled_from(decisions))}"'
        elif (
            key in ("place", "happened", "into", "series", "unit", "use", "id") and words.draw(st.integers(0, 19)) == 0
        ):
            yield f'{key} = "{words.draw(odd)}"'
        else:
            yield line.replace('wording = "?"', 'wording = "As told"').replace('publisher = "?"', 'publisher = "P"')


@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.lists(st.sampled_from(PARTS), min_size=1, max_size=6), st.booleans())
def test_whatever_is_decided_the_case_stays_sound_or_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, words: st.DataObject, parts: list[str], keep: bool
) -> None:
    folder = tmp_path_factory.mktemp("any")
    create(folder / "case")
    report, file = folder / "report.txt", folder / "a.toml"
    report.write_text(f"Report\n\n4 March 2025\n\n{' '.join(parts)}\n", encoding="utf-8")
    co.suggest(report, folder / "case").write(file)
    lines = file.read_text(encoding="utf-8").replace('keep_text = "no"', f'keep_text = "{"yes" if keep else "no"}"')
    written = "\n".join(write_document(words, {"lines": lines.splitlines()}, ["yes", "yes", "no", "?"]))
    file.write_text(written, encoding="utf-8")
    before = read_all(folder / "case")
    try:
        done = co.accept_decisions(file)
    except co.FaultsError:
        assert read_all(folder / "case") == before
        return
    assert not [fault for fault in co.check(folder / "case").faults if fault.severity == "error"]
    assert co.evidence(co.read(folder / "case")).holds
    decided = tomllib.loads(written)["proposal"].values()
    said = [sum(part["accept"] == word for part in decided) for word in ("yes", "no", "?")]
    assert [len(done.claims), done.declined, done.undecided] == said
    once = read_all(folder / "case")
    assert co.accept_decisions(file).added == ()
    assert read_all(folder / "case") == once
