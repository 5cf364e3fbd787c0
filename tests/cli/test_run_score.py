"""The commands run and score as a script would call them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from corridor.results.result import Result


def call(*words: str) -> subprocess.CompletedProcess[str]:
    """Call the command line in a process of its own."""
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "200"}
    command = [sys.executable, "-m", "corridor.cli.main", *words]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Return the JSON answer of a small run from init to run."""
    folder = tmp_path_factory.mktemp("cli")
    assert call("init", str(folder / "case")).returncode == 0
    done = call(
        "run", str(folder / "case"), "--replicates", "20", "--seed", "5", "--out", str(folder / "run"), "--json"
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_run_prints_one_document_with_everything_scripts_need(document: dict) -> None:
    """The keys that the issue promises to scripts are there."""
    assert {"scenario_hash", "parameters", "replicates", "seed", "seconds", "people", "conservation_error"} <= set(
        document
    )
    assert set(document["people"]) == {"initial", "inside", "on_roads", "arrived", "waiting_for_transport"}
    assert {"median", "q05", "q95"} == set(document["people"]["inside"])
    assert document["conservation_error"] == 0
    assert {"events", "departures", "roads", "arrivals", "record"} <= set(document["seconds"])


def test_score_answers_in_the_promised_shape(document: dict) -> None:
    """Scores are apart for fitted and held-out counts, with the naive rule beside them."""
    done = call("score", document["out"], "--json")
    assert done.returncode == 0, done.stderr
    scores = json.loads(done.stdout)["series"]["arrivals"]["held_out"]
    wanted = {"n", "coverage_50", "coverage_90", "crps", "median_absolute_error", "baseline", "baseline_crps", "skill"}
    assert wanted <= set(scores)


def test_a_folder_with_another_run_is_not_overwritten(document: dict, tmp_path: Path) -> None:
    """The same --out with another seed is refused in words, and nothing changes."""
    out = Path(document["out"])
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    done = call("run", str(out.parent / "case"), "--replicates", "20", "--seed", "6", "--out", str(out))
    assert done.returncode == 2
    assert "another run" in done.stderr
    assert "Traceback" not in done.stderr
    assert before == {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("run", "no-such-folder"), 3),
        (("score", "no-such-folder"), 2),
        (("run", "x", "--replicates", "0"), 2),
        (("nonsense",), 2),
    ],
)
def test_mistakes_end_with_their_exit_code_and_no_traceback(words: tuple[str, ...], code: int) -> None:
    """Usage is 2, an invalid scenario 3; never a traceback."""
    done = call(*words)
    assert done.returncode == code
    assert "Traceback" not in done.stderr + done.stdout


def test_score_of_a_result_without_counts_says_so(small_result: Result) -> None:
    """A run can be scored even if nothing was counted at that time."""
    assert call("score", str(small_result.folder)).returncode == 0
