"""`corridor compare`: two runs side by side, replicate by replicate."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import corridor as co
from corridor.cli.answer import Cluster, answer, on_one_line

HEADER = ("", "difference", "9 in 10 between", "first", "second")
WIDTH = 80  # signs of a line


def compare(
    first: Annotated[Path, typer.Argument(help="Folder of a finished run.", metavar="RUN_A")],
    second: Annotated[Path, typer.Argument(help="Folder of another one: same seed and replicates.", metavar="RUN_B")],
    moment: Annotated[list[datetime] | None, typer.Option(help="Local time to compare at (may be repeated).")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes; they change no number.")] = 1,
    cluster: Cluster = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Compare two runs with shared luck: paired differences (second less first) with their ranges."""
    document = co.compare(co.open_run(first), co.open_run(second), moment, workers, cluster).document
    answer(document, _write(document), as_json)


def _write(document: dict[str, Any]) -> str:
    def name(run: dict[str, Any]) -> str:
        return f"{on_one_line(Path(run['folder']).name)}, {run['variant']} ({run['parameters'] or 'no set'})"

    lines = [
        f"first:  {name(document['first'])}",
        f"second: {name(document['second'])}",
        f"second less first, {document['replicates']} pairs with shared luck; what is 0 in both is left out",
    ]
    whys = {moment["time"]: moment["why"] for moment in document["moments"]}
    table = [_write_cells(row) for row in document["differences"] if _says_something(row)]
    widths = [max(map(len, column)) for column in zip(HEADER, *table, strict=True)]
    for time in dict.fromkeys([*whys, *(row["time"] for row in document["differences"])]):
        rows = [row for row in document["differences"] if row["time"] == time and _says_something(row)]
        lines += ["", f"{time[:16].replace('T', ' ')}: {whys.get(time, 'the end')}"]
        lines += _lay_out([HEADER, *map(_write_cells, rows)], widths) if rows else ["nothing differs from 0"]
    if document["differ"]:
        lines += ["", f"these runs also differ in {'; '.join(document['differ'])}"]
    lines += [document["assumed"]] if "assumed" in document else []
    return "\n".join(lines)


def _says_something(row: dict[str, Any]) -> bool:
    return any(row[name] for name in ("difference", "q05", "q95", "first", "second"))


def _write_cells(row: dict[str, Any]) -> tuple[str, ...]:
    series, _, labels = row["measure"].partition(":")
    where = "before" if series == "held_back" else "by"
    told = "bound for no exit" if labels == "(none)" else f"{where} {labels}"
    label = f"  {told}" if row["exit"] else row["measure"].replace("_", " ")
    digits = 2 if row["measure"].startswith("mean_") else 0  # hours; people and goods are whole
    rounded = {name: round(row[name], digits) + 0.0 for name in ("difference", "q05", "q95", "first", "second")}
    difference, low, high = (f"{rounded[n]:+,.{digits}f}" if rounded[n] else "0" for n in ("difference", "q05", "q95"))
    first, second = (f"{rounded[name]:,.{digits}f}" for name in ("first", "second"))
    return on_one_line(label), difference, f"{low} to {high}", first, second


def _lay_out(rows: list[tuple[str, ...]], widths: list[int]) -> list[str]:
    """Return rows as columns, two signs apart; where they do not fit a line, each label on a line of its own."""
    if sum(widths) + 2 * (len(widths) - 1) <= WIDTH:
        return ["  ".join([row[0].ljust(widths[0]), *_align(row, widths)]) for row in rows]
    return [line for row in rows for line in (row[0], "  " + "  ".join(_align(row, widths))) if line.strip()]


def _align(row: tuple[str, ...], widths: list[int]) -> list[str]:
    return [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
