"""Rules 5 and 26 to 31: where people wish to go, what they see and fear on the way, what is open to whom, who stops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import stats

from conserve.test_conservation import check_state
from corridor.scenario.scenario import Scenario
from corridor.simulate.batch import simulate_batch
from corridor.simulate.compile import compile_model
from corridor.simulate.luck import plain_luck
from worlds import at, measure, place, series, simulate, write_world

KM_AN_HOUR = 40


def group(name: str = "drivers", rate: Any = 10, transport: str = "own", **more: Any) -> dict[str, Any]:
    row = {"id": name, "name": name, "transport": transport, "people_per_vehicle": 1, "fuel_litres": 0}
    return {**row, "leave_rate": rate, **more}


def road(start: str, end: str, km: float = 20, **more: Any) -> dict[str, Any]:
    row = {"id": f"{start}-{end}", "from": start, "to": end, "length_km": km, "speed_kmh": KM_AN_HOUR, "lanes": 4}
    return {**row, **more}


def spread_out(*names: str, **outside: Any) -> list[dict[str, Any]]:
    """Return places inside and, with their attractiveness, outside; a hundred metres lie between them."""
    rows = [place(name) for name in names]
    rows += [place(name, "outside", attractiveness=pull) for name, pull in outside.items()]
    return [{**row, "latitude": 10 + 0.001 * number} for number, row in enumerate(rows)]


def write_road(folder: Path, hours: float, km: float, people: int, **more: Any):
    """Write a town with one road out."""
    tables = {
        "places": spread_out("town", city=1),
        "roads": [road("town", "city", km)],
        "groups": [group()],
        "people": [{"place": "town", "group": "drivers", "people": people}],
    }
    return write_world(folder, hours, **{**tables, **more})


def run(scenario, replicates: int = 1, seed: int = 1):
    return simulate(compile_model(scenario, ""), replicates, seed)


def last(record, name: str) -> np.ndarray:
    return series(record, name)[:, -1]


def test_who_stops_at_a_desk_inside_stays_what_he_is_until_he_is_registered(tmp_path: Path) -> None:
    """Rules 13 and 31 together: a refuge on the way, a desk inside; nobody is counted below nothing."""
    world = write_world(
        tmp_path,
        48,
        places=[{**row, **({"attractiveness": 1} if row["id"] == "village" else {})}
                for row in spread_out("town", "village", "gate", city=1)],
        roads=[road("town", "village"), road("village", "gate"), road("gate", "city")],
        groups=[group(rate=0.2)],
        people=[{"place": "town", "group": "drivers", "people": 2000}],
        desks=[{"id": "desk", "place": "gate", "people_per_hour": 50}],
    )  # fmt: skip
    record = run(world, 2)
    assert record.counts.min() >= 0
    assert last(record, "registered:desk").min() > 1000
    assert series(record, "displaced_inside").max() > 0


@pytest.mark.slow
def test_those_who_see_the_lines_share_two_services_by_their_seats(tmp_path: Path) -> None:
    """Rule 27: with as long a way the line for each is as long in hours; without sight all take the one."""
    row = {"transport": "boat", "from": "town", "to": "city", "departures_per_day": 48, "hours": 5}
    tables = {
        "places": spread_out("town", city=1),
        "roads": [road("town", "city", 20, walked="no")],
        "groups": [group(rate=0.1, transport="boat")],
        "people": [{"place": "town", "group": "drivers", "people": 6000}],
        "services": [{"id": "large", "seats": 40, **row}, {"id": "small", "seats": 20, **row}],
    }
    for share in (0, 1):
        world = write_world(tmp_path / str(share), 48, parameters={"informed_share": share}, **tables)
        record = run(world)
        out = {name: last(record, f"arrivals/exit:{name}")[0] for name in ("large", "small")}
        assert min(out.values()) > 0 if share else min(out.values()) == 0
        if share:
            assert abs(out["large"] / sum(out.values()) - 2 / 3) < 0.05


# --- wishes (rule 26) ---


def test_wishes_multiply_the_odds_of_a_destination(tmp_path: Path) -> None:
    """Rule 26: a wish of 3 makes the odds of a place three times those of others; one of 0 keeps people away."""
    names = ("plain", "wishing", "never")
    scenario = write_world(
        tmp_path,
        12,
        places=spread_out("town", left=1, right=2),
        roads=[road("town", "left"), road("town", "right")],
        groups=[group(name) for name in names],
        people=[{"place": "town", "group": name, "people": 40_000} for name in names],
        wishes=[
            {"group": "wishing", "place": "left", "weight": 3},
            {"group": "never", "place": "right", "weight": 0},
        ],
        parameters={"time_weight": 0.3},
    )
    record = run(scenario)
    went = {name: np.array([last(record, f"at_place:{p}:{name}")[0] for p in ("left", "right")]) for name in names}
    for name, share in (("plain", 1 / 3), ("wishing", 3 / 5), ("never", 1.0)):
        assert went[name].sum() > 10_000
        share_left = went[name][0] / went[name].sum()
        assert share_left == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / went[name].sum()) + 1e-12)


def test_no_room_is_kept_for_those_who_never_go_somewhere(tmp_path: Path) -> None:
    """Rule 26: a wish of 0 and one so small that nobody follows it give the same course; of 0 there are fewer streams."""

    def make(folder: str, weight: str) -> Scenario:
        return write_world(
            tmp_path / folder,
            12,
            places=spread_out("town", left=1, right=2),
            roads=[road("town", "left"), road("town", "right")],
            groups=[group(name) for name in ("plain", "never")],
            people=[{"place": "town", "group": name, "people": 4000} for name in ("plain", "never")],
            wishes=[{"group": "never", "place": "right", "weight": weight}],
        )

    never, seldom = (compile_model(make(f"w{i}", weight), "") for i, weight in enumerate(("0", "0..1e-12")))
    assert len(never.network.layout.stream_course) == len(seldom.network.layout.stream_course) - 1
    assert (simulate(never, 3).counts == simulate(seldom, 3).counts).all()


@pytest.mark.slow
@pytest.mark.parametrize("informed", [0, 0.5])
def test_nobody_sets_out_who_wishes_to_go_nowhere(tmp_path: Path, informed: float) -> None:
    """Rules 2 and 26: at home, or at a refuge from which no way leads where they would go, they stay and are whole."""
    wishes = [{"group": "drivers", "place": "city", "weight": 0}]
    parameters = {"informed_share": informed, "time_weight": 0}
    home = write_road(tmp_path / "road", 6, 20, 1000, wishes=wishes, parameters=parameters)
    record = simulate(compile_model(home, ""), watch=check_state)
    assert (series(record, "at_place:town:drivers") == 1000).all()
    assert series(record, "waiting_for_transport").max() == 0
    refuge = write_refuge(tmp_path / "refuge", 30, wishes=wishes, parameters=parameters)
    record = simulate(compile_model(refuge, ""), watch=check_state)
    assert last(record, f"at_place:refuge:{DISPLACED}")[0] == 40_000


def test_far_places_are_chosen_by_their_difference(tmp_path: Path) -> None:
    """Rule 5: where time weighs so much that no number holds the weights, what counts is still how much nearer one is."""
    scenario = write_world(
        tmp_path, 20, places=spread_out("town", left=1, right=1),
        roads=[road("town", "left", 1600, speed_kmh=20), road("town", "right", 1602, speed_kmh=20)],
        groups=[group()], people=[{"place": "town", "group": "drivers", "people": 40_000}],
        parameters={"time_weight": 10},
    )  # fmt: skip
    record = simulate(compile_model(scenario, ""), watch=check_state)
    share = 1 / (1 + np.exp(-10 * 0.1))
    went = np.array([last(record, f"on_road:town-{name}")[0] for name in ("left", "right")])
    assert went.sum() == 40_000
    assert went[0] / 40_000 == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 40_000))


# --- those who see queues (rule 27) ---


def write_two_ways(folder: Path, capacities=(300, 150), km=(20, 40), people=12_000, rate=0.05, step=15, **parameters):
    """Write a town with two ways out, a checkpoint on each."""
    return write_world(
        folder,
        14,
        step,
        places=spread_out("town", "a", "b", city=1),
        roads=[road("town", name, length) for name, length in zip("ab", km, strict=True)]
        + [road(name, "city", 10) for name in "ab"],
        checkpoints=[
            {"id": f"at_{name}", "place": name, "lanes": 1, "seconds_per_vehicle": 3600 / capacity, "wander": 0}
            for name, capacity in zip("ab", capacities, strict=True)
        ],
        groups=[group(rate=rate)],
        people=[{"place": "town", "group": "drivers", "people": people}],
        parameters=parameters,
    )


def count_taken(record) -> np.ndarray:
    """Return how many have taken each way by the end."""
    passed = [last(record, f"passed_vehicles:at_{name}")[0] + last(record, f"on_road:town-{name}")[0] for name in "ab"]
    return np.array(passed, dtype=float)


def equilibrate(capacities, km, people, rate, informed, hours=14.0, step=1 / 240) -> np.ndarray:
    """Return how many take each way when each of those informed takes the one that is quicker at his turn (Wardrop).

    Queues are those of points: what has come and not yet been served, at the pace of the checkpoint.
    """
    taken, queue, left, free = np.zeros(2), np.zeros(2), float(people), np.array(km) / KM_AN_HOUR
    for _ in range(round(hours / step)):
        leaving = left * -np.expm1(-rate * step)
        left -= leaving
        parts = [(leaving * (1 - informed), free), *[(leaving * informed / 8, None)] * 8]
        for part, seen in parts:
            way = int(np.argmin(free + queue / capacities if seen is None else seen))
            taken[way] += part
            queue[way] += part
        queue = np.maximum(queue - np.array(capacities) * step, 0)
    return taken


@pytest.mark.parametrize("minutes", [30, pytest.param(45, marks=pytest.mark.slow), 60])
@pytest.mark.parametrize(
    ("capacities", "km", "people", "rate"),
    [
        ((300, 150), (20, 40), 12_000, 0.05),
        ((200, 200), (20, 20), 12_000, 0.05),
        ((400, 100), (20, 60), 8_000, 0.1),
        ((150, 300), (20, 30), 20_000, 0.03),
    ],
)
@pytest.mark.parametrize("informed", [1, 0.5])
def test_those_who_see_queues_share_two_ways_as_in_equilibrium(
    tmp_path, capacities, km, people, rate, informed, minutes
) -> None:
    """Rule 27: both ways take equally long, queue included: n1/c1 + t1 = n2/c2 + t2, within 5 % of those who left."""
    scenario = write_two_ways(tmp_path, capacities, km, people, rate, informed_share=informed, informed_minutes=minutes)
    taken, expected = count_taken(run(scenario)), equilibrate(capacities, km, people, rate, informed)
    assert taken / taken.sum() == pytest.approx(expected / expected.sum(), abs=0.05)
    blind = equilibrate(capacities, km, people, rate, 0)
    if km[0] != km[1]:
        assert np.abs(expected - blind).max() > 0.09 * people * -np.expm1(-rate * 14)


def test_nobody_sees_queues_where_the_share_is_0(tmp_path: Path) -> None:
    """Rule 27: with a share of 0 everything is as without, however often they would look; all take the quicker way."""
    without = run(write_two_ways(tmp_path / "without"), 3)
    for minutes in (5, 60):
        none = run(write_two_ways(tmp_path / f"{minutes}", informed_share=0, informed_minutes=minutes), 3)
        assert none.columns == without.columns
        np.testing.assert_array_equal(none.counts, without.counts)
        np.testing.assert_array_equal(none.measures, without.measures)
    assert last(without, "on_road:town-b").max() == 0
    assert last(without, "passed_vehicles:at_b").max() == 0


@pytest.mark.slow
def test_a_range_of_those_informed_holds_for_each_replicate(tmp_path: Path) -> None:
    """Rules 12 and 27: the more of them see queues in a replicate, the more take the other way in it."""
    model = compile_model(write_two_ways(tmp_path, informed_share="0..1"), "")
    share = {}
    record = simulate(model, 30, watch=lambda state, _: share.update(s=state.inputs.parameters["informed_share"]))
    other = last(record, "passed_vehicles:at_b") + last(record, "on_road:town-b")
    expected = [equilibrate((300, 150), (20, 40), 12_000, 0.05, informed)[1] for informed in share["s"]]
    assert other == pytest.approx(np.array(expected), abs=0.05 * 6000)


# --- danger on ways (rule 28) ---


@pytest.mark.slow
def test_danger_slows_a_road(tmp_path: Path) -> None:
    """Rule 28: at danger 0.5 and a slowing of 0.4, 80 km take a fifth longer's inverse: 2 h / 0.8."""
    for danger, hours in ((0, 2.0), (0.5, 2.5)):
        scenario = write_road(
            tmp_path / f"{danger}",
            5,
            80,
            100,
            step_minutes=5,
            roads=[road("town", "city", 80, danger=danger)],
            parameters={"danger_slowing": 0.4, "effect_way_danger": 0},
        )
        arrivals = series(run(scenario), "arrivals")[0]
        first = np.flatnonzero(arrivals)[0] / 12
        assert hours < first <= hours + 1 / 6


