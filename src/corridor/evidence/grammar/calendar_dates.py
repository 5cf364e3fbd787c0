"""Dates by the calendar: days, spans of days, months and their ends, years, each with its year found."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from corridor.evidence.grammar.clauses import looks_ahead
from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.said_dates import DateSaid, Found, find_all, last_of_month, make_day, one_of, whole_month

if TYPE_CHECKING:
    from collections.abc import Iterator

NEAR = timedelta(days=120)  # a day and month so near the report need no verb to tell their year
MOST_MONTHS = 4  # where no verb tells the year of a month
_NUMERIC = re.compile(r"(?<![\w./-])(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})([./])(\d{1,2})\5(\d{4}))(?![\w/-]|\.\d)")


def read_month(word: str, language: Language) -> int:
    """Return a month's number by its name or the beginning of it."""
    begun = word.rstrip(".").lower()
    return next(i for i, name in enumerate(language.listed["months"], 1) if name.startswith(begun))


def place_day(
    text: str, start: int, month: int, day: int, report: date | None, language: Language, *, at_end: bool = False
) -> date | None:
    """Give a day and month the year that fits: the nearest, or as the clause looks if that is far."""
    if report is None:
        return None
    years = (report.year - 1, report.year, report.year + 1)
    options = [d for y in years if (d := last_of_month(y, month) if at_end else make_day(y, month, day))]
    if not options:
        return None
    nearest = min(options, key=lambda d: abs(d - report))
    if abs(nearest - report) <= NEAR:
        return nearest
    ahead = looks_ahead(text, start, language)
    return (
        next((d for d in options if d >= report), None)
        if ahead
        else max((d for d in options if d <= report), default=None)
    )


def find_numeric(text: str, report: date | None, language: Language) -> Iterator[Found]:
    """Find 2023-09-22, 22.09.2023 and 22/09/2023; 3/9/2023 could be two days where a language puts neither first."""
    for match in find_all(_NUMERIC, text):
        if match[1]:
            day = make_day(int(match[1]), int(match[2]), int(match[3]))
        else:
            a, b, year = int(match[4]), int(match[6]), int(match[7])
            if match[5] == "/" and a <= 12 and b <= 12 and a != b and not language.day_first:
                yield match.start(), match.end(), None  # day first or month first: not told
                continue
            day = make_day(year, b, a) or (make_day(year, a, b) if match[5] == "/" else None)
        if day:
            yield match.start(), match.end(), DateSaid(match.start(), match.end(), day, day, "day")


def find_day_first(text: str, report: date | None, language: Language) -> Iterator[Found]:
    """Find "22 September" and "20-22 September 2023"."""
    for match in find_all(language["day_first"], text):
        month, start = read_month(match["month"], language), match.start()
        # "5 and 6 May" is a span, "3 and 9 May" two days of which only the second carries its month
        next_day = match["first"] and int(match["day"]) == int(match["first"]) + 1
        link, linking = match["link"] or "", language.words["and"]
        is_span = link in language.words["span_to"] or (link in linking and (match["lead"] or next_day))
        is_range = match["first"] and (match["dash"] or is_span)
        if not is_range:
            start = match.start("day")
        yield from _days(text, match, month, start, bool(is_range), report, language)


def find_month_first(text: str, report: date | None, language: Language) -> Iterator[Found]:
    """Find "September 22, 2023"."""
    for match in find_all(language["month_first"], text):
        yield from _days(
            text, match, read_month(match["month"], language), match.start(), bool(match["first"]), report, language
        )


def _days(
    text: str, match: re.Match[str], month: int, start: int, is_range: bool, report: date | None, language: Language
) -> Iterator[Found]:
    """Yield the day or span of a match; what is no day (31 February) covers its place only."""
    day, end = int(match["day"]), match.end()
    last = (
        make_day(int(match["year"]), month, day)
        if match["year"]
        else place_day(text, start, month, day, report, language)
    )
    begun = int(match["first"]) if is_range else day
    if last is None or not 0 < begun <= day:
        yield start, end, None
    else:
        yield start, end, DateSaid(start, end, last.replace(day=begun), last, "span" if is_range else "day")


def find_months(text: str, report: date | None, language: Language) -> Iterator[Found]:
    """Find months, with or without their year; "early May" and "mid-May" are too vague to be given days."""
    before: tuple[int, DateSaid] | None = None
    for match in find_all(language["month_only"], text):
        month, start, end = read_month(match["month"], language), match.start("month"), match.end()
        lead = (match["lead"] or match["lead_mid"] or "").lower()
        if lead in language.words["vague_parts"]:
            continue
        follows = before and language["and_only"].fullmatch(text[before[0] : start])
        said = None
        if match["year"]:
            said = whole_month(start, end, int(match["year"]), month, "month")
        elif (not lead or lead in language.words["bare_leads"]) and not follows:
            continue
        elif report is None:
            yield start, end, None
            continue
        elif follows and before:
            first = before[1].first
            said = whole_month(start, end, first.year + (month <= first.month), month, "month")
        elif year := _year_of_month(text, start, month, lead, report, language):
            said = whole_month(start, end, year, month, "month")
        if said:
            before = (end, said)
            yield start, end, said


def _year_of_month(text: str, start: int, month: int, lead: str, report: date, language: Language) -> int | None:
    """Return the year of a month as the clause looks; where it shows nothing, the month must be near."""
    back = report.year - (month > report.month or (lead in language.words["last_leads"] and month == report.month))
    on = report.year + (month < report.month)
    if lead in language.words["past_leads"] or month == report.month:
        return back
    ahead = looks_ahead(text, start, language)
    if ahead is False and lead in language.words["open_leads"] and not _is_over(text, start, language):
        ahead = None  # "was to be ready by July", "has been shut until July"
    if ahead is not None:
        return on if ahead else back
    years = [y for y in (back, on) if abs((y - report.year) * 12 + month - report.month) <= MOST_MONTHS]
    return years[0] if len(set(years)) == 1 else None


def _is_over(text: str, start: int, language: Language) -> bool:
    """Tell whether "by March" looks back: "had fallen by March"."""
    return language["had_before"].search(text[max(0, start - 80) : start]) is not None


def find_month_ends(text: str, report: date | None, language: Language) -> Iterator[Found]:
    """Find "the end of May", "the end of the month" and "the end of next year": their last day."""
    for match in find_all(language["month_end"], text):
        start, end = match.span()
        if report is None and not match["year"]:
            yield start, end, None
            continue
        day = _last_day(text, match, report, language)
        if day:
            yield start, end, DateSaid(start, end, day, day, "day" if match["year"] else "relative")


def _last_day(text: str, match: re.Match[str], report: date | None, language: Language) -> date | None:
    if match["month"]:
        month = read_month(match["month"], language)
        if match["year"]:
            return last_of_month(int(match["year"]), month)
        return report and place_day(text, match.start(), month, 28, report, language, at_end=True)
    if report is None:
        return None
    shift = language.shifts[one_of(match, "which")]
    if one_of(match, "span") in language.words["year_words"]:
        return date(report.year + shift, 12, 31)
    months = report.year * 12 + report.month - 1 + shift
    return last_of_month(months // 12, months % 12 + 1)


def find_years(text: str, report: date | None, language: Language) -> Iterator[Found]:
    """Find "since 2019"."""
    for match in find_all(language["year_only"], text):
        year, start, end = int(match["year"]), match.start("year"), match.end()
        if year < 1800 and re.match(r"\s+[a-z]", text[end : end + 3]):
            continue  # "in 1500 tents"
        yield start, end, DateSaid(start, end, date(year, 1, 1), date(year, 12, 31), "year")
