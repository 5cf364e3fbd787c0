"""The figures of a briefing as data: each a function from a result to plain numbers, stored before any is drawn."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from corridor.report.cover import describe_cover_now
from corridor.report.duration import describe_duration
from corridor.report.envelope import (
    Figure,
    begin_figure,
    describe_bands,
    describe_counts,
    describe_events,
    name_parts,
    write_times,
)
from corridor.report.geography import describe_map
from corridor.report.influence import describe_influence
from corridor.report.relief import describe_cover, describe_gap
from corridor.report.shortage import order_shelves
from corridor.results.findings import Findings
from corridor.results.moments import shown_from
from corridor.results.result import Result, Values, interpolate
from corridor.results.summary import describe_spread

Counts = Iterable[Mapping[str, Any]]  # see Findings.counts
WAIT_WINDOW_HOURS = 6.0  # arrivals are gathered over so many hours before their mean wait is taken
FEWEST_ARRIVALS = 20  # fewer people than this in the window, or than a thousandth of all, say nothing of waiting


def describe_arrivals(result: Result, moment: datetime, counts: Counts) -> Figure:
    """Return arrivals over time with observed counts and dated events."""
    return begin_figure(
        result,
        "arrivals",
        "people",
        moment=moment.isoformat(timespec="minutes"),
        shown_from=shown_from(result).isoformat(timespec="minutes"),
        times=write_times(result.times),
        series=[{**name_parts("arrived"), **describe_bands(result.take("arrivals"))}],
        observed=describe_counts(result, counts, "arrivals", ""),
        events=describe_events(result),
    )


def describe_queue(result: Result, moment: datetime) -> Figure:
    """Return the queue over time, in vehicles and in kilometres of road."""
    return begin_figure(
        result,
        "queue",
        "vehicles",
        moment=moment.isoformat(timespec="minutes"),
        shown_from=shown_from(result).isoformat(timespec="minutes"),
        times=write_times(result.times),
        series=[
            {
                **name_parts("held_up"),
                "unit": "vehicles",
                **describe_bands(result.take("vehicles_delayed")),
            },
            {**name_parts("queue"), "unit": "km", **describe_bands(result.take("queue_km"))},
        ],
    )


def hours_of_arrivals(result: Result, series: str) -> Values:
    """Return the mean hours of those who arrived in the window before each moment [R, T]; nan if hardly anybody.

    `series` is journey_hours or waited_hours: sums over the people who have arrived, so that the difference over
    a window divided by the arrivals in it is their mean.
    """
    data = result.take_totals(series, "arrivals")
    window = max(1, round(WAIT_WINDOW_HOURS / result.manifest["record_hours"]))
    hours, people = (_difference(data[name], window) for name in (series, "arrivals"))
    fewest = np.maximum(FEWEST_ARRIVALS, 0.001 * data["arrivals"][:, -1:])
    return np.where(people >= fewest, hours / np.maximum(people, 1), np.nan)


def _difference(values: Values, window: int) -> Values:
    before = np.concatenate([np.repeat(values[:, :1], window, axis=1), values[:, :-window]], axis=1)
    return np.asarray(values - before[:, : values.shape[1]])


def describe_waiting(result: Result, moment: datetime) -> Figure:
    """Return how long those arriving have been held up and under way, by the time they arrive."""
    return begin_figure(
        result,
        "waiting",
        "hours",
        moment=moment.isoformat(timespec="minutes"),
        shown_from=shown_from(result).isoformat(timespec="minutes"),
        times=write_times(result.times),
        window_hours=WAIT_WINDOW_HOURS,
        series=[
            {**name_parts(series), **describe_bands(_where_most_arrive(hours_of_arrivals(result, series)))}
            for series in ("journey_hours", "waited_hours")
        ],
    )


def _where_most_arrive(values: Values) -> Values:
    """Blank the moments at which people arrive in less than half of the replicates: the rest are the slow ones."""
    few = np.isfinite(values).mean(axis=0) < 0.5
    return np.where(few[None, :], np.nan, values)


def describe_registration(result: Result, moment: datetime, counts: Counts) -> Figure:
    """Return the people who have arrived and are not yet registered, and those registered with their counts."""
    return begin_figure(
        result,
        "registration",
        "people",
        moment=moment.isoformat(timespec="minutes"),
        shown_from=shown_from(result).isoformat(timespec="minutes"),
        times=write_times(result.times),
        desks=len(result.scenario.rows("desks", result.manifest["parameters"])),
        series=[
            {**name_parts("in_line"), **describe_bands(result.take("registration_backlog"))},
            {**name_parts("registered"), **describe_bands(result.take("registered"))},
        ],
        observed=describe_counts(result, counts, "registered", ""),
    )


def describe_people(result: Result, moment: datetime) -> Figure:
    """Return where people are over time: means over the replicates, since only means add up to everybody."""
    out, came = ("outside", "outside") if result.has("outside") else ("arrived", "arrivals")
    columns = {"inside": "inside", "waiting": "waiting_for_transport", "on_road": "on_roads", out: came}
    data = result.take_totals(*columns.values())
    waiting = data["waiting_for_transport"]
    parts = {
        out: data[came],
        "on_road": data["on_roads"],
        "inside_waiting": waiting,
        "inside_staying": data["inside"] - waiting,
    }
    return begin_figure(
        result,
        "people",
        "people",
        moment=moment.isoformat(timespec="minutes"),
        shown_from=shown_from(result).isoformat(timespec="minutes"),
        times=write_times(result.times),
        parts=[{**name_parts(name), "mean": values.mean(axis=0).tolist()} for name, values in parts.items()],
        series=[{**name_parts(name), **describe_bands(data[column])} for name, column in columns.items()],
    )


def describe_settling(result: Result, counts: Counts) -> Figure:
    """Return people by place of settling at the end, those lodged, and the last count there.

    It is that of those lodged, or else of all who have come; `run_then` is what the run has of the same at its hour.
    """
    names = {row["id"]: row["name"] for row in result.scenario.rows("places", result.manifest["parameters"])}
    settling = sorted(place for (place,) in result.labels("settled"))
    last: dict[str, dict[str, Any]] = {}
    for series in ("arrivals", "lodged"):
        last |= {count["place"]: {**count, "series": series} for count in describe_counts(result, counts, series)}
    settled_at, lodged_at = result.take_all("settled"), result.take_all("lodged")
    places: list[dict[str, Any]] = []
    for place in settling:
        counted = last.get(place)
        lodged = lodged_at[(place,)]
        answer = lodged if counted is None or counted["series"] == "lodged" else settled_at[(place,)]
        places.append(
            {
                "place": place,
                "name": names[place],
                "settled": describe_spread(settled_at[(place,)][:, -1]),
                "lodged": describe_spread(lodged[:, -1]),
                "observed": counted,
                "run_then": None
                if counted is None
                else describe_spread(interpolate(answer, result.times, datetime.fromisoformat(counted["time"]))),
            }
        )
    places.sort(key=lambda entry: -entry["settled"]["q50"])
    return begin_figure(
        result,
        "settling",
        "people",
        end=result.times[-1].isoformat(timespec="minutes"),
        places=places,
    )


# How the data of each figure is found, in the order of the briefing.
FIGURES: dict[str, Callable[[Result, Findings], Figure]] = {
    "people": lambda result, found: describe_people(result, found.moment),
    "map": lambda result, found: describe_map(result, found.moment),
    "arrivals": lambda result, found: describe_arrivals(result, found.moment, found.counts),
    "duration": lambda result, found: describe_duration(result, found.drawn.leavers),
    "queue": lambda result, found: describe_queue(result, found.moment),
    "waiting": lambda result, found: describe_waiting(result, found.moment),
    "registration": lambda result, found: describe_registration(result, found.moment, found.counts),
    "settling": lambda result, found: describe_settling(result, found.counts),
    "influence": lambda result, found: describe_influence(result, found.moment, found.drawn),
    "relief_now": lambda result, found: describe_cover_now(result, found.moment),
    "relief_cover": lambda result, found: describe_cover(result, found.moment),
    "relief_gap": lambda result, found: describe_gap(result, found.moment, found.unaided),
}


def list_figures(result: Result) -> list[str]:
    """Return the names of the figures that a run has data for: those of relief need something that people need.

    Cover over time and who goes without need a stock that is stated as well.
    """
    needed = any(values[:, -1].any() for values in result.take_all("needed").values())
    stated = bool(order_shelves(result))
    missing = {"relief_now": not needed, "relief_cover": not stated, "relief_gap": not stated}
    return [name for name in FIGURES if not missing.get(name)]


def describe_figures(result: Result, findings: Findings) -> dict[str, Figure]:
    """Return the data of every figure by name, in the order of the briefing."""
    return {name: FIGURES[name](result, findings) for name in list_figures(result)}


def write_figures(result: Result, figures: dict[str, Figure]) -> dict[Path, str]:
    """Return the files of the run's folder for the numbers behind each picture; a run in memory has none."""
    if not result.stored:
        return {}
    texts = {
        name: json.dumps(figure, ensure_ascii=False, indent=1, allow_nan=False) for name, figure in figures.items()
    }
    return {result.folder / "figures" / f"{name}.json": text + "\n" for name, text in texts.items()}
