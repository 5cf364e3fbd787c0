"""Shared luck makes the difference between a variant and the scenario sharp: measured on the worked case."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor.results.compare import compare_results
from corridor.results.run import run
from corridor.scenario.scenario import read_scenario


@pytest.mark.slow
@pytest.mark.long
@pytest.mark.parametrize("parameter_set", ["as-of-22-september"])
def test_two_more_lanes_differ_sharply_from_the_scenario(worked_case: Path, tmp_path: Path, parameter_set: str) -> None:
    """The variance of the paired difference is at least 20 times smaller than with independent luck."""
    runs = [
        run(read_scenario(worked_case, variant), tmp_path / (variant or "base"), parameter_set, replicates=100)
        for variant in (None, "two-more-lanes")
    ]
    rows = compare_results(*runs)["differences"]
    sharper = {
        row["measure"]: row["sharper_than_independent"] for row in rows if row["time"] == runs[0].times[-1].isoformat()
    }
    for name, ratio in sharper.items():
        print(f"{name}: {'equal' if ratio is None else format(ratio, '.1f')}")
    assert sharper["inside"] > 20
    assert sharper["person_days_without food at places"] > 20
