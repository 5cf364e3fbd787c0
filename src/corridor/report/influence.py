"""What matters: how much each uncertain input of the ensemble goes with the number of people who have arrived."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.report.envelope import Figure, begin_figure
from corridor.report.names import name_kind
from corridor.report.plain_names import name_plainly
from corridor.results.ranks import noise_level, rank_correlation
from corridor.scenario.schema import load_event_kinds, load_fields
from corridor.scenario.values import Quantity, TimeRange
from corridor.scenario.variant import row_name
from corridor.words.said import Field, say
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from corridor.results.drawn import Drawn
    from corridor.results.result import Result, Values

FEWEST_SHOWN, MOST_SHOWN = 4, 8
FEWEST = 30  # replicates below which no ranking is given


@dataclass(frozen=True)
class Sample:
    """Numbers by name, and people arrived at a moment and at the end where they had these values [R].

    `fitted` are the names of those that counts have moved; for them the sample is worth `courses` members.
    """

    values: Mapping[str, Values]
    arrived: Values
    at_end: Values
    fitted: Collection[str] = ()
    courses: float = math.inf


def describe_influence(result: Result, moment: datetime, drawn: Drawn) -> Figure:
    """Return the drawn inputs in order of their rank correlation with the people arrived at the moment.

    With each, arrivals in the fifth of replicates where the input is lowest and where it is highest.
    """
    arrived, at_end = result.at("arrivals", moment), result.take("arrivals")[:, -1]
    return rank_inputs(result, moment, Sample(drawn.values, arrived, at_end, drawn.fitted, drawn.courses))


def rank_inputs(result: Result, moment: datetime, sample: Sample) -> Figure:
    """Return the figure of what matters of a sample; `result` says what the numbers are called."""
    arrived, at_end, members = sample.arrived, sample.at_end, len(sample.arrived)
    rows = _rows_by_name(result)
    found = []
    for name, values in sample.values.items():
        correlation = rank_correlation(values, arrived)
        order = np.argsort(values, kind="stable")
        fifth = max(1, len(order) // 5)
        low, high = order[:fifth], order[-fifth:]
        found.append(
            {
                "name": name,
                **_describe_input(result, name, values, rows),
                "correlation": correlation,
                "correlation_end": rank_correlation(values, at_end),
                "arrived_where_low": float(np.median(arrived[low])),
                "arrived_where_high": float(np.median(arrived[high])),
                "arrived_at_end_where_low": float(np.median(at_end[low])),
                "arrived_at_end_where_high": float(np.median(at_end[high])),
            }
        )
    level = noise_level(members, len(found))
    for entry in found:
        # those that counts have moved are tied together: the sample is worth fewer members for them
        is_fitted = entry["name"] in sample.fitted
        entry["fitted"] = is_fitted
        entry["noise"] = noise_level(min(members, sample.courses), len(found)) if is_fitted else level
    found.sort(key=lambda entry: (-abs(entry["correlation"]) / entry["noise"], entry["name"]))
    enough = members >= FEWEST and float(np.ptp(arrived)) > 0
    return begin_figure(
        result,
        "influence",
        "people arrived",
        moment=moment.isoformat(timespec="minutes"),
        enough=enough,
        noise=level,
        fitted_inputs=len(sample.fitted),
        independent_courses=sample.courses if sample.fitted else None,
        inputs=found,
    )


def _rows_by_name(result: Result) -> dict[str, Any]:
    chosen = result.manifest["parameters"]
    tables = [t for t in load_fields() if t in result.scenario.tables and t not in ("claims", "sources")]
    return {f"{t}/{row_name(row)}": row for t in tables for row in result.scenario.rows(t, chosen)}


def _describe_input(result: Result, name: str, values: Values, rows: dict[str, Any]) -> dict[str, Any]:
    """Return label, unit, range as written and claims of an uncertain number `table/row/column`."""
    table, _, rest = name.partition("/")
    if table == "parameters":
        row, column, who, unit = rows.get(f"parameters/{rest}"), "value", "", load_fields()["parameter"][rest].unit
    else:
        key, _, column = rest.rpartition("/")
        row = rows.get(f"{table}/{key}")
        who, spec = name_row(result, row, key), load_fields().get(table, {}).get(column)
        unit = _unit_of_event(row, column) if table == "events" else spec.unit if spec else ""
    kind = row["kind"] if table == "events" and row is not None else ""
    written = row.values.get(column) if row is not None else None
    low, high = (float(q) for q in np.quantile(values, [0.05, 0.95]))
    return {
        "who": who,
        "what": write(_say_what(name, kind)),
        "kind": kind,
        "unit": unit,
        "written": written.write() if isinstance(written, Quantity | TimeRange) else write(say("told.default")),
        "low": low,
        "high": high,
        "claims": list(row.values.get("claims") or ()) if row is not None else [],
    }


def name_row(result: Result, row: Any, key: str) -> str:
    """Return what a person calls a row of a table: its label or name, or the names of what its key refers to."""
    if row is None:
        return key
    label = row.values.get("label") or row.values.get("name")
    if label:
        return str(label)
    names = {r["id"]: r["name"] or r["id"] for t in ("places", "groups") for r in result.scenario.tables[t]}
    return ", ".join(names.get(part, part.replace("_", " ")) for part in key.split("/") if part not in ("", "None"))


def _unit_of_event(row: Any, column: str) -> str:
    if column == "value":
        return load_event_kinds()[row["kind"]].value_unit
    return "hours from the start" if column == "time" else ""


def _say_what(name: str, kind: str) -> Field:
    """Return what an uncertain number `table/row/column` is called; `kind` is that of its event."""
    table, _, rest = name.partition("/")
    column = rest.rpartition("/")[2]
    if table == "events":
        known = column in ("time", "chance")
        return say(f"happens.{column}") if known else say("happens.how_much", kind=name_kind("event.kind", kind))
    spec = load_fields().get("parameter" if table == "parameters" else table, {}).get(column)
    return name_plainly(table, column, spec.meaning) if spec is not None else column


def shown_inputs(figure: Figure) -> list[dict[str, Any]]:
    """Return the inputs worth showing: those that luck does not explain, and a few more to compare with."""
    strong = sum(abs(entry["correlation"]) > entry["noise"] for entry in figure["inputs"])
    return list(figure["inputs"][: min(max(strong, FEWEST_SHOWN), MOST_SHOWN)])


def name_input(entry: Mapping[str, Any]) -> Field:
    """Return the words for an uncertain input."""
    what = say_input(entry)
    return say("influence.input", what=what, who=entry["who"]) if entry["who"] else what


def say_input(entry: Mapping[str, Any]) -> Field:
    """Return what an uncertain input is, without whose it is."""
    return _say_what(entry["name"], entry["kind"])
