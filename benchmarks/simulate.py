"""How fast the worked case runs: by phase, for a million and for a thousand million people, and how much memory.

    python benchmarks/simulate.py [--replicates 500] [--parameters replay] [--case scenarios/karabakh-2023]

Seconds are processor time of one core after compilation. Machines differ and share their caches: the seconds of a
fixed loop of draws are printed beside them, measured in the same run.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from unittest import mock

import numpy as np
from numba import njit

from corridor.chance.draws import draw_binomial
from corridor.results.manifest import BATCH
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.simulate import batch
from corridor.simulate.arrays import Floats
from corridor.simulate.batch import simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.luck import plain_luck
from corridor.simulate.model import Model

CASE = Path(__file__).parent.parent / "scenarios" / "karabakh-2023"
TEMPLATE = Path(__file__).parent.parent / "src" / "corridor" / "scenario" / "template"


@njit
def draw_many(count: int) -> int:
    """Draw binomials of many sizes: what the fixed loop does."""
    total = 0
    for i in range(count):
        total += draw_binomial(12345, 678, i, 0, 50 + i % 5000, 0.01)
    return total


def calibrate() -> float:
    """Return the seconds of ten million draws, from one million."""
    draw_many(10)
    clock = time.process_time()
    draw_many(1_000_000)
    return 10 * (time.process_time() - clock)


def simulate_all(model: Model, replicates: int, given: Mapping[str, Floats] | None = None) -> dict[str, float]:
    """Simulate replicates in batches as a run does, without storing; return processor seconds by phase."""
    seconds: dict[str, float] = {}
    with mock.patch.object(batch.time, "perf_counter", time.process_time):
        for first in range(0, replicates, BATCH):
            numbers = np.arange(first, min(first + BATCH, replicates))
            part = {name: values[: len(numbers)] for name, values in (given or {}).items()}
            simulate_batch(model, plain_luck(1, numbers), part, seconds=seconds)
    return seconds


def time_case(scenario: Scenario, parameters: str | None, replicates: int) -> None:
    """Print the seconds of the worked case by phase."""
    model = compile_model(scenario, scenario.choose_set(parameters))
    clock = time.process_time()
    simulate_batch(model, plain_luck(1, np.arange(2)), steps=min(model.clock.steps, 800))
    print(f"first use (compiling, or reading what was compiled)  {time.process_time() - clock:6.1f} s")
    seconds = simulate_all(model, replicates)
    steps = replicates * model.clock.steps
    days = model.clock.steps * model.clock.step_hours / 24
    print(
        f"{scenario.settings['id']}, {days:.0f} days, {model.clock.step_hours * 60:.0f}-minute steps, {replicates} replicates"
    )
    for name, value in seconds.items():
        print(f"  {name:<12} {value:6.2f} s  {value / steps * 1e6:6.2f} us a replicate-step")
    total = sum(seconds.values())
    print(f"  {'all':<12} {total:6.2f} s  {total / steps * 1e6:6.2f} us a replicate-step")
    print(f"  for 14 days  {total * 14 / days:6.2f} s")


def compare_population(scenario: Scenario) -> None:
    """Print how the cost grows from 1e6 to 1e9 people, everything else alike (also vehicles for so many)."""
    model = compile_model(scenario, scenario.choose_set(None))
    names = [name for _, _, name in model.people.cells]
    spent: dict[float, list[float]] = {1e6: [], 1e9: []}
    for _ in range(3):
        for people, times in spent.items():
            given = {name: np.full(BATCH, people / len(names)) for name in names}
            times.append(sum(simulate_all(model, BATCH, given).values()))
    small, large = (statistics.median(times) for times in spent.values())
    print(f"1e6 people {small:.2f} s, 1e9 people {large:.2f} s for {BATCH} replicates: ratio {large / small:.2f}")


def compare_memory(case: Path) -> None:
    """Print the highest memory of stored runs of 100 and 1,000 replicates, each in a process of its own (Linux)."""
    program = (
        "import sys\nfrom corridor.scenario.scenario import read_scenario\nfrom corridor.results.run import run\n"
        "run(read_scenario(sys.argv[1]), sys.argv[2], replicates=int(sys.argv[3]))\n"
        "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    )
    highest = []
    with tempfile.TemporaryDirectory() as name:
        for replicates in (100, 1000):
            command = [sys.executable, "-c", program, str(case), str(Path(name) / str(replicates)), str(replicates)]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            highest.append(int(done.stdout.split()[-1]) / 1024)
    print(f"highest memory {highest[0]:.0f} MB for 100, {highest[1]:.0f} MB for 1,000 replicates of {case.name}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicates", type=int, default=500)
    parser.add_argument("--parameters", default=None)
    parser.add_argument("--case", type=Path, default=CASE)
    parser.add_argument("--no-memory", action="store_true")
    given = parser.parse_args()
    before = calibrate()
    time_case(read_scenario(given.case), given.parameters, given.replicates)
    compare_population(read_scenario(TEMPLATE))
    print(f"fixed loop (ten million binomial draws) {before:.2f} s before, {calibrate():.2f} s after")
    if not given.no_memory:
        compare_memory(TEMPLATE)
