"""The day's travellers in parts, one after the other, so that each part sees how full the last one left the camps."""

from __future__ import annotations

import numpy as np
from numba import njit

from corridor.flee import arena as at
from corridor.flee.cells import cell_at, mix, state_of, unpack


@njit(cache=True, error_model="numpy")
def share_out(ints, reals, key, day, epoch, opening):  # type: ignore[no-untyped-def]
    """Split the day's travellers into parts, so that none fills much of a camp's last room; return how many parts.

    Large cells that may come to, or choose, a camp about to fill are split evenly over the parts; small ones, which
    fill no camp, go whole into one of them by chance, and those to whom no such camp matters today into the first.
    """
    moving, salt = _count_coming(ints), mix(key + np.uint64(day))
    length, road = ints[ints[at.LENGTH] + ints[at.ROAD]], ints[at.ROAD]
    parts = np.int64(min(np.ceil(_find_filling(ints, reals, day, epoch, opening)), float(ints[at.MOST_PARTS])))
    for part in range(parts):
        ints[ints[at.PART_HEAD] + part] = -1
    smallest, used = moving // (64 * parts) + 1, np.int64(0)
    for slot in range(length):
        cell, people = cell_at(ints, road, slot)
        end = ints[ints[at.LINK_END] + unpack(ints, cell)[0]]
        waiting = parts > 1 and ints[ints[at.FILLING] + end] == 1
        pieces = min(max(people // smallest, 1), parts) if waiting else 1
        offset = np.float64(mix(np.uint64(cell) ^ salt) >> np.uint64(11)) / 9007199254740992.0 if waiting else 0.0
        for piece in range(pieces):
            chosen = min(int((piece + offset) * parts / pieces), parts - 1)
            ints[ints[at.PART_CELL] + used] = slot
            ints[ints[at.PART_PEOPLE] + used] = people * (piece + 1) // pieces - people * piece // pieces
            ints[ints[at.PART_NEXT] + used] = ints[ints[at.PART_HEAD] + chosen]
            ints[ints[at.PART_HEAD] + chosen] = used
            used += 1
    return parts


@njit(cache=True, error_model="numpy")
def _count_coming(ints):  # type: ignore[no-untyped-def]
    """Count the day's travellers by the place where their road ends; return how many there are in all."""
    moving, road = np.int64(0), ints[at.ROAD]
    for place in range(ints[at.PLACES]):
        ints[ints[at.DIRECT] + place] = 0
    for slot in range(ints[ints[at.LENGTH] + road]):
        cell, people = cell_at(ints, road, slot)
        ints[ints[at.DIRECT] + ints[ints[at.LINK_END] + unpack(ints, cell)[0]]] += people
        moving += people
    return moving


@njit(cache=True, error_model="numpy")
def _find_filling(ints, reals, day, epoch, opening):  # type: ignore[no-untyped-def]
    """Mark the places where a camp about to fill matters today; return how many parts such camps ask for.

    To a camp come those whose road ends there, as many over other places as the day before, and a sixteenth of all
    who can reach it; all of these on a day on which roads open or close, when the day before says little.
    """
    places, wanted = ints[at.PLACES], 1.0
    direct, indirect, filling = ints[at.DIRECT], ints[at.INDIRECT], ints[at.FILLING]
    for place in range(places):
        ints[filling + place] = 0
    for camp in range(places):
        capacity, people = state_of(ints, reals, day, 3, camp) * reals[at.SCALING], ints[ints[at.PEOPLE] + camp]
        before, ints[indirect + camp] = ints[indirect + camp], 0
        if capacity < 1.0 or people >= capacity:
            continue
        near, reach = np.int64(0), ints[at.REACH] + epoch * places * places + camp
        for place in range(places):
            if ints[reach + place * places] == 2:
                near += ints[direct + place]
        coming = near if opening else min(ints[direct + camp] + before + near // 16, near)
        room = max((1.0 - reals[at.BUFFER]) * capacity, 1.0)
        if people + coming > reals[at.BUFFER] * capacity and reals[at.PARTS_PER_ROOM] * coming > room:
            wanted = max(wanted, reals[at.PARTS_PER_ROOM] * coming / room)
            for place in range(places):
                if ints[reach + place * places] > 0:
                    ints[filling + place] = 1
    return wanted
