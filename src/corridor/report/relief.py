"""The briefing's section on supplies: what runs out first, cover over time, the gap with convoys and without, limits.

Gaps and person-days from stated stocks and needs, never a classification of food insecurity.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.report.cover import say_cover
from corridor.report.envelope import Figure, begin_figure, describe_bands, write_times
from corridor.report.names import recognise
from corridor.report.sentences import range_of, say_range
from corridor.report.shortage import name_item, order_shelves
from corridor.results.moments import shown_from
from corridor.results.relief import LABEL, ROAD, Shelf
from corridor.results.result import Values
from corridor.results.summary import describe_spread
from corridor.words.said import Chance, Digits, Field, Moment, Stated, join, say
from corridor.words.writing import write

if TYPE_CHECKING:
    from corridor.results.result import Result

Unaided = Mapping[tuple[str, ...], Values]  # by place and item: person-days without, for the first replicates [R]
MOST_PANELS = 6
MOST_DAYS = 7.0  # of cover shown; more is more than enough
CAUSES = ("trucks", "fuel", "clearance", "slot", "road", "inspection")  # for which convoys wait


def describe_cover(result: Result, moment: datetime) -> Figure:
    """Return the days of cover at each place over time, for the places and items that run out first."""
    names = _name_places(result)
    return begin_figure(
        result,
        "relief_cover",
        "days of cover",
        moment=moment.isoformat(timespec="minutes"),
        shown_from=shown_from(result).isoformat(timespec="minutes"),
        times=write_times(result.times),
        most_days=MOST_DAYS,
        series=[
            {
                **_describe_shelf(shelf, names),
                **describe_bands(_cover_over_time(shelf)),
            }
            for shelf in order_shelves(result)
            if shelf.place != ROAD and shelf.kept
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
                **_describe_shelf(shelf, names),
                "with_convoys": describe_spread(aided),
                "without_convoys": describe_spread(without),
                "saved": describe_spread(without - aided),
            }
        )
    return begin_figure(
        result,
        "relief_gap",
        "person-days",
        moment=moment.isoformat(timespec="minutes"),
        replicates=replicates,
        label=LABEL,
        rows=rows,
        items=[{"item": item, "saved": describe_spread(saved)} for item, saved in sums.items()],
    )


def _name_places(result: Result) -> dict[str, str]:
    return {row["id"]: str(row["name"]) for row in result.scenario.rows("places", result.manifest["parameters"])}


def say_relief(result: Result, figures: Mapping[str, Figure]) -> list[Field]:
    """Return the sentences of the section: what runs out first, the gap, what held convoys up; none without needs."""
    if not result.labels("needed"):
        return []
    shelves = [shelf for shelf in order_shelves(result) if shelf.place != ROAD]
    if not shelves:
        return [say("supplies.no_stock")]
    gap = _say_gap(figures["relief_gap"])
    return [
        _say_first(result, [shelf for shelf in shelves if shelf.kept][:3]),
        gap,
        _say_waits(result),
        recognise(LABEL),
    ]


def _say_first(result: Result, shelves: list[Shelf]) -> Field:
    names, parts = _name_places(result), []
    for shelf in shelves:
        happens = np.isfinite(shelf.out_hours)
        if not happens.any():
            continue
        hours = np.quantile(shelf.out_hours[happens], [0.05, 0.95], method="nearest")
        first, last = (Moment(result.times[0] + timedelta(hours=float(h))) for h in hours)
        fields: dict[str, Field] = {"item": name_item(shelf.item), "place": names.get(shelf.place, shelf.place)}
        fields |= {"chance": Chance(float(happens.mean())), "first": first, "last": last}
        parts.append(say(f"supplies.stock.{'on' if first == last else 'between'}", **fields))
    return say("supplies.first", stocks=join(*parts)) if parts else say("supplies.first.none")


def _say_gap(figure: Figure) -> Field:
    """Return the person-days that convoys spared people, by item: over items they are never added."""
    parts = [
        say("supplies.gap.item", item=name_item(row["item"]), saved=range_of(row["saved"])) for row in figure["items"]
    ]
    return say("supplies.gap", replicates=Stated(figure["replicates"]), items=join(*parts))


def _say_waits(result: Result) -> Field:
    """Return what held convoys up, in truck-hours."""
    parts = []
    for cause in CAUSES:
        hours = result.take("relief_waited_hours", cause)[:, -1]
        if np.quantile(hours, 0.95) >= 0.5:
            parts.append((float(hours.mean()), cause, say_range(f"supplies.waited.{cause}", hours, 0.1)))
    parts.sort(key=lambda part: part[:2], reverse=True)
    told: Field = say("supplies.waited", causes=join(*(said for *_, said in parts)))
    told = told if parts else say("supplies.waited.none")
    back = result.take("relief_trucks_turned_back")[:, -1]
    return join(told, say_range("supplies.turned_back", back), between=" ") if np.median(back) >= 1 else told


def name_shelf(row: Mapping[str, Any]) -> Field:
    """Return what a chart calls a stock by its place and item: "Stepanakert: food"."""
    place: Field = say("supplies.road") if row["place"] == ROAD else row["place_name"]
    return say("supplies.shelf", place=place, item=name_item(row["item"]))


def _describe_shelf(shelf: Shelf, names: Mapping[str, str]) -> dict[str, str]:
    row = {"place": shelf.place, "place_name": names.get(shelf.place, shelf.place), "item": shelf.item}
    return {**row, "label": write(name_shelf(row))}


def caption_cover(figure: Figure) -> list[Field]:
    """Return the sentences under the picture of cover, without those that every figure ends with."""
    return [join(*say_cover(figure), recognise(LABEL), between=" ")]


def caption_relief(figure: Figure) -> list[Field]:
    """Return the sentences under a figure of this section, without those that every figure ends with."""
    most, replicates = Digits(MOST_DAYS), Stated(figure.get("replicates", 0))
    said = say(f"caption.{figure['name']}", most=most, replicates=replicates)
    return [join(said, recognise(LABEL), between=" ")]
