"""The day a report is of: given, or taken from its head unless the weekdays of its news say otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from corridor.evidence.grammar.dates import find_dates
from corridor.evidence.grammar.language import Language, load_language
from corridor.evidence.grammar.said_dates import DateSaid

_HEAD_LINES, _HEAD_CHARACTERS = 15, 2_000
_NEWS_CHARACTERS = 50_000  # enough of a text to tell on which days its people spoke
_DATELINE = re.compile(
    r"^[A-Z][A-ZÀ-Þ .'’/-]{2,40}(?:,[A-Za-zÀ-ÿ .'’-]{2,30})?,? ?"
    r"(?P<date>[^()–—\n]{3,30}?) ?(?:\([^)\n]{2,40}\) ?)?[-–—]"
)


@dataclass(frozen=True)
class PageDate:
    """The date in a page's head: where it stands, the day, and the weekday written beside it."""

    start: int
    end: int
    day: date
    weekday: str


@dataclass(frozen=True)
class ReportDay:
    """The day against which a report's dates are resolved, or None if it is not sure; `warnings` say why not.

    `page` is the date in the page's head, if there is one.
    """

    day: date | None
    page: PageDate | None
    warnings: tuple[str, ...]


def find_page_dates(text: str, language: Language) -> list[PageDate]:
    """Return the dates that stand alone on a line of the page's head, or in a dateline, in order."""
    head = text[:_HEAD_CHARACTERS]
    found: list[PageDate] = []
    position = lines = 0
    for line in head.splitlines(keepends=True):
        if line.strip() and lines < _HEAD_LINES:
            lines += 1
            dateline = _DATELINE.match(line)
            dates, _ = find_dates(line if dateline is None else dateline["date"], None, language)
            for said in dates:
                shift = position + (dateline.start("date") if dateline else 0)
                if said.how == "day" and (dateline or _stands_alone(line, said, language)):
                    named = language["any_weekday"].search(line)
                    weekday = named[0].capitalize() if named else ""
                    found.append(PageDate(said.start + shift, said.end + shift, said.first, weekday))
        position += len(line)
    return found


def _stands_alone(line: str, said: DateSaid, language: Language) -> bool:
    rest = line[: said.start] + " " + line[said.end :]
    rest = re.sub(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?", " ", language["head_words"].sub(" ", rest))
    return sum(c.isalnum() for c in rest) <= 3


def find_spoken_weekdays(text: str, language: Language) -> list[int]:
    """Return the weekdays (Monday is 0) on which the text says that somebody said something."""
    found = [
        (m.start(), m["weekday"])
        for pattern in (language["spoken"], language["spoken_before"])
        for m in pattern.finditer(text[:_NEWS_CHARACTERS])
    ]
    return [language.listed["weekdays"].index(weekday.lower()) for _, weekday in sorted(found)]


def judge_report_day(text: str, given: date | None, language: Language | None = None) -> ReportDay:
    """Return the day of the report: the given one, or the page's if the text does not speak against it.

    News is told on its day or the next. If no weekday on which somebody spoke is the page's own or the one
    before it, the page's date is that of an archive, a print-out or an update; then it is not used and
    relative dates stay open.
    """
    language = language or load_language("en")
    pages = find_page_dates(text, language)
    page = pages[0] if pages else None
    warnings: list[str] = []
    if len({p.day for p in pages}) > 1:
        listed = ", ".join(sorted({p.day.isoformat() for p in pages}))
        warnings.append(f"the page's head has several dates ({listed}); the first is taken for the page's")
    if page and page.weekday and page.weekday.lower() != language.listed["weekdays"][page.day.weekday()]:
        warnings.append(f"the page's head calls {page.day} a {page.weekday}; it was a {_name(page.day.weekday())}")
    spoken = find_spoken_weekdays(text, language)
    contradicted = page is not None and _contradicts(page.day, spoken)
    if page and contradicted:
        names = ", ".join(dict.fromkeys(_name(w) for w in spoken))
        warnings.append(
            f"the page is dated {page.day}, a {_name(page.day.weekday())}, but the text tells what was said on "
            f"{names}: "
            "the page's date is not the day of the report"
        )
    if given is None:
        if page is None:
            warnings.append(
                "the day of the report is not known: give --date YYYY-MM-DD to resolve weekdays and the like"
            )
        elif contradicted:
            warnings.append("weekdays and dates without a year are left out: give --date YYYY-MM-DD")
        return ReportDay(None if contradicted or page is None else page.day, page, tuple(warnings))
    if page and abs(page.day - given) > timedelta(days=1):
        warnings.append(f"the page is dated {page.day}; the given day of the report, {given}, is used instead")
    if _contradicts(given, spoken):
        names = ", ".join(dict.fromkeys(_name(w) for w in spoken))
        warnings.append(
            f"the given day {given} is a {_name(given.weekday())}, but the text tells what was said on {names}"
        )
    return ReportDay(given, page, tuple(warnings))


def _contradicts(day: date, spoken: list[int]) -> bool:
    return bool(spoken) and not any(w in (day.weekday(), (day.weekday() - 1) % 7) for w in spoken)


def _name(weekday: int) -> str:
    """Return the name of a weekday as warnings give it, which are in English whatever the text is in."""
    return load_language("en").listed["weekdays"][weekday].capitalize()
