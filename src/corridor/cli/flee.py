"""`corridor flee run | check | import | compare`: Flee's folders, run on counts of people."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.cli.answer import EXIT_INVALID, answer, say

if TYPE_CHECKING:
    from corridor.flee.compile import FleeModel
    from corridor.flee.run import FleeRun
    from corridor.scenario.faults import Fault

app = typer.Typer(help="Run, check, import and compare folders of Flee.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(metavar="DIR", help="Flee's folder: input_csv, source_data, simsetting.yml.")]
Settings = Annotated[Path | None, typer.Option(help="Another settings file.")]
Repaired = Annotated[bool, typer.Option("--repaired", help="Switch on what Flee documents but does not do.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]
Seed = Annotated[int, typer.Option(min=0, help="Seed of all random numbers.")]
Workers = Annotated[int, typer.Option(min=1, max=256, help="Threads; the numbers do not depend on it.")]


@app.command("run")
def run(
    folder: Folder,
    replicates: Annotated[int, typer.Option(min=1, help="How many runs.")] = 100,
    seed: Seed = 1,
    workers: Workers = 1,
    out: Annotated[Path | None, typer.Option(metavar="RUN", help="Keep the run in this folder.")] = None,
    settings: Settings = None,
    days: Annotated[int | None, typer.Option(min=1, help="Length instead of that in sim_period.csv.")] = None,
    repaired: Repaired = False,
    recent_steps: Annotated[
        int, typer.Option(min=1, max=1000, help="Steps of recent distance in a full day: more are slower and finer.")
    ] = 12,
    as_json: Json = False,
) -> None:
    """Run a Flee folder by Flee's daily rules and say how far it is from what was registered."""
    from corridor.flee.compile import compile_folder
    from corridor.flee.read import read_folder
    from corridor.flee.run import run_model

    read = read_folder(folder, settings, days)
    _say_warnings([fault for fault in read.warnings if not (repaired and "--repaired" in fault.fix)])
    model = compile_folder(read, repaired, recent_steps)
    for notice in model.notices:
        say(f"notice: {notice}")
    if out is None:
        done = run_model(model, replicates, seed, workers, progress=_show_progress(replicates))
    else:
        from corridor.flee.store import keep_run

        done = keep_run(read, model, out, replicates, seed, workers, _show_progress(replicates))
    document = _describe(done)
    answer(document, _write(document), as_json)
    if out is not None:
        say(f"stored in {out}; next: corridor score {out}")


def _say_warnings(warnings: list[Fault]) -> None:
    for fault in warnings:
        say(fault.describe())


def _show_progress(replicates: int) -> Any:
    import sys

    if not sys.stderr.isatty():
        return None
    count = [0]

    def show(_: int) -> None:
        count[0] += 1
        sys.stderr.write(f"\r{count[0]} of {replicates} runs" + ("\n" if count[0] == replicates else ""))
        sys.stderr.flush()

    return show


def _describe(run: FleeRun) -> dict[str, Any]:
    import numpy as np

    from corridor.flee.measure import summarise_errors

    model: FleeModel = run.model
    last = run.in_camps[:, -1, :]
    low, high = np.quantile(last, [0.05, 0.95], axis=0)
    camps = [
        {
            "camp": model.place_names[camp],
            "mean": float(last[:, i].mean()),
            "low": float(low[i]),
            "high": float(high[i]),
            "registered": int(model.observed[-1, i]),
        }
        for i, camp in enumerate(model.camps)
    ]
    document: dict[str, Any] = {
        "folder": model.name,
        "start": model.start,
        "days": model.days,
        "replicates": len(run.at_place),
        "people": float(run.created[:, -1].mean()),
        "on_roads": float(run.on_road[:, -1].mean()),
        "camps": camps,
        "notices": model.notices,
    }
    if model.observed.any() and model.camps:
        document["measures"] = summarise_errors(run.in_camps, model.observed)
    return document


