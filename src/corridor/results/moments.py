"""The moment a briefing speaks of, and the stretch of time its charts show."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

from corridor.scenario.counts import keep_newest, read_counts
from corridor.scenario.faults import UsageError
from corridor.scenario.values import parse_time

if TYPE_CHECKING:
    from corridor.results.result import Result
    from corridor.scenario.counts import Count


def choose_moment(result: Result, asked: str | None = None) -> datetime:
    """Return today, the one moment a briefing speaks of: what is asked, or as far as the parameter set knows.

    Unasked it is the time up to which the set may know counts, where that lies within the period; else the time of the
    newest count that it may know; without one the start. Raises UsageError when the text is no time or lies outside the
    period.
    """
    if asked is not None:
        return _read_moment(result, asked)
    horizon = find_horizon(result)
    if horizon is not None and result.times[0] <= horizon < result.times[-1]:
        return horizon
    until = min(horizon or result.times[-1], result.times[-1])
    counts = read_counts(result.scenario, result.manifest["parameters"])
    times = [c.thing.time for c in counts if result.times[0] <= c.thing.time <= until and c.known_to_fit(until)]
    return max(times, default=result.times[0])


def find_horizon(result: Result) -> datetime | None:
    """Return the time up to which the run's parameter set may know counts: the end of its fit, else of its knowledge.

    Counts after the end of a fit are held out: they set no number. None when the set has no such time.
    """
    known = result.scenario.sets.get(result.manifest["parameters"], {})
    return known.get("fitted_until") or known.get("known_until")


def find_present(result: Result) -> datetime | None:
    """Return the moment up to which a run has learnt from counts and from which it forecasts, None if it has not."""
    until = result.manifest.get("fitted_until", "")
    return datetime.fromisoformat(until) if until and result.manifest.get("fitted_draws") else None


def list_known_counts(result: Result, today: datetime) -> list[Count]:
    """Return the counts within the period that are known today, the newest vintage of each, in order of time.

    Known are those published by then, those counted by then of whose publication nothing is stated, and those of this
    very hour that were published on its day: they are what makes it today.
    """
    counts = [c for c in read_counts(result.scenario, result.manifest["parameters"]) if _is_known(c, today)]
    known = [count for count in keep_newest(counts) if result.times[0] <= count.thing.time <= today]
    return sorted(known, key=lambda count: count.thing.time)


def _is_known(count: Count, today: datetime) -> bool:
    if count.published is None or count.thing.time == today:
        return count.known_to_fit(today)
    return count.known_by(today)


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
