"""`corridor score`: how a run agrees with the counts in its scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

import corridor as co
from corridor.cli.answer import answer


def score(
    folder: Annotated[Path, typer.Argument(help="Folder of a finished run; a scenario with --ledger.", metavar="RUN")],
    counts: Annotated[bool, typer.Option(help="List every count with the run's quantiles; JSON always does.")] = False,
    reached: Annotated[float | None, typer.Option(help="Also say when this many had arrived.")] = None,
    ledger: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Score the forecasts of the scenario sealed in this ledger.")
    ] = None,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="With --ledger: also write the page of past forecasts.")
    ] = None,
    replace: Annotated[bool, typer.Option(help="Write over the file of --report if it is there.")] = False,
    language: Annotated[str, typer.Option(help="Language of the page of past forecasts: en, fr.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False,
) -> None:
    """Score a run against the observed counts: coverage, CRPS, error, and the naive rule beside it."""
    if ledger is not None:
        if counts or reached is not None:
            message = "--counts and --reached ask a run; with --ledger the --json document lists the counts"
            raise co.UsageError(message)
        board = co.score_ledger(ledger, co.read(folder))
        answer(board.document if report is None else board.report(report, replace, language), str(board), as_json)
        return
    if report is not None:
        message = "--report is for --ledger; the briefing of a run is made by corridor report"
        raise co.UsageError(message)
    found = co.open_run(folder)
    document = found.score()
    if counts or as_json:
        document["counts"] = found.list_counts()
    if reached is not None:
        document["reached"] = found.find_reached(reached)
    answer(document, _write(document), as_json)


_WIDTHS = {
    "n": 4,
    "in 50 %": 9,
    "in 90 %": 9,
    "CRPS": 10,
    "|error|": 10,
    "naive": 10,
    "skill": 8,
    "best": 10,
    "skill ": 8,
}
_HEADER = "".join(f"{name:>{width}}" for name, width in _WIDTHS.items())


def _write(document: dict[str, Any]) -> str:
    until, fitted = document["fitted_until"], document["fitted"]
    known = f"nothing learnt; counts up to {until} may have set numbers" if until else "nothing learnt from counts"
    lines = [
        f"parameter set {document['parameters'] or '-'}; "
        + (f"learnt from counts published by {until}" if fitted else known)
    ]
    if not document["table"]:
        lines.append("no observed counts within the period: nothing to score")
    lines.append(f"{'series':<12}{'counts':<10}{_HEADER}")
    for name, parts in document["series"].items():
        lines += [f"{name:<12}{_write_used(part, fitted)}{_write_score(s)}" for part, s in parts.items()]
    lines += _write_table(document)
    lines += [_write_count(count, fitted) for count in document.get("counts", [])]
    for why in dict.fromkeys(c["reason"] for c in document["left_out"]):
        number = sum(c["reason"] == why for c in document["left_out"])
        lines.append(f"{number:,} not compared: {why}")
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
    lines.append(
        "best: the closest of the last count, that rate and a straight line, each up to as many as the run lets leave; "
        "the last column is the skill against it"
    )
    return "\n".join(lines)


def _write_table(document: dict[str, Any]) -> list[str]:
    """Return the scores by place, area, exit and span, and of "more than", "up to" and ranges, where there are any."""
    rows = document["table"]
    numbers = [row for row in rows if row["stated"] == "number" and (row["by"] or row["counted"] != "since the start")]
    title = "by place, area, exit or span"
    width = 2 + max([len(title), *(len(_write_where(row)) for row in rows)])
    lines = [f"{title:<{width}}{'counts':<10}{_HEADER}"] if numbers else []
    lines += [
        f"{_write_where(s):<{width}}{_write_used(s['used'], document['fitted'])}{_write_score(s)}" for s in numbers
    ]
    return lines + [
        f"{_write_where(s):<{width}}{_write_used(s['used'], document['fitted'])}"
        f'{s["n"]:>4} "more than", "up to" or ranges: {s["hits"]} reached by the 9 in 10, '
        f"chance {s['chance']:.0%}; CRPS beyond the ends {s['crps']:,.0f}, naive {s['baseline_crps']:,.0f}"
        for s in rows
        if s["stated"] == "ends"
    ]


def _write_where(row: dict[str, Any]) -> str:
    where = f" {row['by']} {row['label']}" if row["by"] else ""
    span = ", over spans" if row["counted"] == "over a span" else ""
    return f"{row['series']}{where}{span}"


def _write_used(part: str, fitted: bool) -> str:
    """Return how counts were used; those that a set puts aside to learn from were not where nothing was learnt."""
    used = ("learnt" if fitted else "set aside") if part == "fitted" else part.replace("_", " ")
    return f"{used:<10}"


def _write_score(s: dict[str, Any]) -> str:
    skill = "-" if s["skill"] is None else f"{s['skill']:.2f}"
    return (
        f"{s['n']:>4}{s['coverage_50']:>9.0%}{s['coverage_90']:>9.0%}"
        f"{s['crps']:>10,.0f}{s['median_absolute_error']:>10,.0f}{s['baseline_crps']:>10,.0f}{skill:>8}{_write_best(s)}"
    )


def _write_best(s: dict[str, Any]) -> str:
    """Return the CRPS of the best naive rule that stops where the run does, and the skill against it."""
    if "best_naive" not in s:
        return ""
    skill = "-" if s["best_skill"] is None else f"{s['best_skill']:.2f}"
    return f"{s['best_naive_crps']:>10,.0f}{skill:>8}"


def _write_count(count: dict[str, Any], fitted: bool) -> str:
    """Return a count, what the run says of it, and how and since when it is known."""
    time = count["time"] if count["since"] is None else f"{count['since']} to {count['time']}"
    where = f"{count['series']} {count['place'] or count['area'] or count['exit']}".strip()
    error = f"; right to {count['error']:,.0f}" if count["error"] else ""
    published = f"; published {count['published'][:16]}" if count["published"] else ""
    return (
        f"{time}  {where:<22}{_write_number(count):>9}  {_write_used(count['used'], fitted)}"
        f"median {count['q50']:>9,.0f}, 9 in 10: {count['q05']:,.0f} to {count['q95']:,.0f}{error}{published}"
    )


def _write_number(count: dict[str, Any]) -> str:
    """Return what was published: 1,200, "> 56,000", "< 40,000", or "2,000-3,000"."""
    low, high = count["low"], count["high"]
    if low is None and high is None:
        return f"{count['value']:,.0f}"
    if low is None or high is None:
        return f"> {low:,.0f}" if high is None else f"< {high:,.0f}"
    return f"{low:,.0f}-{high:,.0f}"
