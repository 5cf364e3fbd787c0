"""People in camps over time: the counts known, and the range of what is forecast, a panel for each of the largest."""

from __future__ import annotations

from datetime import date
from typing import Any

from corridor.report.pictures.style import BLUE, INCHES, INK, VERMILION, count_along, drawing, write_svg

Figure = dict[str, Any]
ACROSS, HEIGHT = 2, 1.35  # panels in a row; inches of one
MOST_PANELS = 12


def draw_camps(figure: Figure) -> str:
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
            _draw_panel(axes, figure, panel)
        return write_svg(picture, "camps", figure["title"], _describe(figure))


def _draw_panel(axes: Any, figure: Figure, panel: Figure) -> None:
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
    axes.set_xticks(ticks, [f"{date.fromordinal(tick):%b %Y}" for tick in ticks])
    axes.tick_params(labelsize=7)
    axes.set_xlim(first, days[-1])
    count_along(axes, "y", 4)
    axes.set_title(panel["label"], loc="left", fontsize=8)


def _describe(figure: Figure) -> str:
    words = "; ".join(
        f"{panel['label']} {panel['q50'][-1]:,.0f} ({panel['q05'][-1]:,.0f} to {panel['q95'][-1]:,.0f})"
        for panel in figure["panels"]
    )
    return (
        f"Counts known on {figure['as_of']} and, to {figure['dates'][-1]}, the median and 9 in 10. At the end: {words}."
    )
