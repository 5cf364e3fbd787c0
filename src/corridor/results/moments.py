"""The moment a briefing speaks of, and the stretch of time its charts show."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from corridor.scenario.faults import UsageError
from corridor.scenario.values import parse_time

if TYPE_CHECKING:
    from corridor.results.result import Result


def choose_moment(result: Result, asked: str | None = None) -> datetime:
    """Return the moment asked for, or that of the longest queue, or the middle of the flow.

    The longest queue is the recorded moment at which the mean number of vehicles held up is largest; without any
    queue, the first moment at which half of the median arrivals have come; without arrivals, the middle of the
    period. Raises UsageError when the text is no time or lies outside the period.
    """
    if asked is not None:
        return _read_moment(result, asked)
    held = result.take("vehicles_delayed").mean(axis=0)
    if held.max() >= 1.0:
        return result.times[int(held.argmax())]
    arrived = np.median(result.take("arrivals"), axis=0)
    if arrived[-1] > 0:
        return result.times[int(np.argmax(arrived >= arrived[-1] / 2))]
    return result.times[len(result.times) // 2]


def _read_moment(result: Result, text: str) -> datetime:
    example = result.times[len(result.times) // 2].isoformat(timespec="minutes")
    try:
        moment = parse_time(text, ZoneInfo(result.manifest["time_zone"]))
    except ValueError as error:
        message = f'"{text}" is no time; write it as in {example}'
        raise UsageError(message) from error
    require_within(result, moment)
    return moment


def require_within(result: Result, moment: datetime) -> None:
    """Raise UsageError for a moment outside the period of a run."""
    first, last = result.times[0], result.times[-1]
    if not first <= moment <= last:
        message = (
            f"{moment:%Y-%m-%dT%H:%M} is outside the run's period, {first:%Y-%m-%dT%H:%M} to {last:%Y-%m-%dT%H:%M}"
        )
        raise UsageError(message)


def shown_from(result: Result) -> datetime:
    """Return where charts begin: a midnight before anybody may have arrived or the first count was made."""
    arrived = np.quantile(result.take("arrivals"), 0.95, axis=0)
    begun = [result.times[int(np.argmax(arrived > 0))]] if arrived[-1] > 0 else [result.times[0]]
    begun += [row["time"] for row in result.scenario.rows("observations", result.manifest["parameters"])]
    first = max(min(begun) - timedelta(hours=12), result.times[0])
    return max(first.replace(hour=0, minute=0, second=0, microsecond=0), result.times[0])
