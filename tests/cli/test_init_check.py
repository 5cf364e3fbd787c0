from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import typer
from typer.testing import CliRunner

from corridor.cli.check import check
from corridor.cli.init import init
from corridor.results.run import run
from corridor.scenario.create import create_scenario
from corridor.scenario.faults import UsageError
from corridor.scenario.read import read_draft
from corridor.scenario.scenario import find_faults, read_scenario

if TYPE_CHECKING:
    from pathlib import Path

app = typer.Typer()
app.command("init")(init)
app.command("check")(check)
HEAVY = (
    "rich",
    "numpy",
    "numba",
    "scipy",
    "pandas",
    "matplotlib",
    "duckdb",
    "pyarrow",
    "highspy",
    "pydantic",
    "jinja2",
    "openpyxl",
)


def call(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout


def test_what_init_writes_checks_clean(tmp_path: Path) -> None:
    code, text = call("init", tmp_path / "new place", "--title", 'A "quoted" \\ title é')
    assert code == 0
    assert "corridor check" in text
    assert find_faults(tmp_path / "new place") == []
    settings = read_scenario(tmp_path / "new place").settings
    assert settings["id"] == "new-place"
    assert settings["title"] == 'A "quoted" \\ title é'
    assert read_draft(tmp_path / "new place").absent <= {"actors", "issues", "positions"} | RELIEF
    assert call("check", tmp_path / "new place")[0] == 0


RELIEF = {"items", "needs", "stocks", "depots", "slots", "clearances", "convoys", "foods"}


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
    with pytest.raises(UsageError, match="cannot be written"):
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
    code, text = call("check", tmp_path / "new")
    assert code == 3
    assert "3 faults, 1 warning" in text
    assert "wrong_unit (2)" in text
    assert 'did you mean "latitude"?' in text
    assert text.index("Warnings") > text.index("unknown_column (1)")
    code, text = call("check", tmp_path / "new", "--json")
    assert code == 3
    document = json.loads(text)
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
    code, text = call("check", tmp_path / "new", "--json")
    document = json.loads(text)
    assert (code, document["ok"], document["faults"]) == (0, True, [])
    summary = document["summary"]
    assert (summary["places"], summary["roads"], summary["numbers_with_claims"]) == (5, 4, 1)
    code, text = call("check", tmp_path / "new", "--strict", "--json")
    strict = json.loads(text)
    assert (code, strict["ok"]) == (3, False)
    assert strict["counts"]["unsupported_number"] == summary["assumptions"] == len(strict["faults"])


def test_summary_counts_people_of_each_set(worked_case: Path) -> None:
    code, text = call("check", worked_case, "--json")
    assert code == 0
    summary = json.loads(text)["summary"]
    assert summary["people"].keys() == {"as-of-22-september", "replay"}
    assert summary["assumptions"] > 0


def test_unknown_variant_is_a_mistake_of_use(tmp_path: Path) -> None:
    create_scenario(tmp_path / "new")
    with pytest.raises(UsageError, match="did you mean"):
        call("check", tmp_path / "new", "--variant", "two_more_lane")


def test_help_loads_no_numerical_library() -> None:
    program = (
        "import sys; from corridor.cli.main import app\n"
        "import corridor.cli.init, corridor.cli.check\n"
        "try: app(['--help'])\n"
        "except SystemExit: pass\n"
        f"sys.exit(' '.join(n for n in {HEAVY} if n in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "deal" in done.stdout
