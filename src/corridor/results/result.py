"""A finished run, read only: its numbers by series and label, for all replicates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corridor.results.blocks import read_names, take_cell
from corridor.results.store import TABLES, find_damage, identify, missing_parts, part_path, read_manifest
from corridor.results.tables import column_names, read_parquet
from corridor.scenario.draft import suggest
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.remote import fetch, is_remote, locate
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.simulate.behaviour import Behaviour, describe_behaviour
from corridor.simulate.series import Column, Kind, choose_column, find_kind, load_kinds, read_column

Values = NDArray[np.float64]
Labels = tuple[str, ...]


@dataclass(frozen=True)
class Series:
    """A recorded series: its dimensions beside replicate and time, unit, meaning, and the columns recorded of it."""

    name: str
    dimensions: tuple[str, ...]
    unit: str
    meaning: str
    columns: tuple[Column, ...]

    @property
    def labels(self) -> tuple[Labels, ...]:
        """Return the labels recorded, one for each dimension; a total has one empty entry."""
        return tuple(column.labels for column in self.columns)


@dataclass(frozen=True)
class Result:
    """The result of a run in a folder. R replicates, T recorded moments.

    `behaviour` holds the rules that the run was made with where they are a researcher's own; `made_anew` names files
    that were damaged or unfinished when the run was taken up.
    """

    folder: Path
    manifest: dict[str, Any]
    behaviour: Behaviour | None = None
    made_anew: tuple[str, ...] = ()

    @property
    def replicates(self) -> int:
        """Return the number of replicates."""
        return int(self.manifest["replicates"])

    @property
    def stored(self) -> bool:
        """Tell whether the run has a folder."""
        return True

    @property
    def kept(self) -> bool:
        """Tell whether single replicates can be asked: a run with `--keep summary` has only their spread."""
        return self.manifest.get("keep") != "summary"

    @property
    def name(self) -> str:
        """Return in words which run this is."""
        return f"the run in {self.folder}"

    @property
    def rules(self) -> Behaviour:
        """Return the behaviour that the run was made with, to simulate its replicates again.

        Raises UsageError when it is a researcher's own and was not given when the run was opened.
        """
        rules, used = self.behaviour or Behaviour(), self.manifest.get("behaviour", {})
        if describe_behaviour(rules) != used:
            names = ", ".join(f"{name} by {entry['function']}" for name, entry in used.items()) or "Corridor's own"
            message = f"{self.name} was made with other rules ({names}): name them as its behaviour"
            raise UsageError(message)
        return rules

    @cached_property
    def times(self) -> list[datetime]:
        """Return the recorded moments (local time) [T]."""
        start = datetime.fromisoformat(self.manifest["start"])
        step = timedelta(hours=self.manifest["record_hours"])
        return [start + i * step for i in range(self.manifest["moments"])]

    @cached_property
    def stored_names(self) -> dict[Column, str]:
        """Return every recorded column and its name in the run's files, in the order in which they are stored."""
        names = (
            column_names(part_path(self.folder, 0)) if self.kept else read_names(self.folder, identify(self.manifest))
        )
        return {read_column(name): name for name in names if name not in ("replicate", "moment")}

    @property
    def columns(self) -> tuple[Column, ...]:
        """Return every recorded column."""
        return tuple(self.stored_names)

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """Return every recorded series; one name may stand several times, as a total and by its labels."""
        recorded: dict[Kind, list[Column]] = {}
        for column in self.columns:
            if kind := find_kind(column):
                recorded.setdefault(kind, []).append(column)
        kinds = (kind for kind in load_kinds() if kind in recorded)
        return tuple(Series(k.name, k.dimensions, k.unit, k.meaning, tuple(recorded[k])) for k in kinds)

    @cached_property
    def scenario(self) -> Scenario:
        """Return the scenario the run was made from, as it was then."""
        tables = self.folder / TABLES
        return read_scenario(fetch(tables) if is_remote(tables) else tables, self.manifest["variant"] or None)

    def has(self, series: str, *labels: str, by: str = "") -> bool:
        """Tell whether a column is recorded."""
        return choose_column(series, labels, by) in self.stored_names

    def labels(self, series: str) -> tuple[Labels, ...]:
        """Return the labels recorded of a series, totals apart; none if it is not recorded.

        Of one that is recorded in several forms these are the labels of the first (arrivals by exit).
        """
        return next((s.labels for s in self.series if s.name == series and s.dimensions), ())

    def take(self, series: str, *labels: str, by: str = "") -> Values:
        """Return one column for every replicate [R, T]. Raises UsageError for an unknown one.

        `by` names the dimension of a series with several forms of one label: take("arrivals", "egypt", by="area").
        """
        column = choose_column(series, labels, by)
        return self.take_columns([column])[column]

    def take_totals(self, *names: str) -> dict[str, Values]:
        """Return several totals by name, each [R, T]. Raises UsageError for an unknown one."""
        return {column.series: values for column, values in self.take_columns(map(Column, names)).items()}

    def take_all(self, series: str, *first: str) -> dict[Labels, Values]:
        """Return a series by its labels, or those that begin so, each [R, T]; nothing if it is not recorded."""
        recorded = next((s.columns for s in self.series if s.name == series and s.dimensions), ())
        columns = [column for column in recorded if column.labels[: len(first)] == first]
        return {column.labels: values for column, values in self.take_columns(columns).items()}

    def take_columns(self, columns: Iterable[Column]) -> dict[Column, Values]:
        """Return recorded columns, each [R, T], read together. Raises UsageError for an unknown one."""
        chosen = list(columns)
        self._require(chosen)
        return self._read(chosen) if chosen else {}

    def _require(self, columns: Iterable[Column]) -> None:
        for column in columns:
            if column not in self.stored_names:
                raise UsageError(self._say_unknown(column))

    def _read(self, columns: list[Column]) -> dict[Column, Values]:
        if not self.kept:
            raise UsageError(self.say_summary_only(f'"{columns[0].write()}" of each replicate'))
        parts = [part_path(self.folder, part) for part in range(self.manifest["parts"])]
        data = read_parquet(parts, [self.stored_names[column] for column in columns])
        return {c: _widen(data[self.stored_names[c]]).reshape(self.replicates, -1) for c in columns}

    def _say_unknown(self, column: Column) -> str:
        known = sorted({known.series for known in self.columns})
        if column.series not in known:
            return f'no series "{column.series}"; there are: {", ".join(known)}{suggest(column.series, known)}'
        same = (known for known in self.columns if known.series == column.series)
        labels = sorted(" ".join(known.labels) or "the total" for known in same)
        asked = " ".join(column.labels) or "the total"
        return f'series "{column.series}" has no "{asked}"; there are: {", ".join(labels)}{suggest(asked, labels)}'

    def at(self, series: str, moment: datetime, *labels: str, by: str = "") -> Values:
        """Return a column at a moment, between two recorded ones by straight line [R].

        From a run that kept its summary only, in order of size and not of replicates, each value within the run's
        `quantile_error`; between two recorded moments their orders are taken for the same. Raises ValueError outside
        the period.
        """
        if self.kept:
            return interpolate(self.take(series, *labels, by=by), self.times, moment)
        column = choose_column(series, labels, by)
        self._require([column])
        position = find_position(self.times, moment)
        before = min(int(position), len(self.times) - 2)
        both = (self._take_sorted(column, index) for index in (before, before + 1))
        return interpolate(np.stack(list(both), axis=1), self.times[before : before + 2], moment)

    def _take_sorted(self, column: Column, moment: int) -> Values:
        return take_cell(self.folder, identify(self.manifest), len(self.columns), moment, self.columns.index(column))

    def say_summary_only(self, asked: str) -> str:
        """Return in words that a run without replicates cannot answer."""
        return f"{self.name} kept its summary only, which cannot give {asked}: make a run that keeps its replicates"


