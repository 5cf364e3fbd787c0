"""Accepting adds rows and changes nothing else; a draft marks every blank."""

from __future__ import annotations

import csv
import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.evidence.accept import CLAIM_COLUMNS, accept
from corridor.evidence.check import check_evidence
from corridor.evidence.draft import BLANK, draft_from_report
from corridor.evidence.grammar.text import read_text
from corridor.evidence.rows import Use, count_hours
from corridor.evidence.scenario_rows import check_scenario
from corridor.evidence.suggest import suggest
from corridor.evidence.tables import add_rows, read_rows
from corridor.front.cases import create
from corridor.front.evidence import suggest as suggest_in_front
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.scenario import read_scenario

TEXT = (
    "Between 200 and 250 vehicles an hour pass the gate, the mayor, Ana Ruiz, told Radio Delta on Friday.\n\n"
    "Some 9,300 people wait. The army promised to open the road on Sunday.\n"
)
CLAIMS = (
    "# my notes\r\n"
    "id,x_mine,source,quantity,value,unit,wording,note\r\n"
    'c0,"keep, me",s0,people,5,people,"Five ""people""",old\r\n'
    "\r\n"
    "# more below\r\n"
    "c1,,s0,,,,One,"
)


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    text = read_text(path)
    return path, text, suggest(text, [], date(2021, 5, 7))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "case" / "evidence").mkdir(parents=True)
    (tmp_path / "case" / "evidence" / "claims.csv").write_bytes(CLAIMS.encode())
    return tmp_path / "case"


def find(suggestion, kind, word):
    return next(str(p["id"]) for p in suggestion.proposals if p["kind"] == kind and word in str(p["text"]))


SOURCE = {"id": "s1", "publisher": "Delta", "published": "2021-05-07"}


def test_a_quantity_is_bound_and_what_was_written_stays(report, folder):
    path, text, suggestion = report
    chosen = find(suggestion, "quantity", "200")
    accepted = accept(folder, text, suggestion, [chosen], SOURCE, {"wording": "About 200 an hour", "id": "c2"}, path)
    content = (folder / "evidence/claims.csv").read_bytes().decode()
    header, rest = CLAIMS.split("\r\n", 2)[1], CLAIMS.split("\r\n", 2)[2]
    assert content.startswith("# my notes\r\n" + header + ",")
    assert rest in content
    assert content.endswith("\r\n")
    assert content.count("\r\n") == content.count("\n")
    rows = read_rows(folder, "evidence/claims.csv")
    assert [row["id"] for row in rows] == ["c0", "c1", "c2"]
    assert rows[0]["x_mine"] == "keep, me"
    new = rows[2]
    assert (new["value"], new["low"], new["high"], new["unit"]) == ("", "200", "250", "vehicles/hour")
    assert (new["speaker"], new["role"], new["said_to"]) == ("Ana Ruiz", "the mayor", "Radio Delta")
    assert new["quote"] in TEXT
    assert (folder / "evidence/texts" / accepted.kept_text).read_text(encoding="utf-8") == TEXT
    assert content.split("\r\n")[accepted.lines[0] - 1].startswith("c2,")


def test_what_is_accepted_passes_the_check(report, folder):
    path, text, suggestion = report
    (folder / "evidence/claims.csv").unlink()
    details = {"wording": "w", "happened": "2021-05-07", "said_on": find(suggestion, "date", "Friday")}
    chosen = [find(suggestion, "quantity", "200"), find(suggestion, "statement", "Radio")]
    accept(folder, text, suggestion, chosen, SOURCE, details, path)
    accept(folder, text, suggestion, [find(suggestion, "quantity", "9,300")], SOURCE, {"wording": "w"})
    rows = [read_rows(folder, f"evidence/{name}.csv") for name in ("sources", "claims")]
    checked = check_evidence(*rows, folder / "evidence/texts")
    assert checked.faults == ()
    assert len(checked.anchors) == 3
    assert rows[1][0]["said_on"] == "2021-05-07"


