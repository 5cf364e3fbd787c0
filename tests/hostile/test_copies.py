"""Nothing but what is read of a scenario is copied with a run or a plan, and nothing that lies outside its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import call
from corridor.front.cases import check
from corridor.scenario.folder import list_files
from relief_world import relief_world

from .cases import write_small

SECRET = "the secret"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret").mkdir()
    for name in ("x.csv", "x.toml", "x.txt"):
        (tmp_path / "secret" / name).write_text(SECRET)
    return relief_world(tmp_path / "case", depots=[{"id": "store", "place": "depot", "item": "food"}]).folder


@pytest.mark.parametrize("name", ["x_secret.csv", "slots.csv", "x_secret.toml", "evidence/x_secret.csv", "evidence/texts/a.txt",
                                  "observations/more.csv", "variants/v.toml", "observations", "variants", "evidence"])  # fmt: skip
def test_a_link_that_leaves_the_folder_is_refused_and_not_followed(folder: Path, name: str) -> None:
    link = folder / name
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(folder.parent / "secret" / (f"x{link.suffix}" if link.suffix else ""))
    faults = list(check(folder).faults)
    assert {fault.code for fault in faults} == {"link_outside"}
    assert not any(SECRET in str(fault) for fault in faults)
    for words in (("run", folder, "--out", "run", "--replicates", "1"), ("plan", folder, "--out", "plan")):
        assert call(*words, at=folder.parent).code == 3
    assert {path.name for path in folder.parent.iterdir()} == {"case", "secret"}


def test_links_within_the_folder_and_a_folder_reached_by_a_link_are_fine(folder: Path) -> None:
    (folder / "kept").mkdir()
    (folder / "roads.csv").rename(folder / "kept" / "roads.txt")
    (folder / "roads.csv").symlink_to("kept/roads.txt")
    (folder.parent / "link").symlink_to("case")
    assert call("run", "link", "--out", "run", "--replicates", "1", at=folder.parent).code == 0
    copied = folder.parent / "run" / "scenario" / "roads.csv"
    assert not copied.is_symlink()
    assert copied.read_bytes() == (folder / "kept" / "roads.txt").read_bytes()


@pytest.mark.slow
def test_only_what_is_read_is_copied_however_many_runs_lie_inside(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "case")
    known = list_files(folder)
    (folder / "x_own.csv").write_text("id\n1\n")
    (folder / "notes.toml").write_text("a = 1\n")
    (folder / "evidence" / "texts").mkdir(exist_ok=True)
    (folder / "deep" / "variants").mkdir(parents=True)
    (folder / "deep" / "variants" / "v.toml").write_text("a = 1\n")
    for number in range(3):
        assert call("run", folder, "--out", folder / "runs" / str(number), "--replicates", "1").code == 0
        copied = folder / "runs" / str(number) / "scenario"
        assert sorted(p.relative_to(copied).as_posix() for p in copied.rglob("*") if p.is_file()) == known
    assert call("check", folder / "runs" / "2" / "scenario").code == 0
