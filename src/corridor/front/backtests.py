"""Forecast a case again and again as time went on, and score each forecast on what came after it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from corridor.forecast.filter import Effort
from corridor.front.board import Board, score_forecasts
from corridor.front.forecasts import REPLICATES, Progress, ask_moment, forecast
from corridor.scenario.counts import read_counts
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import Scenario


def backtest(
    case: Scenario,
    every: str = "12h",
    since: datetime | str | None = None,
    until: datetime | str | None = None,
    parameters: str | None = None,
    replicates: int = REPLICATES,
    effort: Effort | None = None,
    progress: Progress | None = None,
) -> Board:
    """Forecast again and again as time went on, and score each forecast on the counts that came after it.

    From the first count on (or `since`) to the last (or `until`), `every` so many hours ("12h") or days ("7d"); each
    forecast begins anew and knows what was known at its moment. Raises UsageError for an interval that is none, or when
    no moment has counts before and after it.
    """
    chosen = case.choose_set(parameters)
    step = _read_interval(every)
    counted = sorted(
        count.thing.time for count in read_counts(case, chosen) if case.start < count.thing.time < case.end
    )
    if not counted:
        message = "the case has no counts within its period: there is nothing to score forecasts on"
        raise UsageError(message)
    first = ask_moment(case, since, chosen)[1] if since is not None else counted[0] + step
    last = ask_moment(case, until, chosen)[1] if until is not None else counted[-1] - timedelta(minutes=1)
    moments = [first + i * step for i in range(int((last - first) / step) + 1)] if last >= first else []
    if not moments:
        message = f"no moment to forecast from between {first} and {last}"
        raise UsageError(message)
    found = []
    for moment in moments:
        found.append(forecast(case, moment, None, chosen, replicates, effort, None, progress).as_of_counts())
        if progress is not None:
            progress("forecasts", 1, len(moments))
    return score_forecasts(found, f"{case.settings['title']}: past forecasts", str(case.settings["disclaimer"]))


def _read_interval(every: str) -> timedelta:
    """Return an interval such as 12h or 7d. Raises UsageError for anything else."""
    match = re.fullmatch(r"\s*(\d{1,5})\s*([hd])\s*", every)
    if match is None or int(match[1]) == 0:
        message = f'"{every}" is no interval such as 12h or 7d'
        raise UsageError(message)
    return timedelta(**{"h": {"hours": int(match[1])}, "d": {"days": int(match[1])}}[match[2]])
