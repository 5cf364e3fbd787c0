"""The page of past forecasts and how they did: one file, drawn from a board, simulating nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path
from typing import Any

from corridor.report.board import (
    AFTERWARDS,
    BLIND,
    EXPLAINED,
    NAIVE,
    judge_row,
    list_records,
    list_totals,
    name_counts,
    name_lead,
    name_row,
    name_rule,
    say_board,
    say_skill,
    sort_rows,
)
from corridor.report.names import name_series, recognise
from corridor.report.pictures.past import draw_leads, draw_past
from corridor.report.template import fill_template
from corridor.scenario.version import __version__
from corridor.scenario.writing import write_file
from corridor.words.language import ENGLISH, Language
from corridor.words.said import About, Capital, Field, Moment, Rounded, Share, Stated, join, say

MOST_PANELS = 6
UNITS = {"vehicles": "vehicles", "relief_trucks_in": "trucks"}  # of a series; people where none is named
Known = Mapping[str, Sequence[Mapping[str, Any]]]  # by moment: series, by, label, time, value


def write_page(
    document: Mapping[str, Any],
    known: Known,
    disclaimer: str,
    out: Path,
    replace: bool = False,
    language: Language = ENGLISH,
) -> None:
    """Write the page of a board's document; `known` holds what each forecast knew, by moment.

    Raises UsageError when the file cannot be written, or exists and was not asked to be replaced.
    """
    write_file(out, render_page(document, known, disclaimer, language), replace)


def render_page(document: Mapping[str, Any], known: Known, disclaimer: str, language: Language = ENGLISH) -> str:
    """Return the page: one HTML document that asks for nothing outside itself and runs no script."""
    table, moments = document["table"], document["by_moment"]
    content = {
        "title": recognise(document["title"]),
        "style": "\n".join(
            resources.files("corridor.report").joinpath("page", f"{name}.css").read_text(encoding="utf-8")
            for name in ("report", "past")
        ),
        "sentences": say_board(table),
        "moments_told": _tell_moments(document),
        "totals": [
            {
                **_say_row(row),
                "name": Capital(name_row(row)),
                "rule": name_rule(row["best_naive"]),
                "judged": judge_row(table, row),
            }
            for row in list_totals(table)
        ],
        "records": [
            {**record, "line": line} for record, line in zip(document["records"], list_records(document), strict=True)
        ],
        "last_sha256": document["last_sha256"],
        "afterwards": AFTERWARDS if any(row["sealed"] == "after" for row in table) else "",
        "pictures": draw_pictures(document, known, language),
        "groups": _group([row for row in table if not row["by"]]),
        "parts": _group([row for row in table if row["by"]]),
        "moments": _group([row for row in moments if row["lead"] == "all" and not row["by"]]),
        "counts": [_say_count(count) for count in document["counts"] if count["counted"] != "increment"],
        "naive": [name_rule(rule) for rule in NAIVE],
        "explained": [*EXPLAINED, *([BLIND] if any(row["blind"] for row in table) else [])],
        "left_out": [recognise(why) for why in sorted({entry["reason"] for entry in document["left_out"]})],
        "disclaimer": disclaimer,
        "version": __version__,
    }
    return fill_template(
        "past_forecasts", content, lambda text: Moment(datetime.fromisoformat(text), year=True), language
    )


def _tell_moments(document: Mapping[str, Any]) -> Field:
    """Return as of which moments the forecasts are, in words; nothing where there are none."""
    moments = [datetime.fromisoformat(moment) for moment in sorted({count["moment"] for count in document["counts"]})]
    if not moments:
        return ""
    first, last = Moment(moments[0], year=True), Moment(moments[-1], year=True)
    if len(moments) == 1:
        return say("past.as_of", first=first)
    return say("past.as_of.several", moments=Stated(len(moments)), first=first, last=last)


def draw_pictures(document: Mapping[str, Any], known: Known, language: Language = ENGLISH) -> list[dict[str, Any]]:
    """Return the pictures of each series in total, arrivals first, with captions; none of what has no number."""
    drawn = []
    names = {count["series"] for count in document["counts"] if _is_drawn(count)}
    for series in sorted(names, key=lambda name: (name != "arrivals", name)):
        past = describe_past(document["counts"], known, series)
        shown, number = len(past["panels"]), past["moments"]
        unit, name = say(f"unit.{UNITS.get(series, 'people')}"), name_series(series)
        bands = say("past.bands", unit=Capital(unit))
        some = say("past.some", shown=Stated(shown), moments=Stated(number), bands=bands)
        drawn.append(
            {
                "svg": draw_past(past, language),
                "title": say("past.totals", series=Capital(name)),
                "caption": bands if shown == number else some,
            }
        )
        by_sealed = [row["sealed"] for row in document["table"] if row["series"] == series]
        for sealed in dict.fromkeys(by_sealed):
            leads = describe_leads(document["table"], series, sealed)
            if leads["total"]:
                title = say("past.leads", series=Capital(name))
                late = {"": [], "before": [say("past.sealed_before")], "after": [AFTERWARDS]}[sealed]
                caption = join(say("past.crps", unit=unit), *late, between=" ")
                drawn.append({"svg": draw_leads(leads, language), "title": title, "caption": caption})
    return drawn


def _is_drawn(count: Mapping[str, Any]) -> bool:
    return count["counted"] == "total" and count["stated"] == "number" and not count["by"]


def describe_past(counts: Sequence[Mapping[str, Any]], known: Known, series: str) -> dict[str, Any]:
    """Return what the picture of a series in total shows: evenly chosen moments, at most six."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for count in counts:
        if _is_drawn(count) and count["series"] == series:
            groups.setdefault((count["moment"], count["sealed"]), []).append(count)
    keys = sorted(groups)
    step = (len(keys) - 1) / max(min(len(keys), MOST_PANELS) - 1, 1)
    chosen = [keys[round(k * step)] for k in range(min(len(keys), MOST_PANELS))]
    panels: list[dict[str, Any]] = []
    for moment, sealed in chosen:
        before = [k for k in known.get(moment, ()) if (k["series"], k["by"]) == (series, "")]
        ordered = sorted(groups[moment, sealed], key=lambda count: count["time"])
        panels.append({"moment": moment, "sealed": sealed, "known": before, "counts": ordered})
    times = [point["time"] for panel in panels for point in (*panel["known"], *panel["counts"])]
    times += [panel["moment"] for panel in panels]
    first, last = min(times), max(times)
    return {"series": series, "panels": panels, "moments": len(keys), "first": first, "last": last}


