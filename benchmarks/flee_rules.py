"""Time Flee's rules on counts: the published case, growing populations, two large networks, and a race with Flee.

    python benchmarks/flee_rules.py --data DATA [--flee CHECKOUT] [--package PYTHON]

DATA holds the published cases (as flee/<case>); CHECKOUT is a checkout of Flee, run once, serially, on the first
`--race-days` days of South Sudan at full size. PYTHON is an interpreter with `pip install flee`. Times are processor seconds on one core, without compilation.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from corridor.flee.compile import FleeModel, compile_folder
from corridor.flee.read import read_folder
from corridor.flee.run import run_range


def time_model(model: FleeModel, repeats: int = 3) -> float:
    """Return processor seconds of one replicate, the least of a few."""
    run_range(model, range(1), 1)
    best = float("inf")
    for seed in range(repeats):
        begin = time.process_time()
        run_range(model, range(1), seed)
        best = min(best, time.process_time() - begin)
    return best


def join_places(at: np.ndarray, roads: int | None) -> list[tuple[int, int, int]]:
    """Return roads and their km: from each place to its three nearest, or so many: a tree, then the shortest others."""
    distance = np.hypot(*(at[:, None] - at[None, :]).transpose(2, 0, 1))
    pairs = {tuple(sorted((i, int(j)))) for i in range(len(at)) for j in np.argsort(distance[i])[1:4]}
    if roads is not None:
        inside, pairs = {0}, set()
        while len(inside) < len(at):
            edges = [(distance[i, j], i, j) for i in inside for j in range(len(at)) if j not in inside]
            _, near, new = min(edges)
            inside.add(new)
            pairs.add(tuple(sorted((near, new))))
        others = sorted((distance[i, j], i, j) for i in range(len(at)) for j in range(i) if (j, i) not in pairs)
        pairs |= {(j, i) for _, i, j in others[: roads - len(pairs)]}
    return sorted((i, j, int(distance[i, j]) + 5) for i, j in pairs)


def write_network(
    path: Path, places: int, camps: int, people: int, days: int, settings: str, roads: int | None = None
) -> Path:
    """Write a synthetic folder: places on a plane, camps at its rim, registered people that grow evenly."""
    random = np.random.default_rng(4)
    at = random.uniform(0, 1000, (places, 2))
    rim = np.argsort(-np.hypot(*(at - 500).T))[:camps]
    rows = ["#name,region,country,latitude,longitude,location_type,conflict_date,population"]
    for i in range(places):
        camp, war = i in rim, i % 3 == 0
        kind = "camp" if camp else "conflict_zone" if war else "town"
        number = 2 * people // camps if camp else people // places * 4
        rows.append(f"p{i},r,{'Abroad' if camp else 'Home'},{at[i, 0] / 20:.3f},{at[i, 1] / 20:.3f},{kind},0,{number}")
    home = next(i for i in range(places) if i not in rim)
    rows[1], rows[home + 1] = rows[home + 1], rows[1]
    wars = [i for i in range(places) if i % 3 == 0 and i not in rim]
    conflicts = ["#Day," + ",".join(f"p{i}" for i in wars)]
    conflicts += [f"{d}," + ",".join(str(int(d >= 3 * k)) for k in range(len(wars))) for d in range(days)]
    texts = {
        "input_csv/locations.csv": rows,
        "input_csv/routes.csv": ["#name1,name2,distance", *(f"p{a},p{b},{km}" for a, b, km in join_places(at, roads))],
        "input_csv/closures.csv": ["#closure_type,name1,name2,closure_start,closure_end"],
        "input_csv/conflicts.csv": conflicts,
        "input_csv/sim_period.csv": ["StartDate,2020-01-01", f"Length,{days}"],
        "simsetting.yml": [settings],
        "source_data/data_layout.csv": ["total,total.csv", *(f"p{i},c{i}.csv" for i in rim)],
        "source_data/total.csv": ["2020-01-01,0", f"2029-01-01,{people}"],
    }
    end = np.datetime64("2020-01-01") + days
    texts |= {f"source_data/c{i}.csv": ["2020-01-01,0", f"{end},{people // camps}"] for i in rim}
    for name, lines in texts.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text("\n".join(lines) + "\n")
    return path


SETTINGS = """move_rules:
  max_move_speed: 200.0
  camp_weight: 2.0
  default_movechance: 0.5
  start_on_foot: True
  capacity_scaling: 1.25
  avoid_short_stints: True
  awareness_level: {awareness}
