"""The map as a picture: a main chart of the area, and the wider region beside it. No border is drawn."""

from __future__ import annotations

import math
from typing import Any

from corridor.report.envelope import say_title
from corridor.report.pictures.labels import place_labels
from corridor.report.pictures.style import BLUE, GREY, INCHES, INK, ORANGE, PALE, PAPER, drawing, write_svg
from corridor.words.language import ENGLISH, Language
from corridor.words.said import About, Rounded, Stated, join
from corridor.words.writing import tell, write

Figure = dict[str, Any]
KM_PER_DEGREE = 111.195  # of latitude, on a sphere of 6,371 km
LARGEST_CIRCLE = 1500.0  # points squared
WIDEST_ROAD = 8.0  # points
HARDLY = 100  # people; fewer are not written beside a place


class Projection:
    """Kilometres east and north of the middle of some places (equirectangular)."""

    def __init__(self, places: list[dict[str, Any]]) -> None:
        self.latitude = (min(p["latitude"] for p in places) + max(p["latitude"] for p in places)) / 2
        self.longitude = (min(p["longitude"] for p in places) + max(p["longitude"] for p in places)) / 2

    def place(self, place: dict[str, Any]) -> tuple[float, float]:
        """Return the position of a place."""
        east = (place["longitude"] - self.longitude) * math.cos(math.radians(self.latitude))
        return east * KM_PER_DEGREE, (place["latitude"] - self.latitude) * KM_PER_DEGREE


def draw_map(figure: Figure, language: Language = ENGLISH) -> str:
    """Return places as circles by people, roads as lines by flow, checkpoints, scale and north."""
    near = [place for place in figure["places"] if place["id"] in figure["near"]]
    everywhere = figure["places"]
    with drawing():
        wider = len(everywhere) > len(near)
        picture, panels = _lay_out(wider)
        scale = _scales(figure)
        _draw_panel(panels[0], figure, near, scale, language, largest=1.0)
        panels[0].set_title(tell(language, "axis.area"), loc="left")
        if wider:
            _draw_panel(panels[1], figure, everywhere, scale, language, largest=0.35, names=_names_of_region(figure))
            panels[1].set_title(tell(language, "axis.region"), loc="left")
        _draw_legend(picture, scale, language)
        top = sorted(everywhere, key=lambda place: -place["now"]["q50"])[:3]
        most = [join(place["name"], Rounded(place["now"]["q50"], 1.0), between=" ") for place in top]
        words = tell(language, "drawn.map", places=join(*most, between="; "))
        return write_svg(picture, "map", write(say_title(figure), language), words)


def _lay_out(wider: bool) -> tuple[Any, list[Any]]:
    """Return a figure and its one or two panels, placed by hand since maps keep their scale."""
    from matplotlib.figure import Figure as Picture

    heights, gap, foot, side = [3.9, 3.0] if wider else [3.9], 0.28, 1.2, 0.02  # inches
    full = sum(heights) + gap * len(heights) + foot
    tops = [full - gap - sum(heights[:i]) - gap * i for i in range(len(heights))]
    picture = Picture(figsize=(INCHES, full))
    return picture, [
        picture.add_axes((side / INCHES, (top - up) / full, 1 - 2 * side / INCHES, up / full))
        for top, up in zip(tops, heights, strict=True)
    ]


def _scales(figure: Figure) -> dict[str, float]:
    people = max([place["peak"] for place in figure["places"]] + [place["now"]["q50"] for place in figure["places"]])
    flow = max((abs(road["people_per_hour"] or 0.0) for road in figure["roads"]), default=0.0)
    return {"people": max(people, 1.0), "flow": max(flow, 1.0)}


def _names_of_region(figure: Figure) -> set[str]:
    """Return the places worth a name on the wider map: towns of the far part, and one of the area itself."""
    far = {place["id"] for place in figure["places"] if place["id"] not in figure["near"]}
    inside = [place for place in figure["places"] if place["area"] == "inside"]
    largest = max(inside, key=lambda place: place["peak"], default=None)
    return far | ({largest["id"]} if largest else set())


