"""Pictures of past forecasts: what was expected as of each moment beside what came, and the error by lead time."""

from __future__ import annotations

from typing import Any

import numpy as np

from corridor.report.board import LEADS, name_lead, name_rule
from corridor.report.names import name_series
from corridor.report.pictures.style import (
    BLUE,
    GREY,
    INK,
    ORANGE,
    PAPER,
    VERMILION,
    TimeAxis,
    count_along,
    drawing,
    new_figure,
    read_time,
    write_svg,
)
from corridor.words.language import ENGLISH, Language
from corridor.words.said import About, Clock, Day, Field, Stated, join, say
from corridor.words.writing import tell, write

Figure = dict[str, Any]
COLUMNS = 2
RULES = {"last": ("s", GREY), "day": ("^", VERMILION), "line": ("D", ORANGE)}


def draw_past(figure: Figure, language: Language = ENGLISH) -> str:
    """Return small multiples, one a moment: bands and median at the later counts, counts known and later."""
    panels = figure["panels"]
    with drawing():
        columns = min(COLUMNS, len(panels))
        rows = -(-len(panels) // columns)
        picture = new_figure((1.45 if columns > 1 else 2.2) * rows + 0.75)
        grid = picture.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
        axis = TimeAxis(figure["first"], figure["last"])
        for axes, panel in zip(grid.flat, panels, strict=False):
            _draw_panel(axes, axis, panel, language)
        for axes in list(grid.flat)[len(panels) :]:
            axes.set_axis_off()
        if len(panels) % columns:  # the panel above an empty one says the days
            grid[-2 if rows > 1 else -1, -1].tick_params(labelbottom=rows > 1)
        axis.draw(grid[0, 0], language, most=6 // columns)
        count_along(grid[0, 0], "y", language, most=4)
        for axes in grid.flat:
            axes.grid(axis="y")
        picture.legend(handles=_make_legend(language), loc="outside lower center", ncols=3, handlelength=1.4)
        inside = sum(c["q05"] <= c["value"] <= c["q95"] for panel in panels for c in panel["counts"])
        number = sum(len(panel["counts"]) for panel in panels)
        fields: dict[str, Field] = {"moments": Stated(len(panels)), "counts": Stated(number), "inside": Stated(inside)}
        title = tell(language, "past.title", series=name_series(figure["series"]))
        return write_svg(picture, f"past-{figure['series']}", title, tell(language, "past.described", **fields))


def _draw_panel(axes: Any, axis: TimeAxis, panel: Figure, language: Language) -> None:
    counts = panel["counts"]
    days = np.array([axis.place(count["time"]) for count in counts])
    bands = {name: np.array([count[name] for count in counts]) for name in ("q05", "q25", "q50", "q75", "q95")}
    if len(counts) > 1:
        axes.fill_between(days, bands["q05"], bands["q95"], color=BLUE, alpha=0.18, linewidth=0)
        axes.fill_between(days, bands["q25"], bands["q75"], color=BLUE, alpha=0.35, linewidth=0)
        axes.plot(days, bands["q05"], color=BLUE, linewidth=0.6, linestyle=(0, (1, 1.5)))
        axes.plot(days, bands["q95"], color=BLUE, linewidth=0.6, linestyle=(0, (1, 1.5)))
        axes.plot(days, bands["q50"], color=INK, linewidth=1.2)
    else:
        axes.vlines(days, bands["q05"], bands["q95"], color=BLUE, alpha=0.4, linewidth=3)
        axes.vlines(days, bands["q25"], bands["q75"], color=BLUE, alpha=0.8, linewidth=3)
        axes.plot(days, bands["q50"], linestyle="", marker="_", color=INK, markersize=6)
    moment = axis.place(panel["moment"])
    axes.axvline(moment, color=VERMILION, linewidth=0.9, linestyle=(0, (5, 2)))
    for points, fill in ((panel["known"], INK), (counts, PAPER)):
        if not points:  # nothing has no size, which a layout cannot take
            continue
        axes.plot(
            [axis.place(point["time"]) for point in points],
            [point["value"] for point in points],
            **{"linestyle": "", "marker": "o", "markersize": 2.6, "markerfacecolor": fill},
            **{"markeredgecolor": INK, "markeredgewidth": 0.6, "zorder": 5, "clip_on": False},
        )
    time = read_time(panel["moment"])
    title = join(Day(time), Clock(time), between=" ")
    late = panel["sealed"] == "after"
    axes.set_title(write(say("past.late", moment=title) if late else title, language), loc="left", fontsize=8.5)


def _make_legend(language: Language) -> list[Any]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    dot: Any = {"color": INK, "marker": "o", "linestyle": "", "markersize": 3.5, "markeredgewidth": 0.7}
    return [
        Line2D([], [], color=INK, linewidth=1.2, label=tell(language, "legend.median")),
        Patch(facecolor=BLUE, alpha=0.5, label=tell(language, "legend.5_in_10")),
        Patch(facecolor=BLUE, alpha=0.18, label=tell(language, "legend.9_in_10")),
        Line2D([], [], markerfacecolor=INK, label=tell(language, "legend.known"), **dot),
        Line2D([], [], markerfacecolor=PAPER, label=tell(language, "legend.later"), **dot),
        Line2D([], [], color=VERMILION, linewidth=0.9, linestyle=(0, (5, 2)), label=tell(language, "legend.as_of")),
    ]


def draw_leads(figure: Figure, language: Language = ENGLISH) -> str:
    """Return the error by lead time of the forecasts and of the naive rules, for totals and for increments."""
    parts = [(tell(language, f"past.{name}"), figure[name]) for name in ("total", "increment") if figure[name]]
    leads = [lead for lead in LEADS if any(row["lead"] == lead for _, rows in parts for row in rows)]
    with drawing():
        picture = new_figure(0.36 * len(leads) + 1.35)
        grid = picture.subplots(1, len(parts), sharey=True, squeeze=False)[0]
        drawn = [
            _draw_lead_part(axes, words, rows, leads, language) for axes, (words, rows) in zip(grid, parts, strict=True)
        ]
        grid[0].set_yticks(range(len(leads)), [write(name_lead(lead), language) for lead in leads])
        grid[0].set_ylim(len(leads) - 0.5, -0.5)
        for axes in grid:
            axes.grid(axis="y")
            axes.tick_params(axis="y", length=0)
            axes.set_xlabel(tell(language, "past.axis", unit=say(f"unit.{figure['unit']}")))
        picture.legend(handles=drawn[0][::-1], loc="outside lower center", ncols=4, handlelength=1.2, columnspacing=1.2)
        said = [_say_lead(row) for row in parts[0][1]]
        words = tell(language, "past.leads.described", part=parts[0][0], leads=join(*said, between="; "))
        title = tell(language, "past.leads.title", series=name_series(figure["of"]))
        return write_svg(picture, f"leads-{figure['series']}", title, words)


def _say_lead(row: Figure) -> Field:
    error, naive = About(row["crps"]), About(row["best_naive_crps"])
    return say("past.lead", lead=name_lead(row["lead"]), error=error, naive=naive)


def _draw_lead_part(axes: Any, words: str, rows: list[Figure], leads: list[str], language: Language) -> list[Any]:
    places = [leads.index(row["lead"]) for row in rows]
    handles = [
        axes.plot(
            [row[f"naive_{rule}"] for row in rows],
            places,
            **{"linestyle": "", "marker": marker, "markersize": 5, "markerfacecolor": "none"},
            **{
                "markeredgecolor": colour,
                "markeredgewidth": 1.1,
                "label": write(name_rule(rule), language),
                "zorder": 3,
            },
        )[0]
        for rule, (marker, colour) in RULES.items()
    ]
    look: Any = {
        "linestyle": "",
        "marker": "o",
        "markersize": 6,
        "color": BLUE,
        "label": tell(language, "legend.forecast"),
        "zorder": 4,
    }
    handles += axes.plot([row["crps"] for row in rows], places, **look)
    axes.set_title(words, loc="left")
    count_along(axes, "x", language, most=3)
    axes.set_xlim(0, 1.06 * axes.get_xlim()[1])
    return handles
