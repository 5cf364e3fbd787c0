"""Tables of counts filled at random: each is told what is wrong with it, and what passes can be scored and shown."""

from __future__ import annotations

import copy
import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridor.forecast.score import collect_counts, list_counts, score_result, split_fitted
from corridor.front.cases import check
from corridor.results.result import Result
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.scenario.spreadsheet import write_csv

CELLS = {
    "time": ["2025-03-02T08:00", "2025-03-04T20:00", "2025-03-05", "2025-03-06T08:00Z", "2024-03-04", "soon", ""],
    "since": ["", "", "", "2025-03-01", "2025-03-04T08:00", "2025-03-07", "2025-02-01", "-"],
    "series": ["arrivals", "arrivals", "vehicles", "registered", "lodged", "displaced", "relief_trucks_in", "births"],
    "place": ["", "", "", "capital", "border_town", "bridge", "town", "nowhere"],
    "area": ["", "", "", "neighbour", "outside", "inside", "atlantis"],
    "exit": ["", "", "", "bridge-border", "village-town", "out"],
    "value": ["", "0", "1200", "9000", "1e9", "-3", "many", "1200.5"],
    "low": ["", "", "", "100", "5000", "inf"],
    "high": ["", "", "", "200", "8000", "٨٠٠٠"],
    "error": ["", "", "5%", "100%", "0", "250", "250%", "some"],
    "status": ["stated", "rounded", "", "guessed"],
    "published": ["", "2025-03-02", "2025-03-04T21:00", "2025-03", "2025", "2025-03-05T10:00+03:00", "never"],
}
SETS = """default_set = "f"
[sets.f]
title = "F"
known_until = {known}
fitted_until = {fitted}
fitted_series = "arrivals registered"
"""
WRONG = {"soon", "-", "births", "nowhere", "atlantis", "out", "village-town", "1e9", "-3", "many", "inf", "250%", "some",
         "guessed", "never"}  # fmt: skip
SOUND = {name: [cell for cell in cells if cell not in WRONG] for name, cells in CELLS.items()}
rows = st.lists(st.tuples(*map(st.sampled_from, CELLS.values())), max_size=12)
# most tables of random rows hold a fault; of these rows, which can be read, many a table holds none
sound_rows = st.lists(
    st.tuples(*map(st.sampled_from, SOUND.values())).filter(
        lambda row: row[0] and any(row[6:9]) and sum(map(bool, row[3:6])) < 2
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.slow
def test_any_table_of_counts_is_judged_and_what_passes_is_scored(small_folder: Path, small_result: Result) -> None:
    scored = []

    @settings(max_examples=60)
    @given(rows | sound_rows, st.sampled_from(["2025-03-04", "2025-03-06T12:00:00"]), st.booleans())
    def judge(table: list[tuple[str, ...]], known: str, is_late: bool) -> None:
        until = "2025-03-04T20:00:00" if is_late else "2025-03-03T00:00:00"
        if scenario := read_or_judge(small_folder, table, known, until):
            score_all(small_result, scenario, until, len(table))
            scored.append(table)

    judge()
    assert len(scored) > 5, "the property is about tables with faults and tables without"


def read_or_judge(folder: Path, table: list[tuple[str, ...]], known: str, until: str) -> Scenario | None:
    """Write a table of counts into a folder and read it, None if it has faults."""
    (folder / "observations" / "arrivals.csv").write_text(write_csv([list(CELLS), *map(list, table)]))
    settings_file = folder / "scenario.toml"
    text = settings_file.read_text().split("default_set")[0]
    settings_file.write_text(text + SETS.format(known=known, fitted=until))
    return None if check(folder).errors else read_scenario(folder)


def score_all(run: Result, scenario: Scenario, until: str, number: int) -> None:
    """Score a run on the counts of a scenario: each count is answered or left out, once."""
    result = copy.copy(run)
    manifest = {**run.manifest, "parameters": "f", "fitted_until": until, "fitted_series": "arrivals registered"}
    object.__setattr__(result, "manifest", manifest)
    result.__dict__["scenario"] = scenario
    score = json.loads(json.dumps(score_result(result), allow_nan=False))
    listed = list_counts(split_fitted(result, collect_counts(result)))
    assert len(listed) + len(score["left_out"]) == number
    assert sum(row["n"] for row in score["table"]) == sum(row["used"] != "revised" for row in listed)
    assert all(math.isfinite(row["crps"]) for row in score["table"])
    assert "<table" in scenario.counts._repr_html_()
