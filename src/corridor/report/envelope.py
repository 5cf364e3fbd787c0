"""What every figure's data has in common: the run it is from, its sources, how sure it is, bands, counts, events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.results.manifest import name_run
from corridor.results.summary import NAMES, describe_spread, quantiles_of_sorted
from corridor.words.said import Said, Share, Stated, say
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from corridor.results.result import Result, Values

Figure = dict[str, Any]


def begin_figure(result: Result, name: str, unit: str, **content: Any) -> Figure:
    """Return a figure's data with what lets a reader judge it: run, parameter set, date of data.

    Its words are English in every language of the briefing, for programs that read it.
    """
    manifest = result.manifest
    figure = {
        "name": name,
        "title": "",
        "unit": unit,
        "run": name_run(manifest),
        "parameters": manifest["parameters"],
        "data_date": manifest["data_date"],
        "fitted": bool(manifest["fitted_draws"]),
        "learnt_until": manifest["fitted_until"][:16] if manifest["fitted_draws"] else "",
        "time_zone": manifest["time_zone"],
        **content,
    }
    figure["title"] = write(say_title(figure))
    return figure


def say_title(figure: Mapping[str, Any]) -> Said:
    """Return the title of a figure."""
    if figure["name"] != "duration":
        return say(f"title.{figure['name']}")
    return say("title.duration", reached=say_reached(figure))


def say_reached(figure: Mapping[str, Any]) -> Said:
    """Return what the figure of the duration waits for: a number of people, or a share of those who will leave."""
    if figure["goal"] is not None:
        return say("duration.goal", people=Stated(figure["goal"]))
    return say("duration.share", share=Share(figure["share"]))


def name_parts(name: str) -> dict[str, str]:
    """Return the name of a series of a figure, and its English label."""
    return {"name": name, "label": write(say(f"label.{name}"))}


def write_times(times: Iterable[datetime]) -> list[str]:
    """Return moments as text."""
    return [time.isoformat(timespec="minutes") for time in times]


def describe_bands(values: Values) -> dict[str, list[float | None]]:
    """Return the quantiles over replicates [R, T] at each moment by name; None where no replicate has a value."""
    with_value = np.isfinite(values)
    if with_value.all():
        rows = [row.tolist() for row in quantiles_of_sorted(np.sort(values, axis=0))]
        return dict(zip(NAMES, rows, strict=True))
    columns: list[dict[str, float]] = [
        describe_spread(column[finite]) if finite.any() else {}
        for column, finite in zip(values.T, with_value.T, strict=True)
    ]
    return {name: [column.get(name) for column in columns] for name in NAMES}


def describe_counts(
    result: Result, counts: Iterable[Mapping[str, Any]], series: str, place: str | None = None
) -> list[dict[str, Any]]:
    """Return the observed counts of a series with their use and the claims they rest on.

    `place` "" means totals only, None every place.
    """
    found = [
        {
            "time": count["time"][:16],
            "place": count["place"],
            "value": count["value"],
            "status": count["status"],
            "use": count["used"],
            "claims": count["claims"],
        }
        for count in counts
        if count["series"] == series and place in (None, count["place"]) and _is_plain(count)
    ]
    return sorted(found, key=lambda count: (count["time"], count["place"]))


def _is_plain(count: Mapping[str, Any]) -> bool:
    """Tell whether a count is one number since the start, in its newest vintage, of a place or in total."""
    special = (count["since"], count["low"], count["high"], count["area"] or None, count["exit"] or None)
    return special == (None,) * 5 and count["used"] != "revised"


def describe_events(result: Result) -> list[dict[str, Any]]:
    """Return the labelled events of the run's parameter set in order of time."""
    rows = [row for row in result.scenario.rows("events", result.manifest["parameters"]) if row["label"]]
    events = [
        {
            "id": row["id"],
            "label": row["label"],
            "from": row["time"].start.isoformat(timespec="minutes"),
            "to": row["time"].end.isoformat(timespec="minutes"),
            "chance": row["chance"],
            "claims": list(row["claims"]),
        }
        for row in rows
    ]
    return sorted(events, key=lambda event: (event["from"], event["to"], event["id"]))


def name_sources(result: Result, claims: Iterable[str]) -> list[str]:
    """Return whom some claims go back to, most frequent first."""
    by_id = {row["id"]: row for row in result.scenario.tables["claims"]}
    sources = {row["id"]: row for row in result.scenario.tables["sources"]}
    counted: dict[str, int] = {}
    for claim in set(claims):
        row = by_id.get(claim)
        for source in row["source"] if row is not None else ():
            if source in sources:
                name = sources[source]["origin"] or sources[source]["publisher"]
                counted[name] = counted.get(name, 0) + 1
    return sorted(counted, key=lambda name: (-counted[name], name))
