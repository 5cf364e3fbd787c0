"""`evidence check`: a sound folder passes; each thing that can be wrong gives its own code."""

from __future__ import annotations

import hashlib
import math
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corridor.evidence import calculation, check, claims, counts, review, uses
from corridor.evidence import kept as kept_texts
from corridor.evidence.check import check_evidence
from corridor.evidence.rows import Use
from corridor.evidence.support import find_origins
from corridor.scenario.faults import load_fault_kinds
from corridor.scenario.values import rounding

# The kinds of fault that these modules name, by code.
KINDS = {
    kind.code: kind
    for kind in load_fault_kinds().values()
    for module in (calculation, check, claims, counts, kept_texts, review, uses)
    if f'"{kind.kind}"' in Path(module.__file__).read_text(encoding="utf-8")
}
TEXT = (
    "4 May 2021\n\nAbout 1,200 people wait at the gate, the mayor said on Tuesday. On Monday nine trucks came.\n"
    "Nine trucks came in April, too. The gate is shut.\n"
)


def a_source(**cells):
    return {"id": "s1", "publisher": "Herald", "published": "2021-05-04", "origin": "Mayor", "language": "en"} | cells


def a_claim(**cells):
    return {
        "id": "c1", "source": "s1", "speaker": "mayor", "said_on": "2021-05-04", "about": "queue",
        "happened": "2021-05-04", "place": "gate", "quantity": "people waiting", "value": "1200",
        "unit": "people", "stance": "asserts",
        "quote": "About 1,200 people wait at the gate", "wording": "", "use": "sets",
    } | cells  # fmt: skip


@pytest.fixture
def texts(tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT, encoding="utf-8")
    return folder


def kept(**cells):
    return a_source(file="a.txt", hash=hashlib.sha256(TEXT.encode()).hexdigest()) | cells


def run(sources, said, texts=None, numbers=(), **more):
    return check_evidence(sources, said, texts, numbers, date(2021, 5, 1), **more)


def codes(report):
    return {fault.code for fault in report.faults}


def test_sound_evidence_passes(texts):
    use = Use("people.csv", 2, "people", "1200", ("c1",), "people", "", 1200.0, 1200.0)
    report = run([kept()], [a_claim()], texts, [use])
    assert report.faults == ()
    assert not report.failed
    assert report.anchors["c1"][1].how == "exact"
    assert report.counts["numbers compared"] == 1


OTHER = a_source(id="s2", publisher="Post", origin="Red Cross")
SAME = a_source(id="s2", publisher="Post", origin=" MAYOR ")
BROKEN = {
    "duplicate_id": ([kept()], [a_claim(), a_claim()]),
    "source_unknown": ([kept()], [a_claim(source="s11")]),
    "text_missing": ([kept(file="b.txt")], [a_claim()]),
    "text_outside": ([kept(file="../secret.txt")], [a_claim()]),
    "text_unused": ([a_source()], [a_claim(quote="")]),
    "hash_missing": ([kept(hash="")], [a_claim()]),
    "hash_differs": ([kept(hash="sha256:" + "0" * 64)], [a_claim()]),
    "quote_not_found": ([kept()], [a_claim(quote="1,200 people slept in the church by the lake")]),
    "quote_not_checked": ([a_source()], [a_claim()]),
    "quote_ambiguous": ([kept()], [a_claim(quote="trucks came", value="")]),
    "quote_close": ([kept()], [a_claim(quote="About 1,200 people waited at this gate, the mayor said")]),
    "quote_number_altered": (
        [kept()],
        [a_claim(quote="About 1,300 people waited at this gate, the mayor said", value="1300")],
    ),
    "number_differs": ([kept()], [a_claim(value="12000")]),
    "unit_differs": ([kept()], [a_claim(unit="vehicles")]),
    "number_unread": ([kept()], [a_claim(quote="The gate is shut", value="3")]),
    "range_reversed": ([kept()], [a_claim(quote="", value="", low="9", high="3")]),
    "happened_after_page": ([kept()], [a_claim(happened="2021-05-05")]),
    "said_after_page": ([kept()], [a_claim(said_on="2021-05-06")]),
    "retrieved_before_published": ([kept(retrieved="2021-05-01")], [a_claim()]),
    "weekday_differs": (
        [kept()],
        [a_claim(quote="On Monday nine trucks came", quantity="trucks", value="9", unit="vehicles")],
    ),
    "confirmed_by_itself": ([kept(), SAME], [a_claim(source="s1 s2", credibility="1")]),
    "one_origin": ([kept(), SAME], [a_claim(source="s1 s2", credibility="2")]),
    "stale": ([kept()], [a_claim(quote="", happened="2021-01-04", said_on="")]),
}


@pytest.mark.parametrize("code", sorted(BROKEN))
def test_each_fault_has_its_code(code, texts):
    sources, claims = BROKEN[code]
    report = run(sources, claims, texts)
    assert code in codes(report)
    fault = next(f for f in report.faults if f.code == code)
    assert KINDS[code].severity == fault.severity
    assert fault.fix
    assert fault.allowed
    if fault.severity == "error":
        assert report.failed
        others = {f.code for f in report.faults if f.severity == "error"} - {code}
        assert others <= {"quote_not_found", "duplicate_id"}, others  # nothing knock-on


def test_a_text_that_cannot_be_read(texts):
    (texts / "a.txt").write_bytes(b"\xff\x00\x81")
    assert "text_unreadable" in codes(run([kept()], [a_claim()], texts))


