"""What the whole command costs: corridor plan on a case of many towns, written into a folder that is thrown away.

Run: python benchmarks/relief_command.py [TOWNS DAYS], 25 and 30 unless given. Prints what the command prints of
distances, seconds of the processor of the whole command (reading, checking, planning, worths, printing) and its most
memory. The case is that of benchmarks/relief.py: a depot, a gate, a bridge, a hub, towns beyond.
"""

from __future__ import annotations

import csv
import resource
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from relief import ITEMS

HEADER = """id = "many_towns"
title = "Many towns behind a bridge"
start = "{start}"
end = "{end}"
time_zone = "UTC"
step_minutes = 60
record_minutes = 360
seed = 1
data_date = "2023-09-22"
sensitivity = "restricted"
disclaimer = "invented"
"""
COMMAND = "from corridor.cli.main import app; app()"


def write_case(folder: Path, towns: int, days: int, seed: int = 1) -> None:
    """Write a case in which nobody leaves and nothing is uncertain."""
    rng = np.random.default_rng(seed)
    start = datetime(2023, 9, 22)
    end = start + timedelta(days=days)
    (folder / "scenario.toml").write_text(HEADER.format(start=f"{start:%Y-%m-%dT%H:%M}", end=f"{end:%Y-%m-%dT%H:%M}"))
    names = [f"town{n}" for n in range(towns)]
    heads = rng.integers(2_000, 40_000, towns)
    inside, outside = ["hub", *names], ["gate", "depot"]
    items = [name.replace(" ", "_") for name, *_ in ITEMS]
    roads = [("hub-gate", "hub", "gate", 78.0), ("gate-depot", "gate", "depot", 45.0)]
    roads += [(f"{name}-hub", name, "hub", round(30.0 * float(rng.uniform(0.3, 3.0)), 1)) for name in names]
    # on one line east of the hub, at two thirds of the road's length
    longitude = {"depot": 43.9, "gate": 44.4, "hub": 45.0}
    longitude |= {start: round(45.0 + km / 1.5 / 85.0, 4) for _, start, end, km in roads if end == "hub"}
    tables: dict[str, list[dict[str, Any]]] = {
        "places": [
            {"id": name, "name": name, "kind": "town", "area": area, "latitude": 40.0, "longitude": longitude[name],
             "attractiveness": 1 if name == "depot" else ""}
            for area, which in (("inside", inside), ("outside", outside)) for name in which
        ],
        "roads": [
            {"id": name, "from": a, "to": b, "length_km": km, "lanes": 1, "speed_kmh": 30} for name, a, b, km in roads
        ],
        "groups": [
            {"id": "people", "name": "People", "transport": "own", "people_per_vehicle": 4, "fuel_litres": 0,
             "leave_rate": 0}
        ],
        "parameters": [{"name": "share_staying", "value": 0.9}],
        "people": [{"place": name, "group": "people", "people": int(n)} for name, n in zip(names, heads, strict=True)],
        "items": [
            {"id": item, "name": item, "unit": "kg", "tonnes_per_unit": 0.001, "life_saving": "yes" if saving else "no",
             "weight": weight}
            for item, (_, _, saving, weight) in zip(items, ITEMS, strict=True)
        ],
        "needs": [{"item": item, "per_day": kilos} for item, (_, kilos, _, _) in zip(items, ITEMS, strict=True)],
        "stocks": [
            {"place": name, "item": item, "quantity": round(kilos * int(n) * float(rng.uniform(0.0, 5.0)))}
            for name, n in zip(names, heads, strict=True) for item, (_, kilos, _, _) in zip(items, ITEMS, strict=True)
        ],
        "depots": [{"id": f"store_{item}", "place": "depot", "item": item} for item in items],
        "fleets": [
            {"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": 30, "tonnes": 18, "handling_hours": 4,
             "convoy_trucks": 12},
            {"id": "local", "place": "hub", "purpose": "goods", "vehicles": 20, "tonnes": 5, "handling_hours": 2,
             "convoy_trucks": ""},
        ],
        "slots": [
            {"id": "day", "road": "hub-gate", "convoys_per_day": 2, "direction": "in", "first_hour": 6, "last_hour": 18}
        ],
    }  # fmt: skip
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def main() -> None:
    """Write the case, run the command, print what it cost."""
    towns, days = (int(word) for word in sys.argv[1:3]) if len(sys.argv) > 2 else (25, 30)
    with tempfile.TemporaryDirectory() as name:
        write_case(Path(name), towns, days)
        command = [sys.executable, "-c", COMMAND, "plan", name, "--days", str(days)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(done.stdout[:2500])
    if done.returncode:
        print(done.stderr[-2000:])
    print(
        f"corridor plan, {towns} towns, {days} days: {used.ru_utime + used.ru_stime:.1f} s of the processor in all, "
        f"{used.ru_maxrss / 1e6:.2f} GB, {len(done.stdout.splitlines())} lines printed"
    )


if __name__ == "__main__":
    main()
