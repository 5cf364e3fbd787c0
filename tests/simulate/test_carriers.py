"""Goods by every transport: porters, boats, aircraft and trains, each against arithmetic done by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import corridor as co
from corridor.scenario.scenario import Scenario
from corridor.simulate.compile import compile_model
from relief_world import convoy, relief_world, road
from worlds import measure, place, simulate

PORTERS, LOAD, HANDLING = 40, 0.025, 1.0  # people, tonnes each, hours
STEPS = 4  # in an hour


def carried_world(folder: Path, kind: str, km: float, carrier: str, **more: Any) -> Scenario:
    """Return a world in which goods come in by one kind of way alone; a road beside it is far too long."""
    fleet = {"id": "lorries", "place": "depot", "purpose": "goods", "transport": carrier, "vehicles": PORTERS,
             "tonnes": LOAD, "handling_hours": HANDLING}  # fmt: skip
    tables = {
        "places": [
            place("town"),
            place("village"),
            place("city", "outside", attractiveness=1),
            place("depot", "outside"),
        ],
        "roads": [
            {"id": "way", "from": "depot", "to": "town", "length_km": km, "kind": kind},
            road("town-city", "town", "city", 1900, 30, walked="no"),
            road("city-depot", "city", "depot", 30, 30),
            road("village-town", "village", "town", 30, 30),
        ],
        "checkpoints": [],
        "depots": [{"id": "store", "place": "depot", "item": "food"}],
        "fleets": [fleet | more.pop("fleet", {})],
    }
    return relief_world(folder, **(tables | more))


def rows_of(count: int, tonnes: float, trucks: int) -> list[dict[str, Any]]:
    """Return consignments that are all due at once: each waits until its carriers are back."""
    return [convoy(f"c{n:02d}", 0, loads=f"food={tonnes}", trucks=trucks) for n in range(count)]


def test_a_line_of_porters_brings_their_loads_once_in_a_round_trip(tmp_path: Path) -> None:
    """Ten kilometres of path at 5 km/h for half of the day are 4 h: with an hour of handling a round trip is 9 h."""
    foot = {"id": "foot", "provided": "own", "room": 0, "speed_kmh": 5, "rest_hours": 12, "ways": "road track path"}
    rows = rows_of(12, PORTERS * LOAD, PORTERS)
    case = carried_world(tmp_path / "world", "path", 10, "foot", hours=96, transport=[foot], convoys=rows)
    record = simulate(compile_model(case, ""), 1)
    brought = measure(record, "delivered:town:food")[0]
    for hour in range(6, 95):
        done = (hour - 4) // 9 + 1
        if (hour - 4) % 9 > 1:  # within a step or two of the hour by division
            assert brought[hour * STEPS] == pytest.approx(min(done, 12) * PORTERS * LOAD * 1000), hour
    assert measure(record, "relief_litres")[0, -1] == 0.0


@pytest.mark.parametrize(("kind", "transport", "speed"), [("water", "boat", 20), ("air", "aircraft", 500),
                                                          ("rail", "train", 50), ("path", "foot", 2.25)])  # fmt: skip
def test_each_transport_takes_its_own_kind_of_way_at_its_own_speed(
    tmp_path: Path, kind: str, transport: str, speed: float
) -> None:
    case = carried_world(tmp_path / "world", kind, 90, transport, convoys=rows_of(1, 1, 4), fleet={"tonnes": 1})
    brought = measure(simulate(compile_model(case, ""), 1), "delivered:town:food")[0]
    assert (brought > 0).argmax() / STEPS == pytest.approx(90 / speed, abs=0.3)


def test_a_fleet_finds_no_way_of_another_kind(tmp_path: Path) -> None:
    with pytest.raises(co.FaultsError, match="unreachable_place"):
        carried_world(tmp_path / "world", "path", 90, "boat", convoys=rows_of(1, 1, 4))


def test_porters_take_no_road_along_which_nobody_may_walk(tmp_path: Path) -> None:
    roads = [
        {"id": "way", "from": "depot", "to": "town", "length_km": 10, "walked": "no"},
        road("city-depot", "city", "depot", 30, 30),
        road("village-town", "village", "town", 30, 30),
    ]
    with pytest.raises(co.FaultsError, match="unreachable_place"):
        carried_world(tmp_path / "world", "road", 10, "foot", roads=roads, convoys=rows_of(1, 1, 4))


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "transport", "km", "tonnes"), [("path", "foot", 9, 0.03), ("water", "boat", 40, 0.4),
                                                                 ("air", "aircraft", 400, 0.2)])  # fmt: skip
def test_a_plan_by_each_transport_says_what_the_run_shows(
    tmp_path: Path, kind: str, transport: str, km: float, tonnes: float
) -> None:
    fleet = {"vehicles": 15, "tonnes": tonnes, "fuel_per_100km": 0}
    case = carried_world(tmp_path / "world", kind, km, transport, hours=96, fleet=fleet)
    plan = co.plan(case, 4.0, period_hours=3.0)
    assert {road for one in plan.convoys for road in one.roads if one.to == "town"} == {"way"}
    said = sum(share.person_days_without for share in plan.shares)
    shown = plan.attempt(1).numbers["items"][0]["person_days_with"]["median"]
    assert said == pytest.approx(shown, rel=0.02, abs=20)
    unaided = sum(share.person_days_unaided for share in plan.shares)
    assert said < 0.95 * unaided
