"""What limits the way out, in all and for each exit, read from the recorded series."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.scenario.areas import OUTSIDE, find_sides
from corridor.simulate.series import CAUSES, NO_EXIT, Column

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corridor.results.result import Result, Values
    from corridor.scenario.scenario import Scenario

# In the order in which they are asked: the queue furthest along decides how many get out.
LIMITS = {
    "closed": "nobody has come out yet",
    "checkpoint": "the checkpoint",
    "road": "the roads",
    "transport": "vehicles, seats or fuel",
    "decision": "people's own decision to leave",
    "nothing": "nothing: hardly anybody is left who will leave",
}
FEWEST_VEHICLES = 5  # fewer held up than this are no queue
DONE = 0.99  # of the arrivals of a replicate
STANDING_PEOPLE = 10


def find_limits(result: Result) -> NDArray[np.int64]:
    """Return which of LIMITS holds in each replicate at each recorded moment [R, T].

    A queue on a road that ends at a checkpoint means that the checkpoint decides how many get out, whatever stands
    behind it; a queue elsewhere, the roads; people waiting for transport and no queue, vehicles, seats or fuel.
    """
    chosen = result.manifest["parameters"]
    gates = {row["place"] for row in result.scenario.rows("checkpoints", chosen)}
    links = []
    for row in result.scenario.rows("roads", chosen):
        links += [row["id"]] if row["to"] in gates else []
        links += [f"{row['id']}/back"] if row["from"] in gates else []
    at_gate = [Column("vehicles_delayed", (link,)) for link in links if result.has("vehicles_delayed", link)]
    data = result.take_totals("arrivals", "vehicles_delayed", "waiting_for_transport")
    arrived = data["arrivals"]
    before_gate = sum(result.take_columns(at_gate).values(), np.zeros_like(arrived))
    conditions = [
        arrived < 1,
        before_gate >= FEWEST_VEHICLES,
        data["vehicles_delayed"] >= FEWEST_VEHICLES,
        data["waiting_for_transport"] >= np.maximum(STANDING_PEOPLE, (1 - DONE) * arrived[:, -1:]),
        arrived < DONE * arrived[:, -1:],
    ]
    return np.asarray(np.select(conditions, range(len(conditions)), default=len(conditions)))


def share_limits(result: Result, moment: int) -> dict[str, Any]:
    """Return how often each limit holds: over the hours of the flow, and at the recorded moment number `moment`.

    The hours of the flow run in each replicate from the first arrival to 99 % of its arrivals. `registration` is
    the share of the hours after the first arrival in which people stand in line to be registered; it holds up
    nobody on the road.
    """
    limits = find_limits(result)
    names = list(LIMITS)
    arrived, backlog = result.take_totals("arrivals", "registration_backlog").values()
    flowing = (arrived >= 1) & (arrived < DONE * arrived[:, -1:])
    hours = max(int(flowing.sum()), 1)
    line = (backlog >= STANDING_PEOPLE) & (backlog >= 0.01 * arrived)
    return {
        "flow": {name: float((limits[flowing] == i).sum() / hours) for i, name in enumerate(names)},
        "now": {name: float((limits[:, moment] == i).mean()) for i, name in enumerate(names)},
        "end": {name: float((limits[:, -1] == i).mean()) for i, name in enumerate(names)},
        "registration_flow": float(line[arrived >= 1].mean()) if (arrived >= 1).any() else 0.0,
        "registration_now": float(line[:, moment].mean()),
        "registration_end": float(line[:, -1].mean()),
        "has_registration": bool(result.scenario.rows("desks", result.manifest["parameters"])),
    }


@dataclass(frozen=True)
class Spread:
    """A number over the replicates: its median, and the 5 and 95 % between which it lies in 9 of 10."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class Hindrance:
    """One cause (of CAUSES), the people it holds back, and the share of replicates in which no other holds more.

    The share is None where the run kept its summary only, which does not know what happened together.
    """

    cause: str
    people: Spread
    share: float | None


@dataclass(frozen=True)
class ExitLimits:
    """What limits one exit at a moment.

    `exit` is the id of the road that leads out, with its name and the area in which it ends; that of NO_EXIT are
    people for whom no way out is open. `causes` stand in the order of the people they hold back, those that hold
    nobody left out; `free` is the share of replicates in which nobody is held back. Arrivals are those since the start
    and in the last 24 hours (None where the run kept its summary only).
    """

    exit: str
    name: str
    area: str
    held_back: Spread
    causes: tuple[Hindrance, ...]
    free: float
    arrivals: Spread
    last_day: Spread | None


