"""`corridor export`: one series of a run as CSV or JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from corridor.cli.answer import answer, say


def export(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished run.", metavar="RUN")],
    series: Annotated[str, typer.Argument(help="Name of the series, such as arrivals.", metavar="SERIES")],
    place: Annotated[
        str | None,
        typer.Option(metavar="PLACE", help="Place, road or checkpoint; all of the series if not given."),
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV, the format if none is named.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="File; standard output if not given.")] = None,
) -> None:
    """Write the quantiles of a series over time: time, place, q05, q25, q50, q75, q95."""
    import json

    from corridor.report.series import export_series, write_csv
    from corridor.results.result import open_result
    from corridor.results.store import write_text
    from corridor.scenario.faults import UsageError

    if as_csv and as_json:
        message = "use one of --csv and --json at a time"
        raise UsageError(message)
    document = export_series(open_result(folder), series, place)
    if out is not None:
        text = json.dumps(document, ensure_ascii=False, indent=2) + "\n" if as_json else write_csv(document["rows"])
        write_text(out, text)
        say(f"{len(document['rows'])} rows written to {out}")
    elif as_json:
        answer(document, "", as_json=True)
    else:
        sys.stdout.write(write_csv(document["rows"]))
