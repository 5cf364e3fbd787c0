"""Which series a claim's number is a count of, and the row of observations that it becomes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from corridor.evidence.grammar.language import LANGUAGES, load_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.evidence.grammar.text import Text
    from corridor.evidence.suggest import Suggestion

_SERIES = ("people", "vehicles")  # units of what is counted on the way
_LONGEST_CLAUSE = 90  # characters after a number in which its verb is looked for
_COUNTED = ("registered", "lodged", "arrivals")  # series that the words behind a number may tell


def find_counted(text: Text, suggestion: Suggestion, claims: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return by claim the series it is a count of: people or vehicles that came, were registered or lodged.

    By what the claim is used for and about, where that is said, else by the words after the number. `claims` are those
    made of proposals, by proposal.
    """
    spans = {str(p["id"]): p for p in suggestion.proposals}
    language = load_language(suggestion.language if suggestion.language in LANGUAGES else "en")
    counted = {}
    for name, claim in claims.items():
        if claim.get("unit") not in _SERIES or not claim.get("quantity") or claim.get("use") == "sets":
            continue
        end = int(str(spans[name]["end"]))
        said = language["count_clause_end"].split(text.content[end : end + _LONGEST_CLAUSE])[0]
        told = (word for word in _COUNTED if word == claim.get("about") or language[f"says_{word}"].search(said))
        series = next(told, "")
        if series or claim.get("use") in ("fits", "scores"):
            counted[claim["id"]] = "vehicles" if claim["unit"] == "vehicles" else series or "arrivals"
    return counted


def fill_count(claim: Mapping[str, str], given: Mapping[str, str], published: str) -> dict[str, str]:
    """Return a claim as a row of observations: its numbers, the end of its day, and where it was counted.

    Of "more than" and "up to" the end alone is a count's. What is given prevails. A day's count that was published
    within the day ends when it was.
    """
    is_end = bool(claim.get("low")) != bool(claim.get("high"))
    time = end_of(claim["happened"]) if claim.get("happened") else ""
    if published and "T" in published and time[:10] > published[:10] >= claim.get("happened", "")[:10]:
        time = published
    row = {
        "time": time,
        "place": given.get("counted_at", ""),
        "value": "" if is_end else claim.get("value", ""),
        "low": claim.get("low", ""),
        "high": claim.get("high", ""),
        "status": "" if given.get("time") or "T" in claim.get("happened", "") else "hour_assumed",
        "published": published,
    }
    return row | {column: text for column, text in given.items() if column != "counted_at" and text}


def end_of(day: str) -> str:
    """Return the midnight with which a day ends; a moment stays as it is."""
    if len(day) != len("2023-09-22"):
        return day
    return f"{date.fromisoformat(day) + timedelta(days=1)}T00:00"
