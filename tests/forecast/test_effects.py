"""What moves the answers: one number at a time, against changing the scenario by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corridor.forecast import effects
from corridor.forecast.answer_numbers import SENTENCES, measure_answers
from corridor.forecast.effects import effects_by_number, effects_of_run, list_changes, measure_effects
from corridor.results.in_memory import simulate_in_memory
from corridor.results.result import Result
from corridor.scenario.scenario import Scenario
from corridor.scenario.values import Quantity, TimeRange, fixed
from corridor.simulate.compile import compile_model
from corridor.simulate.ensemble import Ensemble, prepare
from worlds import corridor_world


@pytest.fixture(scope="module")
def document(small_result: Result) -> dict[str, Any]:
    """Return the effects of the template scenario, with the full count of pairs for six numbers."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(effects, "LARGEST", 6)
        return effects_of_run(small_result)


def _at_medians(scenario: Scenario) -> Scenario:
    """Return the scenario with every range written as its median and every moment as its middle."""

    def settle(value: Any) -> Any:
        if isinstance(value, Quantity):
            return fixed(value.median)
        return TimeRange(value.take(0.5), value.take(0.5)) if isinstance(value, TimeRange) else value

    tables = {
        table: tuple(replace(row, values={k: settle(v) for k, v in row.values.items()}) for row in rows)
        for table, rows in scenario.tables.items()
    }
    return replace(scenario, tables=tables)


@pytest.mark.slow
def test_the_effect_of_a_range_is_that_of_writing_its_ends_into_the_table(
    small_result: Result, document: dict[str, Any]
) -> None:
    """Fixing all numbers in the tables and running twice gives the same change: another way to the same figure."""
    scenario, moment = small_result.scenario, datetime.fromisoformat(document["moment"])
    settled = _at_medians(scenario)
    row = next(row for row in settled.tables["groups"] if row["transport"] == "own")
    name = f"groups/{row['id']}/leave_rate"
    entry = next(entry for entry in document["numbers"] if entry["name"] == name)
    answers = []
    for end in (entry["low"], entry["high"]):
        changed = replace(row, values={**row.values, "leave_rate": fixed(end)})
        groups = tuple(changed if other is row else other for other in settled.tables["groups"])
        other = replace(settled, tables={**settled.tables, "groups": groups})
        ensemble = prepare(other, "", small_result.manifest["seed"])
        course = simulate_in_memory(other, ensemble, np.arange(entry["pairs"]))
        answers.append(measure_answers(course, moment)[entry["moves"]].values)
    difference = float(np.mean(answers[1] - answers[0]))
    assert difference != 0
    assert entry["effect"] == pytest.approx(difference / document["spreads"][entry["moves"]], abs=1e-4)


@pytest.mark.slow
def test_a_number_that_nothing_uses_has_no_effect(small_result: Result, document: dict[str, Any]) -> None:
    """With the same luck, what changes nothing differs by exactly nothing; what matters comes first."""
    sizes = [abs(entry["effect"]) for entry in document["numbers"]]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > 0.2
    assert {entry["sentence"] for entry in document["numbers"]} <= set(SENTENCES)
    model = compile_model(small_result.scenario, "")
    unused = replace(model, quantities={**model.quantities, "roads/nowhere/speed_kmh": Quantity("uniform", 1, 2, 3)})
    changes = list_changes(small_result.scenario, unused)
    ensemble, moment = Ensemble(unused, 1), datetime.fromisoformat(document["moment"])
    design = effects.Design(small_result.scenario, ensemble, changes, moment)
    index = next(i for i, change in enumerate(changes) if change.name == "roads/nowhere/speed_kmh")
    list(design.simulate([index], range(2)))
    assert all((values == 0).all() for values in design.differences(index).values())


def test_a_change_not_worth_a_word_of_a_number_that_stands_still_has_no_effect() -> None:
    """A share that is the same in all runs and moves by a fiftieth is no reason to name a number among the weakest."""
    change, spreads = (
        effects.Change("roads/a-b/length_km", 8, 10, 12),
        {"share": ("limit", 0.05), "out": ("arrived", 90.0)},
    )
    moved = {"share": np.array([0.02, 0.02]), "out": np.array([1.0, 1.0])}
    assert effects._describe(change, moved, spreads, {"share"})["moves"] == "out"
    assert effects._describe(change, moved, spreads, ())["moves"] == "share"
    large = effects._describe(change, {**moved, "share": np.array([0.2, 0.2])}, spreads, {"share"})
    assert large["moves"] == "share"
    assert large["effect"] == pytest.approx(4)


def test_effects_belong_to_cells_that_hold_those_numbers(small_result: Result, document: dict[str, Any]) -> None:
    """Every effect by file, row and column is of a cell with a number in the scenario."""
    scenario = small_result.scenario
    cells = {
        (row.file, row.line, column): row[column]
        for rows in scenario.tables.values()
        for row in rows
        for column in row.values
    }
    found = effects_by_number(scenario, document)
    assert len(found) > 10
    assert all(isinstance(cells[cell], Quantity | float) for cell in found)


def test_effects_of_a_run_are_measured_once(
    small_result: Result, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second time they are read from the run's folder, and only if they are of this run."""
    calls = []
    monkeypatch.setattr(effects, "measure_effects", lambda *a, **k: calls.append(a) or {"numbers": []})
    assert effects_of_run(small_result) == document
    assert not calls
    other = replace(small_result, manifest={**small_result.manifest, "scenario_hash": "another"})
    effects_of_run(other)
    assert len(calls) == 1
    (small_result.folder / "figures" / effects.FILE).unlink()


def test_the_same_seed_gives_the_same_effects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is drawn outside the keyed generator."""
    monkeypatch.setattr(effects, "LARGEST", 2)
    scenario = corridor_world(tmp_path, 6, people="1000..5000")
    found = measure_effects(scenario, seed=5)
    assert "people/town/drivers/people" in [entry["name"] for entry in found["numbers"]]
    assert found == measure_effects(scenario, seed=5)


def test_lanes_after_unforeseen_changes_are_moved_by_a_fifth_as_a_whole(tmp_path: Path) -> None:
    """They are drawn again and again: what is not known of them is where the range lies, not a number of the replicate."""
    gate = {"id": "gate", "place": "bridge", "lanes": 1, "seconds_per_vehicle": 20}
    changing = {**gate, "change_rate": "1..3", "change_lanes": "1..3", "shut_share": 0.2, "opening_rate": 5}
    scenario = corridor_world(tmp_path, 48, checkpoints=[changing])
    changes = {change.name: change for change in list_changes(scenario, compile_model(scenario, ""))}
    assert {"checkpoints/gate/change_rate", "checkpoints/gate/shut_share", "checkpoints/gate/opening_rate"} <= set(
        changes
    )
    lanes = changes["checkpoints/gate/change_lanes"]
    (low,), (high,) = (model.servers.change_lanes for model in lanes.rebuilt)
    assert low is not None
    assert high is not None
    assert [low.take(0.3), high.take(0.3)] == pytest.approx([0.8 * 1.6, 1.2 * 1.6])
    assert (lanes.low, lanes.middle, lanes.high) == pytest.approx((1.6, 2.0, 2.4))
