"""Dates told from another day: today, last night, three days ago, last week; two days earlier, the week before."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from corridor.evidence.grammar.clauses import in_quotation, looks_ahead
from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.said_dates import DateSaid, Found, find_all, one_of, shifted, whole_month

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_REACH = 300  # characters within which the day stands from which "two days earlier" counts
_SENTENCE_END = re.compile(r"[.!?][”\"’']?\s+(?=[A-ZÀ-Þ“\"‘«•])|\n\n")


def find_relative(text: str, report: date | None, language: Language) -> Iterator[Found]:
    """Find what is told from the day of the report."""
    for match in find_all(language["day_word"], text):
        start, end = match.span()
        if not in_quotation(text, start) or not _speaks_on_another_day(text, start, language):
            yield start, end, shifted(start, end, report, language.days[" ".join(match[0].lower().split())])
    for match in find_all(language["overnight"], text):
        start, end = match.span()
        if report is None:
            yield start, end, None
        elif looks_ahead(text, start, language) is False and not _speaks_on_another_day(text, start, language):
            yield start, end, DateSaid(start, end, report - timedelta(days=1), report, "relative")
    for match in find_all(language["ago"], text):
        start, end = match.span()
        is_vague = language["ordinal_ago"].search(text[max(0, start - 10) : start])
        is_days = match["unit"].lower() in language.words["day_words"] and not is_vague
        yield start, end, shifted(start, end, report, -read_count(match["count"], language)) if is_days else None
    for match in find_all(language["span_word"], text):
        start, end = match.span()
        yield start, end, _span(match, report, language) if report else None


def read_count(word: str, language: Language) -> int:
    """Return a small number written in figures or in words; an article is one."""
    counted, word = language.listed["counted"], word.lower()
    return int(word) if word.isdigit() else counted.index(word) if word in counted else 1


def _speaks_on_another_day(text: str, start: int, language: Language) -> bool:
    """Tell whether what is quoted may have been said on another day than the report's."""
    around = text[max(0, start - _REACH) : start + _REACH]
    cut = min(start, _REACH)
    if language["retold"].search(around[:cut]):
        return True
    begin = max((m.end() for m in _SENTENCE_END.finditer(around, 0, cut)), default=0)
    over = _SENTENCE_END.search(around, cut)
    second = _SENTENCE_END.search(around, over.end()) if over and around[over.start() + 1] in "”\"’'" else over
    return language["other_day"].search(around, begin, second.start() if second else len(around)) is not None


def _span(match: re.Match[str], report: date, language: Language) -> DateSaid:
    """Return this, last or next week (Monday to Sunday), month or year; "earlier this week" ends with the report."""
    start, end = match.span()
    shift, part = language.shifts[one_of(match, "which")], one_of(match, "part")
    span = one_of(match, "span")
    if span in language.words["week_words"]:
        first = report - timedelta(days=report.weekday()) + timedelta(weeks=shift)
        last = first + timedelta(days=6)
    elif span in language.words["year_words"]:
        first, last = date(report.year + shift, 1, 1), date(report.year + shift, 12, 31)
    else:
        months = report.year * 12 + report.month - 1 + shift
        whole = whole_month(start, end, months // 12, months % 12 + 1, "relative")
        first, last = whole.first, whole.last
    if shift == 0 and part:
        first, last = (first, report) if part in language.words["earlier_words"] else (report, last)
    return DateSaid(start, end, first, last, "relative")


def find_told_from(text: str, dates: Sequence[DateSaid], language: Language) -> Iterator[DateSaid]:
    """Find "two days earlier", "the day before", "the week before", told from the day said last before them.

    That day must stand in the same sentence or, alone, in the one before.
    """
    ordered = sorted(dates, key=lambda said: said.start)
    at = 0
    for match in find_all(language["told_from"], text):
        start = match.start()
        while at < len(ordered) and ordered[at].end <= start:
            at += 1
        near = [said for said in ordered[max(0, at - 6) : at] if said.start >= start - _REACH]
        breaks = [m.end() for m in _SENTENCE_END.finditer(text, max(0, start - _REACH), start)]
        here = [said for said in near if not breaks or said.start >= breaks[-1]]
        floor = breaks[-2] if len(breaks) > 1 else 0
        there = {(s.first, s.last): s for s in near if s.start >= floor} if not here else {}
        base = here[-1] if here else next(iter(there.values())) if len(there) == 1 else None
        if base and (said := _told_from(match, base, language)):
            yield said


def _told_from(match: re.Match[str], base: DateSaid, language: Language) -> DateSaid | None:
    start, end = match.span()
    word = one_of(match, "where")
    sign = -1 if word in language.words["earlier_words"] else 1
    is_week = one_of(match, "unit") in language.words["week_words"]
    days = read_count(match["count"] or "", language) * (7 if is_week else 1) * sign
    length = (base.last - base.first).days
    if is_week and match["count"]:
        return None  # "two weeks later" tells no day
    if length != (6 if is_week and not match["count"] else 0):
        return None
    return DateSaid(start, end, base.first + timedelta(days=days), base.last + timedelta(days=days), "relative")
