"""A run read with more series than it has: what is absent reads as nothing.

Only for a page that asks for every series and says of these that they are no results, as the briefing of a run by
Flee's daily rules does: such a day knows no vehicles, queues, hours or registration, and its store holds none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from corridor.results.result import Result, Values
from corridor.simulate.series import Column

FLEE_LACKS = ("waiting_for_transport", "vehicles_arrived", "registered", "registration_backlog", "vehicles_delayed",
              "journey_hours", "waited_hours", "queue_km", "lodged")  # fmt: skip


@dataclass(frozen=True)
class PaddedResult(Result):
    """A run and the columns that read as 0 although it has none."""

    absent: tuple[Column, ...] = ()

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return every column that can be asked for."""
        return (*super().columns, *self.absent)

    def has(self, series: str, *labels: str, by: str = "") -> bool:
        """Tell whether a column can be asked for."""
        return Column(series, labels) in self.absent or super().has(series, *labels, by=by)

    def _require(self, columns: Iterable[Column]) -> None:
        super()._require([column for column in columns if column not in self.absent])

    def _read(self, columns: list[Column]) -> dict[Column, Values]:
        stored = [column for column in columns if column not in self.absent]
        read = super()._read(stored) if stored else {}
        nothing: Values = np.zeros((self.replicates, len(self.times)))
        return {column: read.get(column, nothing) for column in columns}


def pad_run(result: Result) -> Result:
    """Return a run by Flee's rules with what its days lack read as nothing, any other as it is."""
    if result.manifest.get("engine") != "flee":
        return result
    places = [Column("lodged", labels) for labels in result.labels("settled")]
    absent = [*map(Column, FLEE_LACKS), *places]
    missing = tuple(column for column in absent if column not in result.stored_names)
    return PaddedResult(result.folder, result.manifest, result.behaviour, result.made_anew, missing)