@pytest.mark.slow
def test_danger_keeps_people_from_setting_out(tmp_path: Path) -> None:
    """Rule 28: the rate falls by exp(-effect x danger), the worst on the way, averaged over destinations by weight."""
    scenario = write_world(
        tmp_path,
        10,
        places=spread_out("town", "fork", safe=1, harsh=3),
        roads=[
            road("town", "fork", danger=0.2),
            road("fork", "safe", danger=0.1),
            road("fork", "harsh", danger=0.7),
        ],
        groups=[group(rate=0.1)],
        people=[{"place": "town", "group": "drivers", "people": 100_000}],
        parameters={"effect_way_danger": 1.5, "danger_slowing": 0, "danger_detour_hours": 0, "time_weight": 0},
    )
    record = run(scenario)
    met = (1 * 0.2 + 3 * 0.7) / 4
    share = np.exp(-0.1 * 10 * np.exp(-1.5 * met))
    stayed = last(record, "at_place:town:drivers")[0] / 100_000
    assert stayed == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / 100_000))


@pytest.mark.parametrize("detour", [0.5, 1.5])
def test_danger_makes_people_go_round(tmp_path: Path, detour: float) -> None:
    """Rule 28: at danger 0.5 the short way is felt to take 0.5 h / 0.9 + detour x 0.5, the safe one 1 h."""
    scenario = write_world(
        tmp_path,
        6,
        places=spread_out("town", "a", "b", city=1),
        roads=[road("town", "a", 10, danger=0.5), road("a", "city", 10), road("town", "b"), road("b", "city")],
        groups=[group()],
        people=[{"place": "town", "group": "drivers", "people": 500}],
        parameters={"danger_slowing": 0.2, "danger_detour_hours": detour, "effect_way_danger": 0},
    )
    record = run(scenario)
    felt = 0.25 / 0.9 + 0.25 + detour * 0.5
    ways = [series(record, f"on_road:town-{name}").max() for name in "ab"]
    assert (ways[0] > 0, ways[1] > 0) == ((True, False) if felt < 1 else (False, True))


