"""`corridor sheet`: a case as one workbook, and back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import corridor as co
from corridor.cli.answer import answer, on_one_line, say


def sheet(
    source: Annotated[Path, typer.Argument(metavar="CASE|FILE", help="A scenario folder, or its workbook.")],
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the case as this workbook (.xlsx).")] = None,
    into: Annotated[
        Path | None, typer.Option(metavar="CASE", help="Take over what was changed in the workbook into this case.")
    ] = None,
    faults: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --into: a copy of the workbook, faults at their cells."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over an existing file.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write a case as one workbook to edit (--out), or take over what was changed in it (--into)."""
    if (out is None) == (into is None):
        message = "name either --out FILE (a case as a workbook) or --into CASE (a workbook back into a case)"
        raise co.UsageError(message)
    if out is not None:
        sheets = co.write_workbook(source, out, replace)
        text = f"{len(sheets)} sheets written to {out}: {', '.join(sheets)}"
        answer({"file": str(out), "sheets": sheets}, text, as_json)
        say(f"Next: edit it, then\n  corridor sheet {on_one_line(out)} --into {on_one_line(source)}")
        return
    assert into is not None
    try:
        found = co.read_workbook(source, into, faults)
    except co.FaultsError:
        say("nothing was written" + (f"; {faults} holds the faults at their cells" if faults else ""))
        raise
    answer(found.document, str(found), as_json)
    for fault in found.warnings if not as_json else ():
        say(fault.describe())
