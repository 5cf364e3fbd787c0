"""Convoys of fleets for both take people who wait along on their way back (rule 38)."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN201
import numpy as np

from corridor.chance.compiled import compiled
from corridor.chance.draws import draw_multinomial
from corridor.simulate.arrays import Flags, Integers
from corridor.simulate.convoys import COMING_BACK, DONE, READY, ask_slots, use_slots
from corridor.simulate.departures import Crowd, Entries, set_out
from corridor.simulate.goods import Convoy
from corridor.simulate.relief import Relief
from corridor.simulate.state import State


def take_along(state: State, relief: Relief, step: int) -> None:
    """Let people who wait board convoys that have unloaded; vehicles that nobody boards go home."""
    hour, hours = step * state.model.clock.step_hours, state.model.clock.step_hours
    caravans = relief.caravans
    for c, convoy in enumerate(relief.supplies.convoys):
        if convoy.takes < 0 or caravans.over[c]:
            continue
        ready = (caravans.stage[:, c] == READY) & (caravans.free_at[:, c] <= hour + hours)
        now = np.maximum(caravans.free_at[:, c], hour)
        if convoy.slots_back and not convoy.known_end and ready.any():
            ready = ask_slots(relief, c, convoy, convoy.slots_back, ready, now, hour + hours)
            use_slots(relief, c, convoy, convoy.slots_back, ready, now)
        if not ready.any():
            continue
        _board(state, relief, c, convoy, ready, step)
        empty = ready & (caravans.crew[:, c] > 0)
        caravans.stage[ready, c] = DONE
        caravans.free_at[ready, c] = now[ready]
        caravans.stage[empty, c] = COMING_BACK
        caravans.free_at[empty, c] = (now + relief.inputs.way_hours[:, c])[empty]


def _board(state: State, relief: Relief, c: int, convoy: Convoy, ready: Flags, step: int) -> None:
    """Let those who wait at the goal of a convoy board it; they join the road in the next step."""
    model, queues, caravans = state.model, state.queues, relief.caravans
    layout, clock = model.network.layout, model.clock
    origin = int(layout.origin_of[convoy.goal])
    if origin < 0:
        return
    here = np.where(ready, caravans.crew[:, c], 0)
    people = np.zeros(len(here), dtype=np.int64)
    load_convoy(
        Entries(layout.entry_queue, layout.foot_queue, len(layout.link_to)),
        queues.lines,
        queues.standing,
        queues.joining,
        state.luck.at(step),
        state.entities["along"][c],
        step,
        clock.middle_tick(step + 1),
        model.people.options,
        Crowd(model.people.origins, state.open_way, state.leave_weights, state.walking, state.boarding, state.waiting,
              state.loaded),
        state.inputs.seats[:, convoy.takes],
        (convoy.takes, origin),
        here,
        people,
        np.empty(state.leave_weights.shape[3], dtype=np.int64),
    )  # fmt: skip
    gone = np.where(ready, caravans.crew[:, c] - here, 0)
    state.out[:, convoy.takes] += gone
    caravans.crew[:, c] -= gone
    caravans.taken[:, c] += people


@compiled
def load_convoy(
    entries, lines, standing, joining, keys, entities, step, tick, options, crowd, seats, where, here, people, split
):  # fmt: skip
    """Put people who wait at an origin into the vehicles of a convoy, whoever is there, groups as they board.

    `where` is the fleet and the origin. Of the vehicles `here` [R] those stay that nobody boards; `people` [R] is how
    many do. Groups choose where to as they do in any vehicle; each vehicle holds people of one group.
    """
    fleet, o = where
    place = crowd.origins[o]
    for r in range(here.shape[0]):
        for position in range(crowd.waiting.shape[2]):
            g = crowd.boarding[r, o, position]
            for option in range(options.start[g], options.start[g + 1]):
                waiting, chooser = crowd.waiting[r, o, g], options.chooser[option]
                if options.fleet[option] != fleet or waiting == 0 or not crowd.open_way[r, chooser, o]:
                    continue
                vehicles = min(int(np.ceil(waiting / seats[r])), here[r])
                if vehicles > 0:
                    boarding = min(waiting, int(vehicles * seats[r] + 1e-9))
                    crowd.waiting[r, o, g] -= boarding
                    here[r] -= vehicles
                    people[r] += boarding
                    draw_multinomial(keys[r], entities[g], step, vehicles, crowd.weights[r, chooser, o], split)
                    queue = entries.entry_queue[place]
                    set_out(
                        entries, lines, standing, joining, r, queue, tick, options, option, split, vehicles, boarding
                    )


def park(state: State, home: Integers) -> Integers:
    """Let vehicles that are `home` [R, F] drive again as convoys where their fleet is for both; return the others."""
    haulers = state.model.fleets.haulers
    both = np.flatnonzero(haulers >= 0)
    if not len(both):
        return home
    if state.relief is not None:
        state.relief.caravans.at_base[:, haulers[both]] += home[:, both]
    return np.where(haulers < 0, home, 0)


def count_at_hand(state: State) -> Integers:
    """Return the vehicles of fleets that can load [R, F]: of those for both the ones at their base."""
    haulers, relief = state.model.fleets.haulers, state.relief
    if relief is None or (haulers < 0).all():
        return state.at_hand
    return np.where(haulers < 0, state.at_hand, relief.caravans.at_base[:, haulers])
