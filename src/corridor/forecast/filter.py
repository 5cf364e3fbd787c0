"""Learn from counts as they come: particles that are cloned, with new luck and moved numbers (a particle filter).

N. Gordon, D. Salmond, A. Smith, IEE Proceedings F 140 (1993) 107-113, doi:10.1049/ip-f-2.1993.0015; numbers are moved
as J. Liu and M. West do (2001). Counts come in the order of their own time; only those published by the moment as of
which the forecast is made are ever looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

import numpy as np

from corridor.forecast.cloud import Cloud, Reading, Told, begin_cloud, move_to, read, resample
from corridor.results.counts import find_answers
from corridor.results.in_memory import keep_record
from corridor.scenario.counts import Count, choose_fitted, read_counts
from corridor.scenario.scenario import Scenario
from corridor.scenario.values import hours_between
from corridor.simulate.cloning import find_arrays
from corridor.simulate.ensemble import Ensemble
from corridor.simulate.learnt import Learnt
from corridor.simulate.model import Model
from corridor.simulate.record import begin_record
from corridor.simulate.series import Column

Move = Callable[[Cloud, int, Told], None]  # how particles are moved on to a recorded moment
PARTICLES = 1000
MEMORY = 2.5e9  # bytes of what particles hold; while room is made for longer queues they take up to twice as much
PILOT, SURELY_SMALL = 8, 10_000_000  # particles; and particles x queues x streams


@dataclass(frozen=True)
class Effort:
    """How a forecast is made: with how many particles, from which seed (the case's if None).

    `all_events` keeps the events of the case that nobody had told of by the moment: a replay, and no forecast.
    """

    particles: int = PARTICLES
    seed: int | None = None
    all_events: bool = False


def learn(
    scenario: Scenario,
    ensemble: Ensemble,
    as_of: datetime,
    effort: Effort | None = None,
    told: Told = lambda moments: None,
    keep: Callable[[Cloud], None] = lambda cloud: None,
    move: Move = move_to,
) -> Cloud:
    """Return particles as of a moment, after all counts published by then that the case can answer.

    `keep` is shown them before they are made to weigh the same: so they can be taken up when more counts come. `move`
    changes no byte.
    """
    counts, left_out = choose_counts(scenario, ensemble, as_of)
    particles = limit_particles(ensemble, as_of, (effort or Effort()).particles)
    cloud = begin_cloud(ensemble, [c for c, _ in counts], particles)
    cloud.left_out = tuple(left_out)
    go_on(cloud, counts, as_of, told, move)
    keep(cloud)
    even_out(cloud)
    return cloud


def limit_particles(ensemble: Ensemble, as_of: datetime, asked: int) -> int:
    """Return how many particles to use: as asked, or as many as the memory set aside for them holds.

    What one takes is measured on a few that are simulated first, where the largest case that is small needs no asking;
    the same on every machine.
    """
    layout = ensemble.model.network.layout
    if asked * len(layout.stream_count) * int(layout.stream_count.max()) < SURELY_SMALL:
        return asked
    pilot = begin_cloud(ensemble, (), PILOT)
    move_to(pilot, find_moment(ensemble.model, as_of), lambda done: None)
    each = sum(values.nbytes for _, values in find_arrays(pilot.state)) / PILOT
    return max(PILOT, min(asked, int(MEMORY / each)))


def go_on(
    cloud: Cloud,
    counts: Sequence[tuple[Count, tuple[Column, ...]]],
    as_of: datetime,
    told: Told = lambda moments: None,
    move: Move = move_to,
) -> None:
    """Move particles on to a moment, and read counts on the way: those of earlier moments at once."""
    for moment, readings in plan_stages(cloud, counts):
        move(cloud, moment, told)
        read(cloud, readings)
    move(cloud, find_moment(cloud.state.model, as_of), told)


def even_out(cloud: Cloud) -> None:
    """See to it that all particles weigh the same in the end."""
    if cloud.steps[-1:] != [cloud.moment * cloud.state.model.clock.record_every] or np.ptp(cloud.logs) > 0:
        resample(cloud)


def find_moment(model: Model, time: datetime) -> int:
    """Return the first recorded moment at or after a time."""
    return ceil(hours_between(model.clock.start, time) / model.clock.record_hours - 1e-9)


def plan_stages(cloud: Cloud, counts: Sequence[tuple[Count, tuple[Column, ...]]]) -> list[tuple[int, list[Reading]]]:
    """Return the recorded moments at which counts are read, in order, with these."""
    stages: dict[int, list[Reading]] = {}
    index = {column: i for i, column in enumerate(cloud.columns)}
    for count, columns in counts:
        moment = max(find_moment(cloud.state.model, count.thing.time), cloud.moment)
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
    used, unanswered = find_answers(keep_record(scenario, ensemble, begin_record(model, 1)), known)
    return used, [*apart, *unanswered]


def make_learnt(cloud: Cloud, made_for: str) -> Learnt:
    """Return the genealogy of the particles, learnt for this state of a scenario."""
    return Learnt(cloud.seed, tuple(cloud.steps), np.array(cloud.parents), "", made_for)
