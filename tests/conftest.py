"""What tests share: a small scenario that runs, a run of it and its briefing, each made once; the compiler's work done once."""

from __future__ import annotations

import json
import os
import shutil
import sys
from importlib import import_module, resources
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

from command import call
from compile import compile_all
from corridor.flee import arrays
from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.scenario import read_scenario
from corridor.simulate import queues

CASE = Path(__file__).parent.parent / "scenarios" / "karabakh-2023"
MOMENT = "2025-03-04T12:00"


def pytest_configure(config: pytest.Config) -> None:
    """Compile before the processes that will run the tests are started (see compile.py), or make do without.

    What is generated is the same every time, so that a failure stands for a change; CORRIDOR_LUCK=fresh draws anew.
    """
    settings.register_profile("same", derandomize=True, deadline=None)
    settings.register_profile("fresh", derandomize=False, deadline=None, print_blob=True)
    luck = os.environ.get("CORRIDOR_LUCK", "same")
    settings.load_profile(luck)
    if luck == "same":  # nor on which modules are loaded: numbers in their sources would be tried too
        providers.HypothesisProvider._local_constants = providers.Constants()  # type: ignore[assignment]
    if os.environ.get("NUMBA_DISABLE_JIT"):
        write_out_records()
    elif config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        compile_all()


def write_out_records() -> None:
    """Let code that is not compiled read the fields of a record as attributes, as compiled code does."""
    for module in (queues, arrays):
        for name, kind in list(vars(module).items()):
            if isinstance(kind, np.dtype) and kind.names:
                setattr(module, name, np.dtype((np.record, kind)))


def write_small(target: Path) -> Path:
    """Copy the template scenario into a new folder."""
    with resources.as_file(resources.files("corridor.scenario").joinpath("template")) as template:
        shutil.copytree(template, target)
    return target


@pytest.fixture(scope="session")
def worked_case() -> Path:
    """Return the folder of the worked case."""
    return CASE


@pytest.fixture(scope="session")
def short_case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the template that ends three days earlier, made once and changed by nobody."""
    folder = write_small(tmp_path_factory.mktemp("short") / "small")
    settings = folder / "scenario.toml"
    settings.write_text(settings.read_text().replace('end = "2025-03-08', 'end = "2025-03-05'))
    return folder


@pytest.fixture(scope="session")
def scoringrules() -> ModuleType:
    """Return the library of scores that ours are held against, without numba, for which it compiles when imported."""
    with pytest.MonkeyPatch.context() as without:
        without.setitem(sys.modules, "numba", None)
        return import_module("scoringrules")


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
