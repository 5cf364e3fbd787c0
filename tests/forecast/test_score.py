"""Scores against another library and against hand-made cases."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

import corridor as co
from corridor.forecast.crps import measure_censored_crps, measure_crps, share_within
from corridor.forecast.naive import NaiveRule
from corridor.results.result import interpolate

START = datetime(2025, 3, 1)
ensembles = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=20)


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=60),
    st.floats(-1e6, 1e6),
)
def test_crps_agrees_with_scoringrules_fair_estimator(
    scoringrules: ModuleType, ensemble: list[float], value: float
) -> None:
    """The fair CRPS equals that of an independent library."""
    ours = measure_crps(np.array(ensemble), value)
    theirs = float(scoringrules.crps_ensemble(value, np.array(ensemble), estimator="fair"))
    assert ours == pytest.approx(theirs, rel=1e-9, abs=1e-4)


def test_crps_of_one_member_is_the_absolute_error() -> None:
    """With a single replicate there is no spread to reward."""
    assert measure_crps(np.array([7.0]), 10.0) == 3.0


def test_crps_is_lowest_for_the_true_distribution() -> None:
    """Averaged over outcomes, neither a narrower nor a wider ensemble scores better (a proper score)."""
    generator = np.random.default_rng(5)
    outcomes = generator.normal(0, 1, 3000)
    quantiles = norm.ppf((np.arange(200) + 0.5) / 200)
    scores = {width: np.mean([measure_crps(width * quantiles, y) for y in outcomes]) for width in (0.5, 1.0, 2.0)}
    assert scores[1.0] < scores[0.5]
    assert scores[1.0] < scores[2.0]


def test_naive_rule_continues_the_rate_of_the_last_day_until_everybody_is_out() -> None:
    """2,400 in the last 24 hours are 100 an hour; at 3,000 people it stops."""
    known = ((START, 0.0), (START + timedelta(hours=12), 100.0), (START + timedelta(hours=36), 2500.0))
    rule = NaiveRule(known, 3000.0)
    assert rule.rate == pytest.approx(100.0)
    assert rule.forecast(START + timedelta(hours=38)) == pytest.approx(2700.0)
    assert rule.forecast(START + timedelta(hours=100)) == 3000.0


def test_naive_rule_without_counts_expects_nothing() -> None:
    """Where nothing is known the rule says nobody has come."""
    assert NaiveRule((), 1000.0).forecast(START) == 0.0
    assert NaiveRule(((START, 50.0),), 1000.0).forecast(START + timedelta(days=1)) == 50.0


def test_values_between_records_lie_on_the_straight_line() -> None:
    """Counts are compared at their own time, not at the nearest record."""
    times = [START + timedelta(hours=h) for h in range(3)]
    values = np.array([[0.0, 10.0, 40.0]])
    assert interpolate(values, times, START + timedelta(minutes=90))[0] == pytest.approx(25.0)
    with pytest.raises(ValueError, match="outside"):
        interpolate(values, times, START + timedelta(hours=3))


@pytest.mark.slow
@given(ensembles, st.floats(-1e3, 1e3), st.floats(0.01, 500))
def test_with_an_error_the_score_is_the_mean_over_the_truths_it_allows(
    ensemble: list[float], value: float, error: float
) -> None:
    """Every truth within the error is as likely."""
    members = np.array(ensemble)
    truths = value + error * (np.arange(1000) + 0.5 - 500) / 500
    mean = np.mean([measure_crps(members, truth) for truth in truths])
    assert measure_crps(members, value, error) == pytest.approx(mean, rel=1e-3, abs=error * 2e-3)
    low, high = np.quantile(members, [0.05, 0.95])
    inside = np.mean((truths >= low) & (truths <= high))
    assert share_within(low, high, value, error) == pytest.approx(inside, abs=4e-3)


@given(ensembles, st.floats(-1e3, 1e3), st.floats(0, 500))
def test_only_what_the_ends_decide_is_scored(ensemble: list[float], low: float, width: float) -> None:
    """The CRPS is an integral over thresholds; of a censored count the part where the truth is known to be on one side.

    Here with the plain estimator of the ensemble's distribution, so the fair one may be lower by what its size costs.
    """
    members, high = np.array(ensemble), low + width
    edges = np.sort(np.concatenate([members, [low, high]]))
    below = np.searchsorted(np.sort(members), edges[:-1], side="right") / len(members)
    steps, middles = np.diff(edges), (edges[:-1] + edges[1:]) / 2
    short = (below**2 * steps)[middles < low].sum()
    above = ((1 - below) ** 2 * steps)[middles > high].sum()
    for ends, exact in (((low, np.inf), short), ((-np.inf, high), above), ((low, high), short + above)):
        clipped = np.minimum(members, low) if np.isfinite(ends[0]) else None
        bias = sum(
            float(np.abs(part[:, None] - part).mean()) / (2 * (len(members) - 1))
            for part in (clipped, np.maximum(members, high) if np.isfinite(ends[1]) else None)
            if part is not None
        )
        assert measure_censored_crps(members, *ends) == pytest.approx(exact - bias, rel=1e-6, abs=1e-6)


def test_more_than_is_met_by_everything_above_it() -> None:
    """An ensemble above "more than" and below "up to" costs nothing; one that falls short costs by how much."""
    ensemble = np.linspace(2000, 3000, 11)
    assert measure_censored_crps(ensemble, 1500, np.inf) == 0
    assert measure_censored_crps(ensemble, -np.inf, 3500) == 0
    assert measure_censored_crps(ensemble, 4000, np.inf) > measure_censored_crps(ensemble, 3500, np.inf) > 700


COUNTS = """time,since,series,place,area,exit,value,low,high,error,status,published
2025-03-04T08:00,,arrivals,,,,1200,,,,stated,2025-03-04T09:00
2025-03-04T20:00,,arrivals,,,,4000,,,,stated,2025-03-05
2025-03-04T20:00,,arrivals,,,,4400,,,,stated,2025-03-06
2025-03-05T08:00,2025-03-04T08:00,arrivals,,,,5000,,,10%,stated,2025-03-05
2025-03-06T08:00,2025-03-05T08:00,arrivals,,,,5500,,,10%,stated,2025-03-06
2025-03-06T08:00,,arrivals,,,bridge-border,,9000,,,stated,2025-03-06
2025-03-06T08:00,,arrivals,border_town,,,,2000,4000,,stated,2025-03-06
2025-03-06T08:00,,arrivals,,outside,,,,20000,,stated,2025-03-06
2025-03-06T08:00,,arrivals,,inside,,,,20000,,stated,2025-03-06
"""
SET = """default_set = "f"
[sets.f]
title = "F"
known_until = 2025-03-06
fitted_until = 2025-03-04T20:00:00
fitted_series = "arrivals"
"""


def test_counts_of_every_kind_are_scored_by_what_they_say(small_folder: Path) -> None:
    """Numbers, spans, ends, by exit and place: each in its row; revised vintages once; what cannot be asked is named."""
    (small_folder / "observations" / "arrivals.csv").write_text(COUNTS)
    settings = small_folder / "scenario.toml"
    settings.write_text(settings.read_text() + SET)
    run = co.run(co.read(small_folder), replicates=20, seed=3)
    score = json.loads(json.dumps(run.score()))
    rows = {(r["by"], r["label"], r["counted"], r["stated"], r["used"]): r["n"] for r in score["table"]}
    assert rows == {
        ("", "", "since the start", "number", "fitted"): 1,
        ("", "", "since the start", "number", "seen"): 1,
        ("", "", "over a span", "number", "held_out"): 2,
        ("area", "outside", "since the start", "ends", "held_out"): 1,
        ("exit", "bridge-border", "since the start", "ends", "held_out"): 1,
        ("place", "border_town", "since the start", "ends", "held_out"): 1,
    }
    assert set(score["series"]) == {"arrivals"}
    used = {(row["value"], row["low"]): row["used"] for row in run.counts}
    assert used[1200, None] == "fitted"
    assert (used[4000, None], used[4400, None]) == ("revised", "seen"), "told a day after the fit's last count"
    assert [(c["area"], c["reason"]) for c in score["left_out"]] == [
        ("inside", "the run does not record arrivals by area: inside")
    ]
    (more,) = (r for r in score["table"] if r["by"] == "exit")
    said = run.result.at("arrivals", datetime(2025, 3, 6, 8))
    assert more["chance"] == pytest.approx((said >= 9000).mean())
    assert more["hits"] == (np.quantile(said, 0.95) >= 9000)
    assert more["crps"] == pytest.approx(measure_crps(np.minimum(said, 9000), 9000))
    (span,) = (r for r in score["table"] if r["counted"] == "over a span")
    moments = [run.result.at("arrivals", datetime(2025, 3, day, 8)) for day in (4, 5, 6)]
    pairs = ((moments[1] - moments[0], 5000.0), (moments[2] - moments[1], 5500.0))
    assert span["crps"] == pytest.approx(np.mean([measure_crps(d, v, 0.1 * v) for d, v in pairs]))


@pytest.mark.slow
def test_the_naive_rule_knows_no_count_published_later(small_folder: Path) -> None:
    """A count of before the origin that was told after it changes nothing the rule expects."""
    settings = small_folder / "scenario.toml"
    settings.write_text(settings.read_text() + SET)
    table = small_folder / "observations" / "arrivals.csv"
    found = {}
    row = "2025-03-04T14:00,,arrivals,,,,3900,,,,stated,{}\n"
    for late in ("", row.format("2025-03-04"), row.format("2025-03-05")):
        table.write_text(COUNTS.splitlines()[0] + "\n2025-03-04T08:00,,arrivals,,,,1200,,,,stated,2025-03-04T09:00\n" + late
                         + "2025-03-06T08:00,,arrivals,,,,9000,,,,stated,2025-03-06\n")  # fmt: skip
        score = co.run(co.read(small_folder), replicates=2, seed=3).score()
        found[late] = score["series"]["arrivals"]["held_out"]["baseline_crps"]
    assert len(set(found.values())) == 1
    began = co.read(small_folder).start  # from the single count known it goes on at the mean pace since the start
    hours = [(datetime(2025, 3, day, 8) - began).total_seconds() / 3600 for day in (4, 6)]
    assert found[""] == pytest.approx(9000 - 1200 * hours[1] / hours[0])
    table.write_text(table.read_text().replace("3900,,,,stated,2025-03-05", "3900,,,,stated,2025-03-04T19:00"))
    known = co.run(co.read(small_folder), replicates=2, seed=3).score()
    assert known["series"]["arrivals"]["held_out"]["baseline_crps"] != found[""]


def test_what_a_set_may_know_is_not_held_out(small_folder: Path) -> None:
    """Counts up to known_until of a set that nothing is fitted for are seen; only later ones are held out."""
    settings = small_folder / "scenario.toml"
    text = settings.read_text(encoding="utf-8")
    (small_folder / "observations" / "arrivals.csv").write_text(
        COUNTS.splitlines()[0] + "\n2025-03-04T08:00,,arrivals,,,,1200,,,,stated,2025-03-04\n"
        "2025-03-05T08:00,,arrivals,,,,5200,,,,stated,2025-03-05\n"
    )
    for until, parts in (("2025-03-03", {"held_out": 2}), ("2025-03-04", {"seen": 1, "held_out": 1})):
        known = f'default_set = "early"\n\n[sets.early]\ntitle = "Early"\nknown_until = {until}T12:00:00\n'
        settings.write_text(text + known, encoding="utf-8")
        score = co.run(co.read(small_folder), replicates=3, seed=1).score()
        assert {name: found["n"] for name, found in score["series"]["arrivals"].items()} == parts
