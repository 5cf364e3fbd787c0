"""`corridor run`: simulate a scenario and store the run."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import corridor as co
from corridor.cli.answer import Cluster, answer, on_one_line, say, say_made_anew, show_progress


def run(
    folder: Annotated[Path, typer.Argument(help="Scenario folder.", metavar="DIR")],
    out: Annotated[Path | None, typer.Option(help="Folder for the run; an unfinished run there is taken up.")] = None,
    parameters: Annotated[str | None, typer.Option(help="Parameter set; the scenario's default if not given.")] = None,
    variant: Annotated[str | None, typer.Option(help="Variant in the folder's variants/.")] = None,
    replicates: Annotated[int, typer.Option(min=1, help="Replicates in the ensemble.")] = 500,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed; the scenario's if not given.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes; they change no result.")] = 1,
    behaviour: Annotated[
        str | None, typer.Option(metavar="MODULE:NAME", help="Rules to use in place of those of the model page.")
    ] = None,
    keep: Annotated[
        str, typer.Option(metavar="replicates|summary", help="Keep every replicate, or their spread only.")
    ] = "replicates",
    cluster: Cluster = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Simulate a scenario as an ensemble and store the run in a folder."""
    case = co.read(folder, variant)
    for fault in case.faults:
        say(f"warning: {fault.describe()}")
    target = out or Path("runs") / f"{case.settings['id']}-{datetime.now():%Y%m%d-%H%M%S}"
    swapped = co.load_behaviour(behaviour) if behaviour else None
    try:
        with show_progress("replicates", replicates) as progress:
            found = co.run(case, target, parameters, replicates, seed, workers, swapped, progress, keep, cluster)
    except KeyboardInterrupt:
        say(f"corridor: interrupted; what is finished is kept in {target}, the same command with --out takes it up")
        sys.exit(130)
    document = found.describe()
    say_made_anew(document["made_anew"])
    answer(document, _write(document), as_json)


def _write(document: dict[str, Any]) -> str:
    chosen = f", parameter set {document['parameters']}" if document["parameters"] else ""
    lines = [
        f"{document['scenario']}{chosen}: {document['replicates']} replicates, seed {document['seed']}",
        f"at {document['period'][1]}:",
    ]
    for name, q in document["people"].items():
        label = name.replace("_", " ")
        lines.append(f"  {label:<24}{q['median']:>12,.0f}   (9 in 10: {q['q05']:,.0f} to {q['q95']:,.0f})")
    if "quantile_error" in document:
        lines.append(f"a summary only was kept: medians and ranges are within {document['quantile_error']:.1%}")
    ask = "score" if "quantile_error" in document else "report"
    simulated = sum(v for k, v in document["seconds"].items() if k not in ("store", "summary"))
    lines.append(f"people lost or invented: {document['conservation_error']}; simulated in {simulated:.1f} s")
    out = on_one_line(document["out"])
    lines.append(f"stored in {out}; next: corridor {ask} {out}")
    return "\n".join(lines)
