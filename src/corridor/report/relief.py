"""The briefing's section on supplies: what runs out first, cover over time, the gap with convoys and without, limits.

Gaps and person-days from stated stocks and needs, never a classification of food insecurity.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from corridor.report.envelope import Figure, begin_figure, describe_bands, write_times
from corridor.report.shortage import order_shelves
from corridor.report.words import join_words, write_chance, write_moment, write_range, write_spread
from corridor.results.moments import shown_from
from corridor.results.relief import LABEL, ROAD, Shelf
from corridor.results.result import Values
from corridor.results.summary import describe_spread

if TYPE_CHECKING:
    from corridor.results.result import Result

Unaided = Mapping[tuple[str, ...], Values]  # by place and item: person-days without, for the first replicates [R]
MOST_PANELS = 6
MOST_DAYS = 7.0  # of cover shown; more is more than enough
CAUSES = {
    "trucks": "for trucks to come back",
    "fuel": "for fuel",
    "clearance": "for a clearance",
    "slot": "for a slot",
    "road": "for the road to open inwards",
    "inspection": "at inspection",
}


def describe_cover(result: Result, moment: datetime) -> Figure:
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
            for shelf in order_shelves(result)
            if shelf.place != ROAD
        ][:MOST_PANELS],
    )


def _cover_over_time(shelf: Shelf) -> Values:
    """Return days of cover [R, T], at most the days shown; nothing where nobody needs anything any more."""
    cover = np.stack([shelf.cover_days(index) for index in range(shelf.stock.shape[1])], axis=1)
    return np.asarray(np.where(np.isfinite(cover), np.minimum(cover, MOST_DAYS), np.nan))


def describe_gap(result: Result, moment: datetime, unaided: Mapping[tuple[str, ...], Values]) -> Figure:
    """Return person-days without by the end, with the convoys of the run and if none had been sent.

    `unaided` maps place and item to person-days without, their values without convoys, for the first replicates [R].
    """
    replicates = len(next(iter(unaided.values())))
    names, rows = _name_places(result), []
    sums: dict[str, Values] = {}
    for shelf in order_shelves(result):
        aided = shelf.person_days[:replicates, -1]
        without = unaided[shelf.place, shelf.item]
        sums[shelf.item] = sums.get(shelf.item, np.zeros(replicates)) + without - aided
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
        replicates=replicates,
        label=LABEL,
        rows=rows,
        items=[{"item": item, "saved": describe_spread(saved)} for item, saved in sums.items()],
    )


def _name_places(result: Result) -> dict[str, str]:
    return {row["id"]: str(row["name"]) for row in result.scenario.rows("places", result.manifest["parameters"])}


def say_relief(result: Result, figures: Mapping[str, Figure]) -> list[str]:
    """Return the sentences of the section: what runs out first, the gap, what held convoys up; none without needs."""
    if not result.labels("needed"):
        return []
    shelves = [shelf for shelf in order_shelves(result) if shelf.place != ROAD]
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
    return (
        f"Of what people need, first to run out: {join_words(parts)}."
        if parts
        else "Nothing whose stock is known runs out."
    )


def _say_gap(figure: Figure) -> str:
    """Return the person-days that convoys spared people, by item: over items they are never added."""
    parts = [f"{row['item'].replace('_', ' ')} {write_spread(row['saved'])}" for row in figure["items"]]
    return (
        "Person-days without that the convoys spare people by the end, places and road together, tried on "
        f"{figure['replicates']} of the runs: {join_words(parts)}. They are not added over items: one person may go "
        "without several."
    )


def _say_waits(result: Result) -> str:
    """Return what held convoys up, in truck-hours."""
    parts = []
    for cause, words in CAUSES.items():
        hours = result.take("relief_waited_hours", cause)[:, -1]
        if np.quantile(hours, 0.95) >= 0.5:
            parts.append((float(hours.mean()), write_range(hours, f"truck-hours {words}", 0.1)))
    back = result.take("relief_trucks_turned_back")[:, -1]
    text = join_words([words for _, words in sorted(parts, reverse=True)])
    told = f"Convoys waited {text}." if parts else "No convoy was held up."
    return told + (f" {write_range(back, 'trucks were turned back')}." if np.median(back) >= 1 else "")


def caption_relief(figure: Figure) -> list[str]:
    """Return the sentences under a figure of this section, without those that every figure ends with."""
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
