"""The open cases as questions, strictly as of a day, and the methods that answer them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from camps_peers import Quantiles, forecast_with, have_library
from corridor.flee.reports import CampFiles, read_camps
from corridor.forecast.camp_errors import LEVELS, ErrorTable
from corridor.forecast.camp_history import Known, PlaceCounts
from corridor.forecast.camp_learning import Crisis
from corridor.forecast.camps import forecast

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
    crps = measure_level_crps(quantiles, LEVELS[SCORED], truth)
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


def measure_level_crps(quantiles: Quantiles, levels: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Return the CRPS of quantiles [L, ...] at evenly spaced levels [L] for truths [...], in their unit.

    Twice the mean pinball loss over the levels, which is the integral that defines the score as a sum (F. Laio,
    S. Tamea, Hydrol. Earth Syst. Sci. 11 (2007) 1267-1277, doi:10.5194/hess-11-1267-2007).
    """
    weights = levels.reshape(-1, *[1] * np.ndim(truth))
    short = truth - quantiles
    return np.asarray(2 * np.maximum(weights * short, (weights - 1) * short).mean(axis=0))
