"""What people need and what is there: the tables of relief compiled to indices, and drawn once per replicate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from corridor.scenario.read import Row
from corridor.scenario.values import hours_between
from corridor.scenario.variant import row_name
from corridor.simulate.caravans import Convoy, compile_convoys
from corridor.simulate.inputs import Drawer, draw_uniform_of
from corridor.simulate.model import Floats, Integers
from corridor.simulate.passage import Flags, Gate, Slot, compile_gates, compile_slots


@dataclass(frozen=True)
class Depot:
    """Goods at a place inside, from an hour on; an endless one never runs out."""

    name: str  # depots/id
    place: int  # index among the places of the supplies
    item: int
    begin: float
    endless: bool


@dataclass(frozen=True)
class Supplies:
    """Needs, stocks and convoys by index. I items, N places inside where people or goods can be, G groups.

    `need_names[n][g][i]` is the quantity that says what one person of a group needs there in a day, in units of
    the item, or an empty string. A stock is `known` where the scenario states it; elsewhere only what comes in is
    counted, and nobody is said to go without.
    """

    items: tuple[str, ...]
    tonnes: Floats  # [I] per unit
    life_saving: Flags  # [I]
    weight: Floats  # [I]
    depends_on: Integers  # [I] item it depends on, -1
    order: Integers  # items so that each comes after the one it depends on
    fuel: int  # item that convoys burn, -1
    places: Integers  # [N]
    known: Flags  # [N + 1, I] the last is the road
    need_names: tuple[tuple[tuple[str, ...], ...], ...]
    stock_names: Mapping[tuple[int, int], str]  # (place, item) -> stocks/place/item
    depots: tuple[Depot, ...]
    fleets: tuple[str, ...]  # those that carry goods
    convoys: tuple[Convoy, ...]
    gates: tuple[Gate, ...]
    slots: tuple[Slot, ...]
    start_hour: float  # hour of the day at which the period begins

    @property
    def position(self) -> dict[int, int]:
        """Return the index among the places of the supplies of each place of the model."""
        return {int(place): n for n, place in enumerate(self.places)}


@dataclass(frozen=True)
class SupplyInputs:
    """What is drawn once per replicate. C convoys, F fleets that carry goods."""

    need: Floats  # [R, N, G, I] units per person and day
    stock: Floats  # [R, N, I] units; 0 where not known
    made: Floats  # [R, N, I] units per day
    depot: Floats  # [R, depots] units at first
    depot_made: Floats  # [R, depots] units per day
    dependence: Floats  # [R, I]
    carried_days: Floats  # [R]
    departs: Integers  # [R, C] step
    trucks: Integers  # [R, C]
    fleet_trucks: Integers  # [R, F]
    handling: Floats  # [R, F] hours
    litres: Floats  # [R, C] burned on one way, all trucks
    road_hours: Floats  # [R, roads]
    way_hours: Floats  # [R, C] one way
    relief_rate: Floats  # [R, K] trucks/h, nan where trucks are inspected as other vehicles
    convoys_per_day: Floats  # [R, slots]
    average: Floats  # [R, N, I] need averaged over groups
    on_road: Floats  # [R, I] need of people on the road


def compile_supplies(
    tables: Any, places: tuple[str, ...], inside: Flags, groups: tuple[str, ...], start: datetime
) -> Supplies | None:
    """Compile the tables of relief; None when the scenario states no needs.

    `tables` is the compiler's view of the scenario under one parameter set.
    """
    items = tables.ids("items")
    if not items or not tables.rows["needs"]:
        return None
    index = {name: position for position, name in enumerate(items)}
    by_item = tables.by_id["items"]
    for table in ("needs", "stocks", "items", "slots", "depots"):
        for row in tables.rows[table]:
            tables.note(row)
    named = _name_places(tables)
    within = np.array([p for p, name in enumerate(places) if inside[p] and name in named], dtype=np.int64)
    position = {places[p]: n for n, p in enumerate(within)}
    need_names = tuple(
        tuple(tuple(_most_specific(tables.rows["needs"], places[p], g, i) for i in items) for g in groups)
        for p in within
    )
    depends_on = np.array([index.get(by_item[i]["depends_on"] or "", -1) for i in items], dtype=np.int64)
    stocks = [row for row in tables.rows["stocks"] if row["place"] in position]
    depots = tuple(
        Depot(
            f"depots/{row['id']}",
            position[row["place"]],
            index[row["item"]],
            hours_between(start, row["from"]) if row["from"] else 0.0,
            row["quantity"] is None,
        )
        for row in sorted(tables.rows["depots"], key=lambda row: str(row["id"]))
        if row["place"] in position
    )
    fleets = tuple(f for f in tables.ids("fleets") if tables.by_id["fleets"][f]["purpose"] == "goods")
    gates, slots = compile_gates(tables, start), compile_slots(tables, start)
    return Supplies(
        items=items,
        tonnes=np.array([by_item[i]["tonnes_per_unit"] for i in items]),
        life_saving=np.array([by_item[i]["life_saving"] for i in items], dtype=bool),
        weight=np.array([by_item[i]["weight"] for i in items]),
        depends_on=depends_on,
        order=_order_items(depends_on),
        fuel=next((n for n, i in enumerate(items) if by_item[i]["is_fuel"]), -1),
        places=within,
        known=_find_known(tables, position, index, stocks, depots),
        need_names=need_names,
        stock_names={(position[row["place"]], index[row["item"]]): f"stocks/{row_name(row)}" for row in stocks},
        depots=depots,
        fleets=fleets,
        convoys=compile_convoys(tables, places, inside, items, fleets, gates, slots, start),
        gates=gates,
        slots=slots,
        start_hour=start.hour + start.minute / 60.0,
    )


def _name_places(tables: Any) -> set[str]:
    """Return the places where people or goods can be: other places inside are only passed."""
    named = {row["place"] for table in ("people", "stocks", "depots") for row in tables.rows[table]}
    named |= {row["to"] for row in tables.rows["events"] if row["kind"] == "evacuation"}
    return named | {row[end] for row in tables.rows["convoys"] for end in ("from", "to")}


def _most_specific(rows: tuple[Row, ...], place: str, group: str, item: str) -> str:
    """Return the name of the need that holds: a row for a place beats one for a group beats one for all."""
    fitting = [
        (2 * bool(row["place"]) + bool(row["group"]), f"needs/{row_name(row)}/per_day")
        for row in rows
        if row["item"] == item and row["place"] in (None, "", place) and row["group"] in (None, "", group)
    ]
    return max(fitting)[1] if fitting else ""


def _find_known(
    tables: Any, position: dict[str, int], index: dict[str, int], stocks: list[Row], depots: tuple[Depot, ...]
) -> Flags:
    """Return where the stock is stated [N + 1, I]; on the road, where it is at every place that people are from."""
    known = np.zeros((len(position) + 1, len(index)), dtype=bool)
    for row in stocks:
        known[position[row["place"]], index[row["item"]]] = row["quantity"] is not None
    for depot in depots:
        known[depot.place, depot.item] |= depot.endless
    homes = sorted({position[row["place"]] for row in tables.rows["people"] if row["place"] in position})
    known[-1] = known[homes].all(axis=0) if homes else False
    return known


def _order_items(depends_on: Integers) -> Integers:
    """Return the items in an order in which each comes after the one it depends on."""
    depth = np.zeros(len(depends_on), dtype=np.int64)
    for _ in depends_on:
        depth = np.where(depends_on >= 0, depth[depends_on] + 1, 0)
    deepest = np.where(depends_on >= 0, depth[depends_on] + 1, 0)
    circle = np.flatnonzero(deepest != depth)
    assert not circle.size, "items depend on each other in no circle: checked with the scenario"
    return np.argsort(depth, kind="stable")


def draw_supplies(model: Any, draw: Drawer) -> SupplyInputs:
    """Draw what the supplies of a model need, once per replicate."""
    supplies: Supplies = model.supplies
    replicates, places, items = len(draw.keys), len(supplies.places), len(supplies.items)
    drawn: dict[str, Floats] = {"": np.zeros(replicates)}
    need = np.zeros((replicates, places, len(model.groups), items))
    for n, groups in enumerate(supplies.need_names):
        for g, names in enumerate(groups):
            for i, name in enumerate(names):
                if name not in drawn:
                    drawn[name] = draw.take(name)
                need[:, n, g, i] = drawn[name]
    stock, made = np.zeros((replicates, places, items)), np.zeros((replicates, places, items))
    for (n, i), name in supplies.stock_names.items():
        stock[:, n, i] = draw.take(f"{name}/quantity")
        made[:, n, i] = draw.take(f"{name}/made_per_day")
    road_hours = model.road_km / draw.columns("roads", model.roads, "speed_kmh")
    slots = tuple(slot.id for slot in supplies.slots)
    return SupplyInputs(
        need=need,
        stock=stock,
        made=made,
        depot=_stack([draw.take(f"{d.name}/quantity") for d in supplies.depots], replicates),
        depot_made=_stack([draw.take(f"{d.name}/per_day") for d in supplies.depots], replicates),
        dependence=draw.columns("items", supplies.items, "dependence", 1.0),
        carried_days=draw.take("parameters/carried_days"),
        **_draw_convoys(model, draw, road_hours),
        relief_rate=draw.columns("checkpoints", model.checkpoints, "relief_trucks_per_hour", np.nan),
        convoys_per_day=draw.columns("slots", slots, "convoys_per_day"),
        average=need.mean(axis=2),
        on_road=need.mean(axis=(1, 2)) if places else np.zeros((replicates, items)),
    )


def _stack(columns: list[Floats], replicates: int) -> Floats:
    return np.stack(columns, axis=1) if columns else np.zeros((replicates, 0))


def _draw_convoys(model: Any, draw: Drawer, road_hours: Floats) -> dict[str, Any]:
    """Draw when each convoy leaves and with how many trucks; rows of one party leave together.

    Where the number of trucks is not stated, they are as many as the load needs, at most all of the fleet.
    """
    supplies, replicates, count = model.supplies, len(draw.keys), len(model.supplies.convoys)
    fleet_trucks = np.floor(draw.columns("fleets", supplies.fleets, "vehicles") + 1e-9).astype(np.int64)
    payload = np.maximum(draw.columns("fleets", supplies.fleets, "tonnes", math.inf), 0.1)
    burn = draw.columns("fleets", supplies.fleets, "fuel_per_100km")
    departs = np.zeros((replicates, count), dtype=np.int64)
    trucks = np.zeros((replicates, count), dtype=np.int64)
    litres, way_hours = np.zeros((replicates, count)), np.zeros((replicates, count))
    for c, convoy in enumerate(supplies.convoys):
        ends = (convoy.departs.start, convoy.departs.end)
        low, high = (hours_between(model.start, t) / model.step_hours for t in ends)
        luck = draw_uniform_of(draw.keys, f"convoys/{convoy.party_name}", "time")
        departs[:, c] = np.maximum(np.ceil(low + (high - low) * luck - 1e-9), 0)
        loaded = float((convoy.loads * supplies.tonnes).sum())
        wanted = convoy.trucks or np.maximum(np.ceil(loaded / payload[:, convoy.fleet]), 1)
        trucks[:, c] = np.minimum(wanted, np.maximum(fleet_trucks[:, convoy.fleet], 1))
        litres[:, c] = burn[:, convoy.fleet] * convoy.kilometres / 100.0 * trucks[:, c]
        way_hours[:, c] = road_hours[:, [leg.road for leg in convoy.legs]].sum(axis=1)
    return {
        "departs": departs,
        "trucks": trucks,
        "fleet_trucks": np.maximum(fleet_trucks, 1),
        "handling": draw.columns("fleets", supplies.fleets, "handling_hours"),
        "litres": litres,
        "road_hours": road_hours,
        "way_hours": way_hours,
    }
