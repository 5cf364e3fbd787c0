"""What the check sees when a number, a word, a day, a unit or a place is changed; what was reviewed and what was not."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corridor as co
from corridor.evidence.calculation import calculate, read_calculations
from corridor.evidence.check import check_evidence
from corridor.evidence.counts import AREAS, FILE
from corridor.evidence.grammar.names import Known
from corridor.evidence.judged import list_judged
from corridor.evidence.review import check_reviewed, write_reviewed
from corridor.evidence.rows import Use
from corridor.evidence.told_places import check_told_places
from corridor.scenario.faults import Fault

SOURCES = [
    {"id": "s1", "publisher": "Herald", "published": "2021-05-05", "origin": "Mayor"},
    {"id": "s2", "publisher": "Post", "published": "2021-05-05", "origin": "Guard"},
]


def a_claim(**cells: Any) -> dict[str, Any]:
    return {
        "id": "c1", "source": "s1", "said_on": "2021-05-05", "about": "arrivals", "happened": "2021-05-04",
        "place": "gate", "quantity": "people arrived", "value": "28120", "unit": "people", "stance": "reports",
        "credibility": "2", "wording": "28,120 people had come over at the gate on 4 May", "use": "scores",
    } | cells  # fmt: skip


def a_count(**cells: Any) -> dict[str, Any]:
    return {
        FILE: "observations/a.csv", AREAS: {"gate": "north", "bridge": "south"}, "_line": 2, "series": "arrivals",
        "time": datetime(2021, 5, 5), "place": "gate", "value": 28120.0, "status": "stated",
        "published": datetime(2021, 5, 5), "claims": ("c1",),
    } | cells  # fmt: skip


def codes(claims: list[dict[str, Any]], **more: Any) -> set[str]:
    return {fault.code for fault in check_evidence(SOURCES, claims, **more).faults}


def test_what_agrees_passes() -> None:
    assert codes([a_claim()], counts=[a_count()]) == set()


@pytest.mark.parametrize(
    ("code", "cells"),
    [
        ("wording_differs", {"value": "25000"}),
        ("wording_differs", {"wording": "28,210 people had come over at the gate on 4 May"}),
        ("wording_differs", {"unit": "km"}),
        ("wording_differs", {"wording": "28,120 people had come over at the gate on 9 May"}),
        ("wording_differs", {"happened": "2021-04-03", "said_on": "2021-04-03"}),
        ("wording_without_number", {"wording": "People had come over"}),
        ("value_outside_range", {"low": "30000", "wording": "28,120 people, 30,000 or more"}),
        ("happened_after_saying", {"happened": "2021-05-05", "said_on": "2021-05-04", "wording": "28,120 people came"}),
        ("confirmed_by_itself", {"credibility": "1"}),
        ("calculation_differs", {"note": "value = 28,000 + 210"}),
        ("wording_differs", {"wording": "28,120 people had come over at the gate on 4 May, 30 on 37 April"}),
        ("unit_differs", {"wording": "28,120 had come over at the gate on 4 May", "unit": "h"}),
    ],
)
def test_a_claim_is_held_against_its_own_words(code: str, cells: dict[str, str]) -> None:
    assert code in codes([a_claim(**cells)]) <= {code, "unit_differs"}


def test_two_offices_confirm_a_claim() -> None:
    assert codes([a_claim(credibility="1", source="s1 s2")]) == set()


@pytest.mark.parametrize(
    ("code", "cells"),
    [
        ("number_differs_from_claim", {"value": 29120.0}),
        ("number_differs_from_claim", {"value": 28121.0}),
        ("number_differs_from_claim", {"value": None, "low": 28000.0}),
        ("claim_unit_differs", {"series": "vehicles"}),
        ("claim_elsewhere", {"place": "bridge"}),
        ("claim_of_another_day", {"time": datetime(2021, 5, 6)}),
        ("published_differs", {"published": datetime(2021, 5, 6)}),
        ("calculation_differs", {"value": 15000.0, "note": "value = c1 / 2"}),
        ("calculation_unread", {"value": 14060.0, "note": "value = c2 / 2"}),
    ],
)
def test_a_count_is_held_against_its_claim(code: str, cells: dict[str, Any]) -> None:
    assert codes([a_claim()], counts=[a_count(**cells)]) == {code}


def test_a_count_needs_a_claim_that_states_a_number() -> None:
    claim = a_claim(value="", wording="Counts of that day")
    assert codes([claim], counts=[a_count()]) == {"claim_without_number"}


@pytest.mark.parametrize(
    ("stated", "column", "number", "agrees"),
    [
        ({"value": "56000", "low": "56000"}, "low", 56000, True),
        ({"value": "56000", "low": "56000"}, "low", 65000, False),
        ({"low": "3000", "high": "5000"}, "high", 5000, True),
        ({"low": "3000", "high": "5000"}, "high", 6000, False),
        ({"low": "3000", "high": "5000"}, "value", 4000, False),
        ({"value": "15500"}, "value", 15530, False),
    ],
)
def test_a_count_is_exactly_what_its_claim_says_whatever_that_is_used_for(
    stated: dict[str, str], column: str, number: int, agrees: bool
) -> None:
    for purpose in ("fits", "scores", "context", "sets", ""):
        claim = a_claim(value="", wording="", use=purpose) | stated
        found = codes([claim], counts=[a_count(**{"value": None, column: float(number)})])
        assert found == (set() if agrees else {"number_differs_from_claim"})


def test_a_derived_count_may_end_when_it_was_said() -> None:
    assert codes([a_claim()], counts=[a_count(status="derived", time=datetime(2021, 5, 5, 12))]) == set()
    assert codes([a_claim()], counts=[a_count(time=datetime(2021, 5, 5, 12))]) == {"claim_of_another_day"}


def test_a_number_is_held_against_the_place_and_unit_of_its_claim() -> None:
    def found(**cells: Any) -> set[str]:
        row: dict[str, Any] = {"unit": "people", "places": ("gate",)} | cells
        use = Use("people.csv", 2, "people", "28120", ("c1",), note="", low=28120.0, high=28120.0, **row)
        return codes([a_claim(use="sets")], uses=[use])

    assert found() == set()
    assert found(unit="t") == {"claim_unit_differs"}
    assert found(places=("bridge",)) == {"claim_elsewhere"}


def test_sums_in_notes_are_read_and_nothing_else_is() -> None:
    note = "low = c_a - 1,000; all of them = many; value = (c_a + 2) / 2. The rest is a guess = 5"
    assert read_calculations(note) == {"low": "c_a - 1,000", "value": "(c_a + 2) / 2"}
    claims = {"c_a": {"value": "3000"}}
    assert calculate("c_a - 1,000", claims) == 2000
    assert calculate("(c_a + 2) / 2", claims) == 1501
    for wrong in ("c_b + 1", "c_a / 0", "__import__('os')", "c_a ** 9", "(" * 500, "1" * 500):
        assert calculate(wrong, claims) is None


@pytest.mark.slow
@given(st.floats(1e-3, 1e9), st.floats(1e-3, 1e9))
def test_a_sum_is_calculated_as_it_is_written(one: float, two: float) -> None:
    claims = {"c_a": {"value": one}, "c_b": {"value": two}}
    assert calculate("c_a + c_b * 2", claims) == pytest.approx(one + two * 2)
    assert calculate("(c_a - c_b) / c_b", claims) == pytest.approx((one - two) / two)


# What was reviewed.


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    co.create(tmp_path / "case")
    write_reviewed(tmp_path / "case", date(2021, 5, 6), "a person")
    return tmp_path / "case"


def found_in(folder: Path) -> list[tuple[str, str]]:
    faults: list[Fault] = []
    check_reviewed(folder, faults)
    return [(fault.code, fault.file) for fault in faults]


def rewrite(path: Path, change: Callable[[list[list[str]]], object]) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def test_untouched_rows_are_as_they_were_reviewed_in_any_order(folder: Path) -> None:
    assert found_in(folder) == []
    rewrite(folder / "places.csv", lambda rows: rows.append(rows.pop(-2)))
    assert found_in(folder) == []


def test_a_changed_row_an_added_one_and_a_lost_one_show(folder: Path) -> None:
    def change(rows: list[list[str]]) -> None:
        rows[-1][-1] += " changed"

    rewrite(folder / "roads.csv", change)
    rewrite(folder / "places.csv", lambda rows: rows.append(["new", *rows[-1][1:]]))
    rewrite(folder / "people.csv", lambda rows: rows.pop())
    assert sorted(found_in(folder)) == [
        ("changed_since_review", "people.csv"),
        ("changed_since_review", "roads.csv"),
        ("not_reviewed", "places.csv"),
    ]


def test_the_settings_are_reviewed_too_but_not_the_title(folder: Path) -> None:
    path = folder / "scenario.toml"
    text = path.read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title"))
    path.write_text(text.replace(title, 'title = "Another"'), encoding="utf-8")
    assert found_in(folder) == []
    path.write_text(text.replace("seed = ", "seed = 1"), encoding="utf-8")
    assert found_in(folder) == [("changed_since_review", "scenario.toml")]


def test_what_was_reviewed_keeps_its_day_and_a_damaged_file_is_told(folder: Path) -> None:
    rewrite(folder / "places.csv", lambda rows: rows.append(["new", *rows[-1][1:]]))
    (fresh,) = write_reviewed(folder, date(2021, 6, 1), "another")
    assert (fresh.file, fresh.on, fresh.by) == ("places.csv", "2021-06-01", "another")
    lines = (folder / "evidence/reviewed.csv").read_text(encoding="utf-8").splitlines()
    assert sum(line.endswith("2021-06-01,another") for line in lines) == 1
    (folder / "evidence/reviewed.csv").write_text("\n".join(lines[1:]), encoding="utf-8")
    assert found_in(folder) == [("review_unread", "evidence/reviewed.csv")]
    (folder / "evidence/reviewed.csv").unlink()
    assert found_in(folder) == []


def test_only_what_holds_can_be_reviewed(folder: Path) -> None:
    with pytest.raises(co.UsageError, match="who"):
        co.review(co.read(folder), " ")
    assert co.review(co.read(folder), "a person") == ()
    (folder / "evidence").mkdir(exist_ok=True)
    (folder / "evidence/sources.csv").write_text("id,publisher\ns1,Herald\n", encoding="utf-8")
    claims = "id,source,value,unit,wording,stance\nc1,s1,5,people,Six people came,reports\n"
    (folder / "evidence/claims.csv").write_text(claims, encoding="utf-8")
    with pytest.raises(co.FaultsError, match="wording"):
        co.review(co.read(folder), "a person")


# What was judged.


@pytest.fixture
def judged(folder: Path) -> Path:
    co.review(co.read(folder), "a person", judged=True)
    return folder


def codes_of(folder: Path) -> set[str]:
    return {fault.code for fault in co.evidence(co.read(folder)).report.faults}


def test_every_number_that_no_claim_states_is_judged_once(judged: Path) -> None:
    found = co.evidence(co.read(judged))
    assert codes_of(judged) == set()
    assert found.report.counts["numbers judged"] == found.report.counts["numbers without a claim"] > 10
    before = (judged / "evidence/judged.csv").read_bytes()
    co.review(co.read(judged), "another", judged=True)
    assert (judged / "evidence/judged.csv").read_bytes() == before


def test_a_changed_number_shows_where_the_folder_was_reviewed_anew(judged: Path) -> None:
    def change(rows: list[list[str]]) -> None:
        header = next(row for row in rows if "speed_kmh" in row)
        rows[-1][header.index("speed_kmh")] = "7"

    rewrite(judged / "roads.csv", change)
    for judging in (False, True):
        with pytest.raises(co.FaultsError, match="judged as") as refused:
            co.review(co.read(judged), "a person", judged=judging)
        (wrong,) = refused.value.faults
        assert (wrong.code, wrong.file, wrong.column) == ("judged_differs", "roads.csv", "speed_kmh")
    (judged / "evidence/reviewed.csv").unlink()
    assert codes_of(judged) == {"judged_differs", "review_missing"}


def test_new_numbers_are_judged_when_asked_and_lost_ones_by_hand(judged: Path) -> None:
    rewrite(judged / "roads.csv", lambda rows: rows.append(["new", *rows[-1][1:]]))
    assert codes_of(judged) == {"judged_nowhere", "not_reviewed"}
    co.review(co.read(judged), "a person", judged=True)
    assert codes_of(judged) == set()
    rewrite(judged / "roads.csv", lambda rows: rows.pop())
    assert codes_of(judged) == {"judged_gone", "changed_since_review"}
    rewrite(judged / "evidence/judged.csv", lambda rows: [rows.remove(r) for r in [*rows] if "new" in r])
    co.review(co.read(judged), "a person")
    assert codes_of(judged) == set()


def test_a_damaged_file_of_what_was_judged_is_told(judged: Path) -> None:
    path = judged / "evidence/judged.csv"
    path.write_text(path.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    assert codes_of(judged) == {"judged_unread"}


@pytest.mark.parametrize(
    ("cells", "is_judged"),
    [
        ({"value": 28120.0}, False),  # its only claim states it
        ({"value": 28121.0}, True),
        ({"value": 28120.0, "note": "by the clerk"}, True),  # a note frees it from the claim
        ({"value": 14060.0, "note": "people = c1 / 2"}, False),
        ({"value": 28120.0, "claims": ("c1", "c2")}, True),
        ({"value": 28120.0, "claims": ()}, True),
        ({"value": 28120.0, "unit": "t"}, True),
    ],
)
def test_what_claims_state_alone_need_not_be_judged(folder: Path, cells: dict[str, Any], is_judged: bool) -> None:
    facts: dict[str, Any] = {"unit": "people", "note": "", "claims": ("c1",)} | cells
    value = facts.pop("value")
    use = Use("people.csv", 2, "people", f"{value:g}", low=value, high=value, **facts)
    claims = {name: a_claim(id=name, use="sets") for name in ("c1", "c2")}
    assert bool(list_judged(folder, [use], claims)) == is_judged


PLACES = [
    Known("gate", "place", ["Old Gate", "Porta"]),
    Known("el_bridge", "place", ["El Bridge"]),
    Known("north", "area", ["Northland"]),
]


@pytest.mark.parametrize(
    ("place", "wording", "seen"),
    [
        ("gate", "10 people came to El Bridge", True),
        ("somewhere", "10 people came to Northland", True),
        ("el_bridge", "10 people came to Northland", True),
        ("gate", "10 people came to Old Gate by El Bridge", False),
        ("gate", "10 people came to Northland", False),  # the gate lies there
        ("gate", "10 people came to the gates by El Bridge", False),
        ("bridge_to_nowhere", "10 people left El Bridge", False),
        ("gate", "10 people came", False),
        ("", "10 people came to El Bridge", False),
    ],
)
def test_words_tell_of_the_claims_place(place: str, wording: str, seen: bool) -> None:
    faults: list[Fault] = []
    check_told_places([a_claim(place=place, wording=wording)], PLACES, {"gate": "north", "el_bridge": "south"}, faults)
    assert [fault.column for fault in faults] == ["place"] * seen


@pytest.mark.parametrize(
    ("speaker", "cells", "seen"),
    [
        ("Guard", {}, True),  # the second source comes from there, the claim's does not
        ("Post", {}, True),
        ("Guard", {"source": "s1 s2"}, False),
        ("Guard", {"wording": "28,120 people had come over at the gate on 4 May, says the guard"}, False),
        ("Mayor", {}, False),
        ("Nobody known", {}, False),
        ("", {}, False),
    ],
)
def test_a_speaker_from_whom_other_sources_come(speaker: str, cells: dict[str, str], seen: bool) -> None:
    faults = check_evidence(SOURCES, [a_claim(speaker=speaker, **cells)]).faults
    assert ("speaker" in {fault.column for fault in faults}) == seen


@pytest.mark.parametrize(
    ("address", "published", "note", "seen"),
    [
        ("https://a.org/2021/05/05/b", "2021-05-05", "", False),
        ("https://a.org/2021/05/05/b", "2021-05-06", "", True),
        ("https://a.org/2021/5/6/b", "2021-05-06", "", False),
        ("https://a.org/b-2021-05-06.html", "2021-05-05", "republished a day later", False),
        ("https://a.org/2021/55/06/12021/05/071", "2021-05-05", "", False),
        ("https://a.org/2021/05/06", "", "", False),
    ],
)
def test_an_address_carries_the_day_of_its_page(address: str, published: str, note: str, seen: bool) -> None:
    source = SOURCES[0] | {"address": address, "published": published, "note": note}
    assert ("published_differs" in {fault.code for fault in check_evidence([source], []).faults}) == seen


@pytest.mark.slow
def test_changes_of_a_worked_case_are_seen(worked_case: Path) -> None:
    """CORRIDOR_TAMPERINGS changes of one cell each; the benchmark fails if the untouched case is flagged."""
    root, number = worked_case.parents[1], os.environ.get("CORRIDOR_TAMPERINGS", "10")
    command = [sys.executable, "benchmarks/tampering.py", "scenarios/mariupol-2022", "--number", number, "--seed", "2"]
    table = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    changes, _, _, seen = (int(cell) for cell in table.splitlines()[-1].strip("| ").split("|")[1:])
    assert seen >= 0.95 * changes
