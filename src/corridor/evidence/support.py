"""How claims stand to each other: who confirms whom, what conflicts, what is old, what rests on nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from corridor.evidence.grammar.units import convert
from corridor.evidence.rows import Row, Use, date_of, number_of, text_of
from corridor.scenario.values import rounding

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_FRESH = timedelta(days=30)  # a claim older than this by the start of the period is stale


@dataclass(frozen=True)
class Topic:
    """What several claims speak of: one quantity of one event at one place and time, in one unit."""

    about: str
    quantity: str
    place: str
    happened: str
    unit: str


@dataclass(frozen=True)
class Support:
    """Claims on one topic with the sources and the independent offices of origin behind them."""

    topic: Topic
    claims: tuple[str, ...]
    sources: tuple[str, ...]
    origins: tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """Claims on one topic that exclude each other, side by side: (claim, low, high) in its unit."""

    topic: Topic
    values: tuple[tuple[str, float, float], ...]


@dataclass(frozen=True)
class Assumption:
    """A number that rests on no claim; `effect` is how much it moves the results, if that was computed."""

    use: Use
    effect: float | None = None


def origin_of(source: Row) -> str:
    """Return the office a source goes back to; where none is named, its publisher counts as one."""
    named = text_of(source, "origin") or text_of(source, "publisher")
    return " ".join(named.casefold().split())


def find_origins(claim: Row, sources: Mapping[str, Row]) -> tuple[str, ...]:
    """Return the distinct offices behind a claim's sources."""
    known = [origin_of(sources[s]) for s in text_of(claim, "source").split() if s in sources]
    return tuple(dict.fromkeys(o for o in known if o))


def group_claims(claims: Sequence[Row]) -> dict[Topic, list[Row]]:
    """Return the claims with a quantity by topic; units that convert into each other count as one."""
    groups: dict[Topic, list[Row]] = {}
    for claim in claims:
        if not text_of(claim, "quantity") or claim_range(claim) is None:
            continue
        parts = [text_of(claim, c).casefold() for c in ("about", "quantity", "place")]
        parts += [text_of(claim, "happened").removesuffix("T00:00"), text_of(claim, "unit").casefold()]
        topic = Topic(*parts)
        same = (t for t in groups if (t.about, t.quantity, t.place, t.happened) == tuple(parts[:4]))
        for other in same:
            if convert(1.0, topic.unit or "1", other.unit or "1") is not None:
                topic = other
                break
        groups.setdefault(topic, []).append(claim)
    return groups


def claim_range(claim: Row) -> tuple[float, float] | None:
    """Return what a claim allows: its range, open where one end is said, or its value within its rounding."""
    value, low, high = (number_of(claim, column) for column in ("value", "low", "high"))
    if low is not None or high is not None:
        return (-math.inf if low is None else low, math.inf if high is None else high)
    if value is None:
        return None
    half = rounding(value) / 2
    return value - half, value + half


def find_support(groups: Mapping[Topic, Sequence[Row]], sources: Mapping[str, Row]) -> list[Support]:
    """Return who stands behind each topic that more than one source speaks of."""
    found = []
    for topic, rows in groups.items():
        names = tuple(dict.fromkeys(s for row in rows for s in text_of(row, "source").split()))
        if len(names) > 1:
            origins = tuple(dict.fromkeys(o for row in rows for o in find_origins(row, sources)))
            found.append(Support(topic, tuple(text_of(row, "id") for row in rows), names, origins))
    return found


def find_conflicts(groups: Mapping[Topic, Sequence[Row]]) -> list[Conflict]:
    """Return the topics on which two claims exclude each other.

    A topic with neither place nor time may be about different things (two roads, two days) and is left out.
    """
    found = []
    for topic, rows in groups.items():
        if not topic.place and not topic.happened:
            continue
        values = []
        for row in rows:
            ends = claim_range(row)
            factor = convert(1.0, text_of(row, "unit") or "1", topic.unit or "1") or 1.0
            if ends is not None:
                values.append((text_of(row, "id"), ends[0] * factor, ends[1] * factor))
        if max(v[1] for v in values) > min(v[2] for v in values):
            found.append(Conflict(topic, tuple(values)))
    return found


def find_stale_day(claim: Row, period_start: date | None) -> date | None:
    """Return the day of a claim that sets or fits a number and is much older than the period."""
    day = date_of(claim, "happened") or date_of(claim, "said_on")
    if period_start is None or day is None or text_of(claim, "use") not in ("sets", "fits"):
        return None
    return day if period_start - day > _FRESH else None


def list_assumptions(uses: Iterable[Use], effects: Mapping[tuple[str, int, str], float]) -> list[Assumption]:
    """Return the numbers without a claim, those that matter most first; `effects` by (file, row, column)."""
    found = [Assumption(use, effects.get((use.file, use.row, use.column))) for use in uses if not use.claims]
    return sorted(found, key=lambda a: (-abs(a.effect or 0.0), a.use.file, a.use.row, a.use.column))
