"""How people of one cell who have come to a place follow their route on the same day, wait there, or stay.

`source` is the row of their recent distances, which belong to `whole` people, they being all or some of those.
"""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
from typing import Any, NamedTuple

import numpy as np

from corridor.chance.compiled import inlined, inner
from corridor.flee.arrays import HOP
from corridor.flee.cells import carry, count_people, keep, pack, put, room_to_half


class Moment(NamedTuple):
    """When people move: the replicate's key, the day, the part of its travellers, and the epoch of the roads.

    Of those who have come some way today: the step in which they are taken, and their kilometres, on average.
    """

    key: Any
    day: Any
    part: Any
    epoch: Any
    step: Any
    kilometres: Any


@inlined
def stay(world, memory, place, kilometres, first, node, kind, people, source, whole):
    """Leave people at a place until tomorrow."""
    if people > 0:
        key = pack(world.rules, place, 0, 0, 0, first, node, kind)
        keep(world.rules, memory.tables, memory.tables.now.here_next, key, kilometres, people, source, whole)


@inlined
def wait(world, memory, now, place, travelled, node, kind, people, source, whole):
    """Let people at a place wait for the others who have come as far today, to go on together."""
    rules, tables = world.rules, memory.tables
    kilometres = now.kilometres + max(travelled, rules.kilometre_step)
    later = np.int64(world.until[now.epoch, place, np.int64(np.round(kilometres / rules.kilometre_step))])
    later = max(later, now.step + 1)  # where steps are taken for one, the one for all may lie behind
    before = tables.heads[HOP].length
    row = put(tables, HOP, pack(rules, place, later, 0, 0, 0, node, kind), people)
    tables.cells[row].kilometres += people * kilometres
    carry(rules, tables, row, travelled, source, people / whole)
    if tables.heads[HOP].length != before:
        tables.cells[row].follow = memory.head[later]
        memory.head[later] = row


@inlined
def find_next_road(world, memory, now, place, node):
    """Return the link that a route takes next, or -1 where it is gone or the camp at the route's end is full.

    Of several people take the one that stands first at the place.
    """
    if memory.tables.now.tight > 0:
        last = world.nodes[node].last
        if memory.spots[last].room < 0.5 and world.state[now.day, last].camp:
            return np.int64(-1)
    hop = world.nodes[node].hop
    for row in range(world.out_from[now.epoch, place], world.out_from[now.epoch, place + 1]):
        if world.out[row].end == hop:
            return world.out[row].link
    return np.int64(-1)


@inlined
def count_held_back(world, memory, now, link, rest, people):
    """Return how many people must stay, since the camp where link and route end is too full after the others."""
    if rest >= 0 or world.links[link].km >= world.rules.speed:
        return np.int64(0)
    return max(people - room_to_half(world, memory, now.day, world.links[link].end), np.int64(0))


@inner
def follow(world, memory, now, place, travelled, pace, node, kind, people, counted, source, whole):
    """Take people at a place along their route as far as the day or the route goes; `pace` is that of their last road.

    `counted` are those of them who are counted as being there. No more set out for a camp next to where they are
    than may do so before it is too full. Whoever has a route goes on along it at once, as each person does in Flee;
    those who must choose wait for the others who have come as far today.
    """
    waiting = False
    while now.kilometres + travelled < pace:
        waiting = node < 0 or world.days[now.day].resting == 1
        if waiting:
            break
        number = find_next_road(world, memory, now, place, node)
        if number < 0:
            node = np.int64(-1)
            break
        link = world.links[number]
        waiting = link.walk > 0.0
        if waiting:
            break
        rest = world.nodes[node].rest
        staying = count_held_back(world, memory, now, number, rest, people)
        stay(world, memory, place, travelled, 0, -1, kind, staying, source, whole)
        if staying != counted:
            count_people(world, memory, now.day, place, staying - counted)
        people, counted, node = people - staying, np.int64(0), rest
        if people == 0:
            return
        memory.entered[number] += people
        pace = link.speed
        if pace <= link.km:
            cell, road = pack(world.rules, number, 0, 1, 0, 0, node, kind), memory.tables.now.road_next
            keep(world.rules, memory.tables, road, cell, travelled + pace, people, source, whole)
            return
        place, travelled = link.end, travelled + link.km
        memory.spots[place].indirect += people
    if people != counted:
        count_people(world, memory, now.day, place, people - counted)
    if waiting:
        wait(world, memory, now, place, travelled, node, kind, people, source, whole)
    else:
        stay(world, memory, place, travelled, 0, node, kind, people, source, whole)
