"""Evidence on the page: what is accepted is what the command line writes, checked before it is; nothing else is written."""

from __future__ import annotations

import asyncio
import csv
import io
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

import corridor as co
from command import call
from corridor.front.new_counts import try_counts
from corridor.front.page.evidence import describe_evidence
from corridor.front.page.reports import MOST_OPENED, describe_report, open_report
from corridor.web.app import build_app
from corridor.web.session import Session

REPORT = (
    "Families reach the border\n\n2 March 2025\n\n"
    "The government said 1,050 people had crossed at Kornidzor by Sunday evening.\n"
    "The Red Cross said its convoy carried 70 tonnes of aid through the Lachin corridor on 1 March.\n"
)
SOURCE = {"id": "s_new", "publisher": "A news agency", "published": "2025-03-02", "origin": "An office"}
HOSTILE = (
    '=cmd|"/C calc"!A1',
    "<script>alert(1)</script>",
    'a "quoted", one',
    "line\nbreak;semicolon",
    "'; --",
)
TURNED = "\u202eright to left"


@dataclass(frozen=True)
class Asked:
    """The page's server, asked in the tests' own process."""

    session: Session

    def send(self, verb: str, path: str, **more: Any) -> httpx.Response:
        """Return the answer to one request."""
        transport = httpx.ASGITransport(build_app(self.session), raise_app_exceptions=False)

        async def send() -> httpx.Response:
            async with httpx.AsyncClient(transport=transport, base_url="http://page") as client:
                return await client.request(verb, path, **more)

        return asyncio.run(send())

    def get(self, path: str, **values: str) -> Any:
        answer = self.send("GET", path, params=values)
        assert answer.status_code == 200, answer.text
        return answer.json()


def read_all(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(".lock")
    }


@contextmanager
def ask_page(folder: Path, edit: bool = False) -> Iterator[Asked]:
    """Give what answers the page's questions, without a socket and without the model behind the other screens."""
    session = Session(folder, edit)
    try:
        yield Asked(session)
    finally:
        session.close()


@pytest.fixture
def editing(small_folder: Path) -> Iterator[Asked]:
    with ask_page(small_folder, edit=True) as asked:
        yield asked


@pytest.fixture(scope="module")
def reading(worked_case: Path) -> Iterator[Asked]:
    with ask_page(worked_case) as asked:
        yield asked


def find_quantity(asked: Asked, value: float) -> str:
    found = asked.send("POST", "/api/report", json={"text": REPORT}).json()["proposals"]
    return next(str(p["id"]) for p in found if p["kind"] == "quantity" and p["value"] == value)


def write_wish(proposal: str, **more: Any) -> dict[str, Any]:
    details = {"wording": "1,050 people had come by the evening", "happened": "2025-03-02", "credibility": "3"}
    return {"text": REPORT, "proposals": [proposal], "source": SOURCE, "details": details, **more}


def ask(asked: Asked, path: str, document: Any) -> httpx.Response:
    return asked.send("POST", path, content=json.dumps(document))  # half characters too, as a browser sends them


@pytest.mark.parametrize("keep", [False, True])
def test_the_page_writes_the_bytes_of_the_command_line(editing: Asked, tmp_path: Path, keep: bool) -> None:
    folder, other = editing.session.folder, tmp_path / "other"
    shutil.copytree(folder, other)
    proposal = find_quantity(editing, 1050)
    report = tmp_path / "s_new.txt"
    report.write_bytes(REPORT.encode())
    options = ["--source", "s_new", "--publisher", SOURCE["publisher"], "--published", SOURCE["published"]]
    options += ["--origin", SOURCE["origin"], "--wording", "1,050 people had come by the evening"]
    options += ["--happened", "2025-03-02", "--credibility", "3", *(["--keep-text"] if keep else [])]
    done = call("evidence", "accept", report, "--scenario", other, "--proposal", proposal, *options)
    assert done.code == 0, done.stderr
    answer = ask(editing, "/api/report/accept", write_wish(proposal, keep_text=keep))
    assert answer.status_code == 200, answer.text
    assert read_all(folder) == read_all(other)
    assert call("evidence", "check", folder).code == 0
    assert call("check", folder).code == 0


