"""Fit uncertain numbers to counts: which draws of the ranges, with which luck, agree with what was counted.

An annealed sequential Monte Carlo sampler (P. Del Moral, A. Doucet, A. Jasra, J. R. Statist. Soc. B 68 (2006)
411-436, doi:10.1111/j.1467-9868.2006.00553.x) with a Gaussian tolerance around each count, as in approximate
Bayesian computation (S. Sisson, Y. Fan, M. Tanaka, PNAS 104 (2007) 1760-1765, doi:10.1073/pnas.0607208104). Every
uncertain number is handled as the normal score of its chance, so that the user's ranges are the prior. Luck is part
of a particle: moves either change numbers under the same luck or try new luck for the same numbers. The sample kept
holds the numbers that move the counts and keys of luck; runs that use it pass through the same courses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtr, ndtri

from corridor.results.counts import total_of
from corridor.scenario.counts import Count, choose_fitted, read_counts
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import Scenario
from corridor.scenario.values import hours_between
from corridor.simulate.arrays import Floats, Integers
from corridor.simulate.batch import simulate_batch
from corridor.simulate.behaviour import Behaviour
from corridor.simulate.compile import compile_model
from corridor.simulate.fitted import Fitted
from corridor.simulate.inputs import draw_uniform_of
from corridor.simulate.luck import Luck, make_keys
from corridor.simulate.model import Model
from corridor.simulate.series import Column

TOLERANCE_SHARE = 0.03  # of a cumulative count: reporting delay, rounding, and what the model leaves out
TOLERANCE_PEOPLE = 100.0
INFLUENCE = 0.04  # rank correlation with a count from which on a number is kept with the fit
STRONG = 0.1  # from which on it is moved together with the others
MOST_STRONG = 12
BATCH = 100
SLICE_HOURS = 12.0  # luck is renewed a slice at a time: renewing all of it at once is nearly always for the worse
QUIET_HOURS = 24.0  # before the first count: luck up to then is one slice


@dataclass(frozen=True)
class FitCounts:
    """Counts to fit: when (record positions), which total column, and how many. N counts."""

    columns: tuple[Column, ...]
    positions: Floats  # [N] in records from the start
    values: Floats  # [N]
    left_out: tuple[tuple[Count, str], ...] = ()  # counts known to the fit that it does not use, with why


@dataclass(frozen=True)
class Fit:
    """A fitted sample, what moved the counts, and how good the sample is."""

    fitted: Fitted
    influence: dict[str, float]
    distinct: int  # different particles in the sample
    distinct_luck: int  # different courses of luck in it
    tried: int
    predicted: Floats  # [N, counts]
    counts: FitCounts


@dataclass
class Particles:
    """The sample while it moves: scores [N, numbers], keys of luck, what they predict, how well that agrees."""

    scores: Floats
    luck: Integers  # [N, slices]
    predicted: Floats
    agreement: Floats

    def pick(self, rows: Integers) -> Particles:
        """Return the particles in these rows (some more than once)."""
        return Particles(self.scores[rows], self.luck[rows], self.predicted[rows], self.agreement[rows])

    def accept(self, other: Particles, rows: NDArray[np.bool_]) -> None:
        """Take over the particles of `other` in these rows."""
        self.scores[rows], self.luck[rows] = other.scores[rows], other.luck[rows]
        self.predicted[rows], self.agreement[rows] = other.predicted[rows], other.agreement[rows]


@dataclass(frozen=True)
class Effort:
    """How much work a fit may take.

    `first` draws from the ranges show which numbers move the counts; the best of them begin the sample of
    `particles`, which moves `sweeps` times at each step of the annealing.
    """

    particles: int = 400
    first: int = 2000
    sweeps: int = 2


def fit_scenario(
    scenario: Scenario,
    parameters: str,
    until: datetime,
    series: Sequence[str],
    effort: Effort | None = None,
    seed: int = 1,
    behaviour: Behaviour | None = None,
    progress: Callable[[int], None] | None = None,
) -> Fit:
    """Fit a parameter set to the stated counts of `series` up to `until`. Later counts are never read.

    Raises UsageError when there is nothing to fit to.
    """
    effort = effort or Effort()
    model = compile_model(scenario, parameters)
    counts = choose_counts(scenario, model, parameters, until, series)
    slices = slice_luck(counts, model)
    told = progress or (lambda done: None)
    numbers = np.arange(effort.first)
    luck = np.repeat(numbers[:, None], len(slices), axis=1)
    scores = {name: ndtri(uniform_of(model, name, seed, numbers)) for name in uncertain_names(model)}
    sampler = Sampler(model, seed, counts, slices, list(scores), behaviour, told)
    points = np.stack(list(scores.values()), axis=1)
    sample = sampler.evaluate(points, luck)
    influence = measure_influence(scores, sample.predicted)
    kept = choose_numbers(influence)
    strong = [sampler.names.index(n) for n in sorted(kept, key=lambda n: -influence[n]) if influence[n] >= STRONG]
    generator = np.random.default_rng(seed)
    power = 0.0
    while power < 1.0:
        step = next_power(sample.agreement, power, effort.particles / 2)
        logs = sample.agreement * (step - power)
        sample, power = sample.pick(resample(np.exp(logs - logsumexp(logs)), effort.particles, generator)), step
        for _ in range(effort.sweeps if power < 1.0 else 2 * effort.sweeps):
            renew_luck(sample, power, sampler, generator)
            renew_numbers(sample, power, sampler, generator)
            shift_numbers(sample, power, sampler, generator, np.array(strong[:MOST_STRONG] or [0]))
    columns = [sampler.names.index(name) for name in kept]
    table = np.stack(
        [value_of(model, n, ndtr(sample.scores[:, i])) for n, i in zip(kept, columns, strict=True)], axis=1
    )
    return Fit(
        fitted=Fitted(seed, sample.luck, slices, tuple(kept), table, ""),
        influence={name: influence[name] for name in kept},
        distinct=len(np.unique(sample.scores[:, columns], axis=0)),
        distinct_luck=len(np.unique(sample.luck, axis=0)),
        tried=sampler.tried,
        predicted=sample.predicted,
        counts=counts,
    )


def slice_luck(counts: FitCounts, model: Model) -> tuple[float, ...]:
    """Return the hours at which slices of luck end; the last ends with the last count."""
    hours = counts.positions * model.clock.record_hours
    last, begin = float(hours.max()), max(float(hours.min()) - QUIET_HOURS, 0.0)
    ends = np.arange(last, begin, -SLICE_HOURS)[::-1]
    return tuple(float(end) for end in ends)


@dataclass
class Sampler:
    """Simulates particles and counts how many were tried."""

    model: Model
    seed: int
    counts: FitCounts
    slices: tuple[float, ...]
    names: list[str]
    behaviour: Behaviour | None
    told: Callable[[int], None]
    tried: int = 0

    def evaluate(self, scores: Floats, luck: Integers) -> Particles:
        """Return particles with these scores and luck."""
        predicted = self.predict(luck, scores)
        return Particles(scores, luck, predicted, measure_agreement(predicted, self.counts))

    def predict(self, luck: Integers, scores: Floats) -> Floats:
        """Simulate up to the last count and return what each particle says of each count [N, counts]."""
        counts, model = self.counts, self.model
        self.tried += len(luck)
        steps = int(np.ceil(counts.positions.max())) * model.clock.record_every
        predicted = np.empty((len(luck), len(counts.values)))
        before = counts.positions.astype(int)
        part = counts.positions - before
        for first in range(0, len(luck), BATCH):
            rows = slice(first, first + BATCH)
            given = {n: value_of(model, n, ndtr(scores[rows, i])) for i, n in enumerate(self.names)}
            fitted = Fitted(self.seed, luck[rows], self.slices, (), np.empty((0, 0)), "")
            numbers = np.arange(len(luck[rows]))
            own = Luck(make_keys(self.seed, luck[rows][:, 0]))
            course = fitted.luck(own, numbers, model.clock.step_hours)
            record = simulate_batch(model, course, given, self.behaviour, steps=steps)
            for i, column in enumerate(counts.columns):
                curve = record.take(column)
                after = min(before[i] + 1, curve.shape[1] - 1)
                predicted[rows, i] = curve[:, before[i]] * (1 - part[i]) + curve[:, after] * part[i]
            self.told(len(numbers))
        return predicted


def choose_numbers(influence: dict[str, float]) -> list[str]:
    """Return the names of the numbers that move the counts. Raises UsageError when none does."""
    chosen = sorted(name for name in influence if influence[name] >= INFLUENCE)
    if not any(value >= STRONG for value in influence.values()):
        message = "no uncertain number moves the counts before that time: there is nothing to fit"
        raise UsageError(message)
    return chosen


def next_power(agreement: Floats, power: float, keep: float) -> float:
    """Return the next exponent of the likelihood (at most 1) that leaves an effective sample of `keep`."""

    def effective(step: float) -> float:
        logs = agreement * (step - power)
        return float(np.exp(2 * logsumexp(logs) - logsumexp(2 * logs)))

    if effective(1.0) >= keep:
        return 1.0
    low, high = power, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if effective(middle) >= keep else (low, middle)
    return max(low, power + 1e-4)


def renew_luck(sample: Particles, power: float, sampler: Sampler, generator: np.random.Generator) -> None:
    """Give every particle new luck in one slice of time (a Metropolis step: luck is drawn from its prior)."""
    count, slices = sample.luck.shape
    luck = sample.luck.copy()
    luck[np.arange(count), generator.integers(slices, size=count)] = sampler.tried + np.arange(count)
    proposed = sampler.evaluate(sample.scores.copy(), luck)
    chance = np.log(generator.random(count))
    sample.accept(proposed, chance < power * (proposed.agreement - sample.agreement))


def renew_numbers(sample: Particles, power: float, sampler: Sampler, generator: np.random.Generator) -> None:
    """Draw some numbers of every particle partly anew from their ranges (a Metropolis step).

    The preconditioned Crank-Nicolson proposal sqrt(1 - b^2) z + b e keeps the prior (S. Cotter, G. Roberts, A. Stuart,
    D. White, Statistical Science 28 (2013) 424-446, doi:10.1214/13-STS421), however many numbers there are.
    """
    count, numbers = sample.scores.shape
    size = generator.choice([0.2, 0.5, 0.9], size=(count, 1))
    some = generator.random((count, numbers)) < generator.choice([0.1, 0.4, 1.0], size=(count, 1))
    fresh = np.sqrt(1.0 - size**2) * sample.scores + size * generator.standard_normal((count, numbers))
    proposed = sampler.evaluate(np.where(some, fresh, sample.scores), sample.luck.copy())
    chance = np.log(generator.random(count))
    sample.accept(proposed, chance < power * (proposed.agreement - sample.agreement))


def shift_numbers(
    sample: Particles, power: float, sampler: Sampler, generator: np.random.Generator, which: Integers
) -> None:
    """Shift the strongest numbers (columns `which`) together under the same luck (a Metropolis step by random walk).

    The walk has 2.38^2 / d times the covariance of the sample (A. Gelman, G. Roberts, W. Gilks, Bayesian Statistics
    5 (1996) 599-607), for half of the particles a third of that length.
    """
    count, numbers = len(sample.scores), len(which)
    strong = sample.scores[:, which]
    spread = np.cov(strong.T).reshape(numbers, numbers) + 1e-6 * np.eye(numbers)
    length = 2.38 / np.sqrt(numbers) * generator.choice([1.0, 0.35], size=(count, 1))
    scores = sample.scores.copy()
    scores[:, which] += generator.standard_normal((count, numbers)) @ np.linalg.cholesky(spread).T * length
    proposed = sampler.evaluate(scores, sample.luck.copy())
    prior = 0.5 * ((strong**2).sum(axis=1) - (proposed.scores[:, which] ** 2).sum(axis=1))
    chance = np.log(generator.random(count))
    sample.accept(proposed, chance < power * (proposed.agreement - sample.agreement) + prior)


def choose_counts(
    scenario: Scenario, model: Model, parameters: str, until: datetime, series: Sequence[str]
) -> FitCounts:
    """Return the counts that are fitted (`choose_fitted`), as positions in the record.

    Raises UsageError when there is none, or one is later than the parameter set may know.
    """
    counts, left_out = choose_fitted(read_counts(scenario, parameters), series, scenario.start, until)
    known_until = scenario.sets.get(parameters, {}).get("known_until")
    late = [count.thing.time for count in counts if known_until is not None and count.thing.time > known_until]
    if late:
        message = f"{len(late):,} counts up to {until} are later than the set {parameters} may know ({known_until})"
        raise UsageError(message)
    if not counts:
        message = f"no stated counts of {', '.join(series)} up to {until.isoformat()}: there is nothing to fit to"
        reasons = Counter(why for _, why in left_out)
        told = "; ".join(f"{number:,} left out: {why}" for why, number in reasons.items())
        raise UsageError(f"{message} ({told})" if told else message)
    columns = tuple(total_of(count.thing.series) for count in counts)
    positions = [hours_between(scenario.start, count.thing.time) / model.clock.record_hours for count in counts]
    return FitCounts(columns, np.array(positions), np.array([count.number for count in counts]), left_out)


def uncertain_names(model: Model) -> list[str]:
    """Return the names of everything drawn once per replicate: ranges, times and chances of events, luck of places."""
    names = [name for name, quantity in model.quantities.items() if not quantity.is_fixed]
    names += [f"events/{event.id}/time" for event in model.events if not event.time.is_fixed]
    names += [f"events/{event.id}/chance" for event in model.events if event.chance < 1]
    people = model.people
    chosen = sorted({*people.gateways.tolist(), *people.settling.tolist()})
    return names + [f"pull/{model.network.places[people.destinations[d]]}" for d in chosen]


def uniform_of(model: Model, name: str, seed: int, numbers: Integers) -> Floats:
    """Return the uniform that a candidate's own key gives to a name [candidates]."""
    keys = make_keys(seed, numbers)
    if name in model.quantities:
        return draw_uniform_of(keys, "quantity", name)
    first, _, last = name.rpartition("/")
    return draw_uniform_of(keys, first, last)


