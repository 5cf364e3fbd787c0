"""Going back: who is outside, or displaced inside, sets out for where the group lived (docs/model.md, rule 34)."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202
import numpy as np

from corridor.chance.compiled import compiled, inlined
from corridor.chance.draws import FIRST, draw_binomial, draw_multinomial
from corridor.simulate.arrays import Floats
from corridor.simulate.happenings import EVACUATION_SEATS
from corridor.simulate.queues import push, take_part
from corridor.simulate.state import State

WHERE_TO = 1 << 24  # beside the draw of how many


def set_out_for_home(state: State, step: int) -> None:
    """Put those who go back in this step on the road."""
    model, people, queues = state.model, state.model.people, state.queues
    if not len(people.homes) or not state.return_rate.any():
        return
    _set_out(
        model.network.layout, queues, state.luck.at(step), state.entities["return"], step,
        model.clock.middle_tick(step), -np.expm1(-_find_rates(state) * model.clock.step_hours), _find_homes(state),
        _find_sizes(state), state.routes.onward, people.homes, people.home_streams,
        np.array([part.displaced for part in people.parts] + [False] * (len(people.groups) - people.leavers)),
        np.empty(len(people.homes)), np.empty(len(people.homes), dtype=np.int64),
    )  # fmt: skip


def _find_rates(state: State) -> Floats:
    """Return the rates at which parts of groups go back [R, groups]; those once registered at the mean of all."""
    mine = state.return_rate[:, [part.group for part in state.model.people.parts]]
    return _append_mean(state, mine)


def _find_sizes(state: State) -> Floats:
    """Return the people in a vehicle on the way back [R, groups]."""
    own = np.where(state.model.people.own, state.inputs.people_per_vehicle, EVACUATION_SEATS)
    return _append_mean(state, own)


def _append_mean(state: State, values: Floats) -> Floats:
    """Return values of parts of groups [R, parts] and, for those who are one group once registered, their mean."""
    people = state.model.people
    if len(people.groups) == people.leavers:
        return values
    number = state.inputs.people.sum(axis=1)
    mean = (values * number).sum(axis=1) / np.maximum(number.sum(axis=1), 1)
    return np.concatenate([values, mean[:, None]], axis=1)


def _find_homes(state: State) -> Floats:
    """Return how many of a group lived at each home [R, groups, homes]; of those registered, how many of all."""
    people, lived = state.model.people, state.inputs.people
    of_group = np.array([[a.group == b.group for b in people.parts] for a in people.parts], dtype=float)
    at = np.searchsorted(people.origins, people.homes)
    shares = np.einsum("rhg,ag->rah", lived[:, at].astype(np.float64), of_group)
    if len(people.groups) == people.leavers:
        return np.asarray(shares)
    return np.concatenate([shares, lived[:, at].sum(axis=2, dtype=np.float64)[:, None]], axis=1)


@compiled
def _set_out(
    layout, queues, keys, entities, step, tick, chance, lived, size, onward, homes, streams, displaced, weights, counts
):
    """Draw who goes back and where to, from every place outside and, of those displaced, inside.

    `chance` [R, G], `lived` [R, G, H] at each of the `homes`, `size` [R, G] people in a vehicle; `streams` [G, P].
    `weights` and `counts` [H] are memory to work in.
    """
    for r in range(chance.shape[0]):
        for place in range(layout.entry_queue.shape[0]):
            origin, inside = layout.origin_of[place], layout.inside[place]
            if layout.entry_queue[place] < 0 or (inside and origin < 0):
                continue
            for g in range(chance.shape[1]):
                if chance[r, g] <= 0.0 or (inside and not displaced[g]):
                    continue
                there = queues.present[r, origin, g] if inside else queues.resting[r, place, g]
                if there == 0 or not _weigh_homes(
                    layout, onward[r, place], place, lived[r, g], homes, streams[g], weights
                ):
                    continue
                people = draw_binomial(keys[r], entities[place, g], step, FIRST, there, chance[r, g])
                if people == 0:
                    continue
                if inside:
                    queues.present[r, origin, g] -= people
                else:
                    queues.resting[r, place, g] -= people
                    queues.gone_back[r, place] += people
                vehicles = max(1, min(people, round(people / size[r, g])))
                draw_multinomial(keys[r], entities[place, g], step + WHERE_TO, vehicles, weights, counts)
                _join_road(layout, queues, r, place, tick, homes, streams[g], counts, vehicles, people)


@inlined
def _weigh_homes(layout, onward, place, lived, homes, streams, weights):
    """Write how many lived at each home to which a way is open from a place; return whether there is any."""
    total = 0.0
    for h in range(homes.shape[0]):
        stream = streams[homes[h]]
        is_open = homes[h] != place and stream >= 0 and onward[layout.stream_course[stream]] >= 0
        weights[h] = lived[h] if is_open else 0.0
        total += weights[h]
    return total > 0.0


@inlined
def _join_road(layout, queues, r, place, tick, homes, streams, counts, vehicles, people):
    """Let vehicles bound for each home join the queue into the road; people go in proportion."""
    queue = layout.entry_queue[place]
    entry = queue - layout.link_to.shape[0]
    for h in range(homes.shape[0]):
        if counts[h] > 0:
            part, stream = take_part(people, counts[h], vehicles), streams[homes[h]]
            units = counts[h] * round(1.0 / layout.stream_share[stream])
            queues.standing[r, entry] += units
            queues.joining[r, entry] += units
            push(queues.lines, r, queue, tick, stream, units, part, 0.0, 0.0)
            vehicles -= counts[h]
            people -= part