def _write(document: dict[str, Any]) -> str:
    lines = [f"{document['folder']}: {document['days']} days from {document['start']}, {document['replicates']} runs"]
    lines.append(f"{document['people']:,.0f} people, {document['on_roads']:,.0f} of them on roads on the last day")
    lines.append(f"{'last day':24s} {'mean':>10s} {'90 % of runs':>21s} {'registered':>11s}")
    lines += [
        f"{row['camp']:24s} {row['mean']:10,.0f} {row['low']:10,.0f}-{row['high']:10,.0f} {row['registered']:11,d}"
        for row in document["camps"]
    ]
    measures = document.get("measures", {})
    if measures:
        lines.append("errors: Flee's averaged relative difference, 0 to 2; CRPS: people a camp and day")
    for name, value in measures.items():
        naive = "naive rule, " if name.startswith(("kept_shares", "equal_growth")) else ""
        lines.append(f"{naive + name.replace('_', ' '):44s} {value:10.4f}")
    return "\n".join(lines)


@app.command("check")
def check(folder: Folder, settings: Settings = None, as_json: Json = False) -> None:
    """Show all faults of a Flee folder, also those that Flee passes over in silence.

    Ends with 3 where Flee could not run it, 0 otherwise (warnings do not count).
    """
    from corridor.flee.check import check_folder
    from corridor.flee.compile import compile_folder
    from corridor.flee.read import load_folder
    from corridor.scenario.faults import FaultsError

    read, faults = load_folder(folder, settings)
    faults = sorted(set(faults + check_folder(read)))
    if not any(fault.severity == "error" for fault in faults):
        try:
            compile_folder(read)
        except FaultsError as error:
            faults += error.faults
    errors = [fault for fault in faults if fault.severity == "error"]
    text = "\n".join(f"{fault.severity}: {fault.describe()}" for fault in faults)
    text += f"\n{folder}: {len(errors)} faults, {len(faults) - len(errors)} warnings"
    document = {"folder": str(folder), "ok": not errors, "faults": [asdict(fault) for fault in faults]}
    answer(document, text.strip(), as_json)
    if errors:
        raise typer.Exit(EXIT_INVALID)


NOT_FLEE = (
    "notice: the scenario runs by Corridor's own rules, not Flee's: all people of the period are there from the start "
    "and leave as its shares say; set those before you read its numbers. `corridor flee run` gives Flee's answer."
)


@app.command("import")
def import_folder(
    folder: Folder,
    new: Annotated[Path, typer.Argument(metavar="NEW_DIR", help="Folder to make.")],
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Write a scenario folder of Corridor from a Flee folder."""
    from corridor.flee.convert import write_scenario
    from corridor.flee.read import read_folder

    read = read_folder(folder, settings)
    _say_warnings(read.warnings)
    files = write_scenario(read, new)
    say(NOT_FLEE)
    answer({"scenario": str(new), "files": files}, f"{new}: {len(files)} files; next: corridor check {new}", as_json)


@app.command("compare")
def compare(
    data: Annotated[Path, typer.Argument(metavar="DATA", help="Folder of cases, each with flee-runs.csv.")],
    replicates: Annotated[int, typer.Option(min=2, help="Our runs of each case.")] = 200,
    seed: Seed = 1,
    workers: Workers = 1,
    out: Annotated[Path | None, typer.Option(metavar="OUT", help="Folder for pictures.")] = None,
    as_json: Json = False,
) -> None:
    """Compare runs with tables of Flee's own runs: how many camp-days agree, and pictures."""
    from corridor.flee.compare import compare_case, draw_comparison, write_table
    from corridor.scenario.faults import UsageError

    cases = (
        [data] if (data / "flee-runs.csv").is_file() else sorted(path.parent for path in data.glob("*/flee-runs.csv"))
    )
    if not cases:
        message = f"no flee-runs.csv in {data} or in a folder of it"
        raise UsageError(message)
    comparisons = []
    for case in cases:
        say(f"{case.name}: {replicates} runs")
        comparisons.append(compare_case(case, replicates, seed, workers))
        if out is not None:
            out.mkdir(parents=True, exist_ok=True)
            draw_comparison(comparisons[-1], out / f"{case.name}.png")
    rows = [comparison.summarise() for comparison in comparisons]
    answer({"comparisons": rows}, write_table(comparisons), as_json)
