"""`corridor compare`: two runs side by side, replicate by replicate."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import corridor as co
from corridor.cli.answer import answer, on_one_line


def compare(
    first: Annotated[Path, typer.Argument(help="Folder of a finished run.", metavar="RUN_A")],
    second: Annotated[Path, typer.Argument(help="Folder of another one: same seed and replicates.", metavar="RUN_B")],
    moment: Annotated[list[datetime] | None, typer.Option(help="Local time to compare at (may be repeated).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Compare two runs with shared luck: paired differences (second less first) with their ranges."""
    document = co.compare(co.open_run(first), co.open_run(second), moment).document
    answer(document, _write(document), as_json)


def _write(document: dict[str, Any]) -> str:
    def name(run: dict[str, Any]) -> str:
        return f"{on_one_line(Path(run['folder']).name)}, {run['variant']} ({run['parameters'] or 'no set'})"

    lines = [
        f"{name(document['second'])} less {name(document['first'])}; {document['replicates']} pairs with shared luck"
    ]
    lines.append(f"{'':<40}{'at':<18}{'first':>10}{'second':>10}{'difference':>12}   9 in 10 between")
    for row in document["differences"]:
        label = row["measure"].replace("_", " ")
        lines.append(
            f"{label:<40}{row['time'][:16]:<18}{row['first']:>10,.0f}{row['second']:>10,.0f}{row['difference']:>12,.0f}"
            f"   {row['q05']:,.0f} and {row['q95']:,.0f}"
        )
    if document["differ"]:
        lines.append(f"these runs also differ in {'; '.join(document['differ'])}")
    lines += [document["assumed"]] if "assumed" in document else []
    return "\n".join(lines)
