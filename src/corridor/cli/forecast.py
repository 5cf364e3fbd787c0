"""`corridor forecast`: update a parameter set on counts up to a time."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

import corridor as co
from corridor.cli.answer import answer, show_progress


def forecast(
    folder: Annotated[Path, typer.Argument(help="Scenario folder.", metavar="DIR")],
    out: Annotated[Path, typer.Option(help="CSV file for the fitted draws; name it in the set as `draws`.")],
    parameters: Annotated[str | None, typer.Option(help="Parameter set; the scenario's default if not given.")] = None,
    until: Annotated[
        datetime | None, typer.Option(help="Last count to use; the set's fitted_until if not given.")
    ] = None,
    series: Annotated[str | None, typer.Option(help="Observed series to use, separated by spaces.")] = None,
    particles: Annotated[int, typer.Option(min=50, help="Fitted draws to keep.")] = 500,
    first: Annotated[int, typer.Option(min=200, help="Draws from the ranges to begin with.")] = 3000,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the fit.")] = 1,
    replace: Annotated[bool, typer.Option(help="Write over an existing file.")] = False,
    behaviour: Annotated[
        str | None, typer.Option(metavar="MODULE:NAME", help="Rules to use in place of those of the model page.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Fit the uncertain numbers of a parameter set to counts; counts after --until are never read."""
    if out.exists() and not replace:
        message = f"{out} exists; use --replace to write over it"
        raise co.UsageError(message)
    swapped = co.load_behaviour(behaviour) if behaviour else None
    effort = co.Effort(particles, first)
    names = series.split() if series else None
    with show_progress("simulated", 0) as progress:
        fitted = co.fit(co.read(folder), until, names, parameters, effort, seed, swapped, progress)
    fitted.save(out, replace)
    document = fitted.document
    answer(document, _write(document, out), as_json)


def _write(document: dict[str, Any], out: Path) -> str:
    drawn = f"{document['distinct']} different draws of {document['draws']} kept in {out}"
    lines = [f"{document['simulations']} simulations; {drawn}"]
    for name, q in document["numbers"].items():
        lines.append(f"  {name:<62}{q['q50']:>10.4g}   ({q['q05']:.4g} to {q['q95']:.4g})")
    lines.append("counts used, and what the fitted draws say of them:")
    for c in document["counts"]:
        interval = f"({c['q05']:,.0f} to {c['q95']:,.0f})"
        lines.append(f"  {c['series']:<12}{c['value']:>10,.0f}{c['q50']:>10,.0f}   {interval}")
    for why, number in Counter(c["reason"] for c in document["left_out"]).items():
        lines.append(f"{number:,} counts known by then were left out: {why}")
    return "\n".join(lines)
