"""Small worlds for tests of the simulation: tables in, recorded series out. Without chance unless a test asks for it."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from corridor.scenario.scenario import Scenario, read_scenario
from corridor.simulate.batch import simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.luck import plain_luck
from corridor.simulate.model import Floats, Integers, Model
from corridor.simulate.record import Record
from corridor.simulate.series import read_column

START = datetime(2030, 1, 1)
STILL = {
    "share_staying": 0,
    "effect_danger": 0,
    "effect_shortage": 0,
    "effect_gone": 0,
    "effect_guarantees": 0,
    "effect_announcement": 0,
    "departure_wander": 0,
    "choice_spread": 0,
    "shortage": 0,
}
Rows = Sequence[Mapping[str, Any]]


def at(hours: float) -> str:
    """Return the time so many hours after the start, as it is written in a table."""
    return (START + timedelta(hours=hours)).isoformat()


def place(name: str, area: str = "inside", **more: Any) -> dict[str, Any]:
    return {"id": name, "name": name, "area": area, "latitude": 10, "longitude": 20, **more}


def write_world(
    folder: Path,
    hours: float,
    step_minutes: int = 15,
    record_minutes: int | None = None,
    parameters: Mapping[str, Any] | None = None,
    **tables: Rows,
) -> Scenario:
    """Write a scenario of so many hours into a new folder and read it."""
    folder.mkdir(parents=True, exist_ok=True)
    end = START + timedelta(hours=hours)
    (folder / "scenario.toml").write_text(
        f'id = "world"\ntitle = "World"\nstart = {START.isoformat()}\nend = {end.isoformat()}\n'
        f'time_zone = "UTC"\nstep_minutes = {step_minutes}\nrecord_minutes = {record_minutes or step_minutes}\n'
        f'data_date = {START.isoformat()}\nsensitivity = "public"\ndisclaimer = "none"\n'
    )
    values = {**STILL, **(parameters or {})}
    tables["parameters"] = [{"name": name, "value": value} for name, value in values.items()]
    for table, rows in tables.items():
        header = list(dict.fromkeys(column for row in rows for column in row))
        with (folder / f"{table}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, header)
            writer.writeheader()
            writer.writerows(rows)
    return read_scenario(folder)


def make_model(folder: Path, hours: float, **more: Any) -> Model:
    """Write a world and compile it."""
    return compile_model(write_world(folder, hours, **more), "")


def simulate(model: Model, replicates: int = 1, seed: int = 1, **more: Any) -> Record:
    return simulate_batch(model, plain_luck(seed, np.arange(replicates)), **more)


def series(record: Record, name: str) -> Integers:
    """Return a recorded series of whole numbers [R, T]."""
    return record.counts[:, :, record.columns.counts.index(read_column(name))]


def measure(record: Record, name: str) -> Floats:
    """Return a recorded measure [R, T]."""
    return record.measures[:, :, record.columns.measures.index(read_column(name))]


def corridor_world(folder: Path, hours: float, people: int | str = 100_000, **more: Any) -> Scenario:
    """Write the plainest corridor: a town, a checkpoint on the way, a city outside; tables can be replaced."""
    tables: dict[str, Rows] = {
        "places": [place("town"), place("bridge"), place("city", "outside", attractiveness=1)],
        "roads": [
            {"id": "first", "from": "town", "to": "bridge", "length_km": 65, "speed_kmh": 40},
            {"id": "second", "from": "bridge", "to": "city", "length_km": 12, "speed_kmh": 40},
        ],
        "checkpoints": [
            {"id": "gate", "place": "bridge", "lanes": 1, "seconds_per_vehicle": 20, "wander": 0}
        ],
        "groups": [
            {"id": "drivers", "name": "Drivers", "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0,
             "leave_rate": 0}
        ],
        "people": [{"place": "town", "group": "drivers", "people": people}],
    }  # fmt: skip
    return write_world(folder, hours, **{**tables, **more})


def grid_world(folder: Path, places: int, hours: float, **more: Any) -> Scenario:
    """Write a square net of so many places with exits along one side, and people of two groups inside.

    Roads have both directions and every tenth place inside holds people: a world of some size, plain otherwise.
    """
    side = math.isqrt(places)
    exits = {f"p{i:04d}" for i in range(places - max(1, side // 3), places)}
    names = [f"p{i:04d}" for i in range(places)]
    inside = [name for name in names if name not in exits]
    pairs = [(i, i + d) for i in range(places) for d in (1, side) if i + d < places and (d > 1 or (i + 1) % side)]
    tables: dict[str, Rows] = {
        "places": [
            place(name, "outside" if name in exits else "inside", attractiveness=1 if name in exits else "")
            | {"latitude": 10 + 0.1 * (i // side), "longitude": 20 + 0.1 * (i % side)}
            for i, name in enumerate(names)
        ],
        "roads": [
            {"id": f"r{i:05d}", "from": names[a], "to": names[b], "length_km": 20 + i % 7, "lanes_back": 1, "speed_kmh": 40}
            for i, (a, b) in enumerate(pairs)
        ],
        "groups": [
            {"id": name, "name": name, "transport": "own", "people_per_vehicle": 4, "fuel_litres": 0, "leave_rate": 0.01}
            for name in ("drivers", "riders")
        ],
        "people": [{"place": p, "group": g, "people": 500} for p in inside[::10] for g in ("drivers", "riders")],
    }  # fmt: skip
    return write_world(folder, hours, **{**tables, **more})


def two_exits(folder: Path) -> Scenario:
    """Write a world with a slow checkpoint before one exit and, before the other, far more people than seats."""
    return write_world(
        folder,
        30,
        record_minutes=60,
        parameters={"departure_wander": 0.3},
        areas=[{"id": "egypt", "name": "Egypt", "side": "outside"}],
        places=[place(name) for name in ("hill", "valley", "bridge")]
        + [place("north", "egypt", attractiveness=1), place("south", "outside", attractiveness=1)],
        roads=[
            {"id": "hill-bridge", "from": "hill", "to": "bridge", "length_km": 5, "lanes_back": 0, "speed_kmh": 50},
            {"id": "desert", "name": "Desert road", "from": "bridge", "to": "north", "length_km": 30, "lanes_back": 0},
            {"id": "coast", "from": "valley", "to": "south", "length_km": 30, "lanes_back": 0},
        ],
        checkpoints=[{"id": "gate", "place": "bridge", "lanes": 1, "seconds_per_vehicle": "60..90"}],
        groups=[
            {"id": "drivers", "name": "d", "transport": "own", "people_per_vehicle": 4, "fuel_litres": 0, "leave_rate": 0.05},
            {"id": "riders", "name": "r", "transport": "fleet", "leave_rate": 1},
        ],
        people=[
            {"place": "hill", "group": "drivers", "people": "8000..9000"},
            {"place": "valley", "group": "riders", "people": 50_000},
        ],
        fleets=[{"id": "buses", "place": "valley", "groups": "riders", "vehicles": "5..9", "seats": 50, "return_hours": 3}],
        events=[{"id": "shut", "time": at(20), "kind": "direction", "target": "coast", "mode": "shut"}],
    )  # fmt: skip
