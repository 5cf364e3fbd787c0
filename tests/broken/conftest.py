"""A good folder to break: the template, fresh for each test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from corridor.scenario.create import create_scenario

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    create_scenario(tmp_path / "case")
    return tmp_path / "case"
