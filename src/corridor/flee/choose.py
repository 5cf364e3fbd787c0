"""The choice among the routes from a place: their weights, and how many take each."""

from __future__ import annotations

from corridor.chance.compiled import merged

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
from corridor.chance.draws import draw_binomial, draw_uniforms


@merged
def weigh(world, memory, epoch, place, kind):
    """Bring the weights of the routes from a place up to date for one class.

    Fixed routes are weighted once by the place alone, and then by the class's own score; one whose first weight is 0
    does not exist in Flee. Where no route exists, the total is 0.
    """
    rules, weights, up_to = world.rules, memory.weight[kind], memory.up_to[kind]
    base, begin, end = world.option_from[epoch, 0], world.option_from[epoch, place], world.option_from[epoch, place + 1]
    count, begin, options = end - begin, begin - base, world.options[base:]
    total = best = 0.0
    existing = full = 0
    for i in range(begin, begin + count):
        last = world.nodes[options[i].node].last
        score = memory.pairs[kind, last].score
        full |= memory.spots[last].room < 0.5
        if rules.spread:
            score *= world.nearness[place, last]
        if rules.fixed_routes:
            weight = (rules.softening + memory.spots[last].plain) * options[i].near
        else:
            weight = (rules.softening + score) * options[i].near * memory.spots[last].room
        if rules.power != 1.0:
            weight = weight**rules.power
        exists = weight > 0.0 or not rules.fixed_routes
        existing += exists
        up_to[i] = exists
        if rules.fixed_routes:
            weight *= score
        weights[i] = weight
        best = max(best, weight)
        total += weight
    if rules.pruning >= 1.001 and not rules.fixed_routes:
        total = 0.0
        for i in range(begin, begin + count):
            if weights[i] < best / rules.pruning:
                weights[i] = 0.0
            total += weights[i]
    if not total > 0.0:
        for i in range(begin, begin + count):
            weights[i] = up_to[i]
        total = float(existing)
    so_far = 0.0
    for i in range(begin, begin + count):
        so_far += weights[i]
        up_to[i] = so_far
    memory.pairs[kind, place].total = total
    memory.pairs[kind, place].full = full
    memory.pairs[kind, place].fresh = memory.tables.now.version


@merged
def choose(key, entity, day, weights, up_to, counts, chosen, total, people):
    """Share people over routes: their numbers go into `counts`, the routes taken into `chosen`; return how many.

    A few people choose one by one, many by a draw for each route; the law is the same.
    """
    options, used = len(weights), 0
    if people <= options:
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
                low += half * (up_to[low + half - 1] <= point)
                left -= half
            while weights[low] <= 0.0:  # by rounding alone
                low -= 1
            if counts[low] == 0:
                chosen[used] = low
                used += 1
            counts[low] += 1
        return used
    rest = people
    for i in range(options):
        weight = weights[i]
        if weight > 0.0:
            taken = rest
            if i < options - 1 and weight < total * (1.0 - 1e-12):
                taken = draw_binomial(key, entity, day, (i + 1) << 16, rest, weight / total)
            if taken > 0:
                counts[i], chosen[used] = taken, i
                used += 1
                rest -= taken
            total -= weight
        if rest == 0:
            break
    if rest > 0:  # by rounding alone: the last routes have no weight
        counts[chosen[used - 1]] += rest
    return used
