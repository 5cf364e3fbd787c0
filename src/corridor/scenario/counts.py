"""Counts as they are published: of what, where, since when, how exact, and what was known of them by a moment."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corridor.scenario.values import Margin, rounding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from numpy.typing import NDArray

    from corridor.scenario.draft import Row
    from corridor.scenario.scenario import Scenario

WHERE = ("place", "area", "exit")  # a count names at most one of them; none means in total
MOST_ROUNDED, MOST_STATED = 1 / 5, 1 / 20  # shares of a count that its last digit may stand for


class Thing(NamedTuple):
    """What is counted: rows that agree in it are vintages of one count, or several offices' counts side by side.

    `since` is None for a count since the start of the period.
    """

    series: str
    place: str
    area: str
    exit: str
    since: datetime | None
    time: datetime

    @property
    def where(self) -> tuple[str, str]:
        """Return the column that says where, and what it says; two empty texts for a total."""
        return next(((name, label) for name in WHERE if (label := getattr(self, name))), ("", ""))


@dataclass(frozen=True)
class Count:
    """One published count.

    `value` is None where only an end or a range was published; `low` alone means "more than", `high` alone "up to".
    `margin` is its error where one is stated. `published` is when it became known, None where nobody wrote it down.
    """

    thing: Thing
    value: float | None
    low: float | None
    high: float | None
    margin: Margin | None
    status: str
    published: datetime | None
    claims: tuple[str, ...] = ()

    @property
    def is_point(self) -> bool:
        """Tell whether one number was published, exact or rounded."""
        return self.low is None and self.high is None

    @property
    def number(self) -> float:
        """Return the number that stands for the count: its value, else the middle of its range or its only end."""
        if self.value is not None:
            return self.value
        ends = [end for end in (self.low, self.high) if end is not None]
        return sum(ends) / len(ends)

    @property
    def error(self) -> float:
        """Return how far the count may be off: as stated, else half of its last digit; 0 for what states an end."""
        if self.margin is not None:
            return self.margin.of(self.number)
        most = MOST_ROUNDED if self.status == "rounded" else MOST_STATED
        return rounding(self.number, most) / 2 if self.is_point else 0.0

    @property
    def stated_error(self) -> float:
        """Return the error that a score takes into account: only what was stated."""
        return 0.0 if self.margin is None else self.error

    @property
    def bounds(self) -> tuple[float, float]:
        """Return between which numbers the truth lies, within the error; infinite where no end was published."""
        low, high = (self.value, self.value) if self.is_point else (self.low, self.high)
        return (
            -math.inf if low is None else low - self.error,
            math.inf if high is None else high + self.error,
        )

    def measure_distance(self, said: NDArray[np.float64] | float) -> NDArray[np.float64]:
        """Return how far numbers lie outside of what the count allows: of "more than" only what falls short."""
        low, high = self.bounds
        return np.maximum(np.maximum(low - np.asarray(said), np.asarray(said) - high), 0.0)

    def known_by(self, moment: datetime) -> bool:
        """Tell whether the count was made and published by a moment; one without a time of publication never is."""
        return self.published is not None and max(self.published, self.thing.time) <= moment

    def known_to_fit(self, until: datetime) -> bool:
        """Tell whether a forecast as of a moment may know it: counted and published by then.

        Without a time of publication it counts as known at its own hour.
        """
        return max(self.thing.time, self.published or self.thing.time) <= until


def read_count(row: Row) -> Count:
    """Return the count in a row of observations that could be read."""
    place, area, exit_ = (row[name] or "" for name in WHERE)
    thing = Thing(row["series"], place, area, exit_, row["since"], row["time"])
    value, low, high, margin = (row[name] for name in ("value", "low", "high", "error"))
    return Count(thing, value, low, high, margin, row["status"], row["published"], row["claims"])


def read_counts(scenario: Scenario, parameter_set: str) -> tuple[Count, ...]:
    """Return every count that applies under a parameter set with all its vintages, by what is counted."""
    counts = [read_count(row) for row in scenario.rows("observations", parameter_set)]
    return tuple(sorted(counts, key=lambda count: _sort_key(count.thing)))


def _sort_key(thing: Thing) -> tuple[object, ...]:
    return (*thing[:4], thing.time, thing.since is not None, thing.since or thing.time)


def keep_newest(counts: Iterable[Count]) -> tuple[Count, ...]:
    """Return the newest vintage of everything counted; several published at one time stand side by side.

    A vintage with a time of publication is newer than one without.
    """
    chosen = tuple(counts)
    newest: dict[Thing, datetime] = {}
    for count in chosen:
        if count.published is not None:
            newest[count.thing] = max(newest.get(count.thing, count.published), count.published)
    return tuple(count for count in chosen if count.published == newest.get(count.thing))


def known_counts(scenario: Scenario, parameter_set: str, as_of: datetime) -> tuple[Count, ...]:
    """Return the counts known by a moment (local time), the newest vintage of each; nothing published later."""
    return keep_newest(count for count in read_counts(scenario, parameter_set) if count.known_by(as_of))


def choose_fitted(
    counts: Iterable[Count], series: Collection[str], start: datetime, until: datetime
) -> tuple[tuple[Count, ...], tuple[tuple[Count, str], ...]]:
    """Return the counts that a forecast as of a moment learns from, and those it may know but leaves out, with why.

    Used are all of some series (of every one where none is named), in the vintage known then.
    """
    known = keep_newest(count for count in counts if start <= count.thing.time and count.known_to_fit(until))
    apart = [count for count in known if series and count.thing.series not in series]
    left_out = tuple((count, "its series is not among those to learn from (fitted_series)") for count in apart)
    return tuple(count for count in known if count not in apart), left_out
