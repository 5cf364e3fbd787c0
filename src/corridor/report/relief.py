"""The briefing's section on supplies: what runs out first, cover over time, the gap with convoys and without, limits.

Gaps and person-days from stated stocks and needs, never a classification of food insecurity.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.replay import move_to_case
from corridor.report.envelope import Figure, Values, begin_figure, describe_bands, describe_spread, write_times
from corridor.report.pictures.lines import draw_fan
from corridor.report.pictures.style import GREY, INK, ORANGE, TimeAxis, Width, drawing, new_figure, write_svg
from corridor.report.words import join_words, write_chance, write_moment, write_number, write_range
from corridor.results.moments import shown_from
from corridor.results.relief import LABEL, ROAD, Shelf, read_shelves
from corridor.scenario.convoys import without_convoys
from corridor.simulate.ensemble import prepare

if TYPE_CHECKING:
    from corridor.results.result import Result

MOST_PANELS = 6
MOST_DAYS = 7.0  # of cover shown; more is more than enough
PAIRS = 100  # replicates simulated again without any convoy
CAUSES = {
    "trucks": "for trucks to come back",
    "fuel": "for fuel",
    "clearance": "for a clearance",
    "slot": "for a slot",
    "road": "for the road to open inwards",
    "inspection": "at inspection",
}


def has_supplies(result: Result) -> bool:
    """Tell whether the run's scenario states needs, so that supplies were recorded."""
    return any(column.startswith("needed:") for column in result.columns)


def figures_of_relief(result: Result, moment: datetime) -> dict[str, Figure]:
    """Return the figures of the section by name; none when the run knows no stock that people need."""
    shelves = _order(read_shelves(result))
    if not shelves:
        return {}
    return {
        "relief_cover": describe_cover(result, moment, shelves),
        "relief_gap": describe_gap(result, moment, shelves),
    }


def _order(shelves: list[Shelf]) -> list[Shelf]:
    """Return the shelves where something is needed, the first to run out first; the road last."""
    some = [shelf for shelf in shelves if shelf.needed[:, -1].any()]
    return sorted(some, key=lambda s: (s.place == ROAD, float(np.median(s.out_hours)), s.place, s.item))


def describe_cover(result: Result, moment: datetime, shelves: list[Shelf]) -> Figure:
    """Return the days of cover at each place over time, for the places and items that run out first."""
    names = _name_places(result)
    return begin_figure(
        result,
        "relief_cover",
        "How long stocks last",
        "days of cover",
        moment=moment.isoformat(timespec="minutes"),
        shown_from=shown_from(result).isoformat(timespec="minutes"),
        times=write_times(result.times),
        most_days=MOST_DAYS,
        series=[
            {
                "place": shelf.place,
                "item": shelf.item,
                "label": f"{names.get(shelf.place, shelf.place)}: {shelf.item.replace('_', ' ')}",
                **describe_bands(_cover_over_time(shelf)),
            }
            for shelf in shelves
            if shelf.place != ROAD
        ][:MOST_PANELS],
    )


def _cover_over_time(shelf: Shelf) -> Values:
    """Return days of cover [R, T], at most the days shown; nothing where nobody needs anything any more."""
    cover = np.stack([shelf.cover_days(index) for index in range(shelf.stock.shape[1])], axis=1)
    return np.asarray(np.where(np.isfinite(cover), np.minimum(cover, MOST_DAYS), np.nan))


