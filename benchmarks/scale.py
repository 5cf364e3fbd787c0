"""What a run, a forecast and a night cost: measured, a model of it, and whether that model predicts what it has not seen.

    python benchmarks/scale.py [--passes 3] [--held-out 8] [--kept FILE] | --memory | --night

Made cases: a square net of places, all of them inhabited by two groups, with exits spread over it behind checkpoints, and
40,000 people for each exit, so that the load on an exit is alike in all of them. Steps of 15 minutes, recorded by the hour.

Cost is processor time of one core, compiled code at hand, the median of passes over all cases (a pass does each once, so that
a bad minute of the machine meets different cases). Memory is the highest of a process of its own. The model is fitted on the
cases of FITTED by least squares of the relative error with no coefficient below zero; those it is judged on are drawn at random
(--seed) within the same ranges and are in no fit. `--memory` says what processes need; `--night` times
each step of a night on the template and on the worked case.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import nnls

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

import corridor as co  # noqa: E402
from corridor.front.night import work  # noqa: E402
from corridor.results.manifest import BATCH  # noqa: E402
from corridor.results.size import choose_batch  # noqa: E402
from corridor.simulate.compile import compile_model  # noqa: E402
from worlds import at, place, write_world  # noqa: E402

STEPS_A_DAY = 96
PEOPLE_AN_EXIT = 40_000
MOST = 2.5  # about how many seconds a drawn case may take, by `guess`
MEMORY = "import resource, sys; sys.path.insert(0, {0!r}); import scale; scale.measure_memory(sys.argv[1:])"


@dataclass(frozen=True)
class Case:
    """A made case and what is asked of it; without particles it is run, with them it is forecast from its middle."""

    replicates: int
    places: int
    exits: int
    days: int
    particles: int = 0

    @property
    def steps(self) -> int:
        return self.days * STEPS_A_DAY

    @property
    def learning(self) -> int:
        """Return the steps up to the moment of the forecast."""
        return self.steps // 2


FITTED = [
    Case(10, 16, 1, 1), Case(100, 16, 1, 3), Case(100, 25, 4, 4), Case(10, 25, 2, 8), Case(40, 25, 16, 3),
    Case(5, 100, 1, 2), Case(80, 100, 2, 3), Case(40, 100, 16, 2), Case(30, 225, 4, 2), Case(3, 225, 12, 1),
    Case(2, 400, 2, 1), Case(20, 400, 4, 2), Case(8, 400, 16, 1), Case(3, 900, 4, 1),
]  # fmt: skip
FITTED_FORECASTS = [
    Case(30, 16, 1, 2, 100), Case(20, 25, 2, 4, 300), Case(10, 25, 2, 2, 600), Case(10, 100, 4, 2, 100),
    Case(60, 49, 2, 2, 100), Case(10, 64, 8, 2, 150),
]  # fmt: skip
ONCE_HELD_OUT = (19, 20)  # seeds of drawn cases that earlier models were judged on: no longer held out, and fitted on
COUNTRY = [Case(2, 2500, 4, 1)]
WEIGHED = [
    Case(100, 25, 2, 1), Case(20, 100, 2, 1), Case(100, 100, 2, 1), Case(100, 100, 2, 4), Case(100, 100, 16, 1), Case(100, 400, 2, 4),
    Case(10, 900, 2, 1),
]  # fmt: skip


def write_case(folder: Path, case: Case) -> co.Scenario:
    """Write a made case: a net of roads 11 km apart, exits evenly spread, a count of arrivals a day up to its middle."""
    side, names = math.isqrt(case.places), [f"p{i:05d}" for i in range(case.places)]
    pairs = dict.fromkeys(
        (i, i + d) for i in range(case.places) for d in (1, side) if i + d < case.places and (d > 1 or (i + 1) % side)
    )
    doors = {f"x{i:03d}": round(i * (case.places - 1) / max(1, case.exits - 1)) for i in range(case.exits)}
    people = max(1, round(PEOPLE_AN_EXIT * case.exits / case.places / 2))
    road = {"lanes_back": 1, "speed_kmh": 40}
    counts = [
        f"{at(24 * day)},arrivals,{round(PEOPLE_AN_EXIT * case.exits * (1 - math.exp(-0.2 * day)))},stated,{at(24 * day)}"
        for day in range(1, max(2, case.days // 2 + 1))
    ]
    (folder / "observations").mkdir(parents=True)
    (folder / "observations" / "arrivals.csv").write_text("\n".join(["time,series,value,status,published", *counts]))
    return write_world(
        folder,
        24 * case.days,
        record_minutes=60,
        parameters={"departure_wander": 0.3},
        places=[place(name) | _lay(i, side) for i, name in enumerate(names)]
        + [place(name, "outside", attractiveness=1) | _lay(door, side, 0.03) for name, door in doors.items()],
        roads=[
            {"id": f"r{i:05d}", "from": names[a], "to": names[b], "length_km": 15 + i % 7, **road}
            for i, (a, b) in enumerate(pairs)
        ]
        + [{"id": f"e-{x}", "from": names[door], "to": x, "length_km": 10, **road} for x, door in doors.items()],
        checkpoints=[{"id": f"c-{x}", "place": x, "lanes": 2, "seconds_per_vehicle": "20..40"} for x in doors],
        groups=[
            {"id": g, "name": g, "transport": "own", "people_per_vehicle": 4, "fuel_litres": 0, "leave_rate": "0.005..0.02"}
            for g in ("drivers", "riders")
        ],
        people=[{"place": name, "group": g, "people": people} for name in names for g in ("drivers", "riders")],
    )  # fmt: skip


def _lay(number: int, side: int, beside: float = 0.0) -> dict[str, float]:
    return {
        "latitude": 10.0123 + 0.1 * (number // side) + beside,
        "longitude": 20.0123 + 0.1 * (number % side) + beside,
    }


def do_case(folder: Path, case: Case) -> float:
    """Return the processor-seconds of reading a case and running or forecasting it into a folder."""
    write_case(folder / "case", case)
    clock = time.process_time()
    read = co.read(folder / "case")
    if case.particles:
        effort = co.Effort(case.particles)
        co.forecast(read, at(24 * case.days / 2), folder / "run", replicates=case.replicates, effort=effort)
    else:
        co.run(read, folder / "run", replicates=case.replicates)
    return time.process_time() - clock


def measure(cases: Sequence[Case], passes: int, kept: Path | None) -> dict[Case, float]:
    """Return the median processor-seconds of each case; what is `kept` in a file is not measured again."""
    seconds: dict[str, list[float]] = json.loads(kept.read_text()) if kept and kept.exists() else {}
    for number in range(passes):
        for case in cases:
            so_far = seconds.setdefault(str(astuple(case)), [])
            if len(so_far) <= number:
                with tempfile.TemporaryDirectory(prefix="corridor-scale-") as name:
                    so_far.append(do_case(Path(name), case))
        if kept:
            kept.write_text(json.dumps(seconds))
        print(f"pass {number + 1} of {passes} done", file=sys.stderr, flush=True)
    return {case: statistics.median(seconds[str(astuple(case))][:passes]) for case in cases}


def measure_memory(numbers: Sequence[str]) -> None:
    """Print the highest memory of this process after one case, in megabytes."""
    import resource

    with tempfile.TemporaryDirectory(prefix="corridor-scale-") as name:
        seconds = do_case(Path(name), Case(*map(int, numbers)))
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:>7,} MB{seconds:>9.1f} s")


def count_batch(case: Case) -> int:
    """Return how many replicates are simulated together."""
    with tempfile.TemporaryDirectory(prefix="corridor-scale-") as name:
        return min(case.replicates, choose_batch(compile_model(write_case(Path(name) / "case", case), ""), BATCH))


# What a run's cost is made of: its terms, by name. A replicate's step costs what the network has (places), what moves on it
# (over a way as long as the side of the net), and what is weighed (each place with each exit).
TERMS: dict[str, Callable[[Case], float]] = {
    "once": lambda c: 1.0,
    "a step": lambda c: c.steps,
    "a place": lambda c: c.places,
    "a place, squared": lambda c: c.places**2,
    "an exit": lambda c: c.exits,
    "a replicate's step": lambda c: c.replicates * c.steps,
    "of it, a place": lambda c: c.replicates * c.steps * c.places,
    "of it, a place and the side of the net": lambda c: c.replicates * c.steps * c.places**1.5,
    "of it, an exit": lambda c: c.replicates * c.steps * c.exits,
    "of it, a place and an exit": lambda c: c.replicates * c.steps * c.places * c.exits,
}
PER_STEP = [name for name in TERMS if name.startswith(("a replicate", "of it"))]


def fit(rows: Sequence[Sequence[float]], seconds: Sequence[float]) -> np.ndarray:
    """Return coefficients, none below zero, that make the squares of the relative errors least."""
    y = np.array(seconds)
    found, _ = nnls(np.array(rows) / y[:, None], np.ones(len(y)))
    return np.asarray(found)


def list_terms(case: Case) -> list[float]:
    return [term(case) for term in TERMS.values()]


def predict_run(model: np.ndarray, case: Case) -> float:
    return float(np.dot(model, list_terms(case)))


def cost_of_step(model: np.ndarray, case: Case) -> float:
    """Return the seconds that one replicate's step of a case costs."""
    one = Case(1, case.places, case.exits, 1)
    parts = dict(zip(TERMS, model * np.array(list_terms(one)), strict=True))
    return float(sum(parts[name] for name in PER_STEP)) / one.steps


