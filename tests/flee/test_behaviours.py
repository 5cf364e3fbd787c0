"""Flee's rules one by one: tiny folders with the means of 30 to 40 runs of Flee itself, or the words it stops with."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import pytest
from tests.flee.folders import find_behaviours, find_data

import corridor as co
from corridor.flee.compile import compile_folder
from corridor.flee.read import read_folder
from corridor.flee.run import run_model

REPLICATES = 400  # their scatter is small beside that of Flee's runs
RUNNING = find_behaviours("flee-means.csv")


def read_means(folder):
    with (folder / "flee-means.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@cache
def run_folder(folder):
    model = compile_folder(read_folder(folder))
    return model, run_model(model, REPLICATES, seed=3)


@pytest.mark.parametrize("folder", RUNNING)
def test_every_place_and_day_has_flees_mean(folder):
    """Within the larger of four standard errors of the difference and one per cent of the people."""
    model, run = run_folder(folder)
    rows = read_means(folder)
    assert len(rows) == model.days * len(model.place_names)
    for row in rows:
        day, place = int(row["day"]), model.place_names.index(row["place"])
        ours, spread = run.at_place[:, day, place], float(row["standard_deviation"])
        error = np.sqrt(ours.var(ddof=1) / len(ours) + spread**2 / int(row["runs"]))
        bound = max(4 * error, 0.01 * run.created[:, day].mean(), 1e-4)  # the means are written to four digits
        assert abs(ours.mean() - float(row["mean"])) <= bound, row


def test_all_of_them_together_differ_by_chance_alone():
    """The squares of all differences over their errors have the mean that chance gives them, 1."""
    find_data()
    squares = []
    for folder in (found.values[0] for found in RUNNING):
        model, run = run_folder(folder)
        for row in read_means(folder):
            ours = run.at_place[:, int(row["day"]), model.place_names.index(row["place"])]
            variance = ours.var(ddof=1) * (1 / len(ours) + 1 / int(row["runs"]))
            if variance > 0:
                squares.append((ours.mean() - float(row["mean"])) ** 2 / variance)
    assert 0.7 < np.mean(squares) < 1.3


@pytest.mark.parametrize("folder", find_behaviours("flee-stops.txt"))
def test_where_flee_stops_it_is_said_why_and_strict_refuses(folder):
    """The fault names the error with which Flee ends; without `strict` the folder runs, and nobody is lost."""
    words = (folder / "flee-stops.txt").read_text(encoding="utf-8").strip().splitlines()[-1]
    error, _, message = words.partition(":")
    stops = [found for found in co.check_flee(folder) if found.severity == "stops"]
    assert stops
    assert all(message.strip() in found.fix if error == "Exception" else error in found.fix for found in stops[:1])
    run = co.run_flee(co.read_flee(folder), 3)
    assert run.conservation_error == 0
    with pytest.raises(co.FaultsError):
        co.run_flee(co.read_flee(folder, strict=True), 1, strict=True)


@pytest.mark.parametrize("folder", RUNNING)
def test_where_flee_runs_nothing_is_refused(folder):
    assert {found.severity for found in co.check_flee(folder)} <= {"warning"}
