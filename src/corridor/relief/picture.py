"""A timetable picture: when each place is reached, with what, and when it goes short. Readable in black and
white.
"""

from __future__ import annotations

import io
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from datetime import datetime

    from numpy.typing import NDArray

    from corridor.relief.plan import Plan

# Okabe and Ito's colours, told apart with any colour vision; hatching tells them apart without colour.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999")
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "ooo", "+++", "---")


def draw_timetable(plan: Plan, sensitivity: str) -> str:
    """Return the timetable as SVG text: one row for each place, a bar for what arrives at one time.

    The height of a bar is tonnes; the grey band below the line is the share of the need unmet of the item
    that is worst off, its full depth meaning all. With the label public, bars stand at whole days.
    """
    import matplotlib as mpl
    from matplotlib.figure import Figure

    arriving = _arrivals(plan, sensitivity)
    places = [place for place in plan.problem.places if place in arriving]
    tallest = max((sum(loads.values()) for times in arriving.values() for loads in times.values()), default=0.0) or 1.0
    with mpl.rc_context({"svg.hashsalt": "corridor", "svg.fonttype": "none", "hatch.linewidth": 0.6}):
        figure = Figure(figsize=(10, 1.4 + 0.9 * max(len(places), 1)), layout="constrained")
        axes = figure.subplots(max(len(places), 1), 1, sharex=True, sharey=True, squeeze=False)[:, 0]
        for row, place in enumerate(places):
            _draw_place(axes[row], plan, place, arriving[place], 0.3 * tallest, sensitivity)
        if not places:
            axes[0].text(0.5, 0.5, "No convoy in this plan", ha="center", transform=axes[0].transAxes)
        axes[0].set_ylim(-0.35 * tallest, 1.08 * tallest)
        axes[0].set_yticks([0.0, float(f"{0.8 * tallest:.1g}")])
        _add_legend(figure, plan)
        figure.suptitle(f"Relief arriving, tonnes (sensitivity: {sensitivity})", fontsize=11)
        buffer = io.StringIO()
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": "Corridor"})
    return buffer.getvalue()


def _arrivals(plan: Plan, sensitivity: str) -> dict[str, dict[datetime, dict[str, float]]]:
    """Return place -> time -> item -> tonnes arriving; times are those of periods, or of days when public."""
    found: dict[str, dict[datetime, dict[str, float]]] = {}
    problem = plan.problem
    for convoy in plan.convoys:
        period = (convoy.arrives - problem.start) // timedelta(hours=problem.period_hours)
        moment = problem.time_of(period)
        if sensitivity == "public":
            moment = convoy.arrives.replace(hour=2, minute=0, second=0, microsecond=0)
        loads = found.setdefault(convoy.to, {}).setdefault(moment, {})
        for item, tonnes in convoy.loads.items():
            loads[item] = loads.get(item, 0.0) + tonnes
    return found


def _draw_place(
    axes: Any,
    plan: Plan,
    place: str,
    times: dict[datetime, dict[str, float]],
    depth: float,
    sensitivity: str,
) -> None:
    problem = plan.problem
    width = timedelta(hours=20 if sensitivity == "public" else problem.period_hours * 0.85)
    for moment, loads in times.items():
        height = 0.0
        for k, item in enumerate(problem.items):
            tonnes = loads.get(item.id, 0.0)
            if tonnes > 0.0:
                axes.bar(
                    moment,
                    tonnes,
                    width,
                    bottom=height,
                    align="edge",
                    edgecolor="black",
                    linewidth=0.4,
                    color=COLOURS[k % len(COLOURS)],
                    hatch=HATCHES[k % len(HATCHES)],
                )
                height += tonnes
    starts = [problem.time_of(t) for t in range(problem.periods + 1)]
    short = _worst_share(plan, place)
    axes.fill_between(starts, -depth * np.append(short, short[-1:]), 0.0, step="post", color="0.6", linewidth=0)
    axes.axhline(0.0, color="black", linewidth=0.6)
    axes.set_ylabel(place, rotation=0, ha="right", va="center", fontsize=9)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(labelsize=8)


def _worst_share(plan: Plan, place: str) -> NDArray[np.float64]:
    here = plan.formulation.pairs[:, 0] == plan.problem.places.index(place)
    if not here.any():
        return np.zeros(plan.problem.periods)
    return np.asarray(plan.promised[:, here].max(axis=1))


def _add_legend(figure: Any, plan: Plan) -> None:
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=COLOURS[k % 8], hatch=HATCHES[k % 8], edgecolor="black", linewidth=0.4, label=item.id)
        for k, item in enumerate(plan.problem.items)
    ]
    handles.append(Patch(facecolor="0.6", label="below the line: share of need unmet, worst item (full depth is all)"))
    figure.legend(handles=handles, loc="outside lower center", ncols=4, fontsize=8, frameon=False)
