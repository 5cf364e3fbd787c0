"""What people need and what is there: the tables of relief compiled to indices, and drawn once per replicate."""

from __future__ import annotations

import heapq
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.faults import Fault, FaultsError
from corridor.scenario.read import Row
from corridor.scenario.values import hours_between
from corridor.scenario.variant import row_name
from corridor.simulate.inputs import NEVER, Drawer, draw_uniform_of
from corridor.simulate.model import Floats, Integers

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Leg:
    """One road on a convoy's way: which road, which way, and the place at its end."""

    road: int
    outward: bool  # from the inner to the outer end
    end: int
    checkpoint: int  # at the place it leaves from, -1 if none


@dataclass(frozen=True)
class Convoy:
    """A planned convoy: its rows as indices. `loads` are units of each item [I]."""

    id: str
    fleet: str
    departs: Any  # TimeRange
    trucks: int  # 0: not known
    loads: Floats
    start: int
    goal: int
    legs: tuple[Leg, ...]
    refuels_at_goal: bool
    kilometres: float


@dataclass(frozen=True)
class Gate:
    """Permission to enter a road: for a fleet (blank: any), between two hours, at most so many trucks."""

    fleet: str
    road: int
    first: float
    last: float
    trucks: float
    refused: bool


@dataclass(frozen=True)
class Slot:
    """Convoys let onto a road in a day: in one direction, between two hours of the day, while it holds."""

    id: str
    road: int
    outward: bool
    first_hour: float
    last_hour: float
    begin: float
    end: float


@dataclass(frozen=True)
class Supplies:
    """Needs, stocks and convoys by index. I items, N places inside, G groups.

    `need_names[n][g][i]` is the quantity that says what one person of a group needs there in a day, in units of
    the item, or an empty string.
    """

    items: tuple[str, ...]
    tonnes: Floats  # [I] per unit
    life_saving: Flags  # [I]
    weight: Floats  # [I]
    depends_on: Integers  # [I] item it depends on, -1
    fuel: int  # item that convoys burn, -1
    places: Integers  # [N] places inside
    need_names: tuple[tuple[tuple[str, ...], ...], ...]
    stock_names: Mapping[tuple[int, int], str]  # (place inside, item) -> stocks/place/item
    convoys: tuple[Convoy, ...]
    gates: tuple[Gate, ...]
    slots: tuple[Slot, ...]
    guarded: Flags  # [roads] a convoy needs a clearance
    start_hour: float  # hour of the day at which the period begins


@dataclass(frozen=True)
class SupplyInputs:
    """What is drawn once per replicate. C convoys."""

    need: Floats  # [R, N, G, I] units per person and day
    stock: Floats  # [R, N, I] units; nan where not known
    made: Floats  # [R, N, I] units per day
    dependence: Floats  # [R, I]
    carried_days: Floats  # [R]
    departs: Integers  # [R, C] step
    trucks: Integers  # [R, C]
    road_hours: Floats  # [R, roads]
    relief_rate: Floats  # [R, K] trucks/h, nan where trucks are inspected as other vehicles
    litres: Floats  # [R, C] burned on one way
    convoys_per_day: Floats  # [R, slots]
    average: Floats  # [R, N, I] need averaged over groups
    on_road: Floats  # [R, I] need of people on the road
    alike: bool  # all groups need the same


def compile_supplies(
    tables: Any, places: tuple[str, ...], inside: Flags, groups: tuple[str, ...], start: datetime
) -> Supplies | None:
    """Compile the tables of relief; None when the scenario states no needs.

    `tables` is the compiler's view of the scenario under one parameter set. Raises FaultsError when a convoy has
    no way or its loads cannot be read.
    """
    items = tables.ids("items")
    if not items or not tables.rows["needs"]:
        return None
    index = {name: position for position, name in enumerate(items)}
    by_item = tables.by_id["items"]
    within = np.flatnonzero(inside)
    position = {places[p]: n for n, p in enumerate(within)}
    for table in ("needs", "stocks", "items", "slots"):
        for row in tables.rows[table]:
            tables.note(row)
    need_names = tuple(
        tuple(
            tuple(_most_specific(tables.rows["needs"], places[p], g, item) for item in items) for g in groups
        )
        for p in within
    )
    return Supplies(
        items=items,
        tonnes=np.array([by_item[i]["tonnes_per_unit"] for i in items]),
        life_saving=np.array([by_item[i]["life_saving"] for i in items], dtype=bool),
        weight=np.array([by_item[i]["weight"] for i in items]),
        depends_on=np.array([index.get(by_item[i]["depends_on"] or "", -1) for i in items], dtype=np.int64),
        fuel=next((n for n, i in enumerate(items) if by_item[i]["is_fuel"]), -1),
        places=within,
        need_names=need_names,
        stock_names={
            (position[row["place"]], index[row["item"]]): f"stocks/{row_name(row)}"
            for row in tables.rows["stocks"]
            if row["place"] in position
        },
        convoys=_compile_convoys(tables, places, items, start),
        gates=_compile_gates(tables, start),
        slots=_compile_slots(tables, start),
        guarded=np.array(
            [bool(tables.by_id["roads"][r]["needs_clearance"]) for r in tables.ids("roads")], dtype=bool
        ),
        start_hour=start.hour + start.minute / 60.0,
    )