def test_a_quantity_beside_a_statement_is_not_put_into_its_mouth(report, folder):
    _, text, suggestion = report
    accept(folder, text, suggestion, [find(suggestion, "quantity", "9,300")], SOURCE, {"wording": "w"})
    assert read_rows(folder, "evidence/claims.csv")[-1].get("speaker", "") == ""


def test_no_quote_is_written_if_the_text_is_not_kept(report, folder):
    _, text, suggestion = report
    accept(folder, text, suggestion, [find(suggestion, "quantity", "9,300")], SOURCE, {"wording": "w"})
    assert "9,300" not in (folder / "evidence/claims.csv").read_text(encoding="utf-8")
    assert not (folder / "evidence/texts").exists()


def test_what_is_missing_or_taken_is_refused_before_anything_is_written(report, folder):
    path, text, suggestion = report
    chosen = [find(suggestion, "quantity", "9,300")]
    cases = [
        (chosen, SOURCE, {}, "--wording"),
        (chosen, {"id": ""}, {"wording": "w"}, "--source"),
        (chosen, {"id": "s9"}, {"wording": "w"}, "--publisher"),
        (["quantity-1-2"], SOURCE, {"wording": "w"}, "quantity-1-2"),
        ([], SOURCE, {"wording": "w"}, "no proposal"),
        (chosen, SOURCE, {"wording": "w", "id": "c0"}, "already has"),
        (chosen, SOURCE, {"wording": "w", "happened": "date-0-1"}, "no single day"),
    ]
    for proposals, source, details, message in cases:
        with pytest.raises(UsageError, match=message):
            accept(folder, text, suggestion, proposals, source, details, path)
    assert sorted(p.name for p in (folder / "evidence").glob("[!.]*")) == ["claims.csv"]
    assert (folder / "evidence/claims.csv").read_bytes() == CLAIMS.encode()


def test_another_text_of_the_same_name_is_never_overwritten(report, folder):
    path, text, suggestion = report
    (folder / "evidence/texts").mkdir()
    (folder / "evidence/texts/report.txt").write_text("other", encoding="utf-8")
    with pytest.raises(UsageError, match="another text"):
        accept(folder, text, suggestion, [find(suggestion, "quantity", "9,300")], SOURCE, {"wording": "w"}, path)
    assert (folder / "evidence/texts/report.txt").read_text(encoding="utf-8") == "other"


cells = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=12)


@settings(max_examples=60)
@given(
    st.lists(st.tuples(cells, cells), max_size=5),
    st.sampled_from([",", ";"]),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.tuples(cells, cells),
)
def test_any_table_keeps_its_bytes(tmp_path_factory, rows, delimiter, newline, ends, new):
    path = Path(tmp_path_factory.mktemp("table")) / "t.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator=newline)
        writer.writerow(["id", "x_own"])
        writer.writerows([[f"r{i}", *row[:1]] for i, row in enumerate(rows)])
    before = path.read_bytes() if ends else path.read_bytes().rstrip(b"\r\n")
    path.write_bytes(before)
    row = {"id": "new", "x_own": new[0], "note": new[1]}
    after = add_rows(path.parent, "t.csv", ("id", "x_own", "note"), [row])[0].encode()
    path.write_bytes(after)
    first = before.split(newline.encode())[0]
    assert after.startswith(first)
    assert before[len(first) :] in after
    last = read_rows(path.parent, "t.csv")[-1]
    assert (last["id"], last["x_own"], last.get("note", "")) == ("new", new[0], new[1])


