"""The ways of a scenario as the kernel walks them: links, who may pass each, and how finely time is cut."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corridor.scenario.transport import FLEET
from corridor.scenario.ways import measure_to_nearest
from corridor.simulate.arrays import Flags, Floats
from corridor.simulate.crowd import Crowd, find_at_home, find_displaced
from corridor.simulate.journeys import Journeys
from corridor.simulate.model import (
    MODES,
    Network,
    Servers,
)
from corridor.simulate.network import (
    Layout,
    Link,
    Parts,
    Stream,
    build_layout,
    mark_streams,
)
from corridor.simulate.tables import Tables, to_integers
from corridor.simulate.travel import Ride, Travel

SHORT_ROADS = 0.05  # of all roads, by free travel: those that may be crossed in less than a tick
MOST_TICKS = 60


@dataclass(frozen=True)
class Ways:
    """The links that some trip can use, with the hours that they take, the journeys, and who may pass each [L, S]."""

    links: list[Link]
    hours: Floats  # [L]
    journeys: Journeys
    link_streams: Flags  # [L, S]


def measure_hours(tables: Tables, travel: Travel, links: Sequence[Link]) -> Floats:
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


def lay_out(travel: Travel, ways: Ways, inside: Flags, crowd: Crowd, servers: Servers) -> Layout:
    """Return the queues of the ways, as the kernel walks them."""
    links, journeys, goals = ways.links, ways.journeys, crowd.destinations
    starts, ends = to_integers(link.start for link in links), to_integers(link.end for link in links)
    order = np.argsort(-measure_to_nearest(starts, ends, ways.hours, goals, len(inside)), kind="stable")
    streams, rides = journeys.streams, journeys.rides
    position = {stream: index for index, stream in enumerate(streams)}
    traveller_of = {stream: trip.traveller for trip in journeys.trips for stream in trip.streams}
    then = np.where(journeys.then < 0, np.arange(len(journeys.then)), journeys.then)
    newcomers = [s for s in streams if s.group < crowd.leavers and not rides[s.ride].homeward]
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
            stream_homeward=np.array([rides[s.ride].homeward for s in streams]),
            stream_afoot=to_integers(
                position.get(Stream(s.group, _find_ride(rides, travel.find_afoot(s.group), rides[s.ride]), s.goal), -1)
                for s in streams
            ),
            desk_place=servers.desk_place,
            desk_streams=mark_streams(len(desks), streams, desks),
            checkpoint_place=servers.checkpoint_place,
            displaced=to_integers(find_displaced(crowd)),
            at_home=to_integers(find_at_home(crowd)),
            course_then=(then[:, None] * len(goals) + np.arange(len(goals))).ravel(),
        )
    )


def _measure_inspection(travel: Travel, ride: Ride) -> float:
    """Return how many times the time of a car a unit of room of a ride takes at a checkpoint."""
    transport = travel.transports.get(ride.transport)
    return 1.0 if transport is None else transport.inspection / max(transport.room, 1)


def _find_ride(rides: tuple[Ride, ...], wanted: Ride | None, like: Ride) -> int:
    """Return the index of a ride, as well informed as another; -1 if nobody takes it."""
    wanted = None if wanted is None else wanted._replace(sight=like.sight)
    return rides.index(wanted) if wanted in rides else -1


def compile_network(tables: Tables, inside: Flags, links: Sequence[Link], layout: Layout) -> Network:
    """Return the places, roads and links of a model."""
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


def count_ticks(tables: Tables, links: Sequence[Link], step_hours: float) -> int:
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
