"""What would be if: answers beside the case as it was, as plain data, and what they are begun from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import corridor as co

if TYPE_CHECKING:
    from pathlib import Path

LANES = {"change": {"events": {"opening": {"value": "4..6"}}}}


@pytest.fixture(scope="module")
def live(short_case: Path) -> co.Live:
    return co.open_live(short_case, seed=4)


def answer(live: co.Live, edits: dict[str, Any], replicates: int = 12) -> dict[str, Any]:
    *_, last = live.answer(edits, (4, replicates))
    return json.loads(json.dumps(last, allow_nan=False))


@pytest.mark.slow
def test_fans_and_differences_are_those_of_runs(live: co.Live, short_case: Path) -> None:
    told = answer(live, LANES)
    case = co.read(short_case)
    runs = [co.run(one, replicates=12, seed=4) for one in (case, case.edit(LANES))]
    assert told["replicates"] == 12
    assert told["times"] == [time.isoformat(timespec="minutes") for time in runs[0].times]
    for name, fan in told["fans"].items():
        before, after = (run.take(name) for run in runs)
        for point, share in (("q05", 0.05), ("q25", 0.25), ("q50", 0.5), ("q75", 0.75), ("q95", 0.95)):
            np.testing.assert_allclose(fan[point], np.quantile(after, share, axis=0), atol=0.5)
        for point, share in (("q05", 0.05), ("q50", 0.5), ("q95", 0.95)):
            difference = np.quantile(after - before, share, axis=0)
            np.testing.assert_allclose(told["paired"][name][point], difference, atol=0.5)
        np.testing.assert_allclose(told["paired"][name]["higher"], (after > before).mean(axis=0), atol=1e-3)


@pytest.mark.slow
def test_an_answer_agrees_with_compare(live: co.Live, short_case: Path) -> None:
    told = answer(live, LANES)
    case = co.read(short_case)
    rows = co.compare(*(co.run(one, replicates=12, seed=4) for one in (case, case.edit(LANES)))).document["differences"]
    end = {row["measure"]: row for row in rows if row["time"].startswith(told["times"][-1]) and row["exit"] is None}
    for row in told["compare"]:
        if not row["of"]:
            assert {name: row[name] for name in ("difference", "q05", "q95", "share_higher")} == {
                name: end[row["measure"]][name] for name in ("difference", "q05", "q95", "share_higher")
            }


def test_the_case_as_it_was_differs_in_nothing(live: co.Live) -> None:
    told = answer(live, {})
    assert not any(any(values) for paired in told["paired"].values() for values in paired.values())
    assert all(row["difference"] == 0 for row in told["compare"])


def test_people_on_the_map_add_up(live: co.Live, short_case: Path) -> None:
    told = answer(live, {"change": {"events": {"opening": {"value": "0.3"}}}}, 1 + 4)
    links = {link["id"]: link for link in live.describe_ways()}
    assert told["ways"].keys() <= links.keys()
    assert any(any(way.get("delayed", ())) for way in told["ways"].values())
    assert any(link["exit"] for link in links.values())
    for link in links.values():
        assert link["vehicles_per_km"] is None or link["with_both_lanes"] >= link["vehicles_per_km"] > 0
    case = {row["id"] for row in co.read(short_case).tables["places"]}
    assert told["places"].keys() <= case
    assert {"name", "area", "held_back", "causes", "arrivals", "gained"} <= next(iter(told["exits"].values())).keys()


@pytest.mark.slow
def test_a_stored_run_is_the_base_of_its_what_ifs(short_case: Path, tmp_path: Path) -> None:
    run = co.run(co.read(short_case, "two_more_lanes"), tmp_path / "run", replicates=3, seed=9)
    for base in (run, tmp_path / "run", co.open_run(tmp_path / "run")):
        live = co.open_live(base)
        (told,) = live.answer({}, (3,))
        np.testing.assert_allclose(told["fans"]["arrivals"]["q50"], np.median(run.take("arrivals"), axis=0), atol=0.5)
    with pytest.raises(co.UsageError, match="seed"):
        co.open_live(run, seed=1)


def test_edits_are_not_run_into_a_folder(short_case: Path, tmp_path: Path) -> None:
    with pytest.raises(co.UsageError, match="write_variant"):
        co.run(co.read(short_case, edits=LANES), tmp_path / "run", replicates=2)
    assert not (tmp_path / "run").exists()


def test_edits_in_memory_are_the_base_of_further_edits(short_case: Path) -> None:
    case = co.read(short_case, "two_more_lanes", {"change": {"events": {"opening": {"time": "2025-03-02T06:00"}}}})
    (told,) = co.open_live(case, seed=2).answer(LANES, (3,))
    run = co.run(case.edit(LANES), replicates=3, seed=2)
    np.testing.assert_allclose(told["fans"]["inside"]["q50"], np.median(run.take("inside"), axis=0), atol=0.5)


def test_faults_of_a_what_if_are_told_and_the_next_one_is_answered(live: co.Live) -> None:
    with pytest.raises(co.FaultsError) as raised:
        next(live.answer({"change": {"events": {"opening": {"value": "many"}}}}))
    assert raised.value.faults[0].file == "variants/(edits)"
    assert answer(live, LANES)["replicates"] == 12


@pytest.mark.slow
def test_answers_begun_side_by_side_do_not_mix(live: co.Live) -> None:
    other = {"change": {"events": {"opening": {"value": "1"}}}}
    alone = [answer(live, edits) for edits in (LANES, other)]
    first, second = (live.answer(edits, (4, 12)) for edits in (LANES, other))
    mixed = [next(first), next(second), next(first), next(second)]
    for told, expected in zip(mixed[2:], alone, strict=True):
        assert told["fans"] == expected["fans"]
        assert told["ways"] == expected["ways"]


@pytest.mark.slow
def test_needs_are_told_by_item_and_place(worked_case: Path) -> None:
    live = co.open_live(worked_case, seed=1)
    (told,) = live.answer({}, (2,))
    assert "food" in told["without"]["items"]
    assert {row["item"] for row in told["without"]["places"]} <= told["without"]["items"].keys()
