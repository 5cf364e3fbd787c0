"""Days of cover by place and item at one moment: a stock in days, what cannot be kept in hours a day met.

Where nothing is stated it says so; where nobody needs a thing, that. Gaps from stated stocks and needs, never a
classification of food insecurity.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from corridor.report.envelope import Figure, begin_figure
from corridor.report.shortage import name_item
from corridor.results.relief import COVER_HOURS, ROAD, Shelf, read_shelves
from corridor.results.result import Result, Values
from corridor.words.said import Digits, Field, Moment, Said, Stated, join, say

Cell = dict[str, Any]  # state ("days", "hours", "unknown", "none"), and q05, q50, q95 of the first two
MOST_DAYS = 14.0  # a bar is full at so many days of cover
DAY = 24.0
MOST_PLACES = 14  # shown: the first to run out first
MOST_TOLD = 90.0  # days; what lasts longer is "over 90"
MOST_LASTING = 1000.0  # days that stand for "as long as it is made"
FEW = 0.5  # share of the runs in which somebody needs a thing, below which nobody is said to
UNKNOWN: Cell = {"state": "unknown", "q05": None, "q50": None, "q95": None}


def describe_cover_now(result: Result, moment: datetime) -> Figure:
    """Return the cover of every item at every place where it is needed, as of a moment; see `lay_out` for its shape."""
    chosen = result.manifest["parameters"]
    places = {row["id"]: str(row["name"]) for row in result.scenario.rows("places", chosen)}
    items = {row["id"]: bool(row.values.get("kept", True)) for row in result.scenario.rows("items", chosen)}
    shelves = {(shelf.place, shelf.item): shelf for shelf in read_shelves(result) if shelf.place != ROAD}
    index = round((moment - result.times[0]) / timedelta(hours=float(result.manifest["record_hours"])))
    index = min(max(index, 0), len(result.times) - 1)
    cells: dict[tuple[str, str], Cell] = {}
    for (place, item), needed in result.take_all("needed").items():
        if place != ROAD and item in items and needed[:, -1].any():
            shelf = shelves.get((place, item))
            made = result.take("made", place, item) if shelf is not None else needed
            cells[place, item] = _describe_cell(shelf, made, index, items[item]) if shelf else dict(UNKNOWN)
    at = result.times[index].isoformat(timespec="minutes")
    return begin_figure(result, "relief_now", "days of cover", moment=at, **lay_out(cells, places, items))


def lay_out(cells: Mapping[tuple[str, str], Cell], places: Mapping[str, str], kept: Mapping[str, bool]) -> Figure:
    """Return cells by (place, item) as rows and columns: `items` with their unit, `rows` with a cell for each item.

    The place where something runs out first comes first; `left_off` counts the places that are not shown.
    """
    items = [item for item in kept if any(what == item for _, what in cells)]
    rows: list[dict[str, Any]] = [
        {"place": place, "name": places[place], "cells": [cells.get((place, item), _none()) for item in items]}
        for place in places
        if any(where == place for where, _ in cells)
    ]
    rows.sort(key=lambda row: _rank(row["cells"]))
    return {
        "most_days": MOST_DAYS,
        "items": [{"item": item, "unit": "days" if kept[item] else "hours"} for item in items],
        "rows": rows[:MOST_PLACES],
        "left_off": max(len(rows) - MOST_PLACES, 0),
    }


def _rank(cells: Iterable[Cell]) -> float:
    """Return the least share of a full bar among the cells that are known."""
    return min((share_of(cell, "q50") for cell in cells if cell["q50"] is not None), default=2.0)


def _none() -> Cell:
    return {**UNKNOWN, "state": "none"}


def _describe_cell(shelf: Shelf, made: Values, index: int, kept: bool) -> Cell:
    values = _days_left(shelf, made, index) if kept else _hours_met(shelf, index)
    values = values[~np.isnan(values)]
    if len(values) < FEW * len(shelf.stock):
        return _none()
    return {"state": "days" if kept else "hours", **spread_of(values)}


def spread_of(values: Values) -> dict[str, float]:
    """Return the median and the range of 9 in 10 of some values."""
    points = np.quantile(values, [0.05, 0.5, 0.95], method="nearest")
    return {name: round(float(point), 3) for name, point in zip(("q05", "q50", "q95"), points, strict=True)}


def _over_a_day(shelf: Shelf, values: Values, index: int) -> Values:
    """Return by how much a running sum [R, T] grew over the day before a moment (after it, at the start), a day [R]."""
    span = max(1, round(COVER_HOURS / shelf.record_hours))
    low = max(0, index - span)
    high = min(values.shape[1] - 1, low + span)
    return np.asarray((values[:, high] - values[:, low]) * COVER_HOURS / ((high - low) * shelf.record_hours))


def _days_left(shelf: Shelf, made: Values, index: int) -> Values:
    """Return for how many days the stock lasts at the need less what is made there [R]; nan where nobody needs it.

    Where as much is made as is needed it lasts: MOST_LASTING days stand for it.
    """
    needed, came = (_over_a_day(shelf, values, index) for values in (shelf.needed, made))
    less = needed - came
    days = np.divide(shelf.stock[:, index], less, out=np.full(len(needed), MOST_LASTING), where=less > 1e-9 * needed)
    return np.asarray(np.where(needed > 1e-9, np.minimum(days, MOST_LASTING), np.nan))


def _hours_met(shelf: Shelf, index: int) -> Values:
    """Return the hours a day for which the need was met over the day before a moment [R]; nan where nobody needs it."""
    needed, used = (_over_a_day(shelf, values, index) for values in (shelf.needed, shelf.used))
    return np.asarray(DAY * np.divide(used, needed, out=np.full(len(needed), np.nan), where=needed > 1e-9))


def share_of(cell: Cell, point: str) -> float:
    """Return how much of a full bar a point of a known cell is: 14 days, or 24 hours a day."""
    return float(min(cell[point] / (DAY if cell["state"] == "hours" else MOST_DAYS), 1.0))


def say_middle(cell: Cell) -> Field:
    """Return what a cell says in large: its middle, or that it is not known, or that there is no need."""
    if cell["q50"] is None:
        return say(f"cover.{cell['state']}")
    return _write(cell["q50"])


def say_range(cell: Cell) -> Field | None:
    """Return the range of a cell, None where there is none."""
    if cell["q50"] is None or cell["q95"] - cell["q05"] < 0.05:
        return None
    return say("cover.range", low=_write(cell["q05"]), high=_write(cell["q95"]))


def _write(value: float) -> Field:
    if value > MOST_TOLD:
        return say("cover.more", most=Stated(MOST_TOLD))
    return Digits(value, 0 if value >= 9.95 or abs(value - round(value)) < 0.05 else 1)


def say_item(item: Mapping[str, str]) -> Said:
    """Return what heads the column of an item: its name and the unit."""
    return say("cover.item", item=name_item(item["item"]), unit=say(f"cover.unit.{item['unit']}"))


def say_row(figure: Figure, row: Mapping[str, Any]) -> Said:
    """Return a row of the picture in words, for those who do not see it."""
    told: list[Field] = []
    for item, cell in zip(figure["items"], row["cells"], strict=True):
        if cell["state"] == "none":
            continue
        span = say_range(cell)
        said = say("cover.told.range", middle=say_middle(cell), range=span) if span is not None else say_middle(cell)
        told.append(say("cover.told", item=say_item(item), cover=said))
    return say("cover.row", place=row["name"], items=join(*told, between=", "))


def say_cover(figure: Figure) -> list[Said]:
    """Return the sentences under the picture: what bars and ranges mean, and what is left off."""
    at = Moment(datetime.fromisoformat(figure["moment"]))
    sentence = f"cover.caption{'.ledger' if figure.get('origin') == 'ledger' else ''}"
    told = [say(sentence, moment=at, most=Digits(figure["most_days"]))]
    if any(item["unit"] == "hours" for item in figure["items"]):
        told.append(say("cover.caption.hours"))
    if any(cell["state"] == "unknown" for row in figure["rows"] for cell in row["cells"]):
        told.append(say("cover.caption.unknown"))
    if figure["left_off"]:
        told.append(say("cover.caption.left_off", places=Stated(figure["left_off"])))
    return told
