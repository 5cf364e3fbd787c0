"""The lead of a forecast's page: the next 24 and 72 hours in words, and what the newest counts changed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.report.known import name_counted, say_ends
from corridor.report.sentences import measure, range_of
from corridor.words.said import Digits, Field, Moment, Number, Said, Stated, say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.report.exits import Exit
    from corridor.results.result import Result, Values

HOURS = (24, 72)
MOST_EXITS = 4  # that are told apart, those by which most come out
MOST_COUNTS = 3  # of the newest that are told of, totals first
SAME = 0.05  # a range whose width changes by a smaller share stays as it was
SHARES = (0.1, 0.2, 0.25, 0.333, 0.5, 0.667, 0.75, 0.9)  # by which a range may shrink, in words


def say_ahead(
    result: Result, exits: Sequence[Exit], today: datetime, learning: Mapping[str, Any] | None
) -> list[list[Said]]:
    """Return the lines that lead a page on which something was learnt from counts; none for other runs.

    `learning` is what the forecast noted of its counts, None where that was not kept.
    """
    if not result.manifest["fitted_draws"] or today >= result.times[-1]:
        return []
    moments = [today + timedelta(hours=hours) for hours in HOURS]
    lines = [_say_hours(result, exits, today, moment) for moment in moments if moment <= result.times[-1]]
    lines = lines or [_say_hours(result, exits, today, result.times[-1])]
    newest = learning.get("newest") if learning else None
    return lines + (_say_newest(result, newest, today) if newest else [])


def _say_hours(result: Result, exits: Sequence[Exit], today: datetime, until: datetime) -> list[Said]:
    """Return how many more come out by a moment, by which exits, and who is still inside then."""
    more = result.at("arrivals", until) - result.at("arrivals", today)
    since = f"arrivals since {today.isoformat(timespec='minutes')}"
    people = measure(more, since, until)
    fields: dict[str, Field] = {"hours": Stated(round((until - today) / timedelta(hours=1))), "time": Moment(until)}
    nobody = np.quantile(more, 0.95) < 1
    said = [say("ahead.nobody", **fields) if nobody else say("ahead.more", people=people, **fields)]
    if len(exits) > 1 and not nobody:
        parts = {e.id: result.at("arrivals", until, e.id) - result.at("arrivals", today, e.id) for e in exits}
        ranked = sorted(exits, key=lambda e: (-float(parts[e.id].mean()), e.name))[:MOST_EXITS]
        said += [say("ahead.exit", exit=e.name, people=measure(parts[e.id], since, until, e.id)) for e in ranked]
    return [*said, say("ahead.inside", people=measure(result.at("inside", until), "inside", until))]


def _say_newest(result: Result, newest: Mapping[str, Any], today: datetime) -> list[list[Said]]:
    """Return what was expected of the newest counts and what came, and what they did to the range of those inside."""
    counts = sorted(newest["counts"], key=lambda count: any(count[by] for by in ("place", "area", "exit")))
    time = max(datetime.fromisoformat(count["time"]) for count in counts)
    if time > today:
        return []
    lines = [[_say_count(result, count)] for count in counts[:MOST_COUNTS]]
    return [*lines, [_say_range(newest["inside_before"], result.at("inside", time), time)]]


def _say_count(result: Result, count: Mapping[str, Any]) -> Said:
    by = next((by for by in ("place", "area", "exit") if count[by]), "")
    moment = datetime.fromisoformat(count["time"])
    since = datetime.fromisoformat(count["since"]) if count["since"] else None
    series = name_counted(result, count["series"], by, count[by] if by else "")
    time: Field = Moment(moment)
    if since is not None:
        time = say("newest.span", since=Moment(since), time=time)
    low, high = (count[end] for end in ("low", "high")) if count["value"] is None else (count["value"],) * 2
    where = "below" if high is not None and high < count["q05"] else "within"
    where = "above" if low is not None and low > count["q95"] else where
    at = moment.isoformat(timespec="minutes")
    expected = Number(range_of(count), f"expected {count['series']} {by} {since}", str(count[by] if by else ""), at)
    return say(f"newest.{where}", series=series, time=time, expected=expected, value=_say_value(count))


def _say_value(count: Mapping[str, Any]) -> Field:
    return say_ends(count["low"], count["high"]) if count["value"] is None else Stated(count["value"])


def _say_range(before: Mapping[str, float], after: Values, time: datetime) -> Said:
    """Return by how much the counts of a moment have changed the width of the range of those inside then.

    Before is what the filter noted; after is what the run has, which has read them: the number of the table.
    """
    at = time.isoformat(timespec="minutes")
    fields: dict[str, Field] = {
        "time": Moment(time),
        "before": Number(range_of(before), "inside before the newest counts", "", at),
        "after": measure(after, "inside", time),
    }
    width = before["q95"] - before["q05"]
    ratio = float(np.subtract(*np.quantile(after, [0.95, 0.05]))) / width if width > 0 else 1.0
    if abs(1 - ratio) < SAME:
        return say("newest.same", **fields)
    if ratio > 1:
        return say("newest.widened", times=Digits(ratio, 1), **fields)
    nearest = min(SHARES, key=lambda share: abs(share - (1 - ratio)))
    return say("newest.cut", share=say(f"ahead.share.{nearest}"), **fields)
