"""A run as plain tables for other programs: places, roads, exits, every series over time with its quantiles.

Times are written out, local and in UTC; every column has its unit and meaning; sources and licences go along.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from corridor.results.manifest import name_run
from corridor.results.summary import read_summary
from corridor.scenario.areas import find_sides
from corridor.scenario.faults import UsageError
from corridor.scenario.schema import load_fields

if TYPE_CHECKING:
    from corridor.results.result import Result, Series

QUANTILES = ("q05", "q25", "q50", "q75", "q95")
_CHANCES = ("1 chance in 20 of less", "1 in 4 of less", "as likely more as less", "1 in 4 of more", "1 in 20 of more")
Line = list[tuple[float, float]]  # longitude, latitude in degrees
Row = list[Any]


@dataclass(frozen=True)
class Column:
    """A column of an exported table: `type` is text, number, integer or time."""

    name: str
    type: str
    unit: str
    meaning: str


@dataclass(frozen=True)
class ExportTable:
    """One table: its rows are made anew each time. `shape` (point or line) says what the first column's ids lie on."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    rows: Callable[[], Iterator[Row]]
    shape: str = ""


@dataclass(frozen=True)
class Exported:
    """A run's tables, the points of its places, the lines of its roads, and what is said of it all."""

    tables: tuple[ExportTable, ...]
    points: dict[str, tuple[float, float]]
    lines: dict[str, Line]
    about: dict[str, str]
    sources: tuple[dict[str, str], ...]


def gather_tables(result: Result, shapes: Path | None = None) -> Exported:
    """Return what of a run goes to other programs; `shapes` is a GeoJSON file of roads' lines by their id.

    Raises UsageError when that file cannot be read.
    """
    parameters = str(result.manifest["parameters"])
    places = _keep_first(result.scenario.rows("places", parameters))
    roads = _keep_first(result.scenario.rows("roads", parameters))
    sides = find_sides(places.values(), result.scenario.rows("areas", parameters))
    points = {name: (float(row["longitude"]), float(row["latitude"])) for name, row in places.items()}
    lines = {name: [points[row["from"]], points[row["to"]]] for name, row in roads.items()}
    for name, row in _keep_first(result.scenario.rows("services", parameters)).items():
        lines.setdefault(name, [points[row["from"]], points[row["to"]]])
    lines |= {name: line for name, line in (read_shapes(shapes) if shapes else {}).items() if name in lines}
    place_columns = ("id", "name", "other_names", "kind", "area", "pcode", "latitude", "longitude")
    road_columns = ("id", "name", "from", "to", "kind", "length_km", "lanes", "lanes_back")
    tables = [
        _describe("places", "Places of the case", place_columns, places, {"side": sides}),
        _describe("roads", "Roads and other ways of the case", road_columns, roads, {}),
        *_list_series(result),
    ]
    by_exit = [series for series in result.series if series.dimensions == ("exit",)]
    exits = {labels[0] for series in by_exit for labels in series.labels}
    chosen = {name: row for name, row in roads.items() if name in exits}
    tables.append(_describe("exits", "Roads that lead out", ("id", "name", "from", "to"), chosen, {}))
    sources = tuple(
        {name: str(row[name] or "") for name in ("id", "publisher", "title", "address", "note")}
        for row in result.scenario.tables.get("sources", ())
    )
    return Exported(tuple(tables), points, lines, _say_about(result), sources)


