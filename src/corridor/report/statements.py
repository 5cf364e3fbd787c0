"""Who said what, when and to whom; and what is told, by the day it was said and the day it happened."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Any

from corridor.evidence.grammar.names import find_mentions
from corridor.evidence.scenario_rows import known_of
from corridor.report.annex import show_claim
from corridor.report.envelope import describe_events

if TYPE_CHECKING:
    from corridor.results.result import Result

NOT_NAMED = ""  # of a claim without a speaker


def known_claims(result: Result) -> list[Any]:
    """Return the claims that the run's parameter set may know: none said, published or happened after its day."""
    text = result.manifest["known_until"]
    rows = list(result.scenario.tables["claims"])
    if not text:
        return rows
    until = datetime.fromisoformat(text)
    published = {row["id"]: row["published"] for row in result.scenario.tables["sources"]}
    found = []
    for row in rows:
        days = [published.get(source) for source in row["source"]]
        told = row["said_on"] or min((day for day in days if day), default=None)
        # positions of towns and findings of studies do not date
        if told is None or told <= until or row["about"] in ("geography", "standards", "literature"):
            found.append(row)
    return found


def describe_statement(result: Result, row: Any) -> dict[str, Any]:
    """Return a claim with what the annex says of it, and when it was said and happened."""
    said, happened = row["said_on"], row["happened"]
    return {
        **show_claim(result, row),
        "said": said.isoformat(timespec="minutes") if said else "",
        "happened": happened.isoformat(timespec="minutes") if happened else "",
        "about": row["about"] or "",
        "counts": row["value"] is not None or row["low"] is not None or row["high"] is not None,
    }


def group_by_actor(result: Result) -> list[dict[str, Any]]:
    """Return actors with what each said in order of time: those of the scenario first, then other speakers.

    A claim belongs to the actor whose name its speaker, or else the speaker's role, contains. `statements` state
    no number; `counts` do.
    """
    known = [item for item in known_of(result.scenario) if item.kind == "actor"]
    groups: dict[str, list[dict[str, Any]]] = {item.ref: [] for item in known}
    others: dict[str, list[dict[str, Any]]] = {}
    for row in known_claims(result):
        speaker = row["speaker"] or ""
        found = find_mentions(speaker, known, 1) or find_mentions(row["role"] or "", known, 1)
        into = groups[found[0].ref] if found else others.setdefault(speaker or NOT_NAMED, [])
        into.append(describe_statement(result, row))
    names = {row["id"]: row["name"] for row in result.scenario.tables.get("actors", ())}
    voices = {row["id"] for row in result.scenario.tables.get("actors", ()) if row["voice_only"]}
    listed = [_group(names[ref], said, ref, ref in voices) for ref, said in groups.items()]
    rest = [_group(name, said, "", False) for name, said in others.items()]
    rest.sort(key=lambda group: (group["name"] == NOT_NAMED, -group["said"], group["name"]))
    return listed + rest


def _group(name: str, said: list[dict[str, Any]], actor: str, voice: bool) -> dict[str, Any]:
    ordered = sorted(said, key=lambda claim: (claim["said"] or claim["said_on"], claim["id"]))
    return {
        "name": name,
        "actor": actor,
        "voice_only": voice,
        "said": len(said),
        "statements": [claim for claim in ordered if not claim["counts"]],
        "counts": [claim for claim in ordered if claim["counts"]],
    }


def describe_timeline(result: Result) -> dict[str, Any]:
    """Return statements and events in order, each with the day it was said and the days it happened, and a scale.

    Statements are claims of a named speaker, with a day of saying, that state no number; events are those of the
    parameter set with a label. `delays` says how long after an event it was told, over all claims that date both.
    """
    claims = [describe_statement(result, row) for row in known_claims(result)]
    items = [
        {"kind": "statement", "first": claim["said"], **claim}
        for claim in claims
        if claim["speaker"] and claim["said"] and not claim["counts"]
    ]
    items += [{"kind": "event", "first": event["from"], **event} for event in describe_events(result)]
    items.sort(key=lambda item: (item["first"], item["kind"], item["id"]))
    begin = result.times[0] - timedelta(days=3)
    last = [result.times[-1]] + [datetime.fromisoformat(item["first"]) for item in items]
    scale = (begin, min(max(last), result.times[-1] + timedelta(days=3)))
    for item in items:
        marks = [item["from"], item["to"]] if item["kind"] == "event" else [item["happened"], item["happened"]]
        item["said_at"] = "" if item["kind"] == "event" else _place(item["said"], scale)
        item["happened_at"], item["happened_until"] = (_place(mark, scale) for mark in marks)
        item["before"] = item["first"] < begin.isoformat()
    return {"items": items, "begin": scale[0], "end": scale[1], "days": _days(scale), "delays": _delays(claims)}


def _place(text: str, scale: tuple[datetime, datetime]) -> str:
    """Return where a moment stands on the scale in percent, at its ends if outside; blank without a moment."""
    if not text:
        return ""
    share = (datetime.fromisoformat(text) - scale[0]) / (scale[1] - scale[0])
    return f"{1 + 98 * min(max(share, 0.0), 1.0):.2f}"


def _days(scale: tuple[datetime, datetime]) -> list[dict[str, Any]]:
    length = max(1, (scale[1] - scale[0]).days // 4)
    first = scale[0].replace(hour=0, minute=0) + timedelta(days=1)
    days = [first + timedelta(days=number) for number in range(0, (scale[1] - first).days + 1, length)]
    return [{"at": _place(day.isoformat(), scale), "day": day} for day in days]


def _delays(claims: list[dict[str, Any]]) -> dict[str, Any]:
    both = [
        (datetime.fromisoformat(c["said"]) - datetime.fromisoformat(c["happened"])) / timedelta(days=1)
        for c in claims
        if c["said"] and c["happened"]
    ]
    later = [days for days in both if days >= 1]
    return {
        "both": len(both),
        "undated": sum(not c["happened"] for c in claims),
        "later": len(later),
        "median_days": round(median(later)) if later else 0,
        "ahead": sum(days < -0.999 for days in both),
    }