def _draw_panel(
    axes: Any,
    figure: Figure,
    places: list[dict[str, Any]],
    scale: dict[str, float],
    language: Language,
    largest: float,
    names: set[str] | None = None,
) -> None:
    projection = Projection(places)
    position = {place["id"]: projection.place(place) for place in places}
    for road in figure["roads"]:
        if road["from"] in position and road["to"] in position:
            _draw_road(axes, road, position, scale, largest)
    labels = []
    for place in sorted(places, key=lambda place: -place["peak"]):
        x, y = position[place["id"]]
        now, peak = place["now"]["q50"], place["peak"]
        for people, look in (
            (peak, {"facecolor": "none", "linestyle": (0, (2, 2)), "edgecolor": INK, "linewidth": 0.8}),
            (now, {"facecolor": BLUE, "alpha": 0.55, "edgecolor": INK, "linewidth": 0.8}),
        ):
            if people >= 1:
                axes.scatter(x, y, s=LARGEST_CIRCLE * largest**2 * people / scale["people"], zorder=3, **look)
        inside = place["area"] == "inside"
        axes.scatter(x, y, s=14 * largest + 4, color=INK if inside else PAPER, edgecolor=INK, lw=0.8, zorder=4)
        if place["checkpoint"]:
            axes.scatter(x, y, s=90 * largest + 15, marker="D", color=ORANGE, edgecolor=INK, linewidth=1.1, zorder=5)
        if names is None or place["id"] in names:
            area = LARGEST_CIRCLE * largest**2 * max(now, peak) / scale["people"]
            radius = max(math.sqrt(area / math.pi), 6.0 if place["checkpoint"] else 3.0)
            labels.append((x, y, _label(place, names is not None, language), radius))
    _frame(axes, list(position.values()), language)
    place_labels(axes, labels, 7.5 if names is not None else 8, list(position.values()))


def _label(place: dict[str, Any], short: bool, language: Language) -> str:
    name = place["name"].replace(" (region)", "")
    if short:
        return str(name.partition(" /")[0])
    now = place["now"]["q50"]
    text = name.replace(" / ", " /\n") if len(name) > 16 else name
    if place["checkpoint"]:
        text += f"\n({tell(language, 'legend.checkpoint')})"
    return f"{text}\n{write(About(now), language)}" if now >= HARDLY else text


def _draw_road(
    axes: Any, road: dict[str, Any], position: dict[str, Any], scale: dict[str, float], largest: float
) -> None:
    ends = [position[road["from"]], position[road["to"]]]
    xs, ys = zip(*ends, strict=True)
    flow = road["people_per_hour"]
    axes.plot(xs, ys, color=GREY, linewidth=0.8, zorder=1, linestyle="-" if flow is not None else (0, (3, 2)))
    wide = WIDEST_ROAD * max(largest, 0.55) * abs(flow or 0.0) / scale["flow"]
    if wide > 0.8:
        axes.plot(xs, ys, color=INK, alpha=0.75, linewidth=wide, zorder=2, solid_capstyle="round")


def _frame(axes: Any, points: list[tuple[float, float]], language: Language) -> None:
    """Set equal scales and room for labels; draw a scale bar and north."""
    xs, ys = zip(*points, strict=True)
    box = axes.get_window_extent()
    shape = box.height / box.width
    # room for names: a fifth of the width on each side, less above and below
    across = max((max(xs) - min(xs)) * 1.45, (max(ys) - min(ys)) * 1.25 / shape, 1.0)
    middle = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
    left, right = middle[0] - across / 2, middle[0] + across / 2
    axes.set_xlim(left, right)
    axes.set_ylim(middle[1] - across * shape / 2, middle[1] + across * shape / 2)
    axes.set_xticks([])
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(True)
        spine.set_color(PALE)
    length = _nice(0.25 * across)
    axes.annotate(
        tell(language, "legend.north"),
        (0.965, 0.97),
        (0.965, 0.86),
        xycoords="axes fraction",
        ha="center",
        va="center",
        fontsize=8,
        arrowprops={"arrowstyle": "-|>", "color": INK, "linewidth": 1},
    )
    from matplotlib.transforms import blended_transform_factory

    blend = blended_transform_factory(axes.transData, axes.transAxes)
    x0 = left + 0.02 * (right - left)
    axes.plot([x0, x0 + length], [0.045, 0.045], transform=blend, color=INK, linewidth=2, solid_capstyle="butt")
    axes.text(x0, 0.06, tell(language, "legend.km", length=Stated(length)), transform=blend, fontsize=8, va="bottom")


def _nice(length: float) -> float:
    power = 10.0 ** math.floor(math.log10(length))
    return max(step * power for step in (1, 2, 5) if step * power <= length)


def _draw_legend(picture: Any, scale: dict[str, float], language: Language) -> None:
    from matplotlib.lines import Line2D

    people, flow = _nice(scale["people"] / 2), _nice(scale["flow"])
    size = math.sqrt(LARGEST_CIRCLE * people / scale["people"])
    handles = [
        Line2D([], [], linestyle="", marker="o", markersize=size, color=BLUE, alpha=0.55, markeredgecolor=INK,
               label=tell(language, "legend.people", people=Stated(people))),
        Line2D([], [], linestyle="", marker="o", markersize=size, color="none", markeredgecolor=INK,
               label=tell(language, "legend.peak")),
        Line2D([], [], color=INK, alpha=0.75, linewidth=WIDEST_ROAD * flow / scale["flow"],
               label=tell(language, "legend.flow", people=Stated(flow))),
        Line2D([], [], linestyle="", marker="D", markersize=8, color=ORANGE, markeredgecolor=INK,
               label=tell(language, "legend.checkpoint")),
    ]  # fmt: skip
    picture.legend(handles=handles, loc="lower center", ncols=1, labelspacing=1.2)
