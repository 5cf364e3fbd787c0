"""The filter against answers found in other ways, and what it may not know."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import multivariate_normal, norm
from scipy.stats import t as student

import corridor as co
from corridor.forecast.agreement import FADING_HOURS, FRESH, TAIL, Gaps, measure_agreement, share_of
from corridor.forecast.filter import Effort, learn, make_learnt
from corridor.forecast.weights import (
    LEAST_EFFECTIVE,
    LEAST_FAMILIES,
    choose_weight,
    measure_effective,
    soften,
    weigh_points,
)
from corridor.scenario.counts import Count, Thing
from corridor.scenario.scenario import Scenario
from corridor.simulate.ensemble import Ensemble, prepare
from corridor.simulate.learnt import move_scores
from simulate.test_learnt import require_same_course
from worlds import START, at, place, series, simulate, write_world

PACE = "checkpoints/gate/seconds_per_vehicle"


def make_queue(folder: Path, *counts: tuple[float, float]) -> Scenario:
    """Write a town before a gate whose pace alone is uncertain, with counts of arrivals at hours."""
    write_world(
        folder, 40, 15, 60,
        places=[place("town"), place("gate"), place("city", "outside", attractiveness=1)],
        roads=[{"id": "a", "from": "town", "to": "gate", "length_km": 5}, {"id": "b", "from": "gate", "to": "city", "length_km": 5}],
        checkpoints=[{"id": "gate", "place": "gate", "lanes": 1, "seconds_per_vehicle": "18..24", "wander": 0}],
        groups=[{"id": "g", "name": "G", "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0, "leave_rate": 10}],
        people=[{"place": "town", "group": "g", "people": 20_000}],
    )  # fmt: skip
    (folder / "observations").mkdir()
    write_counts(folder, "".join(f"{at(hour)},,arrivals,,,,{value},,,50,stated,{at(hour)}\n" for hour, value in counts))
    return co.read(folder)


@pytest.mark.slow
def test_the_pace_of_a_queue_is_that_of_an_integral_over_all_paces(tmp_path: Path) -> None:
    """One number, no chance to speak of: the posterior on a grid of the number and of the size of the model's error."""
    counts = ((8.0, 1400.0), (20.0, 3450.0), (30.0, 5150.0))
    case = make_queue(tmp_path / "w", *counts)
    ensemble = prepare(case, "", 1)
    cloud = learn(case, ensemble, START.replace(day=2, hour=8), Effort(2000))
    assert all(stage.weight == 1.0 for stage in cloud.stages), "the counts leave enough particles: no tempering"
    found = cloud.state.inputs.seconds[:, 0]
    paces, chances = np.linspace(18, 24, 121), np.linspace(-3.5, 3.5, 57)
    said = series(simulate(ensemble.model, len(paces), given={PACE: paces}), "arrivals")
    log = norm.logpdf(chances)[None, :] + np.zeros((len(paces), 1))
    before: tuple[float, Any] | None = None
    for hour, value in counts:
        says = said[:, int(hour)].astype(float)[:, None]
        spread = share_of("error/arrivals", chances)[None, :] * (value + 0.02 * 20_000)
        shift = np.zeros_like(says)
        if before is not None:
            kept = np.exp(-(hour - before[0]) / FADING_HOURS)
            shift, spread = kept * before[1], spread * np.sqrt(1 - kept**2 + FRESH**2)
        scale = np.sqrt(spread**2 + 50**2 / 3)
        log = log + student.logpdf(value, TAIL, says + shift, scale)
        before = hour, value - says
    weight = np.exp(log - log.max()).sum(axis=1)
    weight /= weight.sum()
    mean = float((weight * paces).sum())
    spread = float(np.sqrt((weight * (paces - mean) ** 2).sum()))
    assert 0.2 < spread < 1.6, "the counts say something (18 to 24 has a spread of 1.7)"
    assert found.mean() == pytest.approx(mean, abs=0.2 * spread)
    assert found.std() == pytest.approx(spread, rel=0.2)


