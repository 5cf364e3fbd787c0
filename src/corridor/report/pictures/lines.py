"""Pictures over time: the fan of arrivals, queue, waiting, registration, where people are."""

from __future__ import annotations

from typing import Any

import numpy as np

from corridor.report.envelope import say_title
from corridor.report.pictures.style import (
    BLUE,
    FAINT,
    GREY,
    INCHES,
    INK,
    PALE,
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
from corridor.words.said import Field, Moment, Rounded, Stated, join, say
from corridor.words.writing import tell, write

Figure = dict[str, Any]
# How a count was used: filled if it was learnt from, hollow if the run never saw it.
MARKS = {"fitted": ("o", INK), "seen": ("D", PALE), "held_out": ("o", PAPER)}


def _floats(values: list[float | None]) -> Any:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def _axis(figure: Figure) -> TimeAxis:
    return TimeAxis(figure["shown_from"], figure["times"][-1])


def _shown(figure: Figure) -> tuple[Any, Any]:
    axis = _axis(figure)
    days = np.array([axis.place(time) for time in figure["times"]])
    return days, days >= -1e-9


def draw_fan(axes: Any, figure: Figure, series: dict[str, Any]) -> None:
    """Draw the 90 % band, the 50 % band and the median of one series."""
    days, shown = _shown(figure)
    bands = {name: _floats(series[name])[shown] for name in ("q05", "q25", "q50", "q75", "q95")}
    x = days[shown]
    axes.fill_between(x, bands["q05"], bands["q95"], color=BLUE, alpha=0.18, linewidth=0)
    axes.fill_between(x, bands["q25"], bands["q75"], color=BLUE, alpha=0.35, linewidth=0)
    axes.plot(x, bands["q05"], color=BLUE, linewidth=0.6, linestyle=(0, (1, 1.5)))
    axes.plot(x, bands["q95"], color=BLUE, linewidth=0.6, linestyle=(0, (1, 1.5)))
    axes.plot(x, bands["q50"], color=INK, linewidth=1.4)


def _draw_moment(axes: Any, figure: Figure, language: Language) -> None:
    """Draw a line at today, and one up to where counts were learnt from where that is another moment."""
    _draw_line(axes, figure, figure["moment"], tell(language, "legend.today"), VERMILION, (5, 2), -2)
    if figure["learnt_until"] not in ("", figure["moment"]):
        _draw_line(axes, figure, figure["learnt_until"], tell(language, "legend.learnt"), GREY, (1, 2), -14)


def _draw_line(
    axes: Any, figure: Figure, moment: str, words: str, colour: str, dashes: tuple[int, int], below: int
) -> None:
    position = _axis(figure).place(moment)
    if position < 0:
        return
    axes.axvline(position, color=colour, linewidth=1, linestyle=(0, dashes))
    axes.annotate(
        words,
        (position, 1),
        (3, below),
        xycoords=("data", "axes fraction"),
        textcoords="offset points",
        va="top",
        fontsize=8,
        color=colour,
        bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.7, "pad": 0.5},
    )


def _draw_counts(axes: Any, figure: Figure, language: Language) -> list[Any]:
    axis, handles = _axis(figure), []
    kind = "learnt" if figure["fitted"] else "plain"  # of a run that has learnt from counts, and of others
    for use, (marker, fill) in MARKS.items():
        counts = [count for count in figure["observed"] if count["use"] == use]
        if counts:
            handles += axes.plot(
                [axis.place(count["time"]) for count in counts],
                [count["value"] for count in counts],
                linestyle="",
                marker=marker,
                markersize=4.5,
                markerfacecolor=fill,
                markeredgecolor=INK,
                markeredgewidth=0.9,
                label=tell(language, f"legend.count.{use}.{kind}"),
                zorder=5,
            )
    return handles


def _legend(axes: Any, handles: list[Any], language: Language) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    wide = tell(language, "legend.9_in_10_runs")
    bands = [
        Line2D([], [], color=INK, linewidth=1.4, label=tell(language, "legend.median")),
        Patch(facecolor=BLUE, alpha=0.5, label=tell(language, "legend.5_in_10_runs")),
        Patch(facecolor=BLUE, alpha=0.18, edgecolor=BLUE, linestyle=":", linewidth=0.6, label=wide),
    ]
    axes.figure.legend(
        handles=bands + handles, loc="outside lower center", ncols=3, handlelength=1.6, columnspacing=1.2
    )


def shown_events(figure: Figure) -> list[dict[str, Any]]:
    """Return the events of a figure that fall within its chart, numbered from 1 in order of time."""
    first, last = figure["shown_from"], figure["times"][-1]
    inside = [event for event in figure["events"] if event["to"] >= first and event["from"] <= last]
    return [{"number": i + 1, **event} for i, event in enumerate(inside)]


def stack_labels(places: list[float], widths: list[float], gap: float) -> list[int]:
    """Return a row for each label so that none in a row touch: labels begin at `places` (rising) and are so wide."""
    ends: list[float] = []
    rows = []
    for place, width in zip(places, widths, strict=True):
        row = next((i for i, end in enumerate(ends) if end + gap <= place), len(ends))
        ends[row:] = [place + width] if row == len(ends) else [place + width, *ends[row + 1 :]]
        rows.append(row)
    return rows


