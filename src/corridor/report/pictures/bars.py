"""Pictures without a time axis: places of settling, fifty dots of duration, what matters."""

from __future__ import annotations

import textwrap
from datetime import timedelta
from typing import Any

import numpy as np

from corridor.report.envelope import say_title
from corridor.report.influence import name_input, say_input, shown_inputs
from corridor.report.pictures.style import (
    BLUE,
    GREY,
    INCHES,
    INK,
    ORANGE,
    PAPER,
    SKY,
    VERMILION,
    TimeAxis,
    count_along,
    drawing,
    new_figure,
    read_time,
    write_svg,
)
from corridor.words.language import ENGLISH, Language
from corridor.words.numbers import write_day
from corridor.words.said import Clock, Day, Rounded, Said, Stated, join, say
from corridor.words.writing import tell, write

Figure = dict[str, Any]


def draw_settling(figure: Figure, language: Language = ENGLISH) -> str:
    """Return bars of people settled and lodged at each place with ranges, and counts of those lodged."""
    places = [place for place in figure["places"] if place["settled"]["q95"] >= 1]
    with drawing():
        picture = new_figure(1.0 + 0.36 * max(len(places), 1))
        axes = picture.subplots()
        for row, place in enumerate(places):
            _draw_bar(axes, row - 0.18, place["settled"], SKY, "")
            _draw_bar(axes, row + 0.18, place["lodged"], ORANGE, "////")
            if place["observed"]:
                axes.plot(
                    place["observed"]["value"],
                    row + 0.18,
                    marker="o",
                    color=PAPER,
                    markeredgecolor=INK,
                    markersize=5,
                    zorder=5,
                )
        axes.set_yticks(range(len(places)), [_shorten(place["name"]) for place in places])
        axes.set_ylim(len(places) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        count_along(axes, "x", language)
        axes.spines["left"].set_visible(False)
        _settling_legend(picture, language)
        axes.set_title(tell(language, "axis.settling"), loc="left")
        words = ""
        if places:
            name, people = places[0]["name"], Rounded(places[0]["settled"]["q50"], 1.0)
            words = tell(language, "drawn.settling", places=Stated(len(places)), place=name, people=people)
        return write_svg(picture, "settling", write(say_title(figure), language), words)


def _draw_bar(axes: Any, row: float, spread: dict[str, float], colour: str, hatch: str) -> None:
    axes.barh(row, spread["q50"], 0.34, color=colour, hatch=hatch, edgecolor=INK, linewidth=0.5)
    axes.plot([spread["q05"], spread["q95"]], [row, row], color=INK, linewidth=1, marker="|", markersize=5)


def _shorten(name: str) -> str:
    """Return a name on at most two lines: places told apart by their last word alone stay apart."""
    return "\n".join(textwrap.wrap(name if len(name) <= 44 else name.partition("/")[0].strip(), 22)[:2])


def _settling_legend(picture: Any, language: Language) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=SKY, edgecolor=INK, lw=0.5, label=tell(language, "legend.settled")),
        Patch(facecolor=ORANGE, hatch="////", edgecolor=INK, lw=0.5, label=tell(language, "legend.lodged")),
        Line2D([], [], color=INK, marker="|", lw=1, label=tell(language, "legend.9_in_10_runs")),
        Line2D(
            [],
            [],
            linestyle="",
            marker="o",
            color=PAPER,
            markeredgecolor=INK,
            label=tell(language, "legend.last_count"),
        ),
    ]
    picture.legend(handles=handles, loc="outside lower center", ncols=1)