def test_what_is_shown_before_is_what_is_written(editing: Asked) -> None:
    folder, proposal = editing.session.folder, find_quantity(editing, 1050)
    count = {"time": "2025-03-02T21:00", "series": "arrivals", "value": "1050", "published": "2025-03-02T22:30"}
    before = read_all(folder)
    wish = write_wish(proposal, count=count)
    trial = ask(editing, "/api/report/try", wish).json()
    assert read_all(folder) == before
    assert ask(editing, "/api/report/accept", wish).json()["added"] == trial["added"]
    after = read_all(folder)
    for file in {part["file"] for part in trial["added"]}:
        lines = after[file].decode().splitlines()
        old = before[file].decode().splitlines()
        shown = [(part["row"], part["text"]) for part in trial["added"] if part["file"] == file]
        assert shown == [(at, line) for at, line in enumerate(lines, 1) if at > len(old) or line != old[at - 1]]
    assert {name for name in after if after[name] != before.get(name)} == {part["file"] for part in trial["added"]}
    assert call("evidence", "check", folder).code == 0
    claim = editing.get("/api/claim", id=f"s_new_{proposal.replace('-', '_')}")
    assert claim["used_by"][0]["file"] == "observations/arrivals.csv"


def test_all_that_is_accepted_is_written_at_once_as_from_the_file(editing: Asked, tmp_path: Path) -> None:
    folder, other = editing.session.folder, tmp_path / "other"
    shutil.copytree(folder, other)
    report, file = tmp_path / "s_new.txt", tmp_path / "accepted.toml"
    report.write_bytes(REPORT.encode())
    co.suggest(report, other).write(file)
    text = file.read_text(encoding="utf-8").replace('accept = "?"', 'accept = "yes"').replace('"s_s_new"', '"s_new"')
    text = text.replace('publisher = "?"', 'publisher = "A news agency"').replace(
        'wording = "?"', 'wording = "As told"'
    )
    file.write_text(text, encoding="utf-8")
    co.accept_decisions(file)
    found = editing.send("POST", "/api/report", json={"text": REPORT}).json()["proposals"]
    decided = {one["id"]: {**one["decision"], "accept": "yes"} for one in found if one["decision"]}
    for cells in decided.values():
        cells["wording"] = cells["wording"].replace("?", "As told")
    source = {"id": "s_new", "publisher": "A news agency", "published": "2025-03-02", "reliability": "F"}
    asked = {"text": REPORT, "source": source, "claims": {"credibility": "6"}, "proposal": decided}
    before = read_all(folder)
    bad = {**asked, "source": {}, "proposal": {name: {**cells, "use": "any"} for name, cells in decided.items()}}
    refused = ask(editing, "/api/report/decide", bad)
    assert refused.status_code == 422
    assert len(refused.json()["faults"]) == len(decided) + 2  # each use, the source's id and its publisher
    trial = ask(editing, "/api/report/decide/try", asked).json()
    assert read_all(folder) == before
    done = ask(editing, "/api/report/decide", asked).json()
    assert done["added"] == trial["added"]
    assert read_all(folder) == read_all(other)
    assert ask(editing, "/api/report/decide", asked).json()["added"] == []


