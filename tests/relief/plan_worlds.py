"""Worlds drawn at random in which everybody stays and nothing is uncertain, for plans and what becomes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from corridor.scenario.scenario import Scenario
from relief_world import relief_world, road
from worlds import at, place


def plan_world(folder: Path, seed: int, hours: float = 96.0, works: bool = False, **other: Any) -> Scenario:
    """Write a world: a depot, a bridge, towns beyond; food, power, water that hangs on power, fuel that trucks burn.

    With `works` power is a flow that generators make from fuel, water is pumped with it, and there is a hospital.
    `other` tables stand in place of those drawn.
    """
    draw = np.random.default_rng(seed)
    towns = [f"town{n}" for n in range(int(draw.integers(1, 4)))]
    heads = {town: int(draw.integers(2_000, 20_000)) for town in towns}
    people = [{"place": town, "group": "drivers", "people": heads[town]} for town in towns]
    roads = [
        road("bridge-depot", "bridge", "depot", float(draw.integers(20, 60)), 30, needs_clearance="yes"),
        *(road(f"{town}-bridge", town, "bridge", float(draw.integers(10, 90)), 30) for town in towns),
    ]
    kilos = {"food": 0.5, "power": 0.1, "water": 15.0}
    stocks: list[dict[str, Any]] = []
    for town in towns:
        for item, need in kilos.items():
            days = float(draw.choice([0.0, 0.7, 2.3]))
            made = need * heads[town] * float(draw.choice([0.8, 1.2])) if item == "water" else 0.0
            stocks.append({"place": town, "item": item, "quantity": need * heads[town] * days, "made_per_day": made})
        stocks.append({"place": town, "item": "fuel", "quantity": float(draw.integers(0, 3000)), "made_per_day": 0})
    trucks = int(draw.integers(2, 7))
    refuels = str(draw.choice(["base", "destination"]))
    fleets = [
        {"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": trucks, "tonnes": 10, "handling_hours": 4,
         "fuel_per_100km": 30, "convoy_trucks": int(draw.integers(1, trucks + 1)), "refuels": refuels},
        {"id": "vans", "place": towns[0], "purpose": "goods", "vehicles": 2, "tonnes": 3, "handling_hours": 2,
         "fuel_per_100km": 15, "convoy_trucks": 2, "refuels": "base"},
    ]  # fmt: skip
    first = int(draw.integers(0, 12))
    more: dict[str, Any] = _add_works(draw, towns, heads) if works else {}
    items: list[dict[str, Any]] = [
        {"id": "food", "name": "Food"},
        {
            "id": "power",
            "name": "Power",
            "unit": "kWh",
            "tonnes_per_unit": 0.0003,
            "weight": float(draw.choice([0, 0.5])),
        },
        {"id": "water", "name": "Water", "depends_on": "power", "dependence": float(draw.choice([0.6, 1.0]))},
        {"id": "fuel", "name": "Fuel", "unit": "l", "tonnes_per_unit": 0.00084, "is_fuel": "yes", "weight": 0.2},
    ]
    if works:
        items[1] |= {"kept": "no", "tonnes_per_unit": 0}
        items[3] |= {"for_leaving": "yes"}
        stocks = [row for row in stocks if row["item"] != "power"]
        stocks = [{**row, "made_per_day": 0} if row["item"] == "water" else row for row in stocks]
    needs = [*({"item": item, "per_day": need} for item, need in kilos.items()), {"item": "fuel", "per_day": 0.01}]
    tables: dict[str, Any] = dict(
        places=[*(place(town) for town in towns), place("bridge"), place("depot", "outside", attractiveness=1)],
        roads=roads,
        people=people,
        items=items,
        needs=needs,
        stocks=stocks,
        fleets=fleets,
        depots=[
            {"id": "food_there", "place": "depot", "item": "food", "quantity": float(draw.integers(5, 80) * 1000)},
            *([] if works else [{"id": "power_there", "place": "depot", "item": "power"}]),
            {"id": "fuel_there", "place": "depot", "item": "fuel", "quantity": float(draw.integers(300, 6000))},
        ],
        checkpoints=[
            {"id": "gate", "place": "bridge", "lanes": 1, "seconds_per_vehicle": 600, "wander": 0,
             "relief_trucks_per_hour": int(draw.integers(3, 12))}
        ],
        clearances=[
            {"id": "given", "road": "bridge-depot", "from": at(first), "until": at(400), "trucks": int(draw.integers(3, 30)),
             "fleet": "lorries"}
        ],
        slots=[
            {"id": "slot", "road": "bridge-depot", "convoys_per_day": int(draw.integers(1, 5)), "direction": "in",
             "first_hour": 0, "last_hour": 24}
        ],
        **more,
    )  # fmt: skip
    return relief_world(folder, hours, **{**tables, **other})


def _add_works(draw: np.random.Generator, towns: list[str], heads: dict[str, int]) -> dict[str, Any]:
    """Return generators and a line that an event cuts, pumping stations and a hospital at each town."""
    plants: list[dict[str, Any]] = []
    facilities: list[dict[str, Any]] = []
    for town in towns:
        power = 0.1 * heads[town]
        plants.append(
            {"id": f"generator_{town}", "name": "Generator", "place": town, "makes": "power", "uses": "fuel=0.3",
             "most_per_day": power * float(draw.choice([0.5, 1.5])), "priority": int(draw.choice([3, 6]))}
        )  # fmt: skip
        plants.append(
            {"id": f"pump_{town}", "name": "Pumps", "place": town, "makes": "water", "uses": "power=0.001",
             "most_per_day": 15 * heads[town] * float(draw.choice([0.7, 1.3])), "priority": 3}
        )  # fmt: skip
        facilities.append(
            {"id": f"hospital_{town}", "name": "Hospital", "place": town, "item": str(draw.choice(["power", "fuel"])),
             "per_day": power * float(draw.choice([0.05, 0.3])), "priority": int(draw.choice([1, 5, 7])), "people": 400}
        )  # fmt: skip
    plants.append(
        {"id": "line", "name": "Line", "place": towns[0], "makes": "power", "serves": " ".join(towns), "priority": 1,
         "most_per_day": 0.05 * sum(heads.values()), "working": 0.8, "uses": ""}
    )  # fmt: skip
    events = [{"id": "cut", "time": at(30), "kind": "plant", "target": "line", "value": 0, "label": "The line is cut"}]
    return {"plants": plants, "facilities": facilities, "events": events}
