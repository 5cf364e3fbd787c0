"""Run a case, open a stored run, and ask it: series with their dimensions, scores, pictures, the briefing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.score import collect_counts, compare_reached, list_counts, score_result, split_fitted
from corridor.results.describe import describe_result
from corridor.results.export import Export, export_series
from corridor.results.limits import ExitLimits, find_exit_limits
from corridor.results.moments import require_within
from corridor.results.result import Result, Series, Values, open_result
from corridor.scenario.count_table import CountTable
from corridor.scenario.draft import suggest
from corridor.scenario.faults import UsageError
from corridor.scenario.scenario import Scenario
from corridor.scenario.table import load_pandas, write_html_table
from corridor.simulate.behaviour import Behaviour

if TYPE_CHECKING:
    import pandas

    from corridor.front.plots import Plots

# What simulates and what draws is loaded where it is first used: a score needs neither.


@dataclass(frozen=True)
class SeriesList:
    """The series that a run recorded: names, dimensions, units, meanings."""

    entries: tuple[Series, ...]

    def __iter__(self) -> Iterator[Series]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def find(self, name: str, *dimensions: str) -> Series:
        """Return the series of a name: its total where there is one, or the one with these dimensions.

        Raises UsageError when it is not recorded.
        """
        same = [series for series in self.entries if series.name == name]
        chosen = [series for series in same if series.dimensions == dimensions] if dimensions else same[:1]
        if chosen:
            return chosen[0]
        names = sorted({series.name for series in self.entries})
        if same:
            forms = " or ".join(" and ".join(series.dimensions) or "a total" for series in same)
            message = f'series "{name}" is recorded by {forms}, not by {" and ".join(dimensions)}'
        else:
            message = f'no series "{name}"; there are: {", ".join(names)}{suggest(name, names)}'
        raise UsageError(message)

    def _repr_html_(self) -> str:
        rows = [(s.name, " ".join(("replicate", "time", *s.dimensions)), s.unit, s.meaning) for s in self.entries]
        return write_html_table("Series", ("name", "dimensions", "unit", "meaning"), rows)


@dataclass(frozen=True)
class Run:
    """A finished run, in memory or in a folder. R replicates, T recorded moments.

    `run["arrivals"]` is a series as an array (replicate, time): labelled by xarray where that is installed (extra
    `notebook`), of numpy otherwise. `run["at_place"]` has the dimensions place and group besides, and
    `run["waiting_for_transport", "place"]` is the form by place of a series that also has a total; arrivals are
    recorded by exit and by area, people held back by exit and cause: `run["held_back", "exit", "cause"]`.
    """

    result: Result

    @property
    def replicates(self) -> int:
        """Return the number of replicates."""
        return self.result.replicates

    @property
    def times(self) -> list[datetime]:
        """Return the recorded moments (local time) [T]."""
        return self.result.times

    @property
    def scenario(self) -> Scenario:
        """Return the scenario the run was made from, as it was then."""
        return self.result.scenario

    @property
    def manifest(self) -> dict[str, Any]:
        """Return what the run says of itself: scenario, set, seed, behaviour, versions."""
        return dict(self.result.manifest)

    @property
    def series(self) -> SeriesList:
        """Return the recorded series with their dimensions, units and meanings."""
        return SeriesList(self.result.series)

    def take(self, series: str, *labels: str, by: str = "") -> Values:
        """Return one column of a series for every replicate [R, T]: the total, or that of labels.

        `run.take("arrivals", "west-road")` is an exit, `run.take("arrivals", "egypt", by="area")` an area. Raises
        UsageError when it is not recorded.
        """
        return self.result.take(series, *labels, by=by)

    def __getitem__(self, name: str | tuple[str, ...]) -> Any:
        """Return a series for every replicate (replicate, time, and its dimensions); nan where none is recorded.

        Raises UsageError when it is not recorded.
        """
        series = self.series.find(*((name,) if isinstance(name, str) else name))
        values, axes = self._take(series)
        try:
            import xarray
        except ModuleNotFoundError:
            return values
        coordinates = {"replicate": np.arange(self.replicates), "time": np.array(self.times, dtype="datetime64[ns]")}
        coordinates |= {name: np.array(labels) for name, labels in zip(series.dimensions, axes, strict=True)}
        about = {"units": series.unit, "long_name": series.meaning}
        return xarray.DataArray(values, coordinates, tuple(coordinates), series.name, about)

    def _take(self, series: Series) -> tuple[Values, list[list[str]]]:
        """Return a series as one array [R, T, labels of each dimension], and these labels."""
        if not series.dimensions:
            return self.result.take(series.name), []
        axes = [list(dict.fromkeys(labels)) for labels in zip(*series.labels, strict=True)]
        values = np.full((self.replicates, len(self.times), *map(len, axes)), np.nan)
        for known, column in self.result.take_columns(series.columns).items():
            cell = values
            for axis, label in zip(axes, known.labels, strict=True):
                cell = cell[:, :, axis.index(label)]
            cell[...] = column
        return values, axes

    def to_frame(self, name: str, *dimensions: str) -> pandas.DataFrame:
        """Return a series as a table: one row a replicate, time and label. Needs pandas (extra `notebook`).

        Raises UsageError when the series is not recorded or pandas is not installed.
        """
        series = self.series.find(name, *dimensions)
        library = load_pandas()
        values, axes = self._take(series)
        levels = [range(self.replicates), self.times, *axes]
        index = library.MultiIndex.from_product(levels, names=["replicate", "time", *series.dimensions])
        table: pandas.DataFrame = library.DataFrame({name: values.reshape(-1)}, index=index).dropna().reset_index()
        return table

    def describe(self) -> dict[str, Any]:
        """Return people at the end with their ranges, supplies, and what was run, as one JSON-ready document."""
        return describe_result(self.result)

    def export(self, series: str, place: str | None = None) -> Export:
        """Return the quantiles of a series over time, of one place or of every one, to be written as CSV or JSON.

        Raises UsageError when the run has no such series, or the series no such place.
        """
        return export_series(self.result, series, place)

    def export_tables(
        self, to: str, out: Path | str, replace: bool = False, shapes: Path | str | None = None
    ) -> list[Path]:
        """Write places, roads, exits and every series over time for other programs; return the files.

        `to` is gpkg, xlsx or geojson (`out` is a file), csv or parquet (`out` is a folder; datapackage.json says what
        each column means). `shapes` is a GeoJSON file of roads' lines, else roads are straight. Raises UsageError for
        another format, and for files that are there and were not asked to be replaced.
        """
        from corridor.results.export_files import export_run

        return export_run(self.result, to, Path(out), replace, None if shapes is None else Path(shapes))

    def score(self) -> dict[str, Any]:
        """Return how the run agrees with the counts of its scenario, apart for those fitted on and those held out."""
        return score_result(self.result)

    def list_counts(self) -> list[dict[str, Any]]:
        """Return every observed count with the quantiles of the run beside it."""
        return list_counts(split_fitted(self.result, collect_counts(self.result)))

    def seal(self, ledger: Path | str, as_of: datetime | str | None = None) -> dict[str, object]:
        """Append what the run expects to a ledger of sealed forecasts; see `corridor.front.board.seal_result`."""
        from corridor.front.board import seal_result

        return seal_result(self.result, ledger, as_of)

    @property
    def counts(self) -> CountTable:
        """Return every count with its time of publication, its error, its use and the run's quantiles beside it."""
        return CountTable(tuple(self.list_counts()))

    def find_reached(self, level: float) -> dict[str, Any]:
        """Return when the run expects so many arrivals (nine chances in ten) and when the counts had them."""
        return compare_reached(self.result, level)

    def find_limits(self, moment: datetime) -> tuple[ExitLimits, ...]:
        """Return what limits each exit at a moment, the one before which most people are held back first.

        Raises UsageError outside the period.
        """
        require_within(self.result, moment)
        return find_exit_limits(self.result, moment)

    @cached_property
    def plot(self) -> Plots:
        """Return the pictures of the briefing, one at a time: `run.plot.arrivals()`."""
        from corridor.front.plots import Plots

        return Plots(self.result)

    def report(
        self,
        out: Path | str | None = None,
        moment: str | None = None,
        quick: bool = False,
        progress: Callable[[int, int], None] | None = None,
        replace: bool = False,
        one_page: bool = False,
        language: str = "en",
    ) -> dict[str, Any]:
        """Write the briefing to a file and return what it says; see `corridor.front.briefing.write_report`."""
        from corridor.front.briefing import write_report
        from corridor.front.flee_page import report_kept

        if not one_page and moment is None and (kept := report_kept(self.result, out, replace, language)):
            return kept
        return write_report(self.result, out, moment, quick, progress, replace, one_page, language)

    def _repr_html_(self) -> str:
        totals = [series for series in self.series if not series.dimensions]
        rows = []
        for series in totals:
            low, middle, high = np.quantile(self.result.at(series.name, self.times[-1]), [0.05, 0.5, 0.95])
            rows.append((series.name, series.unit, f"{middle:,.0f}", f"{low:,.0f} to {high:,.0f}"))
        m = self.result.manifest
        title = f"{m['title']}: {m['replicates']} replicates, seed {m['seed']}, at {self.times[-1]:%Y-%m-%d %H:%M}"
        return write_html_table(title, ("series", "unit", "median", "9 in 10"), rows)


