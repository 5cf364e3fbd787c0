"""How long a relief plan takes to build and solve, at the sizes that the design promises.

Run: python benchmarks/relief.py, or with --whole [--largest], or with --worlds 60. Prints one line for each size;
seconds of wall time in fractions, the best of three for building, and of the processor in whole trucks. OR-Tools'
GLOP is measured too where it is installed.
"""

from __future__ import annotations

import importlib.util
import resource
import sys
import time
from dataclasses import replace
from datetime import datetime
from unittest.mock import patch

import numpy as np

from corridor.relief import whole
from corridor.relief.exact import CLOSE
from corridor.relief.formulate import formulate
from corridor.relief.linear import solve
from corridor.relief.problem import Fleet, Item, Limit, ReliefProblem, Road, Weights
from corridor.relief.routes import find_services
from corridor.relief.whole import make_whole, relax

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


def measure_whole(name: str, problem: ReliefProblem, yardstick: float) -> None:
    """Print processor seconds for a plan in whole trucks, its gap and the most memory so far."""
    started = time.process_time()
    formulation = formulate(problem, find_services(problem), Weights(), whole=True)
    day = round(24.0 / problem.period_hours)
    relaxed = relax(formulation, day)
    half_way = time.process_time()
    found = make_whole(formulation, relaxed, day)
    ended = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"whole trucks, {name}: {ended - started:.1f} s of the processor ({half_way - started:.1f} s in fractions), "
        f"{(ended - started) / yardstick:.0f} times the yardstick; {found.search_gap:.2%} above what is proven, "
        f"which is {found.rounding:.2%} above fractions; {memory:.2f} GB",
        flush=True,
    )


def measure_yardstick() -> float:
    """Return processor seconds for a programme in fractions, the least of three: 8 towns, 14 days at 6 h."""
    problem = build_problem(8, 56, 6.0)
    programme = formulate(problem, find_services(problem), Weights()).programme
    seconds = []
    for _ in range(3):
        started = time.process_time()
        solve(programme, "highs")
        seconds.append(time.process_time() - started)
    return min(seconds)


def compare_exactly(worlds: int) -> None:
    """Print how far the ways of making long plans whole end above the best whole plan, on worlds that are small."""
    gaps: dict[str, list[float]] = {"day by day": [], "rounded by worth": []}
    proven = 0
    for seed in range(worlds):
        problem = build_problem(2, 8, 6.0, seed=seed, trucks=float(2 + seed % 5))
        formulation = formulate(problem, find_services(problem), Weights(), whole=True)
        relaxed = relax(formulation, 4)
        best = make_whole(formulation, relaxed, 4)
        if best.search_gap > CLOSE or best.objective < 1.0:  # not proven, or nothing to send
            continue
        proven += 1
        for way, searched in (("day by day", whole.MOST_SEARCHED), ("rounded by worth", 0)):
            with (
                patch.object(whole, "fits_exactly", return_value=False),
                patch.object(whole, "MOST_SEARCHED", searched),
            ):
                found = make_whole(formulation, relaxed, 4)
            gaps[way].append(found.objective / best.objective - 1.0)
    print(
        f"{worlds} worlds of 2 towns, 2 days at 6 h; on {proven} something must be sent and the best whole plan is proven"
    )
    for way, found_gaps in gaps.items():
        mean, worst, middle = np.mean(found_gaps), np.max(found_gaps), np.median(found_gaps)
        print(f"{way}: {mean:.2%} above it in the mean, {middle:.2%} in the median, {worst:.2%} at worst", flush=True)


def main() -> None:
    """Measure the promised sizes; --whole for plans in whole trucks, --worlds N for their distance from the best."""
    if "--worlds" in sys.argv:
        compare_exactly(int(sys.argv[sys.argv.index("--worlds") + 1]))
        return
    fortnight = build_problem(8, 56, 6.0)
    if "--whole" in sys.argv:
        yardstick = measure_yardstick()
        print(f"yardstick: 8 towns, 14 days in fractions, {yardstick:.2f} s of the processor")
        measure_whole("8 towns, 14 days, roomy", fortnight, yardstick)
        measure_whole("8 towns, 14 days, tight", replace(fortnight, fleets=_fewer(fortnight)), yardstick)
        measure_whole("25 towns, 30 days", build_problem(25, 120, 6.0), yardstick)
        if "--largest" in sys.argv:
            measure_whole("50 towns, 60 days", build_problem(50, 240, 6.0), yardstick)
        return
    solvers = ["highs"] + (["glop"] if importlib.util.find_spec("ortools") else [])
    measure("8 towns, 7 items, 14 days at 6 h", fortnight, solvers)
    measure("8 towns, 7 items, 14 days at 1 h", build_problem(8, 336, 1.0), [])
    measure("8 towns, 7 items, 7 days at 1 h", build_problem(8, 168, 1.0), solvers)


def _fewer(problem: ReliefProblem) -> tuple[Fleet, ...]:
    lorries, local = problem.fleets
    return replace(lorries, trucks=12.0), local


if __name__ == "__main__":
    main()
