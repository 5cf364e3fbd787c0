"""`corridor export`: one series of a run as CSV or JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

import corridor as co
from corridor.cli.answer import say


def export(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished run.", metavar="RUN")],
    series: Annotated[
        str, typer.Argument(help="Name of the series, such as arrivals or arrivals/exit.", metavar="SERIES")
    ],
    place: Annotated[
        str | None,
        typer.Option(metavar="PLACE", help="Place, road, exit or checkpoint; all of the series if not given."),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV, the format if none is named.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="File; standard output if not given.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over an existing file.")] = False,
) -> None:
    """Write the quantiles of a series over time: time, place, q05, q25, q50, q75, q95."""
    if as_csv and as_json:
        message = "use one of --csv and --json at a time"
        raise co.UsageError(message)
    found = co.open_run(folder).export(series, place)
    if out is None:
        sys.stdout.write(found.write(as_json))
    else:
        found.save(out, as_json, replace)
        say(f"{len(found.document['rows'])} rows written to {out}")
