"""Leaving, compiled: who decides to go, who finds a vehicle, and which way they set out."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
import math

import numpy as np
from numba import njit

from corridor.chance.compiled import INNER, OUTER
from corridor.chance.draws import draw_binomial, draw_multinomial, draw_uniforms
from corridor.simulate.queues import push, take_part


@njit(**OUTER)
def wander(keys, entities, step, keep, spread, level):
    """Move each `level` [R, N] one step on: a stationary Gauss-Markov path with standard deviation `spread` [R, N].

    `keep` [N] is the correlation from one step to the next.
    """
    for n in range(keep.shape[0]):
        fresh = math.sqrt(max(1.0 - keep[n] * keep[n], 0.0))
        for r in range(level.shape[0]):
            first, second = draw_uniforms(keys[r], entities[n], step, 0)
            normal = math.sqrt(-2.0 * math.log(first)) * math.cos(2.0 * math.pi * second)
            before = keep[n] * level[r, n] if step > 0 else 0.0
            level[r, n] = before + (fresh if step > 0 else 1.0) * spread[r, n] * normal


@njit(**OUTER)
def decide(keys, entities, step, chance, present, waiting, decided):
    """Draw who decides to leave: from `present` to `waiting`, people [R, O, G]; `decided` [R, O] counts them."""
    replicates, origins, groups = present.shape
    for r in range(replicates):
        for o in range(origins):
            for g in range(groups):
                people = present[r, o, g]
                if people > 0 and chance[r, o, g] > 0.0:
                    leaving = draw_binomial(keys[r], entities[o, g], step, 0, people, chance[r, o, g])
                    present[r, o, g] -= leaving
                    waiting[r, o, g] += leaving
                    decided[r, o] += leaving


@njit(**OUTER)
def load(
    lines,
    entry_queue,
    standing,
    keys,
    entities,
    step,
    tick,
    hour,
    last_call,
    origins,
    open_way,
    weights,
    streams,
    boarding,
    waiting,
    loaded,
    own,
    people_per_vehicle,
    fleet_groups,
    seats,
    at_hand,
    out,
    fuel_litres,
    fleet_litres,
    fuel_stock,
    split,
):
    """Put waiting people into vehicles at the entry of the road; those left over go on waiting.

    Groups that drive themselves (`own` [G]) fill vehicles of `people_per_vehicle` [R, G] and take `fuel_litres`
    each [R, G] from `fuel_stock` [R, P]; the others need vehicles `at_hand` [R, F] of a fleet that carries them
    (`fleet_groups` [F, G]), with `seats` [R, F], which take `fleet_litres` [R, O, F] each for the way out. A vehicle
    leaves full; at a `last_call` also one with whoever is there. `loaded` [R, O, G, 2] counts full vehicles and their
    people, so that an average of 4.5 people in a vehicle is kept in whole people. Gateways are drawn by `weights`
    [R, O, gateways]; `streams` [G, gateways] lead there; groups come in the order of `boarding`
    [R, O, G]; `split` [gateways] is memory to work in.
    """
    replicates, count, groups = waiting.shape
    for r in range(replicates):
        for turn in range(count):
            o = (turn + step) % count  # no place is always first at the vehicles of a fleet
            if not open_way[r, o]:
                continue
            place = origins[o]
            queue = entry_queue[place]
            for position in range(groups):
                g = boarding[r, o, position]
                fleet = -1  # their own vehicles come before those of fleets
                while waiting[r, o, g] > 0 and fleet < fleet_groups.shape[0]:
                    if fleet < 0:
                        size = people_per_vehicle[r, g]
                        most = (
                            _count_fuelled(waiting[r, o, g], fuel_litres[r, g], fuel_stock[r, place]) if own[g] else 0
                        )
                    else:
                        size = seats[r, fleet]
                        most = at_hand[r, fleet] if fleet_groups[fleet, g] and not own[g] else 0
                        most = _count_fuelled(most, fleet_litres[r, o, fleet], fuel_stock[r, place])
                    vehicles, people = _fill(waiting, loaded, r, o, g, size, most, last_call)
                    if vehicles > 0:
                        if fleet < 0:
                            fuel_stock[r, place] -= vehicles * fuel_litres[r, g]
                        else:
                            fuel_stock[r, place] -= vehicles * fleet_litres[r, o, fleet]
                            at_hand[r, fleet] -= vehicles
                            out[r, fleet] += vehicles
                        standing[r, place] += vehicles
                        salt = (fleet + 1) << 24
                        draw_multinomial(keys[r], entities[o, g], step + salt, vehicles, weights[r, o], split)
                        _set_out(lines, r, queue, tick, hour, streams[g], split, vehicles, people)
                    fleet += 1


@njit(**INNER)
def _count_fuelled(most, litres, stock):
    """Return for how many vehicles there is fuel, at most `most` (one for each person, or those at hand)."""
    if litres > 0.0 and most * litres > stock:
        return int(max(stock, 0.0) / litres)
    return most


@njit(**INNER)
def _fill(waiting, loaded, r, o, g, size, most, last_call):
    """Take people from `waiting` into at most `most` vehicles; return vehicles and people."""
    if most <= 0:
        return 0, 0
    people = waiting[r, o, g]
    vehicles = min(int(people / size), most)
    if vehicles > 0:
        loaded[r, o, g, 0] += vehicles
        seats = int(loaded[r, o, g, 0] * size + 1e-9) - loaded[r, o, g, 1]
        people = min(people, max(seats, vehicles))
        loaded[r, o, g, 1] += people
    elif last_call:
        vehicles = 1
    else:
        people = 0
    waiting[r, o, g] -= people
    return vehicles, people


@njit(**INNER)
def _set_out(lines, r, queue, tick, hour, streams, split, vehicles, people):
    """Let vehicles, split over streams, join the queue into the road; people go in proportion."""
    for d in range(split.shape[0]):
        if split[d] > 0:
            part = take_part(people, split[d], vehicles)
            push(lines, r, queue, tick, streams[d], split[d], part, hour, 0.0)
            vehicles -= split[d]
            people -= part


@njit(**OUTER)
def turn_back(returned, out, coming, due, fleet_groups):
    """Send the vehicles of fleets that have arrived on their way back, in the order of the fleets.

    `returned` [R, G] vehicles by group are used up; `out` [R, F] are on their way out; `coming` [steps + 2, R, F] is
    where they come back at step `due` [R, F], those due later than that never.
    """
    for r in range(out.shape[0]):
        for g in range(returned.shape[1]):
            for f in range(out.shape[1]):
                if returned[r, g] > 0 and fleet_groups[f, g]:
                    taken = min(returned[r, g], out[r, f])
                    returned[r, g] -= taken
                    out[r, f] -= taken
                    if due[r, f] < coming.shape[0] - 1:
                        coming[due[r, f], r, f] += taken
            returned[r, g] = 0


@njit(**OUTER)
def evacuate(lines, standing, present, which, wanted, origin, place, queue, tick, hour, size, streams):
    """Put people of a place on the road, in replicates `which`, groups in proportion to who is there.

    `wanted` [R] people go if there are so many, in vehicles of `size` [R, G]; `streams` [G] say where to.
    """
    for r in which:
        rest = np.int64(0)
        for g in range(present.shape[2]):
            rest += present[r, origin, g]
        left = min(wanted[r], rest)
        for g in range(present.shape[2]):
            here = present[r, origin, g]
            people = take_part(left, here, rest) if rest > 0 else 0
            rest -= here
            left -= people
            if people > 0:
                vehicles = max(1, min(people, round(people / size[r, g])))
                present[r, origin, g] -= people
                standing[r, place] += vehicles
                push(lines, r, queue, tick, streams[g], vehicles, people, hour, 0.0)
