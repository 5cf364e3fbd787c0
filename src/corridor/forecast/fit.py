"""Fit uncertain numbers to counts: which draws of the ranges, with which luck, agree with what was counted.

An annealed sequential Monte Carlo sampler (P. Del Moral, A. Doucet, A. Jasra, J. R. Statist. Soc. B 68 (2006)
411-436, doi:10.1111/j.1467-9868.2006.00553.x) with a Gaussian tolerance around each count, as in approximate
Bayesian computation (S. Sisson, Y. Fan, M. Tanaka, PNAS 104 (2007) 1760-1765, doi:10.1073/pnas.0607208104). Each
number is handled as the normal score of its chance, so that the user's ranges are the prior. Luck is part of a
particle: moves either shift the numbers under the same luck or try new luck for the same numbers. The sample kept
holds keys of luck, and runs that use it pass through the same paths.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from scipy.special import logsumexp, ndtr, ndtri

from corridor.faults import UsageError
from corridor.scenario.scenario import Scenario
from corridor.scenario.values import hours_between
from corridor.simulate.batch import plain_luck, simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.inputs import draw_uniform_of
from corridor.simulate.model import Floats, Integers, Model

TOLERANCE_SHARE = 0.04  # of a cumulative count: reporting delay, rounding, and what the model leaves out
TOLERANCE_PEOPLE = 100.0
INFLUENCE = 0.08  # rank correlation with a count from which on a number is fitted
MOST_FITTED = 16
BATCH = 50


@dataclass(frozen=True)
class FitCounts:
    """Counts to fit: when (record positions), which total column, and how many. N counts."""

    columns: tuple[str, ...]
    positions: Floats  # [N] in records from the start
    values: Floats  # [N]


@dataclass(frozen=True)
class Fit:
    """A fitted sample: candidates (keys under `seed`), fitted numbers, and how good the sample is."""

    seed: int
    candidates: Integers
    values: dict[str, Floats]
    influence: dict[str, float]
    distinct: int  # different particles in the sample
    tried: int
    predicted: Floats  # [kept, N]
    counts: FitCounts


@dataclass
class Particles:
    """The sample while it moves: scores [N, numbers], keys of luck, what they predict, how well that agrees."""

    scores: Floats
    luck: Integers
    predicted: Floats
    agreement: Floats

    def pick(self, rows: Integers) -> Particles:
        """Return the particles in these rows (some more than once)."""
        return Particles(self.scores[rows], self.luck[rows], self.predicted[rows], self.agreement[rows])

    def accept(self, other: Particles, rows: NDArray[np.bool_]) -> None:
        """Take over the particles of `other` in these rows."""
        self.scores[rows], self.luck[rows] = other.scores[rows], other.luck[rows]
        self.predicted[rows], self.agreement[rows] = other.predicted[rows], other.agreement[rows]


def fit_scenario(
    scenario: Scenario,
    parameters: str,
    until: datetime,
    series: Sequence[str],
    particles: int = 500,
    first: int = 2000,
    sweeps: int = 2,
    seed: int = 1,
    progress: Callable[[str, int], None] | None = None,
) -> Fit:
    """Fit a parameter set to the stated counts of `series` up to `until`. Later counts are never read.

    `first` draws from the ranges show which numbers move the counts; the best of them begin the sample of
    `particles`. Raises UsageError when there is nothing to fit to.
    """
    model = compile_model(scenario, parameters)
    counts = choose_counts(scenario, model, parameters, until, series)
    told = progress or (lambda stage, done: None)
    all_luck = np.arange(first)
    scores = {name: ndtri(uniform_of(model, name, seed, all_luck)) for name in uncertain_names(model)}
    predicted = predict(model, seed, all_luck, {}, counts, lambda done: told("draws from the ranges", done))
    influence = measure_influence(scores, predicted)
    chosen = choose_numbers(influence)
    start = Particles(
        np.stack([scores[name] for name in chosen], axis=1),
        all_luck,
        predicted,
        measure_agreement(predicted, counts),
    )
    generator = np.random.default_rng(seed)
    tried = first

    def evaluate(points: Floats, luck: Integers) -> Particles:
        nonlocal tried
        tried += len(luck)
        given = {name: value_of(model, name, ndtr(points[:, i])) for i, name in enumerate(chosen)}
        found = predict(model, seed, luck, given, counts, lambda done: told("moves", done))
        return Particles(points, luck, found, measure_agreement(found, counts))

    sample, power, next_luck = start, 0.0, first
    while power < 1.0:
        step = next_power(sample.agreement, power, particles / 2)
        weights = np.exp(sample.agreement * (step - power) - logsumexp(sample.agreement * (step - power)))
        sample, power = sample.pick(resample(weights, particles, generator)), step
        for _ in range(sweeps):
            next_luck = move_particles(sample, power, next_luck, evaluate, generator)
    return Fit(
        seed=seed,
        candidates=sample.luck,
        values={name: value_of(model, name, ndtr(sample.scores[:, i])) for i, name in enumerate(chosen)},
        influence={name: influence[name] for name in chosen},
        distinct=len(np.unique(sample.scores[:, 0])),
        tried=tried,
        predicted=sample.predicted,
        counts=counts,
    )


def choose_numbers(influence: dict[str, float]) -> list[str]:
    """Return the names of the numbers to fit. Raises UsageError when none moves the counts."""
    strongest = sorted(influence, key=lambda name: -influence[name])[:MOST_FITTED]
    chosen = sorted(name for name in strongest if influence[name] >= INFLUENCE)
    if not chosen:
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


def move_particles(
    sample: Particles,
    power: float,
    next_luck: int,
    evaluate: Callable[[Floats, Integers], Particles],
    generator: np.random.Generator,
) -> int:
    """Move every particle twice by Metropolis steps: new luck for the same numbers, other numbers for the same luck.

    The random walk has 2.38^2 / d times the covariance of the sample (A. Gelman, G. Roberts, W. Gilks, Bayesian
    Statistics 5 (1996) 599-607), halved for half of the moves. Return the next unused key of luck.
    """
    count, numbers = sample.scores.shape
    fresh = np.arange(next_luck, next_luck + count)
    proposed = evaluate(sample.scores.copy(), fresh)
    chance = np.log(generator.random(count))
    sample.accept(proposed, chance < power * (proposed.agreement - sample.agreement))
    spread = np.cov(sample.scores.T).reshape(numbers, numbers) + 1e-6 * np.eye(numbers)
    length = 2.38 / np.sqrt(numbers) * generator.choice([1.0, 0.35], size=(count, 1))
    walk = generator.standard_normal((count, numbers)) @ np.linalg.cholesky(spread).T * length
    proposed = evaluate(sample.scores + walk, sample.luck.copy())
    prior = 0.5 * ((sample.scores**2).sum(axis=1) - (proposed.scores**2).sum(axis=1))
    chance = np.log(generator.random(count))
    sample.accept(proposed, chance < power * (proposed.agreement - sample.agreement) + prior)
    return next_luck + count


def choose_counts(
    scenario: Scenario, model: Model, parameters: str, until: datetime, series: Sequence[str]
) -> FitCounts:
    """Return the counts that are fitted: totals of these series, stated with their hour, within the time."""
    columns, positions, values = [], [], []
    for row in sorted(
        scenario.rows("observations", parameters), key=lambda row: (row["series"], row["time"])
    ):
        if row["series"] not in series or row["place"] or row["status"] != "stated":
            continue
        if not scenario.start <= row["time"] <= until:
            continue
        columns.append({"vehicles": "vehicles_arrived:"}.get(row["series"], f"{row['series']}:"))
        positions.append(hours_between(scenario.start, row["time"]) / (model.step_hours * model.record_every))
        values.append(row["value"])
    if not values:
        message = (
            f"no stated counts of {', '.join(series)} up to {until.isoformat()}: there is nothing to fit to"
        )
        raise UsageError(message)
    return FitCounts(tuple(columns), np.array(positions), np.array(values))


def uncertain_names(model: Model) -> list[str]:
    """Return the names of everything drawn from a range, times of events included."""
    names = [name for name, quantity in model.quantities.items() if not quantity.is_fixed]
    return names + [f"events/{event.id}/time" for event in model.events if not event.time.is_fixed]


def uniform_of(model: Model, name: str, seed: int, numbers: Integers) -> Floats:
    """Return the uniform that a candidate's own key gives to a name [candidates]."""
    keys = plain_luck(seed, numbers).before
    if name in model.quantities:
        return draw_uniform_of(keys, "quantity", name)
    return draw_uniform_of(keys, name.rpartition("/")[0], "time")


