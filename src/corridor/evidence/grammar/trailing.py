"""Speakers behind what was said: "..., the mayor said", "“...,” said the mayor", "according to the mayor"."""

from __future__ import annotations

from dataclasses import replace

from corridor.evidence.grammar.attribution import Attribution, says
from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.noun_phrases import read_noun_phrase
from corridor.evidence.grammar.sentences import QUOTED
from corridor.evidence.grammar.speaker import Speaker, is_role
from corridor.evidence.grammar.speakers import read_speaker_after
from corridor.evidence.grammar.verbs import SpeechVerb, agrees, is_first, is_thing, read_said_to, read_verb_subject

_SHORT, _LONGEST_PHRASE = 3, 5  # words


def read_trailing(masked: str, verbs: list[SpeechVerb], language: Language) -> Attribution | None:
    """Read `CONTENT, SPEAKER said.` and `"...," said SPEAKER.`: all that stands before was said."""
    for verb in reversed(verbs):
        before = masked[: verb.left].rstrip()
        told = read_said_to(masked, verb, language)
        if told is None or not before:
            continue
        is_single = before[-1] == "," and "," not in before[:-1] and verb.word in language.words["inverts"]
        if is_single and (inserted := _read_mid_sentence(masked, verb, language)):
            return inserted
        speaker = None if before[-1] == QUOTED or verb.subject else read_verb_subject(masked, verb, 0, language)
        if speaker is None:
            if inverted := _read_inverted(masked, verb, before, verbs, language):
                return inverted
            continue
        is_long = before[-1] == "," and len(speaker.name.split()) > _LONGEST_PHRASE
        if is_long and (inverted := _read_inverted(masked, verb, before, verbs, language)):
            return inverted  # "Four are missing in the valley since noon, said the mayor"
        tail = language["tail"].match(masked, told[1])
        ahead = masked[: speaker.start].rstrip()
        if tail is None or not ahead or ahead[-1] not in (",", QUOTED, "–", "—") or verb.negated:
            continue
        rest = masked[tail.end() :]
        if not (_has_content(ahead, language) or (rest.startswith(",") and len(rest.split()) >= _SHORT)):
            continue
        if all(sense.needs in language.words["no_trailing"] for sense in language.verbs[verb.word]):
            continue
        if verb.word in language.words["behind_quote"] and ahead[-1] != QUOTED:
            continue  # "..., the guards allowed"
        if not agrees(verb, speaker, language):
            continue  # "Its chair, a retired judge, left"
        reach = len(masked)
        after = (tail.end(), reach) if QUOTED in rest or rest.startswith(",") else (reach, reach)
        content, nested = ((0, len(ahead)), after), _is_nested(masked, verbs, verb.left, language)
        opens = speaker.kind != "pronoun" or is_first(masked, verbs, verb, language)
        return Attribution(_word(verb, language), speaker, 0, reach, content, told[0], nested, is_first=opens)
    return None


def read_according(masked: str, verbs: list[SpeechVerb], language: Language) -> Attribution | None:
    """Read "according to the harbour master, Ines Coelho" before or behind what was said."""
    match = language["according"].search(masked) or language["as_put"].search(masked)
    if match is None or language["according"].search(masked, match.end()):
        return None
    main = read_noun_phrase(language["not_who"].split(match["who"] or match["whose"])[0].strip(), language)
    if main is None or main.kind == "pronoun" or (is_thing(main, language) and main.name.islower()):
        return None
    more = (match["more"] or "").strip(", \n")
    closes = masked[match.end() : match.end() + 1] in ("", ",", ".", ";")
    end = match.end()
    if closes and " " in more and language["named"].fullmatch(more) and main.kind == "person":
        main = Speaker(more, language["article"].sub("", main.name), main.start, "person")
    elif closes and more and main.kind == "person" and not main.role and is_role(more, language):
        main = Speaker(main.name, more, main.start, "person")
    elif match["more"]:
        end = match.start("more")
    content = (0, match.start()) if _has_content(masked[: match.start()], language) else (end, len(masked))
    nested = any(
        v.word in language.words["speaks"] and read_verb_subject(masked, v, 0, language) is not None for v in verbs
    )
    return Attribution(says(language), main, 0, len(masked), (content,), "", nested)


def _read_inverted(
    masked: str, verb: SpeechVerb, before: str, verbs: list[SpeechVerb], language: Language
) -> Attribution | None:
    if before[-1] not in (QUOTED, ",") or not _inverts(verb, before, language):
        return None
    between = language["behind_verb"].match(masked, verb.end)
    if before[-1] == "," and language["mid_sentence"].match(masked, verb.end):
        return _read_mid_sentence(masked, verb, language)
    speaker = read_speaker_after(masked[between.end() if between else verb.end :], language)
    said_to = (between["to"] or "") if between else ""
    if verb.subject:  # "a-t-elle confié à l'agence"
        speaker, told = Speaker(verb.subject, "", verb.left, "pronoun"), read_said_to(masked, verb, language)
        said_to = told[0] if told else ""
    if not _has_content(masked[: verb.left], language):
        return None
    if speaker is None or (before[-1] == "," and is_thing(speaker, language)):
        return None
    nested = _is_nested(masked, verbs, verb.left, language)
    return Attribution(_word(verb, language), speaker, 0, len(masked), ((0, verb.left),), said_to, nested)


def _inverts(verb: SpeechVerb, before: str, language: Language) -> bool:
    """Tell whether a verb may stand before its speaker: any that leaves open what was said may behind a quotation."""
    is_open = language.verbs[verb.word][-1].content == "decides"
    return verb.word in language.words["inverts"] or (before[-1] == QUOTED and is_open)


def _read_mid_sentence(masked: str, verb: SpeechVerb, language: Language) -> Attribution | None:
    """Read "By Monday, said the mayor, the wells would be dry"."""
    mid = language["mid_sentence"].match(masked, verb.end)
    speaker = read_noun_phrase(mid["who"].strip(), language) if mid else None
    if mid is None or speaker is None or speaker.kind == "pronoun" or is_thing(speaker, language):
        return None
    at = replace(speaker, start=mid.start("who"))
    content = ((0, verb.left), (mid.end(), len(masked)))
    return Attribution(_word(verb, language), at, 0, len(masked), content)


def _word(verb: SpeechVerb, language: Language) -> str:
    """Return the form of a verb behind what was said: a question asked is no demand."""
    return says(language) if verb.word in language.words["queries"] else verb.word


def _is_nested(masked: str, verbs: list[SpeechVerb], end: int, language: Language) -> bool:
    """Tell whether somebody else speaks in what stands before `end`, or is cited."""
    speaks = any(
        v.word in language.words["speaks"] and v.end < end and read_verb_subject(masked, v, 0, language) is not None
        for v in verbs
    )
    return speaks or language["cites"].search(masked) is not None


def _has_content(words: str, language: Language) -> bool:
    """Tell whether enough stands there to have been said; "On Friday," is not."""
    count = len(words.split())
    return QUOTED in words or (count >= _SHORT and not (count <= 8 and language["only_adverbial"].match(words)))
