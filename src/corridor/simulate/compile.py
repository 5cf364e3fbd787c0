"""From a scenario and a parameter set to a Model: names become indices, ranges become quantities to draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from corridor.scenario.areas import INSIDE, find_sides
from corridor.scenario.scenario import Scenario
from corridor.scenario.schema import load_fields
from corridor.scenario.talks import require_people
from corridor.scenario.transport import list_transports
from corridor.scenario.values import hours_between, parse_quantity
from corridor.simulate.arrays import Flags
from corridor.simulate.crowd import Crowd, compile_crowd, compile_people, list_journeys, name_sources
from corridor.simulate.journeys import Journeys, list_links, plan_trips
from corridor.simulate.model import (
    ALL_PLACES,
    MODES,
    NO_TARGET,
    Clock,
    Event,
    Fleets,
    Model,
    Servers,
    Services,
)
from corridor.simulate.network import (
    Link,
    keep_used,
)
from corridor.simulate.parts import list_parts
from corridor.simulate.passage import compile_passage
from corridor.simulate.supplies import compile_supplies
from corridor.simulate.tables import Tables, sort_rows, to_integers
from corridor.simulate.travel import Travel, compile_travel
from corridor.simulate.ways import Ways, compile_network, count_ticks, lay_out, measure_hours
from corridor.simulate.windows import compile_windows

PLAIN_PARAMETERS = ("informed_minutes", "danger_closing")
QUANTITY_TABLES = (
    "places", "roads", "checkpoints", "desks", "groups", "people", "fleets", "transport", "services", "wishes", "fuel",
    "windows", "passage", "events", "plants", "facilities",
)  # fmt: skip


def compile_model(scenario: Scenario, parameter_set: str) -> Model:
    """Compile a scenario under one parameter set.

    That they can make a model was checked when the scenario was read. Raises FaultsError for talks alone.
    """
    require_people(scenario)
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
    crowd = compile_crowd(tables, inside, events, parts)
    links = list_links(tables, travel)
    journeys = plan_trips(tables, travel, links, list_journeys(crowd, servers, events))
    outward = np.array([inside[link.start] or not inside[link.end] for link in links])
    homeward = np.array([[traveller.homeward] for traveller in journeys.travellers])
    journeys = replace(journeys, usable=journeys.usable & (outward | homeward))
    kept, link_streams = keep_used(links, journeys.trips, journeys.streams, inside, journeys.usable)
    journeys = replace(journeys, usable=np.ascontiguousarray(journeys.usable[:, kept]))
    links = [links[i] for i in kept]
    ways = Ways(links, measure_hours(tables, travel, links), journeys, link_streams)
    layout = lay_out(travel, ways, inside, crowd, servers)
    return Model(
        scenario_hash=scenario.hash,
        parameter_set=parameter_set,
        clock=_compile_clock(scenario, tables, links),
        network=compile_network(tables, inside, links, layout),
        people=compile_people(tables, travel, journeys, crowd, layout),
        servers=servers,
        services=_compile_services(tables, links),
        windows=compile_windows(tables, scenario.start, _find_admitted(tables, travel, journeys)),
        transports=travel.transports,
        fleets=_compile_fleets(tables, travel, crowd),
        passage=compile_passage(tables, scenario.start, journeys.travellers, parts),
        events=events,
        supplies=compile_supplies(tables, inside, name_sources(travel, crowd), scenario.start),
        plants=tables.ids("plants"),
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
        ticks=count_ticks(tables, links, step_hours),
        record_every=scenario.settings["record_minutes"] // minutes,
    )


def _compile_servers(tables: Tables) -> Servers:
    return Servers(
        checkpoints=tables.ids("checkpoints"),
        checkpoint_place=tables.places_of("checkpoints"),
        first_hour=tables.numbers("checkpoints", "first_hour"),
        last_hour=tables.numbers("checkpoints", "last_hour"),
        change_lanes=tuple(tables.by_id["checkpoints"][name]["change_lanes"] for name in tables.ids("checkpoints")),
        desks=tables.ids("desks"),
        desk_place=tables.places_of("desks"),
    )


def _compile_fleets(tables: Tables, travel: Travel, crowd: Crowd) -> Fleets:
    names, goods, groups = tables.fleets_for("people"), tables.fleets_for("goods"), travel.names
    rows, transports = [tables.by_id["fleets"][f] for f in names], list_transports(tables.rows["transport"])
    kinds = [tables.by_id["roads"][road]["kind"] for road in tables.ids("roads")]
    carried = np.array([[g in row["groups"].split() for g in groups] for row in rows], dtype=bool)
    carried = carried.reshape(len(names), len(groups))
    place_of, ends = tables.index("places"), np.zeros((len(names), len(tables.ids("places"))), dtype=bool)
    ends[:, crowd.destinations[crowd.gateways]] = True
    for service in tables.rows["services"]:
        boarding = [g for g in range(len(groups)) if service["transport"] in travel.services[g]]
        ends[:, place_of[service["from"]]] |= carried[:, boarding].any(axis=1)
    return Fleets(
        names,
        carried,
        to_integers(place_of[row["place"]] for row in rows),
        np.array([[kind in transports[row["transport"]].ways for kind in kinds] for row in rows], dtype=bool),
        ends,
        to_integers(goods.index(name) if name in goods else -1 for name in names),
    )


def _find_admitted(tables: Tables, travel: Travel, journeys: Journeys) -> Flags:
    """Return to which travellers each window is open [W, K]."""
    limited = {row["id"] for row in travel.windows}
    names = tables.ids("windows")
    admits = [[name not in limited or name in traveller.windows for traveller in journeys.travellers] for name in names]
    return np.array(admits, dtype=bool).reshape(len(names), len(journeys.travellers))


def _compile_services(tables: Tables, links: Sequence[Link]) -> Services:
    link_of = {link.service: index for index, link in enumerate(links)}
    names, first_hour = tables.ids("services"), tables.numbers("services", "first_hour")
    hours = tables.numbers("services", "last_hour") - first_hour
    return Services(
        names, to_integers(link_of[name] for name in names), first_hour, np.where(hours < 0, hours + 24.0, hours)
    )


def _compile_events(tables: Tables) -> tuple[Event, ...]:
    index = {name: tables.index(name) for name in ("places", "roads", "checkpoints", "desks", "groups")}
    index |= {name: tables.index(name) for name in ("services", "plants")}
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
        "return_rate": "groups",
        "regroup": "groups",
        "vehicles": "fleets",
        "plant": "plants",
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
