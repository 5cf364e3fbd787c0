"""The numbers behind the pictures, computed again from the replicates in another way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from corridor.report.duration import describe_duration, hours_until, quantile_dots
from corridor.report.envelope import Figure
from corridor.report.figures import describe_arrivals, describe_people, hours_of_arrivals, write_figures
from corridor.report.geography import FLOW_HOURS, describe_map
from corridor.report.influence import describe_influence, noise_level, rank_correlation
from corridor.report.shortage import count_without, find_stores, find_unknown
from corridor.results.drawn import count_independent, draw_again
from corridor.results.findings import Findings
from corridor.results.limits import LIMITS, find_limits, share_limits
from corridor.results.moments import choose_moment
from corridor.results.result import Result
from corridor.results.run import run
from corridor.scenario.scenario import read_scenario
from corridor.simulate.ensemble import prepare

QUANTILES = {"q05": 0.05, "q25": 0.25, "q50": 0.5, "q75": 0.75, "q95": 0.95}


@pytest.mark.parametrize(
    ("figure", "place", "column"),
    [
        ("arrivals", 0, "arrivals"),
        ("queue", 0, "vehicles_delayed"),
        ("queue", 1, "queue_km"),
        ("registration", 0, "registration_backlog"),
        ("registration", 1, "registered"),
        ("people", 0, "inside"),
        ("people", 2, "on_roads"),
    ],
)
def test_bands_are_quantiles_of_the_replicates(
    small_result: Result, small_figures: dict[str, Figure], figure: str, place: int, column: str
) -> None:
    """Every band equals numpy's quantile over the replicates."""
    data = small_figures[figure]["series"][place]
    for name, q in QUANTILES.items():
        np.testing.assert_allclose(data[name], np.quantile(small_result.take(column), q, axis=0), atol=1e-9)


@pytest.mark.slow
def test_the_parts_of_people_add_up_to_everybody(case_result: Result) -> None:
    """Inside, on the road and arrived are everybody, at every moment."""
    parts = describe_people(case_result, choose_moment(case_result))["parts"]
    total = np.sum([part["mean"] for part in parts], axis=0)
    np.testing.assert_allclose(total, case_result.take("inside")[:, 0].mean(), rtol=1e-12)
    assert min(min(part["mean"]) for part in parts) >= 0


@pytest.mark.slow
def test_people_on_the_map_are_those_of_the_run(case_result: Result) -> None:
    """The places together hold everybody who is not on a road."""
    when = case_result.times[200]
    places = describe_map(case_result, when)["places"]
    biggest = max(places, key=lambda place: place["peak"])
    total = sum(case_result.take_all("at_place", biggest["id"]).values())
    assert biggest["now"]["q50"] == pytest.approx(np.median(total[:, 200]))
    assert biggest["peak"] == pytest.approx(np.median(total, axis=0).max())


def test_flow_over_a_road_is_what_the_checkpoint_let_pass(small_result: Result) -> None:
    """Flows are worked out from who is where; at the checkpoint the run counts them too."""
    when = small_result.times[70]
    flow = {road["id"]: road["people_per_hour"] for road in describe_map(small_result, when)["roads"]}
    passed = small_result.take("passed_people", "bridge_checkpoint")
    before = round(FLOW_HOURS / small_result.manifest["record_hours"])
    assert flow["bridge-border"] == pytest.approx(np.median(passed[:, 70] - passed[:, 70 - before]) / FLOW_HOURS)
    assert flow["bridge-border"] > 0


def test_hours_until_a_goal_by_brute_force() -> None:
    """The first crossing of a rising line, by walking along it."""
    generator = np.random.default_rng(4)
    values = np.cumsum(generator.integers(0, 5, (30, 40)), axis=1).astype(float)
    goal = generator.uniform(1, 110, 30)
    fine = np.linspace(0, 39, 39 * 1000 + 1)
    for row, expected in enumerate(hours_until(values, goal, 2.0)):
        along = np.interp(fine, np.arange(40), values[row])
        reached = np.flatnonzero(along >= goal[row])
        assert expected == pytest.approx(fine[reached[0]] * 2.0, abs=0.01) if len(reached) else np.isinf(expected)


def test_dots_say_how_many_chances_lie_before_a_time() -> None:
    """The share of dots before any time is the share of the ensemble, to half a dot."""
    values = np.sort(np.random.default_rng(1).exponential(10, 1000))
    values[-100:] = np.inf
    dots = quantile_dots(values)
    assert len(dots) == 50
    assert sum(dot is None for dot in dots) == 5
    for time in (2.0, 7.0, 20.0):
        assert sum(dot is not None and dot <= time for dot in dots) / 50 == pytest.approx(
            (values <= time).mean(), abs=0.01
        )


