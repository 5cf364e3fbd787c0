"""People in camps, forecast from counts by place and date: of a Flee folder, or of any table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from corridor.flee.reports import read_camps
from corridor.flee.tables import FleeFolder
from corridor.forecast.camp_errors import REACHES
from corridor.forecast.camp_history import Known, PlaceCounts
from corridor.forecast.camp_table import Count, know_counts, read_counts, read_day
from corridor.forecast.camps import forecast
from corridor.front.camp_forecast import CampForecast
from corridor.scenario.faults import UsageError

FARTHEST = float(REACHES[-1])  # times of what has elapsed


def forecast_camps(
    counts: object,
    as_of: date | str,
    until: date | str | None = None,
    every: int = 7,
    totals: object = None,
    since: date | str | None = None,
    columns: Mapping[str, str] | None = None,
    seed: int = 1,
) -> CampForecast:
    """Forecast the people in each place from the counts dated (and published) by `as_of`; nothing later is read.

    `counts` is a folder of Flee, the path of a CSV file, rows or a pandas table with the columns place, date, people
    and, where counts are revised, published; `columns` says how they are called otherwise ({"place": "camp"}).
    Forecast are the days to `until` (as many as have passed since the start, if not given), one in `every`, and the
    last. `totals` is a table (date, people) of the people in all places together on coming days, where that is known.
    `since` is the day on which the crisis began: the first count, or the start of Flee's period, if not given. Places
    that were not counted by `as_of` are not there.

    Raises UsageError where the days make no forecast, FaultsError with every fault of the table.
    """
    day = _read_day("as_of", as_of)
    begun = None if since is None else _read_day("since", since)
    notices: list[str] = []
    if isinstance(counts, FleeFolder) or (isinstance(counts, str | Path) and Path(counts).is_dir()):
        if columns:
            message = "columns are those of a table; a folder of Flee has its own"
            raise UsageError(message)
        path = counts.path if isinstance(counts, FleeFolder) else Path(counts)
        known, start, notices = _know_folder(path, day, begun)
    else:
        file = Path(counts).name if isinstance(counts, str | Path) else "table"
        known, start = _know_table(read_counts(counts, columns), day, begun, file)
    if every < 1 or seed < 0:
        message = f"every is a number of days, 1 or more, and seed 0 or more; not {every} and {seed}"
        raise UsageError(message)
    end = day + (day - start) if until is None else _read_day("until", until)
    dates = _list_days(start, day, end, every)
    days = np.array([(found - start).days for found in dates], dtype=np.float64)
    people = None if totals is None else _take_totals(totals, dates)
    return CampForecast(forecast(known, days, people, seed), start, day, tuple(dates), tuple(notices))


def _read_day(name: str, value: object) -> date:
    day = read_day(value)
    if day is None:
        message = f'{name} "{value}" is no date; write it as in 2015-08-01'
        raise UsageError(message)
    return day


def _know_folder(folder: Path, day: date, begun: date | None) -> tuple[Known, date, list[str]]:
    """Return what was known of a Flee folder as of a day, the start, and what was passed over."""
    files = read_camps(folder)
    start = begun or files.start
    moved = (files.start - start).days
    known = files.known((day - files.start).days)
    places = {place: PlaceCounts(days + moved, people) for place, (days, people) in known.items()}
    notices = [f"{camp}: dates that go back or stand twice are passed over" for camp in files.list_passed_over(day)]
    return _require(places, start, day), start, notices


def _know_table(rows: Sequence[Count], day: date, begun: date | None, file: str) -> tuple[Known, date]:
    """Return what was known of a table as of a day, and the start."""
    by_day = know_counts(rows, day, file)
    first = min((count.day for count in rows), default=None)
    if not by_day:
        told = "the table has no counts" if first is None else f"the first count is of {first}"
        message = f"nothing was counted by {day}: {told}"
        raise UsageError(message)
    earliest = min(found for by in by_day.values() for found in by)
    start = begun or earliest
    if start > earliest:
        message = f"since {start} is later than the first count, of {earliest}"
        raise UsageError(message)
    places = {
        place: PlaceCounts(np.array([float((found - start).days) for found in by]), np.array(list(by.values())))
        for place, by in by_day.items()
    }
    return _require(places, start, day), start


def _require(places: Mapping[str, PlaceCounts], start: date, day: date) -> Known:
    """Return counts as what was known. Raises UsageError where no forecast can be made from them."""
    newest = max((float(place.days[-1]) for place in places.values()), default=-np.inf)
    elapsed = (day - start).days
    message = ""
    if not places:
        message = f"nothing was counted by {day}"
    elif not any(place.people.any() for place in places.values()):
        message = f"nobody had been counted anywhere by {day}"
    elif newest <= 0 or elapsed <= 0:
        message = (
            f"nothing was counted after {start} and by {day}: how long a crisis has lasted is not known from one day. "
            f"Name a later day, or the day on which it began (since)"
        )
    elif elapsed > (1 + FARTHEST) * newest:
        message = (
            f"{day} is too long after the newest count, of {start + timedelta(days=newest)}: the errors known reach "
            f"{FARTHEST:g} times the {newest:.0f} days in which there were counts"
        )
    if message:
        raise UsageError(message)
    return Known(float(elapsed), dict(places))


def _list_days(start: date, day: date, end: date, every: int) -> list[date]:
    farthest = day + timedelta(days=int(FARTHEST * (day - start).days))
    if not day < end <= farthest:
        message = (
            f"until {end} is not after {day}"
            if end <= day
            else (f"until {end} is too far: the errors known reach {FARTHEST:g} times what has elapsed, to {farthest}")
        )
        raise UsageError(message)
    return [*(day + timedelta(days=ahead) for ahead in range(every, (end - day).days, every)), end]


def _take_totals(totals: object, dates: list[date]) -> np.ndarray:
    """Return known totals on the days of a forecast, straight between those given."""
    given = know_counts(read_counts(totals, totals=True), date.max, "totals").get("", {})
    if not given or min(given) > dates[0] or max(given) < dates[-1]:
        span = f"they reach from {min(given)} to {max(given)}" if given else "there are none"
        message = f"totals are needed for {dates[0]} to {dates[-1]}; {span}"
        raise UsageError(message)
    at = np.array([found.toordinal() for found in given], dtype=np.float64)
    return np.interp([found.toordinal() for found in dates], at, list(given.values()))
