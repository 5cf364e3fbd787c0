"""The choice among the routes from a place: their weights, and how many take each."""

from __future__ import annotations

from numba import njit

from corridor.chance.draws import draw_binomial, draw_uniforms
from corridor.flee import arena as at


@njit(cache=True, error_model="numpy")
def weigh(ints, reals, epoch, place, kind):  # type: ignore[no-untyped-def]
    """Bring the weights of the routes from a place up to date for one class."""
    places = ints[at.PLACES]
    options = ints[at.OPTION_FROM] + epoch * (places + 1)
    base, begin, end = ints[options], ints[options + place], ints[options + place + 1]
    weights = ints[at.WEIGHT] + stride_of(ints, reals) * kind - base
    scores, rooms = ints[at.SCORE] + kind * places, ints[at.ROOM]
    near, softening, power = ints[at.OPTION_NEAR], reals[at.SOFTENING], reals[at.POWER]
    fixed = ints[at.FIXED_ROUTES] == 1
    total = best = 0.0
    for i in range(begin, end):
        last = ints[ints[at.NODE_LAST] + ints[ints[at.OPTION_NODE] + i]]
        score = reals[scores + last]
        if ints[at.SPREAD] == 1:
            score *= reals[ints[at.NEARNESS] + place * places + last]
        weight = (softening + score) * reals[near + i]
        if not fixed:
            weight *= reals[rooms + last]
        if power != 1.0:
            weight = weight**power
        if fixed:
            weight *= score
        reals[weights + i] = weight
        best = max(best, weight)
        total += weight
    if reals[at.PRUNING] >= 1.001 and not fixed:
        total = 0.0
        for i in range(begin, end):
            if reals[weights + i] < best / reals[at.PRUNING]:
                reals[weights + i] = 0.0
            total += reals[weights + i]
    if not total > 0.0:
        for i in range(begin, end):
            reals[weights + i] = 1.0
        total = float(end - begin)
    so_far, up_to = 0.0, ints[at.UP_TO] + weights - ints[at.WEIGHT]
    for i in range(begin, end):
        so_far += reals[weights + i]
        reals[up_to + i] = so_far
    reals[ints[at.TOTAL] + kind * places + place] = total
    ints[ints[at.FRESH] + kind * places + place] = ints[at.VERSION]


@njit(cache=True, error_model="numpy", forceinline=True)
def stride_of(ints, reals):  # type: ignore[no-untyped-def]
    """Return the room for one class's weights."""
    return (ints[at.UP_TO] - ints[at.WEIGHT]) // ints[at.KINDS]


@njit(cache=True, error_model="numpy")
def choose(ints, reals, key, entity, day, weights, total, options, people):  # type: ignore[no-untyped-def]
    """Share people over routes: their numbers go into COUNTS, the routes taken into CHOSEN; return how many those are.

    A few people choose one by one, many by a draw for each route; the law is the same.
    """
    counts, chosen, used = ints[at.COUNTS], ints[at.CHOSEN], 0
    if people <= options:
        up_to = weights + ints[at.UP_TO] - ints[at.WEIGHT]
        second = 0.0
        for person in range(people):
            if person % 2 == 0:
                first, second = draw_uniforms(key, entity, day, (1 << 28) + person)
                point = first * total
            else:
                point = second * total
            low, left = 0, options
            while left > 1:  # halves without branches, which a processor cannot foresee
                half = left >> 1
                low += half * (reals[up_to + low + half - 1] <= point)
                left -= half
            while reals[weights + low] <= 0.0:  # by rounding alone
                low -= 1
            if ints[counts + low] == 0:
                ints[chosen + used] = low
                used += 1
            ints[counts + low] += 1
        return used
    rest = people
    for i in range(options):
        weight = reals[weights + i]
        if weight > 0.0:
            taken = rest
            if i < options - 1 and weight < total * (1.0 - 1e-12):
                taken = draw_binomial(key, entity, day, (i + 1) << 16, rest, weight / total)
            if taken > 0:
                ints[counts + i], ints[chosen + used] = taken, i
                used += 1
                rest -= taken
            total -= weight
        if rest == 0:
            break
    if rest > 0:  # by rounding alone: the last routes have no weight
        ints[counts + ints[chosen + used - 1]] += rest
    return used
