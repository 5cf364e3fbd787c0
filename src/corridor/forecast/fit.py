"""Fit uncertain numbers to counts: which draws of the ranges, with which luck, agree with what was counted.

Population Monte Carlo (O. Cappe, A. Guillin, J.-M. Marin, C. Robert, J. Comput. Graph. Stat. 13 (2004) 907-929,
doi:10.1198/106186004X12803) with a Gaussian tolerance around each count, as in approximate Bayesian computation
(M. Beaumont, J.-M. Cornuet, J.-M. Marin, C. Robert, Biometrika 96 (2009) 983-990, doi:10.1093/biomet/asp052). Each
number is handled as the normal score of its chance, so that the user's ranges are the prior. Luck is part of a
candidate: the sample kept holds keys, and runs that use it pass through the same paths.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
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
    effective: float  # effective sample size of the last round
    tried: int
    predicted: Floats  # [kept, N]
    counts: FitCounts


def fit_scenario(
    scenario: Scenario,
    parameters: str,
    until: datetime,
    series: Sequence[str],
    per_round: int = 4000,
    rounds: int = 4,
    keep: int = 1000,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
) -> Fit:
    """Fit a parameter set to the stated counts of `series` up to `until`. Later counts are never read.

    Raises UsageError when there is nothing to fit to.
    """
    model = compile_model(scenario, parameters)
    counts = choose_counts(scenario, model, parameters, until, series)
    names = uncertain_names(model)
    numbers = np.arange(per_round)
    scores = {name: ndtri(uniform_of(model, name, seed, numbers)) for name in names}
    predicted = predict(model, seed, numbers, {}, counts, progress)
    influence = measure_influence(scores, predicted)
    chosen = sorted(sorted(influence, key=lambda n: -influence[n])[:MOST_FITTED])
    chosen = [name for name in chosen if influence[name] >= INFLUENCE]
    if not chosen:
        message = "no uncertain number moves the counts before that time: there is nothing to fit"
        raise UsageError(message)
    points = np.stack([scores[name] for name in chosen], axis=1)
    logs = measure_agreement(predicted, counts)
    generator = np.random.default_rng(seed)
    for turn in range(1, rounds):
        # early rounds are tempered, so that the sample moves towards the counts without collapsing on one point
        weights = _temper(
            logs, keep=max(per_round // 8, 50) if turn < rounds - 1 else max(per_round // 16, 50)
        )
        centre, spread = _moments(points, weights)
        mixed = generator.choice(len(points), size=per_round, p=weights)
        kernel = np.linalg.cholesky(
            spread * _bandwidth(per_round // 8, len(chosen)) + 1e-9 * np.eye(len(chosen))
        )
        shift = points[mixed] + generator.standard_normal((per_round, len(chosen))) @ kernel.T
        density = _mixture_density(shift, points, weights, kernel)
        del centre
        numbers = np.arange(turn * per_round, (turn + 1) * per_round)
        given = {name: _value_of(model, name, ndtr(shift[:, i])) for i, name in enumerate(chosen)}
        predicted = predict(model, seed, numbers, given, counts, progress)
        prior = -0.5 * (shift**2).sum(axis=1)
        points, logs = shift, measure_agreement(predicted, counts) + prior - density
    weights = np.exp(logs - logsumexp(logs))
    picked = resample(weights, keep, generator)
    return Fit(
        seed=seed,
        candidates=numbers[picked],
        values={name: _value_of(model, name, ndtr(points[picked, i])) for i, name in enumerate(chosen)},
        influence={name: influence[name] for name in chosen},
        effective=float(1.0 / (weights**2).sum()),
        tried=rounds * per_round,
        predicted=predicted[picked],
        counts=counts,
    )


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


def _value_of(model: Model, name: str, chance: Floats) -> Floats:
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


def _temper(logs: Floats, keep: int) -> Floats:
    """Return weights exp(logs)^t with the largest t <= 1 that keeps an effective sample of `keep`."""
    low, high = 0.0, 1.0

    def weights(power: float) -> Floats:
        scaled = power * logs
        return np.asarray(np.exp(scaled - logsumexp(scaled)))

    if 1.0 / (weights(1.0) ** 2).sum() >= keep:
        return weights(1.0)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if 1.0 / (weights(middle) ** 2).sum() >= keep else (low, middle)
    return weights(low)


def _moments(points: Floats, weights: Floats) -> tuple[Floats, Floats]:
    centre = weights @ points
    apart = points - centre
    return centre, np.asarray((apart * weights[:, None]).T @ apart)


def _bandwidth(count: int, dimensions: int) -> float:
    """Return Silverman's factor for a Gaussian kernel (Density Estimation, 1986, equation 4.14), squared."""
    return float((4.0 / (count * (dimensions + 2))) ** (2.0 / (dimensions + 4)))


def _mixture_density(at: Floats, points: Floats, weights: Floats, kernel: Floats) -> Floats:
    """Return the logarithm of the density (up to a constant) of the proposal at points."""
    white_at, white = np.linalg.solve(kernel, at.T).T, np.linalg.solve(kernel, points.T).T
    used = weights > weights.max() * 1e-8
    logs = np.log(weights[used])
    density = np.empty(len(at))
    for first in range(0, len(at), 500):
        block = white_at[first : first + 500]
        distance = ((block[:, None, :] - white[used][None]) ** 2).sum(axis=2)
        density[first : first + 500] = logsumexp(logs - 0.5 * distance, axis=1)
    return density


def resample(weights: Floats, keep: int, generator: np.random.Generator) -> Integers:
    """Return `keep` indices drawn by weight with one random number (systematic), in random order."""
    marks = (np.arange(keep) + generator.random()) / keep
    picked = np.minimum(np.searchsorted(np.cumsum(weights), marks), len(weights) - 1)
    return np.asarray(generator.permutation(picked))
