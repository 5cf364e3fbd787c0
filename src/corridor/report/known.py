"""What is known today: the newest counts with who and when, and what has changed since yesterday."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from corridor.report.envelope import name_sources
from corridor.report.sentences import measure
from corridor.results.counts import compare_counts
from corridor.results.moments import list_known_counts
from corridor.results.result import interpolate
from corridor.scenario.areas import INSIDE, find_sides
from corridor.words.said import Clock, Field, Moment, Number, Said, Stated, join, say

if TYPE_CHECKING:
    from corridor.results.result import Result, Values
    from corridor.scenario.counts import Count
    from corridor.scenario.draft import Row

DAY = timedelta(hours=24)
MOST_EVENTS = 4  # the latest
MOST_PARTS = 4  # counts of single places, areas and exits that are named
ORDER = ("arrivals", "displaced", "vehicles", "registered", "lodged")


def say_known(result: Result, today: datetime) -> list[Said]:
    """Return a sentence for the newest count of each series, and of the places with the largest; totals first."""
    newest: dict[tuple[str, str, str], Count] = {}
    for count in list_known_counts(result, today):
        newest[count.thing.series, *count.thing.where] = count
    totals = sorted((key for key in newest if not key[1]), key=_order)
    parts = sorted((key for key in newest if key[1]), key=lambda key: (_order(key), -newest[key].number))
    alone = [key for key in parts if key[0] == "arrivals" or (key[0], "", "") not in newest]
    chosen = [newest[key] for key in (*totals, *alone[:MOST_PARTS])]
    answers = {compared.count: compared.ensemble for compared in compare_counts(result, chosen)[0]}
    return [_say_count(result, count, answers.get(count), today) for count in chosen] or [say("known.none")]


def _order(key: tuple[str, str, str]) -> tuple[bool, int, str]:
    known = key[0] in ORDER
    return not known, ORDER.index(key[0]) if known else 0, key[0]


def _say_count(result: Result, count: Count, run: Values | None, today: datetime) -> Said:
    thing = count.thing
    by, label = thing.where
    sources = name_sources(result, count.claims)[:2]
    fields: dict[str, Field] = {
        "value": _write_count(count),
        "time": Moment(thing.time),
        "source": join(*sources) if sources else say("known.no_source"),
        "age": _say_age(count, today),
        "where": _say_where(result, by, label),
    }
    name = f"{'span' if thing.since else 'known'}.{'where' if by else 'total'}"
    if thing.since:
        fields["since"] = Moment(thing.since)
    words = _name_series(result, thing.series, by, label)
    said = say(name, series=words, **fields)
    if run is None:
        return said
    quantity = "arrivals" if thing[:5] == ("arrivals", "", "", "", None) else f"run {thing.series} {by} {thing.since}"
    low, high = np.quantile(run, [0.05, 0.95])
    within = low <= count.bounds[1] and count.bounds[0] <= high
    shown = measure(run, quantity, thing.time, label)
    return say(f"{name}.run" if within else f"{name}.off", series=words, run=shown, **fields)


def _say_age(count: Count, today: datetime) -> Field:
    hours = (today - count.thing.time) / timedelta(hours=1)
    days, old = Stated(round(hours / 24)), Stated(round(hours))
    age = [say("known.days", days=days) if hours >= 72 else say("known.old", hours=old)] if hours >= 24 else []
    age += [say("known.derived")] if count.status == "derived" else []
    return join(*age, *([say("known.undated")] if count.published is None else []), between="")


def _name_series(result: Result, series: str, by: str, label: str) -> Said:
    passing = series == "vehicles" and by == "place" and _is_inside(result, label)
    return say(f"counted.{series}{'.inside' if passing else ''}")


def name_counted(result: Result, series: str, by: str, label: str) -> Field:
    """Return what a count is of and where: "People out", "People out by the old bridge"."""
    name = _name_series(result, series, by, label)
    return join(name, _say_where(result, by, label), between=" ") if by else name


def _say_where(result: Result, by: str, label: str) -> Field:
    """Return "at", "in" or "by" the name of a place, an area or an exit (a road or a service); nothing for a total."""
    if not by:
        return ""
    tables = {"place": ("places",), "area": ("areas",), "exit": ("roads", "services")}[by]
    rows = [row for table in tables for row in result.scenario.rows(table, result.manifest["parameters"])]
    name = next((str(row["name"] or label) for row in rows if row["id"] == label), label)
    return say(f"where.{by}", label=name)


def _is_inside(result: Result, place: str) -> bool:
    places = result.scenario.rows("places", result.manifest["parameters"])
    sides = find_sides(places, result.scenario.rows("areas", result.manifest["parameters"]))
    return sides.get(place) == INSIDE


def _write_count(count: Count) -> Number:
    """Return a count as it was published: a number, "more than", "up to" or a range."""
    if count.is_point or count.value is not None:
        amount: Stated | Said = Stated(count.number)
    else:
        amount = say_ends(count.low, count.number if count.low is None else count.high)
    thing = count.thing
    since = f" since {thing.since.isoformat(timespec='minutes')}" if thing.since else ""
    return Number(amount, f"counted {thing.series}{since}", thing.where[1], thing.time.isoformat(timespec="minutes"))


def say_ends(low: float | None, high: float | None) -> Said:
    """Return "more than 50,000", "up to 60,000" or "50,000 to 60,000"."""
    if low is None or high is None:
        return say("count.most", high=Stated(high or 0.0)) if low is None else say("count.more", low=Stated(low))
    return say("count.range", low=Stated(low), high=Stated(high))


def say_changed(result: Result, today: datetime) -> list[Said]:
    """Return what has changed since the same hour of yesterday: in the run, in the counts, and by dated events."""
    yesterday = today - DAY
    if yesterday < result.times[0]:
        return [say("changed.none")]
    names = [name for name in ("arrivals", "held_back") if result.has(name)]
    data = result.take_totals(*names)
    before, now = ({n: interpolate(v, result.times, when) for n, v in data.items()} for when in (yesterday, today))
    gained = now["arrivals"] - before["arrivals"]
    time = Moment(yesterday)
    more = measure(gained, "arrivals since yesterday", today)
    few = np.quantile(gained, 0.95) < 1
    found = [say("changed.nobody", time=time) if few else say("changed.out", people=more, time=time)]
    found += _say_counts(result, yesterday, today)
    if "held_back" in data and max(np.quantile(values["held_back"], 0.95) for values in (before, now)) >= 1:
        held = [measure(v["held_back"], "held_back", when) for v, when in ((before, yesterday), (now, today))]
        found.append(say("changed.held", before=held[0], now=held[1]))
    return [*found, _say_events(result, yesterday, today)]


def _say_counts(result: Result, yesterday: datetime, today: datetime) -> list[Said]:
    """Return what the counts of arrivals say: the newest beside the last one of yesterday, nothing without both."""
    counts = [
        count
        for count in list_known_counts(result, today)
        if count.thing[:5] == ("arrivals", "", "", "", None) and count.is_point
    ]
    early = [count for count in counts if count.thing.time <= yesterday]
    if not early or counts[-1].thing.time <= yesterday:
        return []
    then, newest = early[-1], counts[-1]
    words = {"then": Moment(then.thing.time), "time": Moment(newest.thing.time)}
    return [say("changed.counted", before=_write_count(then), value=_write_count(newest), **words)]


def _say_events(result: Result, yesterday: datetime, today: datetime) -> Said:
    """Return the labelled events that have happened for certain, in the scenario, between yesterday and today."""
    rows = [row for row in result.scenario.rows("events", result.manifest["parameters"]) if row["label"]]
    recent = [row for row in rows if yesterday < row["time"].end <= today and row["chance"] >= 1]
    recent.sort(key=lambda row: (row["time"].end, row["id"]))
    if not recent:
        return say("changed.no_events")
    parts = [say("event.sure", label=str(row["label"]), time=_say_time(row)) for row in recent[-MOST_EVENTS:]]
    more = len(recent) - MOST_EVENTS
    return say("changed.events", events=join(*parts, *([say("event.many", number=Stated(more))] if more > 0 else [])))


def _say_time(row: Row) -> Field:
    start, end = row["time"].start, row["time"].end
    if start == end:
        return Moment(start)
    if start.date() == end.date():
        return say("event.same_day", first=Moment(start), clock=Clock(end))
    return say("event.days", first=Moment(start), last=Moment(end))
