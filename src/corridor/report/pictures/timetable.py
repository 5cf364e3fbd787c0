"""The timetable of a plan: a line of words and a bar for each consignment, pages of A4, told apart by filling alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.report.pictures.style import BLUE, FAINT, GREY, INK, PALE, PAPER, TimeAxis, drawing, write_svg
from corridor.words.numbers import write_day
from corridor.words.said import Digits, Field, Stated, join, say
from corridor.words.writing import tell, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.words.language import Language

Figure = dict[str, Any]
WIDE, ROW, AXIS, BOTTOM = 7.1, 0.37, 0.45, 0.62  # inches: an A4 page, a row, the axis above, the legend below
A_PAGE = 24  # rows
LONGEST = 142  # letters of a line
FILLED: dict[str, dict[str, Any]] = {
    "out": {"facecolor": BLUE, "edgecolor": INK},
    "unloads": {"facecolor": PAPER, "edgecolor": INK, "hatch": "......"},
    "back": {"facecolor": PAPER, "edgecolor": INK, "hatch": "////"},
}


def draw_timetable_pages(figure: Figure, language: Language) -> list[str]:
    """Return a picture (SVG) for every 24 consignments, each over the days of its own; none without any."""
    rows = figure["rows"]
    return [
        _draw_page(figure, rows[first : first + A_PAGE], first // A_PAGE, language)
        for first in range(0, len(rows), A_PAGE)
    ]


def _draw_page(figure: Figure, rows: Sequence[Figure], number: int, language: Language) -> str:
    from matplotlib.figure import Figure as Picture

    axis = TimeAxis(rows[0]["out"][0][:10], max(row["back"][1] for row in rows))
    days = max(1, -int(-axis.days // 1))
    tall = AXIS + ROW * len(rows) + BOTTOM
    with drawing():
        picture = Picture(figsize=(WIDE, tall))
        axes = picture.add_axes((0.02, BOTTOM / tall, 0.96, ROW * len(rows) / tall))
        axes.set(xlim=(0, days), ylim=(len(rows), 0))
        _draw_axis(axes, axis, (days, figure["coarse"]), language)
        for place, row in enumerate(rows):
            _draw_row(axes, axis, place, row, figure["coarse"], language)
        _draw_legend(picture, figure["coarse"], language)
        words = write(join(*(_say_row(row, whole=True) for row in rows), between=". "), language)
        return write_svg(picture, f"timetable-{number + 1}", tell(language, "timetable.title"), words)


def _draw_axis(axes: Any, axis: TimeAxis, span: tuple[int, bool], language: Language) -> None:
    """Write the days above, every sixth hour as far as there is room, and lines at both."""
    from datetime import timedelta

    days, coarse = span
    step = 24 if coarse or days > 10 else 6 if days <= 5 else 12
    hours = range(0, 24 * days + 1, step)
    axes.xaxis.tick_top()
    axes.set_xticks(
        [hour / 24 for hour in hours], ["" if coarse else f"{hour % 24:02d}" for hour in hours], fontsize=6.5
    )
    axes.tick_params(axis="x", length=2, pad=1)
    axes.set_yticks([])
    for hour in hours:
        axes.axvline(
            hour / 24, color=PALE if hour % 24 == 0 else FAINT, linewidth=0.8 if hour % 24 == 0 else 0.5, zorder=0
        )
    every = max(1, -(-days // 8))
    for day in range(0, days, every):
        at = axes.transData.transform((day, 0))[0]
        spot = axes.transAxes.inverted().transform((at, 0))[0]
        name = write_day(axis.first + timedelta(days=day), language)
        axes.text(spot, 1.0, name, transform=axes.transAxes, va="bottom", fontsize=8, fontweight="bold").set_y(
            1.0 + 0.19 / (axes.figure.get_figheight() * axes.get_position().height)
        )
    for side in ("top", "bottom", "left", "right"):
        axes.spines[side].set_visible(False)


def _draw_row(axes: Any, axis: TimeAxis, place: int, row: Figure, coarse: bool, language: Language) -> None:
    from matplotlib.patches import Rectangle

    axes.axhline(place, color=PALE, linewidth=0.5, zorder=0)
    low, high = place + 0.56, 0.34
    most = axes.get_xlim()[1]
    for span in row["shut"]:
        begin, end = (min(max(axis.place(time), 0.0), most) for time in span)
        if end > begin:
            axes.add_patch(Rectangle((begin, low), end - begin, high, facecolor=FAINT, linewidth=0, zorder=0.5))
    for name, style in FILLED.items():
        begin, end = (axis.place(time) for time in row[name])
        if end > begin and not (coarse and name != "out"):
            axes.add_patch(Rectangle((begin, low), end - begin, high, linewidth=0.6, zorder=2, **style))
    line = write(_say_row(row), language)
    line = line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
    axes.text(0, place + 0.46, line, fontsize=6.8, va="baseline", color=INK, zorder=3)


def _say_row(row: Figure, whole: bool = False) -> Field:
    """Return a consignment in words: its number, whose trucks, from where to where, with what."""
    large = [load for load in row["loads"] if load["tonnes"] >= 0.05]  # the rest is less than is written
    loads = [
        say("timetable.load", item=load["item"].replace("_", " "), tonnes=Digits(load["tonnes"], 1 if large else 3))
        for load in (row["loads"] if whole or not large else large)
    ]
    if row["people_out"]:
        loads.append(say("timetable.people", people=Stated(row["people_out"])))
    name = row["id"].split("_")[1] if row["id"].count("_") > 1 and row["id"].split("_")[1].isdigit() else row["id"]
    vehicles = say(f"carrier.{row['kind']}", number=Stated(row["trucks"]))
    fields = {"id": name, "fleet": row["fleet"], "vehicles": vehicles}
    return say("timetable.row", **fields, start=row["from"], goal=row["to"], loads=join(*loads, between=", "))


def _draw_legend(picture: Any, coarse: bool, language: Language) -> None:
    from matplotlib.patches import Patch

    names = ["out"] if coarse else list(FILLED)
    told = "timetable.day" if coarse else "timetable.out"
    labels = {"out": told, "unloads": "timetable.unloads", "back": "timetable.back"}
    handles = [Patch(linewidth=0.6, label=tell(language, labels[name]), **FILLED[name]) for name in names]
    if not coarse:
        handles.append(Patch(facecolor=FAINT, edgecolor=GREY, linewidth=0.4, label=tell(language, "timetable.shut")))
    picture.legend(handles=handles, loc="lower left", ncols=2, fontsize=7, bbox_to_anchor=(0.01, 0.0))
