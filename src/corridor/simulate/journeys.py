"""Which journeys there are: links of roads, beside them and of services; who makes which trip over which of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from corridor.scenario.transport import DRIVEN
from corridor.simulate.arrays import Flags, Integers
from corridor.simulate.network import Link, Stream, Trip, list_streams
from corridor.simulate.tables import Tables, to_integers
from corridor.simulate.travel import ON_THE_ROAD, Ride, Travel, Traveller


@dataclass(frozen=True)
class Journey:
    """People of one group who may go from some places to one, by any ride of the group, by one on the road, or back."""

    starts: frozenset[int]
    goal: int
    group: int
    by_road: bool = False
    homeward: bool = False


@dataclass(frozen=True)
class Journeys:
    """The trips over all candidate links, as streams. K travellers, L links."""

    rides: tuple[Ride, ...]
    travellers: tuple[Traveller, ...]
    trips: list[Trip]
    streams: list[Stream]
    usable: Flags  # [K, L]
    then: Integers  # [K] traveller that one becomes who leaves a vehicle for a service, -1 if none


def list_links(tables: Tables, travel: Travel) -> list[Link]:
    """Return both directions of every road, for vehicles and for each transport that moves beside them; services."""
    place_of, links = tables.index("places"), list[Link]()
    beside = sorted({o.ride.transport for mine in travel.options for o in mine if o.ride.transport} & travel.beside)
    for index, road in enumerate(tables.ids("roads")):
        row = tables.by_id["roads"][road]
        start, end = place_of[row["from"]], place_of[row["to"]]
        if row["kind"] not in DRIVEN:
            continue
        for moving in ["", *(beside if row["walked"] else [])]:
            links.append(Link(index, start, end, back=False, beside=moving))
            if row["lanes_back"] > 0 or moving:  # who walks needs no lane
                links.append(Link(index, end, start, back=True, beside=moving))
    roads = tables.index("roads")
    for name in tables.ids("services"):
        row = tables.by_id["services"][name]
        way = roads.get(row["road"], -1)
        links.append(Link(way, place_of[row["from"]], place_of[row["to"]], back=False, service=name))
    return links


def plan_trips(tables: Tables, travel: Travel, links: Sequence[Link], journeys: Sequence[Journey]) -> Journeys:
    """Return the trips that people make, by ride and traveller; those that nobody can make by any link among them."""
    stations = _find_stations(tables)
    made: dict[tuple[frozenset[int], int, Ride, Traveller], list[int]] = {}
    for journey in journeys:
        road, afoot = travel.find_road_ride(journey.group), travel.find_afoot(journey.group)
        rides = travel.name_rides(journey.group)
        if journey.by_road:
            rides = tuple(ride for ride in rides if ride in (road, afoot))
        if journey.homeward:
            rides = (travel.find_ride_home(journey.group),)
        for ride in rides:
            traveller = travel.name_traveller(journey.group, ride)
            boarded = _join(stations, traveller)
            starts = frozenset() if journey.by_road and ride == afoot else journey.starts
            starts |= boarded if traveller.afoot else frozenset()
            if starts:
                made.setdefault((starts, journey.goal, ride, traveller), []).append(journey.group)
    rides = tuple(sorted({ON_THE_ROAD, *(ride for _, _, ride, _ in made)}))
    travellers = tuple(sorted({traveller for *_, traveller in made}))
    trips = []
    for (starts, goal, ride, traveller), groups in made.items():
        trip = Trip(starts, goal, tuple(groups), rides.index(ride), travellers.index(traveller))
        boarded = _join(stations, traveller)
        trips.append(replace(trip, stations=boarded) if traveller.afoot else replace(trip, board=boarded))
    return Journeys(
        rides,
        travellers,
        trips,
        list_streams(trips),
        np.array([[_may_use(tables, travel, t, link) for link in links] for t in travellers], dtype=bool),
        to_integers(_find_then(t, travellers) for t in travellers),
    )


def _find_stations(tables: Tables) -> dict[str, frozenset[int]]:
    """Return the places where services of each transport are boarded."""
    place_of, stations = tables.index("places"), dict[str, frozenset[int]]()
    for row in tables.rows["services"]:
        stations[row["transport"]] = stations.get(row["transport"], frozenset()) | {place_of[row["from"]]}
    return stations


def _join(stations: Mapping[str, frozenset[int]], traveller: Traveller) -> frozenset[int]:
    """Return the places where a traveller may board a service."""
    return frozenset(place for name in traveller.services for place in stations.get(name, ()))


def _find_then(traveller: Traveller, travellers: Sequence[Traveller]) -> int:
    then = traveller._replace(transport=traveller.then, afoot=True)
    return -1 if traveller.afoot or not traveller.services or then not in travellers else travellers.index(then)


def _may_use(tables: Tables, travel: Travel, traveller: Traveller, link: Link) -> bool:
    """Tell whether a traveller may pass a link; one in a vehicle boards no service with it."""
    if link.service:
        return traveller.afoot and tables.by_id["services"][link.service]["transport"] in traveller.services
    transport = travel.transports.get(traveller.transport)
    if transport is None:
        return False
    kind = tables.by_id["roads"][tables.ids("roads")[link.road]]["kind"]
    return kind in transport.ways and link.beside == (transport.id if transport.is_beside else "")
