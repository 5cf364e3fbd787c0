"""`corridor compare` is read at 80 columns, with numbers of any size, and tells exits apart."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from command import call
from corridor.cli.compare import WIDTH, _write, _write_cells
from corridor.results.run import run
from corridor.scenario.scenario import read_scenario
from worlds import two_exits

SERIES = ("difference", "q05", "q95", "first", "second")


@pytest.fixture(scope="module")
def runs(tmp_path_factory) -> tuple[Path, Path]:
    """Return two runs: one with ten times the buses, an event at another time and a road more."""
    folder = tmp_path_factory.mktemp("compared")
    case = two_exits(folder / "case")
    run(case, folder / "first", replicates=10)
    for file, old, new in (
        ("fleets.csv", "5..9", "50..90"),
        ("events.csv", "T20:00", "T21:00"),
        ("roads.csv", "coast,", "track,valley,south,300,0\ncoast,"),
    ):
        path = folder / "case" / file
        assert old in path.read_text()
        path.write_text(path.read_text().replace(old, new))
    run(read_scenario(folder / "case"), folder / "second", replicates=10)
    return folder / "first", folder / "second"


@pytest.mark.slow
def test_exits_are_compared_and_one_that_a_run_has_not_counts_as_unused(runs):
    document = json.loads(call("compare", *runs, "--json").stdout)
    rows = {(row["measure"], row["time"][:16]): row for row in document["differences"]}
    end = "2030-01-02T06:00"
    assert rows["arrivals/exit:coast", end]["difference"] > 0
    assert rows["arrivals/exit:coast", end]["exit"] == "coast"
    assert rows["arrivals/exit:track", end]["first"] == 0
    assert rows["held_back:(none)", end]["second"] == 0  # the track is a way round
    total, parts = rows["arrivals", end], [rows[f"arrivals/exit:{name}", end] for name in ("coast", "desert", "track")]
    assert sum(part["mean_difference"] for part in parts) == pytest.approx(total["mean_difference"])
    assert rows["mean_journey_hours/exit:desert", end]["difference"] == pytest.approx(0, abs=0.2)


@pytest.mark.slow
def test_moments_are_those_that_matter(runs):
    document = json.loads(call("compare", *runs, "--json").stdout)
    times = [moment["time"] for moment in document["moments"]]
    rows = [row for row in document["differences"] if row["measure"] == "arrivals"]
    assert document["moments"][0]["why"] == "arrivals differ most"
    assert abs(rows[0]["mean_difference"]) == max(abs(row["mean_difference"]) for row in rows)
    assert {"2030-01-01T20:00:00", "2030-01-01T21:00:00", "2030-01-02T06:00:00"} <= set(times)
    asked = json.loads(call("compare", *runs, "--json", "--moment", "2030-01-01T05:00:00").stdout)
    assert [moment["time"] for moment in asked["moments"]] == ["2030-01-01T05:00:00"]


def test_a_moment_outside_the_period_is_said(runs):
    done = call("compare", *runs, "--moment", "2031-01-01T00:00:00")
    assert done.code == 2
    assert "outside the run's period" in done.stderr


def test_two_runs_alike_differ_nowhere(runs):
    document = json.loads(call("compare", runs[0], runs[0], "--json").stdout)
    assert [moment["why"] for moment in document["moments"]] == ["the end"]
    assert not any(row["difference"] for row in document["differences"])


@pytest.mark.parametrize("factor", [1, 100, 2_000, 20_000])
def test_columns_never_run_together(runs, factor):
    """Every number stands alone, whatever its size, in lines of at most 80 signs."""
    document: dict[str, Any] = json.loads(call("compare", *runs, "--json").stdout)
    for row in document["differences"]:
        row |= {name: row[name] * factor for name in SERIES}
    lines = _write(document).splitlines()
    numbers = [line for line in lines if re.search(r"\d to ", line)]
    assert max(map(len, numbers)) <= WIDTH
    assert len(numbers) > 20
    for line in numbers:
        cells = re.split(r"  +", line.strip())
        assert len(cells) - (not re.match(r"[+-]?\d", cells[0])) == 4, line
        assert re.fullmatch(r"[+-]?[\d,.]+ to [+-]?[\d,.]+", cells[-3]), line


def test_the_difference_and_its_range_come_first(runs):
    text = call("compare", *runs).stdout
    header = next(line for line in text.splitlines() if "9 in 10" in line)
    assert header.split() == ["difference", "9", "in", "10", "between", "first", "second"]
    shown = re.findall(r"^  (by|before) (\S+)", text, flags=re.MULTILINE)
    assert {("by", "coast"), ("before", "desert")} <= set(shown)


def test_people_bound_for_no_exit_are_not_told_to_stand_before_one() -> None:
    row = {
        "measure": "held_back:(none)",
        "exit": "(none)",
        "difference": 1,
        "q05": 0,
        "q95": 2,
        "first": 3,
        "second": 4,
    }
    assert _write_cells(row)[0] == "  bound for no exit"
    assert _write_cells({**row, "measure": "held_back:ferry", "exit": "ferry"})[0] == "  before ferry"
