"""Cells of people: how a state is packed into one number, kept in tables, counted at places, and named for draws.

A cell has a number of people and, where a rule needs recent distance, the expected people in each step of it. No
choice but that of the short stints looks at recent distance, so it need not be part of the state: it is drawn only
there, from the distribution that the cell carries.
"""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
import numpy as np

from corridor.chance.compiled import inlined, inner

_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


@inlined
def mix(value):
    """Return a whole number whose bits depend on all bits of `value` (the finish of splitmix64)."""
    value = (value ^ (value >> np.uint64(30))) * _MIX_1
    value = (value ^ (value >> np.uint64(27))) * _MIX_2
    return value ^ (value >> np.uint64(31))


@inlined
def entity_of(world, name, purpose, part, detail, node):
    """Return the key of what is drawn: for a named place or link, a purpose, a part of the day, and a state."""
    value = mix(np.uint64(detail) + _GOLDEN) + np.uint64(purpose) * _GOLDEN + np.uint64(part)
    if node >= 0:
        value ^= mix(world.nodes[node].key)
    return mix(value ^ np.uint64(name))


@inner
def put(tables, table, key, people):
    """Add people to the cell `key` of a table; return its row, or -1 if the table is full."""
    last = tables.entries.shape[1] - 1
    first, mark = table * (tables.entries.shape[1] >> 1), tables.heads[table].mark << 32
    where = np.int64(mix(np.uint64(key)) & np.uint64(last))
    entries = tables.entries[table]
    while entries[where] >= mark:  # an entry of today; those of other days count as empty
        row = first + entries[where] - mark
        if tables.cells[row].key == key:
            tables.cells[row].people += people
            return row
        where = (where + 1) & last
    slot = tables.heads[table].length
    if 2 * slot > last:
        tables.now.full = 1
        return np.int64(-1)
    entries[where] = mark | slot
    row = first + slot
    tables.cells[row].key = key
    tables.cells[row].people = people
    tables.cells[row].kilometres = 0.0
    tables.cells[row].began = 0.0
    tables.cells[row].square = 0.0
    tables.heads[table].length = slot + 1
    for i in range(tables.recent.shape[1]):
        tables.recent[row, i] = np.float32(0.0)
    return row


@inlined
def rows_of(tables, table):
    """Return the rows of a table that have a cell, as a range's start and end."""
    first = table * (tables.entries.shape[1] >> 1)
    return first, first + tables.heads[table].length


@inner
def carry(rules, tables, row, kilometres, source, share):
    """Add a share of the recent distances in row `source`, with kilometres of today, to those of a cell."""
    bins = tables.recent.shape[1]
    if row < 0:
        return
    tables.cells[row].began += share * tables.cells[source].began
    tables.cells[row].square += share * tables.cells[source].square
    if bins == 0:
        return
    shift = rules.recent * min(kilometres / rules.speed, 2.0)
    low = np.int64(shift)
    above = np.float32(share * (shift - low))
    whole_share = np.float32(share)
    below, inside = whole_share - above, bins - 1 - low
    old, new = tables.recent[source], tables.recent[row]
    for i in range(inside):
        new[low + i] += below * old[i]
    if above > np.float32(0.0):
        for i in range(inside):
            new[low + i + 1] += above * old[i]
    for i in range(inside, bins):
        new[bins - 1] += whole_share * old[i]


@inner
def keep(rules, tables, table, key, kilometres, people, source, whole):
    """Keep people, out of the `whole` with recent distances in row `source`, for tomorrow in the cell `key`.

    `kilometres` are those of today that `source` does not have yet. Recent distance becomes the mean of the old one
    and today's share of a full day; between two steps it is shared over both, in proportion, so that its mean is kept.
    """
    row = put(tables, table, key, people)
    bins = tables.recent.shape[1]
    if row < 0:
        return
    share = people / whole
    tables.cells[row].began += share * tables.cells[source].began
    tables.cells[row].square += share * tables.cells[source].square
    if bins == 0:
        return
    half = 0.5 * rules.recent * min(kilometres / rules.speed, 2.0)
    for odd in range(2):  # entries 0, 2, 4 ... of the old move in step, and so do 1, 3, 5 ...
        low = np.int64(half + 0.5 * odd)
        above = np.float32(share * (half + 0.5 * odd - low))
        below = np.float32(share) - above
        count = (bins - odd + 1) // 2
        old, new = tables.recent[source, odd:bins], tables.recent[row, low : low + count + 1]
        for i in range(count):
            new[i] += below * old[2 * i]
        if above > np.float32(0.0):
            for i in range(count):
                new[i + 1] += above * old[2 * i]


@inlined
def clear(tables, table):
    """Empty a table."""
    tables.heads[table].mark += 1
    tables.heads[table].length = 0


@inlined
def pack(rules, where, step, rode, walked, first, node, kind):
    """Return the key of a state."""
    key = (((where << rules.bits_today) | step) << rules.bits_rode) | rode
    key = (((key << rules.bits_walked) | walked) << 1) | first
    return (((key << rules.bits_node) | (node + 1)) << rules.bits_kind) | kind


@inlined
def unpack(rules, key):
    """Return the state of a key: place or link, days ridden and walked, first leg, node, class."""
    kind = key & ((1 << rules.bits_kind) - 1)
    key >>= rules.bits_kind
    node = (key & ((1 << rules.bits_node) - 1)) - 1
    key >>= rules.bits_node
    first = key & 1
    key >>= 1
    walked = key & ((1 << rules.bits_walked) - 1)
    key >>= rules.bits_walked
    rode = key & ((1 << rules.bits_rode) - 1)
    key >>= rules.bits_rode
    return key >> rules.bits_today, rode, walked, first, node, kind  # the step stands in the list it is in


@inlined
def count_people(world, memory, day, place, change):
    """Change the number of people at a place, and with it how much room Flee sees there."""
    people = memory.spots[place].people + change
    memory.spots[place].people = people
    capacity, buffer = world.state[day, place].capacity * world.rules.scaling, world.rules.buffer
    room = 1.0
    if capacity >= 1.0:
        nearly = buffer * capacity
        if people > nearly:
            room = 0.0 if people >= capacity else 1.0 - (people - nearly) / (capacity * (1.0 - buffer))
    if room != memory.spots[place].room:
        memory.tables.now.tight += np.int64(room < 0.5) - np.int64(memory.spots[place].room < 0.5)
        memory.spots[place].room = room
        memory.tables.now.version += 1


@inlined
def room_to_half(world, memory, day, place):
    """Return how many people may come to a place, one after the other, until Flee sees less than half of it free."""
    capacity = world.state[day, place].capacity * world.rules.scaling
    if capacity < 1.0 or not world.state[day, place].camp:
        return np.int64(1) << 62
    half = np.int64(capacity * (1.0 + world.rules.buffer) * 0.5)
    return max(half - memory.spots[place].people + 1, 0)