def test_a_road_too_dangerous_is_entered_by_nobody(tmp_path: Path) -> None:
    """Rule 28: from `danger_closing` on nobody sets out; who is on the road drives on, who stands before it waits."""
    scenario = write_world(
        tmp_path,
        12,
        places=spread_out("town", "bridge", city=1),
        roads=[road("town", "bridge"), road("bridge", "city")],
        groups=[group(rate=0.3)],
        people=[{"place": "town", "group": "drivers", "people": 1000}],
        events=[
            {"id": "worse", "time": at(3), "kind": "road_danger", "target": "bridge-city", "value": 0.8},
            {"id": "calm", "time": at(8), "kind": "road_danger", "target": "bridge-city", "value": 0},
        ],
        parameters={"danger_closing": 0.7, "effect_way_danger": 0, "danger_slowing": 0, "danger_detour_hours": 0},
    )
    record = run(scenario)
    home, second, arrived = (
        series(record, name)[0] for name in ("at_place:town:drivers", "on_road:bridge-city", "arrivals")
    )
    assert second[12] > 0
    assert (home[13:32] == home[12]).all()
    assert second[16:32].max() == 0
    assert arrived[31] == arrived[12] + second[12]
    assert series(record, "on_road:town-bridge")[0, 31] == 1000 - home[31] - arrived[31] > 0
    assert arrived[-1] > arrived[31]


