"""What tests share: a small scenario that runs, a run of it and its briefing, each made once; the compiler's work done once."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from command import call
from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.scenario import read_scenario

CASE = Path(__file__).parent.parent / "scenarios" / "karabakh-2023"
MOMENT = "2025-03-04T12:00"


def write_small(target: Path) -> Path:
    """Copy the template scenario into a new folder."""
    with resources.as_file(resources.files("corridor.scenario").joinpath("template")) as template:
        shutil.copytree(template, target)
    return target


@pytest.fixture(scope="session")
def worked_case() -> Path:
    """Return the folder of the worked case."""
    return CASE


@pytest.fixture
def small_folder(tmp_path: Path) -> Path:
    """Return a fresh copy of the template scenario."""
    return write_small(tmp_path / "small")


@pytest.fixture(scope="session")
def small_result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    """Return a run of the template scenario with 40 replicates."""
    folder = tmp_path_factory.mktemp("small")
    return run(read_scenario(write_small(folder / "scenario")), folder / "run", replicates=40, seed=3)


@pytest.fixture(scope="session")
def small_briefing(small_result: Result) -> dict[str, Any]:
    """Return what `corridor report RUN --quick --json` says of that run at MOMENT; the page is its `report`."""
    done = call("report", small_result.folder, "--moment", MOMENT, "--quick", "--json")
    assert (done.code, done.stderr) == (0, "")
    document: dict[str, Any] = json.loads(done.stdout)
    return document
