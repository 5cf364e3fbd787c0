"""The score table and its words: what was learnt from, what was held out, the naive rule beside it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from corridor.report.board import NAIVE, write_skill
from corridor.report.words import join_words, write_about, write_moment

if TYPE_CHECKING:
    from collections.abc import Mapping

MANY = 10  # counts from which on a share within a band says something
PARTS = {"fitted": "learnt from", "seen": "of the time before, not learnt from", "held_out": "held out"}
ASIDE = {**PARTS, "fitted": "set aside to learn from"}  # where nothing was learnt


def list_scores(score: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the rows of the score table as text, arrivals first."""
    rows, labels = [], PARTS if score["fitted"] else ASIDE
    for series in sorted(score["series"], key=lambda name: (name != "arrivals", name)):
        parts = score["series"][series]
        rows += [_write_row(series, label, parts[part]) for part, label in labels.items() if part in parts]
    for row in score.get("table", ()):
        if row["stated"] == "number" and (row["by"] or row["counted"] == "over a span"):
            where = f" {row['by']} {row['label']}" if row["by"] else ""
            span = ", over spans" if row["counted"] == "over a span" else ""
            rows.append(_write_row(f"{row['series']}{where}{span}", labels[row["used"]], row))
    return rows


def _write_row(series: str, use: str, found: Mapping[str, Any]) -> dict[str, str]:
    return {
        "series": series,
        "use": use,
        "n": f"{found['n']}",
        "in_50": _of(found["coverage_50"], found["n"]),
        "in_90": _of(found["coverage_90"], found["n"]),
        "error": write_about(found["median_absolute_error"]),
        "crps": write_about(found["crps"]),
        "naive": write_about(found["baseline_crps"]),
        "skill": "" if found["skill"] is None else f"{found['skill']:.2f}".replace("-", "−"),
    }


def _of(share: float, count: int) -> str:
    return f"{round(share * count)} of {count}"


def describe_scores(manifest: Mapping[str, Any], score: Mapping[str, Any]) -> list[str]:
    """Return what was learnt from, what was held out, and how the naive rule did, in plain sentences."""
    sentences = [_describe_learnt(manifest)]
    arrivals = score["series"].get("arrivals", {})
    for part, words in (("held_out", "held out"), ("fitted", (PARTS if manifest["fitted_draws"] else ASIDE)["fitted"])):
        found = arrivals.get(part)
        if not found:
            continue
        inside = (_of(found["coverage_90"], found["n"]), _of(found["coverage_50"], found["n"]))
        sentences.append(
            f"Counts of arrivals since the start, {words}: {inside[0]} lie within the 9 in 10 band, "
            f"{inside[1]} within the 5 in 10 band."
        )
        if part == "held_out" and found["n"] >= MANY and found["coverage_50"] > 0.8:
            sentences.append("So many within the narrower band means that the ranges are wider than they need be.")
        if part == "held_out" and found["n"] >= MANY and found["coverage_90"] < 0.8:
            sentences.append("So few within the wider band means that the ranges promise more than is known.")
        if part == "held_out":
            sentences += [_compare_naive(found), *_compare_best(found)]
    if not score["series"]:
        sentences.append("There are no observed counts within the period: nothing can be scored.")
    return sentences


def _describe_learnt(manifest: Mapping[str, Any]) -> str:
    chosen = f"Parameter set {manifest['parameters']}" if manifest["parameters"] else "The scenario"
    if not manifest["fitted_until"]:
        if not manifest["known_until"]:
            return f"{chosen}: nothing was learnt from counts; every count is held out."
        known = write_moment(datetime.fromisoformat(manifest["known_until"]), year=True)
        return f"{chosen}: nothing was learnt from counts; those up to {known} may have set numbers by hand."
    until = write_moment(datetime.fromisoformat(manifest["fitted_until"]), year=True)
    series = join_words([name.replace("_", " ") for name in manifest["fitted_series"].split()])
    if not manifest["fitted_draws"] and not series:
        return f"{chosen}: nothing was learnt from counts; those up to {until} may have set numbers by hand."
    if not manifest["fitted_draws"]:
        return (
            f"{chosen} sets counts of {series} up to {until} aside to learn from, but names nothing that was learnt: "
            "the ranges of this run are those written in the tables."
        )
    told = f"{chosen}: learnt from counts{f' of {series}' if series else ''} published by {until}; every later count "
    told += "is held out."
    if manifest["fitted_stale"]:
        told += " It was not learnt for the tables as they were simulated."
    return told


def _compare_best(found: Mapping[str, Any]) -> list[str]:
    """Return how the run does against the best of the rules that stop where it does; nothing where it has none."""
    if found.get("best_skill") is None:
        return []
    return [
        f"A rule that stops at as many people as the run lets leave is harder to beat: the best of three ("
        f"{NAIVE[found['best_naive']]}) misses them by {write_about(found['best_naive_crps'])}, which leaves the run a "
        f"skill of {write_skill(found['best_skill'])}."
    ]


def _compare_naive(found: Mapping[str, Any]) -> str:
    rule = f"The naive rule ({found['baseline']})"
    mean, naive = write_about(found["crps"]), write_about(found["baseline_crps"])
    skill = found["skill"]
    if skill is None:
        return f"{rule} makes no error here; the run's mean error (CRPS) is {mean} people."
    if skill >= 0:
        verdict = f"the run is closer: its error over the whole range (CRPS) is {skill:.0%} smaller"
    else:
        verdict = f"the run is worse: its error over the whole range (CRPS) is {1 - skill:.1f} times as large"
    return (
        f"{rule} misses them by {naive} people on average, the run by {mean} (CRPS, which counts width too): {verdict}."
    )
