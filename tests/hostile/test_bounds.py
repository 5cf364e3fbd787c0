"""The edges of what may be written: each is refused with a fault, or runs, is scored and reported; never a traceback."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from command import Done, call
from corridor.scenario.create import create_scenario

SHORT = {"start": "2025-03-01T00:00", "end": "2025-03-01T06:00", "step_minutes": "60"}
PERIODS: list[dict[str, str]] = [
    {"end": "2025-03-01T01:00", "record_minutes": "30", "step_minutes": "15"},
    {"end": "2025-03-01T01:00"},
    {"end": "2025-03-01T00:15", "step_minutes": "15"},
    {"end": "2025-03-01T00:05", "step_minutes": "5", "record_minutes": "5"},
    {"end": "2025-03-01T00:02", "step_minutes": "1", "record_minutes": "1"},
    {"end": "2025-03-01T00:59"},
    {"end": "2025-03-01T01:07", "step_minutes": "15", "record_minutes": "15"},
    {"end": "2025-03-01T00:00"},
    {"end": "2025-02-01T00:00"},
    {"record_minutes": "1440"},
    {"step_minutes": "0"},
    {"step_minutes": "-15"},
    {"start": "0001-01-01T00:00", "end": "0001-01-01T06:00"},
    {"start": "9999-12-31T00:00", "end": "9999-12-31T23:59"},
    {"start": "1800-01-01T00:00", "end": "1800-01-01T06:00"},
    {"start": "2200-12-31T00:00", "end": "2200-12-31T23:00"},
    {"start": "0001-01-01T00:00", "end": "9999-12-31T23:59"},
    {"start": "2025-03-01T00:00:07.5"},
    {"data_date": "9999-12-31"},
    {"data_date": "0001-01-01"},
    {"title": ""},
    {"title": " "},
    {"title": "a" * 10_000, "disclaimer": "a" * 10_000},
    {"title": "$\\\\frac{ % ^ _ & # { }", "disclaimer": "<script>"},
    {"seed": "4294967295"},
    {"time_zone": "Pacific/Apia", "start": "2011-12-29T20:00", "end": "2011-12-31T06:00"},
    {"time_zone": "America/New_York", "start": "2025-03-09T00:00", "end": "2025-03-09T06:00"},
]


def write(folder: Path, settings: dict[str, str]) -> Path:
    create_scenario(folder)
    text = (folder / "scenario.toml").read_text(encoding="utf-8")
    for key, value in {**SHORT, **settings}.items():
        written = value if value.lstrip("-").isdigit() else f'"{value}"'
        text = re.sub(rf"^{key} = [^\n]*", lambda _, line=f"{key} = {written}": line, text, flags=re.MULTILINE)
    (folder / "scenario.toml").write_text(text, encoding="utf-8")
    for name in ("events.csv", "observations/arrivals.csv"):
        (folder / name).unlink()
    return folder


def assert_told(done: Done) -> None:
    assert done.code in (0, 2, 3, 4), done
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:constrained_layout not applied")
@pytest.mark.parametrize("settings", PERIODS, ids=lambda s: " ".join(f"{k}={v[:20]}" for k, v in s.items()))
def test_what_checks_clean_runs_scores_and_is_reported(tmp_path: Path, settings: dict[str, str]) -> None:
    folder, run = write(tmp_path / "case", settings), tmp_path / "run"
    checked = call("check", folder)
    assert_told(checked)
    done = call("run", folder, "--out", run, "--replicates", "2")
    assert (done.code == 0) == (checked.code == 0), done
    assert_told(done)
    for words in (("score", run), ("report", run, "--quick"), ("export", run, "arrivals"), ("compare", run, run)):
        done = call(*words)
        assert_told(done)
        assert (done.code == 0) == (checked.code == 0), done


@pytest.mark.parametrize(
    "name", ["a" * 300, "a/" * 150 + "a", "loop", "../../../etc/passwd", "/etc/passwd", ".", "..", "a\\0b", "texts"]
)
@pytest.mark.parametrize("command", ["check", "evidence check"])
def test_a_file_that_cannot_be_one(tmp_path: Path, name: str, command: str) -> None:
    create_scenario(tmp_path / "case")
    evidence = tmp_path / "case" / "evidence"
    (evidence / "texts").mkdir()
    (evidence / "texts" / "loop").symlink_to("loop")
    sources = (evidence / "sources.csv").read_text().splitlines()
    (evidence / "sources.csv").write_text(
        "\n".join([sources[0] + ",file,hash", sources[1] + f",{name},{'0' * 64}"]) + "\n"
    )
    done = call(*command.split(), tmp_path / "case")
    assert_told(done)
    assert done.code == (4 if "evidence" in command else 0)


@pytest.mark.parametrize("file", ["scenario.toml", "places.csv", "evidence/claims.csv", "observations/arrivals.csv"])
@pytest.mark.parametrize("kind", ["loop", "pipe", "folder", "empty", "gone"])
def test_a_file_that_is_none(tmp_path: Path, file: str, kind: str) -> None:
    create_scenario(tmp_path / "case")
    path = tmp_path / "case" / file
    path.unlink()
    if kind == "loop":
        path.symlink_to(path.name)
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "empty":
        path.touch()
    for command in ("check", "evidence check"):
        done = call(*command.split(), tmp_path / "case")
        assert_told(done)
        assert done.code == 3 or kind == "gone" or file.startswith(("evidence", "observations")), done
