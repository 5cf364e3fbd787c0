"""Designs: every fault of one is told at once, where it stands; what a method makes of ranges can be checked by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import corridor as co
from command import call
from corridor.results.sampling import draw_points, measure_points

BROKEN: dict[str, tuple[str, set[tuple[str, int, str]]]] = {
    "empty": ("", {("design", 0, "")}),
    "header alone": ("seed\n", {("design", 0, "")}),
    "column": ("leave_rate,x_mine\n1,2\n", {("design", 1, "leave_rate")}),
    "twice": ("seed,seed\n1,2\n", {("duplicate_column", 1, "seed")}),
    "seed": ("seed\n1\n-2\n", {("design", 3, "seed")}),
    "folder": ("scenario\nnowhere\n", {("design", 2, "scenario")}),
    "outside": ("scenario\n../../etc\n", {("design", 2, "scenario")}),
    "variant and set": (
        "variant,set\ntwo_more_lane,\n,other\n",
        {("design", 2, "variant"), ("design", 3, "set")},
    ),
    "row": ("groups/nobody/leave_rate\n0.1\n", {("design", 2, "groups/nobody/leave_rate")}),
    "more cells": ("seed\n1,2\n", {("too_many_cells", 2, "")}),
    "cells": (
        "seed,groups/families_with_car/leave_rate,checkpoints/bridge_checkpoint/lanes\n1,many,3\n2,-1,many\n",
        {
            ("wrong_type", 2, "groups/families_with_car/leave_rate"),
            ("not_positive", 3, "groups/families_with_car/leave_rate"),
            ("wrong_type", 3, "checkpoints/bridge_checkpoint/lanes"),
        },
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_every_fault_of_a_design_is_told_where_it_stands(short_case: Path, tmp_path: Path, name: str) -> None:
    text, expected = BROKEN[name]
    (tmp_path / "d.csv").write_text(text)
    with pytest.raises(co.FaultsError) as found:
        co.sweep(short_case, tmp_path / "d.csv", tmp_path / "out", replicates=2)
    assert {(f.code, f.row, f.column) for f in found.value.faults} == expected
    assert {f.file for f in found.value.faults} == {"d.csv"}
    assert all(f.found and f.allowed and f.fix for f in found.value.faults)
    assert not (tmp_path / "out").exists()


def test_a_broken_design_ends_with_3_and_no_method_with_2(short_case: Path, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(BROKEN["cells"][0])
    done = call("sweep", short_case, tmp_path / "d.csv", "--out", tmp_path / "out")
    assert done.code == 3
    assert done.stderr.count("d.csv") == 3
    assert call("sweep", short_case, "--out", tmp_path / "out", "--method", "guess").code == 2
    assert call("sweep", short_case, "--out", tmp_path / "out", "--method", "sobol", "--samples", "7").code == 2
    assert call("sweep", tmp_path / "none", tmp_path / "no.csv", "--out", tmp_path / "out").code == 3


@pytest.mark.slow  # SALib takes seconds to load
def test_methods_find_what_a_sum_is_made_of() -> None:
    """Of a x + b y with x, y uniform on (0, 1) the shares of variance are a² and b² of their sum, and mu* is a and b."""
    bounds = {"x": (0.0, 1.0), "y": (0.0, 1.0)}

    def answer(points: np.ndarray) -> np.ndarray:
        return 3.0 * points[:, 0] + points[:, 1]

    points = draw_points("sobol", bounds, 256, 1)
    found = measure_points("sobol", bounds, points, answer(points), 1)
    assert found["x"]["S1"] == pytest.approx(0.9, abs=0.02)
    assert found["y"]["ST"] == pytest.approx(0.1, abs=0.02)
    points = draw_points("morris", bounds, 6, 1)
    found = measure_points("morris", bounds, points, answer(points), 1)
    assert found["x"]["mu_star"] == pytest.approx(3.0)
    assert found["y"]["sigma"] == pytest.approx(0.0, abs=1e-9)
    points = draw_points("latin", bounds, 10, 1)
    assert sorted(np.floor(points[:, 0] * 10)) == list(range(10))


@pytest.mark.slow
def test_a_method_varies_ranges_and_draws_the_picture_of_the_briefing(short_case: Path, tmp_path: Path) -> None:
    with pytest.raises(co.FaultsError) as nothing:
        co.sweep(short_case, [{"parameters/share_staying": "0.3"}], sampling=co.Sampling("latin", 4), replicates=2)
    assert [(f.code, f.row) for f in nothing.value.faults] == [("design", 1)]
    design = [{"groups/families_with_car/leave_rate": "0.0005..0.01", "parameters/share_staying": "0.1 (0.099..0.101)"}]
    found = co.sweep(short_case, design, tmp_path / "out", replicates=4, sampling=co.Sampling("latin", 40))
    assert len(found.rows) == 40
    rates = np.sort([float(row["groups/families_with_car/leave_rate"]) for row in found.rows])
    strata = np.linspace(0.0005, 0.01, 41)
    assert ((strata[:-1] - 1e-9 <= rates) & (rates <= strata[1:] + 1e-9)).all()  # one in each fortieth of the range
    first = next(row for row in found.sensitivity if row["answer"] == "people arrived at the end")
    assert first["number"] == "groups/families_with_car/leave_rate"
    assert first["rank_correlation"] > first["noise"]
    picture = found.pictures["influence"]
    assert picture.data["inputs"][0]["name"] == "groups/families_with_car/leave_rate"
    assert "<svg" in picture.svg
    assert (tmp_path / "out" / "figures" / "influence.svg").read_text() == picture.svg
