"""A timetable picture: when each place is reached, with what, and when it goes short. Readable in black and
white.
"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.relief.plan import Plan

# Okabe and Ito's colours, told apart with any colour vision; hatching tells them apart without colour.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "ooo", "+++", "---")


def draw_timetable(plan: Plan, sensitivity: str) -> str:
    """Return the timetable as SVG text: one row for each place, a bar of loads for each day or departure.

    The height of a bar is tonnes arriving; the grey band under it is the share of the worst item's need
    unmet. With the label public, bars stand at whole days.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"svg.hashsalt": "corridor", "svg.fonttype": "none", "hatch.linewidth": 0.6}):
        places = [place for place in plan.problem.places if any(c.to == place for c in plan.convoys)]
        figure = Figure(figsize=(10, 1.2 + 0.9 * max(len(places), 1)), layout="constrained")
        axes = figure.subplots(max(len(places), 1), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        tallest = max((sum(c.loads.values()) for c in plan.convoys), default=1.0)
        for row, place in enumerate(places):
            _draw_place(axes[row], plan, place, sensitivity)
            axes[row].set_ylim(-0.35 * tallest, None)
        if not places:
            axes[0].text(0.5, 0.5, "No convoy in this plan", ha="center", transform=axes[0].transAxes)
        _add_legend(figure, plan)
        figure.suptitle(f"Relief arriving, tonnes (sensitivity: {sensitivity})", fontsize=11)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": "Corridor"})
    return buffer.getvalue()


def _draw_place(axes: Any, plan: Plan, place: str, sensitivity: str) -> None:
    problem = plan.problem
    by_day = sensitivity == "public"
    width = timedelta(hours=20 if by_day else problem.period_hours * 0.85)
    heights: dict[Any, float] = {}
    for convoy in plan.convoys:
        if convoy.to != place:
            continue
        moment = convoy.arrives
        if by_day:
            moment = moment.replace(hour=2, minute=0, second=0, microsecond=0)
        for k, item in enumerate(problem.items):
            tonnes = convoy.loads.get(item.id, 0.0)
            axes.bar(
                moment, tonnes, width, bottom=heights.get(moment, 0.0), align="edge", edgecolor="black",
                linewidth=0.4, color=COLOURS[k % len(COLOURS)], hatch=HATCHES[k % len(HATCHES)],
            )  # fmt: skip
            heights[moment] = heights.get(moment, 0.0) + tonnes
    starts = [problem.time_of(t) for t in range(problem.periods + 1)]
    low = -0.3 * max((sum(c.loads.values()) for c in plan.convoys), default=1.0)
    short = _worst_share(plan, place)
    axes.fill_between(starts, low * np.append(short, short[-1:]), 0.0, step="post", color="0.6", linewidth=0)
    axes.axhline(0.0, color="black", linewidth=0.6)
    axes.set_ylabel(place, rotation=0, ha="right", va="center", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)


def _worst_share(plan: Plan, place: str) -> NDArray[np.float64]:
    here = plan.formulation.pairs[:, 0] == plan.problem.places.index(place)
    if not here.any():
        return np.zeros(plan.problem.periods)
    return np.asarray(plan.short[:, here].max(axis=1))


def _add_legend(figure: Any, plan: Plan) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=COLOURS[k % 8], hatch=HATCHES[k % 8], edgecolor="black", linewidth=0.4, label=item.id)
        for k, item in enumerate(plan.problem.items)
    ]
    handles.append(Patch(facecolor="0.6", label="share of the worst item's need unmet"))
    figure.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=8, frameon=False)
