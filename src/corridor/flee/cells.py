"""Cells of people: how a state is packed into one number, kept in tables, counted at places, and named for draws.

A cell has a number of people and, where a rule needs recent distance, the expected people in each step of it. No
choice but that of the short stints looks at recent distance, so it need not be part of the state: it is drawn only
there, from the distribution that the cell carries.

All functions are compiled and work on the two flat arrays of arena.py.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from corridor.flee import arena as at

_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, error_model="numpy", forceinline=True)
def mix(value):  # type: ignore[no-untyped-def]
    """Return a whole number whose bits depend on all bits of `value` (the finish of splitmix64)."""
    value = (value ^ (value >> np.uint64(30))) * _MIX_1
    value = (value ^ (value >> np.uint64(27))) * _MIX_2
    return value ^ (value >> np.uint64(31))


@njit(cache=True, error_model="numpy", forceinline=True)
def entity_of(ints, name, purpose, part, detail, node):  # type: ignore[no-untyped-def]
    """Return the key of what is drawn: for a named place or link, a purpose, a part of the day, and a state."""
    value = mix(np.uint64(detail) + _GOLDEN) + np.uint64(purpose) * _GOLDEN + np.uint64(part)
    if node >= 0:
        value ^= mix(np.uint64(ints[ints[at.NODE_KEY] + node]))
    return mix(value ^ np.uint64(name))


@njit(cache=True, error_model="numpy")
def put(ints, reals, table, key, people):  # type: ignore[no-untyped-def]
    """Add people to the cell `key`; return its slot, or -1 if the table is full."""
    cells, mark = ints[at.CELLS], ints[ints[at.MARK] + table] << 32
    first, last = ints[at.HASH] + table * 4 * cells, 2 * cells - 1
    where = first + 2 * np.int64(mix(np.uint64(key)) & np.uint64(last))
    while ints[where + 1] >= mark:  # an entry of today; those of other days count as empty
        if ints[where] == key:
            slot = ints[where + 1] - mark
            ints[ints[at.CELL] + 2 * (table * cells + slot) + 1] += people
            return slot
        where = first + ((where - first + 2) & (4 * cells - 1))
    slot = ints[ints[at.LENGTH] + table]
    if slot >= cells:
        ints[at.FULL] = 1
        return np.int64(-1)
    ints[where], ints[where + 1] = key, mark | slot
    cell = ints[at.CELL] + 2 * (table * cells + slot)
    ints[cell], ints[cell + 1] = key, people
    ints[ints[at.LENGTH] + table] = slot + 1
    recent, bins = recent_at(ints, reals, table, slot), ints[at.BINS]
    for i in range(recent, recent + bins):
        reals[i] = 0.0
    return slot


@njit(cache=True, error_model="numpy", forceinline=True)
def recent_at(ints, reals, table, slot):  # type: ignore[no-untyped-def]
    """Return where the recent distances of a cell stand: expected people in each step of recent distance."""
    return ints[at.CELL_RECENT] + (table * ints[at.CELLS] + slot) * ints[at.BINS]


@njit(cache=True, error_model="numpy")
def carry(ints, reals, table, slot, kilometres, source, share):  # type: ignore[no-untyped-def]
    """Add a share of the recent distances at `source`, with kilometres of today, to those of a cell."""
    bins = ints[at.BINS]
    if slot < 0 or bins == 0:
        return
    recent = recent_at(ints, reals, table, slot)
    shift = ints[at.RECENT] * min(kilometres / reals[at.SPEED], 2.0)
    low = np.int64(shift)
    above = share * (shift - low)
    below, inside = share - above, bins - 1 - low
    old, new = reals[source : source + bins], reals[recent : recent + bins]
    for i in range(inside):
        new[low + i] += below * old[i]
    if above > 0.0:
        for i in range(inside):
            new[low + i + 1] += above * old[i]
    for i in range(inside, bins):
        new[bins - 1] += share * old[i]


@njit(cache=True, error_model="numpy")
def clear(ints, table):  # type: ignore[no-untyped-def]
    """Empty a table."""
    ints[ints[at.MARK] + table] += 1
    ints[ints[at.LENGTH] + table] = 0


@njit(cache=True, error_model="numpy", forceinline=True)
def cell_at(ints, table, slot):  # type: ignore[no-untyped-def]
    """Return the key and the people of a cell."""
    cell = ints[at.CELL] + 2 * (table * ints[at.CELLS] + slot)
    return ints[cell], ints[cell + 1]


@njit(cache=True, error_model="numpy", forceinline=True)
def pack(ints, where, step, rode, walked, first, node, kind):  # type: ignore[no-untyped-def]
    """Return the key of a state."""
    key = (((where << ints[at.BITS_TODAY]) | step) << ints[at.BITS_RODE]) | rode
    key = (((key << ints[at.BITS_WALKED]) | walked) << 1) | first
    return (((key << ints[at.BITS_NODE]) | (node + 1)) << ints[at.BITS_KIND]) | kind


@njit(cache=True, error_model="numpy", forceinline=True)
def unpack(ints, key):  # type: ignore[no-untyped-def]
    """Return the state of a key: place or link, days ridden and walked, first leg, node, class."""
    kind = key & ((1 << ints[at.BITS_KIND]) - 1)
    key >>= ints[at.BITS_KIND]
    node = (key & ((1 << ints[at.BITS_NODE]) - 1)) - 1
    key >>= ints[at.BITS_NODE]
    first = key & 1
    key >>= 1
    walked = key & ((1 << ints[at.BITS_WALKED]) - 1)
    key >>= ints[at.BITS_WALKED]
    rode = key & ((1 << ints[at.BITS_RODE]) - 1)
    key >>= ints[at.BITS_RODE]
    return key >> ints[at.BITS_TODAY], rode, walked, first, node, kind  # the step stands in the list it is in


@njit(cache=True, error_model="numpy", forceinline=True)
def state_of(ints, reals, day, row, place):  # type: ignore[no-untyped-def]
    """Return a number of a place on a day, see World.state."""
    return reals[ints[at.STATE] + (day * 7 + row) * ints[at.PLACES] + place]


@njit(cache=True, error_model="numpy")
def count_people(ints, reals, day, place, change):  # type: ignore[no-untyped-def]
    """Change the number of people at a place, and with it how much room Flee sees there."""
    people = ints[ints[at.PEOPLE] + place] + change
    ints[ints[at.PEOPLE] + place] = people
    capacity = state_of(ints, reals, day, 3, place) * reals[at.SCALING]
    room = 1.0
    if capacity >= 1.0:
        nearly = reals[at.BUFFER] * capacity
        if people > nearly:
            room = 0.0 if people >= capacity else 1.0 - (people - nearly) / (capacity * (1.0 - reals[at.BUFFER]))
    if room != reals[ints[at.ROOM] + place]:
        reals[ints[at.ROOM] + place] = room
        ints[at.VERSION] += 1


@njit(cache=True, error_model="numpy", forceinline=True)
def room_to_half(ints, reals, day, place):  # type: ignore[no-untyped-def]
    """Return how many people may come to a place, one after the other, until Flee sees less than half of it free."""
    capacity = state_of(ints, reals, day, 3, place) * reals[at.SCALING]
    if capacity < 1.0 or state_of(ints, reals, day, 2, place) <= 0.0:
        return np.int64(1) << 62
    half = np.int64(capacity * (1.0 + reals[at.BUFFER]) * 0.5)
    return max(half - ints[ints[at.PEOPLE] + place] + 1, 0)


@njit(cache=True, error_model="numpy")
def keep(ints, reals, table, key, kilometres, people, source, whole):  # type: ignore[no-untyped-def]
    """Keep people, out of the `whole` with recent distances at `source`, for tomorrow in the cell `key`.

    `kilometres` are those of today that `source` does not have yet. Recent distance becomes the mean of the old one
    and today's share of a full day; between two steps it is shared over both, in proportion, so that its mean is kept.
    """
    slot = put(ints, reals, table, key, people)
    bins = ints[at.BINS]
    if slot < 0 or bins == 0:
        return
    recent, share = recent_at(ints, reals, table, slot), people / whole
    half = 0.5 * ints[at.RECENT] * min(kilometres / reals[at.SPEED], 2.0)
    for odd in range(2):  # entries 0, 2, 4 ... of the old move in step, and so do 1, 3, 5 ...
        low = np.int64(half + 0.5 * odd)
        above = share * (half + 0.5 * odd - low)
        below = share - above
        count = (bins - odd + 1) // 2
        old, new = reals[source + odd : source + bins], reals[recent + low : recent + low + count + 1]
        for i in range(count):
            new[i] += below * old[2 * i]
        if above > 0.0:
            for i in range(count):
                new[i + 1] += above * old[2 * i]
