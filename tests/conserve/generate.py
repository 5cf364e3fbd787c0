"""Generated worlds: any small network, any transports and events, any number of people that a scenario may hold."""

from __future__ import annotations

import os

from hypothesis import strategies as st

from worlds import at, place

HOURS = 18
MANY = int(os.environ.get("CORRIDOR_WORLDS", "40"))  # worlds of each slow test
MODES = ("normal", "outbound", "alternating", "shut")
KINDS = ("road", "road", "road", "track", "path", "water")
WISHES = (
    "own", "own", "fleet", "foot", "own foot", "fleet foot", "own fleet", "own boat", "own fleet boat foot", "boat",
    "boat train foot", "coach foot", "cart own", "own bicycle train", "foot own",
)  # fmt: skip
TRANSPORT = (
    {"id": "coach", "provided": "fleet", "room": 3, "inspection": 2, "ways": "road track"},
    {"id": "cart", "provided": "own", "room": 2, "inspection": 0.5, "ways": "road track path"},
    {"id": "bicycle", "provided": "own", "room": 0, "speed_kmh": "8..15", "rest_hours": 16, "ways": "road path"},
)


@st.composite
def worlds(draw):
    """Return (step in minutes, tables) of a world: a tree of towns inside, joined to places outside."""
    inside = [f"in{i}" for i in range(draw(st.integers(1, 4)))]
    outside = [f"out{i}" for i in range(draw(st.integers(1, 3)))]
    names = inside + outside
    roads = [draw_road(draw, i, names[draw(st.integers(0, i - 1))], names[i]) for i in range(1, len(names))]
    if len(names) > 3 and draw(st.booleans()):
        roads.append(draw_road(draw, len(names), names[0], names[-1]))  # a second way round
    if len(inside) > 2 and draw(st.booleans()):
        roads.append(draw_road(draw, len(names) + 1, inside[-1], inside[0]))  # and a ring inside
    wishes = WISHES if draw(st.booleans()) else ("own", "own", "fleet")  # half the worlds as before there were others
    groups = [draw_group(draw, f"g{i}", wishes) for i in range(draw(st.integers(1, 3)))]
    served = [g["id"] for g in groups if {"fleet", "coach"} & set(g["transport"].split())]
    waters = [road for road in roads if road["kind"] == "water"]
    services = [draw_service(draw, f"s{i}", names, road) for i, road in enumerate(waters)]
    if draw(st.booleans()):
        services.append(draw_service(draw, "s", names, None))
    size = draw(st.sampled_from([1, 20, 3_000, 2_000_000, 400_000_000]))
    tables = {
        "places": [place(name, attractiveness="") for name in inside]
        + [place(n, "outside", attractiveness=draw(st.sampled_from([1, "0..2", 5]))) for n in outside],
        "roads": roads,
        "checkpoints": [
            {
                "id": f"c_{name}",
                "place": name,
                "lanes": draw(st.sampled_from([0, 1, "1..3"])),
                "seconds_per_vehicle": draw(st.sampled_from([1, 30, "20..600"])),
                "wander": draw(st.sampled_from([0, 0.5])),
                "seconds_per_person": draw(st.sampled_from([0, 0, 7, "1..90"])),
                "foot_lanes": draw(st.sampled_from([0, 1, "1..6"])),
                "seconds_on_foot": draw(st.sampled_from([0.5, 20, "5..90"])),
                "first_hour": draw(st.sampled_from([0, 7.3, 20])),
                "last_hour": draw(st.sampled_from([24, 24, 9, 7.5])),
                **draw_changes(draw),
            }
            for name in draw(st.sets(st.sampled_from(names), max_size=2))
        ],
        "desks": [
            {"id": f"d_{name}", "place": name, "people_per_hour": draw(st.sampled_from([5, 900, 1_000_000])), "wander": 0.2}
            for name in draw(st.sets(st.sampled_from(outside), max_size=2))
        ],
        "groups": groups,
        "people": [
            {"place": name, "group": group["id"], "people": draw(st.integers(0 if i or j else 1, size))}
            for i, name in enumerate(inside)
            for j, group in enumerate(groups)
        ],
        "fleets": [
            {
                "id": name,
                "place": inside[-number],
                "groups": " ".join(served),
                "transport": draw(st.sampled_from(["car", "bus", "coach", "lorry"])),
                "vehicles": draw(st.integers(0, 40)),
                "seats": draw(st.integers(1, 50)),
                "return_hours": draw(st.integers(0, 6)),
            }
            for number, name in enumerate(["buses", "others"][: draw(st.integers(1, 2))])
        ]
        if served
        else [],
        "transport": list(TRANSPORT),
        "services": services,
        "fuel": [
            {"place": name, "litres": draw(st.sampled_from([0, 50, 1_000_000])), "litres_per_hour": 30}
            for name in draw(st.sets(st.sampled_from(inside), max_size=1))
        ],
    }  # fmt: skip
    tables["events"] = [draw_event(draw, i, tables, inside, outside, groups) for i in range(draw(st.integers(0, 6)))]
    tables = {name: rows for name, rows in tables.items() if rows}
    return draw(st.sampled_from([15, 30, 60])), tables


