"""What tests share: a small scenario that runs, and a run of it."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import pytest

from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.scenario import read_scenario

CASE = Path(__file__).parent.parent / "scenarios" / "karabakh-2023"


@pytest.fixture(scope="session")
def worked_case() -> Path:
    """Return the folder of the worked case."""
    return CASE


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """Return a fresh copy of the template scenario."""
    target = tmp_path / "small"
    with resources.as_file(resources.files("corridor.scenario").joinpath("template")) as template:
        shutil.copytree(template, target)
    return target


@pytest.fixture(scope="session")
def small_result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return a run of the template scenario with 40 replicates."""
    folder = tmp_path_factory.mktemp("small")
    with resources.as_file(resources.files("corridor.scenario").joinpath("template")) as template:
        shutil.copytree(template, folder / "scenario")
    return run(read_scenario(folder / "scenario"), folder / "run", replicates=40, seed=3)
