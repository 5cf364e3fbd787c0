"""Pictures of supplies: days of cover over time, and who goes without, with convoys and without."""

from __future__ import annotations

from typing import Any

from corridor.report.envelope import say_title
from corridor.report.pictures.lines import draw_fan
from corridor.report.pictures.style import (
    GREY,
    INK,
    ORANGE,
    PAPER,
    TimeAxis,
    count_along,
    drawing,
    new_figure,
    write_svg,
)
from corridor.report.relief import name_shelf
from corridor.words.language import ENGLISH, Language
from corridor.words.said import Digits, Rounded, Said, join, say
from corridor.words.writing import tell, write

Figure = dict[str, Any]
ACROSS = 2  # charts beside each other


def draw_relief_cover(figure: Figure, language: Language = ENGLISH) -> str:
    """Return one small chart of days of cover for each place and item, the first to run out first."""
    panels = figure["series"]
    down = -(-len(panels) // ACROSS)
    axis = TimeAxis(figure["shown_from"], figure["times"][-1])
    with drawing():
        picture = new_figure(0.3 + 1.6 * down)
        charts = picture.subplots(down, ACROSS, sharex=True, sharey=True, squeeze=False)
        for axes, series in zip(charts.flat, panels, strict=False):
            draw_fan(axes, figure, series)
            axes.set_title(write(name_shelf(series), language).replace(" / ", " /\n"), loc="left", fontsize=8)
            axes.axhline(1.0, color=GREY, linewidth=0.8, linestyle=(0, (4, 2)))
            axes.set_ylim(0, figure["most_days"])
            axis.draw(axes, language, 3)
            if axis.place(figure["moment"]) >= 0:
                axes.axvline(axis.place(figure["moment"]), color=INK, linewidth=0.8, linestyle=(0, (5, 2)))
        for axes in charts[:, 0]:
            axes.set_ylabel(tell(language, "axis.days"))
        for axes in charts.flat[len(panels) :]:
            axes.set_visible(False)
        for axes in charts.flat[len(panels) - ACROSS : len(panels)]:  # the last chart of each column has dates
            axes.tick_params(axis="x", labelbottom=True)
        words = write(join(*(_say_first(series) for series in panels), between="; "), language)
        return write_svg(picture, "relief_cover", write(say_title(figure), language), words)


def _say_first(series: dict[str, Any]) -> Said:
    start = next((value for value in series["q50"] if value is not None), None)
    if start is None:
        return say("drawn.cover.none", shelf=name_shelf(series))
    return say("drawn.cover", shelf=name_shelf(series), days=Digits(start, 1))


def draw_relief_gap(figure: Figure, language: Language = ENGLISH) -> str:
    """Return person-days without by place and item: filled with the convoys, hollow without."""
    rows = figure["rows"]
    with drawing():
        picture = new_figure(0.8 + 0.42 * len(rows))
        axes = picture.subplots()
        for position, row in enumerate(rows):
            for name, shift, colour in (("with_convoys", -0.14, ORANGE), ("without_convoys", 0.14, PAPER)):
                spread, y = row[name], position + shift
                axes.plot([spread["q05"], spread["q95"]], [y, y], color=INK, linewidth=1.2, zorder=2)
                axes.plot(spread["q50"], y, marker="o", markersize=7, color=colour, markeredgecolor=INK, zorder=3)
        axes.set_yticks(range(len(rows)), [write(name_shelf(row), language).replace(" / ", " /\n") for row in rows])
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        count_along(axes, "x", language, 4)
        axes.set_xlabel(tell(language, "axis.person_days"))
        words = write(join(*(_say_gap(row) for row in rows), between="; "), language)
        return write_svg(picture, "relief_gap", write(say_title(figure), language), words)


def _say_gap(row: dict[str, Any]) -> Said:
    aided, unaided = (Rounded(row[name]["q50"], 1.0) for name in ("with_convoys", "without_convoys"))
    return say("drawn.gap", shelf=name_shelf(row), aided=aided, unaided=unaided)
