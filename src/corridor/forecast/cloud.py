"""The particles of a filter while they move: simulated, weighed by counts, and copied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from corridor.forecast.agreement import (
    SMALL,
    Gaps,
    Where,
    list_errors,
    measure_agreement,
    name_error,
    share_of,
    where_of,
)
from corridor.forecast.weights import choose_weight, measure_effective, soften, weigh_points
from corridor.results.counts import ANSWERS
from corridor.scenario.counts import Count
from corridor.scenario.values import hours_between
from corridor.simulate.arrays import Floats, Integers
from corridor.simulate.batch import advance, begin_batch
from corridor.simulate.cloning import overwrite, survive
from corridor.simulate.ensemble import Ensemble
from corridor.simulate.learnt import move_scores
from corridor.simulate.luck import Luck, make_keys
from corridor.simulate.model import Model
from corridor.simulate.moved import may_move, move_numbers
from corridor.simulate.record import Record, begin_record, name_columns, record_state
from corridor.simulate.series import Column
from corridor.simulate.state import State
from corridor.simulate.uncertain import draw_scores, give_values, name_uncertain

Told = Callable[[int], None]  # hears how many moments more were simulated
RESAMPLE_BELOW = 0.5  # of the particles effective


@dataclass(frozen=True)
class Reading:
    """A count that is learnt from, and the numbers of the tracked columns whose sum answers it."""

    count: Count
    columns: tuple[int, ...]


@dataclass(frozen=True)
class Stage:
    """What was done at a recorded moment: the counts read, their weight, what was left of the particles.

    `said` are the 5, 50 and 95 % points of what the particles said of each count before it was read; `inside` those of
    the people inside before and after [2, 3].
    """

    moment: int
    readings: tuple[Reading, ...]
    said: Floats  # [readings, 3]
    inside: Floats
    weight: float
    effective: float
    ancestors: int
    resampled: bool


@dataclass
class Cloud:
    """The particles while they move. N particles, numbers and errors [N, names], M moments tracked."""

    state: State
    names: tuple[str, ...]
    scores: Floats
    errors: tuple[str, ...]
    error_scores: Floats
    columns: tuple[Column, ...]
    tracked: NDArray[np.int32]  # [M, N, columns]
    seed: int
    logs: Floats  # [N] logarithms of weights
    origins: Integers  # [N] particle of the start that each descends from
    gaps: Gaps
    moment: int = 0
    steps: list[int] = field(default_factory=list)
    parents: list[Integers] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    left_out: tuple[tuple[Count, str], ...] = ()

    @property
    def number(self) -> int:
        """Return the number of particles."""
        return len(self.logs)

    def say(self, reading: Reading, model: Model) -> Floats:
        """Return what the particles say of a count [N]."""
        thing, clock = reading.count.thing, model.clock

        def at(moment: datetime) -> Floats:
            position = hours_between(clock.start, moment) / clock.record_hours
            before = min(int(position), len(self.tracked) - 1)
            after = min(before + 1, len(self.tracked) - 1)
            ends = self.tracked[[before, after]][:, :, list(reading.columns)].sum(axis=2)
            return np.asarray(ends[0] + (position - before) * (ends[1] - ends[0]), dtype=np.float64)

        return at(thing.time) if thing.since is None else at(thing.time) - at(thing.since)


def begin_cloud(ensemble: Ensemble, counts: Sequence[Count], particles: int) -> Cloud:
    """Return particles at the start, with numbers and luck of their own."""
    model, seed = ensemble.model, ensemble.seed
    names, everybody = name_uncertain(model), np.arange(particles)
    scores = draw_scores(model, names, seed, everybody)
    luck = Luck(make_keys(seed, everybody))
    state = begin_batch(model, luck, give_values(model, names, scores), ensemble.behaviour)
    answers = {name for names in ANSWERS.values() for name in names}
    recorded = name_columns(model)
    columns = tuple(c for c in (*recorded.counts, *recorded.measures) if c.series.partition("/")[0] in answers)
    errors = list_errors(counts)
    noise = np.random.default_rng([seed, len(errors)]).standard_normal((particles, len(errors)))
    cloud = Cloud(
        state, names, scores, errors, noise, columns,
        np.zeros((model.clock.records, particles, len(columns)), dtype=np.int32), seed,
        np.zeros(particles), everybody.copy(), Gaps(float(np.median(state.inputs.people.sum(axis=(1, 2))))),
    )  # fmt: skip
    record = begin_record(model, particles, 0, 1)
    record_state(record, state, 0)
    cloud.tracked[0] = _track(record, columns)
    return cloud


def _track(record: Record, columns: Sequence[Column]) -> NDArray[np.int32]:
    """Return what is recorded of a moment in the columns that answer counts [N, columns]."""
    found = np.zeros((len(record.counts), len(columns)), dtype=np.int32)
    for i, column in enumerate(columns):
        found[:, i] = np.rint(record.take(column)[:, 0])
    return found


def move_to(cloud: Cloud, moment: int, told: Callable[[int], None]) -> None:
    """Simulate the particles up to a recorded moment."""
    if moment > cloud.moment:
        cloud.tracked[cloud.moment + 1 : moment + 1] = follow(cloud.state, cloud.columns, cloud.moment, moment, told)
        cloud.moment = moment


def follow(
    state: State, columns: Sequence[Column], begin: int, end: int, told: Callable[[int], None]
) -> NDArray[np.int32]:
    """Simulate replicates from a recorded moment to another; return some columns at those between [M, N, columns]."""
    every, number = state.model.clock.record_every, len(state.waiting)
    record = begin_record(state.model, number, 0, 1)
    tracked = np.zeros((end - begin, number, len(columns)), dtype=np.int32)
    for moment in range(begin, end):
        record.first = moment + 1
        advance(state, record, moment * every, record.first * every, {})
        tracked[moment - begin] = _track(record, columns)
        told(1)
    return tracked


def read(cloud: Cloud, readings: Sequence[Reading]) -> None:
    """Weigh the particles by counts, and let those go on that agree with them."""
    logs, before, people = np.zeros(cloud.number), cloud.logs, count_inside(cloud)
    said = [weigh_points(cloud.say(reading, cloud.state.model), before) for reading in readings]
    for reading in readings:
        logs += compare(cloud, reading)
    weight = choose_weight(cloud.logs, logs, cloud.origins)
    cloud.logs = soften(cloud.logs + weight * logs, cloud.origins)
    effective = measure_effective(cloud.logs)
    inside = np.array([weigh_points(people, weights) for weights in (before, cloud.logs)])
    if resampled := effective < RESAMPLE_BELOW * cloud.number:
        resample(cloud)
    ancestors = len(np.unique(cloud.origins))
    stage = Stage(cloud.moment, tuple(readings), np.array(said), inside, weight, effective, ancestors, resampled)
    cloud.stages.append(stage)


def count_inside(cloud: Cloud) -> Floats:
    """Return the people at places inside, by particle [N]."""
    state = cloud.state
    return np.asarray(state.queues.at_place[:, state.model.network.inside].sum(axis=(1, 2)), dtype=np.float64)


def compare(cloud: Cloud, reading: Reading) -> Floats:
    """Return the logarithm of the likelihood of a count [N], and note by how much it differs from what was said."""
    count, where = reading.count, where_of(reading.count)
    share = share_of(name := name_error(where), cloud.error_scores[:, cloud.errors.index(name)])
    size = find_size(cloud, where, count.thing.since is not None, count.number)
    said = cloud.say(reading, cloud.state.model)
    if count.thing.since is not None:  # an increase stands by itself
        return measure_agreement(said, count, share * (count.number + SMALL * size))
    hour = hours_between(cloud.state.model.clock.start, count.thing.time)
    shift, spread = cloud.gaps.expect(where, hour, count.number, share, size=size)
    logs = measure_agreement(said + shift, count, spread)
    if count.is_point:
        cloud.gaps.note(where, hour, count.number - said)
    return logs


def find_size(cloud: Cloud, where: Where, over_span: bool, number: float) -> float:
    """Return how large counts of a kind are: of running totals everybody, of others the largest read so far."""
    if not where[1] and not over_span:
        return cloud.gaps.people
    counts = (reading.count for stage in cloud.stages for reading in stage.readings)
    alike = (c.number for c in counts if where_of(c) == where and (c.thing.since is not None) == over_span)
    return max(number, *alike, 0.0)


def resample(cloud: Cloud) -> None:
    """Let particles go on by weight (systematic resampling), with new luck and numbers moved a little."""
    stage, number = len(cloud.steps), cloud.number
    generator = np.random.default_rng([cloud.seed, stage, 1])
    marks = (np.arange(number) + generator.random()) / number
    order = np.argsort(cloud.origins, kind="stable")  # a family that has room for one is not passed over
    below = np.cumsum(np.exp(cloud.logs - logsumexp(cloud.logs))[order])
    rows, source = survive(order[np.minimum(np.searchsorted(below, marks), number - 1)], number)
    parents = np.arange(number)
    parents[rows] = source
    step = cloud.moment * cloud.state.model.clock.record_every
    luck = cloud.state.luck
    before = tuple(keys[parents] for keys in (*luck.slices, luck.own))
    own = make_keys(cloud.seed, (stage + 1) * number + np.arange(number))
    overwrite(cloud.state, rows, source, Luck(own, before, (*luck.ends, step)))
    cloud.tracked[: cloud.moment + 1, rows] = cloud.tracked[: cloud.moment + 1, source]
    moving = np.array([may_move(name) for name in cloud.names])
    cloud.scores = move_scores(cloud.scores, parents, moving, cloud.seed, stage)
    everything = np.ones(len(cloud.errors), dtype=bool)
    cloud.error_scores = move_scores(cloud.error_scores, parents, everything, cloud.seed, stage)
    move_numbers(cloud.state, give_values(cloud.state.model, cloud.names, cloud.scores), step)
    cloud.gaps.take(parents)
    cloud.origins, cloud.logs = cloud.origins[parents], np.full(number, -np.log(number))
    cloud.steps.append(step)
    cloud.parents.append(parents)
