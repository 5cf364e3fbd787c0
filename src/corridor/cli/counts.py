"""`corridor counts`: new counts from files of others into a case."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import corridor as co
from corridor.cli.answer import answer, on_one_line, say

counts = typer.Typer(help="New counts from files of others into a case.", no_args_is_help=True)


@counts.callback()
def _counts() -> None:
    """New counts from files of others into a case."""


@counts.command("add")
def add(
    folder: Annotated[Path, typer.Argument(metavar="CASE", help="Scenario folder.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV or .xlsx: UNHCR, IOM DTM, HDX HAPI, KoBo, any.")],
    mapping: Annotated[
        Path | None, typer.Option("--map", metavar="FILE", help="columns.toml: what the file's columns are.")
    ] = None,
    published: Annotated[
        str, typer.Option(metavar="TIME", help="When the file became known: a day or time; else this moment.")
    ] = "",
    source: Annotated[str, typer.Option(metavar="NAME", help="Who published the file.")] = "",
    series: Annotated[str, typer.Option(metavar="SERIES", help="What is counted, as in arrivals or displaced.")] = "",
    address: Annotated[str, typer.Option(metavar="ADDRESS", help="Web address of the file.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Add a file's counts to observations/: every count a claim, older vintages kept; nothing if a check fails."""
    found = co.add_count_file(folder, file, mapping, published, source, series, address)
    answer(found.document, str(found), as_json)
    for fault in found.trial.faults if found.trial is not None and not as_json else ():
        say(fault.describe())
    if found.counts and not as_json:
        say(f"Next:\n  corridor forecast {on_one_line(folder)} --update FORECAST  (the folder of your last forecast)")