def _most_specific(rows: tuple[Row, ...], place: str, group: str, item: str) -> str:
    """Return the name of the need that holds: a row for a place beats one for a group beats one for all."""
    fitting = [
        (2 * bool(row["place"]) + bool(row["group"]), f"needs/{row_name(row)}/per_day")
        for row in rows
        if row["item"] == item and row["place"] in (None, "", place) and row["group"] in (None, "", group)
    ]
    return max(fitting)[1] if fitting else ""


def _compile_convoys(
    tables: Any, places: tuple[str, ...], items: tuple[str, ...], start: datetime
) -> tuple[Convoy, ...]:
    """Return the convoys that the model moves: planned ones, and those turned back within the period."""
    place_of = {name: p for p, name in enumerate(places)}
    convoys: list[Convoy] = []
    faults: list[Fault] = []
    for row in sorted(tables.rows["convoys"], key=lambda row: str(row["id"])):
        if row["outcome"] not in ("planned", "turned_back") or row["departs"].end < start:
            continue
        loads = _read_loads(row, items, tables, faults)
        first, last = place_of[row["from"]], place_of[row["to"]]
        legs, length = _find_way(tables, place_of, first, last)
        if not legs and first != last:
            faults.append(
                Fault(
                    row.file,
                    row.line,
                    "to",
                    "unreachable_place",
                    f'no road from "{row["from"]}" to "{row["to"]}"',
                    "places joined by roads",
                    "correct one end",
                )
            )
            continue
        fleet = tables.by_id["fleets"][row["fleet"]]
        convoys.append(
            Convoy(
                row["id"],
                row["fleet"],
                row["departs"],
                row["trucks"] or 0,
                loads,
                first,
                last,
                legs,
                fleet["refuels"] == "destination",
                length,
            )
        )
    if faults:
        raise FaultsError(faults)
    return tuple(convoys)


def _read_loads(row: Row, items: tuple[str, ...], tables: Any, faults: list[Fault]) -> Floats:
    """Return the load in units of each item from text such as "food=50 soap=2" (tonnes)."""
    loads = np.zeros(len(items))
    for word in str(row["loads"] or "").split():
        name, _, amount = word.partition("=")
        try:
            tonnes = float(amount)
            position = items.index(name)
        except ValueError:
            tonnes, position = math.nan, 0
        if not tonnes >= 0:
            faults.append(
                Fault(
                    row.file,
                    row.line,
                    "loads",
                    "wrong_type",
                    f'"{word}"',
                    "item=tonnes with an id of items.csv",
                    f"write for example {items[0]}=50",
                )
            )
            continue
        loads[position] += tonnes / tables.by_id["items"][items[position]]["tonnes_per_unit"]
    return loads


def _find_way(tables: Any, place_of: dict[str, int], first: int, last: int) -> tuple[tuple[Leg, ...], float]:
    """Return the shortest way by kilometres, whatever the traffic rules are today (Dijkstra), and its length."""
    checkpoint_at = {
        place_of[row["place"]]: c
        for c, row in enumerate(tables.by_id["checkpoints"][k] for k in tables.ids("checkpoints"))
    }
    ways: dict[int, list[tuple[float, int, bool, int]]] = {}
    for road, name in enumerate(tables.ids("roads")):
        row = tables.by_id["roads"][name]
        inner, outer = place_of[row["from"]], place_of[row["to"]]
        ways.setdefault(inner, []).append((row["length_km"], road, True, outer))
        ways.setdefault(outer, []).append((row["length_km"], road, False, inner))
    best: dict[int, float] = {first: 0.0}
    came: dict[int, tuple[int, Leg]] = {}
    queue = [(0.0, first)]
    while queue:
        length, place = heapq.heappop(queue)
        if length > best.get(place, math.inf):
            continue
        for more, road, outward, end in ways.get(place, []):
            if length + more < best.get(end, math.inf):
                best[end] = length + more
                came[end] = (place, Leg(road, outward, end, checkpoint_at.get(place, -1)))
                heapq.heappush(queue, (length + more, end))
    legs: list[Leg] = []
    place = last
    while place != first and place in came:
        place, leg = came[place]
        legs.append(leg)
    return tuple(reversed(legs)), best.get(last, math.inf)


