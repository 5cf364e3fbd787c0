"""Every command that writes, called once undisturbed."""

from __future__ import annotations

from pathlib import Path

import pytest

from .cases import CASES, Case
from .tried import Tried


@pytest.fixture(scope="session", params=CASES, ids=lambda case: case.name)
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
