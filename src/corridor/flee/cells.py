"""Cells of people: how a state is packed into one number, kept in tables, counted at places, and named for draws.

All functions are compiled and work on the two flat arrays of arena.py.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from corridor.flee import arena as at

_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@njit(cache=True, forceinline=True)
def mix(value):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return a whole number whose bits depend on all bits of `value` (the finish of splitmix64)."""
    value = (value ^ (value >> np.uint64(30))) * _MIX_1
    value = (value ^ (value >> np.uint64(27))) * _MIX_2
    return value ^ (value >> np.uint64(31))


@njit(cache=True)
def entity_of(ints, name, purpose, part, step, rode, walked, first, recent, node, kind):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the key of what is drawn: for a named place or link, a purpose, a part of the day, and a state."""
    detail = ((((step * 4096 + rode) * 4096 + walked) * 2 + first) * 4096 + recent) * 65536 + kind
    value = mix(np.uint64(detail) + _GOLDEN) + np.uint64(purpose) * _GOLDEN + np.uint64(part)
    if node >= 0:
        value ^= mix(np.uint64(ints[ints[at.NODE_KEY] + node]))
    return mix(value ^ np.uint64(name))


@njit(cache=True)
def put(ints, table, key, people):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Add people to the cell `key`; return its slot if it is new, else -1."""
    if people <= 0:
        return -1
    cells = ints[at.CELLS]
    size = 2 * cells
    keys, marks = ints[at.HASH_KEY] + table * size, ints[at.HASH_MARK] + table * size
    slots, mark = ints[at.HASH_SLOT] + table * size, ints[ints[at.MARK] + table]
    where = np.int64(mix(np.uint64(key)) & np.uint64(size - 1))
    while ints[marks + where] == mark:
        if ints[keys + where] == key:
            ints[ints[at.CELL_PEOPLE] + table * cells + ints[slots + where]] += people
            return -1
        where = (where + 1) & (size - 1)
    slot = ints[ints[at.LENGTH] + table]
    if slot >= cells:
        ints[at.FULL] = 1
        return -1
    ints[marks + where], ints[keys + where], ints[slots + where] = mark, key, slot
    ints[ints[at.CELL_KEY] + table * cells + slot] = key
    ints[ints[at.CELL_PEOPLE] + table * cells + slot] = people
    ints[ints[at.LENGTH] + table] = slot + 1
    return slot


@njit(cache=True)
def clear(ints, table):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Empty a table."""
    ints[ints[at.MARK] + table] += 1
    ints[ints[at.LENGTH] + table] = 0


@njit(cache=True, forceinline=True)
def cell_at(ints, table, slot):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the key and the people of a cell."""
    i = table * ints[at.CELLS] + slot
    return ints[ints[at.CELL_KEY] + i], ints[ints[at.CELL_PEOPLE] + i]


@njit(cache=True, forceinline=True)
def pack(ints, where, step, rode, walked, first, recent, node, kind):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the key of a state."""
    key = (((where << ints[at.BITS_TODAY]) | step) << ints[at.BITS_RODE]) | rode
    key = (((key << ints[at.BITS_WALKED]) | walked) << 1) | first
    key = (((key << ints[at.BITS_RECENT]) | recent) << ints[at.BITS_NODE]) | (node + 1)
    return (key << ints[at.BITS_KIND]) | kind


@njit(cache=True, forceinline=True)
def unpack(ints, key):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return the state of a key: place or link, days ridden and walked, first leg, recent, node, class."""
    kind = key & ((1 << ints[at.BITS_KIND]) - 1)
    key >>= ints[at.BITS_KIND]
    node = (key & ((1 << ints[at.BITS_NODE]) - 1)) - 1
    key >>= ints[at.BITS_NODE]
    recent = key & ((1 << ints[at.BITS_RECENT]) - 1)
    key >>= ints[at.BITS_RECENT]
    first = key & 1
    key >>= 1
    walked = key & ((1 << ints[at.BITS_WALKED]) - 1)
    key >>= ints[at.BITS_WALKED]
    rode = key & ((1 << ints[at.BITS_RODE]) - 1)
    key >>= ints[at.BITS_RODE]
    return key >> ints[at.BITS_TODAY], rode, walked, first, recent, node, kind  # the step stands in the list it is in


@njit(cache=True, forceinline=True)
def state_of(ints, reals, day, row, place):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Return a number of a place on a day, see World.state."""
    return reals[np.int64(reals[at.STATE]) + (day * 7 + row) * ints[at.PLACES] + place]


@njit(cache=True)
def count_people(ints, reals, day, place, change):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Change the number of people at a place, and with it how much room Flee sees there."""
    people = ints[ints[at.PEOPLE] + place] + change
    ints[ints[at.PEOPLE] + place] = people
    capacity = state_of(ints, reals, day, 3, place) * reals[at.SCALING]
    room = 1.0
    if capacity >= 1.0:
        nearly = reals[at.BUFFER] * capacity
        if people > nearly:
            room = 0.0 if people >= capacity else 1.0 - (people - nearly) / (capacity * (1.0 - reals[at.BUFFER]))
    if room != reals[np.int64(reals[at.ROOM]) + place]:
        reals[np.int64(reals[at.ROOM]) + place] = room
        ints[at.VERSION] += 1


@njit(cache=True)
def keep(ints, reals, table, where, rode, walked, first, recent, kilometres, node, kind, people):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
    """Keep people for tomorrow, their recent distance the mean of the old one and today's share of a full day.

    Recent distance is kept in steps. People between two steps are shared over both, in proportion, so that the mean
    is kept; the fraction of a person goes by a keyed number.
    """
    steps = ints[at.RECENT]
    if steps == 0:
        put(ints, table, pack(ints, where, 0, rode, walked, first, 0, node, kind), people)
        return
    value = min((recent + steps * kilometres / reals[at.SPEED]) * 0.5, 2.0 * steps)
    low = np.int64(value)
    state = pack(ints, where, 0, rode, walked, first, low, node, kind)
    salt = mix(np.uint64(state) ^ np.uint64(ints[at.SALT])) + np.uint64(people) * _GOLDEN
    chance = np.float64(mix(salt) >> np.uint64(11)) / 9007199254740992.0
    above = np.int64(people * (value - low) + chance)
    put(ints, table, state, people - above)
    put(ints, table, pack(ints, where, 0, rode, walked, first, low + 1, node, kind), above)
