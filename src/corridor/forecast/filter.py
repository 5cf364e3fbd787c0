"""Learn from counts as they come: particles that are cloned, with new luck and moved numbers (a particle filter).

N. Gordon, D. Salmond, A. Smith, IEE Proceedings F 140 (1993) 107-113, doi:10.1049/ip-f-2.1993.0015; numbers are moved
as J. Liu and M. West do (2001). Counts come in the order of their own time; only those published by the moment as of
which the forecast is made are ever looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp

from corridor.forecast.agreement import SMALL, Gaps, list_errors, measure_agreement, name_error, share_of, where_of
from corridor.results.counts import ANSWERS, find_columns, say_unanswered
from corridor.results.in_memory import keep_record
from corridor.scenario.counts import Count, choose_fitted, read_counts
from corridor.scenario.scenario import Scenario
from corridor.scenario.values import hours_between
from corridor.simulate.arrays import Floats, Integers
from corridor.simulate.batch import advance, begin_batch
from corridor.simulate.cloning import overwrite, survive
from corridor.simulate.ensemble import Ensemble
from corridor.simulate.learnt import Learnt, move_scores
from corridor.simulate.luck import Luck, make_keys
from corridor.simulate.model import Model
from corridor.simulate.moved import may_move, move_numbers
from corridor.simulate.record import Record, begin_record, name_columns, record_state
from corridor.simulate.series import Column
from corridor.simulate.state import State
from corridor.simulate.uncertain import draw_scores, give_values, name_uncertain

PARTICLES = 1000
LEAST_EFFECTIVE = 0.1  # of the particles: a count that would leave fewer is taken with less than its full weight
RESAMPLE_BELOW = 0.5
LEAST_FAMILIES = 4.0
KEPT_FAMILIES = 56


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


def measure_effective(logs: Floats) -> float:
    """Return how many particles of equal weight are worth as much as those of these weights."""
    return float(np.exp(2 * logsumexp(logs) - logsumexp(2 * logs)))


@dataclass(frozen=True)
class Effort:
    """How a forecast is made: with how many particles, from which seed (the case's if None).

    `all_events` keeps the events of the case that nobody had told of by the moment: a replay, and no forecast.
    """

    particles: int = PARTICLES
    seed: int | None = None
    all_events: bool = False


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
    _track(cloud, record)
    return cloud


def _track(cloud: Cloud, record: Record) -> None:
    """Keep what is recorded of a moment in the columns that answer counts."""
    for i, column in enumerate(cloud.columns):
        cloud.tracked[record.first, :, i] = np.rint(record.take(column)[:, 0])


def move_to(cloud: Cloud, moment: int, told: Callable[[int], None]) -> None:
    """Simulate the particles up to a recorded moment."""
    every = cloud.state.model.clock.record_every
    record = begin_record(cloud.state.model, cloud.number, 0, 1)
    while cloud.moment < moment:
        record.first = cloud.moment + 1
        advance(cloud.state, record, cloud.moment * every, record.first * every, {})
        cloud.moment += 1
        _track(cloud, record)
        told(1)


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


def weigh_points(values: Floats, logs: Floats) -> Floats:
    """Return the 5, 50 and 95 % points of values [N] of these weights."""
    order = np.argsort(values, kind="stable")
    below = np.cumsum(np.exp(logs[order] - logsumexp(logs)))
    return np.asarray(values[order][np.minimum(np.searchsorted(below, [0.05, 0.5, 0.95]), len(values) - 1)])


def compare(cloud: Cloud, reading: Reading) -> Floats:
    """Return the logarithm of the likelihood of a count [N], and note by how much it differs from what was said."""
    count, where = reading.count, where_of(reading.count)
    share = share_of(name := name_error(where), cloud.error_scores[:, cloud.errors.index(name)])
    said = cloud.say(reading, cloud.state.model)
    if count.thing.since is not None:  # an increase stands by itself
        return measure_agreement(said, count, share * (count.number + SMALL * cloud.gaps.people))
    hour = hours_between(cloud.state.model.clock.start, count.thing.time)
    shift, spread = cloud.gaps.expect(where, hour, count.number, share)
    logs = measure_agreement(said + shift, count, spread)
    if count.is_point:
        cloud.gaps.note(where, hour, count.number - said)
    return logs


def choose_weight(before: Floats, logs: Floats, origins: Integers) -> float:
    """Return the share of their weight with which counts are taken, so that enough particles stay effective."""

    def left(weight: float) -> float:
        return measure_effective(soften(before + weight * logs, origins))

    least = min(LEAST_EFFECTIVE * len(logs), left(0.0))
    if left(1.0) >= least:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if left(middle) >= least else (low, middle)
    return low


def soften(logs: Floats, origins: Integers) -> Floats:
    """Return logarithms of weights that add up to one and leave enough families: particles of one origin.

    Within a family they are as they were. Between families they are drawn towards the share that each has of the
    particles now, only so far that those left are worth LEAST_FAMILIES of equal size; and the KEPT_FAMILIES best are
    given room for one particle at least.
    """
    _, family, size = np.unique(origins, return_inverse=True, return_counts=True)
    logs = logs - logsumexp(logs)
    most = np.full(len(size), -np.inf)
    np.maximum.at(most, family, logs)
    total = most + np.log(np.bincount(family, np.exp(logs - most[family])))
    now = np.log(size / len(logs))

    def share(power: float) -> Floats:
        mixed = power * total + (1.0 - power) * now
        return np.asarray(mixed - logsumexp(mixed))

    low, high = 0.0, 1.0
    least = min(LEAST_FAMILIES, measure_effective(share(0.0)))
    if measure_effective(share(1.0)) < least:
        for _ in range(20):
            middle = (low + high) / 2
            low, high = (middle, high) if measure_effective(share(middle)) >= least else (low, middle)
    else:
        low = 1.0
    chosen = share(low)
    kept = np.argsort(-total)[:KEPT_FAMILIES]
    chosen[kept] = np.maximum(chosen[kept], -np.log(len(logs)) + 0.05)
    chosen -= logsumexp(chosen)
    return np.asarray(logs + (chosen - total)[family])


def resample(cloud: Cloud) -> None:
    """Let particles go on by weight (systematic resampling), with new luck and numbers moved a little."""
    stage, number = len(cloud.steps), cloud.number
    generator = np.random.default_rng([cloud.seed, stage, 1])
    marks = (np.arange(number) + generator.random()) / number
    weights = np.exp(cloud.logs - logsumexp(cloud.logs))
    rows, source = survive(np.minimum(np.searchsorted(np.cumsum(weights), marks), number - 1), number)
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


def learn(
    scenario: Scenario,
    ensemble: Ensemble,
    as_of: datetime,
    effort: Effort | None = None,
    told: Callable[[int], None] = lambda moments: None,
) -> Cloud:
    """Return particles as of a moment, after all counts published by then that the case can answer."""
    counts, left_out = choose_counts(scenario, ensemble, as_of)
    cloud = begin_cloud(ensemble, [c for c, _ in counts], (effort or Effort()).particles)
    cloud.left_out = tuple(left_out)
    for moment, readings in plan_stages(cloud, counts):
        move_to(cloud, moment, told)
        read(cloud, readings)
    move_to(cloud, find_moment(ensemble.model, as_of), told)
    if cloud.steps[-1:] != [cloud.moment * ensemble.model.clock.record_every]:  # all weigh the same in the end
        resample(cloud)
    return cloud


def find_moment(model: Model, time: datetime) -> int:
    """Return the first recorded moment at or after a time."""
    return ceil(hours_between(model.clock.start, time) / model.clock.record_hours - 1e-9)


def plan_stages(cloud: Cloud, counts: Sequence[tuple[Count, tuple[Column, ...]]]) -> list[tuple[int, list[Reading]]]:
    """Return the recorded moments at which counts are read, in order, with these."""
    stages: dict[int, list[Reading]] = {}
    index = {column: i for i, column in enumerate(cloud.columns)}
    for count, columns in counts:
        moment = find_moment(cloud.state.model, count.thing.time)
        stages.setdefault(moment, []).append(Reading(count, tuple(index[column] for column in columns)))
    return sorted(stages.items())


def choose_counts(
    scenario: Scenario, ensemble: Ensemble, as_of: datetime
) -> tuple[list[tuple[Count, tuple[Column, ...]]], list[tuple[Count, str]]]:
    """Return the counts known by a moment with the columns that answer them, and those left out, with why."""
    model = ensemble.model
    series = scenario.sets.get(model.parameter_set, {}).get("fitted_series") or ""
    counts = read_counts(scenario, model.parameter_set)
    known, apart = choose_fitted(counts, series.split(), model.clock.start, as_of)
    result = keep_record(scenario, ensemble, begin_record(model, 1))
    used, left_out = [], list(apart)
    for count in known:
        columns = find_columns(result, count.thing)
        if why := say_unanswered(result, count.thing, columns):
            left_out.append((count, why))
        else:
            used.append((count, columns))
    return used, left_out


def make_learnt(cloud: Cloud, made_for: str) -> Learnt:
    """Return the genealogy of the particles, learnt for this state of a scenario."""
    return Learnt(cloud.seed, tuple(cloud.steps), np.array(cloud.parents), "", made_for)
