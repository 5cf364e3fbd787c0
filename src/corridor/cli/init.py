"""`corridor init`: a new scenario folder that runs as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import corridor as co
from corridor.cli.answer import answer


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="New or empty folder.")],
    title: Annotated[str | None, typer.Option(help="Title of the scenario.")] = None,
    like: Annotated[
        str, typer.Option(metavar="KIND", help="Kind: one-road, several-exits, siege, camps, flood or talks.")
    ] = "one-road",
    extra: Annotated[
        str, typer.Option("--with", metavar="PARTS", help="Tables of relief, of the deal, or both: relief,deal.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Write a small commented scenario into a new folder; it runs as it is."""
    written = co.create(folder, title, like, [part.strip() for part in extra.split(",") if part.strip()])
    names = [path.relative_to(folder).as_posix() for path in written]
    text = f"{len(names)} files written to {folder}: {', '.join(names)}\n"
    then = f"corridor deal {folder}" if like == "talks" else f"corridor run {folder} --out RUN"
    text += f"Next: edit them, then\n  corridor check {folder}\n  {then}"
    answer({"folder": str(folder), "files": names}, text, as_json)
