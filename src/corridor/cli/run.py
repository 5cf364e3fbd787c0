"""`corridor run`: simulate a scenario and store the run."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.cli.answer import answer, say, show_progress

if TYPE_CHECKING:
    from corridor.results.result import Result


def run(
    folder: Annotated[Path, typer.Argument(help="Scenario folder.", metavar="DIR")],
    out: Annotated[Path | None, typer.Option(help="Folder for the run; an unfinished run there is taken up.")] = None,
    parameters: Annotated[str | None, typer.Option(help="Parameter set; the scenario's default if not given.")] = None,
    variant: Annotated[str | None, typer.Option(help="Variant in the folder's variants/.")] = None,
    replicates: Annotated[int, typer.Option(min=1, help="Replicates in the ensemble.")] = 500,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed; the scenario's if not given.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes; they change no result.")] = 1,
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Simulate a scenario as an ensemble and store the run in a folder."""
    from corridor.results.ensemble import run as run_scenario
    from corridor.scenario.scenario import read_scenario

    scenario = read_scenario(folder, variant)
    for fault in scenario.warnings:
        say(f"warning: {fault.describe()}")
    target = out or Path("runs") / f"{scenario.settings['id']}-{datetime.now():%Y%m%d-%H%M%S}"
    try:
        with show_progress("replicates", replicates) as progress:
            result = run_scenario(scenario, target, parameters, replicates, seed, workers, progress)
    except KeyboardInterrupt:
        say(f"corridor: interrupted; what is finished is kept in {target}, the same command with --out takes it up")
        sys.exit(130)
    document = describe_result(result)
    answer(document, _write(document), json)


def describe_result(result: Result) -> dict[str, Any]:
    """Return what a run found, as one JSON-ready document."""
    import numpy as np

    from corridor.results.relief import describe_relief

    series = {"inside": "inside:", "on_roads": "on_roads:", "arrived": "arrivals:"}
    series["waiting_for_transport"] = "waiting_for_transport:"
    data = result.take_several(list(series.values()))
    last = {name: data[column][:, -1] for name, column in series.items()}
    start = sum(data[column][:, 0] for column in ("inside:", "on_roads:", "arrivals:"))
    people = {"initial": start, **last}
    manifest = result.manifest
    supplied = any(column.startswith("needed:") for column in result.columns)
    return {
        "scenario": manifest["scenario"],
        "scenario_hash": manifest["scenario_hash"],
        "variant": manifest["variant"],
        "parameters": manifest["parameters"],
        "parameters_title": manifest["parameters_title"],
        "replicates": manifest["replicates"],
        "seed": manifest["seed"],
        "out": str(result.folder),
        "period": [result.times[0].isoformat(), result.times[-1].isoformat()],
        "seconds": manifest["seconds"],
        "people": {
            name: {
                "median": float(np.quantile(values, 0.5)),
                "q05": float(np.quantile(values, 0.05)),
                "q95": float(np.quantile(values, 0.95)),
            }
            for name, values in people.items()
        },
        "conservation_error": manifest["conservation_error"],
        **({"relief": describe_relief(result)} if supplied else {}),
    }


def _write(document: dict[str, Any]) -> str:
    chosen = f", parameter set {document['parameters']}" if document["parameters"] else ""
    lines = [
        f"{document['scenario']}{chosen}: {document['replicates']} replicates, seed {document['seed']}",
        f"at {document['period'][1]}:",
    ]
    for name, q in document["people"].items():
        label = name.replace("_", " ")
        lines.append(f"  {label:<24}{q['median']:>12,.0f}   (9 in 10: {q['q05']:,.0f} to {q['q95']:,.0f})")
    simulated = sum(v for k, v in document["seconds"].items() if k not in ("store", "summary"))
    lines.append(f"people lost or invented: {document['conservation_error']}; simulated in {simulated:.1f} s")
    lines.append(f"stored in {document['out']}; next: corridor report {document['out']}")
    return "\n".join(lines)
