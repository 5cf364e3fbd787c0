"""Who lets a convoy onto a road: clearances and slots, as indices, and the count of what has been used of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corridor.scenario.convoys import convoys_of_day
from corridor.scenario.values import hours_between
from corridor.simulate.model import Floats, Integers

if TYPE_CHECKING:
    from datetime import datetime

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Gate:
    """Permission to enter a road: for a fleet (blank: any), between two hours, at most so many trucks."""

    fleet: str
    road: int
    first: float
    last: float
    trucks: float
    refused: bool


@dataclass(frozen=True)
class Slot:
    """Convoys let onto a road in a day: in one direction, between two hours of the day, while it holds."""

    id: str
    road: int
    outward: bool
    first_hour: float
    last_hour: float
    begin: float
    end: float


@dataclass
class Passes:
    """What has been used of permissions. Parties are convoys whose rows travel together."""

    gate_trucks: Floats  # [R, gates] trucks let through so far
    slot_used: Integers  # [R, slots] convoys let through today
    party_trucks: Integers  # [R, slots, parties] trucks of a party let through today
    today: int = -1


def compile_gates(tables: Any, start: datetime) -> tuple[Gate, ...]:
    """Return the clearances of a scenario, hours counted from `start`."""
    roads = tables.index("roads")
    return tuple(
        Gate(
            row["fleet"] or "",
            roads[row["road"]],
            hours_between(start, row["from"]),
            hours_between(start, row["until"]),
            float(row["trucks"]) if row["trucks"] is not None else math.inf,
            row["status"] == "refused",
        )
        for row in sorted(tables.rows["clearances"], key=lambda row: str(row["id"]))
    )


def compile_slots(tables: Any, start: datetime) -> tuple[Slot, ...]:
    """Return the slots of a scenario, hours counted from `start`."""
    roads = tables.index("roads")
    return tuple(
        Slot(
            row["id"],
            roads[row["road"]],
            row["direction"] == "out",
            row["first_hour"],
            row["last_hour"],
            hours_between(start, row["from"]) if row["from"] else -math.inf,
            hours_between(start, row["until"]) if row["until"] else math.inf,
        )
        for row in sorted(tables.rows["slots"], key=lambda row: str(row["id"]))
    )


def begin_passes(replicates: int, gates: int, slots: int, parties: int) -> Passes:
    """Return permissions of which nothing has been used."""
    return Passes(
        np.zeros((replicates, gates)),
        np.zeros((replicates, slots), dtype=np.int64),
        np.zeros((replicates, slots, parties), dtype=np.int64),
    )


def begin_day(passes: Passes, day: int) -> None:
    """Give out the slots of a new day."""
    if day != passes.today:
        passes.today = day
        passes.slot_used[:] = 0
        passes.party_trucks[:] = 0


def ask_clearance(
    gates: tuple[Gate, ...], which: tuple[int, ...], passes: Passes, trucks: Integers, now: Floats
) -> tuple[Integers, Flags]:
    """Return the clearance [R] that lets trucks through now (-1 if none does) and whether they are refused [R]."""
    granted = np.full(len(now), -1, dtype=np.int64)
    refused = np.zeros(len(now), dtype=bool)
    for g in which:
        gate = gates[g]
        in_force = (gate.first <= now) & (now < gate.last)
        if gate.refused:
            refused |= in_force
        else:
            room = passes.gate_trucks[:, g] + trucks <= gate.trucks
            granted = np.where(in_force & room & (granted < 0), g, granted)
    return granted, refused & (granted < 0)


def ask_slot(
    slot: Slot,
    s: int,
    passes: Passes,
    a_day: Floats,
    party: int,
    trucks: Integers,
    most_trucks: float,
    now: Floats,
    start_hour: float,
) -> tuple[Flags, Integers]:
    """Tell whether a convoy may enter by a slot now [R], and how many slots it takes [R].

    Rows of one party that pass on the same day are one convoy, of at most `most_trucks`; a party larger than
    all slots of a day takes them all.
    """
    holds = (slot.begin <= now) & (now < slot.end)
    hour = (now + start_hour) % 24.0
    there = passes.party_trucks[:, s, party]
    convoys = np.ceil((there + trucks) / most_trucks) - np.ceil(there / most_trucks)
    # the trucks of one party fit into one convoy when no size is named
    convoys = np.where(np.isinf(most_trucks), (there == 0).astype(np.float64), convoys)
    allowed = convoys_of_day(a_day, passes.today)
    left = allowed - passes.slot_used[:, s]
    fits = (convoys <= left) | ((passes.slot_used[:, s] == 0) & (allowed >= 1))
    usable = ~holds | (fits & (slot.first_hour <= hour) & (hour < slot.last_hour))
    return usable, np.where(holds, convoys, 0).astype(np.int64)
