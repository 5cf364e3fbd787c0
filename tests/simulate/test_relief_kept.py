"""Nothing is lost and nothing appears: goods in every recorded column, in worlds made at random."""

from __future__ import annotations

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

ITEMS = ("bread", "diesel", "power")
STOCK = ("stock", "left", "carried")


def draw_convoy(draw: Any, number: int) -> dict[str, Any]:
    """Return a convoy anywhere, at any time, with any end."""
    start, goal = draw(
        st.sampled_from(
            [("depot", "town"), ("depot", "village"), ("town", "village"), ("village", "city"), ("city", "depot")]
        )
    )
    departs = draw(st.integers(-10, 40))
    return convoy(
        f"c{number}",
        loads=f"bread={draw(st.integers(0, 30))} diesel={draw(st.integers(0, 5))}",
        departs=f"{at(departs)}..{at(departs + draw(st.integers(0, 20)))}",
        trucks=draw(st.sampled_from(["", 1, 3])),
        fleet=draw(st.sampled_from(["lorries", "local"])),
        outcome=draw(st.sampled_from(["planned", "planned", "planned", "turned_back", "delivered", "unknown"])),
        **{"from": start, "to": goal},
    )


@st.composite
def worlds_with_relief(draw: Any) -> dict[str, Any]:
    """Return tables of a world with flight, needs that hang together, slots, clearances and roads that change."""
    quantity = st.sampled_from(["", 0, 500, "100..4000", 100_000])
    made = st.sampled_from([0, "0..900"])
    is_fuel, store = draw(st.sampled_from(["yes", "no"])), draw(st.sampled_from(["", 700]))
    most = draw(st.sampled_from(["", 4]))
    return {
        "people": [
            {"place": "town", "group": "drivers", "people": draw(st.integers(1, 5000))},
            {"place": "village", "group": "drivers", "people": draw(st.integers(1, 800))},
        ],
        "leave_rate": draw(st.sampled_from([0, 0.01, 0.3])),
        "items": [
            {"id": "bread", "name": "Bread", "depends_on": draw(st.sampled_from(["", "power"])),
             "dependence": "0..1"},
            {"id": "diesel", "name": "Diesel", "is_fuel": is_fuel, "tonnes_per_unit": 0.00084},
            {"id": "power", "name": "Power", "tonnes_per_unit": 0},
        ],
        "needs": [
            {"item": "bread", "per_day": "0.3..0.6"},
            {"item": "bread", "place": "village", "per_day": 1},
            {"item": "diesel", "per_day": 0.1},
            {"item": "power", "per_day": 1},
        ],
        "stocks": [
            {"place": name, "item": item, "quantity": draw(quantity), "made_per_day": draw(made)}
            for name in ("town", "village")
            for item in ITEMS
        ],
        "depots": [
            {"id": "store", "place": "town", "item": "bread", "quantity": store, "per_day": 10,
             "from": draw(st.sampled_from(["", at(9)]))},
            {"id": "outside", "place": "depot", "item": "bread", "quantity": draw(st.sampled_from(["", 0, "5e3..4e4"])),
             "per_day": draw(st.sampled_from([0, "0..9000"])), "from": draw(st.sampled_from(["", at(9)]))},
            {"id": "tank", "place": "depot", "item": "diesel", "quantity": draw(st.sampled_from(["", 300, 9000]))},
            {"id": "market", "place": "city", "item": "bread", "quantity": draw(st.sampled_from(["", 400]))},
        ],
        "fleets": [
            {"id": "lorries", "place": "depot", "purpose": "goods", "vehicles": "1..5", "tonnes": "5..10",
             "refuels": draw(st.sampled_from(["base", "destination"]))},
            {"id": "local", "place": "town", "purpose": "goods", "vehicles": 2, "tonnes": 3, "convoy_trucks": 2},
        ],
        "slots": [{"id": "slot", "road": "bridge-depot", "convoys_per_day": "0..3", "first_hour": 6, "last_hour": 20}],
        "clearances": [
            {"id": "yes", "road": "town-bridge", "from": at(0), "until": at(40), "trucks": most},
            {"id": "no", "road": "town-bridge", "from": at(20), "until": at(60), "status": "refused"},
        ],
        "events": [
            {"id": "change", "time": at(draw(st.integers(1, 40))), "kind": "direction", "target": "town-bridge",
             "mode": draw(st.sampled_from(["outbound", "shut", "alternating"]))},
            {"id": "flee", "time": at(5), "kind": "evacuation", "target": "village", "to": "town", "value": 300},
        ],
        "convoys": [draw_convoy(draw, number) for number in range(draw(st.integers(0, 5)))],
    }  # fmt: skip


