"""What stands when a plan begins, beside what the same course goes on to do where nothing more is sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corridor.forecast.expected import MEDIAN, combine
from corridor.forecast.moment import Moment
from corridor.forecast.replay import Replay
from corridor.forecast.standing import read_standing
from corridor.relief.from_scenario import read_problem
from corridor.relief.standing import Standing, stand_at
from corridor.results.result import Result
from corridor.scenario.scenario import Scenario
from corridor.simulate.ensemble import prepare
from relief_world import convoy, relief_world
from worlds import START, at


def look(case: Scenario, hour: float, days: float, period_hours: float) -> tuple[Any, Standing, Result]:
    """Return the problem that begins at an hour, what stands then, and the record of the whole course."""
    moment = START + timedelta(hours=hour)
    problem = read_problem(case, "", moment, days, period_hours).problem
    problem = replace(problem, fleets=tuple(replace(fleet, margin=1.0) for fleet in problem.fleets))
    replay = Replay(prepare(case, ""), np.array([0]))
    _, state, _ = replay.simulate_until(case, moment)
    return problem, read_standing(Moment(problem, state, hour, hour), problem.without), replay.simulate(case)


@pytest.mark.parametrize("hour", [1.0, 3.0, 4.5, 5.0, 7.0, 9.0])
def test_vehicles_for_both_are_home_when_the_course_has_them_home(tmp_path: Path, hour: float) -> None:
    """Six leave at 0 h, are there at 2 h, unloaded at 4 h; four take people out and are back 3 h after 6 h, two empty."""
    fleet = {"id": "buses", "place": "depot", "purpose": "both", "groups": "walkers", "transport": "bus", "tonnes": 5,
             "vehicles": 7, "seats": 30, "handling_hours": 2, "return_hours": 3}  # fmt: skip
    case = relief_world(
        tmp_path / "world",
        checkpoints=[],
        groups=[{"id": "walkers", "name": "Walkers", "transport": "fleet", "leave_rate": 10}],
        people=[{"place": "town", "group": "walkers", "people": 120}],
        fleets=[fleet],
        convoys=[convoy("c", 0, fleet="buses", trucks=6)],
        depots=[{"id": "store", "place": "depot", "item": "food"}],
    )
    problem, standing, record = look(case, hour, 1, 1.0)
    # who comes home at the very hour can leave in the step that begins then; it is seen at its end
    base = record.take("vehicles_at_hand", "buses")[0, round(hour * 4) + 1 :: 4][: problem.periods]
    away = 7 - base
    assert (standing.away[:, 0] >= away).all()
    assert (standing.away[1:, 0] <= away[:-1]).all()
    assert away.max() == 6 or hour > 6


def test_goods_at_a_quay_take_the_first_departures(tmp_path: Path) -> None:
    """Of 14 t due at 0 h by a ship of 5 t at 18, 26 and 34 h, 9 t wait at 19 h: two departures are theirs."""
    ship = {"id": "ship", "transport": "boat", "from": "town", "to": "depot", "seats": 100, "hours": 6,
            "departures_per_day": 3, "turn_round_hours": 2, "tonnes": 2, "tonnes_back": 5}  # fmt: skip
    goods = {"id": "g", "service": "ship", "loads": "food=14", "from": "depot", "to": "town", "departs": at(0)}
    case = relief_world(tmp_path / "world", 72, services=[ship], convoys=[goods],
                        depots=[{"id": "store", "place": "depot", "item": "food"}])  # fmt: skip
    problem, standing, record = look(case, 19, 2, 4.0)
    town = problem.places.index("town")
    came = (found := record.take("delivered", "town", "food")[0, 19 * 4 :: 16] / 1000) - found[0]
    assert found[0] == 5
    assert standing.coming[:, town, 0].sum() == pytest.approx(9)
    ahead = standing.coming[:, town, 0].cumsum()
    assert (ahead <= came[: len(ahead)] + 1e-9).all()  # a load can be used from the next period on
    assert (ahead[2:] >= came[: len(ahead) - 2] - 1e-9).all()
    taken = standing.entering["service:ship:back"]
    assert taken.sum() == 2
    left = next(limit for limit in stand_at(problem, standing).limits if limit.id == "service:ship:back")
    written = next(limit for limit in problem.limits if limit.id == "service:ship:back")
    assert (written.most - left.most == taken).all()


def test_plants_and_facilities_stand_as_the_courses_have_them(tmp_path: Path) -> None:
    """A plant of 1000 to 3000 a day of which an event leaves a half, and a quarter later on; a flow of no weight."""
    case = relief_world(
        tmp_path / "world",
        items=[{"id": "power", "name": "Power", "unit": "kWh", "kept": "no", "tonnes_per_unit": 0}],
        needs=[{"item": "power", "per_day": 1}],
        stocks=[],
        plants=[{"id": "mill", "name": "Mill", "place": "town", "makes": "power", "most_per_day": "1000..3000", "working": 1}],
        facilities=[{"id": "ward", "name": "Ward", "place": "town", "item": "power", "per_day": "100..300", "people": 9}],
        events=[{"id": name, "time": at(hour), "kind": "plant", "target": "mill", "value": value}
                for name, hour, value in (("half", 5, 0.5), ("quarter", 24, 0.25))],
    )  # fmt: skip
    moment = START + timedelta(hours=12)
    problem = read_problem(case, "", moment, 1, 6.0).problem
    replay = Replay(prepare(case, ""), np.arange(40))
    _, state, _ = replay.simulate_until(case, moment)
    assert state.relief is not None
    most, per_day = state.relief.inputs.wants.most[:, 0], state.relief.inputs.wants.per_day[:, 0]
    seen = [read_standing(Moment(problem, state, 12, 12, r), problem.without) for r in range(40)]
    for r in (0, 1):
        one = stand_at(problem, seen[r])
        made = one.plants[0].most / one.items[0].tonnes_per_unit * 4
        assert made == pytest.approx(np.array([0.5, 0.5, 0.25, 0.25]) * most[r])
        assert one.facilities[0].per_day / one.items[0].tonnes_per_unit == pytest.approx(per_day[r])
    middle = stand_at(problem, combine(seen, MEDIAN))
    assert middle.plants[0].most[0] / 0.001 * 4 == pytest.approx(0.5 * np.median(most))
    assert middle.facilities[0].per_day / 0.001 == pytest.approx(np.median(per_day))
