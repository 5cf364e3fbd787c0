"""Worlds drawn at random in which people wait for a seat out in fleets for both; nothing but who decides is chance."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from corridor.scenario.scenario import Scenario
from relief_world import relief_world, road
from worlds import at, place


def both_world(folder: Path, seed: int, hours: float = 96.0) -> Scenario:
    """Write a world: a depot, a bridge, towns beyond; food, people who wait, buses for both beside lorries."""
    draw = np.random.default_rng(seed)
    towns = [f"town{n}" for n in range(int(draw.integers(1, 4)))]
    groups = [
        {"id": name, "name": name, "transport": "fleet", "leave_rate": float(draw.choice([0.005, 0.02, 0.2]))}
        for name in ("elders", "walkers")
    ]
    groups.append({"id": "stayers", "name": "Stayers", "transport": "own", "leave_rate": 0})
    heads = {(town, group["id"]): int(draw.integers(200, 3000)) for town in towns for group in groups}
    total = {town: sum(heads[town, group["id"]] for group in groups) for town in towns}
    vehicles = int(draw.integers(2, 12))
    fleets: list[dict[str, Any]] = [
        {"id": "buses", "place": "depot", "purpose": "both", "groups": str(draw.choice(["walkers", "elders walkers"])),
         "transport": "bus", "vehicles": vehicles, "seats": int(draw.integers(10, 60)), "tonnes": 3,
         "handling_hours": float(draw.choice([1, 2, 4])), "return_hours": float(draw.choice([1, 3, 6])),
         "convoy_trucks": int(draw.integers(1, vehicles + 1)), "fuel_per_100km": 0},
        {"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": int(draw.integers(1, 4)), "tonnes": 10,
         "handling_hours": 4, "fuel_per_100km": 0},
    ]  # fmt: skip
    return relief_world(
        folder,
        hours,
        places=[*(place(town) for town in towns), place("bridge"), place("depot", "outside", attractiveness=1)],
        roads=[
            road("bridge-depot", "bridge", "depot", float(draw.integers(20, 60)), 30),
            *(road(f"{town}-bridge", town, "bridge", float(draw.integers(10, 90)), 30) for town in towns),
        ],
        groups=groups,
        people=[{"place": town, "group": group, "people": number} for (town, group), number in heads.items()],
        needs=[{"item": "food", "per_day": 0.5}],
        stocks=[
            {"place": town, "item": "food", "quantity": 0.5 * total[town] * float(draw.choice([0.0, 1.3, 9.0]))}
            for town in towns
        ],
        fleets=fleets,
        depots=[{"id": "store", "place": "depot", "item": "food", "quantity": float(draw.integers(5, 60) * 1000)}],
        checkpoints=[],
        slots=[
            {"id": "slot", "road": "bridge-depot", "convoys_per_day": int(draw.integers(1, 5)), "direction": "in",
             "first_hour": 0, "last_hour": 24, "from": at(0)}
        ],
    )  # fmt: skip