def test_resampling_and_moving_follow_an_exact_kalman_filter() -> None:
    """Two numbers of a normal prior, one sum of them measured again and again: mean and covariance are known exactly."""
    number, noise, direction = 20_000, 1.5, np.array([1.0, 0.5])
    scores = np.random.default_rng(1).standard_normal((number, 2))
    mean, covariance = np.zeros(2), np.eye(2)
    for stage, measured in enumerate((1.2, 0.4, 2.0, 1.1)):
        logs = -0.5 * ((scores @ direction - measured) / noise) ** 2
        weights = np.exp(soften(logs, np.arange(number)))
        marks = (np.arange(number) + 0.5) / number
        parents = np.minimum(np.searchsorted(np.cumsum(weights), marks), number - 1)
        scores = move_scores(scores, parents, np.array([True, True]), 7, stage)
        gain = covariance @ direction / (direction @ covariance @ direction + noise**2)
        mean = mean + gain * (measured - direction @ mean)
        covariance = covariance - np.outer(gain, direction @ covariance)
    np.testing.assert_allclose(scores.mean(axis=0), mean, atol=0.04)
    np.testing.assert_allclose(np.cov(scores.T), covariance, atol=0.05)


@pytest.mark.slow
@given(st.lists(st.floats(0.5, 60), min_size=2, max_size=6), st.floats(0.01, 0.5), st.integers(0, 99))
def test_gaps_that_fade_are_a_gauss_markov_path(steps: list[float], share: float, seed: int) -> None:
    """Count by count they have the joint density of errors whose covariance is written out."""
    hours = np.cumsum(steps)
    values = 1000.0 * np.arange(1, len(hours) + 1)
    said = values + np.random.default_rng(seed).normal(0, 100, len(hours))
    gaps, where, log = Gaps(50_000), ("arrivals", "", ""), 0.0
    mixing, spreads = np.zeros((len(hours), len(hours))), np.zeros(len(hours))
    for k, (hour, value) in enumerate(zip(hours, values, strict=True)):
        shift, spread = gaps.expect(where, hour, value, np.array([share]))
        log += norm.logpdf(value, said[k] + shift[0], spread[0])
        gaps.note(where, hour, np.array([value - said[k]]))
        spreads[k] = share * (value + 0.02 * 50_000)
        kept = np.exp(-(hour - hours[k - 1]) / FADING_HOURS) if k else 0.0
        if k:
            mixing[k, k - 1] = kept
            spreads[k] *= np.sqrt(1 - kept**2 + FRESH**2)
    root = np.linalg.inv(np.eye(len(hours)) - mixing)
    joint = multivariate_normal(said, root @ np.diag(spreads**2) @ root.T, allow_singular=True)
    assert log == pytest.approx(joint.logpdf(values), rel=1e-6, abs=1e-6)


def make_count(value: float | None = None, low: float | None = None, high: float | None = None) -> Count:
    thing = Thing("arrivals", "", "", "", None, datetime(2030, 1, 1))
    return Count(thing, value, low, high, None, "stated", None)


@given(st.floats(-1e6, 1e6), st.floats(1, 1e5), st.integers(1, 10**6), st.floats(0.1, 1e5))
def test_the_likelihood_of_a_number_is_students_and_of_ends_the_normal_share_between(
    said: float, spread: float, value: int, width: float
) -> None:
    """Also far out in the tails, where the share is less than any number: its logarithm is finite and right."""
    one, scale = np.array([said]), np.array([spread])
    point = make_count(float(value))
    wide = np.hypot(spread, point.error / np.sqrt(3))
    exact = student.logpdf((said - value) / wide, TAIL) - student.logpdf(0.0, TAIL) - np.log(wide)  # but for a constant
    assert measure_agreement(one, point, scale)[0] == pytest.approx(exact, rel=1e-9, abs=1e-9)
    low, high = float(value), value + width
    more, up, both = (
        float(measure_agreement(one, count, scale)[0])
        for count in (make_count(low=low), make_count(high=high), make_count(low=low, high=high))
    )
    assert more == pytest.approx(norm.logsf(low, said, spread), rel=1e-9)
    assert up == pytest.approx(norm.logcdf(high, said, spread), rel=1e-9)
    assert np.isfinite(both)
    assert both <= min(more, up) + 1e-9
    share = ndtr((high - said) / spread) - ndtr((low - said) / spread)
    if share > 1e-6:
        assert both == pytest.approx(np.log(share), abs=1e-6)


@pytest.mark.slow
@given(st.integers(0, 999), st.integers(2, 300), st.floats(0, 300))
def test_softening_keeps_proportions_within_families_and_leaves_enough_of_these(
    seed: int, number: int, sharpness: float
) -> None:
    random = np.random.default_rng(seed)
    origins = random.integers(0, random.integers(1, number + 1), number)
    logs = sharpness * random.standard_normal(number)
    soft = soften(logs, origins)
    assert np.exp(soft).sum() == pytest.approx(1.0)
    _, family = np.unique(origins, return_inverse=True)
    shifts = soft - logs
    for one in range(family.max() + 1):
        assert np.ptp(shifts[family == one]) < 1e-6 * max(1.0, np.abs(logs).max())
    shares, now = np.bincount(family, np.exp(soft)), np.bincount(family) / number
    least = min(LEAST_FAMILIES, 1 / (now**2).sum())
    assert 1 / (shares**2).sum() >= 0.99 * least


