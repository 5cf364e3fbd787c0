"""A plan as tables that people open, in a who-what-where shape, and convoys as a scenario's rows.

A plan's convoy times can put people at risk: when the sensitivity label is public, times are coarsened to the
day.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from corridor.relief.explain import share_out
from corridor.scenario.convoys import name_carrier, write_loads
from corridor.scenario.schema import load_fields
from corridor.scenario.values import TimeRange
from corridor.words.said import say
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from corridor.relief.convoys import Convoy
    from corridor.relief.explain import Worth
    from corridor.relief.ledger import Cover
    from corridor.relief.plan import Plan
    from corridor.relief.sheets import Cell, Table
    from corridor.scenario.read import Row


def write_time(moment: datetime, sensitivity: str) -> str:
    """Return a time as text: the day alone when the output is public."""
    return moment.date().isoformat() if sensitivity == "public" else moment.isoformat(timespec="minutes")


def convoy_rows(plan: Plan, sensitivity: str) -> Table:
    """Return the plan's convoys as rows of a convoys table; a public one leaves some time that day."""
    carriers = [name_carrier(convoy.fleet) for convoy in plan.convoys]
    services = any(service for _, service in carriers)  # no column where nothing goes by one
    header = [
        "id",
        "fleet",
        *["service"] * services,
        "loads",
        "from",
        "to",
        "roads",
        "departs",
        "trucks",
        "clearance",
        "outcome",
    ]
    rows: Table = [list(header)]
    rows += [
        [
            convoy.id,
            fleet,
            *[service] * services,
            write_loads(convoy.loads),
            convoy.start,
            convoy.to,
            "" if service else " ".join(convoy.roads),
            write_departure(convoy.departs, sensitivity),
            "" if service else convoy.trucks,
            convoy.clearance,
            "planned",
        ]
        for convoy, (fleet, service) in zip(plan.convoys, carriers, strict=True)
    ]
    return rows


def scenario_convoys(plan: Plan, kept: Sequence[Row], parameter_set: str, sensitivity: str) -> Table:
    """Return a whole convoys table: rows of the scenario that stay, then the plan's for its parameter set."""
    columns = list(load_fields()["convoys"])
    rows: Table = [list(columns)]
    rows += [[_write_cell(row.values.get(column)) for column in columns] for row in kept]
    header, *planned = convoy_rows(plan, sensitivity)
    for row in planned:
        cells = {"set": parameter_set, **dict(zip(map(str, header), row, strict=True))}
        rows.append([cells.get(column, "") for column in columns])
    return rows


def sent_rows(convoys: Iterable[Convoy], sensitivity: str) -> Table:
    """Return the convoys that left in a course in which plans were made anew each day."""
    rows: Table = [["id", "fleet", "from", "to", "departs", "trucks", "loads"]]
    rows += [
        [
            convoy.id,
            convoy.fleet,
            convoy.start,
            convoy.to,
            write_time(convoy.departs, sensitivity),
            convoy.trucks,
            write_loads(convoy.loads),
        ]
        for convoy in convoys
    ]
    return rows


def _write_cell(value: object) -> Cell:
    if value is None:
        return ""
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return value.write() if isinstance(value, TimeRange) else str(value)


def write_departure(moment: datetime, sensitivity: str) -> str:
    """Return when a convoy leaves as a cell of a convoys table: some time that day when the output is public."""
    day = write_time(moment, sensitivity)
    return f"{day}..{(moment + timedelta(days=1)).date().isoformat()}" if sensitivity == "public" else day


def share_rows(plan: Plan) -> Table:
    """Return who gets what and who gets less, the worst off first."""
    rows: Table = [
        [
            "place", "item", "people", "tonnes needed", "tonnes delivered", "share met", "met everywhere",
            "gets less", "person-days without", "person-days without any convoy", "longest hours without",
        ]
    ]  # fmt: skip
    rows += [
        [
            share.place,
            share.item,
            round(share.people),
            round(share.needed, 3),
            round(share.delivered, 3),
            round(share.met, 3),
            round(share.overall, 3),
            "less" if share.gets_less else "",
            round(share.person_days_without),
            round(share.person_days_unaided),
            round(share.longest_hours, 1),
        ]
        for share in share_out(plan)
    ]
    return rows


def weight_rows(plan: Plan) -> Table:
    """Return the weights with what they came to in this plan, and how far the plan is from the bound."""
    rows: Table = [["weight", "value", "unit: hours without of one person"]]
    rows += [[name, value, write(meaning)] for name, value, meaning in plan.weights.describe()]
    rows += [[f"came to: {name}", round(value, 3), "before weighting"] for name, value in plan.shares.items()]
    method = write(say(f"plan.method.{plan.method}"))
    rows.append(["objective", round(plan.objective, 3), f"of this plan ({method}, solver {plan.solver})"])
    rows.append(["bound", round(plan.bound, 3), "no plan can go below, as far as is proven"])
    if plan.fractions is not None:
        rows.append(["fractions", round(plan.fractions, 3), "what trucks and convoys in fractions would reach"])
    return rows


def worth_rows(worths: Sequence[Worth]) -> Table:
    """Return what one more of each limit is worth."""
    seats = any(worth.people_out for worth in worths)  # no column where nothing takes people as well
    waits = any(worth.hours_saved for worth in worths)
    header = ["one more of", "kind", "shadow price", "weighted person-days", "person-days", *["people out"] * seats]
    header += ["hours of waiting"] * waits
    rows: Table = [list(header)]
    rows += [
        [
            write(worth.more),
            worth.kind,
            round(worth.marginal, 2),
            round(worth.value, 2),
            " ".join(f"{item}={days:.1f}" for item, days in worth.person_days.items() if abs(days) >= 0.05),
            *[round(worth.people_out, 1)] * seats,
            *[round(worth.hours_saved, 1)] * waits,
        ]
        for worth in worths
    ]
    return rows


def ledger_rows(covers: Sequence[Cover], sensitivity: str) -> Table:
    """Return the ledger; a blank is something that is not known."""
    rows: Table = [
        [
            "place", "item", "people", "stock t", "use t/day", "days of cover", "low", "high", "runs out",
            "person-days without", "share met", "t/day to hold", "fleet", "loads/day", "trips/truck/day",
            "trucks",
        ]
    ]  # fmt: skip
    for cover in covers:
        haul = cover.haul
        rows.append(
            [
                cover.place,
                cover.item,
                round(cover.people),
                *(_known(value, 3) for value in (cover.stock, cover.use_per_day)),
                *(_known(value, 2) for value in (cover.days, cover.days_low, cover.days_high)),
                write_time(cover.stock_out, sensitivity) if cover.stock_out else "",
                round(cover.person_days_without),
                round(cover.share_met, 3),
                round(cover.tonnes_per_day, 3),
                cover.fleet,
                *(
                    [round(haul.loads, 3), round(haul.trips_per_vehicle, 3), round(haul.vehicles, 3)]
                    if haul
                    else [""] * 3
                ),
            ]
        )
    return rows


def _known(value: float, digits: int) -> Cell:
    if value != value:
        return ""
    return "never" if value == float("inf") else round(value, digits)
