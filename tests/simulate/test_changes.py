"""Rule 35: lanes of a checkpoint change unforeseen, by rates; what is dated holds at its time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from corridor.scenario.values import parse_quantity
from corridor.simulate.batch import conservation_error, simulate_batch
from corridor.simulate.changes import follow_changes
from corridor.simulate.compile import compile_model
from corridor.simulate.inputs import draw_inputs
from corridor.simulate.luck import Luck, make_keys, plain_luck
from corridor.simulate.model import Model
from worlds import at, corridor_world, series, simulate

WALKERS = [{"id": "drivers", "name": "Walkers", "transport": "foot", "leave_rate": 0.5}]
DRIVERS = [
    {"id": "drivers", "name": "D", "transport": "own", "people_per_vehicle": 1, "fuel_litres": 0, "leave_rate": 2}
]
SHORT = [
    {"id": name, "from": a, "to": b, "length_km": 2, "speed_kmh": 40, "lanes": 4, "capacity_per_lane": 2000}
    for name, a, b in (("first", "town", "bridge"), ("second", "bridge", "city"))
]


def gate(**more: Any) -> dict[str, Any]:
    return {"id": "gate", "place": "bridge", "lanes": 2, "seconds_per_vehicle": 60, "wander": 0, **more}


def lanes_event(name: str, hours: float, value: float, kind: str = "lanes") -> dict[str, Any]:
    return {"id": name, "time": at(hours), "kind": kind, "target": "gate", "value": value}


def make(folder: Path, hours: float, *gates: Mapping[str, Any], people: int = 1, **more: Any) -> Model:
    return compile_model(corridor_world(folder, hours, people, checkpoints=list(gates), **more), "")


def watch_lanes(model: Model, replicates: int, seed: int = 1, **more: Any) -> np.ndarray:
    """Return the lanes at work in every step [steps, R, K]."""
    found: list[np.ndarray] = []
    simulate(model, replicates, seed, watch=lambda state, step: found.append(state.lanes.copy()), **more)
    return np.array(found)


@pytest.mark.slow
def test_changes_come_at_their_rate_and_lanes_follow_their_range(tmp_path: Path) -> None:
    """A Poisson process in steps: so many changes in a time, each with lanes drawn anew from the range."""
    shapes = ("1..5", "2 (1..6)", "3 ± 50%")
    for number, written in enumerate(shapes):
        rate, steps = 9.0, 96 * 4
        model = make(tmp_path / str(number), 96, gate(change_rate=rate, change_lanes=written))
        lanes = watch_lanes(model, 200)[:, :, 0]
        changed = np.diff(np.concatenate([np.full((1, 200), 2.0), lanes]), axis=0) != 0
        chance, tries = -np.expm1(-rate / 96), steps * 200
        assert abs(changed.sum() - tries * chance) < 4 * np.sqrt(tries * chance * (1 - chance))
        per_replicate = changed.sum(axis=0)  # independent of each other: no spread beyond that of a binomial
        assert per_replicate.var() == pytest.approx(steps * chance * (1 - chance), rel=0.4)
        chances, quantity = np.linspace(0.01, 0.99, 99), parse_quantity(written)
        expected, drawn = quantity.take(chances), lanes[changed]
        assert np.abs((drawn <= expected[:, None]).mean(axis=1) - chances).max() < 1.63 / np.sqrt(len(drawn))


@pytest.mark.slow
def test_the_share_of_time_open_is_that_of_an_on_off_process(tmp_path: Path) -> None:
    """In the long run open for opening rate / (opening rate + change rate x share that shuts)."""
    change, shut, opening = 4.0, 0.3, 2.0
    model = make(tmp_path, 480, gate(change_rate=change, change_lanes="1..3", shut_share=shut, opening_rate=opening))
    works = watch_lanes(model, 150)[96 * 4 :, :, 0] > 0
    share = works.mean(axis=0)
    expected, error = opening / (opening + change * shut), share.std(ddof=1) / np.sqrt(len(share))
    assert abs(share.mean() - expected) < 4 * error
    assert error < 0.01


@pytest.mark.slow
def test_a_queue_before_it_passes_as_in_a_program_of_exponential_times(tmp_path: Path) -> None:
    """Against a program in continuous time that shares no code: vehicles let through by a checkpoint with a queue."""
    change, shut, opening, hours = 6.0, 0.4, 5.0, 48.0
    model = make(
        tmp_path, hours, gate(change_rate=change, change_lanes="1..5", shut_share=shut, opening_rate=opening),
        people=40_000, groups=DRIVERS, roads=SHORT, step_minutes=5, record_minutes=60,
    )  # fmt: skip
    passed = series(simulate(model, 150), "passed_vehicles:gate")
    last_day = passed[:, 48] - passed[:, 24]
    random, oracle = np.random.default_rng(5), []
    for _ in range(4000):
        clock, lanes, total = 0.0, 2.0, 0.0
        while clock < hours:
            until = min(clock + random.exponential(24.0 / (change if lanes else opening)), hours)
            total += lanes * 60.0 * max(until - max(clock, 24.0), 0.0)
            lanes, clock = (0.0 if lanes and random.random() < shut else random.uniform(1, 5)), until
        oracle.append(total)
    error = np.hypot(last_day.std() / np.sqrt(150), np.std(oracle) / np.sqrt(4000))
    assert abs(last_day.mean() - np.mean(oracle)) < 4 * error
    assert last_day.std() == pytest.approx(np.std(oracle), rel=0.2)
    assert stats.ks_2samp(last_day, oracle).pvalue > 1e-3


def test_changes_depend_on_the_replicate_and_the_checkpoint_alone(tmp_path: Path) -> None:
    mine = gate(change_rate=5, change_lanes="1..3", shut_share=0.3, opening_rate="2..9")
    model = make(tmp_path / "one", 48, mine)
    together = watch_lanes(model, 6)
    alone: list[np.ndarray] = []
    simulate_batch(model, plain_luck(1, np.array([4])), watch=lambda state, step: alone.append(state.lanes.copy()))
    assert np.array_equal(np.array(alone)[:, 0], together[:, 4])
    other = {**gate(change_rate=50, change_lanes="1..9"), "id": "before", "place": "town"}
    assert np.array_equal(watch_lanes(make(tmp_path / "two", 48, other, mine), 6)[:, :, 1], together[:, :, 0])


def test_new_luck_from_a_step_on_changes_what_comes_after_it_alone(tmp_path: Path) -> None:
    """Nothing is remembered but the lanes: with other keys from a step on all before it stays."""
    model = make(tmp_path, 48, gate(change_rate=12, change_lanes="1..3", shut_share=0.3, opening_rate=12))
    keys, found = make_keys(1, np.arange(8)), []
    for other in (keys, make_keys(2, np.arange(8))):
        luck = Luck(other, (keys,), (60,))
        lanes: list[np.ndarray] = []
        simulate_batch(model, luck, watch=lambda state, step, lanes=lanes: lanes.append(state.lanes.copy()))
        found.append(np.array(lanes))
        followed = follow_changes(model, draw_inputs(model, other), luck, 100)
        assert np.array_equal(followed, found[-1][100])
    same, different = (np.array_equal(found[0][part], found[1][part]) for part in (slice(60), slice(60, None)))
    assert same
    assert not different


def test_what_is_dated_holds_at_its_time_and_changes_go_on(tmp_path: Path) -> None:
    changing = gate(change_rate=20, change_lanes="1..3", shut_share=0.3, opening_rate=20)
    dated = [lanes_event("more", 10, 7), lanes_event("none", 20, 0)]
    model = make(tmp_path, 48, changing, events=dated)
    lanes = watch_lanes(model, 60)[:, :, 0]
    assert (lanes[40] == 7).all()
    assert (lanes[80] == 0).all()
    assert 0 < (lanes[41] == 7).mean() < 1
    assert 0 < (lanes[81] == 0).mean() < 1
    keys = plain_luck(1, np.arange(60))
    for step in (0, 39, 40, 57, 80, 191):
        assert np.array_equal(follow_changes(model, draw_inputs(model, keys.own), keys, step)[:, 0], lanes[step])


@pytest.mark.slow
def test_shut_it_lets_nobody_pass_on_foot_and_open_it_has_the_foot_lanes_set(tmp_path: Path) -> None:
    changing = gate(change_rate=8, change_lanes=2, shut_share=0.7, opening_rate=8, foot_lanes=3, seconds_on_foot=60)
    dated = [lanes_event("shut", 20, 0), lanes_event("open", 30, 2), lanes_event("feet", 40, 1, "foot_lanes")]
    model = make(tmp_path, 60, changing, people=20_000, groups=WALKERS, roads=SHORT, events=dated)
    steps: list[tuple[np.ndarray, ...]] = []

    def watch(state: Any, step: int) -> None:
        passed = state.queues.passed_people[:, 0].copy()
        steps.append((state.lanes[:, 0] > 0, state.kept_shut[:, 0].copy(), state.open_foot_lanes[:, 0].copy(), passed))

    record = simulate(model, 40, watch=watch)
    works, kept_shut, on_foot, passed = (np.array(column) for column in zip(*steps, strict=True))
    set_to = np.where(np.arange(len(works)) < 160, 3.0, 1.0)[:, None]
    assert (on_foot == np.where(~works & kept_shut, 0, set_to)).all()
    dated_shut = on_foot[80][works[79]]  # to vehicles alone, unless a change has shut it in the same step
    assert (dated_shut == 3).mean() > 0.8
    assert (on_foot[120] == 3).all()  # and what is opened at a date is open to all
    flow = np.diff(passed, axis=0)
    assert (flow[on_foot[1:] == 0] == 0).all()
    assert flow[20:][on_foot[21:] == 3].max() == pytest.approx(45, abs=1)  # 3 x 15 minutes x 60 people/h
    assert conservation_error(record) == 0


def test_without_rates_nothing_changes(tmp_path: Path) -> None:
    """The same bytes with no columns, with blank ones, and with rates of 0."""
    more = {"people": 5000, "groups": DRIVERS, "roads": SHORT}
    plain = simulate(make(tmp_path / "plain", 24, gate(wander=0.3), **more), 5)
    columns = ({"change_rate": "", "change_lanes": "1..3"}, {"change_rate": 0, "opening_rate": 0, "change_lanes": 1})
    for number, changes in enumerate(columns):
        record = simulate(make(tmp_path / str(number), 24, gate(wander=0.3, **changes), **more), 5)
        assert np.array_equal(record.counts, plain.counts)
        assert np.array_equal(record.measures, plain.measures)


def test_nobody_sets_out_towards_a_checkpoint_that_has_shut_and_the_queue_goes_on_when_it_opens(tmp_path: Path) -> None:
    """Ways follow: what sets out has a checkpoint that works before it."""
    changing = gate(lanes=4, change_rate=6, change_lanes=4, shut_share=1, opening_rate=6)
    model = make(tmp_path, 48, changing, people=4000, groups=[{**DRIVERS[0], "leave_rate": 0.1}], roads=SHORT)
    steps: list[tuple[np.ndarray, ...]] = []

    def watch(state: Any, step: int) -> None:
        steps.append((state.lanes[:, 0] > 0, state.decided[:, 0].copy(), state.queues.passed_vehicles[:, 0].copy()))

    simulate(model, 30, watch=watch)
    works, decided, passed = (np.array(column) for column in zip(*steps, strict=True))
    assert (np.diff(decided, axis=0)[~works[1:]] == 0).all()
    assert (np.diff(passed, axis=0)[~works[1:]] == 0).all()
    assert (np.diff(decided, axis=0)[works[1:]] > 0).any()
    assert passed[-1].mean() > 0.8 * 4000
