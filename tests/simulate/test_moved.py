"""Numbers that move while people are under way: nobody is lost, and those who turn out to be more were always there."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from conserve.choices import worlds_of_choice
from conserve.generate import HOURS, MANY
from conserve.test_conservation import check_reported, check_state
from corridor.scenario.faults import FaultsError
from corridor.simulate.batch import Moves, conservation_error
from corridor.simulate.compile import compile_model
from corridor.simulate.model import Model
from corridor.simulate.moved import may_move
from corridor.simulate.uncertain import draw_scores, give_values, name_uncertain
from worlds import at, place, series, simulate, write_world

REPLICATES = 3


@st.composite
def moving_worlds(draw: Any) -> tuple[int, dict[str, Any], dict[str, Any], list[int]]:
    """Return a generated world whose people are uncertain, and the steps at which its numbers move."""
    step_minutes, tables, parameters = draw(worlds_of_choice())
    for row in tables["people"]:
        if draw(st.booleans()):
            row["people"] = f"{row['people'] // 3}..{row['people']}"
    parameters |= {"people_scale": "0.3..1", "share_staying": draw(st.sampled_from([0, "0..1", "0..0.3"]))}
    steps = HOURS * 60 // step_minutes
    return step_minutes, tables, parameters, sorted(draw(st.sets(st.integers(0, steps - 1), min_size=1, max_size=5)))


def make_moves(model: Model, steps: list[int]) -> tuple[dict[str, Any], list[Moves]]:
    """Return values at the start and others at each step, each drawn anew: far more than a filter would move them."""
    names = name_uncertain(model)
    moving = np.array([may_move(name) for name in names], dtype=bool)
    first = draw_scores(model, names, 9, np.arange(REPLICATES))
    moves = []
    for number, step in enumerate(steps, start=1):
        scores = np.where(moving, draw_scores(model, names, 9, number * REPLICATES + np.arange(REPLICATES)), first)
        moves.append(Moves(step, give_values(model, names, scores)))
    return give_values(model, names, first), moves


def run_world(world: Any) -> None:
    step_minutes, tables, parameters, steps = world
    with tempfile.TemporaryDirectory() as name:
        try:
            model = compile_model(write_world(Path(name), HOURS, step_minutes, 60, parameters, **tables), "")
        except FaultsError as error:
            event("refused: " + ", ".join(sorted({fault.code for fault in error.faults if fault.severity == "error"})))
            return
    begin, moves = make_moves(model, steps)
    last: dict[str, Any] = {}

    def watch(state: Any, step: int) -> None:
        check_state(state, step)
        last["state"] = state

    record = simulate(model, REPLICATES, seed=4, given=begin, moves=moves, watch=watch)
    check_reported(record)
    start = sum(record.take(c)[:, 0] for c in record.columns.counts if c.series == "at_place")
    np.testing.assert_array_equal(last["state"].inputs.people.sum(axis=(1, 2)), start)
    without = simulate(model, REPLICATES, seed=4, given=begin)
    before = without.take(next(c for c in without.columns.counts if c.series == "inside"))[:, 0]
    event("more" if (start > before).any() else "fewer" if (start < before).any() else "as many")


def move(model: Model, begin: dict[str, float], *moves: tuple[int, dict[str, float]]) -> tuple[Any, list[int]]:
    """Return what one replicate records whose numbers have these values, and its people by then, after each step."""
    counts: list[int] = []

    def watch(state: Any, step: int) -> None:
        counts.append(int(state.inputs.people.sum()))

    def values(some: dict[str, float]) -> dict[str, Any]:
        return {name: np.array([value]) for name, value in some.items()}

    later = [Moves(step, values({**begin, **given})) for step, given in moves]
    record = simulate(model, given=values(begin), moves=later, watch=watch)
    assert conservation_error(record) == 0
    assert record.counts.min() >= 0
    return record, counts


SCALE, STAYING = "parameters/people_scale", "parameters/share_staying"
TOWN = {
    "places": [place("town"), place("city", "outside", attractiveness=1)],
    "roads": [{"id": "way", "from": "town", "to": "city", "length_km": 20, "speed_kmh": 40}],
    "groups": [
        {"id": name, "name": name, "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0, "leave_rate": rate}
        for name, rate in (("quick", 10), ("slow", 0))
    ],
    "people": [{"place": "town", "group": name, "people": 1000} for name in ("quick", "slow")],
}


def make_town(folder: Path, **more: Any) -> Model:
    """Return a town of two groups: one that leaves at once, and one that never does."""
    ranges = {"people_scale": "0.2..2", "share_staying": "0..1"}
    return compile_model(write_world(folder / "town", 12, parameters=ranges, **{**TOWN, **more}), "")


def test_more_people_have_been_there_from_the_start_and_stay_where_they_are(tmp_path: Path) -> None:
    model = make_town(tmp_path)
    begin = {SCALE: 1.0, STAYING: 0.0}
    plain, _ = move(model, begin)
    record, counts = move(model, begin, (20, {SCALE: 1.5}))
    assert (counts[19], counts[20], counts[-1]) == (2000, 3000, 3000)
    np.testing.assert_array_equal(series(record, "inside"), series(plain, "inside") + 1000)
    for name in ("at_place:town:slow", "waiting_for_transport", "arrivals", "on_roads"):
        extra = 1000 if name.endswith("slow") else 0
        np.testing.assert_array_equal(series(record, name), series(plain, name) + extra)


def test_nobody_is_taken_from_a_moment_when_he_was_not_there(tmp_path: Path) -> None:
    """The quick have all left before others become quick: those cannot be taken away among the quick of before."""
    regroup = {"id": "e", "time": at(6), "kind": "regroup", "target": "slow", "to": "quick", "value": 1000}
    calm = {"id": "f", "time": at(5), "kind": "leave_rate", "target": "quick", "value": 0}
    model = make_town(tmp_path, events=[calm, regroup])
    record, _ = move(model, {SCALE: 1.0, STAYING: 0.0}, (40, {SCALE: 0.2}))
    assert series(record, "at_place:town:quick")[0, 20:23].max() == 0
    assert series(record, "at_place:town:quick")[0, 30] == 1000, "nobody could be taken"
    record, _ = move(model, {SCALE: 1.0, STAYING: 0.0}, (10, {SCALE: 0.7}))
    assert series(record, "inside")[0, 0] == 1400, "there were enough of the slow"


def test_what_could_not_be_taken_away_is_not_added_twice(tmp_path: Path) -> None:
    """All have decided to leave; fewer people, then as many as at first, are as many as at first."""
    model = make_town(tmp_path, people=TOWN["people"][:1])
    _, counts = move(model, {SCALE: 1.0, STAYING: 0.0}, (20, {SCALE: 0.5}), (30, {SCALE: 1.0}))
    assert set(counts) == {1000}


@pytest.mark.parametrize(("before", "after"), [(0.0, 0.4), (0.4, 0.0), (0.1, 0.9), (1.0, 0.5)])
def test_those_who_stay_after_all_or_no_longer_are_the_same_people(tmp_path: Path, before: float, after: float) -> None:
    model = make_town(tmp_path)
    begin = {SCALE: 1.0, STAYING: before}
    plain, _ = move(model, begin)
    record, counts = move(model, begin, (20, {STAYING: after}))
    np.testing.assert_array_equal(record.counts[:, :20], plain.counts[:, :20])
    assert set(counts) == {2000}
    # the quick who need not stay any more leave; those gone do not come back
    assert series(record, "at_place:town:quick")[0, -1] == 1000 * min(before, after)


@pytest.mark.slow
@settings(max_examples=12, suppress_health_check=list(HealthCheck))
@given(moving_worlds())
def test_generated_worlds_keep_everybody_while_numbers_move(world: Any) -> None:
    run_world(world)


@pytest.mark.slow
@settings(max_examples=MANY, suppress_health_check=list(HealthCheck))
@given(moving_worlds())
def test_many_generated_worlds_keep_everybody_while_numbers_move(world: Any) -> None:
    run_world(world)
