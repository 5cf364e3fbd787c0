"""A run is the same bytes whatever the workers, the order of rows and the moment it was killed; faults lose nothing."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corridor.results import manifest
from corridor.results.run import run
from corridor.scenario import writing
from corridor.scenario.faults import InterruptedRunError, UsageError
from corridor.scenario.scenario import read_scenario

REPLICATES = 20
RUN = """
import sys
from corridor.scenario.scenario import read_scenario
from corridor.results import manifest, run
manifest.BATCH = 5
run.run(read_scenario(sys.argv[1]), sys.argv[2], replicates=int(sys.argv[3]), seed=7, workers=int(sys.argv[4]))
"""


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return what a run stored of replicates and summary."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*.parquet"))
        if not path.name.startswith(".")
    }


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a batch be 5 replicates, so that a few replicates make several parts."""
    monkeypatch.setattr(manifest, "BATCH", 5)


@pytest.fixture(scope="module")
def reference(short_case: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Return the bytes of a run by one worker."""
    out = tmp_path_factory.mktemp("reference") / "run"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest, "BATCH", 5)
        run(read_scenario(short_case), out, replicates=REPLICATES, seed=7)
    stored = bytes_of(out)
    assert len(stored) >= REPLICATES // 5 + 1
    return stored


@pytest.mark.slow
def test_two_workers_store_the_same_bytes(short_case, tmp_path, reference):
    run(read_scenario(short_case), tmp_path / "two", replicates=REPLICATES, seed=7, workers=2)
    assert bytes_of(tmp_path / "two") == reference


@pytest.mark.slow
def test_the_order_of_rows_changes_nothing(short_case, tmp_path, reference):
    shuffle = random.Random(3)
    folder = shutil.copytree(short_case, tmp_path / "case")
    for path in folder.rglob("*.csv"):
        lines = path.read_text().splitlines()
        first = next(i for i, line in enumerate(lines) if not line.startswith("#")) + 1
        rows = lines[first:]
        shuffle.shuffle(rows)
        path.write_text("\n".join(lines[:first] + rows) + "\n")
    run(read_scenario(folder), tmp_path / "shuffled", replicates=REPLICATES, seed=7)
    assert bytes_of(tmp_path / "shuffled") == reference


@pytest.mark.slow
def test_another_seed_stores_other_bytes(short_case, tmp_path, reference):
    run(read_scenario(short_case), tmp_path / "other", replicates=REPLICATES, seed=8)
    assert bytes_of(tmp_path / "other") != reference


@pytest.mark.slow
@pytest.mark.parametrize(("parts", "workers"), [(1, 1), (2, 2)])
def test_a_killed_run_goes_on_to_the_same_bytes(short_case, tmp_path, reference, parts, workers):
    """SIGKILL once so many batches are there, at whatever point of the next; then the same run again."""
    out = tmp_path / "killed"
    command = [sys.executable, "-c", RUN, str(short_case), str(out), str(REPLICATES), str(workers)]
    process = subprocess.Popen(command, start_new_session=True)
    try:
        deadline = time.monotonic() + 120
        while len(list(out.glob("replicates/part-*.parquet"))) < parts and process.poll() is None:
            assert time.monotonic() < deadline
            time.sleep(0.002)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    present = bytes_of(out)
    assert all(reference[name] == content for name, content in present.items())
    run(read_scenario(short_case), out, replicates=REPLICATES, seed=7)
    assert bytes_of(out) == reference


@pytest.mark.slow
def test_a_full_disk_stops_the_run_and_keeps_what_was_finished(short_case, tmp_path, reference, monkeypatch):
    written = []

    def fill_up(path: Path) -> None:
        written.append(path)
        if sum("part-" in file.name for file in written) > 3:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))

    scenario, out = read_scenario(short_case), tmp_path / "full"
    with monkeypatch.context() as full:
        full.setattr(writing, "_flush", fill_up)
        with pytest.raises(InterruptedRunError, match=r"No space left on device.*run the same command again"):
            run(scenario, out, replicates=REPLICATES, seed=7)
    present = bytes_of(out)
    assert present
    assert all(reference[name] == content for name, content in present.items())
    run(scenario, out, replicates=REPLICATES, seed=7)
    assert bytes_of(out) == reference


def test_a_really_full_disk(short_case, tmp_path, reference):
    """The same on a file system of 100 kB, where one can be mounted."""
    small = tmp_path / "disk"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=100k", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no right to mount a file system")
    try:
        with pytest.raises((InterruptedRunError, UsageError), match=r"[Nn]o space left|disk"):
            run(read_scenario(short_case), small / "run", replicates=REPLICATES, seed=7)
        assert all(reference[name] == content for name, content in bytes_of(small / "run").items())
    finally:
        subprocess.run(["umount", str(small)], check=True)


def test_a_folder_that_cannot_be_written_is_said_before_any_work(short_case, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(UsageError, match="cannot write"):
        run(read_scenario(short_case), tmp_path / "file" / "run", replicates=5, seed=7)
    assert (tmp_path / "file").read_text() == "not a folder"


@pytest.mark.slow
def test_memory_does_not_grow_with_the_number_of_replicates(short_case, tmp_path):
    """Three times the replicates, the same highest memory within a tenth: batches are written and let go."""
    if not Path("/proc/self/status").exists():
        pytest.skip("no /proc to read the highest memory from")
    ask = "\nprint(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    highest = []
    for replicates in (60, 180):
        command = [
            sys.executable,
            "-c",
            RUN + ask,
            str(short_case),
            str(tmp_path / str(replicates)),
            str(replicates),
            "1",
        ]
        highest.append(int(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[-1]))
    assert highest[1] < 1.1 * highest[0]
