"""Flee's rules one by one: tiny folders with the means of 30 to 40 runs of Flee itself, or the words it stops with."""

from __future__ import annotations

import csv
from functools import cache

import numpy as np
import pytest
from tests.flee.folders import find_behaviours, find_data

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
