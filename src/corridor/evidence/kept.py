"""Kept texts: the file is as it was hashed, the quote stands in it, its number and weekday agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from corridor.evidence.agreement import compare
from corridor.evidence.anchor import Anchor, find_anchor
from corridor.evidence.grammar.dates import WEEKDAYS
from corridor.evidence.grammar.page import judge_report_day
from corridor.evidence.grammar.text import Text, read_text
from corridor.evidence.rows import SOURCES_FILE, Row, date_of, line_of, number_of, text_of
from corridor.scenario.faults import FaultsError

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

Report = Callable[..., None]
_WEEKDAY = re.compile(rf"\b({'|'.join(name.capitalize() for name in WEEKDAYS)})\b")


def read_kept_texts(sources: Sequence[Row], folder: Path | None, report: Report) -> dict[str, Text]:
    """Return the kept texts by source; report what is missing, outside the folder, unreadable or changed."""
    texts: dict[str, Text] = {}
    named: set[Path] = set()
    for index, row in enumerate(sources):
        name, line = text_of(row, "file"), line_of(sources, index)
        if not name or folder is None:
            continue
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()):
            report("text_outside", SOURCES_FILE, line, "file", f'"{name}"')
            continue
        named.add(path)
        if not path.is_file():
            report("text_missing", SOURCES_FILE, line, "file", f'"{name}"')
            continue
        try:
            text = read_text(path)
        except FaultsError as error:
            report("text_unreadable", SOURCES_FILE, line, "file", f'"{name}": {error.faults[0].found}')
            continue
        hash_said = text_of(row, "hash").lower().removeprefix("sha256:")
        if not hash_said:
            report("hash_missing", SOURCES_FILE, line, "hash", f"no hash; the file's is {text.hash}")
        elif hash_said != text.hash:
            report(
                "hash_differs",
                SOURCES_FILE,
                line,
                "hash",
                f"{hash_said[:16]}…; the file's is {text.hash[:16]}…",
            )
        texts[text_of(row, "id")] = text
    if folder is not None and folder.is_dir():
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
            if path.resolve() not in named:
                report(
                    "text_unused",
                    f"evidence/texts/{path.relative_to(folder).as_posix()}",
                    0,
                    "",
                    "a text of no source",
                )
    return texts


def check_quote(row: Row, texts: Sequence[tuple[str, Text]], where: Callable[..., None]) -> tuple[str, Anchor] | None:
    """Find a claim's quote in the kept texts of its sources; return the source and place, or None.

    `where(code, column, found)` reports a fault of the claim.
    """
    quote = text_of(row, "quote")
    if not quote:
        return None
    if not texts:
        where("quote_not_checked", "quote", _short(quote))
        return None
    found = []
    for source, text in texts:
        anchor = find_anchor(text.content, quote, text_of(row, "prefix"), text_of(row, "suffix"))
        if anchor:
            found.append((source, anchor, text))
    if not found:
        where("quote_not_found", "quote", _short(quote))
        return None
    source, anchor, text = min(
        found, key=lambda f: ("exact", "context", "spelling", "ambiguous", "close").index(f[1].how)
    )
    stands = text.content[anchor.start : anchor.end]
    if anchor.how == "ambiguous":
        where("quote_ambiguous", "quote", _short(quote))
    elif anchor.how == "close":
        altered = re.findall(r"\d[\d,.]*", stands) != re.findall(r"\d[\d,.]*", quote)
        where(
            "quote_number_altered" if altered else "quote_close",
            "quote",
            f"{_short(quote)}; the text has {_short(stands)}",
        )
    return source, anchor


def check_number(row: Row, english: bool, where: Callable[..., None]) -> str:
    """Compare a claim's value with the numbers in its quote; return the verdict ("" if none is there)."""
    value, low, high = (number_of(row, column) for column in ("value", "low", "high"))
    quote = text_of(row, "quote")
    if not quote or (value is None and low is None and high is None):
        return ""
    agreement = compare(quote, value, low, high, text_of(row, "unit"), english)
    said = ", ".join(agreement.found)
    claimed = " ".join(w for w in (_plain(value), _range(low, high), text_of(row, "unit")) if w)
    if agreement.verdict == "differs":
        where("number_differs", "value" if value is not None else "low", f"{claimed}; the quote says {said}")
    elif agreement.verdict == "unit":
        where("unit_differs", "unit", f"{claimed}; the quote says {said}")
    elif agreement.verdict == "unread" and not text_of(row, "note"):
        where("number_unread", "quote", f"{claimed}; {_short(quote)}")
    return agreement.verdict


def check_days(row: Row, texts: Sequence[tuple[str, Text]], where: Callable[..., None]) -> None:
    """Check a claim's dates against the weekday in its quote and against a page that carries another date."""
    happened, said = date_of(row, "happened"), date_of(row, "said_on")
    days = [day for day in (happened, said) if day is not None]
    names = set(_WEEKDAY.findall(text_of(row, "quote")))
    if days and names and not any(WEEKDAYS[day.weekday()].capitalize() in names for day in days):
        listed = ", ".join(f"{day} is a {WEEKDAYS[day.weekday()].capitalize()}" for day in days)
        where(
            "weekday_differs",
            "happened" if happened else "said_on",
            f"the quote says {', '.join(sorted(names))}; {listed}",
        )
    for _, text in texts:
        for column, day in (("happened", happened), ("said_on", said)):
            if day is not None and day == doubtful_page_day(text):
                where("page_date_as_event", column, f"{day}, the date in the page's head")


def doubtful_page_day(text: Text) -> date | None:
    """Return the date in a page's head if the text's own weekdays speak against it, else None."""
    judged = judge_report_day(text.content, None)
    return judged.page.day if judged.page is not None and judged.day is None else None


def texts_of(row: Row, texts: Mapping[str, Text]) -> Iterator[tuple[str, Text]]:
    """Yield (source, text) for the sources of a claim whose texts are kept."""
    for source in text_of(row, "source").split():
        if source in texts:
            yield source, texts[source]


def _short(words: str) -> str:
    words = " ".join(words.split())
    return f'"{words[:77]}…"' if len(words) > 78 else f'"{words}"'


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None and high is None else f"({_plain(low)}..{_plain(high)})"
