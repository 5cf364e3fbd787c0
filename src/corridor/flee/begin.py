"""Before anybody moves in a day: people begin, places are scored, and the chance to leave each is set."""

from __future__ import annotations

import numpy as np
from numba import njit

from corridor.chance.draws import draw_multinomial, draw_poisson
from corridor.flee import arena as at
from corridor.flee.cells import cell_at, count_people, entity_of, pack, put, recent_at, state_of, unpack

FROM_DATA, FIXED, RATIO, POISSON = range(4)  # how people begin to leave
WHERE, WHO, HOW_MANY, AT_FIRST = range(4, 8)  # what is drawn


@njit(cache=True, error_model="numpy")
def begin(ints, reals, key, day, purpose, place, people):  # type: ignore[no-untyped-def]
    """Let people begin at a place, shared over the classes there."""
    if people <= 0:
        return
    kinds, counts, first = ints[at.KINDS], ints[at.SHARES], ints[at.ON_FOOT]
    ints[counts] = people
    if kinds > 1:
        entity = entity_of(ints, ints[ints[at.PLACE_KEY] + place], purpose, 0, 0, -1)
        shares = ints[at.CLASS_SHARE] + place * kinds
        draw_multinomial(key, entity, day, people, reals[shares : shares + kinds], ints[counts : counts + kinds])
    for kind in range(kinds):
        if ints[counts + kind] > 0:
            here = ints[at.HERE]
            slot = put(ints, reals, here, pack(ints, place, 0, 0, 0, first, -1, kind), ints[counts + kind])
            if slot >= 0 and ints[at.BINS] > 0:
                reals[recent_at(ints, reals, here, slot)] += ints[counts + kind]
    count_people(ints, reals, day, place, people)


@njit(cache=True, error_model="numpy")
def spawn(ints, reals, key, day):  # type: ignore[no-untyped-def]
    """Let the day's people begin; return how many, or -1 where no place can send anybody (Flee stops there)."""
    mode, places, counts = ints[at.MODE], ints[at.PLACES], ints[at.DIRECT]
    heads, table = ints[at.HEADS], ints[at.SPAWN] + day * ints[at.PLACES]
    if mode == FROM_DATA:
        weights, total = ints[at.DUE], 0.0
        for place in range(places):
            reals[weights + place] = reals[table + place] * reals[heads + place]
            total += reals[weights + place]
        if not total > 0.0:
            return np.int64(-1)
        entity = entity_of(ints, 0, WHERE, 0, 0, -1)
        due = ints[ints[at.ARRIVING] + day]
        draw_multinomial(key, entity, day, due, reals[weights : weights + places], ints[counts : counts + places])
    created = np.int64(0)
    for place in range(places):
        people, amount = ints[counts + place], reals[table + place]
        if mode == FIXED:
            people = np.int64(amount)
        elif mode == RATIO:
            people = np.int64(amount * reals[heads + place])
        elif mode == POISSON:
            entity = entity_of(ints, ints[ints[at.PLACE_KEY] + place], HOW_MANY, 0, 0, -1)
            people = draw_poisson(key, entity, day, 0, amount)
        begin(ints, reals, key, day, WHO, place, people)
        created += max(people, 0)
        if ints[at.TAKING] == 1:
            reals[heads + place] = max(reals[heads + place] - people, 0.0)
    return created


@njit(cache=True, error_model="numpy")
def refresh_scores(ints, reals, day):  # type: ignore[no-untyped-def]
    """Bring the attraction of every place up to date for every class."""
    places = ints[at.PLACES]
    pull = ints[at.PULL] + ints[ints[at.PULL_ROW] + day] * 4 * places
    for kind in range(ints[at.KINDS]):
        power = reals[ints[at.CLASS_POWER] + kind]
        for place in range(places):
            score = reals[pull + place]
            if power != 1.0:
                score = score**power
            score *= reals[pull + places + place] * reals[ints[at.AFFINITY] + kind * places + place]
            if reals[pull + 2 * places + place] > 0.0:
                score *= max(1.0, reals[ints[at.HEADS] + place]) ** reals[at.CROWD_POWER]
            reals[ints[at.SCORE] + kind * places + place] = score
    ints[at.VERSION] += 1


@njit(cache=True, error_model="numpy")
def match_places(ints, reals, day):  # type: ignore[no-untyped-def]
    """Set today's affinity of classes to places from who is there: shares of ethnicity (bit 1) and religion (2)."""
    places, kinds = ints[at.PLACES], ints[at.KINDS]
    affinity, still = ints[at.AFFINITY], ints[at.STILL_AFFINITY]
    likeness = ints[at.PULL] + (ints[ints[at.PULL_ROW] + day] * 4 + 3) * places
    reals[affinity : affinity + kinds * places] = reals[still : still + kinds * places]
    for which in range(2):
        shares = np.zeros((kinds, places))
        alike = ints[at.LIKENESS] + which * kinds
        for slot in range(ints[ints[at.LENGTH] + ints[at.HERE]]):
            cell, people = cell_at(ints, ints[at.HERE], slot)
            place, _, _, _, _, kind = unpack(ints, cell)
            for other in range(kinds):
                if ints[alike + other] == ints[alike + kind]:
                    shares[other, place] += people
        scale = 10.0 if which == 0 else 1.0 / reals[at.RELIGION]
        for kind in range(kinds):
            for place in range(places):
                if (np.int64(reals[likeness + place]) >> which) & 1:
                    heads = reals[ints[at.HEADS] + place]
                    heads = heads if heads >= 1.0 else 1e8
                    reals[affinity + kind * places + place] *= shares[kind, place] / heads * scale


@njit(cache=True, error_model="numpy")
def set_chances(ints, reals, day):  # type: ignore[no-untyped-def]
    """Set today's chance to leave each place; negative where it is to be multiplied by a class's factor."""
    for place in range(ints[at.PLACES]):
        chance = state_of(ints, reals, day, 0, place)
        if reals[at.CHANCE_POWER] != 0.0:
            heads = max(reals[ints[at.HEADS] + place], state_of(ints, reals, day, 3, place), 0.0)
            chance *= (heads / reals[at.CHANCE_BASE]) ** reals[at.CHANCE_POWER]
        hunger = state_of(ints, reals, day, 4, place)
        flood, forecast = state_of(ints, reals, day, 5, place), state_of(ints, reals, day, 6, place)
        chance = hunger + (1.0 - hunger) * chance
        if flood >= 0.0:
            chance = flood
        if forecast >= 0.0:
            chance *= -forecast
        reals[ints[at.CHANCE] + place] = chance


@njit(cache=True, error_model="numpy", forceinline=True)
def chance_of(ints, reals, place, kind):  # type: ignore[no-untyped-def]
    """Return the chance that people of a class leave a place now."""
    chance = reals[ints[at.CHANCE] + place]
    return chance if chance >= 0.0 else -chance * reals[ints[at.CLASS_CHANCE] + kind]
