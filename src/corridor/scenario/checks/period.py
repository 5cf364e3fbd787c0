"""The period runs forward, is cut into whole steps, and holds what is said to happen in it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from corridor.scenario.values import TimeRange, clocks_change

if TYPE_CHECKING:
    from corridor.scenario.draft import Draft

SETTINGS = "scenario.toml"
MOST_STEPS = 200_000
FIRST_YEAR, LAST_YEAR = 1800, 2200  # pictures and offsets of clocks need days on both sides


def read_period(draft: Draft) -> tuple[datetime, datetime] | None:
    """Return start and end, or None when one could not be read or they are reversed."""
    start, end = draft.setting("start"), draft.setting("end")
    if isinstance(start, datetime) and isinstance(end, datetime) and start < end:
        return start, end
    return None


def check_period(draft: Draft) -> None:
    """The end lies after the start; events lie between; clocks are best not changed in between."""
    start, end = draft.setting("start"), draft.setting("end")
    if draft.talks_alone or not isinstance(start, datetime) or not isinstance(end, datetime):
        return
    if start >= end:
        draft.note("period_reversed", (SETTINGS, 0, "end"), end=end.isoformat(), start=start.isoformat())
        return
    if start.year < FIRST_YEAR or end.year > LAST_YEAR:
        shown = {"start": start.isoformat(), "end": end.isoformat(), "first": FIRST_YEAR, "last": LAST_YEAR}
        draft.note("period_out_of_reach", (SETTINGS, 0, "start"), **shown)
    if draft.zone is None:  # times with an offset could not be converted
        return
    if clocks_change(start, end, draft.zone):
        draft.note("clock_change", (SETTINGS, 0, "time_zone"), zone=draft.zone.key)
    for row in draft.tables.get("events", []):
        moment = row.values.get("time")
        if isinstance(moment, TimeRange) and not (start <= moment.start and moment.end <= end):
            bounds = {"start": start.isoformat(), "end": end.isoformat()}
            draft.note("event_outside_period", row.where("time"), time=moment.write(), **bounds)


def check_steps(draft: Draft) -> None:
    """The period is at least one step long, not too many, and recording falls on steps."""
    step, record, period = draft.setting("step_minutes"), draft.setting("record_minutes"), read_period(draft)
    if not isinstance(step, int) or draft.talks_alone:
        return
    if isinstance(record, int) and record % step:
        draft.note("not_whole_steps", (SETTINGS, 0, "record_minutes"), minutes=record, step=step)
    if period is None:
        return
    steps = (period[1] - period[0]).total_seconds() / 60 / step
    where = (SETTINGS, 0, "step_minutes")
    if steps > MOST_STEPS:
        draft.note("too_many_steps", where, steps=steps, most=MOST_STEPS)
    elif steps < 1:
        draft.note("period_too_short", where, steps=steps)
    elif isinstance(record, int) and not record % step and steps * step < record:
        draft.note("period_too_short.recorded", (SETTINGS, 0, "record_minutes"), minutes=steps * step, record=record)