# --- windows (rule 29) ---


def write_window(folder: Path, days: int = 10, windows: Any = ({"chance": 0.6},), **more: Any):
    """Write a town with one way out, a checkpoint on it that is open in agreed hours only."""
    rows = [
        {"id": f"w{i}", "checkpoint": "gate", "first_hour": 8, "last_hour": 12, **row} for i, row in enumerate(windows)
    ]
    gate = [{"id": "gate", "place": "bridge", "lanes": 4, "seconds_per_vehicle": 20, "wander": 0}]
    tables = {
        "places": spread_out("town", "bridge", city=1),
        "roads": [road("town", "bridge", 5), road("bridge", "city", 5)],
        "groups": [group(rate=0.05)],
        "checkpoints": gate,
        "people": [{"place": "town", "group": "drivers", "people": 20_000}],
    }
    return write_world(folder, 24 * days, 30, **{**tables, "windows": rows, **more})


def find_open_days(record, days: int) -> np.ndarray:
    """Return on which days anybody passed the checkpoint [R, days]."""
    passed = series(record, "passed_people:gate")
    return np.diff(passed[:, ::48][:, : days + 1], axis=1) > 0


def test_a_window_opens_on_days_by_chance_and_nobody_passes_outside_it(tmp_path: Path) -> None:
    """Rule 29: the days are binomial, each drawn by itself; the checkpoint works within the hours only."""
    days, replicates, chance = 10, 200, 0.6
    record = run(write_window(tmp_path, days), replicates)
    opened = find_open_days(record, days)
    counts = np.bincount(opened.sum(axis=1), minlength=days + 1)
    expected = replicates * stats.binom.pmf(np.arange(days + 1), days, chance)
    few = expected < 5
    pooled = [np.append(c[~few], c[few].sum()) for c in (counts, expected)]
    assert stats.chisquare(*pooled).pvalue > 1e-3
    assert opened.mean(axis=0) == pytest.approx(np.full(days, chance), abs=4 * np.sqrt(0.24 / replicates))
    assert np.abs(np.corrcoef(opened.T) - np.eye(days)).max() < 5 / np.sqrt(replicates)
    passed = np.diff(series(record, "passed_people:gate"), axis=1)
    hour = np.arange(passed.shape[1]) / 2 % 24
    assert passed[:, (hour < 8) | (hour >= 12)].max() == 0
    home = np.diff(series(record, "at_place:town:drivers"), axis=1)
    assert home[:, (hour < 8) | (hour >= 12)].min() == 0  # and nobody sets out


