"""The worked case of Sudan: clean, its evidence holds, nothing later than 5 May is read where it must not be."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import numpy as np
import pytest

import corridor as co
from corridor.forecast.baseline import make_naive_rules
from corridor.forecast.score import collect_counts
from corridor.scenario.counts import choose_fitted, read_counts

CASE = Path(__file__).parents[2] / "scenarios" / "sudan-2023"
SET, AS_OF = "as-of-5-may", datetime(2023, 5, 5, 18)
EXITS = {
    "argeen-aswan", "ashkeet-abu_simbel", "joda-renk", "gallabat-metema", "el_geneina-adre",
    "west_darfur_villages-koufroun", "um_dafuq-am_dafok", "ships_to_jeddah",
}  # fmt: skip


@pytest.fixture(scope="module")
def run() -> co.Run:
    return co.run(co.read(CASE), parameters=SET, replicates=4, seed=1)


@pytest.mark.slow
def test_the_case_is_clean_and_its_evidence_holds() -> None:
    """No fault, no warning; every claim that sets a number was told by the day its set may know."""
    assert list(co.check(CASE).faults) == []
    assert co.evidence(co.read(CASE)).holds


@pytest.mark.slow
def test_a_run_keeps_people_and_is_scored_by_country_and_exit(run: co.Run) -> None:
    """Whoever is gone has come out by one of eight exits, and every count within the period is compared."""
    arrived = {exit_: np.asarray(run["arrivals", "exit"].sel(exit=exit_))[:, -1] for exit_ in EXITS}
    assert set(np.asarray(run["arrivals", "exit"].coords["exit"])) == EXITS
    assert all((people > 0).all() for people in arrived.values())
    left = np.asarray(run["inside"]) + np.asarray(run["on_roads"]) + np.asarray(run["arrivals"])
    assert (left == left[:, :1]).all()
    assert (sum(arrived.values()) == np.asarray(run["arrivals"])[:, -1]).all()
    score = run.score()
    assert score["left_out"] == []
    where = {(row["by"], row["label"]) for row in score["table"] if row["used"] == "held_out"}
    countries = ("egypt", "south_sudan", "chad", "ethiopia", "central_african_republic", "saudi_arabia")
    assert where == {("", ""), ("exit", "el_geneina-adre"), *(("area", country) for country in countries)}


@pytest.mark.slow
def test_no_count_published_after_the_moment_is_read(run: co.Run) -> None:
    """Neither by a fit up to that moment, nor by the naive rule, nor by the claims that the set's numbers name."""
    counts = read_counts(run.scenario, SET)
    assert sum(count.published > AS_OF for count in counts) > 20
    for part in choose_fitted(counts, ["arrivals"], run.times[0], AS_OF):
        known = [entry[0] if isinstance(entry, tuple) else entry for entry in part]
        assert all(count.published <= AS_OF and count.thing.time <= AS_OF for count in known)
    rules = make_naive_rules(run.result, collect_counts(run.result))
    assert max(time for rule in rules.values() for time, _ in rule.known) <= AS_OF
    claims = {row["id"]: row for row in run.scenario.rows("claims", SET)}
    tables = [table for table in run.scenario.tables if table not in ("observations", "claims", "sources")]
    rows = [row for table in tables for row in run.scenario.rows(table, SET) if row.values.get("kind") != "note"]
    named = {claim for row in rows for claim in row["claims"] or ()}
    dated = [claims[name] for name in named if claims[name]["about"] != "geography"]
    assert len(named) > 40
    assert all(row[day] is None or row[day].date() <= AS_OF.date() for row in dated for day in ("said_on", "happened"))
