from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from command import call
from corridor.front.cases import check
from corridor.results.run import run
from corridor.scenario.create import create_scenario
from corridor.scenario.faults import UsageError
from corridor.scenario.read import read_draft
from corridor.scenario.scenario import read_scenario

if TYPE_CHECKING:
    from pathlib import Path

RELIEF = {"items", "needs", "stocks", "depots", "slots", "clearances", "convoys", "foods", "plants", "facilities"}


def test_what_init_writes_checks_clean(tmp_path: Path) -> None:
    done = call("init", tmp_path / "new place", "--title", 'A "quoted" \\ title é')
    assert done.code == 0
    assert "corridor check" in done.stdout
    assert list(check(tmp_path / "new place").faults) == []
    settings = read_scenario(tmp_path / "new place").settings
    assert settings["id"] == "new-place"
    assert settings["title"] == 'A "quoted" \\ title é'
    assert read_draft(tmp_path / "new place").absent <= {"actors", "issues", "positions", "proposals"} | RELIEF
    assert call("check", tmp_path / "new place").code == 0


@pytest.mark.slow
def test_rows_that_the_template_shows_are_rows_that_can_be_used(tmp_path: Path) -> None:
    """Who takes the # off a row below a header has a row of the case, and such a case runs."""
    folder = tmp_path / "new"
    create_scenario(folder)
    shown = 0
    for path in sorted(folder.glob("*.csv")):
        lines = path.read_text(encoding="utf-8").splitlines()
        header = next(number for number, line in enumerate(lines) if not line.startswith("#"))
        shown += sum(line.startswith("# ") for line in lines[header:])
        below = [line.removeprefix("# ") for line in lines[header:]]
        path.write_text("\n".join([*lines[:header], *below, ""]), encoding="utf-8")
    assert shown == 5
    assert [fault for fault in check(folder).faults if fault.severity == "error"] == []
    assert run(read_scenario(folder), tmp_path / "run", replicates=4, seed=1).manifest["replicates"] == 4


@pytest.mark.slow
def test_what_init_writes_runs(tmp_path: Path) -> None:
    create_scenario(tmp_path / "new")
    for variant in (None, "two_more_lanes"):
        scenario = read_scenario(tmp_path / "new", variant)
        result = run(scenario, tmp_path / f"run-{variant}", replicates=4, seed=1)
        assert result.manifest["replicates"] == 4


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for target in ("used", "file"):
        with pytest.raises(UsageError, match="in use"):
            create_scenario(tmp_path / target)
    assert [path.name for path in (tmp_path / "used").iterdir()] == ["mine.txt"]
    assert (tmp_path / "file").read_text() == "mine"
    with pytest.raises(UsageError, match="cannot write"):
        create_scenario(tmp_path / "file" / "below")
    (tmp_path / "empty").mkdir()
    assert create_scenario(tmp_path / "empty")


@pytest.mark.parametrize("title", ["", "  ", "two\nlines", "x" * 500, "nul\0"])
def test_init_refuses_titles_that_cannot_be_shown(tmp_path: Path, title: str) -> None:
    with pytest.raises(UsageError, match="title"):
        create_scenario(tmp_path / "new", title)
    assert not (tmp_path / "new").exists()


def test_check_shows_every_fault_as_text_and_as_json(tmp_path: Path) -> None:
    create_scenario(tmp_path / "new")
    for file, old, new in (
        ("places.csv", "latitude", "lattitude"),
        ("roads.csv", ",32,", ",32 km,"),
        ("roads.csv", ",17,", ",17 km,"),
    ):
        text = (tmp_path / "new" / file).read_text()
        (tmp_path / "new" / file).write_text(text.replace(old, new))
    (tmp_path / "new" / "fleets.csv").unlink()
    done = call("check", tmp_path / "new")
    assert done.code == 3
    assert "3 faults, 1 warning" in done.stdout
    assert "wrong_unit (2)" in done.stdout
    assert 'did you mean "latitude"?' in done.stdout
    assert done.stdout.index("Warnings") > done.stdout.index("unknown_column (1)")
    done = call("check", tmp_path / "new", "--json")
    assert done.code == 3
    document = json.loads(done.stdout)
    assert document["scenario"] == "new"
    assert document["ok"] is False
    assert document["counts"] == {"no_fleet": 1, "unknown_column": 1, "wrong_unit": 2}
    assert [fault["row"] for fault in document["faults"]] == [2, 4, 5]
    assert [fault["code"] for fault in document["warnings"]] == ["no_fleet"]
    assert document["faults"][0].keys() == {
        "file",
        "row",
        "column",
        "code",
        "found",
        "allowed",
        "fix",
        "severity",
    }


def test_warnings_alone_end_well_and_strict_asks_for_claims(tmp_path: Path) -> None:
    create_scenario(tmp_path / "new")
    (tmp_path / "new" / "fleets.csv").unlink()
    done = call("check", tmp_path / "new", "--json")
    document = json.loads(done.stdout)
    assert (done.code, document["ok"], document["faults"]) == (0, True, [])
    summary = document["summary"]
    assert (summary["places"], summary["roads"], summary["numbers_with_claims"]) == (5, 4, 1)
    done = call("check", tmp_path / "new", "--strict", "--json")
    strict = json.loads(done.stdout)
    assert (done.code, strict["ok"]) == (3, False)
    assert strict["counts"]["unsupported_number"] == summary["assumptions"] == len(strict["faults"])


def test_summary_counts_people_of_each_set(worked_case: Path) -> None:
    done = call("check", worked_case, "--json")
    assert done.code == 0
    summary = json.loads(done.stdout)["summary"]
    assert summary["people"].keys() == {"as-of-22-september", "replay"}
    assert summary["assumptions"] > 0


def test_unknown_variant_is_a_mistake_of_use(tmp_path: Path) -> None:
    create_scenario(tmp_path / "new")
    done = call("check", tmp_path / "new", "--variant", "two_more_lane")
    assert done.code == 2
    assert "did you mean" in done.stderr
