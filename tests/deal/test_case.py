"""The worked case: its variants act on departures only, and its limits stand where users look."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor.deal.answer import MUST_NOT_CLAIM
from corridor.front.cases import check
from corridor.scenario.scenario import read_scenario

ROOT = Path(__file__).parents[2]
CASE = ROOT / "scenarios" / "karabakh-2023"
VARIANTS = ("guarantees-agreed", "amnesty-agreed", "no-deal")


def test_limits_are_those_of_the_output():
    text = " ".join((ROOT / "docs" / "limits.md").read_text(encoding="utf-8").split())
    for claim in MUST_NOT_CLAIM:
        assert f"- {claim}" in text


@pytest.mark.slow
@pytest.mark.parametrize("variant", VARIANTS)
def test_variants_add_marked_assumptions_and_change_nothing_else(variant):
    assert not [fault for fault in list(check(CASE, variant).faults) if fault.severity == "error"]
    before, after = read_scenario(CASE), read_scenario(CASE, variant)
    for table, rows in before.tables.items():
        if table != "events":
            assert after.tables[table] == rows
    known = {row["id"] for row in before.tables["events"]}
    added = [row for row in after.tables["events"] if row["id"] not in known]
    assert len(after.tables["events"]) == len(known) + len(added)
    assert {row["kind"] for row in added} <= {"guarantees", "leave_rate"}
    for row in added:
        assert row["note"].startswith("assumption")
        assert not row["claims"]
        assert (row["time"].start.date(), row["time"].end.date()) == (added[0]["time"].start.date(),) * 2


@pytest.mark.slow
def test_agreed_guarantees_hold_people_and_none_change_nothing(tmp_path):
    from corridor.results.run import run

    def arrive(variant):
        scenario = read_scenario(CASE, variant)
        return run(scenario, tmp_path / str(variant), "replay", replicates=20).take("arrivals")

    base, guarantees, none = (arrive(variant) for variant in (None, "guarantees-agreed", "no-deal"))
    # the replay has no guarantees: setting none again changes no person in any replicate at any hour
    assert (none == base).all()
    assert guarantees.sum() < base.sum()
