"""Counts against one object for each person: the same means and spread, rule by rule.

Recent distance is kept finely here; the published cases show that the usual, coarse steps are good enough.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.flee.folders import SETTINGS, make_folder
from tests.flee.person import PersonFlee

from corridor.flee.compile import compile_folder
from corridor.flee.read import read_folder
from corridor.flee.run import run_model

RUNS, PERSON_RUNS = 100, 8
VARIANTS = {
    "one road ahead": "",
    "two roads ahead": "  awareness_level: 2\n",
    "three roads ahead": "  awareness_level: 3\n  weight_power: 2\n",
    "camps fill": "  capacity_scaling: 0.6\n  capacity_buffer: 0.7\n",
    "softened": "  weight_softening: 0.3\n  distance_power: 1.5\n  softening: 40\n",
}


@pytest.mark.parametrize(
    "variant", [pytest.param(v, marks=[] if v == "camps fill" else pytest.mark.slow) for v in VARIANTS]
)
def test_counts_follow_the_law_of_persons(tmp_path, variant):
    folder = read_folder(make_folder(tmp_path, days=26, simsetting=SETTINGS + VARIANTS[variant]))
    counted = run_model(compile_folder(folder, recent_steps=512), RUNS, seed=5).at_place
    persons = []
    for seed in range(PERSON_RUNS):
        world = PersonFlee(folder, seed)
        persons.append([world.step() for _ in range(folder.days)])
    persons = np.array(persons)
    difference = counted.mean(axis=0) - persons.mean(axis=0)
    error = np.sqrt(counted.var(axis=0) / RUNS + persons.var(axis=0, ddof=1) / PERSON_RUNS)
    # 26 days x 7 places hang together, so the bound is wide; a wrong rule misses it by far
    assert np.abs(difference / np.maximum(error, 0.5)).max() < 5.0
    spread = counted.std(axis=0)[-1].sum() / persons.std(axis=0, ddof=1)[-1].sum()
    assert 0.5 < spread < 2.0
