"""The ways out of a run: each road from inside to outside that people use, who came out by it, who is held back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corridor.results.limits import name_exit

if TYPE_CHECKING:
    from corridor.results.result import Result, Values


@dataclass(frozen=True)
class Exit:
    """A road that leads out, by its id and name: people who came out by it, and people held back before it [R, T]."""

    id: str
    name: str
    arrivals: Values
    held: Values


def list_exits(result: Result) -> list[Exit]:
    """Return the exits of a run; none where they were not recorded, as under Flee's rules."""
    exits = [name for (name,) in result.labels("held_back") if result.has("arrivals", name)]
    return [
        Exit(name, name_exit(result, name)[0], result.take("arrivals", name), result.take("held_back", name))
        for name in exits
    ]
