"""Talks and people: agreed and not agreed in one table, paired, each size with where it comes from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import corridor as co
from command import call

pytestmark = pytest.mark.slow

GUARANTEED = """[add.events.agreed]
time = "2025-03-01T06:00"
kind = "guarantees"
value = {value}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people") / "case"
    co.create(folder, extra=["relief", "deal"])
    for name, value in (("agreed", 0.9), ("not-agreed", 0)):
        (folder / "variants" / f"{name}.toml").write_text(GUARANTEED.format(value=value))
    return folder


def test_one_table_is_what_compare_says_of_each_variant(folder: Path) -> None:
    case = co.read(folder)
    found = co.agreements(case, ["agreed", "not-agreed"], replicates=6, seed=3).document
    assert [one["variant"] for one in found["variants"]] == ["agreed", "not-agreed"]
    base = co.run(case, replicates=6, seed=3)
    for one in found["variants"]:
        other = co.run(case.variant(one["variant"]), replicates=6, seed=3)
        (row,) = [row for row in one["rows"] if row["measure"] == "people arrived"]
        difference = other.take("arrivals")[:, -1] - base.take("arrivals")[:, -1]
        assert row["mean"] == pytest.approx(difference.mean())
        assert (row["q05"], row["q95"]) == pytest.approx(tuple(np.quantile(difference, [0.05, 0.95])))
        assert {row["part"] for row in one["rows"]} == {"flight", "corridor", "relief"}
        assert [size["source"] for size in one["sizes"]] == ["assumption"]
    assert found["assumed"].startswith("The size of what an agreement changes is an assumption")


def test_the_command_prints_it_and_refuses_talks_alone(folder: Path, tmp_path: Path) -> None:
    told = call("deal", folder, "--people", "--replicates", "4")
    assert told.code == 0, told.stderr
    assert "source: assumption" in told.stdout
    assert "agreed, difference (9 in 10)" in told.stdout
    co.create(tmp_path / "talks", like="talks")
    ended = call("deal", tmp_path / "talks", "--people")
    assert (ended.code, ended.stderr.count("[talks_alone]")) == (3, 1)
    assert call("deal", folder, "--people", "--moment", "2031-01-01").code == 2
    assert call("deal", folder, "--people", "--agreed", "no-such").code == 2
