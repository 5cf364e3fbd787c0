"""The parts of a group that move by rules of their own: those displaced inside, those who may not pass somewhere."""

from __future__ import annotations

from typing import NamedTuple

from corridor.simulate.arrays import Flags
from corridor.simulate.tables import Tables


class Part(NamedTuple):
    """A part of a group (by its index): displaced inside or still at home, held by a rule of passage or not."""

    group: int
    displaced: bool = False
    held: bool = False

    def name(self, groups: tuple[str, ...]) -> str:
        """Return the name of the part: its group's, with what sets it apart."""
        marks = (groups[self.group], "displaced" if self.displaced else "", "held" if self.held else "")
        return "/".join(mark for mark in marks if mark)


def list_parts(tables: Tables, inside: Flags) -> tuple[Part, ...]:
    """Return the parts of all groups: first each group as it is, then those that the scenario gives a use."""
    groups = range(len(tables.ids("groups")))
    ruled = {row["group"] for row in tables.rows["passage"]}
    held = [Part(g, held=True) for g in groups if tables.ids("groups")[g] in ruled]
    home = [*(Part(g) for g in groups), *held]
    return (*home, *(part._replace(displaced=True) for part in home if find_refuges(tables, inside)))


def find_refuges(tables: Tables, inside: Flags) -> list[int]:
    """Return the places inside where people may stop on their way."""
    rows = [tables.by_id["places"][name] for name in tables.ids("places")]
    return [p for p, row in enumerate(rows) if inside[p] and row["attractiveness"] is not None]
