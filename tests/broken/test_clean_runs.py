"""What checks clean also runs, scores and reports: damaged copies of a folder with needs, convoys and a negotiation."""

from __future__ import annotations

import os
import random
import shutil
from pathlib import Path

import pytest
from breakages import add, put, state_needs, swap
from test_mutations import change_cells, change_lines, cut_end, move_cells

from corridor.forecast.score import score_result
from corridor.front.briefing import write_report
from corridor.front.cases import check
from corridor.results.run import run
from corridor.scenario.create import create_scenario
from corridor.scenario.scenario import Scenario, read_scenario

VARIANT = "two_more_lanes"
MOST_STEPS = 500
CRAMPED = "ignore:constrained_layout not applied"  # a picture with very long names is cramped, not wrong
SENSIBLE = (change_cells, change_cells, change_cells, move_cells, change_lines, cut_end)
NUMBERS = ("0", "1", "2", "-1", "0.001", "3..5", "0..1", "20 ± 50%", "7 (0..9)", "1000000", "1e-9")


@pytest.fixture
def rich(tmp_path: Path) -> Path:
    """A short case that states everything a scenario may hold."""
    folder = tmp_path / "rich"
    create_scenario(folder)
    swap("scenario.toml", "2025-03-08T00:00", "2025-03-04T12:00")(folder)
    swap("scenario.toml", "step_minutes = 15", "step_minutes = 60")(folder)
    state_needs(folder)
    add("items.csv", "fuel,Fuel,l,")(folder)
    swap("items.csv", "depends_on", "depends_on,is_fuel,tonnes_per_unit")(folder)
    swap("items.csv", "fuel,Fuel,l,", "fuel,Fuel,l,,yes,0.001")(folder)
    put("stocks.csv", b"place,item,quantity,made_per_day\ntown,food,20000..40000,100\nvillage,food,500,\n")(folder)
    put(
        "depots.csv", b"id,place,item,quantity,per_day,from\nstore,capital,food,,,\ntank,town,fuel,500,10,2025-03-02\n"
    )(folder)
    put("slots.csv", b"id,road,convoys_per_day,first_hour,last_hour\ns,town-bridge,2..4,6,20\n")(folder)
    put("clearances.csv", b"id,fleet,road,from,until,trucks\nc,trucks,town-bridge,2025-03-02,2025-03-04,40\n")(folder)
    add("convoys.csv", "two,trucks,food=9 fuel=1,capital,village,2025-03-02T06:00..2025-03-02T12:00")(folder)
    put("actors.csv", b"id,name,capability,veto,voice_only\nnorth,North,10,no,no\nsouth,South,20..30,yes,no\n")(folder)
    put("issues.csv", b"id,title,low_end,high_end\nroad,The road,shut,open\n")(folder)
    put("positions.csv", b"issue,actor,position,salience,no_deal\nroad,north,10,80,5\nroad,south,60..80,40,9\n")(folder)
    add("events.csv", "leave,2025-03-02T01:00,evacuation,village,border_town,300,,Buses,")(folder)
    add("events.csv", "more,2025-03-03T01:00,vehicles,buses,,5,,,")(folder)
    add("events.csv", "shut,2025-03-03T03:00,direction,bridge-border,,,shut,,")(folder)
    assert list(check(folder).faults) == []
    return folder


def change_numbers(luck: random.Random, data: bytes) -> bytes:
    """Put other numbers into cells of one line: more often sense than what change_cells writes."""
    lines = data.decode().splitlines()
    head = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    at = luck.randrange(head + 1, len(lines))
    cells = lines[at].split(",")
    numbers = [i for i, cell in enumerate(cells) if not cell or (cell[0].isdigit() and "T" not in cell)]
    for i in luck.sample(numbers, min(len(numbers), luck.choice((1, 1, 2)))):
        cells[i] = luck.choice(NUMBERS)
    lines[at] = ",".join(cells)
    return ("\n".join(lines) + "\n").encode()


def damage(luck: random.Random, folder: Path) -> None:
    files = sorted(path for path in folder.rglob("*.csv"))
    for path in luck.sample(files, luck.choice((1, 1, 2))):
        how = change_numbers if luck.random() < 0.8 else luck.choice(SENSIBLE)
        data = path.read_bytes()
        if data.count(b"\n") > 1:
            path.write_bytes(how(luck, data))


def is_short(scenario: Scenario) -> bool:
    minutes = (scenario.end - scenario.start).total_seconds() / 60
    return minutes / scenario.settings["step_minutes"] <= MOST_STEPS


def try_folders(rich: Path, numbers: range, report: bool) -> int:
    """Damage copies of a folder; run, score and perhaps report those that check clean, and return how many did."""
    clean = 0
    for number in numbers:
        folder, out = rich.with_name(f"damaged{number}"), rich.with_name(f"run{number}")
        shutil.copytree(rich, folder)
        damage(random.Random(number), folder)
        asked = VARIANT if number % 3 == 0 else None
        if not any(fault.severity == "error" for fault in list(check(folder, asked).faults)):
            scenario = read_scenario(folder, asked)
            if is_short(scenario):
                clean += 1
                result = run(scenario, out, replicates=2, seed=number)
                score_result(result)
                if report:
                    write_report(result, quick=True)
                shutil.rmtree(out)
        shutil.rmtree(folder)
    return clean


@pytest.mark.slow
def test_what_checks_clean_runs_and_scores(rich: Path) -> None:
    assert try_folders(rich, range(30), report=False) > 8


@pytest.mark.slow
@pytest.mark.filterwarnings(CRAMPED)
def test_an_hour_can_be_reported(rich: Path) -> None:
    swap("scenario.toml", "2025-03-04T12:00", "2025-03-01T01:00")(rich)
    for file in ("events.csv", "observations/arrivals.csv"):
        (rich / file).unlink()
    assert [fault for fault in check(rich).faults if fault.severity == "error"] == []
    result = run(read_scenario(rich), rich.with_name("run"), replicates=2)
    assert write_report(result, quick=True)["answers"]


@pytest.mark.slow
@pytest.mark.filterwarnings(CRAMPED)
def test_what_checks_clean_is_reported_too(rich: Path) -> None:
    assert try_folders(rich, range(1000, 1010), report=True) > 2


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(int(os.environ.get("CORRIDOR_CHUNKS", "1"))))  # of 100 folders; 10 on demand
def test_much_of_what_checks_clean_runs_and_scores(rich: Path, chunk: int) -> None:
    assert try_folders(rich, range(2000 + 100 * chunk, 2100 + 100 * chunk), report=False) > 10
