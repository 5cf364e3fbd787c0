"""Rules of passage: which groups may not pass a checkpoint, from when, and in what time they get papers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from corridor.scenario.values import hours_between
from corridor.simulate.arrays import Flags, Floats, Integers
from corridor.simulate.parts import Part
from corridor.simulate.tables import Tables, sort_rows
from corridor.simulate.travel import Traveller


@dataclass(frozen=True)
class Passage:
    """Rules of passage. N rules, K travellers, H parts of groups that are held."""

    place: Integers  # [N] of the checkpoint
    begin: Floats  # [N] hours since the start of the period
    end: Floats  # [N]
    holds: Flags  # [N, K] travellers that may not pass
    held: Integers  # [H] part of a group
    free: Integers  # [H] what it becomes once it has papers
    names: tuple[str, ...]  # [H] the row that says which share may pass, and when papers come

    def find_barred(self, hour: float, places: int) -> Flags:
        """Return which places a traveller may not pass at an hour of the period [K, P]."""
        barred = np.zeros((self.holds.shape[1], places), dtype=bool)
        for rule in np.flatnonzero((self.begin <= hour) & (hour < self.end)):
            barred[self.holds[rule], self.place[rule]] = True
        return barred


def compile_passage(tables: Tables, start: datetime, travellers: Sequence[Traveller], parts: Sequence[Part]) -> Passage:
    """Return the rules of a scenario."""
    rows = sort_rows(tables.rows["passage"])
    gates, groups = tables.by_id["checkpoints"], tables.ids("groups")
    place_of, first = tables.index("places"), {row["group"]: row["id"] for row in reversed(rows)}
    held = [index for index, part in enumerate(parts) if part.held]
    holds = [[row["id"] in traveller.rules for traveller in travellers] for row in rows]

    def hours(column: str, default: float) -> Floats:
        return np.array([default if row[column] is None else hours_between(start, row[column]) for row in rows])

    return Passage(
        np.array([place_of[gates[row["checkpoint"]]["place"]] for row in rows], dtype=np.int64),
        hours("from", -np.inf),
        hours("until", np.inf),
        np.array(holds, dtype=bool).reshape(len(rows), len(travellers)),
        np.array(held, dtype=np.int64),
        np.array([parts.index(parts[index]._replace(held=False)) for index in held], dtype=np.int64),
        tuple(f"passage/{first[groups[parts[index].group]]}" for index in held),
    )
