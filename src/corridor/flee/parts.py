"""The day's travellers in parts, one after the other, so that each part sees how full the last one left the camps."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
import numpy as np

from corridor.chance.compiled import inlined, inner, merged
from corridor.flee.arrays import BINS_OF_AGE
from corridor.flee.cells import mix, rows_of, unpack

SHARPNESS = 64.0  # of the bins of age: the last has about a thousandth of a day


@inner
def share_out(world, memory, key, day, epoch, opening):
    """Split the day's travellers into parts, so that none fills much of a camp's last room; return how many parts.

    As in Flee those who began first go first. A cell knows the mean and the spread of when its people began; as if they
    were even between, its people are put into the parts, each of which has as many travellers. Large cells go in
    pieces, small ones, which fill no camp, whole, and those to whom no such camp matters today into the first part.
    """
    moving, salt = _count_coming(world, memory), mix(key + np.uint64(day))
    wanted = np.ceil(_find_filling(world, memory, day, epoch, opening))
    parts = np.int64(min(wanted, float(world.rules.most_parts)))
    for part in range(parts):
        memory.part_head[part] = -1
    smallest, used = moving // (64 * parts) + 1, np.int64(0)
    if parts > 1:
        _sort_by_age(world, memory, day)
    start, end = rows_of(memory.tables, memory.tables.now.road)
    for row in range(start, end):
        cell, people = memory.tables.cells[row].key, memory.tables.cells[row].people
        place = world.links[unpack(world.rules, cell)[0]].end
        waiting = parts > 1 and memory.spots[place].filling == 1
        pieces = min(max(people // smallest, 1), parts) if waiting else 1
        offset = np.float64(mix(np.uint64(cell) ^ salt) >> np.uint64(11)) / 9007199254740992.0 if waiting else 0.0
        first, width = _age_of(memory.tables, row, people)
        for number in range(pieces):
            chosen = np.int64(0)
            if waiting:
                share = _share_begun(memory, day, first + width * (number + offset) / pieces)
                chosen = min(np.int64(share * parts), parts - 1)
            piece = memory.pieces[used]
            piece.row = row
            piece.people = people * (number + 1) // pieces - people * number // pieces
            piece.next = memory.part_head[chosen]
            memory.part_head[chosen] = used
            used += 1
    return parts


@inlined
def _age_of(tables, row, people):
    """Return when the first of a row's people began, and how many days from then to the last: as if they were even."""
    mean, square = tables.cells[row].began / people, tables.cells[row].square / people
    half = np.sqrt(3.0 * max(square - mean * mean, 0.0))
    return mean - half, 2.0 * half


@inlined
def _bin_of(day, began):
    """Return the bin of when people began, as a real number; bins are the shorter the less time has passed since."""
    passed, whole = min(max(day + 2.0 - began, 0.0), day + 2.0), np.log1p(SHARPNESS * (day + 2.0))
    return (1.0 - np.log1p(SHARPNESS * passed) / whole) * BINS_OF_AGE


@inner
def _share_begun(memory, day, began):
    """Return the share of the day's travellers who began before, `_sort_by_age` having gone before."""
    where = _bin_of(day, began)
    low = np.int64(min(where, BINS_OF_AGE - 1.0))
    before, after = memory.begun_by[low], memory.begun_by[low + 1]
    return before + (where - low) * (after - before)


@merged
def _sort_by_age(world, memory, day):
    """Count the day's travellers to whom a filling camp matters by when they began, as a share of all of them."""
    tables, counts = memory.tables, memory.begun_by
    counts[:] = 0.0
    start, end = rows_of(tables, tables.now.road)
    for row in range(start, end):
        people = tables.cells[row].people
        if people > 0 and memory.spots[world.links[unpack(world.rules, tables.cells[row].key)[0]].end].filling == 1:
            first, width = _age_of(tables, row, people)
            low = np.int64(min(_bin_of(day, first), BINS_OF_AGE - 1.0))
            high = np.int64(min(_bin_of(day, first + width), BINS_OF_AGE - 1.0))
            counts[low] += people / (high + 1.0 - low)
            counts[high + 1] -= people / (high + 1.0 - low)
    rate, before = 0.0, 0.0
    for i in range(BINS_OF_AGE + 1):
        rate += counts[i]
        counts[i] = before
        before += rate
    for i in range(BINS_OF_AGE + 1):
        counts[i] /= max(counts[BINS_OF_AGE], 1e-9)


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