@pytest.mark.slow
def test_a_stated_number_is_waited_for(case_result: Result, case_findings: Findings) -> None:
    """With a goal, the share that reaches it is that of the arrivals at the end; the observed hour is found."""
    figure = describe_duration(case_result, case_findings.drawn.leavers, goal=90_000)
    assert figure["reached"] == pytest.approx((case_result.take("arrivals")[:, -1] >= 90_000).mean())
    assert figure["observed"] == "2023-09-29T12:00"
    assert figure["dots"].count(None) == pytest.approx(50 * (1 - figure["reached"]), abs=1)


def test_waiting_is_the_mean_over_those_who_arrive(small_result: Result) -> None:
    """The mean hours of a window equal the sums' difference, by plain arithmetic."""
    hours, people = small_result.take("journey_hours"), small_result.take("arrivals")
    found = hours_of_arrivals(small_result, "journey_hours")
    replicate, moment = 3, 80
    came = people[replicate, moment] - people[replicate, moment - 6]
    assert came > 50
    assert found[replicate, moment] == pytest.approx((hours[replicate, moment] - hours[replicate, moment - 6]) / came)
    assert np.isnan(found[:, 0]).all()


@pytest.mark.slow
def test_inputs_drawn_again_are_those_of_the_run(case_result: Result, case_findings: Findings) -> None:
    """People at the start and fuel at hand are recorded: the inputs drawn again must give them."""
    drawn = case_findings.drawn
    np.testing.assert_array_equal(drawn.inputs.people.sum(axis=(1, 2)), case_result.take("inside")[:, 0])
    fuel = case_result.take("stock", "stepanakert", "fuel")[:, 0]
    np.testing.assert_allclose(drawn.values["stocks/stepanakert/fuel/quantity"], fuel, rtol=1e-9)
    assert (drawn.leavers <= case_result.take("inside")[:, 0]).all()
    assert not any(name.startswith("foods/") for name in drawn.values)
    food = case_result.take("stock", "stepanakert", "food")[:, 0]
    np.testing.assert_allclose(drawn.values["stocks/stepanakert/food/quantity"], food, rtol=1e-9)


def test_rank_correlation_agrees_with_scipy() -> None:
    """Ties included."""
    generator = np.random.default_rng(2)
    a, b = generator.integers(0, 9, 80).astype(float), generator.normal(size=80)
    assert rank_correlation(a, a + 3 * b) == pytest.approx(spearmanr(a, a + 3 * b).statistic)
    assert rank_correlation(np.ones(80), b) == 0.0


def test_noise_level_is_exceeded_by_luck_in_one_case_in_twenty() -> None:
    """Independent inputs pass the level of all of them together in about 5 % of trials."""
    generator = np.random.default_rng(3)
    level = noise_level(100, 20)
    trials = 300
    passed = 0
    for _ in range(trials):
        target = generator.normal(size=100)
        inputs = generator.normal(size=(20, 100))
        passed += max(abs(rank_correlation(values, target)) for values in inputs) > level
    assert 0.01 < passed / trials < 0.1


def test_repeated_members_are_worth_fewer() -> None:
    """All different, all the same, and one of two groups three times as large."""
    assert count_independent(np.arange(40)) == pytest.approx(40)
    assert count_independent(np.zeros(40)) == pytest.approx(1)
    assert count_independent(np.repeat([0, 1], [30, 10])) == pytest.approx(1.6)


def test_the_opening_matters_most_before_it_is_known(case_result: Result, case_findings: Findings) -> None:
    """In the set of 22 September the time of the opening decides who is out by the 28th."""
    figure = describe_influence(case_result, case_result.times[24 * 9], case_findings.drawn)
    assert figure["inputs"][0]["name"].startswith("events/opening_22")
    first = figure["inputs"][0]
    assert abs(first["correlation"]) > figure["noise"]
    assert first["arrived_where_low"] != first["arrived_where_high"]


@pytest.mark.slow
def test_numbers_that_counts_have_moved_are_those_of_the_run(worked_case: Path, tmp_path: Path) -> None:
    """What was learnt is drawn again as the run used it, and counts for less when what matters is ranked."""
    result = run(read_scenario(worked_case), tmp_path / "run", "replay", replicates=10, seed=1)
    ensemble = prepare(result.scenario, "replay", 1)
    learnt = ensemble.learnt
    assert learnt is not None, "the worked case names what was learnt"
    drawn = draw_again(result)
    chosen = learnt.choose(np.arange(10))
    taken = learnt.take_values(ensemble.model)
    for name, values in taken.items():
        if not name.endswith(("/time", "/chance")) and name in drawn.values:
            np.testing.assert_allclose(drawn.values[name], values[chosen], err_msg=name)
    start, people = result.take("inside")[:, 0], drawn.inputs.people.sum(axis=(1, 2))
    # who turns out to be there, or not to, is among those who have not decided to leave, as long as there are any
    assert np.abs(start / people - 1).max() < 0.1
    assert 1 <= drawn.courses <= 10
    figure = describe_influence(result, result.times[240], drawn)
    assert figure["fitted_inputs"] == len(drawn.fitted) > 0
    noise = {entry["fitted"]: entry["noise"] for entry in figure["inputs"]}
    assert noise[True] >= noise.get(False, 0.0)
    assert not figure["enough"]  # ten runs rank nothing


