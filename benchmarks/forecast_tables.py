"""The tables of benchmarks/forecasts.py: how past forecasts did, by moment, by lead time, by exit and place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corridor.forecast.pool import ALL, END, LEADS, Scored, pool_moments, pool_scores

if TYPE_CHECKING:
    from forecasts import Made

# CRPS of arrivals as of 24, 36 ... 144 h by a particle filter of 100 lines that has no network: what comes out in an hour is
# the lesser of a pace, which goes back to a level drawn anew every two days, and of a share of those who are left. It was
# written for this case by people who knew its counts; drawing the level anew was added in hindsight.
REFERENCE = (8_052, 8_641, 9_464, 10_210, 4_838, 3_639, 4_438, 3_723, 2_838, 1_825, 3_033)
CLOSE = 0.2  # of the 90 % interval: by how much medians of two seeds may differ
ARRIVALS = ("arrivals", "", "total", "number")


def is_arrivals(entry: Scored) -> bool:
    """Tell whether a count is a total of arrivals."""
    return (entry.series, entry.by, entry.counted, entry.stated) == ARRIVALS


def tabulate_first(made: Sequence[Made]) -> str:
    """Return the tables of the case whose every count is a total: by moment, then by lead time."""
    first = [found for found in made if found.job.seed is None]
    others = {found.job.moment: found for found in made if found.job.seed is not None}
    lines = [
        _say_effort(first),
        "",
        "| as of | processor s | arrivals: counts | CRPS | filter of 100 lines | best naive rule | inside 90 % "
        "| other series inside 90 % | ancestors (worth) | effective | medians of two seeds close |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
        *(_row_of_moment(found, others.get(found.job.moment)) for found in first),
        "",
        _say_better(first),
        _say_close(first, others),
        "",
        *_tabulate_leads(first),
    ]
    return "\n".join(lines)


def _say_effort(made: Sequence[Made]) -> str:
    sizes = sorted({(found.job.particles, found.job.replicates) for found in made})
    return "; ".join(f"{particles:,} particles, {replicates} replicates" for particles, replicates in sizes) + "."


def _row_of_moment(found: Made, other: Made | None) -> str:
    hours, reference = _find_reference(found)
    if found.failed:
        return f"| {hours} h | {found.failed} |" + " |" * 9
    own = [entry for entry in found.scored if is_arrivals(entry)]
    row = _pool_arrivals(found)
    apart = [e for e in found.scored if (e.series, e.counted) != ("arrivals", "total") and e.counted != "increment"]
    cells = (
        f"{hours} h",
        f"{found.seconds:.0f}",
        row["n"],
        f"{row['crps']:,.0f}",
        "" if reference is None else f"{reference:,}",
        f"{row['best_naive_crps']:,.0f} ({row['best_naive']})",
        f"{row['coverage_90']:.0%}",
        _cover_series(apart),
        f"{found.ancestors} ({found.worth:.0f})",
        f"{found.effective:.0f}",
        "" if other is None else f"{_share_close(own, [e for e in other.scored if is_arrivals(e)]):.0%}",
    )
    return f"| {' | '.join(map(str, cells))} |"


def _find_reference(found: Made) -> tuple[int, int | None]:
    """Return as of how many hours a forecast was made, and what the other filter came to."""
    began = found.job.moment.replace(month=9, day=24, hour=0, minute=0)
    hours = round((found.job.moment - began).total_seconds() / 3600)
    return hours, REFERENCE[(hours - 24) // 12] if 24 <= hours <= 144 and hours % 12 == 0 else None


def _pool_arrivals(found: Made) -> dict[str, Any]:
    own = [entry for entry in found.scored if is_arrivals(entry)]
    return next(row for row in pool_moments(own) if row["lead"] == ALL)


def _say_better(made: Sequence[Made]) -> str:
    done = [found for found in made if not found.failed]
    rows = [(_pool_arrivals(found), _find_reference(found)[1]) for found in done]
    other = sum(row["crps"] < reference for row, reference in rows if reference is not None)
    naive = sum(row["crps"] < row["best_naive_crps"] for row, _ in rows)
    return (
        f"In CRPS of arrivals the forecast is better than the filter of 100 lines as of {other} of {len(rows)} moments, "
        f"and better than the best naive rule as of {naive}."
    )


def _cover_series(entries: Iterable[Scored]) -> str:
    """Return the coverage of each series, places and totals together."""
    groups: dict[str, list[float]] = {}
    for entry in entries:
        groups.setdefault(entry.series, []).append(entry.inside_90)
    return ", ".join(f"{name} {sum(same) / len(same):.0%} of {len(same)}" for name, same in sorted(groups.items()))


def _share_close(first: Sequence[Scored], second: Sequence[Scored]) -> float:
    """Return the share of counts of which the medians of two seeds differ by less than a fifth of the 90 % interval."""
    middle = {_identify(entry): entry.quantiles["q50"] for entry in second}
    close = [
        abs(entry.quantiles["q50"] - middle[_identify(entry)])
        <= CLOSE * (entry.quantiles["q95"] - entry.quantiles["q05"])
        for entry in first
    ]
    return sum(close) / len(close) if close else float("nan")


def _identify(entry: Scored) -> tuple[Any, ...]:
    return entry.series, entry.by, entry.label, entry.counted, entry.time, entry.since, entry.value


def _say_close(first: Sequence[Made], others: dict[Any, Made]) -> str:
    totals = [[e for e in found.scored if is_arrivals(e)] for found in first if found.job.moment in others]
    seconds = [others[found.job.moment].scored for found in first if found.job.moment in others]
    if not any(totals):
        return "No second seed was run."
    pairs = [(_share_close(own, list(other)), len(own)) for own, other in zip(totals, seconds, strict=True) if own]
    share = sum(part * n for part, n in pairs) / sum(n for _, n in pairs)
    return (
        f"With another seed the median of {share:.0%} of the counts of arrivals lies within a fifth of the width of the "
        "90 % interval."
    )


def tabulate_case(made: Sequence[Made]) -> str:
    """Return the tables of a case with several exits: its forecasts, then scores by lead time and by exit or place."""
    lines = [
        _say_effort(made),
        "",
        "| set | as of | processor s | counts read | left out | ancestors (worth) | effective |",
    ]
    lines.append("|---|---|---|---|---|---|---|")
    for found in made:
        why = "; ".join(f"{n}: {reason}" for reason, n in Counter(found.left_out).items()) or "none"
        worth = found.failed or f"{found.ancestors} ({found.worth:.0f})"
        cells = (
            found.job.parameters,
            f"{found.job.moment:%d %b %H:%M}",
            f"{found.seconds:.0f}",
            found.read,
            why,
            worth,
        )
        lines.append(f"| {' | '.join(map(str, cells))} | {found.effective:.0f} |")
    for parameters in dict.fromkeys(found.job.parameters for found in made):
        own = [found for found in made if found.job.parameters == parameters]
        lines += ["", f"**{parameters}**, by lead time:", "", *_tabulate_leads(own)]
        lines += ["", f"**{parameters}**, by exit and place, over all lead times:", "", *_tabulate_where(own)]
    return "\n".join(lines)


def _tabulate_leads(made: Sequence[Made]) -> list[str]:
    """Return scores by series, kind of place and lead time, all places of a kind together; of parts no increments."""
    scored = [replace(entry, label="") for found in made for entry in found.scored if entry.stated == "number"]
    scored = [entry for entry in scored if entry.counted != "increment" or not entry.by]
    return _tabulate(pool_scores(scored), ("lead",), lambda row: row["lead"] in {*LEADS, END})


def _tabulate_where(made: Sequence[Made]) -> list[str]:
    scored = [entry for found in made for entry in found.scored if entry.counted != "increment"]
    return _tabulate(pool_scores(scored), ("label", "stated"), lambda row: row["lead"] == ALL)


def _tabulate(
    rows: Iterable[dict[str, Any]], names: tuple[str, ...], take: Callable[[dict[str, Any]], bool]
) -> list[str]:
    head = ("series", "by", "counted", *names, "counts", "moments", "inside 90 %", "CRPS", "best naive rule", "skill")
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for row in filter(take, rows):
        skill = "" if row["skill"] is None or row["blind"] == row["n"] else f"{row['skill']:.2f}"
        blind = f" ({row['blind']} blind)" if row["blind"] else ""
        cells = [
            row["series"], row["by"] or "total", row["counted"], *(row[name] or "total" for name in names), row["n"],
            row["moments"], f"{row['coverage_90']:.0%}", f"{row['crps']:,.0f}",
            f"{row['best_naive_crps']:,.0f} ({row['best_naive']}){blind}", skill,
        ]  # fmt: skip
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines


def tabulate_better(made: Sequence[Made]) -> str:
    """Return who was better, where: of every exit or place and lead time, the forecast or the best naive rule."""
    head = "| case | set | series | by | counted | the forecast better in | the best naive rule better at |"
    return "\n".join([head, "|---|---|---|---|---|---|---|", *_compare(made)])


def _compare(made: Sequence[Made]) -> Iterator[str]:
    """Yield a row for each case, set, series and kind of place; what the rules knew nothing of is left out."""
    for case, parameters in dict.fromkeys((found.job.case, found.job.parameters) for found in made):
        own = [found for found in made if (found.job.case, found.job.parameters) == (case, parameters)]
        seen = [entry for found in own for entry in found.scored if not entry.blind and entry.stated == "number"]
        groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for row in pool_scores(seen):
            if row["lead"] != ALL:
                groups.setdefault((row["series"], row["by"] or "total", row["counted"]), []).append(row)
        for key, rows in groups.items():
            worse = [row for row in rows if row["crps"] > row["best_naive_crps"]]
            where = Counter(row["label"] or "total" for row in worse)
            leads: dict[str, list[str]] = {}
            for row in worse:
                leads.setdefault(row["label"] or "", []).append(row["lead"])
            said = "; ".join(f"{label} {', '.join(same)}".strip() for label, same in leads.items()) or "none"
            yield f"| {case} | {parameters} | {' | '.join(key)} | {len(rows) - sum(where.values())} of {len(rows)} | {said} |"