def describe_leads(table: Sequence[Mapping[str, Any]], series: str, sealed: str = "") -> dict[str, Any]:
    """Return what the picture of errors by lead time shows: rows of totals and of increments of a series in total."""
    rows = [r for r in table if (r["series"], r["by"], r["stated"], r["sealed"]) == (series, "", "number", sealed)]
    parts = {name: [r for r in rows if r["counted"] == name and r["lead"] != "all"] for name in ("total", "increment")}
    return {
        "series": f"{series}-{sealed}" if sealed else series,
        "of": series,
        "unit": UNITS.get(series, "people"),
        **parts,
    }


def _group(table: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of each series and where under its name, arrivals and totals first."""
    groups: list[tuple[Field, list[dict[str, Any]]]] = []
    for row in sort_rows(table):
        name = name_row(row)
        if not groups or groups[-1][0] != name:
            groups.append((name, []))
        groups[-1][1].append(_say_row(row))
    return [{"name": Capital(name), "rows": rows} for name, rows in groups]


def _say_row(row: Mapping[str, Any]) -> dict[str, Any]:
    time = datetime.fromisoformat(row["moment"]) if "moment" in row else None
    return {
        "lead": name_lead(row["lead"]) if time is None else Moment(time),
        "all": time is None and row["lead"] == "all",
        "n": Stated(row["n"]),
        "number_of_moments": Stated(row["moments"]),
        "in_50": Share(row["coverage_50"]),
        "in_90": Share(row["coverage_90"]),
        "crps": About(row["crps"]),
        "error": About(row["median_absolute_error"]),
        "naive": [(About(row[f"naive_{rule}"]), rule == row["best_naive"]) for rule in NAIVE],
        "best": About(row["best_naive_crps"]),
        "blind": row["blind"],
        "skill": say_skill(row["skill"], row["blind"]),
    }


def _say_count(count: Mapping[str, Any]) -> dict[str, Any]:
    ends = {"low": About(count["q05"]), "high": About(count["q95"])}
    return {
        **count,
        "value": _say_value(count),
        "name": name_counts(count["series"], count["by"], count["label"]),
        "said": say("past.expected", middle=About(count["q50"]), **ends),
    }


def _say_value(count: Mapping[str, Any]) -> Field:
    low, high = (Rounded(count[end], 1.0) if count[end] is not None else "" for end in ("low", "high"))
    if count["stated"] != "ends":
        return Rounded(count["value"], 1.0)
    return say(f"past.counted.{'below' if not low else 'range' if high else 'above'}", low=low, high=high)
