"""A recorded series as rows of quantiles, for other programs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.results.manifest import name_run
from corridor.results.summary import read_summary
from corridor.scenario.draft import suggest
from corridor.scenario.faults import UsageError
from corridor.scenario.spreadsheet import write_csv
from corridor.scenario.writing import write_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.results.result import Result

COLUMNS = ("time", "place", "q05", "q25", "q50", "q75", "q95")


@dataclass(frozen=True)
class Export:
    """A series as one document, with `rows` of time, place and quantiles over the replicates."""

    document: dict[str, Any]

    def write(self, as_json: bool = False) -> str:
        """Return the rows as CSV with a header, or the whole document as JSON."""
        if as_json:
            return json.dumps(self.document, ensure_ascii=False, indent=2) + "\n"
        rows = (
            [row["time"], row["place"], *(f"{row[name]:.10g}" for name in COLUMNS[2:])] for row in self.document["rows"]
        )
        return write_csv([COLUMNS, *rows])

    def save(self, path: Path | str, as_json: bool = False, replace: bool = False) -> None:
        """Write a file, whole or not at all.

        Raises UsageError when it cannot be written, or exists and was not asked to be replaced.
        """
        write_file(Path(path), self.write(as_json), replace)


def export_series(result: Result, series: str, place: str | None = None) -> Export:
    """Return the quantiles of a series over time.

    `series` is its name, with the dimension of a form of its own (arrivals, arrivals/exit); `place` is a place,
    road, exit, checkpoint, desk or fleet, or place:group; None means every one of the series.
    Raises UsageError when the run has no such series, or the series no such place.
    """
    known = sorted({column.series for column in result.columns})
    if series not in known:
        message = f'no series "{series}" in {result.folder}; there are: {", ".join(known)}{suggest(series, known)}'
        raise UsageError(message)
    found = read_summary(result, series)
    chosen = {labels: values for labels, values in found.items() if place in (None, ":".join(labels), *labels[:1])}
    if not chosen:
        places = [":".join(labels) for labels in found]
        message = f'series "{series}" has no place "{place}"; {_list_places(places)}{suggest(place or "", places)}'
        raise UsageError(message)
    times = [time.isoformat(timespec="minutes") for time in result.times]
    rows = []
    for labels, values in chosen.items():
        quantiles = np.stack([values[name] for name in COLUMNS[2:]], axis=1).tolist()
        rows += [
            dict(zip(COLUMNS, (time, ":".join(labels), *q), strict=True))
            for time, q in zip(times, quantiles, strict=True)
        ]
    about = {name: result.manifest[name] for name in ("parameters", "time_zone")}
    about |= {} if result.kept else {"quantile_error": result.manifest["quantile_error"]}
    return Export({"run": name_run(result.manifest), "series": series, **about, "rows": rows})


def _list_places(places: Sequence[str]) -> str:
    named = [name for name in places if name]
    return f"there are: {', '.join(named)}" if named else "it is a total and takes no --place"