def test_accepting_twice_adds_once(editing: Asked) -> None:
    wish = write_wish(find_quantity(editing, 1050))
    assert ask(editing, "/api/report/accept", wish).json()["added"]
    assert ask(editing, "/api/report/accept", wish).json()["added"] == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_cells_come_back_as_they_were_given(editing: Asked, text: str) -> None:
    proposal = find_quantity(editing, 1050)
    wish = write_wish(proposal)
    wish["details"] = {**wish["details"], "wording": f"{text} 1,050", "note": text, "speaker": text}
    answer = ask(editing, "/api/report/accept", wish)
    assert answer.status_code == 200, answer.text
    claim = editing.get("/api/claim", id=f"s_new_{proposal.replace('-', '_')}")
    assert [" ".join(claim[name].split()) for name in ("note", "speaker")] == [" ".join(text.split())] * 2
    assert claim["wording"].split() == f"{text} 1,050".split()
    table = (editing.session.folder / "evidence/claims.csv").read_text(encoding="utf-8")
    row = list(csv.DictReader(io.StringIO(table, newline="")))[-1]
    assert not row["wording"].startswith("=")


def test_a_mark_that_turns_the_text_round_is_refused(editing: Asked) -> None:
    wish = write_wish(find_quantity(editing, 1050))
    wish["details"] = {**wish["details"], "note": TURNED}
    assert {f["code"] for f in ask(editing, "/api/report/accept", wish).json()["faults"]} == {"not_printable"}


@pytest.mark.parametrize(
    "change",
    [
        {"source": {**SOURCE, "id": "../../outside"}},
        {"source": {**SOURCE, "id": "a/b"}},
        {"source": {**SOURCE, "file": "../secret.txt"}},
        {"source": {**SOURCE, "hash": "0"}},
        {"source": []},
        {"details": {"id": "..", "wording": "x"}},
        {"details": {"wording": "x", "value": "7"}},
        {"details": {"wording": 7}},
        {"details": {"wording": "x", "credibility": "9"}},
        {"details": {"wording": "x", "happened": "some day"}},
        {"proposals": "quantity-1-2"},
        {"proposals": ["quantity-1-2"]},
        {"proposals": []},
        {"count": {"time": "2025-03-02T21:00", "series": "arrivals", "value": "1050", "place": "nowhere"}},
        {"count": {"time": "2025-03-02T21:00", "series": "arrivals", "value": "1050", "file": "../x.csv"}},
        {"text": "\ud800"},
        {"text": "x" * 1_000_001},
        {"text": 7},
        {"day": "yesterday"},
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(editing: Asked, change: dict[str, Any], tmp_path: Path) -> None:
    wish = {**write_wish(find_quantity(editing, 1050), keep_text=True), **change}
    before = read_all(tmp_path)
    tried, accepted = (ask(editing, f"/api/report/{verb}", wish) for verb in ("try", "accept"))
    assert tried.status_code == 400 or tried.json()["refused"]
    assert accepted.status_code in (400, 422)
    document = accepted.json()
    assert document.get("error") or document["faults"]
    assert read_all(tmp_path) == before


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"[" * 100_000, b"\xff"])
def test_no_json_is_said_in_words(editing: Asked, body: bytes) -> None:
    for path in ("/api/report", "/api/report/try", "/api/counts/try", "/api/counts/add"):
        answer = editing.send("POST", path, content=body)
        assert answer.status_code == 400


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n",
        "\x00\x01",
        "%PDF-1.7",
        *HOSTILE,
        TURNED,
        "\u0410\u0437\u0435\u0440\u0431\u0430\u0439\u0434\u0436\u0430\u043d 100",
    ],
)
def test_any_text_gives_proposals_in_their_place_or_a_sentence(reading: Asked, text: str) -> None:
    answer = ask(reading, "/api/report", {"text": f"{text}\n{REPORT}" if text.strip() else text})
    if answer.status_code == 200:
        content = f"{text}\n{REPORT}"
        assert all(content[p["start"] : p["end"]] == p["text"] for p in answer.json()["proposals"])
    else:
        assert answer.status_code in (400, 422)
        assert "error" in answer.json() or answer.json()["faults"]


