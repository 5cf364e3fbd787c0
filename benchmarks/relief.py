"""How long a relief plan takes to build and solve, at the sizes that the design promises.

Run: python benchmarks/relief.py [--whole]. Prints one line for each size; seconds of wall time, the best of
three for building. OR-Tools' GLOP is measured too where it is installed.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from dataclasses import replace
from datetime import datetime

import numpy as np

from corridor.relief.formulate import formulate
from corridor.relief.linear import solve
from corridor.relief.plan import make_plan
from corridor.relief.problem import Fleet, Item, Limit, ReliefProblem, Road, Weights
from corridor.relief.routes import find_services

# kg for one person and day; life-saving or not; weight
ITEMS = (
    ("food", 0.555, True, 1.0),
    ("water", 0.375, True, 1.5),
    ("medicine", 0.02, True, 1.0),
    ("diesel", 0.01, True, 0.8),
    ("infant food", 0.005, True, 0.5),
    ("fuel wood", 0.05, False, 0.5),
    ("soap", 0.03, False, 0.3),
)


def build_problem(towns: int, periods: int, period_hours: float, seed: int = 1, trucks: float = 30.0) -> ReliefProblem:
    """Return `towns` behind depot, gate, bridge and hub: two fleets, an inspection, convoys by day."""
    rng = np.random.default_rng(seed)
    places = ("depot", "gate", "bridge", "hub", *(f"town{i}" for i in range(towns)))
    size = (len(places), len(ITEMS))
    people = np.zeros((periods, len(places)))
    people[:, 4:] = rng.integers(2_000, 40_000, towns)
    need = np.zeros(size)
    need[4:] = np.array([kilograms for _, kilograms, _, _ in ITEMS]) / 1000.0
    stock = np.zeros(size)
    stock[4:] = need[4:] * people[0, 4:, None] * rng.uniform(0.0, 5.0, (towns, len(ITEMS)))
    unlimited = np.zeros(size, dtype=bool)
    unlimited[0] = True
    always = np.ones(periods)
    ways = [("depot", "gate", 1.5), ("gate", "bridge", 0.6), ("bridge", "hub", 2.0)]
    ways += [("hub", f"town{i}", float(rng.uniform(0.3, 3.0))) for i in range(towns)]
    hours = np.arange(periods) * period_hours % 24.0
    window = ((hours >= 6.0) & (hours < 18.0)) * period_hours / 6.0
    return ReliefProblem(
        datetime(2023, 9, 22),
        period_hours,
        places,
        tuple(Item(name, saving, weight) for name, _, saving, weight in ITEMS),
        people,
        need,
        stock,
        np.zeros((periods, *size)),
        unlimited,
        np.zeros(size),
        (
            Fleet("lorries", "depot", trucks, 18.0, 0.35, 1.0, 4.0, 1.25, convoy_trucks=12.0),
            Fleet("local", "hub", 20.0, 5.0, 0.2, 0.5, 2.0, 1.25),
        ),
        tuple(Road(f"{a}-{b}", a, b, 30.0 * h, h, always, always) for a, b, h in ways),
        (
            Limit(
                "checkpoint",
                "inspection",
                "gate-bridge",
                np.full(periods, 3.0 * period_hours),
                both_ways=True,
            ),
            Limit("slots", "slots", "gate-bridge", window),
        ),
    )


def measure(name: str, problem: ReliefProblem, solvers: list[str]) -> None:
    """Print size, seconds to build (best of three) and seconds to solve."""
    building = []
    for _ in range(3):
        started = time.perf_counter()
        formulation = formulate(problem, find_services(problem), Weights())
        building.append(time.perf_counter() - started)
    rows, columns = formulation.programme.matrix.shape
    line = f"{name}: {columns:,} variables, {rows:,} rows, built in {min(building):.3f} s"
    for solver in solvers:
        answer = solve(formulation.programme, solver)
        line += f"; {solver} {answer.seconds:.2f} s (objective {answer.objective:,.0f})"
    print(line, flush=True)


def main() -> None:
    """Measure the promised sizes; --whole adds the plan in whole trucks."""
    solvers = ["highs"] + (["glop"] if importlib.util.find_spec("ortools") else [])
    fortnight = build_problem(8, 56, 6.0)
    measure("8 towns, 7 items, 14 days at 6 h", fortnight, solvers)
    measure("8 towns, 7 items, 14 days at 1 h", build_problem(8, 336, 1.0), [])
    measure("8 towns, 7 items, 7 days at 1 h", build_problem(8, 168, 1.0), solvers)
    if "--whole" in sys.argv:
        for label, problem in (("roomy", fortnight), ("tight", replace(fortnight, fleets=_fewer(fortnight)))):
            plan = make_plan(problem, whole=True)
            print(f"whole trucks, {label}: {plan.seconds:.1f} s, {plan.gap:.3%} above the bound", flush=True)


def _fewer(problem: ReliefProblem) -> tuple[Fleet, ...]:
    lorries, local = problem.fleets
    return replace(lorries, trucks=12.0), local


if __name__ == "__main__":
    main()
