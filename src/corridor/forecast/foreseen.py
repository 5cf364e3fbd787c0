"""How many people a forecast as of each day expects in a simulated course, from the counts published of it by then.

It is a filter without cloning: courses other than the one that is followed, simulated once, are weighed by how well
they agree with those counts. What is published of the course is what the case's own counts are of, at their times, as
they come out in the course, with an error of the size that the filter expects (agreement.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from corridor.forecast.agreement import MODEL_ERROR, SMALL, TAIL
from corridor.forecast.filter import choose_counts
from corridor.forecast.weights import choose_weight, soften
from corridor.results.counts import compare_counts
from corridor.results.crew import ALONE, Crew, in_order, share_out
from corridor.results.in_memory import simulate_in_memory

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from numpy.typing import NDArray

    from corridor.relief.problem import ReliefProblem
    from corridor.relief.standing import Standing
    from corridor.results.result import Result
    from corridor.scenario.counts import Count
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.ensemble import Ensemble

FIRST = 1_000_000  # number of the first course that is only weighed: none that is followed
BATCH = 50
PEOPLE = 0.9  # chance that no more people are there than is planned for: who stays and gets nothing costs far more


@dataclass(frozen=True)
class Foreseen:
    """N courses to be weighed: people at each place that is planned for [N, T, P], and what they say of counts [N, C].

    `known` are the numbers of the counts that are known at each moment at which is planned.
    """

    start: datetime
    record_hours: float
    people: NDArray[np.float64]
    counts: tuple[Count, ...]
    said: NDArray[np.float64]
    known: dict[datetime, tuple[int, ...]]

    def weigh(self, now: datetime, seen: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the logarithms of the weights [N] after the counts `seen` [C] that are known at a moment."""
        logs, number = np.zeros(len(self.people)), len(self.people)
        for c in self.known[now]:
            spread = find_error(self.counts[c], seen[c], float(self.people[:, 0].sum(axis=1).mean()))
            distance = (self.said[:, c] - seen[c]) / spread
            logs += -0.5 * (TAIL + 1.0) * np.log1p(distance**2 / TAIL)
        origins = np.arange(number)
        even = np.full(number, -np.log(number))
        return soften(even + choose_weight(even, logs, origins) * logs, origins)

    def expect(self, problem: ReliefProblem, standing: Standing, seen: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the people to plan for [T, P]: those found, who go on as the weighed courses do from now on.

        As many as there are at most in PEOPLE of the courses, in shares of those there now in each; where a course has
        nobody now they stay. Where most have nobody now, what they expect stands as it is. Nowhere are there more than
        all found.
        """
        weights = np.exp(self.weigh(problem.start, seen))
        edges = [self._index(problem.time_of(t)) for t in range(problem.periods + 1)]
        means = [self.people[:, low : max(high, low + 1)].mean(axis=1) for low, high in pairwise(edges)]
        periods, now = np.stack(means, axis=1), self.people[:, edges[0]]
        found = problem.people[0] if standing.people is None else standing.people
        shares = np.divide(periods, now[:, None], out=np.ones_like(periods), where=now[:, None] > 0)
        peopled = weigh_quantile(now, weights, 0.5) > 0
        coming = np.maximum(weigh_quantile(periods, weights, PEOPLE), found)
        expected = np.where(peopled, weigh_quantile(shares, weights, PEOPLE) * found, coming)
        return np.asarray(np.minimum(expected, float(found.sum())))

    def _index(self, moment: datetime) -> int:
        index = round((moment - self.start) / timedelta(hours=self.record_hours))
        return min(max(index, 0), int(self.people.shape[1]) - 1)


def find_error(count: Count, number: float, people: float) -> float:
    """Return by how much a count may be off as it is published: what the filter expects of its kind on average."""
    return MODEL_ERROR["part" if count.thing.where[0] else "total"] * (number + SMALL * people)


def weigh_quantile(values: NDArray[np.float64], weights: NDArray[np.float64], chance: float) -> NDArray[np.float64]:
    """Return a quantile over the first axis [N, ...] by weights [N]: the least below which are so many."""
    order = np.argsort(values, axis=0, kind="stable")
    below = np.cumsum(weights[order], axis=0)
    chosen = (below < chance * below[-1:]).sum(axis=0)[None]
    return np.asarray(np.take_along_axis(np.take_along_axis(values, order, axis=0), chosen, axis=0)[0])


def foresee(
    scenario: Scenario,
    ensemble: Ensemble,
    problem: ReliefProblem,
    number: int,
    every_hours: float,
    crew: Crew = ALONE,
) -> Foreseen:
    """Simulate `number` courses to be weighed each time that a problem is planned anew."""
    days = range(1, int(np.ceil(problem.days * 24.0 / every_hours)))
    moments = [problem.start + timedelta(hours=every_hours * day) for day in days]
    by_moment = {now: [count for count, _ in choose_counts(scenario, ensemble, now)[0]] for now in moments}
    counts = tuple(dict.fromkeys(count for chosen in by_moment.values() for count in chosen))
    shares = share_out(number, crew, BATCH)
    done = crew.do(partial(_simulate_some, scenario, ensemble, tuple(problem.places), counts), shares)
    people, said = zip(*(found for _, found in in_order(done, shares)), strict=True)
    known = {now: tuple(counts.index(count) for count in chosen) for now, chosen in by_moment.items()}
    hours = ensemble.model.clock.record_hours
    return Foreseen(ensemble.model.clock.start, hours, np.concatenate(people), counts, np.concatenate(said), known)


def _simulate_some(
    scenario: Scenario, ensemble: Ensemble, places: Sequence[str], counts: Sequence[Count], share: range
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the people at places in some courses [R, T, P], and what these say of counts [R, C]."""
    result = simulate_in_memory(scenario, ensemble, FIRST + np.arange(share.start, share.stop))
    return np.stack([_count_people(result, place) for place in places], axis=2), say_of(result, counts)


def _count_people(result: Result, place: str) -> NDArray[np.float64]:
    """Return the people at a place inside [R, T]; nobody is planned for elsewhere."""
    groups = result.take_all("at_place", place)
    return np.sum(list(groups.values()), axis=0) if groups else np.zeros((result.replicates, len(result.times)))


def say_of(result: Result, counts: Sequence[Count]) -> NDArray[np.float64]:
    """Return what courses say of counts [R, C]."""
    said = [compared.ensemble for compared in compare_counts(result, counts)[0]]
    return np.stack(said, axis=1) if said else np.zeros((result.replicates, 0))


def publish(said: NDArray[np.float64], foreseen: Foreseen, seed: int, replicate: int) -> NDArray[np.float64]:
    """Return counts [C] of a course as they are published: what it says of them, with an error each."""
    luck = np.random.default_rng([seed, replicate, 7]).standard_normal(len(said))
    people = float(foreseen.people[:, 0].sum(axis=1).mean())
    errors = [find_error(count, number, people) for count, number in zip(foreseen.counts, said, strict=True)]
    return np.asarray(np.maximum(said + luck * np.array(errors).reshape(-1), 0.0))
