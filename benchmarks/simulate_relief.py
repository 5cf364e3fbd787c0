"""What needs and convoys cost in the simulation: the worked case with them and without, one after the other.

Run: python benchmarks/simulate_relief.py [replicates]. Prints seconds (the best of three, one core, storing left out)
and their ratio; the aim is at most 2. With --plan a plan's convoys drive too, many more than the known ones.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np

from corridor.relief.from_scenario import read_problem
from corridor.relief.into_scenario import with_plan
from corridor.relief.plan import make_plan
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.simulate.ensemble import prepare

CASE = Path(__file__).parent.parent / "scenarios" / "karabakh-2023"


def measure(scenario: Scenario, parameter_set: str, replicates: int) -> dict[str, float]:
    """Return seconds with needs and convoys ("on") and without ("off"), the best of three each."""
    on = prepare(scenario, parameter_set, 1)
    ensembles = {"on": on, "off": replace(on, model=replace(on.model, supplies=None))}
    best = dict.fromkeys(ensembles, np.inf)
    for _ in range(3):
        for name, ensemble in ensembles.items():
            started = time.perf_counter()
            ensemble.simulate(np.arange(replicates))
            best[name] = min(best[name], time.perf_counter() - started)
    return best


def main() -> None:
    """Measure both parameter sets."""
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    replicates = numbers[0] if numbers else 100
    scenario = read_scenario(CASE)
    for parameter_set in scenario.sets:
        case, convoys = scenario, "known convoys"
        if "--plan" in sys.argv:
            start = scenario.start + timedelta(days=3)
            plan = make_plan(read_problem(scenario, parameter_set, start, 12, 6.0).problem)
            case, convoys = with_plan(scenario, plan), f"{len(plan.convoys)} planned convoys"
        best = measure(case, parameter_set, replicates)
        print(
            f"{parameter_set}, {replicates} replicates, {convoys}: {best['off']:.2f} s without relief, "
            f"{best['on']:.2f} s with it, ratio {best['on'] / best['off']:.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
