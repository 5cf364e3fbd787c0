"""A claim by itself: its sources, its days, and whether its own words say its value."""

from __future__ import annotations

import math
import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from corridor.evidence.calculation import calculate, check_calculation, read_calculations
from corridor.evidence.grammar.dates import find_dates
from corridor.evidence.grammar.language import load_language
from corridor.evidence.grammar.numbers import find_numbers
from corridor.evidence.grammar.quantities import find_quantities
from corridor.evidence.grammar.units import convert
from corridor.evidence.rows import Row, Spot, date_of, number_of, text_of
from corridor.evidence.support import find_origins
from corridor.scenario.checks.knowledge import TELLS
from corridor.scenario.draft import show, suggest

if TYPE_CHECKING:
    from corridor.evidence.grammar.quantities import Quantity
    from corridor.evidence.grammar.said_dates import DateSaid

_LEAP_YEAR = 2024  # so that 29 February is a day
STATED = ("value", "low", "high")


def check_claim(claim: Row, sources: Mapping[str, Row], spot: Spot) -> list[str]:
    """Check what a claim says by itself and against its sources; return the sources that exist."""
    names = text_of(claim, "source").split()
    for name in names:
        if name not in sources:
            spot.note("source_unknown", "source", name=name, hint=suggest(name, sources))
    known = [name for name in names if name in sources]
    low, high = number_of(claim, "low"), number_of(claim, "high")
    if low is not None and high is not None and low > high:
        spot.note("range_reversed.evidence", "low", low=low, high=high)
    _check_value(claim, spot)
    _check_days(claim, [sources[name] for name in known], spot)
    _check_origins(claim, known, sources, spot)
    _check_wording(claim, spot)
    _check_calendar(text_of(claim, "wording"), spot)
    _check_counted(text_of(claim, "quantity"), text_of(claim, "unit"), spot)
    return known


def _check_calendar(wording: str, spot: Spot) -> None:
    """No words name a day that no calendar has, such as 37 March."""
    months = load_language("en").listed["months"]
    for said in re.finditer(rf"\b(\d{{1,2}}) ({'|'.join(map(str.capitalize, months))})\b", wording):
        month = months.index(said[2].lower()) + 1
        if not 0 < int(said[1]) <= monthrange(_LEAP_YEAR, month)[1]:
            spot.note("wording_differs.calendar", "wording", day=said[0])


def _check_counted(quantity: str, unit: str, spot: Spot) -> None:
    """A quantity that begins with whom it counts (people, refugees) is in such a unit, or a share of them."""
    first = next(iter(re.findall(r"[a-z]+", quantity.lower())), "")
    known = load_language("en").plurals.get(first)
    if not unit or known is None or known.kind != "person":  # dead time, crossings: what is counted may be another
        return
    if convert(1.0, unit, "share") is None and not _may_be(first, unit):
        spot.note("unit_differs.quantity", "unit", unit=unit, quantity=show(quantity))


def _check_value(claim: Row, spot: Spot) -> None:
    """A value lies within the range that is stated with it, and is what the note calculates."""
    value, low, high = (number_of(claim, column) for column in STATED)
    if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
        spot.note("value_outside_range", "value", value=value, low=_plain(low), high=_plain(high))
    for column, written in read_calculations(text_of(claim, "note")).items():
        stated = number_of(claim, column) if column in STATED else None
        if stated is not None:
            check_calculation(column, written, {}, (stated, stated), spot)


def _check_days(claim: Row, sources: list[Row], spot: Spot) -> None:
    pages = [day for source in sources if (day := date_of(source, "published"))]
    last = max(pages, default=None) if len(pages) == len(sources) else None
    happened, said = date_of(claim, "happened"), date_of(claim, "said_on")
    tells = text_of(claim, "stance") in TELLS
    if happened and last and happened > last and tells:
        spot.note("happened_after_page", "happened", day=happened, page=last)
    elif happened and said and happened > said and tells:
        spot.note("happened_after_saying", "happened", day=happened, said=said)
    if said and last and said > last:
        spot.note("said_after_page", "said_on", day=said, page=last)
    _check_worded_days(claim, [day for day in (happened, said) if day], spot)


def _check_worded_days(claim: Row, days: list[date], spot: Spot) -> None:
    """One of the days that the wording names is a day of the claim."""
    wording = text_of(claim, "wording")
    stated = date_of(claim, "date")
    anchor = days[0] if days else stated
    if anchor is None or text_of(claim, "stance") not in TELLS:
        return
    named, _ = find_dates(wording, anchor)
    named = [said for said in named if _is_day(wording, said)]
    ends: list[tuple[date, date]] = [(day, day) for day in days]
    if stated:
        last = date.fromisoformat(text_of(claim, "date").rpartition("..")[2][:10])
        ends.append((stated, last))
    if named and not any(first <= said.last and said.first <= last for said in named for first, last in ends):
        words = ", ".join(wording[said.start : said.end] for said in named)
        spot.note("wording_differs.day", "wording", words=words, days=", ".join(str(first) for first, _ in ends))