@pytest.mark.slow
def test_the_days_of_a_window_depend_on_nothing_else(tmp_path: Path) -> None:
    """Rules 11 and 29: variants share on which days it opens; a higher chance keeps the days and adds some."""
    days = 10
    plain = find_open_days(run(write_window(tmp_path / "plain", days), 40), days)
    other = {
        "people": {"people": [{"place": "town", "group": "drivers", "people": 10_000}]},
        "more": {"windows": [{"chance": 0.6}, {"chance": 0.5, "first_hour": 2, "last_hour": 3, "checkpoint": "", "road": "town-city"}],
                 "roads": [road("town", "bridge", 5), road("bridge", "city", 5), road("town", "city", 500)]},
    }  # fmt: skip
    for name, change in other.items():
        again = find_open_days(run(write_window(tmp_path / name, days, **change), 40), days)
        np.testing.assert_array_equal(again, plain, err_msg=name)
    more = find_open_days(run(write_window(tmp_path / "chance", days, [{"chance": 0.9}]), 40), days)
    assert (more >= plain).all()
    assert more.sum() > plain.sum()


def test_a_window_holds_between_its_dates(tmp_path: Path) -> None:
    """Rule 29: before it begins and after it ends what it opens is shut."""
    opened = find_open_days(run(write_window(tmp_path, 8, [{"from": at(48), "until": at(24 * 5 + 9)}])), 8)
    assert opened[0].tolist() == [False, False, True, True, True, True, False, False]


def test_traffic_stands_on_a_road_whose_window_closes(tmp_path: Path) -> None:
    """Rule 29: who is on the road when it shuts waits there, and arrives once it opens again."""
    windows = [{"id": "day", "road": "town-city", "first_hour": 2, "last_hour": 4}]
    scenario = write_road(tmp_path, 48, 60, 1000, groups=[group(rate=0.5)], windows=windows)
    record = run(scenario)
    hours = np.arange(48 * 4 + 1) / 4
    on_road, arrived = series(record, "on_road:town-city")[0], series(record, "arrivals")[0]
    night = (hours >= 4) & (hours <= 26)
    assert on_road[night].min() == on_road[night].max() > 0
    assert 0 < arrived[night].min() == arrived[night].max()
    assert arrived[hours == 28][0] >= arrived[hours == 26][0] + on_road[hours == 26][0]


@pytest.mark.slow
@pytest.mark.parametrize("what", [{"road": "bridge-city", "checkpoint": ""}, {"checkpoint": "gate"}])
def test_cars_are_let_through_and_buses_are_not(tmp_path: Path, what: dict[str, str]) -> None:
    """Rule 29: a window for one transport lets no other pass; one for a group none of another."""
    for window in ({"transports": "car"}, {"groups": "drivers"}):
        scenario = write_window(
            tmp_path / f"{window}",
            2,
            [{"first_hour": 0, "last_hour": 24, **what, **window}],
            groups=[group(rate=0.2), group("riders", 0.2, "fleet"), group("walkers", 0.2, "foot")],
            people=[{"place": "town", "group": name, "people": 1000} for name in ("drivers", "riders", "walkers")],
            fleets=[{"id": "buses", "place": "town", "groups": "riders", "vehicles": 100, "seats": 20, "return_hours": 2,
                     "transport": "bus", "fuel_per_100km": 30}],
        )  # fmt: skip
        record = run(scenario)
        assert last(record, "at_place:city:drivers")[0] > 990
        for name in ("riders", "walkers"):
            assert last(record, f"at_place:city:{name}")[0] == 0
            assert last(record, f"at_place:town:{name}")[0] == 1000


@pytest.mark.slow
def test_who_is_on_the_way_when_it_closes_to_him_stops_at_the_next_place_and_goes_on_when_it_opens(
    tmp_path: Path,
) -> None:
    """Rule 29: closed to some they do not stand in the way of others: from 3 to 10 o'clock drivers alone pass."""
    both, some = {"first_hour": 0, "last_hour": 3}, {"first_hour": 3, "last_hour": 10, "groups": "drivers"}
    later = {"first_hour": 10, "last_hour": 24}
    names = ("drivers", "others")
    scenario = write_window(
        tmp_path, 1, [both, some, later], roads=[road("town", "bridge", 80), road("bridge", "city", 5)],
        groups=[group(name, 0.5) for name in names], people=[{"place": "town", "group": n, "people": 1000} for n in names],
        places=[*spread_out("town", "bridge", city=1)],
    )  # fmt: skip
    record = run(scenario)
    out = {name: series(record, f"at_place:city:{name}")[0] for name in names}
    assert out["drivers"][20] > 900  # at 10 o'clock, two hours after they set out
    assert out["others"][20] == out["others"][7]
    assert out["others"][-1] > 900


# --- rules of passage (rule 30) ---

HELD = "drivers/held"


