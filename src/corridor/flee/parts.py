"""The day's travellers in parts, one after the other, so that each part sees how full the last one left the camps."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
import numpy as np

from corridor.chance.compiled import inner, merged
from corridor.flee.cells import mix, rows_of, unpack


@inner
def share_out(world, memory, key, day, epoch, opening):
    """Split the day's travellers into parts, so that none fills much of a camp's last room; return how many parts.

    Large cells that may come to, or choose, a camp about to fill are split evenly over the parts; small ones, which
    fill no camp, go whole into one of them by chance, and those to whom no such camp matters today into the first.
    """
    moving, salt = _count_coming(world, memory), mix(key + np.uint64(day))
    wanted = np.ceil(_find_filling(world, memory, day, epoch, opening))
    parts = np.int64(min(wanted, float(world.rules.most_parts)))
    for part in range(parts):
        memory.part_head[part] = -1
    smallest, used = moving // (64 * parts) + 1, np.int64(0)
    start, end = rows_of(memory.tables, memory.tables.now.road)
    for row in range(start, end):
        cell, people = memory.tables.cells[row].key, memory.tables.cells[row].people
        place = world.links[unpack(world.rules, cell)[0]].end
        waiting = parts > 1 and memory.spots[place].filling == 1
        pieces = min(max(people // smallest, 1), parts) if waiting else 1
        offset = np.float64(mix(np.uint64(cell) ^ salt) >> np.uint64(11)) / 9007199254740992.0 if waiting else 0.0
        for number in range(pieces):
            chosen = min(int((number + offset) * parts / pieces), parts - 1)
            piece = memory.pieces[used]
            piece.row = row
            piece.people = people * (number + 1) // pieces - people * number // pieces
            piece.next = memory.part_head[chosen]
            memory.part_head[chosen] = used
            used += 1
    return parts


@merged
def _count_coming(world, memory):
    """Count the day's travellers by the place where their road ends; return how many there are in all."""
    moving = np.int64(0)
    for place in range(len(world.places)):
        memory.spots[place].direct = 0
    start, end = rows_of(memory.tables, memory.tables.now.road)
    for row in range(start, end):
        cell = memory.tables.cells[row]
        memory.spots[world.links[unpack(world.rules, cell.key)[0]].end].direct += cell.people
        moving += cell.people
    return moving


@merged
def _find_filling(world, memory, day, epoch, opening):
    """Mark the places where a camp about to fill matters today; return how many parts such camps ask for.

    To a camp come those whose road ends there, as many over other places as the day before, and a sixteenth of all
    who can reach it; all of these on a day on which roads open or close, when the day before says little.
    """
    rules, spots, places, wanted = world.rules, memory.spots, len(world.places), 1.0
    for place in range(places):
        spots[place].filling = 0
    for camp in range(places):
        capacity, people = world.state[day, camp].capacity * rules.scaling, spots[camp].people
        before = spots[camp].indirect
        spots[camp].indirect = 0
        if capacity < 1.0 or people >= capacity:
            continue
        near = np.int64(0)
        for place in range(places):
            if world.reach[epoch, place, camp] == 2:
                near += spots[place].direct
        coming = near if opening else min(spots[camp].direct + before + near // 16, near)
        room = max((1.0 - rules.buffer) * capacity, 1.0)
        if people + coming > rules.buffer * capacity and rules.parts_per_room * coming > room:
            wanted = max(wanted, rules.parts_per_room * coming / room)
            for place in range(places):
                if world.reach[epoch, place, camp] > 0:
                    spots[place].filling = 1
    return wanted
