"""Unforeseen changes of checkpoints: by a rate of its own the lanes of one change, it shuts, or it opens (rule 35)."""

from __future__ import annotations

# compiled functions take arrays of kinds that numba finds out
# mypy: disable-error-code="no-untyped-def"
# ruff: noqa: ANN001, ANN202
import numpy as np

from corridor.chance.compiled import compiled
from corridor.chance.draws import FIRST, LATER, draw_uniform, draw_uniforms
from corridor.simulate.arrays import Flags, Floats, Keys
from corridor.simulate.inputs import Inputs
from corridor.simulate.luck import Luck
from corridor.simulate.model import Model
from corridor.simulate.state import State, name_entities
from corridor.simulate.traffic import refresh_roads

_STAYS, _SHUTS, _SETS = 0, 1, 2


def change_checkpoints(state: State, step: int) -> None:
    """Let the lanes of checkpoints change by chance; what the scenario dates to this step comes after it and holds."""
    if not state.inputs.lanes_change:
        return
    keys, entities = state.luck.at(step), state.entities["changes"]
    before = state.lanes > 0.0
    if not _find_any(keys, entities, step, *_get_chances(state.model, state.inputs), state.lanes):
        state.kept_shut &= ~before  # an event has opened it
        return
    state.kept_shut &= ~before
    lanes, shut = draw_changes(state.model, state.inputs, keys, entities, step, state.lanes)
    state.lanes[:] = lanes
    state.kept_shut[:] = (state.kept_shut | shut) & (lanes <= 0.0)
    turned = ((lanes > 0.0) != before).any(axis=1)
    if turned.any():
        refresh_roads(state, turned)


def draw_changes(
    model: Model, inputs: Inputs, keys: Keys, entities: Keys, step: int, lanes: Floats
) -> tuple[Floats, Flags]:
    """Return the lanes [R, K] after the changes of a step, and which checkpoints have shut in it [R, K].

    A Poisson process in steps of h hours: one that works changes with chance 1 - exp(-rate h), and shuts with the share
    of changes that do; one that does not opens with chance 1 - exp(-opening rate h). Changes depend on keys, step and
    lanes alone.
    """
    changing, opening = _get_chances(model, inputs)
    kind, luck = np.zeros(lanes.shape, dtype=np.int64), np.zeros(lanes.shape)
    _draw(keys, entities, step, changing, inputs.shut_share, opening, lanes, kind, luck)
    after = np.where(kind == _SHUTS, 0.0, lanes)
    for k, quantity in enumerate(model.servers.change_lanes):
        rows = kind[:, k] == _SETS
        if quantity is not None and rows.any():
            after[rows, k] = quantity.take(luck[rows, k])
    return after, kind == _SHUTS


def _get_chances(model: Model, inputs: Inputs) -> tuple[Floats, Floats]:
    """Return the chances of a step that a checkpoint that works changes, and that one opens that does not [R, K]."""
    hours = model.clock.step_hours
    if hours not in inputs.change_chances:  # the same in every step
        changes = (-np.expm1(-rate * hours) for rate in (inputs.change_rate, inputs.opening_rate))
        inputs.change_chances[hours] = next(changes), next(changes)
    return inputs.change_chances[hours]


@compiled
def _find_any(keys, entities, step, changing, opening, lanes):
    """Tell whether any checkpoint changes in this step in any replicate: most often none does."""
    for r in range(lanes.shape[0]):
        for k in range(lanes.shape[1]):
            chance = changing[r, k] if lanes[r, k] > 0.0 else opening[r, k]
            if chance > 0.0 and draw_uniforms(keys[r], entities[k], step, FIRST)[0] < chance:
                return True
    return False


@compiled
def _draw(keys, entities, step, changing, shutting, opening, lanes, kind, luck):
    """Write the `kind` of change of each checkpoint in each replicate, and its `luck` in the range of its lanes."""
    for r in range(lanes.shape[0]):
        for k in range(lanes.shape[1]):
            works = lanes[r, k] > 0.0
            chance = changing[r, k] if works else opening[r, k]
            if chance <= 0.0:
                continue
            whether, how = draw_uniforms(keys[r], entities[k], step, FIRST)
            if whether >= chance:
                continue
            if works and how < shutting[r, k]:
                kind[r, k] = _SHUTS
            else:
                kind[r, k] = _SETS
                luck[r, k] = draw_uniform(keys[r], entities[k], step, LATER)


def follow_changes(model: Model, inputs: Inputs, luck: Luck, step: int) -> Floats:
    """Return the lanes at work once a step has begun [R, K], as a run of the same luck has them.

    Nothing but these changes and dated events sets them, so the rest need not be simulated.
    """
    lanes, entities = inputs.lanes.copy(), name_entities(model)["changes"]
    dated = [index for index, event in enumerate(model.events) if event.kind == "lanes"]
    for now in range(step + 1):
        lanes, _ = draw_changes(model, inputs, luck.at(now), entities, now, lanes)
        for index in dated:
            which = inputs.event_step[:, index] == now
            lanes[which, model.events[index].target] = inputs.event_value[which, index]
    return lanes
