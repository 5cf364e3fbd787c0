"""What a stored run answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from corridor.results.result import Result, open_result
from corridor.scenario.faults import UsageError


def test_headings_add_up_to_everybody_at_every_moment(small_result: Result) -> None:
    """Inside + on the way + arrived is the number at the start, in the stored columns."""
    data = small_result.take_several(["inside:", "on_roads:", "arrivals:"])
    total = sum(data.values())
    assert (total == total[:, :1]).all()
    assert small_result.manifest["conservation_error"] == 0


def test_journeys_count_everybody_who_has_arrived(small_result: Result) -> None:
    """The distributions of journey and waiting times hold each arrival once."""
    arrived = small_result.take("arrivals:")[:, -1]
    for name in ("journeys", "waits"):
        assert (small_result.take_journeys(name).sum(axis=1) == arrived).all()


def test_mean_journey_agrees_with_its_distribution(small_result: Result) -> None:
    """The mean of the histogram is within the width of its bins of the exact mean."""
    journeys = small_result.take_journeys()
    hours = np.arange(journeys.shape[1])
    total = small_result.take("journey_hours:")[:, -1]
    people = journeys.sum(axis=1)
    low, high = (journeys * hours).sum(axis=1), (journeys * (hours + 1)).sum(axis=1)
    some = (people > 0) & (journeys[:, -1] == 0)
    assert some.any()
    assert (low[some] <= total[some] * (1 + 1e-6) + 1e-6).all()
    assert (total[some] <= high[some] * (1 + 1e-6)).all()


def test_an_unknown_series_is_named_with_the_known_ones(small_result: Result) -> None:
    """A misspelt series is answered in words."""
    with pytest.raises(UsageError, match="arrivals"):
        small_result.take("arivals:")


def test_an_unfinished_run_is_not_taken_for_whole(small_result: Result, tmp_path: Path) -> None:
    """A folder with a part missing is refused."""
    copy = tmp_path / "copy"
    shutil.copytree(small_result.folder, copy)
    (copy / "replicates" / "part-0000.parquet").unlink()
    with pytest.raises(UsageError, match="not finished"):
        open_result(copy)
