"""What is known today: the newest counts with who and when, and what has changed since yesterday."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from corridor.report.annex import write_stated
from corridor.report.envelope import name_sources
from corridor.report.sentences import Number, Said, measure, say
from corridor.report.words import join_words, write_moment
from corridor.results.moments import list_known_counts
from corridor.results.result import interpolate

if TYPE_CHECKING:
    from corridor.results.result import Result
    from corridor.scenario.draft import Row

DAY = timedelta(hours=24)
MOST_EVENTS = 4  # the latest
MOST_PLACES = 3  # counts of single places that are named
SERIES = {"arrivals": "arrivals", "vehicles": "vehicles_arrived", "registered": "registered", "lodged": "lodged"}
ORDER = ("arrivals", "vehicles", "registered", "lodged")


def say_known(result: Result, today: datetime) -> list[Said]:
    """Return a sentence for the newest count of each series, and of the places with the largest; totals first."""
    newest: dict[tuple[str, str], Row] = {}
    for row in list_known_counts(result, today):
        newest[row["series"], row["place"] or ""] = row
    totals = sorted((key for key in newest if not key[1]), key=_order)
    places = sorted((key for key in newest if key[1]), key=lambda key: (_order(key), -newest[key]["value"]))
    alone = [key for key in places if key[0] == "arrivals" or (key[0], "") not in newest]
    chosen = [*totals, *alone[:MOST_PLACES]]
    return [_say_count(result, newest[key], today) for key in chosen] or [say("known.none")]


def _order(key: tuple[str, str]) -> tuple[bool, int, str]:
    known = key[0] in ORDER
    return not known, ORDER.index(key[0]) if known else 0, key[0]


def _say_count(result: Result, row: Row, today: datetime) -> Said:
    series, place = row["series"], row["place"] or ""
    sources = name_sources(result, row["claims"] or ())
    old = (today - row["time"]) / timedelta(hours=1)
    fields: dict[str, Number | str] = {
        "value": _count(row),
        "time": write_moment(row["time"]),
        "source": join_words(sources[:2]) or say("known.no_source").text,
        "age": say("known.old", hours=f"{old:.0f}").text if old >= 24 else "",
    }
    if place or series not in SERIES:
        name = {entry["id"]: entry["name"] for entry in result.scenario.tables["places"]}.get(place, place)
        words = series.replace("_", " ")
        return (
            say("known.place", series=words, place=name, **fields)
            if place
            else say("known.other", series=words, **fields)
        )
    run = measure(interpolate(result.take(SERIES[series]), result.times, row["time"]), SERIES[series], row["time"])
    return say(f"known.{series}", run=run, **fields)


def _count(row: Row) -> Number:
    time = row["time"].isoformat(timespec="minutes")
    return Number(write_stated(row["value"]), f"counted {row['series']}", row["place"] or "", time)


def say_changed(result: Result, today: datetime) -> list[Said]:
    """Return what has changed since the same hour of yesterday: in the run, in the counts, and by dated events."""
    yesterday = today - DAY
    if yesterday < result.times[0]:
        return [say("changed.none")]
    data = result.take_totals("arrivals", "vehicles_delayed")
    before, now = ({n: interpolate(v, result.times, when) for n, v in data.items()} for when in (yesterday, today))
    gained = now["arrivals"] - before["arrivals"]
    time = write_moment(yesterday)
    more = measure(gained, "arrivals since yesterday", today)
    few = np.quantile(gained, 0.95) < 1
    found = [say("changed.nobody", time=time) if few else say("changed.out", people=more, time=time)]
    found += _say_counts(result, yesterday, today)
    if max(np.quantile(values["vehicles_delayed"], 0.95) for values in (before, now)) >= 1:
        queues = [
            measure(values["vehicles_delayed"], "vehicles_delayed", when)
            for values, when in ((before, yesterday), (now, today))
        ]
        found.append(say("changed.queue", before=queues[0], now=queues[1]))
    return [*found, _say_events(result, yesterday, today)]


def _say_counts(result: Result, yesterday: datetime, today: datetime) -> list[Said]:
    """Return what the counts of arrivals say: the newest beside the last one of yesterday, nothing without both."""
    rows = [row for row in list_known_counts(result, today) if row["series"] == "arrivals" and not row["place"]]
    early = [row for row in rows if row["time"] <= yesterday]
    if not early or rows[-1]["time"] <= yesterday:
        return []
    then, newest = early[-1], rows[-1]
    words = {"then": write_moment(then["time"]), "time": write_moment(newest["time"])}
    return [say("changed.counted", before=_count(then), value=_count(newest), **words)]


def _say_events(result: Result, yesterday: datetime, today: datetime) -> Said:
    """Return the labelled events that have happened for certain, in the scenario, between yesterday and today."""
    rows = [row for row in result.scenario.rows("events", result.manifest["parameters"]) if row["label"]]
    recent = [row for row in rows if yesterday < row["time"].end <= today and row["chance"] >= 1]
    recent.sort(key=lambda row: (row["time"].end, row["id"]))
    if not recent:
        return say("changed.no_events")
    parts = [say("event.sure", label=row["label"], time=_write_time(row)).text for row in recent[-MOST_EVENTS:]]
    more = len(recent) - MOST_EVENTS
    return say(
        "changed.events", events=join_words(parts + ([say("event.many", number=f"{more}").text] if more > 0 else []))
    )


def _write_time(row: Row) -> str:
    start, end = row["time"].start, row["time"].end
    if start == end:
        return write_moment(start)
    return (
        f"{write_moment(start)} to {end:%H:%M}"
        if start.date() == end.date()
        else f"{write_moment(start)} to {write_moment(end)}"
    )
