"""The board of past forecasts in words: scores by lead time, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from corridor.report.words import begin_words, join_words, write_about, write_moment

COUNTED = {"total": "", "span": ", over spans as published", "increment": ", increments"}
LEADS = {
    "12 h": "up to 12 h",
    "24 h": "12 to 24 h",
    "48 h": "24 to 48 h",
    "72 h": "48 to 72 h",
    "end": "beyond 72 h",
    "all": "all together",
}
NAIVE = {"last": "last count", "day": "last 24 h", "line": "straight line"}
SEALED = {"": "", "before": ", sealed before the count", "after": ", sealed afterwards"}
MANY, TOO_FEW, TOO_MANY = 10, 0.8, 0.8  # counts from which on a share says something; shares within ranges that do
TOO_NARROW = "So few within the wider range mean that the ranges promised more than was known."
TOO_WIDE = "So many within the narrower range mean that the ranges are wider than they need be."
EXPLAINED = (
    "Each count belongs to one lead time, by its hours after the moment of the forecast. Within a lead time every "
    "moment weighs the same. CRPS is the error over the whole range, in the unit of the count; lower is better. "
    "Increments are differences of consecutive totals at least 12 hours apart, of the same replicate: totals repeat "
    "each other, increments do not.",
    "The naive rules know the same counts and the model's own prior of how many will leave: the last count stays, the "
    "rate of the last 24 hours goes on, the straight line from the first count goes on. Skill is measured against the "
    "one that came out best, chosen in hindsight: 1 is perfect, 0 no better, below 0 worse.",
    "Counts of one course of events are not independent of each other: the table tells how it went, not how surely.",
)
BLIND = (
    "* Of some or all of these nothing of the kind had been counted: the naive rules expect nobody, and are "
    "easily beaten."
)
AFTERWARDS = (
    "A forecast that was sealed after a count had been published may have known it: such rows are no evidence of skill."
)


def name_row(row: Mapping[str, Any]) -> str:
    """Return what a row scores: series, where, totals or increments, numbers or ends."""
    where = f" {row['by']} {row['label']}" if row["by"] else ""
    ends = ', "more than", "up to" and ranges' if row["stated"] == "ends" else ""
    return f"{row['series']}{where}{COUNTED[row['counted']]}{ends}{SEALED[row['sealed']]}"


def sort_rows(table: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return rows as they are read: arrivals first, all before parts, totals before increments, leads in order."""
    order = list(COUNTED)
    return sorted(
        table,
        key=lambda row: (
            row["series"] != "arrivals",
            *(row[name] for name in ("series", "by", "label")),
            order.index(row["counted"]),
            row["stated"] != "number",
            row["sealed"] != "before",
        ),
    )


def write_skill(skill: float | None, blind: int = 0) -> str:
    """Return a skill with two digits; a dash where the naive rule made no error, a star where it knew nothing."""
    star = "*" if blind else ""
    return f"–{star}" if skill is None else f"{round(skill, 2) + 0.0:.2f}{star}".replace("-", "−")


def write_board(document: Mapping[str, Any]) -> str:
    """Return the board as text: a table for each series, where and way of counting, its lead times in order."""
    lines = [document["title"], *(f"  {line}" for line in list_records(document))]
    widths = {"n": 5, "moments": 9, "in 50 %": 9, "in 90 %": 9, "CRPS": 10, "|error|": 10}
    widths |= {NAIVE[rule]: 15 for rule in NAIVE} | {"skill": 8}
    header = "".join(f"{name:>{width}}" for name, width in widths.items())
    last = ""
    for row in sort_rows(document["table"]):
        if (name := name_row(row)) != last:
            lines += ["", f"{name}", f"  {'ahead':<14}{header}"]
            last = name
        naive = "".join(f"{row[f'naive_{rule}']:>15,.0f}" for rule in NAIVE)
        lines.append(
            f"  {LEADS[row['lead']]:<14}{row['n']:>5}{row['moments']:>9}{row['coverage_50']:>9.0%}"
            f"{row['coverage_90']:>9.0%}{row['crps']:>10,.0f}{row['median_absolute_error']:>10,.0f}"
            f"{naive}{write_skill(row['skill'], row['blind']):>8}"
        )
    if not document["table"]:
        lines.append("No count has been published yet that these forecasts spoke of: there is nothing to score.")
    for why in dict.fromkeys(c["reason"] for c in document["left_out"]):
        number = sum(c["reason"] == why for c in document["left_out"])
        lines.append(f"{number:,} not compared: {why}")
    lines += ["", *EXPLAINED] if document["table"] else []
    lines += [BLIND] if any(row["blind"] for row in document["table"]) else []
    lines += [AFTERWARDS] if any(row["sealed"] == "after" for row in document["table"]) else []
    return "\n".join(lines)


