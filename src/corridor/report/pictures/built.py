"""The map of a case that was just built: what is joined to what, where the crossings are, and what is not connected."""

from __future__ import annotations

import math
from typing import Any

from corridor.report.pictures.labels import place_labels
from corridor.report.pictures.style import BLUE, GREY, INK, PAPER, SKY, VERMILION, drawing, new_figure, write_svg

Figure = dict[str, Any]
MOST_LABELS = 40  # names on one picture; of more places the larger ones
MOST_POINTS = 120  # places that names keep clear of
MARKS = {"place": ("o", INK), "crossing": ("s", BLUE), "junction": (".", GREY), "end": ("^", BLUE)}
SIZES = {"city": 0, "town": 1, "village": 2, "hamlet": 3}


def draw_built(figure: Figure) -> str:
    """Return the map as SVG: roads along their course, ferries dashed, places not connected crossed out and named."""
    middle = figure["middle"]
    latitudes = [place["latitude"] for place in (*figure["places"], *figure["unconnected"])]
    shrink = max(math.cos(math.radians(sum(latitudes) / len(latitudes))), 0.05)

    def across(longitude: float) -> float:
        return float(((longitude - middle + 180.0) % 360.0 - 180.0) * shrink)

    with drawing():
        picture = new_figure(5.2)
        axes = picture.subplots()
        for ferry, colour, dashes in ((False, GREY, "-"), (True, SKY, (0, (3, 2)))):
            courses = [road for road in figure["roads"] if road["ferry"] == ferry]
            if courses:  # as one broken line: thousands of lines take seconds
                x = [across(one) for road in courses for one in (*road["longitude"], math.nan)]
                y = [one for road in courses for one in (*road["latitude"], math.nan)]
                axes.plot(x, y, color=colour, linestyle=dashes, linewidth=1.1, zorder=2)
        _draw_places(axes, figure["places"], across)
        lost = figure["unconnected"]
        if lost:
            points = [across(place["longitude"]) for place in lost], [place["latitude"] for place in lost]
            axes.plot(*points, "x", color=VERMILION, markersize=6, zorder=5, label="not connected: left out")
        axes.set_aspect("equal", adjustable="datalim")
        axes.set_axis_off()
        _write_names(axes, figure, across)
        picture.legend(loc="outside lower center", ncols=2, handlelength=1.2)
        picture.suptitle(figure["attribution"].replace(", ", ",\n", 1), fontsize=6, color=GREY)
        return write_svg(picture, "built", "What was built", _describe(figure))


def _draw_places(axes: Any, places: list[Figure], across: Any) -> None:
    labels = {("place", True): "place inside", ("place", False): "place outside", ("crossing", True): "crossing",
              ("end", False): "end of a road outside", ("junction", True): "junction"}  # fmt: skip
    for (role, inside), label in labels.items():
        some = [p for p in places if p["role"] == role and (p["inside"] == inside or role == "junction")]
        if some:
            mark, colour = MARKS[role]
            face = colour if inside or role != "place" else PAPER
            points = [across(p["longitude"]) for p in some], [p["latitude"] for p in some]
            look = {"markersize": 3 if role == "junction" else 5, "markerfacecolor": face, "zorder": 4}
            axes.plot(*points, mark, color=colour, label=label, **look)


def _write_names(axes: Any, figure: Figure, across: Any) -> None:
    lost = [{**place, "name": f"{place['name']} (not connected)", "kind": "city"} for place in figure["unconnected"]]
    named = [*lost, *(place for place in figure["places"] if place["role"] == "place")]
    named.sort(key=lambda place: (SIZES.get(place["kind"], 9), not place.get("inside", True)))
    labels = [(across(p["longitude"]), p["latitude"], p["name"][:40], 3.0) for p in named[:MOST_LABELS]]
    place_labels(axes, labels, 7, [(across(p["longitude"]), p["latitude"]) for p in named[:MOST_POINTS]])


def _describe(figure: Figure) -> str:
    lost = ", ".join(place["name"] for place in figure["unconnected"]) or "none"
    inside = sum(place["role"] == "place" and place["inside"] for place in figure["places"])
    return f"{inside} places inside and {len(figure['roads'])} roads. Not connected: {lost}. {figure['attribution']}"
