"""The format of a folder: the present one is left alone, an older one is brought up with the old files kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import corridor as co
from corridor.cli.main import app
from corridor.scenario import read, upgrade
from corridor.scenario.schema import FORMAT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    co.create(tmp_path / "case")
    return tmp_path / "case"


@pytest.fixture
def next_format(monkeypatch: pytest.MonkeyPatch) -> None:
    """A next format, in which the table of desks has another header."""

    def rename(folder: Path) -> dict[str, str]:
        return {"desks.csv": (folder / "desks.csv").read_text().replace("people_per_hour", "x_pace")}

    monkeypatch.setattr(upgrade, "STEPS", (*upgrade.STEPS, rename))
    monkeypatch.setattr(read, "FORMAT", FORMAT + 1)


def test_every_format_has_a_step_to_the_next() -> None:
    assert len(upgrade.STEPS) == FORMAT - 1


def test_the_present_format_is_left_alone(folder: Path) -> None:
    before = co.read(folder).hash
    assert co.upgrade(folder) == []
    text = (folder / "scenario.toml").read_text()
    (folder / "scenario.toml").write_text(f"format = {FORMAT}\n{text}")
    assert co.upgrade(folder) == []
    assert co.read(folder).hash == before
    found = CliRunner().invoke(app, ["upgrade", str(folder)])
    assert (found.exit_code, found.stdout) == (0, f"{folder}: nothing to do\n")
    assert json.loads(CliRunner().invoke(app, ["upgrade", str(folder), "--json"]).stdout)["changed"] == []


def test_a_newer_format_or_no_scenario_is_refused(folder: Path) -> None:
    text = (folder / "scenario.toml").read_text()
    (folder / "scenario.toml").write_text(f"format = {FORMAT + 1}\n{text}")
    for call in (co.upgrade, co.read):
        with pytest.raises(co.FaultsError) as caught:
            call(folder)
        assert [fault.code for fault in caught.value.faults] == ["newer_format"]
    for damaged in (folder / "no", folder / "variants"):
        with pytest.raises(co.FaultsError):
            co.upgrade(damaged)


@pytest.mark.usefixtures("next_format")
def test_an_older_folder_is_brought_up_and_its_files_kept(folder: Path) -> None:
    before = {name: (folder / name).read_text() for name in ("desks.csv", "scenario.toml")}
    changed = co.upgrade(folder)
    assert [sentence.partition(" ")[0] for sentence in changed] == ["desks.csv", "scenario.toml"]
    for name, text in before.items():
        assert (folder / f"{name}.format-{FORMAT}").read_text() == text
    assert "x_pace" in (folder / "desks.csv").read_text()
    assert (folder / "scenario.toml").read_text() == f"format = {FORMAT + 1}\n{before['scenario.toml']}"
    assert co.upgrade(folder) == []


@pytest.mark.usefixtures("next_format")
def test_nothing_is_overwritten(folder: Path) -> None:
    kept = folder / f"desks.csv.format-{FORMAT}"
    kept.write_text("mine")
    before = (folder / "desks.csv").read_text()
    with pytest.raises(co.UsageError, match="cannot be brought"):
        co.upgrade(folder)
    assert (kept.read_text(), (folder / "desks.csv").read_text()) == ("mine", before)
    assert not list(folder.glob(".desks*"))


@pytest.mark.parametrize("said", ["1.5", "-1", "0", "[]", "true", '"one"'])
def test_a_format_that_is_none_is_told(folder: Path, said: str) -> None:
    path = folder / "scenario.toml"
    path.write_text(f"format = {said}\n" + path.read_text())
    with pytest.raises(co.UsageError, match="which is none"):
        upgrade.upgrade_folder(folder)


def test_draws_whose_name_only_ends_alike_stay(tmp_path: Path) -> None:
    path = tmp_path / "scenario.toml"
    path.write_text('draws = "fitted/aa.csv"\ndraws = "a.csv"\n')
    upgrade._remove_key(path, "draws", "a.csv")
    assert path.read_text() == 'draws = "fitted/aa.csv"\n# draws = "a.csv"\n'