def _widen(stored: NDArray[Any]) -> Values:
    """Return whole numbers as wide as sums of them need."""
    return stored.astype(np.int64) if stored.dtype == np.int32 else stored


def interpolate(values: Values, times: list[datetime], moment: datetime) -> Values:
    """Return values [R] at a moment from values [R, T] at recorded times. Raises ValueError outside the period."""
    position = find_position(times, moment)
    before = min(int(position), len(times) - 2)
    part = position - before
    return np.asarray(values[:, before] * (1 - part) + values[:, before + 1] * part)


def find_position(times: list[datetime], moment: datetime) -> float:
    """Return a moment as a number of recorded times after the first. Raises ValueError outside the period."""
    position = (moment - times[0]) / (times[1] - times[0])
    if not 0 <= position <= len(times) - 1:
        message = f"{moment} is outside the recorded period"
        raise ValueError(message)
    return position


def open_result(folder: Path | str, behaviour: Behaviour | None = None) -> Result:
    """Open a finished run; `behaviour` are its rules where they are not Corridor's.

    Raises UsageError when there is none, it is not finished, or its format is another; FaultsError with every file
    that is not as it was written.
    """
    path = locate(folder)
    manifest = read_manifest(path)
    if manifest["state"] != "complete":
        left = f"{len(missing_parts(path, manifest))} of {manifest['parts']} parts missing"
        message = f"the run in {path} is not finished ({left}); run the same command again"
        raise UsageError(message)
    if damage := find_damage(path, manifest):
        raise FaultsError(damage)
    return Result(path, manifest, behaviour)
