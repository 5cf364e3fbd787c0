"""Saved particles as they were, in a model that may know more events than it did then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from corridor.forecast.agreement import Gaps
from corridor.forecast.cloud import Cloud, Reading, Stage, begin_cloud
from corridor.forecast.saved import Saved, Values, cut_stretches
from corridor.scenario.counts import Count
from corridor.simulate.cloning import COHORTS, ROOM, replace_arrays
from corridor.simulate.ensemble import Ensemble
from corridor.simulate.inputs import draw_inputs
from corridor.simulate.learnt import move_scores
from corridor.simulate.luck import Luck
from corridor.simulate.moved import may_move
from corridor.simulate.state import State, count_most_cohorts
from corridor.simulate.uncertain import draw_scores, give_values

STEPS = 5  # for whose cohorts there is room at first: more costs memory, less is soon made more by a copy of all
BY_EVENT = ("inputs.event_step", "inputs.event_value")  # arrays by event, which newly known ones are added to


def unpack(saved: Saved, ensemble: Ensemble, counts: Mapping[str, Count]) -> Cloud:
    """Return the particles as they were, in a model that may have events later than them which were not known then.

    `counts` holds every count that was read, by its text. What newly known events are uncertain about is given to the
    particles by the genealogy, as a run that passes through their courses gives it. Raises AssertionError when they do
    not fit into the model, which `resume.find_change` tells before.
    """
    about, number = saved.about, int(saved.about["particles"])
    cloud = begin_cloud(ensemble, list(counts.values()), number)
    if [column.write() for column in cloud.columns] != about["columns"]:
        message = "a model that records other columns than the saved one"
        raise AssertionError(message)
    cloud.moment, cloud.steps = about["moment"], list(about["steps"])
    cloud.parents = list(saved.take("parents").astype(np.int64))
    cloud.scores = _follow_scores(cloud)
    cloud.errors, cloud.error_scores = tuple(about["errors"]), saved.take("error_scores")
    cloud.logs, cloud.origins = saved.take("logs"), saved.take("origins")
    gaps = enumerate(about["gaps"])
    cloud.gaps = Gaps(about["people"], {tuple(where): (hour, saved.take(f"gaps/{i}")) for i, (where, hour) in gaps})
    for k, (moments, alike, _) in enumerate(cut_stretches(cloud.steps, cloud.parents, cloud)):
        cloud.tracked[moments] = np.cumsum(saved.take(f"tracked/{k}"), axis=0, dtype=np.int32)[:, alike]
    cloud.stages = [_read_stage(stage, counts) for stage in about["stages"]]
    cloud.state = _put_state(saved, cloud)
    return cloud


def _read_stage(stage: Mapping[str, Any], counts: Mapping[str, Count]) -> Stage:
    readings = tuple(Reading(counts[text], tuple(columns)) for text, columns in stage["readings"])
    said = np.array(stage["said"], dtype=np.float64)
    return Stage(stage["moment"], readings, said, np.array(stage["inside"], dtype=np.float64), *stage["measured"])


def _follow_scores(cloud: Cloud) -> Values:
    """Return the scores of the particles [N, names], moved at each stage."""
    scores = draw_scores(cloud.state.model, cloud.names, cloud.seed, np.arange(cloud.number))
    moving = np.array([may_move(name) for name in cloud.names])
    for k, parents in enumerate(cloud.parents):
        scores = move_scores(scores, parents, moving, cloud.seed, k)
    return scores


def _put_state(saved: Saved, cloud: Cloud) -> State:
    """Return the state with the saved arrays, and what all particles share as it was then."""
    state, model, about = cloud.state, cloud.state.model, saved.about
    keys = [saved.take(f"luck/{k}") for k in range(len(cloud.steps) + 1)]
    luck = Luck(keys[-1], tuple(keys[:-1]), tuple(cloud.steps))
    now = draw_inputs(model, luck.own, give_values(model, cloud.names, cloud.scores))
    known = [[event.id for event in model.events].index(name) for name in about["events"]]
    room = saved.about["arrays"]["cohorts/next"][1][1] + STEPS * count_most_cohorts(model)

    def take(name: str, fresh: Values) -> Values:
        if name in ROOM:
            return _fill(saved, name, np.zeros((len(fresh), room, *fresh.shape[2:]), dtype=fresh.dtype))
        values = saved.take(f"state/{name}")
        if name in BY_EVENT:
            kept, values = values, getattr(now, name.rpartition(".")[2])
            values[:, known] = kept
        return values.view(fresh.dtype) if fresh.dtype.names else values

    state = cast(State, replace_arrays(state, take))
    state.luck = luck
    state.eventful = frozenset(state.inputs.event_step.ravel().tolist())
    passage, last = model.passage, cloud.moment * model.clock.record_every - 1
    if len(passage.place) and last >= 0:
        state.barred = passage.find_barred((last + 0.5) * model.clock.step_hours, state.barred.shape[1])
    if state.relief is not None:
        state.relief.caravans.passes.today = about["today"]
        state.relief.caravans.first_step = [int(steps.min()) for steps in state.relief.inputs.departs.T]
    return state


def _fill(saved: Saved, name: str, records: Values) -> Values:
    """Fill the cohorts or cells of queues, so far empty, with those saved, and return them."""
    if name == COHORTS:
        used = records[:, : saved.about["arrays"]["cohorts/next"][1][1]]
        for part in records.dtype.names or ():
            used[part] = saved.take(f"cohorts/{part}")
        return records
    where = np.repeat(np.arange(len(records)), saved.take("cells/number")) * records[0].size + saved.take("cells/where")
    filled = np.empty(len(where), dtype=records.dtype)
    for part in records.dtype.names or ():
        filled[part] = saved.take(f"cells/{part}")
    # as complex numbers, which have the 16 bytes of a cell: numpy moves these at once, and fields one after the other
    records.view(np.complex128).reshape(-1)[where] = filled.view(np.complex128)
    return records
