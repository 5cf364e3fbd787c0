"""A plan as a timetable: when each consignment drives, unloads and comes back, and when its way cannot be entered.

To the hour, whatever the periods of the plan were; to the day where the case is public.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from corridor.relief.names import Names, read_names
from corridor.relief.orders import drive
from corridor.relief.timeline import road_shares
from corridor.scenario.convoys import convoys_of_day, holds

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.relief.convoys import Convoy
    from corridor.relief.problem import ReliefProblem
    from corridor.scenario.read import Row
    from corridor.scenario.scenario import Scenario

Part = dict[str, Any]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def describe_timetable(
    problem: ReliefProblem, convoys: Sequence[Convoy], scenario: Scenario, parameter_set: str
) -> Part:
    """Return a row for each consignment by departure: `out`, `unloads` and `back` as [from, until] in ISO text.

    `shut` are the spans, between the midnights around all rows, in which some road of its way cannot be entered: it is
    closed in that direction, no slot is open, or no clearance is in force. Where the case is public all spans are days.
    """
    names = read_names(scenario, parameter_set)
    coarse = str(scenario.settings["sensitivity"]) == "public"
    tables = {
        table: scenario.rows(table, parameter_set) if table in scenario.tables else ()
        for table in ("roads", "events", "slots", "clearances")
    }
    ordered = sorted(convoys, key=lambda convoy: (convoy.departs, convoy.id))
    rows = [_describe_row(problem, convoy, names, coarse) for convoy in ordered]
    if not rows:
        return {"coarse": coarse, "rows": [], "from": "", "until": ""}
    begin = _midnight(min(convoy.departs for convoy in ordered))
    end = _midnight(max(datetime.fromisoformat(row["back"][1]) for row in rows)) + DAY
    known: dict[tuple[Any, ...], list[list[str]]] = {}
    for row, convoy in zip(rows, ordered, strict=True):
        key = (convoy.fleet, convoy.roads)
        if key not in known:
            known[key] = (
                [] if coarse else _find_shut(drive(problem, convoy), convoy, tables, (begin, end), scenario.start)
            )
        row["shut"] = known[key]
    return {"coarse": coarse, "rows": rows, "from": begin.isoformat(), "until": end.isoformat()}


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _describe_row(problem: ReliefProblem, convoy: Convoy, names: Names, coarse: bool) -> Part:
    fleet = next(fleet for fleet in problem.fleets if fleet.id == convoy.fleet)
    legs = drive(problem, convoy)
    hours = timedelta(hours=sum(leg["hours"] for leg in legs))
    arrives = convoy.departs + hours
    leaves = arrives + timedelta(hours=fleet.handling_hours)
    spans = {"out": (convoy.departs, arrives), "unloads": (arrives, leaves), "back": (leaves, leaves + hours)}
    if coarse:
        day = (_midnight(convoy.departs), _midnight(arrives) + DAY)
        spans = {"out": day, "unloads": (day[1], day[1]), "back": (day[1], _midnight(leaves + hours) + DAY)}
        spans["back"] = (day[1], max(spans["back"][1], day[1]))
    return {
        "id": convoy.id,
        "fleet": names.name("fleets", convoy.fleet),
        "trucks": convoy.trucks,
        "kind": fleet.kind,
        "from": names.name("places", convoy.start),
        "to": names.name("places", convoy.to),
        "people_out": convoy.people_out,
        "loads": [{"item": item, "tonnes": tonnes} for item, tonnes in convoy.loads.items()],
        **{name: [moment.isoformat(timespec="minutes") for moment in span] for name, span in spans.items()},
    }


def _find_shut(
    legs: Sequence[Part],
    convoy: Convoy,
    tables: Mapping[str, Sequence[Row]],
    window: tuple[datetime, datetime],
    origin: datetime,
) -> list[list[str]]:
    """Return the spans of a window in which some stretch cannot be entered, an hour at a time."""
    hours = round((window[1] - window[0]) / HOUR)
    edges = [window[0] + n * HOUR for n in range(hours + 1)]
    shut = [False] * hours
    rows = {str(row["id"]): row for row in tables["roads"]}
    for leg in (
        leg for leg in legs if leg["road"] in rows
    ):  # a service has a way of its own: its hours are its timetable
        shares = road_shares(rows[leg["road"]], tables["events"], edges)[0 if leg["outward"] else 1]
        for n in range(hours):
            closed = shares[n] <= 0 or not _lets_in(leg, convoy, tables, edges[n], origin)
            shut[n] = shut[n] or closed
    spans: list[list[str]] = []
    for n, closed in enumerate(shut):
        if closed and (n == 0 or not shut[n - 1]):
            spans.append([edges[n].isoformat(timespec="minutes"), ""])
        if closed:
            spans[-1][1] = edges[n + 1].isoformat(timespec="minutes")
    return spans


def _lets_in(
    leg: Part, convoy: Convoy, tables: Mapping[str, Sequence[Row]], moment: datetime, origin: datetime
) -> bool:
    """Tell whether slots and clearances let a convoy of the fleet into a stretch at a moment."""
    for row in tables["slots"]:
        if row["road"] == leg["road"] and (row["direction"] == "out") == leg["outward"] and holds(row, moment):
            hour = moment.hour + moment.minute / 60
            a_day = convoys_of_day(row.middle("convoys_per_day", 0.0), (moment.date() - origin.date()).days)
            if not row.middle("first_hour", 0.0) <= hour < row.middle("last_hour", 24.0) or a_day < 1:
                return False
    if not leg["needs_clearance"]:
        return True
    return any(
        row["status"] == "granted"
        and row["road"] == leg["road"]
        and str(row["fleet"] or convoy.fleet) == convoy.fleet
        and holds(row, moment)
        for row in tables["clearances"]
    )