def draw_changes(draw):
    """Return how a checkpoint changes unforeseen: in half of them not at all."""
    if draw(st.booleans()):
        return dict.fromkeys(("change_rate", "change_lanes", "shut_share", "opening_rate"), "")
    return {
        "change_rate": draw(st.sampled_from(["", 0, "0..6", 40])),
        "change_lanes": draw(st.sampled_from([1, "0.5..4", "2 ± 60%"])),
        "shut_share": draw(st.sampled_from(["", 0.5, "0..1", 1])),
        "opening_rate": draw(st.sampled_from(["", "0..6", 40])),
    }


def draw_road(draw, number, start, end):
    return {
        "id": f"r{number}",
        "from": start,
        "to": end,
        "length_km": draw(st.sampled_from([0.02, 0.3, 2, 9, 40])),
        "lanes": draw(st.integers(1, 2)),
        "lanes_back": draw(st.integers(0, 1)),
        "speed_kmh": draw(st.sampled_from([20, "30..60"])),
        "capacity_per_lane": draw(st.sampled_from([30, 800])),
        "jam_per_km": draw(st.sampled_from([100, "90..140"])),
        "direction": draw(st.sampled_from(MODES[:3])),
        "kind": draw(st.sampled_from(KINDS)),
        "walked": draw(st.sampled_from(["yes", "yes", "no"])),
    }


def draw_service(draw, name, names, road):
    """Return a service along a way, or from any place to any other by air."""
    start, end = (road["from"], road["to"]) if road else draw(st.permutations(names))[:2]
    return {
        "id": name,
        "transport": draw(st.sampled_from(["boat", "train"])),
        "from": start,
        "to": end,
        "seats": draw(st.sampled_from([0, 1, 40, "30..3000"])),
        "departures_per_day": draw(st.sampled_from([0, 1.5, 24, "5..300"])),
        "hours": draw(st.sampled_from([0.01, 0.7, "2..5"])),
        "vehicles": draw(st.sampled_from(["", 2])),
        "first_hour": draw(st.sampled_from([0, 6, 22.5])),
        "last_hour": draw(st.sampled_from([24, 24, 6])),
        "road": draw(st.sampled_from(["", road["id"]])) if road else "",
    }


def draw_group(draw, name, wishes):
    return {
        "id": name,
        "name": name,
        "transport": draw(st.sampled_from(wishes)),
        "patience_hours": draw(st.sampled_from([0, 2, "1..30"])),
        "people_per_vehicle": draw(st.sampled_from([1, 4.5, "1..7"])),
        "fuel_litres": draw(st.sampled_from([0, 5])),
        "leave_rate": draw(st.sampled_from([0, 0.05, "0.1..3"])),
    }


def draw_event(draw, number, tables, inside, outside, groups):
    """Return an event of any kind that moves people or changes their way."""
    kinds = ["direction", "evacuation", "leave_rate", "danger", "announcement", "shortage", "guarantees"]
    at_gates = ["lanes", "seconds", "foot_lanes", "seconds_per_person", "seconds_on_foot"]
    kinds += at_gates * bool(tables["checkpoints"]) + ["departures", "seats"] * bool(tables["services"])
    kinds += ["desk_pace"] * bool(tables["desks"])
    kinds += ["fuel_stock", "fuel_supply"] * bool(tables["fuel"]) + ["vehicles"] * bool(tables["fleets"])
    kinds += ["regroup"] * (len(groups) > 1)
    kind = draw(st.sampled_from(kinds))
    hours = draw(st.integers(0, HOURS - 2))
    event = {
        "id": f"e{number}",
        "kind": kind,
        "time": draw(st.sampled_from([at(hours), f"{at(hours)}..{at(hours + 1.5)}"])),
        "target": "",
        "to": "",
        "value": "",
        "mode": "",
        "chance": draw(st.sampled_from([1, 0.5])),
    }
    some = dict.fromkeys(at_gates, "checkpoints") | {"desk_pace": "desks", "vehicles": "fleets"}
    some |= {"departures": "services", "seats": "services"}
    if kind == "direction":
        event.update(target=draw(st.sampled_from(tables["roads"]))["id"], mode=draw(st.sampled_from(MODES)))
    elif kind == "evacuation":
        start = draw(st.sampled_from(inside))
        goals = [name for name in inside + outside if name != start]
        event.update(target=start, to=draw(st.sampled_from(goals)), value=draw(st.sampled_from([3, 500, 10**7])))
    elif kind == "regroup":
        event.update(target=groups[0]["id"], to=groups[1]["id"], value=draw(st.sampled_from([1, 700])))
    elif kind == "leave_rate":
        event.update(target=groups[0]["id"], value=draw(st.sampled_from([0, 2])))
    elif kind in some:
        value = {"lanes": "0..2", "foot_lanes": "0..2", "desk_pace": 200, "departures": "0..50", "seats": "0..90"}.get(
            kind, 60
        )
        value = draw(st.sampled_from([10, -5])) if kind == "vehicles" else value
        event.update(target=draw(st.sampled_from(tables[some[kind]]))["id"], value=value)
    elif kind in ("fuel_stock", "fuel_supply"):
        event.update(target=tables["fuel"][0]["place"], value=draw(st.sampled_from([500, 0])))
    elif kind == "guarantees":
        event.update(value=0.5)
    else:
        event.update(target=draw(st.sampled_from(["*", inside[0]])), value=draw(st.sampled_from([0, 1])))
    return event