def write_passage(folder: Path, rules: Any, hours: float = 60, rate: float = 1, many: int = 10_000, **more: Any):
    """Write a town with one way out past a checkpoint where rules of passage hold drivers."""
    tables = {
        "places": spread_out("town", "bridge", city=1),
        "roads": [road("town", "bridge"), road("bridge", "city")],
        "checkpoints": [{"id": "gate", "place": "bridge", "lanes": 20, "seconds_per_vehicle": 3, "wander": 0}],
        "groups": [group(rate=rate)],
        "people": [{"place": "town", "group": "drivers", "people": many}],
        "passage": [{"id": f"p{i}", "checkpoint": "gate", "group": "drivers", **rule} for i, rule in enumerate(rules)],
    }
    return write_world(folder, hours, **{**tables, **more})


def test_all_but_a_share_are_held(tmp_path: Path) -> None:
    """Rule 30: a fifth may pass; nobody of the others sets out."""
    record = run(write_passage(tmp_path, [{"share": 0.2}]))
    assert last(record, "arrivals")[0] == last(record, "passed_people:gate")[0] == 2000
    assert series(record, f"at_place:town:{HELD}")[0].tolist() == [8000] * len(record.counts[0])


@pytest.mark.slow
def test_papers_come_in_exponential_time(tmp_path: Path) -> None:
    """Rule 30: of those held exp(-t / mean) are still held, wherever they are."""
    record = run(write_passage(tmp_path, [{"papers_hours": 20}], rate=10, many=50_000))
    hours = np.arange(len(record.counts[0])) / 4
    left = series(record, f"at_place:town:{HELD}")[0] / 50_000
    expected = np.exp(-hours / 20)
    np.testing.assert_allclose(left, expected, atol=5 * np.sqrt(0.25 / 50_000))
    assert last(record, "arrivals")[0] > 45_000


def test_those_held_pass_before_the_rule_begins_and_after_it_ends(tmp_path: Path) -> None:
    """Rule 30: between, nobody of them passes; those on the way then stop at the next place and go on later."""
    begin, end = 6, 30
    record = run(write_passage(tmp_path, [{"from": at(begin), "until": at(end)}], rate=0.1))
    passed, arrived = series(record, "passed_people:gate")[0], series(record, "arrivals")[0]
    assert passed[4 * begin] > 1000
    between = slice(4 * begin, 4 * end)
    assert (arrived[4 * begin + 3 : 4 * end] == passed[4 * begin]).all()
    stopped = sum(series(record, f"at_place:bridge:{name}")[0] for name in (HELD,))
    assert stopped[4 * end - 1] > 0
    assert (np.diff(stopped[4 * begin + 3 : 4 * end]) == 0).all()
    assert (passed[between] == passed[4 * begin]).all()
    assert last(record, "arrivals")[0] > 9400


def test_those_held_stand_in_nobodys_way(tmp_path: Path) -> None:
    """Rule 30: others pass as if those held were not there, also while these are on the way as the rule begins."""
    others = group("others", 0.5)
    held = write_passage(
        tmp_path / "held", [{"from": at(3)}], groups=[group(rate=0.5), others],
        people=[{"place": "town", "group": n, "people": 500} for n in ("drivers", "others")],
    )  # fmt: skip
    alone = write_passage(
        tmp_path / "alone", [{"from": at(3)}], groups=[group(rate=0.5), others],
        people=[{"place": "town", "group": "others", "people": 500}],
    )  # fmt: skip
    mixed, single = run(held), run(alone)
    with_them, without = series(mixed, "at_place:city:others")[0], series(single, "at_place:city:others")[0]
    assert np.abs(with_them - without).max() <= 2
    assert last(mixed, f"at_place:bridge:{HELD}")[0] > 0


def test_those_held_take_a_way_that_is_open_to_them(tmp_path: Path) -> None:
    """Rule 30: where there is a way round the checkpoint, they take it, as those do who are on the way."""
    scenario = write_passage(
        tmp_path, [{"from": at(4)}], rate=0.2, places=spread_out("town", "fork", "bridge", city=1),
        roads=[road("town", "fork"), road("fork", "bridge"), road("bridge", "city"), road("fork", "city", 200)],
    )  # fmt: skip
    record = run(scenario)
    assert series(record, "on_road:fork-city")[0, :17].max() == 0
    there = last(record, f"at_place:bridge:{HELD}")[0]  # who stood before the checkpoint
    assert last(record, "arrivals")[0] + there > 9990
    assert there == series(record, "on_road:fork-bridge")[0, 16]


# --- displaced inside (rule 31) ---

DISPLACED = "drivers/displaced"


def write_refuge(folder: Path, hours: float = 40, refuge: float = 3, **more: Any):
    """Write a town from which people go to a refuge inside or out, and on from there."""
    tables = {
        "places": [
            {**row, "attractiveness": refuge if row["id"] == "refuge" else row.get("attractiveness", "")}
            for row in spread_out("town", "refuge", city=1)
        ],
        "roads": [road("town", "refuge"), road("refuge", "city"), road("town", "city", 40)],
        "groups": [group(rate=10, onward_rate=0.05)],
        "people": [{"place": "town", "group": "drivers", "people": 40_000}],
        "parameters": {"time_weight": 0},
    }
    return write_world(folder, hours, **{**tables, **more})