def list_records(document: Mapping[str, Any]) -> list[str]:
    """Return a line for each sealed forecast: when it was sealed, as of when, and what it was scored on."""
    return [
        f"sealed {record['sealed_at']}, as of {write_moment(datetime.fromisoformat(record['as_of']), year=True)}: "
        f"scored on {record['before']} counts published afterwards"
        + (f" and {record['after']} that had been, or may have been, published before" if record["after"] else "")
        for record in document["records"]
    ]


def list_totals(table: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows over all lead times of what is one number and of no single place, in the order they are read."""
    return [row for row in sort_rows(table) if row["lead"] == "all" and row["stated"] == "number" and not row["by"]]


def judge_row(table: Iterable[Mapping[str, Any]], row: Mapping[str, Any]) -> str:
    """Return in a few words what stands against a row: ranges too narrow or wide, lead times lost to a naive rule."""
    worse = _list_worse(table, row)
    words = {TOO_NARROW: "ranges too narrow", TOO_WIDE: "ranges wider than need be"}
    found = [words[said] for said in _say_width(row)]
    return "; ".join(found + ([f"a naive rule was better {join_words(worse)}"] if worse else []))


def say_board(table: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return what the board says of its first series: how often the ranges held, and where a naive rule did better."""
    rows = list_totals(table)
    sentences = []
    for row in (row for row in rows if row["series"] == rows[0]["series"]):
        sentences += [_say_row(row), *_say_width(row)]
        if worse := _list_worse(table, row):
            sentences.append(f"At these lead times a naive rule was better: {', '.join(worse)}.")
    return sentences


def _list_worse(table: Iterable[Mapping[str, Any]], row: Mapping[str, Any]) -> list[str]:
    """Return the lead times at which a naive rule was better than a row's forecasts."""
    return [LEADS[other["lead"]] for other in _same(table, row) if other["crps"] > other["best_naive_crps"]]


def _say_row(row: Mapping[str, Any]) -> str:
    name, rule, skill = NAIVE[row["best_naive"]], write_about(row["best_naive_crps"]), row["skill"]
    said = (
        f"{begin_words(name_row(row))}: {row['n']} comparisons with a later count, as of "
        f"{_say_moments(row['moments'])}. The 9 in 10 range held {row['coverage_90']:.0%} of the counts, the 5 in 10 "
        f"range {row['coverage_50']:.0%}; the error over the whole range is {write_about(row['crps'])}, that of the "
        f"best naive rule ({name}) {rule}"
    )
    said = f"{said}, a skill of {write_skill(skill)}." if skill is not None else f"{said}."
    return f"{said} Of {row['blind']} the naive rules knew no count, and expect nobody." if row["blind"] else said


def _say_width(row: Mapping[str, Any]) -> list[str]:
    """Return that ranges are too wide or too narrow, where there is enough to say so."""
    if row["n"] < MANY:
        return []
    if row["coverage_90"] < TOO_FEW:
        return [TOO_NARROW]
    return [TOO_WIDE] * (row["coverage_50"] > TOO_MANY)


def _say_moments(number: int) -> str:
    return "one moment" if number == 1 else f"{number} moments"


def _same(table: Iterable[Mapping[str, Any]], row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the rows of the same thing by lead time."""
    return [other for other in table if name_row(other) == name_row(row) and other["lead"] != "all"]
