"""The evidence of the worked case: it holds, and no set rests on what was told after its day."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corridor.cli.evidence import evidence
from corridor.evidence.review import TOLD_OF_EDITS
from corridor.evidence.scenario_rows import check_scenario, uses_of
from corridor.scenario.checks.knowledge import UNDATED
from corridor.scenario.read import Row
from corridor.scenario.scenario import Scenario, read_scenario

PLANNED = {"promises", "fears", "demands"}  # may tell of a day to come


@pytest.fixture(scope="module")
def case(worked_case: Path) -> Scenario:
    return read_scenario(worked_case)


def latest_day(claim: Row) -> datetime | None:
    """Return the latest day a claim speaks from, by the table alone."""
    columns = ("said_on",) if claim["stance"] in PLANNED else ("said_on", "happened")
    return max((claim[column] for column in columns if claim[column]), default=None)


@pytest.mark.parametrize("name", ["as-of-22-september", "replay"])
def test_no_number_of_a_set_rests_on_a_claim_told_after_its_day(case: Scenario, name: str) -> None:
    """Counts that are only compared with the run may be later; what does not date (positions, studies) may be too."""
    until = case.sets[name]["known_until"]
    claims = {row["id"]: row for row in case.tables["claims"]}
    rows = {
        (row.file, row.line): row
        for table in case.tables
        if table not in ("claims", "sources", "observations")
        for row in case.rows(table, name)
    }
    late = []
    for use in uses_of(case):
        for claim in use.claims if (use.file, use.row) in rows else ():
            day = latest_day(claims[claim])
            if day and day > until and claims[claim]["about"] not in UNDATED:
                late.append(f"{use.file}, row {use.row}, {use.column}: {claim} of {day}")
    assert late == []


def test_fitted_counts_lie_before_the_day_of_the_fit(case: Scenario) -> None:
    """What is marked as used for fitting happened up to the last fitted count."""
    until = case.sets["replay"]["fitted_until"]
    fits = [row for row in case.tables["claims"] if row["use"] == "fits"]
    assert fits
    assert all(row["happened"] <= until for row in fits if row["happened"])


def test_the_check_notices_a_later_claim(case: Scenario) -> None:
    """Were a number of the early set to name a claim of 28 September, the check would fail."""
    from dataclasses import replace

    row = next(row for row in case.tables["groups"] if row["claims"] is not None)
    changed = replace(row, values={**row.values, "set": "as-of-22-september", "claims": ("c_one_way",)})
    groups = tuple(changed if other is row else other for other in case.tables["groups"])
    report = check_scenario(replace(case, tables={**case.tables, "groups": groups}))
    errors = {fault.code for fault in report.faults if fault.severity == "error"}
    assert errors - set(TOLD_OF_EDITS) == {"known_later"}
    assert report.failed


def test_the_command_passes_and_counts(worked_case: Path) -> None:
    """Exit 0, one document; origins are fewer than sources; conflicting figures of the population stand together."""
    result = CliRunner().invoke(evidence, ["check", str(worked_case), "--json"])
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert document["passed"]
    assert document["counts"]["origins"] < document["counts"]["sources"]
    topics = {conflict["topic"]["quantity"]: conflict["values"] for conflict in document["conflicts"]}
    assert len(topics["people present"]) >= 4
    assert document["counts"]["numbers without a claim"] == len(document["assumptions"])