def test_who_stops_inside_is_displaced_and_goes_on_at_a_rate_of_its_own(tmp_path: Path) -> None:
    """Rule 31: three in four stop at the refuge; of them exp(-rate x time) are still there; all are counted."""
    wide = {"lanes": 8, "capacity_per_lane": 2400}
    roads = [road("town", "refuge", **wide), road("refuge", "city", **wide), road("town", "city", 40, **wide)]
    record = run(write_refuge(tmp_path, 41, roads=roads))
    home, there = series(record, "at_place:town:drivers")[0], series(record, f"at_place:refuge:{DISPLACED}")[0]
    on_way = series(record, "on_road:town-refuge")[0]
    came = np.flatnonzero((on_way == 0) & (home == 0) & (there > 0))[0]
    stays = there[came:] / there[came]
    hours = np.arange(len(stays)) / 4
    np.testing.assert_allclose(stays, np.exp(-0.05 * hours), atol=5 * np.sqrt(0.25 / there[came]) + 0.005)
    to_refuge = 40_000 - home[came] - series(record, "at_place:city:drivers")[0, -1]
    assert to_refuge / 40_000 == pytest.approx(0.75, abs=4 * np.sqrt(0.1875 / 40_000))
    everybody = sum(
        series(record, f"at_place:{p}:{g}")[0] for p in ("town", "refuge", "city") for g in ("drivers", DISPLACED)
    )
    ways = sum(series(record, f"on_road:{way['id']}")[0] for way in roads)
    assert (everybody + ways == 40_000).all()
    inside = series(record, "inside")[0]
    np.testing.assert_array_equal(inside, home + there)  # the way to the refuge leads nobody out


def test_events_act_on_displaced_people_too(tmp_path: Path) -> None:
    """Rule 31: a new rate of leaving is that of the displaced as well; those regrouped stay displaced."""
    stop = [{"id": "stop", "time": at(10), "kind": "leave_rate", "target": "drivers", "value": 0}]
    record = run(write_refuge(tmp_path / "rate", events=stop))
    there = series(record, f"at_place:refuge:{DISPLACED}")[0]
    assert there[44] == there[-1] > 0
    other = [group(rate=10, onward_rate=0), group("wounded", 0)]
    regroup = [{"id": "hurt", "time": at(20), "kind": "regroup", "target": "drivers", "to": "wounded", "value": 700}]
    record = run(write_refuge(tmp_path / "regroup", groups=other, events=regroup, hours=60))
    assert last(record, "at_place:refuge:wounded/displaced")[0] == 700
    assert last(record, "at_place:refuge:wounded")[0] == 0


@pytest.mark.slow
def test_displaced_people_need_what_their_group_needs(tmp_path: Path) -> None:
    """Rule 31: a need of the group is theirs where they are."""
    scenario = write_refuge(
        tmp_path, 48, groups=[group(rate=10, onward_rate=0)],
        items=[{"id": "water", "name": "Water", "unit": "l"}],
        needs=[{"item": "water", "group": "drivers", "per_day": 10}],
        stocks=[{"place": "refuge", "item": "water", "quantity": 10_000_000}],
        record_minutes=60,
    )  # fmt: skip
    record = run(scenario)
    there = series(record, f"at_place:refuge:{DISPLACED}")[0]
    used = measure(record, "used:refuge:water")[0]
    assert there[-1] > 10_000
    assert used[-1] - used[-25] == pytest.approx(10 * there[-1], rel=1e-6)


def write_buses(folder: Path, **more: Any):
    """Write a town whose people go by two buses of 50 to a refuge, where they stay."""
    return write_refuge(
        folder, groups=[group(transport="fleet", onward_rate=0)],
        people=[{"place": "town", "group": "drivers", "people": 1000}],
        fleets=[{"id": "buses", "place": "town", "groups": "drivers", "vehicles": 2, "seats": 50, "return_hours": 1}],
        **more,
    )  # fmt: skip


def test_buses_that_bring_people_to_a_refuge_come_back(tmp_path: Path) -> None:
    """Rules 4 and 31: where people stop inside the bus is free again."""
    roads = [road("town", "refuge"), road("refuge", "city")]
    record = run(write_buses(tmp_path, roads=roads, refuge=1000))
    assert series(record, "vehicles_at_hand:buses")[0, 1:].max() > 0
    assert last(record, f"at_place:refuge:{DISPLACED}")[0] > 800


def test_buses_whose_people_may_not_pass_come_back(tmp_path: Path) -> None:
    """Rules 4 and 30: those whom a rule holds on the way get off, and the bus is free again."""
    record = run(
        write_passage(
            tmp_path, [{"from": at(0.5)}], groups=[group(transport="fleet")], many=100,
            fleets=[{"id": "buses", "place": "town", "groups": "drivers", "vehicles": 2, "seats": 50, "return_hours": 1}],
        )
    )  # fmt: skip
    assert last(record, f"at_place:bridge:{HELD}")[0] == 100
    assert last(record, "passed_people:gate")[0] == last(record, "passed_vehicles:gate")[0] == 0
    assert last(record, "vehicles_at_hand:buses")[0] == 2