def draw_arrivals(figure: Figure, language: Language = ENGLISH) -> str:
    """Return the fan chart of arrivals with observed counts, and the events as numbers above it."""
    with drawing():
        events, axis = shown_events(figure), _axis(figure)
        per_day = 0.82 * INCHES / axis.days
        texts = [str(event["number"]) for event in events]
        widths = [(0.078 * len(text) + 0.08) / per_day for text in texts]
        begins = [max(axis.place(event["from"]), 0.0) for event in events]
        places = [min(b, axis.days - w) for b, w in zip(begins, widths, strict=True)]
        order = sorted(range(len(events)), key=lambda i: places[i])
        found = stack_labels([places[i] for i in order], [widths[i] for i in order], 0.03 / per_day)
        rows = dict(zip(order, found, strict=True))
        body, strip = 3.0, 0.17 * (max(rows.values(), default=-1) + 1) + 0.05
        picture = new_figure(body + strip)
        if events:
            above, axes = picture.subplots(2, 1, sharex=True, height_ratios=[strip, body])
            lowest = max(rows.values()) + 0.6
            above.set_axis_off()
            above.set_ylim(lowest, -0.6)
            for index, text in enumerate(texts):
                above.text(places[index], rows[index], text, fontsize=7.5, va="center", ha="left")
                above.plot([begins[index]] * 2, [rows[index] + 0.35, lowest], color=PALE, lw=0.5)
                axes.axvline(begins[index], color=FAINT, linewidth=0.6, zorder=0)
        else:
            axes = picture.subplots()
        draw_fan(axes, figure, figure["series"][0])
        handles = _draw_counts(axes, figure, language)
        _draw_moment(axes, figure, language)
        axis.draw(axes, language)
        count_along(axes, "y", language)
        axes.set_title(tell(language, "axis.arrivals"), loc="left")
        _legend(axes, handles, language)
        return write_svg(picture, "arrivals", write(say_title(figure), language), _describe_fan(figure, language))


def _describe_fan(figure: Figure, language: Language) -> str:
    last = {name: Rounded(figure["series"][0][name][-1] or 0, 1.0) for name in ("q05", "q50", "q95")}
    fields: dict[str, Field] = {"low": last["q05"], "middle": last["q50"], "high": last["q95"]}
    counts, today = Stated(len(figure.get("observed", []))), Moment(read_time(figure["moment"]), year=True)
    return tell(language, "drawn.fan", title=say_title(figure), counts=counts, today=today, **fields)


def _draw_panels(figure: Figure, language: Language) -> str:
    with drawing():
        panels = figure["series"]
        picture = new_figure(2.1 * len(panels) + 0.3)
        every = picture.subplots(len(panels), 1, sharex=True, squeeze=False).ravel()
        handles: list[Any] = []
        for axes, series in zip(every, panels, strict=True):
            draw_fan(axes, figure, series)
            if series["name"] == "registered" and figure.get("observed"):
                handles = _draw_counts(axes, figure, language)
            _draw_moment(axes, figure, language)
            _axis(figure).draw(axes, language)
            count_along(axes, "y", language)
            axes.set_title(tell(language, f"axis.{series['name']}"), loc="left")
        _legend(every[-1], handles, language)
        return write_svg(picture, figure["name"], write(say_title(figure), language), _describe_fan(figure, language))


def draw_queue(figure: Figure, language: Language = ENGLISH) -> str:
    """Return the queue in vehicles and in kilometres."""
    return _draw_panels(figure, language)


def draw_waiting(figure: Figure, language: Language = ENGLISH) -> str:
    """Return the hours of those who arrive: the whole journey, and of it standing."""
    return _draw_panels(figure, language)


def draw_registration(figure: Figure, language: Language = ENGLISH) -> str:
    """Return the line for registration, and people registered with counts."""
    return _draw_panels(figure, language)


def draw_people(figure: Figure, language: Language = ENGLISH) -> str:
    """Return where people are over time, stacked; means, since only they add up."""
    looks = [(SKY, "..."), (BLUE, ""), (VERMILION, "////"), (FAINT, "")]
    with drawing():
        picture = new_figure(3.4)
        axes = picture.subplots()
        days, shown = _shown(figure)
        below = np.zeros(int(shown.sum()))
        for part, (colour, hatch) in zip(figure["parts"], looks, strict=True):
            top = below + np.array(part["mean"])[shown]
            look = {"facecolor": colour, "hatch": hatch, "edgecolor": INK, "linewidth": 0.5}
            axes.fill_between(days[shown], below, top, label=tell(language, f"label.{part['name']}"), **look)
            below = top
        _draw_moment(axes, figure, language)
        _axis(figure).draw(axes, language)
        count_along(axes, "y", language)
        axes.set_title(tell(language, "axis.people"), loc="left")
        handles, labels = axes.get_legend_handles_labels()
        picture.legend(handles[::-1], labels[::-1], loc="outside lower center", ncols=2)
        parts = [join(say(f"label.{p['name']}"), Rounded(p["mean"][-1], 1.0), between=" ") for p in figure["parts"]]
        words = tell(language, "drawn.people", parts=join(*parts, between=", "))
        return write_svg(picture, "people", write(say_title(figure), language), words)
