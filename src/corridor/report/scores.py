"""The score table and its words: what was learnt from, what was held out, the naive rule beside it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from corridor.report.board import name_counts, say_skill
from corridor.report.names import name_series, recognise, say_of
from corridor.words.said import About, Digits, Field, Moment, Said, Share, Stated, join, say

if TYPE_CHECKING:
    from collections.abc import Mapping

USES = ("fitted", "seen", "held_out")
MANY = 10  # counts from which on a share within a band says something


def name_use(use: str, fitted: bool) -> Said:
    """Return what a count was used for: learnt from, known, or held out; set aside where nothing was learnt."""
    return say(f"use.{use}" if fitted or use != "fitted" else "use.aside")


def list_scores(score: Mapping[str, Any]) -> list[dict[str, Field]]:
    """Return the rows of the score table, arrivals first."""
    rows, fitted = [], bool(score["fitted"])
    for series in sorted(score["series"], key=lambda name: (name != "arrivals", name)):
        parts = score["series"][series]
        rows += [_say_row(name_series(series), name_use(part, fitted), parts[part]) for part in USES if part in parts]
    for row in score.get("table", ()):
        if row["stated"] == "number" and (row["by"] or row["counted"] == "over a span"):
            name = name_counts(
                row["series"], row["by"], row["label"], "spans" if row["counted"] == "over a span" else ""
            )
            rows.append(_say_row(name, name_use(row["used"], fitted), row))
    return rows


def _say_row(series: Field, use: Said, found: Mapping[str, Any]) -> dict[str, Field]:
    return {
        "series": series,
        "use": use,
        "n": Stated(found["n"]),
        "in_50": _of(found["coverage_50"], found["n"]),
        "in_90": _of(found["coverage_90"], found["n"]),
        "error": About(found["median_absolute_error"]),
        "crps": About(found["crps"]),
        "naive": About(found["baseline_crps"]),
        "skill": "" if found["skill"] is None else Digits(found["skill"], 2),
    }


def _of(share: float, count: int) -> Said:
    return say_of(round(share * count), count)


def describe_scores(manifest: Mapping[str, Any], score: Mapping[str, Any]) -> list[Said]:
    """Return what was learnt from, what was held out, and how the naive rule did, in plain sentences."""
    sentences = [_describe_learnt(manifest)]
    arrivals = score["series"].get("arrivals", {})
    for part in ("held_out", "fitted"):
        found = arrivals.get(part)
        if not found:
            continue
        use = name_use(part, bool(manifest["fitted_draws"]))
        inside = {"wide": _of(found["coverage_90"], found["n"]), "narrow": _of(found["coverage_50"], found["n"])}
        sentences.append(say("score.within", use=use, **inside))
        if part == "held_out" and found["n"] >= MANY and found["coverage_50"] > 0.8:
            sentences.append(say("score.too_wide"))
        if part == "held_out" and found["n"] >= MANY and found["coverage_90"] < 0.8:
            sentences.append(say("score.too_narrow"))
        if part == "held_out":
            sentences += [_compare_naive(found), *_compare_best(found)]
    if not score["series"]:
        sentences.append(say("score.no_counts"))
    return sentences


def _describe_learnt(manifest: Mapping[str, Any]) -> Said:
    chosen = say("score.set", set=manifest["parameters"]) if manifest["parameters"] else say("score.scenario")
    if not manifest["fitted_until"]:
        if not manifest["known_until"]:
            return say("score.nothing_learnt", chosen=chosen)
        return say("score.by_hand", chosen=chosen, until=_until(manifest["known_until"]))
    until = _until(manifest["fitted_until"])
    series = join(*(name_series(name) for name in manifest["fitted_series"].split()))
    if not manifest["fitted_draws"]:
        return say("score.aside" if series.parts else "score.by_hand", chosen=chosen, series=series, until=until)
    told = say("score.learnt.series" if series.parts else "score.learnt", chosen=chosen, series=series, until=until)
    return say("score.stale", told=told) if manifest["fitted_stale"] else told


def _until(text: str) -> Moment:
    return Moment(datetime.fromisoformat(text), year=True)


def _compare_best(found: Mapping[str, Any]) -> list[Said]:
    """Return how the run does against the best of the rules that stop where it does; nothing where it has none."""
    if found.get("best_skill") is None:
        return []
    error, skill = About(found["best_naive_crps"]), say_skill(found["best_skill"])
    return [say("score.harder", rule=say(f"naive.{found['best_naive']}"), error=error, skill=skill)]


def _compare_naive(found: Mapping[str, Any]) -> Said:
    fields = {"rule": recognise(found["baseline"]), "run": About(found["crps"]), "naive": About(found["baseline_crps"])}
    skill = found["skill"]
    if skill is None:
        return say("score.no_error", **fields)
    if skill >= 0:
        return say("score.closer", share=Share(skill), **fields)
    return say("score.worse", times=Digits(1 - skill, 1), **fields)