@pytest.mark.slow
@settings(max_examples=30)
@given(st.integers(0, 999), st.floats(1, 50), st.floats(1.1, 10))
def test_the_weight_of_counts_falls_as_they_get_sharper(seed: int, sharpness: float, more: float) -> None:
    """And is full where they leave enough; where it is not, just enough particles are left."""
    logs, before = np.random.default_rng(seed).standard_normal(200), np.zeros(200)
    origins = np.arange(200)
    weak, strong = (choose_weight(before, scale * logs, origins) for scale in (sharpness, sharpness * more))
    assert strong <= weak + 1e-4
    assert choose_weight(before, 0.01 * logs, origins) == 1.0
    left = measure_effective(soften(weak * sharpness * logs, origins))
    assert left >= LEAST_EFFECTIVE * 200 * 0.999
    assert weak == 1.0 or left == pytest.approx(LEAST_EFFECTIVE * 200, rel=0.05)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30), st.integers(0, 99))
def test_points_of_weighted_values_are_those_of_a_sample_that_repeats_them(values: list[float], seed: int) -> None:
    times = np.random.default_rng(seed).integers(1, 9, len(values))
    repeated = np.sort(np.repeat(values, times))
    low, middle, high = weigh_points(np.array(values), np.log(times))
    for point, level in ((low, 0.05), (middle, 0.5), (high, 0.95)):
        below, upto = (repeated < point).mean(), (repeated <= point).mean()
        assert below - 1e-9 <= level <= upto + 1e-9


def test_a_move_keeps_mean_and_covariance_and_what_may_not_move_stays() -> None:
    random = np.random.default_rng(3)
    scores = random.standard_normal((40_000, 3)) @ np.array([[1, 0.6, 0], [0, 0.8, 0.3], [0, 0, 1.0]])
    parents = np.arange(len(scores))
    moved = scores
    for stage in range(20):
        moved = move_scores(moved, parents, np.array([True, True, False]), 5, stage)
    np.testing.assert_array_equal(moved[:, 2], scores[:, 2])
    np.testing.assert_allclose(moved.mean(axis=0), scores.mean(axis=0), atol=0.03)
    np.testing.assert_allclose(np.cov(moved[:, :2].T), np.cov(scores[:, :2].T), atol=0.06)
    assert abs(np.corrcoef(moved[:, 0], scores[:, 0])[0, 1]) < 0.9, "twenty moves lead somewhere else"
    for values in (moved[:, 0], scores[:, 0]):
        np.testing.assert_allclose(np.quantile(values, [0.05, 0.5, 0.95]), norm.ppf([0.05, 0.5, 0.95]), atol=0.05)


COLUMNS = ("time", "since", "series", "place", "area", "exit", "value", "low", "high", "error", "status", "published")
EVERY_FORM = """2025-03-03T20:00,,arrivals,,,,900,,,5%,stated,2025-03-03T21:00
2025-03-03T20:00,,arrivals,,,,950,,,5%,stated,2025-03-04T07:00
2025-03-04T02:00,,arrivals,,,,,1000,,,stated,2025-03-04T03:00
2025-03-04T03:00,,arrivals,,,,,,5000,,stated,2025-03-04T04:00
2025-03-04T04:00,,arrivals,,,,,900,3000,,stated,2025-03-04T04:00
2025-03-04T06:00,2025-03-03T20:00,arrivals,,,,600,,,,rounded,2025-03-04T07:00
2025-03-04T06:00,,arrivals,border_town,,,1500,,,,rounded,2025-03-04T07:00
2025-03-04T06:00,,arrivals,,outside,,1500,,,,rounded,2025-03-04T07:00
2025-03-04T06:00,,arrivals,,,bridge-border,1500,,,,rounded,2025-03-04T07:00
2025-03-04T06:00,,vehicles,bridge,,,400,,,,rounded,2025-03-04T07:00
2025-03-04T06:00,,registered,border_town,,,1300,,,,stated,2025-03-04T07:00
2025-03-04T06:00,,registered,,outside,,1300,,,,stated,2025-03-04T07:00
2025-03-04T06:00,,lodged,,,,100,,,20%,stated,2025-03-04T07:00
2025-03-04T06:00,,displaced,,,,100,,,,stated,2025-03-04T07:00
2025-03-04T06:00,,relief_trucks_in,,,,0,,,,stated,2025-03-04T07:00
2025-03-04T07:00,,arrivals,,,,1600,,,,stated,2025-03-04T19:00
2025-03-04T08:00,,arrivals,,,,1700,,,,stated,2025-03-04
2025-03-04T18:00,,arrivals,,,,2600,,,,stated,2025-03-04T18:00
"""
AS_OF = "2025-03-04T08:00"


