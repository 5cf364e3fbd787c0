"""The picture of cover: a row for each place, a column for each item, a bar as long as the stock lasts.

It is told apart by length and by words alone, so it reads the same in black and white.
"""

from __future__ import annotations

import textwrap
from typing import Any

from corridor.report.cover import Cell, say_middle, say_range, say_row, share_of
from corridor.report.envelope import Figure, say_title
from corridor.report.pictures.style import BLUE, GREY, INCHES, INK, PALE, PAPER, drawing, new_figure, write_svg
from corridor.report.shortage import name_item
from corridor.words.language import ENGLISH, Language
from corridor.words.said import join, say
from corridor.words.writing import write

ACROSS = 5  # items beside each other; more begin a block below
EDGE, NAMES = 6.0, 104.0  # points: left margin, where the columns begin
WIDEST = 80.0  # points of a column
HEAD, LINE, LEAST = 29.0, 9.5, 33.0  # points: heading of a block, line of a name, least height of a row
WIDE = 22  # letters in a line of a name
BAR = 6.0  # points, height


def draw_cover_now(figure: Figure, language: Language = ENGLISH) -> str:
    """Return the picture of cover as SVG; see `describe_cover_now` for the figure."""
    blocks = [range(n, min(n + ACROSS, len(figure["items"]))) for n in range(0, len(figure["items"]), ACROSS)]
    names = [_wrap(row["name"]) for row in figure["rows"]]
    heights = [max(LEAST, LINE * len(lines) + 5.0) for lines in names]
    tall = len(blocks) * (HEAD + sum(heights)) + 6.0 * (len(blocks) - 1) + 4.0
    with drawing():
        picture = new_figure(tall / 72.0)
        picture.set_layout_engine("none")  # places are set by hand
        axes = picture.add_axes((0.0, 0.0, 1.0, 1.0))
        axes.set(xlim=(0, INCHES * 72.0), ylim=(tall, 0.0))
        axes.axis("off")
        top = 0.0
        for block in blocks:
            wide = min((INCHES * 72.0 - NAMES) / len(block), WIDEST)
            for column, number in enumerate(block):
                _write_head(axes, (NAMES + column * wide, top, wide), figure["items"][number], language)
            top += HEAD
            for row, lines, height in zip(figure["rows"], names, heights, strict=True):
                axes.plot([EDGE, INCHES * 72.0 - EDGE], [top, top], color=PALE, linewidth=0.6)
                axes.text(EDGE, top + 3, "\n".join(lines), va="top", fontsize=8, linespacing=1.05)
                for column, number in enumerate(block):
                    _draw_cell(axes, (NAMES + column * wide, top, wide - 7.0), row["cells"][number], language)
                top += height
            top += 6.0
        words = write(join(*(say_row(figure, row) for row in figure["rows"]), between=" "), language)
        return write_svg(picture, "relief_now", write(say_title(figure), language), words)


def _wrap(name: str) -> list[str]:
    """Return a name in lines, each of both sides' names on lines of its own."""
    parts = name.replace(" / ", " /\n").split("\n")
    return [line for part in parts for line in textwrap.wrap(part, WIDE) or [""]]


def _write_head(axes: Any, box: tuple[float, float, float], item: dict[str, str], language: Language) -> None:
    left, top, wide = box
    unit = write(say(f"cover.unit.{item['unit']}"), language)
    name = "\n".join(textwrap.wrap(name_item(item["item"]), max(int(wide / 4.9), 6), break_long_words=False)[:2])
    axes.text(left, top + HEAD - 13, name, va="baseline", fontsize=7.5, fontweight="bold", linespacing=1.0)
    axes.text(left, top + HEAD - 4, unit, va="baseline", fontsize=7, color=GREY)


def _draw_cell(axes: Any, box: tuple[float, float, float], cell: Cell, language: Language) -> None:
    """Draw the words of a cell and below them its bar: filled to the middle, a thin line from low to high."""
    from matplotlib.patches import Rectangle

    left, top, wide = box
    known = cell["q50"] is not None
    axes.text(left, top + 11, write(say_middle(cell), language), va="baseline", fontsize=9 if known else 7, color=INK)
    if cell["state"] == "none":
        return
    frame: dict[str, Any] = {"facecolor": PAPER, "edgecolor": GREY, "linewidth": 0.6}
    low = top + 14.0
    if not known:
        axes.add_patch(Rectangle((left, low), wide, BAR, linestyle=(0, (2, 2)), **frame))
        return
    axes.add_patch(Rectangle((left, low), wide, BAR, **frame))
    axes.add_patch(Rectangle((left, low), wide * share_of(cell, "q50"), BAR, facecolor=BLUE, linewidth=0))
    span = say_range(cell)
    if span is not None:
        ends = [left + wide * share_of(cell, point) for point in ("q05", "q95")]
        axes.plot(ends, [low + BAR + 1.8] * 2, color=INK, linewidth=1.2, solid_capstyle="butt")
        axes.text(left, low + BAR + 9.6, write(span, language), va="baseline", fontsize=6.5, color=GREY)
