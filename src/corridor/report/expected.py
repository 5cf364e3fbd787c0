"""What is expected: people out, inside and held up, today and in 24 hours, 72 hours and 7 days, as one table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.report.figures import WAIT_WINDOW_HOURS, hours_of_arrivals
from corridor.report.sentences import POINTS, measure
from corridor.results.result import find_position, interpolate
from corridor.words.language import Language
from corridor.words.said import Chance, Moment, Number, Said, Stated, say
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corridor.report.exits import Exit
    from corridor.results.result import Result, Values

AHEAD = (timedelta(hours=24), timedelta(hours=72), timedelta(days=7))
OF_THEM = ("displaced_inside", "waiting_for_transport")  # rows that are part of the one above
LEAST = 0.5  # a row whose highest value stays below this at every moment is left out
SELDOM = 0.05  # of the runs: fewer in which nobody comes out are not told
MOST_EXITS = 4  # with rows of their own; those who let out most
MOST_AREAS = 6  # the same of areas that people come into


@dataclass(frozen=True)
class Row:
    """A row of the table: what it is of, and its number at each moment; None where there is none."""

    label: Said
    part: bool  # of the total above it
    cells: tuple[Number | None, ...]
    points: tuple[tuple[float, ...] | None, ...]

    def describe(self, language: Language) -> dict[str, Any]:
        """Return the row as plain data."""
        cells = [
            None
            if cell is None or points is None
            else {"text": write(cell, language), "q05": points[0], "median": points[1], "q95": points[2]}
            for cell, points in zip(self.cells, self.points, strict=True)
        ]
        return {"label": write(self.label, language), "cells": cells}


def choose_moments(result: Result, today: datetime) -> list[datetime]:
    """Return today and the moments ahead that lie in the period; the end stands for those beyond it."""
    end = result.times[-1]
    ahead = [today + span for span in AHEAD if today + span <= end]
    beyond = len(ahead) < len(AHEAD) and end not in (today, *ahead)
    return [today, *ahead, *([end] if beyond else [])]


def name_moment(result: Result, today: datetime, moment: datetime) -> Said:
    """Return the heading of a column."""
    ahead, time = moment - today, Moment(moment)
    if moment == today:
        return say("column.today", time=time)
    if ahead not in AHEAD:
        return say("column.end", time=time)
    if ahead < timedelta(days=7):
        return say("column.hours", hours=Stated(round(ahead / timedelta(hours=1))), time=time)
    return say("column.days", days=Stated(ahead.days), time=time)


def say_nobody(result: Result, moments: Sequence[datetime]) -> list[Said]:
    """Return in how many runs nobody has come out, where that is neither all of them nor next to none."""
    arrived = result.take("arrivals")
    none = [(time, float((interpolate(arrived, result.times, time) < 1).mean())) for time in moments[1:]]
    return [
        say("expected.nobody", time=Moment(time), chance=Chance(share)) for time, share in none if SELDOM <= share < 1
    ]


def list_expected(result: Result, exits: Sequence[Exit], moments: Sequence[datetime]) -> list[Row]:
    """Return the rows of the table."""
    displaced = ["displaced_inside"] if result.has("displaced_inside") else []
    names = ["arrivals", "inside", *displaced, "waiting_for_transport", "on_roads", "vehicles_delayed"]
    names += ["held_back"] if exits else []
    names += [name for name in ("outside", "came_back") if result.has(name)]
    data = result.take_totals(*names)
    rows = [_fill(result, say("row.arrivals"), "arrivals", data["arrivals"], moments)]
    rows += _fill_areas(result, exits, moments)
    rows += _fill_exits(result, exits, "arrivals", moments)
    rows += [_fill(result, say(f"row.{name}"), name, data[name], moments) for name in names[1:]]
    rows += _fill_exits(result, exits, "held_back", moments)
    journey = hours_of_arrivals(result, "journey_hours")
    label = say("row.journey_hours", window=Stated(WAIT_WINDOW_HOURS))
    rows.append(_fill(result, label, "journey_hours", journey, moments, finest=0.1))
    first = ("arrivals", "inside")
    return [row for row in rows if _is_shown(row) or (row.cells[0] is not None and row.cells[0].quantity in first)]


def _fill_areas(result: Result, exits: Sequence[Exit], moments: Sequence[datetime]) -> list[Row]:
    """Return a row for each of the areas with most arrivals, where people come into some of them by several exits.

    Without it a country with one exit would stand before one with nine that takes more people.
    """
    columns = next((s.columns for s in result.series if s.name == "arrivals" and s.dimensions == ("area",)), ())
    if not 1 < len(columns) < len(exits):
        return []
    names = {row["id"]: row["name"] for row in result.scenario.rows("areas", result.manifest["parameters"])}
    values = {column.labels[0]: taken for column, taken in result.take_columns(columns).items()}
    ranked = sorted(values, key=lambda area: (-float(values[area].max(axis=1).mean()), area))[:MOST_AREAS]
    return [
        _fill(
            result,
            say("row.arrivals.area", area=names.get(area, area)),
            "arrivals by area",
            values[area],
            moments,
            area,
        )
        for area in ranked
    ]


def _fill_exits(result: Result, exits: Sequence[Exit], quantity: str, moments: Sequence[datetime]) -> list[Row]:
    """Return a row for each of the exits with most people, none where there is only one: the total says it."""
    if len(exits) < 2:
        return []
    values = {exit.id: exit.arrivals if quantity == "arrivals" else exit.held for exit in exits}
    ranked = sorted(exits, key=lambda exit: (-float(values[exit.id].max(axis=1).mean()), exit.name))[:MOST_EXITS]
    return [
        _fill(result, say(f"row.{quantity}.exit", exit=exit.name), quantity, values[exit.id], moments, exit.id)
        for exit in ranked
    ]


def _is_shown(row: Row) -> bool:
    return any(points is not None and points[-1] >= LEAST for points in row.points)


def _fill(
    result: Result,
    label: Said,
    quantity: str,
    values: Values,
    moments: Sequence[datetime],
    scope: str = "",
    finest: float = 1.0,
) -> Row:
    found = [_take(result, values, moment) for moment in moments]
    cells = [None if v is None else measure(v, quantity, m, scope, finest) for v, m in zip(found, moments, strict=True)]
    points = [None if v is None else tuple(float(q) for q in np.quantile(v, POINTS)) for v in found]
    return Row(label, bool(scope) or quantity in OF_THEM, tuple(cells), tuple(points))


def _take(result: Result, values: Values, moment: datetime) -> Values | None:
    """Return a series at a moment [R]; where some replicates have no value, those that have one, None if few have.

    What has gaps is taken at the last recorded moment: there is no line between a value and none.
    """
    if np.isfinite(values).all():
        return interpolate(values, result.times, moment)
    found = values[:, int(find_position(result.times, moment))]
    some = np.isfinite(found)
    return found[some] if some.mean() >= 0.5 else None
