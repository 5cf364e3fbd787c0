"""What an agreement would change: the run's replicates again under each variant that sets guarantees, assumed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.kept import identify, keep, read_kept
from corridor.results.compare import describe_differences
from corridor.results.in_memory import simulate_in_memory
from corridor.results.moments import require_within
from corridor.scenario.read import read_draft
from corridor.scenario.scenario import read_scenario
from corridor.scenario.values import Quantity
from corridor.scenario.variant import apply_variant, list_variants, row_name
from corridor.simulate.ensemble import prepare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from corridor.results.result import Result
    from corridor.scenario.draft import Row
    from corridor.scenario.scenario import Scenario
    from corridor.simulate.behaviour import Behaviour

PAIRS = 48  # replicates simulated again under each variant
FILE = "agreements.json"
FORM = 2  # of what is kept in it
ASSUMPTION = "assumption"  # the source of a size that rests on no claim
PARTS = {  # what is told of flight, corridor and relief, by the names that `compare` gives them
    "arrivals": ("flight", "people arrived"),
    "inside": ("flight", "people inside"),
    "on_roads": ("flight", "people on the roads"),
    "waiting_for_transport": ("flight", "people waiting for a vehicle, a seat or fuel"),
    "mean_journey_hours": ("flight", "mean hours of a journey"),
    "held_back": ("corridor", "people held back before the exits"),
    "vehicles_delayed": ("corridor", "vehicles delayed"),
    "registration_backlog": ("corridor", "people waiting to be registered"),
    "relief_trucks_in": ("relief", "trucks of relief that came in"),
    "relief_trucks_turned_back": ("relief", "trucks of relief that turned back"),
}
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
    return {**identify(result), "moment": moment.isoformat(timespec="minutes"), "form": FORM}


def compare_agreements(result: Result, moment: datetime) -> dict[str, Any] | None:
    """Return paired differences in flight, corridor and relief under each variant that sets guarantees.

    The first replicates of the run are simulated again with the same luck, as written and under each variant, and the
    differences kept in figures/agreements.json. None where there is no such variant or the run itself is a variant.
    """
    kept = read_agreements(result, moment)
    names = [] if kept or result.manifest["variant"] else list_agreements(result.scenario.folder)
    if not names:
        return kept
    chosen, seed = result.manifest["parameters"], result.manifest["seed"]
    pairs = min(PAIRS, result.replicates)
    found = compare_variants(result.scenario, names, chosen, moment, pairs, seed, result.rules)
    return keep(result, FILE, {**_ask(result, moment), **found})


def compare_variants(
    case: Scenario,
    names: Sequence[str],
    parameters: str,
    moment: datetime,
    pairs: int,
    seed: int | None = None,
    rules: Behaviour | None = None,
) -> dict[str, Any]:
    """Return what each variant of a case means for flight, corridor and relief: variant less case, pair by pair.

    Each holds the `sizes` that it assumes, with their source, and rows at the moment and at the end: as written, the
    mean difference and nine in ten. Raises UsageError without such a variant, FaultsError for one that cannot be.
    """
    base = simulate_in_memory(case, prepare(case, parameters, seed, rules), np.arange(pairs))
    require_within(base, moment)
    variants = []
    for name in names:
        varied = read_scenario(case.folder, name)
        other = simulate_in_memory(varied, prepare(varied, parameters, seed, rules), np.arange(pairs))
        moments = list(dict.fromkeys((moment, base.times[-1])))
        rows = [_describe(row, case) for row in describe_differences(base, other, moments) if row["exit"] is None]
        rows.sort(key=_order)
        variants.append({"variant": name, "sizes": _list_sizes(case, varied, parameters), "rows": rows})
    return {"pairs": pairs, "assumed": ASSUMED, "variants": variants}


def _order(row: Mapping[str, Any]) -> tuple[int, str]:
    return ("flight", "corridor", "relief").index(row["part"]), row["time"]


def _describe(row: Mapping[str, Any], case: Scenario) -> dict[str, Any]:
    part, words = PARTS.get(row["measure"]) or ("relief", _name_relief(str(row["measure"]), case))
    return {
        "part": part,
        "measure": words,
        "time": row["time"][:16],
        "written": row["first"],
        "mean": row["mean_difference"],
        "q05": row["q05"],
        "q95": row["q95"],
    }


def _name_relief(measure: str, case: Scenario) -> str:
    """Return a measure of goods in words, its item by name."""
    series, item, *where = measure.split(" ", 2)
    name = next((str(row["name"]) for row in case.tables["items"] if row["id"] == item), item)
    if series == "brought_in":
        return f"{name} brought in"
    return f"person-days without {name} {' '.join(where)}"


def _list_sizes(case: Scenario, varied: Scenario, parameters: str) -> list[dict[str, str]]:
    """Return the numbers that a variant sets otherwise than the case, each with its claims or as assumed."""
    sizes = []
    for table in case.tables:
        before = {row_name(row): row.values for row in case.rows(table, parameters)}
        for row in varied.rows(table, parameters):
            old = before.get(row_name(row), {})
            for column, value in row.values.items():
                if isinstance(value, Quantity) and value != old.get(column):
                    source = " ".join(row["claims"]) or ASSUMPTION
                    sizes.append({"row": f"{table}/{row_name(row)}/{column}", "value": value.write(), "source": source})
    return sizes
