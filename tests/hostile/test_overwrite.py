"""No command writes over a file of the user's, nor into a folder that holds one, unless asked to."""

from __future__ import annotations

from pathlib import Path

import pytest

from command import call
from corridor.results.result import Result

from .cases import CASES, Case, list_visible, write_small

MINE = "my own words\n"
WRITERS = {  # what each command writes to, from the folder it is called in
    "init": "new", "build": "new", "flee build": "new", "draft": "new", "plan": "plan", "flee import": "new", "run": "run", "forecast": "case/fitted/f.csv",
    "export": "arrivals.csv", "seal": "ledger.jsonl",
}  # fmt: skip


@pytest.mark.parametrize("case", [case for case in CASES if case.name in WRITERS], ids=lambda case: case.name)
@pytest.mark.parametrize("inside", ["", "mine.txt", "places.csv", "scenario/people.csv", ".hidden"])
def test_a_file_of_the_users_is_left_alone(case: Case, inside: str, tmp_path: Path) -> None:
    """Both a file in the way, and a folder in the way that holds one (of which only folders are written into)."""
    case.make(tmp_path)
    target = tmp_path / WRITERS[case.name]
    if target.exists():
        target.unlink()
    mine = target / inside if inside else target
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text(MINE)
    before = list_visible(tmp_path / "case") if case.name != "seal" else {}
    done = call(*case.words, at=tmp_path)
    assert done.code in (2, 4), done.stderr
    assert "Traceback" not in done.stderr
    assert mine.read_text() == MINE
    assert [path for path in target.rglob("*") if path.is_file()] == ([mine] if inside else [])
    assert before == (list_visible(tmp_path / "case") if case.name != "seal" else {})


@pytest.mark.slow
def test_what_was_asked_to_be_replaced_is(small_result: Result, tmp_path: Path) -> None:
    for name, words in {
        "a.csv": ("export", small_result.folder, "arrivals", "--out", "a.csv"),
        "page.html": ("report", small_result.folder, "--quick", "--out", "page.html"),
    }.items():
        (tmp_path / name).write_text(MINE)
        refused = call(*words, at=tmp_path)
        assert refused.code == 2
        assert "--replace" in refused.stderr
        assert (tmp_path / name).read_text() == MINE
        assert call(*words, "--replace", at=tmp_path).code == 0
        assert (tmp_path / name).read_text() != MINE


@pytest.mark.slow
def test_a_report_of_a_run_may_be_made_again(tmp_path: Path) -> None:
    write_small(tmp_path / "case")
    assert call("run", "case", "--out", "run", "--replicates", "2", at=tmp_path).code == 0
    for _ in range(2):
        assert call("report", "run", "--quick", at=tmp_path).code == 0
