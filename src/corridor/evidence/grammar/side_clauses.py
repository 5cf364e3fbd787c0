"""Speakers beside the main clause: "was rejected by the delegation", "..., who warned that", "the mayor's call for"."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corridor.evidence.grammar.attribution import Attribution, says
from corridor.evidence.grammar.noun_phrases import read_noun_phrase
from corridor.evidence.grammar.speaker import Speaker
from corridor.evidence.grammar.speakers import read_speaker_before, read_subject
from corridor.evidence.grammar.verbs import (
    SpeechVerb,
    can_speak,
    find_sense,
    find_verbs,
    read_said_to,
)

if TYPE_CHECKING:
    from corridor.evidence.grammar.language import Language


_BEFORE = 80  # characters in which stands what "which they deny" goes back to


def read_side_clauses(masked: str, language: Language) -> list[Attribution]:
    """Return who speaks beside the main clause of a part of a sentence."""
    readers = (_read_passive, _read_apposed, _read_relative, _read_nouns, _read_quoted, _read_vows)
    return [attribution for read in readers for attribution in read(masked, language)]


def _read_passive(masked: str, language: Language) -> list[Attribution]:
    """Read "was not accepted by the delegation", "as alleged by a broadcaster"."""
    found = []
    for match in language["passive"].finditer(masked):
        is_deal = match["verb"] in language.words["passive_deals"]
        if match["not"] and not is_deal:
            continue
        verb = language.listed["may_be_negated"][0] if is_deal else match["verb"]
        start = max(masked.rfind(",", 0, match.start()), 0)
        named = language["passive_goes_on"].split(match["who"])[0]
        goes_on = match.start("who") + len(named), len(masked)
        content = (goes_on,) if match["verb"] in language.words["tells"] else ((start, match.start()), goes_on)
        for who in language["and_by"].split(named.strip()):
            if speaker := _read_agent(who, language):
                at = replace(speaker, start=match.start("who"))
                said = Attribution(verb, at, start, match.end(), content, negated=bool(match["not"]), is_first=False)
                found.append(said)
    return found


def _read_apposed(masked: str, language: Language) -> list[Attribution]:
    """Read ", a charge the coalition rejected"."""
    match = language["apposed"].search(masked)
    speaker = read_noun_phrase(match["who"].strip(), language) if match else None
    if match is None or speaker is None or not can_speak(speaker, language):
        return []
    begun = max(0, match.start() - _BEFORE) if match["which"] else match.start()
    content = ((begun, match.start("who")), (match.end(), len(masked)))
    at = replace(speaker, start=match.start("who"))
    return [Attribution(match["verb"], at, match.start(), len(masked), content, is_first=False)]


def _read_agent(who: str, language: Language) -> Speaker | None:
    """Read who stands behind "by", in as many words as name somebody."""
    whole = read_speaker_before(who + ",", language) if "," in who else read_noun_phrase(who, language)
    short = language["passive_end"].split(who)[0].strip()
    speaker = whole or read_noun_phrase(short, language) or read_noun_phrase(short.split(",")[0], language)
    return speaker if can_speak(speaker, language) else None


def _read_relative(masked: str, language: Language) -> list[Attribution]:
    """Read "the mission's head, Lars Poulsen, who described it as" at the end of a sentence."""
    found = []
    for match in language["who_says"].finditer(masked):
        speaker = _read_antecedent(masked[: match.start()], language)
        verb = next((v for v in find_verbs(masked[match.end() :], language)[:1] if v.left == 0), None)
        if speaker is None or not can_speak(speaker, language) or verb is None:
            continue
        verb = verb._replace(left=match.end(), end=verb.end + match.end())
        told = read_said_to(masked, verb, language)
        sense = find_sense(masked, verb, speaker, told[1], language) if told else None
        if told is None or sense is None:
            continue
        lead = language["lead_in"].match(masked, told[1])
        content = ((lead.end() if lead else told[1], len(masked)),)
        found.append(
            Attribution(
                verb.word, speaker, match.start(), len(masked), content, told[0], False, verb.negated, False, sense
            )
        )
    return found


def _read_antecedent(words: str, language: Language) -> Speaker | None:
    """Read whom "who" goes back to: all that names somebody, or what does so behind a preposition."""
    if whole := read_speaker_before(words + ",", language):
        return whole
    for cut in language["behind_preposition"].finditer(words):
        if named := read_speaker_before(words[cut.end() :] + ",", language):
            return replace(named, start=cut.end() + named.start)
    return None


def _read_nouns(masked: str, language: Language) -> list[Attribution]:
    """Read "the refusal of the authorities to", "a call by the elders for", "the government's demand that"."""
    found: list[Attribution] = []
    if language["speech_noun"].search(masked) is None:
        return found
    for name, who in (("noun_by", "who"), ("noun_owned", "owner"), ("noun_counted", "owner")):
        for match in language[name].finditer(masked):
            speaker = read_noun_phrase(match[who].strip(), language)
            if speaker is not None and can_speak(speaker, language):
                at = replace(speaker, start=match.start(who))
                content, verb = ((match.end(), len(masked)),), language.nouns.get(match["noun"], says(language))
                found.append(Attribution(verb, at, match.start(), len(masked), content, is_first=False))
    return [*found, *_read_own_nouns(masked, language)]


def _read_own_nouns(masked: str, language: Language) -> list[Attribution]:
    """Read "their petition for", "its refusal to": somebody named before."""
    found = []
    for match in language["noun_own"].finditer(masked):
        pronoun = language.listed["own_pronouns"][language.listed["own_pronouns"].index(match["who"].lower()) + 1]
        at = Speaker(pronoun, "", match.start("who"), "pronoun")
        verb = language.nouns.get(match["noun"], says(language))
        is_first = not masked[: match.start()].strip()
        found.append(
            Attribution(verb, at, match.start(), len(masked), ((match.end(), len(masked)),), is_first=is_first)
        )
    return found


def read_participles(masked: str, main: list[Attribution], language: Language) -> list[Attribution]:
    """Read ", warning that" and "after rejecting" behind who spoke before, or behind whom the sentence is about."""
    found: list[Attribution] = []
    for match in language["saying"].finditer(masked):
        before = [attribution for attribution in main if attribution.speaker.start < match.start()]
        speaker = before[-1].speaker if before else read_subject(masked[: match.start()], language)
        verb = SpeechVerb(match["verb"], match.start(), match.end(), False, "")
        told = read_said_to(masked, verb, language) if speaker else None
        sense = find_sense(masked, verb, speaker, told[1], language) if speaker and told else None
        if speaker is None or told is None or sense is None:
            continue
        lead = language["lead_in"].match(masked, told[1])
        content = ((lead.end() if lead else told[1], len(masked)),)
        said = Attribution(verb.word, speaker, match.start(), len(masked), content, told[0], is_first=False)
        found.append(replace(said, sense=sense))
    return found


def _read_quoted(masked: str, language: Language) -> list[Attribution]:
    """Read whom others quote: "the radio quoted the governor as saying that"."""
    found = []
    for match in language["quoted_as_saying"].finditer(masked):
        speaker = read_noun_phrase(match["who"].strip(), language)
        if speaker is not None and can_speak(speaker, language):
            at = replace(speaker, start=match.start("who"))
            content = ((match.end(), len(masked)),)
            found.append(Attribution(says(language), at, match.start("who"), len(masked), content, is_first=False))
    return found


def _read_vows(masked: str, language: Language) -> list[Attribution]:
    """Read "we shall stay" and "we will never leave": in a declaration its author promises or refuses."""
    vow, refusal = language.listed["vows"] or ("", "")
    found = []
    for match in language["we_shall"].finditer(masked):
        author = Speaker(match["who"], "", match.start("who"), "pronoun")
        content = ((match.end("who"), len(masked)),)
        verb = refusal if match["not"] else vow
        found.append(Attribution(verb, author, match.start(), len(masked), content, is_first=False))
    return found
