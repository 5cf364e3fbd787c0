"""A full disk in each command that writes: words, no traceback, nothing lost, and the same command takes it up."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .cases import CASES, list_hidden, list_visible
from .dying import Ended, run_apart
from .tried import Tried

SIZES = (30, pytest.param(0, marks=pytest.mark.slow))  # bytes that a file may have before the disk is full


def require_told(ended: Ended) -> None:
    assert ended.code in (2, 5), ended.said
    assert "Traceback" not in ended.said
    assert "write" in ended.said or "of disk" in ended.said  # a run asks first whether there is room


@pytest.mark.parametrize("size", SIZES)
def test_no_room_for_a_file(tried: Tried, size: int) -> None:
    if size and tried.case.name in ("report", "forecast"):
        pytest.skip("dear: among the slow tests")
    tried.begin()
    ended = run_apart(tried.case.words, tried.at, largest_file=size)
    require_told(ended)
    assert list_hidden(tried.at) == []
    tried.judge()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """Return a file system of 1 MB."""
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(tmp_path)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield tmp_path
    subprocess.run(["umount", str(tmp_path)], check=True)


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.name in ("accept", "seal", "plan", "run")], ids=lambda c: c.name
)
def test_a_really_full_disk(case, disk: Path) -> None:
    case.make(disk)
    there = list_visible(disk)
    with pytest.raises(OSError, match="No space"):
        (disk / ".ballast").write_bytes(bytes(2**21))
    require_told(run_apart(case.words, disk))
    left = list_visible(disk)
    assert {name: left[name] for name in there} == there
    (disk / ".ballast").unlink()
    again = run_apart(case.words, disk)
    assert again.code == 0, again.said
