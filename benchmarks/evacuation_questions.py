"""What benchmarks/evacuations.py asks of its runs: functions from the runs to one value for each replicate.

A value is nan or infinite where what is asked does not come to pass in a replicate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from corridor.results.result import Result

Values = NDArray[np.float64]  # [R], one for each replicate
Results = Mapping[str, Result]


def between(result: Result, begin: str, end: str, series: str, *labels: str, by: str = "") -> Values:
    """Return how much a series grew from one moment to another."""
    at = (result.at(series, datetime.fromisoformat(moment), *labels, by=by) for moment in (begin, end))
    before, after = at
    return after - before


def hours_until(result: Result, since: str, share: float) -> Values:
    """Return hours from a moment until a share of all people has come out; infinite where it does not."""
    start = (result.times[0] - datetime.fromisoformat(since)) / timedelta(hours=1)
    out = result.take("arrivals")
    everybody = result.take("inside")[:, 0] + result.take("on_roads")[:, 0] + out[:, 0]
    return _reach(out, start + np.arange(out.shape[1]) * result.manifest["record_hours"], share * everybody)


def _reach(curves: Values, hours: Values, levels: Values) -> Values:
    """Return when each growing curve [R, T] first reaches its level, by straight lines; infinite where never."""
    when = np.full(len(curves), np.inf)
    for r, (curve, level) in enumerate(zip(curves, levels, strict=True)):
        if curve[-1] >= level:
            after = max(int(np.searchsorted(curve, level)), 1)
            rise = curve[after] - curve[after - 1]
            part = (level - curve[after - 1]) / rise if rise > 0 else 0.0
            when[r] = hours[after - 1] + part * (hours[after] - hours[after - 1])
    return when


def trip(result: Result) -> Values:
    """Return the mean hours of those who have come through by the end."""
    return np.asarray(result.take("journey_hours")[:, -1] / result.take("arrivals")[:, -1])


def speed(result: Result, road: str, after: str, begin: str, end: str) -> Values:
    """Return the mean speed on a road over some hours: length x flow out of it / vehicles on it (Little's law).

    `after` is the road that follows, an exit, or the road itself where it is one.
    """
    rows = {row["id"]: row["length_km"] for row in result.scenario.rows("roads", result.manifest["parameters"])}
    passed = between(result, begin, end, "vehicles_arrived", after, by="exit")
    if after != road:
        passed = passed + between(result, begin, end, "vehicles_on_road", after)
    first, last = (result.times.index(datetime.fromisoformat(moment)) for moment in (begin, end))
    on_road = result.take("vehicles_on_road", road)[:, first : last + 1].mean(axis=1)
    hours = (last - first) * result.manifest["record_hours"]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(on_road > 0, float(rows[road]) * passed / hours / on_road, np.nan)


def highest_hour(result: Result, begin: str, end: str) -> Values:
    """Return the most vehicles that came out in an hour."""
    first, last = (result.times.index(datetime.fromisoformat(moment)) for moment in (begin, end))
    return np.diff(result.take("vehicles_arrived")[:, first : last + 1], axis=1).max(axis=1)


def delays(result: Result, road: str, place: str) -> tuple[Values, Values]:
    """Return when somebody sets out for the only road of a place [T], and hours to its end [R, T], first in first out."""
    out = result.take("vehicles_arrived", road, by="exit")
    set_out = result.take("vehicles_at_entry", place) + result.take("vehicles_on_road", road) + out
    hours = np.arange(out.shape[1]) * result.manifest["record_hours"]
    waits = np.stack([_reach(out, hours, np.maximum(set_out[:, t], 1e-9)) - hours[t] for t in range(out.shape[1])], 1)
    return hours, waits


def yellowknife_speed(results: Results) -> Values:
    """Return 30 km over the hours of who sets out at 22:30."""
    result = results["yellowknife-2023"]
    _, waits = delays(result, "highway3", "yellowknife")
    return np.asarray(30.0 / waits[:, result.times.index(datetime(2023, 8, 16, 22, 30))])


def yellowknife_free(results: Results) -> Values:
    """Return hours from the order until nobody who sets out loses 15 minutes any more."""
    result = results["yellowknife-2023"]
    hours, waits = delays(result, "highway3", "yellowknife")
    jammed = np.isfinite(waits) & (waits > 30 / 80 + 0.25)  # 80 km/h: the slowest free speed
    last = np.where(jammed.any(axis=1), jammed.shape[1] - 1 - jammed[:, ::-1].argmax(axis=1), 0)
    return hours[last] - 0.5  # the order came half an hour after the start


WEEK = ("2022-02-27T07:00", "2022-03-07T07:00")
EXITS = {
    "medyka": ("medyka_road", "medyka_foot", "rail"),
    "korczowa": ("korczowa_road", "korczowa_foot"),
    "budomierz": ("budomierz_road", "budomierz_foot"),
    "kroscienko": ("kroscienko_road", "kroscienko_foot"),
}
LUBLIN = ("hrebenne_road", "dolhobyczow_road", "zosin_road", "dorohusk_road")


def entered(results: Results, begin: str, end: str, *exits: str) -> Values:
    """Return the people who came into Poland by some exits."""
    result = results["poland-2022"]
    return np.sum([between(result, begin, end, "arrivals", name, by="exit") for name in exits], axis=0)


def entered_all(results: Results) -> Values:
    """Return the people who came into Podkarpackie in the week asked about."""
    return entered(results, *WEEK, *(name for names in EXITS.values() for name in names))


def share_of(crossing: str) -> Callable[[Results], Values]:
    """Return the question what share of Podkarpackie came by one crossing."""
    return lambda results: entered(results, *WEEK, *EXITS[crossing]) / entered_all(results)


def largest_in_lublin(results: Results) -> Values:
    """Return the share of the largest of the four crossings."""
    by_exit = np.stack([entered(results, "2022-03-05T08:00", "2022-03-06T08:00", name) for name in LUBLIN])
    return np.asarray(by_exit.max(axis=0) / by_exit.sum(axis=0))


def hrebenne_longest(results: Results) -> Values:
    """Return the share of replicates in which people before Hrebenne wait longest on both mornings, as one number."""
    result, longest = results["poland-2022"], []
    for begin, end in (("2022-02-27T08:00", "2022-02-28T08:00"), ("2022-02-28T08:00", "2022-03-01T08:00")):
        waits = []
        for name in LUBLIN:
            held = result.at("held_back", datetime.fromisoformat(end), name)
            waits.append(24 * held / np.maximum(between(result, begin, end, "arrivals", name, by="exit"), 1))
        longest.append((np.argmax(waits, axis=0) == 0) & (waits[0] > 0))
    return np.array([np.mean(longest[0] & longest[1])])


def waiting_at_lars(results: Results, moment: str) -> Values:
    """Return the cars that wait before Verkhny Lars."""
    return results["lars-2022"].at("vehicles_delayed", datetime.fromisoformat(moment))


def passed_lars(results: Results, begin: str, end: str) -> Values:
    """Return the cars that passed Verkhny Lars."""
    return between(results["lars-2022"], begin, end, "passed_vehicles", "lars_post")


NOON = ("2022-09-27T12:00", "2022-09-28T12:00")
DORIAN = ("2019-09-02T12:00", "2019-09-03T14:00")
AFTERNOON = ("2019-09-02T14:00", "2019-09-02T17:00")


def pripyat_loaded(result: Result) -> Values:
    """Return hours from 14:00 until 99 % of the people have passed the doors of the buses."""
    loaded = np.sum(list(result.take_all("passed_people").values()), axis=0)
    hours = np.arange(loaded.shape[1]) * result.manifest["record_hours"] - 1.0
    return _reach(loaded, hours, 0.99 * (result.take("inside") + result.take("on_roads"))[:, 0])


QUESTIONS: dict[str, Callable[[Results], Values]] = {
    "trip_ratio": lambda r: trip(r["floyd-1999"]) / trip(r["matthew-2016"]),
    "dorian_peak": lambda r: highest_hour(r["dorian-2019"], "2019-09-03T00:00", DORIAN[1]) / 4,
    "dorian_total": lambda r: between(r["dorian-2019"], *DORIAN, "vehicles_arrived"),
    "dorian_normal": lambda r: speed(r["dorian-2019"], "normal_3", "normal_4", *AFTERNOON),
    "dorian_reversed": lambda r: speed(r["dorian-2019"], "reversed", "reversed", *AFTERNOON),
    "yellowknife_vehicles": lambda r: r["yellowknife-2023"].take("vehicles_arrived", "highway3", by="exit")[:, -1],
    "yellowknife_air": lambda r: (
        r["yellowknife-2023"].take("arrivals", "flights", by="exit")[:, -1]
        / r["yellowknife-2023"].take("arrivals")[:, -1]
    ),
    "yellowknife_speed": yellowknife_speed,
    "yellowknife_free": yellowknife_free,
    "pripyat_hours": lambda r: pripyat_loaded(r["pripyat-1986"]),
    "poland_total": entered_all,
    "poland_medyka": share_of("medyka"),
    "poland_korczowa": share_of("korczowa"),
    "poland_budomierz": share_of("budomierz"),
    "poland_kroscienko": share_of("kroscienko"),
    "poland_foot": lambda r: entered(r, *WEEK, "medyka_foot") / entered(r, *WEEK, *EXITS["medyka"]),
    "poland_lublin": largest_in_lublin,
    "poland_longest": hrebenne_longest,
    "lars_entries": lambda r: r["lars-2022"].at("arrivals", datetime(2022, 9, 27)),
    "lars_queue": lambda r: waiting_at_lars(r, NOON[1]),
    "lars_wait": lambda r: 24 * waiting_at_lars(r, NOON[1]) / passed_lars(r, *NOON),
    "lars_pace": lambda r: passed_lars(r, *NOON) / passed_lars(r, "2022-09-24T00:00", "2022-09-25T00:00"),
    "lars_october": lambda r: waiting_at_lars(r, "2022-10-02T12:00"),
    "jasper_hours": lambda r: hours_until(r["jasper-2024"], "2024-07-22T22:00", 0.95),
    "tahoe_hours": lambda r: hours_until(r["south-lake-tahoe-2021"], "2021-08-30T11:00", 0.95),
    "paradise_hours": lambda r: hours_until(r["paradise-2018"], "2018-11-08T08:03", 0.95),
    "grindavik_hours": lambda r: hours_until(r["grindavik-2023"], "2023-11-10T23:00", 0.95),
}
