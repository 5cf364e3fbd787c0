"""Who lets a convoy onto a road: what clearances and slots allow, and the count of what has been used of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from corridor.scenario.convoys import convoys_of_day
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.goods import Convoy, Gate, Slot


@dataclass
class Passes:
    """What has been used of permissions. Parties are convoys whose rows travel together."""

    gate_trucks: Floats  # [R, gates] trucks let through so far
    slot_used: Integers  # [R, slots] convoys let through today
    party_trucks: Integers  # [R, slots, parties] trucks of a party let through today
    today: int = -1


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
    convoy: Convoy,
    trucks: Integers,
    now: Floats,
    start_hour: float,
) -> tuple[Flags, Integers]:
    """Tell whether a convoy may enter by a slot now [R], and how many slots it takes [R].

    Rows of one party that pass on the same day are one convoy, of at most so many trucks; a party larger than
    all slots of a day takes them all.
    """
    holds = (slot.begin <= now) & (now < slot.end)
    hour = (now + start_hour) % 24.0
    there, most_trucks = passes.party_trucks[:, s, convoy.party], convoy.most_trucks
    convoys = np.ceil((there + trucks) / most_trucks) - np.ceil(there / most_trucks)
    # the trucks of one party fit into one convoy when no size is named
    convoys = np.where(np.isinf(most_trucks), (there == 0).astype(np.float64), convoys)
    allowed = convoys_of_day(a_day, passes.today)
    left = allowed - passes.slot_used[:, s]
    fits = (convoys <= left) | ((passes.slot_used[:, s] == 0) & (allowed >= 1))
    usable = ~holds | (fits & (slot.first_hour <= hour) & (hour < slot.last_hour))
    return usable, np.where(holds, convoys, 0).astype(np.int64)
