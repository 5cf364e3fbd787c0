"""Rule 34: who has come out, or is displaced inside, goes back at a rate to where the group lived."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from conserve.test_conservation import check_reported
from corridor.simulate.compile import compile_model
from simulate.test_choice_rules import group, road, spread_out
from worlds import at, series, simulate, write_world


def make(folder: Path, hours: float = 96, **more: Any):
    """Return two towns and a city outside; all leave within minutes, and once noon has come nobody leaves any more."""
    tables: dict[str, Any] = {
        "places": spread_out("town", "village", city=1),
        "roads": [road("town", "city", lanes_back=1), road("village", "town", lanes_back=1)],
        "groups": [group(return_rate=0.05)],
        "people": [
            {"place": "town", "group": "drivers", "people": 4000},
            {"place": "village", "group": "drivers", "people": 2000},
        ],
        "events": [{"id": "noon", "time": at(12), "kind": "leave_rate", "target": "drivers", "value": 0}],
    }
    tables = {name: rows for name, rows in {**tables, **more}.items() if rows}
    return compile_model(write_world(folder, hours, record_minutes=60, **tables), "")


@pytest.mark.slow
def test_those_outside_go_back_at_the_rate_to_where_they_lived(tmp_path: Path) -> None:
    """What is left of those outside falls as exp(-rate * hours); two of three of those on the way lived in the town."""
    record = simulate(make(tmp_path / "w"), 40)
    check_reported(record)
    outside = series(record, "at_place:city:drivers")
    begin, end = 24, 60
    left = outside[:, begin] * np.exp(-0.05 * (end - begin))
    assert outside[:, end].mean() == pytest.approx(left.mean(), abs=4 * np.sqrt(left.mean() / 40))
    town, village = (series(record, f"at_place:{name}:drivers") for name in ("town", "village"))
    came = [(there[:, -1] - there[:, begin]).mean() for there in (town, village)]
    assert came[0] == pytest.approx(2 * came[1], rel=0.03)
    back = series(record, "came_back")[:, -1]
    assert (series(record, "arrivals")[:, -1] - back + series(record, "inside")[:, -1] + series(record, "on_roads")[:, -1]
            == 6000).all()  # fmt: skip
    assert series(record, "held_back:(none)").max() == 0


@pytest.mark.slow
def test_who_comes_back_may_leave_again_and_arrives_again(tmp_path: Path) -> None:
    record = simulate(make(tmp_path / "w", 120, events=[]), 2)
    check_reported(record)
    assert (series(record, "arrivals")[:, -1] > 2 * 6000).all()


def test_an_event_lets_people_go_back(tmp_path: Path) -> None:
    begins = {"id": "home", "time": at(48), "kind": "return_rate", "target": "drivers", "value": 1}
    record = simulate(make(tmp_path / "w", groups=[group(rate=10)], events=[begins]), 2)
    assert series(record, "came_back")[:, 48].max() == 0
    assert series(record, "came_back")[:, 60].min() > 3000


def test_nobody_sets_out_for_home_where_no_road_leads_in(tmp_path: Path) -> None:
    roads = [road("town", "city", lanes_back=0), road("village", "town", lanes_back=0)]
    record = simulate(make(tmp_path / "w", roads=roads), 2)
    assert series(record, "came_back").max() == 0
    assert (series(record, "at_place:city:drivers")[:, -1] == 6000).all()


@pytest.mark.slow
def test_who_has_been_registered_goes_back_at_the_mean_of_all_rates_and_stays(tmp_path: Path) -> None:
    """A third live in the village and go back at .09 an hour, the others never: .03 for everybody once registered."""
    groups = [group("still"), group("homesick", return_rate=0.09)]
    people = [
        {"place": "town", "group": "still", "people": 4000},
        {"place": "village", "group": "homesick", "people": 2000},
    ]
    desks = [{"id": "desk", "place": "city", "people_per_hour": 100_000, "wander": 0}]
    record = simulate(make(tmp_path / "w", groups=groups, people=people, desks=desks, events=[]), 20)
    check_reported(record)
    outside = series(record, "at_place:city:registered")
    left = outside[:, 24] * np.exp(-0.03 * 36)
    assert outside[:, 60].mean() == pytest.approx(left.mean(), abs=4 * np.sqrt(left.mean() / 20))
    assert (series(record, "arrivals")[:, -1] == 6000).all()
    assert series(record, "at_place:town:registered")[:, -1].min() > 2000


@pytest.mark.slow
def test_who_is_displaced_inside_goes_home_and_is_at_home_there(tmp_path: Path) -> None:
    """The village is a refuge: who stops there counts as displaced, and no more once he is back in the town."""
    places = [{**row, **({"attractiveness": 100} if row["id"] == "village" else {})} for row in make_places()]
    groups = [group(onward_rate=0, return_rate=0.2)]
    people = [{"place": "town", "group": "drivers", "people": 1000}]
    roads = [road("town", "village", lanes_back=1), road("town", "city", lanes_back=1)]
    record = simulate(make(tmp_path / "w", places=places, groups=groups, people=people, roads=roads), 4)
    check_reported(record)
    assert series(record, "displaced_inside")[:, 12].min() > 500
    assert series(record, "displaced_inside")[:, -1].max() < 20
    assert series(record, "at_place:town:drivers")[:, -1].min() > 950


def make_places() -> list[dict[str, Any]]:
    return spread_out("town", "village", city=1)


@pytest.mark.slow
def test_a_bed_left_is_free_again(tmp_path: Path) -> None:
    """A city of 100 beds before one without end: as people go back others come in, never more than 100 at once."""
    places = spread_out("town", "village", city=1, far=0.001)
    places = [{**row, **({"beds": 100} if row["id"] == "city" else {})} for row in places]
    roads = [
        road("town", "city", lanes_back=1),
        road("village", "town", lanes_back=1),
        road("city", "far", lanes_back=1),
    ]
    record = simulate(
        make(tmp_path / "w", places=places, roads=roads, events=[], groups=[group(rate=0.2, return_rate=0.2)]), 2
    )
    check_reported(record)
    assert series(record, "settled:city")[:, -1].min() > 150
