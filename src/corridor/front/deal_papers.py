"""A negotiation on paper: the answer and a picture of each issue, as one file that prints on two sheets."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from corridor.deal.pictured import picture_issue
from corridor.report.talks_page import write_talks_page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.deal.parties import Actor, Deal
    from corridor.front.deals import DealAnswer


def write_deal_paper(answer: DealAnswer, about: Mapping[str, Any]) -> str:
    """Return the answer as a page for paper; `about` has title, sensitivity, data_date, disclaimer and other_names."""
    pictures = []
    for issue in answer.issues:
        picture = picture_issue(issue, answer.course.rounds.get(issue.id, ()))
        pictures.append({**picture, "says": _choose_says(answer[issue.id])})
    parties = [
        {
            "name": actor.name,
            "other_names": about["other_names"].get(actor.id, ""),
            "consent": _say_consent(actor, answer.negotiation),
        }
        for actor in answer.negotiation.actors
    ]
    return write_talks_page(answer.document, pictures, {**about, "parties": parties}, answer.language)


def _choose_says(part: Mapping[str, Any]) -> list[str]:
    """Return the sentences below a picture: who would refuse the centre, or when the range turned last."""
    rounds = part["rounds"]["rounds"] if part["rounds"] else []
    turned = [one["says"] for before, one in itertools.pairwise(rounds) if _turned(before, one)]
    told = turned[-1][1:3] if turned else []
    return [*told, *part["whether"]["centre"]["says"][:1]]


def _turned(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return bool((before["range"] == "empty") != (after["range"] == "empty"))


def _say_consent(actor: Actor, negotiation: Deal) -> str:
    if actor.voice_only:
        return "voice"
    held = [p.veto for issue in negotiation.issues for p in issue.positions if p.actor.id == actor.id]
    if not any(held):
        return "not_needed"
    return "needed" if all(held) else "some"
