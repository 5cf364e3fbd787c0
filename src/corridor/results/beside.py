"""Several runs or variants side by side: the numbers of each, and what their replicates differ by where they pair."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.results.result import Result
from corridor.scenario.faults import UsageError
from corridor.simulate.series import Column

Numbers = NDArray[Any]
TOTALS = ("arrivals", "inside", "on_roads", "held_back", "waiting_for_transport")
BY_EXIT = ("arrivals/exit", "held_back")
LUCK = ("engine", "seed", "start", "record_hours")  # with which replicate r of two runs is of the same luck and moments
FAN, BAND = (0.05, 0.25, 0.5, 0.75, 0.95), (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Side:
    """One thing that is compared. T recorded moments from `start` on, R replicates.

    `columns` can be taken [T, R]: totals, by exit, and by place (`at_place` of a place, all its groups together);
    `without` are person-days without by the end by place and item [R].
    """

    about: Mapping[str, Any]  # the manifest of its run
    columns: frozenset[Column]
    take: Callable[[Column], Numbers]
    without: Mapping[tuple[str, str], Numbers] = field(default_factory=dict)
    inside: frozenset[str] = frozenset()  # places that people leave

    @property
    def times(self) -> list[datetime]:
        """Return the recorded moments [T]."""
        start, step = datetime.fromisoformat(self.about["start"]), timedelta(hours=self.about["record_hours"])
        return [start + i * step for i in range(self.about["moments"])]

    def find(self, moment: datetime) -> int:
        """Return the number of the recorded moment next to one."""
        start, step = datetime.fromisoformat(self.about["start"]), timedelta(hours=self.about["record_hours"])
        return min(max(round((moment - start) / step), 0), int(self.about["moments"]) - 1)


def take_side(result: Result, inside: Iterable[str]) -> Side:
    """Return a stored run, or one in memory, as a side. Raises UsageError when it kept its summary only."""
    if not result.kept:
        raise UsageError(result.say_summary_only("numbers of each replicate, which a comparison needs"))
    names = frozenset(inside)
    series, causes = {*TOTALS, *BY_EXIT}, 2  # labels of people held back by exit and cause
    recorded = {c for c in result.columns if c.series in series and len(c.labels) < causes}
    places = {labels[0] for labels in result.labels("at_place")}

    @cache
    def take(column: Column) -> Numbers:
        if column.series == "at_place":
            return np.asarray(sum(result.take_all("at_place", *column.labels).values())).T
        return result.take_columns([column])[column].T

    without = {
        (labels[0], labels[1]): values[:, -1] for labels, values in result.take_all("person_days_without").items()
    }
    columns = frozenset(recorded) | {Column("at_place", (place,)) for place in places}
    return Side(result.manifest, columns, take, without, names)


def explain_unpaired(first: Side, other: Side) -> dict[str, Any] | None:
    """Return why replicate r of two sides has not the same luck: what differs, with both values; None if it has."""
    for name in LUCK:
        a, b = (side.about.get(name, "corridor") for side in (first, other))
        if a != b:
            return {"name": name, "first": str(a), "second": str(b)}
    return None


def _spread(values: Numbers, shares: Sequence[float]) -> dict[str, list[int]]:
    points = np.quantile(values, shares, axis=-1)
    return {f"q{round(100 * s):02d}": to_whole(row) for s, row in zip(shares, points, strict=True)}


def to_whole(values: Numbers) -> list[int]:
    """Return numbers rounded to whole ones."""
    return np.rint(values).astype(np.int64).tolist()  # type: ignore[no-any-return]


def pair(first: Side, other: Side, a: Numbers, b: Numbers) -> tuple[Numbers, Numbers] | None:
    """Return the replicates that two sides share; None if they do not pair or are the same."""
    if other is first or explain_unpaired(first, other):
        return None
    shared = min(a.shape[-1], b.shape[-1])
    return a[..., :shared], b[..., :shared]


def chart_sides(sides: Sequence[Side]) -> dict[str, Any]:
    """Return the totals over time of several sides, at the moments that all have: fans, and paired differences."""
    shared = sorted(set.intersection(*(set(side.times) for side in sides)))
    if len(shared) <= 1:
        message = "what is compared has no two moments in common"
        raise UsageError(message)
    charts = {}
    for column in (Column(name) for name in TOTALS):
        if not all(column in side.columns for side in sides):
            continue
        values = [side.take(column)[[side.find(time) for time in shared]] for side in sides]
        fans = [_spread(one, FAN) for one in values]
        pairs = [pair(sides[0], side, values[0], one) for side, one in zip(sides, values, strict=True)]
        more = [None if both is None else _spread(both[1] - both[0], BAND) for both in pairs]
        charts[column.series] = {"fans": fans, "more": more}
    return {"times": [time.isoformat(timespec="minutes") for time in shared], "charts": charts}
