"""Vehicles that bring goods in and take people out, one by one in plain Python: rule 38 written once more.

No roads that queue, no checkpoints: every way is driven at free speed. Hours and steps are whole numbers of steps.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

BASE, DRIVING_IN, UNLOADING, EMPTY_HOME, RETURNING = range(5)


@dataclass
class Vehicle:
    """One vehicle: what it does, until when, and when it came to where it unloads (in steps from the start)."""

    doing: int = BASE
    until: int = 0
    arrived: int = 0
    going_to: str = ""


@dataclass
class Convoy:
    """What the scenario writes of a convoy; `vehicles` are those with it."""

    due: int
    goal: str
    trucks: int
    tonnes: float
    vehicles: list[Vehicle] = field(default_factory=list)
    left: bool = False


@dataclass(frozen=True)
class World:
    """Steps of the way from the base to each goal, of unloading, and from setting people down to the base."""

    way: dict[str, int]
    handling: int
    returning: int
    seats: int
    vehicles: int


def drive(world: World, convoys: Sequence[Convoy], waits: dict[str, list[int]], steps: int) -> dict[str, list[float]]:
    """Return what has happened by the end of each step: taken and delivered by goal, and vehicles at the base.

    `waits` are the people who have come to wait at each goal by then, those taken along included.
    """
    parked = [Vehicle() for _ in range(world.vehicles)]
    taken, delivered = dict.fromkeys(world.way, 0), dict.fromkeys(world.way, 0.0)
    found: dict[str, list[float]] = {f"{what} {goal}": [] for what in ("taken", "delivered") for goal in world.way}
    found["base"] = []
    ordered = sorted(convoys, key=lambda convoy: convoy.due)
    for step in range(steps):
        for vehicle in (v for v in parked if v.doing == RETURNING and v.until <= step):
            vehicle.doing = BASE
        for convoy in ordered:
            for vehicle in convoy.vehicles:
                if vehicle.doing == EMPTY_HOME and vehicle.until < step + 1:
                    vehicle.doing = BASE
            convoy.vehicles = [v for v in convoy.vehicles if v.doing in (DRIVING_IN, UNLOADING, EMPTY_HOME)]
            here = [vehicle for vehicle in parked if vehicle.doing == BASE]
            if not convoy.left and convoy.due <= step and len(here) >= convoy.trucks:
                convoy.vehicles, convoy.left = here[: convoy.trucks], True
                for vehicle in convoy.vehicles:
                    vehicle.doing, vehicle.until, vehicle.going_to = (
                        DRIVING_IN,
                        step + world.way[convoy.goal],
                        convoy.goal,
                    )
            if convoy.vehicles and all(v.doing == DRIVING_IN and v.until <= step + 1 for v in convoy.vehicles):
                delivered[convoy.goal] += convoy.tonnes
                for vehicle in convoy.vehicles:
                    vehicle.doing, vehicle.arrived = UNLOADING, vehicle.until
                    vehicle.until += world.handling
        for convoy in ordered:
            unloaded = [
                v for v in convoy.vehicles if v.doing == UNLOADING and v.until <= step + 1 and v.arrived <= step
            ]
            for vehicle in unloaded:
                left = waits[convoy.goal][step] - taken[convoy.goal]
                boarding = min(left, world.seats)
                if boarding > 0:
                    taken[convoy.goal] += boarding
                    # they join the road in the midst of the next step; the vehicle is back so long after its last one
                    crosses = step + 1 + world.way[convoy.goal]
                    vehicle.doing, vehicle.until = RETURNING, crosses + 1 + world.returning
                else:
                    vehicle.doing, vehicle.until = EMPTY_HOME, vehicle.until + world.way[convoy.goal]
        for goal in world.way:
            found[f"taken {goal}"].append(taken[goal])
            found[f"delivered {goal}"].append(delivered[goal])
        found["base"].append(sum(vehicle.doing == BASE for vehicle in parked))
    return found


def to_steps(hours: float, step_hours: float) -> int:
    """Return hours as steps."""
    return math.ceil(hours / step_hours - 1e-9)
