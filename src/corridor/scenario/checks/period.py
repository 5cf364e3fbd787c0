"""The period runs forward, is cut into whole steps, and holds what is said to happen in it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from corridor.scenario.values import TimeRange, clocks_change

if TYPE_CHECKING:
    from corridor.scenario.draft import Draft

SETTINGS = "scenario.toml"
MOST_STEPS = 200_000


def read_period(draft: Draft) -> tuple[datetime, datetime] | None:
    """Return start and end, or None when one could not be read or they are reversed."""
    start, end = draft.setting("start"), draft.setting("end")
    if isinstance(start, datetime) and isinstance(end, datetime) and start < end:
        return start, end
    return None


def check_period(draft: Draft) -> None:
    """The end lies after the start; events lie between; clocks are best not changed in between."""
    start, end = draft.setting("start"), draft.setting("end")
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return
    if start >= end:
        allowed = f"later than the start, {start.isoformat()}"
        where = (SETTINGS, 0, "end")
        draft.add(where, "period_reversed", end.isoformat(), allowed, "put the later time at end")
        return
    if draft.zone is None:  # times with an offset could not be converted
        return
    if clocks_change(start, end, draft.zone):
        fix = "for hours that all count, use a zone of fixed offset such as Etc/GMT-4"
        found = f"clocks in {draft.zone.key} are changed in the period"
        draft.add((SETTINGS, 0, "time_zone"), "clock_change", found, "clocks that run evenly", fix)
    for row in draft.tables.get("events", []):
        moment = row.values.get("time")
        if isinstance(moment, TimeRange) and not (start <= moment.start and moment.end <= end):
            allowed = f"between {start.isoformat()} and {end.isoformat()}"
            fix = f"correct the time, or the period in {SETTINGS}"
            draft.add(row.where("time"), "event_outside_period", moment.write(), allowed, fix)


def check_steps(draft: Draft) -> None:
    """The period is at least one step long, not too many, and recording falls on steps."""
    step, record, period = draft.setting("step_minutes"), draft.setting("record_minutes"), read_period(draft)
    if not isinstance(step, int):
        return
    if isinstance(record, int) and record % step:
        allowed = f"a whole multiple of step_minutes ({step})"
        where = (SETTINGS, 0, "record_minutes")
        draft.add(where, "not_whole_steps", str(record), allowed, "change one of the two")
    if period is None:
        return
    steps = (period[1] - period[0]).total_seconds() / 60 / step
    where = (SETTINGS, 0, "step_minutes")
    if steps > MOST_STEPS:
        fix = "lengthen the step or shorten the period"
        draft.add(where, "too_many_steps", f"{steps:,.0f} steps", f"at most {MOST_STEPS:,}", fix)
    elif steps < 1:
        fix = "shorten the step or lengthen the period"
        draft.add(where, "period_too_short", f"{steps:.2g} of a step", "at least one step", fix)


def check_observation_times(draft: Draft) -> None:
    """A count outside the period is never compared with anything."""
    period = read_period(draft)
    if period is None or draft.zone is None:
        return
    for row in draft.tables.get("observations", []):
        moment = row.values.get("time")
        if isinstance(moment, datetime) and not period[0] <= moment <= period[1]:
            allowed = f"between {period[0].isoformat()} and {period[1].isoformat()}"
            fix = "correct the time or widen the period"
            draft.add(row.where("time"), "observation_outside_period", moment.isoformat(), allowed, fix)
