"""What a plan says of people who wait for a seat out in fleets for both: by place, and in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.words.said import Digits, Said, say

if TYPE_CHECKING:
    from corridor.relief.plan import Plan
    from corridor.relief.sheets import Table


@dataclass(frozen=True)
class Out:
    """Of one place: people who wait at the start, who are taken out, who wait at the end, and the hours all waited.

    `left_unaided` and `hours_unaided` are the last two if nothing is sent.
    """

    place: str
    at_start: float
    taken: int
    left: float
    left_unaided: float
    hours: float
    hours_unaided: float


def list_out(plan: Plan) -> list[Out]:
    """Return the places where somebody waits for a seat, those where most are taken out first."""
    problem, waiting = plan.problem, plan.problem.waiting
    if waiting is None:
        return []
    found = []
    for p in sorted({int(p) for p, _ in waiting.cells}):
        place = problem.places[p]
        taken = sum(convoy.people_out for convoy in plan.convoys if convoy.to == place)
        left = (float(one.queued[-1, p]) for one in (plan.carried, plan.unaided))
        hours = (float(one.hours_waited[p]) for one in (plan.carried, plan.unaided))
        found.append(Out(place, float(waiting.at_start[p].sum()), taken, *left, *hours))
    return sorted(found, key=lambda row: (-row.taken, row.place))


def say_out(plan: Plan) -> list[Said]:
    """Return in a sentence how many people the convoys take out; nothing where nobody waits for a seat."""
    rows = list_out(plan)
    if not rows:
        return []
    carrying = sum(convoy.people_out > 0 for convoy in plan.convoys)
    left, unaided = (sum(getattr(row, name) for row in rows) for name in ("left", "left_unaided"))
    hours = sum(row.hours_unaided - row.hours for row in rows)
    return [
        say(
            "plan.out",
            people=Digits(plan.people_out),
            consignments=Digits(carrying),
            left=Digits(left),
            unaided=Digits(unaided),
            hours=Digits(hours),
        )
    ]


def out_rows(plan: Plan) -> Table:
    """Return the people who wait and are taken out as a table."""
    rows: Table = [
        ["place", "wait at the start", "taken out", "wait at the end", "wait at the end, nothing sent", "hours waited",
         "hours waited, nothing sent"]
    ]  # fmt: skip
    rows += [
        [
            row.place,
            round(row.at_start),
            row.taken,
            round(row.left),
            round(row.left_unaided),
            round(row.hours),
            round(row.hours_unaided),
        ]
        for row in list_out(plan)
    ]
    return rows
