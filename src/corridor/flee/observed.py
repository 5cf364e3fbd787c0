"""Registered counts: reading the source data, correcting and interpolating it as Flee does.

The rules are Flee's (DataTable and handle_refugee_data of its master, May 2026): values are divided by `hasten`,
flat before the first and after the last observation, linear between them and then cut to whole numbers.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from corridor.flee.tables import Row, Series, read_rows
from corridor.scenario.draft import suggest
from corridor.scenario.faults import fault

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.scenario.faults import Fault


DATE = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


def read_date(text: str) -> date | None:
    """Return a date written YYYY-MM-DD, or None; as in Flee, month and day may have one digit."""
    parts = DATE.fullmatch(text)
    try:
        return date(*map(int, parts.groups())) if parts else None
    except ValueError:
        return None


def read_counts(path: Path, start: date, hasten: int, faults: list[Fault]) -> np.ndarray:
    """Return [n, 2]: days since the start, people over hasten."""
    table = []
    for index, (line, cells) in enumerate(read_rows(path, faults)):
        row = Row(path.name, line, cells, faults)
        if row.text(0).startswith("#") or not row.text(1) or (index == 0 and row.text(0) in {"Date", "DateTime"}):
            continue
        day = read_date(row.text(0))
        if day is None:
            row.note("flee.source.date", "date", cell=row.text(0))
            continue
        people = row.whole(1, "people", 0)
        if people < 0:
            row.note("flee.source.negative", "people", cell=row.text(1))
        table.append(((day - start).days, people / hasten))
    if not table:
        faults.append(fault("flee.source.empty", (path.name, 0, "")))
        return np.zeros((1, 2))
    counts = np.array(table, dtype=np.float64)
    if np.any(np.diff(counts[:, 0]) < 0):
        faults.append(fault("flee.source.order", (path.name, 0, "date")))
    return counts


def add_steps(first: np.ndarray, second: np.ndarray) -> np.ndarray | None:
    """Return the sum of two tables of counts as Flee forms it, or None where Flee stops with an error.

    Both are walked along the dates of the second; entries of the first after the last date of the second are lost.
    """
    rows: list[tuple[float, float]] = []
    at, last = 0, None
    for day, people in second:
        while day > first[at, 0]:
            if last is None:
                return None
            rows.append((first[at, 0], last + first[at, 1]))
            if at == len(first) - 1:
                break
            at += 1
        if day <= first[at, 0]:
            rows.append((day, people + first[at, 1]))
            last = people
            if day == first[at, 0] and at < len(first) - 1:
                at += 1
    return np.array(rows).reshape(-1, 2)


def _lies_within(file: Path, folder: Path) -> bool:
    """Return whether a file is there, in a folder of counts or beside it in the same case."""
    return file.is_file() and file.resolve().is_relative_to(folder.resolve().parent)


def read_layout(path: Path, folders: list[Path], since: tuple[date, int], faults: list[Fault]) -> list[Series]:
    """Return the series of data_layout.csv (`path`) in its order, each the sum of its files.

    Each file stands in the first of `folders` that holds it; `since` is the start and Flee's `hasten`.
    """
    layout: list[Series] = []
    for line, cells in read_rows(path, faults):
        row = Row(path.name, line, cells, faults)
        if cells[0].startswith("#") or len(cells) < 2:
            continue
        total: np.ndarray | None = None
        for file in filter(None, cells[1:]):
            holder = next((folder for folder in folders if _lies_within(folder / file, folder)), None)
            if holder is None:
                hint = suggest(file, [entry.name for entry in path.parent.iterdir()])
                row.note("flee.source.missing", "file", name=file, hint=hint)
                continue
            counts = read_counts(holder / file, *since, faults)
            combined = counts if total is None else add_steps(total, counts)
            if combined is None or not len(combined):
                row.note("flee.source.sum", "file", name=file)
            else:
                total = combined
        if total is not None:
            if any(series.name == cells[0] for series in layout):
                row.note("flee.source.twice", "name", name=cells[0])
            layout.append(Series(cells[0], total[:, 0], total[:, 1]))
    return layout


def correct_series(layout: list[Series], path: Path, start: date, faults: list[Fault]) -> list[Series]:
    """Return the layout after registration_corrections.csv.

    All values before the date are multiplied by value(date) / value(previous observation): registration found that
    the earlier counts were too high or too low. A date before the start is passed over, as in Flee.
    """
    corrected = {series.name: series for series in reversed(layout)}
    for line, cells in read_rows(path, faults):
        row = Row(path.name, line, cells, faults)
        if cells[0].startswith("#") or len(cells) < 2:
            continue
        name, day = cells[0], read_date(cells[1])
        if name not in corrected:
            row.note("flee.corrections.camp", "camp", name=name, hint=suggest(name, corrected))
            continue
        if day is None:
            row.note("flee.corrections.date", "date", cell=cells[1])
            continue
        series = corrected[name]
        since = (day - start).days
        matches = [i for i in np.flatnonzero(series.days == since) if i > 0]
        if since >= 0 and not matches:
            row.note("flee.corrections.unmatched", "date", cell=cells[1])
            continue
        people = series.people.copy()
        for i in matches if since >= 0 else []:
            if people[i - 1] < 1:
                row.note("flee.corrections.zero", "date", people=people[i - 1])
                continue
            people[:i] *= people[i] / people[i - 1]
        corrected[name] = Series(name, series.days, people)
    return [corrected[series.name] for series in layout]


def interpolate(series: Series, days: int) -> np.ndarray:
    """Return whole numbers of people on days 0 .. days - 1."""
    wanted = np.arange(days)
    later = wanted[:, None] < series.days[None, :]  # the first later observation bounds the interval
    later[:, 0] = False
    after = np.where(later.any(axis=1), later.argmax(axis=1), 0)
    before = np.maximum(after - 1, 0)
    span = series.days[after] - series.days[before]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(span > 0, (wanted - series.days[before]) / span, 0.0)
    value = series.people[before] + share * (series.people[after] - series.people[before])
    value = np.where(after == 0, series.people[-1], value)
    value = np.where(wanted <= series.days[0], series.people[0], value)
    return np.asarray(np.trunc(value), dtype=np.int64)