@pytest.mark.slow
def test_read_only_writes_nothing(reading: Asked, worked_case: Path) -> None:
    before = read_all(worked_case)
    wish = write_wish(find_quantity(reading, 1050))
    assert ask(reading, "/api/report/try", wish).json()["added"]
    assert ask(reading, "/api/report/accept", wish).status_code == 403
    rows = [{"time": "2025-03-02T21:00", "series": "arrivals", "value": "1050"}]
    assert ask(reading, "/api/counts/try", {"rows": rows}).json()["added"]
    assert ask(reading, "/api/counts/add", {"rows": rows}).status_code == 403
    assert read_all(worked_case) == before


def test_counts_go_where_their_series_stands_and_are_checked(editing: Asked) -> None:
    folder = editing.session.folder
    good = {"time": "2025-03-05T12:00", "series": "arrivals", "value": "4000", "published": "2025-03-05T13:00"}
    assert ask(editing, "/api/counts/add", {"rows": [good]}).status_code == 200
    table = (folder / "observations/arrivals.csv").read_text(encoding="utf-8")
    assert table.splitlines()[-1] == "2025-03-05T12:00,arrivals,,4000,,,2025-03-05T13:00"
    assert ask(editing, "/api/counts/add", {"rows": [good]}).json()["added"] == []
    assert call("check", folder).code == 0
    before = read_all(folder)
    for bad in (
        {**good, "place": "nowhere"},
        {**good, "value": "many"},
        {**good, "series": "../../x"},
        {"series": "arrivals"},
        {**good, "claims": "no_such"},
        {**good, "x": "y"},
        {**good, "low": "9", "high": "3"},
    ):
        answer = ask(editing, "/api/counts/add", {"rows": [bad]})
        assert answer.status_code in (400, 422), (bad, answer.text)
    assert read_all(folder) == before


@pytest.mark.slow
def test_a_new_series_begins_a_file(worked_case: Path) -> None:
    row = {"time": "2025-03-01T12:00", "series": "displaced", "low": "5000", "published": "2025-03-02"}
    trial = try_counts(co.read(worked_case), [row, {**row, "time": "2025-03-02T12:00"}])
    assert [(part["file"], part["row"]) for part in trial["added"]] == [
        ("observations/reported.csv", n) for n in (1, 2, 3)
    ]


@pytest.mark.slow
def test_outlets_of_one_office_count_once_and_conflicts_stand_side_by_side(worked_case: Path) -> None:
    case = co.read(worked_case)
    found, report = describe_evidence(case), co.evidence(case).report
    offices = {source["id"]: (source["origin"] or source["publisher"]).casefold() for source in found["sources"]}
    rows = {str(row["id"]): row for row in case.tables["claims"]}
    for claim in found["claims"]:
        behind = {" ".join(offices[name].split()) for name in rows[claim["id"]]["source"]}
        assert {" ".join(name.casefold().split()) for name in claim["origins"]} == behind
        assert len(claim["origins"]) == len(behind)
    assert len(found["conflicts"]) == len(report.conflicts) > 0
    for conflict, own in zip(found["conflicts"], report.conflicts, strict=True):
        assert {claim["id"] for claim in conflict["claims"]} == {name for name, _, _ in own.values}
        lows = [claim["low"] for claim in conflict["claims"] if claim["low"] is not None]
        highs = [claim["high"] for claim in conflict["claims"] if claim["high"] is not None]
        assert max(lows) > min(highs)


def test_a_number_is_offered_the_rows_of_the_place_beside_it(worked_case: Path) -> None:
    case = co.read(worked_case)
    found = describe_report(case, open_report(case, "In Stepanakert about 120,000 people are without food.\n"))
    (quantity,) = [p for p in found["proposals"] if p["kind"] == "quantity"]
    rows = quantity["rows"]
    assert {(row["file"], row["column"]) for row in rows} == {("people.csv", "people")}
    table = {row.line: row for row in case.tables["people"]}
    assert all(table[row["row"]]["place"] == "stepanakert" for row in rows)


