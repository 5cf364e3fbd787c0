"""What each proposal of a report would put into the tables, filled in where its sentence tells: a person decides."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from corridor.evidence.accept import BINDABLE, is_said_in, make_claims
from corridor.evidence.grammar.language import LANGUAGES, load_language
from corridor.evidence.grammar.page import judge_report_day
from corridor.evidence.grammar.sentences import split_sentences
from corridor.evidence.series import find_counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from zoneinfo import ZoneInfo

    from corridor.evidence.grammar.language import Language
    from corridor.evidence.grammar.text import Text
    from corridor.evidence.suggest import Proposal, Suggestion

_HOUR = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\s*(GMT|UTC|Z\b)")
_HEDGES = {"value": "about ", "low": "more than ", "high": "up to "}


@dataclass(frozen=True)
class Proposed:
    """A proposal with its sentence and the claim it would become: columns of claims.csv, blank where nothing tells.

    `near` are the places that the sentence names, `series` what the number is a count of, if it is one.
    """

    proposal: Proposal
    sentence: str
    claim: Mapping[str, str]
    near: tuple[str, ...]
    series: str

    @property
    def id(self) -> str:
        """Return the id of the proposal."""
        return str(self.proposal["id"])


def propose_claims(text: Text, suggestion: Suggestion, names: Mapping[str, str]) -> list[Proposed]:
    """Return what each quantity, date and statement of a report would become; `names` are those of places by id.

    The day on which something happened is the only one its sentence names beside that of the saying; the place is the
    only one it names. The words of a quantity are put together from what was read; those of a statement or a date only
    a person can find.
    """
    sentences = split_sentences(text.content, _find_language(suggestion))
    starts = [sentence.start for sentence in sentences]
    chosen = [p for p in suggestion.proposals if p["kind"] in BINDABLE]
    if not chosen:
        return []
    made = make_claims(text, suggestion, [str(p["id"]) for p in chosen], {}, "report", quoted=False)
    counted = find_counted(text, suggestion, {str(p["id"]): claim for p, claim in zip(chosen, made, strict=True)})
    by_sentence: dict[int, list[Proposal]] = {}
    for proposal in suggestion.proposals:
        by_sentence.setdefault(bisect_right(starts, int(str(proposal["start"]))) - 1, []).append(proposal)
    found = []
    for proposal, claim in zip(chosen, made, strict=True):
        at = bisect_right(starts, int(str(proposal["start"]))) - 1
        beside = by_sentence.get(at, [])
        near = tuple(dict.fromkeys(str(p["ref"]) for p in beside if p["kind"] == "place"))
        series = counted.get(claim["id"], "")
        filled = {**claim, **_find_days(proposal, beside, suggestion.report_date)}
        filled |= {
            "place": near[0] if len(near) == 1 else "",
            "about": series,
            "use": "scores" if series else "context",
        }
        filled["wording"] = _write_wording(proposal, filled, names)
        sentence = text.content[sentences[at].start : sentences[at].end] if at >= 0 else str(proposal["text"])
        found.append(Proposed(proposal, " ".join(sentence.split()), filled, near, series))
    return found


def _find_language(suggestion: Suggestion) -> Language:
    return load_language(suggestion.language if suggestion.language in LANGUAGES else "en")


def _find_days(proposal: Proposal, beside: Sequence[Proposal], report: date | None) -> dict[str, str]:
    """Return when it happened and when it was said, each if the sentence names one day for it alone."""
    dates = [p for p in beside if p["kind"] == "date" and p["from"] == p["to"]]
    statements = [p for p in beside if p["kind"] == "statement"]
    said = {str(p["from"]) for p in dates if any(_tells_when(p, s) for s in statements)}
    own = {str(p["from"]) for p in dates if not any(_tells_when(p, s) for s in statements)}
    days = {"said_on": said.pop() if len(said) == 1 else "", "happened": ""}
    if proposal["kind"] == "quantity" and len(own) == 1 and (report is None or min(own) <= report.isoformat()):
        days["happened"] = own.pop()
    return days


def _tells_when(day: Proposal, statement: Proposal) -> bool:
    """Tell whether a day in a statement's sentence is that of the saying: it stands in the words about who says it."""
    within = int(str(statement["start"])) <= int(str(day["start"])) < int(str(statement["end"]))
    return within and not is_said_in(day, statement)


def _write_wording(proposal: Proposal, claim: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Return a quantity in plain words: its number and unit, what it counts, where and when."""
    if proposal["kind"] != "quantity":
        return ""
    ends = {column: float(claim[column]) for column in ("value", "low", "high") if claim.get(column)}
    if {"low", "high"} <= ends.keys():
        said = f"{ends['low']:,.10g} to {ends['high']:,.10g}"
    else:
        (column, number) = min(ends.items(), key=lambda end: end[0] == "value")
        said = f"{_HEDGES[column] if column != 'value' or proposal['approximate'] else ''}{number:,.10g}"
    unit = claim["unit"].replace("/", " per ")
    words = [f"{said} {unit}"]
    counts = " ".join(str(proposal["counts"]).split())
    words += [f"({counts})"] if counts and counts not in unit else []
    words += [f"({claim['about']})"] if claim.get("about") else []
    words += [f"at {names.get(claim['place'], claim['place'])}"] if claim.get("place") else []
    if claim.get("happened"):
        day = date.fromisoformat(claim["happened"])
        words.append(f"on {day.day} {day:%B} {day.year}")
    return " ".join(words)


def find_published(text: Text, suggestion: Suggestion, zone: ZoneInfo | None) -> str:
    """Return when a report was published: the day in its head, with the hour if it says that it is of GMT."""
    page = judge_report_day(text.content, suggestion.report_date, _find_language(suggestion)).page
    if page is None:
        return suggestion.report_date.isoformat() if suggestion.report_date else ""
    begin = text.content.rfind("\n", 0, page.start) + 1
    end = text.content.find("\n", page.end)
    line = text.content[begin : end if end >= 0 else len(text.content)]
    hour = _HOUR.search(line[: page.start - begin] + " " * (page.end - page.start) + line[page.end - begin :])
    if hour is None:
        return page.day.isoformat()
    moment = datetime(page.day.year, page.day.month, page.day.day, int(hour[1]), int(hour[2]))
    if zone is not None:
        moment = moment.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
    return moment.isoformat(timespec="minutes")
