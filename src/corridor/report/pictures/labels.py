"""Labels on a map that keep clear of each other and of the places."""

from __future__ import annotations

from typing import Any

from corridor.report.pictures.style import GREY, PAPER

# Where a label may stand, in order of preference: side (-1 left, 0 middle, 1 right) and height (-1 below, 1 above).
SIDES = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))
FURTHER = (1.0, 1.8, 3.0, 4.5)
Box = tuple[float, float, float, float]


def overlap(a: Box, b: Box) -> float:
    """Return the area two boxes (left, bottom, right, top) share."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return max(width, 0.0) * max(height, 0.0)


def outside(box: Box, frame: Box) -> float:
    """Return the area of a box outside a frame."""
    return (box[2] - box[0]) * (box[3] - box[1]) - overlap(box, frame)


def place_labels(
    axes: Any, labels: list[tuple[float, float, str, float]], size: float, points: list[tuple[float, float]]
) -> None:
    """Write labels (x, y, text, radius of the circle in points), each where it covers least of what is there.

    Greedy, the first label first; a label set far from its place is joined to it by a thin line.
    """
    figure = axes.figure
    figure.canvas.draw() if hasattr(figure.canvas, "get_renderer") else figure.draw_without_rendering()
    scale = figure.dpi / 72
    frame_box = axes.get_window_extent()
    frame = (frame_box.x0, frame_box.y0, frame_box.x1, frame_box.y1)
    taken: list[Box] = [_square(axes, x, y, 5 * scale) for x, y in points]
    taken += [_square(axes, x, y, 0.8 * radius * scale) for x, y, _, radius in labels]
    for x, y, text, radius in labels:
        lines = text.split("\n")
        width = max(len(line) for line in lines) * size * 0.58 * scale
        height = len(lines) * size * 1.25 * scale
        middle = axes.transData.transform((x, y))
        best = min(
            (
                _cost(_box(middle, side, (radius + 3) * far * scale, width, height), taken, frame)
                + rank * 0.3
                + far * 40 * scale,
                rank,
                far,
                side,
            )
            for far in FURTHER
            for rank, side in enumerate(SIDES)
        )
        _, _, far, side = best
        box = _box(middle, side, (radius + 3) * far * scale, width, height)
        taken.append(box)
        _write(axes, (x, y), middle, box, side, text, size, far > 1.0)


def _square(axes: Any, x: float, y: float, half: float) -> Box:
    middle = axes.transData.transform((x, y))
    return (middle[0] - half, middle[1] - half, middle[0] + half, middle[1] + half)


def _box(middle: Any, side: tuple[int, int], away: float, width: float, height: float) -> Box:
    across, up = side
    part = 0.7 if across and up else 1.0
    left = middle[0] + across * away * part - (width if across < 0 else width / 2 if across == 0 else 0.0)
    bottom = middle[1] + up * away * part - (height if up < 0 else height / 2 if up == 0 else 0.0)
    return (left, bottom, left + width, bottom + height)


def _cost(box: Box, taken: list[Box], frame: Box) -> float:
    return sum(overlap(box, other) for other in taken) + 5 * outside(box, frame)


def _write(
    axes: Any,
    place: tuple[float, float],
    middle: Any,
    box: Box,
    side: tuple[int, int],
    text: str,
    size: float,
    far: bool,
) -> None:
    scale = axes.figure.dpi / 72
    across = side[0]
    x = box[0] if across > 0 else box[2] if across < 0 else (box[0] + box[2]) / 2
    axes.annotate(
        text,
        place,
        ((x - middle[0]) / scale, ((box[1] + box[3]) / 2 - middle[1]) / scale),
        textcoords="offset points",
        ha="left" if across > 0 else "right" if across < 0 else "center",
        va="center",
        fontsize=size,
        linespacing=1.1,
        zorder=6,
        arrowprops={"arrowstyle": "-", "color": GREY, "linewidth": 0.5} if far else None,
        bbox={"facecolor": PAPER, "edgecolor": "none", "alpha": 0.65, "pad": 0.5},
    )
