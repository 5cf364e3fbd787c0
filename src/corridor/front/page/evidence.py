"""What the screen Evidence shows of a case: sources, claims, who stands behind them, what disagrees, what failed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from corridor.evidence.rows import Row
from corridor.evidence.scenario_rows import check_scenario, rows_of, uses_of
from corridor.evidence.support import find_origins, origin_of
from corridor.report.annex import describe_claim_of
from corridor.scenario.faults import UsageError, faults_document, load_fault_kinds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor.evidence.check import EvidenceReport
    from corridor.evidence.support import Topic
    from corridor.scenario.scenario import Scenario

Part = dict[str, Any]


def describe_evidence(case: Scenario) -> Part:
    """Return sources, claims, support, conflicts, failed checks and numbers without a claim of a case, as plain data.

    An open end of a range is None. `conflicts` hold claims that exclude each other, side by side.
    """
    report = check_scenario(case)
    offices = {str(row["id"]): row for row in rows_of(case, "sources")}
    kinds = load_fault_kinds()
    return {
        "holds": not report.failed,
        "counts": dict(report.counts),
        "sources": _describe_sources(case),
        "claims": describe_claims(case),
        "support": [
            {
                **_describe_topic(case, one.topic),
                "claims": one.claims,
                "sources": one.sources,
                "origins": [_show_origin(offices, name) for name in one.origins],
            }
            for one in report.support
        ],
        "conflicts": _describe_conflicts(case, report),
        "faults": faults_document(report.faults)["faults"],
        "meanings": {fault.code: kinds[fault.code].meaning for fault in report.faults if fault.code in kinds},
        "assumptions": report.to_document()["assumptions"],
    }


def describe_claims(case: Scenario, names: Iterable[str] | None = None) -> list[Part]:
    """Return claims of a case, all or those named: graded, with their origins and the numbers that rest on them."""
    sources = {row["id"]: row for row in case.tables.get("sources", ())}
    offices = {str(row["id"]): row for row in rows_of(case, "sources")}
    used: dict[str, list[Part]] = defaultdict(list)
    for use in uses_of(case):
        for name in use.claims:
            used[name].append({"file": use.file, "row": use.row, "column": use.column, "value": use.value})
    asked = None if names is None else set(names)
    rows: dict[str, Row] = {str(row["id"]): row for row in rows_of(case, "claims")}
    return [
        {
            **describe_claim_of(sources, row),
            **{column: str(row[column] or "") for column in ("about", "quantity", "note")},
            "place": _name_place(case, str(row["place"] or "")),
            "happened": row["happened"].isoformat(timespec="minutes") if row["happened"] else "",
            "origins": [_show_origin(offices, one) for one in find_origins(rows[row["id"]], offices)],
            "used_by": used[row["id"]],
            "row": row.line,
        }
        for row in case.tables.get("claims", ())
        if asked is None or row["id"] in asked
    ]


def describe_claim_whole(case: Scenario, name: str) -> Part:
    """Return one claim with all that is known of it. Raises UsageError when there is none of this name."""
    for claim in describe_claims(case, [name]):
        return claim
    message = f'there is no claim "{name}"'
    raise UsageError(message)


def _describe_sources(case: Scenario) -> list[Part]:
    named: dict[str, int] = defaultdict(int)
    for row in case.tables.get("claims", ()):
        for name in row["source"]:
            named[name] += 1
    columns = ("id", "publisher", "title", "address", "origin", "reliability", "language")
    return [
        {column: str(row[column] or "") for column in columns}
        | {"published": row["published"].date().isoformat() if row["published"] else ""}
        | {"kept": bool(row["file"]), "claims": named[row["id"]]}
        for row in case.tables.get("sources", ())
    ]


def _describe_conflicts(case: Scenario, report: EvidenceReport) -> list[Part]:
    """Return each conflict with its claims whole, the higher first, and between which ends each puts the number."""
    wanted = {name for conflict in report.conflicts for name, _, _ in conflict.values}
    claims = {claim["id"]: claim for claim in describe_claims(case, wanted)}
    return [
        {
            **_describe_topic(case, conflict.topic),
            "claims": [
                {**claims[name], "low": _finite(low), "high": _finite(high)}
                for name, low, high in sorted(conflict.values, key=lambda said: (-_middle(said[1], said[2]), said[0]))
            ],
        }
        for conflict in report.conflicts
    ]


def _describe_topic(case: Scenario, topic: Topic) -> Part:
    return {**asdict(topic), "place": _name_place(case, topic.place)}


def _show_origin(sources: dict[str, Row], folded: str) -> str:
    """Return an office as it is written, by the name under which it is compared."""
    written = (
        str(row.get("origin") or row.get("publisher") or "") for row in sources.values() if origin_of(row) == folded
    )
    return next(written, folded)


def _name_place(case: Scenario, place: str) -> str:
    return next((str(row["name"]) for row in case.tables.get("places", ()) if row["id"] == place), place)


def _middle(low: float, high: float) -> float:
    ends = [end for end in (low, high) if abs(end) != float("inf")]
    return sum(ends) / len(ends) if ends else 0.0


def _finite(value: float) -> float | None:
    return None if abs(value) == float("inf") else value
