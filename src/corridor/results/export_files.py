"""A run's tables as files: GeoPackage, workbook, CSV or Parquet with a datapackage.json, GeoJSON."""

from __future__ import annotations

import csv
import json
import tempfile
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corridor.results.export_tables import Exported, ExportTable, gather_tables
from corridor.results.geopackage import Described, write_geopackage
from corridor.results.tables import connect
from corridor.scenario.faults import UsageError
from corridor.scenario.spreadsheet import escape_formula, write_csv
from corridor.scenario.writing import require_free, write_files, writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from corridor.results.result import Result

FORMATS = ("gpkg", "xlsx", "csv", "parquet", "geojson")
FOLDERS = ("csv", "parquet")  # formats of a file a table
PACKAGE = "datapackage.json"
_WIDTHS = {"time": 20, "text": 24}  # of columns, in signs
_MOST_ROWS = 1_048_575  # of a sheet, below its header
_TYPES = {"text": "string", "number": "number", "integer": "integer", "time": "datetime"}
_STORED = {"text": "VARCHAR", "number": "DOUBLE", "integer": "BIGINT", "time": "VARCHAR"}


def export_run(result: Result, to: str, out: Path, replace: bool = False, shapes: Path | None = None) -> list[Path]:
    """Write a run's tables and return the files: one for gpkg, xlsx and geojson, a folder of them for csv and parquet.

    Raises UsageError for another format, for files that are there and were not asked to be replaced, and for a table
    that has no room in a sheet.
    """
    if to not in FORMATS:
        message = f'results go to {", ".join(FORMATS)}, not to "{to}"'
        raise UsageError(message)
    exported = gather_tables(result, shapes)
    if to in FOLDERS:
        return _write_folder(exported, to, out, replace)
    writers: dict[str, Callable[[Path, Exported], None]] = {
        "gpkg": lambda path, found: write_geopackage(path, found, describe(found)),
        "xlsx": _write_workbook,
        "geojson": _write_geojson,
    }
    require_free(out, replace)
    with writing(out, replace=replace) as (temporary,):
        writers[to](temporary, exported)
    return [out]


def describe(exported: Exported) -> list[Described]:
    """Return what is said of the tables as tables: of the run, of every column, of the sources."""
    meanings = [[t.name, c.name, c.type, c.unit, c.meaning] for t in exported.tables for c in t.columns]
    sources = [[source[name] for name in _SOURCE] for source in exported.sources]
    about = [[name, text] for name, text in exported.about.items()]
    return [
        ("about", ("name", "value"), about),
        ("meanings", ("table", "column", "type", "unit", "meaning"), meanings),
        ("sources", _SOURCE, sources),
    ]


_SOURCE = ("id", "publisher", "title", "address", "note")


def _write_folder(exported: Exported, to: str, out: Path, replace: bool) -> list[Path]:
    """Write a file for each table and one that describes them all; none appears before all are whole."""
    paths = [out / f"{table.name}.{to}" for table in exported.tables] + [out / PACKAGE]
    for path in paths:
        require_free(path, replace)
    package = json.dumps(_make_package(exported, to), ensure_ascii=False, indent=2) + "\n"
    if to == "csv":
        write_files({**dict(zip(paths, map(_write_csv, exported.tables), strict=False)), paths[-1]: package}, replace)
        return paths
    with writing(*paths, replace=replace) as temporaries:
        for table, temporary in zip(exported.tables, temporaries, strict=False):
            _write_parquet(table, temporary)
        temporaries[-1].write_text(package, encoding="utf-8")
    return paths


def _write_csv(table: ExportTable) -> str:
    return write_csv(
        [[column.name for column in table.columns], *([_round(cell) for cell in row] for row in table.rows())]
    )


def _round(cell: Any) -> Any:
    return f"{cell:.10g}" if isinstance(cell, float) else "" if cell is None else cell


def _write_parquet(table: ExportTable, path: Path) -> None:
    """Write a table by way of a CSV file in which no text is changed."""
    kinds = ", ".join(f"'{column.name}': '{_STORED[column.type]}'" for column in table.columns)
    with tempfile.TemporaryDirectory(prefix="corridor-") as folder:
        plain = Path(folder) / "table.csv"
        with plain.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(table.rows())
            is_empty = file.tell() == 0
        read = f"read_csv('{plain}', header=false, columns={{{kinds}}}, quote='\"', escape='\"')"
        if is_empty:
            nothing = ", ".join(f'NULL::{_STORED[column.type]} AS "{column.name}"' for column in table.columns)
            read = f"(SELECT {nothing}) WHERE false"
        with connect() as base:
            target = str(path).replace("'", "''")
            base.execute(f"COPY (SELECT * FROM {read}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)")


