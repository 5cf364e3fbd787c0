"""`corridor score`: how a run agrees with the counts in its scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from corridor.cli.answer import answer


def score(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished run.", metavar="RUN")],
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Score a run against the observed counts: coverage, CRPS, error, and the naive rule beside it."""
    from corridor.forecast.score import score_result
    from corridor.results.result import open_result

    document = score_result(open_result(folder))
    answer(document, _write(document), json)


def _write(document: dict[str, Any]) -> str:
    until = document["fitted_until"]
    lines = [
        f"parameter set {document['parameters'] or '-'}; "
        + (f"fitted on counts up to {until}" if until else "nothing fitted")
    ]
    if not document["series"]:
        lines.append("no observed counts within the period: nothing to score")
    header = f"{'series':<12}{'counts':<10}{'n':>4}{'in 50 %':>9}{'in 90 %':>9}{'CRPS':>10}{'|error|':>10}{'naive':>10}{'skill':>8}"
    lines.append(header)
    for name, parts in document["series"].items():
        for part, s in parts.items():
            skill = "-" if s["skill"] is None else f"{s['skill']:.2f}"
            lines.append(
                f"{name:<12}{part.replace('_', ' '):<10}{s['n']:>4}{s['coverage_50']:>9.0%}{s['coverage_90']:>9.0%}"
                f"{s['crps']:>10,.0f}{s['median_absolute_error']:>10,.0f}{s['baseline_crps']:>10,.0f}{skill:>8}"
            )
    lines.append(
        "naive: the rate of the last 24 h known, continued until everyone is out; CRPS and errors in the series' unit"
    )
    return "\n".join(lines)
