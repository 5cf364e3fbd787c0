"""People in camps: each open case of Flee forecast by a table learnt on the other three, beside simple rules and libraries.

    python benchmarks/camps.py [--write] [--data FOLDER]

--write makes src/corridor/forecast/camp_errors.json anew from the four cases instead. The cases are the folders in OPEN
under CORRIDOR_DATA/flee (or ../shared/data/flee beside the repository). AutoETS and Theta need statsforecast (the
dependency group `bench`). Every method knows the reports dated by the day of the forecast and nothing else; the truth is
the counts as reported, straight between reports, on every later day of the period. The table rests on these four cases
and on no other.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from camps_peers import Quantiles, forecast_with, have_library
from corridor.flee.compare import read_flee_runs
from corridor.flee.compile import compile_folder
from corridor.flee.measure import measure_error
from corridor.flee.read import read_folder
from corridor.flee.reports import CampFiles, read_camps
from corridor.forecast.camp_errors import FILE, LEVELS, ErrorTable
from corridor.forecast.camp_history import Known, PlaceCounts
from corridor.forecast.camp_learning import Crisis, learn
from corridor.forecast.camps import forecast
from corridor.forecast.crps import measure_quantile_crps

OPEN = ("burundi2015", "mali2012", "ssudan2013", "car2013")
ORIGINS = np.arange(10, 81, 2) / 100  # of the period: the days as of which is learnt; before there is hardly a count
FRACTIONS = (0.25, 0.5)  # of the period: the days as of which is scored
SCORED = slice(2, -2)  # of LEVELS: 0.05 to 0.95, evenly spaced
ROOT = Path(__file__).parents[1]


def find_data() -> Path:
    """Return the folder that holds the open cases."""
    return Path(os.environ.get("CORRIDOR_DATA", ROOT.parent / "shared" / "data")) / "flee"


def know(files: CampFiles, day: int) -> Known:
    """Return what was known of a case as of a day."""
    return Known(float(day), {place: PlaceCounts(*table) for place, table in files.known(day).items()})


def read_crisis(folder: Path) -> Crisis:
    """Return a case as a crisis that is over, with what was known as of each of ORIGINS."""
    files = read_camps(folder)
    places = list(files.files)
    views = tuple(know(files, int(files.days * part)) for part in ORIGINS)
    return Crisis(folder.name, tuple(places), files.truth(places), views)


@dataclass(frozen=True)
class Question:
    """One case as of one day: what was known and what came, on every later day and in every camp of the folder."""

    known: Known
    days: np.ndarray
    truth: np.ndarray  # [D, P], places in the order of the folder
    places: tuple[str, ...]
    table: ErrorTable  # learnt without this case

    @property
    def totals(self) -> np.ndarray:
        return np.asarray(self.truth.sum(axis=1))

    def spread_out(self, people: np.ndarray) -> np.ndarray:
        """Return people [..., known place] for every place of the folder; 0 where none was counted by then."""
        out = np.zeros((*people.shape[:-1], len(self.places)))
        out[..., [self.places.index(name) for name in self.known.places]] = people
        return out

    def last(self) -> np.ndarray:
        return self.spread_out(np.array([place.people[-1] for place in self.known.places.values()]))


Method = Callable[[Question], Quantiles]


def ours(question: Question, totals: bool = False) -> Quantiles:
    numbers = forecast(question.known, question.days, question.totals if totals else None, table=question.table)
    return question.spread_out(numbers.quantiles[SCORED])


def where_counted(question: Question) -> Quantiles:
    """Ours without the places in which nobody had been counted yet: that they would be needed is known afterwards."""
    return ours(question) * (question.last() > 0)


def last_count(question: Question) -> Quantiles:
    return np.broadcast_to(question.last(), question.truth.shape)[None]


def straight_line(question: Question) -> Quantiles:
    """The change over the last tenth of the period so far, continued."""
    day, span = question.known.day, max(question.known.day * 0.1, 1.0)
    now, before = (
        question.spread_out(np.array([np.interp(at, p.days, p.people) for p in question.known.places.values()]))
        for at in (day, day - span)
    )
    return np.maximum(now + (question.days - day)[:, None] * (now - before) / span, 0.0)[None]


def library(name: str) -> Method:
    return lambda question: question.spread_out(forecast_with(name, question.known, question.days, LEVELS[SCORED]))


def scaled(method: Method) -> Method:
    """Return the median of a method multiplied to the totals that came."""

    def known_totals(question: Question) -> Quantiles:
        people = method(question)
        middle = people[len(people) // 2] + 1e-9
        return (middle * (question.totals / middle.sum(axis=1))[:, None])[None]

    return known_totals


def score(quantiles: Quantiles, truth: np.ndarray) -> tuple[float, float, float]:
    """Return CRPS per person, absolute relative error of the middle, coverage of the 90 % interval (nan: no interval)."""
    everybody = np.maximum(truth.sum(axis=1), 1.0)
    error = float((np.abs(quantiles[len(quantiles) // 2] - truth).sum(axis=1) / everybody).mean())
    if len(quantiles) == 1:
        return error, error, float("nan")
    crps = measure_quantile_crps(quantiles, LEVELS[SCORED], truth)
    within = (truth >= np.floor(quantiles[0])) & (truth <= np.ceil(quantiles[-1]))
    return float((crps.sum(axis=1) / everybody).mean()), error, float(within.mean())


def list_methods() -> dict[str, Method]:
    libraries = {"AutoETS, damped": library("ets"), "Theta": library("theta")} if have_library() else {}
    rules: dict[str, Method] = {"last count": last_count, "straight line": straight_line, **libraries}
    return {
        "Corridor": ours,
        "Corridor, camps with somebody alone": where_counted,
        **rules,
        "totals known: Corridor": lambda question: ours(question, totals=True),
        **{f"totals known: {name}": scaled(method) for name, method in rules.items()},
    }


def ask(files: CampFiles, day: int, table: ErrorTable) -> Question:
    places = tuple(files.files)
    days = np.arange(day + 1, files.days)
    return Question(know(files, day), days.astype(float), files.truth(list(places))[day + 1 :], places, table)


def print_scores(questions: dict[float, list[Question]]) -> None:
    print("CRPS per person, absolute relative error, coverage of 90 %: mean of the four cases, then CRPS of each\n")
    head = "  ".join(f"as of {part:.0%} of the period   {'  '.join(name[:5] for name in OPEN)}" for part in questions)
    print(f"{'':36s} {head}")
    for name, method in list_methods().items():
        cells = []
        for asked in questions.values():
            rows = np.array([score(method(question), question.truth) for question in asked])
            crps, error, coverage = rows.mean(axis=0)
            said = f"{coverage:6.1%}" if np.isfinite(coverage) else "     -"
            cells.append(f"{crps:.3f}  {error:.3f}  {said}      " + "  ".join(f"{value:.3f}" for value in rows[:, 0]))
        print(f"{name:36s} " + "   ".join(cells), flush=True)


def print_sums(cases: dict[str, CampFiles], tables: dict[str, ErrorTable]) -> None:
    """Print how many sums over all camps lie in their 90 % interval, as of every tenth of the period and of FRACTIONS."""
    print("\nsums over camps within their 90 % interval, each case left out of its own table (share of common luck)")
    for parts in (FRACTIONS, tuple(np.arange(1, 9) / 10)):
        means = []
        for name, files in cases.items():
            held = []
            for part in parts:
                question = ask(files, int(files.days * part), tables[name])
                sums = forecast(question.known, question.days[::7], table=question.table).sums
                low, high = sums[2], sums[-3]
                held.append(((question.totals[::7] >= low) & (question.totals[::7] <= high)).mean())
            means.append(float(np.mean(held)))
        each = "  ".join(
            f"{name} {value:.0%} ({tables[name].common:.2f})" for name, value in zip(cases, means, strict=True)
        )
        print(f"as of {', '.join(f'{part:.0%}' for part in parts)}: {each}; mean {np.mean(means):.1%}")


def print_flee(questions: dict[float, list[Question]], data: Path) -> None:
    """Print errors on later days measured as Flee does: people rescaled to the sum registered, corrections known."""
    print("\nFlee's measure on the days after (Flee is told the totals of every day and all corrections)")
    for part, asked in questions.items():
        rows = []
        for name, question in zip(OPEN, asked, strict=True):
            runs, registered, camps = read_flee(data / name)
            later = slice(int(question.known.day) + 1, None)
            order = [question.places.index(camp) for camp in camps]
            middles = [ours(question)[9], ours(question, totals=True)[9], last_count(question)[0]]
            flee = float(np.mean([measure_error(run[later], registered[later]) for run in runs]))
            rows.append([flee, *(measure_error(middle[:, order], registered[later]) for middle in middles)])
        words = ("Flee's own runs", "Corridor", "Corridor, totals known", "last count")
        told = "; ".join(f"{word} {value:.3f}" for word, value in zip(words, np.mean(rows, axis=0), strict=True))
        print(f"as of {part:.0%}: {told}; Flee by case {' '.join(f'{row[0]:.3f}' for row in rows)}")


def read_flee(folder: Path) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return people of Flee's own runs [run, day, camp], those registered as Flee reads them [day, camp], the camps."""
    settings = folder / "simsetting-hasten10.yml"
    model = compile_folder(read_folder(folder, settings if settings.is_file() else None))
    return read_flee_runs(folder / "flee-runs.csv", model), model.observed, [model.place_names[i] for i in model.camps]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="make the table of the package anew")
    parser.add_argument("--data", type=Path, default=find_data(), help="folder of the open cases")
    chosen = parser.parse_args()
    if not chosen.data.is_dir():
        parser.error(f"no folder {chosen.data}: set CORRIDOR_DATA or --data")
    crises = {name: read_crisis(chosen.data / name) for name in OPEN}
    if chosen.write:
        (ROOT / "src" / "corridor" / "forecast" / FILE).write_text(
            learn(list(crises.values())).write(), encoding="utf-8"
        )
        return
    tables = {name: learn([crises[other] for other in OPEN if other != name]) for name in OPEN}
    cases = {name: read_camps(chosen.data / name) for name in OPEN}
    questions = {
        part: [ask(files, int(files.days * part), tables[name]) for name, files in cases.items()] for part in FRACTIONS
    }
    print_scores(questions)
    print_sums(cases, tables)
    print_flee(questions, chosen.data)


if __name__ == "__main__":
    main()
