"""The parts on evidence: every claim opens, said-on is told from happened-on, sizes of agreements are assumptions."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

from corridor.forecast.agreements import ASSUMED, compare_agreements, list_agreements
from corridor.forecast.effects import FILE, list_changes, read_effects
from corridor.forecast.findings import find
from corridor.forecast.kept import identify, keep
from corridor.front.briefing import describe_deal
from corridor.report.evidence_pages import evidence_sections
from corridor.report.statements import describe_timeline, group_by_actor, known_claims
from corridor.report.weakest import measure_weakness, rank_weakest
from corridor.results.findings import Findings
from corridor.results.result import Result
from corridor.simulate.compile import compile_model


def test_weakness_falls_with_better_claims_and_never_rises_with_more() -> None:
    """No claim is the weakest; a better grade is less weak; another claim cannot make a number weaker."""
    assert measure_weakness([]) == measure_weakness(["F6"]) == 1.0
    assert measure_weakness(["A1"]) == 0.0
    assert measure_weakness(["B2"]) < measure_weakness(["B3"]) < measure_weakness(["C3"])
    assert measure_weakness(["C3", "E5"]) == measure_weakness(["C3"])


@pytest.mark.slow
def test_the_weakest_are_ordered_by_grade_and_effect(case_result: Result) -> None:
    """The order is that of the product; strong claims and effects within chance are left out."""
    model = compile_model(case_result.scenario, case_result.manifest["parameters"])
    generator = np.random.default_rng(4)
    numbers = [
        {"name": change.name, "effect": float(generator.normal()), "error": 0.1, "moves": "x", "sentence": "inside"}
        for change in list_changes(case_result.scenario, model)
    ]
    ranked = rank_weakest(case_result, {"numbers": numbers})
    assert len(ranked) == 12
    scores = [entry["weakness"] * entry["effect"] for entry in ranked]
    assert scores == sorted(scores, reverse=True)
    assert all(entry["effect"] >= 0.2 for entry in ranked)
    assert all(entry["weakness"] == 1.0 for entry in ranked if not entry["claims"])
    assert rank_weakest(case_result, {"numbers": [{**entry, "error": 10.0} for entry in numbers]}) == []


@pytest.mark.slow
def test_every_claim_is_listed_once_under_one_actor(case_result: Result) -> None:
    """Nothing is lost or told twice, and a set lists nothing told after its day."""
    listed = [
        claim["id"] for group in group_by_actor(case_result) for claim in (*group["statements"], *group["counts"])
    ]
    assert sorted(listed) == sorted(row["id"] for row in known_claims(case_result))
    until = datetime.fromisoformat(case_result.manifest["known_until"])
    dated = [row["said_on"] for row in known_claims(case_result) if row["said_on"] and row["about"] != "literature"]
    assert dated
    assert max(dated) <= until
    groups = {group["name"]: group for group in group_by_actor(case_result)}
    speakers = {claim["speaker"] for claim in groups["Azerbaijan"]["statements"]}
    assert {"Hikmet Hajiyev", "Ilham Aliyev"} <= speakers
    assert not any("Babayan" in speaker for speaker in speakers)


@pytest.mark.slow
def test_the_timeline_tells_said_from_happened(case_result: Result) -> None:
    """A statement about a later day stands at both days; an event has no day of saying."""
    timeline = describe_timeline(case_result)
    items = {item["id"]: item for item in timeline["items"]}
    talks = items["c_yevlakh"]
    assert (talks["said"][:10], talks["happened"][:10]) == ("2023-09-20", "2023-09-21")
    assert float(talks["said_at"]) < float(talks["happened_at"])
    assert not items["ceasefire"]["said_at"]
    assert items["ceasefire"]["happened_at"]
    firsts = [item["first"] for item in timeline["items"]]
    assert firsts == sorted(firsts)
    assert all(
        0 <= float(item[key]) <= 100 for item in items.values() for key in ("said_at", "happened_at") if item[key]
    )


@pytest.mark.slow
def test_the_page_opens_claims_actors_deal_and_timeline(case_page: str) -> None:
    """The sections are there, and each claim named in them has its entry on the page."""
    for anchor in ("weakest", "deal", "actors", "timeline", "actor-azerbaijan", "deal-guarantees"):
        assert f'id="{anchor}"' in case_page
    linked = set(re.findall(r'href="#(claim-[^"]+)"', case_page))
    assert len(linked) > 100
    assert linked <= set(re.findall(r'id="(claim-[^"]+)"', case_page))
    assert "must not be read as claiming" in case_page


def test_a_quote_is_shown_only_if_its_text_is_kept(small_result: Result) -> None:
    """The wording is always there; the words of a report only with the right to keep it."""
    from corridor.report.annex import describe_claim

    row = small_result.scenario.tables["claims"][0]
    quoted = replace(row, values={**row.values, "quote": "in so many words"})
    assert describe_claim(small_result, quoted)["quote"] == ""
    sources = tuple(replace(s, values={**s.values, "file": "a.txt"}) for s in small_result.scenario.tables["sources"])
    kept = replace(small_result.scenario, tables={**small_result.scenario.tables, "sources": sources})
    held = Result(small_result.folder, small_result.manifest)
    held.__dict__["scenario"] = kept
    assert describe_claim(held, quoted)["quote"] == "in so many words"


@pytest.mark.slow
def test_agreements_are_compared_with_the_same_luck_and_called_assumed(
    case_result: Result, case_findings: Findings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before an agreement nothing differs, replicate by replicate; the sentence stands beside the difference."""
    monkeypatch.setattr(sys.modules["corridor.forecast.agreements"], "PAIRS", 12)
    assert list_agreements(case_result.scenario.folder) == ["amnesty-agreed", "guarantees-agreed", "no-deal"]
    early = datetime(2023, 9, 22, 12)
    found = compare_agreements(case_result, early)
    assert found is not None
    for variant in found["variants"]:
        before = [row for row in variant["rows"] if row["time"] == early.isoformat(timespec="minutes")]
        assert all(row["q05"] == row["q95"] == row["mean"] == 0 for row in before)
    later = [row["mean"] for variant in found["variants"] for row in variant["rows"]]
    assert any(later)
    assert [row["part"] for row in found["variants"][0]["rows"]] == sorted(
        (row["part"] for row in found["variants"][0]["rows"]), key=("flight", "corridor", "relief").index
    )
    assert {size["source"] for variant in found["variants"] for size in variant["sizes"]} == {"assumption"}
    kept = find(case_result, early.isoformat(), quick=True).agreements
    assert kept == found
    (case_result.folder / "figures" / "agreements.json").unlink()
    shown = evidence_sections(case_result, replace(case_findings, agreements=found), describe_deal(case_result))
    assert ASSUMED in next(s.html for s in shown if s.anchor == "deal")