# --- waiting on the way (rule 5) ---


@pytest.mark.parametrize("where", ["shut", "closed window"])
def test_people_before_a_road_that_shuts_further_on_wait_and_settle_nowhere(tmp_path: Path, where: str) -> None:
    """Rule 5: who is on the first of three roads as the last is shut waits and arrives once it opens."""
    roads = [road("town", "one"), road("one", "two"), road("two", "city")]
    shut = [
        {"id": "shut", "time": at(2), "kind": "direction", "target": "two-city", "mode": "shut"},
        {"id": "open", "time": at(20), "kind": "direction", "target": "two-city", "mode": "normal"},
    ]
    windows = [
        {"id": "w1", "road": "two-city", "until": at(2)},
        {"id": "w2", "road": "two-city", "from": at(20)},
    ]
    more = {"events": shut} if where == "shut" else {"windows": windows}
    scenario = write_world(
        tmp_path, 40, places=spread_out("town", "one", "two", city=1), roads=roads, groups=[group(rate=0.3)],
        people=[{"place": "town", "group": "drivers", "people": 1000}], **more,
    )  # fmt: skip
    record = run(scenario)
    for name in ("one", "two"):
        assert (
            series(record, f"settled:{name}").max() == 0
            if f"settled:{name}" in map(str, record.columns.counts)
            else True
        )
        assert series(record, f"at_place:{name}:drivers").max() == 0
    home = series(record, "at_place:town:drivers")[0]
    assert (home[9:79] == home[9]).all()
    waiting = sum(series(record, f"on_road:{way['id']}")[0] for way in roads)
    assert (waiting[9:79] + series(record, "arrivals")[0, 9:79] == 1000 - home[9]).all()
    assert waiting[78] > 300
    assert last(record, "arrivals")[0] > 990


# --- chance (rule 11) ---


@pytest.mark.slow
def test_with_everything_on_a_replicate_is_the_same_alone_and_in_any_batch(tmp_path: Path) -> None:
    """Rule 11: wishes, those who see queues, danger, windows, passage, displaced, all uncertain and at once."""
    names = ("drivers", "others")
    scenario = write_world(
        tmp_path,
        72,
        30,
        places=[
            {**row, "attractiveness": "1..3" if row["id"] == "a" else row.get("attractiveness", "")}
            for row in spread_out("town", "a", "b", "fork", city="1..2", port=1)
        ],
        roads=[
            road("town", "a", danger="0..0.5"), road("town", "b", 30), road("a", "fork"), road("b", "fork"),
            road("fork", "city", speed_kmh="20..60"), road("fork", "port", 40), road("b", "port", 90),
        ],
        checkpoints=[
            {"id": f"at_{n}", "place": n, "lanes": 1, "seconds_per_vehicle": s, "wander": 0.3}
            for n, s in (("a", "20..40"), ("fork", 9), ("b", 15))
        ],
        groups=[group(rate="0.02..0.1", onward_rate=0.03), group("others", 0.05, "own foot", patience_hours=2)],
        people=[{"place": p, "group": g, "people": "500..3000"} for p in ("town", "b") for g in names],
        wishes=[{"group": "others", "place": "port", "weight": "2..5"}],
        windows=[
            {"id": "w1", "road": "fork-city", "first_hour": 6, "last_hour": 18, "chance": "0.3..0.9"},
            {"id": "w2", "checkpoint": "at_b", "first_hour": 0, "last_hour": 12, "groups": "others", "chance": 0.8},
            {"id": "w3", "checkpoint": "at_b", "first_hour": 12, "last_hour": 24, "transports": "car", "chance": 0.5},
        ],
        passage=[{"id": "p", "checkpoint": "at_fork", "group": "drivers", "share": "0.2..0.6", "from": at(20),
                  "papers_hours": "10..40"}],
        events=[{"id": "fear", "time": f"{at(10)}..{at(30)}", "kind": "road_danger", "target": "town-b", "value": "0.2..1"}],
        parameters={"informed_share": "0.2..0.8", "choice_spread": 0.3, "departure_wander": 0.3},
    )  # fmt: skip
    model, numbers = compile_model(scenario, ""), [5, 2, 9, 0]
    together = simulate_batch(model, plain_luck(3, np.array(numbers)))
    for row, number in enumerate(numbers):
        alone = simulate_batch(model, plain_luck(3, np.array([number])))
        np.testing.assert_array_equal(alone.counts[0], together.counts[row])
        np.testing.assert_array_equal(alone.measures[0], together.measures[row])
    assert len({record.tobytes() for record in together.counts}) == len(numbers)