def list_forecast_terms(model: np.ndarray, case: Case) -> list[float]:
    """Return the terms of a forecast: once; its run; the steps of its particles; a step of learning."""
    moved = case.particles * case.learning * cost_of_step(model, case)
    return [1.0, predict_run(model, case), moved, float(case.particles)]


def guess(case: Case) -> float:
    """Return about how many seconds a case takes: to draw by, before anything is measured."""
    moved = (case.replicates * case.steps + case.particles * case.learning) * case.places * (1 + 0.1 * case.exits)
    return 0.2 + 0.008 * case.places + 1e-6 * moved


def draw_cases(number: int, seed: int, forecasts: bool) -> list[Case]:
    """Return cases drawn evenly in the logarithms of all five, those left out that would take long."""
    generator, found = np.random.default_rng(seed), list[Case]()
    low, high = (5, 16, 1, 1 + forecasts, 100), (100, 500, 16, 6, 600)
    while len(found) < number:
        drawn = np.exp(generator.uniform(np.log(low), np.log(high)))
        case = Case(*(round(float(value)) for value in drawn[:4]), round(float(drawn[4])) if forecasts else 0)
        if guess(case) <= MOST:
            found.append(case)
    return found


def show(title: str, cases: Sequence[Case], measured: Sequence[float], predicted: Sequence[float]) -> None:
    """Print a table of what was measured and what the model says."""
    print(f"\n{title}\nparticles replicates places exits days   measured  predicted   ratio")
    for case, seconds, said in zip(cases, measured, predicted, strict=True):
        asked = f"{case.particles or '-':>9}{case.replicates:>11}{case.places:>7,}{case.exits:>6}{case.days:>5}"
        print(f"{asked}{seconds:>10.2f} s{said:>9.2f} s{said / seconds:>8.2f}")
    ratios = np.array(predicted) / np.array(measured)
    within = int((np.abs(ratios - 1) <= 0.2).sum())
    print(f"within 20 %: {within} of {len(ratios)}; furthest {ratios[np.argmax(np.abs(np.log(ratios)))]:.2f}")


