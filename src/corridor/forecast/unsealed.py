"""A sealed forecast of counts as a ledger's record holds it, read back and required to be sound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np

from corridor.results.result import Values
from corridor.scenario.counts import Count, Thing
from corridor.scenario.values import Margin

KIND = "counts"  # what a record holds a forecast of
HOUR, DAY = timedelta(hours=1), timedelta(hours=24)
Label = tuple[str, str, str, str]  # series, place, area, exit


@dataclass(frozen=True)
class Sealed:
    """A sealed forecast. L levels, M moments, from the one as of which it was made on.

    `quantiles` [M, L] stand by series, place, area and exit, and so do those of what came in the 24 hours before each
    moment, `last_day`, where spans are counted; `known` are the counts it was made from, `leaving` the
    quantiles of the model's prior of how many will leave in the end, `began` when counting began with nobody.
    """

    row: int
    record: Mapping[str, Any]
    sealed_at: datetime
    as_of: datetime
    moments: tuple[datetime, ...]
    levels: Values
    quantiles: Mapping[Label, Values]
    last_day: Mapping[Label, Values]
    known: tuple[Count, ...]
    leaving: Values
    began: datetime | None

    def at(self, label: Label, moment: datetime) -> Values:
        """Return quantiles [L] at a moment, between two sealed ones by straight line."""
        return self._between(self.quantiles[label], moment)

    def over_day(self, label: Label, moment: datetime) -> Values:
        """Return quantiles [L] of what comes in the 24 hours before a moment, between two sealed ones likewise."""
        return self._between(self.last_day[label], moment)

    def _between(self, values: Values, moment: datetime) -> Values:
        hours = [(known - self.moments[0]) / HOUR for known in self.moments]
        asked = (moment - self.moments[0]) / HOUR
        return np.array([np.interp(asked, hours, level) for level in values.T])


def read_sealed(record: Mapping[str, Any], row: int) -> Sealed:
    """Return the forecast in a ledger's record. Raises KeyError, TypeError or ValueError for what is none."""
    moments = tuple(datetime.fromisoformat(text) for text in record["moments"])
    levels = np.array(record["levels"], dtype=np.float64)
    quantiles: dict[str, dict[Label, Values]] = {"quantiles": {}, "last_day": {}}
    for entry in record["series"]:
        label: Label = tuple(str(entry[name]) for name in Thing._fields[:4])  # type: ignore[assignment]
        for kind in quantiles.keys() & entry.keys():
            values = np.array(entry[kind], dtype=np.float64)
            quantiles[kind][label] = values.reshape(len(moments), len(levels))
    sealed = Sealed(
        row=row,
        record=record,
        sealed_at=datetime.fromisoformat(record["sealed_at"]),
        as_of=datetime.fromisoformat(record["as_of"]),
        moments=moments,
        levels=levels,
        **quantiles,
        known=tuple(_read_known(entry) for entry in record["known"]),
        leaving=np.array(record["leaving"], dtype=np.float64),
        began=datetime.fromisoformat(record["began"]) if record["began"] else None,
    )
    _require_sound(sealed)
    return sealed


def _require_sound(sealed: Sealed) -> None:
    """Raise ValueError or TypeError for a forecast that cannot be scored, whoever sealed it."""
    rising = all(a < b for a, b in pairwise(sealed.moments))
    levels = sealed.levels
    tables = (*sealed.quantiles.values(), *sealed.last_day.values())
    if not rising or len(sealed.moments) < 2 or levels.ndim != 1 or len(levels) < 3 or sealed.leaving.ndim != 1:
        raise ValueError
    if not (levels[0] > 0 and levels[-1] < 1 and (np.diff(levels) > 0).all()):
        raise ValueError
    if not len(sealed.leaving) or not all(np.isfinite(values).all() for values in (sealed.leaving, *tables)):
        raise ValueError
    if any((np.diff(values, axis=1) < 0).any() for values in tables):
        raise ValueError
    if sealed.sealed_at.tzinfo is None or sealed.as_of.tzinfo is not None:
        raise ValueError


def _read_known(entry: Mapping[str, Any]) -> Count:
    since = datetime.fromisoformat(entry["since"]) if entry["since"] else None
    place, area, exit_ = (str(entry[name]) for name in ("place", "area", "exit"))
    thing = Thing(str(entry["series"]), place, area, exit_, since, datetime.fromisoformat(entry["time"]))
    value, low, high = (None if entry[name] is None else float(entry[name]) for name in ("value", "low", "high"))
    if value is None and low is None and high is None:
        raise ValueError
    margin = Margin(float(entry["margin"][0]), bool(entry["margin"][1])) if entry["margin"] else None
    published = datetime.fromisoformat(entry["published"]) if entry["published"] else None
    return Count(thing, value, low, high, margin, str(entry["status"]), published)
