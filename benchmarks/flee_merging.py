"""Measure what it costs in accuracy that steps of kilometres which differ little are taken for one (flee/today.py).

    python benchmarks/flee_merging.py --data DATA [--cases NAME ...] [--replicates 4] [--days 60] [--seed 1]

Each folder is run twice: with the steps as a run has them, and with every step kept apart that can make a difference, which
is exact. Printed are the steps kept apart at a place, on average; the largest difference of the mean number of people at any
place on any day, and the mean over places on the last day, as shares of all people then; the same of two halves of the
exact replicates, which is chance alone; and seconds a replicate. Cases are the shapes of flee_shapes.py and the
published ones; these have few enough steps to be exact, so `--forced` merges them all the same.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np

from corridor.flee import today
from corridor.flee.compile import FleeModel, compile_folder
from corridor.flee.read import read_folder
from corridor.flee.run import FleeRun, run_range
from corridor.flee.tables import FleeFolder
from flee_shapes import SHAPES

PUBLISHED = ["ssudan2013", "car2013", "burundi2015", "mali2012"]
ALL_STEPS = 1_000_000_000


def compile_with(folder: FleeFolder, most_steps: int) -> FleeModel:
    """Return the arrays of a folder in which up to so many steps a place are kept exactly."""
    before, today.MOST_STEPS = today.MOST_STEPS, most_steps
    try:
        return compile_folder(folder)
    finally:
        today.MOST_STEPS = before


def run_timed(model: FleeModel, replicates: int, seed: int) -> tuple[FleeRun, float]:
    """Return replicates and the processor seconds of each, without compilation."""
    run_range(model, range(1), seed)
    begin = time.process_time()
    run = run_range(model, range(replicates), seed)
    return run, (time.process_time() - begin) / replicates


def differ(first: np.ndarray, second: np.ndarray, people: np.ndarray) -> tuple[float, float]:
    """Return the largest difference at a place on a day, and the mean over places on the last, as shares of people."""
    apart = np.abs(first.mean(axis=0) - second.mean(axis=0)) / np.maximum(people, 1)[:, None]
    return float(apart[people > 1000].max(initial=0.0)), float(apart[-1].mean())


def count_steps(model: FleeModel) -> float:
    """Return how many steps of kilometres are kept apart at a place, on average."""
    return float(np.mean([len(np.unique(steps)) for epoch in model.world.until for steps in epoch]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cases", nargs="+", default=[*SHAPES, *PUBLISHED], choices=[*SHAPES, *PUBLISHED])
    parser.add_argument("--replicates", type=int, default=4)
    parser.add_argument("--days", type=int, default=60, help="the first days of a made folder")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forced", action="store_true", help="merge also where few steps make a difference")
    chosen = parser.parse_args()
    print(f"{'case':48s} steps  exact    largest       mean  by chance: largest  mean    seconds  exact")
    for name in chosen.cases:
        with tempfile.TemporaryDirectory() as scratch:
            own = chosen.data / "flee" / name
            path = SHAPES[name].write(Path(scratch) / "case", chosen.seed) if name in SHAPES else own
            folder = read_folder(path, days=chosen.days if name in SHAPES else None)
        merged = compile_with(folder, 0 if chosen.forced else today.MOST_STEPS)
        exact = compile_with(folder, ALL_STEPS)
        ours, seconds = run_timed(merged, chosen.replicates, chosen.seed)
        theirs, exact_seconds = run_timed(exact, 2 * chosen.replicates, chosen.seed + 1)
        people, half = theirs.created.mean(axis=0), chosen.replicates
        largest, mean = differ(ours.at_place, theirs.at_place, people)
        by_chance = differ(theirs.at_place[:half], theirs.at_place[half:], people)
        print(
            f"{name:48s} {count_steps(merged):5.1f} {count_steps(exact):6.1f} {largest:10.3%} {mean:10.4%}"
            f" {by_chance[0]:19.3%} {by_chance[1]:.4%} {seconds:8.3f} {exact_seconds:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
