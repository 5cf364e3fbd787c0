"""Goods come only from where they are: depots outside by hand arithmetic (rule 20)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corridor.simulate.compile import compile_model
from relief_world import convoy, relief_world
from worlds import at, measure, simulate

LORRIES = {"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": 10, "tonnes": 10}


def play(folder: Path, depots: list[dict[str, object]], hours: float = 72, **more: object):
    """Simulate the small world with these depots; convoys of 10 t leave at 0 and 24 h unless said otherwise."""
    convoys = [convoy("a"), convoy("b", 24)]
    world = relief_world(folder / "world", hours, **{"depots": depots, "convoys": convoys, **more})
    return simulate(compile_model(world, ""))


def depot(quantity: object = "", item: str = "food", **more: object) -> dict[str, object]:
    return {"id": f"store-{item}-{quantity}", "place": "depot", "item": item, "quantity": quantity, **more}


def last(record, name: str) -> float:
    return float(measure(record, name)[0, -1])


def test_convoys_bring_no_more_than_a_depot_outside_holds(tmp_path: Path) -> None:
    record = play(tmp_path, [depot(15_000)])
    assert last(record, "brought_in:food") == last(record, "loaded:food") == 15_000
    assert measure(record, "stock:depot:food")[0, [0, 12, -1]].tolist() == [15_000, 5_000, 0]
    assert last(record, "sent:depot:food") == 15_000


def test_what_is_added_each_day_and_later_can_be_loaded_from_then_on(tmp_path: Path) -> None:
    # opens at 12 h with 2 t, 12 t a day from then: nothing at 0 h; at 24 h half a day and the step that begins
    record = play(tmp_path, [depot(2_000, per_day=12_000, **{"from": at(12)})])
    assert last(record, "brought_in:food") == pytest.approx(2_000 + 12_000 * 12.25 / 24)
    assert last(record, "made:depot:food") == pytest.approx(2_000 + 12_000 * 60 / 24)
    assert measure(record, "stock:depot:food")[0, 0] == 0


def test_what_is_turned_back_is_in_the_depot_again(tmp_path: Path) -> None:
    refused = [{"id": "no", "road": "town-bridge", "from": at(0), "until": at(12), "status": "refused"}]
    refused += [{"id": "yes", "road": "town-bridge", "from": at(12), "until": at(90)}]
    roads = [
        {"id": "village-town", "from": "village", "to": "town", "length_km": 30, "speed_kmh": 30},
        {
            "id": "town-bridge",
            "from": "town",
            "to": "bridge",
            "length_km": 30,
            "speed_kmh": 30,
            "needs_clearance": "yes",
        },
        {"id": "bridge-depot", "from": "bridge", "to": "depot", "length_km": 30, "speed_kmh": 30},
        {"id": "depot-city", "from": "depot", "to": "city", "length_km": 30, "speed_kmh": 30},
    ]
    record = play(tmp_path, [depot(10_000)], roads=roads, clearances=refused)
    assert last(record, "returned:food") == 10_000
    assert last(record, "brought_in:food") == 10_000  # by the second, with the same goods
    assert last(record, "loaded:food") == 20_000
    assert last(record, "sent:depot:food") == 10_000


@pytest.mark.slow
def test_trucks_wait_for_fuel_where_a_depot_outside_says_how_much_there_is(tmp_path: Path) -> None:
    # 60 km there and back, two trucks, 30 l in 100 km: 72 l a convoy
    items = [{"id": "food", "name": "Food"}, {"id": "diesel", "name": "Diesel", "is_fuel": "yes"}]
    fleets = [{**LORRIES, "fuel_per_100km": 30}]
    for litres, brought in ((100, 10_000), (144, 20_000), ("", 20_000)):
        record = play(tmp_path / str(litres), [depot(), depot(litres, "diesel")], items=items, fleets=fleets)
        assert last(record, "brought_in:food") == brought
        if litres:
            assert last(record, "burned:depot:diesel") == pytest.approx(72 * brought / 10_000)


def test_a_depot_that_never_runs_out_changes_nothing(tmp_path: Path) -> None:
    with_depot = play(tmp_path / "one", [depot(), depot(3)])  # of two depots for an item one is endless
    without = play(tmp_path / "two", [])
    assert with_depot.columns == without.columns
    np.testing.assert_array_equal(with_depot.measures, without.measures)
    np.testing.assert_array_equal(with_depot.counts, without.counts)