def value_of(model: Model, name: str, chance: Floats) -> Floats:
    """Return the value at a chance; of an event's time the fraction of its range."""
    return model.quantities[name].take(chance) if name in model.quantities else chance


def measure_agreement(predicted: Floats, counts: FitCounts) -> Floats:
    """Return the logarithm of the likelihood of the counts under the tolerance [candidates]."""
    spread = TOLERANCE_PEOPLE + TOLERANCE_SHARE * counts.values
    return np.asarray(-0.5 * (((predicted - counts.values) / spread) ** 2).sum(axis=1))


def measure_influence(scores: dict[str, Floats], predicted: Floats) -> dict[str, float]:
    """Return for each number its largest rank correlation (absolute) with any of the counts."""
    ranks = _ranks(predicted)
    return {
        name: float(np.abs(_ranks(values[:, None]).T @ ranks).max() / len(values)) for name, values in scores.items()
    }


def _ranks(values: Floats) -> Floats:
    order = np.argsort(np.argsort(values, axis=0, kind="stable"), axis=0, kind="stable").astype(np.float64)
    order -= order.mean(axis=0)
    return np.asarray(order / order.std(axis=0))


def resample(weights: Floats, keep: int, generator: np.random.Generator) -> Integers:
    """Return `keep` indices drawn by weight with one random number (systematic), in random order."""
    marks = (np.arange(keep) + generator.random()) / keep
    picked = np.minimum(np.searchsorted(np.cumsum(weights), marks), len(weights) - 1)
    return np.asarray(generator.permutation(picked))
