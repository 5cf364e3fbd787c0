"""The commands: one JSON document, faults told, exit codes kept."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

import corridor as co
from corridor.cli.evidence import evidence
from corridor.scenario.faults import FaultsError, UsageError

WORKED_CASE = Path(__file__).resolve().parents[2] / "scenarios" / "karabakh-2023"
TEXT = "Some 9,300 people wait in Goris, the ministry told Reuters on Friday.\n"


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "report.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_suggest_prints_the_contract(report):
    result = CliRunner().invoke(
        evidence, ["suggest", str(report), "--scenario", str(WORKED_CASE), "--date", "2023-09-22", "--json"]
    )
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert list(document) == ["report_date", "warnings", "proposals", "language"]
    by_kind = {p["kind"]: p for p in document["proposals"]}
    assert set(by_kind) == {"quantity", "date", "place", "statement"}
    for proposal in document["proposals"]:
        assert TEXT[proposal["start"] : proposal["end"]] == proposal["text"]
    assert {"value", "low", "high", "unit", "counts", "approximate"} <= set(by_kind["quantity"])
    assert {"from", "to", "said_as"} <= set(by_kind["date"])
    assert {"speaker", "role", "said_to", "stance", "about"} <= set(by_kind["statement"])
    assert by_kind["place"]["ref"] == "goris"


def test_what_cannot_be_done_is_said(report, tmp_path):
    for arguments, error in (
        (["suggest", str(tmp_path / "none.txt")], UsageError),
        (["suggest", str(report), "--date", "yesterday"], UsageError),
        (["suggest", str(report), "--encoding", "cp0"], UsageError),
        (["accept", str(report), "--proposal", "quantity-0-17"], UsageError),
        (["check", str(tmp_path)], FaultsError),
    ):
        result = CliRunner().invoke(evidence, arguments)
        assert isinstance(result.exception, error), arguments


def test_accept_adds_and_drafts(report, tmp_path):
    target = tmp_path / "case"
    base = ["accept", str(report), "--date", "2023-09-22", "--proposal", "quantity-0-17", "--json"]
    more = ["--source", "s1", "--publisher", "Wire", "--wording", "9,300 wait", "--keep-text"]
    result = CliRunner().invoke(evidence, [*base, *more, "--scenario", str(target)])
    # the folder is no scenario: nothing may be added to it
    assert isinstance(result.exception, FaultsError)
    drafted = CliRunner().invoke(evidence, [*base, *more, "--draft", str(tmp_path / "new")])
    assert drafted.exit_code == 0
    assert json.loads(drafted.stdout)["blanks"]


def test_check_tells_the_state_of_the_worked_case():
    result = CliRunner().invoke(evidence, ["check", str(WORKED_CASE), "--json"])
    document = json.loads(result.stdout)
    assert result.exit_code == (0 if document["passed"] else 4)
    assert document["counts"]["claims"] > 300
    # the population of the enclave is disputed, and the reader must see it
    disputed = [c["topic"]["quantity"] for c in document["conflicts"]]
    assert "people present" in disputed


def test_help_loads_no_numerical_library():
    code = "import sys, corridor.cli.evidence; print([m for m in ('numpy', 'scipy', 'numba') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_from_python_a_check_and_a_reading_show_themselves(report):
    case = co.read(WORKED_CASE)
    found = co.evidence(case)
    assert found.holds
    assert found.document["counts"]["claims"] == found.report.counts["claims"]
    assert str(found).endswith("The evidence holds.")
    assert found._repr_html_().startswith("<table><caption>The evidence holds")
    reading = co.suggest(report, case, date(2023, 9, 22))
    assert "quantity-0-17" in str(reading)
    assert "9,300" in reading._repr_html_()
    with pytest.raises(UsageError, match="without a scenario"):
        co.suggest(report).accept(["quantity-0-17"], {"id": "s1"}, {"wording": "w"})
