"""Plants, facilities, flows and fuel for leaving (rule 36), each against arithmetic done by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corridor.simulate.compile import compile_model
from corridor.simulate.record import Record
from relief_world import convoy, relief_world
from worlds import at, measure, series, simulate

DIESEL = {"id": "diesel", "name": "Diesel", "unit": "l", "tonnes_per_unit": 0.00084}
POWER = {"id": "power", "name": "Electricity", "unit": "kWh", "kept": "no"}
WATER = {"id": "water", "name": "Water", "unit": "l"}
PLANT = {"name": "Plant", "place": "town", "makes": "power", "most_per_day": 2400}


def play(folder: Path, hours: float = 48, replicates: int = 1, **more: Any) -> Record:
    """Simulate a town of 1000 and a village of 1000 that need a kWh a day each, in steps of 15 minutes."""
    tables = {"items": [DIESEL, POWER], "needs": [{"item": "power", "per_day": 1}], "stocks": [], "fleets": []}
    world = relief_world(folder / "world", hours, **{**tables, **more})
    return simulate(compile_model(world, ""), replicates)


def final(record: Record, name: str) -> float:
    return float(measure(record, name)[0, -1])


def stock(item: str, quantity: object, place: str = "town", **more: Any) -> dict[str, Any]:
    return {"place": place, "item": item, "quantity": quantity, **more}


def test_a_generator_makes_what_its_fuel_is_worth_and_stops(tmp_path: Path) -> None:
    # 300 l at 0.3 l/kWh are 1000 kWh; 1000 people use 1000 kWh in a day, then nothing
    generator = {**PLANT, "id": "generator", "uses": "diesel=0.3"}
    record = play(tmp_path, plants=[generator], stocks=[stock("diesel", 300)])
    assert final(record, "plant_made:generator") == pytest.approx(1000, rel=1e-9)
    assert final(record, "put_in:town:diesel") == pytest.approx(300, rel=1e-9)
    assert final(record, "stock:town:diesel") == pytest.approx(0, abs=1e-9)
    used = measure(record, "used:town:power")[0]
    assert used[96] == pytest.approx(1000, rel=1e-9)
    assert used[-1] == pytest.approx(1000, rel=1e-9)
    assert final(record, "person_days_without:town:power") == pytest.approx(1000, rel=1e-6)


def test_a_line_takes_over_from_a_generator_without_fuel(tmp_path: Path) -> None:
    generator = {**PLANT, "id": "generator", "uses": "diesel=0.3", "priority": 1}
    line = {**PLANT, "id": "line", "priority": 3}
    record = play(tmp_path, plants=[generator, line], stocks=[stock("diesel", 150)])
    assert final(record, "plant_made:generator") == pytest.approx(500, rel=1e-9)
    assert final(record, "plant_made:line") == pytest.approx(1500, rel=1e-9)
    assert final(record, "person_days_without:town:power") == pytest.approx(0, abs=1e-6)


def test_a_generator_stands_in_for_mains_that_get_less_than_they_ask_for(tmp_path: Path) -> None:
    # a line of 500 kWh a day: the ward's mains (1) get them, its generator makes the other 300 of 800, homes get none
    ward_power = {"id": "ward_power", "name": "Ward's electricity", "unit": "kWh", "kept": "no"}
    mains = {"id": "mains", "makes": "ward_power", "uses": "power=1", "priority": 1}
    generator = {"id": "generator", "makes": "ward_power", "uses": "diesel=0.3", "priority": 2}
    plants = [{**PLANT, "id": "line", "most_per_day": 500}, {**PLANT, **mains}, {**PLANT, **generator}]
    ward = {"id": "ward", "name": "Ward", "place": "town", "item": "ward_power", "per_day": 800, "people": 60}
    fuel = [stock("diesel", 135)]
    record = play(tmp_path, items=[DIESEL, POWER, ward_power], plants=plants, facilities=[ward], stocks=fuel)
    assert final(record, "plant_made:mains") == pytest.approx(1000, rel=1e-9)
    assert final(record, "plant_made:generator") == pytest.approx(450, rel=1e-9)  # a day and a half at 90 l a day
    assert final(record, "facility_used:ward") == pytest.approx(1450, rel=1e-9)
    assert final(record, "stock:town:diesel") == pytest.approx(0, abs=1e-9)
    assert final(record, "used:town:power") == pytest.approx(0, abs=1e-9)


def test_priority_is_strict_and_one_priority_shares_in_proportion(tmp_path: Path) -> None:
    # 1500 kWh a day for a hospital of 400 (1), people of 1000 (5) and lamps of 300 and 900 (9): 100 are left for these
    line = {**PLANT, "id": "line", "most_per_day": 1500}
    users = [("ward", 400, 1), ("lamps", 300, 9), ("mill", 900, 9)]
    facilities = [
        {"id": name, "name": name, "place": "town", "item": "power", "per_day": size, "priority": first, "people": 60}
        for name, size, first in users
    ]
    record = play(tmp_path, 24, plants=[line], facilities=facilities)
    assert final(record, "facility_used:ward") == pytest.approx(400)
    assert final(record, "used:town:power") == pytest.approx(1000)
    assert final(record, "facility_used:lamps") == pytest.approx(25)
    assert final(record, "facility_used:mill") == pytest.approx(75)
    assert final(record, "facility_days_without:ward") == pytest.approx(0, abs=1e-9)
    assert final(record, "facility_days_without:mill") == pytest.approx(60 * (1 - 75 / 900))


def test_two_plants_share_by_priority_and_by_what_they_can_make(tmp_path: Path) -> None:
    def share(priority: int) -> list[float]:
        plants = [
            {**PLANT, "id": "first", "most_per_day": 400, "priority": 2},
            {**PLANT, "id": "second", "most_per_day": 900, "priority": priority},
            {**PLANT, "id": "third", "most_per_day": 300, "priority": priority},
        ]
        record = play(tmp_path / str(priority), 24, plants=plants)
        return [final(record, f"plant_made:{name}") for name in ("first", "second", "third")]

    assert share(3) == pytest.approx([400, 450, 150])  # what the first leaves over, three to one
    assert share(2) == pytest.approx([250, 562.5, 187.5])  # all in proportion to their most


def test_a_plant_that_serves_three_places_gives_each_the_same_part(tmp_path: Path) -> None:
    people = [
        {"place": name, "group": "drivers", "people": heads} for name, heads in (("town", 1000), ("village", 500))
    ]
    line = {**PLANT, "id": "line", "most_per_day": 900, "serves": "town village bridge"}
    pump = {"id": "lamp", "name": "Lamp", "place": "bridge", "item": "power", "per_day": 300}
    record = play(tmp_path, 24, plants=[line], people=people, facilities=[pump])
    assert final(record, "used:town:power") == pytest.approx(500)
    assert final(record, "used:village:power") == pytest.approx(250)
    assert final(record, "facility_used:lamp") == pytest.approx(150)


def test_a_line_that_an_event_cuts_makes_no_more(tmp_path: Path) -> None:
    line = {**PLANT, "id": "line"}
    cut = {"kind": "plant", "target": "line"}
    events = [{"id": "cut", "time": at(6), "value": 0, **cut}, {"id": "mended", "time": at(18), "value": 0.25, **cut}]
    made = measure(play(tmp_path, 24, plants=[line], events=events), "plant_made:line")[0]
    assert made[24] == pytest.approx(250)  # 6 h of 1000 kWh a day
    assert made[72] == pytest.approx(250)
    assert made[96] == pytest.approx(250 + 150)  # a quarter of 2400 kWh a day


@pytest.mark.parametrize("power", [0, 2, 4.5, 9])
def test_water_is_pumped_as_far_as_there_is_power(tmp_path: Path, power: float) -> None:
    # 1000 people need 3 l: 3000 l a day, at 0.0015 kWh a litre 4.5 kWh
    pump = {**PLANT, "id": "pump", "makes": "water", "most_per_day": 90_000, "uses": "power=0.0015"}
    record = play(
        tmp_path, 24, items=[POWER, WATER], needs=[{"item": "water", "per_day": 3}], plants=[pump],
        stocks=[stock("power", "", made_per_day=power), stock("water", 0)],
    )  # fmt: skip
    assert final(record, "used:town:water") == pytest.approx(min(3000, power / 0.0015))
    assert final(record, "lost:town:power") == pytest.approx(max(power - 4.5, 0), abs=1e-9)


def test_what_is_not_used_of_a_flow_is_lost_and_goods_are_kept(tmp_path: Path) -> None:
    record = play(tmp_path, 24, stocks=[stock("power", "", made_per_day=1500)])
    assert final(record, "used:town:power") == pytest.approx(1000)
    assert final(record, "lost:town:power") == pytest.approx(500)
    assert "person_days_without:village:power" not in [column.write() for column in record.columns.measures]


def test_an_input_that_is_not_known_limits_nothing(tmp_path: Path) -> None:
    generator = {**PLANT, "id": "generator", "uses": "diesel=0.3"}
    record = play(tmp_path, 24, plants=[generator], stocks=[stock("diesel", "", made_per_day=60)])
    assert final(record, "plant_made:generator") == pytest.approx(1000)
    assert final(record, "put_in:town:diesel") == pytest.approx(60)  # what came in, and not what is said to be used


FUEL = {**DIESEL, "for_leaving": "yes"}
GROUP = {"id": "drivers", "name": "Drivers", "transport": "own", "people_per_vehicle": 1, "fuel_litres": 10}


def test_those_who_leave_take_the_fuel_that_lamps_burn(tmp_path: Path) -> None:
    # 3000 l: a generator burns 300 l a day, and 270 drivers at most can fill their tanks with what is left
    generator = {**PLANT, "id": "generator", "uses": "diesel=0.3"}
    record = play(
        tmp_path, 24, items=[FUEL, POWER], groups=[{**GROUP, "leave_rate": 1}], plants=[generator],
        stocks=[stock("diesel", 3000), stock("diesel", 0, "village")],
    )  # fmt: skip
    burned, taken = final(record, "put_in:town:diesel"), final(record, "fuelled:town:diesel")
    assert burned + taken == pytest.approx(3000 - final(record, "stock:town:diesel"))
    assert final(record, "stock:town:diesel") < 10
    left = 2000 - series(record, "inside")[0, -1] + series(record, "on_roads")[0, -1]
    assert 0 < taken <= 10 * 1000
    assert left * 10 == pytest.approx(taken, abs=10 * 300)
    assert final(record, "fuelled:village:diesel") == 0


def test_fuel_kept_aside_for_a_convoy_is_not_taken_by_those_who_leave(tmp_path: Path) -> None:
    fleet = {"id": "local", "place": "town", "purpose": "goods", "vehicles": 2, "tonnes": 5}
    kept = convoy("c", 12, fleet="local", loads="diesel=1.68", **{"from": "town", "to": "village"})
    flight = {"id": "flight", "time": at(1), "kind": "leave_rate", "target": "drivers", "value": 5}
    record = play(
        tmp_path, 24, items=[FUEL, POWER], groups=[{**GROUP, "leave_rate": 0}], fleets=[fleet], convoys=[kept],
        events=[flight],
        stocks=[stock("diesel", 2500), stock("diesel", 0, "village")],
    )  # fmt: skip
    assert measure(record, "stock:town:diesel")[0, 40] == pytest.approx(2000, abs=10)
    assert final(record, "delivered:village:diesel") == pytest.approx(2000)


def test_events_on_fuel_act_on_the_stock_of_those_who_leave(tmp_path: Path) -> None:
    events = [
        {"id": "given", "time": at(2), "kind": "fuel_supply", "target": "town", "value": 100},
        {"id": "fire", "time": at(4), "kind": "fuel_stock", "target": "town", "value": -1000},
        {"id": "more", "time": at(6), "kind": "fuel_stock", "target": "town", "value": 50},
    ]
    record = play(tmp_path, 8, items=[FUEL, POWER], events=events, stocks=[stock("diesel", 500)])
    found = measure(record, "stock:town:diesel")[0]
    assert found[8] == pytest.approx(500)
    assert found[16] == pytest.approx(700)
    assert found[17] == pytest.approx(25)
    assert found[-1] == pytest.approx(400 + 50)
    assert final(record, "lost:town:diesel") == pytest.approx(700)
    assert final(record, "made:town:diesel") == pytest.approx(600 + 50)


@pytest.mark.parametrize("depot", [True, False])
def test_where_fuel_never_runs_out_or_is_not_known_everybody_can_leave(tmp_path: Path, depot: bool) -> None:
    more = {"depots": [{"id": "tank", "place": "town", "item": "diesel"}]} if depot else {}
    people = [{"place": "town", "group": "drivers", "people": 800}]
    record = play(
        tmp_path, 24, items=[FUEL, POWER], groups=[{**GROUP, "leave_rate": 5}], people=people,
        stocks=[] if depot else [stock("diesel", "")], **more,
    )  # fmt: skip
    assert series(record, "waiting_for_transport")[0, -1] == 0
    assert final(record, "fuelled:town:diesel") == pytest.approx(8000 if depot else 0)
    assert np.isfinite(record.measures).all()


def test_worlds_without_the_tables_have_no_columns_of_them(tmp_path: Path) -> None:
    record = simulate(compile_model(relief_world(tmp_path / "world", 4), ""))
    names = {column.series for column in record.columns.measures}
    assert not names & {"lost", "put_in", "fuelled", "plant_made", "facility_used"}
