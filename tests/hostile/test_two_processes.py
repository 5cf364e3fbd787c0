"""Two processes on one folder or ledger lose no row; modes of files stay; a read-only place is told in words."""

from __future__ import annotations

import multiprocessing
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from command import call
from corridor.deal.ledger import seal_forecasts
from corridor.evidence.accept import accept
from corridor.evidence.grammar.text import read_text
from corridor.evidence.suggest import suggest
from corridor.evidence.tables import read_rows
from corridor.scenario.chain import read_records
from corridor.scenario.faults import UsageError
from corridor.scenario.writing import building, locked, write_file, write_files
from deal.test_ledger import make_deal

from .cases import REPORT, list_hidden, write_small

ROWS = 100  # of each process


def _accept_rows(folder: Path, who: str) -> None:
    text = read_text(folder.parent / "report.txt")
    found = suggest(text, [], None)
    chosen = next(str(p["id"]) for p in found.proposals if p["kind"] == "quantity")
    for number in range(ROWS):
        details = {"id": f"{who}_{number}", "wording": "w"}
        accept(
            folder, text, found, [chosen], {"id": f"s_{who}", "publisher": "P"}, details, folder.parent / "report.txt"
        )


def _seal_rows(ledger: Path, who: str) -> None:
    deal = make_deal()
    for _ in range(ROWS):
        seal_forecasts(ledger, deal, deal.issues, datetime.now(UTC), who)


def _run_both(act, path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=act, args=(path, who)) for who in ("a", "b")]
    for process in both:
        process.start()
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]


@pytest.mark.slow
def test_two_who_accept_lose_no_row(tmp_path: Path) -> None:
    folder = write_small(tmp_path / "case")
    (tmp_path / "report.txt").write_text(REPORT)
    before = {name: read_rows(folder, f"evidence/{name}.csv") for name in ("sources", "claims")}
    (folder / "evidence" / "claims.csv").chmod(0o600)
    _run_both(_accept_rows, folder)
    claims = read_rows(folder, "evidence/claims.csv")
    assert claims[: len(before["claims"])] == [
        row | dict.fromkeys(claims[0].keys() - row.keys(), "") for row in before["claims"]
    ]
    added = [row["id"] for row in claims[len(before["claims"]) :]]
    assert sorted(added) == sorted(f"{who}_{number}" for who in "ab" for number in range(ROWS))
    assert len(read_rows(folder, "evidence/sources.csv")) == len(before["sources"]) + 2
    assert (folder / "evidence" / "claims.csv").stat().st_mode & 0o777 == 0o600
    assert list_hidden(tmp_path) == []
    assert call("check", folder).code == 0


@pytest.mark.slow
def test_two_who_seal_lose_no_record(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    _run_both(_seal_rows, ledger)
    sealed = [str(record["supplied_by"]) for record in read_records(ledger)]
    assert sorted(sealed) == ["a"] * ROWS + ["b"] * ROWS


def _begin_runs(path: Path, _: str) -> None:
    assert call("run", path / "case", "--out", path / "run", "--replicates", "2").code == 0


@pytest.mark.slow
def test_two_who_begin_the_same_run_both_have_it(tmp_path: Path) -> None:
    write_small(tmp_path / "case")
    _run_both(_begin_runs, tmp_path)
    assert call("score", tmp_path / "run").code == 0
    assert list_hidden(tmp_path) == []


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_a_file_written_over_keeps_its_mode_and_a_link_its_target(tmp_path: Path, mode: int) -> None:
    (tmp_path / "file").write_text("old")
    (tmp_path / "file").chmod(mode)
    (tmp_path / "link").symlink_to("file")
    write_file(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "new"
    assert (tmp_path / "file").stat().st_mode & 0o777 == mode


def test_what_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for path in (tmp_path / "file" / "below", tmp_path / ("n" * 300), Path("/dev/null"), tmp_path):
        with pytest.raises(UsageError, match=r"cannot write|no ordinary file"):
            write_file(path, "text")
    with pytest.raises(UsageError, match="cannot write"):
        write_file(tmp_path / "file", "half \udcff")
    with pytest.raises(UsageError, match="in use"), building(tmp_path / "file"):
        pass
    assert (tmp_path / "file").read_text() == "mine"
    assert Path("/dev/null").is_char_device()


def test_all_files_or_none(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(UsageError, match="nothing was changed"):
        write_files({tmp_path / "first": "1", tmp_path / "file" / "second": "2"})
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_whoever_writes_too_long_is_named(tmp_path: Path) -> None:
    with (
        locked(tmp_path / "table"),
        pytest.raises(UsageError, match="somebody else is writing"),
        locked(tmp_path / "table", 0.05),
    ):
        pass


def test_what_a_dead_process_left_goes_and_what_a_living_one_writes_stays(tmp_path: Path) -> None:
    from corridor.scenario import writing

    def leave(process: int) -> Path:
        left = tmp_path / f".table.{writing._MACHINE}-{process}-0.part"
        left.write_text("half")
        return left

    living = leave(os.getppid())
    dead, mine = leave(2**22 + 1), tmp_path / ".table.part"
    mine.write_text("a file of the user's with such a name")
    write_file(tmp_path / "table", "whole")
    assert living.exists()
    assert mine.exists()
    assert not dead.exists()
