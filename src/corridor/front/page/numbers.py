"""Where a number of page one comes from: what it is, the counts of the same thing, and what it rests on most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.report.annex import describe_claim
from corridor.report.influence import describe_influence, say_input
from corridor.report.known import name_counted
from corridor.report.names import name_kind, recognise
from corridor.report.weakest import rank_weakest
from corridor.results.counts import ANSWERS
from corridor.results.moments import list_known_counts
from corridor.simulate.series import Kind, load_kinds
from corridor.words.catalogue import load_sentences
from corridor.words.language import Language, choose_language
from corridor.words.said import Said, say
from corridor.words.writing import is_field, write

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corridor.results.findings import Findings
    from corridor.results.result import Result
    from corridor.scenario.counts import Count

MOST_COUNTS, MOST_INPUTS = 12, 6  # that are listed: the newest, and those that move the answers most
COUNTED_AS = {recorded: counted for counted, names in ANSWERS.items() for recorded in names} | {
    "inside": "arrivals",  # who is out is not inside
    "on_roads": "arrivals",
}


def explain_number(
    result: Result, findings: Findings, quantity: str, scope: str, language: str = "en"
) -> dict[str, Any]:
    """Return what a number of page one is and rests on: its meaning, counts known by then, inputs, with their claims.

    `quantity` and `scope` are those that page one names with the number.
    """
    kind, _, rest = quantity.partition(" ")
    name = rest.split(" ")[0] if kind in ("counted", "run", "expected") else kind.strip(",")
    counts = [
        count
        for count in list_known_counts(result, findings.moment)
        if count.thing.series == COUNTED_AS.get(name, name) and (not scope or count.thing.where[1] in ("", scope))
    ]
    counted, written_in = kind == "counted", choose_language(language)
    about = next((k for k in load_kinds() if k.name == name), None)
    return {
        "counted": counted,
        "meaning": write(_say_meaning(about), written_in) if about else "",
        "unit": write(name_kind("unit", about.unit), written_in) if about else "",
        "counts": [_describe_count(result, count, written_in) for count in reversed(counts[-MOST_COUNTS:])],
        "inputs": [] if counted else _list_inputs(result, findings, written_in),
    }


def _say_meaning(about: Kind) -> Said | str:
    """Return what a series is, in the catalogue's words where page one shows it."""
    name = f"recorded.{about.name}"
    return say(name) if name in load_sentences() else about.meaning


def _describe_count(result: Result, count: Count, language: Language) -> dict[str, Any]:
    by, label = count.thing.where
    return {
        "name": write(name_counted(result, count.thing.series, by, label), language),
        "time": count.thing.time.isoformat(timespec="minutes"),
        "since": count.thing.since.isoformat(timespec="minutes") if count.thing.since else None,
        "published": count.published.isoformat(timespec="minutes") if count.published else None,
        "value": count.value,
        "low": count.low,
        "high": count.high,
        "status": count.status,
        "claims": list_claims(result, count.claims),
    }


def _list_inputs(result: Result, findings: Findings, language: Language) -> list[dict[str, Any]]:
    """Return the uncertain numbers that matter most: by measured effect and weakness, or else by correlation."""
    if findings.effects is not None:
        weakest = rank_weakest(result, findings.effects)[:MOST_INPUTS]
        return [
            {
                **{name: write(value, language) if is_field(value) else value for name, value in entry.items()},
                "claims": list_claims(result, [c["id"] for c in entry["claims"]]),
            }
            for entry in weakest
        ]
    inputs = describe_influence(result, findings.moment, findings.drawn)["inputs"]
    shown = [entry for entry in inputs if abs(entry["correlation"]) > entry["noise"]][:MOST_INPUTS]  # not luck alone
    return [
        {
            "who": entry["who"],
            "what": write(say_input(entry), language),
            "unit": write(name_kind("unit", entry["unit"]), language),
            "value": write(recognise(entry["written"]), language),
            "claims": list_claims(result, entry["claims"]),
        }
        for entry in shown
    ]


def list_claims(result: Result, names: Iterable[str]) -> list[dict[str, Any]]:
    """Return claims by their ids, with grade, source and wording; those that the case has not are left out."""
    rows = {row["id"]: row for row in result.scenario.tables["claims"]}
    return [describe_claim(result, rows[name]) for name in names if name in rows]
