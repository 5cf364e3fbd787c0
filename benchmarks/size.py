"""How size costs: compiling large networks, the memory of a year by the hour, the disk of very many replicates.

    python benchmarks/size.py [--places 260] [--days 365] [--replicates 20] [--many 2000]

Compiling is timed in processor seconds of one core, with compiled code at hand. Memory is the highest of a process
that runs and stores (or keeps a summary of) a made network, or the template. Disk is said for growing numbers of
replicates of the template, kept and as a summary, with what a million would take: kept, so much for each replicate;
as a summary, so much for each doubling, for bins fill up ever more slowly.
"""

from __future__ import annotations

import argparse
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from corridor.simulate.compile import compile_model  # noqa: E402
from worlds import grid_world  # noqa: E402

TEMPLATE = ROOT / "src" / "corridor" / "scenario" / "template"
RUN = """
import resource, sys, time
from corridor.scenario.scenario import read_scenario
from corridor.results.run import run
clock = time.process_time()
run(read_scenario(sys.argv[1]), sys.argv[2], replicates=int(sys.argv[3]), keep=sys.argv[4])
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, time.process_time() - clock)
"""


def time_compiling(folder: Path) -> None:
    """Print the seconds that networks of three sizes take to compile."""
    for places in (26, 260, 2600):
        scenario = grid_world(folder / f"grid-{places}", places, 48, step_minutes=60)
        compile_model(scenario, "")  # compiled code is read
        clock = time.process_time()
        model = compile_model(scenario, "")
        print(
            f"{places:>6,} places, {len(model.network.links):>6,} links: {time.process_time() - clock:6.2f} s to compile"
        )


def measure_run(case: Path, out: Path, replicates: int, keep: str) -> tuple[float, float, float]:
    """Run in a process of its own; return its highest memory (MB), seconds, and the disk that the run takes (MB)."""
    command = [sys.executable, "-c", RUN, str(case), str(out), str(replicates), keep]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    memory, seconds = map(float, done.stdout.split()[-2:])
    return memory, seconds, sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6


def measure_year(folder: Path, places: int, days: float, replicates: int) -> None:
    """Print memory and disk of a long run of a made network, kept whole and as a summary."""
    case = folder / "long"
    grid_world(case, places, 24 * days, step_minutes=60)
    for keep in ("replicates", "summary"):
        memory, seconds, disk = measure_run(case, folder / f"long-{keep}", replicates, keep)
        print(
            f"{places:,} places, {days:g} days by the hour, {replicates} replicates, keep {keep}: "
            f"{memory:,.0f} MB of memory, {disk:,.0f} MB of disk, {seconds:,.0f} s"
        )


def measure_many(folder: Path, many: int) -> None:
    """Print memory and disk of more and more replicates of the template."""
    for keep in ("replicates", "summary"):
        last = (1, 0.0)
        for replicates in (many // 10, many // 2, many):
            memory, seconds, disk = measure_run(TEMPLATE, folder / f"{keep}-{replicates}", replicates, keep)
            scale = (lambda n: n) if keep == "replicates" else math.log2
            growth = (disk - last[1]) / (scale(replicates) - scale(last[0])) if last[1] else math.nan
            million = disk + growth * (scale(1_000_000) - scale(replicates))
            print(
                f"template, {replicates:,} replicates, keep {keep}: {memory:,.0f} MB of memory, {disk:,.1f} MB of disk, "
                f"{seconds:,.0f} s" + (f"; a million {million:,.0f} MB" if last[1] else "")
            )
            last = (replicates, disk)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--places", type=int, default=260)
    parser.add_argument("--days", type=float, default=365)
    parser.add_argument("--replicates", type=int, default=20)
    parser.add_argument("--many", type=int, default=2000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        time_compiling(Path(name))
        measure_many(Path(name), given.many)
        measure_year(Path(name), given.places, given.days, given.replicates)
