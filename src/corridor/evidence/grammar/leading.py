"""Speakers before what was said: "The mayor said that ... but warned ..., while the ministry denied ..."."""

from __future__ import annotations

from dataclasses import replace

from corridor.evidence.grammar.attribution import Attribution, says
from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.speaker import Speaker
from corridor.evidence.grammar.speakers import read_subject
from corridor.evidence.grammar.verbs import (
    SpeechVerb,
    agrees,
    can_speak,
    find_sense,
    is_first,
    read_said_to,
    read_verb_subject,
)


def read_leading(
    masked: str, verbs: list[SpeechVerb], language: Language, floor: int = 0, before: Attribution | None = None
) -> list[Attribution]:
    """Read `SPEAKER said that CONTENT`, and after it `but said`, `, while OTHER denied`.

    `before` is who spoke before `floor`, for whom "and" may go on.
    """
    found: list[Attribution] = []
    for verb in verbs:
        told = read_said_to(masked, verb, language)
        if told is None:
            continue
        same = _find_same_subject(masked, floor, verb, found, language)
        speaker = same or read_verb_subject(masked, verb, floor, language)
        if speaker is None and not found and _shares_subject(masked[: verb.left], language):
            speaker = same = before.speaker if before else _read_opening(masked, language)
        if speaker is None:
            continue
        sense = find_sense(masked, verb, speaker, told[1], language)
        is_joined = same is not None or _is_joined(masked[floor : speaker.start], found, language)
        if found and not is_joined:
            # somebody else speaks in what was said; if nothing else is told there, it is passed on
            inner = Attribution(verb.word, speaker, speaker.start, len(masked), (), sense=sense)
            is_open = found[-1].sense is None or found[-1].sense.content == "decides"
            is_passed_on = is_open and passes_on(masked, found[-1].content[0][0], inner, language)
            if is_passed_on or verb.word in language.words["speaks"]:
                found[-1] = replace(found[-1], nested=True)
            if not is_passed_on:
                continue
        elif not found and not same and not _opens(masked[: speaker.start], language):
            continue
        if sense is None:
            continue
        if found and is_joined:
            begun = found[-1].content[0][0]
            found[-1] = replace(found[-1], end=speaker.start, content=((begun, speaker.start),))
        opens = not found and (speaker.kind != "pronoun" or is_first(masked, verbs, verb, language))
        said = _attribute(masked, verb, speaker, told, language, is_first=opens, is_only=not found)
        found.append(replace(said, sense=sense, is_coordinate=bool(found and is_joined)))
        floor = told[1]
    return found


def _attribute(
    masked: str,
    verb: SpeechVerb,
    speaker: Speaker,
    told: tuple[str, int],
    language: Language,
    *,
    is_first: bool,
    is_only: bool,
) -> Attribution:
    lead = language["lead_in"].match(masked, told[1])
    content = ((lead.end() if lead else told[1], len(masked)),)
    nested = verb.word in language.words["quotes"] or language["cites"].search(masked) is not None
    # an opening adverbial belongs to the statement; a clause before it does not
    start = 0 if is_only and language["opening"].fullmatch(masked[: speaker.start].strip()) else speaker.start
    return Attribution(verb.word, speaker, start, len(masked), content, told[0], nested, verb.negated, is_first)


def _find_same_subject(
    masked: str, floor: int, verb: SpeechVerb, found: list[Attribution], language: Language
) -> Speaker | None:
    """Return the speaker of the verb before, where this one goes on with "but said" or "and vowed".

    Behind "and" what was said may go on ("said the army had left and denied ..."): only if nobody who may speak is its
    subject, or if its own verbs are set back in time as those of reported speech are, is the speaker surely the same.
    """
    same = language["same_subject"].search(masked[floor : verb.left]) if found else None
    if same is None:
        return _find_lister(masked, floor, verb, found, language)
    said = masked[found[-1].content[0][0] : floor + same.start()]
    is_set_back = language["set_back"].search(said) and not language["had"].search(masked[verb.left : verb.end])
    if same["word"] in language.words["and"] and not is_set_back:
        inner = read_subject(said.lstrip(), language)
        agree = inner is not None and agrees(verb, inner, language)  # "that all sides stop and requests"
        if inner is not None and inner.kind != "pronoun" and agree:
            return None
    return replace(found[-1].speaker, start=floor + same.start())


def _find_lister(
    masked: str, floor: int, verb: SpeechVerb, found: list[Attribution], language: Language
) -> Speaker | None:
    """Return the speaker of the verb before, where this one is next in a list: "condemned the raid, urged calm"."""
    before = masked[floor : verb.left]
    listed = language["listed_verb"].search(before) if found else None
    sense = found[-1].sense if found else None
    if listed is None or sense is None or sense.content not in language.words["closed"]:
        return None
    is_set_apart = language["late_conjunction"].search(before) or language["had"].search(masked[verb.left : verb.end])
    return None if is_set_apart else replace(found[-1].speaker, start=floor + listed.start())


def _is_joined(between: str, found: list[Attribution], language: Language) -> bool:
    """Tell whether another begins to speak, by the words before him: ", while", or "A blames B and B"."""
    if language["boundary"].search(between):
        return True
    if not found or language["goes_on_and"].search(between) is None:
        return False
    return found[-1].sense is not None and found[-1].sense.content == "fixed"


def _shares_subject(before: str, language: Language) -> bool:
    """Tell whether a verb goes on with the subject of others: "met both sides and urged", ", urged"."""
    if language["shared_subject"].search(before):
        return True
    listed = language["listed_verb"].search(before)
    return listed is not None and language["finite"].search(before[: listed.start()]) is not None


def passes_on(masked: str, start: int, inner: Attribution, language: Language) -> bool:
    """Tell whether all that one says from `start` on is what another says, who is not of his own side."""
    if inner.sense is None or not can_speak(inner.speaker, language):
        return False
    speaks = inner.verb in language.words["speaks"]
    if not speaks and inner.sense.stance == language.verbs[says(language)][-1].stance:
        return False
    owner = inner.speaker.name.split()[0].lower() in language.words["owners"]  # "said his side had agreed"
    return not owner and not masked[start : inner.speaker.start].strip(" \n,")


def _read_opening(masked: str, language: Language) -> Speaker | None:
    return read_subject(masked, language) or read_pronoun(masked, language)


def read_pronoun(masked: str, language: Language) -> Speaker | None:
    """Read the pronoun that a sentence begins with: "She was asked about it and replied"."""
    first = masked.split(maxsplit=1)[0] if masked.strip() else ""
    return Speaker(first, "", 0, "pronoun") if language["pronoun"].fullmatch(first) else None


def _opens(before: str, language: Language) -> bool:
    """Tell whether a speaker standing behind these words stands at the head of a clause."""
    words = before.strip()
    if not words or words[-1] in ";:—–" or language["opening"].fullmatch(words):
        return True
    return language["joins"].search(words) is not None
