"""Impossible, unbounded and absurd input: a sentence with cause and row for each, all at once."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from corridor.relief.check import check_problem
from corridor.relief.plan import make_plan
from corridor.relief.problem import Clearance, Item, Limit, ReliefProblem, Weights
from corridor.relief.weights import read_weights, write_weights
from corridor.scenario.faults import Fault, FaultsError

from .examples import make_road, one_road

ROWS = {
    ("fleets", "lorries"): ("fleets.csv", 4),
    ("stocks", "town/food"): ("stocks.csv", 7),
    ("needs", "food"): ("needs.csv", 2),
    ("places", "far"): ("places.csv", 9),
}


def problem() -> ReliefProblem:
    return replace(one_road(3.0), origin=ROWS)


def faults_of(broken: ReliefProblem, weights: Weights | None = None) -> list[Fault]:
    with pytest.raises(FaultsError) as raised:
        make_plan(broken, weights)
    return raised.value.faults


def with_fleet(**changes: object) -> ReliefProblem:
    sound = problem()
    return replace(sound, fleets=(replace(sound.fleets[0], **changes),))


BROKEN = {
    "negative_stock": (
        lambda: replace(problem(), stock=np.array([[0.0], [-4.0]])),
        ("stocks.csv", 7),
        "-4 t",
    ),
    "no_trucks": (lambda: with_fleet(trucks=0.0), ("fleets.csv", 4), "0 trucks"),
    "no_payload": (lambda: with_fleet(tonnes=0.0), ("fleets.csv", 4), "0 t"),
    "negative_rate": (lambda: with_fleet(cost_per_km=-1.0), ("fleets.csv", 4), "below zero"),
    "depot_without_road": (lambda: replace(problem(), roads=()), ("fleets.csv", 4), "no road touches depot"),
    "absurd_need": (lambda: replace(problem(), need=np.array([[0.0], [0.6]])), ("needs.csv", 2), "600 kg"),
    "nobody_in_need": (lambda: replace(problem(), people=np.zeros((11, 2))), ("needs.csv", 0), "no place"),
    "bad_people": (
        lambda: replace(problem(), people=np.full((11, 2), -1.0)),
        ("people.csv", 0),
        "below zero",
    ),
    "no_goods": (
        lambda: replace(problem(), stock=np.zeros((2, 1)), unlimited=np.zeros((2, 1), dtype=bool)),
        ("depots.csv", 0),
        "no goods",
    ),
    "no_fleets": (lambda: replace(problem(), fleets=()), ("fleets.csv", 0), "no fleet"),
    "no_period": (lambda: replace(problem(), period_hours=0.0), ("scenario.toml", 0), "0 h"),
    "absurd_road": (
        lambda: replace(problem(), roads=(make_road("road", "depot", "town", math.nan, 11),)),
        ("roads.csv", 0),
        "nan h",
    ),
    "negative_limit": (
        lambda: replace(problem(), limits=(Limit("gate", "inspection", "road", np.full(11, -1.0)),)),
        ("limits.csv", 0),
        "gate",
    ),
    "convoy_size_unknown": (
        lambda: replace(with_fleet(trucks=np.inf), limits=(Limit("slot", "slots", "road", np.ones(11)),)),
        ("fleets.csv", 4),
        "no size of a convoy",
    ),
    "bad_clearance": (
        lambda: replace(problem(), clearances=(Clearance("c", "lorry", "road", 0, 5),)),
        ("clearances.csv", 0),
        "fleet lorry",
    ),
    "negative_supply": (
        lambda: replace(problem(), supply=np.full((11, 2, 1), -1.0)),
        ("depots.csv", 0),
        "food",
    ),
}


@pytest.mark.parametrize("code", BROKEN)
def test_each_fault_names_its_cause_and_row(code: str) -> None:
    build, where, words = BROKEN[code]
    found = [fault for fault in faults_of(build()) if fault.code == code]
    assert found
    assert (found[0].file, found[0].row) == where
    assert words in found[0].found
    assert found[0].fix


def test_all_faults_are_shown_at_once() -> None:
    broken = with_fleet(trucks=0.0, tonnes=-1.0)
    broken = replace(broken, stock=np.array([[0.0], [-4.0]]), need=np.array([[0.0], [9.0]]))
    codes = {fault.code for fault in faults_of(broken)}
    assert codes == {"no_trucks", "no_payload", "negative_stock", "absurd_need"}


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