def draw_duration(figure: Figure, language: Language = ENGLISH) -> str:
    """Return fifty dots, each two chances in a hundred, by when; those not within the period apart."""
    axis = TimeAxis(figure["start"], figure["end"])
    reached = [dot / 24 for dot in figure["dots"] if dot is not None]
    never = len(figure["dots"]) - len(reached)
    with drawing():
        begin = np.floor(min(reached, default=axis.days - 1)) - 0.25
        margin = 0.16 * (axis.days - begin) if never else 0.0
        span = axis.days - begin + margin
        size = span / 32  # width of a column of dots, in days
        columns = np.floor((np.array(reached) - begin) / size).astype(int)
        stacked = [*np.bincount(columns)] if reached else [0]
        tallest = max([*stacked, -(-never // 3), 3])
        picture, axes = _lay_out_dots(span, size, tallest)
        heights: dict[int, int] = {}
        for column in columns:
            heights[int(column)] = heights.get(int(column), 0) + 1
            _draw_dot(axes, begin + (column + 0.5) * size, heights[int(column)] - 0.5, size, BLUE)
        if never:
            axes.axvline(axis.days, color=GREY, linewidth=0.8, linestyle=(0, (4, 2)))
            for i in range(never):
                x = axis.days + margin / 2 + (i % 3 - 1) * size
                _draw_dot(axes, x, i // 3 + 0.5, size, PAPER)
        _duration_axis(axes, axis, (begin, margin), never, language)
        axes.set_ylim(0, tallest + 0.6)
        if figure["observed"]:
            axes.axvline(axis.place(figure["observed"]), color=VERMILION, linewidth=1.2, linestyle=(0, (5, 2)))
        words = tell(language, "drawn.duration", never=Stated(never))
        return write_svg(picture, "duration", write(say_title(figure), language), words)


def _lay_out_dots(span: float, size: float, tallest: int) -> tuple[Any, Any]:
    """Return a figure and axes on which a dot one column wide and one row high is round."""
    from matplotlib.figure import Figure as Picture

    side, foot, head = 0.15, 0.42, 0.1  # inches
    across = INCHES - 2 * side
    up = across * size / span * (tallest + 0.6)
    full = up + foot + head
    picture = Picture(figsize=(INCHES, full))
    box = (side / INCHES, foot / full, across / INCHES, up / full)
    return picture, picture.add_axes(box)


def _draw_dot(axes: Any, x: float, row: float, size: float, colour: str) -> None:
    from matplotlib.patches import Ellipse

    dot = Ellipse((x, row), size * 0.88, 0.88, facecolor=colour, edgecolor=INK, linewidth=0.7, zorder=3)
    axes.add_patch(dot)


def _duration_axis(axes: Any, axis: TimeAxis, edges: tuple[float, float], never: int, language: Language) -> None:
    begin, margin = edges
    days = range(int(np.ceil(begin)), int(axis.days) + 1)
    step = max(1, -(-len(days) // 5))
    shown = list(days)[::step]
    ticks = [float(day) for day in shown if not never or day <= axis.days - (0.1 if day == axis.days else 0)]
    labels = [write_day(axis.first + timedelta(days=day), language) for day in ticks]
    if never:
        ticks.append(axis.days + margin / 2)
        labels.append(textwrap.fill(tell(language, "axis.not_within"), 13))
    axes.set_xticks(ticks, labels)
    axes.set_xticks([float(day) for day in days], minor=True)
    axes.set_xlim(begin, axis.days + margin)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def draw_influence(figure: Figure, language: Language = ENGLISH) -> str:
    """Return, for the inputs that matter most, arrivals where each is low and where it is high."""
    inputs = shown_inputs(figure)
    with drawing():
        picture = new_figure(0.9 + 0.6 * max(len(inputs), 1))
        axes = picture.subplots()
        for row, entry in enumerate(inputs):
            low, high = entry["arrived_where_low"], entry["arrived_where_high"]
            solid = abs(entry["correlation"]) > entry["noise"]
            style = "-" if solid else (0, (1, 1.5))
            axes.plot([low, high], [row, row], color=INK, linewidth=2 if solid else 1, linestyle=style, zorder=2)
            axes.plot(low, row, marker="o", markersize=7, color=PAPER, markeredgecolor=INK, zorder=3, clip_on=False)
            axes.plot(high, row, marker="o", markersize=7, color=BLUE, markeredgecolor=INK, zorder=3, clip_on=False)
        axes.set_yticks(range(len(inputs)), [_label_input(entry, language) for entry in inputs])
        axes.set_ylim(len(inputs) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0, labelsize=8)
        count_along(axes, "x", language, 4)
        axes.spines["left"].set_visible(False)
        moment = read_time(figure["moment"])
        axes.set_title(tell(language, "axis.influence", time=join(Day(moment), Clock(moment), between=" ")), loc="left")
        _influence_legend(picture, language)
        words = write(join(*(_say_input(entry) for entry in inputs[:3]), between="; "), language)
        return write_svg(picture, "influence", write(say_title(figure), language), words)


def _say_input(entry: dict[str, Any]) -> Said:
    low, high = Rounded(entry["arrived_where_low"]), Rounded(entry["arrived_where_high"])
    return say("drawn.influence", number=say_input(entry), low=low, high=high)


def _label_input(entry: dict[str, Any], language: Language) -> str:
    mark = "" if entry["claims"] else " *"
    return "\n".join(textwrap.wrap(write(name_input(entry), language), 34)[:4]) + mark


def _influence_legend(picture: Any, language: Language) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            linestyle="",
            marker="o",
            color=PAPER,
            markeredgecolor=INK,
            label=tell(language, "legend.lowest"),
        ),
        Line2D(
            [],
            [],
            linestyle="",
            marker="o",
            color=BLUE,
            markeredgecolor=INK,
            label=tell(language, "legend.highest"),
        ),
        Line2D([], [], color=INK, linewidth=1, linestyle=(0, (1, 1.5)), label=tell(language, "legend.luck")),
        Line2D([], [], linestyle="", marker=(6, 2, 0), color=INK, label=tell(language, "legend.no_source")),
    ]
    picture.legend(handles=handles, loc="outside lower center", ncols=2, columnspacing=1.0, handletextpad=0.3)
