"""Worlds without chance and with little of everything, made from a number: for planning once and anew each day."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from corridor.scenario.scenario import Scenario
from relief_world import road
from worlds import at, place, write_world

DAYS = 5


def rolling_world(folder: Path, number: int) -> Scenario:
    """Return a world of two or three towns, two depots outside and what limits convoys, all drawn from its number."""
    luck = np.random.default_rng(number)
    towns = [f"town{n}" for n in range(int(luck.integers(2, 4)))]
    tables: dict[str, Any] = {
        "places": [*(place(name) for name in towns), place("fork"), *(
            place(name, "outside", **more) for name, more in (("east", {"attractiveness": 1}), ("west", {})))],
        "groups": [{"id": "all", "name": "All", "transport": "own", "people_per_vehicle": 4, "fuel_litres": 0, "leave_rate": 0}],
        "people": [{"place": name, "group": "all", "people": int(luck.integers(1, 10)) * 1000} for name in towns],
        "roads": _draw_roads(luck, towns),
        "items": [
            {"id": "food", "name": "Food"},
            {"id": "water", "name": "Water", "weight": 2, "depends_on": str(luck.choice(["", "power"])), "dependence": 0.7},
            {"id": "power", "name": "Power", "weight": 0.3},
            {"id": "diesel", "name": "Diesel", "is_fuel": "yes", "tonnes_per_unit": 0.00084, "life_saving": "no", "weight": 0},
        ],
        "needs": [{"item": "food", "per_day": 1}, {"item": "water", "per_day": 2}, {"item": "power", "per_day": 0.5},
                  {"item": "diesel", "per_day": 0}],
        "stocks": _draw_stocks(luck, towns),
        "depots": _draw_depots(luck),
        "fleets": _draw_fleets(luck),
        **_draw_permissions(luck),
    }  # fmt: skip
    if luck.random() < 0.5:
        tables["events"] = [{"id": "shut", "time": at(float(luck.integers(20, 90))), "kind": "direction", "target": "fork-west",
                             "mode": str(luck.choice(["shut", "alternating"]))}]  # fmt: skip
    if luck.random() < 0.5:
        rate = float(luck.integers(1, 6))
        tables["checkpoints"] = [{"id": "gate", "place": "fork", "lanes": 1, "seconds_per_vehicle": 20, "wander": 0,
                                  "relief_trucks_per_hour": rate}]  # fmt: skip
    return write_world(folder, DAYS * 24, 60, **tables)


def _draw_roads(luck: np.random.Generator, towns: list[str]) -> list[dict[str, Any]]:
    speeds = [30, 40, 60]
    guarded = str(luck.choice(["yes", "no"]))
    roads = [
        road(f"{name}-fork", name, "fork", float(luck.integers(20, 120)), float(luck.choice(speeds))) for name in towns
    ]
    roads += [road("fork-east", "fork", "east", float(luck.integers(20, 90)), 30, needs_clearance=guarded)]
    return [*roads, road("fork-west", "fork", "west", float(luck.integers(20, 90)), 30)]


def _draw_stocks(luck: np.random.Generator, towns: list[str]) -> list[dict[str, Any]]:
    """Return little in store everywhere; of some items something is made each day."""
    return [
        {"place": name, "item": item, "quantity": float(luck.choice([0, 500, 4000])),
         "made_per_day": float(luck.choice([0, 0, 800])) if item != "diesel" else 0}
        for name in towns for item in ("food", "water", "power", "diesel")
    ]  # fmt: skip


def _draw_depots(luck: np.random.Generator) -> list[dict[str, Any]]:
    depots = [
        {"id": f"{where}-{item}", "place": where, "item": item, "quantity": float(luck.integers(2, 60)) * 1000,
         "per_day": float(luck.choice([0, 0, 4000])), "from": str(luck.choice(["", "", at(21), at(48)]))}
        for where in ("east", "west") for item in ("food", "water", "power") if luck.random() < 0.7
    ]  # fmt: skip
    depots.append({"id": "always", "place": "east", "item": "food", "quantity": 20_000, "per_day": 0, "from": ""})
    litres = float(luck.integers(100, 1500)) if luck.random() < 0.7 else ""  # not limited in some worlds
    depots += [
        {"id": f"{where}-diesel", "place": where, "item": "diesel", "quantity": litres, "per_day": 0, "from": ""}
        for where in ("east", "west")
    ]
    return depots


def _draw_fleets(luck: np.random.Generator) -> list[dict[str, Any]]:
    return [
        {"id": name, "place": where, "purpose": "goods", "vehicles": int(luck.integers(1, 7)), "tonnes": float(luck.choice([2, 5, 8])),
         "handling_hours": float(luck.integers(1, 6)), "fuel_per_100km": 30,
         "convoy_trucks": str(luck.choice(["", "2", "3"])), "refuels": "base"}
        for name, where in (("eastern", "east"), ("western", "west"), ("second", "east")) if name == "eastern" or luck.random() < 0.6
    ]  # fmt: skip


def _draw_permissions(luck: np.random.Generator) -> dict[str, Any]:
    """Return clearances with numbers and slots; the guarded road has one in any case."""
    first = [{"id": "a", "road": "fork-east", "from": at(0), "until": at(float(luck.choice([40, 130]))),
              "trucks": str(luck.choice(["", "2", "9"])), "fleet": ""}]  # fmt: skip
    second = [{"id": "b", "road": "fork-east", "from": at(30), "until": at(130), "trucks": "5", "fleet": "eastern"}]
    slots = [{"id": "slot", "road": "fork-east", "convoys_per_day": float(luck.choice([0.5, 1, 2])), "first_hour": 6,
              "last_hour": 18, "direction": "in"}]  # fmt: skip
    found: dict[str, Any] = {"clearances": first + (second if luck.random() < 0.5 else [])}
    return {**found, "slots": slots} if luck.random() < 0.5 else found
