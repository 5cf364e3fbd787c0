"""Speakers in clauses of their own: "twice what the ministry concedes", "so did the minister"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corridor.evidence.grammar.attribution import Attribution
from corridor.evidence.grammar.noun_phrases import read_noun_phrase
from corridor.evidence.grammar.verbs import SpeechVerb, can_speak, find_sense, read_said_to, read_verb_subject

if TYPE_CHECKING:
    from corridor.evidence.grammar.language import Language


def read_subordinate(
    masked: str, verbs: list[SpeechVerb], found: list[Attribution], language: Language
) -> list[Attribution]:
    """Read who speaks in a clause within what others say or do, and who says the same as one in `found`."""
    said = _read_also(masked, found, language)
    if language["in_clause"].search(masked) is None:
        return said
    return [*(clause for verb in verbs if (clause := _read_clause(masked, verb, found, language))), *said]


def _read_clause(masked: str, verb: SpeechVerb, found: list[Attribution], language: Language) -> Attribution | None:
    speaker = read_verb_subject(masked, verb, 0, language)
    if speaker is None or not can_speak(speaker, language):
        return None
    if any(a.speaker.name == speaker.name and a.verb == verb.word for a in found):
        return None
    told, before = read_said_to(masked, verb, language), masked[: speaker.start]
    if told is None or language["subordinate_lead"].search(before) is None:
        return None
    sense = find_sense(masked, verb, speaker, told[1], language)
    content = ((told[1], len(masked)),)
    if sense is None and language["bare_lead"].search(before):
        if language["stands_bare"].match(masked, told[1]):
            sense, content = language.verbs[verb.word][-1], ((0, speaker.start),)  # "twice what the ministry concedes."
        elif verb.word in language.words["names"]:
            sense = language.verbs[verb.word][-1]
    if sense is None:
        return None
    said = Attribution(verb.word, speaker, speaker.start, len(masked), content, told[0], sense=sense)
    return replace(said, is_first=False)


def _read_also(masked: str, found: list[Attribution], language: Language) -> list[Attribution]:
    """Read "so did the minister": he says what was said last by another."""
    also = language["so_did"].search(masked)
    speaker = read_noun_phrase(also["who"].strip(), language) if also and found else None
    if also is None or speaker is None or not can_speak(speaker, language):
        return []
    others = [attribution for attribution in found if attribution.speaker.name != speaker.name]
    at = replace(speaker, start=also.start("who"))
    return [replace(said, speaker=at, start=also.start(), said_to="", is_first=False) for said in others[-1:]]
