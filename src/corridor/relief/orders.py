"""One order for the leader of each convoy, as plain data: the way by names, access on it, loads, fuel, hours.

Where the case is public every time is a day and no hour is told: `coarse` says so.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from corridor.relief.names import Names, read_names
from corridor.scenario.convoys import holds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.relief.convoys import Convoy
    from corridor.relief.problem import Fleet, ReliefProblem, Road
    from corridor.scenario.read import Row
    from corridor.scenario.scenario import Scenario

Part = dict[str, Any]


def write_orders(
    problem: ReliefProblem, convoys: Sequence[Convoy], scenario: Scenario, parameter_set: str
) -> list[Part]:
    """Return an order for each convoy, in the order of their departures; times are local, as ISO text.

    An order holds `legs` (each stretch with its ends, kilometres, hours and when it is entered and left), `gates`
    (checkpoints, clearances and slots on the way), `loads` by item in units and tonnes, `fuel` in litres out and back,
    `people_out` who are expected to board there, and where to turn to when turned back.
    """
    names = read_names(scenario, parameter_set)
    tables = {
        table: scenario.rows(table, parameter_set) if table in scenario.tables else ()
        for table in ("checkpoints", "slots", "clearances")
    }
    coarse = str(scenario.settings["sensitivity"]) == "public"
    ordered = sorted(convoys, key=lambda convoy: (convoy.departs, convoy.id))
    return [_write_order(problem, convoy, names, tables, coarse) for convoy in ordered]


def _write_order(
    problem: ReliefProblem, convoy: Convoy, names: Names, tables: Mapping[str, Sequence[Row]], coarse: bool
) -> Part:
    fleet = next(fleet for fleet in problem.fleets if fleet.id == convoy.fleet)
    legs = drive(problem, convoy)
    hours, km = sum(leg["hours"] for leg in legs), sum(leg["km"] for leg in legs)
    arrives = convoy.departs + timedelta(hours=hours)
    back = arrives + timedelta(hours=fleet.handling_hours + hours)
    return {
        "id": convoy.id,
        "coarse": coarse,
        "fleet": names.name("fleets", convoy.fleet),
        "trucks": convoy.trucks,
        "kind": fleet.kind,
        "from": _name_place(names, convoy.start),
        "to": _name_place(names, convoy.to),
        "departs": _tell(convoy.departs, coarse),
        "arrives": _tell(arrives, coarse),
        "back": _tell(back, coarse),
        "kilometres": km,
        "hours": hours,
        "legs": [_name_leg(leg, names, coarse) for leg in legs],
        "gates": [gate for leg in legs for gate in _find_gates(leg, convoy, names, tables, coarse)],
        "loads": _list_loads(convoy, names),
        "people_out": convoy.people_out,
        "tonnes": sum(convoy.loads.values()),
        "payload": convoy.trucks * fleet.tonnes,
        "fuel": _reckon_fuel(fleet, convoy, km),
        "last_before": _find_last_before(legs, tables, names),
    }


def _tell(moment: datetime, coarse: bool) -> str:
    """Return a moment as text, its day alone where the case is public."""
    return moment.date().isoformat() if coarse else moment.isoformat(timespec="minutes")


def _name_place(names: Names, place: str) -> Part:
    return {
        "id": place,
        "name": names.name("places", place),
        "others": names.others(place),
        "coordinates": names.coordinates(place),
    }


def drive(problem: ReliefProblem, convoy: Convoy) -> list[Part]:
    """Return the stretches of a convoy's way in order, with when it enters and leaves each at free speed."""
    by_id = {road.id: road for road in problem.roads}
    fleet = next(known for known in problem.fleets if known.id == convoy.fleet)
    here, moment, legs = convoy.start, convoy.departs, []
    for name in convoy.roads:
        road: Road = by_id[name]
        there = road.end if road.start == here else road.start
        hours = fleet.hours_over(road)
        until = moment + timedelta(hours=hours)
        legs.append(
            {"road": name, "from": here, "to": there, "outward": road.start == here, "km": road.km,
             "hours": hours, "enters": moment, "leaves": until, "needs_clearance": road.needs_clearance}
        )  # fmt: skip
        here, moment = there, until
    return legs


def _name_leg(leg: Part, names: Names, coarse: bool) -> Part:
    return {
        "road": _own_name(leg, names),
        "from": names.name("places", leg["from"]),
        "to": names.name("places", leg["to"]),
        "km": leg["km"],
        "hours": leg["hours"],
        "enters": "" if coarse else _tell(leg["enters"], coarse),
        "leaves": "" if coarse else _tell(leg["leaves"], coarse),
    }


