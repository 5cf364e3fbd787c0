"""The parts of the briefing on what it rests on: weakest assumptions, the open deal, who said what, and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from corridor.report.annex import list_claims
from corridor.report.names import recognise
from corridor.report.statements import describe_timeline, group_by_actor
from corridor.report.template import fill_template
from corridor.report.weakest import rank_weakest
from corridor.words.language import ENGLISH, Language
from corridor.words.said import Moment, Said, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.results.findings import Findings
    from corridor.results.result import Result


@dataclass(frozen=True)
class Section:
    """A part of the page: its anchor, its title and its content as HTML that is safe to insert."""

    anchor: str
    title: Said
    html: str


def evidence_sections(
    result: Result, findings: Findings, deal: Mapping[str, Any] | None, language: Language = ENGLISH
) -> list[Section]:
    """Return the sections on evidence in the order of the page; the first belongs above the assumptions.

    `deal` is the answer of `corridor deal` with the names of its actors, None where nothing is negotiated.
    """
    content = {
        "weakest": rank_weakest(result, findings.effects) if findings.effects else None,
        "deal": deal,
        "agreements": findings.agreements,
        "assumed": recognise(findings.assumed) if findings.assumed else "",
        "actors": group_by_actor(result),
        "timeline": describe_timeline(result),
        "used": {claim["id"] for claim in list_claims(result)},
        "known_until": result.manifest["known_until"],
        "variant": result.manifest["variant"],
        "year": result.times[0].year,
    }
    anchors = ["weakest", *(["deal"] if deal is not None else []), "actors", "timeline"]

    def fill(anchor: str) -> str:
        return fill_template(anchor, content, lambda text: _say_when(text, content["year"]), language)

    return [Section(anchor, say(f"annex.{anchor}"), fill(anchor)) for anchor in anchors]


def _say_when(moment: str | datetime, year: int) -> Moment:
    """Return "22 September", with the hour unless it is midnight, and with the year unless it is the run's."""
    when = moment if isinstance(moment, datetime) else datetime.fromisoformat(moment)
    return Moment(when, year=when.year != year, bare=True)
