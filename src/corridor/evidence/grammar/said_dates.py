"""What a date in a text is, and the small steps that all who find dates share."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class DateSaid:
    """A date at [start, end) of a text: its first and last day, and how it was given.

    `how` is day, span, month, year, weekday, or relative; `weekday` and `relative` rest on the day of the
    report.
    """

    start: int
    end: int
    first: date
    last: date
    how: str


@dataclass(frozen=True)
class DateSpan:
    """Where a date stands whose day could not be told for want of a sure day of the report."""

    start: int
    end: int


Found = tuple[int, int, DateSaid | None]


def make_day(year: int, month: int, day: int) -> date | None:
    """Return a day, or None if the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def whole_month(start: int, end: int, year: int, month: int, how: str) -> DateSaid:
    """Return a whole month said at [start, end)."""
    return DateSaid(start, end, date(year, month, 1), last_of_month(year, month), how)


def last_of_month(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def shifted(start: int, end: int, report: date | None, days: int) -> DateSaid | None:
    """Return the day so many days after the report's, or None if that is not known."""
    if report is None:
        return None
    day = report + timedelta(days=days)
    return DateSaid(start, end, day, day, "relative")
