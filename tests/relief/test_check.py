"""What the time, the people and the weights of a plan make impossible: a sentence with cause and row for each."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from corridor.relief.check import check_problem
from corridor.relief.plan import make_plan
from corridor.relief.problem import Item, ReliefProblem, Weights
from corridor.relief.weights import read_weights, write_weights
from corridor.scenario.faults import Fault, FaultsError

from .examples import one_road

ROWS = {
    ("fleets", "lorries"): ("fleets.csv", 4),
    ("places", "far"): ("places.csv", 9),
}


def problem() -> ReliefProblem:
    return replace(one_road(3.0), origin=ROWS)


def faults_of(broken: ReliefProblem, weights: Weights | None = None) -> list[Fault]:
    with pytest.raises(FaultsError) as raised:
        make_plan(broken, weights)
    return raised.value.faults


BROKEN = {
    "nobody_in_need": (lambda: replace(problem(), people=np.zeros((11, 2))), "needs.csv", "no place"),
    "no_goods": (
        lambda: replace(problem(), stock=np.zeros((2, 1)), unlimited=np.zeros((2, 1), dtype=bool)),
        "depots.csv",
        "no goods",
    ),
}


@pytest.mark.parametrize("code", BROKEN)
def test_what_the_time_planned_for_leaves_nothing_of_is_refused(code: str) -> None:
    build, file, words = BROKEN[code]
    (found,) = faults_of(build())
    assert (found.code, found.file, found.row, found.severity) == (code, file, 0, "error")
    assert words in found.found
    assert found.fix


def test_weights_that_reward_harm_are_refused() -> None:
    codes = {fault.code for fault in faults_of(problem(), Weights(cost=-1.0, deprivation=((72.0, 1.0), (24.0, 1.0))))}
    assert codes == {"negative_weight", "bends_not_rising"}


def test_a_place_out_of_reach_is_a_warning_and_the_rest_is_planned() -> None:
    sound = problem()
    wider = replace(
        sound,
        places=("depot", "town", "far"),
        people=np.hstack([sound.people, np.full((11, 1), 50.0)]),
        need=np.vstack([sound.need, [[0.001]]]),
        stock=np.vstack([sound.stock, [[0.0]]]),
        supply=np.zeros((11, 3, 1)),
        unlimited=np.vstack([sound.unlimited, [[False]]]),
        without=np.zeros((3, 1)),
    )
    plan = make_plan(wider)
    assert [(w.code, w.file, w.row, w.severity) for w in plan.warnings] == [
        ("place_not_reached", "places.csv", 9, "warning")
    ]
    assert plan.convoys


def test_a_base_that_is_shut_in_is_a_warning() -> None:
    sound = problem()
    shut = replace(sound.roads[0], forward=np.zeros(11))
    codes = [fault.code for fault in check_problem(replace(sound, roads=(shut,)), Weights())]
    assert codes == ["depot_shut_in", "place_not_reached"]


def test_an_unknown_stock_counts_as_nothing_in_a_plan() -> None:
    unknown = replace(problem(), stock=np.array([[0.0], [math.nan]]), items=(Item("food"),))
    nothing = replace(problem(), stock=np.zeros((2, 1)))
    assert make_plan(unknown).objective == pytest.approx(make_plan(nothing).objective)


def test_weights_read_back_as_written(tmp_path) -> None:
    weights = Weights(worst_off=0.3, deprivation=((12.0, 0.25), (48.0, 2.0)))
    (tmp_path / "weights.toml").write_text(write_weights(weights), encoding="utf-8")
    assert read_weights(tmp_path / "weights.toml") == weights


def test_faults_of_a_weights_file(tmp_path) -> None:
    file = tmp_path / "weights.toml"
    file.write_text('worst_of = 1\ncost = "dear"\ndeprivation = [1, 2]\n', encoding="utf-8")
    with pytest.raises(FaultsError) as raised:
        read_weights(file)
    assert {fault.column: fault.code for fault in raised.value.faults} == {
        "worst_of": "unknown_setting",
        "cost": "wrong_type",
        "deprivation": "wrong_type",
    }
    assert 'did you mean "worst_off"' in str(raised.value)
    with pytest.raises(FaultsError, match="bad_toml"):
        read_weights(tmp_path / "missing.toml")