def test_kept_effects_are_used_and_others_are_not(small_result: Result, small_findings: Findings) -> None:
    """Effects of another state of the scenario say nothing of this one."""
    entry = {"name": "parameters/effect_gone", "effect": 0.5, "error": 0.01, "moves": "mean hours waited"}
    asked = identify(small_result) | {"moment": small_findings.moment.isoformat(timespec="minutes")}
    for run, used in ((asked["run"], True), ("another", False)):
        document = keep(small_result, FILE, {**asked, "run": run, "numbers": [entry]})
        effects = read_effects(small_result, small_findings.moment)
        assert (effects == document) is used
        html = evidence_sections(small_result, replace(small_findings, effects=effects), None)[0].html
        assert ("mean hours waited" in html) is used
    (small_result.folder / "figures" / FILE).unlink()


@pytest.mark.slow
def test_compare_says_that_the_size_is_assumed(case_result: Result, worked_case: Path, tmp_path: Path) -> None:
    """Beside the paired difference of two stored runs, too, and only where an agreement is assumed."""
    from typer.testing import CliRunner

    from corridor.cli.main import app
    from corridor.results.run import run
    from corridor.scenario.scenario import read_scenario

    other = run(read_scenario(worked_case, "no-deal"), tmp_path / "b", "as-of-22-september", replicates=40, seed=7)
    said = CliRunner().invoke(app, ["compare", str(case_result.folder), str(other.folder)])
    assert said.exit_code == 0
    assert ASSUMED in said.stdout
    alone = CliRunner().invoke(app, ["compare", str(case_result.folder), str(case_result.folder)])
    assert "assumption" not in alone.stdout
    found = find(other, quick=True)
    deal = next(s.html for s in evidence_sections(other, found, describe_deal(other)) if s.anchor == "deal")
    assert f"This run is the variant no-deal. {ASSUMED}" in deal
