"""Observed counts: they lie within the period, and cumulative ones do not fall."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from corridor.scenario.checks.period import read_period

if TYPE_CHECKING:
    from corridor.scenario.draft import Draft, Row

_COUNTED = ("time", "series", "place", "value", "status")


def find_falling_counts(draft: Draft) -> None:
    """Counts are cumulative: the deepest fall below an earlier count is told, once for each series and place.

    Revisions are left alone: a hundredth, and a tenth where one of the two is rounded or stands at an assumed hour.
    """
    deepest: dict[tuple[str, str], tuple[float, Row, Row]] = {}
    for parameter_set in draft.set_names:
        highest: dict[tuple[str, str], Row] = {}
        rows = [row for row in draft.rows("observations", parameter_set) if row.can_read(*_COUNTED)]
        for row in sorted(rows, key=lambda row: (row["time"], row["value"])):
            name = (row["series"], row["place"] or "")
            most = highest.setdefault(name, row)
            if row["value"] >= most["value"]:
                highest[name] = row
                continue
            fall = 1 - row["value"] / most["value"]
            vague = {"rounded", "hour_assumed"} & {row["status"], most["status"]}
            if fall > max(0.1 if vague else 0.01, deepest[name][0] if name in deepest else 0):
                deepest[name] = (fall, row, most)
    for _, row, most in deepest.values():
        facts = {"value": row["value"], "earlier": most["value"], "time": most["time"].isoformat()}
        draft.note("count_falls", row.where("value"), **facts)


def check_observation_times(draft: Draft) -> None:
    """A count outside the period is never compared with anything."""
    period = read_period(draft)
    if period is None or draft.zone is None:
        return
    for row in draft.tables.get("observations", []):
        moment = row.values.get("time")
        if isinstance(moment, datetime) and not period[0] <= moment <= period[1]:
            bounds = {"start": period[0].isoformat(), "end": period[1].isoformat()}
            draft.note("observation_outside_period", row.where("time"), time=moment.isoformat(), **bounds)
