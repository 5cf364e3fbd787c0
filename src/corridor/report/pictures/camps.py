"""People in camps over time: the counts known, and the range of what is forecast, a panel for each of the largest."""

from __future__ import annotations

from datetime import date
from typing import Any

from corridor.report.pictures.style import BLUE, INCHES, INK, VERMILION, count_along, drawing, write_svg
from corridor.words.language import ENGLISH, Language
from corridor.words.numbers import write_month
from corridor.words.said import Field, Rounded, join, say
from corridor.words.writing import tell, write

Figure = dict[str, Any]
ACROSS, HEIGHT = 2, 1.35  # panels in a row; inches of one
MOST_PANELS = 12


def draw_camps(figure: Figure, language: Language = ENGLISH) -> str:
    """Return small panels: counts as dots, the median as a line, 9 in 10 and 5 in 10 as bands, the day dashed."""
    from matplotlib.figure import Figure as Picture

    panels = figure["panels"]
    down = -(-len(panels) // ACROSS)
    with drawing():
        picture = Picture(figsize=(INCHES, HEIGHT * down + 0.2), layout="constrained")
        every = picture.subplots(down, ACROSS, sharex=True, squeeze=False).ravel()
        for axes in every[len(panels) :]:
            axes.set_axis_off()
        for axes, panel in zip(every, panels, strict=False):
            _draw_panel(axes, figure, panel, language)
        return write_svg(
            picture, "camps", tell(language, "camps.title", day=figure["as_of"]), _describe(figure, language)
        )


def _draw_panel(axes: Any, figure: Figure, panel: Figure, language: Language) -> None:
    days = [date.fromisoformat(day).toordinal() for day in figure["dates"]]
    today = date.fromisoformat(figure["as_of"]).toordinal()
    axes.fill_between(days, panel["q05"], panel["q95"], color=BLUE, alpha=0.18, linewidth=0)
    axes.fill_between(days, panel["q25"], panel["q75"], color=BLUE, alpha=0.35, linewidth=0)
    axes.plot(days, panel["q50"], color=INK, linewidth=1.2)
    counted = [date.fromisoformat(day).toordinal() for day, _ in panel["counts"]]
    axes.plot(counted, [people for _, people in panel["counts"]], ".", color=INK, markersize=2.5)
    axes.axvline(today, color=VERMILION, linewidth=0.8, linestyle=(0, (5, 2)))
    first = date.fromisoformat(figure["start"]).toordinal()
    ticks = [first, today, days[-1]]
    axes.set_xticks(ticks, [write_month(date.fromordinal(tick), language) for tick in ticks])
    axes.tick_params(labelsize=7)
    axes.set_xlim(first, days[-1])
    count_along(axes, "y", language, 4)
    axes.set_title(write(_say_panel(panel), language), loc="left", fontsize=8)


def _say_panel(panel: Figure) -> Field:
    return panel["label"] or say("camps.all")


def _describe(figure: Figure, language: Language) -> str:
    parts = [
        say(
            "camps.place",
            place=_say_panel(panel),
            middle=Rounded(panel["q50"][-1], 1.0),
            low=Rounded(panel["q05"][-1], 1.0),
            high=Rounded(panel["q95"][-1], 1.0),
        )
        for panel in figure["panels"]
    ]
    said, last = join(*parts, between="; "), figure["dates"][-1]
    return tell(language, "camps.drawn", day=figure["as_of"], last=last, places=said)
