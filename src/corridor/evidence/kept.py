"""Kept texts: the file is as it was hashed, the quote stands in it, its number and weekday agree."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corridor.evidence.anchor import Anchor, find_anchor, stands_among
from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.page import judge_report_day
from corridor.evidence.grammar.text import Text, read_text
from corridor.evidence.quoted_number import compare
from corridor.evidence.rows import SOURCES_FILE, Row, Spot, date_of, number_of, text_of, with_spots
from corridor.scenario.draft import show
from corridor.scenario.faults import Fault, FaultsError

if TYPE_CHECKING:
    from datetime import date


def read_kept_texts(sources: Sequence[Row], folder: Path | None, faults: list[Fault]) -> dict[str, Text]:
    """Return the kept texts by source; note what is missing, outside the folder, unreadable or changed."""
    texts: dict[str, Text] = {}
    named: set[Path] = set()
    for row, spot in with_spots(sources, SOURCES_FILE, faults):
        name = text_of(row, "file")
        if not name or folder is None:
            continue
        path = Path(os.path.realpath(folder / name))  # unlike resolve, raises nothing for a link to itself
        if not path.is_relative_to(folder.resolve()):
            spot.note("text_outside", "file", name=name)
            continue
        named.add(path)
        if not os.path.isfile(path):  # noqa: PTH113, is_file raises for names too long
            spot.note("text_missing", "file", name=name)
            continue
        try:
            text = read_text(path)
        except FaultsError as error:
            spot.note("text_unreadable", "file", name=name, reason=error.faults[0].found)
            continue
        hash_said = text_of(row, "hash").lower().removeprefix("sha256:")
        if not hash_said:
            spot.note("hash_missing", "hash", hash=text.hash)
        elif hash_said != text.hash:
            spot.note("hash_differs", "hash", said=hash_said, hash=text.hash)
        texts[text_of(row, "id")] = text
    if folder is not None and folder.is_dir():
        for path in sorted(p for p in folder.rglob("*") if p.is_file() and not p.name.startswith(".")):
            if path.resolve() not in named:
                Spot(f"evidence/texts/{path.relative_to(folder).as_posix()}", 0, faults).note("text_unused", "")
    return texts


def check_quote(row: Row, texts: Sequence[tuple[str, Text]], spot: Spot) -> tuple[str, Anchor] | None:
    """Find a claim's quote in the kept texts of its sources; return the source and place, or None."""
    quote = text_of(row, "quote")
    if not quote:
        return None
    if not texts:
        spot.note("quote_not_checked", "quote", quote=show(quote))
        return None
    found = []
    for source, text in texts:
        anchor = find_anchor(text.content, quote, text_of(row, "prefix"), text_of(row, "suffix"))
        if anchor:
            found.append((source, anchor, text))
    if not found:
        spot.note("quote_not_found", "quote", quote=show(quote))
        return None
    source, anchor, text = min(
        found, key=lambda f: ("exact", "context", "spelling", "ambiguous", "close").index(f[1].how)
    )
    stands = text.content[anchor.start : anchor.end]
    if anchor.how == "ambiguous":
        spot.note("quote_ambiguous", "quote", quote=show(quote))
    elif anchor.how == "close":
        altered = re.findall(r"\d[\d,.]*", stands) != re.findall(r"\d[\d,.]*", quote)
        kind = "quote_number_altered" if altered else "quote_close"
        spot.note(kind, "quote", quote=show(quote), stands=show(stands))
    elif not stands_among(text.content, anchor, text_of(row, "prefix"), text_of(row, "suffix")):
        spot.note("quote_moved", "quote", quote=show(quote))
    return source, anchor


def check_number(row: Row, language: Language | None, spot: Spot) -> str:
    """Compare a claim's value with the numbers in its quote; return the verdict ("" if none is there)."""
    value, low, high = (number_of(row, column) for column in ("value", "low", "high"))
    quote = text_of(row, "quote")
    if not quote or (value is None and low is None and high is None):
        return ""
    agreement = compare(quote, value, low, high, text_of(row, "unit"), language)
    said = ", ".join(agreement.found)
    claimed = " ".join(w for w in (_plain(value), _range(low, high), text_of(row, "unit")) if w)
    if agreement.verdict == "differs":
        spot.note("number_differs", "value" if value is not None else "low", claimed=claimed, said=said)
    elif agreement.verdict == "unit":
        spot.note("unit_differs", "unit", claimed=claimed, said=said)
    elif agreement.verdict == "unread" and not text_of(row, "note"):
        spot.note("number_unread", "quote", claimed=claimed, quote=show(quote))
    return agreement.verdict


def check_days(row: Row, texts: Sequence[tuple[str, Text]], language: Language | None, spot: Spot) -> None:
    """Check a claim's dates against the weekday in its quote and against a page that carries another date."""
    happened, said = date_of(row, "happened"), date_of(row, "said_on")
    days = [day for day in (happened, said) if day is not None]
    weekdays = language.listed["weekdays"] if language else ()
    found = language["any_weekday"].findall(text_of(row, "quote")) if language else ()
    names = {name.lower() for name in found}
    if days and names and not any(weekdays[day.weekday()] in names for day in days):
        listed = ", ".join(f"{day} is a {weekdays[day.weekday()].capitalize()}" for day in days)
        column = "happened" if happened else "said_on"
        spot.note(
            "weekday_differs", column, weekdays=", ".join(sorted(name.capitalize() for name in names)), days=listed
        )
    for _, text in texts:
        for column, day in (("happened", happened), ("said_on", said)):
            if day is not None and day == doubtful_page_day(text, language):
                spot.note("page_date_as_event", column, day=day)


def doubtful_page_day(text: Text, language: Language | None) -> date | None:
    """Return the date in a page's head if the text's own weekdays speak against it, else None."""
    judged = judge_report_day(text.content, None, language)
    return judged.page.day if judged.page is not None and judged.day is None else None


def texts_of(row: Row, texts: Mapping[str, Text]) -> Iterator[tuple[str, Text]]:
    """Yield (source, text) for the sources of a claim whose texts are kept."""
    for source in text_of(row, "source").split():
        if source in texts:
            yield source, texts[source]


def _plain(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"


def _range(low: float | None, high: float | None) -> str:
    return "" if low is None and high is None else f"({_plain(low)}..{_plain(high)})"
