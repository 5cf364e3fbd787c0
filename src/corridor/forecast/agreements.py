"""What an agreement would change: the run's replicates again under each variant that sets guarantees, assumed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.kept import identify, keep, read_kept
from corridor.results.in_memory import simulate_in_memory
from corridor.results.result import interpolate
from corridor.results.summary import describe_spread
from corridor.scenario.read import read_draft
from corridor.scenario.scenario import read_scenario
from corridor.scenario.variant import apply_variant, list_variants
from corridor.simulate.ensemble import prepare

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from corridor.results.result import Result
    from corridor.scenario.draft import Row

PAIRS = 48  # replicates simulated again under each variant
FILE = "agreements.json"
ASSUMED = (
    "The size of what an agreement changes is an assumption: it acts on departures through the term of missing "
    "guarantees (and on fighters through their pace of leaving), and no study gives that size for this model. "
    "The difference says what follows from the assumption, not what an agreement would have done."
)


def list_agreements(folder: Path) -> list[str]:
    """Return the variants of a scenario's folder that set guarantees, by event or parameter, otherwise than it does."""
    draft = read_draft(folder)
    found = []
    for name in list_variants(folder):
        varied = replace(draft, tables=dict(draft.tables), faults=[])
        apply_variant(varied, name)
        if _guarantees(varied.tables) != _guarantees(draft.tables):
            found.append(name)
    return found


def _guarantees(tables: Mapping[str, list[Row]]) -> list[tuple[Any, ...]]:
    rows = [row for row in tables["events"] if row.values.get("kind") == "guarantees"]
    rows += [row for row in tables["parameters"] if row.values.get("name") == "guarantees"]
    return [tuple(row.values.get(column) for column in ("time", "value", "set")) for row in rows]


def read_agreements(result: Result, moment: datetime) -> dict[str, Any] | None:
    """Return what was found for this run and moment before, and kept in figures/agreements.json; else None."""
    return read_kept(result, FILE, _ask(result, moment))


def _ask(result: Result, moment: datetime) -> dict[str, Any]:
    return {**identify(result), "moment": moment.isoformat(timespec="minutes")}


def compare_agreements(result: Result, moment: datetime) -> dict[str, Any] | None:
    """Return paired differences of arrivals and people inside under each variant that sets guarantees.

    The first replicates of the run are simulated again with the same luck under each variant, and kept in
    figures/agreements.json. None where there is no such variant or the run itself is a variant.
    """
    kept = read_agreements(result, moment)
    names = [] if kept or result.manifest["variant"] else list_agreements(result.scenario.folder)
    if not names:
        return kept
    pairs = min(PAIRS, result.replicates)
    variants = [_compare(result, name, moment, pairs) for name in names]
    found = {**_ask(result, moment), "pairs": pairs, "assumed": ASSUMED, "variants": variants}
    return keep(result, FILE, found)


def _compare(result: Result, variant: str, moment: datetime, pairs: int) -> dict[str, Any]:
    scenario, chosen = read_scenario(result.scenario.folder, variant), result.manifest["parameters"]
    ensemble = prepare(scenario, chosen, result.manifest["seed"], result.rules)
    other = simulate_in_memory(scenario, ensemble, np.arange(pairs))
    rows = []
    for measure, column in (("people arrived", "arrivals"), ("people inside", "inside")):
        every, after = result.take(column), other.take(column)
        for when in (moment, result.times[-1]):
            written = interpolate(every, result.times, when)
            difference = interpolate(after, result.times, when) - written[:pairs]
            rows.append(
                {
                    "measure": measure,
                    "time": when.isoformat(timespec="minutes"),
                    "written": float(np.median(written)),
                    "mean": float(difference.mean()),
                    **describe_spread(difference),
                }
            )
    return {"variant": variant, "rows": rows}
