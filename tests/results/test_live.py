"""What-ifs: every replicate is the one that a run of the changed case has, from wherever it was begun."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import corridor as co
from corridor.results import side as sides
from corridor.results.live import LiveCase
from corridor.scenario.scenario import read_scenario
from corridor.simulate.series import Column
from corridor.simulate.snapshots import Difference, find_difference
from watched import require_same

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.results.in_memory import Unstored as Result
    from corridor.scenario.scenario import Scenario

TEMPLATE: dict[str, dict[str, Any]] = {
    "nothing": {},
    "a title": {"title": "other"},
    "people": {"change": {"people": {"old_town/families_with_car": {"people": "20000..30000"}}}},
    "rate": {"change": {"groups": {"families_with_car": {"leave_rate": "0.02..0.05"}}}},
    "lanes": {"change": {"checkpoints": {"bridge_checkpoint": {"lanes": 1}}}},
    "earlier": {"change": {"events": {"opening": {"time": "2025-03-02T06:00..2025-03-02T20:00"}}}},
    "later": {"change": {"events": {"opening": {"time": "2025-03-04T06:00"}}}},
    "other size": {"change": {"events": {"opening": {"value": "1..2"}}}},
    "perhaps": {"change": {"events": {"truce": {"chance": "0.5"}}}},
    "removed": {"remove": {"events": ["opening", "truce"]}},
    "added": {
        "add": {
            "events": {"more": {"time": "2025-03-03T12:00", "kind": "lanes", "target": "bridge_checkpoint", "value": 6}}
        }
    },
}


def list_template_edits(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """Return edits of the template, and one of each kind of table with an uncertain number in it."""
    case = read_scenario(folder)
    edits = list(TEMPLATE.items())
    row = case.tables["roads"][0]
    edits.append(("road", {"change": {"roads": {row["id"]: {"speed_kmh": "15..25"}}}}))
    place = case.tables["people"][0]
    edits = [(n, d) for n, d in edits if n != "people"]
    name = f"{place['place']}/{place['group']}"
    edits.append(("people", {"change": {"people": {name: {"people": "9000..12000"}}}}))
    edits.append(("parameter", {"add": {"parameters": {"departure_wander": {"value": 0.5}}}}))
    return [
        (n, d)
        for n, d in edits
        if not any(row["name"] == "departure_wander" for row in case.tables["parameters"]) or n != "parameter"
    ]


def compare_all(
    case: Scenario, edits: list[tuple[str, dict[str, Any]]], parameters: str, stages: tuple[int, ...]
) -> dict[str, Difference | None]:
    """Answer every edit, twice, and compare with runs; return from which step each was simulated."""
    live, begun = LiveCase(case, parameters, 5), {}
    runs: dict[str, Result] = {}
    for name, document in [*edits, *edits]:
        if name not in runs:
            edited = case.edit(document)
            runs[name] = co.run(edited, parameters=parameters or None, replicates=stages[-1], seed=5).result
        pairs = list(live.answer(document, stages, lambda: False))
        assert [pair.replicates for pair in pairs] == list(stages)
        require_same(pairs[-1].edited, runs[name], stages[-1])
        begun[name] = find_difference(live.base.model, pairs[-1].model)
    base = co.run(case, parameters=parameters or None, replicates=stages[-1], seed=5).result
    require_same(live.base.watched, base, stages[-1])
    return begun


@pytest.mark.slow
def test_replicates_are_those_of_a_run_of_the_template(short_case: Path) -> None:
    begun = compare_all(read_scenario(short_case), list_template_edits(short_case), "", (2, 5))
    assert begun["nothing"] is None
    assert begun["a title"] is None
    assert begun["lanes"] == Difference(0)
    assert begun["rate"] is not None
    assert begun["rate"].late
    assert all(begun[name].step > 0 for name in ("later", "earlier", "added", "perhaps", "removed"))


@pytest.mark.slow
@pytest.mark.long
def test_replicates_of_a_set_that_has_learnt_are_those_of_a_run(worked_case: Path) -> None:
    case = read_scenario(worked_case)
    edits = [
        ("rate", {"change": {"groups": {"families_with_vehicle": {"leave_rate": "0.02..0.04"}}}}),
        ("moved", {"change": {"events": {"outbound_mets_shen_hakari_bridge": {"time": "2023-09-27T08:00"}}}}),
        ("size", {"change": {"events": {"announcement_stages": {"value": "2..3"}}}}),
        ("early", {"change": {"events": {"opening": {"time": "2023-09-22T12:00..2023-09-23T14:00", "value": "1..2"}}}}),
        ("removed", {"remove": {"events": ["depot_explosion", "free_fuel"]}}),
        (
            "effects and an event",
            {
                "change": {
                    "parameters": {"effect_gone": {"value": "1..3"}, "effect_guarantees": {"value": "0.2"}},
                    "events": {"outbound_mets_shen_hakari_bridge": {"time": "2023-09-27T08:00"}},
                }
            },
        ),
        (
            "added",
            {"add": {"events": {"x1": {"time": "2023-09-26T12:00..2023-09-28T12:00", "kind": "danger", "target": "*", "value": "0.1..0.9", "chance": 0.5}}}},
        ),
    ]  # fmt: skip
    begun = compare_all(case, edits, "replay", (2, 3))
    assert all(found is not None and found.step > 100 for found in begun.values())
    assert begun["rate"].late
    assert begun["effects and an event"].late


@pytest.mark.slow
def test_a_run_with_people_added_late_goes_on_from_a_snapshot(worked_case: Path) -> None:
    live = LiveCase(read_scenario(worked_case), "replay", 5)
    list(live.answer({}, (3,), lambda: False))
    assert any(people.any() for people in live.kept.added[0, 3])
    assert len(live.kept.snapshots) in (sides.MOST_STEPS, sides.MOST_STEPS + 1)


def test_nobody_waits_for_an_answer_that_is_not_wanted(short_case: Path) -> None:
    live = LiveCase(read_scenario(short_case), "", 5)
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > 5

    document = TEMPLATE["rate"]
    assert list(live.answer(document, (5, 10), cancelled)) == []
    assert live.base.watched.filled == 0
    asked = -(10**9)
    (pair,) = live.answer(document, (5,), cancelled)
    require_same(pair.edited, co.run(read_scenario(short_case, edits=document), replicates=5, seed=5).result, 5)


def test_an_answer_given_up_halfway_leaves_nothing_behind(short_case: Path) -> None:
    live = LiveCase(read_scenario(short_case), "", 5)
    first = live.answer(TEMPLATE["rate"], (2, 5), lambda: False)
    next(first)
    first.close()
    *_, pair = live.answer(TEMPLATE["later"], (2, 5), lambda: False)
    require_same(
        pair.edited, co.run(read_scenario(short_case, edits=TEMPLATE["later"]), replicates=5, seed=5).result, 5
    )


@pytest.mark.slow
def test_stages_may_be_others_than_those_of_the_base(short_case: Path) -> None:
    live = LiveCase(read_scenario(short_case), "", 5)
    list(live.answer({}, (2, 5), lambda: False))
    result = co.run(read_scenario(short_case, edits=TEMPLATE["later"]), replicates=6, seed=5).result
    for stages in ((3,), (3,), (4,), (1, 5), (2, 5), (2, 6), (6,)):
        *_, pair = live.answer(TEMPLATE["later"], stages, lambda: False)
        require_same(pair.edited, keep_first(result, stages[-1]), stages[-1])


def keep_first(result: Result, replicates: int) -> Result:
    """Return the first replicates of a run in memory."""
    record = result.records[0]
    cut = replace(record, counts=record.counts[:replicates], measures=record.measures[:replicates])
    return replace(result, manifest={**result.manifest, "replicates": replicates}, records=(cut,))


def test_a_case_that_has_changed_on_disk_is_not_taken_for_the_one_read(small_folder: Path) -> None:
    case = read_scenario(small_folder)
    path = small_folder / "groups.csv"
    path.write_text(path.read_text().replace("0.01..0.05", "0.01..0.06"))
    with pytest.raises(co.UsageError, match="changed"):
        LiveCase(case, "", None)


@pytest.mark.parametrize("stages", [(0,), (5, 5), (201,), (10, 5)])
def test_stages_grow(short_case: Path, stages: tuple[int, ...]) -> None:
    live = LiveCase(read_scenario(short_case), "", 5)
    with pytest.raises(co.UsageError, match="stages"):
        next(live.answer({}, stages, lambda: False))


@pytest.mark.slow
def test_detail_is_kept_of_as_many_replicates_as_there_is_memory_for(
    short_case: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from corridor.simulate import watching

    case = read_scenario(short_case)
    whole = LiveCase(case, "", 5)
    *_, pair = whole.answer(TEMPLATE["later"], (2, 5), lambda: False)
    kept = pair.edited.detail.copy()
    monkeypatch.setattr(watching, "DETAIL_BYTES", 4 * kept.shape[0] * kept.shape[1] * 3)
    *_, pair = LiveCase(case, "", 5).answer(TEMPLATE["later"], (2, 5), lambda: False)
    assert pair.edited.detail.shape[2] == 3
    np.testing.assert_array_equal(pair.edited.detail, kept[:, :, :3])
    assert pair.edited.has(Column("arrivals"))
