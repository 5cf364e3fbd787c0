"""Before anybody moves in a day: people begin, places are scored, and the chance to leave each is set."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
import numpy as np

from corridor.chance.compiled import inlined, inner
from corridor.chance.draws import draw_multinomial, draw_poisson
from corridor.flee.cells import count_people, entity_of, pack, put, rows_of, unpack

FROM_DATA, FIXED, RATIO, POISSON = range(4)  # how people begin to leave
WHERE, WHO, HOW_MANY, AT_FIRST = range(4, 8)  # what is drawn


@inlined
def _when(world, day, purpose, place):
    """Return when people begin, after the day before the first, and how long it takes until all have.

    Those of the registered counts begin in no order of places, all others place by place within the day.
    """
    places = len(world.places)
    if purpose == WHO and world.rules.mode == FROM_DATA:
        return day + 1.0, 1.0
    return (day + 1.0 if purpose == WHO else 0.0) + place / places, 1.0 / places


@inner
def begin_kind(world, memory, day, purpose, place, kind, people):
    """Let people of one class begin at a place."""
    if people <= 0:
        return
    tables = memory.tables
    row = put(tables, tables.now.here, pack(world.rules, place, 0, 0, 0, world.rules.on_foot, -1, kind), people)
    if row >= 0:
        if tables.recent.shape[1] > 0:
            tables.recent[row, 0] += np.float32(people)
        first, width = _when(world, day, purpose, place)
        mean = first + 0.5 * width
        tables.cells[row].began += people * mean
        tables.cells[row].square += people * (mean * mean + width * width / 12.0)
    count_people(world, memory, day, place, people)


@inner
def begin(world, memory, key, day, purpose, place, people):
    """Let people begin at a place, shared over the classes there."""
    if people <= 0:
        return
    shares = memory.shares
    shares[0] = people
    if len(shares) > 1:
        entity = entity_of(world, world.places[place].key, purpose, 0, 0, -1)
        draw_multinomial(key, entity, day, people, world.class_share[place], shares)
    for kind in range(len(shares)):
        begin_kind(world, memory, day, purpose, place, kind, shares[kind])


@inner
def spawn(world, memory, key, day):
    """Let the day's people begin; return how many, or -1 where no place can send anybody (Flee stops there)."""
    mode, spots = world.rules.mode, memory.spots
    if mode == FROM_DATA:
        total = 0.0
        for place in range(len(spots)):
            memory.due[place] = world.state[day, place].spawn * spots[place].heads
            total += memory.due[place]
        if not total > 0.0:
            return np.int64(-1)
        entity = entity_of(world, 0, WHERE, 0, 0, -1)
        draw_multinomial(key, entity, day, world.days[day].arriving, memory.due, memory.begun)
    created = np.int64(0)
    for place in range(len(spots)):
        people, amount = memory.begun[place], world.state[day, place].spawn
        if mode == FIXED:
            people = np.int64(amount)
        elif mode == RATIO:
            people = np.int64(amount * spots[place].heads)
        elif mode == POISSON:
            people = draw_poisson(key, entity_of(world, world.places[place].key, HOW_MANY, 0, 0, -1), day, 0, amount)
        begin(world, memory, key, day, WHO, place, people)
        created += max(people, 0)
        if world.rules.taking:
            spots[place].heads = max(spots[place].heads - people, 0.0)
    return created


@inner
def refresh_scores(world, memory, day):
    """Bring the attraction of every place up to date for every class."""
    row = world.days[day].pull_row
    for place in range(len(world.places)):
        memory.spots[place].plain = world.pull[row, place].score * world.pull[row, place].factor
    for kind in range(len(world.classes)):
        power = world.classes[kind].power
        for place in range(len(world.places)):
            pull = world.pull[row, place]
            score = pull.score
            if power != 1.0:
                score = score**power
            score *= pull.factor * memory.pairs[kind, place].affinity
            if pull.forecast >= 0.0:
                score *= pull.forecast * world.classes[kind].chance
            if pull.crowd:
                score *= max(1.0, memory.spots[place].heads) ** world.rules.crowd_power
            memory.pairs[kind, place].score = score
    memory.tables.now.version += 1


@inner
def match_places(world, memory, day):
    """Set today's affinity of classes to places from who is there: shares of ethnicity (bit 1) and religion (2)."""
    row, pairs = world.days[day].pull_row, memory.pairs
    start, end = rows_of(memory.tables, memory.tables.now.here)
    for kind in range(len(world.classes)):
        for place in range(len(world.places)):
            pairs[kind, place].affinity = world.affinity[kind, place]
    for which in range(2):
        for kind in range(len(world.classes)):
            for place in range(len(world.places)):
                pairs[kind, place].alike = 0.0
        for cell in memory.tables.cells[start:end]:
            place, _, _, _, _, kind = unpack(world.rules, cell.key)
            for other in range(len(world.classes)):
                if _likeness(world.classes[other], which) == _likeness(world.classes[kind], which):
                    pairs[other, place].alike += cell.people
        scale = 10.0 if which == 0 else 1.0 / world.rules.religion
        for kind in range(len(world.classes)):
            for place in range(len(world.places)):
                if (world.pull[row, place].alike >> which) & 1:
                    heads = memory.spots[place].heads
                    heads = heads if heads >= 1.0 else 1e8
                    pairs[kind, place].affinity *= pairs[kind, place].alike / heads * scale


@inlined
def _likeness(group, which):
    """Return the ethnicity (0) or the religion (1) of a class."""
    return group.ethnicity if which == 0 else group.religion


@inner
def set_chances(world, memory, day):
    """Set today's chance to leave each place; negative where it is to be multiplied by a class's factor."""
    rules = world.rules
    for place in range(len(world.places)):
        state = world.state[day, place]
        chance = state.chance
        if rules.chance_power != 0.0:
            heads = max(memory.spots[place].heads, state.capacity, 0.0)
            chance *= (heads / rules.chance_base) ** rules.chance_power
        chance = state.hunger + (1.0 - state.hunger) * chance
        if state.flood >= 0.0:
            chance = state.flood
        if state.forecast >= 0.0:
            chance *= -state.forecast
        memory.spots[place].chance = chance


@inlined
def chance_of(world, memory, place, kind):
    """Return the chance that people of a class leave a place now."""
    chance = memory.spots[place].chance
    return chance if chance >= 0.0 else -chance * world.classes[kind].chance
