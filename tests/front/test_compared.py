"""What Compare can be asked for: the case, its variants, its stored runs by name, edits; and nothing else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import corridor as co
from corridor.front.page.beside import Beside
from corridor.results.beside_runs import list_runs


@pytest.fixture(scope="module")
def beside(short_case: Path, tmp_path_factory: pytest.TempPathFactory) -> Beside:
    runs = tmp_path_factory.mktemp("runs")
    co.run(co.read(short_case), runs / "stored", replicates=10)
    return Beside(co.open_live(short_case), runs)


@pytest.mark.slow
def test_a_stored_run_of_the_case_is_the_case(beside: Beside) -> None:
    """The same replicates, simulated beside and read from a folder: no difference in any of them, nothing to remark."""
    *_, last = beside.compare(["case", "run:stored"], stages=(5, 10))
    assert last["whole"]
    assert [(side["unpaired"], side["differ"]) for side in last["sides"]] == [(None, [])] * 2
    for table in ("totals", "exits", "places", "without"):
        for row in last[table]:
            assert row["cells"][0]["range"] == row["cells"][1]["range"]
            assert row["cells"][1]["more"] == [0, 0, 0]
    assert last["less"] == [None, []]


@pytest.mark.slow
def test_a_variant_is_what_the_command_line_runs(beside: Beside, short_case: Path) -> None:
    name = next(one["name"] for one in beside.list_choices() if one["kind"] == "variant")
    variant = name.removeprefix("variant:")
    *_, last = beside.compare(["case", name], stages=(10,))
    run = co.run(co.read(short_case).variant(variant), replicates=10)
    rows = {row["measure"]: row for row in last["totals"]}
    for measure in ("arrivals", "inside"):
        assert rows[measure]["cells"][1]["range"] == [round(q) for q in _spread(run, measure)]
    assert last["sides"][1]["variant"] == variant


def _spread(run: co.Run, measure: str) -> list[float]:
    import numpy as np

    return [float(q) for q in np.quantile(run.take(measure)[:, -1], [0.05, 0.5, 0.95])]


def test_another_hour_is_answered_from_what_is_kept(beside: Beside) -> None:
    chosen, hour = ["case", "run:stored"], str(beside.live.scenario.start.replace(hour=6).isoformat())
    *_, whole = beside.compare(chosen, stages=(5, 10))
    again = list(beside.compare(chosen, None, hour, stages=(5, 10)))
    assert [one["whole"] for one in again] == [True]
    assert again[0]["moment"] == hour[:16]
    assert again[0]["charts"] == whole["charts"]


def test_numbers_are_told_as_soon_as_there_are_some(beside: Beside) -> None:
    told = list(beside.compare(["edits", "case"], {"change": {}}, stages=(2, 4, 8)))
    assert [[side["replicates"] for side in one["sides"]] for one in told] == [[2, 2], [4, 4], [8, 8]]
    assert [one["whole"] for one in told] == [False, False, True]


def test_it_stops_when_nobody_waits(beside: Beside) -> None:
    name = next(one["name"] for one in beside.list_choices() if one["kind"] == "variant")
    assert list(beside.compare(["case", name], stages=(150, 200), cancelled=lambda: True)) == []


@pytest.mark.parametrize(
    "chosen",
    [
        [], ["case"], ["case", "case"], ["case", "edits"], ["case", "run:../stored"], ["case", "run:/etc"], ["case", "variant:../x"],
        ["case", "run:"], ["case", "variant:"], ["run:stored\x00", "case"], ["case"] * 5,
    ],
)  # fmt: skip
def test_what_is_not_on_the_list_is_refused(beside: Beside, chosen: list[str]) -> None:
    with pytest.raises(co.UsageError, match=r"cannot be compared|different things"):
        list(beside.compare(chosen, stages=(5,)))


@pytest.mark.parametrize("moment", ["x", "2025-13-01", "1999-01-01", "2999-01-01T00:00+02:00", "9" * 50])
def test_a_moment_that_is_none(beside: Beside, moment: str) -> None:
    with pytest.raises(co.UsageError, match="no moment between"):
        list(beside.compare(["case", "run:stored"], None, moment, stages=(5,)))


def test_which_runs_are_listed(tmp_path: Path, beside: Beside) -> None:
    """Finished ones of this case that kept their replicates; links, other files and broken ones are passed over."""
    real = beside.runs / "stored" / "manifest.json"  # type: ignore[operator]
    about = json.loads(real.read_text())
    changes = {
        "good": {}, "other": {"scenario": "another"}, "running": {"state": "running"}, "summary": {"keep": "summary"},
        "daily": {"engine": "flee"},
    }  # fmt: skip
    for name, change in changes.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text(json.dumps(about | change))
    for name, text in {"list": "[]", "broken": "{", "deep": "[" * 100_000, "empty": "", "latin": "\udcff"}.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    (tmp_path / "link").symlink_to(tmp_path / "good")
    (tmp_path / "half").mkdir()
    (tmp_path / "half" / "manifest.json").symlink_to(real)
    (tmp_path / "a file").write_text("x")
    assert list(list_runs(tmp_path, about["scenario"])) == ["good"]
    assert list_runs(tmp_path / "absent", about["scenario"]) == list_runs(None, "x") == {}
