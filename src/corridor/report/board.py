"""The board of past forecasts in words: scores by lead time, and what they say together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from corridor.report.names import name_kind, name_series
from corridor.words.said import About, Capital, Digits, Field, Moment, Said, Share, Stated, join, say
from corridor.words.writing import write

COUNTED = ("total", "span", "increment")
LEADS = ("12 h", "24 h", "48 h", "72 h", "end", "all")
NAIVE = ("last", "day", "line")
MANY, TOO_FEW, TOO_MANY = 10, 0.8, 0.8  # counts from which on a share says something; shares within ranges that do
EXPLAINED = (say("board.leads"), say("board.rules"), say("board.not_independent"))
BLIND, AFTERWARDS = say("board.blind"), say("board.afterwards")


def name_lead(lead: str) -> Said:
    """Return a lead time in words."""
    return say(f"lead.{lead.replace(' ', '_')}")


def name_rule(rule: str) -> Said:
    """Return what a naive rule is called."""
    return say(f"naive.{rule}")


def name_counts(series: str, by: str, label: str, counted: str = "", ends: bool = False, sealed: str = "") -> Field:
    """Return what counts are of: series, where, totals or increments, numbers or ends, and whether they were sealed."""
    name = name_series(series)
    named: Field = say("board.where", series=name, by=name_kind("by", by), label=label) if by else name
    more: list[Field] = [say(f"board.{counted}")] if counted in ("span", "spans", "increment") else []
    more += [say("board.ends")] if ends else []
    more += [say(f"board.sealed.{sealed}")] if sealed else []
    return join(named, *more, between=", ") if more else named


def name_row(row: Mapping[str, Any]) -> Field:
    """Return what a row scores: series, where, totals or increments, numbers or ends."""
    where = (row["series"], row["by"], row["label"])
    return name_counts(*where, row["counted"], row["stated"] == "ends", row["sealed"])


def sort_rows(table: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return rows as they are read: arrivals first, all before parts, totals before increments, leads in order."""
    order = COUNTED
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


def say_skill(skill: float | None, blind: int = 0) -> Field:
    """Return a skill with two digits; a dash where the naive rule made no error, a star where it knew nothing."""
    shown: Field = "–" if skill is None else Digits(skill, 2)
    return join(shown, "*", between="") if blind else shown


def write_board(document: Mapping[str, Any]) -> str:
    """Return the board as text: a table for each series, where and way of counting, its lead times in order."""
    lines = [document["title"], *(f"  {write(line)}" for line in list_records(document))]
    widths = {"n": 5, "moments": 9, "in 50 %": 9, "in 90 %": 9, "CRPS": 10, "|error|": 10}
    widths |= {write(name_rule(rule)): 15 for rule in NAIVE} | {"skill": 8}
    header = "".join(f"{name:>{width}}" for name, width in widths.items())
    last = ""
    for row in sort_rows(document["table"]):
        if (name := write(name_row(row))) != last:
            lines += ["", name, f"  {'ahead':<14}{header}"]
            last = name
        naive = "".join(f"{row[f'naive_{rule}']:>15,.0f}" for rule in NAIVE)
        lines.append(
            f"  {write(name_lead(row['lead'])):<14}{row['n']:>5}{row['moments']:>9}{row['coverage_50']:>9.0%}"
            f"{row['coverage_90']:>9.0%}{row['crps']:>10,.0f}{row['median_absolute_error']:>10,.0f}"
            f"{naive}{write(say_skill(row['skill'], row['blind'])):>8}"
        )
    if not document["table"]:
        lines.append(write(say("board.none")))
    for why in dict.fromkeys(c["reason"] for c in document["left_out"]):
        number = sum(c["reason"] == why for c in document["left_out"])
        lines.append(write(say("board.left_out", number=Stated(number), why=why)))
    lines += ["", *map(write, EXPLAINED)] if document["table"] else []
    lines += [write(BLIND)] if any(row["blind"] for row in document["table"]) else []
    lines += [write(AFTERWARDS)] if any(row["sealed"] == "after" for row in document["table"]) else []
    return "\n".join(lines)


def list_records(document: Mapping[str, Any]) -> list[Said]:
    """Return a line for each sealed forecast: when it was sealed, as of when, and what it was scored on."""
    return [
        say(
            "board.record.before_and_after" if record["after"] else "board.record",
            sealed=str(record["sealed_at"]),
            moment=Moment(datetime.fromisoformat(record["as_of"]), year=True),
            before=Stated(record["before"]),
            after=Stated(record["after"]),
        )
        for record in document["records"]
    ]


def list_totals(table: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the rows over all lead times of what is one number and of no single place, in the order they are read."""
    return [row for row in sort_rows(table) if row["lead"] == "all" and row["stated"] == "number" and not row["by"]]


def judge_row(table: Iterable[Mapping[str, Any]], row: Mapping[str, Any]) -> Field:
    """Return in a few words what stands against a row: ranges too narrow or wide, lead times lost to a naive rule."""
    found: list[Field] = [say(f"board.shortly.{width}") for width in _find_width(row)]
    if worse := _list_worse(table, row):
        found.append(say("board.shortly.worse", leads=join(*worse)))
    return join(*found, between="; ")


def say_board(table: Sequence[Mapping[str, Any]]) -> list[Said]:
    """Return what the board says of its first series: how often the ranges held, and where a naive rule did better."""
    rows = list_totals(table)
    sentences = []
    for row in (row for row in rows if row["series"] == rows[0]["series"]):
        sentences += [_say_row(row), *(say(f"board.{width}") for width in _find_width(row))]
        if worse := _list_worse(table, row):
            sentences.append(say("board.worse", leads=join(*worse, between=", ")))
    return sentences


def _list_worse(table: Iterable[Mapping[str, Any]], row: Mapping[str, Any]) -> list[Said]:
    """Return the lead times at which a naive rule was better than a row's forecasts."""
    return [name_lead(other["lead"]) for other in _same(table, row) if other["crps"] > other["best_naive_crps"]]


def _say_row(row: Mapping[str, Any]) -> Said:
    fields: dict[str, Field] = {
        "name": Capital(name_row(row)),
        "comparisons": Stated(row["n"]),
        "moments": say("board.moments", moments=Stated(row["moments"])),
        "wide": Share(row["coverage_90"]),
        "narrow": Share(row["coverage_50"]),
        "error": About(row["crps"]),
        "rule": name_rule(row["best_naive"]),
        "naive": About(row["best_naive_crps"]),
    }
    said = say("board.row", **fields)
    if row["skill"] is not None:
        said = say("board.row.skill", skill=say_skill(row["skill"]), **fields)
    return say("board.row.blind", row=said, blind=Stated(row["blind"])) if row["blind"] else said


def _find_width(row: Mapping[str, Any]) -> list[str]:
    """Return that ranges are too wide or too narrow, where there is enough to say so."""
    if row["n"] < MANY:
        return []
    if row["coverage_90"] < TOO_FEW:
        return ["too_narrow"]
    return ["too_wide"] * (row["coverage_50"] > TOO_MANY)


def _same(table: Iterable[Mapping[str, Any]], row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the rows of the same thing by lead time."""
    return [other for other in table if name_row(other) == name_row(row) and other["lead"] != "all"]
