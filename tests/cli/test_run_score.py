"""The commands run and score as a script would call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command import call
from corridor.results.result import Result


@pytest.fixture(scope="module")
def document(tmp_path_factory: pytest.TempPathFactory) -> dict:
    """Return the JSON answer of a small run from init to run."""
    folder = tmp_path_factory.mktemp("cli")
    assert call("init", folder / "case").code == 0
    done = call("run", folder / "case", "--replicates", "20", "--seed", "5", "--out", folder / "run", "--json")
    assert done.code == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_run_prints_one_document_with_everything_scripts_need(document: dict) -> None:
    """The keys that the issue promises to scripts are there."""
    assert {"scenario_hash", "parameters", "replicates", "seed", "seconds", "people", "conservation_error"} <= set(
        document
    )
    assert set(document["people"]) == {"initial", "inside", "on_roads", "arrived", "waiting_for_transport"}
    assert {"median", "q05", "q95"} == set(document["people"]["inside"])
    assert document["conservation_error"] == 0
    assert {"events", "departures", "roads", "arrivals", "record"} <= set(document["seconds"])


@pytest.mark.slow
def test_score_answers_in_the_promised_shape(document: dict) -> None:
    """Scores are apart for fitted and held-out counts, with the naive rule beside them."""
    done = call("score", document["out"], "--json")
    assert done.code == 0, done.stderr
    scores = json.loads(done.stdout)["series"]["arrivals"]["held_out"]
    wanted = {"n", "coverage_50", "coverage_90", "crps", "median_absolute_error", "baseline", "baseline_crps", "skill"}
    assert wanted <= set(scores)


def test_a_folder_with_another_run_is_not_overwritten(document: dict) -> None:
    """The same --out with another seed is refused in words, and nothing changes."""
    out = Path(document["out"])
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}
    done = call("run", out.parent / "case", "--replicates", "20", "--seed", "6", "--out", out)
    assert done.code == 2
    assert "another run" in done.stderr
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
def test_mistakes_end_with_their_exit_code(words: tuple[str, ...], code: int) -> None:
    """Usage is 2, an invalid scenario 3; never a traceback."""
    done = call(*words)
    assert done.code == code
    assert "Traceback" not in done.stderr + done.stdout


def test_score_of_a_result_without_counts_says_so(small_result: Result) -> None:
    """A run can be scored even if nothing was counted at that time."""
    assert call("score", small_result.folder).code == 0


@pytest.mark.slow
def test_a_set_for_which_nothing_was_learnt_is_not_said_to_have_learnt(small_folder: Path, tmp_path: Path) -> None:
    """A set may say up to which counts it is to be fitted before any fit is made; the score says what happened."""
    settings = small_folder / "scenario.toml"
    settings.write_text(
        settings.read_text()
        + 'default_set = "f"\n[sets.f]\ntitle = "F"\nknown_until = 2025-03-06\n'
        + 'fitted_until = 2025-03-04T20:00:00\nfitted_series = "arrivals"\n'
    )
    table = small_folder / "observations" / "arrivals.csv"
    table.write_text(
        "time,series,value,status,published\n2025-03-04T20:00,arrivals,1200,stated,2025-03-04T20:00\n"
        "2025-03-06T20:00,arrivals,9000,stated,2025-03-06\n"
    )
    assert call("run", small_folder, "--replicates", "8", "--out", tmp_path / "run").code == 0
    done = call("score", tmp_path / "run", "--counts")
    assert done.code == 0, done.stderr
    assert done.stdout.startswith("parameter set f; nothing learnt; counts up to 2025-03-04T20:00:00 may have set")
    assert "learnt from" not in done.stdout
    assert done.stdout.count("set aside") == 2, "in the table and in the list of counts"
    document = json.loads(call("score", tmp_path / "run", "--json").stdout)
    assert document["fitted"] is False
    held_out = document["series"]["arrivals"]["held_out"]
    assert held_out["best_naive_crps"] == min(held_out["naive"].values())
    assert "best_naive" not in document["series"]["arrivals"]["fitted"], "what was known is not forecast"
