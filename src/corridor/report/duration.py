"""How long it will take: the time until nearly everybody who will leave has arrived, as fifty equal chances."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corridor.report.envelope import Figure, begin_figure
from corridor.scenario.counts import keep_newest, read_counts

if TYPE_CHECKING:
    from corridor.results.result import Result, Values

SHARE = 0.95  # of those who leave when they can
DOTS = 50  # quantile dots: each is a chance of 2 in 100 (Fernandes et al. 2018, CHI, doi:10.1145/3173574.3173718)


def hours_until(values: Values, goal: Values, hours: float) -> Values:
    """Return when a rising count [R, T], recorded every so many hours, first reaches its goal [R]; inf if never.

    Between two recorded moments by straight line.
    """
    reached = values >= goal[:, None]
    ever = reached.any(axis=1)
    first = reached.argmax(axis=1)
    rows = np.arange(len(values))
    before = values[rows, np.maximum(first - 1, 0)]
    here = values[rows, first]
    part = np.where(here > before, (goal - before) / np.where(here > before, here - before, 1.0), 1.0)
    position = np.where(first == 0, 0.0, first - 1 + part)
    return np.where(ever, position * hours, np.inf)


def quantile_dots(values: Values, dots: int = DOTS) -> list[float | None]:
    """Return the values at (i + 1/2) / dots of an ensemble [R] in order; None where it is infinite."""
    ordered = np.sort(values)
    chosen = ordered[np.floor((np.arange(dots) + 0.5) / dots * len(ordered)).astype(int)]
    return [float(value) if np.isfinite(value) else None for value in chosen]


def describe_duration(result: Result, leavers: Values, goal: float | None = None) -> Figure:
    """Return when 95 % of those who leave when they can [R] have arrived, or when a stated number of people has.

    Those who stay whatever happens are not waited for. Hours count from the start of the period; None among the
    dots means not within the period.
    """
    arrived = result.take("arrivals")
    goals = np.full(len(arrived), goal) if goal is not None else SHARE * leavers
    hours = hours_until(arrived, goals, result.manifest["record_hours"])
    observed = None
    if goal is not None:
        times = [
            count.thing.time.isoformat(timespec="minutes")
            for count in keep_newest(read_counts(result.scenario, result.manifest["parameters"]))
            if count.thing[:5] == ("arrivals", "", "", "", None) and count.is_point and count.number >= goal
        ]
        observed = min(times, default=None)
    return begin_figure(
        result,
        "duration",
        "hours from the start",
        goal=goal,
        share=None if goal is not None else SHARE,
        start=result.times[0].isoformat(timespec="minutes"),
        end=result.times[-1].isoformat(timespec="minutes"),
        dots=quantile_dots(hours),
        reached=float(np.isfinite(hours).mean()),
        observed=observed,
    )