"""


def race(checkout: Path, case: Path, days: int) -> float:
    """Return wall seconds of Flee's own serial run of the first days of a case at full size."""
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "case"
        shutil.copytree(case, copy)
        command = [sys.executable, checkout / "runscripts/run.py", copy / "input_csv", copy / "source_data", str(days)]
        command.append(copy / "simsetting.yml")
        begin = time.perf_counter()
        environment = os.environ | {"PYTHONPATH": str(checkout)}
        subprocess.run(
            command, check=True, cwd=copy, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        return time.perf_counter() - begin


PACKAGE = """
import contextlib, io, sys, time
from flee import SimulationSettings, flee
agents = int(sys.argv[1])
with contextlib.redirect_stdout(io.StringIO()):
    SimulationSettings.SimulationSettings.ReadFromYML(sys.argv[2])
    world = flee.Ecosystem()
    places = [world.addLocation(name=f"L{i}", movechance=0.3) for i in range(10)]
    for i in range(10):
        world.linkUp(endpoint1=f"L{i}", endpoint2=f"L{(i + 1) % 10}", distance=100.0)
    for _ in range(agents):
        world.addAgent(location=places[0], attributes={})
    begin = time.process_time()
    for _ in range(10):
        world.evolve()
    seconds = time.process_time() - begin
print(seconds)
"""


def race_package(python: Path, agents: int) -> None:
    """Race the `flee` package: people at one of ten places in a ring, each of them moving for ten days."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = Path(scratch) / "empty.yml"
        settings.write_text("log_levels:\n  agent: 0\n")
        command = [python, "-c", PACKAGE, str(agents), settings]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"flee package: not raced ({done.stderr.strip().splitlines()[-1]})")
            return
        theirs = float(done.stdout)
        ours = time_model(compile_folder(read_folder(write_ring(Path(scratch) / "ring", agents))))
    print(
        f"ring of 10 places, 10 days, {agents:,} people: flee package {theirs:.3f} s, Corridor {ours:.5f} s: "
        f"{theirs / ours:,.0f} times"
    )


def write_ring(path: Path, agents: int) -> Path:
    """Write the same ring as a folder; the people are listed in agents.csv and nobody else begins."""
    rules = "spawn_rules:\n  read_from_agents_csv_file: True\n  insert_day0: False\n"
    rules += "  conflict_driven_spawning:\n    displaced_per_conflict_day: 0\n"
    texts = {
        "input_csv/locations.csv": ["#name,region,country,latitude,longitude,location_type,conflict_date,population"]
        + [f"L{i},r,Home,1,{i},town,," for i in range(10)],
        "input_csv/routes.csv": ["#name1,name2,distance", *(f"L{i},L{(i + 1) % 10},100" for i in range(10))],
        "input_csv/closures.csv": ["#closure_type,name1,name2,closure_start,closure_end"],
        "input_csv/conflicts.csv": ["#Day,L0", *(f"{day},0" for day in range(10))],
        "input_csv/sim_period.csv": ["StartDate,2020-01-01", "Length,10"],
        "input_csv/agents.csv": ["location,age", *["L0,30"] * agents],
        "simsetting.yml": [rules],
        "source_data/data_layout.csv": ["total,total.csv"],
        "source_data/total.csv": ["2020-01-01,0"],
    }
    for name, lines in texts.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text("\n".join(lines) + "\n")
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--flee", type=Path, default=None, help="a checkout of Flee")
    parser.add_argument("--race-days", type=int, default=60)
    parser.add_argument("--package", type=Path, default=Path(sys.executable), help="a Python with the flee package")
    chosen = parser.parse_args()
    if chosen.data is not None:
        case = chosen.data / "flee" / "ssudan2013"
        seconds = time_model(compile_folder(read_folder(case)))
        print(f"ssudan2013, full size, 604 days: {seconds:.3f} s a replicate (aim 0.1)")
        if chosen.flee is not None:
            ours = time_model(compile_folder(read_folder(case, days=chosen.race_days)))
            theirs = race(chosen.flee, case, chosen.race_days)
            print(
                f"first {chosen.race_days} days: Flee {theirs:.1f} s, Corridor {ours:.4f} s: {theirs / ours:,.0f} times"
            )
    race_package(chosen.package, 20_000)
    with tempfile.TemporaryDirectory() as scratch:
        for exponent in range(5, 10):
            path = write_network(
                Path(scratch) / f"n{exponent}", 50, 10, 10**exponent, 365, SETTINGS.format(awareness=1)
            )
            print(f"1e{exponent} people, 50 places, 365 days: {time_model(compile_folder(read_folder(path))):.3f} s")
        for name, places, people, days, awareness, aim in (
            ("Syria 2013", 60, 3_800_000, 1095, 1, 1), ("Ukraine 2022", 60, 24_000_000, 365, 5, 5),
        ):  # fmt: skip
            path = write_network(Path(scratch) / name, places, 12, people, days, SETTINGS.format(awareness=awareness))
            begin = time.process_time()
            model = compile_folder(read_folder(path))
            prepared = time.process_time() - begin
            routes = len(model.world.option_node)
            print(
                f"{name} size, {people:,} people, {days} days, awareness {awareness}, {routes:,} routes: "
                f"{time_model(model, 1):.3f} s a replicate (aim {aim}), prepared in {prepared:.2f} s"
            )


if __name__ == "__main__":
    main()
