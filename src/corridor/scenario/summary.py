"""A clean scenario in a few lines: what it holds, and how much of it rests on evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.scenario.assumptions import numbers_with_claims, numbers_without_claim

if TYPE_CHECKING:
    from corridor.scenario.scenario import Scenario

_COUNTED = ("places", "roads", "checkpoints", "desks", "groups", "fleets", "services", "events", "claims", "sources")
_NEGOTIATED = ("actors", "issues")


def summarise(scenario: Scenario) -> dict[str, Any]:
    """Return counts of a scenario as one JSON-ready document.

    `people` holds for each parameter set (one blank name if there are none) the middle, lowest and highest
    number at the start before the parameter people_scale. Numbers are those that differ from their default.
    """
    return {
        "title": scenario.settings["title"],
        "hash": scenario.hash,
        "start": None if scenario.talks_alone else scenario.start.isoformat(),
        "end": None if scenario.talks_alone else scenario.end.isoformat(),
        "sets": list(scenario.sets),
        "variant": scenario.variant_name,
        "talks_alone": scenario.talks_alone,
        **{table: len({row["id"] for row in scenario.tables[table]}) for table in (*_COUNTED, *_NEGOTIATED)},
        "rounds": len({row["date"] for row in scenario.tables["positions"]}),
        "observations": len(scenario.tables["observations"]),
        "people": {name: _count_people(scenario, name) for name in scenario.sets or ("",)},
        "numbers_with_claims": sum(1 for _ in numbers_with_claims(scenario.tables)),
        "assumptions": sum(1 for _ in numbers_without_claim(scenario.tables)),
    }


def _count_people(scenario: Scenario, parameter_set: str) -> dict[str, float]:
    people = [row["people"] for row in scenario.rows("people", parameter_set)]
    return {
        "middle": round(sum(quantity.median for quantity in people)),
        "low": round(sum(quantity.low for quantity in people)),
        "high": round(sum(quantity.high for quantity in people)),
    }


def write_summary(summary: dict[str, Any]) -> str:
    """Return a summary as text for people."""
    lines = [f"\n{summary['title']}" + (f" (variant {summary['variant']})" if summary["variant"] else "")]
    lines += _write_talks(summary) if summary["talks_alone"] else _write_people(summary)
    resting, assumed = summary["numbers_with_claims"], summary["assumptions"]
    lines.append(f"  numbers that rest on claims: {resting}; assumptions: {assumed}")
    return "\n".join(lines) + "\n"


def _write_talks(summary: dict[str, Any]) -> list[str]:
    counted = (*_NEGOTIATED, "rounds", "events", "claims", "sources")
    counts = ", ".join(f"{summary[table]} {_name(table, summary[table])}" for table in counted)
    return [f"  talks alone: {counts}", "  nobody is in it to simulate, supply or forecast: ask corridor deal"]


def _write_people(summary: dict[str, Any]) -> list[str]:
    counts = ", ".join(f"{summary[table]} {_name(table, summary[table])}" for table in _COUNTED)
    lines = [
        f"  {summary['start']} to {summary['end']}",
        f"  {counts}, {summary['observations']} observed counts",
    ]
    for name, people in summary["people"].items():
        ends = f" ({people['low']:,} to {people['high']:,})" if people["low"] < people["high"] else ""
        under = f", set {name}" if name else ""
        lines.append(f"  {people['middle']:,} people at the start{ends}{under}")
    return lines


def _name(table: str, count: int) -> str:
    return table.removesuffix("s") if count == 1 else table
