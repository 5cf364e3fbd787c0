"""What two runs differ in besides what they are compared for is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor.results.compare import compare_results
from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.scenario import read_scenario
from corridor.simulate.behaviour import Behaviour


def hesitate(at):
    return 0.1


@pytest.fixture
def first(small_folder: Path, tmp_path: Path) -> Result:
    return run(read_scenario(small_folder), tmp_path / "first", replicates=2)


def differ(first: Result, second: Result) -> list[str]:
    found: list[str] = compare_results(first, second)["differ"]
    return found


@pytest.mark.slow
def test_the_same_tables_under_a_variant_differ_in_nothing_else(first, small_folder, tmp_path):
    assert differ(first, first) == []
    assert differ(first, run(read_scenario(small_folder, "two_more_lanes"), tmp_path / "lanes", replicates=2)) == []


@pytest.mark.slow
def test_edited_tables_and_other_rules_are_named(first, small_folder, tmp_path):
    roads = small_folder / "roads.csv"
    roads.write_text(roads.read_text().replace("40", "41", 1))
    edited = read_scenario(small_folder)
    (found,) = differ(first, run(edited, tmp_path / "edited", replicates=2))
    assert found.startswith("content of the scenario")
    lanes = run(read_scenario(small_folder, "two_more_lanes"), tmp_path / "lanes", replicates=2)
    assert differ(first, lanes) == ["the files of the scenario (roads.csv)"]
    rules = run(edited, replicates=2, behaviour=Behaviour(leave_chance=hesitate))
    found = differ(first, rules)
    assert len(found) == 2
    assert "hesitate" in found[1]
