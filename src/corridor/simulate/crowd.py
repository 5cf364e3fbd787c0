"""Who is there at the start, what they travel by, and the places they may head for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corridor.scenario.transport import OWN
from corridor.scenario.variant import row_name
from corridor.simulate.arrays import Flags, Integers
from corridor.simulate.journeys import Journey, Journeys
from corridor.simulate.model import (
    ON_FOOT,
    OWN_VEHICLE,
    Event,
    Options,
    People,
    Servers,
)
from corridor.simulate.network import (
    Layout,
    Stream,
)
from corridor.simulate.parts import Part, find_refuges
from corridor.simulate.tables import Tables, to_integers
from corridor.simulate.travel import AFOOT, Travel

REGISTERED, SENT_ON = "registered", "sent_on"


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
    homes: Integers  # places where people lived to which some go back; none where nobody does
    abroad: frozenset[int]  # places outside where people may stay
    wishing: frozenset[int]  # parts of groups with wishes of their own
    unwished: frozenset[tuple[int, int]]  # (part, place) of destinations to which a part never goes
    parts: tuple[Part, ...]


def compile_crowd(tables: Tables, inside: Flags, events: Sequence[Event], parts: tuple[Part, ...]) -> Crowd:
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
    lived = {place_of[row["place"]] for row in rows} if _does_anybody_return(tables, events) else set()
    destinations = sorted({*gateways, *settling, *goals, *lived})
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
        homes=to_integers(sorted(lived)),
        abroad=frozenset(p for p in destinations if not inside[p]),
        wishing=frozenset(p for p, part in enumerate(parts) if groups[part.group] in wishing),
        unwished=_find_unwished(tables, gateways, parts),
        parts=parts,
    )


def _find_unwished(tables: Tables, gateways: Sequence[int], parts: Sequence[Part]) -> frozenset[tuple[int, int]]:
    """Return to which destinations a part of a group never goes; none of a group that wishes to go nowhere at all.

    No room is kept in queues for streams that nobody is ever part of.
    """
    place_of, groups, wished = tables.index("places"), tables.ids("groups"), tables.rows["wishes"]
    never = {(row["group"], place_of[row["place"]]) for row in wished if row["weight"].high == 0}
    found = [{(p, goal) for goal in gateways if (groups[part.group], goal) in never} for p, part in enumerate(parts)]
    return frozenset(pair for mine in found if len(mine) < len(gateways) for pair in mine)


def list_journeys(crowd: Crowd, servers: Servers, events: Sequence[Event]) -> list[Journey]:
    """Return every kind of journey: out, from a desk to where people settle, and where authorities move people."""
    leavers, gateways = range(crowd.leavers), crowd.destinations[crowd.gateways].tolist()
    origins = frozenset(crowd.origins.tolist())
    pairs = [(group, goal) for goal in gateways for group in leavers if (group, goal) not in crowd.unwished]
    journeys = [Journey(origins, goal, group) for group, goal in pairs]
    if len(crowd.halts):  # once registered, people are one group: who has a vehicle at home no longer matters
        settling = crowd.destinations[crowd.settling].tolist()
        journeys += [Journey(frozenset(crowd.halts.tolist()), goal, crowd.leavers) for goal in settling]
    for group in range(len(crowd.groups)):
        displaced = group < crowd.leavers and crowd.parts[group].displaced
        starts = crowd.abroad | origins if displaced else crowd.abroad
        journeys += [Journey(starts - {home}, home, group, homeward=True) for home in crowd.homes.tolist()]
    moves = [event for event in events if event.kind == "evacuation"]
    return journeys + [Journey(frozenset([e.target]), e.to, g, by_road=True) for e in moves for g in leavers]


def _does_anybody_return(tables: Tables, events: Sequence[Event]) -> bool:
    """Tell whether people of some group may go back, from the start or once an event has set a rate."""
    rates = [row["return_rate"].high for row in tables.rows["groups"]]
    return any(rate > 0 for rate in rates) or any(event.kind == "return_rate" for event in events)


def find_at_home(crowd: Crowd) -> list[int]:
    """Return what people of each group are once they are back at a place where they lived [groups]."""
    position = {part: index for index, part in enumerate(crowd.parts)}
    found = [position[part._replace(displaced=False)] for part in crowd.parts]
    return found + list(range(len(found), len(crowd.groups)))


def find_displaced(crowd: Crowd) -> list[int]:
    """Return what people of each group are who stop at a place inside that is not their home [groups]."""
    position = {part: index for index, part in enumerate(crowd.parts)}
    found = [position.get(part._replace(displaced=True), index) for index, part in enumerate(crowd.parts)]
    return found + list(range(len(found), len(crowd.groups)))


def compile_people(tables: Tables, travel: Travel, journeys: Journeys, crowd: Crowd, layout: Layout) -> People:
    """Return the people of a model: groups and their parts, what they board, where they may head for."""
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
            streams.append(
                [position.get(Stream(group, rides.index(ride), goal), -1) for ride in seeing for goal in goals]
            )
        start.append(len(fleet))
    roads = np.full((len(crowd.groups), len(layout.entry_queue)), -1, dtype=np.int64)
    for group in range(len(crowd.groups)):
        ride = rides.index(travel.find_road_ride(group))
        for stream in (s for s in journeys.streams if s.group == group and s.ride == ride):
            roads[group, stream.goal] = position[stream]
    home = np.full(roads.shape, -1, dtype=np.int64)
    for stream in (s for s in journeys.streams if rides[s.ride].homeward):
        home[stream.group, stream.goal] = position[stream]
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
        home_streams=home,
        homes=crowd.homes,
    )  # fmt: skip


def name_sources(travel: Travel, crowd: Crowd) -> tuple[str, ...]:
    """Return for every group recorded the one whose needs it has."""
    return (*travel.names, *crowd.groups[crowd.leavers :])