def test_limits_by_a_plain_loop(small_result: Result) -> None:
    """One replicate, hour by hour, with the rules written out."""
    data = small_result.take_totals("arrivals", "vehicles_delayed", "waiting_for_transport")
    before_gate = small_result.take("vehicles_delayed", "town-bridge")
    found, names = find_limits(small_result), list(LIMITS)
    for replicate in (0, 11):
        final = data["arrivals"][replicate, -1]
        for moment in range(len(small_result.times)):
            arrived, delayed, waiting, gate = (values[replicate, moment] for values in (*data.values(), before_gate))
            if arrived < 1:
                expected = "closed"
            elif gate >= 5:
                expected = "checkpoint"
            elif delayed >= 5:
                expected = "road"
            elif waiting >= max(10, 0.01 * final):
                expected = "transport"
            else:
                expected = "decision" if arrived < 0.99 * final else "nothing"
            assert names[found[replicate, moment]] == expected
    shares = share_limits(small_result, 70)
    for part in ("flow", "now", "end"):
        assert sum(shares[part].values()) == pytest.approx(1.0)
    assert shares["flow"]["closed"] == 0.0


def test_fuel_runs_out_when_the_recorded_stock_says_so(small_result: Result, small_findings: Findings) -> None:
    """The first hour below one vehicle's need."""
    store = find_stores(small_result, small_findings.drawn)[0]
    stock = small_result.take("fuel", "town")
    needed = small_findings.drawn.inputs.fuel_litres.max(axis=1)
    for replicate in range(small_result.replicates):
        low = [i for i in range(stock.shape[1]) if stock[replicate, i] < needed[replicate]]
        expected = low[0] * small_result.manifest["record_hours"] if low else np.inf
        assert store.hours[replicate] == expected


def test_person_days_without_are_those_of_all_places(case_result: Result, case_findings: Findings) -> None:
    """Food runs out in the worked case, people at every place and on the road are counted; other stocks are unknown."""
    store = find_stores(case_result, case_findings.drawn)[0]
    assert store.item == "food"
    without = case_result.take_all("person_days_without")
    expected = sum(values[:, -1] for (_, item), values in without.items() if item == "food")
    np.testing.assert_allclose(count_without(case_result, "food", case_result.times[-1]), expected)
    assert find_unknown(case_result) == ["medicine", "soap"]


def test_every_count_within_the_period_is_in_the_figure(case_result: Result, case_findings: Findings) -> None:
    """Observed points carry the value, hour and use; nothing is learnt in this set."""
    figure = describe_arrivals(case_result, case_findings.moment, case_findings.counts)
    rows = [
        row for row in case_result.scenario.tables["observations"] if row["series"] == "arrivals" and not row["place"]
    ]
    assert [(c["time"], c["value"]) for c in figure["observed"]] == [
        (row["time"].isoformat(timespec="minutes"), row["value"]) for row in sorted(rows, key=lambda row: row["time"])
    ]
    assert {count["use"] for count in figure["observed"]} == {"held_out"}


def test_figures_are_stored_as_plain_json(small_result: Result, small_figures: dict[str, Figure]) -> None:
    """What is stored reads back as what was computed: no nan, no numpy, names of run and set in each."""
    texts = write_figures(small_result, small_figures)
    for name, figure in small_figures.items():
        stored = json.loads(texts[small_result.folder / "figures" / f"{name}.json"])
        assert stored == figure
        assert {"run", "parameters", "data_date", "title", "unit"} <= set(stored)


def test_today_is_the_newest_count_that_the_set_may_know(small_result: Result, case_result: Result) -> None:
    """Of all series; a set that says up to when it knows speaks of that moment, one without counts of the start."""
    rows = small_result.scenario.tables["observations"]
    assert choose_moment(small_result) == max(row["time"] for row in rows)
    until = datetime.fromisoformat(case_result.manifest["known_until"])
    assert choose_moment(case_result) == until  # the moment as of which the set speaks
    assert choose_moment(_without_counts(case_result)) == until
    assert choose_moment(_without_counts(small_result)) == small_result.times[0]


@pytest.mark.slow
def test_counts_later_than_what_was_learnt_are_not_known(worked_case: Path, tmp_path: Path) -> None:
    """Today of a set that has learnt is the moment as of which it did, whatever was counted later."""
    result = run(read_scenario(worked_case), tmp_path / "run", "replay", replicates=1, seed=1)
    assert choose_moment(result) == datetime.fromisoformat(result.manifest["fitted_until"])
    assert choose_moment(result, "2023-09-29T10:00") == datetime(2023, 9, 29, 10)


def _without_counts(result: Result) -> Result:
    without = Result(result.folder, result.manifest)
    tables = {**result.scenario.tables, "observations": ()}
    without.__dict__["scenario"] = replace(result.scenario, tables=tables)
    return without
