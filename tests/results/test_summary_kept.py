"""A run that keeps its summary only: bytes that no batch, worker or kill changes, and answers as far as they go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

import corridor as co
from command import call
from corridor.results import blocks, manifest, size
from corridor.results import run as running
from corridor.results.run import run
from corridor.results.sketch import QUANTILE_ERROR
from corridor.results.summary import NAMES, read_summary
from corridor.simulate.compile import compile_model
from corridor.simulate.record import begin_record
from worlds import grid_world

REPLICATES = 23
RUN = """
import sys
import corridor as co
from corridor.results import blocks, manifest
manifest.BATCH, blocks.CELLS, blocks.BATCHES, blocks.PIECES = 4, 1500, 1, int(sys.argv[4])
co.run(co.read(sys.argv[1]), sys.argv[2], replicates=int(sys.argv[3]), seed=7, keep="summary")
"""


def bytes_of(folder: Path) -> dict[str, bytes]:
    """Return what a run stored of its numbers."""
    found = [path for path in folder.rglob("*") if path.suffix in (".npz", ".parquet") and path.name[0] != "."]
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(found)}


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    """Let a batch be 4 replicates and a block a few moments, so that a small run has several of both."""
    monkeypatch.setattr(manifest, "BATCH", 4)
    monkeypatch.setattr(blocks, "CELLS", 1500)


@pytest.fixture(scope="module")
def summed(short_case, tmp_path_factory):
    """Return a run that kept its summary, and the same run with its replicates."""
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest, "BATCH", 4)
        patch.setattr(blocks, "CELLS", 1500)
        case = co.read(short_case)
        return (
            co.run(case, folder / "summed", replicates=REPLICATES, seed=7, keep="summary"),
            co.run(case, folder / "whole", replicates=REPLICATES, seed=7),
        )


@pytest.mark.slow
def test_quantiles_are_those_of_the_replicates_within_the_stated_error(summed):
    short, whole = (run.result for run in summed)
    assert short.manifest["quantile_error"] == QUANTILE_ERROR
    assert not list((short.folder / "replicates").glob("*"))
    assert short.columns == whole.columns
    for series in {column.series for column in whole.columns}:
        found, exact = read_summary(short, series), read_summary(whole, series)
        assert found.keys() == exact.keys()
        for labels, quantiles in exact.items():
            for name in NAMES:
                np.testing.assert_allclose(found[labels][name], quantiles[name], rtol=QUANTILE_ERROR, atol=1e-12)


@pytest.mark.slow
def test_one_moment_is_answered_as_by_the_replicates(summed):
    short, whole = (run.result for run in summed)
    end, between = whole.times[-1], whole.times[7] + (whole.times[8] - whole.times[7]) / 3
    np.testing.assert_allclose(short.at("arrivals", end), np.sort(whole.at("arrivals", end)), rtol=QUANTILE_ERROR)
    assert len(short.at("arrivals", between)) == REPLICATES
    np.testing.assert_array_equal(short.at("arrivals", whole.times[0]), np.sort(whole.at("arrivals", whole.times[0])))
    with pytest.raises(ValueError, match="outside"):
        short.at("arrivals", end + (end - whole.times[0]))


@pytest.mark.slow
@pytest.mark.parametrize(("batch", "workers", "pieces"), [(1, 1, 2), (7, 1, 1), (100, 1, 8), (4, 2, 1)])
def test_no_batch_and_no_worker_changes_a_byte(short_case, summed, tmp_path, monkeypatch, batch, workers, pieces):
    monkeypatch.setattr(manifest, "BATCH", batch)
    monkeypatch.setattr(blocks, "PIECES", pieces)
    run(co.read(short_case), tmp_path / "run", replicates=REPLICATES, seed=7, workers=workers, keep="summary")
    assert bytes_of(tmp_path / "run") == bytes_of(summed[0].result.folder)


@pytest.mark.slow
@pytest.mark.parametrize("pieces", [8, 1])
def test_a_killed_run_goes_on_to_the_same_bytes(short_case, summed, tmp_path, monkeypatch, pieces):
    out = tmp_path / "killed"
    process = subprocess.Popen(
        [sys.executable, "-c", RUN, str(short_case), str(out), str(REPLICATES), str(pieces)], start_new_session=True
    )
    deadline = time.monotonic() + 120
    while not list(out.glob(f"sketch/{'piece' if pieces > 1 else 'block'}-*.npz")) and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    monkeypatch.setattr(blocks, "BATCHES", 2)
    run(co.read(short_case), out, replicates=REPLICATES, seed=7, keep="summary")
    assert bytes_of(out) == bytes_of(summed[0].result.folder)


@pytest.mark.slow
def test_interrupted_work_is_kept_and_counted_once(short_case, summed, tmp_path):
    out, heard = tmp_path / "stopped", []

    def stop(done: int) -> None:
        heard.append(done)
        if len(heard) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(co.read(short_case), out, replicates=REPLICATES, seed=7, keep="summary", progress=stop)
    with pytest.raises(co.UsageError, match="not finished"):
        co.open_run(out)
    heard += [0, 0]
    run(co.read(short_case), out, replicates=REPLICATES, seed=7, keep="summary", progress=heard.append)
    assert sum(heard) == REPLICATES
    assert bytes_of(out) == bytes_of(summed[0].result.folder)


@pytest.mark.slow
def test_the_disk_that_a_summary_takes_is_what_is_asked_for(summed, short_case):
    """Within a half and twice, so that a disk too small is told of before the run and one large enough is used."""
    taken = sum(path.stat().st_size for path in (summed[0].result.folder / "sketch").iterdir())
    case = co.read(short_case)
    asked = size.measure_summary(compile_model(case, ""), REPLICATES)
    assert taken / 2 < asked < 2 * taken


@pytest.mark.slow
def test_disk_does_not_grow_with_replicates_as_kept_ones_do(short_case, tmp_path, monkeypatch):
    monkeypatch.setattr(manifest, "BATCH", 100)
    sizes = []
    for replicates in (200, 800):
        run(co.read(short_case), tmp_path / str(replicates), replicates=replicates, seed=7, keep="summary")
        stored = bytes_of(tmp_path / str(replicates))
        sizes.append(sum(map(len, stored.values())))
        assert len(stored) == len(bytes_of(tmp_path / "200"))
    assert sizes[1] < 3 * sizes[0]


@pytest.mark.parametrize(
    "ask",
    [
        lambda run: run["arrivals"],
        lambda run: run.report(),
        lambda run: run.find_reached(1000),
        lambda run: co.compare(run, run),
        lambda run: run.plot.arrivals(),
    ],
)
def test_what_needs_replicates_says_that_there_are_none(summed, ask):
    with pytest.raises(co.UsageError, match="kept its summary only"):
        ask(summed[0])


def test_what_a_summary_can_answer_it_answers_and_says_how_exactly(summed):
    short, whole = summed
    assert short.score()["quantile_error"] == QUANTILE_ERROR
    assert short.score()["series"].keys() == whole.score()["series"].keys()
    exact, found = whole.describe()["people"], short.describe()["people"]
    for name, spread in exact.items():
        assert found[name] == pytest.approx(spread, rel=QUANTILE_ERROR)
    document = short.export("arrivals").document
    assert document["quantile_error"] == QUANTILE_ERROR
    assert len(document["rows"]) == len(whole.export("arrivals").document["rows"])
    assert short._repr_html_().count("<tr>") == whole._repr_html_().count("<tr>")


def test_a_folder_of_the_other_kind_is_not_taken_up(short_case, summed):
    for folder, keep in ((summed[0].result.folder, "replicates"), (summed[1].result.folder, "summary")):
        with pytest.raises(co.UsageError, match="what is kept"):
            run(co.read(short_case), folder, replicates=REPLICATES, seed=7, keep=keep)


@pytest.mark.parametrize("keep", ["all", "summary"])
def test_a_wrong_keep_is_refused(short_case, keep):
    with pytest.raises(co.UsageError, match="keep"):
        co.run(co.read(short_case), replicates=2, keep=keep)


@pytest.mark.slow
def test_a_damaged_block_is_said_and_made_anew(short_case, tmp_path):
    out = tmp_path / "run"
    run(co.read(short_case), out, replicates=3, seed=7, keep="summary")
    block = next(out.glob("sketch/*.npz"))
    whole, kept = block.read_bytes(), bytes_of(out)
    for damaged in (b"", whole[: len(whole) // 2], whole[:500] + b"?" + whole[501:], b"PK" + whole[2:900]):
        block.write_bytes(damaged)
        with pytest.raises(co.FaultsError, match="damaged_run"):
            co.open_run(out).describe()
        assert run(co.read(short_case), out, replicates=3, seed=7, keep="summary").made_anew == (str(block),)
        assert bytes_of(out) == kept


@pytest.mark.parametrize("keep", ["replicates", "summary"])
@pytest.mark.parametrize("short_of", ["memory", "disk"])
def test_a_run_without_room_is_refused_before_it_starts(short_case, tmp_path, monkeypatch, keep, short_of):
    if short_of == "memory":
        monkeypatch.setattr(size, "free_memory", lambda: 200_000_000)
    else:
        monkeypatch.setattr(size.shutil, "disk_usage", lambda path: SimpleNamespace(free=10_000))
    with pytest.raises(
        co.UsageError, match=rf"at least [\d.]+ [GM]B of {short_of} and [\d.]+ [GM]B are free: record less often"
    ):
        run(co.read(short_case), tmp_path / "out" / "run", replicates=REPLICATES, seed=7, keep=keep)
    assert not (tmp_path / "out").exists()


def test_a_batch_records_no_more_than_its_share_of_memory(short_case, tmp_path):
    for places, hours in ((26, 24), (26, 24 * 365), (100, 24 * 365)):
        model = compile_model(grid_world(tmp_path / f"{places}-{hours}", places, hours, step_minutes=60), "")
        batch, one = size.choose_batch(model, 100), size.measure_record(model)
        assert batch == 100 or (batch + 1) * one > size.RECORD_BYTES >= batch * one
        record = begin_record(model, 1)
        assert record.counts.nbytes + record.measures.nbytes == one


@pytest.mark.slow
def test_a_run_in_small_batches_and_pieces_is_the_same_run(tmp_path, monkeypatch):
    case = grid_world(tmp_path / "grid", 26, 48, step_minutes=60)
    one = size.measure_record(compile_model(case, ""))
    whole = run(case, tmp_path / "whole", replicates=7, seed=3)
    monkeypatch.setattr(size, "RECORD_BYTES", 2 * one)
    monkeypatch.setattr(manifest, "BATCH", 100)
    for piece in (one // 5, 3 * one):
        monkeypatch.setattr(running, "PIECE_BYTES", piece)
        out = tmp_path / str(piece)
        cut = run(case, out, replicates=7, seed=3)
        assert cut.manifest["batch"] == 2
        assert cut.manifest["conservation_error"] == 0
        assert (out / "summary.parquet").read_bytes() == (tmp_path / "whole" / "summary.parquet").read_bytes()
        pieces = cut.take_columns(whole.columns)
        for column, values in whole.take_columns(whole.columns).items():
            np.testing.assert_array_equal(pieces[column], values)


@pytest.mark.slow
def test_the_command_says_what_it_kept_and_how_exactly(short_case, tmp_path):
    out = str(tmp_path / "run")
    done = call("run", str(short_case), "--out", out, "--replicates", "3", "--keep", "summary")
    assert done.code == 0
    assert "within 0.2%" in done.stdout
    assert f"corridor score {out}" in done.stdout
    assert "within 0.2%" in call("score", out).stdout
    assert call("report", out).code == 2