def write_counts(folder: Path, text: str) -> None:
    (folder / "observations" / "arrivals.csv").write_text(",".join(COLUMNS) + "\n" + text)


@pytest.fixture
def folder(short_case: Path, tmp_path: Path) -> Path:
    """Return a copy of the template, two days shorter, with counts of every form."""
    target = tmp_path / "case"
    shutil.copytree(short_case, target)
    write_counts(target, EVERY_FORM)
    return target


def ask(folder: Path, as_of: str = AS_OF, **more: Any) -> co.Forecast:
    """Return a small forecast."""
    return co.forecast(co.read(folder), as_of, replicates=2, effort=co.Effort(20, 5), **more)


def test_every_form_of_count_is_read_or_named_with_a_reason(folder: Path) -> None:
    document = ask(folder).document
    read, left = document["counts"], document["left_out"]
    assert len(read) + len(left) == 14, "18, less one vintage that was revised and three told later"
    assert all(count["reason"] for count in left)
    assert {(c["series"], c["place"], c["area"], c["exit"]) for c in read} == {
        ("arrivals", "", "", ""), ("arrivals", "border_town", "", ""), ("arrivals", "", "outside", ""),
        ("arrivals", "", "", "bridge-border"), ("vehicles", "bridge", "", ""), ("registered", "border_town", "", ""),
        ("registered", "", "outside", ""), ("lodged", "", "", ""),
    }  # fmt: skip
    assert {c["series"] for c in left} == {"displaced", "relief_trucks_in"}
    assert [c["value"] for c in read if c["since"]] == [600]
    assert document["newest"]["inside_after"]["q50"] > 0
    assert all(0 < stage["weight"] <= 1 for stage in document["stages"])


def test_what_was_learnt_from_is_scored_as_fitted(folder: Path) -> None:
    """In the run of the forecast: the counts read are "fitted", by place and spans included; others are not."""
    found = ask(folder)
    listed = [(c["time"], c["value"], c["low"], c["series"]) for c in found.run.counts if c["used"] == "fitted"]
    read = [(c["time"], c["value"], c["low"], c["series"]) for c in found.document["counts"]]
    assert sorted(listed, key=str) == sorted(read, key=str)


@pytest.mark.slow
def test_a_count_revised_later_is_used_as_it_was_known(folder: Path) -> None:
    first = [
        c["value"] for c in ask(folder, "2025-03-04T06:59").document["counts"] if c["time"] == "2025-03-03T20:00:00"
    ]
    later = [
        c["value"] for c in ask(folder, "2025-03-04T07:00").document["counts"] if c["time"] == "2025-03-03T20:00:00"
    ]
    assert (first[0], later[0]) == (900, 950)
    evening = ask(folder, "2025-03-04T23:58").document["counts"]
    assert {1600, 2600} <= {c["value"] for c in evening}
    assert 1700 not in {c["value"] for c in evening}, "a day means its end"


def change_counts(folder: Path, numbers: list[int]) -> None:
    path = folder / "observations" / "arrivals.csv"
    kept = [row for row in path.read_text().splitlines() if not row.endswith(("T19:00", "-04", "T18:00"))]
    later = [f"2025-03-04T{8 + n % 12:02}:00,,arrivals,,,,{100 * n},,,,stated,2025-03-04T20:00" for n in numbers]
    revised = [f"2025-03-04T06:00,,lodged,,,,{n},,,,stated,2025-03-04T09:00" for n in numbers[:1]]
    path.write_text("\n".join([*kept, *dict.fromkeys(later), *revised]) + "\n")


