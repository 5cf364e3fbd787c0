"""The corridor queue: closed form, this model and SUMO's mesoscopic model, raced in one run.

21,043 vehicles leave a town with an hourly Rayleigh departure curve (scale 24 h, cut after 5 days), drive 77 km at
11.1 m/s and pass a checkpoint of 211.3 vehicles an hour at km 65. SUMO takes part when eclipse-sumo is installed
(dependency group bench): the checkpoint is then a stretch whose headway gives that flow.

    python benchmarks/corridor_queue.py [--replicates 500] [--repeats 5] [--no-sumo]
"""

from __future__ import annotations

import argparse
import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from corridor.simulate.compile import compile_model
from corridor.simulate.model import Model
from worlds import at, corridor_world, measure, series, simulate

VEHICLES, SCALE_HOURS, DAYS = 21_043, 24.0, 5
RATE = 211.3  # vehicles/h
SPEED = 11.1  # m/s
METRES, GATE = 77_000, 65_000


def departures_by_hour() -> np.ndarray:
    """Return the vehicles that have left by the end of each hour, from hour 0 on."""
    hours = np.arange(DAYS * 24 + 1)
    share = -np.expm1(-((hours / SCALE_HOURS) ** 2) / 2)
    return np.rint(VEHICLES * share / share[-1])


def closed_form(ticks_per_hour: int = 3600) -> float:
    """Return the mean trip in seconds: free travel and the area between arrivals and departures of a point queue.

    Newell: departures are the lower envelope of arrivals and of a line with the slope of the capacity.
    """
    curve = departures_by_hour()
    hours = np.arange(0, DAYS * 24 * ticks_per_hour * 2) / ticks_per_hour
    arrived = np.interp(hours, np.arange(len(curve)), curve)
    passed = np.minimum.accumulate(arrived - RATE * hours) + RATE * hours
    waiting = float((arrived - np.minimum(passed, VEHICLES)).sum()) / ticks_per_hour * 3600 / VEHICLES
    return waiting + METRES / SPEED


def build_model(folder: Path, step_minutes: int = 15) -> Model:
    """Return the same as a scenario: departures are dated events, spread evenly within each hour."""
    curve = departures_by_hour()
    steps = np.arange(0, DAYS * 24 * 60 + 1, step_minutes) / 60
    leaving = np.diff(np.rint(np.interp(steps, np.arange(len(curve)), curve)))
    events = [
        {"id": f"e{i:05}", "time": at(steps[i]), "kind": "evacuation", "target": "town", "to": "city", "value": int(n)}
        for i, n in enumerate(leaving)
        if n > 0
    ]
    fast = {"speed_kmh": SPEED * 3.6, "lanes": 2, "capacity_per_lane": 2000, "jam_per_km": 200}
    scenario = corridor_world(
        folder,
        200,
        VEHICLES,
        step_minutes=step_minutes,
        record_minutes=60,
        events=events,
        roads=[
            {"id": "first", "from": "town", "to": "bridge", "length_km": GATE / 1000, **fast},
            {"id": "second", "from": "bridge", "to": "city", "length_km": (METRES - GATE) / 1000, **fast},
        ],
        checkpoints=[{"id": "gate", "place": "bridge", "lanes": 1, "seconds_per_vehicle": 3600 / RATE, "wander": 0}],
    )
    return compile_model(scenario, "")


def measure_trip(model: Model, replicates: int = 1) -> tuple[float, int]:
    """Return the mean trip in seconds and the vehicles that arrived, of the first replicate."""
    record = simulate(model, replicates)
    vehicles = int(series(record, "vehicles_arrived")[0, -1])
    return float(measure(record, "journey_hours")[0, -1]) * 3600 / VEHICLES, vehicles


