"""Dates in a text, resolved against the day of the report; what could be two days is left out."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from corridor.evidence.grammar.clauses import in_quotation, looks_ahead
from corridor.evidence.grammar.language import Language, load_language

if TYPE_CHECKING:
    from collections.abc import Iterator

_NUMERIC = re.compile(r"(?<![\w./-])(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})([./])(\d{1,2})\5(\d{4}))(?![\w/-]|\.\d)")


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


MOST_WEEKDAYS = 20_000


def find_dates(
    text: str, report_date: date | None, language: Language | None = None
) -> tuple[list[DateSaid], list[DateSpan]]:
    """Return the dates of a text in order, and the spans of those that cannot be resolved.

    Without a report date only dates that carry their year are resolved. A day and month without a year take
    the year that puts them nearest to the report; a weekday is the last one before the report or, where the
    clause looks ahead ("will", "due"), the next one; where the clause shows neither it is left out. Of
    weekdays only the first MOST_WEEKDAYS are looked at.
    """
    language = language or load_language()
    found: list[tuple[int, int, DateSaid | None]] = []
    finders = (
        _find_numeric,
        _find_day_first,
        _find_month_first,
        _find_months,
        _find_years,
        _find_weekdays,
        _find_relative,
    )
    for finder in finders:
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
    return dates, unresolved


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
            return DateSaid(one.start - len(lead[0]) if lead else one.start, two.end, one.first, two.last, "span")
    return None


Found = tuple[int, int, DateSaid | None]


def _read_month(word: str, language: Language) -> int:
    return next(
        i for i, name in enumerate(language.listed["months"], 1) if name.startswith(word.rstrip(".").lower()[:3])
    )


def _make(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _place(text: str, start: int, month: int, day: int, report: date | None, language: Language) -> date | None:
    """Give a day and month the year that fits: the nearest, or as the clause looks if that is far."""
    if report is None:
        return None
    options = [d for y in (report.year - 1, report.year, report.year + 1) if (d := _make(y, month, day))]
    if not options:
        return None
    nearest = min(options, key=lambda d: abs(d - report))
    if abs(nearest - report) <= timedelta(days=120):
        return nearest
    ahead = looks_ahead(text, start, language)
    return (
        next((d for d in options if d >= report), None)
        if ahead
        else max((d for d in options if d <= report), default=None)
    )


def _find_numeric(text: str, report: date | None, language: Language) -> Iterator[Found]:
    for match in _NUMERIC.finditer(text):
        if match[1]:
            day = _make(int(match[1]), int(match[2]), int(match[3]))
        else:
            a, b, year = int(match[4]), int(match[6]), int(match[7])
            if match[5] == "/" and a <= 12 and b <= 12 and a != b:
                yield match.start(), match.end(), None  # day first or month first: not told
                continue
            day = _make(year, b, a) or (_make(year, a, b) if match[5] == "/" else None)
        if day:
            yield match.start(), match.end(), DateSaid(match.start(), match.end(), day, day, "day")


def _find_day_first(text: str, report: date | None, language: Language) -> Iterator[Found]:
    for match in language["day_first"].finditer(text):
        month, start = _read_month(match["month"], language), match.start()
        # "5 and 6 May" is a span, "3 and 9 May" two days of which only the second carries its month
        next_day = match["first"] and int(match["day"]) == int(match["first"]) + 1
        is_range = match["first"] and (
            match["dash"] or match["link"] == "to" or (match["link"] == "and" and (match["lead"] or next_day))
        )
        if not is_range:
            start = match.start("day")
        yield from _days(text, match, month, start, bool(is_range), report, language)


def _find_month_first(text: str, report: date | None, language: Language) -> Iterator[Found]:
    for match in language["month_first"].finditer(text):
        yield from _days(
            text, match, _read_month(match["month"], language), match.start(), bool(match["first"]), report, language
        )


def _days(
    text: str, match: re.Match[str], month: int, start: int, is_range: bool, report: date | None, language: Language
) -> Iterator[Found]:
    """Yield the day or span of a match; what is no day (31 February) covers its place only."""
    day, end = int(match["day"]), match.end()
    last = _make(int(match["year"]), month, day) if match["year"] else _place(text, start, month, day, report, language)
    begun = int(match["first"]) if is_range else day
    if last is None or not 0 < begun <= day:
        yield start, end, None
    else:
        yield start, end, DateSaid(start, end, last.replace(day=begun), last, "span" if is_range else "day")


def _find_months(text: str, report: date | None, language: Language) -> Iterator[Found]:
    for match in language["month_only"].finditer(text):
        month, start, end = _read_month(match["month"], language), match.start("month"), match.end()
        lead = (match["lead"] or match["lead_mid"] or "").lower()
        if lead in ("late", "early", "mid", "mid-") or (not match["year"] and lead in ("", "of")):
            continue
        if match["month"].islower():
            continue
        if match["year"]:
            year = int(match["year"])
        elif report is None:
            yield start, end, None
            continue
        else:
            is_past = lead in ("since", "last", "after", "before") or month == report.month
            ahead = False if is_past else looks_ahead(text, start, language)
            if ahead is None:
                continue
            year = report.year + (
                month < report.month if ahead else -(month > report.month or (lead == "last" and month == report.month))
            )
        yield start, end, _month(start, end, year, month, "month")


def _month(start: int, end: int, year: int, month: int, how: str) -> DateSaid:
    return DateSaid(start, end, date(year, month, 1), date(year, month, monthrange(year, month)[1]), how)


def _find_years(text: str, report: date | None, language: Language) -> Iterator[Found]:
    for match in language["year_only"].finditer(text):
        year, start, end = int(match["year"]), match.start("year"), match.end()
        if year < 1800 and re.match(r"\s+[a-z]", text[end : end + 3]):
            continue  # "in 1500 tents"
        yield start, end, DateSaid(start, end, date(year, 1, 1), date(year, 12, 31), "year")


def _find_weekdays(text: str, report: date | None, language: Language) -> Iterator[Found]:
    for match in islice(language["weekday"].finditer(text), MOST_WEEKDAYS):
        start, end = match.start("weekday"), match.end()
        before = " " + text[max(0, match.start() - 14) : match.start()].replace("\n", " ")
        if language["not_a_weekday"].search(before) or language["weekday_title"].match(text, end):
            continue
        if report is None:
            yield start, end, None
            continue
        weekday = language.listed["weekdays"].index(match["weekday"].lower())
        day = _resolve_weekday(text, match.start(), weekday, report, before, language)
        if match["first"] and day:
            back = (weekday - language.listed["weekdays"].index(match["first"].lower())) % 7
            start = match.start()
            yield start, end, DateSaid(start, end, day - timedelta(days=back), day, "span")
        elif day:
            yield start, end, DateSaid(start, end, day, day, "weekday")


def _resolve_weekday(text: str, start: int, weekday: int, report: date, before: str, language: Language) -> date | None:
    back = (report.weekday() - weekday) % 7
    if before.endswith((" last ", " Last ")):
        # on a Friday "last Monday" may be four days ago or eleven: only the week before is sure
        return report - timedelta(days=back) if back > report.weekday() else None
    if before.endswith((" this ", " This ", " this coming ")):
        return report + timedelta(days=(weekday - report.weekday()) % 7)
    ahead = looks_ahead(text, start, language)
    if ahead is False and before.endswith((" by ", " By ", " until ", " till ", " before ")):
        ahead = _looks_back_by(text, start, before, language)
    if ahead is None:
        return None
    if back == 0:
        return report
    return report + timedelta(days=7 - back) if ahead else report - timedelta(days=back)


def _looks_back_by(text: str, start: int, before: str, language: Language) -> bool | None:
    """Judge "by Friday" behind a past tense: a promise looks ahead, a count back, "until" either way."""
    if language["promise_before"].search(text[max(0, start - 120) : start]):
        return True
    return False if before.endswith((" by ", " By ")) else None


def _find_relative(text: str, report: date | None, language: Language) -> Iterator[Found]:
    for match in language["day_word"].finditer(text):
        start, end = match.span()
        if not in_quotation(text, start):  # there it is the day of the speaking, which need not be the report's
            shift = {"yesterday": -1, "tomorrow": 1}.get(match[0].lower(), 0)
            yield start, end, _at(start, end, report, shift)
    for match in language["ago"].finditer(text):
        before = language["before_ago"].search(text[max(0, match.start() - 30) : match.start()])
        if before:
            start, end, word = match.start() - len(before[0]), match.end(), before["count"].lower()
            is_vague = language["ordinal_ago"].search(text[max(0, start - 10) : start]) or not before[
                "unit"
            ].startswith("day")
            count = _read_count(word, language)
            yield start, end, None if is_vague else _at(start, end, report, -count)
    for match in language["span_word"].finditer(text):
        start, end = match.span()
        yield start, end, _span(match, report) if report else None


def _read_count(word: str, language: Language) -> int:
    counted = language.listed["counted"]
    return int(word) if word.isdigit() else counted.index(word) if word in counted else 1


def _at(start: int, end: int, report: date | None, shift: int) -> DateSaid | None:
    if report is None:
        return None
    day = report + timedelta(days=shift)
    return DateSaid(start, end, day, day, "relative")


def _span(match: re.Match[str], report: date) -> DateSaid:
    """Return this, last or next week (Monday to Sunday), month or year; "earlier this week" ends with the report."""
    start, end = match.span()
    which, part = match["which"].lower(), (match["part"] or "").lower()
    shift = {"last": -1, "this": 0, "next": 1}[which]
    if match["span"] == "week":
        first = report - timedelta(days=report.weekday()) + timedelta(weeks=shift)
        last = first + timedelta(days=6)
    elif match["span"] == "month":
        months = report.year * 12 + report.month - 1 + shift
        whole = _month(start, end, months // 12, months % 12 + 1, "relative")
        first, last = whole.first, whole.last
    else:
        first, last = date(report.year + shift, 1, 1), date(report.year + shift, 12, 31)
    if which == "this" and part:
        first, last = (first, report) if part == "earlier" else (report, last)
    return DateSaid(start, end, first, last, "relative")