def _keep_first(rows: Sequence[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        found.setdefault(str(row["id"]), row)
    return found


def _describe(
    name: str, meaning: str, columns: Sequence[str], rows: dict[str, Any], more: dict[str, dict[str, str]]
) -> ExportTable:
    fields = load_fields()["places" if name == "places" else "roads"]
    types = {"number": "number", "integer": "integer"}
    named = [Column(c, types.get(fields[c].type, "text"), fields[c].unit, fields[c].meaning) for c in columns]
    named += [Column(c, "text", "", "inside what is cut off, or outside") for c in more]

    def list_rows() -> Iterator[Row]:
        for key, row in rows.items():
            yield [*(row[c] for c in columns), *(values.get(key, "") for values in more.values())]

    return ExportTable(name, meaning, tuple(named), list_rows, "point" if name == "places" else "line")


def _list_series(result: Result) -> Iterator[ExportTable]:
    """Yield a table for each set of dimensions in which series are recorded."""
    by_dimensions: dict[tuple[str, ...], list[Series]] = {}
    for series in result.series:
        by_dimensions.setdefault(series.dimensions, []).append(series)
    for dimensions, group in by_dimensions.items():
        own = [Column("road" if d == "link" else d, "text", "", _MEANINGS.get(d, f"id of the {d}")) for d in dimensions]
        named = [
            *own,
            Column("time", "time", "", f"local time ({result.manifest['time_zone']})"),
            Column("time_utc", "time", "", "the same moment in UTC"),
            Column("series", "text", "", "what is told: " + "; ".join(f"{s.name}: {s.meaning}" for s in group)),
            Column("unit", "text", "", "unit of the quantiles"),
            *(Column(q, "number", "as unit says", chance) for q, chance in zip(QUANTILES, _CHANCES, strict=True)),
        ]
        name = "_".join(["road" if d == "link" else d for d in dimensions] or ["total"]) + "_over_time"
        shape = {"place": "point", "link": "line", "exit": "line"}.get(dimensions[0] if dimensions else "", "")
        meaning = "Series by " + (" and ".join(column.name for column in own) or "total") + ", over time"
        yield ExportTable(name, meaning, tuple(named), _RowsOf(result, group), shape)


_MEANINGS = {
    "link": "id of the road or service; behind a stroke the way it is used: back, on foot",
    "exit": "road by which people left; (none): there is no way out now",
}


@dataclass(frozen=True)
class _RowsOf:
    """The rows of some series, read when they are asked for."""

    result: Result
    group: Sequence[Series]

    def __call__(self) -> Iterator[Row]:
        zone = ZoneInfo(str(self.result.manifest["time_zone"]))
        local = [moment.isoformat(timespec="seconds") for moment in self.result.times]
        moments = [moment.replace(tzinfo=zone).astimezone(UTC) for moment in self.result.times]
        times = list(zip(local, [moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in moments], strict=True))
        for series in self.group:
            stored = {name: read_summary(self.result, name) for name in {column.series for column in series.columns}}
            for column in series.columns:
                values = stored[column.series][column.labels]
                quantiles = zip(*(values[name].tolist() for name in QUANTILES), strict=True)
                for time, cells in zip(times, quantiles, strict=True):
                    yield [*column.labels, *time, series.name, series.unit, *cells]


def _say_about(result: Result) -> dict[str, str]:
    kept = ("title", "scenario", "variant", "parameters", "seed", "replicates", "start", "time_zone", "data_date",
            "sensitivity", "disclaimer", "corridor")  # fmt: skip
    about = {name: str(result.manifest[name]) for name in kept if result.manifest.get(name) not in (None, "")}
    return {"run": name_run(result.manifest), **about}


def read_shapes(path: Path) -> dict[str, Line]:
    """Return lines by the id of their road from a GeoJSON file, whose features name it as `road` or `id`.

    Raises UsageError when it cannot be read.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        lines = {}
        for feature in document["features"]:
            if feature["geometry"]["type"] == "LineString":
                name = feature["properties"].get("road", feature["properties"].get("id"))
                lines[str(name)] = [(float(x), float(y)) for x, y, *_ in feature["geometry"]["coordinates"]]
        if not all(math.isfinite(number) for line in lines.values() for point in line for number in point):
            message = "a point is no number"
            raise ValueError(message)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        message = f"{path} holds no lines of roads (GeoJSON, LineString, with the property road): {error}"
        raise UsageError(message) from error
    return {name: line for name, line in lines.items() if len(line) > 1}