def run(
    case: Scenario,
    save: Path | str | None = None,
    parameters: str | None = None,
    replicates: int = 200,
    seed: int | None = None,
    workers: int = 1,
    behaviour: Behaviour | None = None,
    progress: Callable[[int], None] | None = None,
    keep: str = "replicates",
    cluster: Any = None,
) -> Run:
    """Simulate an ensemble of a case, in memory, or in the folder `save` where an unfinished run is taken up again.

    `parameters` names a parameter set (the case's default if None), `seed` defaults to the case's own, `workers` are
    processes and change no result, `behaviour` swaps rules, `progress` hears how many replicates were finished.
    `cluster` is who does the work of a saved run, and changes no result either: a Client of dask.distributed, the
    address of its scheduler, or "local" for `workers` processes under a scheduler on this machine.
    The same seed gives the same numbers, saved or not. `keep="summary"` keeps no replicates in the folder but their
    spread (mean, deviation, extremes exactly, quantiles within 0.2 %), in room that stops growing with them; what
    asks single replicates (series, compare, the briefing) then says that it cannot.

    Raises UsageError for an unknown set, a folder in use, or a run that memory or disk have no room for, and
    InterruptedRunError when the work stopped but can be taken up.
    """
    from corridor.results import run as running

    return Run(running.run(case, save, parameters, replicates, seed, workers, behaviour, progress, keep, cluster))


def open_run(folder: Path | str, behaviour: Behaviour | None = None) -> Run:
    """Return a stored run; `behaviour` are the rules it was made with where they are not Corridor's.

    They are asked for only where replicates are simulated again (the briefing). Raises UsageError when the folder
    holds no run or it is not finished.
    """
    return Run(open_result(folder, behaviour))


def take_result(run: Run | Path | str) -> Result:
    """Return the result of a run, or of the folder of one. Raises UsageError when it holds none that is finished."""
    return run.result if isinstance(run, Run) else open_result(run)