def describe_gap(result: Result, moment: datetime, shelves: list[Shelf]) -> Figure:
    """Return person-days without by the end, with the convoys of the run and if none had been sent.

    The same replicates are simulated again without convoys, at most PAIRS of them, so the difference is paired.
    """
    unaided = _simulate_unaided(result, min(result.replicates, PAIRS))
    names, rows = _name_places(result), []
    for shelf in shelves:
        aided = shelf.person_days[: len(next(iter(unaided.values()))), -1]
        without = unaided[f"person_days_without:{shelf.place}:{shelf.item}"]
        rows.append(
            {
                "place": shelf.place,
                "item": shelf.item,
                "label": f"{names.get(shelf.place, 'on the road')}: {shelf.item.replace('_', ' ')}",
                "with_convoys": describe_spread(aided),
                "without_convoys": describe_spread(without),
                "saved": describe_spread(without - aided),
            }
        )
    return begin_figure(
        result,
        "relief_gap",
        "Person-days without, with the convoys and without",
        "person-days",
        moment=moment.isoformat(timespec="minutes"),
        replicates=min(result.replicates, PAIRS),
        label=LABEL,
        rows=rows,
    )


def _simulate_unaided(result: Result, replicates: int) -> dict[str, Values]:
    """Return person-days without by the end of the first replicates, by column, had nothing been sent [R]."""
    chosen, scenario = result.manifest["parameters"], result.scenario
    ensemble = prepare(scenario, chosen, result.manifest["seed"])
    record = move_to_case(ensemble, without_convoys(scenario, scenario.start)).simulate(np.arange(replicates))
    return {
        name: record.measures[:, -1, i]
        for i, name in enumerate(record.columns.measures)
        if name.startswith("person_days_without:")
    }


def _name_places(result: Result) -> dict[str, str]:
    return {row["id"]: str(row["name"]) for row in result.scenario.rows("places", result.manifest["parameters"])}


def say_relief(result: Result, figures: dict[str, Figure]) -> list[str]:
    """Return the sentences of the section: what runs out first, the gap, what held convoys up."""
    shelves = [shelf for shelf in _order(read_shelves(result)) if shelf.place != ROAD]
    if not shelves:
        return ["No stock that people need is stated: only what comes in is counted, and nobody is said to go without."]
    return [_say_first(result, shelves[:3]), _say_gap(figures["relief_gap"]), _say_waits(result), LABEL]


def _say_first(result: Result, shelves: list[Shelf]) -> str:
    names, parts = _name_places(result), []
    for shelf in shelves:
        happens = np.isfinite(shelf.out_hours)
        if not happens.any():
            continue
        hours = np.quantile(shelf.out_hours[happens], [0.05, 0.95], method="nearest")
        first, last = (write_moment(result.times[0] + timedelta(hours=float(h))) for h in hours)
        where = f"{shelf.item.replace('_', ' ')} at {names.get(shelf.place, shelf.place)}"
        when = f"between {first} and {last}" if first != last else f"on {first}"
        parts.append(f"{where} ({write_chance(float(happens.mean()))}, {when})")
    return f"First to run out: {join_words(parts)}." if parts else "Nothing whose stock is known runs out."


def _say_gap(figure: Figure) -> str:
    rows = [row for row in figure["rows"] if row["place"] != ROAD]
    aided, unaided = (sum(row[name]["q50"] for row in rows) for name in ("with_convoys", "without_convoys"))
    return (
        f"At the places about {write_number(aided)} person-days go without something by the end, "
        f"{write_number(unaided)} if no convoy "
        "had been sent (sums of medians; people on the road apart)."
    )


def _say_waits(result: Result) -> str:
    """Return what held convoys up, in truck-hours."""
    parts = []
    for cause, words in CAUSES.items():
        hours = result.take(f"relief_waited_hours:{cause}")[:, -1]
        if np.quantile(hours, 0.95) >= 0.5:
            parts.append((float(hours.mean()), write_range(hours, f"truck-hours {words}", 0.1)))
    back = result.take("relief_trucks_turned_back:")[:, -1]
    text = join_words([words for _, words in sorted(parts, reverse=True)])
    told = f"Convoys waited {text}." if parts else "No convoy was held up."
    return told + (f" {write_range(back, 'trucks were turned back')}." if np.median(back) >= 1 else "")


