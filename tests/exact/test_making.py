"""The compiled law of plants, facilities and flows against the same law in plain Python, in generated worlds."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corridor.simulate.compile import compile_model
from corridor.simulate.record import Record
from exact.making import Books, World, take_step
from relief_world import relief_world
from worlds import at, simulate

ORDER = ["diesel", "power", "water", "bread"]
PLACES = ("town", "village", "bridge")
STEPS, MINUTES = 24, 60
DAYS = MINUTES / 1440


@st.composite
def worlds_with_plants(draw: Any) -> dict[str, Any]:
    """Return tables of a world in which nobody moves: plants of everything but diesel, from what comes before it."""
    flow = draw(st.sampled_from(["power", "power", "water", ""]))
    items = []
    for index, name in enumerate(ORDER):
        other = draw(st.sampled_from(["", *ORDER[:index]])) if index else ""
        items.append({"id": name, "name": name, "kept": "no" if name == flow else "yes", "depends_on": other,
                      "dependence": draw(st.sampled_from([0.5, 1]))})  # fmt: skip
    amount = st.sampled_from(["", 0, 40, 300, 5000])
    stocks = [
        {"place": place, "item": item, "quantity": "" if item == flow else draw(amount),
         "made_per_day": draw(st.sampled_from([0, 0, 100, 900]))}
        for place in PLACES
        for item in ORDER
        if draw(st.booleans()) or item == "diesel"
    ]  # fmt: skip
    plants = []
    for number in range(draw(st.integers(0, 6))):
        makes = draw(st.sampled_from(ORDER[1:]))
        uses = draw(st.lists(st.sampled_from(ORDER[: ORDER.index(makes)]), max_size=2, unique=True))
        plants.append({
            "id": f"p{number}", "name": f"P{number}", "place": draw(st.sampled_from(PLACES)), "makes": makes,
            "most_per_day": draw(st.sampled_from([0, 200, 1500, 9000])),
            "uses": " ".join(f"{item}={draw(st.sampled_from([0.1, 0.3, 2]))}" for item in uses),
            "serves": " ".join(draw(st.lists(st.sampled_from(PLACES), max_size=3, unique=True))),
            "working": draw(st.sampled_from([1, 0.5])), "priority": draw(st.sampled_from([1, 3, 3, 7])),
        })  # fmt: skip
    facilities = [
        {"id": f"f{n}", "name": f"F{n}", "place": draw(st.sampled_from(PLACES)), "item": draw(st.sampled_from(ORDER)),
         "per_day": draw(st.sampled_from([50, 700])), "priority": draw(st.sampled_from([1, 5, 9])), "people": 30}
        for n in range(draw(st.integers(0, 3)))
    ]  # fmt: skip
    return {
        "people": [{"place": place, "group": "drivers", "people": draw(st.sampled_from([0, 10, 400]))}
                   for place in PLACES[:2]] + [{"place": "bridge", "group": "drivers", "people": 25}],
        "items": items,
        "needs": [{"item": item, "per_day": draw(st.sampled_from([0.5, 2]))} for item in ORDER if draw(st.booleans())]
        or [{"item": "bread", "per_day": 1}],
        "stocks": stocks,
        "plants": plants,
        "facilities": facilities,
        "events": [{"id": f"e{n}", "time": at(draw(st.integers(1, 20))), "kind": "plant", "target": plants[0]["id"],
                    "value": draw(st.sampled_from([0, 0.3, 1]))} for n in range(min(len(plants), 2))],
        "fleets": [],
    }  # fmt: skip


def retell(tables: dict[str, Any]) -> World:
    """Return the tables as the plain law reads them."""
    need = {row["item"]: float(row["per_day"]) for row in tables["needs"]}
    flows = {row["id"] for row in tables["items"] if row["kept"] == "no"}
    plants = [
        {**row, "most": float(row["most_per_day"]), "serves": row["serves"].split() or [row["place"]],
         "uses": {word.split("=")[0]: float(word.split("=")[1]) for word in row["uses"].split()}}
        for row in tables["plants"]
    ]  # fmt: skip
    known = {(row["place"], row["item"]) for row in tables["stocks"] if row["quantity"] != "" or row["item"] in flows}
    known |= {(place, row["makes"]) for row in plants for place in row["serves"] if row["makes"] in flows}
    return World(
        order=ORDER,
        flows=flows,
        people={row["place"]: row["people"] for row in tables["people"]},
        need=lambda _place, item: need.get(item, 0.0),
        made_per_day={(row["place"], row["item"]): float(row["made_per_day"]) for row in tables["stocks"]},
        known=known,
        depends_on={row["id"]: (row["depends_on"], row["dependence"]) for row in tables["items"] if row["depends_on"]},
        plants=plants,
        facilities=tables["facilities"],
    )


def play(tables: dict[str, Any]) -> Record:
    with tempfile.TemporaryDirectory() as folder:
        more = {name: rows for name, rows in tables.items() if rows}
        hours = STEPS * MINUTES / 60
        model = compile_model(relief_world(Path(folder) / "w", hours, step_minutes=MINUTES, **more), "")
    return simulate(model)


@pytest.mark.slow
@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(worlds_with_plants())
def test_the_compiled_law_is_the_plain_one(tables: dict[str, Any]) -> None:
    world, books = retell(tables), Books()
    for row in tables["stocks"]:
        books.stock[row["place"], row["item"]] = float(row["quantity"] or 0)
    working = {row["id"]: float(row["working"]) for row in tables["plants"]}
    record = play(tables)
    events = sorted(tables["events"], key=lambda row: (row["time"], row["id"]))
    for step in range(STEPS):
        for row in events:
            if row["time"] == at(step * MINUTES / 60):
                working[row["target"]] = float(row["value"])
        take_step(world, books, working, DAYS)
        compare(record, books, step + 1)


def compare(record: Record, books: Books, row: int) -> None:
    """Everything recorded at a moment is what the plain law has in its books."""
    by_cell = {"stock": books.stock, "left": books.stock, "made": books.made, "used": books.used, "lost": books.lost}
    by_cell |= {"needed": books.needed, "put_in": books.put_in, "person_days_without": books.without}
    by_name = {"plant_made": books.plant_made, "facility_used": books.facility_used}
    by_name |= {"facility_needed": books.facility_needed, "facility_days_without": books.facility_without}
    for index, column in enumerate(record.columns.measures):
        if column.labels[:1] == ("on_the_road",):
            continue
        if column.series in by_cell:
            expected = by_cell[column.series][column.labels]
        elif column.series in by_name:
            expected = by_name[column.series][column.labels[0]]
        else:
            continue
        found = record.measures[0, row, index]
        assert np.isclose(found, expected, rtol=1e-7, atol=1e-6), (column, row, found, expected)
