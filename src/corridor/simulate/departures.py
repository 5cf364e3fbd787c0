"""Departures, compiled: who decides to go, who finds a vehicle, and which way they set out."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
from typing import NamedTuple

import numpy as np

from corridor.chance.compiled import compiled, inlined
from corridor.chance.draws import FIRST, LATER, draw_binomial, draw_multinomial
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.model import ON_FOOT, OWN_VEHICLE
from corridor.simulate.queues import push, take_part

LAST_SALT = 255  # beyond those of fleets
WHOLE = 1.0 - 1e-6  # vehicles: what is less than a whole one has not all arrived


@compiled
def decide(keys, entities, step, chance, present, waiting, decided):
    """Draw who decides to leave: from `present` to `waiting`, people [R, O, G]; `decided` [R, O] counts them."""
    replicates, origins, groups = present.shape
    for r in range(replicates):
        for o in range(origins):
            for g in range(groups):
                people = present[r, o, g]
                if people > 0 and chance[r, o, g] > 0.0:
                    leaving = draw_binomial(keys[r], entities[o, g], step, FIRST, people, chance[r, o, g])
                    present[r, o, g] -= leaving
                    waiting[r, o, g] += leaving
                    decided[r, o] += leaving


@compiled
def give_up(keys, entities, step, chance, waiting, walking):
    """Draw who of those `waiting` for a vehicle waits no longer: `walking` [R, O, G]; `chance` [R, G]."""
    for r in range(waiting.shape[0]):
        for o in range(waiting.shape[1]):
            for g in range(waiting.shape[2]):
                people = waiting[r, o, g]
                walking[r, o, g] = 0
                if people > 0:
                    walking[r, o, g] = draw_binomial(keys[r], entities[o, g], step, FIRST, people, chance[r, g])


@compiled
def give_papers(keys, entities, step, chance, held, free, places, present, waiting, at_place):
    """Draw who of those held gets papers: from `held` to `free` groups, present or waiting; `chance` [R, H]."""
    for r in range(present.shape[0]):
        for o in range(present.shape[1]):
            for h in range(held.shape[0]):
                g, to = held[h], free[h]
                if chance[r, h] > 0.0 and present[r, o, g] + waiting[r, o, g] > 0:
                    staying = draw_binomial(keys[r], entities[o, g], step, FIRST, present[r, o, g], chance[r, h])
                    going = draw_binomial(keys[r], entities[o, g], step, LATER, waiting[r, o, g], chance[r, h])
                    present[r, o, g] -= staying
                    present[r, o, to] += staying
                    waiting[r, o, g] -= going
                    waiting[r, o, to] += going
                    at_place[r, places[o], g] -= staying + going
                    at_place[r, places[o], to] += staying + going


class Crowd(NamedTuple):
    """Who waits at the origins for a vehicle, and where they want to go."""

    origins: Integers  # [O] places
    open_way: Flags  # [R, V, O] for each chooser
    weights: Floats  # [R, V, O, goals]
    walking: Integers  # [R, O, G] of those waiting, who go by what needs no vehicle
    boarding: Integers  # [R, O, G] groups in the order in which they board
    waiting: Integers  # [R, O, G] people
    loaded: Integers  # [R, O, W, 2] full vehicles and their people so far, by what is boarded


class Entries(NamedTuple):
    """Where people set out: the queues of the layout that are entries, those on foot apart."""

    entry_queue: Integers  # [P]
    foot_queue: Integers  # [P]
    first: int  # number of the first of these queues


class Vehicles(NamedTuple):
    """What takes people out, and the fuel it needs for the way."""

    people_per_vehicle: Floats  # [R, G]
    fuel_litres: Floats  # [R, G] for a group's own vehicle
    seats: Floats  # [R, F]
    fleet_litres: Floats  # [R, O, F]
    at_hand: Integers  # [R, F]
    out: Integers  # [R, F] on their way out
    fuel_stock: Floats  # [R, P]


@compiled
def load(
    entries, lines, standing, joining, keys, entities, step, tick, last_call, options, crowd, vehicles, split
):  # fmt: skip
    """Put waiting people into what they board, in the order of their wish; those left over go on waiting.

    Vehicles of their own hold `people_per_vehicle`; others must be `at_hand` in a fleet. Those `walking` need none. A
    vehicle takes its fuel from the stock of the place. It leaves full; at a `last_call` also
    with whoever is there. `loaded` counts full vehicles and their people, so that an average of 4.5 people in a
    vehicle is kept in whole people. `split` [goals] is memory to work in.
    """
    replicates, count, groups = crowd.waiting.shape
    fuel_stock = vehicles.fuel_stock
    for r in range(replicates):
        for turn in range(count):
            o = (turn + step) % count  # no place is always first at the vehicles of a fleet
            place = crowd.origins[o]
            for position in range(groups):
                g = crowd.boarding[r, o, position]
                for option in range(options.start[g], options.start[g + 1]):
                    chooser, fleet = options.chooser[option], options.fleet[option]
                    if crowd.waiting[r, o, g] == 0 or not crowd.open_way[r, chooser, o]:
                        continue
                    if fleet == ON_FOOT:
                        people = crowd.waiting[r, o, g]
                        if option > options.start[g]:  # something else would have been liked better
                            people = min(people, crowd.walking[r, o, g])
                        leaving = people
                        crowd.waiting[r, o, g] -= people
                    else:
                        if fleet == OWN_VEHICLE:
                            size, litres = vehicles.people_per_vehicle[r, g], vehicles.fuel_litres[r, g]
                            most = crowd.waiting[r, o, g]
                            if options.beside[option]:  # each for himself, without fuel
                                size, litres = 1.0, 0.0
                        else:
                            size, litres = vehicles.seats[r, fleet], vehicles.fleet_litres[r, o, fleet]
                            most = vehicles.at_hand[r, fleet]
                        most = _count_fuelled(most, litres, fuel_stock[r, place])
                        leaving, people = _fill(
                            crowd.waiting, crowd.loaded[r, o, option], r, o, g, size, most, last_call
                        )
                        if leaving > 0:
                            fuel_stock[r, place] -= leaving * litres
                            if fleet >= 0:
                                vehicles.at_hand[r, fleet] -= leaving
                                vehicles.out[r, fleet] += leaving
                    if leaving > 0:
                        queue = entries.foot_queue[place] if options.beside[option] else entries.entry_queue[place]
                        salt = (fleet + 1 if fleet >= OWN_VEHICLE else LAST_SALT) << 24
                        weights = crowd.weights[r, chooser, o]
                        draw_multinomial(keys[r], entities[o, g], step + salt, leaving, weights, split)
                        set_out(
                            entries, lines, standing, joining, r, queue, tick, options, option, split, leaving, people
                        )


@inlined
def _count_fuelled(most, litres, stock):
    """Return for how many vehicles there is fuel, at most `most` (one for each person, or those at hand)."""
    if litres > 0.0 and most * litres > stock:
        return int(max(stock, 0.0) / litres)
    return most


@inlined
def _fill(waiting, loaded, r, o, g, size, most, last_call):
    """Take people from `waiting` into at most `most` vehicles; return vehicles and people. `loaded` [2] as above."""
    if most <= 0:
        return 0, 0
    people = waiting[r, o, g]
    vehicles = min(int(people / size), most)
    if vehicles > 0:
        loaded[0] += vehicles
        seats = int(loaded[0] * size + 1e-9) - loaded[1]
        people = min(people, max(seats, vehicles))
        loaded[1] += people
    elif last_call:
        vehicles = 1
    else:
        people = 0
    waiting[r, o, g] -= people
    return vehicles, people


@inlined
def set_out(entries, lines, standing, joining, r, queue, tick, options, option, split, vehicles, people):
    """Let vehicles of an option, split over its streams, join the queue into the road; people go in proportion."""
    room, streams = options.room[option], options.streams[option]
    standing[r, queue - entries.first] += vehicles * room
    joining[r, queue - entries.first] += vehicles * room
    for d in range(split.shape[0]):
        if split[d] > 0:
            part = take_part(people, split[d], vehicles)
            push(lines, r, queue, tick, streams[d], split[d] * room, part, 0.0, 0.0)
            vehicles -= split[d]
            people -= part


@compiled
def send_back(returned, out, coming, due, fleet_groups):
    """Send the vehicles of fleets that have arrived on their way back, in the order of the fleets.

    Whole vehicles of `returned` [R, G] by group are used up; `out` [R, F] are on their way out; `coming` [steps + 2, R,
    F] is where they come back at step `due` [R, F], those due later than that never.
    """
    for r in range(out.shape[0]):
        for g in range(returned.shape[1]):
            for f in range(out.shape[1]):
                if returned[r, g] >= WHOLE and fleet_groups[f, g]:
                    taken = min(int(returned[r, g] + 1.0 - WHOLE), out[r, f])
                    returned[r, g] -= taken
                    out[r, f] -= taken
                    if due[r, f] < coming.shape[0] - 1:
                        coming[due[r, f], r, f] += taken
            returned[r, g] -= int(returned[r, g] + 1.0 - WHOLE)  # vehicles of no fleet, sent by authorities


@compiled
def evacuate(layout, lines, standing, joining, present, which, wanted, origin, queue, tick, size, streams):
    """Put people of a place on the road, in replicates `which`, groups in proportion to who is there.

    `wanted` [R] people go if there are so many, in vehicles of `size` [R, G]; `streams` [G] say where to.
    """
    links = layout.link_to.shape[0]
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
                units = vehicles * round(1.0 / layout.stream_share[streams[g]])
                standing[r, queue - links] += units
                joining[r, queue - links] += units
                push(lines, r, queue, tick, streams[g], units, people, 0.0, 0.0)
