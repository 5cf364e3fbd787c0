"""Needs, stocks and convoys, each rule against arithmetic done by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corridor.scenario.faults import FaultsError
from corridor.simulate.compile import compile_model
from corridor.simulate.record import Record
from relief_world import convoy, relief_world, road
from worlds import at, measure, series, simulate


def play(folder: Path, hours: float = 48, replicates: int = 1, **more: Any) -> Record:
    """Simulate the small world with some tables replaced."""
    return simulate(compile_model(relief_world(folder / "world", hours, **more), ""), replicates)


def first_hour(values: np.ndarray, step_hours: float = 0.25) -> float:
    """Return the hour at which a recorded row first exceeds its start."""
    return float((values > values[0] + 1e-9).argmax() * step_hours)


def test_a_stock_lasts_as_long_as_division_says(tmp_path: Path) -> None:
    # 1000 people, 1 kg a day, 1500 kg: a day and a half; then half a day without until the end of the second
    record = play(tmp_path, stocks=[{"place": "town", "item": "food", "quantity": 1500},
                                    {"place": "village", "item": "food", "quantity": 9000}])  # fmt: skip
    stock, without = (measure(record, f"{name}:town:food")[0] for name in ("stock", "person_days_without"))
    assert stock[int(36 / 0.25)] == pytest.approx(0, abs=1e-6)
    assert stock[int(35 / 0.25)] > 0
    assert without[-1] == pytest.approx(500)
    assert measure(record, "person_days_without:village:food")[0, -1] == 0


def test_what_is_made_each_day_is_used_and_the_rest_is_missing(tmp_path: Path) -> None:
    stocks = [{"place": name, "item": "food", "quantity": 0, "made_per_day": 360} for name in ("town", "village")]
    record = play(tmp_path, stocks=stocks)
    used, needed = (measure(record, f"{name}:town:food")[0, -1] for name in ("used", "needed"))
    assert used / needed == pytest.approx(0.36)
    assert measure(record, "person_days_without:town:food")[0, -1] == pytest.approx(2000 * 0.64)


def test_an_item_that_hangs_on_another_is_lost_with_it(tmp_path: Path) -> None:
    items = [
        {"id": "water", "name": "Water", "depends_on": "power", "dependence": 0.8},
        {"id": "power", "name": "Power"},
    ]
    needs = [{"item": "water", "per_day": 15}, {"item": "power", "per_day": 1}]
    stocks = [{"place": p, "item": "water", "quantity": 1e6} for p in ("town", "village")]
    stocks += [{"place": p, "item": "power", "quantity": q} for p, q in (("town", 0), ("village", ""))]
    record = play(tmp_path, items=items, needs=needs, stocks=stocks)
    met = [
        measure(record, f"used:{p}:water")[0, -1] / measure(record, f"needed:{p}:water")[0, -1]
        for p in ("town", "village")
    ]
    assert met == pytest.approx([0.2, 1.0])  # where the power is not known it limits nothing


def test_people_take_supplies_onto_the_road_and_use_them_there(tmp_path: Path) -> None:
    # everybody leaves at once; the checkpoint lets 180 an hour pass, so that most stand on the road for hours
    record = play(tmp_path, 24, leave_rate=10, stocks=[{"place": p, "item": "food", "quantity": 1e5} for p in ("town", "village")],
                  parameters={"carried_days": 0.5})  # fmt: skip
    names = record.columns.measures
    assert ("used", ("on_the_road", "food")) in names
    assert measure(record, "used:on_the_road:food")[0, -1] > 0
    assert measure(record, "carried:on_the_road:food")[0].max() <= 0.5 * 2000 + 1e-6
    assert measure(record, "taken_out::food")[0, -1] > 0
    everybody = sum(measure(record, f"needed:{p}:food")[0, -1] for p in ("town", "village", "on_the_road"))
    days = (series(record, "inside") + series(record, "on_roads"))[0, :-1].sum() * 0.25 / 24
    assert everybody == pytest.approx(days, rel=0.02)


def test_a_convoy_arrives_after_its_way_and_its_inspection(tmp_path: Path) -> None:
    # two hours of driving; two trucks at 8 an hour are a quarter of an hour
    gate = [
        {
            "id": "gate",
            "place": "bridge",
            "lanes": 0,
            "seconds_per_vehicle": 20,
            "wander": 0,
            "relief_trucks_per_hour": 8,
        }
    ]
    record = play(tmp_path, convoys=[convoy(hour=3)], checkpoints=gate)
    delivered = measure(record, "delivered:town:food")[0]
    assert delivered[-1] == 10_000
    assert first_hour(delivered) == pytest.approx(3 + 2 + 0.25, abs=0.26)
    assert measure(record, "relief_trucks_in")[0, -1] == 2
    assert measure(record, "relief_waited_hours:inspection")[0, -1] == pytest.approx(0.5)


def test_a_checkpoint_closed_to_all_holds_relief_without_a_pace_of_its_own(tmp_path: Path) -> None:
    gate = [{"id": "gate", "place": "bridge", "lanes": 0, "seconds_per_vehicle": 20, "wander": 0}]
    events = [{"id": "open", "time": at(20), "kind": "lanes", "target": "gate", "value": 1}]
    record = play(tmp_path, convoys=[convoy()], checkpoints=gate, events=events)
    assert first_hour(measure(record, "delivered:town:food")[0]) == pytest.approx(21, abs=0.5)


@pytest.mark.parametrize(("mode", "arrives"), [("outbound", 31.0), ("shut", 31.0), ("alternating", 2.0)])
def test_the_traffic_rule_of_the_road_holds_convoys(tmp_path: Path, mode: str, arrives: float) -> None:
    events = [
        {"id": "close", "time": at(0), "kind": "direction", "target": "town-bridge", "mode": mode},
        {"id": "open", "time": at(30), "kind": "direction", "target": "town-bridge", "mode": "normal"},
    ]
    record = play(tmp_path, convoys=[convoy()], events=events)
    assert first_hour(measure(record, "delivered:town:food")[0]) == pytest.approx(arrives, abs=0.5)


def test_convoys_drive_on_roads_and_tracks_only(tmp_path: Path) -> None:
    """Rule 20: a short way by water or along a path is none for trucks, and where there is no other it is a fault."""
    ways = [road(f"by-{kind}", "town", "depot", 5, 30, kind=kind) for kind in ("water", "path", "rail", "air")]
    plain = [*guarded()[:1], road("town-bridge", "town", "bridge", 30, 30), *guarded()[2:]]
    record = play(tmp_path / "a", convoys=[convoy()], roads=[*plain, *ways])
    assert first_hour(measure(record, "delivered:town:food")[0]) == pytest.approx(2, abs=0.5)
    with pytest.raises(FaultsError, match="unreachable_place"):
        play(tmp_path / "b", convoys=[convoy()], roads=[plain[0], *plain[2:], *ways])


def guarded(**more: Any) -> list[dict[str, Any]]:
    """Return the roads with a clearance needed from the bridge inwards."""
    return [
        road("village-town", "village", "town", 30, 30),
        road("town-bridge", "town", "bridge", 30, 30, needs_clearance="yes", **more),
        road("bridge-depot", "bridge", "depot", 30, 30),
        road("depot-city", "depot", "city", 30, 30),
    ]


def test_without_a_clearance_a_convoy_waits_and_refused_it_is_turned_back(tmp_path: Path) -> None:
    never = play(tmp_path / "a", convoys=[convoy()], roads=guarded())
    assert measure(never, "on_the_way::food")[0, -1] == 10_000
    assert measure(never, "relief_waited_hours:clearance")[0, -1] == pytest.approx(2 * 47, rel=0.02)
    clearance = {"id": "given", "road": "town-bridge", "fleet": "lorries", "from": at(9), "until": at(12)}
    given = play(tmp_path / "b", convoys=[convoy()], roads=guarded(), clearances=[clearance])
    assert first_hour(measure(given, "delivered:town:food")[0]) == pytest.approx(10, abs=0.5)
    other = [{**clearance, "status": "refused", "from": at(0)}]
    refused = play(tmp_path / "c", convoys=[convoy()], roads=guarded(), clearances=other)
    assert measure(refused, "returned::food")[0, -1] == 10_000
    assert measure(refused, "relief_trucks_turned_back")[0, -1] == 2
    assert measure(refused, "relief_trucks_in")[0, -1] == 2  # the bridge is inside, the town was not reached


def test_a_clearance_for_three_trucks_lets_one_convoy_of_two_pass(tmp_path: Path) -> None:
    clearance = [{"id": "few", "road": "town-bridge", "from": at(0), "until": at(99), "trucks": 3}]
    record = play(tmp_path, convoys=[convoy("a"), convoy("b", 1)], roads=guarded(), clearances=clearance)
    assert measure(record, "delivered:town:food")[0, -1] == 10_000


def test_slots_let_so_many_convoys_a_day_pass_in_their_hours(tmp_path: Path) -> None:
    slots = [{"id": "one", "road": "bridge-depot", "convoys_per_day": 1, "first_hour": 8, "last_hour": 18}]
    convoys = [convoy("a"), convoy("b", 1), convoy("c", 2)]
    record = play(tmp_path, 72, convoys=convoys, slots=slots)
    delivered = measure(record, "delivered:town:food")[0]
    hours = [float((delivered >= 10_000 * n).argmax()) * 0.25 for n in (1, 2, 3)]
    assert hours == pytest.approx([10, 34, 58], abs=0.5)


def test_rows_of_one_party_take_one_slot_up_to_the_size_of_a_convoy(tmp_path: Path) -> None:
    slots = [{"id": "one", "road": "bridge-depot", "convoys_per_day": 1}]
    pair = [convoy("plan_town"), convoy("plan_village", to="village")]
    fleet = {"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": 10, "tonnes": 10}
    together = play(tmp_path / "a", 20, convoys=pair, slots=slots)
    assert measure(together, "brought_in::food")[0, -1] == 20_000
    small = play(tmp_path / "b", 20, convoys=pair, slots=slots, fleets=[{**fleet, "convoy_trucks": 3}])
    assert measure(small, "brought_in::food")[0, -1] == 10_000


@pytest.mark.slow
def test_half_a_convoy_a_day_is_one_every_other_day(tmp_path: Path) -> None:
    slots = [{"id": "half", "road": "bridge-depot", "convoys_per_day": 0.5}]
    record = play(tmp_path, 120, convoys=[convoy(f"c{n}") for n in range(5)], slots=slots)
    assert measure(record, "brought_in::food")[0, -1] == 20_000


def test_trucks_are_used_again_only_when_they_are_back(tmp_path: Path) -> None:
    # out 2 h, handling 4 h, back 2 h: the only truck leaves at 0 and at 8
    fleet = [{"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": 1, "tonnes": 10, "handling_hours": 4}]
    convoys = [convoy(name, trucks=1) for name in ("a", "b")]
    record = play(tmp_path, convoys=convoys, fleets=fleet)
    delivered = measure(record, "delivered:town:food")[0]
    assert float((delivered >= 20_000).argmax()) * 0.25 == pytest.approx(10, abs=0.76)


def local(**more: Any) -> dict[str, Any]:
    """Return tables with diesel and a fleet in the town, 30 km from the village: 60 l there and back at 100 l."""
    stocks = [{"place": p, "item": i, "quantity": 5000} for p in ("town", "village") for i in ("diesel", "food")]
    stocks = [{**row, "quantity": more.get(row["item"], 5000)} if row["place"] == "town" else row for row in stocks]
    return {
        "items": [{"id": "food", "name": "Food"}, {"id": "diesel", "name": "Diesel", "unit": "l", "is_fuel": "yes"}],
        "needs": [{"item": "food", "per_day": 0.001}],
        "stocks": stocks,
        "fleets": [{"id": "local", "place": "town", "purpose": "goods", "vehicles": 9, "tonnes": 3, "fuel_per_100km": 100,
                    "refuels": more.get("refuels", "base")}],
        "convoys": [convoy(fleet="local", loads="food=4", trucks=1, to="village", **{"from": "town"})],
    }  # fmt: skip


def test_a_convoy_from_inside_takes_fuel_and_goods_from_its_base(tmp_path: Path) -> None:
    record = play(tmp_path / "a", **local())
    assert measure(record, "burned:town:diesel")[0, -1] == pytest.approx(60)
    assert measure(record, "sent:town:food")[0, -1] == pytest.approx(4000)
    there = play(tmp_path / "b", **local(refuels="destination"))
    assert measure(there, "burned:town:diesel")[0, -1] == pytest.approx(30)
    assert measure(there, "burned:village:diesel")[0, -1] == pytest.approx(30)


def test_without_fuel_at_the_base_it_does_not_leave_and_more_than_is_there_is_not_loaded(tmp_path: Path) -> None:
    dry = play(tmp_path / "a", **local(diesel=59))
    assert measure(dry, "loaded::food")[0, -1] == 0
    assert measure(dry, "relief_waited_hours:fuel")[0, -1] == pytest.approx(48)
    little = play(tmp_path / "b", **local(food=1000))
    assert measure(little, "loaded::food")[0, -1] == pytest.approx(1000, abs=1)


def test_what_is_known_of_the_past_is_not_moved_and_what_is_known_of_the_period_is(tmp_path: Path) -> None:
    past = [convoy(outcome=end, name=end, hour=-5) for end in ("planned", "delivered", "turned_back")]
    assert measure(play(tmp_path / "a", convoys=past), "loaded::food")[0, -1] == 0
    # delivered: it did pass, whatever clearances say; turned back: it did not
    known = [convoy("in", outcome="delivered"), convoy("back", outcome="turned_back"), convoy("who", outcome="unknown")]
    record = play(tmp_path / "b", convoys=known, roads=guarded())
    assert measure(record, "delivered:town:food")[0, -1] == 10_000
    assert measure(record, "returned::food")[0, -1] == 10_000


def test_departures_that_may_be_before_the_start_leave_at_the_start(tmp_path: Path) -> None:
    record = play(tmp_path, replicates=20, convoys=[convoy(departs=f"{at(-10)}..{at(10)}")])
    assert (measure(record, "loaded::food")[:, -1] == 10_000).all()
    assert (measure(record, "brought_in::food")[:, -1] == 10_000).all()


def test_shortage_pushes_people_to_leave(tmp_path: Path) -> None:
    effect = {"effect_shortage": 2, "shortage": 0}
    fed, hungry = (
        play(tmp_path / name, 24, leave_rate=0.01, parameters=effect,
             stocks=[{"place": p, "item": "food", "quantity": q} for p in ("town", "village")])
        for name, q in (("fed", 1e6), ("hungry", 0))
    )  # fmt: skip
    assert series(hungry, "inside")[0, -1] < series(fed, "inside")[0, -1] - 50


def test_buses_stay_without_fuel(tmp_path: Path) -> None:
    groups = [{"id": "drivers", "name": "Walkers", "transport": "fleet", "leave_rate": 10}]
    fleets = [{"id": "buses", "place": "town", "purpose": "people", "groups": "drivers", "vehicles": 30, "seats": 50,
               "fuel_per_100km": 50}]  # fmt: skip
    # town to the city is 90 km: 45 l a bus; 180 l are four buses of 50
    record = play(tmp_path, groups=groups, fleets=fleets, fuel=[{"place": "town", "litres": 189}],
                  people=[{"place": "town", "group": "drivers", "people": 1000}])  # fmt: skip
    assert series(record, "arrivals")[0, -1] == 200
    assert measure(record, "fuel:town")[0, -1] == pytest.approx(9)


def test_a_circle_of_items_is_a_fault_in_words(tmp_path: Path) -> None:
    from corridor.scenario.faults import FaultsError

    items = [{"id": "a", "name": "A", "depends_on": "b"}, {"id": "b", "name": "B", "depends_on": "a"}]
    with pytest.raises(FaultsError) as caught:
        relief_world(tmp_path / "w", 12, items=items, needs=[{"item": "a", "per_day": 1}], stocks=[], convoys=[])
    assert "circular_dependence" in {fault.code for fault in caught.value.faults if fault.severity == "error"}


def test_a_road_shut_at_the_start_is_avoided_when_there_is_another_way(tmp_path: Path) -> None:
    roads = [*guarded(), road("short", "town", "depot", 10, 30, direction="shut")]
    roads[1]["needs_clearance"] = "no"
    record = play(tmp_path, convoys=[convoy()], roads=roads)
    assert first_hour(measure(record, "delivered:town:food")[0]) == pytest.approx(2, abs=0.5)
