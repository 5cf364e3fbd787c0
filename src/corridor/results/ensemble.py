"""Run a scenario: an ensemble of replicates, in batches, on one or several workers, into a folder."""

from __future__ import annotations

import json
import multiprocessing
import platform
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import numpy as np

import corridor
from corridor.results.result import Result, open_result
from corridor.results.store import (
    FORMAT,
    MANIFEST,
    missing_parts,
    open_folder,
    part_path,
    write_part,
    write_text,
)
from corridor.results.summary import columns_at_once, write_summary
from corridor.scenario.faults import InterruptedRunError, UsageError
from corridor.scenario.scenario import Scenario
from corridor.simulate.batch import conservation_error, simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.fitted import Fitted, read_fitted
from corridor.simulate.luck import plain_luck
from corridor.simulate.model import Model
from corridor.simulate.record import Record

BATCH = 100  # replicates in a batch: large enough to share the cost of a step, small enough to fit in memory
Progress = Callable[[int], None]


def run(
    scenario: Scenario,
    out: Path | str,
    parameters: str | None = None,
    replicates: int = 500,
    seed: int | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Result:
    """Simulate an ensemble and store it in the folder `out`; an unfinished run there is taken up again.

    The bytes of replicates and summary depend on the scenario, parameter set, seed and number of replicates only,
    not on `workers`. `progress` is called with the number of replicates finished. Raises UsageError (unknown set,
    folder in use), FaultsError, or InterruptedRunError when the work stopped but can be taken up.
    """
    if replicates < 1 or workers < 1:
        message = "replicates and workers must be at least 1"
        raise UsageError(message)
    chosen = scenario.choose_set(parameters)
    model = compile_model(scenario, chosen)
    fitted = read_fitted(scenario, chosen)
    seed = scenario.settings["seed"] if seed is None else seed
    folder = Path(out)
    manifest = describe_run(scenario, model, chosen, replicates, seed, fitted)
    manifest = open_folder(folder, manifest, scenario.folder)
    parts = missing_parts(folder, manifest["parts"])
    if parts or manifest["state"] != "complete" or not (folder / "summary.parquet").exists():
        seconds: dict[str, float] = {}
        for part, spent in _simulate_parts(model, fitted, manifest, folder, parts, workers):
            for name, value in spent.items():
                seconds[name] = seconds.get(name, 0.0) + value
            if progress is not None:
                progress(len(part_replicates(manifest, part)))
        _finish(folder, manifest, seconds)
    return open_result(folder)


def part_replicates(manifest: dict[str, Any], part: int) -> np.ndarray:
    """Return the numbers of the replicates in a batch."""
    first = part * manifest["batch"]
    return np.arange(first, min(first + manifest["batch"], manifest["replicates"]))


def describe_run(
    scenario: Scenario, model: Model, parameters: str, replicates: int, seed: int, fitted: Fitted | None
) -> dict[str, Any]:
    """Return the manifest of a run that is about to begin."""
    settings = scenario.settings
    known = dict(scenario.sets.get(parameters, {}))
    return {
        "format": FORMAT,
        "state": "running",
        "scenario": settings["id"],
        "title": settings["title"],
        "scenario_hash": scenario.hash,
        "variant": scenario.variant_name,
        "parameters": parameters,
        "parameters_title": known.get("title", ""),
        "known_until": known["known_until"].isoformat() if known else "",
        "fitted_until": known["fitted_until"].isoformat() if known.get("fitted_until") else "",
        "fitted_series": known.get("fitted_series", ""),
        "fitted_draws": "" if fitted is None else fitted.hash,
        "sensitivity": settings["sensitivity"],
        "disclaimer": settings["disclaimer"],
        "data_date": settings["data_date"].date().isoformat(),
        "seed": seed,
        "replicates": replicates,
        "batch": BATCH,
        "parts": -(-replicates // BATCH),
        "start": scenario.start.isoformat(),
        "time_zone": settings["time_zone"],
        "record_hours": model.record_every * model.step_hours,
        "moments": model.records,
        "steps": model.steps,
        "corridor": corridor.__version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "processor": platform.machine(),
        "seconds": {},
        "conservation_error": None,
    }


def _simulate_parts(
    model: Model,
    fitted: Fitted | None,
    manifest: dict[str, Any],
    folder: Path,
    parts: list[int],
    workers: int,
) -> Iterator[tuple[int, dict[str, float]]]:
    if workers == 1 or len(parts) <= 1:
        for part in parts:
            yield part, simulate_part(model, fitted, manifest, folder, part)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(workers, len(parts)), context, _ignore_interrupts) as pool:
        waiting = {pool.submit(simulate_part, model, fitted, manifest, folder, part): part for part in parts}
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


def simulate_part(
    model: Model, fitted: Fitted | None, manifest: dict[str, Any], folder: Path, part: int
) -> dict[str, float]:
    """Simulate one batch, write it, and return the seconds spent by phase."""
    numbers = part_replicates(manifest, part)
    seconds: dict[str, float] = {}
    luck, given = plain_luck(manifest["seed"], numbers), None
    if fitted is not None:
        luck, given = fitted.luck(luck, numbers, model.step_hours), fitted.values(numbers)
    record = simulate_batch(model, luck, given, seconds=seconds)
    if conservation_error(record):
        message = f"people were lost or invented in replicates {numbers[0]} to {numbers[-1]}"
        raise AssertionError(message)
    clock = time.perf_counter()
    write_part(folder, part, part_columns(record, numbers), journey_columns(record, numbers))
    seconds["store"] = time.perf_counter() - clock
    return seconds


def part_columns(record: Record, numbers: np.ndarray) -> dict[str, np.ndarray]:
    """Return a batch as columns: one row per replicate and moment."""
    replicates, moments = record.counts.shape[:2]
    columns: dict[str, np.ndarray] = {
        "replicate": np.repeat(numbers.astype(np.int32), moments),
        "moment": np.tile(np.arange(moments, dtype=np.int32), replicates),
    }
    for index, name in enumerate(record.columns.counts):
        columns[name] = record.counts[:, :, index].astype(np.int64).reshape(-1)
    for index, name in enumerate(record.columns.measures):
        columns[name] = np.ascontiguousarray(record.measures[:, :, index]).reshape(-1)
    return columns


def journey_columns(record: Record, numbers: np.ndarray) -> dict[str, np.ndarray]:
    """Return people by hours on the way and by hours waited: one row per replicate and hour."""
    replicates, hours = record.journeys.shape
    return {
        "replicate": np.repeat(numbers.astype(np.int32), hours),
        "hour": np.tile(np.arange(hours, dtype=np.int32), replicates),
        "journeys": record.journeys.reshape(-1),
        "waits": record.waits.reshape(-1),
    }


def _finish(folder: Path, manifest: dict[str, Any], seconds: dict[str, float]) -> None:
    clock = time.perf_counter()
    manifest["state"] = "complete"
    result = Result(folder, manifest)
    write_summary(result)
    seconds["summary"] = time.perf_counter() - clock
    manifest["conservation_error"] = _check_conservation(result)
    manifest["seconds"] = {name: round(value, 4) for name, value in seconds.items()}
    write_text(folder / MANIFEST, json.dumps(manifest, indent=2, ensure_ascii=False) + "\n")


def _check_conservation(result: Result) -> int:
    """Return the largest error of two sums over the stored columns: by place and road, and by the three headings."""
    fine = [name for name in result.columns if name.startswith(("at_place:", "on_road:"))]
    total = np.zeros((result.replicates, len(result.times)))
    group = columns_at_once(result)
    for first in range(0, len(fine), group):
        total += np.sum(list(result.take_several(fine[first : first + group]).values()), axis=0)
    headings = np.sum(list(result.take_several(["inside:", "on_roads:", "arrivals:"]).values()), axis=0)
    return int(np.abs(np.stack([total, headings]) - total[:, :1]).max())


__all__ = ["part_path", "run"]
