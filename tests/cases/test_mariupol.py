"""The besieged city: its folder and evidence are clean, it keeps everybody, is scored by exit, and knows nothing later."""

from __future__ import annotations

import csv
from datetime import date, datetime
from pathlib import Path
from shutil import copytree

import numpy as np
import pytest

import corridor as co
from command import call
from corridor.cli.score import _write
from corridor.report.questions import _say_unknown
from corridor.results.result import open_result
from corridor.words.writing import write

CASE = Path(__file__).parents[2] / "scenarios" / "mariupol-2022"
AS_OF, MOMENT = "as-of-17-march", datetime(2022, 3, 17, 18)
EXITS = ("vasylivka-zaporizhzhia", "buses_east")
REPLICATES = 4


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a small run as of 17 March."""
    out = tmp_path_factory.mktemp("mariupol") / "run"
    done = call("run", CASE, "--parameters", AS_OF, "--replicates", f"{REPLICATES}", "--out", out)
    assert done.code == 0, done.stderr
    assert "people lost or invented: 0" in done.stdout
    return out


def test_the_folder_and_its_evidence_are_clean() -> None:
    """No fault; the one warning is that clocks changed on 27 March, which README.md answers."""
    assert {fault.code for fault in co.check(CASE).faults} == {"clock_change"}
    done = call("evidence", "check", CASE)
    assert done.code == 0
    assert "The evidence holds." in done.stdout


@pytest.mark.slow
def test_both_exits_are_scored_apart_and_the_naive_rule_stands_beside(ran: Path) -> None:
    """Each exit by its own office; what nothing was fitted on is not called fitted."""
    answer = co.open_run(ran).score()
    held = {row["label"]: row for row in answer["table"] if row["by"] == "exit" and row["used"] == "held_out"}
    assert set(EXITS) <= set(held)
    assert all(held[name]["n"] >= 3 and held[name]["baseline_crps"] > 0 for name in EXITS)
    words = _write(answer)
    assert words.startswith(f"parameter set {AS_OF}; nothing learnt; counts up to {MOMENT.isoformat()} may have set")
    assert "spansheld" not in words
    out = np.asarray(co.open_run(ran)["arrivals"])[:, -1]
    assert (out > 0).all()


@pytest.mark.slow
def test_page_one_speaks_for_both_exits(ran: Path) -> None:
    """Counts held out are told all together, and cars past a checkpoint inside are not called out."""
    done = call("report", ran, "--one-page", "--quick", "--out", ran.parent / "page.html")
    assert done.code == 0, done.stderr
    assert "Vehicles past the checkpoint at Manhush / Mangush" in done.stdout
    assert "Counts of arrivals held out" not in done.stdout
    assert "Counts held out, by place, area, exit or span" in done.stdout


@pytest.mark.slow
def test_what_is_needed_and_whose_stock_nobody_knows_is_said_so(ran: Path) -> None:
    """There is a table of needs: food and water are named, not called left out."""
    assert (
        write(_say_unknown(open_result(ran))[0]) == "no stock is stated of food and water, which may run out sooner; "
    )


def test_no_number_as_of_17_march_rests_on_anything_said_later() -> None:
    """Not even on what was said that day without an hour: claims of numbers are of 16 March or before, or name an hour."""
    case = co.read(CASE)
    told = {row["id"]: row["said_on"] for row in case.rows("claims", AS_OF)}
    geography = {row["id"] for row in case.rows("claims", AS_OF) if row["about"] == "geography"}
    tables = ("people", "groups", "checkpoints", "services", "fleets", "windows", "passage", "parameters", "roads")
    tables += ("events", "transport", "wishes", "stocks", "needs", "depots", "convoys")
    for table in tables:
        for row in case.rows(table, AS_OF):
            for claim in set(row["claims"]) - geography:
                assert told[claim].date() <= date(2022, 3, 16), (table, row.get("id", row), claim)


@pytest.mark.slow
def test_a_later_count_changes_nothing_as_of_17_march(ran: Path, tmp_path: Path) -> None:
    """Every count made or published later is altered in a copy: the run is the same to the last person."""
    copy = copytree(CASE, tmp_path / "case")
    altered = 0
    for file in (copy / "observations").glob("*.csv"):
        rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
        for row in rows:
            if max(row["time"][:10], row["published"][:10]) > "2022-03-17" or row["time"] > MOMENT.isoformat():
                row.update({name: str(3 * float(row[name]) + 1) for name in ("value", "low", "high") if row[name]})
                altered += 1
        with file.open("w", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    assert altered > 50
    call("run", copy, "--parameters", AS_OF, "--replicates", f"{REPLICATES}", "--out", tmp_path / "run")
    for series in ("arrivals", "inside", "waiting_for_transport"):
        assert (open_result(tmp_path / "run").take(series) == open_result(ran).take(series)).all()