def test_the_date_of_the_page_is_not_the_day_of_the_event(texts):
    old = TEXT.replace("4 May 2021", "Printed 3 July 2021")
    (texts / "a.txt").write_text(old, encoding="utf-8")
    source = kept(hash=hashlib.sha256(old.encode()).hexdigest(), published="2021-07-03")
    for column in ("happened", "said_on"):
        claim = a_claim(happened="2021-05-03", said_on="2021-05-04") | {column: "2021-07-03"}
        assert "page_date_as_event" in codes(run([source], [claim], texts))
    assert codes(run([source], [a_claim()], texts)) == set()


def test_promises_and_fears_may_speak_of_days_to_come(texts):
    for stance in ("promises", "fears", "demands"):
        assert (
            codes(run([kept()], [a_claim(happened="2021-05-09", stance=stance, said_on="2021-05-04")], texts)) == set()
        )


def test_uses_must_name_claims_and_agree_with_the_only_one():
    def use(value, claims=("c1",), note="", unit="people"):
        return Use("people.csv", 3, "people", str(value), claims, unit, note, float(value), float(value))

    claims = [a_claim(quote="")]
    assert codes(run([a_source()], claims, None, [use(5000)])) == {"number_differs_from_claim"}
    assert codes(run([a_source()], claims, None, [use(1200), use(5000, note="less those who left")])) == set()
    assert codes(run([a_source()], claims, None, [use(5000, unit="vehicles")])) == {"claim_unit_differs"}
    unknown = run([a_source()], claims, None, [use(5000, claims=("c11",))])
    assert codes(unknown) == {"claim_unknown"}
    assert 'did you mean "c1"' in unknown.faults[0].fix


def test_what_was_said_or_happened_later_sets_no_number_of_a_set():
    def found(**claim):
        until = Use("people.csv", 3, "people", "1200", ("c1",), "people", "", 1200.0, 1200.0, date(2021, 5, 4))
        return codes(
            run([a_source(published="2021-06-01")], [a_claim(quote="", said_on="2021-05-04") | claim], None, [until])
        )

    assert found(happened="2021-05-03") == set()
    assert found(happened="2021-05-03", said_on="2021-05-05") == {"known_later"}
    assert found(happened="2021-05-05", said_on="") == {"known_later"}
    assert found(happened="2021-05-05", stance="promises") == set()
    assert found(happened="2021-05-05", said_on="", about="literature") == set()


def test_numbers_without_a_claim_come_in_the_order_of_their_effect():
    numbers = [Use("a.csv", i, "x", "1", (), "", "", 1.0, 1.0) for i in range(2, 6)]
    effects = {("a.csv", 3, "x"): 0.1, ("a.csv", 5, "x"): -2.0}
    report = run([], [], None, numbers, effects=effects)
    assert [a.use.row for a in report.assumptions] == [5, 3, 2, 4]
    assert [a.effect for a in report.assumptions] == [-2.0, 0.1, None, None]


@given(st.lists(st.sampled_from(["AFP", "afp ", "Reuters", ""]), min_size=1, max_size=6))
def test_outlets_with_one_origin_count_once(origins):
    sources = {f"s{i}": {"id": f"s{i}", "publisher": f"p{i}", "origin": o} for i, o in enumerate(origins)}
    claim = {"source": " ".join(sources)}
    expected = {o.strip().lower() or f"p{i}" for i, o in enumerate(origins)}
    assert set(find_origins(claim, sources)) == expected


def test_conflicting_claims_stand_side_by_side():
    claims = [
        a_claim(quote=""),
        a_claim(id="c2", quote="", value="15000", unit="persons"),
        a_claim(id="c3", quote="", value="", low="1000"),
        a_claim(id="c4", quote="", value="900", place="bridge"),
        a_claim(id="c5", quote="", value="9", happened="2021-05-03"),
    ]
    report = run([a_source(), OTHER], claims)
    (conflict,) = report.conflicts
    assert [v[0] for v in conflict.values] == ["c1", "c2", "c3"]
    assert conflict.values[2][2] == math.inf
    document = report.to_document()
    assert document["conflicts"][0]["values"][2]["high"] is None


def test_what_agrees_within_its_rounding_is_no_conflict():
    claims = [a_claim(quote="", value="42500"), a_claim(id="c2", quote="", value="42502")]
    assert run([a_source()], claims).conflicts == ()
    assert (rounding(42500), rounding(42502), rounding(7), rounding(120000)) == (100, 0, 0, 6000)


def test_claims_that_nothing_pins_down_are_not_set_against_each_other():
    claims = [a_claim(quote="", place="", happened="", value=v, id=f"c{v}") for v in ("5", "50")]
    assert run([a_source()], claims).conflicts == ()


def test_support_counts_sources_and_origins():
    claims = [a_claim(quote=""), a_claim(id="c2", quote="", source="s2")]
    (support,) = run([a_source(), SAME], claims).support
    assert (len(support.sources), len(support.origins)) == (2, 1)


def test_every_code_in_the_table_is_made_somewhere():
    tests = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    assert [code for code in KINDS if not any(f'"{code}"' in text for text in tests)] == []


def test_rows_may_be_typed_and_carry_their_line():
    claim = a_claim(quote="", source=("s1",), value=1200.0, said_on="", happened=date(2021, 5, 5)) | {"_line": 17}
    (fault,) = run([a_source()], [claim]).faults
    assert (fault.row, fault.code) == (17, "happened_after_page")


def test_the_documentation_tells_every_code():
    page = (Path(__file__).resolve().parents[2] / "docs" / "evidence.md").read_text(encoding="utf-8")
    for code, kind in KINDS.items():
        assert f"| `{code}` | {kind.severity} | {kind.meaning} |" in page