def value_of(model: Model, name: str, chance: Floats) -> Floats:
    """Return the value at a chance; of an event's time the fraction of its range."""
    return model.quantities[name].take(chance) if name in model.quantities else chance


def predict(
    model: Model,
    seed: int,
    numbers: Integers,
    given: dict[str, Floats],
    counts: FitCounts,
    progress: Callable[[int], None] | None = None,
) -> Floats:
    """Simulate candidates up to the last count and return what they say of each count [candidates, N]."""
    steps = int(np.ceil(counts.positions.max())) * model.record_every
    predicted = np.empty((len(numbers), len(counts.values)))
    before = counts.positions.astype(int)
    part = counts.positions - before
    for first in range(0, len(numbers), BATCH):
        rows = slice(first, first + BATCH)
        luck = plain_luck(seed, numbers[rows])
        record = simulate_batch(
            model, luck, {name: values[rows] for name, values in given.items()}, steps=steps
        )
        for i, column in enumerate(counts.columns):
            curve = record.counts[:, :, record.columns.counts.index(column)]
            after = min(before[i] + 1, curve.shape[1] - 1)
            predicted[rows, i] = curve[:, before[i]] * (1 - part[i]) + curve[:, after] * part[i]
        if progress is not None:
            progress(len(luck.before))
    return predicted


def measure_agreement(predicted: Floats, counts: FitCounts) -> Floats:
    """Return the logarithm of the likelihood of the counts under the tolerance [candidates]."""
    spread = TOLERANCE_PEOPLE + TOLERANCE_SHARE * counts.values
    return np.asarray(-0.5 * (((predicted - counts.values) / spread) ** 2).sum(axis=1))


def measure_influence(scores: dict[str, Floats], predicted: Floats) -> dict[str, float]:
    """Return for each number its largest rank correlation (absolute) with any of the counts."""
    ranks = _ranks(predicted)
    return {
        name: float(np.abs(_ranks(values[:, None]).T @ ranks).max() / len(values))
        for name, values in scores.items()
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
