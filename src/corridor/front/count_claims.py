"""A file's counts as rows of observations, each with a claim that names its file, lines, hash and day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from corridor.scenario.draft import show, suggest
from corridor.scenario.faults import UsageError
from corridor.scenario.schema import load_fields
from corridor.scenario.values import parse_day_or_time, parse_publication, write_number

if TYPE_CHECKING:
    from corridor.build.counts import CountFigure, Counts
    from corridor.build.mapping import ColumnMapping
    from corridor.build.used import Reading
    from corridor.scenario.scenario import Scenario

Row = dict[str, str]
NOT_STATED = "not stated"  # of a publisher


@dataclass(frozen=True)
class Said:
    """What a person says of a file of counts: who published it, when, which series it counts."""

    publisher: str = ""
    published: str = ""
    series: str = ""
    address: str = ""


def find_zone(case: Scenario) -> ZoneInfo:
    """Return the time zone of a case."""
    return ZoneInfo(case.settings["time_zone"])


def settle(case: Scenario, mapping: ColumnMapping, said: Said) -> Said:
    """Return what is said of the file, by options before the mapping. Raises UsageError for what cannot be."""
    known = Said(
        said.publisher or mapping.source.get("publisher", ""),
        said.published or mapping.source.get("published", ""),
        said.series or mapping.counts.get("series", ""),
        said.address or mapping.source.get("address", ""),
    )
    choices = load_fields()["observations"]["series"].choices
    if known.series and known.series not in choices:
        message = f"counts are of {', '.join(choices)}, not of {show(known.series)}{suggest(known.series, choices)}"
        raise UsageError(message)
    if known.published:
        try:
            parse_publication(known.published, find_zone(case))
        except ValueError:
            message = f"published is {show(known.published)}; give a day or a time, such as 2023-09-24T13:00"
            raise UsageError(message) from None
    return known


def make_rows(
    case: Scenario, found: Counts, mapping: ColumnMapping, said: Said, assumed: list[str]
) -> tuple[list[tuple[Row, CountFigure]], list[Row]]:
    """Return rows of counts with the figures they are made of, and the claims they rest on."""
    now = datetime.now(find_zone(case)).replace(tzinfo=None).isoformat(timespec="minutes")
    series = said.series or found.series
    per_day = mapping.counts.get("per") == "day"
    rows, claims = [], []
    for figure in found.figures:
        if not case.start < end_of(figure) <= case.end:
            take_back(
                found.reading, figure, f"outside the period of the case, {case.start:%Y-%m-%d} to {case.end:%Y-%m-%d}"
            )
            continue
        published = said.published or _read_published(case, figure.published)
        if not published:
            published = now
            _tell(
                assumed,
                f"published {now}, the moment of adding: an older forecast does not know it (--published says when)",
            )
        if not said.series and not figure.series:
            _tell(assumed, f"what is counted: {series}, from the names of the columns (--series says which)")
        claim = _make_claim(found, figure, figure.series or series)
        claims.append(claim)
        row = {
            "time": end_of(figure).isoformat(timespec="minutes"),
            "since": f"{figure.day}T00:00" if per_day else "",
            "series": figure.series or series,
            figure.column: figure.where,
            **_write_numbers(figure),
            "status": mapping.counts.get("status", "stated" if figure.hour else "hour_assumed"),
            "published": published,
            "claims": claim["id"],
        }
        rows.append(({column: text for column, text in row.items() if column and text}, figure))
    if any(figure.hour is None for _, figure in rows):
        _tell(assumed, "the hour of each count for which none is stated: the end of its day")
    return rows, claims


def _tell(assumed: list[str], text: str) -> None:
    if text not in assumed:
        assumed.append(text)


def end_of(figure: CountFigure) -> datetime:
    """Return up to when is counted: the hour stated, else the end of the day, the midnight after it."""
    if figure.hour is not None:
        return datetime.combine(figure.day, figure.hour)
    return datetime.combine(figure.day, datetime.min.time()) + timedelta(days=1)


def _read_published(case: Scenario, text: str) -> str:
    try:
        parse_day_or_time(text, find_zone(case))
    except ValueError:
        return ""
    return text


def _write_numbers(figure: CountFigure) -> Row:
    ends = {"value": figure.people, "low": figure.low, "high": figure.high}
    return {column: write_number(number) for column, number in ends.items() if number is not None}


def _say_numbers(figure: CountFigure) -> str:
    return f"{' / '.join(f'{float(number):,.10g}' for number in _write_numbers(figure).values())} people"


def take_back(reading: Reading, figure: CountFigure, reason: str) -> None:
    """Count the rows of a figure as dropped after all."""
    for line in figure.lines:
        reading.take_back(line, reason)


def _slug(found: Counts) -> str:
    name = re.sub(r"[^\w]+", "_", Path(found.source.name).stem).strip("_").lower()[:40] or "counts"
    return f"{name}_{found.source.sha256[:8]}"


def _make_claim(found: Counts, figure: CountFigure, series: str) -> Row:
    lines = ", ".join(map(str, figure.lines[:5])) + (", ..." if len(figure.lines) > 5 else "")
    where = f" at {figure.where}" if figure.where else ""
    hour = f" at {figure.hour:%H:%M}" if figure.hour else ""
    return {
        "id": f"c_{_slug(found)}_{figure.lines[0]}",
        "source": f"s_{_slug(found)}",
        "happened": figure.day.isoformat(),
        "place": figure.where,
        "quantity": series,
        **_write_numbers(figure),
        "unit": "people",
        "stance": "reports",
        "wording": f"{found.source.name}, line {lines}: {series}{where}, {_say_numbers(figure)} on {figure.day}{hour}",
        "use": "fits",
    }


def make_source(found: Counts, said: Said, assumed: list[str]) -> Row:
    """Return the file as a source, with its hash."""
    publisher = said.publisher or found.publisher
    if not publisher:
        publisher = NOT_STATED
        _tell(assumed, "who published the file is not stated (--source says who)")
    licence = f"licence: {found.source.licence}" if found.source.licence else ""
    return {
        "id": f"s_{_slug(found)}",
        "publisher": publisher,
        "title": found.source.title or found.source.name,
        "published": said.published,
        "address": said.address,
        "hash": found.source.sha256,
        "note": "; ".join(text for text in ("counts from a file, of which the hash is", licence) if text),
    }