def _make_package(exported: Exported, to: str) -> dict[str, Any]:
    """Return a description of the files as a Data Package (specs.frictionlessdata.io)."""
    resources = [
        {
            "name": table.name.lower(),
            "path": f"{table.name}.{to}",
            "description": table.meaning,
            "format": to,
            "encoding": "utf-8",
            "schema": {
                "fields": [
                    {"name": c.name, "type": "string" if c.name == "time" else _TYPES[c.type], "unit": c.unit,
                     "description": c.meaning}
                    for c in table.columns
                ]
            },
        }
        for table in exported.tables
    ]  # fmt: skip
    sources = [
        {"title": f"{s['publisher']}: {s['title']}", "path": s["address"], "note": s["note"]} for s in exported.sources
    ]
    about = dict(exported.about)
    return {
        "name": "corridor-run",
        "title": about.pop("title", ""),
        "description": about.pop("disclaimer", ""),
        "sources": [{name: text for name, text in source.items() if text} for source in sources],
        "run": about,
        "resources": resources,
    }


def _write_workbook(path: Path, exported: Exported) -> None:
    import openpyxl
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook(write_only=True)
    for name, columns, rows in describe(exported):
        sheet = book.create_sheet(name)
        for row in [columns, *rows]:
            sheet.append([escape_formula(cell) for cell in row])
    for table in exported.tables:
        sheet = book.create_sheet(table.name)
        sheet.freeze_panes = "A2"
        for number, column in enumerate(table.columns, 1):
            width = _WIDTHS.get(column.type, max(10, len(column.name) + 2))
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.append([column.name for column in table.columns])
        is_time = [column.type == "time" for column in table.columns]
        for number, row in enumerate(table.rows()):
            if number == _MOST_ROWS:
                message = f"{table.name} has more rows than a sheet can hold: export to csv or parquet"
                raise UsageError(message)
            cells = zip(row, is_time, strict=True)
            sheet.append([_write_time(cell) if time else escape_formula(cell) for cell, time in cells])
    with path.open("wb") as file:
        book.save(file)


def _write_time(text: str) -> datetime:
    """Return a time as a spreadsheet knows it, without a zone: the column says which it is of."""
    return datetime.fromisoformat(text).replace(tzinfo=None)


def _write_geojson(path: Path, exported: Exported) -> None:
    """Write places and roads as features, each with its series over time as lists beside the list of times."""
    series, times = _series_by_shape(exported)
    features = []
    for table in exported.tables:
        if table.name not in ("places", "roads"):
            continue
        for row in table.rows():
            cells = dict(zip((column.name for column in table.columns), row, strict=True))
            name = str(cells["id"])
            point = table.shape == "point"
            shape = exported.points[name] if point else exported.lines[name]
            geometry = {"type": "Point" if point else "LineString", "coordinates": shape}
            properties = {"what": table.name[:-1], **cells, "series": series.get((table.shape, name), {})}
            features.append({"type": "Feature", "id": name, "geometry": geometry, "properties": properties})
    about = {"about": exported.about, "sources": [dict(source) for source in exported.sources], "times": times}
    document = {"type": "FeatureCollection", **about, "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def _series_by_shape(exported: Exported) -> tuple[dict[tuple[str, str], dict[str, Any]], list[str]]:
    """Return by shape and id the medians and ranges of every series of a place or a road, and the times."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    times: dict[str, None] = {}
    for table in exported.tables:
        if not table.shape or not table.name.endswith("_over_time") or table.columns[0].name == "exit":
            continue
        names = [column.name for column in table.columns]
        at = {name: names.index(name) for name in ("time", "series", "unit", "q05", "q50", "q95")}
        for row in table.rows():
            name, _, way = str(row[0]).partition("/")
            labels = [way, *(str(cell) for cell in row[1 : at["time"]])]
            key = ":".join([row[at["series"]], *(label for label in labels if label)])
            one = found.setdefault((table.shape, name), {}).setdefault(key, {"unit": row[at["unit"]]})
            times[row[at["time"]]] = None
            for quantile in ("q05", "q50", "q95"):
                one.setdefault(quantile, []).append(round(row[at[quantile]], 3))
    return found, list(times)
