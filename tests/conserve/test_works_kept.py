"""Nothing is lost and nothing appears, place by place and item by item, in generated worlds with plants and flight.

The whole: `CORRIDOR_WORLDS=10000 pytest -m slow tests/conserve/test_works_kept.py -s -o faulthandler_timeout=0`; it prints
what was found.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.simulate.batch import conservation_error
from corridor.simulate.compile import compile_model
from corridor.simulate.record import Record
from relief_world import convoy, relief_world
from worlds import at, place, simulate

ITEMS = ("bread", "diesel", "power", "water")
TOWNS = ("town", "village", "bridge")
HOURS = 24
WORLDS = int(os.environ.get("CORRIDOR_WORLDS", "40"))
CAME = ("made", "delivered")
WENT = ("used", "burned", "sent", "lost", "put_in", "fuelled")


@st.composite
def worlds_with_works(draw: Any) -> dict[str, Any]:
    """Return tables of a world with flight, convoys, depots inside and outside, plants, facilities and events."""

    def pick(*values: Any) -> Any:
        return draw(st.sampled_from(values))

    plants = []
    for number in range(draw(st.integers(0, 4))):
        makes = pick("power", "water", "bread")
        inputs = draw(st.lists(st.sampled_from({"power": ["diesel"], "water": ["diesel", "power"],
                                                "bread": ["diesel", "power", "water"]}[makes]), unique=True))  # fmt: skip
        plants.append({
            "id": f"p{number}", "name": "P", "place": pick(*TOWNS), "makes": makes, "most_per_day": pick(300, "0..9000"),
            "uses": " ".join(f"{item}={pick(0.1, 0.7)}" for item in inputs), "working": pick(1, "0..1"),
            "serves": " ".join(draw(st.lists(st.sampled_from(TOWNS), unique=True))), "priority": pick(1, 3, 5),
        })  # fmt: skip
    leaving = pick("yes", "no")
    events = [
        {"id": "flee", "time": at(5), "kind": "evacuation", "target": "village", "to": "town", "value": 300},
        {"id": "shut", "time": at(draw(st.integers(1, 20))), "kind": "direction", "target": "town-bridge",
         "mode": pick("outbound", "shut", "alternating")},
        {"id": "fire", "time": at(draw(st.integers(1, 20))), "kind": "fuel_stock", "target": "town",
         "value": pick(-900, "-5000..200", 400)},
        {"id": "give", "time": at(3), "kind": "fuel_supply", "target": pick("village", "bridge"), "value": "0..50"},
    ]  # fmt: skip
    events += [{"id": f"cut{n}", "time": at(draw(st.integers(1, 20))), "kind": "plant", "target": row["id"],
                "value": pick(0, "0..1")} for n, row in enumerate(plants)]  # fmt: skip
    routes = [("depot", "town"), ("depot", "village"), ("town", "village"), ("village", "city")]
    convoys = []
    for number in range(draw(st.integers(0, 4))):
        start, goal = pick(*routes)
        loads = f"bread={pick(0, 3, 9)} diesel={pick(0, 1, 4)}"
        more = {"from": start, "to": goal, "fleet": pick("lorries", "local"), "outcome": pick("planned", "turned_back")}
        convoys.append(convoy(f"c{number}", draw(st.integers(0, 15)), loads=loads, trucks=pick("", 2), **more))
    return {
        "places": [place("town"), place("village", attractiveness=pick("", 1)), place("bridge"),
                   place("city", "outside", attractiveness=1), place("depot", "outside")],
        "people": [{"place": name, "group": "drivers", "people": draw(st.integers(1, 2000))} for name in TOWNS],
        "groups": [{"id": "drivers", "name": "Drivers", "transport": "own", "people_per_vehicle": 2,
                    "fuel_litres": pick(0, 6), "leave_rate": pick(0, 0.02, 0.4), "return_rate": pick("", 0.02)}],
        "items": [
            {"id": "bread", "name": "Bread", "depends_on": pick("", "power", "water"), "dependence": "0..1"},
            {"id": "diesel", "name": "Diesel", "is_fuel": pick("yes", "no"), "for_leaving": leaving,
             "tonnes_per_unit": 0.00084},
            {"id": "power", "name": "Power", "kept": "no", "tonnes_per_unit": 0},
            {"id": "water", "name": "Water", "kept": pick("yes", "yes", "no"), "depends_on": pick("", "power")},
        ],
        "needs": [{"item": item, "per_day": pick("0.1..2", 1)} for item in ITEMS if item == "bread" or draw(st.booleans())],
        "stocks": [{"place": name, "item": item, "quantity": pick("", 0, 500, "100..4000", 90_000),
                    "made_per_day": pick(0, "0..900")}
                   for name in TOWNS for item in ("bread", "diesel") if draw(st.booleans())]
        + [{"place": "town", "item": "power", "quantity": "", "made_per_day": "0..900"}],
        "depots": [
            {"id": "inner", "place": "town", "item": pick("bread", "diesel"), "quantity": pick("", 700), "per_day": 10,
             "from": pick("", at(9))},
            {"id": "outer", "place": "depot", "item": "diesel", "quantity": pick("", 2000), "per_day": pick(0, 500)},
        ],
        "fleets": [
            {"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": "1..5", "tonnes": "5..10",
             "refuels": pick("base", "destination")},
            {"id": "local", "place": "town", "purpose": "goods", "vehicles": 2, "tonnes": 3, "convoy_trucks": 2},
        ],
        "facilities": [{"id": f"f{n}", "name": "F", "place": pick(*TOWNS), "item": pick(*ITEMS), "people": "0..50",
                        "per_day": pick(40, "0..2000"), "priority": pick(1, 5, 9)} for n in range(draw(st.integers(0, 3)))],
        "plants": plants,
        "events": events if leaving == "yes" else [row for row in events if row["id"] not in ("fire", "give")],
        "convoys": convoys,
    }  # fmt: skip


def play(tables: dict[str, Any], replicates: int = 2) -> Record:
    with tempfile.TemporaryDirectory() as folder:
        scenario = relief_world(Path(folder) / "world", HOURS, **tables, step_minutes=60)
        model = compile_model(scenario, "")
    return simulate(model, replicates)


def add_up(record: Record, places: dict[str, str], item: str, names: tuple[str, ...], where: str) -> np.ndarray:
    """Return series of an item added up at a place, or over all places where none is named [R, T]."""
    columns = [
        n for n, column in enumerate(record.columns.measures)
        if column.series in names and len(column.labels) == 2 and column.labels[1] == item
        and (where in ("", column.labels[0])) and column.labels[0] in places
    ]  # fmt: skip
    return np.asarray(record.measures[:, :, columns].sum(axis=2))


def find_gap(tables: dict[str, Any]) -> tuple[float, float]:
    """Return what does not add up, at most, of any item in all places together and how much of it was there."""
    record = play(tables)
    assert conservation_error(record) == 0
    assert np.isfinite(record.measures).all()
    used_by = {row["id"]: (row["place"], row["item"]) for row in tables["facilities"]}
    inside = dict.fromkeys([*TOWNS, "on_the_road"], "")
    worst, largest = 0.0, 0.0
    for item in ITEMS:
        used = np.zeros(record.measures.shape[:2])
        for n, column in enumerate(record.columns.measures):
            if column.series == "facility_used" and used_by[column.labels[0]][1] == item:
                used += record.measures[:, :, n]
            if column.series == "taken_out" and column.labels == (item,):
                used += record.measures[:, :, n]
        stock = add_up(record, inside, item, ("stock", "left", "carried"), "")
        came = stock[:, :1] + add_up(record, inside, item, CAME, "")
        went = used + add_up(record, inside, item, WENT, "")
        assert (stock >= -1e-7).all()
        assert (
            add_up(record, inside, item, ("used",), "") <= add_up(record, inside, item, ("needed",), "") + 1e-6
        ).all()
        worst = max(worst, float(np.abs(came - stock - went).max()), find_gap_outside(record, item))
        largest = max(largest, float(came.max()))
    growing = {
        *WENT,
        *CAME,
        "plant_made",
        "facility_used",
        "facility_needed",
        "facility_days_without",
        "person_days_without",
    }
    rows = [n for n, column in enumerate(record.columns.measures) if column.series in growing - {"sent"}]
    assert (np.diff(record.measures[:, :, rows], axis=1) >= -1e-6).all()
    return worst, largest


def find_gap_outside(record: Record, item: str) -> float:
    """Return what does not add up, at most, of an item in depots outside and on trucks."""
    outside = {"depot": "", "city": ""}
    stock = add_up(record, outside, item, ("stock",), "")
    gap = stock[:, :1] + add_up(record, outside, item, CAME, "") - stock - add_up(record, outside, item, WENT, "")
    total = {column.series: record.measures[:, :, n] for n, column in enumerate(record.columns.measures)
             if column.labels == (item,)}  # fmt: skip
    trucks = total["loaded"] - total["brought_in"] - total["on_the_way"] - total["returned"]
    limited = [n for n, column in enumerate(record.columns.measures) if column == ("stock", ("depot", item))]
    return float(max(np.abs(gap).max() if limited else 0.0, np.abs(trucks).max()))


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
@given(worlds_with_works())
def test_goods_are_kept_with_plants_and_fuel_for_leaving(tables: dict[str, Any]) -> None:
    gap, largest = find_gap(tables)
    assert gap <= 1e-9 * max(largest, 1.0) + 1e-6


@pytest.mark.slow
def test_goods_are_kept_in_many_worlds() -> None:
    """Print how many worlds were simulated and the largest share of an item that did not add up in any."""
    found: list[float] = []

    @settings(max_examples=WORLDS, suppress_health_check=list(HealthCheck), deadline=None, database=None)
    @given(worlds_with_works())
    def look(tables: dict[str, Any]) -> None:
        gap, largest = find_gap(tables)
        found.append(gap / max(largest, 1.0))
        assert found[-1] <= 1e-9
        if len(found) % 1000 == 0:
            print(f"{len(found)} worlds so far: {max(found):.1e}", flush=True)

    look()
    print(f"{len(found)} worlds, largest share of an item that did not add up: {max(found):.1e}")
