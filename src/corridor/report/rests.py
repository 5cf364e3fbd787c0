"""What page one rests on and how sure it is: what was learnt, then counts held out, then the weakest assumptions."""

from __future__ import annotations

import math
from datetime import datetime
from typing import TYPE_CHECKING, Any

from corridor.report.names import name_series, say_of
from corridor.report.sex_age import say_sex_and_age
from corridor.report.weakest import rank_weakest
from corridor.scenario.assumptions import numbers_without_claim
from corridor.words.said import About, Digits, Field, Moment, Said, Share, Stated, join, say
from corridor.words.writing import write

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corridor.results.findings import Findings
    from corridor.results.result import Result

FEW = 30.0  # beginnings, alike in weight, below which a range of 9 in 10 is itself hardly known
MOST = 3  # assumptions named
ENOUGH = 5  # counts of arrivals: with fewer no skill is told, and all counts are told of together


def say_warnings(result: Result, findings: Findings, known: Sequence[Said]) -> list[Said]:
    """Return what is owed to the reader first: a replay, few beginnings, counts that the run does not hold."""
    said, courses, learning = [], findings.drawn.courses, findings.learning or {}
    if learning.get("events_kept") and learning["events_unknown"]:
        until = Moment(datetime.fromisoformat(result.manifest["fitted_until"]))
        said.append(say("rests.replay", events=Stated(len(learning["events_unknown"])), until=until))
    if math.isfinite(courses) and courses < FEW:
        said.append(say("rests.few", samples=About(courses), replicates=Stated(result.replicates)))
    compared = [sentence.name for sentence in known if sentence.name.endswith((".run", ".off"))]
    off = sum(name.endswith(".off") for name in compared)
    return said + ([say("rests.off", off=Stated(off), counts=Stated(len(compared)))] if off else [])


def say_rests(result: Result, findings: Findings) -> list[list[Said]]:
    """Return the lines on what was learnt, on the counts held out, on the weakest assumptions, and on sex and age."""
    return [
        _say_learnt(result, findings),
        _say_score(findings.score),
        [_say_weakest(result, findings)],
        [say_sex_and_age(result, findings.moment)],
    ]


def _say_learnt(result: Result, findings: Findings) -> list[Said]:
    """Return how many counts were learnt from, up to when, and what of the case was not known then."""
    manifest, replicates = result.manifest, Stated(result.replicates)
    if not manifest["fitted_draws"]:
        return [say("rests.unlearnt", replicates=replicates)]
    counts = [count for count in findings.counts if count["used"] == "fitted"]
    said = [
        say(
            "rests.learnt",
            counts=Stated(len(counts)),
            series=join(*(name_series(name) for name in dict.fromkeys(count["series"] for count in counts))),
            until=Moment(datetime.fromisoformat(manifest["fitted_until"])),
            samples=About(findings.drawn.courses),
            replicates=replicates,
        )
    ]
    learning = findings.learning or {}
    if learning.get("events_unknown") and not learning["events_kept"]:
        said.append(say("rests.events", events=Stated(len(learning["events_unknown"]))))
    if learning.get("rests_on_later"):
        said.append(say("rests.later", rows=Stated(len(learning["rests_on_later"]))))
    return said + ([say("rests.stale")] if manifest["fitted_stale"] else [])


def _say_score(score: dict[str, Any]) -> list[Said]:
    found = score["series"].get("arrivals", {}).get("held_out")
    rows = [row for row in score.get("table", ()) if row["used"] == "held_out"]
    parts = any(row["series"] == "arrivals" and (row["by"] or row["counted"] == "over a span") for row in rows)
    alone = all(row["series"] == "arrivals" and row["stated"] == "number" for row in rows)
    if not found or parts or (found["n"] < ENOUGH and not alone):
        return _say_parts(rows) if rows else [say("rests.no_score")]
    inside = say_of(round(found["coverage_90"] * found["n"]), found["n"])
    said, skill = [say("rests.scored", inside=inside)], found["best_skill"]
    if skill is not None and found["n"] >= ENOUGH:
        better = skill >= 0
        said.append(
            say("rests.better", share=Share(skill)) if better else say("rests.worse", times=Digits(1 - skill, 1))
        )
    return said


def _say_parts(rows: Sequence[Mapping[str, Any]]) -> list[Said]:
    """Return how held-out counts agree where some are of single exits, places or spans: none stands for the others."""
    agree = sum(row["hits"] if "hits" in row else round(row["coverage_90"] * row["n"]) for row in rows)
    said = [say("rests.scored.parts", inside=say_of(agree, sum(row["n"] for row in rows)))]
    compared = [row["best_skill"] for row in rows if "hits" not in row and row["best_skill"] is not None]
    nearer = say_of(sum(skill > 0 for skill in compared), len(compared))
    return said + ([say("rests.better.parts", nearer=nearer)] if compared else [])


def _say_weakest(result: Result, findings: Findings) -> Said:
    ranked = rank_weakest(result, findings.effects) if findings.effects else []
    if not ranked:
        chosen = result.manifest["parameters"]
        tables = {name: result.scenario.rows(name, chosen) for name in result.scenario.tables}
        return say("rests.assumed", count=Stated(sum(1 for _ in numbers_without_claim(tables))))
    alike: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for entry in ranked:
        alike.setdefault((entry["table"], write(entry["what"])), []).append(entry)
    return say(
        "rests.weakest", numbers=join(*[_name_numbers(entries) for entries in alike.values()][:MOST], between="; ")
    )


def _name_numbers(entries: list[dict[str, Any]]) -> Said:
    """Return the words for the weakest of some numbers of one kind, with how many more there are."""
    entry = entries[0]
    grades = sorted(claim["grade"] for claim in entry["claims"])
    grade: Field = say("rests.graded", grade=grades[0]) if grades else say("rests.no_claim")
    if len(entries) > 1:
        others = Stated(len(entries) - 1)
        return say("rests.number.others", who=entry["who"], others=others, what=entry["what"], grade=grade)
    if entry["who"]:
        return say("rests.number", who=entry["who"], what=entry["what"], grade=grade)
    return say("rests.number.alone", what=entry["what"], grade=grade)