def find_exit_limits(result: Result, moment: datetime) -> tuple[ExitLimits, ...]:
    """Return what limits each exit at a moment, the one before which most people are held back first.

    NO_EXIT is among them only where somebody may have no way out. Nothing for a run of Flee's rules, or of a version
    that did not record it. Raises ValueError outside the period.
    """
    exits = [_limit_exit(result, name, moment) for (name,) in result.labels("held_back")]
    told = [found for found in exits if found.exit != NO_EXIT or found.held_back.high > 0]
    return tuple(sorted(told, key=lambda found: (-found.held_back.median, -found.held_back.high, found.exit)))


def trace_causes(result: Result, name: str) -> NDArray[np.int64]:
    """Return which of CAUSES holds back most people before an exit, in each replicate at each moment [R, T].

    -1 where it holds back nobody. Raises UsageError for an exit that is not recorded, and for a run that kept its
    summary only.
    """
    return _find_most(np.stack([result.take("held_back", name, cause) for cause in CAUSES]))


def _find_most(people: Values) -> NDArray[np.int64]:
    """Return the cause that holds back most people, -1 where there are none [...] of [causes, ...]."""
    return np.where(people.any(axis=0), people.argmax(axis=0), -1)


def _limit_exit(result: Result, name: str, moment: datetime) -> ExitLimits:
    held = result.at("held_back", moment, name)
    people = np.stack([result.at("held_back", moment, name, cause) for cause in CAUSES])
    most = _find_most(people)
    causes = [
        Hindrance(cause, measure_spread(people[i]), float((most == i).mean()) if result.kept else None)
        for i, cause in enumerate(CAUSES)
        if people[i].any()
    ]
    arrivals, last_day = np.zeros(result.replicates), np.zeros(result.replicates)
    if name != NO_EXIT:
        arrivals = result.at("arrivals", moment, name)
        last_day = arrivals - result.at("arrivals", max(moment - timedelta(days=1), result.times[0]), name)
    shown, area = name_exit(result, name)
    return ExitLimits(
        exit=name,
        name=shown,
        area=area,
        held_back=measure_spread(held),
        causes=tuple(sorted(causes, key=lambda found: (-found.people.median, -found.people.high))),
        free=float((held == 0).mean()),
        arrivals=measure_spread(arrivals),
        last_day=measure_spread(last_day) if result.kept else None,
    )


def measure_spread(values: Values) -> Spread:
    """Return the median of values over the replicates [R], and between what 9 in 10 lie."""
    low, middle, high = (float(q) for q in np.quantile(values, [0.05, 0.5, 0.95]))
    return Spread(middle, low, high)


def name_exit(result: Result, name: str) -> tuple[str, str]:
    """Return in words how an exit is called, and the area in which it ends (blank for NO_EXIT)."""
    return name_exit_of(result.scenario, result.manifest["parameters"], name)


def name_exit_of(scenario: Scenario, parameters: str, name: str) -> tuple[str, str]:
    """Return in words how an exit of a scenario under a parameter set is called, and the area in which it ends."""
    if name == NO_EXIT:
        return "no exit", ""
    tables = {table: scenario.rows(table, parameters) for table in ("roads", "services", "places", "areas")}
    road = next(row for table in ("roads", "services") for row in tables[table] if row["id"] == name)
    sides = find_sides(tables["places"], tables["areas"])
    area = next(
        row["area"]
        for row in tables["places"]
        if row["id"] in (road["to"], road["from"]) and sides[row["id"]] == OUTSIDE
    )
    return road["name"] or name, next((row["name"] for row in tables["areas"] if row["id"] == area), area)


def share_causes(result: Result, name: str) -> dict[str, float]:
    """Return by cause in what share of the recorded hours in which people are held back before an exit it holds most.

    All replicates together; nothing where nobody ever is. Raises UsageError as trace_causes does.
    """
    most = trace_causes(result, name)
    hours = int((most >= 0).sum())
    return {cause: float((most == i).sum()) / hours for i, cause in enumerate(CAUSES)} if hours else {}
