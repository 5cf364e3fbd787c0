"""Beds: where they are all taken people choose other places, and those who come go on (docs/model.md, rule 33)."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202
import numpy as np

from corridor.chance.compiled import compiled
from corridor.chance.draws import draw_multinomial
from corridor.simulate.arrays import Floats, Integers
from corridor.simulate.desks import PEOPLE_IN_A_BUS, send_on
from corridor.simulate.state import State


def leave_out_full(state: State, rows: Integers, weights: Floats, places: Integers) -> Floats:
    """Return weights of places [rows, n, places] without those that are full; all where nothing else is open."""
    if not state.model.people.has_beds:
        return weights
    free = weights * ~state.full[rows][:, None, places]
    return np.where(free.sum(axis=2, keepdims=True) > 0.0, free, weights)


def go_on_from_full(state: State, step: int) -> None:
    """Send on those who have come where all beds are taken, by bus, to places where some are free."""
    model, people, queues = state.model, state.model.people, state.queues
    if not people.has_beds:
        return
    settling = people.settling_places
    _send_on_all(
        model.network.layout, queues, state.luck.at(step), state.entities["go_on"], step,
        model.clock.middle_tick(step + 1), state.full, state.settle_weights, people.halts, settling,
        people.road_streams[-1, settling], np.empty(len(settling), dtype=np.int64), np.empty(len(settling)),
    )  # fmt: skip
    here = queues.settled - queues.gone_back
    displaced = [index for index, part in enumerate(people.parts) if part.displaced]
    here[:, people.origins] += queues.present[:, :, displaced].sum(axis=2)
    full = here >= state.inputs.beds
    state.rerouted |= (full != state.full).any(axis=1)
    state.full = full


@compiled
def _send_on_all(
    layout, queues, keys, entities, step, tick, full, weights, halts, settling_places, streams, counts, open_weights
):
    """Let people in `going_on` leave for places that are not full; where there are none they stay.

    `counts` and `open_weights` [settling] are memory to work in.
    """
    last = queues.at_place.shape[2] - 1
    for r in range(full.shape[0]):
        for h in range(halts.shape[0]):
            place, people = halts[h], np.int64(0)
            for g in range(last + 1):
                people += queues.going_on[r, place, g]
            if people == 0:
                continue
            total = 0.0
            for s in range(settling_places.shape[0]):
                goal = settling_places[s]
                open_weights[s] = 0.0 if full[r, goal] or goal == place else weights[r, h, s]
                total += open_weights[s]
            for g in range(last + 1):
                if total > 0.0:
                    queues.at_place[r, place, g] -= queues.going_on[r, place, g]
                elif queues.resting.shape[1] > 0:
                    queues.resting[r, place, g] += queues.going_on[r, place, g]
                queues.going_on[r, place, g] = 0
            if total <= 0.0:
                queues.settled[r, place] += people
                continue
            queues.at_place[r, place, last] += people
            vehicles = max(people // np.int64(PEOPLE_IN_A_BUS), np.int64(1))
            draw_multinomial(keys[r], entities[h], step, vehicles, open_weights, counts)
            send_on(layout, queues, r, place, tick, vehicles, people, 0.0, 0.0, counts, settling_places, streams)