def test_a_table_that_cannot_be_read_is_told(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes("id;näme\n".encode("latin-1"))
    with pytest.raises(FaultsError):
        add_rows(path.parent, "t.csv", ("id",), [{"id": "a"}])
    path.write_text("# only a comment\n", encoding="utf-8")
    with pytest.raises(FaultsError):
        add_rows(path.parent, "t.csv", ("id",), [{"id": "a"}])


def test_a_draft_lists_every_blank_it_marks(report, tmp_path):
    path, text, suggestion = report
    new = tmp_path / "draft"
    blanks = draft_from_report(new, text, suggestion, None, {}, {}, path)
    marked = 0
    for file in [*new.glob("*.csv"), *(new / "evidence").glob("*.csv")]:
        with file.open(encoding="utf-8", newline="") as opened:
            marked += sum(cell == BLANK for row in csv.reader(opened) for cell in row)
    settings_ = tomllib.loads((new / "scenario.toml").read_text(encoding="utf-8"))
    marked += sum(value == BLANK for value in settings_.values())
    assert len(blanks) == marked > 10
    assert settings_["data_date"] == "2021-05-07"
    claims = read_rows(new, "evidence/claims.csv")
    assert {c["unit"] for c in claims} >= {"people", "vehicles/hour"}
    people = read_rows(new, "people.csv")
    assert [(p["people"], p["claims"] in {c["id"] for c in claims}) for p in people] == [("9300", True)]
    assert all(f"| {b.file} | {b.row} |" in (new / "TO-FILL.md").read_text(encoding="utf-8") for b in blanks)
    with pytest.raises(UsageError, match="in use"):
        draft_from_report(new, text, suggestion, None, {}, {})


def test_claim_columns_are_those_of_the_scenario():
    from corridor.scenario.schema import load_fields

    assert set(CLAIM_COLUMNS) == set(load_fields()["claims"])


ARRIVED = (
    "More than 56,000 people crossed into Egypt by 31 May, the agency said. About 120,000 people live in Omdurman.\n"
    "12,000 people were registered in Renk; 7,000 people have not crossed and 2,500 vehicles arrived.\n"
    "The crossing will open on 5 June, the ministry said.\n"
)


@pytest.fixture
def arrived(tmp_path):
    path = tmp_path / "arrived.txt"
    path.write_text(ARRIVED, encoding="utf-8")
    text = read_text(path)
    return text, suggest(text, [], date(2023, 6, 3))


def test_who_has_come_is_a_count_and_not_somebody_inside(arrived, tmp_path):
    text, suggestion = arrived
    draft_from_report(tmp_path / "d", text, suggestion, [], SOURCE, {"wording": "w"})
    counts = read_rows(tmp_path / "d", "observations/reported.csv")
    found = [(row["series"], row["value"], row["low"], row["published"]) for row in counts]
    day = "2021-05-07"
    assert found == [
        ("arrivals", "", "56000", day), ("registered", "12000", "", day), ("vehicles", "2500", "", day)
    ]  # fmt: skip
    assert [row["people"] for row in read_rows(tmp_path / "d", "people.csv")] == ["120000", "7000"]
    assert [row["time"] for row in counts] == ["2023-06-01T00:00", BLANK, BLANK]


def test_what_a_claim_is_used_for_and_about_says_what_it_counts(arrived, tmp_path):
    text, suggestion = arrived
    chosen = [find(suggestion, "quantity", "120,000")]
    about = {"wording": "w", "about": "lodged", "use": "scores", "happened": find(suggestion, "date", "31 May")}
    draft_from_report(tmp_path / "a", text, suggestion, chosen, SOURCE, about)
    (row,) = read_rows(tmp_path / "a", "observations/reported.csv")
    assert (row["series"], row["value"], row["time"]) == ("lodged", "120000", "2023-06-01T00:00")
    chosen = [find(suggestion, "quantity", "56,000")]
    draft_from_report(tmp_path / "b", text, suggestion, chosen, SOURCE, {"wording": "w", "use": "sets"})
    assert not (tmp_path / "b" / "observations").exists()
    assert read_rows(tmp_path / "b", "people.csv")[0]["people"] == "56000"


def test_a_date_is_the_value_of_a_claim(arrived, folder):
    text, suggestion = arrived
    chosen = [find(suggestion, "date", "5 June")]
    accept(folder, text, suggestion, chosen, SOURCE, {"wording": "It opens on 5 June"})
    accept(folder, text, suggestion, chosen, SOURCE, {"id": "hour", "wording": "w", "date": "2023-06-05T08:00"})
    opens, hour = read_rows(folder, "evidence/claims.csv")[-2:]
    assert (opens["date"], opens["quantity"], opens["speaker"]) == ("2023-06-05", "date", "the ministry")
    assert hour["date"] == "2023-06-05T08:00"


@pytest.mark.parametrize(
    ("low", "high", "date", "agrees"),
    [
        ("2023-06-05T08:00", "2023-06-05T08:00", "2023-06-05", True),
        ("2023-06-05T23:59", "2023-06-06T02:00", "2023-06-05", True),
        ("2023-06-06T00:00", "2023-06-06T00:00", "2023-06-05", False),
        ("2023-06-05T09:00", "2023-06-05T09:00", "2023-06-05T08:00", False),
        ("2023-06-07T09:00", "2023-06-07T09:00", "2023-06-05..2023-06-07", True),
    ],
)
def test_a_time_agrees_with_the_date_its_only_claim_states(low, high, date, agrees):
    ends = (count_hours(datetime.fromisoformat(end)) for end in (low, high))
    use = Use("events.csv", 2, "time", low, ("c1",), "", "", *ends, None, False)
    claims = [{"id": "c1", "source": "s1", "date": date, "wording": "w", "stance": "asserts"}]
    report = check_evidence([{"id": "s1", "publisher": "p"}], claims, None, [use])
    assert [fault.code for fault in report.faults] == [] if agrees else ["number_differs_from_claim"]
    assert report.counts["numbers"] == 0


def test_tables_may_name_claims_that_are_yet_to_be_accepted(report, tmp_path):
    path, _, _ = report
    create(tmp_path / "case")
    events = tmp_path / "case" / "events.csv"
    before, rows = events.read_text().split("label,note\n")
    events.write_text(f"{before}label,note,claims\n{rows.replace(',Shelling,', ',Shelling,,c_new')}")
    (tmp_path / "case" / "people.csv").write_text("place,group,people,claims\n?,?,?,c_other\n")
    with pytest.raises(FaultsError):
        read_scenario(tmp_path / "case")
    reading = suggest_in_front(path, tmp_path / "case", date(2021, 5, 7))
    chosen = [find(reading.suggestion, "quantity", "9,300")]
    reading.accept(chosen, SOURCE | {"id": "new"}, {"id": "c_new", "wording": "w"})
    assert read_rows(tmp_path / "case", "evidence/claims.csv")[-1]["id"] == "c_new"
    for name in ("nothing", "."):  # no folder, a folder of something else
        with pytest.raises(FaultsError):
            suggest_in_front(path, tmp_path / name)


@pytest.mark.parametrize(
    ("hour", "agrees"), [("2025-03-01T06:00", True), ("2025-03-01", True), ("2025-03-02T06:00", False)]
)
def test_an_event_on_the_day_its_claim_states_holds(arrived, tmp_path, hour, agrees):
    """A day stays a day when the table of claims is read."""
    text, suggestion = arrived
    create(tmp_path / "case")
    events = tmp_path / "case" / "events.csv"
    before, rows = events.read_text().split("label,note\n")
    rows = rows.replace("2025-03-01T06:00", hour).replace(",Shelling,", ",Shelling,,c_day")
    events.write_text(f"{before}label,note,claims\n{rows}")
    said = {"id": "c_day", "wording": "w", "date": "2025-03-01"}
    accept(tmp_path / "case", text, suggestion, [find(suggestion, "date", "5 June")], SOURCE, said)
    found = check_scenario(read_scenario(tmp_path / "case"))
    assert {fault.code for fault in found.faults} == (set() if agrees else {"number_differs_from_claim"})
