"""Run a scenario: an ensemble of replicates, in batches, on one or several workers, in memory or into a folder."""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np

from corridor.results.in_memory import Unstored
from corridor.results.manifest import describe_run, part_replicates
from corridor.results.result import Result
from corridor.results.store import finish_folder, missing_parts, open_folder, write_part
from corridor.results.summary import columns_at_once, write_summary
from corridor.scenario.faults import InterruptedRunError, UsageError
from corridor.scenario.scenario import Scenario
from corridor.simulate.batch import conservation_error
from corridor.simulate.behaviour import Behaviour, require_portable
from corridor.simulate.ensemble import Ensemble, prepare
from corridor.simulate.record import Record

Progress = Callable[[int], None]


def run(
    scenario: Scenario,
    out: Path | str | None = None,
    parameters: str | None = None,
    replicates: int = 500,
    seed: int | None = None,
    workers: int = 1,
    behaviour: Behaviour | None = None,
    progress: Progress | None = None,
) -> Result:
    """Simulate an ensemble, in memory or into the folder `out`; an unfinished run there is taken up again.

    The bytes of replicates and summary depend on the scenario, parameter set, behaviour, seed and number of
    replicates only, not on `workers` (which serve a folder only). `progress` is called with the number of replicates
    finished. Raises UsageError (unknown set, folder in use), FaultsError, or InterruptedRunError when the work stopped
    but can be taken up.
    """
    if replicates < 1 or workers < 1:
        message = "replicates and workers must be at least 1"
        raise UsageError(message)
    ensemble = prepare(scenario, scenario.choose_set(parameters), seed, behaviour)
    if workers > 1:
        require_portable(ensemble.behaviour)
    manifest = describe_run(scenario, ensemble, replicates)
    if out is None:
        return _hold(scenario, ensemble, manifest, progress)
    folder = Path(out)
    manifest, made_anew = open_folder(folder, manifest, scenario.folder)
    parts = missing_parts(folder, manifest)
    if parts or made_anew or manifest["state"] != "complete":
        seconds: dict[str, float] = {}
        for part, spent in _simulate_parts(ensemble, manifest, folder, parts, workers):
            for name, value in spent.items():
                seconds[name] = seconds.get(name, 0.0) + value
            if progress is not None:
                progress(len(part_replicates(manifest, part)))
        _finish(folder, manifest, seconds)
    return Result(folder, manifest, ensemble.behaviour, made_anew)


def _hold(scenario: Scenario, ensemble: Ensemble, manifest: dict[str, Any], progress: Progress | None) -> Result:
    """Simulate all batches and keep them in memory."""
    seconds: dict[str, float] = {}
    records = []
    for part in range(manifest["parts"]):
        numbers = part_replicates(manifest, part)
        records.append(simulate_whole(ensemble, numbers, seconds))
        if progress is not None:
            progress(len(numbers))
    manifest |= {"state": "complete", "conservation_error": 0, "seconds": _round(seconds)}
    return Unstored(Path(), manifest, ensemble.behaviour, records=tuple(records), read_from=scenario)


def _simulate_parts(
    ensemble: Ensemble, manifest: dict[str, Any], folder: Path, parts: list[int], workers: int
) -> Iterator[tuple[int, dict[str, float]]]:
    if workers == 1 or len(parts) <= 1:
        for part in parts:
            yield part, simulate_part(ensemble, manifest, folder, part)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(parts)), context, _ignore_interrupts) as pool:
        waiting = {pool.submit(simulate_part, ensemble, manifest, folder, part): part for part in parts}
        try:
            for done in as_completed(waiting):
                yield waiting[done], done.result()
        except BrokenProcessPool as error:
            message = (
                "a worker was killed (is there enough memory?); finished parts are kept, run the same command again"
            )
            raise InterruptedRunError(message) from error
        finally:
            for future in waiting:
                future.cancel()


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the process that gave the work out."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def simulate_part(ensemble: Ensemble, manifest: dict[str, Any], folder: Path, part: int) -> dict[str, float]:
    """Simulate one batch, write it, and return the seconds spent by phase."""
    numbers = part_replicates(manifest, part)
    seconds: dict[str, float] = {}
    record = simulate_whole(ensemble, numbers, seconds)
    clock = time.perf_counter()
    write_part(folder, part, part_columns(record, numbers), manifest)
    seconds["store"] = time.perf_counter() - clock
    return seconds


def simulate_whole(ensemble: Ensemble, numbers: np.ndarray, seconds: dict[str, float]) -> Record:
    """Simulate one batch in which nobody is lost or invented: no other is ever given out."""
    record = ensemble.simulate(numbers, seconds)
    if conservation_error(record):
        message = f"people were lost or invented in replicates {numbers[0]} to {numbers[-1]}"
        raise AssertionError(message)
    return record


def part_columns(record: Record, numbers: np.ndarray) -> dict[str, np.ndarray]:
    """Return a batch as columns: one row per replicate and moment."""
    replicates, moments = record.counts.shape[:2]
    columns: dict[str, np.ndarray] = {
        "replicate": np.repeat(numbers.astype(np.int32), moments),
        "moment": np.tile(np.arange(moments, dtype=np.int32), replicates),
    }
    for index, column in enumerate(record.columns.counts):
        columns[column.write()] = np.ascontiguousarray(record.counts[:, :, index]).reshape(-1)
    for index, column in enumerate(record.columns.measures):
        columns[column.write()] = np.ascontiguousarray(record.measures[:, :, index]).reshape(-1)
    return columns


def _finish(folder: Path, manifest: dict[str, Any], seconds: Mapping[str, float]) -> None:
    clock = time.perf_counter()
    manifest["state"] = "complete"
    result = Result(folder, manifest)
    write_summary(result)
    manifest["seconds"] = _round({**seconds, "summary": time.perf_counter() - clock})
    manifest["conservation_error"] = _check_conservation(result)
    finish_folder(folder, manifest)


def _round(seconds: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in seconds.items()}


def _check_conservation(result: Result) -> int:
    """Return the largest error of two sums over the stored columns: by place and road, and by the three headings."""
    fine = [column for column in result.columns if column.series in ("at_place", "on_road")]
    total = np.zeros((result.replicates, len(result.times)))
    group = columns_at_once(result)
    for first in range(0, len(fine), group):
        total += np.sum(list(result.take_columns(fine[first : first + group]).values()), axis=0)
    headings = np.sum(list(result.take_totals("inside", "on_roads", "arrivals").values()), axis=0)
    return int(np.abs(np.stack([total, headings]) - total[:, :1]).max())
