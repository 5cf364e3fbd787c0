"""From a scenario and a parameter set to a Model: names become indices, ranges become quantities to draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from corridor.scenario.read import Row
from corridor.scenario.scenario import Scenario
from corridor.scenario.schema import load_fields
from corridor.scenario.values import Quantity, hours_between, parse_quantity
from corridor.scenario.variant import row_name
from corridor.simulate.model import MODES, Event, Integers, Model
from corridor.simulate.network import Link, Parts, Streams, Trip, build_layout, keep_used
from corridor.simulate.supplies import compile_supplies

NO_TARGET, ALL_PLACES = -1, -2
REGISTERED = "registered"


class Tables:
    """The rows that apply under a parameter set, by id, and the names of their uncertain numbers."""

    def __init__(self, scenario: Scenario, parameter_set: str) -> None:
        self.rows = {table: scenario.rows(table, parameter_set) for table in scenario.tables}
        self.by_id = {
            table: {row["id"]: row for row in rows} for table, rows in self.rows.items() if "id" in load_fields()[table]
        }
        self.quantities: dict[str, Quantity] = {}

    def ids(self, table: str) -> tuple[str, ...]:
        """Return the ids of a table, sorted."""
        return tuple(sorted(self.by_id[table]))

    def index(self, table: str) -> dict[str, int]:
        """Return the position of each id among the sorted ids."""
        return {name: position for position, name in enumerate(self.ids(table))}

    def note(self, row: Row) -> None:
        """Enter every range of a row among the quantities, as table/name/column."""
        for name, field in load_fields()[row.table].items():
            if field.type == "range" and row[name] is not None:
                self.quantities[f"{row.table}/{row_name(row)}/{name}"] = row[name]


def compile_model(scenario: Scenario, parameter_set: str) -> Model:
    """Compile a scenario under one parameter set.

    That they can make a model was checked when the scenario was read.
    """
    tables = Tables(scenario, parameter_set)
    settings = scenario.settings
    places, groups, roads = tables.ids("places"), tables.ids("groups"), tables.ids("roads")
    place_of, group_of = tables.index("places"), tables.index("groups")
    by_place = tables.by_id["places"]
    inside = np.array([by_place[p]["area"] == "inside" for p in places], dtype=bool)
    events = _compile_events(tables)
    people = [row for row in tables.rows["people"] if row["people"].high > 0]
    desk_place = _places_of(tables, "desks")
    assert people, "somebody is there: checked with the scenario"
    for stand in (desk_place, _places_of(tables, "checkpoints")):
        assert len(set(stand)) == len(stand), "one of a kind at a place: checked with the scenario"
    settle = [i for i, p in enumerate(places) if not inside[i] and by_place[p]["attractiveness"] is not None]
    gateways = sorted(int(p) for p in desk_place) or settle
    evacuations = [(e.target, e.to) for e in events if e.kind == "evacuation"]
    shelters = {goal for _, goal in evacuations if inside[goal]}
    origins = sorted({place_of[row["place"]] for row in people} | shelters)
    destinations = sorted({*gateways, *settle, *(goal for _, goal in evacuations)})
    leavers = tuple(range(len(groups)))
    trips = [Trip(frozenset(origins), goal, leavers) for goal in gateways]
    # once registered, people are one group: who has a vehicle at home no longer matters
    trips += [Trip(frozenset(gateways), goal, (len(groups),)) for goal in settle] if len(desk_place) else []
    trips += [Trip(frozenset([start]), goal, leavers) for start, goal in evacuations]
    links, link_streams = keep_used(_links(tables), trips, inside)
    entry_streams: dict[int, Streams] = {}
    for trip in trips:
        for start in trip.starts:
            entry_streams.setdefault(start, set()).update(trip.streams)
    step_hours = settings["step_minutes"] / 60
    steps = round(hours_between(scenario.start, scenario.end) / step_hours)
    ticks = _count_ticks(tables, links, step_hours)
    for table in ("places", "roads", "checkpoints", "desks", "groups", "people", "fleets", "fuel", "events"):
        for row in tables.rows[table]:
            tables.note(row)
    _note_parameters(tables)
    all_groups = (*groups, REGISTERED) if len(desk_place) else groups
    supplies = compile_supplies(tables, places, inside, all_groups, scenario.start)
    layout = build_layout(
        Parts(
            links,
            link_streams,
            inside,
            origins,
            entry_streams,
            desk_place,
            [{(group, int(place)) for group in leavers} for place in desk_place],
            _places_of(tables, "checkpoints"),
        )
    )
    fleets = tuple(f for f in tables.ids("fleets") if tables.by_id["fleets"][f]["purpose"] == "people")
    road_rows = [tables.by_id["roads"][roads[link.road]] for link in links]
    return Model(
        scenario_hash=scenario.hash,
        parameter_set=parameter_set,
        start=scenario.start,
        steps=steps,
        step_hours=step_hours,
        ticks=ticks,
        record_every=settings["record_minutes"] // settings["step_minutes"],
        places=places,
        inside=inside,
        leavers=len(groups),
        groups=all_groups,
        group_own=np.array([tables.by_id["groups"][g]["transport"] == "own" for g in groups], dtype=bool),
        roads=roads,
        links=tuple(roads[k.road] + ("/back" if k.back else "") for k in links),
        link_road=_integers(k.road for k in links),
        link_back=np.array([k.back for k in links], dtype=bool),
        link_from=_integers(k.start for k in links),
        length_km=np.array([row["length_km"] for row in road_rows]),
        lanes=_integers(r["lanes_back" if k.back else "lanes"] for r, k in zip(road_rows, links, strict=True)),
        lanes_other=_integers(r["lanes" if k.back else "lanes_back"] for r, k in zip(road_rows, links, strict=True)),
        road_mode=_integers(MODES[tables.by_id["roads"][r]["direction"]] for r in roads),
        road_km=np.array([tables.by_id["roads"][r]["length_km"] for r in roads]),
        checkpoints=tables.ids("checkpoints"),
        checkpoint_place=_places_of(tables, "checkpoints"),
        desks=tables.ids("desks"),
        desk_place=desk_place,
        fleets=fleets,
        fleet_place=_integers(place_of[tables.by_id["fleets"][f]["place"]] for f in fleets),
        fleet_groups=np.array(
            [[g in tables.by_id["fleets"][f]["groups"].split() for g in groups] for f in fleets], dtype=bool
        ).reshape(len(fleets), len(groups)),
        origins=_integers(origins),
        destinations=_integers(destinations),
        gateways=_integers(destinations.index(p) for p in gateways),
        settling=_integers(destinations.index(p) for p in settle),
        people_cells=tuple(
            (origins.index(place_of[row["place"]]), group_of[row["group"]], f"people/{row_name(row)}/people")
            for row in people
        ),
        fuel_places=_integers(sorted(place_of[row["place"]] for row in tables.rows["fuel"])),
        layout=layout,
        supplies=supplies,
        quantities=dict(sorted(tables.quantities.items())),
        wander_hours=_wander_hours(tables),
        events=events,
    )


def _integers(values: Any) -> Integers:
    return np.array(list(values), dtype=np.int64)


def _places_of(tables: Tables, table: str) -> Integers:
    place_of = tables.index("places")
    return _integers(place_of[tables.by_id[table][name]["place"]] for name in tables.ids(table))


def _links(tables: Tables) -> list[Link]:
    """Return both directions of every road that has lanes that way."""
    place_of, links = tables.index("places"), []
    for index, road in enumerate(tables.ids("roads")):
        row = tables.by_id["roads"][road]
        start, end = place_of[row["from"]], place_of[row["to"]]
        links.append(Link(index, start, end, back=False))
        if row["lanes_back"] > 0:
            links.append(Link(index, end, start, back=True))
    return links


def _count_ticks(tables: Tables, links: Sequence[Link], step_hours: float) -> int:
    """Return how often the road phase runs in a step: waves must not cross a whole road in one tick."""
    ticks = 1
    for link in links:
        row = tables.by_id["roads"][tables.ids("roads")[link.road]]
        ahead = row["length_km"] / row["speed_kmh"].high
        per_km = row["jam_per_km"].low - row["capacity_per_lane"].high / row["speed_kmh"].low
        back = row["length_km"] * per_km / row["capacity_per_lane"].high if per_km > 0 else ahead
        ticks = max(ticks, math.ceil(step_hours / max(min(ahead, back), step_hours / 60) - 1e-9))
    return ticks


def _compile_events(tables: Tables) -> tuple[Event, ...]:
    fleets = [f for f in tables.ids("fleets") if tables.by_id["fleets"][f]["purpose"] == "people"]
    index = {name: tables.index(name) for name in ("places", "roads", "checkpoints", "desks", "groups")}
    index["fleets"] = {name: position for position, name in enumerate(fleets)}
    where = {
        "lanes": "checkpoints",
        "seconds": "checkpoints",
        "desk_pace": "desks",
        "leave_rate": "groups",
        "regroup": "groups",
        "vehicles": "fleets",
        "direction": "roads",
    }
    events = []
    for row in sorted(tables.rows["events"], key=lambda row: str(row["id"])):
        names = index[where.get(row["kind"], "places")]
        target = ALL_PLACES if row["target"] == "*" else names.get(row["target"], NO_TARGET)
        events.append(
            Event(
                row["id"],
                row["kind"],
                row["time"],
                row["chance"],
                target,
                names.get(row["to"], NO_TARGET),
                row["value"],
                MODES.get(row["mode"] or "normal", 0),
            )
        )
    return tuple(events)


def _note_parameters(tables: Tables) -> None:
    """Enter every parameter among the quantities: the user's value, or the default of the schema."""
    given = {row["name"]: row["value"] for row in tables.rows["parameters"]}
    for name, field in load_fields()["parameter"].items():
        tables.quantities[f"parameters/{name}"] = given.get(name, parse_quantity(field.default))


def _wander_hours(tables: Tables) -> dict[str, float]:
    hours = {
        f"{table}/{name}": tables.by_id[table][name]["wander_hours"]
        for table in ("checkpoints", "desks")
        for name in tables.ids(table)
    }
    hours["departures"] = tables.quantities["parameters/departure_wander_hours"].middle
    return hours
