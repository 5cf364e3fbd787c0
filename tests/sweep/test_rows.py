"""A row of a sweep is what a run of the same edits gives, byte for byte, however rows are cut, shared out and taken up."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import corridor as co
from command import call
from corridor.forecast.answer_numbers import measure_answers
from corridor.results.moments import choose_moment
from corridor.scenario.values import write_number
from corridor.sweep import store

REPLICATES = 12
LEAVE, OPENS, WORTH = "groups/families_with_car/leave_rate", "events/opening/time", "events/opening/value"
DESIGN: list[dict[str, Any]] = [
    {},
    {LEAVE: "0.02"},  # a number that is drawn: shares its batch with the first
    {LEAVE: "0.02..0.03", "people/town/families_with_car/people": 9000},
    {WORTH: "2"},
    {OPENS: "2025-03-02T20:00"},
    {"variant": "two_more_lanes", LEAVE: "0.02"},
    {"seed": 7, "parameters/share_staying": 0.1, "parameters/effect_gone": 0},
    {"groups/families_without_car/transport": "foot"},  # no number: another model
]


@pytest.fixture(scope="module")
def swept(short_case: Path) -> co.Sweep:
    return co.sweep(short_case, DESIGN, replicates=REPLICATES)


def run_alone(folder: Path, row: dict[str, Any]) -> dict[str, np.ndarray]:
    """Return the answers of a run of a row's edits, written as a user would write a variant."""
    document: dict[str, Any] = {}
    for name, value in row.items():
        table, _, rest = name.partition("/")
        if rest:
            key, _, column = rest.rpartition("/") if table != "parameters" else (rest, "", "value")
            text = value if isinstance(value, str) else write_number(float(value))
            document.setdefault("change", {}).setdefault(table, {}).setdefault(key, {})[column] = text
    case = co.read(folder, row.get("variant"), document or None)
    run = co.run(case, replicates=REPLICATES, seed=row.get("seed"))
    found = measure_answers(run.result, choose_moment(run.result))
    return {
        **{name: number.values for name, number in found.items()},
        "people arrived at the end": run.result.take("arrivals")[:, -1],
    }


@pytest.mark.slow
def test_each_row_is_a_run_of_the_same_edits(short_case: Path, swept: co.Sweep) -> None:
    for number, row in enumerate(DESIGN):
        alone = run_alone(short_case, row)
        assert set(alone) <= set(swept.answers)
        for name in swept.answers:
            expected = np.asarray(alone.get(name, np.full(REPLICATES, np.nan)), dtype=np.float64)
            assert swept[name][number].tobytes() == expected.tobytes(), (row, name)
    firsts = {swept["people arrived at the end"][number].tobytes() for number in range(len(DESIGN))}
    assert len(firsts) == len(DESIGN)  # every edit does something


def test_a_row_does_not_depend_on_its_neighbours(short_case: Path, swept: co.Sweep, tmp_path: Path) -> None:
    order = [5, 1, 7, 0]
    again = co.sweep(short_case, [DESIGN[i] for i in order], tmp_path / "s", replicates=REPLICATES)
    for name in again.answers:
        assert again[name].tobytes() == swept[name][order].tobytes()


def test_the_table_says_what_the_replicates_say(swept: co.Sweep) -> None:
    values = swept["people arrived at the end"]
    for number, line in enumerate(swept.rows):
        column = "people_arrived_at_the_end"
        assert line[f"{column}_mean"] == pytest.approx(values[number].mean())
        for name, q in (("q05", 0.05), ("q50", 0.5), ("q95", 0.95)):
            assert line[f"{column}_{name}"] == pytest.approx(np.quantile(values[number], q))
        first = 0 if DESIGN[number].get("seed") is None else number
        paired = values[number] - values[first]
        assert line[f"{column}_difference"] == pytest.approx(paired.mean())
        assert line[f"{column}_difference_error"] == pytest.approx(paired.std(ddof=1) / REPLICATES**0.5)


def hash_files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def design(tmp_path: Path) -> Path:
    path = tmp_path / "design.csv"
    path.write_text(f"x_name,{LEAVE}\nbase,\n" + "".join(f"r{i},{0.01 + i / 1000}\n" for i in range(9)))
    return path