def run_sumo(folder: Path) -> tuple[float, float, int]:
    """Run SUMO's mesoscopic model; return its mean trip in seconds, its wall time and its vehicles.

    Gross headway at the checkpoint: 3600 / 211.3 = 17.04 s; meso-tauff is net of the time to pass a vehicle's own
    length and gap (7.5 m at 11.1 m/s = 0.676 s), so 16.364 s.
    """
    import sumo

    binaries = Path(sumo.SUMO_HOME) / "bin"
    nodes = [("town", 0), ("gate", GATE), ("beyond", GATE + 200), ("city", METRES)]
    (folder / "n.xml").write_text("<nodes>" + "".join(f'<node id="{n}" x="{x}" y="0"/>' for n, x in nodes) + "</nodes>")
    edges = "".join(
        f'<edge id="e{i}" from="{a[0]}" to="{b[0]}" numLanes="1" speed="{SPEED}" type="{"gate" if i == 1 else "open"}"/>'
        for i, (a, b) in enumerate(itertools.pairwise(nodes))
    )
    (folder / "e.xml").write_text(f"<edges>{edges}</edges>")
    taus = " ".join(f'{name}="16.364"' for name in ("tauff", "taufj", "taujf", "taujj"))
    (folder / "t.xml").write_text(f'<additional><type id="gate"><meso {taus}/></type></additional>')
    subprocess.run(
        [binaries / "netconvert", "-n", "n.xml", "-e", "e.xml", "-o", "net.xml", "--no-turnarounds"],
        cwd=folder,
        check=True,
        capture_output=True,
    )
    counts = np.diff(departures_by_hour()).astype(int)
    flows = "".join(
        f'<flow id="f{h}" type="car" begin="{h * 3600}" end="{(h + 1) * 3600}" number="{n}" route="out"/>'
        for h, n in enumerate(counts)
        if n > 0
    )
    (folder / "r.xml").write_text(
        f'<routes><vType id="car" length="5" minGap="2.5" speedDev="0"/><route id="out" edges="e0 e1 e2"/>{flows}</routes>'
    )
    clock = time.perf_counter()
    subprocess.run(
        [binaries / "sumo", "-n", "net.xml", "-r", "r.xml", "-a", "t.xml", "--mesosim", "--no-step-log", "--time-to-teleport", "-1",
         "--tripinfo-output", "trips.xml", "--duration-log.disable"],
        cwd=folder, check=True, capture_output=True, env={**os.environ, "SUMO_HOME": str(sumo.SUMO_HOME)},
    )  # fmt: skip
    spent = time.perf_counter() - clock
    trips = [
        float(trip.get("duration", 0)) + float(trip.get("departDelay", 0))
        for trip in ElementTree.parse(folder / "trips.xml").getroot().iter("tripinfo")
    ]
    return statistics.fmean(trips), spent, len(trips)


def race(repeats: int, replicates: int, with_sumo: bool) -> None:
    """Print what each says and how long it takes."""
    exact = closed_form()
    print(f"closed form        mean trip {exact:10,.1f} s")
    with tempfile.TemporaryDirectory() as name:
        model = build_model(Path(name))
        mean, vehicles = measure_trip(model)
        spent = []
        for _ in range(repeats):
            clock = time.perf_counter()
            measure_trip(model, replicates)
            spent.append((time.perf_counter() - clock) / replicates)
        ours = statistics.median(spent)
        print(
            f"corridor           mean trip {mean:10,.1f} s ({mean / exact - 1:+.3%}), {vehicles:,} vehicles of"
            f" {VEHICLES:,}, {ours * 1000:.2f} ms a replicate (median of {repeats}, {replicates} together)"
        )
    if not with_sumo:
        return
    try:
        import sumo  # noqa: F401
    except ImportError:
        print("SUMO               not installed: uv sync --group bench")
        return
    results = []
    for _ in range(min(repeats, 3)):
        with tempfile.TemporaryDirectory() as name:
            results.append(run_sumo(Path(name)))
    mean, spent_there, vehicles = results[0][0], statistics.median(r[1] for r in results), results[0][2]
    print(
        f"SUMO mesoscopic    mean trip {mean:10,.1f} s ({mean / exact - 1:+.3%}), {vehicles:,} vehicles,"
        f" {spent_there:.1f} s; ratio {spent_there / ours:,.0f}"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replicates", type=int, default=500)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--no-sumo", action="store_true")
    given = parser.parse_args()
    race(given.repeats, given.replicates, not given.no_sumo)
