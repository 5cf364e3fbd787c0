"""The texts that a worked case keeps: every quote stands there with its number, and whatever is changed shows."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corridor as co
from corridor.evidence.check import EvidenceReport, check_evidence
from corridor.evidence.scenario_rows import rows_of

CASE = Path(__file__).resolve().parents[2] / "scenarios" / "sudan-2023"
TEXTS = sorted(path.name for path in (CASE / "evidence/texts").glob("*.txt"))
COUNTED = re.compile(r"[\d,]+(?= people)")
Rows = list[Mapping[str, Any]]


@pytest.fixture(scope="module")
def tables() -> tuple[Rows, Rows]:
    """Return the sources whose texts are kept, and the claims that quote them."""
    case = co.read(CASE)
    sources = [row for row in rows_of(case, "sources") if row["file"]]
    return sources, [row for row in rows_of(case, "claims") if row["quote"]]


def check(tables: tuple[Rows, Rows], folder: Path, changed: str = "", text: str = "") -> EvidenceReport:
    """Check the evidence with one kept text changed, and hashed anew: whoever changed it did that too."""
    shutil.copytree(CASE / "evidence/texts", folder, dirs_exist_ok=True)
    sources, claims = tables
    if changed:
        (folder / changed).write_text(text, encoding="utf-8")
        new = hashlib.sha256(text.encode()).hexdigest()
        sources = [{**row, "hash": new} if row["file"] == changed else row for row in sources]
    return check_evidence(sources, claims, folder)


def errors(report: EvidenceReport) -> set[str]:
    return {fault.code for fault in report.faults if fault.severity == "error"}


def read(name: str) -> str:
    return (CASE / "evidence/texts" / name).read_text(encoding="utf-8")


def quotes_of(tables: tuple[Rows, Rows], name: str) -> Sequence[str]:
    sources = {row["id"] for row in tables[0] if row["file"] == name}
    return [str(row["quote"]) for row in tables[1] if row["quote"] and set(row["source"]) & sources]


def test_every_quote_of_the_case_stands_word_for_word(tables: tuple[Rows, Rows], tmp_path: Path) -> None:
    report = check(tables, tmp_path)
    quoted = tables[1]
    assert len(TEXTS) == 4
    assert len(quoted) >= 25
    assert errors(report) == set()
    assert {anchor.how for _, anchor in report.anchors.values()} == {"exact"}
    assert report.counts["numbers compared"] == len(report.anchors) == len(quoted)
    assert all(quotes_of(tables, name) for name in TEXTS)


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_that_is_not_the_one_that_was_hashed_shows(tables: tuple[Rows, Rows], tmp_path: Path, name: str) -> None:
    check(tables, tmp_path)
    for changed in (read(name).replace(",", ".", 1), read(name) + " ", read(name)[:-40]):
        (tmp_path / name).write_text(changed, encoding="utf-8")
        assert "hash_differs" in errors(check_evidence(*tables, tmp_path))
    (tmp_path / name).unlink()
    assert "text_missing" in errors(check_evidence(*tables, tmp_path))


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(TEXTS), st.data())
def test_a_number_that_is_changed_and_hashed_anew_shows(
    tables: tuple[Rows, Rows], tmp_path_factory: pytest.TempPathFactory, name: str, drawn: st.DataObject
) -> None:
    text, quotes = read(name), quotes_of(tables, name)
    places = [
        (q, m.start() + n) for q in quotes for m in COUNTED.finditer(q) for n in range(len(m[0])) if m[0][n] != ","
    ]
    quote, at = drawn.draw(st.sampled_from(places))
    other = drawn.draw(st.sampled_from([digit for digit in "123456789" if digit != quote[at]]))
    changed = text.replace(quote, quote[:at] + other + quote[at + 1 :])
    assert changed != text
    found = errors(check(tables, tmp_path_factory.mktemp("texts"), name, changed))
    assert found & {"quote_number_altered", "quote_not_found"}


@pytest.mark.parametrize("name", TEXTS)
def test_a_sentence_that_is_moved_or_cut_shows(tables: tuple[Rows, Rows], tmp_path: Path, name: str) -> None:
    text, alone = read(name), {str(row["quote"]) for row in tables[1] if not row["prefix"]}
    for quote in quotes_of(tables, name):
        cut = text.replace(f"{quote}.", "")
        assert errors(check(tables, tmp_path, name, cut)) & {"quote_not_found", "quote_number_altered"}, quote
        if quote not in alone:  # of a sentence that begins its paragraph nothing tells where it stood but the hash
            assert "quote_moved" in errors(check(tables, tmp_path, name, f"{quote}. {cut}")), quote
    begun = text[: text.index("\n\n")]
    assert "quote_not_found" in errors(check(tables, tmp_path, name, begun))
