"""A finished run, read only: its numbers by series and place, for all replicates or as quantiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.results.store import journeys_path, missing_parts, part_path, read_manifest
from corridor.results.tables import column_names, read_parquet
from corridor.scenario.faults import UsageError
from corridor.scenario.read import suggest
from corridor.scenario.scenario import Scenario, read_scenario

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Result:
    """The result of a run in a folder. R replicates, T recorded moments."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def replicates(self) -> int:
        """Return the number of replicates."""
        return int(self.manifest["replicates"])

    @cached_property
    def times(self) -> list[datetime]:
        """Return the recorded moments (local time) [T]."""
        start = datetime.fromisoformat(self.manifest["start"])
        step = timedelta(hours=self.manifest["record_hours"])
        return [start + i * step for i in range(self.manifest["moments"])]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Return the names of all recorded columns, `series:place` or `series:place:group`."""
        names = column_names(part_path(self.folder, 0))
        return tuple(name for name in names if name not in ("replicate", "moment"))

    @cached_property
    def scenario(self) -> Scenario:
        """Return the scenario the run was made from, as it was then."""
        return read_scenario(self.folder / "scenario", self.manifest["variant"] or None)

    def take(self, column: str) -> Values:
        """Return a recorded column for every replicate [R, T]. Raises UsageError for an unknown name."""
        return self.take_several([column])[column]

    def take_several(self, columns: list[str]) -> dict[str, Values]:
        """Return recorded columns by name, each [R, T]. Raises UsageError for an unknown name."""
        for column in columns:
            if column not in self.columns:
                known = sorted({name.partition(":")[0] for name in self.columns})
                message = (
                    f'no series "{column}" in {self.folder}; series: {", ".join(known)}{suggest(column, self.columns)}'
                )
                raise UsageError(message)
        if not columns:
            return {}
        parts = [part_path(self.folder, part) for part in range(self.manifest["parts"])]
        data = read_parquet(parts, columns)
        return {name: np.asarray(data[name]).reshape(self.replicates, -1) for name in columns}

    def take_journeys(self, name: str = "journeys") -> Values:
        """Return people who have arrived by whole hours on the way (or "waits": hours waited) [R, hours]."""
        parts = [journeys_path(self.folder, part) for part in range(self.manifest["parts"])]
        return np.asarray(read_parquet(parts, [name])[name]).reshape(self.replicates, -1)

    def at(self, column: str, moment: datetime) -> Values:
        """Return a column between two recorded moments by straight line [R]."""
        return interpolate(self.take(column), self.times, moment)


def interpolate(values: Values, times: list[datetime], moment: datetime) -> Values:
    """Return values [R] at a moment from values [R, T] at recorded times. Raises ValueError outside the period."""
    position = (moment - times[0]) / (times[1] - times[0])
    if not 0 <= position <= len(times) - 1:
        message = f"{moment} is outside the recorded period"
        raise ValueError(message)
    before = min(int(position), len(times) - 2)
    part = position - before
    return np.asarray(values[:, before] * (1 - part) + values[:, before + 1] * part)


def open_result(folder: Path | str) -> Result:
    """Open a finished run. Raises UsageError when there is none or it is not finished."""
    path = Path(folder)
    manifest = read_manifest(path)
    missing = missing_parts(path, int(manifest["parts"]))
    if missing or manifest["state"] != "complete":
        left = f"{len(missing)} of {manifest['parts']} parts missing"
        message = f"the run in {path} is not finished ({left}); run the same command again"
        raise UsageError(message)
    return Result(path, manifest)
