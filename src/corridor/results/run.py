"""Run a scenario: an ensemble of replicates, in batches, on one or several workers, in memory or into a folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from corridor.results.blocks import Fold, Span, Summing, block_moments, cut_spans, plan_work
from corridor.results.crew import ALONE, Crew, hire
from corridor.results.in_memory import Unstored
from corridor.results.manifest import KEEP, describe_run, part_replicates
from corridor.results.result import Result
from corridor.results.size import RECORD_BYTES, require_room
from corridor.results.store import (
    clear_unfinished,
    finish_folder,
    identify,
    missing_parts,
    open_folder,
    part_path,
    write_part,
)
from corridor.results.summary import NUMBERS_AT_ONCE, write_summary
from corridor.results.tables import read_parquet
from corridor.scenario.faults import UsageError
from corridor.scenario.remote import locate
from corridor.scenario.scenario import Scenario
from corridor.simulate.batch import conservation_error
from corridor.simulate.behaviour import Behaviour, require_portable
from corridor.simulate.ensemble import Ensemble, prepare
from corridor.simulate.record import Record, name_columns
from corridor.simulate.series import Column

Progress = Callable[[int], None]
PIECE_BYTES = RECORD_BYTES  # of a batch, what is made ready for writing at once: once where a batch is one piece
FINE = ("at_place", "on_road")  # everybody is in one of these


def run(
    scenario: Scenario,
    out: Path | str | None = None,
    parameters: str | None = None,
    replicates: int = 500,
    seed: int | None = None,
    workers: int = 1,
    behaviour: Behaviour | None = None,
    progress: Progress | None = None,
    keep: str = "replicates",
    cluster: Any = None,
) -> Result:
    """Simulate an ensemble, in memory or into the folder `out`; an unfinished run there is taken up again.

    The bytes of replicates and summary depend on the scenario, parameter set, behaviour, seed and number of
    replicates only, not on `workers` and `cluster` (see `hire`; they serve a folder only). `progress` is called with
    the number of replicates finished. With `keep` "summary" the folder holds no replicates but a summary that every
    batch is merged into: its size does not grow with them. Raises UsageError (unknown set, folder in use, no room),
    FaultsError, or InterruptedRunError when the work stopped but can be taken up.
    """
    if keep not in KEEP or (keep == "summary" and out is None):
        message = f"keep is one of {', '.join(KEEP)}, and a summary is kept in a folder, not in memory"
        raise UsageError(message)
    if replicates < 1 or workers < 1:
        message = "replicates and workers must be at least 1"
        raise UsageError(message)
    if out is not None and scenario.edits is not None:  # a run's folder holds its variant as a file
        message = "a case with edits cannot be run into a folder: save them as a variant (write_variant), and run that"
        raise UsageError(message)
    ensemble = prepare(scenario, scenario.choose_set(parameters), seed, behaviour)
    if workers > 1 or cluster is not None:
        require_portable(ensemble.behaviour.changed)
    manifest = describe_run(scenario, ensemble, replicates, keep)
    folder = None if out is None else locate(out)
    require_room(ensemble.model, manifest, workers, folder)
    if folder is None:
        return _hold(scenario, ensemble, manifest, progress)
    manifest, made_anew = open_folder(folder, manifest, scenario.folder)
    if made_anew or manifest["state"] != "complete":
        seconds: dict[str, float] = {}
        fill = _fill if manifest["keep"] == "replicates" else _sum_up
        with hire(min(workers, manifest["parts"]), cluster) as crew:
            for spent in fill(ensemble, manifest, folder, crew, progress or (lambda done: None)):
                for name, value in spent.items():
                    seconds[name] = seconds.get(name, 0.0) + value
        _finish(folder, manifest, seconds)
    return Result(folder, manifest, ensemble.behaviour, made_anew)


def _fill(
    ensemble: Ensemble, manifest: dict[str, Any], folder: Path, crew: Crew, progress: Progress
) -> Iterator[dict[str, float]]:
    """Simulate the parts that a folder lacks, each into a file of its own; give the seconds spent on each by phase."""
    task = partial(simulate_part, ensemble, manifest, folder)
    for part, seconds in crew.do(task, missing_parts(folder, manifest)):
        progress(len(part_replicates(manifest, part)))
        yield seconds


def _sum_up(
    ensemble: Ensemble, manifest: dict[str, Any], folder: Path, crew: Crew, progress: Progress
) -> Iterator[dict[str, float]]:
    """Simulate what a folder's summary lacks and merge it; give the seconds spent on each piece of work by phase."""
    columns = name_columns(ensemble.model)
    kinds = (columns.counts, columns.measures)
    step = block_moments(sum(map(len, kinds)))
    summing = Summing(folder, identify(manifest), manifest["moments"], kinds, step)
    spans = cut_spans(summing.find_missing(manifest["replicates"]), manifest["batch"], crew.size)
    blocks, done = len(summing.bounds), set[Span | Fold]()
    here = crew is ALONE  # who works elsewhere cannot tell of a batch before its span is done
    task = partial(_sum_some, ensemble, manifest["batch"], summing, progress if here else None)
    last = [Fold(block, 0) for block in range(blocks)]
    for work in (plan_work(spans, blocks, done), last):
        for some, seconds in crew.do(task, work):
            done.add(some)
            if isinstance(some, Span) and not here:
                progress(some.last - some.first)
            yield seconds


