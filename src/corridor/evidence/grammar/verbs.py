"""Verbs of speech in a sentence: which words are one there, and which only look like one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from corridor.evidence.grammar.language import Language

if TYPE_CHECKING:
    from corridor.evidence.grammar.speakers import Speaker

_LOOK_BACK = 40  # characters before a verb that can tell what it is


class SpeechVerb(NamedTuple):
    """A verb of speech: its form, where its words (with `has also`) start and end, whether it is negated."""

    word: str
    left: int
    end: int
    negated: bool


def find_verbs(masked: str, language: Language) -> list[SpeechVerb]:
    """Return the verbs of speech of a sentence whose quotations are masked, left to right."""
    found = (_look_at(masked, match, language) for match in language["verb"].finditer(masked))
    return [verb for verb in found if verb is not None]


def _look_at(masked: str, match: re.Match[str], language: Language) -> SpeechVerb | None:
    """Drop "the agreed route", "was told", "did not say", "to say", "feared dead", "the villagers' fears"."""
    word = re.sub(r"\s+", " ", match[0])
    behind = max(0, match.start() - _LOOK_BACK)
    before = masked[behind : match.start()]
    helpers = language["helpers"].search(before)
    left = behind + helpers.start() if helpers else match.start()
    negated = helpers is not None and language["not"].search(helpers[0]) is not None
    before_all = masked[max(0, left - _LOOK_BACK) : left]
    if language["blocked"].search(before_all) and not language["it_speaks"].search(before_all):
        return None
    if negated and word != "agreed":
        return None
    if word.endswith("ed") and language["fate_of_feared"].match(masked, match.end()):
        return None
    if word in ("fear", "fears", "estimates") and helpers is None and re.search(r"[’']s?[ \n]$", before):
        return None
    return SpeechVerb(word, left, match.end(), negated)


def is_speech(masked: str, verb: SpeechVerb, speaker: Speaker, end: int, language: Language) -> bool:
    """Tell whether a verb surely is one of speech: "recalled that", not "recalled its envoy".

    `end` is where the words for whom it was said to end.
    """
    behind = masked[end : end + 80]
    if language["that"].match(behind):
        return True
    if verb.word == "appealed":
        return language["appeals_to"].match(behind) is not None
    if verb.word == "ordered":
        return language["orders_to"].match(behind) is not None
    if verb.word == "quoted":
        return "as saying" in masked[end:]
    if verb.word == "agreed":
        return verb.negated or language["agrees_on"].match(behind) is not None
    if verb.word in language.words["need_that"]:
        return False
    is_thing = speaker.kind == "name" and speaker.name.lower().startswith(("the ", "a ", "an "))
    return verb.word in language.words["plain"] or (
        not is_thing and (speaker.kind != "name" or speaker.name[0].isupper())
    )
