"""How fast the worked case runs: by phase, for a million and for a thousand million people, and how much memory.

    python benchmarks/simulate.py [--replicates 500] [--parameters replay] [--case benchmarks/frozen/karabakh-2023]

The case is a copy that stays as it is, so that what a later version gives the worked case to do moves no yardstick.
Machines differ and share their caches, so the unit is one of numpy's binomial draws (n = 1,000, p = 0.3), timed
before each batch; each figure is the median over the batches. Seconds are processor time after compilation.
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

from corridor.results.manifest import BATCH
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.simulate import batch
from corridor.simulate.arrays import Floats
from corridor.simulate.batch import simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.ensemble import prepare
from corridor.simulate.luck import plain_luck
from corridor.simulate.model import Model

CASE = Path(__file__).parent / "frozen" / "karabakh-2023"
TEMPLATE = Path(__file__).parent.parent / "src" / "corridor" / "scenario" / "template"
DRAWS = 500_000


def time_draw() -> float:
    """Return the seconds of one of numpy's binomial draws."""
    generator = np.random.default_rng(1)
    clock = time.process_time()
    generator.binomial(1000, 0.3, DRAWS)
    return (time.process_time() - clock) / DRAWS


def time_case(scenario: Scenario, parameters: str | None, replicates: int) -> None:
    """Print what the worked case costs by phase, in draws and in microseconds a replicate-step."""
    ensemble = prepare(scenario, scenario.choose_set(parameters))
    clock = time.process_time()
    ensemble.simulate(np.arange(2))
    print(f"first use (compiling, or reading what was compiled)  {time.process_time() - clock:6.1f} s")
    steps, units, spent = BATCH * ensemble.model.clock.steps, [], {}
    with mock.patch.object(batch.time, "perf_counter", time.process_time):
        for first in range(0, replicates, BATCH):
            units.append(time_draw())
            seconds: dict[str, float] = {}
            ensemble.simulate(np.arange(first, first + BATCH), seconds)
            for phase, value in seconds.items():
                spent.setdefault(phase, []).append(value / steps)
            spent.setdefault("all", []).append(sum(seconds.values()) / steps)
    unit = statistics.median(units)
    days = ensemble.model.clock.steps * ensemble.model.clock.step_hours / 24
    print(f"{scenario.settings['id']}, {days:.0f} days, {BATCH} replicates a batch, {len(units)} batches")
    print(
        f"the unit, a binomial draw of numpy's: {unit * 1e9:.1f} ns (between {min(units) * 1e9:.1f} and {max(units) * 1e9:.1f})"
    )
    for phase in [name for name in spent if name != "all"] + ["all"]:
        value = statistics.median(spent[phase])
        print(f"  {phase:<12} {value / unit:6.1f} draws a replicate-step  {value * 1e6:6.2f} us")


def simulate_all(model: Model, given: Mapping[str, Floats]) -> float:
    """Return the processor seconds of a batch with these values."""
    seconds: dict[str, float] = {}
    with mock.patch.object(batch.time, "perf_counter", time.process_time):
        simulate_batch(model, plain_luck(1, np.arange(BATCH)), given, seconds=seconds)
    return sum(seconds.values())


def compare_population(scenario: Scenario) -> None:
    """Print how the cost grows from 1e6 to 1e9 people, everything else alike (also vehicles for so many)."""
    model = compile_model(scenario, scenario.choose_set(None))
    names = [name for _, _, name in model.people.cells]
    spent: dict[float, list[float]] = {1e6: [], 1e9: []}
    for _ in range(5):
        for people, times in spent.items():
            times.append(simulate_all(model, {name: np.full(BATCH, people / len(names)) for name in names}))
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
    time_case(read_scenario(given.case), given.parameters, given.replicates)
    compare_population(read_scenario(TEMPLATE))
    if not given.no_memory:
        compare_memory(TEMPLATE)
