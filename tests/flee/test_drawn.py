"""Folders in shapes that nobody wrote by hand: they run, or are refused with a reason, and nobody is lost.

CORRIDOR_FLEE_FOLDERS draws more of them.
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from tests.flee.crowd import CrowdFlee
from tests.flee.drawn import MISTAKES, draw_folder, make_mistake, write_folder

import corridor as co
from corridor.flee.compile import compile_folder
from corridor.flee.days import NOBODY_TO_LEAVE
from corridor.flee.read import read_folder
from corridor.flee.run import run_model
from corridor.scenario.faults import FaultsError, UsageError

FOLDERS = int(os.environ.get("CORRIDOR_FLEE_FOLDERS", "16"))
pytestmark = pytest.mark.slow


def run_or_refuse(path):
    """Return the codes of its faults and a run, or nothing where it is refused; what is checked and run agree."""
    try:
        faults = co.check_flee(path)
    except FaultsError as error:
        faults = error.faults
    codes = {found.code for found in faults}
    errors = [found for found in faults if found.severity == "error"]
    assert all(found.describe() for found in faults)
    try:
        run = co.run_flee(co.read_flee(path), 2, seed=3)
    except (FaultsError, UsageError) as error:
        refused = error
    else:
        refused = None
    if refused is not None:
        named = {found.code for found in getattr(refused, "faults", [])}
        assert errors or str(refused) == NOBODY_TO_LEAVE
        assert named <= codes
        return codes, None
    assert not errors
    assert run.conservation_error == 0
    assert run.at_place.min(initial=0) >= 0
    assert (np.diff(run.created, axis=1) >= 0).all()
    return codes, run


@pytest.mark.parametrize("seed", range(FOLDERS))
def test_a_drawn_folder_runs_and_its_slovenly_twin_is_the_same(tmp_path, seed):
    drawn = draw_folder(seed)
    _, run = run_or_refuse(write_folder(drawn, tmp_path / "a"))
    _, twin = run_or_refuse(write_folder(drawn, tmp_path / "b", slovenly=seed))
    assert run is not None
    assert twin is not None
    np.testing.assert_array_equal(run.at_place, twin.at_place)


@pytest.mark.parametrize("seed", range(FOLDERS))
def test_a_folder_with_a_mistake_runs_or_is_refused_with_a_reason(tmp_path, seed):
    drawn = draw_folder(1000 + seed)
    mistake = make_mistake(drawn, seed)
    path = write_folder(drawn, tmp_path, slovenly=seed if seed % 2 else None, mistake=mistake)
    codes, _ = run_or_refuse(path)
    assert {MISTAKES[mistake]} - {""} <= codes


@pytest.mark.parametrize("seed", range(max(FOLDERS // 8, 1)))
def test_drawn_folders_follow_the_law_of_persons(tmp_path, seed):
    folder = read_folder(write_folder(draw_folder(5000 + seed, oracle=True), tmp_path))
    runs = 40
    worlds = [CrowdFlee(folder, number) for number in range(runs)]
    persons = np.array([[world.step() for _ in range(folder.days)] for world in worlds])
    counted = run_model(compile_folder(folder), 4 * runs, seed=5).at_place
    error = np.sqrt(counted.var(axis=0, ddof=1) / len(counted) + persons.var(axis=0, ddof=1) / runs)
    people = counted.sum(axis=2).max()
    difference = counted.mean(axis=0) - persons.mean(axis=0)
    assert (np.abs(difference) <= np.maximum(4.0 * error, 0.01 * people)).all()
