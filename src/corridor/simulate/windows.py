"""Windows: ways and checkpoints that are open in agreed hours only, on days on which the agreement holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from corridor.chance.draws import draw_uniform_each, entity_key
from corridor.scenario.read import Row
from corridor.scenario.values import hours_between
from corridor.simulate.arrays import Flags, Floats, Integers, Keys
from corridor.simulate.tables import Tables


@dataclass(frozen=True)
class Windows:
    """Agreed windows. W windows, K travellers."""

    names: tuple[str, ...]
    road: Integers  # [W] whose traffic it lets through, -1 if that of a checkpoint
    checkpoint: Integers  # [W]
    first_hour: Floats  # [W]
    last_hour: Floats  # [W]
    begin: Floats  # [W] hours since the start of the period
    end: Floats  # [W]
    admits: Flags  # [W, K] open to a traveller

    def find_due(self, hour: float, hour_of_day: float) -> Flags:
        """Return which windows are agreed for an hour of the period, which begins at an hour of the day [W]."""
        clock = (hour_of_day + hour) % 24.0
        dated = (self.begin <= hour) & (hour < self.end)
        return np.asarray(dated & (self.first_hour <= clock) & (clock < self.last_hour))

    def draw_days(self, keys: Keys, chance: Floats, day: int) -> Flags:
        """Return whether each window opens on a day as agreed [R, W]; `chance` [R, W] is that of each day."""
        luck = [draw_uniform_each(keys, np.uint64(entity_key("window", name, str(day)))) for name in self.names]
        return np.asarray(np.stack(luck, axis=1) < chance)


def compile_windows(tables: Tables, start: datetime, admits: Flags) -> Windows:
    """Return the windows of a scenario; `admits` [W, K] to whom each is open."""
    names = tables.ids("windows")
    rows = [tables.by_id["windows"][name] for name in names]
    roads, checkpoints = tables.index("roads"), tables.index("checkpoints")

    def hours(column: str, default: float) -> Floats:
        return np.array([default if row[column] is None else hours_between(start, row[column]) for row in rows])

    return Windows(
        names,
        np.array([roads.get(row["road"], -1) for row in rows], dtype=np.int64),
        np.array([checkpoints.get(row["checkpoint"], -1) for row in rows], dtype=np.int64),
        tables.numbers("windows", "first_hour"),
        tables.numbers("windows", "last_hour"),
        hours("from", -np.inf),
        hours("until", np.inf),
        admits,
    )


def is_admitted(row: Row, transport: str, group: str) -> bool:
    """Tell whether a window is open to a group that travels by a transport."""
    transports, groups = row["transports"].split(), row["groups"].split()
    return (not transports or transport in transports) and (not groups or group in groups)