def _sum_some(
    ensemble: Ensemble, batch: int, summing: Summing, progress: Progress | None, some: Span | Fold
) -> dict[str, float]:
    """Simulate a span into pieces, or merge those of a block."""
    seconds: dict[str, float] = {}
    clock = time.perf_counter()

    def simulate(span: Span) -> Iterator[Record]:
        for first in range(span.first, span.last, batch):
            numbers = np.arange(first, min(first + batch, span.last))
            yield simulate_whole(ensemble, numbers, seconds)
            if progress is not None:
                progress(len(numbers))

    if isinstance(some, Fold):
        summing.fold(some.block)
    else:
        summing.sum_up(some.first, simulate(some))
    return seconds | {"store": time.perf_counter() - clock - sum(seconds.values())}


def run_in_steps(
    scenario: Scenario, parameters: str | None = None, replicates: int = 500, at_once: int = 50
) -> Iterator[int | Result]:
    """Simulate an ensemble in memory, so many replicates at once: yields how many were done, in the end the result.

    For whoever has other things to do in between. The numbers are those of `run`. Raises UsageError (unknown set, no
    room) and FaultsError.
    """
    ensemble = prepare(scenario, scenario.choose_set(parameters))
    manifest = describe_run(scenario, ensemble, replicates)
    require_room(ensemble.model, manifest, 1, None)
    batch = min(at_once, manifest["batch"])
    yield from _hold_in_steps(scenario, ensemble, manifest | {"batch": batch, "parts": -(-replicates // batch)})


def _hold(scenario: Scenario, ensemble: Ensemble, manifest: dict[str, Any], progress: Progress | None) -> Result:
    """Simulate all batches and keep them in memory."""
    for found in _hold_in_steps(scenario, ensemble, manifest):
        if isinstance(found, Result):
            return found
        if progress is not None:
            progress(found)
    message = "a run ends with its result"
    raise AssertionError(message)


def _hold_in_steps(scenario: Scenario, ensemble: Ensemble, manifest: dict[str, Any]) -> Iterator[int | Result]:
    """Simulate all batches and keep them in memory; yield how many replicates each has, then the result."""
    seconds: dict[str, float] = {}
    records = []
    for part in range(manifest["parts"]):
        numbers = part_replicates(manifest, part)
        records.append(simulate_whole(ensemble, numbers, seconds))
        yield len(numbers)
    manifest |= {"state": "complete", "conservation_error": 0, "seconds": _round(seconds)}
    yield Unstored(Path(), manifest, ensemble.behaviour, records=tuple(records), read_from=scenario)


def simulate_part(ensemble: Ensemble, manifest: dict[str, Any], folder: Path, part: int) -> dict[str, float]:
    """Simulate one batch, write it, and return the seconds spent by phase."""
    numbers = part_replicates(manifest, part)
    seconds: dict[str, float] = {}
    record = simulate_whole(ensemble, numbers, seconds)
    clock = time.perf_counter()
    write_part(folder, part, cut_record(record, numbers), manifest)
    seconds["store"] = time.perf_counter() - clock
    return seconds


def simulate_whole(ensemble: Ensemble, numbers: np.ndarray, seconds: dict[str, float]) -> Record:
    """Simulate one batch in which nobody is lost or invented: no other is ever given out."""
    record = ensemble.simulate(numbers, seconds)
    goes_back = Column("outside") in record.columns.counts
    headings = np.sum([record.take(Column(name)) for name in _name_headings(goes_back)], axis=0)
    if conservation_error(record) or (headings != headings[:, :1]).any():
        message = f"people were lost or invented in replicates {numbers[0]} to {numbers[-1]}"
        raise AssertionError(message)
    return record


def _name_headings(goes_back: bool) -> tuple[str, ...]:
    """Return totals of which everybody is in one; who has gone back is no longer outside."""
    return "inside", "on_roads", "outside" if goes_back else "arrivals"


def cut_record(record: Record, numbers: np.ndarray) -> Iterator[dict[str, np.ndarray]]:
    """Go through a batch as columns, some rows at a time: one row per replicate and moment."""
    replicates, moments = record.counts.shape[:2]
    rows = max(1, PIECE_BYTES // (4 * record.counts.shape[2] + 8 * record.measures.shape[2]))
    some, stretch = max(1, rows // moments), min(rows, moments)
    for first in range(0, replicates, some):
        for begin in range(0, moments, stretch):
            here = slice(first, first + some), slice(begin, begin + stretch)
            counts, measures = record.counts[here], record.measures[here]
            columns = {
                "replicate": np.repeat(numbers[here[0]].astype(np.int32), counts.shape[1]),
                "moment": np.tile(np.arange(moments, dtype=np.int32)[here[1]], len(counts)),
            }
            kinds: list[tuple[Sequence[Column], np.ndarray]] = [
                (record.columns.counts, counts),
                (record.columns.measures, measures),
            ]
            for names, values in kinds:
                columns |= {column.write(): values[:, :, i].reshape(-1) for i, column in enumerate(names)}
            yield columns


def _finish(folder: Path, manifest: dict[str, Any], seconds: Mapping[str, float]) -> None:
    clock = time.perf_counter()
    clear_unfinished(folder)  # of workers that were killed
    manifest["state"] = "complete"
    result = Result(folder, manifest)
    write_summary(result)
    manifest["seconds"] = _round({**seconds, "summary": time.perf_counter() - clock})
    manifest["conservation_error"] = _check_conservation(result)
    finish_folder(folder, manifest)


def _round(seconds: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in seconds.items()}


def _check_conservation(result: Result) -> int:
    """Return the largest error of two sums over the stored columns: by place and road, and by the three headings.

    One part is read after the other. Of a run that kept its summary only, each batch was checked when it was merged.
    """
    worst, moments = 0, len(result.times)
    fine = [name for column, name in result.stored_names.items() if column.series in FINE]
    for part in range(result.manifest["parts"]) if result.kept else ():
        path = part_path(result.folder, part)
        headings = _name_headings(result.has("outside"))
        sums = np.stack([_add_up(path, names, moments * result.manifest["batch"]) for names in (fine, headings)])
        people = sums.reshape(2, -1, moments)
        worst = max(worst, int(np.abs(people - people[:1, :, :1]).max()))
    return worst


def _add_up(path: Path, names: Sequence[str], rows: int) -> np.ndarray:
    """Return the sum of some columns of a part, so many rows."""
    group = max(1, NUMBERS_AT_ONCE // rows)
    chosen = [names[first : first + group] for first in range(0, len(names), group)]
    parts = [np.sum(list(read_parquet([path], some).values()), axis=0, dtype=np.int64) for some in chosen]
    return np.asarray(np.sum(parts, axis=0))
