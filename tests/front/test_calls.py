"""What a researcher types: a run and what is asked of it, with the notebook's libraries and without, with rules of one's own."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import corridor as co

CASE = Path(__file__).parents[2] / "scenarios" / "karabakh-2023"


def hesitate(at: Any) -> Any:
    """Decide half as often as Corridor's people."""
    from corridor.simulate.behaviour import leave_chance

    return 0.5 * leave_chance(at)


def refuse(at: Any) -> Any:
    """Nobody ever decides to leave."""
    return np.zeros(1)


@pytest.fixture(scope="module")
def case() -> co.Scenario:
    return co.read(CASE)


@pytest.fixture(scope="module")
def run(case: co.Scenario) -> co.Run:
    return co.run(case, replicates=20, seed=1)


@pytest.fixture
def small(small_folder: Path) -> co.Scenario:
    return co.read(small_folder)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the libraries of the extra `notebook`."""
    for name in ("xarray", "pandas"):
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.slow
def test_series_have_names_dimensions_and_units(run: co.Run) -> None:
    arrivals = run["arrivals"]
    assert arrivals.dims == ("replicate", "time")
    assert arrivals.shape == (20, len(run.times))
    assert arrivals.attrs["units"] == run.series.find("arrivals").unit == "people"
    assert "replicate time place group" in run.series._repr_html_()
    assert len(run.series) == len(list(run.series))
    np.testing.assert_array_equal(arrivals, run.result.take("arrivals"))


@pytest.mark.slow
def test_a_label_is_chosen_by_name(run: co.Run) -> None:
    fighters = run["at_place"].sel(place="stepanakert", group="fighters")
    np.testing.assert_array_equal(fighters, run.result.take("at_place", "stepanakert", "fighters"))
    waiting = run["waiting_for_transport", "place"]
    assert waiting.dims == ("replicate", "time", "place")
    np.testing.assert_array_equal(waiting.sum("place", skipna=True), run["waiting_for_transport"])


def test_arrivals_are_had_by_exit_and_by_area(run: co.Run) -> None:
    for dimension in ("exit", "area"):
        parts = run["arrivals", dimension]
        assert parts.dims == ("replicate", "time", dimension)
        np.testing.assert_array_equal(parts.sum(dimension), run["arrivals"])
        label = str(parts[dimension][0].item())
        np.testing.assert_array_equal(parts.sel({dimension: label}), run.take("arrivals", label, by=dimension))
        assert set(run.to_frame("arrivals", dimension)[dimension]) == set(parts[dimension].values)
    np.testing.assert_array_equal(run["held_back", "exit", "cause"].sum(("exit", "cause")), run["held_back"])
    with pytest.raises(co.UsageError, match=r'"arrivals/exit" has no "nowhere"'):
        run.take("arrivals", "nowhere")


def test_what_limits_each_exit_is_asked_of_the_run(run: co.Run) -> None:
    exits = run.find_limits(run.times[len(run.times) // 2])
    assert {found.exit for found in exits} >= set(run["arrivals", "exit"]["exit"].values)
    with pytest.raises(co.UsageError, match="outside the run's period"):
        run.find_limits(run.times[0] - (run.times[1] - run.times[0]))


@pytest.mark.slow
def test_every_series_is_what_the_result_holds(run: co.Run) -> None:
    """Each label of each series stands in its cell; what is not recorded is nan."""
    for series in run.series:
        values = run[(series.name, *series.dimensions)]
        for column in series.columns:
            cell = values.sel(dict(zip(series.dimensions, column.labels, strict=True)))
            np.testing.assert_array_equal(cell, run.take(column.series, *column.labels))
        cells = np.isfinite(values).sum()
        assert cells == run.replicates * len(run.times) * len(series.labels), series.name


def test_what_is_not_recorded_is_said(run: co.Run) -> None:
    with pytest.raises(co.UsageError, match=r'no series "arivals".*did you mean'):
        run["arivals"]
    with pytest.raises(co.UsageError, match="recorded by a total or place, not by group"):
        run["waiting_for_transport", "group"]


@pytest.mark.slow
def test_two_runs_are_compared_in_pairs(case: co.Scenario, run: co.Run) -> None:
    lanes = co.run(case.variant("two-more-lanes"), replicates=20, seed=1)
    found = co.compare(run, lanes)
    moments = found["arrivals"]
    assert moments
    assert all(row["q05"] <= row["difference"] <= row["q95"] for row in moments)
    assert moments[0]["difference"] > 0  # two lanes more bring people out sooner
    assert "arrivals" in found._repr_html_()
    with pytest.raises(KeyError, match="nothing was compared"):
        found["births"]


@pytest.mark.slow
def test_the_other_questions_are_one_call_each(case: co.Scenario, run: co.Run) -> None:
    assert "arrivals" in run.score()["series"]
    plan = co.plan(case, days=14)
    assert plan.convoys
    amnesty = co.deal(case)["amnesty"]
    assert {"where", "who", "whether"} <= set(amnesty)
    assert run.describe()
    assert run.list_counts()
    assert run.find_reached(95_000)
    assert run.manifest["seed"] == 1
    assert str(run.replicates) in run._repr_html_()
    assert "<table" in case._repr_html_()


@pytest.mark.slow
def test_pictures_are_drawn_one_at_a_time(run: co.Run, tmp_path: Path) -> None:
    picture = run.plot.arrivals()
    assert picture._repr_svg_().startswith("<svg")
    assert "arrivals" in dir(run.plot)
    picture.save(tmp_path / "arrivals.svg")
    assert (tmp_path / "arrivals.svg").read_text(encoding="utf-8") == picture.svg
    with pytest.raises(AttributeError, match="no picture 'arivals'"):
        run.plot.arivals()
    with pytest.raises(co.UsageError, match='no picture "nothing"'):
        run.plot.draw("nothing")


@pytest.mark.slow
def test_a_run_in_memory_has_a_briefing(run: co.Run, tmp_path: Path) -> None:
    page = tmp_path / "x.html"
    said = run.report(page, quick=True)
    assert len(said["answers"]) == 6
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert [path.name for path in tmp_path.iterdir()] == ["x.html"]
    for out, words in ((None, "in memory"), (tmp_path, "is a folder")):
        with pytest.raises(co.UsageError, match=words):
            run.report(out, quick=True)


def test_a_series_becomes_a_table(run: co.Run) -> None:
    table = run.to_frame("settled")
    assert list(table.columns) == ["replicate", "time", "place", "settled"]
    last = table[table["time"] == run.times[-1]].groupby("replicate")["settled"].sum()
    np.testing.assert_array_equal(last, run["settled"].isel(time=-1).sum("place", skipna=True))


def test_without_xarray_the_numbers_are_the_same(run: co.Run, monkeypatch: pytest.MonkeyPatch) -> None:
    labelled = run["at_place"]
    monkeypatch.setitem(sys.modules, "xarray", None)
    plain = run["at_place"]
    assert type(plain) is np.ndarray
    np.testing.assert_array_equal(plain, labelled.values)


@pytest.mark.usefixtures("bare")
def test_without_pandas_a_table_is_refused_in_words(run: co.Run, case: co.Scenario) -> None:
    for ask in (lambda: run.to_frame("settled"), case.places.to_frame):
        with pytest.raises(co.UsageError, match="pandas"):
            ask()


@pytest.mark.slow
def test_a_run_in_memory_and_a_stored_one_hold_the_same_numbers(small: co.Scenario, tmp_path: Path) -> None:
    held = co.run(small, replicates=30, seed=5)
    co.run(small, save=tmp_path / "run", replicates=30, seed=5)
    stored = co.open_run(tmp_path / "run")
    assert list(stored.series) == list(held.series)
    for series in held.series:
        name = (series.name, *series.dimensions)
        np.testing.assert_array_equal(held[name], stored[name], err_msg=str(name))
    timed = ("seconds", "created", "started")
    apart = {key for key in held.manifest if held.manifest[key] != stored.manifest[key]} - set(timed)
    assert not apart
    assert held.score() == stored.score()


@pytest.mark.slow
def test_rules_of_ones_own_are_recorded_and_asked_for_again(small: co.Scenario, tmp_path: Path) -> None:
    """The manifest names them with the hash of their source; another behaviour does not take up the run."""
    folder, slow = tmp_path / "run", co.Behaviour(leave_chance=hesitate)
    run = co.run(small, save=folder, replicates=10, behaviour=slow)
    recorded = run.manifest["behaviour"]["leave_chance"]
    assert recorded["function"].endswith("hesitate")
    assert re.fullmatch("[0-9a-f]{64}", recorded["sha256"])
    for other in (None, co.Behaviour(leave_chance=refuse)):
        with pytest.raises(co.UsageError, match="behaviour"):
            co.run(small, save=folder, replicates=10, behaviour=other)
    assert co.run(small, save=folder, replicates=10, behaviour=slow).manifest == run.manifest  # taken up: all is there

    page = tmp_path / "page.html"
    with pytest.raises(co.UsageError, match=r"made with other rules \(leave_chance by .*hesitate\)"):
        co.open_run(folder).report(page)
    with pytest.raises(co.UsageError, match="other rules"):
        co.open_run(folder, co.Behaviour(leave_chance=refuse)).report(page)
    assert co.open_run(folder, slow).report(page, quick=True)["report"] == str(page)
    assert co.open_run(folder)["arrivals"].shape == run["arrivals"].shape  # numbers are read without them


def test_rules_of_ones_own_move_the_numbers(small: co.Scenario) -> None:
    still = co.run(small, replicates=5, behaviour=co.Behaviour(leave_chance=refuse))
    assert co.run(small, replicates=5)["arrivals"].isel(time=-1).min() > 0
    assert still["arrivals"].max() == 0


def test_a_run_by_rules_that_cannot_be_told_is_not_taken_up(small: co.Scenario, tmp_path: Path) -> None:
    """Another function without a source would pass for the same one, and its run for the answer."""
    rules = co.Behaviour(leave_chance=lambda at, held=lambda: 1: np.ones(1))
    co.run(small, save=tmp_path / "run", replicates=2, behaviour=rules)
    with pytest.raises(co.UsageError, match="cannot be told from others"):
        co.run(small, save=tmp_path / "run", replicates=2, behaviour=rules)


def test_a_lambda_does_not_reach_another_process(small: co.Scenario, tmp_path: Path) -> None:
    rules = co.Behaviour(leave_chance=lambda at: np.ones(1))
    assert co.run(small, replicates=2, behaviour=rules).replicates == 2
    with pytest.raises(co.UsageError, match="cannot be handed to other processes"):
        co.run(small, save=tmp_path / "run", replicates=200, workers=2, behaviour=rules)
