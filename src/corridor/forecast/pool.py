"""Scores of single counts pooled into a table: by lead time, series and where, over all moments and for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from corridor.forecast.naive import RULES
from corridor.scenario.values import hours_between

LEADS = {"12 h": 12.0, "24 h": 24.0, "48 h": 48.0, "72 h": 72.0}  # each up to so many hours ahead, from the one before
END, ALL = "end", "all"
QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}
_ROW = ("sealed", "series", "by", "label", "counted", "stated", "lead")


@dataclass(frozen=True)
class Scored:
    """One later count and how a forecast as of a moment did on it, the naive rules beside it.

    `counted` is "total" (since the start), "span" (as published) or "increment" (of two totals, made by us); `stated`
    is "number" or "ends" ("more than", "up to", a range). `low` and `high` are the published ends, `quantiles` those
    of the forecast by name, `naive` the CRPS of each rule, which is `blind` where
    nothing of the kind had been counted. `sealed` is empty, or "before" or "after" for a sealed
    forecast, by whether the count had been published when it was sealed. Scores are in the unit of the count.
    """

    moment: datetime
    series: str
    by: str
    label: str
    counted: str
    stated: str
    time: datetime
    since: datetime | None
    value: float
    low: float | None
    high: float | None
    quantiles: Mapping[str, float]
    crps: float
    crps_plain: float
    inside_50: float
    inside_90: float
    error: float
    naive: Mapping[str, float]
    blind: bool = False
    sealed: str = ""

    @property
    def lead(self) -> str:
        """Return the lead time that the count belongs to."""
        return name_lead(hours_between(self.moment, self.time))

    @property
    def document(self) -> dict[str, Any]:
        """Return the count and its scores as JSON-ready data."""
        since = self.since and self.since.isoformat()
        names = ("series", "by", "label", "counted", "stated")
        return {
            "moment": self.moment.isoformat(),
            **{name: getattr(self, name) for name in names},
            "time": self.time.isoformat(),
            "since": since,
            "lead": self.lead,
            **{name: getattr(self, name) for name in ("value", "low", "high")},
            **self.quantiles,
            **{name: getattr(self, name) for name in ("crps", "crps_plain", "inside_50", "inside_90", "error")},
            **{f"naive_{rule}": score for rule, score in self.naive.items()},
            "blind": self.blind,
            "sealed": self.sealed,
        }


def name_lead(hours: float) -> str:
    """Return the lead time for so many hours ahead: the first that is not shorter, "end" beyond the longest."""
    return next((name for name, most in LEADS.items() if hours <= most), END)


def pool_scores(scored: Sequence[Scored]) -> list[dict[str, Any]]:
    """Return a row for each series, where, way of counting and lead time, over all moments, "all" leads last.

    Within a row each moment weighs the same, however many counts came after it; within a moment each count does.
    `n` is the number of counts, `moments` that of moments, `blind` that of counts of which the naive rules had seen
    none of the kind, so that they expect nobody. Counts of one course of events are not independent, nor are
    moments of one: the rows say how it went, not how surely.
    """
    return [_pool(key, group) for key, group in _group(scored, _ROW)]


def pool_moments(scored: Sequence[Scored]) -> list[dict[str, Any]]:
    """Return the same rows for each moment by itself."""
    return [_pool(key, group) for key, group in _group(scored, ("moment", *_ROW))]


def _group(scored: Iterable[Scored], names: tuple[str, ...]) -> list[tuple[dict[str, Any], list[Scored]]]:
    groups: dict[tuple[Any, ...], list[Scored]] = {}
    for entry in scored:
        own = tuple(getattr(entry, name) for name in names[:-1])
        for lead in (entry.lead, ALL):
            groups.setdefault((*own, lead), []).append(entry)
    leads = [*LEADS, END, ALL]
    ordered = sorted(groups, key=lambda key: (*map(str, key[:-1]), leads.index(key[-1])))
    return [(dict(zip(names, key, strict=True)), groups[key]) for key in ordered]


def _pool(key: dict[str, Any], group: list[Scored]) -> dict[str, Any]:
    naive = {rule: _mean(group, lambda entry, rule=rule: entry.naive[rule]) for rule in RULES}
    best = min(naive, key=lambda rule: naive[rule])
    crps = _mean(group, lambda entry: entry.crps)
    if "moment" in key:
        key = {**key, "moment": key["moment"].isoformat()}
    return {
        **key,
        "n": len(group),
        "blind": sum(entry.blind for entry in group),
        "moments": len({entry.moment for entry in group}),
        "crps": crps,
        "crps_plain": _mean(group, lambda entry: entry.crps_plain),
        "coverage_50": _mean(group, lambda entry: entry.inside_50),
        "coverage_90": _mean(group, lambda entry: entry.inside_90),
        "median_absolute_error": _mean(group, lambda entry: entry.error),
        **{f"naive_{rule}": score for rule, score in naive.items()},
        "best_naive": best,
        "best_naive_crps": naive[best],
        "skill": 1.0 - crps / naive[best] if naive[best] > 0 else None,
    }


def _mean(group: Iterable[Scored], take: Any) -> float:
    """Return the mean over moments of the mean over the counts of each, whatever the order of the counts."""
    values: dict[datetime, list[float]] = {}
    for entry in group:
        values.setdefault(entry.moment, []).append(take(entry))
    return float(np.mean(sorted(float(np.mean(sorted(same))) for same in values.values())))
