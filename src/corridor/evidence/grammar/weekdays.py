"""Weekdays, weekends and days of a month without the month, by the tense of their clause; right or nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from corridor.evidence.grammar.clauses import looks_ahead
from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.said_dates import DateSaid, Found, find_all, make_day, one_of

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

_WEEK = timedelta(days=7)


def find_weekdays(text: str, report: date | None, language: Language) -> Iterator[Found]:
    """Find weekdays and spans of them; of a weekday that could be two days nothing is said."""
    for match in find_all(language["weekday"], text):
        start, end = match.start("weekday"), match.end("weekday")
        before = " " + text[max(0, match.start() - 18) : match.start()].replace("\n", " ")
        if language["not_a_weekday"].search(before) or language["weekday_title"].match(text, end):
            continue
        if any(language["weekday_row"].match(text, at) for at in (start - 2, start - 1) if at >= 0):
            continue  # a row of a table, which find_weekday_rows reads
        if report is None:
            yield start, end, None
            continue
        weekday = weekday_number(match["weekday"], language)
        if of_week := language["of_week"].match(text, end):
            end = of_week.end()
        day = _resolve(text, match, weekday, report, before, language)
        if match["first"] and day:
            back = (weekday - weekday_number(match["first"], language)) % 7
            start = match.start()
            yield start, end, DateSaid(start, end, day - timedelta(days=back), day, "span")
        elif day:
            yield start, end, DateSaid(start, end, day, day, "weekday")


def weekday_number(word: str, language: Language) -> int:
    """Return a weekday's number; Monday is 0."""
    return language.listed["weekdays"].index(word.lower())


def _resolve(
    text: str, match: re.Match[str], weekday: int, report: date, before: str, language: Language
) -> date | None:
    start = match.start()
    back = (report.weekday() - weekday) % 7
    in_week = language["of_week"].match(text, match.end("weekday"))
    if in_week:
        monday = report - timedelta(days=report.weekday())
        return monday + timedelta(days=weekday) + language.shifts[one_of(in_week, "which")] * _WEEK
    ahead = looks_ahead(text, start, language)
    if language["last_before"].search(before) or language["last_behind"].match(text, match.end("weekday")):
        return report - timedelta(days=back or 7)
    if language["next_before"].search(before) or language["next_behind"].match(text, match.end("weekday")):
        # on a Monday "next Friday" may be in four days or in eleven; one that is over this week is sure
        return report + timedelta(days=7 - back) if weekday <= report.weekday() else None
    if language["this_before"].search(before) and ahead is not False:
        return report + timedelta(days=-back % 7)
    if ahead and language["after_before"].search(before):
        return None  # "will leave after Thursday" may look back at a Thursday
    is_name = language["owned"].match(text, match.end("weekday"))
    if is_name and (ahead or language["owned_ahead"].search(before)):
        return None  # "voted before Sunday's meeting"
    if ahead is False and language["day_for_before"].search(before):
        ahead = True  # "called a strike for Monday"
    if ahead is False and language["until_before"].search(before):
        ahead = _looks_back_by(text, start, before, language)
        if ahead is None:
            return None
    if back == 0 and (ahead is not None or language["weekday_alone"].match(text, match.end("weekday"))):
        return report
    if ahead is None:
        return None
    return report + timedelta(days=7 - back) if ahead else report - timedelta(days=back)


def _looks_back_by(text: str, start: int, before: str, language: Language) -> bool | None:
    """Judge "by Friday" behind a past tense: a promise looks ahead, a count back, "until" either way."""
    left = text[max(0, start - 120) : start]
    if language["promise_before"].search(left) or language["reported_until"].search(left):
        return True
    return False if language["by_before"].search(before) else None


def find_weekends(text: str, report: date | None, language: Language) -> Iterator[Found]:
    """Find "over the weekend", "last weekend": its Saturday and Sunday; on a weekend itself they could be two."""
    for match in find_all(language["weekend"], text):
        start, end = match.span()
        if report is None:
            yield start, end, None
        elif report.weekday() < 5:
            shift = language.shifts[one_of(match, "lead")]
            ahead = False if shift < 0 else looks_ahead(text, start, language)
            saturday = report + timedelta(days=5 - report.weekday()) - (_WEEK if ahead is False else timedelta(0))
            if ahead is not None and shift <= 0:
                yield start, end, DateSaid(start, end, saturday, saturday + timedelta(days=1), "relative")


def find_weekday_rows(text: str, dates: Sequence[DateSaid], language: Language) -> Iterator[DateSaid]:
    """Find "Monday 320, Tuesday 170" in a report on a span of at most a week that it names: the days of that span."""
    spans = {(said.first, said.last) for said in dates if said.how == "span" and said.last - said.first < _WEEK}
    if len(spans) != 1:
        return
    ((first, last),) = spans
    for match in find_all(language["weekday_row"], text):
        day = first + timedelta(days=(weekday_number(match["weekday"], language) - first.weekday()) % 7)
        if day <= last:
            yield DateSaid(match.start("weekday"), match.end("weekday"), day, day, "weekday")


def find_days_of_month(text: str, report: date | None, language: Language) -> Iterator[Found]:
    """Find "on the 14th": the last one before the report or, where the clause looks ahead, the next."""
    for match in find_all(language["day_alone"], text):
        start, end, number = match.start("day"), match.end("day"), int(match["day"])
        if report is None:
            yield start, end, None
            continue
        ahead = looks_ahead(text, match.start(), language)
        if ahead is None or not 0 < number <= 31:
            continue
        months = [report.year * 12 + report.month - 1 + shift for shift in (-1, 0, 1)]
        days = [day for m in months if (day := make_day(m // 12, m % 12 + 1, number))]
        fits = [day for day in days if (day >= report if ahead else day <= report)]
        if fits:
            day = fits[0] if ahead else fits[-1]
            yield start, end, DateSaid(start, end, day, day, "relative")