def _is_day(wording: str, said: DateSaid) -> bool:
    """Tell whether words name a day, and not where a span begins or ends."""
    words, before = wording[said.start : said.end], wording[: said.start]
    return (
        bool(re.search(r"\d", words))
        and (said.last - said.first).days < 28
        and not load_language("en")["span_before"].search(before)
    )


def _check_origins(claim: Row, known: list[str], sources: Mapping[str, Row], spot: Spot) -> None:
    """Credibility 1 needs two offices that know independently; several sources of one office count once."""
    origins = find_origins(claim, sources)
    if text_of(claim, "credibility") == "1" and known and len(origins) < 2:
        counted = f"{len(known)} source{'s' if len(known) != 1 else ''}"
        spot.note("confirmed_by_itself", "credibility", sources=counted)
    elif len(known) > 1 and len(origins) < len(known):
        counted = f"{len(origins)} origin{'s' if len(origins) != 1 else ''}"
        spot.note("one_origin", "source", sources=len(known), origins=counted)


def _check_wording(claim: Row, spot: Spot) -> None:
    """Every number that a claim states stands in its own words, in its unit where the words have one."""
    wording, unit = text_of(claim, "wording"), text_of(claim, "unit")
    stated = {column: number for column in STATED if (number := number_of(claim, column)) is not None}
    if not stated or not wording:
        return
    quantities = find_quantities(wording)
    plain = list(_list_numbers(wording))
    if not plain and text_of(claim, "quote"):
        return  # what was quoted is compared with the value
    if not plain:
        spot.note("wording_without_number", "wording", value=_plain(next(iter(stated.values()))), unit=unit)
        return
    sums = read_calculations(text_of(claim, "note"))
    for column, number in stated.items():
        if column in sums and _is_made_of(sums[column], plain, number):
            continue
        if not any(_is_in(number, low, high) for low, high in [*plain, *_convert_all(quantities, unit)]):
            said = ", ".join(dict.fromkeys(_say(low, high) for low, high in plain))
            spot.note("wording_differs", column, value=_plain(number), unit=unit, said=said)
            return
    _check_worded_unit(list(stated.values()), unit, quantities, spot)


def _check_worded_unit(stated: list[float], unit: str, quantities: list[Quantity], spot: Spot) -> None:
    """Where the words give each stated number a unit, the claim's is one of these."""
    reading = [q for q in quantities if any(_is_in(n, *_ends(q)) for n in stated)]
    if unit and reading and not any(_may_be(q.unit, unit) for q in quantities):
        said = ", ".join(dict.fromkeys(q.unit for q in reading))
        spot.note("wording_differs.unit", "unit", unit=unit, said=said)


def _may_be(said: str, unit: str) -> bool:
    """Tell whether words of one unit may speak of the other: they convert, or both count things (trucks, vehicles)."""
    first, second = (u.replace(" per ", "/").split("/")[0].strip() for u in (said, unit))
    if convert(1.0, first or "1", second or "1") is not None:
        return True
    return _kind(first) == _kind(second) in ("thing", "group")


def _kind(unit: str) -> str:
    english = load_language("en")
    word = english.plurals.get(unit.lower()) or english.singulars.get(unit.lower())
    return word.kind if word else "thing"


def _list_numbers(wording: str) -> Iterator[tuple[float, float]]:
    yield from ((n.low, n.high) for n in find_numbers(wording))
    english = load_language("en")
    for match in english["portion"].finditer(wording):
        share = english.portions[" ".join(match[0].lower().split())]
        yield from ((share, share), (100 * share, 100 * share))


def _ends(quantity: Quantity) -> tuple[float, float]:
    stated = [n for n in (quantity.value, quantity.low, quantity.high) if n is not None]
    return min(stated), max(stated)


def _convert_all(quantities: list[Quantity], unit: str) -> Iterator[tuple[float, float]]:
    for quantity in quantities:
        factor = convert(1.0, quantity.unit, unit) if unit else None
        if factor is not None:
            low, high = _ends(quantity)
            yield low * factor, high * factor


def _is_made_of(written: str, plain: list[tuple[float, float]], number: float) -> bool:
    """Tell whether a sum comes to a number and all its parts stand in the words."""
    result = calculate(written, {})
    parts = [float(part.replace(",", "")) for part in re.findall(r"\d[\d,]*(?:\.\d+)?", written)]
    is_right = result is not None and math.isclose(result, number, rel_tol=1e-6)
    return is_right and all(any(_is_in(part, low, high) for low, high in plain) for part in parts)


def _is_in(number: float, low: float, high: float) -> bool:
    """Tell whether a number is one of the ends said; between them nobody said anything."""
    return any(math.isclose(number, end, rel_tol=1e-9, abs_tol=1e-12) for end in (low, high))


def _plain(number: float | None) -> str:
    return "" if number is None else f"{number:,.10g}"


def _say(low: float, high: float) -> str:
    return _plain(low) if low == high else f"{_plain(low)} to {_plain(high)}"