def _own_name(leg: Part, names: Names) -> str:
    """Return the name of a road, blank where it only names its ends."""
    name = str(names.value("roads", leg["road"], "name") or "")
    ends = (names.name("places", leg[end]).split(" ")[0] for end in ("from", "to"))
    return "" if all(end in name for end in ends) else name


def _name_road(leg: Part, names: Names) -> str:
    """Return what a stretch is called on an order: its ends, as it is driven."""
    return " – ".join(names.name("places", leg[end]) for end in ("from", "to"))


def _find_gates(
    leg: Part, convoy: Convoy, names: Names, tables: Mapping[str, Sequence[Row]], coarse: bool
) -> list[Part]:
    """Return what a convoy has to pass on a stretch: its clearance, its slot, and the checkpoint at its end."""
    gates = []
    if leg["needs_clearance"]:
        gates.append(_describe_clearance(leg, convoy, names, tables["clearances"], coarse))
    gates += [
        _describe_slot(leg, row, names, coarse)
        for row in tables["slots"]
        if row["road"] == leg["road"] and (row["direction"] == "out") == leg["outward"] and holds(row, leg["enters"])
    ]
    post = leg["from"] if leg["outward"] else leg["to"]
    gates += [_describe_checkpoint(row, names) for row in tables["checkpoints"] if row["place"] == post]
    return gates


def _describe_checkpoint(row: Row, names: Names) -> Part:
    return {
        "kind": "checkpoint",
        "name": str(row.values.get("name") or row["id"]),
        "place": names.name("places", str(row["place"])),
        "first": row.middle("first_hour", 0.0),
        "last": row.middle("last_hour", 24.0),
        "pace": row.middle("relief_trucks_per_hour", 0.0) or None,
    }


def _describe_clearance(leg: Part, convoy: Convoy, names: Names, rows: Sequence[Row], coarse: bool) -> Part:
    """Return the clearance that a convoy enters a road by; `id` is blank where none is in force at that hour."""
    valid = [
        row
        for row in rows
        if row["status"] == "granted"
        and row["road"] == leg["road"]
        and str(row["fleet"] or convoy.fleet) == convoy.fleet
        and holds(row, leg["enters"])
    ]
    valid.sort(key=lambda row: row["id"] != convoy.clearance)
    gate: Part = {"kind": "clearance", "road": _name_road(leg, names), "id": ""}
    if valid:
        row = valid[0]
        gate |= {"id": str(row["id"]), "trucks": row.values.get("trucks")}
        gate |= {"from": _tell(row["from"], coarse), "until": _tell(row["until"], coarse)}
    return gate


def _describe_slot(leg: Part, row: Row, names: Names, coarse: bool) -> Part:
    """Return a slot with its hours; `waits` is the hour at which the convoy gets there, where that lies outside."""
    first, last = row.middle("first_hour", 0.0), row.middle("last_hour", 24.0)
    hour = leg["enters"].hour + leg["enters"].minute / 60
    outside = not first <= hour < last
    return {
        "kind": "slot",
        "id": str(row["id"]),
        "road": _name_road(leg, names),
        "first": first,
        "last": last,
        "convoys": row.middle("convoys_per_day", 0.0),
        "waits": _tell(leg["enters"], coarse) if outside and not coarse else "",
    }


def _list_loads(convoy: Convoy, names: Names) -> list[Part]:
    loads = []
    for item, tonnes in convoy.loads.items():
        quantity, unit = names.units(item, tonnes)
        loads.append(
            {"item": names.name("items", item), "id": item, "tonnes": tonnes, "quantity": quantity, "unit": unit}
        )
    return loads


def _reckon_fuel(fleet: Fleet, convoy: Convoy, km: float) -> Part | None:
    """Return the litres for the way there and back; None where the case names no consumption."""
    one_way = convoy.trucks * km * fleet.litres_per_km
    if one_way <= 0:
        return None
    return {"out": one_way, "back": one_way, "at_goal": fleet.refuels_at_destination}


def _find_last_before(legs: Sequence[Part], tables: Mapping[str, Sequence[Row]], names: Names) -> Part | None:
    """Return the last place before the first stretch that is guarded: where a convoy that is turned back can stand."""
    guarded = {str(row["road"]) for row in tables["slots"]}
    posts = {str(row["place"]) for row in tables["checkpoints"]}
    for leg in legs:
        if leg["needs_clearance"] or leg["road"] in guarded or leg["to"] in posts:
            return _name_place(names, leg["from"])
    return None
