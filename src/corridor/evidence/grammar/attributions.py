"""Who says what in one sentence: each verb of speech that stands on its own, with speaker and content.

A sentence is taken apart at its semicolons. In each part somebody is cited ("according to"), or speaks behind what was
said ("..., the mayor said"), or before it ("The mayor said ..."); beside that others may speak in side clauses.
"""

from __future__ import annotations

from dataclasses import replace

from corridor.evidence.grammar.attribution import Attribution, says
from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.leading import passes_on, read_leading, read_pronoun
from corridor.evidence.grammar.noun_phrases import read_noun_phrase
from corridor.evidence.grammar.sentences import QUOTED
from corridor.evidence.grammar.side_clauses import read_participles, read_side_clauses
from corridor.evidence.grammar.speaker import is_acronym
from corridor.evidence.grammar.speakers import read_subject
from corridor.evidence.grammar.subordinate import read_subordinate
from corridor.evidence.grammar.trailing import read_according, read_trailing
from corridor.evidence.grammar.verbs import SpeechVerb, find_verbs, read_verb_subject

MOST_VERBS = 8  # a part of a sentence with more is left alone
_SHORTEST = 3  # words of a part that stands on its own
_LONGEST_LABEL, _LONGEST_ACRONYM = 6, 6  # words, letters


def read_sentence(masked: str, language: Language) -> list[Attribution]:
    """Return the attributions that stand on their own in a sentence (quotations masked), left to right."""
    if labelled := _read_label(masked, language):
        return [labelled]
    found: list[Attribution] = []
    for start, part in _parts(masked):
        read = _read_part(part, language, found)
        read = [attribution.moved(start) for attribution in read] if start else read
        read = read if found or not start else _with_subject(masked[:start], read, language)
        read.sort(key=lambda attribution: attribution.speaker.start)
        found += [replace(a, is_first=False) for a in read] if start else read
    return found


def _with_subject(before: str, read: list[Attribution], language: Language) -> list[Attribution]:
    """Put whom the part before is about for a pronoun: "Drivers will not wait; they want to be paid"."""
    subject = read_subject(before, language)
    if subject is None:
        return read
    fits = [subject.kind in language.pronouns.get(a.speaker.name.lower(), ()) for a in read]
    name = replace(subject, role="")
    return [
        replace(a, speaker=replace(name, start=a.speaker.start)) if a.speaker.kind == "pronoun" and fit else a
        for a, fit in zip(read, fits, strict=True)
    ]


def _parts(masked: str) -> list[tuple[int, str]]:
    """Cut a sentence at the semicolons that have enough words on both sides; keep where each part starts."""
    parts, start = [], 0
    for piece in masked.split(";")[:-1]:
        end = start + len(piece)
        if len(piece.split()) >= _SHORTEST and len(masked[end:].split()) > _SHORTEST:
            parts.append((start, masked[start:end]))
            start = end + 1
    return [*parts, (start, masked[start:])]


def _read_label(masked: str, language: Language) -> Attribution | None:
    """Read `Wanda Ito: “We had no warning.”` and `OCHA: the road is cut`."""
    label = language["colon"].match(masked) or language["label_speaker"].match(masked)
    speaker = read_noun_phrase(label["who"], language) if label else None
    if label is None or speaker is None or len(label["who"].split()) > _LONGEST_LABEL:
        return None
    is_short = is_acronym(speaker.name) and len(speaker.name) <= _LONGEST_ACRONYM
    is_body = speaker.kind == "organisation" and (" " in speaker.name or is_short)
    if not (is_body or speaker.kind == "person" or masked[label.end() :].lstrip()[:1] == QUOTED):
        return None  # "Hospitals: 3 of 5 work"
    return Attribution(says(language), speaker, 0, len(masked), ((label.end("who") + 1, len(masked)),))


def _read_part(masked: str, language: Language, before: list[Attribution]) -> list[Attribution]:
    verbs = find_verbs(masked, language)
    if according := read_according(masked, verbs, language):
        spoken = (
            read_trailing(masked[: according.content[0][1]].rstrip(), verbs, language) if QUOTED in masked else None
        )
        main = [spoken, according] if spoken else _with_passed_on(masked, according, language)
    else:
        main = _read_main(masked, verbs, language) if 0 < len(verbs) <= MOST_VERBS else []
    main = main or _read_quoted_behind(masked, language)
    aside = read_side_clauses(masked, language)
    aside += read_subordinate(masked, verbs, [*before, *main, *aside], language)
    speakers = {(attribution.speaker.name, attribution.verb) for attribution in main}
    aside = [attribution for attribution in aside if (attribution.speaker.name, attribution.verb) not in speakers]
    return [*main, *aside, *read_participles(masked, [*main, *aside], language)]


def _with_passed_on(masked: str, according: Attribution, language: Language) -> list[Attribution]:
    """Return who is cited, and before him whom all that he says passes on: "according to X, Y denies it"."""
    start, end = according.content[0]
    while start < end and not masked[start].isalnum():
        start += 1
    part = masked[start:end]
    inner = next((a.moved(start) for a in read_leading(part, find_verbs(part, language), language)[:1]), None)
    if inner is None or not passes_on(masked, start, inner, language):
        return [according]
    return [replace(inner, is_first=False), replace(according, nested=True)]


def _read_quoted_behind(masked: str, language: Language) -> list[Attribution]:
    """Read `The baker shrugged: “Not this year.”`: whom the words before the colon are about says what is quoted."""
    told = language["told_quote"].match(masked)
    head = masked[: told.end()].partition(":")[0] if told else ""
    speaker = read_subject(head, language) or read_pronoun(head, language)
    if speaker is None:
        return []
    return [Attribution(says(language), speaker, 0, len(masked), ((len(head) + 1, len(masked)),))]


def _read_main(masked: str, verbs: list[SpeechVerb], language: Language) -> list[Attribution]:
    trailing = read_trailing(masked, verbs, language)
    if trailing is None:
        return read_leading(masked, verbs, language)
    if trailing.speaker.kind == "pronoun":  # "the commissioner disputed this: the fence, he said, had been cut"
        earlier = [verb for verb in verbs if verb.end <= trailing.speaker.start]
        leading = read_leading(masked, earlier, language)
        if leading:
            return [*leading, replace(trailing, nested=False, is_first=False)]
        if any(verb.word in language.words["speaks"] and _is_of_another(masked, verb, language) for verb in earlier):
            return []
        head, colon, _ = masked[: trailing.speaker.start].partition(":")
        if colon and (subject := read_subject(head, language)):  # "the delegate was glad: his side, he said, signed"
            trailing = replace(trailing, speaker=replace(subject, role=""))
    further = _read_on(masked, verbs, trailing, language)
    return [trailing.until(further[0].start) if further else trailing, *further]


def _is_of_another(masked: str, verb: SpeechVerb, language: Language) -> bool:
    """Tell whether a verb has a subject that is no pronoun: not "He had told them so, he said"."""
    subject = read_verb_subject(masked, verb, 0, language)
    return subject is None or subject.kind != "pronoun"


def _read_on(masked: str, verbs: list[SpeechVerb], first: Attribution, language: Language) -> list[Attribution]:
    """Read what is said behind "CONTENT, SPEAKER said, but", ", hours after OTHER declared" and ", and calls it"."""
    begun = language["goes_on"].search(masked, max(masked.find(first.verb, first.speaker.start), 0))
    if begun is None:
        return []
    later = [verb for verb in verbs if verb.left >= begun.end()]
    found = read_leading(masked, later, language, begun.end() - len(begun["link"]), before=first)
    return [replace(attribution, is_first=False) for attribution in found]
