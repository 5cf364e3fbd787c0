"""Verbs of speech in a sentence: which words are one there, and which only look like one."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from corridor.evidence.grammar.sentences import QUOTED
from corridor.evidence.grammar.stances import load_verbs
from corridor.evidence.grammar.vocabulary import NEED_THAT, words

if TYPE_CHECKING:
    from corridor.evidence.grammar.speakers import Speaker

# Verbs by which one speaker may pass on another, and those that may stand before their speaker.
SPEAKS = words("said told reported says say stated announced claimed")
INVERTS = words("said says added adds wrote explained recalled insisted warned announced replied complained")
DAY = (
    r"(?:(?:on|late on|early on|late|early|earlier|earlier on|later|here on|here)[ \n])?"
    r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)|yesterday|today"
)
_LOOK_BACK = 40  # characters before a verb that can tell what it is
_PLAIN = words("said says say told tells denied denies warned insisted insists vowed promised")
_HELPERS = re.compile(
    r"(?:\b(?:has|have|had|also|later|earlier|repeatedly|again|then|now|both|already|always|publicly|not|"
    r"never|yet|"
    r"so far|meanwhile|separately|all)[ \n]+)+$"
)
_BLOCKED = re.compile(
    r"(?:\b(?:to|be|is|was|were|are|been|being|would|will|could|may|might|should|can|cannot|did|does|do|as|"
    r"by|of|the|"
    r"a|an|what|how|no|so|having|who|which|that|whoever|it|if|when|once|not|never)|n[’']t)[ \n]+$",
    re.IGNORECASE,
)
# "it said" is speech at the head of a clause or behind a quotation, but not in "when it said".
_IT_SPEAKS = re.compile(rf"(?:^|[;,:{QUOTED}]|\b(?:but|and|while))[ \n,]*it[ \n]+$", re.IGNORECASE)
_FATE = re.compile(r"[ \n]+(?:dead|missing|by)\b")
_THAT = re.compile(rf"(?:,?[ \n]+[^,;.]{{0,40}})??[ \n]+that\b|[ \n,:]*{QUOTED}")


class SpeechVerb(NamedTuple):
    """A verb of speech: its form, where its words (with `has also`) start and end, whether it is negated."""

    word: str
    left: int
    end: int
    negated: bool


@cache
def _verb_pattern() -> re.Pattern[str]:
    forms = "|".join(sorted(load_verbs(), key=len, reverse=True)).replace(" ", "[ \\n]")
    return re.compile(rf"\b(?:{forms})\b")


def find_verbs(masked: str) -> list[SpeechVerb]:
    """Return the verbs of speech of a sentence whose quotations are masked, left to right."""
    found = (_look_at(masked, match) for match in _verb_pattern().finditer(masked))
    return [verb for verb in found if verb is not None]


def _look_at(masked: str, match: re.Match[str]) -> SpeechVerb | None:
    """Drop "the agreed route", "was told", "did not say", "to say", "feared dead", "the villagers' fears"."""
    word = re.sub(r"\s+", " ", match[0])
    behind = max(0, match.start() - _LOOK_BACK)
    before = masked[behind : match.start()]
    helpers = _HELPERS.search(before)
    left = behind + helpers.start() if helpers else match.start()
    negated = helpers is not None and re.search(r"\b(?:not|never)\b", helpers[0]) is not None
    before_all = masked[max(0, left - _LOOK_BACK) : left]
    if _BLOCKED.search(before_all) and not _IT_SPEAKS.search(before_all):
        return None
    if negated and word != "agreed":
        return None
    if word.endswith("ed") and _FATE.match(masked, match.end()):
        return None
    if word in ("fear", "fears", "estimates") and helpers is None and re.search(r"[’']s?[ \n]$", before):
        return None
    return SpeechVerb(word, left, match.end(), negated)


def is_speech(masked: str, verb: SpeechVerb, speaker: Speaker, end: int) -> bool:
    """Tell whether a verb surely is one of speech: "recalled that", not "recalled its envoy".

    `end` is where the words for whom it was said to end.
    """
    behind = masked[end : end + 80]
    if _THAT.match(behind):
        return True
    if verb.word == "appealed":
        return re.match(rf"[ \n]+(?:(?:{DAY})[ \n]+)?(?:to|for)\b", behind) is not None
    if verb.word == "ordered":
        return re.match(r"[ \n]+[^,;.]{2,60}?[ \n]to[ \n][a-z]", behind) is not None
    if verb.word == "quoted":
        return "as saying" in masked[end:]
    if verb.word == "agreed":
        return verb.negated or re.match(r"[ \n]+(?:[a-z]+ly[ \n]+)?(?:to|on|with|an?|the)\b", behind) is not None
    if verb.word in NEED_THAT:
        return False
    is_thing = speaker.kind == "name" and speaker.name.lower().startswith(("the ", "a ", "an "))
    return verb.word in _PLAIN or (not is_thing and (speaker.kind != "name" or speaker.name[0].isupper()))
