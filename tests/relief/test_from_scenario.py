"""The seam: what a scenario's rows become in a relief problem."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from corridor.cli import plan as plan_command
from corridor.relief.check import require_rows
from corridor.relief.from_scenario import read_foods, read_problem
from corridor.relief.ledger import keep_ledger
from corridor.relief.plan import make_plan
from corridor.relief.standards import daily_requirements
from corridor.scenario.faults import FaultsError, UsageError
from corridor.scenario.read import Row
from corridor.scenario.scenario import Scenario
from corridor.scenario.values import parse_quantity

START = datetime(2023, 9, 22)
TEXT = {
    "id",
    "from",
    "to",
    "place",
    "item",
    "group",
    "fleet",
    "road",
    "area",
    "purpose",
    "direction",
    "status",
}
TEXT |= {"unit", "refuels", "name", "set"}


def rows(table: str, *given: dict[str, Any]) -> tuple[Row, ...]:
    """Return rows as the reader makes them: numbers become quantities, the rest stays what it is."""
    return tuple(
        Row(
            table,
            f"{table}.csv",
            line,
            {
                column: parse_quantity(value) if isinstance(value, str) and column not in TEXT else value
                for column, value in values.items()
            },
        )
        for line, values in enumerate(given, start=2)
    )


def small_scenario(**other: tuple[Row, ...]) -> Scenario:
    """Return a town inside, a depot outside, one road between that needs a clearance, and two items."""
    tables = {
        "places": rows("places", {"id": "town", "area": "inside"}, {"id": "depot", "area": "outside"}),
        "people": rows(
            "people",
            {"place": "town", "group": "families", "people": "9000", "set": ""},
            {"place": "town", "group": "patients", "people": "1000", "set": ""},
            {"place": "town", "group": "families", "people": "1", "set": "another"},
        ),
        "roads": rows(
            "roads",
            {
                "id": "road",
                "from": "town",
                "to": "depot",
                "length_km": 60.0,
                "speed_kmh": "30",
                "direction": "normal",
                "needs_clearance": True,
            },
        ),
        "checkpoints": rows("checkpoints", {"id": "gate", "place": "town", "lanes": "2", "seconds_per_vehicle": "720"}),
        "fleets": rows(
            "fleets",
            {
                "id": "lorries",
                "place": "depot",
                "purpose": "goods",
                "vehicles": "4..7",
                "tonnes": "10",
                "fuel_per_100km": "40",
                "handling_hours": "2",
            },
            {"id": "buses", "place": "town", "purpose": "people", "vehicles": "9", "tonnes": None},
        ),
        "items": rows(
            "items",
            {
                "id": "food",
                "unit": "kg",
                "tonnes_per_unit": 0.001,
                "life_saving": True,
                "weight": 1.0,
                "is_fuel": False,
            },
            {
                "id": "diesel",
                "unit": "l",
                "tonnes_per_unit": 0.00084,
                "life_saving": False,
                "weight": 0.5,
                "is_fuel": True,
            },
        ),
        "needs": rows(
            "needs",
            {"item": "food", "place": "", "group": "", "per_day": "0.5"},
            {"item": "food", "place": "", "group": "patients", "per_day": "1"},
            {"item": "diesel", "place": "town", "group": "", "per_day": "0.01"},
        ),
        "stocks": rows(
            "stocks",
            {
                "place": "town",
                "item": "food",
                "quantity": "0..11000",
                "made_per_day": "1000",
                "hours_without": 5.0,
            },
            {"place": "town", "item": "diesel", "quantity": None, "made_per_day": "0", "hours_without": 0.0},
        ),
        "depots": rows(
            "depots",
            {
                "id": "a",
                "place": "depot",
                "item": "food",
                "quantity": "80000",
                "per_day": "4000",
                "from": datetime(2023, 9, 23),
            },
            {"id": "b", "place": "depot", "item": "diesel", "quantity": None, "per_day": "0", "from": None},
        ),
        "slots": rows(
            "slots",
            {
                "id": "window",
                "road": "road",
                "convoys_per_day": "1",
                "direction": "in",
                "first_hour": 6.0,
                "last_hour": 18.0,
                "from": None,
                "until": datetime(2023, 9, 25),
            },
        ),
        "clearances": rows(
            "clearances",
            {
                "id": "given",
                "fleet": "",
                "road": "road",
                "from": datetime(2023, 9, 23),
                "until": datetime(2023, 9, 25),
                "trucks": 6,
                "status": "granted",
            },
            {
                "id": "refused",
                "fleet": "",
                "road": "road",
                "from": START,
                "until": datetime(2023, 9, 30),
                "trucks": None,
                "status": "refused",
            },
        ),
    }
    settings = {
        "start": START,
        "end": datetime(2023, 10, 2),
        "sensitivity": "public",
        "title": "Small",
        "default_set": "",
    }
    return Scenario(Path("small"), settings, {}, tables | other)


def test_units_ranges_and_groups_become_tonnes() -> None:
    read = read_problem(small_scenario(), "", START, 4.0, 6.0)
    problem = read.problem
    assert problem.periods == 16
    assert problem.people[0].tolist() == [10_000.0, 0.0]
    assert problem.need[0] == pytest.approx([(0.9 * 0.5 + 0.1 * 1.0) / 1000.0, 0.01 * 0.00084])
    assert problem.need[1].tolist() == [0.0, 0.0]
    assert (read.stock_low[0, 0], problem.stock[0, 0], read.stock_high[0, 0]) == pytest.approx((0.0, 5.5, 11.0))
    assert math.isnan(problem.stock[0, 1])
    assert problem.without[0].tolist() == [5.0, 0.0]
    assert problem.fuel == "diesel"
    (lorries,) = problem.fleets
    assert (lorries.trucks, lorries.litres_per_km, lorries.margin) == (5.0, 0.4, 1.25)


def test_supply_is_made_in_town_and_comes_to_the_depot_when_said() -> None:
    problem = read_problem(small_scenario(), "", START, 4.0, 6.0).problem
    assert problem.supply[:, 0, 0] == pytest.approx(np.full(16, 0.25))
    assert problem.supply[:4, 1, 0] == pytest.approx(np.zeros(4))
    assert problem.supply[4, 1, 0] == pytest.approx(81.0)
    assert problem.supply[5:, 1, 0] == pytest.approx(np.ones(11))
    assert problem.unlimited.tolist() == [[False, False], [False, True]]


def test_roads_slots_checkpoint_and_clearances() -> None:
    problem = read_problem(small_scenario(), "", START, 4.0, 6.0).problem
    gate, window = problem.limits
    assert gate.most == pytest.approx(np.full(16, 2 * 3600 / 720 * 6.0))
    assert gate.both_ways
    assert window.most.tolist() == [0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    assert not window.forward
    (clearance,) = problem.clearances
    assert (clearance.id, clearance.fleet, clearance.first, clearance.last) == ("given", "*", 4, 12)
    plan = make_plan(problem)
    assert {convoy.departs for convoy in plan.convoys} <= {datetime(2023, 9, 23, 6), datetime(2023, 9, 24, 6)}
    assert 0 < sum(convoy.trucks for convoy in plan.convoys) <= 6
    assert {convoy.clearance for convoy in plan.convoys} == {"given"}


@pytest.mark.parametrize(("mode", "inward"), [("normal", 1.0), ("outbound", 0.0), ("alternating", 0.5), ("shut", 0.0)])
def test_direction_says_what_may_go_in(mode: str, inward: float) -> None:
    road = small_scenario().tables["roads"][0]
    changed = Row("roads", "roads.csv", 2, road.values | {"direction": mode})
    problem = read_problem(small_scenario(roads=(changed,)), "", START, 4.0, 6.0).problem
    assert problem.roads[0].backward.tolist() == [inward] * 16
    assert bool(make_plan(problem).convoys) == (inward > 0)


def test_people_expected_by_a_run_replace_those_at_the_start() -> None:
    leaving = np.zeros((16, 2))
    leaving[:, 0] = np.linspace(10_000.0, 0.0, 16)
    problem = read_problem(small_scenario(), "", START, 4.0, 6.0, leaving).problem
    assert problem.use_per_period()[:, 0, 0] == pytest.approx(leaving[:, 0] * 0.55 / 1000.0 / 4.0)


def test_what_is_missing_for_a_plan_is_named_at_once() -> None:
    with pytest.raises(FaultsError) as raised:
        read_problem(small_scenario(items=(), needs=()), "", START, 4.0, 6.0)
    assert [fault.file for fault in raised.value.faults] == ["items.csv", "needs.csv"]


def test_a_ledger_needs_no_fleet_and_a_plan_says_that_it_does() -> None:
    scenario = small_scenario(fleets=(), clearances=())
    assert all(cover.haul is None for cover in keep_ledger(read_problem(scenario, "", START, 4.0, 6.0).problem))
    with pytest.raises(FaultsError) as raised:
        require_rows(scenario, "")
    assert [(fault.code, fault.severity) for fault in raised.value.faults] == [("no_fleets", "error")]


def test_foods_keep_the_columns_that_the_standards_know() -> None:
    foods = rows("foods", {"id": "flour", "energy": "364", "protein": "10.3", "most_grams": "500"})
    found, requirements = read_foods(small_scenario(foods=foods), "", daily_requirements())
    assert [requirement.nutrient for requirement in requirements] == ["energy", "protein"]
    assert found[0].nutrients == (364.0, 10.3)
    assert math.isnan(found[0].cost_per_tonne)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch):
    """Return a function that runs `plan` on the small scenario and gives its result."""
    app = typer.Typer()
    app.command()(plan_command.plan)
    scenario = small_scenario(foods=rows("foods", {"id": "flour", "energy": "364", "protein": "10.3"}))
    monkeypatch.setattr("corridor.front.cases.read_scenario", lambda folder, variant, edits=None: scenario)
    return lambda *arguments: CliRunner().invoke(app, ["small", *arguments])


@pytest.mark.slow
def test_each_way_of_asking_prints_one_json_document(command, tmp_path: Path) -> None:
    for arguments in (
        ["--ledger"],
        ["--ration"],
        ["--days", "4"],
        ["--days", "4", "--out", str(tmp_path / "plan")],
    ):
        result = command(*arguments, "--json")
        assert result.exit_code == 0, result.output
        assert json.loads(result.stdout)
    files = {path.name for path in (tmp_path / "plan").iterdir()}
    papers = {"who-what-where.csv", "plan.xlsx", "arrivals.svg", "timetable.html", "orders.html"}
    assert files == {"convoys.csv", "weights.toml", "scenario", *papers}


@pytest.mark.slow
def test_a_plan_folder_in_use_is_left_alone(command, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    result = command("--days", "4", "--out", str(tmp_path))
    assert isinstance(result.exception, UsageError)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--ledger", "--ration"],
        ["--from", "soon"],
        ["--from", "1999-01-01"],
        ["--ration", "--aim", "taste"],
        ["--solver", "x"],
    ],
)
def test_what_cannot_be_asked_is_a_usage_error(command, arguments: list[str]) -> None:
    assert isinstance(command(*arguments).exception, UsageError)


def test_the_command_loads_no_numerical_library() -> None:
    heavy = ("numpy", "scipy", "highspy", "matplotlib")
    code = f"import sys, corridor.cli.plan; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
