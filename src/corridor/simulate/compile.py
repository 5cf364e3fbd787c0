"""From a scenario and a parameter set to a Model: names become indices, ranges become quantities to draw."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from corridor.scenario.areas import INSIDE, find_sides
from corridor.scenario.scenario import Scenario
from corridor.scenario.schema import load_fields
from corridor.scenario.transport import FLEET, OWN, list_transports
from corridor.scenario.values import hours_between, parse_quantity
from corridor.scenario.variant import row_name
from corridor.scenario.ways import measure_to_nearest
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.journeys import Journey, Journeys, list_links, plan_trips
from corridor.simulate.model import (
    ALL_PLACES,
    MODES,
    NO_TARGET,
    ON_FOOT,
    OWN_VEHICLE,
    Clock,
    Event,
    Fleets,
    Model,
    Network,
    Options,
    People,
    Servers,
    Services,
)
from corridor.simulate.network import (
    Layout,
    Link,
    Parts,
    Stream,
    build_layout,
    keep_used,
    mark_streams,
)
from corridor.simulate.parts import Part, find_refuges, list_parts
from corridor.simulate.passage import compile_passage
from corridor.simulate.supplies import compile_supplies
from corridor.simulate.tables import Tables, sort_rows, to_integers
from corridor.simulate.travel import AFOOT, Ride, Travel, compile_travel
from corridor.simulate.windows import compile_windows

REGISTERED, SENT_ON = "registered", "sent_on"
SHORT_ROADS = 0.05  # of all roads, by free travel: those that may be crossed in less than a tick
MOST_TICKS = 60
PLAIN_PARAMETERS = ("informed_minutes", "danger_closing")
QUANTITY_TABLES = (
    "places", "roads", "checkpoints", "desks", "groups", "people", "fleets", "transport", "services", "wishes", "fuel",
    "windows", "passage", "events",
)  # fmt: skip


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
    parts = list_parts(tables, inside)
    travel = compile_travel(tables, parts)
    crowd = _compile_crowd(tables, inside, events, parts)
    links = list_links(tables, travel)
    journeys = plan_trips(tables, travel, links, _list_journeys(crowd, servers, events))
    outward = np.array([inside[link.start] or not inside[link.end] for link in links])
    journeys = replace(journeys, usable=journeys.usable & outward)
    kept, link_streams = keep_used(links, journeys.trips, journeys.streams, inside, journeys.usable)
    journeys = replace(journeys, usable=journeys.usable[:, kept])
    links = [links[i] for i in kept]
    ways = Ways(links, _measure_hours(tables, travel, links), journeys, link_streams)
    layout = _lay_out(travel, ways, inside, crowd, servers)
    return Model(
        scenario_hash=scenario.hash,
        parameter_set=parameter_set,
        clock=_compile_clock(scenario, tables, links),
        network=_compile_network(tables, inside, links, layout),
        people=_compile_people(tables, travel, journeys, crowd, layout),
        servers=servers,
        services=_compile_services(tables, links),
        windows=compile_windows(tables, scenario.start, _find_admitted(tables, travel, journeys)),
        transports=travel.transports,
        fleets=_compile_fleets(tables, travel),
        passage=compile_passage(tables, scenario.start, journeys.travellers, parts),
        events=events,
        supplies=compile_supplies(tables, inside, _name_sources(travel, crowd), scenario.start),
        quantities=dict(sorted(tables.quantities.items())),
        wander_hours=_wander_hours(tables),
        parameters={name: tables.quantities[f"parameters/{name}"].middle for name in PLAIN_PARAMETERS},
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
        first_hour=tables.numbers("checkpoints", "first_hour"),
        last_hour=tables.numbers("checkpoints", "last_hour"),
        desks=tables.ids("desks"),
        desk_place=tables.places_of("desks"),
    )


def _compile_fleets(tables: Tables, travel: Travel) -> Fleets:
    names, groups = tables.fleets_for("people"), travel.names
    rows, transports = [tables.by_id["fleets"][f] for f in names], list_transports(tables.rows["transport"])
    kinds = [tables.by_id["roads"][road]["kind"] for road in tables.ids("roads")]
    carried = [[g in row["groups"].split() for g in groups] for row in rows]
    return Fleets(
        names,
        np.array(carried, dtype=bool).reshape(len(names), len(groups)),
        to_integers(max(transports[row["transport"]].room, 1) for row in rows),
        to_integers(tables.index("places")[row["place"]] for row in rows),
        np.array([[kind in transports[row["transport"]].ways for kind in kinds] for row in rows], dtype=bool),
    )


def _find_admitted(tables: Tables, travel: Travel, journeys: Journeys) -> Flags:
    """Return to which travellers each window is open [W, K]."""
    limited = {row["id"] for row in travel.windows}
    names = tables.ids("windows")
    admits = [[name not in limited or name in traveller.windows for traveller in journeys.travellers] for name in names]
    return np.array(admits, dtype=bool).reshape(len(names), len(journeys.travellers))


def _name_sources(travel: Travel, crowd: Crowd) -> tuple[str, ...]:
    """Return for every group recorded the one whose needs it has."""
    return (*travel.names, *crowd.groups[crowd.leavers :])


def _compile_services(tables: Tables, links: Sequence[Link]) -> Services:
    link_of = {link.service: index for index, link in enumerate(links)}
    names, first_hour = tables.ids("services"), tables.numbers("services", "first_hour")
    hours = tables.numbers("services", "last_hour") - first_hour
    return Services(
        names, to_integers(link_of[name] for name in names), first_hour, np.where(hours < 0, hours + 24.0, hours)
    )


@dataclass(frozen=True)
class Crowd:
    """Who is there at the start, and the places they may head for."""

    groups: tuple[str, ...]
    leavers: int
    origins: Integers
    cells: tuple[tuple[int, int, str], ...]
    destinations: Integers
    gateways: Integers
    settling: Integers
    halts: Integers  # places from which people go on who have come out: desks, and places with so many beds
    wishing: frozenset[int]  # parts of groups with wishes of their own
    parts: tuple[Part, ...]


def _compile_crowd(tables: Tables, inside: Flags, events: Sequence[Event], parts: tuple[Part, ...]) -> Crowd:
    """Find where people are and may head for: desks first, or else straight to the places that attract."""
    groups, place_of, group_of = tables.ids("groups"), tables.index("places"), tables.index("groups")
    rows = [row for row in tables.rows["people"] if row["people"].high > 0]
    attracts = [tables.by_id["places"][p]["attractiveness"] is not None for p in place_of]
    settling = [p for p in range(len(inside)) if not inside[p] and attracts[p]]
    wishing = {row["group"] for row in tables.rows["wishes"]}
    desks = tables.places_of("desks").tolist()
    bedded = [p for p in settling if tables.by_id["places"][tables.ids("places")[p]]["beds"] is not None]
    refuges = find_refuges(tables, inside)
    gateways = sorted({*(desks or settling), *refuges})
    goals = {e.to for e in events if e.kind == "evacuation"}
    homes = {place_of[row["place"]] for row in rows} | {goal for goal in goals if inside[goal]}
    held = tables.rows["passage"] or any(row["transports"] or row["groups"] for row in tables.rows["windows"])
    stops = np.flatnonzero(inside).tolist() if held else refuges  # who may not pass may stop anywhere
    origins = sorted(homes | set(stops))
    destinations = sorted({*gateways, *settling, *goals})
    return Crowd(
        groups=(*(part.name(groups) for part in parts), *([REGISTERED] if desks else [SENT_ON] if bedded else [])),
        leavers=len(parts),
        origins=to_integers(origins),
        cells=tuple(
            (origins.index(place_of[row["place"]]), group_of[row["group"]], f"people/{row_name(row)}/people")
            for row in rows
        ),
        destinations=to_integers(destinations),
        gateways=to_integers(destinations.index(p) for p in gateways),
        settling=to_integers(destinations.index(p) for p in settling),
        halts=to_integers([*desks, *(place for place in bedded if place not in desks)]),
        wishing=frozenset(p for p, part in enumerate(parts) if groups[part.group] in wishing),
        parts=parts,
    )


def _list_journeys(crowd: Crowd, servers: Servers, events: Sequence[Event]) -> list[Journey]:
    """Return every kind of journey: out, from a desk to where people settle, and where authorities move people."""
    leavers, gateways = range(crowd.leavers), crowd.destinations[crowd.gateways].tolist()
    origins = frozenset(crowd.origins.tolist())
    journeys = [Journey(origins, goal, group) for goal in gateways for group in leavers]
    if len(crowd.halts):  # once registered, people are one group: who has a vehicle at home no longer matters
        settling = crowd.destinations[crowd.settling].tolist()
        journeys += [Journey(frozenset(crowd.halts.tolist()), goal, crowd.leavers) for goal in settling]
    moves = [event for event in events if event.kind == "evacuation"]
    return journeys + [Journey(frozenset([e.target]), e.to, g, by_road=True) for e in moves for g in leavers]


@dataclass(frozen=True)
class Ways:
    """The links that some trip can use, with the hours that they take, the journeys, and who may pass each [L, S]."""

    links: list[Link]
    hours: Floats  # [L]
    journeys: Journeys
    link_streams: Flags  # [L, S]


def _measure_hours(tables: Tables, travel: Travel, links: Sequence[Link]) -> Floats:
    """Return the hours that each link takes at the medians of what is not known [L]."""
    hours = []
    for link in links:
        if link.service:
            hours.append(tables.by_id["services"][link.service]["hours"].median)
            continue
        row = tables.by_id["roads"][tables.ids("roads")[link.road]]
        own = travel.transports.get(link.beside)
        speed = row["speed_kmh"].median if own is None else own.speed_kmh.median * own.moving_share
        hours.append(row["length_km"] / speed)
    return np.array(hours)


def _lay_out(travel: Travel, ways: Ways, inside: Flags, crowd: Crowd, servers: Servers) -> Layout:
    links, journeys, goals = ways.links, ways.journeys, crowd.destinations
    starts, ends = to_integers(link.start for link in links), to_integers(link.end for link in links)
    order = np.argsort(-measure_to_nearest(starts, ends, ways.hours, goals, len(inside)), kind="stable")
    streams, rides = journeys.streams, journeys.rides
    position = {stream: index for index, stream in enumerate(streams)}
    traveller_of = {stream: trip.traveller for trip in journeys.trips for stream in trip.streams}
    then = np.where(journeys.then < 0, np.arange(len(journeys.then)), journeys.then)
    newcomers = [stream for stream in streams if stream.group < crowd.leavers]
    desks = [(desk, [s for s in newcomers if s.goal == place]) for desk, place in enumerate(servers.desk_place)]
    origins = frozenset(crowd.origins.tolist())
    setting_out = [(sorted((t.starts - t.stations) | (t.starts & origins)), t.streams) for t in journeys.trips]
    return build_layout(
        Parts(
            streams=streams,
            links=links,
            link_streams=ways.link_streams,
            inside=inside,
            origins=crowd.origins.tolist(),
            node_order=order,
            entry_streams=mark_streams(len(inside), streams, setting_out),
            stream_course=to_integers(
                traveller_of[s] * len(goals) + int(np.searchsorted(goals, s.goal)) for s in streams
            ),
            stream_room=to_integers(
                0 if travel.is_beside(rides[s.ride]) else travel.transports[rides[s.ride].transport].room
                for s in streams
            ),
            stream_inspection=np.array([_measure_inspection(travel, rides[s.ride]) for s in streams]),
            stream_fleet=np.array([rides[s.ride].provided == FLEET for s in streams], dtype=bool),
            stream_leaves=np.array([s.group < crowd.leavers for s in streams]),
            stream_afoot=to_integers(
                position.get(Stream(s.group, _find_ride(rides, travel.find_afoot(s.group), rides[s.ride]), s.goal), -1)
                for s in streams
            ),
            desk_place=servers.desk_place,
            desk_streams=mark_streams(len(desks), streams, desks),
            checkpoint_place=servers.checkpoint_place,
            displaced=to_integers(_find_displaced(crowd)),
            course_then=(then[:, None] * len(goals) + np.arange(len(goals))).ravel(),
        )
    )


def _find_displaced(crowd: Crowd) -> list[int]:
    """Return what people of each group are who stop at a place inside that is not their home [groups]."""
    position = {part: index for index, part in enumerate(crowd.parts)}
    found = [position.get(part._replace(displaced=True), index) for index, part in enumerate(crowd.parts)]
    return found + list(range(len(found), len(crowd.groups)))


def _measure_inspection(travel: Travel, ride: Ride) -> float:
    """Return how many times the time of a car a unit of room of a ride takes at a checkpoint."""
    transport = travel.transports.get(ride.transport)
    return 1.0 if transport is None else transport.inspection / max(transport.room, 1)


def _find_ride(rides: tuple[Ride, ...], wanted: Ride | None, like: Ride) -> int:
    """Return the index of a ride, as well informed as another; -1 if nobody takes it."""
    wanted = None if wanted is None else wanted._replace(sight=like.sight)
    return rides.index(wanted) if wanted in rides else -1


def _compile_people(tables: Tables, travel: Travel, journeys: Journeys, crowd: Crowd, layout: Layout) -> People:
    position = {stream: index for index, stream in enumerate(journeys.streams)}
    rides, goals = journeys.rides, crowd.destinations[crowd.gateways]
    choosers: list[tuple[tuple[int, ...], int]] = []
    start, fleet, room, beside, chooser, streams = [0], *([] for _ in range(5))
    for group, options in enumerate(travel.options):
        for option in options:
            seeing = [option.ride._replace(sight=sight) for sight in range(travel.sights + 1)]
            travellers = (journeys.travellers.index(travel.name_traveller(group, ride)) for ride in seeing)
            mine = (tuple(travellers), crowd.parts[group].group if group in crowd.wishing else -1)
            if mine not in choosers:
                choosers.append(mine)
            without = ON_FOOT if option.ride.provided == AFOOT else OWN_VEHICLE
            fleet.append(option.fleet if option.fleet >= 0 else without)
            beside.append(travel.is_beside(option.ride))
            room.append(1 if beside[-1] else travel.transports[option.ride.transport].room)
            chooser.append(choosers.index(mine))
            streams.append([position[Stream(group, rides.index(ride), goal)] for ride in seeing for goal in goals])
        start.append(len(fleet))
    roads = np.full((len(crowd.groups), len(layout.entry_queue)), -1, dtype=np.int64)
    for group in range(len(crowd.groups)):
        ride = rides.index(travel.find_road_ride(group))
        for stream in (s for s in journeys.streams if s.group == group and s.ride == ride):
            roads[group, stream.goal] = position[stream]
    return People(
        groups=crowd.groups,
        leavers=crowd.leavers,
        parts=crowd.parts,
        sources=tuple(travel.names),
        own=np.array([travel.find_road_ride(g).provided == OWN for g in range(crowd.leavers)]),
        origins=crowd.origins,
        cells=crowd.cells,
        destinations=crowd.destinations,
        gateways=crowd.gateways,
        settling=crowd.settling,
        halts=crowd.halts,
        has_beds=any(row["beds"] is not None for row in tables.rows["places"]),
        usable=journeys.usable,
        beside=np.array([t.afoot or travel.transports[t.transport].is_beside for t in journeys.travellers]),
        sight=to_integers(t.sight for t in journeys.travellers),
        then=journeys.then,
        options=Options(
            to_integers(start), to_integers(fleet), to_integers(room), np.array(beside, dtype=bool),
            to_integers(chooser),
            np.array(streams, dtype=np.int64).reshape(len(fleet), len(goals) * (travel.sights + 1)),
        ),
        choosers=np.array([who for who, _ in choosers], dtype=np.int64).reshape(len(choosers), travel.sights + 1),
        wishes=to_integers(wishes for _, wishes in choosers),
        road_streams=roads,
    )  # fmt: skip


def _compile_network(tables: Tables, inside: Flags, links: Sequence[Link], layout: Layout) -> Network:
    roads, place_of = tables.ids("roads"), tables.index("places")
    rows = [tables.by_id["roads"][road] for road in roads]
    ends = [(rows[k.road]["lanes"], rows[k.road]["lanes_back"])[:: -1 if k.back else 1] for k in links]
    lanes = [(1, 1) if k.service or k.beside else pair for k, pair in zip(links, ends, strict=True)]
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
        road_from=to_integers(place_of[row["from"]] for row in rows),
        road_to=to_integers(place_of[row["to"]] for row in rows),
        road_lanes_back=to_integers(row["lanes_back"] for row in rows),
        links=tuple(_name_link(roads, link) for link in links),
        link_road=link_road,
        link_back=np.array([k.back for k in links], dtype=bool),
        link_from=to_integers(k.start for k in links),
        length_km=np.where([k.service != "" for k in links], 1.0, road_km[link_road]),
        lanes=to_integers(here for here, _ in lanes),
        lanes_other=to_integers(there for _, there in lanes),
        beside=tuple(k.beside for k in links),
        layout=layout,
    )


def _name_link(roads: tuple[str, ...], link: Link) -> str:
    """Return the name of a link: its road's or service's, with the direction and what moves beside the vehicles."""
    parts = [link.service] if link.service else [roads[link.road], "back" if link.back else "", link.beside]
    return "/".join(part for part in parts if part)


def _count_ticks(tables: Tables, links: Sequence[Link], step_hours: float) -> int:
    """Return how often the road phase runs in a step: waves must not cross a whole road in one tick.

    The shortest roads, together a twentieth of all, may be crossed: one short road must not make all others dear.
    """
    hours = []
    for link in (link for link in links if not link.service and not link.beside):
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
    index["services"] = tables.index("services")
    index["fleets"] = {name: position for position, name in enumerate(tables.fleets_for("people"))}
    where = {
        "lanes": "checkpoints",
        "seconds": "checkpoints",
        "foot_lanes": "checkpoints",
        "seconds_per_person": "checkpoints",
        "seconds_on_foot": "checkpoints",
        "departures": "services",
        "seats": "services",
        "desk_pace": "desks",
        "leave_rate": "groups",
        "regroup": "groups",
        "vehicles": "fleets",
        "direction": "roads",
        "road_danger": "roads",
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
