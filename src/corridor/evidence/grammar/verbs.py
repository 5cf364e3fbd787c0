"""Verbs of speech in a sentence: which words are one there, and which only look like one."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from corridor.evidence.grammar.attribution import says
from corridor.evidence.grammar.language import Language, Verb
from corridor.evidence.grammar.speakers import read_speaker_before

if TYPE_CHECKING:
    from corridor.evidence.grammar.speaker import Speaker

_LOOK_BACK = 40  # characters before a verb that can tell what it is


class SpeechVerb(NamedTuple):
    """A verb of speech: its form, where its words (with `has also`) start and end, whether it is negated.

    `subject` is a pronoun within its words ("a-t-elle déclaré").
    """

    word: str
    left: int
    end: int
    negated: bool
    subject: str


def find_verbs(masked: str, language: Language) -> list[SpeechVerb]:
    """Return the verbs of speech of a sentence whose quotations are masked, left to right."""
    found = (_look_at(masked, match, language) for match in language["verb"].finditer(masked))
    return [verb for verb in found if verb is not None]


def _look_at(masked: str, match: re.Match[str], language: Language) -> SpeechVerb | None:
    """Drop "the agreed route", "was told", "did not say", "to say", "feared dead", "the villagers' fears"."""
    word = re.sub(r"\s+", " ", match["verb"])
    behind = max(0, match.start() - _LOOK_BACK)
    before = masked[behind : match.start()]
    is_participle = language.verbs[word][0].is_participle
    being = language["being_before"].search(before) if is_participle else None
    if is_participle and being is None:
        return None  # "the warning signs"
    left = behind + being.start() if being else match.start()
    helpers = language["helpers"].search(masked[behind:left])
    left = behind + helpers.start() if helpers else left
    negated = language["not"].search(masked[left : match.start("verb")]) is not None
    if quoted := language["quoted_by"].match(masked, match.end()):
        being = language["being_before"].search(before)
        return SpeechVerb(says(language), behind + being.start(), quoted.end(), False, "") if being else None
    before_all = masked[max(0, left - _LOOK_BACK) : left]
    if language["blocked"].search(before_all) and not language["it_speaks"].search(before_all):
        return None
    if negated and word not in language.words["may_be_negated"]:
        return None
    by_too = language.verbs[word][0].needs in language.words["by_too"]
    suffers = language["passive_by"].match(masked, match.end()) or language["fate_of_feared"].match(masked, match.end())
    if suffers and not by_too:
        return None
    is_noun_like = any(word in language.words[name] for name in ("noun_like_plural", "noun_like_single"))
    if is_noun_like and helpers is None and language["noun_follows"].match(masked, match.end()):
        return None  # "evacuation orders were extended"
    if word in language.words["owned_nouns"] and helpers is None and language["owner_before"].search(before):
        return None
    subject = language["inverted_subject"].search(masked[left : match.end()])
    return SpeechVerb(word, left, match.end(), negated, subject[1] if subject else "")


def read_verb_subject(masked: str, verb: SpeechVerb, floor: int, language: Language) -> Speaker | None:
    """Return the speaker right before a verb, from `floor` on."""
    words = language["citing"].sub(lambda m: " " * len(m[0]), masked[floor : verb.left])
    speaker = read_speaker_before(words, language)
    return replace(speaker, start=speaker.start + floor) if speaker else None


def read_said_to(masked: str, verb: SpeechVerb, language: Language) -> tuple[str, int] | None:
    """Return to whom and where the words for it end; None if "told" has nobody to tell that can be read."""
    if verb.word in language.words["tells"]:
        match = language["told"].match(masked, verb.end)
        return (match["to"] or "", match.end()) if match else None
    if match := language["said_to"].match(masked, verb.end):
        return match["to"], match.end()
    if verb.word in language.words["asks"] and (match := language["asked_of"].match(masked, verb.end)):
        return match["to"], verb.end
    return "", verb.end


def find_sense(masked: str, verb: SpeechVerb, speaker: Speaker, end: int, language: Language) -> Verb | None:
    """Return the sense in which a verb surely is one of speech: "recalled that", but None for "recalled its envoy".

    `end` is where the words for whom it was said to end.
    """
    behind = masked[end : end + 80]
    if not agrees(verb, speaker, language):
        return None
    told = language["that"].match(behind) is not None
    senses = (sense for sense in language.verbs[verb.word] if _has_sense(sense, verb, speaker, behind, told, language))
    return next(senses, None)


def _has_sense(sense: Verb, verb: SpeechVerb, speaker: Speaker, behind: str, told: bool, language: Language) -> bool:
    is_near = sense.needs not in language.words["near_that"] or language["near_that"].match(behind) is not None
    if told and is_near and sense.needs not in language.words["never_that"]:
        return True
    if sense.needs:
        is_party = language.words["parties"].intersection(speaker.name.lower().split())
        is_met = language[sense.needs].match(behind) is not None
        is_deed = speaker.kind == "people" and not is_party and language["done"].match(behind) is not None
        if sense.needs in language.words["needs_official"] and is_deed:
            return False  # what many do is a deed more than a word: "the women refused to board"
        return verb.negated or (is_met and (verb.word in language.words["plain"] or not is_thing(speaker, language)))
    return verb.word in language.words["plain"] or (
        not is_thing(speaker, language) and (speaker.kind != "name" or speaker.name[0].isupper())
    )


def agrees(verb: SpeechVerb, speaker: Speaker, language: Language) -> bool:
    """Tell whether a form that is a noun too agrees with its subject in number, as a verb must."""
    if verb.word in language.words["noun_like_plural"]:
        return _are_several(speaker, language)
    return speaker.kind != "people" or verb.word not in language.words["noun_like_single"]


def is_first(masked: str, verbs: list[SpeechVerb], verb: SpeechVerb, language: Language) -> bool:
    """Tell whether nobody speaks in a sentence before a verb: "Its rations reach six in ten, it says"."""
    for earlier in verbs[: verbs.index(verb)]:
        speaker, told = read_verb_subject(masked, earlier, 0, language), read_said_to(masked, earlier, language)
        if speaker and told and find_sense(masked, earlier, speaker, told[1], language):
            return False
    return True


def is_thing(speaker: Speaker, language: Language) -> bool:
    """Tell whether the speaker may be a thing: "the storm claimed 12 lives"."""
    return speaker.kind == "name" and language["article"].match(speaker.name.lower()) is not None


def can_speak(speaker: Speaker | None, language: Language) -> bool:
    """Tell whether somebody surely has a mouth: a person, a body, people, or a name that is no day."""
    if speaker is None or speaker.kind == "pronoun":
        return False
    is_day = any(speaker.name.lower() in language.words[name] for name in ("months", "weekdays"))
    return speaker.kind != "name" or (speaker.name[0].isupper() and not is_thing(speaker, language) and not is_day)


def _are_several(speaker: Speaker, language: Language) -> bool:
    """Tell whether the speaker may be more than one: "partners ask for", but not "a UN appeal for"."""
    first, last = speaker.name.split()[0].lower(), speaker.name.split()[-1]
    if speaker.kind == "people" or first in language.words["several_first"]:
        return True
    if last.lower() in language.words["several_bodies"]:
        return True
    return language["plural_name"].search(last) is not None or language["two_named"].search(speaker.name) is not None