@pytest.mark.slow
def test_a_stopped_sweep_is_taken_up_with_the_same_bytes(
    short_case: Path, design: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PART_REPLICATES", 8)
    whole = call("sweep", short_case, design, "--out", tmp_path / "whole", "--replicates", "4", "--json")
    assert whole.code == 0, whole.stderr
    lines = json.loads(whole.stdout)["rows"]
    assert [line["x_name"] for line in lines] == ["base", *(f"r{i}" for i in range(9))]

    heard = []

    def stop(what: str, done: int, total: int) -> None:
        heard.extend([what] * (what == "rows" and done > 0))
        if len(heard) > 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        co.sweep(short_case, design, tmp_path / "broken", 4, progress=stop)
    kept = sorted(path.name for path in (tmp_path / "broken" / "parts").glob("*.parquet"))
    assert 2 <= len(kept) < 5
    assert not (tmp_path / "broken" / "answers.csv").exists()
    (tmp_path / "broken" / "parts" / kept[0]).write_bytes(b"half")  # damaged: made anew
    done = call("sweep", short_case, design, "--out", tmp_path / "broken", "--replicates", "4")
    assert done.code == 0, done.stderr
    assert hash_files(tmp_path / "broken") == hash_files(tmp_path / "whole")


@pytest.mark.slow
def test_another_sweep_and_what_is_none_are_left_alone(short_case: Path, design: Path, tmp_path: Path) -> None:
    out = tmp_path / "s"
    words = ("sweep", short_case, design, "--out", out)
    assert call(*words, "--replicates", "2").code == 0
    before = hash_files(out)
    other = call(*words, "--replicates", "3")
    assert other.code == 2
    assert "number of replicates" in other.stderr
    assert hash_files(out) == before
    manifest = out / "sweep.json"
    manifest.write_text(manifest.read_text().replace('"replicates": 2', '"replicates": 3'))
    damaged = call(*words, "--replicates", "3")
    assert damaged.code == 2
    assert "is damaged" in damaged.stderr
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    foreign = call("sweep", short_case, design, "--out", tmp_path / "mine", "--replicates", "2")
    assert foreign.code == 2
    assert hash_files(tmp_path / "mine") == {"letter.txt": b"dear"}
    assert len([line for line in foreign.stderr.splitlines() if line.strip()]) == 1


@pytest.mark.slow
def test_killed_sweep_of_two_workers_is_taken_up(short_case: Path, design: Path, tmp_path: Path) -> None:
    words = ["sweep", str(short_case), str(design), "--replicates", "300"]
    assert call(*words, "--out", tmp_path / "whole").code == 0
    command = [sys.executable, "-m", "corridor.cli.main", *words, "--out", str(tmp_path / "s"), "--workers", "2"]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list((tmp_path / "s" / "parts").glob("*.seal")) and process.poll() is None:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert call(*words, "--out", tmp_path / "s").code == 0
    assert hash_files(tmp_path / "s") == hash_files(tmp_path / "whole")


def test_several_folders_in_one_design(short_case: Path, swept: co.Sweep, tmp_path: Path) -> None:
    for name in ("north", "south"):
        shutil.copytree(short_case, tmp_path / "cases" / name)
    people = tmp_path / "cases" / "south" / "people.csv"
    header, row, *rest = people.read_text().splitlines()
    cells = row.split(",")
    cells[header.split(",").index("people")] = "4000"
    people.write_text("\n".join([header, ",".join(cells), *rest]) + "\n")
    rows = [{"scenario": "north"}, {"scenario": "south"}, {"scenario": "south", LEAVE: "0.02"}]
    found = co.sweep(tmp_path / "cases", rows, replicates=REPLICATES)
    at_end = "people arrived at the end"
    assert found[at_end][0].tolist() == swept[at_end][0].tolist()
    assert found[at_end][2].tolist() == run_alone(tmp_path / "cases" / "south", rows[2])[at_end].tolist()
    assert found.rows[1]["people_arrived_at_the_end_difference"] == 0  # to the first of its own folder
