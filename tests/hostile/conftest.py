"""Every command that writes, called once undisturbed."""

from __future__ import annotations

from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from .cases import CASES, Case
from .tried import Tried


def list_params() -> list[ParameterSet]:
    """Return the commands with the marks of their tests; a long one is slow as well."""
    marks = {"": (), "slow": (pytest.mark.slow,), "long": (pytest.mark.slow, pytest.mark.long)}
    return [pytest.param(case, id=case.name, marks=marks[case.weight]) for case in CASES]


@pytest.fixture(scope="session", params=list_params())
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture(scope="session")
def before(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the command can be called."""
    folder = tmp_path_factory.mktemp("before")
    case.make(folder)
    return folder


@pytest.fixture(scope="session")
def tried(case: Case, before: Path, tmp_path_factory: pytest.TempPathFactory) -> Tried:
    return Tried(case, before, tmp_path_factory.mktemp("work") / "here")
