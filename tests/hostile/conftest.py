"""Every command that writes, once for each test module that tries it."""

from __future__ import annotations

from pathlib import Path

import pytest

from .cases import CASES, Case
from .tried import Tried


@pytest.fixture(scope="module", params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    return request.param


@pytest.fixture(scope="module")
def before(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder in which the command can be called."""
    folder = tmp_path_factory.mktemp("before")
    case.make(folder)
    return folder


@pytest.fixture(scope="module")
def tried(case: Case, before: Path, tmp_path_factory: pytest.TempPathFactory) -> Tried:
    return Tried(case, before, tmp_path_factory.mktemp("work") / "here")
