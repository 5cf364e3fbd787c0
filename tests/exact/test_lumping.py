"""Counts have the same law as persons: means, variances, covariances and whole distributions (rules 3, 5 to 9, 11)."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from exact.person import simulate_people
from worlds import make_model, place, series, simulate

PEOPLE, RATES, FOLLOW, PULL = (30, 12), (0.15, 0.4), 1.5, (2.0, 1.0)
STEPS, STEP_HOURS, LAG, RUNS = 40, 0.25, 3, 1000


def build(folder, seconds):
    """Return the same world as a scenario: two towns to go to lie at the end of the road, no time apart."""
    return make_model(
        folder,
        STEPS * STEP_HOURS,
        parameters={"effect_gone": FOLLOW, "time_weight": 0},
        places=[place("town"), place("gate", "outside")]
        + [place(name, "outside", attractiveness=pull) for name, pull in zip(("east", "west"), PULL, strict=True)],
        roads=[{"id": "road", "from": "town", "to": "gate", "length_km": 30, "speed_kmh": 40, "capacity_per_lane": 2000}]
        + [{"id": name, "from": "gate", "to": name, "length_km": 10, "speed_kmh": 40} for name in ("east", "west")],
        checkpoints=[{"id": "gate", "place": "gate", "lanes": 1, "seconds_per_vehicle": seconds, "wander": 0}],
        groups=[
            {"id": name, "name": name, "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0, "leave_rate": rate}
            for name, rate in zip("ab", RATES, strict=True)
        ],
        people=[{"place": "town", "group": name, "people": n} for name, n in zip("ab", PEOPLE, strict=True)],
    )  # fmt: skip


def run_both(folder, seconds, seed, follow=FOLLOW):
    """Return (left by group, past the gate in all, at the destination by group and town) of both simulators."""
    record = simulate(build(folder, seconds), RUNS, seed)
    left = np.stack([n - series(record, f"at_place:town:{g}") for g, n in zip("ab", PEOPLE, strict=True)], axis=2)
    passed = series(record, "passed_vehicles:gate")
    ends = np.stack([[series(record, f"at_place:{t}:{g}") for t in ("east", "west")] for g in "ab"])
    ours = left[:, 1:], passed[:, 1:], np.moveaxis(ends, (0, 1), (2, 3))[:, 1:]
    rate = 3600 * STEP_HOURS / seconds
    went, came = simulate_people(PEOPLE, RATES, follow, PULL, LAG, rate, STEPS, STEP_HOURS, RUNS, seed + 1000)
    return ours, (went.sum(axis=3), came.sum(axis=(2, 3)), came)


def same_mean(ours, theirs):
    """Return the p-value of equal means."""
    return stats.ttest_ind(ours, theirs, equal_var=False).pvalue if np.ptp([*ours, *theirs]) else 1.0


def same_spread(ours, theirs):
    """Return the p-value of equal variances (Levene's test around the median)."""
    return stats.levene(ours, theirs).pvalue if np.ptp(ours) and np.ptp(theirs) else 1.0


def same_law(ours, theirs):
    """Return the p-value of a chi-square test between two samples of whole numbers, bins of at least 10."""
    values, counts = np.unique(np.concatenate([ours, theirs]), return_counts=True)
    bins = np.concatenate([[0], np.searchsorted(np.cumsum(counts), np.arange(20, 2 * RUNS, 60)) + 1])
    index = np.searchsorted(values[np.minimum(np.unique(bins), len(values) - 1)], np.arange(values.max() + 1), "right")
    table = np.stack([np.bincount(index[sample], minlength=index.max() + 1) for sample in (ours, theirs)])
    table = table[:, table.sum(axis=0) > 0]
    return stats.chi2_contingency(table).pvalue if table.shape[1] > 1 else 1.0


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_free_flow_has_the_law_of_persons(tmp_path, seed):
    """No limit on the way: groups and destinations of all who left, at all times, as independent persons."""
    ours, theirs = run_both(tmp_path, 1, seed)
    tests = []
    for step in (3, 8, 15, 30):
        for group in range(2):
            a, b = ours[0][:, step, group], theirs[0][:, step, group]
            tests += [same_mean(a, b), same_spread(a, b), same_law(a, b)]
        a, b = ours[0][:, step].T, theirs[0][:, step].T
        tests.append(
            same_mean((a[0] - a[0].mean()) * (a[1] - a[1].mean()), (b[0] - b[0].mean()) * (b[1] - b[1].mean()))
        )
    # where they end, once the second road of one step more has been driven
    for group in range(2):
        for goal in range(2):
            a, b = ours[2][:, 39, group, goal], theirs[2][:, 38, group, goal]
            tests += [same_mean(a, b), same_spread(a, b), same_law(a, b)]
        a, b = ours[2][:, 39, group], theirs[2][:, 38, group]
        tests.append(same_mean(np.prod(a - a.mean(axis=0), axis=1), np.prod(b - b.mean(axis=0), axis=1)))
    assert min(tests) > 0.001 / len(tests) * 10
    assert np.mean(np.array(tests) < 0.05) < 0.25


@pytest.mark.slow
def test_a_gate_passes_as_many_as_among_persons(tmp_path):
    """With a queue at the gate the number past it at any time has the law of persons served first in, first out."""
    ours, theirs = run_both(tmp_path, 900 / 1.6, 4)
    tests = []
    for step in (5, 9, 14, 20, 26, 39):
        a, b = ours[1][:, step], theirs[1][:, step]
        tests += [same_mean(a, b), same_spread(a, b), same_law(a, b)]
    assert min(tests) > 0.001 / len(tests) * 10


@pytest.mark.slow
def test_the_comparison_would_see_another_rule(tmp_path):
    """If persons followed each other less, the same tests would tell: they can fail."""
    ours, theirs = run_both(tmp_path, 1, 5, follow=0.8 * FOLLOW)
    assert min(same_mean(ours[0][:, step, 0], theirs[0][:, step, 0]) for step in (8, 15, 30)) < 1e-4
