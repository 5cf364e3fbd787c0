"""Folders as their users keep them: settings above the case, a SWEEP over its configuration, settings of Flee 2."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pytest
from tests.flee.folders import CASES, LOCATIONS, SETTINGS, find_data, make_folder

from command import call
from corridor.flee.compile import compile_folder
from corridor.flee.layers import find_members, find_settings
from corridor.flee.read import load_folder, read_folder
from corridor.flee.run import run_model
from corridor.front.flee import check_flee


def _run(path, **options):
    return run_model(compile_folder(read_folder(path, **options)), 2, seed=3).at_place


def _make_sweep(path):
    """A configuration with a SWEEP of each kind: settings alone, one file alone, a whole case, something else."""
    make_folder(path)
    for member in ("1", "2", "10", "nothing"):
        (path / "SWEEP" / member).mkdir(parents=True)
    (path / "SWEEP/1/simsetting.yml").write_text(SETTINGS.replace("200.0", "80.0"))
    (path / "SWEEP/2/input_csv").mkdir()
    (path / "SWEEP/2/input_csv/closures.csv").write_text("country,Home,Abroad,0,-1\n")
    make_folder(path / "SWEEP/10", days=20)
    (path / "SWEEP/10/simsetting.yml").unlink()
    return path


def test_a_member_is_the_configuration_with_its_own_files_over_it(tmp_path):
    whole = _make_sweep(tmp_path / "config")
    for member in ("1", "2", "10"):
        copied = tmp_path / "by hand" / member
        shutil.copytree(whole, copied, ignore=shutil.ignore_patterns("SWEEP"))
        shutil.copytree(whole / "SWEEP" / member, copied, dirs_exist_ok=True)
        np.testing.assert_array_equal(_run(whole / "SWEEP" / member), _run(copied))


def test_a_count_of_a_member_comes_before_that_of_the_configuration(tmp_path):
    whole = _make_sweep(tmp_path)
    (whole / "SWEEP/1/source_data").mkdir()
    (whole / "SWEEP/1/source_data/near.csv").write_text("2020-01-01,7\n")
    layout = {series.name: series.people.tolist() for series in read_folder(whole / "SWEEP/1").layout}
    assert layout["Near"] == [7]
    assert layout["Far"] == [0, 2100]


def test_members_stand_in_the_order_of_their_numbers_and_a_case_has_none(tmp_path):
    whole = _make_sweep(tmp_path)
    assert [path.name for path in find_members(whole / "SWEEP")] == ["1", "2", "10"]
    assert find_members(whole) == find_members(whole / "SWEEP/1") == []
    shutil.rmtree(whole / "input_csv")
    assert [path.name for path in find_members(whole)] == ["10"]


def test_settings_are_found_upwards_and_said(tmp_path):
    make_folder(tmp_path / "validation/SWEEP/mali")
    (tmp_path / "validation/SWEEP/mali/simsetting.yml").rename(tmp_path / "validation/simsetting.yml")
    case = tmp_path / "validation/SWEEP/mali"
    assert find_settings(case) == tmp_path / "validation/simsetting.yml"
    read, faults = load_folder(case)
    assert read.settings["move_rules.max_move_speed"] == 200.0
    assert [fault.code for fault in faults] == ["flee.settings.above"]


def test_settings_of_flee_2_are_read(tmp_path):
    make_folder(tmp_path)
    (tmp_path / "simsetting.yml").unlink()
    rows = "#name,value\nMaxMoveSpeed,123\nAwarenessLevel,2\nCampWeight,3.5\nStartOnFoot,False\nMinMoveSpeed,9\n\n"
    (tmp_path / "simsetting.csv").write_text(rows)
    read, faults = load_folder(tmp_path)
    found = {name: read.settings[f"move_rules.{name}"] for name in ("max_move_speed", "awareness_level", "camp_weight")}
    assert found == {"max_move_speed": 123.0, "awareness_level": 2, "camp_weight": 3.5}
    assert read.settings["move_rules.start_on_foot"] is False
    assert {fault.code for fault in faults} == {"flee.settings.table", "flee.settings.unknown"}


def test_the_period_of_flee_3_1_is_read(tmp_path):
    make_folder(tmp_path)
    (tmp_path / "input_csv/sim_period.csv").rename(tmp_path / "input_csv/conflict_period.csv")
    assert check_flee(tmp_path) == []


def test_a_sweep_runs_as_one_command_with_a_table_and_its_mean(tmp_path):
    whole = _make_sweep(tmp_path)
    (whole / "SWEEP/2/input_csv/closures.csv").write_text("country,Home,Abroad,zero,-1\n")
    done = call("flee", "run", str(whole / "SWEEP"), "--replicates", "2", "--json")
    assert done.code == 3
    document = json.loads(done.stdout)
    assert [row["case"] for row in document["cases"]] == ["1", "10"]
    assert document["refused"]["2"][0]["code"] == "flee.cell.number"
    errors = [row["error_rescaled"] for row in document["cases"]]
    assert document["mean"]["error_rescaled"] == pytest.approx(sum(errors) / 2)
    shown = call("flee", "run", str(whole / "SWEEP"), "--replicates", "2").stdout.splitlines()
    assert [line.split()[0] for line in shown] == ["case", "1", "10", "2", "mean"]


def test_a_sweep_is_checked_case_by_case(tmp_path):
    whole = _make_sweep(tmp_path)
    (whole / "SWEEP/2/input_csv/closures.csv").write_text("country,Home,Abroad,zero,-1\n")
    done = call("flee", "check", str(whole / "SWEEP"), "--json")
    assert done.code == 3
    document = json.loads(done.stdout)
    assert not document["ok"]
    assert [case["runs_here"] for case in document["cases"]] == [True, False, True]
    assert call("flee", "check", str(whole / "SWEEP")).stdout.count("Flee stops at") == 3


def test_a_member_whose_people_run_out_is_named_and_stops_no_other(tmp_path):
    few = LOCATIONS.replace("50000", "60").replace("20000", "60")
    rules = SETTINGS.replace("rules:\n", "rules:\n  take_from_population: True\n", 1)
    make_folder(tmp_path / "few", locations=few, simsetting=rules)
    make_folder(tmp_path / "many")
    done = call("flee", "run", str(tmp_path), "--replicates", "2", "--json")
    assert done.code == 3
    document = json.loads(done.stdout)
    assert [row["case"] for row in document["cases"]] == ["many"]
    assert document["refused"]["few"][0]["code"] == "flee.spawn.emptied"


def test_each_seed_of_the_users_is_a_run_of_its_own(tmp_path):
    model = compile_folder(read_folder(make_folder(tmp_path)))
    given = run_model(model, 3, seed=(8, 5, 8), workers=2).at_place
    np.testing.assert_array_equal(given[0], given[2])
    for row, seed in enumerate((8, 5)):
        np.testing.assert_array_equal(given[row], run_model(model, 1, seed=seed).at_place[0])
    wrong = call("flee", "run", str(tmp_path), "--seeds", "3,x")
    assert wrong.code == 2


@pytest.mark.parametrize("case", CASES)
def test_the_published_cases_lie_as_they_are_and_in_a_sweep(tmp_path, case):
    (tmp_path / "SWEEP").mkdir()
    (tmp_path / "SWEEP" / case).symlink_to(find_data() / case)
    assert [path.name for path in find_members(tmp_path / "SWEEP")] == [case]
    read_folder(tmp_path / "SWEEP" / case)
