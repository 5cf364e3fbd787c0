"""What people need and what is there: the tables of relief compiled to indices, and drawn once per replicate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from corridor.scenario.draft import Row
from corridor.scenario.transport import list_transports
from corridor.scenario.values import hours_between
from corridor.scenario.variant import row_name
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.caravans import compile_convoys, compile_outside, find_takers
from corridor.simulate.goods import Depot, Gate, Leg, Slot, Supplies
from corridor.simulate.inputs import Drawer
from corridor.simulate.shipping import ShippingInputs, compile_lines, draw_shipping
from corridor.simulate.tables import Tables, sort_rows, to_integers
from corridor.simulate.works import Wants, compile_works, find_fuel_for_leaving, list_served

LEAST_TONNES = 0.1  # payload of a vehicle of a fleet of which none is stated


@dataclass(frozen=True)
class SupplyInputs:
    """What is drawn once per replicate. C convoys, F fleets that carry goods."""

    need: Floats  # [R, N, G, I] units per person and day
    stock: Floats  # [R, N, I] units; 0 where not known
    made: Floats  # [R, N, I] units per day
    depot: Floats  # [R, depots] units at first
    depot_made: Floats  # [R, depots] units per day
    outside: Floats  # [R, depots outside] units at first
    outside_made: Floats  # [R, depots outside] units per day
    dependence: Floats  # [R, I]
    carried_days: Floats  # [R]
    departs: Integers  # [R, C] step
    trucks: Integers  # [R, C]
    fleet_trucks: Integers  # [R, F]
    handling: Floats  # [R, F] hours
    litres: Floats  # [R, C] burned on one way, all trucks
    road_hours: Floats  # [R, roads]
    own_pace: Floats  # [R, F] hours a kilometre of fleets that take no room on a road, nan of those at its speed
    way_hours: Floats  # [R, C] one way
    relief_rate: Floats  # [R, K] trucks/h, nan where trucks are inspected as other vehicles
    convoys_per_day: Floats  # [R, slots]
    average: Floats  # [R, N, I] need averaged over groups
    on_road: Floats  # [R, I] need of people on the road, none of flows
    wants: Wants
    shipping: ShippingInputs

    def leg_hours(self, fleet: int, leg: Leg) -> Floats:
        """Return the hours a fleet takes over a road [R]: at the speed of the road, or at its own with its rests."""
        own = self.own_pace[:, fleet]
        return np.asarray(np.where(np.isnan(own), self.road_hours[:, leg.road], own * leg.km))


def compile_supplies(tables: Tables, inside: Flags, groups: tuple[str, ...], start: datetime) -> Supplies | None:
    """Compile the tables of relief; None when the scenario states no needs, plants or facilities. `inside` [P]."""
    items = tables.ids("items")
    if not items or not any(tables.rows[name] for name in ("needs", "plants", "facilities")):
        return None
    index, by_item, places = tables.index("items"), tables.by_id["items"], tables.ids("places")
    tables.note("needs", "stocks", "items", "slots", "depots")
    named = _name_places(tables)
    within = to_integers(p for p, name in enumerate(places) if inside[p] and name in named)
    position = {places[p]: n for n, p in enumerate(within)}
    need_names = tuple(
        tuple(tuple(_most_specific(tables.rows["needs"], places[p], g, i) for i in items) for g in groups)
        for p in within
    )
    depends_on = to_integers(index.get(by_item[i]["depends_on"] or "", -1) for i in items)
    stocks = [row for row in tables.rows["stocks"] if row["place"] in position]
    depots = _compile_depots(tables, position, start)
    fleets, by_fleet = tables.fleets_for("goods"), tables.by_id["fleets"]
    transports = list_transports(tables.rows["transport"])
    lines, consignments = compile_lines(tables, start)
    gates, slots = _compile_gates(tables, start), _compile_slots(tables, start)
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
        carriers=tuple(transports[by_fleet[name]["transport"]] for name in fleets),
        takes=find_takers(tables),
        convoys=compile_convoys(tables, inside, items, fleets, gates, slots, start),
        gates=gates,
        slots=slots,
        start_hour=start.hour + start.minute / 60.0,
        outside=compile_outside(tables, inside, index, start),
        kept=np.array([by_item[i]["kept"] for i in items], dtype=bool),
        for_leaving=find_fuel_for_leaving(tables),
        lines=lines,
        consignments=consignments,
        works=compile_works(tables, position),
        facilities=tables.ids("facilities"),
    )


def _compile_depots(tables: Tables, position: dict[str, int], start: datetime) -> tuple[Depot, ...]:
    """Return the depots at places inside."""
    index = tables.index("items")
    return tuple(
        Depot(
            f"depots/{row['id']}",
            position[row["place"]],
            index[row["item"]],
            hours_between(start, row["from"]) if row["from"] else 0.0,
            row["quantity"] is None,
        )
        for row in sort_rows(tables.rows["depots"])
        if row["place"] in position
    )


def _compile_gates(tables: Tables, start: datetime) -> tuple[Gate, ...]:
    """Return the clearances of a scenario, hours counted from `start`."""
    roads = tables.index("roads")
    return tuple(
        Gate(
            row["id"],
            row["fleet"] or "",
            roads[row["road"]],
            hours_between(start, row["from"]),
            hours_between(start, row["until"]),
            float(row["trucks"]) if row["trucks"] is not None else math.inf,
            row["status"] == "refused",
        )
        for row in sort_rows(tables.rows["clearances"])
    )


def _compile_slots(tables: Tables, start: datetime) -> tuple[Slot, ...]:
    """Return the slots of a scenario, hours counted from `start`."""
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
        for row in sort_rows(tables.rows["slots"])
    )


def _name_places(tables: Tables) -> set[str]:
    """Return the places where people or goods can be: other places inside are only passed."""
    named = {row["place"] for table in ("people", "stocks", "depots") for row in tables.rows[table]}
    named |= {row["to"] for row in tables.rows["events"] if row["kind"] == "evacuation"}
    named |= {row["place"] for table in ("plants", "facilities") for row in tables.rows[table]}
    named |= {place for row in tables.rows["plants"] for place in list_served(row)}
    if find_fuel_for_leaving(tables) >= 0:
        named |= {row["target"] for row in tables.rows["events"] if row["kind"] in ("fuel_supply", "fuel_stock")}
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
    tables: Tables, position: dict[str, int], index: dict[str, int], stocks: list[Row], depots: tuple[Depot, ...]
) -> Flags:
    """Return where the stock is stated [N + 1, I]; on the road, where it is at every place that people are from.

    A flow has no stock: it is known where a plant serves the place with it, or a row says what is made there.
    """
    known = np.zeros((len(position) + 1, len(index)), dtype=bool)
    flows = {row["id"] for row in tables.rows["items"] if not row["kept"]}
    for row in stocks:
        known[position[row["place"]], index[row["item"]]] = row["quantity"] is not None or row["item"] in flows
    for row in tables.rows["plants"] if flows else ():
        if row["makes"] in flows:
            known[[position[place] for place in list_served(row)], index[row["makes"]]] = True
    for depot in depots:
        known[depot.place, depot.item] |= depot.endless
    homes = sorted({position[row["place"]] for row in tables.rows["people"] if row["place"] in position})
    known[-1] = known[homes].all(axis=0) if homes else False
    known[-1, [index[item] for item in sorted(flows)]] = False  # on the road nobody is said to need it
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


def draw_supplies(supplies: Supplies, draw: Drawer) -> SupplyInputs:
    """Draw what needs, stores and convoys are drawn from, once per replicate."""
    model = draw.model
    replicates, places, items = len(draw.keys), len(supplies.places), len(supplies.items)
    drawn: dict[str, Floats] = {"": np.zeros(replicates)}
    need = np.zeros((replicates, places, len(model.people.groups), items))
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
    road_hours = model.network.road_km / draw.columns("roads", model.network.roads, "speed_kmh")
    slots = tuple(slot.id for slot in supplies.slots)
    return SupplyInputs(
        need=need,
        stock=stock,
        made=made,
        depot=_stack([draw.take(f"{d.name}/quantity") for d in supplies.depots], replicates),
        depot_made=_stack([draw.take(f"{d.name}/per_day") for d in supplies.depots], replicates),
        outside=_stack([draw.take(f"{d.name}/quantity") for d in supplies.outside.depots], replicates),
        outside_made=_stack([draw.take(f"{d.name}/per_day") for d in supplies.outside.depots], replicates),
        dependence=draw.columns("items", supplies.items, "dependence", 1.0),
        carried_days=draw.take("parameters/carried_days"),
        **_draw_convoys(supplies, draw, road_hours),
        relief_rate=draw.columns("checkpoints", model.servers.checkpoints, "relief_trucks_per_hour", np.nan),
        convoys_per_day=draw.columns("slots", slots, "convoys_per_day"),
        average=need.mean(axis=2),
        on_road=need.mean(axis=(1, 2)) * supplies.kept if places else np.zeros((replicates, items)),
        wants=Wants(
            most=draw.columns("plants", model.plants, "most_per_day"),
            per_day=draw.columns("facilities", supplies.facilities, "per_day"),
            people=draw.columns("facilities", supplies.facilities, "people"),
        ),
        shipping=draw_shipping(supplies, draw),
    )


def _stack(columns: list[Floats], replicates: int) -> Floats:
    return np.stack(columns, axis=1) if columns else np.zeros((replicates, 0))


def _draw_own_pace(supplies: Supplies, draw: Drawer) -> Floats:
    """Return the hours a kilometre of each fleet that takes no room, its rests included; nan of the others [R, F]."""
    pace = np.full((len(draw.keys), len(supplies.fleets)), math.nan)
    for f, carrier in enumerate(supplies.carriers):
        if carrier.is_beside:
            speed = draw.take(f"transport/{carrier.id}/speed_kmh", carrier.speed_kmh.middle)
            pace[:, f] = 1.0 / (speed * carrier.moving_share)
    return pace


def _draw_convoys(supplies: Supplies, draw: Drawer, road_hours: Floats) -> dict[str, Any]:
    """Draw when each convoy leaves and with how many trucks; rows of one party leave together.

    Where the number of trucks is not stated, they are as many as the load needs, at most all of the fleet.
    """
    clock, replicates, count = draw.model.clock, len(draw.keys), len(supplies.convoys)
    fleet_trucks = np.floor(draw.columns("fleets", supplies.fleets, "vehicles") + 1e-9).astype(np.int64)
    payload = draw.columns("fleets", supplies.fleets, "tonnes", math.inf)
    payload = np.where(payload > 0.0, payload, LEAST_TONNES)
    burn = draw.columns("fleets", supplies.fleets, "fuel_per_100km")
    burn[:, [carrier.needs_no_fuel for carrier in supplies.carriers]] = 0.0
    own_pace = _draw_own_pace(supplies, draw)
    departs = np.zeros((replicates, count), dtype=np.int64)
    trucks = np.zeros((replicates, count), dtype=np.int64)
    litres, way_hours = np.zeros((replicates, count)), np.zeros((replicates, count))
    for c, convoy in enumerate(supplies.convoys):
        ends = (convoy.departs.start, convoy.departs.end)
        low, high = (hours_between(clock.start, t) / clock.step_hours for t in ends)
        luck = draw.chance(f"convoys/{convoy.party_name}", "time")
        departs[:, c] = np.maximum(np.ceil(low + (high - low) * luck - 1e-9), 0)
        loaded = float((convoy.loads * supplies.tonnes).sum())
        wanted = convoy.trucks or np.maximum(np.ceil(loaded / payload[:, convoy.fleet]), 1)
        trucks[:, c] = np.minimum(wanted, np.maximum(fleet_trucks[:, convoy.fleet], 1))
        litres[:, c] = burn[:, convoy.fleet] * convoy.kilometres / 100.0 * trucks[:, c]
        way_hours[:, c] = road_hours[:, [leg.road for leg in convoy.legs]].sum(axis=1)
        own = own_pace[:, convoy.fleet]
        way_hours[:, c] = np.where(np.isnan(own), way_hours[:, c], own * convoy.kilometres)
    return {
        "departs": departs,
        "trucks": trucks,
        "fleet_trucks": np.maximum(fleet_trucks, 1),
        "handling": draw.columns("fleets", supplies.fleets, "handling_hours"),
        "litres": litres,
        "road_hours": road_hours,
        "own_pace": own_pace,
        "way_hours": way_hours,
    }
