"""`corridor score`: how a run agrees with the counts in its scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import corridor as co
from corridor.cli.answer import answer


def score(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished run.", metavar="RUN")],
    counts: Annotated[bool, typer.Option(help="List every count with the run's quantiles.")] = False,
    reached: Annotated[float | None, typer.Option(help="Also say when this many had arrived.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Score a run against the observed counts: coverage, CRPS, error, and the naive rule beside it."""
    found = co.open_run(folder)
    document = found.score()
    if counts:
        document["counts"] = found.list_counts()
    if reached is not None:
        document["reached"] = found.find_reached(reached)
    answer(document, _write(document), as_json)


def _write(document: dict[str, Any]) -> str:
    until = document["fitted_until"]
    lines = [
        f"parameter set {document['parameters'] or '-'}; "
        + (f"fitted on counts up to {until}" if until else "nothing fitted")
    ]
    if not document["series"]:
        lines.append("no observed counts within the period: nothing to score")
    widths = {"n": 4, "in 50 %": 9, "in 90 %": 9, "CRPS": 10, "|error|": 10, "naive": 10, "skill": 8}
    lines.append(f"{'series':<12}{'counts':<10}" + "".join(f"{name:>{width}}" for name, width in widths.items()))
    for name, parts in document["series"].items():
        for part, s in parts.items():
            skill = "-" if s["skill"] is None else f"{s['skill']:.2f}"
            lines.append(
                f"{name:<12}{part.replace('_', ' '):<10}{s['n']:>4}{s['coverage_50']:>9.0%}{s['coverage_90']:>9.0%}"
                f"{s['crps']:>10,.0f}{s['median_absolute_error']:>10,.0f}{s['baseline_crps']:>10,.0f}{skill:>8}"
            )
    for c in document.get("counts", []):
        where = f"{c['series']} {c['place']}".strip()
        lines.append(
            f"{c['time']}  {where:<22}{c['value']:>9,.0f}  {c['used'].replace('_', ' '):<9}"
            f"median {c['q50']:>9,.0f}, 9 in 10: {c['q05']:,.0f} to {c['q95']:,.0f}"
        )
    if "reached" in document:
        r = document["reached"]
        lines.append(
            f"{r['level']:,.0f} arrived: median {r['q50']}, 9 in 10 between {r['q05']} and {r['q95']}"
            f" ({r['not_within_period']:.0%} not within the period); counted {r['observed'] or 'never'}"
        )
    if "quantile_error" in document:
        lines.append(f"a summary only was kept: the run's numbers are within {document['quantile_error']:.1%}")
    lines.append(
        "naive: the rate of the last 24 h known, continued until everyone is out; CRPS and errors in the series' unit"
    )
    return "\n".join(lines)
