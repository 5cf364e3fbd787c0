"""`corridor export`: one series of a run as CSV or JSON, or all of it for other programs."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import corridor as co
from corridor.cli.answer import answer, say


def export(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished run.", metavar="RUN")],
    series: Annotated[
        str | None,
        typer.Argument(help="Name of the series, such as arrivals or arrivals/exit; none with --to.", metavar="SERIES"),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(metavar="FORMAT", help="All tables for other programs: gpkg, xlsx, csv, parquet, geojson."),
    ] = None,
    shapes: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --to: GeoJSON lines of roads; else they are straight.")
    ] = None,
    place: Annotated[
        str | None,
        typer.Option(metavar="PLACE", help="Place, road, exit or checkpoint; all of the series if not given."),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV, the format if none is named.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File (a folder for csv and parquet); else standard output.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over an existing file.")] = False,
) -> None:
    """Write the quantiles of a series over time (time, place, q05 to q95), or with --to all tables of a run."""
    if to is not None:
        if series is not None or out is None or place is not None:
            message = "--to writes all tables: name --out, and neither a series nor --place"
            raise co.UsageError(message)
        written = co.open_run(folder).export_tables(to, out, replace, shapes)
        answer({"files": [str(path) for path in written]}, "\n".join(str(path) for path in written), as_json)
        return
    if series is None:
        message = "name a series, such as arrivals; or --to FORMAT --out FILE for all tables"
        raise co.UsageError(message)
    if as_csv and as_json:
        message = "use one of --csv and --json at a time"
        raise co.UsageError(message)
    found = co.open_run(folder).export(series, place)
    if out is None:
        sys.stdout.write(found.write(as_json))
    else:
        found.save(out, as_json, replace)
        say(f"{len(found.document['rows'])} rows written to {out}")
