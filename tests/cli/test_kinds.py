"""The templates of `corridor init --like KIND`: each is clean, runs, is told in a briefing, planned and asked for a deal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import corridor as co
from command import call
from corridor.scenario.create import ALONE, PARTS, load_kinds

KINDS = tuple(kind for kind in load_kinds() if kind not in ALONE)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("extra", [(), PARTS, PARTS[:1], PARTS[1:]], ids=lambda parts: "-".join(parts) or "plain")
def test_a_template_is_clean(tmp_path: Path, kind: str, extra: tuple[str, ...]) -> None:
    folder = tmp_path / "case"
    written = co.create(folder, like=kind, extra=extra)
    assert sorted(path for path in folder.rglob("*") if path.is_file()) == sorted(written)
    assert list(co.check(folder, strict=False).faults) == []
    case = co.read(folder)
    assert case.settings["title"] == load_kinds()[kind]["title"]
    assert bool(len(case.items)) == ("relief" in extra)
    assert bool(len(case.positions)) == ("deal" in extra)
    assert list(co.check(folder, variant="two_more_lanes").faults) == []


def test_kinds_differ_in_what_they_are_of(tmp_path: Path) -> None:
    cases = {}
    for kind in KINDS:
        co.create(tmp_path / kind, like=kind)
        cases[kind] = co.read(tmp_path / kind)
    exits = {kind: sum(_leads_out(case, row) for row in case.roads) for kind, case in cases.items()}
    assert exits["several-exits"] == 3
    assert all(number == 1 for kind, number in exits.items() if kind != "several-exits")
    assert len(cases["siege"].windows) == 1
    assert len(cases["flood"].services) == 1
    assert sum(row["beds"] is not None for row in cases["camps"].places) == 3


def _leads_out(case: co.Scenario, row: object) -> bool:
    areas = {place["id"]: place["area"] for place in case.places}
    return areas[row["from"]] == "inside" != areas[row["to"]]  # type: ignore[index]


def test_the_first_template_is_what_init_writes_unasked(tmp_path: Path) -> None:
    co.create(tmp_path / "a" / "case")
    co.create(tmp_path / "b" / "case", like="one-road")
    read = [{p.name: p.read_bytes() for p in (tmp_path / one).rglob("*") if p.is_file()} for one in "ab"]
    assert read[0] == read[1]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_run_and_reported(tmp_path: Path, kind: str) -> None:
    case, run = tmp_path / "case", tmp_path / "run"
    assert call("init", case, "--like", kind, "--with", "relief,deal").code == 0
    assert call("run", case, "--out", run, "--replicates", "10").code == 0
    told = call("report", run, "--quick", "--json")
    assert told.code == 0, told.stderr
    assert len(json.loads(told.stdout)["answers"]) == 6
    result = co.open_run(run)
    assert (result.take("arrivals")[:, -1] > 0).any()
    assert call("plan", case).code == 0
    assert call("deal", case).code == 0


@pytest.mark.parametrize(("words", "told"), [(["--like", "sege"], "siege"), (["--with", "relif"], "relief")])
def test_a_kind_that_there_is_not(tmp_path: Path, words: list[str], told: str) -> None:
    ended = call("init", tmp_path / "case", *words)
    assert ended.code == 2
    assert f'did you mean "{told}"' in ended.stderr
    assert not (tmp_path / "case").exists()
