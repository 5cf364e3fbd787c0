"""`corridor sweep`: many cases of a design as one table of answers."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import corridor as co
from corridor.cli.answer import Bars, Cluster, answer, on_one_line, say

SHOWN = 8  # lines of the text answer


def sweep(
    folder: Annotated[Path, typer.Argument(help="Scenario folder, or a folder of them.", metavar="DIR")],
    design: Annotated[
        Path | None, typer.Argument(help="CSV: scenario, variant, set, seed, numbers by name.", metavar="DESIGN")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder; an unfinished sweep there is taken up.")] = None,
    replicates: Annotated[int, typer.Option(min=1, help="Replicates of each row.")] = 100,
    method: Annotated[
        str,
        typer.Option(
            metavar="table|latin|sobol|morris", help="How ranges in the design are varied; table runs its rows."
        ),
    ] = "table",
    samples: Annotated[
        int, typer.Option(min=2, help="Points (latin), base points, a power of 2 (sobol), paths (morris).")
    ] = 64,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the method; the luck's stands in the design.")] = 1,
    moment: Annotated[
        str | None, typer.Option(metavar="TIME", help="Moment that answers speak of; each case's today if not given.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes; they change no result.")] = 1,
    cluster: Cluster = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Simulate scenarios x variants x settings with the same luck: one table of answers, and what each number does."""
    target = out or Path("runs") / f"sweep-{folder.resolve().name}-{datetime.now():%Y%m%d-%H%M%S}"
    sampling = co.Sampling(method, samples, seed)
    try:
        with ExitStack() as bars:
            found = co.sweep(folder, design, target, replicates, workers, sampling, moment, Bars(bars), cluster)
    except KeyboardInterrupt:
        say(f"corridor: interrupted; what is finished is kept in {target}, the same command with --out takes it up")
        sys.exit(130)
    document = {
        "out": str(target),
        "rows": found.rows,
        "sensitivity": found.sensitivity,
        "pictures": list(found.pictures),
        "answers": found.answers,
    }
    answer(document, _write(document, replicates), as_json)


def _write(document: dict[str, Any], replicates: int) -> str:
    out = on_one_line(document["out"])
    lines = [f"{len(document['rows']):,} rows, {replicates:,} replicates each"]
    at_end = (row for row in document["sensitivity"] if row["answer"] == "people arrived at the end")
    strong = [row for row in at_end if row["noise"] < 1]  # of a few rows ranks say nothing
    for row in strong[:SHOWN]:
        case = on_one_line(" ".join(str(row[name]) for name in ("scenario", "variant", "set") if row[name]))
        told = f"  {row['number']}{' of ' + case if case else ''}: rank correlation {row['rank_correlation']:+.2f}"
        lines.append(f"{told} with people arrived at the end (luck alone: up to {row['noise']:.2f})")
    lines.append(f"stored in {out}: answers.csv, sensitivity.csv" + (", figures/" if document["pictures"] else ""))
    return "\n".join(lines)
