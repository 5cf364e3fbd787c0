"""What a statement does: asserts, denies, reports, promises, fears, demands, agreed, not_agreed."""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib import resources
from typing import NamedTuple

from corridor.evidence.grammar.vocabulary import words

STANCES = ("asserts", "denies", "reports", "promises", "fears", "demands", "agreed", "not_agreed")
_DEAL = r"(?:agreements?|deals?|accords?|truces?|ceasefires?|settlements?|pacts?|consensus|compromise)"
_DONE = r"(?:reached|struck|signed|agreed|concluded|made|found|sealed|achieved)"
_AWAY = r"(?:[^.;]{0,60}?\b)"
_NOT_AGREED = re.compile(
    rf"\b(?:no|neither|without(?: an?| any)?)\b(?:[ \n][\w-]+){{0,3}}?[ \n]{_DEAL}\b"
    r"|\bno (?:concrete |final |tangible )*(?:results?|outcome|breakthrough|progress)\b"
    rf"|\b{_DEAL}\b{_AWAY}(?:not|never)\b(?:[ \n][\w]+){{0,3}}?[ \n]{_DONE}\b"
    r"|\b(?:has|have|had|did|do|does) not (?:yet |so far )?agreed?\b"
    r"|\bno\b(?:[ \n][\w-]+){1,3}?[ \n](?:has|have|had|was|were) (?:yet |so far )?(?:been )?agreed\b"
    r"|\b(?:neither|none)\b[^.;]{0,40}\b(?:has|have|had) (?:yet )?agreed\b"
    r"|\b(?:will|would) never (?:sign|agree|accept|recogni[sz]e|surrender|withdraw|disarm|lay down|give up|"
    r"hand over)\b"
    r"|\b(?:will|would) not (?:recogni[sz]e|surrender|withdraw|disarm|lay down|give up|hand over|negotiate)\b"
    r"|\b(?:none|nobody|no one)\b[^.;]{0,40}\b(?:will|would) (?:sign|agree|accept|surrender|disarm|lay "
    r"down|give up|hand over)\b"
    r"|\b(?:hasn|haven|hadn|didn|don|doesn)[’']t (?:yet )?agreed?\b"
    r"|\b(?:refused|failed|declined) to (?:agree|sign|reach|accept)\b"
    r"|\b(?:will|would|do|did|does|can|could) not (?:sign|agree|accept)\b"
    r"|\b(?:won|wouldn|don|didn|can|couldn)[’']t (?:sign|agree|accept)\b"
    r"|\b(?:yet|remains?|still) to be (?:agreed|resolved|settled|negotiated|signed)\b"
    r"|\bmust still be (?:agreed|resolved|settled|negotiated)\b"
    r"|\b(?:talks|negotiations) (?:had |have |has )?(?:ended without|collapsed|failed|broken down|broke "
    r"down)\b",
    re.IGNORECASE,
)
_AGREED = re.compile(
    rf"\b{_DEAL}\b(?:[ ,\n]+[\w’-]+){{0,4}}?[ ,\n]+(?:has|have|had|was|were|is)[ ,\n]+(?:however[ ,\n]+|"
    rf"now |already |finally |also )*(?:been )?(?:also |now |already )?{_DONE}\b"
    r"|(?<!not )(?<!never )(?<!yet )\bagreed(?: on [A-Z][a-z]+day)? (?:to|on|that|upon)\b"
    r"|\b(?:has|have|had) (?:now |also |already |finally |both |all )?agreed (?:to|on|that|with)\b"
    r"|\b(?:have|has|had) (?:now |finally |already )?(?:signed|reached|struck|concluded) (?:an?|the) "
    r"(?:[\w-]+ ){0,2}" + _DEAL + r"\b",
    re.IGNORECASE,
)
_IF = re.compile(
    r"\b(?:if|unless|until|once|whether|should|hope[sd]?|would|could|close to|denied)\b[^.;]{0,40}$",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:is|was|are|were|be) (?:simply |completely |totally |entirely )?(?:not true|untrue|false|fake|"
    r"fabricated|baseless|a lie|lies|nonsense|a fabrication|no truth)\b"
    r"|\bno truth\b|^lies\b",
    re.IGNORECASE,
)
_FEARS = re.compile(
    r"\b(?:I|we|they|he|she|it|who)(?:[ \n]\w+)?[ \n](?:fear|fears|feared)\b|\b(?:am|are|is|was|were)(?: "
    r"very| deeply| all)? afraid\b"
    r"|\bfears? (?:that|of|for)\b|\bfear (?:they|he|she|their|his|her)\b",
    re.IGNORECASE,
)
_PROMISES = re.compile(
    r"\b(?:we|I|it|they|he|she|(?:his|her|its|our) (?:troops|forces|fighters|soldiers|government|men|"
    r"country|army|agency|ministry)|our \w+)(?:[ \n](?:all|also|too))?[ \n](?:will|would|shall)[ \n]"
    r"(?:also |soon |continue to |do everything to )?(?:send|provide|open|reopen|guarantee|ensure|allow|"
    r"protect|deliver|let|release|"
    r"withdraw|restore|respect|help|support|resume|evacuate|repair|rebuild|pay|return|honour|honor|"
    r"safeguard|supply|hand over|keep)\b"
    r"|\bno(?:body|[ \n]one|[ \n][a-z]+)?[ \n](?:will|would)[ \n]be[ \n](?:prosecuted|punished|harmed|"
    r"arrested|detained|expelled|forced|hurt|touched|"
    r"turned (?:away|back)|pushed back|left behind|forgotten)\b|\b(?:I|we|he|she|they|it)[ \n](?:promise|"
    r"guarantee|pledge|vow)s?\b",
    re.IGNORECASE,
)
_DEMANDS = re.compile(
    r"\bmust\b(?! (?:have|still)\b)|\b(?:we|I|they|it) (?:demand|call on|call for|urge|insist on)\b",
    re.IGNORECASE,
)
_CLAIM = re.compile(
    r"[^.;]{0,60}\b(?:claims?|allegations?|accusations?|reports?|suggestions?|charges?|rumou?rs)\b",
    re.IGNORECASE,
)
_OFFER = re.compile(
    r"[^.;]{0,60}\b(?:proposals?|offers?|plans?|deal|agreement|ultimatum|terms|draft|demands?|ceasefire|"
    r"truce)\b",
    re.IGNORECASE,
)


