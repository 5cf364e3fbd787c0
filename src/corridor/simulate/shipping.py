"""Consignments by services: goods wait where they are loaded until departures have room for them (rule 37)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from corridor.scenario.draft import Row
from corridor.scenario.values import Quantity, hours_between, read_loads
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.goods import Consignment, Line, Supplies
from corridor.simulate.inputs import Drawer
from corridor.simulate.model import Clock
from corridor.simulate.tables import Tables, sort_rows

BEYOND = 2.0  # times the high end of a range: no way of a service is taken to last longer
ALMOST = 1e-9


@dataclass(frozen=True)
class ShippingInputs:
    """What is drawn once per replicate. D lines, C consignments."""

    due: Integers  # [R, C] step
    tonnes: Floats  # [R, D] that one departure takes
    way_steps: Integers  # [R, D] from a departure to the step in which its goods are there
    delay_steps: Integers  # [R, D] from a departure to that on the way back; 0 on the way out
    seats: Floats  # [R, D] of one departure as the scenario has it


@dataclass
class Shipping:
    """Where goods by services are. H steps are kept, each in the place of its number modulo H."""

    waiting: Floats  # [R, C, I] units loaded and not yet departed
    under_way: Floats  # [R, D, H, I] units by the step in which they arrive
    departed: Floats  # [R, D, H] departures of the service by their step
    ready: Floats  # [R, D] vehicles that wait to go back until the way opens


def compile_lines(tables: Tables, start: datetime) -> tuple[tuple[Line, ...], tuple[Consignment, ...]]:
    """Return the lines by which goods go and the consignments, in order of departure.

    Left out are those that left before the period, those turned back, and those of which it is not known how they
    ended.
    """
    items, place_of = tables.ids("items"), tables.index("places")
    lines: dict[tuple[str, bool], Line] = {}
    found = []
    for row in sorted(_list_rows(tables, start), key=lambda row: (row["departs"].start, str(row["id"]))):
        service = tables.by_id["services"][row["service"]]
        key = (str(row["service"]), bool(row["from"] != service["from"]))
        lines.setdefault(key, _make_line(tables, *key))
        loads = np.zeros(len(items))
        for _, name, tonnes in read_loads(row["loads"] or ""):
            loads[items.index(name)] += (tonnes or 0.0) / tables.by_id["items"][name]["tonnes_per_unit"]
        number = list(lines).index(key)
        name, start_at = str(row["id"]), place_of[row["from"]]
        party = name.removesuffix(f"_{row['to']}") or name
        found.append(
            Consignment(name, number, row["departs"], loads, start_at, party, row["outcome"] == "delivered")
        )  # fmt: skip
    return tuple(lines.values()), tuple(found)


def _list_rows(tables: Tables, start: datetime) -> list[Row]:
    rows = sort_rows(tables.rows["convoys"])
    moved = (row for row in rows if row["service"] and row["outcome"] in ("planned", "delivered"))
    return [row for row in moved if row["departs"].end >= start]


def _make_line(tables: Tables, name: str, back: bool) -> Line:
    service, place_of = tables.by_id["services"][name], tables.index("places")
    hours = _bound(service["hours"]) * (2.0 if back else 1.0)
    hours += _bound(service["turn_round_hours"]) if back else 0.0
    goal = place_of[service["from"] if back else service["to"]]
    return Line(name, tables.ids("services").index(name), back, goal, hours)


def _bound(quantity: Quantity) -> float:
    return quantity.high if quantity.low == quantity.high else quantity.high * BEYOND


def draw_shipping(supplies: Supplies, draw: Drawer) -> ShippingInputs:
    """Draw when consignments are due, what a departure takes and how long it is under way."""
    clock, lines = draw.model.clock, supplies.lines
    names = tuple(line.service for line in lines)
    back = np.array([line.back for line in lines], dtype=bool)
    tonnes = np.where(back, draw.columns("services", names, "tonnes_back"), draw.columns("services", names, "tonnes"))
    hours, turn = (draw.columns("services", names, column) for column in ("hours", "turn_round_hours"))
    return ShippingInputs(
        due=draw_due(supplies.consignments, draw, clock),
        tonnes=tonnes,
        way_steps=_to_steps(hours, clock),
        delay_steps=np.where(back, _to_steps(hours + turn, clock), 0),
        seats=draw.columns("services", names, "seats"),
    )


def draw_due(consignments: tuple[Consignment, ...], draw: Drawer, clock: Clock) -> Integers:
    """Return the step in which each consignment is due [R, C]; rows of one party are due together."""
    due = np.zeros((len(draw.keys), len(consignments)), dtype=np.int64)
    for c, one in enumerate(consignments):
        low, high = (hours_between(clock.start, t) / clock.step_hours for t in (one.departs.start, one.departs.end))
        luck = draw.chance(f"convoys/{one.party_name}", "time")
        due[:, c] = np.maximum(np.ceil(low + (high - low) * luck - ALMOST), 0)
    return due


def _to_steps(hours: Floats, clock: Clock) -> Integers:
    return np.maximum(np.ceil(hours / clock.step_hours - ALMOST), 1).astype(np.int64)


def begin_shipping(supplies: Supplies, inputs: ShippingInputs, step_hours: float) -> Shipping:
    """Return nothing waiting and nothing under way."""
    replicates, lines, items = len(inputs.due), len(supplies.lines), len(supplies.items)
    most = max((line.most_hours for line in supplies.lines), default=0.0)
    kept = math.ceil(most / step_hours) + 2 if lines else 0
    return Shipping(
        np.zeros((replicates, len(supplies.consignments), items)),
        np.zeros((replicates, lines, kept, items)),
        np.zeros((replicates, lines, kept)),
        np.zeros((replicates, lines)),
    )


def find_room(
    supplies: Supplies,
    inputs: ShippingInputs,
    shipping: Shipping,
    step: int,
    leaving: Floats,
    seats: Floats,
    open_way: Flags,
) -> Floats:
    """Return the tonnes [R, D] for which departures of this step have room, and note those departures.

    `leaving` are the departures of each service [R, V], `seats` what one has now, `open_way` [R, V] whether the way is
    open. A vehicle that has gone out sets out on its way back when it has turned round and the way is open.
    """
    kept = shipping.departed.shape[2]
    rows = np.arange(len(leaving))
    room = np.zeros(inputs.tonnes.shape)
    for d, line in enumerate(supplies.lines):
        going = leaving[:, line.number]
        shipping.departed[:, d, step % kept] = going
        if line.back:
            delay = np.minimum(inputs.delay_steps[:, d], kept - 1)
            turned = shipping.departed[rows, d, (step - delay) % kept]
            shipping.ready[:, d] += np.where(delay <= step, turned, 0.0)
            going = np.where(open_way[:, line.number], shipping.ready[:, d], 0.0)
            shipping.ready[:, d] -= going
        stated = inputs.seats[:, d]
        share = np.minimum(np.floor(seats[:, line.number]) / np.where(stated > 0.0, stated, 1.0), 1.0)
        room[:, d] = inputs.tonnes[:, d] * going * np.where(stated > 0.0, share, 1.0)
    return room
