"""The briefing of a run by Flee's rules: camps over time, shares, errors by camp, naive rules, who came from where.

It draws what it is given (`front/flee_page.py` gathers it); a day of Flee's knows nothing else that could be shown.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.report.template import fill_template
from corridor.scenario.version import __version__
from corridor.words.language import ENGLISH, Language
from corridor.words.said import Day, Digits, Moment, Rounded, Share, Stated

if TYPE_CHECKING:
    from collections.abc import Mapping

WIDTH, HEIGHT = 300.0, 110.0  # of a picture, in its own units
MOST_ORIGINS = 30  # rows shown of who came from where, the largest first


def write_flee_page(found: Mapping[str, Any], language: Language = ENGLISH) -> str:
    """Return the page as HTML that asks for nothing outside.

    `found` holds: folder, start (a date as text), days, replicates, people, on_roads, notices; `camps`, of each its
    name, the series middle, low, high and registered [day], the shares and the error; `measures` by name; `origins`,
    rows of origin, destination, people, days_on_the_way, with `origin_replicates`; both may be empty.
    """
    start = datetime.fromisoformat(found["start"])
    last = start + timedelta(days=found["days"] - 1)
    measures = found["measures"]
    content = {
        "style": resources.files("corridor.report").joinpath("page", "report.css").read_text(encoding="utf-8"),
        "title": found["folder"], "first": Moment(start, True, True), "last": Moment(last, True, True),
        "days": Stated(found["days"]), "replicates": Stated(found["replicates"]), "version": __version__,
        "people": Rounded(found["people"], 1.0), "on_roads": Rounded(found["on_roads"], 1.0),
        "notices": found["notices"],
        "camps": [_say_camp(camp) for camp in found["camps"]],
        "pictures": [_draw(camp, start, last) for camp in found["camps"]],
        "error": Digits(measures["error_rescaled"], 3) if measures else "",
        "plain_error": Digits(measures["error_not_rescaled"], 3) if measures else "",
        "rules": [_compare(measures, day) for day in (7, 30) if f"error_after_day_{day}" in measures],
        "origins": [_say_origin(row) for row in found["origins"][:MOST_ORIGINS]],
        "more": Stated(max(len(found["origins"]) - MOST_ORIGINS, 0)),
        "origin_replicates": Stated(found["origin_replicates"]),
    }  # fmt: skip
    return fill_template("flee", content, lambda text: Moment(datetime.fromisoformat(text), year=True), language)


def _say_camp(camp: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": camp["name"], "middle": Rounded(camp["middle"][-1], 1.0), "low": Rounded(camp["low"][-1], 1.0),
        "high": Rounded(camp["high"][-1], 1.0), "registered": Stated(int(camp["registered"][-1])),
        "share": Share(camp["share"]), "share_registered": Share(camp["share_registered"]),
        "error": Digits(camp["error"], 3),
    }  # fmt: skip


def _compare(measures: Mapping[str, float], day: int) -> dict[str, Any]:
    """Return the error after a day beside those of the two naive rules, the least marked."""
    names = ("error", "kept_shares", "equal_growth")
    values = [measures[f"{name}_after_day_{day}"] for name in names]
    return {"day": Stated(day), "values": [(Digits(value, 3), value == min(values)) for value in values]}


def _say_origin(row: Mapping[str, Any]) -> dict[str, Any]:
    on_roads = row["destination"] == "on roads"
    return {
        "origin": row["origin"], "destination": "" if on_roads else row["destination"],
        "people": Rounded(row["people"], 1.0), "days": Digits(row["days_on_the_way"], 1),
    }  # fmt: skip


def _draw(camp: Mapping[str, Any], start: datetime, last: datetime) -> dict[str, Any]:
    """Return a small picture of a camp: the range and the middle of the runs, and the registered people."""
    from markupsafe import Markup  # comes with what writes pages: heavy

    most = max(float(np.max(camp["high"])), float(np.max(camp["registered"])), 1.0)

    def trace(values: Any) -> list[str]:
        days = np.linspace(0.0, WIDTH, len(values))
        return [f"{x:.1f},{HEIGHT * (1 - value / most):.1f}" for x, value in zip(days, values, strict=True)]

    band = " ".join(trace(camp["high"]) + trace(camp["low"])[::-1])
    middle, registered = " ".join(trace(camp["middle"])), " ".join(trace(camp["registered"]))
    svg = (
        f'<svg viewBox="0 -2 {WIDTH:.0f} {HEIGHT + 4:.0f}" role="img" width="100%">'
        f'<polygon points="{band}" fill="var(--sky)" opacity="0.5"/>'
        f'<polyline points="{middle}" fill="none" stroke="var(--blue)" stroke-width="1.6"/>'
        f'<polyline points="{registered}" fill="none" stroke="var(--ink)" stroke-width="1.6" stroke-dasharray="4 3"/>'
        f'<line x1="0" y1="{HEIGHT:.0f}" x2="{WIDTH:.0f}" y2="{HEIGHT:.0f}" stroke="var(--grey)"/></svg>'
    )
    return {"name": camp["name"], "svg": Markup(svg), "most": Rounded(most), "first": Day(start), "last": Day(last)}
