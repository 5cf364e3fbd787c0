"""From a scenario and a parameter set to a Model: names become indices, ranges become quantities to draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corridor.scenario.areas import INSIDE, find_sides
from corridor.scenario.scenario import Scenario
from corridor.scenario.schema import load_fields
from corridor.scenario.values import hours_between, parse_quantity
from corridor.scenario.variant import row_name
from corridor.scenario.ways import measure_to_nearest
from corridor.simulate.arrays import Flags, Integers
from corridor.simulate.model import (
    ALL_PLACES,
    MODES,
    NO_TARGET,
    Clock,
    Event,
    Fleets,
    Model,
    Network,
    People,
    Servers,
)
from corridor.simulate.network import (
    Layout,
    Link,
    Parts,
    Stream,
    Trip,
    build_layout,
    keep_used,
    list_streams,
    mark_streams,
)
from corridor.simulate.supplies import compile_supplies
from corridor.simulate.tables import Tables, sort_rows, to_integers

REGISTERED = "registered"
SHORT_ROADS = 0.05  # of all roads, by free travel: those that may be crossed in less than a tick
MOST_TICKS = 60
QUANTITY_TABLES = ("places", "roads", "checkpoints", "desks", "groups", "people", "fleets", "fuel", "events")


def compile_model(scenario: Scenario, parameter_set: str) -> Model:
    """Compile a scenario under one parameter set.

    That they can make a model was checked when the scenario was read.
    """
    tables = Tables(scenario, parameter_set)
    _require(tables)
    tables.note(*QUANTITY_TABLES)
    _note_parameters(tables)
    sides = find_sides(tables.rows["places"], tables.rows["areas"])
    inside = np.array([sides[place] == INSIDE for place in tables.ids("places")], dtype=bool)
    events = _compile_events(tables)
    servers = _compile_servers(tables)
    people = _compile_people(tables, inside, events)
    trips = _plan_trips(people, servers, events)
    streams = list_streams(trips)
    links, link_streams = keep_used(_links(tables), trips, streams, inside)
    order = _order_places(tables, links, people)
    layout = _lay_out(Ways(links, streams, link_streams, trips), inside, people, servers, order)
    return Model(
        scenario_hash=scenario.hash,
        parameter_set=parameter_set,
        clock=_compile_clock(scenario, tables, links),
        network=_compile_network(tables, inside, links, layout),
        people=people,
        servers=servers,
        fleets=_compile_fleets(tables),
        events=events,
        supplies=compile_supplies(tables, inside, people.groups, scenario.start),
        quantities=dict(sorted(tables.quantities.items())),
        wander_hours=_wander_hours(tables),
    )


def _compile_clock(scenario: Scenario, tables: Tables, links: Sequence[Link]) -> Clock:
    minutes = scenario.settings["step_minutes"]
    step_hours = minutes / 60
    return Clock(
        start=scenario.start,
        steps=round(hours_between(scenario.start, scenario.end) / step_hours),
        step_hours=step_hours,
        ticks=_count_ticks(tables, links, step_hours),
        record_every=scenario.settings["record_minutes"] // minutes,
    )


def _compile_servers(tables: Tables) -> Servers:
    return Servers(
        checkpoints=tables.ids("checkpoints"),
        checkpoint_place=tables.places_of("checkpoints"),
        desks=tables.ids("desks"),
        desk_place=tables.places_of("desks"),
    )


def _compile_fleets(tables: Tables) -> Fleets:
    names, groups = tables.fleets_for("people"), tables.ids("groups")
    carried = [[g in tables.by_id["fleets"][f]["groups"].split() for g in groups] for f in names]
    return Fleets(names, np.array(carried, dtype=bool).reshape(len(names), len(groups)))


def _compile_people(tables: Tables, inside: Flags, events: Sequence[Event]) -> People:
    """Find where people are and may head for: desks first, or else straight to the places that attract."""
    groups, place_of, group_of = tables.ids("groups"), tables.index("places"), tables.index("groups")
    rows = [row for row in tables.rows["people"] if row["people"].high > 0]
    attracts = [tables.by_id["places"][p]["attractiveness"] is not None for p in place_of]
    settling = [p for p in range(len(inside)) if not inside[p] and attracts[p]]
    desks = tables.places_of("desks").tolist()
    gateways = sorted(desks) or settling
    goals = {e.to for e in events if e.kind == "evacuation"}
    origins = sorted({place_of[row["place"]] for row in rows} | {goal for goal in goals if inside[goal]})
    destinations = sorted({*gateways, *settling, *goals})
    return People(
        groups=(*groups, REGISTERED) if desks else groups,
        leavers=len(groups),
        own=np.array([tables.by_id["groups"][g]["transport"] == "own" for g in groups], dtype=bool),
        origins=to_integers(origins),
        cells=tuple(
            (origins.index(place_of[row["place"]]), group_of[row["group"]], f"people/{row_name(row)}/people")
            for row in rows
        ),
        destinations=to_integers(destinations),
        gateways=to_integers(destinations.index(p) for p in gateways),
        settling=to_integers(destinations.index(p) for p in settling),
    )


def _plan_trips(people: People, servers: Servers, events: Sequence[Event]) -> list[Trip]:
    """Return every kind of journey: out, from a desk to where people settle, and where authorities move people."""
    leavers, gateways = tuple(range(people.leavers)), people.gateway_places.tolist()
    trips = [Trip(frozenset(people.origins.tolist()), goal, leavers) for goal in gateways]
    if servers.desks:  # once registered, people are one group: who has a vehicle at home no longer matters
        registered = (people.leavers,)
        trips += [Trip(frozenset(gateways), goal, registered) for goal in people.settling_places.tolist()]
    return trips + [Trip(frozenset([e.target]), e.to, leavers) for e in events if e.kind == "evacuation"]


@dataclass(frozen=True)
class Ways:
    """The links that some trip can use, all streams, those that may pass each link [L, S], and the trips."""

    links: list[Link]
    streams: list[Stream]
    link_streams: Flags
    trips: list[Trip]


def _order_places(tables: Tables, links: Sequence[Link], people: People) -> Integers:
    """Return places in the order in which people pass them: by free travel to where they may head for [P]."""
    starts, ends = to_integers(link.start for link in links), to_integers(link.end for link in links)
    rows = [tables.by_id["roads"][tables.ids("roads")[link.road]] for link in links]
    hours = np.array([row["length_km"] / row["speed_kmh"].median for row in rows])
    places = len(tables.ids("places"))
    return np.argsort(-measure_to_nearest(starts, ends, hours, people.destinations, places), kind="stable")


def _lay_out(ways: Ways, inside: Flags, people: People, servers: Servers, order: Integers) -> Layout:
    desks = [(desk, [(g, place) for g in range(people.leavers)]) for desk, place in enumerate(servers.desk_place)]
    return build_layout(
        Parts(
            streams=ways.streams,
            links=ways.links,
            link_streams=ways.link_streams,
            inside=inside,
            origins=people.origins.tolist(),
            destinations=people.destinations,
            node_order=order,
            entry_streams=mark_streams(
                len(inside), ways.streams, ((sorted(trip.starts), trip.streams) for trip in ways.trips)
            ),
            desk_place=servers.desk_place,
            desk_streams=mark_streams(len(desks), ways.streams, desks),
            checkpoint_place=servers.checkpoint_place,
        )
    )


def _compile_network(tables: Tables, inside: Flags, links: Sequence[Link], layout: Layout) -> Network:
    roads, place_of = tables.ids("roads"), tables.index("places")
    rows = [tables.by_id["roads"][road] for road in roads]
    lanes = [(rows[k.road]["lanes"], rows[k.road]["lanes_back"])[:: -1 if k.back else 1] for k in links]
    road_km = np.array([row["length_km"] for row in rows])
    link_road = to_integers(k.road for k in links)
    return Network(
        places=tables.ids("places"),
        areas=tuple(tables.by_id["places"][place]["area"] for place in tables.ids("places")),
        inside=inside,
        fuel_places=to_integers(sorted(place_of[row["place"]] for row in tables.rows["fuel"])),
        roads=roads,
        road_mode=to_integers(MODES[row["direction"]] for row in rows),
        road_km=road_km,
        links=tuple(roads[k.road] + ("/back" if k.back else "") for k in links),
        link_road=link_road,
        link_back=np.array([k.back for k in links], dtype=bool),
        link_from=to_integers(k.start for k in links),
        length_km=road_km[link_road],
        lanes=to_integers(here for here, _ in lanes),
        lanes_other=to_integers(there for _, there in lanes),
        layout=layout,
    )


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
    """Return how often the road phase runs in a step: waves must not cross a whole road in one tick.

    The shortest roads, together a twentieth of all, may be crossed: one short road must not make all others dear.
    """
    hours = []
    for link in links:
        row = tables.by_id["roads"][tables.ids("roads")[link.road]]
        ahead = row["length_km"] / row["speed_kmh"].high
        per_km = row["jam_per_km"].low - row["capacity_per_lane"].high / row["speed_kmh"].low
        back = row["length_km"] * per_km / row["capacity_per_lane"].high if per_km > 0 else ahead
        hours.append(min(ahead, back))
    ordered = np.sort(hours)
    least = ordered[np.searchsorted(np.cumsum(ordered), ordered.sum() * SHORT_ROADS)] if hours else step_hours
    return max(1, math.ceil(step_hours / max(least, step_hours / MOST_TICKS) - 1e-9))


def _compile_events(tables: Tables) -> tuple[Event, ...]:
    index = {name: tables.index(name) for name in ("places", "roads", "checkpoints", "desks", "groups")}
    index["fleets"] = {name: position for position, name in enumerate(tables.fleets_for("people"))}
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
    for row in sort_rows(tables.rows["events"]):
        names = index[where.get(row["kind"], "places")]
        events.append(
            Event(
                id=row["id"],
                kind=row["kind"],
                time=row["time"],
                chance=row["chance"],
                target=ALL_PLACES if row["target"] == "*" else names.get(row["target"], NO_TARGET),
                to=names.get(row["to"], NO_TARGET),
                value=row["value"],
                mode=MODES[row["mode"] or "normal"],
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


def _require(tables: Tables) -> None:
    """Assert what the scenario's checks promise: somebody is there, and one of a kind stands at a place."""
    assert any(row["people"].high > 0 for row in tables.rows["people"]), "somebody is there"
    for table in ("desks", "checkpoints"):
        places = [row["place"] for row in tables.rows[table]]
        assert len(set(places)) == len(places), f"one of the {table} at a place"