@pytest.mark.slow
def test_a_report_of_very_many_proposals_is_bounded(worked_case: Path) -> None:
    case = co.read(worked_case)
    few = describe_report(case, open_report(case, "In Stepanakert 1,200 people wait.\n" * MOST_OPENED))
    many = describe_report(case, open_report(case, "In Stepanakert 1,200 people wait.\n" * 20 * MOST_OPENED))
    told = [[p for p in found["proposals"] if p["claim"]] for found in (few, many)]
    assert told[0] == told[1]
    assert len(told[0]) == MOST_OPENED
    assert len(many["warnings"]) == len(few["warnings"]) + 1


TOWN = "2 March 2025\n\nIn Town about 21,000 people are without food.\n"


def write_binding(editing: Asked, value: str = "") -> dict[str, Any]:
    """Return a wish that binds the number of TOWN to the first row that it may be about."""
    proposals = ask(editing, "/api/report", {"text": TOWN}).json()["proposals"]
    number = next(p for p in proposals if p["kind"] == "quantity")
    row = number["rows"][0]
    bind = {"file": row["file"], "row": str(row["row"]), "column": row["column"], "was": row["value"], "value": value}
    wish = write_wish(number["id"])
    details = {**wish["details"], "wording": "21,000 people live in the town"}
    return {**wish, "details": details, "text": TOWN, "bind": bind}


@pytest.mark.parametrize("value", ["", "21000"])
def test_a_claim_is_bound_to_a_row_and_nothing_else_changes(editing: Asked, value: str) -> None:
    folder, wish = editing.session.folder, write_binding(editing, value)
    before = read_all(folder)
    answer = ask(editing, "/api/report/accept", wish)
    assert answer.status_code == 200, answer.text
    file, row = wish["bind"]["file"], int(wish["bind"]["row"])
    old, new = (found[file].decode().splitlines() for found in (before, read_all(folder)))
    changed = [at for at, (a, b) in enumerate(zip(old, new, strict=True), 1) if a != b]
    assert set(changed) <= {row, next(n for n, line in enumerate(old, 1) if not line.startswith("#"))}
    claim = f"s_new_{wish['proposals'][0].replace('-', '_')}"
    (bound,) = [r for t in co.read(folder).tables.values() for r in t if (r.file, r.line) == (file, row)]
    assert claim in bound["claims"]
    assert (bound[wish["bind"]["column"]].write() == value) == bool(value)
    assert editing.get("/api/claim", id=claim)["used_by"][0]["row"] == row


@pytest.mark.parametrize(
    "change",
    [
        {"was": "7"},
        {"row": "99"},
        {"row": "x"},
        {"file": "../x.csv"},
        {"file": "observations/arrivals.csv"},
        {"column": "y"},
        {"value": "many"},
        {"value": "-5"},
        {"z": "1"},
    ],
)
def test_a_binding_elsewhere_is_refused(editing: Asked, change: dict[str, str], tmp_path: Path) -> None:
    wish = write_binding(editing)
    before = read_all(tmp_path)
    answer = ask(editing, "/api/report/accept", {**wish, "bind": {**wish["bind"], **change}})
    assert answer.status_code in (400, 422), answer.text
    assert read_all(tmp_path) == before


@pytest.mark.slow
def test_plan_and_deal_are_those_of_the_calls(reading: Asked, worked_case: Path) -> None:
    case = co.read(worked_case)
    deal = reading.get("/api/deal")["deal"]
    assert {k: v for k, v in deal.items() if k != "names"} == json.loads(json.dumps(dict(co.deal(case).document)))
    plan, own = reading.get("/api/plan", days="3"), co.plan(case, 3.0)
    assert [(c["id"], c["trucks"]) for c in plan["convoys"]] == [
        (c.id, c.trucks) for c in sorted(own.convoys, key=lambda convoy: (convoy.departs, convoy.id))
    ]
    assert all(len(convoy["departs"]) == 10 for convoy in plan["convoys"])  # the case is public: the day alone
    for days in ("0", "31", "x", "nan", "1e9"):
        assert reading.get("/api/plan", days=days)["refused"]
