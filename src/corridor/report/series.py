"""A recorded series as rows of quantiles, for other programs."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.report.words import name_run
from corridor.results.tables import read_parquet
from corridor.scenario.draft import suggest
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.results.result import Result

COLUMNS = ("time", "place", "q05", "q25", "q50", "q75", "q95")


def export_series(result: Result, series: str, place: str | None = None) -> dict[str, Any]:
    """Return a series as one document with `rows` of time, place and quantiles over the replicates.

    `place` is a place, road, checkpoint, desk or fleet, or place:group; None means every one of the series.
    Raises UsageError when the run has no such series, or the series no such place.
    """
    known = sorted({name.partition(":")[0] for name in result.columns})
    if series not in known:
        message = f'no series "{series}" in {result.folder}; there are: {", ".join(known)}{suggest(series, known)}'
        raise UsageError(message)
    places = [name.partition(":")[2] for name in result.columns if name.partition(":")[0] == series]
    chosen = [name for name in places if place in (None, name, name.partition(":")[0])]
    if not chosen:
        message = f'series "{series}" has no place "{place}"; {_list_places(places)}{suggest(place or "", places)}'
        raise UsageError(message)
    data = read_parquet([result.folder / "summary.parquet"], ["series", "place", "moment", *COLUMNS[2:]])
    times = [time.isoformat(timespec="minutes") for time in result.times]
    rows = []
    for name in chosen:
        here = np.flatnonzero((data["series"] == series) & (data["place"] == name))
        here = here[np.argsort(data["moment"][here], kind="stable")]
        quantiles = [[float(q) for q in data[column][here]] for column in COLUMNS[2:]]
        rows += [
            dict(zip(COLUMNS, (time, name, *values), strict=True))
            for time, values in zip(times, zip(*quantiles, strict=True), strict=True)
        ]
    return {
        "run": name_run(result.manifest),
        "parameters": result.manifest["parameters"],
        "series": series,
        "time_zone": result.manifest["time_zone"],
        "rows": rows,
    }


def _list_places(places: Sequence[str]) -> str:
    named = [name for name in places if name]
    return f"there are: {', '.join(named)}" if named else "it is a total and takes no --place"


def write_csv(rows: Sequence[dict[str, Any]]) -> str:
    """Return rows as CSV with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([row["time"], row["place"], *(f"{row[name]:.10g}" for name in COLUMNS[2:])])
    return text.getvalue()