def measure_night() -> None:
    """Print the processor-seconds of each step of a night on the template and on the worked case, as asked by default."""
    print("\na night's steps, processor-seconds (200 replicates, 1,000 particles, whole briefing)")
    for case in (ROOT / "src" / "corridor" / "scenario" / "template", ROOT / "scenarios" / "karabakh-2023"):
        with tempfile.TemporaryDirectory(prefix="corridor-scale-") as night:
            took = {"begin": time.process_time()}
            said = work.work_on_case(
                case, Path(night), co.Nightly(), lambda step, *_, took=took: took.update({step: time.process_time()})
            )
        assert said["state"] == "done", said
        steps = list(took)
        spent = {step: took[step] - took[before] for before, step in pairwise(steps)}
        parts = ", ".join(f"{step} {seconds:.1f}" for step, seconds in spent.items())
        print(f"{case.name:>14}: {sum(spent.values()):6.1f} s ({parts})", flush=True)


def weigh(cases: Sequence[Case]) -> None:
    """Print the highest memory of a process for each case."""
    print("\nmemory\nreplicates together places exits days   highest      once")
    program = MEMORY.format(str(Path(__file__).parent))
    for case in cases:
        words = [str(number) for number in (case.replicates, case.places, case.exits, case.days, case.particles)]
        done = subprocess.run([sys.executable, "-c", program, *words], check=True, capture_output=True, text=True)
        asked = f"{case.replicates:>10}{count_batch(case):>9}{case.places:>7,}{case.exits:>6}{case.days:>5}"
        print(f"{asked}{done.stdout.strip()}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--passes", type=int, default=3)
    parser.add_argument("--held-out", type=int, default=8)
    parser.add_argument("--seed", type=int, default=21)
    parser.add_argument("--kept", type=Path, help="File that keeps what was measured, to go on after a break.")
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--night", action="store_true")
    asked = parser.parse_args()
    measure([Case(2, 4, 1, 2), Case(2, 4, 1, 2, 100)], 1, None)  # compiled code is read
    if asked.memory:
        weigh([*WEIGHED, *COUNTRY])
    elif asked.night:
        measure_night()
    else:
        for seed in sorted({*ONCE_HELD_OUT} - {asked.seed}):
            FITTED.extend(draw_cases(8, seed, False))
            FITTED_FORECASTS.extend(draw_cases(4, seed, True))
        runs = draw_cases(asked.held_out, asked.seed, False)
        forecasts = draw_cases(asked.held_out // 2, asked.seed, True)
        seconds = measure([*FITTED, *runs, *FITTED_FORECASTS, *forecasts], asked.passes, asked.kept)
        judge(seconds, runs, forecasts)


def judge(seconds: dict[Case, float], runs: list[Case], forecasts: list[Case]) -> None:
    """Fit the model of a run and that of a forecast, and print what each says of the cases that it has not seen."""
    model = fit([list_terms(case) for case in FITTED], [seconds[case] for case in FITTED])
    print("a run, in processor-seconds:")
    for name, coefficient in zip(TERMS, model, strict=True):
        print(f"  {coefficient:10.3g}  {name}")
    for title, cases in (("fitted on", FITTED), ("held out, drawn at random", runs)):
        show(title, cases, [seconds[case] for case in cases], [predict_run(model, case) for case in cases])
    rows = [list_forecast_terms(model, case) for case in FITTED_FORECASTS]
    second = fit(rows, [seconds[case] for case in FITTED_FORECASTS])
    print(
        "\na forecast: {:.3g} s + {:.3g} x its run + {:.3g} x steps of its particles + {:.3g} s a particle".format(
            *second
        )
    )
    for title, cases in (("fitted on", FITTED_FORECASTS), ("held out, drawn at random", forecasts)):
        said = [float(np.dot(second, list_forecast_terms(model, case))) for case in cases]
        show(title, cases, [seconds[case] for case in cases], said)


if __name__ == "__main__":
    main()