def total(record: Record, series: str, item: str) -> np.ndarray:
    """Return a series added up over places [R, T]."""
    columns = [
        i for i, column in enumerate(record.columns.measures) if column.series == series and column.labels[-1] == item
    ]
    return np.asarray(record.measures[:, :, columns].sum(axis=2))


@pytest.mark.slow
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(worlds_with_relief())
def test_goods_are_kept_in_every_recorded_column(tables: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = compile_model(relief_world(Path(folder) / "world", 48, **tables), "")
    record = simulate(model, replicates=4)
    check_goods(record)


def check_goods(record: Record) -> None:
    """What is loaded and what is in store is kept, item by item, at every recorded moment."""
    for item in ITEMS:
        loaded, arrived, under_way, back = (
            total(record, name, item) for name in ("loaded", "brought_in", "on_the_way", "returned")
        )
        np.testing.assert_allclose(loaded, arrived + under_way + back, atol=1e-6)
        stock = sum(total(record, name, item) for name in STOCK)
        came = stock[:, :1] + total(record, "made", item) + total(record, "delivered", item)
        went = sum(total(record, name, item) for name in ("used", "burned", "sent", "taken_out"))
        np.testing.assert_allclose(came, stock + went, rtol=1e-9, atol=1e-6)
        assert (stock >= -1e-9).all()
        assert (total(record, "used", item) <= total(record, "needed", item) + 1e-6).all()
    growing = ("made", "delivered", "used", "burned", "needed", "loaded", "brought_in", "returned", "taken_out")
    for series in (*growing, "person_days_without"):
        steps = np.diff(sum(total(record, series, item) for item in ITEMS), axis=1)
        assert (steps >= -1e-6).all(), series


@pytest.mark.slow
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(worlds_with_relief(), st.sampled_from([0, 0.05, 1]), st.sampled_from(["", 3, "10..40"]))
def test_goods_are_kept_with_people_displaced_and_held(tables: dict[str, Any], onward: float, papers: object) -> None:
    """Rules 18, 30 and 31: people take supplies to a refuge and on, and use them while they are held."""
    places = [place("town"), place("village", attractiveness=2), place("bridge", attractiveness="0..1")]
    places += [place("city", "outside", attractiveness=1), place("depot", "outside")]
    group = {"id": "drivers", "name": "Drivers", "transport": "own", "people_per_vehicle": 2, "fuel_litres": 0}
    groups = [{**group, "leave_rate": tables["leave_rate"], "onward_rate": onward}]
    rule = {"id": "p", "checkpoint": "gate", "group": "drivers", "share": 0.3, "from": at(6), "papers_hours": papers}
    window = {"id": "w", "road": "town-bridge", "first_hour": 6, "last_hour": 20, "chance": 0.7}
    more = {"places": places, "groups": groups, "passage": [rule], "windows": [window]}
    with tempfile.TemporaryDirectory() as folder:
        model = compile_model(relief_world(Path(folder) / "world", 48, **{**tables, **more}), "")
    record = simulate(model, replicates=4)
    check_goods(record)
    assert conservation_error(record) == 0


@pytest.mark.slow
@settings(max_examples=10, suppress_health_check=list(HealthCheck))
@given(worlds_with_relief())
def test_nobody_is_said_to_go_without_where_the_stock_is_not_known(tables: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        model = compile_model(relief_world(Path(folder) / "world", 48, **tables), "")
    record = simulate(model)
    unknown = {(row["place"], row["item"]) for row in tables["stocks"] if row["quantity"] == ""}
    if tables["depots"][0]["quantity"] == "":
        unknown -= {("town", "bread")}
    for where, item in unknown:
        names = record.columns.measures
        assert ("person_days_without", (where, item)) not in names
        assert ("stock", (where, item)) not in names
        assert ("left", (where, item)) in names
    assert np.isfinite(record.measures).all()