def caption_relief(result: Result, figure: Figure) -> list[str]:
    """Return the sentences under a figure of this section, without those that every figure ends with."""
    del result
    if figure["name"] == "relief_cover":
        return [
            f"Days for which the stock lasts at the need of the 24 hours before; more than {MOST_DAYS:g} are drawn as "
            f"{MOST_DAYS:g}. Dark band: 5 in 10 runs, light: 9 in 10, line: the median, over the runs in which "
            f"somebody still needs it there. {LABEL}"
        ]
    return [
        f"Filled: with the convoys of the run; hollow: the same {figure['replicates']} runs if none had been sent. "
        f"Points are medians, lines hold 9 in 10 runs. {LABEL}"
    ]


def draw_relief_cover(figure: Figure, width: Width) -> str:
    """Return one small chart of days of cover for each place and item, the first to run out first."""
    across = 1 if width.is_narrow else 2
    panels = figure["series"]
    down = -(-len(panels) // across)
    axis = TimeAxis(figure["shown_from"], figure["times"][-1])
    with drawing():
        picture = new_figure(width, 0.3 + 1.55 * down)
        charts = picture.subplots(down, across, sharex=True, sharey=True, squeeze=False)
        for axes, series in zip(charts.flat, panels, strict=False):
            draw_fan(axes, figure, series)
            axes.set_title(series["label"], loc="left")
            axes.axhline(1.0, color=GREY, linewidth=0.8, linestyle=(0, (4, 2)))
            axes.set_ylim(0, figure["most_days"])
            axes.set_ylabel("days")
            axis.draw(axes, width)
            if axis.place(figure["moment"]) >= 0:
                axes.axvline(axis.place(figure["moment"]), color=INK, linewidth=0.8, linestyle=(0, (5, 2)))
        for axes in list(charts.flat)[len(panels) :]:
            axes.set_visible(False)
        for axes in list(charts.flat)[len(panels) - across : len(panels)]:  # the last chart of each column has dates
            axes.tick_params(axis="x", labelbottom=True)
        words = "; ".join(f"{series['label']}: {_name_first(series)}" for series in panels)
        return write_svg(picture, f"relief_cover-{width.name}", figure["title"], words)


def _name_first(series: dict[str, Any]) -> str:
    start = next((value for value in series["q50"] if value is not None), None)
    return "no need" if start is None else f"{start:.1f} days at the start"


def draw_relief_gap(figure: Figure, width: Width) -> str:
    """Return person-days without by place and item: filled with the convoys, hollow without."""
    rows = figure["rows"]
    with drawing():
        picture = new_figure(width, 0.8 + 0.42 * len(rows))
        axes = picture.subplots()
        for position, row in enumerate(rows):
            for name, shift, colour in (("with_convoys", -0.14, ORANGE), ("without_convoys", 0.14, "white")):
                spread, y = row[name], position + shift
                axes.plot([spread["q05"], spread["q95"]], [y, y], color=INK, linewidth=1.2, zorder=2)
                axes.plot(spread["q50"], y, marker="o", markersize=7, color=colour, markeredgecolor=INK, zorder=3)
        labels = [row["label"].replace(" / ", " /\n") if width.is_narrow else row["label"] for row in rows]
        axes.set_yticks(range(len(rows)), labels)
        axes.set_ylim(len(rows) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.set_xlim(left=0)
        axes.xaxis.set_major_locator(_few_ticks(width))
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
        axes.grid(axis="x", color="#DDDDDD", linewidth=0.6)
        axes.set_axisbelow(True)
        axes.set_xlabel("person-days without")
        words = "; ".join(
            f"{row['label']}: {row['with_convoys']['q50']:,.0f} with, {row['without_convoys']['q50']:,.0f} without"
            for row in rows
        )
        return write_svg(picture, f"relief_gap-{width.name}", figure["title"], words)


def _few_ticks(width: Width) -> Any:
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(nbins=3 if width.is_narrow else 6)
