"""What a date in a text is, and the small steps that all who find dates share."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

MOST_MATCHES = 12_000  # of each form of date, looked at in one text; a report has some dozens


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


def one_of(match: re.Match[str], name: str) -> str:
    """Return in small letters what one of the groups `name`, `name_2` and so on holds: a word has several places."""
    found = (words for group, words in match.groupdict().items() if words and group.rstrip("_23") == name)
    return next(found, "").lower()


def find_all(form: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the first MOST_MATCHES places where a form stands, so that no text costs more than a long report."""
    return islice(form.finditer(text), MOST_MATCHES)