# What only gives the time or ground of what is said does not decide what the statement does.
_SUBORDINATE = re.compile(
    r"(?<=\w)[ \n](?:after|because|since|before|when|unless|although|in case)[ \n][^.;!?]*", re.IGNORECASE
)


# None of these in what was said: then none of the patterns can match, and all are spared the search.
_HINTS = words(
    "agree deal accord truce ceasefire settlement pact consensus compromise result outcome breakthrough "
    "progress "
    "sign resolved settled negotiat talks true false fake fabricat baseless lie nonsense truth fear afraid "
    "worr will would "
    "shall must demand call urge insist promis guarant pledg vow den refus reject never none"
)
_DEALS = ((_NOT_AGREED, "not_agreed"), (_AGREED, "agreed"))
# Words of other stances than "asserts": where no pattern above settles what they do, the stance is not sure.
_UNSURE = re.compile(
    r"\b(?:agree\w*|disagree\w*|agreements?|deals?|accords?|truce|pact|promis\w*|pledg\w*|vow\w*|"
    r"guarantee\w*|fear\w*|afraid|worr\w+|"
    r"den(?:y|ies|ied|ial)|untrue|lies?|lying|demand\w*|insist\w*|refus\w*|reject\w*|never|none of)\b",
    re.IGNORECASE,
)


class Verb(NamedTuple):
    """A verb of speech: its stance, and whether what is said may change it (`decides`, `claim`, `fixed`)."""

    stance: str
    content: str


@cache
def load_verbs() -> dict[str, Verb]:
    """Return verb forms, in small letters, from speech.csv."""
    table = resources.files("corridor.evidence.grammar").joinpath("speech.csv").read_text(encoding="utf-8")
    return {row["word"]: Verb(row["stance"], row["content"]) for row in csv.DictReader(table.splitlines())}


def judge_stance(verb: str, said: str, nested: bool) -> str | None:
    """Return the stance of a statement, or None if it is not sure.

    `verb` is the form used, `said` what was said (quotations included), `nested` whether somebody else
    speaks in it.
    """
    entry = load_verbs()[verb]
    if entry.content == "claim":
        return "denies" if _CLAIM.match(said) else "not_agreed" if _OFFER.match(said) else None
    if entry.content == "fixed":
        return entry.stance
    if nested:
        return "reports"
    lower = said.lower()
    if not any(word in lower for word in _HINTS):
        return entry.stance
    said = _SUBORDINATE.sub("", said)
    deals = [stance for pattern, stance in _DEALS if _finds(pattern, said)]
    if len(deals) == 2 and re.search(r"\b(?:but|and)\b", said):
        return None  # agreed on one thing and not on another: a person must take it apart
    if deals:
        return deals[0]
    for pattern, stance in (
        (_DENIES, "denies"),
        (_FEARS, "fears"),
        (_PROMISES, "promises"),
        (_DEMANDS, "demands"),
    ):
        if pattern.search(said):
            return stance
    return None if _UNSURE.search(said) else entry.stance


def _finds(pattern: re.Pattern[str], said: str) -> bool:
    match = pattern.search(said)
    return match is not None and not _IF.search(said[: match.start()])
