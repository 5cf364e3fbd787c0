"""`corridor upgrade`: an older scenario folder in the present format, the old files kept."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

import corridor as co
from corridor.cli.answer import answer


def upgrade(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Scenario folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Bring a scenario folder of an older version to the present format; old files are kept beside the new ones."""
    changed = co.upgrade(folder)
    lines = [f"{folder}: {change}" for change in changed]
    answer({"folder": str(folder), "changed": changed}, "\n".join(lines) or f"{folder}: nothing to do", as_json)