def _compile_gates(tables: Any, start: datetime) -> tuple[Gate, ...]:
    roads = tables.index("roads")
    return tuple(
        Gate(
            row["fleet"] or "",
            roads[row["road"]],
            hours_between(start, row["from"]),
            hours_between(start, row["until"]),
            float(row["trucks"]) if row["trucks"] is not None else math.inf,
            row["status"] == "refused",
        )
        for row in sorted(tables.rows["clearances"], key=lambda row: str(row["id"]))
    )


def _compile_slots(tables: Any, start: datetime) -> tuple[Slot, ...]:
    roads = tables.index("roads")
    return tuple(
        Slot(
            row["id"],
            roads[row["road"]],
            row["direction"] == "out",
            row["first_hour"],
            row["last_hour"],
            hours_between(start, row["from"]) if row["from"] else -math.inf,
            hours_between(start, row["until"]) if row["until"] else math.inf,
        )
        for row in sorted(tables.rows["slots"], key=lambda row: str(row["id"]))
    )


def draw_supplies(model: Any, draw: Drawer) -> SupplyInputs:
    """Draw what the supplies of a model need, once per replicate."""
    supplies: Supplies = model.supplies
    replicates, places, items = len(draw.keys), len(supplies.places), len(supplies.items)
    drawn: dict[str, Floats] = {}

    def take(name: str) -> Floats:
        if name not in drawn:
            drawn[name] = draw.take(name)
        return drawn[name]

    need = np.zeros((replicates, places, len(model.groups), items))
    for n, groups in enumerate(supplies.need_names):
        for g, names in enumerate(groups):
            for i, name in enumerate(names):
                if name:
                    need[:, n, g, i] = take(name)
    stock = np.full((replicates, places, items), np.nan)
    made = np.zeros((replicates, places, items))
    for (n, i), name in supplies.stock_names.items():
        stock[:, n, i] = draw.take(f"{name}/quantity", np.nan)
        made[:, n, i] = draw.take(f"{name}/made_per_day")
    return SupplyInputs(
        need,
        stock,
        made,
        np.stack([draw.take(f"items/{i}/dependence", 1.0) for i in supplies.items], axis=1),
        draw.take("parameters/carried_days"),
        *_draw_convoys(model, draw),
        convoys_per_day=np.stack([draw.take(f"slots/{s.id}/convoys_per_day") for s in supplies.slots], axis=1)
        if supplies.slots
        else np.zeros((replicates, 0)),
        average=need.mean(axis=2),
        on_road=need.mean(axis=(1, 2)),
        alike=bool((need == need[:, :, :1]).all()),
    )


def _draw_convoys(model: Any, draw: Drawer) -> tuple[Integers, Integers, Floats, Floats, Floats]:
    supplies, replicates = model.supplies, len(draw.keys)
    count = len(supplies.convoys)
    departs = np.full((replicates, count), NEVER, dtype=np.int64)
    trucks = np.zeros((replicates, count), dtype=np.int64)
    litres = np.zeros((replicates, count))
    for c, convoy in enumerate(supplies.convoys):
        low, high = (
            hours_between(model.start, t) / model.step_hours
            for t in (convoy.departs.start, convoy.departs.end)
        )
        moment = low + (high - low) * draw_uniform_of(draw.keys, f"convoys/{convoy.id}", "time")
        departs[:, c] = np.ceil(moment - 1e-9).astype(np.int64)
        size = np.maximum(draw.take(f"fleets/{convoy.fleet}/tonnes", 10.0), 0.1)
        loaded = float((convoy.loads * supplies.tonnes).sum())
        trucks[:, c] = convoy.trucks or np.maximum(np.ceil(loaded / size), 1).astype(np.int64)
        litres[:, c] = (
            draw.take(f"fleets/{convoy.fleet}/fuel_per_100km") * convoy.kilometres / 100 * trucks[:, c]
        )
    hours = model.road_km / draw.columns("roads", model.roads, "speed_kmh")
    rate = draw.columns("checkpoints", model.checkpoints, "relief_trucks_per_hour", np.nan)
    return departs, trucks, hours, rate, litres
