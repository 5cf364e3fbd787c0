"""`corridor forecast`: learn from the counts known at a moment, and run on from there; or see how that has done."""

from __future__ import annotations

from collections import Counter
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import corridor as co
from corridor.cli.answer import Bars, Cluster, answer, on_one_line

PARTICLES = 1000


def forecast(
    folder: Annotated[Path, typer.Argument(help="Scenario folder.", metavar="DIR")],
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            help="Day or time: nothing published later is read. Else fitted_until, or the newest count (--update).",
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the run that goes on from there.")] = None,
    parameters: Annotated[str | None, typer.Option(help="Parameter set; the scenario's default if not given.")] = None,
    replicates: Annotated[int, typer.Option(min=1, help="Replicates of the run.")] = 300,
    update: Annotated[
        Path | None, typer.Option(metavar="RUN", help="Take up the forecast in this folder: read what is new.")
    ] = None,
    particles: Annotated[
        int | None, typer.Option(min=100, help="Particles of the filter; 1000 if not given.", show_default=False)
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed; the scenario's if not given.")] = None,
    backtest: Annotated[
        str | None, typer.Option(metavar="HOURS", help="Forecast again every so often (12h) and score what came.")
    ] = None,
    since: Annotated[str | None, typer.Option(help="First moment of a backtest; else when counting began.")] = None,
    report: Annotated[Path | None, typer.Option(help="Page of a backtest.")] = None,
    seal: Annotated[Path | None, typer.Option(metavar="LEDGER", help="Add the forecast to a sealed ledger.")] = None,
    draws: Annotated[
        Path | None, typer.Option(help="Write what was learnt to this file, which a parameter set names as `draws`.")
    ] = None,
    all_events: Annotated[
        bool, typer.Option("--all-events", help="Keep events of which nobody had told by then: a replay.")
    ] = False,
    replace: Annotated[bool, typer.Option(help="Write over an existing file.")] = False,
    behaviour: Annotated[
        str | None, typer.Option(metavar="MODULE:NAME", help="Rules to use in place of those of the model page.")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, help="Processes; they change no number.")] = 1,
    cluster: Cluster = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Learn from the counts published by a moment and run on from there; later counts and events are never read."""
    if update is not None and backtest is not None:
        message = "--update goes on from one forecast and --backtest begins each anew: give one of them"
        raise co.UsageError(message)
    for path in (report, draws):
        if path is not None and path.exists() and not replace:  # said before the work, not after it
            message = f"{path} exists; use --replace to write over it"
            raise co.UsageError(message)
    swapped = co.load_behaviour(behaviour) if behaviour else None
    effort = (
        co.Effort(particles or PARTICLES, seed, all_events) if particles or seed is not None or all_events else None
    )
    case = co.read(folder)
    with ExitStack() as bars:
        progress = Bars(bars)
        if backtest is not None:
            board = co.backtest(case, backtest, since, as_of, parameters, replicates, effort, progress)
            if report is not None:
                board.report(report, replace)
            document, text = board.document, str(board)
        else:
            found = co.forecast(
                case, as_of, out, parameters, replicates, effort, swapped, progress, update, workers, cluster
            )
            if draws is not None:
                found.save_learnt(draws, replace)
            document, text = found.document, _write(found.document)
            if seal is not None:
                found.seal(seal)
                names = on_one_line(folder), on_one_line(seal)
                text += "\nsealed; next: corridor score {} --ledger {}".format(*names)
            if out is not None:
                text += f"\nstored in {on_one_line(out)}; next: corridor report {on_one_line(out)}"
                text += (
                    f"\nwhen more counts are in: corridor forecast {on_one_line(folder)} --update {on_one_line(out)}"
                )
    answer(document, text, as_json)


def _write(document: dict[str, Any]) -> str:
    """Return for people what was learnt, how sure that is, and what is expected next."""
    moment = datetime.fromisoformat(document["as_of"])
    lines = [f"as of {moment:%Y-%m-%d %H:%M}: {len(document['counts'])} counts read that were published by then"]
    if update := document["update"]:
        since = f"{on_one_line(update['of'])}, as of {datetime.fromisoformat(update['as_of']):%Y-%m-%d %H:%M}"
        how = f"learnt anew: {update['begun_anew']}" if update["begun_anew"] else f"{update['counts']} counts more"
        lines.append(f"  update of {since}: {how}")
    for why, number in Counter(c["reason"] for c in document["left_out"]).items():
        lines.append(f"  {number:,} left out: {why}")
    if document["events_unknown"]:
        kept = "kept all the same: a replay, no forecast" if document["events_kept"] else "left out"
        lines.append(f"  {len(document['events_unknown'])} events of which nobody had told by then: {kept}")
    if document["rests_on_later"]:
        lines.append(f"  {len(document['rests_on_later'])} rows rest on later claims and stand as they are: hindsight")
    lines.append(
        f"{document['particles']:,} particles, of {document['ancestors']} ancestors (worth"
        f" {document['ancestors_effective']:.0f} alike); {document['effective']:.0f} effective at the last count"
    )
    lines += [f"  {sentence}" for sentence in document["ahead"]]
    return "\n".join(lines)
