"""What checks clean, without a warning, can also be planned: damaged copies of a folder that states relief."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest
from test_clean_runs import damage, rich  # noqa: F401

import corridor as co
from corridor.front.cases import check


def plan_damaged(folder: Path, numbers: range) -> int:
    """Damage copies of a folder, plan for those that check clean, and return how many did."""
    clean = 0
    for number in numbers:
        copy = folder.with_name(f"damaged{number}")
        shutil.copytree(folder, copy)
        damage(random.Random(number), copy)
        if not list(check(copy).faults):
            clean += 1
            case = co.read(copy)
            days = (case.end - case.start).total_seconds() / 86_400
            co.plan(case, days=min(days, 3))
            co.ledger(case, days=min(days, 3))
        shutil.rmtree(copy)
    return clean


@pytest.mark.slow
def test_what_checks_clean_can_be_planned(rich: Path) -> None:  # noqa: F811
    assert plan_damaged(rich, range(25)) > 5


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(3))
def test_much_of_what_checks_clean_can_be_planned(rich: Path, chunk: int) -> None:  # noqa: F811
    assert plan_damaged(rich, range(3000 + 60 * chunk, 3060 + 60 * chunk)) > 10
