"""`corridor forecast`: update a parameter set on counts up to a time."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridor.cli.answer import answer, show_progress
from corridor.scenario.faults import UsageError

if TYPE_CHECKING:
    from corridor.forecast.fit import Fit


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
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Fit the uncertain numbers of a parameter set to counts; counts after --until are never read."""
    from corridor.forecast.fit import fit_scenario
    from corridor.scenario.scenario import read_scenario
    from corridor.simulate.fitted import write_fitted

    if out.exists() and not replace:
        message = f"{out} exists; use --replace to write over it"
        raise UsageError(message)
    scenario = read_scenario(folder)
    chosen = scenario.choose_set(parameters)
    known = scenario.sets.get(chosen, {})
    until = until or known.get("fitted_until")
    names = (series or known.get("fitted_series") or "arrivals").split()
    if until is None:
        message = f"say up to which count to fit: --until, or fitted_until of set {chosen or '-'} in scenario.toml"
        raise UsageError(message)
    with show_progress("simulated", 0) as progress:
        fit = fit_scenario(
            scenario,
            chosen,
            until,
            names,
            particles,
            first,
            seed=seed,
            progress=progress,
        )
    notes = [
        f"Made by corridor forecast for set {chosen}: {len(fit.counts.values)} stated counts of {', '.join(names)}",
        f"up to {until.isoformat()}; nothing later was read. {fit.tried} simulations; {fit.distinct} different draws",
        f"with {fit.distinct_luck} courses of luck. Scenario content {scenario.hash[:16]}.",
        "Times of events are fractions of their range; chance and pull are chances.",
    ]
    write_fitted(out, fit.fitted, notes)
    document = describe_fit(fit)
    answer(document, _write(document, out), json)


def describe_fit(fit: Fit) -> dict[str, Any]:
    """Return what was fitted and how it agrees, as one JSON-ready document."""
    import numpy as np

    levels = {"q05": 0.05, "q50": 0.5, "q95": 0.95}
    return {
        "simulations": fit.tried,
        "draws": len(fit.fitted.table),
        "distinct": fit.distinct,
        "distinct_luck": fit.distinct_luck,
        "numbers": {
            name: {
                "influence": fit.influence[name],
                **{k: float(np.quantile(v, q)) for k, q in levels.items()},
            }
            for name, v in zip(fit.fitted.names, fit.fitted.table.T, strict=True)
        },
        "counts": [
            {
                "series": column.rstrip(":"),
                "value": float(value),
                **{k: float(np.quantile(found, q)) for k, q in levels.items()},
            }
            for column, value, found in zip(fit.counts.columns, fit.counts.values, fit.predicted.T, strict=True)
        ],
    }


def _write(document: dict[str, Any], out: Path) -> str:
    drawn = f"{document['distinct']} different draws of {document['draws']} kept in {out}"
    lines = [f"{document['simulations']} simulations; {drawn}"]
    for name, q in document["numbers"].items():
        lines.append(f"  {name:<62}{q['q50']:>10.4g}   ({q['q05']:.4g} to {q['q95']:.4g})")
    lines.append("counts used, and what the fitted draws say of them:")
    for c in document["counts"]:
        interval = f"({c['q05']:,.0f} to {c['q95']:,.0f})"
        lines.append(f"  {c['series']:<12}{c['value']:>10,.0f}{c['q50']:>10,.0f}   {interval}")
    return "\n".join(lines)
