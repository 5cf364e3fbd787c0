"""What runs say of the counts held out from them, as tables of docs/validation.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from corridor.forecast.baseline import make_naive_rules, read_moment
from corridor.forecast.score import collect_counts, score_counts, score_ends, split_fitted
from corridor.results.counts import Compared
from corridor.results.result import Result
from evacuations import Answer, read_cases

Counts = Sequence[Compared]
Parts = dict[str, list[Compared]]
IN_TOTAL = "in total"


def divide(result: Result) -> Parts:
    """Return counts by how they were used, their newest vintages."""
    parts = split_fitted(result, collect_counts(result))
    return {part: parts[part] for part in ("fitted", "seen", "held_out")}


def find_origin(result: Result) -> datetime | None:
    """Return the moment from which counts are held out: the end of the fit, or of what the set may know."""
    return read_moment(result.manifest["fitted_until"] or result.manifest["known_until"])


def lead_case(result: Result) -> list[str]:
    """Return the rows of the first table for a run: by series what was held out, what came, and the naive rule.

    Of a series with counts in total these alone; by exit, area and place they stand in the section of the case.
    """
    rules = make_naive_rules(result, collect_counts(result))
    held = divide(result)["held_out"]
    case = f"{result.manifest['scenario']}, {result.manifest['parameters']}"
    rows, since = [], find_origin(result)
    after = f" after {since:%d %B %H:%M}" if since else ""
    for name in sorted({entry.count.thing.series for entry in held}):
        same = [entry for entry in held if entry.count.thing.series == name]
        totals = [entry for entry in same if _say_where(entry) == IN_TOTAL]
        where = IN_TOTAL if totals else "by " + ", ".join(sorted({entry.count.thing.where[0] for entry in same}))
        points, ends = _part(totals or same)
        if points:
            s = score_counts(points, rules)
            inside = f"{s['n'] * s['coverage_90']:.0f} of {s['n']} inside nine in ten; CRPS {s['crps']:,.0f}"
            rows.append((f"{name} {where}: {s['n']} counts{after}", inside, _naive(s)))
        if ends:
            s = score_ends(ends, rules)
            reached = f"{s['hits']} of {s['n']} reached by nine in ten; CRPS {s['crps']:,.0f}"
            rows.append((f'{name} {where}: {s["n"]} "more than" or ranges{after}', reached, _naive(s)))
    rows = rows or [("nothing is held out", "", "")]
    return [f"| {case} | {asked} | {came} | {naive} |" for asked, came, naive in rows]


def lead_evacuations(answers: Sequence[Answer]) -> list[str]:
    """Return the rows of the first table for evacuations: how many of the answers lie in their bands."""
    titles = {name: scenario.settings["title"] for name, scenario in read_cases().items()}
    rows: dict[str, list[Answer]] = {}
    for entry in answers:
        rows.setdefault(" and ".join(entry.target.cases), []).append(entry)
    lines = []
    for name, asked in rows.items():
        said = sum(entry.inside for entry in asked)
        naive = sum(entry.target.holds(entry.target.naive) for entry in asked)
        what = f"{titles[asked[0].target.cases[0]]}: {len(asked)} question{'s' if len(asked) > 1 else ''}"
        lines.append(
            f"| {name} | {what} | {said} of {len(asked)} medians in their bands | {naive} of {len(asked)} in them |"
        )
    return lines


def describe_case(runs: Mapping[str, Result]) -> str:
    """Return the section of a case: for each set the scores by series, by exit and area where counts have them."""
    return "\n\n".join(_describe(result) for result in runs.values())


def _describe(result: Result) -> str:
    m, rules = result.manifest, make_naive_rules(result, collect_counts(result))
    lines = [
        f"**{m['parameters']}**: {m['parameters_title']}. {m['replicates']} replicates, seed {m['seed']}, "
        f"scenario {m['scenario_hash'][:12]}.",
        "",
        "| series | where | counts | n | inside 50 % | inside 90 % | CRPS | naive | skill |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for part, counts in divide(result).items():
        groups: dict[tuple[str, str], list[Compared]] = {}
        for entry in counts:
            groups.setdefault((entry.count.thing.series, _say_where(entry)), []).append(entry)
        for (series, where), same in sorted(groups.items()):
            points, ends = _part(same)
            used = part.replace("_", " ")
            if points:
                s = score_counts(points, rules)
                inside = f"{s['coverage_50']:.0%} | {s['coverage_90']:.0%}"
                lines.append(f"| {series} | {where} | {used} | {s['n']} | {inside} | {_errors(s)} |")
            if ends:
                s = score_ends(ends, rules)
                inside = f" | {s['hits'] / s['n']:.0%}"
                lines.append(f"| {series} (ends) | {where} | {used} | {s['n']} | {inside} | {_errors(s)} |")
    return "\n".join(lines if len(lines) > 4 else [lines[0], "", "It has no counts."])


def _part(counts: Counts) -> tuple[Counts, Counts]:
    """Divide counts into those that are one number and those that are ends or ranges."""
    points = [entry for entry in counts if entry.count.is_point]
    return points, [entry for entry in counts if not entry.count.is_point]


def _say_where(entry: Compared) -> str:
    """Return where a count was made: by exit and area each by itself, places together."""
    by, label = entry.count.thing.where
    return IN_TOTAL if not by else "by place" if by == "place" else f"{by} {label}"


def _errors(s: Mapping[str, Any]) -> str:
    skill = "" if s["skill"] is None else f"{s['skill']:.2f}"
    return f"{s['crps']:,.0f} | {s['baseline_crps']:,.0f} | {skill}"


def _naive(s: Mapping[str, Any]) -> str:
    skill = "" if s["skill"] is None else f" (skill {s['skill']:.2f})"
    return f"off by {s['baseline_crps']:,.0f}{skill}"
