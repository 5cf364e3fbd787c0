"""Compare replicates with runs of Flee itself: tables, pictures, and the bound that says they are the same."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.flee.compile import compile_folder
from corridor.flee.measure import measure_error
from corridor.flee.read import read_folder
from corridor.flee.run import run_model
from corridor.scenario.faults import FaultsError, UsageError, fault
from corridor.scenario.writing import writing

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.flee.compile import FleeModel

ERRORS, SHARE, LIMIT = 3.0, 0.005, 0.01  # standard errors; shares of all people in camps that day


@dataclass(frozen=True)
class Comparison:
    """Two sets of runs of one case: `ours` and `flee` [run, day, camp]."""

    case: str
    camps: list[str]
    ours: np.ndarray
    flee: np.ndarray
    registered: np.ndarray

    @property
    def total(self) -> np.ndarray:
        """Return Flee's mean number of people in all camps [day]."""
        return np.asarray(self.flee.sum(axis=2).mean(axis=0))

    @property
    def difference(self) -> np.ndarray:
        """Return our mean less Flee's [day, camp]."""
        return np.asarray(self.ours.mean(axis=0) - self.flee.mean(axis=0))

    @property
    def standard_error(self) -> np.ndarray:
        """Return the standard error of the difference, from the spread of both sides' runs [day, camp]."""
        variance = self.ours.var(axis=0, ddof=1) / len(self.ours) + self.flee.var(axis=0, ddof=1) / len(self.flee)
        return np.asarray(np.sqrt(variance))

    def summarise(self) -> dict[str, Any]:
        """Return the figures of the comparison.

        `within` is the share of camp-days on which the means differ by no more than the larger of three standard
        errors and 0.5 % of all people in camps. `beyond_limit` counts the camp-days that differ by more than 1 % of
        them and by more than three standard errors; with few people in the camps the runs' own scatter exceeds 1 %.
        `spread` is the ratio of the standard deviations between runs, pooled over camps and days.
        """
        difference, total = np.abs(self.difference), np.maximum(self.total, 1.0)[:, None]
        share, noise = difference / total, ERRORS * self.standard_error
        many = self.total > 1000
        spread = np.sqrt(self.ours.var(axis=0, ddof=1).sum() / max(self.flee.var(axis=0, ddof=1).sum(), 1e-9))
        return {
            "case": self.case,
            "our_runs": len(self.ours),
            "flee_runs": len(self.flee),
            "camp_days": int(difference.size),
            "within": float((difference <= np.maximum(noise, SHARE * total)).mean()),
            "beyond_limit": int(((share > LIMIT) & (difference > noise)).sum()),
            "largest_share": float(share[many].max(initial=0.0)),
            "spread": float(spread),
            "spread_by_chance": self.spread_by_chance(),
            "error_ours": float(np.mean([measure_error(run, self.registered) for run in self.ours])),
            "error_flee": float(np.mean([measure_error(run, self.registered) for run in self.flee])),
        }

    def spread_by_chance(self) -> list[float]:
        """Return between which two values the ratio of spreads would lie in 95 of 100 draws of so few of ours."""
        generator = np.random.default_rng(1)
        few = min(len(self.flee), len(self.ours))
        whole = self.ours.var(axis=0, ddof=1).sum()
        ratios = [
            np.sqrt(
                whole
                / max(self.ours[generator.choice(len(self.ours), few, replace=False)].var(axis=0, ddof=1).sum(), 1e-9)
            )
            for _ in range(200)
        ]
        return [float(value) for value in np.quantile(ratios, [0.025, 0.975])]


def read_flee_runs(path: Path, model: FleeModel) -> np.ndarray:
    """Return people in camps [run, day, camp] from a table of runs with columns run, day, camp, people.

    Raises FaultsError where a row is not of this case.
    """
    column = {model.place_names[camp]: i for i, camp in enumerate(model.camps)}
    faults, rows = [], []
    with path.open(newline="", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file), start=2):
            try:
                rows.append((int(row["run"]), int(row["day"]), column[row["camp"]], int(row["people"])))
            except (KeyError, ValueError, TypeError):
                faults.append(fault("flee.runs.row", (path.name, number, ""), found=row))
    table = np.array(rows, dtype=np.int64).reshape(-1, 4)
    if faults or not len(table) or table[:, 1].max() >= model.days or table.min() < 0:
        raise FaultsError(faults or [fault("flee.runs.rows", (path.name, 0, ""))])
    people = np.zeros((int(table[:, 0].max()) + 1, model.days, len(column)))
    people[table[:, 0], table[:, 1], table[:, 2]] = table[:, 3]
    return people


def find_cases(data: Path) -> list[Path]:
    """Return the folder itself or those in it that hold a table of Flee's runs; raises UsageError where none does."""
    name = "flee-runs.csv"
    cases = [data] if (data / name).is_file() else sorted(path.parent for path in data.glob(f"*/{name}"))
    if not cases:
        message = f"no {name} in {data} or in a folder of it"
        raise UsageError(message)
    return cases


def compare_case(folder: Path, replicates: int, seed: int = 1, workers: int = 1) -> Comparison:
    """Run one case beside its table of Flee's runs (flee-runs.csv, made with the settings of the README there)."""
    settings = folder / "simsetting-hasten10.yml"
    model = compile_folder(read_folder(folder, settings if settings.is_file() else None))
    flee = read_flee_runs(folder / "flee-runs.csv", model)
    run = run_model(model, replicates, seed, workers)
    camps = [model.place_names[camp] for camp in model.camps]
    return Comparison(model.name, camps, run.in_camps.astype(np.float64), flee, model.observed)


def draw_comparison(comparison: Comparison, path: Path, replace: bool = False) -> None:
    """Draw people in each camp over time: our central 90 %, Flee's runs, and those registered.

    Raises UsageError when the file cannot be written, or exists and was not asked to be replaced.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    count = len(comparison.camps)
    rows = -(-count // 3)
    figure = Figure(figsize=(12, 2.6 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    days = np.arange(comparison.ours.shape[1])
    low, high = np.quantile(comparison.ours, [0.05, 0.95], axis=0)
    for i, camp in enumerate(comparison.camps):
        axes = figure.add_subplot(rows, min(count, 3), i + 1)
        axes.fill_between(days, low[:, i], high[:, i], color="#4477aa", alpha=0.4, label="Corridor, 90 % of runs")
        axes.plot(days, comparison.flee[:, :, i].T, color="#cc3311", linewidth=0.6)
        axes.plot([], [], color="#cc3311", linewidth=0.6, label="Flee, each run")
        axes.plot(days, comparison.registered[:, i], color="black", linestyle=":", linewidth=1, label="registered")
        axes.set_title(camp, fontsize=9)
        axes.tick_params(labelsize=7)
        if i == 0:
            axes.legend(fontsize=7)
    figure.suptitle(f"{comparison.case}: people in camps by day")
    with writing(path, replace=replace) as (temporary,):
        figure.savefig(temporary, dpi=120, format="png")
