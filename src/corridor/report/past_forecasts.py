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
    LEADS,
    NAIVE,
    judge_row,
    list_records,
    list_totals,
    name_row,
    say_board,
    sort_rows,
    write_skill,
)
from corridor.report.pictures.past import draw_leads, draw_past
from corridor.report.template import fill_template
from corridor.report.words import write_about, write_moment
from corridor.scenario.version import __version__
from corridor.scenario.writing import write_file
from corridor.words.said import Moment

MOST_PANELS = 6
UNITS = {"vehicles": "vehicles", "relief_trucks_in": "trucks"}  # of a series; people where none is named
Known = Mapping[str, Sequence[Mapping[str, Any]]]  # by moment: series, by, label, time, value


def write_page(document: Mapping[str, Any], known: Known, disclaimer: str, out: Path, replace: bool = False) -> None:
    """Write the page of a board's document; `known` holds what each forecast knew, by moment.

    Raises UsageError when the file cannot be written, or exists and was not asked to be replaced.
    """
    write_file(out, render_page(document, known, disclaimer), replace)


def render_page(document: Mapping[str, Any], known: Known, disclaimer: str) -> str:
    """Return the page: one HTML document that asks for nothing outside itself and runs no script."""
    table, moments = document["table"], document["by_moment"]
    content = {
        "title": document["title"],
        "style": "\n".join(
            resources.files("corridor.report").joinpath("page", f"{name}.css").read_text(encoding="utf-8")
            for name in ("report", "past")
        ),
        "sentences": say_board(table),
        "moments_told": _tell_moments(document),
        "totals": [
            {
                **_write_row(row),
                "name": name_row(row),
                "rule": NAIVE[row["best_naive"]],
                "judged": judge_row(table, row),
            }
            for row in list_totals(table)
        ],
        "records": [
            {**record, "line": line} for record, line in zip(document["records"], list_records(document), strict=True)
        ],
        "last_sha256": document["last_sha256"],
        "afterwards": AFTERWARDS if any(row["sealed"] == "after" for row in table) else "",
        "pictures": draw_pictures(document, known),
        "groups": _group([row for row in table if not row["by"]]),
        "parts": _group([row for row in table if row["by"]]),
        "moments": _group([row for row in moments if row["lead"] == "all" and not row["by"]]),
        "counts": [_write_count(count) for count in document["counts"] if count["counted"] != "increment"],
        "naive": NAIVE,
        "explained": [*EXPLAINED, *([BLIND] if any(row["blind"] for row in table) else [])],
        "left_out": sorted({entry["reason"] for entry in document["left_out"]}),
        "disclaimer": disclaimer,
        "version": __version__,
    }
    return fill_template("past_forecasts", content, lambda text: Moment(datetime.fromisoformat(text), year=True))


def _tell_moments(document: Mapping[str, Any]) -> str:
    """Return as of which moments the forecasts are, in words; nothing where there are none."""
    moments = [datetime.fromisoformat(moment) for moment in sorted({count["moment"] for count in document["counts"]})]
    if not moments:
        return ""
    first, last = write_moment(moments[0], year=True), write_moment(moments[-1], year=True)
    return f"as of {first}" if len(moments) == 1 else f"as of {len(moments)} moments, {first} to {last}"


def draw_pictures(document: Mapping[str, Any], known: Known) -> list[dict[str, str]]:
    """Return the pictures of each series in total, arrivals first, with captions; none of what has no number."""
    drawn = []
    names = {count["series"] for count in document["counts"] if _is_drawn(count)}
    for series in sorted(names, key=lambda name: (name != "arrivals", name)):
        past = describe_past(document["counts"], known, series)
        shown, number = len(past["panels"]), past["moments"]
        of = "" if shown == number else f"{shown} of {number} moments. "
        unit = UNITS.get(series, "people")
        drawn.append(
            {
                "svg": draw_past(past),
                "title": f"{series.capitalize()} in total: expected as of each moment, and counted since",
                "caption": f"{of}{unit.capitalize()}. Bands stand at the later counts, joined by straight lines.",
            }
        )
        by_sealed = [row["sealed"] for row in document["table"] if row["series"] == series]
        for sealed in dict.fromkeys(by_sealed):
            leads = describe_leads(document["table"], series, sealed)
            if leads["total"]:
                title = f"{series.capitalize()}: error by lead time, beside the naive rules"
                late = {"": "", "before": " Sealed before the counts.", "after": f" {AFTERWARDS}"}[sealed]
                drawn.append(
                    {"svg": draw_leads(leads), "title": title, "caption": f"CRPS in {unit}; lower is better.{late}"}
                )
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
        note = ", sealed afterwards" if sealed == "after" else ""
        ordered = sorted(groups[moment, sealed], key=lambda count: count["time"])
        panels.append({"moment": moment, "note": note, "known": before, "counts": ordered})
    times = [point["time"] for panel in panels for point in (*panel["known"], *panel["counts"])]
    times += [panel["moment"] for panel in panels]
    title = f"Past forecasts of {series}"
    first, last = min(times), max(times)
    return {"series": series, "title": title, "panels": panels, "moments": len(keys), "first": first, "last": last}


def describe_leads(table: Sequence[Mapping[str, Any]], series: str, sealed: str = "") -> dict[str, Any]:
    """Return what the picture of errors by lead time shows: rows of totals and of increments of a series in total."""
    rows = [r for r in table if (r["series"], r["by"], r["stated"], r["sealed"]) == (series, "", "number", sealed)]
    parts = {name: [r for r in rows if r["counted"] == name and r["lead"] != "all"] for name in ("total", "increment")}
    return {
        "series": f"{series}-{sealed}" if sealed else series,
        "title": f"Error of past forecasts of {series} by lead time",
        "unit": UNITS.get(series, "people"),
        **parts,
    }


def _group(table: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of each series and where under its name, arrivals and totals first."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in sort_rows(table):
        groups.setdefault(name_row(row), []).append(_write_row(row))
    return [{"name": name, "rows": rows} for name, rows in groups.items()]


def _write_row(row: Mapping[str, Any]) -> dict[str, Any]:
    time = datetime.fromisoformat(row["moment"]) if "moment" in row else None
    return {
        "lead": LEADS[row["lead"]] if time is None else write_moment(time),
        "n": row["n"],
        "number_of_moments": row["moments"],
        "in_50": f"{row['coverage_50']:.0%}",
        "in_90": f"{row['coverage_90']:.0%}",
        "crps": write_about(row["crps"]),
        "error": write_about(row["median_absolute_error"]),
        "naive": [(write_about(row[f"naive_{rule}"]), rule == row["best_naive"]) for rule in NAIVE],
        "best": write_about(row["best_naive_crps"]),
        "blind": row["blind"],
        "skill": write_skill(row["skill"], row["blind"]),
    }


def _write_count(count: Mapping[str, Any]) -> dict[str, Any]:
    low, high = count["low"], count["high"]
    value = f"{count['value']:,.0f}"
    if count["stated"] == "ends":
        value = f"> {low:,.0f}" if high is None else f"< {high:,.0f}" if low is None else f"{low:,.0f} to {high:,.0f}"
    return {
        **count,
        "value": value,
        "name": f"{count['series']} {count['by']} {count['label']}".strip(),
        "said": f"{write_about(count['q50'])} ({write_about(count['q05'])} to {write_about(count['q95'])})",
    }
