"""What a stored run answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from corridor.results.result import Result, open_result
from corridor.scenario.faults import FaultsError, UsageError


def test_headings_add_up_to_everybody_at_every_moment(small_result: Result) -> None:
    """Inside + on the way + arrived is the number at the start, in the stored columns."""
    data = small_result.take_totals("inside", "on_roads", "arrivals")
    total = sum(data.values())
    assert (total == total[:, :1]).all()
    assert small_result.manifest["conservation_error"] == 0


def test_an_unknown_series_is_named_with_the_known_ones(small_result: Result) -> None:
    """A misspelt series is answered in words."""
    with pytest.raises(UsageError, match="arrivals"):
        small_result.take("arivals")


def test_an_unfinished_run_is_not_taken_for_whole(small_result: Result, tmp_path: Path) -> None:
    """A folder with a part missing is refused."""
    copy = tmp_path / "copy"
    shutil.copytree(small_result.folder, copy)
    (copy / "replicates" / "part-0000.parquet").unlink()
    with pytest.raises(FaultsError, match=r"part-0000.*damaged_run"):
        open_result(copy)
