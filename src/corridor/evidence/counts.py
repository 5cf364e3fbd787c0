"""Whether the counts of observations are what their claims say: number, unit, place, hour and day of publication."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from datetime import time as clock
from typing import TYPE_CHECKING

from corridor.evidence.calculation import check_calculation, read_calculations, say_number
from corridor.evidence.claims import STATED
from corridor.evidence.grammar.language import load_language
from corridor.evidence.grammar.units import convert
from corridor.evidence.rows import Row, Spot, date_of, number_of, text_of
from corridor.evidence.support import claim_range
from corridor.evidence.uses import say_ends
from corridor.scenario.values import TimeRange

if TYPE_CHECKING:
    from corridor.scenario.faults import Fault

FILE = "_file"  # the key under which a count carries its file, as its line under rows.LINE
AREAS = "_areas"  # the key under which it carries the area of each place
_VEHICLES = ("vehicles", "relief_trucks_in")  # series that count no people


def check_counts(
    counts: Sequence[Row], claims: Mapping[str, Row], sources: Mapping[str, Row], faults: list[Fault]
) -> None:
    """Check every count against its claims, whatever these are used for.

    Each number is one that a claim states (an end may be its value), or is calculated in the note. The time, the
    place and the day of publication are those of the only claim, or of one of them.
    """
    for count in counts:
        named = [claims[name] for name in text_of(count, "claims").split() if name in claims]
        line = count.get("_line")
        spot = Spot(text_of(count, FILE), line if isinstance(line, int) else 0, faults)
        if named:
            _check_numbers(count, named, spot)
            _check_hour(count, named, spot)
            _check_place(count, named, spot)
            _check_published(count, named, sources, spot)


def _check_numbers(count: Row, claims: Sequence[Row], spot: Spot) -> None:
    unit = "vehicles" if text_of(count, "series") in _VEHICLES else "people"
    stating = [claim for claim in claims if claim_range(claim) is not None]
    by_name = {text_of(claim, "id"): claim for claim in claims}
    sums = read_calculations(text_of(count, "note"))
    for column in STATED:
        number = number_of(count, column)
        if number is None:
            continue
        if column in sums:
            check_calculation(column, sums[column], by_name, (number, number), spot)
        elif not stating:
            spot.note("claim_without_number", column, value=say_number(number), claim=text_of(claims[0], "id"))
        elif not any(_states(claim, column, number) for claim in stating):
            claim = stating[0]
            said = say_ends(_stated_ends(claim), text_of(claim, "unit"))
            facts = {"value": say_number(number), "unit": unit, "claim": text_of(claim, "id"), "said": said}
            spot.note("number_differs_from_claim.count", column, **facts)
    worked_into = " ".join(sums.values()).split()
    for name, claim in by_name.items():
        said = text_of(claim, "unit")
        if claim in stating and name not in worked_into and not _counts(said, unit):
            spot.note("claim_unit_differs", "claims", unit=unit, claim=name, said=said)


def _states(claim: Row, column: str, number: float) -> bool:
    """Tell whether a claim states a number: in this column, or, where it has none there, as its value."""
    stated = number_of(claim, column)
    stated = number_of(claim, "value") if stated is None else stated
    if stated is None and column == "value":
        return False
    return stated is not None and math.isclose(stated, number, rel_tol=1e-9)


def _stated_ends(claim: Row) -> tuple[float, float]:
    value = number_of(claim, "value")
    return (value, value) if value is not None else claim_range(claim) or (0.0, 0.0)


def _counts(said: str, unit: str) -> bool:
    """Tell whether a unit is that of a count: people, or vehicles of any kind."""
    if convert(1.0, said or "1", unit) is not None:
        return True
    word = load_language("en").plurals.get(said.lower())
    return unit == "vehicles" and word is not None and word.kind == "thing"


def _check_hour(count: Row, claims: Sequence[Row], spot: Spot) -> None:
    """A count ends within the time that its claim states or else on the day of which it tells, a midnight with it.

    A count that we derived may end when it was said: more than so many had come by then.
    """
    time = count.get("time")
    if not isinstance(time, datetime):
        return
    stated = [dated for claim in claims if isinstance(dated := claim.get("date"), TimeRange)]
    columns = ("happened", "said_on") if text_of(count, "status") == "derived" else ("happened",)
    days = [day for claim in claims for column in columns if (day := date_of(claim, column))]
    if stated:
        if not any(dated.start <= time <= dated.end or _is_that_day(time, dated.end) for dated in stated):
            ends = ", ".join(dated.write() for dated in stated)
            spot.note("claim_of_another_day", "time", time=text_of(count, "time"), days=ends)
    elif days and time.date() not in days and (time - timedelta(minutes=1)).date() not in days:
        spot.note("claim_of_another_day", "time", time=text_of(count, "time"), days=", ".join(map(str, days)))


def _is_that_day(time: datetime, day: datetime) -> bool:
    """Tell whether a time lies on a day that was stated without an hour."""
    return day.time() == clock() and time.date() == day.date()


def _check_place(count: Row, claims: Sequence[Row], spot: Spot) -> None:
    """Where a place and the claim's are known, they are the same or one lies in the other."""
    here = [name for column in ("place", "area", "exit") if (name := text_of(count, column))]
    areas = count.get(AREAS)
    known = areas if isinstance(areas, Mapping) else {}
    there = [place for claim in claims if (place := text_of(claim, "place")) in {*known, *known.values()}]
    if here and there and not any(_is_near(one, other, known) for one in here for other in there):
        claim = next(claim for claim in claims if text_of(claim, "place") == there[0])
        spot.note("claim_elsewhere", "claims", claim=text_of(claim, "id"), place=there[0], places=", ".join(here))


def _is_near(here: str, there: str, areas: Mapping[str, str]) -> bool:
    return here == there or areas.get(there) == here or areas.get(here) == there or there in here.split("-")


def _check_published(count: Row, claims: Sequence[Row], sources: Mapping[str, Row], spot: Spot) -> None:
    """A count was published on the day its claim was said, or on that of a page that tells it."""
    published = count.get("published")
    named = [sources[name] for claim in claims for name in text_of(claim, "source").split() if name in sources]
    days = [date_of(claim, "said_on") for claim in claims] + [date_of(source, "published") for source in named]
    known = [day for day in days if day is not None]
    if isinstance(published, datetime) and known and published.date() not in known:
        facts = {"published": text_of(count, "published"), "days": ", ".join(map(str, sorted(set(known))))}
        spot.note("published_differs", "published", **facts)
