"""Compare counts with Flee's rules carried out person by person, on whole published cases, beside Flee's own runs.

    python benchmarks/flee_persons.py DATA [--cases mali2012 ...] [--runs 40] [--replicates 200] [--keep DIR]

Flee's tables hold five runs a case, too few to say how far runs scatter. Here tests/flee/crowd.py runs each case
person by person in Flee's order (and, with --shuffled, in a new order each day): 7 to 30 seconds a run. Runs are
kept in DIR and not made again.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.flee.crowd import CrowdFlee

from corridor.flee.compare import Comparison, compare_case
from corridor.flee.read import read_folder
from corridor.flee.state import watched_places

CASES = ["mali2012", "ssudan2013", "car2013", "burundi2015"]


def run_persons(case: Path, runs: int, shuffled: bool, keep: Path) -> np.ndarray:
    """Return people in camps [run, day, camp], each person moved on its own."""
    settings = case / "simsetting-hasten10.yml"
    folder = read_folder(case, settings if settings.is_file() else None)
    camps, done = watched_places(folder), []
    for seed in range(runs):
        file = keep / f"{'shuffled' if shuffled else 'persons'}-{case.name}-{seed}.npy"
        if not file.is_file():
            world = CrowdFlee(folder, seed, shuffled)
            people = np.array([world.step() for _ in range(folder.days)])[:, camps]
            np.save(file, people.astype(np.int32))
            print(f"{case.name}: {seed + 1} of {runs}", file=sys.stderr)
        done.append(np.load(file))
    return np.stack(done).astype(np.float64)


def write_row(name: str, case: str, ours: np.ndarray, others: Comparison) -> None:
    """Print how `ours` differs from the runs `others.flee`, as the comparison with Flee's own runs does."""
    row = Comparison(case, others.camps, ours, others.flee, others.registered).summarise()
    low, high = row["spread_by_chance"]
    print(
        f"{case:12s} {name:28s} {row['our_runs']:4d} {row['flee_runs']:4d} {row['within']:8.2%}"
        f" {row['largest_share']:8.2%} {row['spread']:7.2f} ({low:.2f}-{high:.2f})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--cases", nargs="+", default=CASES, choices=CASES)
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--replicates", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shuffled", action="store_true", help="also persons in a new order each day")
    parser.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()) / "flee-persons")
    chosen = parser.parse_args()
    chosen.keep.mkdir(parents=True, exist_ok=True)
    print("case         what                         runs against  within  largest  spread (by chance)")
    for name in chosen.cases:
        case = chosen.data / "flee" / name
        flee = compare_case(case, chosen.replicates, chosen.seed)
        persons = run_persons(case, chosen.runs, shuffled=False, keep=chosen.keep)
        against = Comparison(name, flee.camps, flee.ours, persons, flee.registered)
        write_row("counts against Flee", name, flee.ours, flee)
        write_row("persons against Flee", name, persons, flee)
        write_row("counts against persons", name, flee.ours, against)
        if chosen.shuffled:
            mixed = run_persons(case, chosen.runs, shuffled=True, keep=chosen.keep)
            shuffled = Comparison(name, flee.camps, flee.ours, mixed, flee.registered)
            write_row("counts against shuffled", name, flee.ours, shuffled)
            write_row("shuffled against persons", name, mixed, against)


if __name__ == "__main__":
    main()
