"""A small world with needs: two places inside, a bridge on the way, a depot and a city outside."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corridor.scenario.scenario import Scenario
from worlds import at, place, write_world

Rows = Sequence[Mapping[str, Any]]


def road(name: str, start: str, end: str, km: float, speed: float, **more: Any) -> dict[str, Any]:
    """Return a road with one lane each way."""
    return {"id": name, "from": start, "to": end, "length_km": km, "speed_kmh": speed, **more}


def relief_world(folder: Path, hours: float = 48, heads: int = 1000, leave_rate: float = 0, **more: Any) -> Scenario:
    """Write the world; any table can be replaced. People stay unless a leave rate is given.

    It is 60 km and 2 h from the depot to the town: 1 h to the bridge, 1 h on; the village is 1 h beyond the town.
    """
    tables: dict[str, Any] = {
        "places": [
            place("town"),
            place("village"),
            place("bridge"),
            place("city", "outside", attractiveness=1),
            place("depot", "outside"),
        ],
        "roads": [
            road("village-town", "village", "town", 30, 30),
            road("town-bridge", "town", "bridge", 30, 30),
            road("bridge-depot", "bridge", "depot", 30, 30),
            road("depot-city", "depot", "city", 30, 30),
        ],
        "checkpoints": [{"id": "gate", "place": "bridge", "lanes": 1, "seconds_per_vehicle": 20, "wander": 0}],
        "groups": [
            {"id": "drivers", "name": "Drivers", "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0,
             "leave_rate": leave_rate}
        ],
        "people": [{"place": name, "group": "drivers", "people": heads} for name in ("town", "village")],
        "items": [{"id": "food", "name": "Food"}],
        "needs": [{"item": "food", "per_day": 1}],
        "stocks": [{"place": name, "item": "food", "quantity": 0} for name in ("town", "village")],
        "fleets": [{"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": 10, "tonnes": 10}],
        "convoys": [],
    }  # fmt: skip
    tables |= more
    return write_world(folder, hours, **{name: rows for name, rows in tables.items() if rows or name == "parameters"})


def convoy(name: str = "first", hour: float = 0, **more: Any) -> dict[str, Any]:
    """Return a convoy of two trucks with 10 t of food from the depot to the town."""
    row = {"id": name, "fleet": "lorries", "loads": "food=10", "from": "depot", "to": "town", "trucks": 2}
    return {**row, "departs": at(hour), **more}


def guarded_world(folder: Path, **more: Any) -> Scenario:
    """Return a world with all that limits convoys and nothing uncertain."""
    tables: dict[str, Any] = {
        "stocks": [{"place": p, "item": "food", "quantity": 1500} for p in ("town", "village")],
        "depots": [{"id": "store", "place": "depot", "item": "food"}],
        "fleets": [
            {"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": 3, "tonnes": 2, "convoy_trucks": 2}
        ],
        "roads": [
            road("village-town", "village", "town", 30, 30),
            road("town-bridge", "town", "bridge", 30, 30, needs_clearance="yes"),
            road("bridge-depot", "bridge", "depot", 30, 30),
            road("depot-city", "depot", "city", 30, 30),
        ],
        "clearances": [{"id": "given", "road": "town-bridge", "from": at(6), "until": at(200), "trucks": 9}],
        "slots": [{"id": "slot", "road": "bridge-depot", "convoys_per_day": 1, "first_hour": 6, "last_hour": 18}],
    }
    return relief_world(folder, 144, **{**tables, **more})


def slotted_world(folder: Path, label: str = "partners", **more: Any) -> Path:
    """Write a case with two slots a day by day and a clearance for two days on the road that leaves the depot."""
    tables: dict[str, Any] = {
        "roads": [
            road("village-town", "village", "town", 30, 30),
            road("town-bridge", "town", "bridge", 30, 30),
            road("bridge-depot", "bridge", "depot", 30, 30, needs_clearance="yes"),
            road("depot-city", "depot", "city", 30, 30),
        ],
        "slots": [{"id": "day", "road": "bridge-depot", "convoys_per_day": 2, "first_hour": 6, "last_hour": 18}],
        "clearances": [{"id": "two_days", "road": "bridge-depot", "from": at(0), "until": at(48)}],
    }
    relief_world(folder, 96, **{**tables, **more})
    settings = folder / "scenario.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r'sensitivity = "\w+"', f'sensitivity = "{label}"', text), encoding="utf-8")
    return folder
