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


def write_network(path: Path, places: int, camps: int, people: int, days: int, settings: str) -> Path:
    """Write a synthetic folder: places on a plane, each joined to its three nearest, the camps at the rim."""
    at = np.random.default_rng(4).uniform(0, 1000, (places, 2))
    rim = np.argsort(-np.hypot(*(at - 500).T))[:camps]
    roads = set()
    for i in range(places):
        distance = np.hypot(*(at - at[i]).T)
        roads |= {(min(i, int(j)), max(i, int(j)), int(distance[j]) + 5) for j in np.argsort(distance)[1:4]}
    kinds = ["camp" if i in rim else "conflict_zone" if i % 3 == 0 else "town" for i in range(places)]
    names = {f"p{i}": kind for i, kind in enumerate(kinds)}
    return write_folder(path, names, [f"p{a},p{b},{km}" for a, b, km in sorted(roads)], people, days, settings)


def write_ukraine(path: Path, people: int) -> Path:
    """Write a folder with the roads, length and settings of the published case; who begins where is made up."""
    roads = (Path(__file__).parent / "ukraine_roads.csv").read_text().splitlines()[1:]
    camps = {"Palanca", "Ocnita", "Medyka", "Vysne_Nemecke", "Beregsurany", "Siret"}
    places = list(dict.fromkeys(name for road in roads for name in road.split(",")[:2]))
    towns = [name for name in places if name not in camps]
    kinds = {name: "conflict_zone" if i % 2 == 0 else "town" for i, name in enumerate(towns)}
    settings = "move_rules:\n  max_move_speed: 600.0\n  default_movechance: 0.8\n  awareness_level: 5"
    return write_folder(path, kinds | dict.fromkeys(camps, "camp"), roads, people, 554, settings)


def write_folder(path: Path, kinds: dict[str, str], roads: list[str], people: int, days: int, settings: str) -> Path:
    """Write a folder of Flee in which people grow evenly in number and every three days one more zone is at war."""
    camps = [name for name, kind in kinds.items() if kind == "camp"]
    wars = [name for name, kind in kinds.items() if kind == "conflict_zone"]
    rows = ["#name,region,country,latitude,longitude,location_type,conflict_date,population"]
    for name in sorted(kinds, key=lambda name: kinds[name] == "camp"):
        away = kinds[name] == "camp"
        number = 2 * people // len(camps) if away else people // len(kinds) * 4
        rows.append(f"{name},r,{'Abroad' if away else 'Home'},1,1,{kinds[name]},0,{number}")
    conflicts = [f"{d}," + ",".join(str(int(d >= 3 * k)) for k in range(len(wars))) for d in range(days)]
    end = np.datetime64("2020-01-01") + days
    texts = {
        "input_csv/locations.csv": rows,
        "input_csv/routes.csv": ["#name1,name2,distance", *roads],
        "input_csv/closures.csv": ["#closure_type,name1,name2,closure_start,closure_end"],
        "input_csv/conflicts.csv": ["#Day," + ",".join(wars), *conflicts],
        "input_csv/sim_period.csv": ["StartDate,2020-01-01", f"Length,{days}"],
        "simsetting.yml": [settings],
        "source_data/data_layout.csv": ["total,total.csv", *(f"{camp},{camp}.csv" for camp in camps)],
        "source_data/total.csv": ["2020-01-01,0", f"{end},{people}"],
    }
    texts |= {f"source_data/{camp}.csv": ["2020-01-01,0", f"{end},{people // len(camps)}"] for camp in camps}
    return write_texts(path, texts)


def write_texts(path: Path, texts: dict[str, list[str]]) -> Path:
    """Write files of lines below a folder."""
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


RING = """
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
CASE = """
import contextlib, io, sys, time
from pathlib import Path
from flee import InputGeography, SimulationSettings, flee, spawning
from flee.datamanager import handle_refugee_data
case, days, start, summed = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4] == "1"
files = case / "input_csv"
with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
    SimulationSettings.SimulationSettings.ReadFromYML(str(case / "simsetting.yml"))
    world, table = flee.Ecosystem(), InputGeography.InputGeography()
    table.ReadConflictInputCSV(str(files / "conflicts.csv"))
    table.ReadLocationsFromCSV(str(files / "locations.csv"))
    table.ReadLinksFromCSV(str(files / "routes.csv"))
    table.ReadClosuresFromCSV(str(files / "closures.csv"))
    world, places = table.StoreInputGeographyInEcosystem(world)
    data = handle_refugee_data.RefugeeTable(csvformat="generic", data_directory=str(case / "source_data"),
                                            start_date=start, data_layout="data_layout.csv")
    data.ReadL1Corrections(str(files / "registration_corrections.csv"))
    for name in world.get_camp_names():
        spawning.add_initial_refugees(world, data, places[name])
    begin = time.process_time()
    for day in range(days):
        table.AddNewConflictZones(world, day)
        spawning.spawn_daily_displaced(world, day, data, SumFromCamps=summed)
        spawning.refresh_spawn_weights(world)
        world.enact_border_closures(day)
        world.evolve()
    seconds = time.process_time() - begin
print(seconds, len(world.agents))
"""


def race_case(python: Path, case: Path, days: int) -> None:
    """Race the `flee` package on the first days of a case at full size; its rules are older than Flee's master."""
    folder = read_folder(case, days=days)
    command = [python, "-c", CASE, case, str(days), folder.start.isoformat(), "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"flee package on {case.name}: not raced ({done.stderr.strip().splitlines()[-1]})")
        return
    theirs, ours = float(done.stdout.split()[0]), time_model(compile_folder(folder))
    print(
        f"{case.name}, full size, first {days} days: flee package {theirs:.1f} s, Corridor {ours:.4f} s: "
        f"{theirs / ours:,.0f} times"
    )


def race_package(python: Path, agents: int) -> None:
    """Race the `flee` package: people at one of ten places in a ring, each of them moving for ten days."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = Path(scratch) / "empty.yml"
        settings.write_text("log_levels:\n  agent: 0\n")
        command = [python, "-c", RING, str(agents), settings]
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
    return write_texts(path, texts)


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
        race_case(chosen.package, case, chosen.race_days)
    race_package(chosen.package, 20_000)
    with tempfile.TemporaryDirectory() as scratch:
        settings = SETTINGS.format(awareness=1)
        for exponent in range(5, 10):
            path = write_network(Path(scratch) / f"n{exponent}", 50, 10, 10**exponent, 365, settings)
            print(f"1e{exponent} people, 50 places, 365 days: {time_model(compile_folder(read_folder(path))):.3f} s")
        awareness = SETTINGS.format(awareness=5)
        for name, path, aim in (
            ("Syria 2013's size", write_network(Path(scratch) / "s", 60, 12, 3_800_000, 1095, settings), "aim 1"),
            ("Ukraine 2022's roads", write_ukraine(Path(scratch) / "u", 24_000_000), "aim 5"),
            (
                "60 places, awareness 5",
                write_network(Path(scratch) / "d", 60, 12, 24_000_000, 365, awareness),
                "no aim",
            ),
        ):
            begin = time.process_time()
            model = compile_folder(read_folder(path))
            prepared = time.process_time() - begin
            print(
                f"{name}, {int(model.raw[-1]):,} people, {model.days} days, {len(model.world.options):,} routes: "
                f"{time_model(model, 1):.3f} s a replicate ({aim}), prepared in {prepared:.2f} s"
            )


if __name__ == "__main__":
    main()
