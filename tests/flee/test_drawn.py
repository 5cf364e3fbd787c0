"""Folders in shapes that nobody wrote by hand: they run, or are refused with a reason, and nobody is lost.

CORRIDOR_FLEE_FOLDERS draws more of them.
"""

from __future__ import annotations

import os
import shutil

import numpy as np
import pytest
from tests.flee.crowd import CrowdFlee
from tests.flee.drawn import (
    MISTAKES,
    add_floods,
    draw_folder,
    keep_flat,
    make_mistake,
    write_folder,
    write_old_settings,
)

import corridor as co
from corridor.flee.compile import compile_folder
from corridor.flee.days import NOBODY_TO_LEAVE
from corridor.flee.layers import find_members
from corridor.flee.read import read_folder
from corridor.flee.run import run_model
from corridor.scenario.faults import FaultsError, UsageError

FOLDERS = int(os.environ.get("CORRIDOR_FLEE_FOLDERS", "16"))
FEW = max(FOLDERS // 8, 1)
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


@pytest.mark.parametrize("seed", range(FEW))
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


@pytest.mark.parametrize("seed", range(FEW))
def test_a_drawn_folder_with_floods_runs_and_its_slovenly_twin_is_the_same(tmp_path, seed):
    drawn = add_floods(draw_folder(2000 + seed), seed)
    codes, run = run_or_refuse(write_folder(drawn, tmp_path / "a"))
    _, twin = run_or_refuse(write_folder(drawn, tmp_path / "b", slovenly=seed))
    assert run is not None, codes
    assert twin is not None
    assert run.created[:, -1].min() > 0
    np.testing.assert_array_equal(run.at_place, twin.at_place)


@pytest.mark.parametrize("seed", range(FEW))
def test_drawn_settings_of_flee_2_change_nothing(tmp_path, seed):
    drawn = keep_flat(draw_folder(3000 + seed))
    _, run = run_or_refuse(write_folder(drawn, tmp_path / "a"))
    codes, old = run_or_refuse(write_old_settings(drawn, write_folder(drawn, tmp_path / "b")))
    assert run is not None
    assert old is not None
    assert codes >= {"flee.settings.table"}
    np.testing.assert_array_equal(run.at_place, old.at_place)


@pytest.mark.parametrize("seed", range(FEW))
def test_a_member_of_a_drawn_sweep_is_its_files_over_the_configuration(tmp_path, seed):
    """Settings alone, of either kind, one table alone, and another whole case; each against a copy made by hand."""
    drawn, other = draw_folder(4000 + 2 * seed), keep_flat(draw_folder(4001 + 2 * seed))
    whole = write_folder(drawn, tmp_path / "config")
    for member, table in (("1", "simsetting.yml"), ("2", ""), ("3", "input_csv/closures.csv")):
        file = whole / "SWEEP" / member / (table or "simsetting.csv")
        file.parent.mkdir(parents=True)
        if table:
            file.write_text("#none\n" if "closures" in table else "move_rules:\n  max_move_speed: 90.0\n")
        else:
            write_old_settings(other, file.parent)
    write_folder(other, whole / "SWEEP" / "4")
    members = find_members(whole / "SWEEP")
    assert [path.name for path in members] == ["1", "2", "3", "4"]
    for path in members:
        copied = tmp_path / "by hand" / path.name
        shutil.copytree(whole, copied, ignore=shutil.ignore_patterns("SWEEP", *["simsetting.yml"] * (path.name == "2")))
        shutil.copytree(path, copied, dirs_exist_ok=True)
        (_, run), (_, expected) = run_or_refuse(path), run_or_refuse(copied)
        assert (run is None) == (expected is None)
        if run is not None:
            np.testing.assert_array_equal(run.at_place, expected.at_place)
