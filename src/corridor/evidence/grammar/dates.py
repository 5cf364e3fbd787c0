"""Dates in a text, resolved against the day of the report; what could be two days is left out."""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import replace
from datetime import date, timedelta

from corridor.evidence.grammar.calendar_dates import (
    find_day_first,
    find_month_ends,
    find_month_first,
    find_months,
    find_numeric,
    find_years,
)
from corridor.evidence.grammar.clauses import looks_ahead
from corridor.evidence.grammar.language import Language, load_language
from corridor.evidence.grammar.relative_dates import find_relative, find_told_from
from corridor.evidence.grammar.said_dates import DateSaid, DateSpan, Found, make_day
from corridor.evidence.grammar.weekdays import (
    find_days_of_month,
    find_weekday_rows,
    find_weekdays,
    find_weekends,
    weekday_number,
)

_FINDERS = (
    find_numeric,
    find_day_first,
    find_month_first,
    find_month_ends,
    find_months,
    find_years,
    find_weekdays,
    find_weekends,
    find_days_of_month,
    find_relative,
)
_YEAR = re.compile(r"\d{4}")
LONGEST_ANCHORED = 200_000  # characters; a longer text is no single report


def find_dates(
    text: str, report_date: date | None, language: Language | None = None
) -> tuple[list[DateSaid], list[DateSpan]]:
    """Return the dates of a text in order, and the spans of those that cannot be resolved.

    Without a report date only dates that carry their year are resolved. A day and month without a year take
    the year that puts them nearest to the report; a weekday is the last one before the report or, where the
    clause looks ahead ("will", "due"), the next one; where the clause shows neither it is left out. Of
    weekdays only the first MOST_MATCHES are looked at.
    """
    language = language or load_language("en")
    found: list[Found] = []
    for finder in _FINDERS:
        found.extend(finder(text, report_date, language))
    found.sort(key=lambda item: (item[0], -item[1]))
    dates: list[DateSaid] = []
    unresolved: list[DateSpan] = []
    reached = 0
    for start, end, said in found:
        if start < reached:
            continue
        reached = end
        if said is None:
            unresolved.append(DateSpan(start, end))
        elif unresolved and said.how == "day" and _is_its_weekday(text, unresolved[-1], said, language):
            start = unresolved.pop().start  # "Friday, 3 May 2019": the full date tells the weekday's day
            dates.append(replace(said, start=start))
        elif dates and _disagree(text, dates[-1], said):
            dates.pop()  # "tomorrow, Friday" of a day whose morrow is no Friday: neither is sure
        elif dates and (joined := _join(text, dates[-1], said, language)):
            dates[-1] = joined
        else:
            dates.append(said)
    told = [*find_told_from(text, dates, language), *find_weekday_rows(text, dates, language)]
    dates += _apart(told, dates)
    return sorted(dates, key=lambda said: said.start), unresolved


def _apart(more: list[DateSaid], dates: list[DateSaid]) -> list[DateSaid]:
    """Return those dates that no other date overlaps."""
    starts = [said.start for said in dates]
    return [
        said
        for said in more
        if (at := bisect(starts, said.start)) == 0 or dates[at - 1].end <= said.start
        if at == len(dates) or said.end <= starts[at]
    ]


def find_anchored_dates(
    text: str, head: int, spoken: list[int], language: Language
) -> tuple[list[DateSaid], list[DateSpan], DateSaid | None]:
    """Return the dates of a text without a sure day of the report, counted from a full date that it names.

    "Friday, 22 September 2023" in a clause of the past says that the report is of that day or of the six behind it,
    for later one would no more say "Friday"; of these days the first ones on which news of the `spoken` weekdays is
    fresh are kept. What stands before `head`, the page's own date, is no such date. What every one of them gives
    alike is given; the rest stays unresolved.
    """
    dates, unresolved = find_dates(text, None, language)
    named = [said for said in dates if said.start >= head and _has_weekday(text, said, language)]
    if not unresolved or not named or len(text) > LONGEST_ANCHORED:
        return dates, unresolved, None
    anchor = max(named, key=lambda said: said.first)
    ahead = looks_ahead(text, anchor.start, language)
    days = [anchor.first + timedelta(days=shift) for shift in (range(0, -7, -1) if ahead else range(7))]
    if spoken:
        fresh = [bool({day.weekday(), (day.weekday() - 1) % 7} & set(spoken)) for day in days]
        begun = fresh.index(True)
        run = next((i for i in range(begun, 7) if not fresh[i]), 7)
        days = days[begun:run]
    first, *others = (find_dates(text, day, language)[0] for day in days)
    sure = set(first).intersection(*others)
    kept = [said for said in first if said in sure]
    covered = {said.start for said in kept}
    return kept, [gap for gap in unresolved if gap.start not in covered], anchor


def _has_weekday(text: str, said: DateSaid, language: Language) -> bool:
    """Tell whether a full date stands with its own weekday."""
    named = language["any_weekday"].search(text, said.start, said.end)
    return said.how == "day" and named is not None and weekday_number(named[0], language) == said.first.weekday()


def _is_its_weekday(text: str, before: DateSpan, said: DateSaid, language: Language) -> bool:
    if not re.fullmatch(r",?[ \n]", text[before.end : said.start]):
        return False
    return text[before.start : before.end].lower() == language.listed["weekdays"][said.first.weekday()]


def _disagree(text: str, one: DateSaid, two: DateSaid) -> bool:
    """Tell whether two ways of naming one day, side by side, name different days."""
    if {one.how, two.how} not in (
        {"relative", "weekday"},
        {"day", "weekday"},
    ) or one.last - one.first > timedelta(0):
        return False
    return (
        re.fullmatch(r",?[ \n]", text[one.end : two.start]) is not None and one.first.weekday() != two.first.weekday()
    )


def _year_before(day: date, two: DateSaid) -> date:
    """Return a day without a year in that of the day that ends its span: "from 28 September to 3 October 2023"."""
    same = make_day(two.first.year, day.month, day.day)
    if same and same <= two.first:
        return same
    return make_day(two.first.year - 1, day.month, day.day) or day


def _join(text: str, one: DateSaid, two: DateSaid, language: Language) -> DateSaid | None:
    """Join "Friday, 22 September" into one day and "from 28 September to 3 October" into one span."""
    between = text[one.end : two.start]
    if "weekday" in (one.how, two.how) and one.how != two.how and re.fullmatch(r",?[ \n]", between):
        day = two if one.how == "weekday" else one
        return DateSaid(one.start, two.end, day.first, day.last, day.how) if day.first == day.last else None
    lead = language["span_lead"].search(text[max(0, one.start - 12) : one.start])
    if one.how == two.how == "day" and one.first < two.first:
        link = between.strip().lower()
        if (lead and link in language.words["span_links"]) or link in ("-", "–", "—"):
            first = one.first if _YEAR.search(text, one.start, one.end) else _year_before(one.first, two)
            return DateSaid(one.start - len(lead[0]) if lead else one.start, two.end, first, two.last, "span")
    return None
