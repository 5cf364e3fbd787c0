"""Counts against one object for each person: the same means and spread, rule by rule.

Flee takes first those who began first, which matters in a camp that fills: counts carry when their people began, and
follow. Recent distance is kept finely here; `benchmarks/flee_persons.py` compares whole published cases with the usual steps.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.flee.crowd import CrowdFlee
from tests.flee.folders import SETTINGS, make_folder
from tests.flee.person import PersonFlee

from corridor.flee.compile import compile_folder
from corridor.flee.read import read_folder
from corridor.flee.run import run_model

RUNS, FEW = 100, 50  # few still tell camps with a twentieth more room from the right ones
VARIANTS = {
    "one road ahead": "",
    "two roads ahead": "  awareness_level: 2\n",
    "three roads ahead": "  awareness_level: 3\n  weight_power: 2\n",
    "camps fill": "  capacity_scaling: 0.6\n  capacity_buffer: 0.7\n",
    "softened": "  weight_softening: 0.3\n  distance_power: 1.5\n  softening: 40\n",
}


def run_persons(kind, folder, runs, **options):
    """Return people at each place [run, day, place]."""
    worlds = [kind(folder, seed, **options) for seed in range(runs)]
    return np.array([[world.step() for _ in range(folder.days)] for world in worlds])


def assert_same_law(counted, persons):
    """Fail where means differ by five standard errors, or the last day's spread by more than chance explains."""
    difference = counted.mean(axis=0) - persons.mean(axis=0)
    error = np.sqrt(counted.var(axis=0, ddof=1) / len(counted) + persons.var(axis=0, ddof=1) / len(persons))
    # 26 days x 7 places hang together, so the bound is wide; a wrong rule misses it by far
    assert np.abs(difference / np.maximum(error, 0.5)).max() < 5.0
    spread = counted.std(axis=0)[-1].sum() / persons.std(axis=0, ddof=1)[-1].sum()
    allowed = 1.0 + 4.0 / np.sqrt(2.0 * min(len(counted), len(persons)))
    assert 1 / allowed < spread < allowed


@pytest.mark.parametrize(
    ("variant", "runs"), [("camps fill", FEW), *(pytest.param(v, RUNS, marks=pytest.mark.slow) for v in VARIANTS)]
)
def test_counts_follow_the_law_of_persons(tmp_path, variant, runs):
    folder = read_folder(make_folder(tmp_path, days=26, simsetting=SETTINGS + VARIANTS[variant]))
    counted = run_model(compile_folder(folder, recent_steps=512), runs, seed=5).at_place
    assert_same_law(counted, run_persons(CrowdFlee, folder, runs))


@pytest.mark.parametrize(
    "variant", [pytest.param(v, marks=[] if v == "camps fill" else pytest.mark.slow) for v in VARIANTS]
)
@pytest.mark.slow
def test_the_order_of_persons_matters_little(tmp_path, variant):
    """Two per cent of a camp at most, here where all fill in a day; on the published cases far less."""
    folder = read_folder(make_folder(tmp_path, days=26, simsetting=SETTINGS + VARIANTS[variant]))
    counted = run_model(compile_folder(folder), RUNS, seed=6).at_place[:, :, 5:].mean(axis=0)
    persons = run_persons(CrowdFlee, folder, RUNS)[:, :, 5:].mean(axis=0)
    assert np.abs(counted[-1] / persons[-1] - 1.0).max() < 0.02


@pytest.mark.slow
@pytest.mark.parametrize("variant", ["three roads ahead", "camps fill"])
def test_persons_in_arrays_follow_the_law_of_persons(tmp_path, variant):
    folder = read_folder(make_folder(tmp_path, days=26, simsetting=SETTINGS + VARIANTS[variant]))
    assert_same_law(run_persons(CrowdFlee, folder, 40), run_persons(PersonFlee, folder, 8))
