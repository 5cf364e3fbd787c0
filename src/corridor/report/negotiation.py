"""The open deal in the briefing: where, who moves it, screens; and what an agreement would change, assumed."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.deal.answer import answer_deal
from corridor.deal.read import take_deal
from corridor.report.envelope import describe_spread
from corridor.results.in_memory import simulate_in_memory
from corridor.results.result import interpolate
from corridor.results.store import write_text
from corridor.scenario.scenario import Scenario, read_scenario
from corridor.simulate.compile import compile_model
from corridor.simulate.fitted import read_fitted
from corridor.simulate.luck import plain_luck

if TYPE_CHECKING:
    from corridor.results.result import Result, Values

PAIRS = 48  # replicates simulated again under each variant
FILE = "agreements.json"
ASSUMED = (
    "The size of what an agreement changes is an assumption: it acts on departures through the term of missing "
    "guarantees (and on fighters through their pace of leaving), and no study gives that size for this model. "
    "The difference says what follows from the assumption, not what an agreement would have done."
)


def describe_negotiation(result: Result) -> dict[str, Any] | None:
    """Return the answer of `corridor deal` for the run's scenario and set, or None when it has no negotiation."""
    chosen = result.manifest["parameters"]
    if not result.scenario.rows("issues", chosen):
        return None
    deal = take_deal(result.scenario, chosen)
    names = {actor.id: actor.name for actor in deal.actors}
    answer: dict[str, Any] = answer_deal(deal, deal.issues)
    return {**answer, "names": names}


def list_agreements(scenario: Scenario) -> list[str]:
    """Return the variants that set guarantees, by event or parameter, otherwise than the scenario as written."""
    written = _guarantees(read_scenario(scenario.folder))
    names = sorted(path.stem for path in (scenario.folder / "variants").glob("*.toml"))
    return [name for name in names if _guarantees(read_scenario(scenario.folder, name)) != written]


def _guarantees(scenario: Scenario) -> list[str]:
    rows = [r for r in scenario.tables["events"] if r["kind"] == "guarantees"]
    rows += [r for r in scenario.tables["parameters"] if r["name"] == "guarantees"]
    return [f"{row.values.get('time')} {row['value'].write()} {row.values.get('set')}" for row in rows]


def compare_agreements(result: Result, moment: datetime, measure: bool = False) -> dict[str, Any] | None:
    """Return paired differences of arrivals and people inside under each variant that sets guarantees.

    The first replicates of the run are simulated again with the same luck under each variant, and kept in
    figures/agreements.json. None where there is no such variant, the run itself is one, or nothing is kept
    and `measure` is False.
    """
    path = result.folder / "figures" / FILE
    asked = {key: result.manifest[key] for key in ("scenario_hash", "parameters", "seed")}
    asked["moment"] = moment.isoformat(timespec="minutes")
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(kept, dict) and asked.items() <= kept.items():
            return kept
    except (OSError, ValueError):
        pass
    names = [] if result.manifest["variant"] or not measure else list_agreements(result.scenario)
    if not names:
        return None
    found = {**asked, "pairs": min(PAIRS, result.replicates), "assumed": ASSUMED}
    found["variants"] = [_compare(result, name, moment, found["pairs"]) for name in names]
    write_text(path, json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    return found


def _compare(result: Result, variant: str, moment: datetime, pairs: int) -> dict[str, Any]:
    scenario, chosen = read_scenario(result.scenario.folder, variant), result.manifest["parameters"]
    model, numbers = compile_model(scenario, chosen), np.arange(pairs)
    luck, given = plain_luck(result.manifest["seed"], numbers), None
    fitted = read_fitted(scenario, chosen)
    if fitted is not None:
        luck, given = fitted.luck(luck, numbers, model.clock.step_hours), fitted.values(numbers)
    other = simulate_in_memory(scenario, model, luck, given)
    rows = []
    for measure, column in (("people arrived", "arrivals:"), ("people inside", "inside:")):
        before, after = result.take(column)[:pairs], other.take(column)
        for when in (moment, result.times[-1]):
            pair: list[Values] = [interpolate(values, result.times, when) for values in (before, after)]
            difference = pair[1] - pair[0]
            rows.append(
                {
                    "measure": measure,
                    "time": when.isoformat(timespec="minutes"),
                    "written": float(np.median(pair[0])),
                    "mean": float(difference.mean()),
                    **describe_spread(difference),
                }
            )
    return {"variant": variant, "rows": rows}
