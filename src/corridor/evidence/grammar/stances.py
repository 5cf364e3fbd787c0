"""What a statement does: asserts, denies, reports, promises, fears, demands, agreed, not_agreed."""

from __future__ import annotations

import re

from corridor.evidence.grammar.attribution import says
from corridor.evidence.grammar.language import Language, Verb

STANCES = ("asserts", "denies", "reports", "promises", "fears", "demands", "agreed", "not_agreed")


def judge_stance(verb: str, entry: Verb, said: str, nested: bool, language: Language) -> str | None:
    """Return the stance of a statement, or None if it is not sure.

    `verb` is the form used and `entry` its sense, `said` what was said (quotations included), `nested` whether
    somebody else speaks in it.
    """
    if entry.content == "claim":
        if language["claim"].match(said) or language["called_false"].search(said):
            return "denies"
        return "not_agreed" if language["offer"].match(said) else None
    if entry.content == "feeling":
        return "fears" if language["fearful"].search(said.lstrip()) else entry.stance
    if entry.content == "naming":
        return "denies" if language["called_false"].search(said) else entry.stance
    if entry.content == "carries":
        return _judge_carried(said, nested, language)
    if entry.content == "coming":
        return entry.stance if language["to_come"].search(said) else "asserts"
    if entry.content == "fixed":
        return entry.stance
    if nested:
        return "reports"
    if verb in language.words["insists"] and language["subjunctive"].search(said):
        return "demands"
    return _judge_said(said, entry, language)


def _judge_said(said: str, entry: Verb, language: Language) -> str | None:
    """Judge by what was said, behind a verb that leaves it open; "they" in a quotation are others than who speaks."""
    said = language["quotation_mark"].sub("", language["quoted_others"].sub("", said))
    lower = said.lower()
    if not any(word in lower for word in language.words["hints"]):
        return entry.stance
    said = language["subordinate"].sub("", said)
    deals = [
        stance
        for pattern, stance in ((language["not_agreed"], "not_agreed"), (language["agreed"], "agreed"))
        if _finds(pattern, said, language)
    ]
    if len(deals) == 2 and language["but_or_and"].search(said):
        return None  # agreed on one thing and not on another: a person must take it apart
    if deals:
        return deals[0]
    for pattern, stance in (
        (language["denies"], "denies"),
        (language["fears"], "fears"),
        (language["promises"], "promises"),
        (language["demands"], "demands"),
    ):
        if pattern.search(said):
            return stance
    return entry.stance


def _finds(pattern: re.Pattern[str], said: str, language: Language) -> bool:
    match = pattern.search(said)
    return match is not None and not language["if"].search(said[: match.start()])


def judge_rejected(same: str, before: str, language: Language) -> str | None:
    """Return the stance of who rejected "it", by what was said before in the same sentence, or in the one before."""
    for said in (same, before):
        claims, offers = (
            max((match.end() for match in language[name].finditer(said)), default=0) for name in ("claim", "offer")
        )
        if claims or offers:
            return "denies" if claims > offers else "not_agreed"
    return None


def _judge_carried(said: str, nested: bool, language: Language) -> str | None:
    """Judge by what was made or sent: "issued a denial that", "sent a letter demanding that"."""
    carried = language["carried"].match(said)
    noun, doing = (carried["noun"], carried["doing"]) if carried else ("", "")
    word = doing or language.nouns.get(noun or "", says(language))
    return judge_stance(word, language.verbs[word][-1], said[carried.end() :] if carried else said, nested, language)