def change_events(folder: Path, numbers: list[int]) -> None:
    """Add events of which nobody tells before the evening, also such as would happen at once."""
    claims = folder / "evidence" / "claims.csv"
    header = claims.read_text().splitlines()[0].split(",")
    told = {"source": "s1", "said_on": "2025-03-04T18:00", "place": "town", "stance": "asserts", "wording": "Told late"}
    with claims.open("a", newline="") as file:
        writer = csv.DictWriter(file, header, restval="")
        writer.writerows({**told, "id": f"late{n}"} for n in sorted(set(numbers)))
    events = folder / "events.csv"
    comment, (header, *rows) = split(events.read_text())
    rows += [
        f"late{n},2025-03-0{1 + n % 4}T{n % 20:02}:00,lanes,bridge_checkpoint,,{n % 3},,,,"
        for n in sorted(set(numbers))
    ]
    claimed = [f"{row},{row.split(',')[0] if row.startswith('late') else ''}" for row in rows]
    cells = [[*row.split(",")[: header.count(",") + 1], row.rpartition(",")[2]] for row in claimed]
    events.write_text(comment + "\n".join([header + ",claims", *(",".join(row) for row in cells)]) + "\n")


def split(text: str) -> tuple[str, list[str]]:
    lines = text.splitlines()
    comments = [line for line in lines if line.startswith("#")]
    return "".join(f"{line}\n" for line in comments), [line for line in lines if not line.startswith("#")]


def change_claims(folder: Path, numbers: list[int]) -> None:
    claims = folder / "evidence" / "claims.csv"
    text = claims.read_text().rstrip("\n")
    row = "evening{0},s1,Officer,official,2025-03-04T2{1}:00,2025-03-04,border_town,arrivals,{0},people,asserts,3,Told {0},scores"
    claims.write_text("\n".join([text, *(row.format(n, n % 4) for n in sorted(set(numbers)))]) + "\n")


CHANGES: tuple[Callable[[Path, list[int]], None], ...] = (change_counts, change_events, change_claims)


@pytest.mark.slow
def test_nothing_published_or_told_later_changes_a_byte(folder: Path, tmp_path: Path) -> None:
    """Counts, events and claims of after the moment, changed, added and taken away."""
    before = ask(folder)

    @settings(max_examples=6, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.integers(1, 60), max_size=5), st.sets(st.sampled_from(CHANGES), min_size=1))
    def judge(numbers: list[int], changes: set[Callable[[Path, list[int]], None]]) -> None:
        other = tmp_path / "other"
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(folder, other)
        for change in sorted(changes, key=lambda change: change.__name__):
            change(other, numbers)
        after = ask(other)
        assert after.learnt == before.learnt
        unknown = after.document.pop("events_unknown")
        assert unknown == (sorted(f"late{n}" for n in set(numbers)) if change_events in changes else [])
        said = {name: value for name, value in before.document.items() if name != "events_unknown"}
        assert json.dumps(after.document) == json.dumps(said)
        np.testing.assert_array_equal(after["arrivals"], before["arrivals"])

    judge()
    change_events(folder, [1, 2])
    replay = co.forecast(co.read(folder), AS_OF, replicates=2, effort=co.Effort(20, 5, all_events=True))
    assert replay.learnt != before.learnt, "a replay keeps them"
    assert ask(folder, "2025-03-04T18:00").document["events_unknown"] == []


def test_replicates_repeat_their_particles_with_counts_of_every_form(folder: Path) -> None:
    case = co.read(folder)
    cloud = learn(case, prepare(case, "", 3), datetime(2025, 3, 4, 12), Effort(30))
    require_same_course(cloud, Ensemble(cloud.state.model, 8, make_learnt(cloud, "")), 30)


@pytest.mark.slow
def test_another_seed_says_nearly_the_same(short_case: Path) -> None:
    """The median lies within a fifth of the width of the 9 in 10."""
    case, said = co.read(short_case), []
    until = datetime(2025, 3, 4, 20)
    for seed in (1, 2):
        found = co.forecast(case, "2025-03-04T12:00", replicates=150, effort=co.Effort(300, seed))
        said.append(np.quantile(found.run.result.at("arrivals", until), [0.05, 0.5, 0.95]))
    assert abs(said[0][1] - said[1][1]) < 0.2 * (said[0][2] - said[0][0])


@pytest.mark.slow
@pytest.mark.long
def test_enough_ancestors_are_left_in_the_worked_case(worked_case: Path) -> None:
    case = co.read(worked_case)
    cloud = learn(case, prepare(case, "replay", 1), datetime(2023, 9, 30), Effort(1000))
    assert len(np.unique(cloud.origins)) >= 50
