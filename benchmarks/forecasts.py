"""Forecast the worked cases again and again as of past moments, score each on the counts that came after, print the tables.

    python benchmarks/forecasts.py [--write] [--keep FILE] [--processes 2] [--every 1] [--effort 1.0] [CASE ...]

Each forecast knows the counts and events that were known at its moment (`co.forecast`). Beside it stand the naive rules that
know the same counts and the model's own prior of how many will leave, the best of them in hindsight. With --write the
tables go into docs/validation.md: those of the cases named, and the one over all if every case was run. --every 3 takes every
third moment only, --effort 0.2 a fifth of the particles. --keep takes up results made before with the same words, and adds
new ones.
"""

from __future__ import annotations

import argparse
import pickle
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import corridor as co
from corridor.forecast.pool import Scored
from corridor.scenario.faults import UsageError
from forecast_tables import tabulate_better, tabulate_case, tabulate_first
from markers import PAGE, ROOT, put

FIRST = "karabakh-2023"
BEGAN = datetime(2023, 9, 24)
HOURS = range(24, 145, 12)
SEEDS = (None, 2)  # the case's own, and another
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Job:
    """A forecast to make: of which case and set, as of when, with which seed and how many particles and replicates."""

    case: str
    parameters: str
    moment: datetime
    particles: int
    replicates: int
    seed: int | None = None


@dataclass(frozen=True)
class Made:
    """What a forecast came to: its scores, processor seconds, and what its particles are worth; or why there is none."""

    job: Job
    scored: tuple[Scored, ...] = ()
    seconds: float = 0.0
    read: int = 0
    left_out: tuple[str, ...] = ()
    ancestors: int = 0
    worth: float = 0.0
    effective: float = 0.0
    failed: str = ""


def list_jobs(case: str, every: int, effort: float) -> Iterator[Job]:
    """Yield the forecasts of a case: its sets as of their own moments, and the replay every week (or 12 hours) after."""
    sizes = {FIRST: (1000, 200), "mariupol-2022": (500, 100), "sudan-2023": (100, 30), "ukraine-2022": (100, 20)}
    particles, replicates = sizes.get(case, (200, 60))
    size = max(100, round(particles * effort)), max(20, round(replicates * effort))
    if case == FIRST:
        for seed in SEEDS:
            for hours in list(HOURS)[::every]:
                yield Job(case, "replay", BEGAN + timedelta(hours=hours), *size, seed)
        return
    known = co.read(ROOT / "scenarios" / case)
    for name, settings in known.sets.items():
        if name != "replay":
            yield Job(case, name, settings["fitted_until"], *size)
    moment, moments = known.sets["replay"]["fitted_until"], []
    while moment < known.end - WEEK / 2:
        moments.append(moment)
        moment += WEEK
    for moment in moments[::every]:
        yield Job(case, "replay", moment, *size)


def make(job: Job) -> Made:
    """Make a forecast and score it."""
    began = time.process_time()
    try:
        effort = co.Effort(job.particles, job.seed)
        case = co.read(ROOT / "scenarios" / job.case)
        found = co.forecast(case, job.moment, None, job.parameters, job.replicates, effort)
        board = co.score_forecasts([found.as_of_counts()])
    except UsageError as error:
        return Made(job, failed=str(error))
    said = found.document
    return Made(
        job,
        tuple(board.scored),
        time.process_time() - began,
        len(said["counts"]),
        tuple(entry["reason"] for entry in said["left_out"]),
        said["ancestors"],
        said["ancestors_effective"],
        said["effective"],
    )


def make_all(jobs: Iterable[Job], processes: int, keep: Path | None) -> list[Made]:
    """Make forecasts side by side, tell of each on stderr, and keep what is made in a file if asked.

    With no processes nothing is made: all that are kept of the same cases are returned, whatever their size.
    """
    asked = list(jobs)
    made: dict[Job, Made] = pickle.loads(keep.read_bytes()) if keep and keep.exists() else {}
    if processes < 1:
        cases = list(dict.fromkeys(job.case for job in asked))
        kept = [found for job, found in made.items() if job.case in cases]
        return sorted(kept, key=lambda found: (cases.index(found.job.case), found.job.parameters, found.job.moment))
    missing = [job for job in asked if job not in made]
    began = time.monotonic()
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        for i, future in enumerate(as_completed([pool.submit(make, job) for job in missing]), 1):
            found = future.result()
            made[found.job] = found
            told = found.failed or f"{found.seconds:.0f} s of processor time"
            head = f"{i} of {len(missing)}, {time.monotonic() - began:.0f} s: {found.job.case} {found.job.parameters}"
            print(f"{head} as of {found.job.moment:%Y-%m-%d %H:%M}: {told}", file=sys.stderr, flush=True)
            if keep:
                keep.write_bytes(pickle.dumps(made))
    return [made[job] for job in asked]


def main() -> None:
    """Make the forecasts, print the tables, and write them into the page if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    there = [
        FIRST,
        *sorted(p.parent.name for p in (ROOT / "scenarios").glob("*/scenario.toml") if p.parent.name != FIRST),
    ]
    parser.add_argument("cases", nargs="*", help=f"folders in scenarios: {', '.join(there)}; all if none")
    parser.add_argument("--processes", type=int, default=2, help="forecasts made side by side; 0: only those kept")
    parser.add_argument("--every", type=int, default=1, help="take every so many moments only")
    parser.add_argument("--effort", type=float, default=1.0, help="share of the particles and replicates")
    parser.add_argument("--keep", type=Path, help="file in which results are kept, and taken up if it is there")
    parser.add_argument("--write", action="store_true", help="write the tables into the page")
    words = parser.parse_args()
    if unknown := [name for name in words.cases if name not in there]:
        parser.error(f"scenarios/{unknown[0]} is not there")
    cases = [name for name in there if name in words.cases or not words.cases]
    jobs = [job for case in cases for job in list_jobs(case, words.every, words.effort)]
    made = make_all(jobs, words.processes, words.keep)
    parts = {}
    for case in cases:
        if not (own := [found for found in made if found.job.case == case]):
            continue
        parts[f"forecasts-{case}"] = tabulate_first(own) if case == FIRST else tabulate_case(own)
    if {found.job.case for found in made} == set(there):
        parts["forecasts-better"] = tabulate_better([found for found in made if found.job.seed is None])
    for name, text in parts.items():
        print(f"\n{text}")
        if words.write:
            put(PAGE, name, text)


if __name__ == "__main__":
    main()
