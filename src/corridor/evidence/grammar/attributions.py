"""Who says what in one sentence: each verb of speech that stands on its own, with speaker and content."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from corridor.evidence.grammar.sentences import QUOTED
from corridor.evidence.grammar.speakers import (
    Speaker,
    read_noun_phrase,
    read_speaker_after,
    read_speaker_before,
)
from corridor.evidence.grammar.verbs import DAY, INVERTS, SPEAKS, SpeechVerb, find_verbs, is_speech

MOST_VERBS = 8  # a sentence with more is left alone

_LEAD_IN = re.compile(
    rf"(?:[ \n]+(?:{DAY}))?(?:,?(?:[ \n]+(?:by|on|in|at|via|from|during|over)[ "
    rf"\n][^,;.{QUOTED}]{{1,40}}?)?[ \n]+that\b)?"
    r"[ \n,:]*"
)
_TAIL = re.compile(
    rf"(?:[ \n]+(?:{DAY}|(?:on|in|at|by|from|via|during|to|after|through|over|with)[ "
    rf"\n][^,.;:{QUOTED}]{{1,60}}|"
    rf"afterwards|later|here|there))*[ \n]*(?=$|[.;,:—–?!{QUOTED}])"
)
_CAPITALS = r"[A-ZÀ-Þ][\w’'-]*(?:[ \n](?:of[ \n](?:the[ \n])?)?[A-ZÀ-Þ][\w’'-]*){0,4}"
_TOLD = re.compile(
    rf"[ \n]+(?P<to>(?:the[ \n]|a[ \n])?{_CAPITALS}"
    r"|(?:(?:the|a|an|his|her|its|their|this|local|state|our|all)[ \n])*[a-z][\w’'-]*"
    r"(?:[ \n](?!here\b)[A-Za-z][\w’'-]*){0,3}?)"
    r"(?=[ \n]+(?:that|to|here|on|in|at|by|via|over|after|during|late|early|yesterday|today|how|why|about|"
    r"of|what|"
    rf"he|she|it|they|his|her|its|the|there)\b|[.,;:{QUOTED}]|[ \n]*$)"
)
_SAID_TO = re.compile(
    rf"[ \n]+(?:to|in an interview with)[ \n]+(?P<to>(?:the[ \n])?(?:{_CAPITALS}|reporters|journalists))"
)
_ACCORDING = re.compile(
    rf"\b[Aa]ccording to[ \n]+(?P<who>[^,.;:{QUOTED}—–()]{{2,90}})(?:[ \n]\([^)]{{1,30}}\))?"
    rf"(?P<more>,[ \n]*[^,.;:{QUOTED}]{{2,60}})?"
)
_NOT_WHO = re.compile(r"[ \n](?:in a|in an|who|which|that|as|on (?=\d|[A-Z][a-z]+day\b))[ \n]?")
_COLON = re.compile(rf"(?P<who>[A-Z][^.,;:{QUOTED}]{{1,40}}):[ \n]*{QUOTED}")
_CITING = re.compile(r",[ \n](?:citing|quoting)[ \n][^,;.]{1,80},(?=[ \n])")
_CITES = re.compile(r"\b(?:citing|quoting)\b|\bas saying\b")
_BOUNDARY = re.compile(
    r"(?:;|,[ \n](?:but|while|whereas|and|although|though|yet)\b|[ \n](?:but|while|whereas)\b)[ \n]*$"
)
_SAME_SUBJECT = re.compile(r"(?:[ \n]|^)(?P<word>but|and)[ \n]+(?:(?:has|have|had|also|later|then)[ \n]+)*$")
_NEW_VERB = re.compile(r"\b(?:was|were|is|are|had|has|have|would|will|could|they|it|he|she|said|that)\b")
_ADVERBIAL = (
    r"(?:On|In|As of|At(?! least| most)|By|During|Earlier|Later|Meanwhile|Yesterday|Today|Last|This|Late|"
    r"Early|After|"
    r"Before|Since|From|For|Speaking|Asked)\b"
)
_ONLY_ADVERBIAL = re.compile(rf"{_ADVERBIAL}[^,]*,?[ \n]*$")
_OPENING = re.compile(
    r"(?:But|And|Yet|However|Still|Meanwhile|Separately|Also|Later|Earlier|While|Although|Though),?"
    rf"|{_ADVERBIAL}[^;:]{{0,90}},"
)


@dataclass(frozen=True)
class Attribution:
    """A verb of speech with its speaker, its reach in the sentence and where what was said stands there.

    `nested` tells that somebody else speaks in what was said; `is_first` that no other verb of speech
    stands before it.
    """

    verb: str
    speaker: Speaker
    start: int
    end: int
    content: tuple[tuple[int, int], ...]
    said_to: str
    nested: bool
    negated: bool = False
    is_first: bool = True


def read_sentence(masked: str) -> list[Attribution]:
    """Return the attributions that stand on their own in a sentence (quotations masked), left to right."""
    if colon := _COLON.match(masked):
        speaker = read_noun_phrase(colon["who"])
        if speaker and speaker.kind in ("person", "people", "organisation") and len(colon["who"].split()) <= 3:
            return [Attribution("said", speaker, 0, len(masked), ((colon.end() - 1, len(masked)),), "", False)]
    verbs = find_verbs(masked)
    according = _read_according(masked, verbs)
    if according:
        return [according]
    if not verbs or len(verbs) > MOST_VERBS:
        return []
    trailing = _read_trailing(masked, verbs)
    return [trailing] if trailing else _read_leading(masked, verbs)


def _read_subject(masked: str, verb: SpeechVerb, floor: int) -> Speaker | None:
    words = masked[floor : verb.left]
    if "ting" in words:
        words = _CITING.sub(lambda m: " " * len(m[0]), words)
    speaker = read_speaker_before(words)
    return replace(speaker, start=speaker.start + floor) if speaker else None


def _read_said_to(masked: str, verb: SpeechVerb) -> tuple[str, int] | None:
    """Return to whom and where the words for it end; None if "told" has nobody to tell that can be read."""
    if verb.word in ("told", "tells"):
        match = _TOLD.match(masked, verb.end)
        return (match["to"], match.end()) if match else None
    if match := _SAID_TO.match(masked, verb.end):
        return match["to"], match.end()
    return "", verb.end


def _read_trailing(masked: str, verbs: list[SpeechVerb]) -> Attribution | None:
    """Read `CONTENT, SPEAKER said.` and `"...," said SPEAKER.`: all that stands before was said."""
    for verb in reversed(verbs):
        before = masked[: verb.left].rstrip()
        told = _read_said_to(masked, verb)
        if told is None or not before:
            continue
        speaker = None if before[-1] == QUOTED else _read_subject(masked, verb, 0)
        if speaker is None:
            inverted = _read_inverted(masked, verb, before, verbs)
            if inverted:
                return inverted
            continue
        tail = _TAIL.match(masked, told[1])
        ahead = masked[: speaker.start].rstrip()
        if tail is None or not ahead or ahead[-1] not in (",", QUOTED, "–", "—") or verb.negated:
            continue
        if not _has_content(ahead):
            continue
        rest = masked[tail.end() :]
        reach = tail.end() if rest.startswith(";") else len(masked)
        after = (tail.end(), reach) if QUOTED in rest or rest.startswith(",") else (reach, reach)
        content, nested = ((0, len(ahead)), after), _is_nested(masked, verbs, verb.left)
        return Attribution(verb.word, speaker, 0, reach, content, told[0], nested, is_first=verb is verbs[0])
    return None


def _read_inverted(masked: str, verb: SpeechVerb, before: str, verbs: list[SpeechVerb]) -> Attribution | None:
    if verb.word not in INVERTS or before[-1] not in (QUOTED, ",") or not _has_content(masked[: verb.left]):
        return None
    speaker = read_speaker_after(masked[verb.end :])
    if speaker is None:
        return None
    nested = _is_nested(masked, verbs, verb.left)
    return Attribution(verb.word, speaker, 0, len(masked), ((0, verb.left),), "", nested)


def _is_nested(masked: str, verbs: list[SpeechVerb], end: int) -> bool:
    """Tell whether somebody else speaks in what stands before `end`, or is cited."""
    speaks = any(v.word in SPEAKS and v.end < end and _read_subject(masked, v, 0) is not None for v in verbs)
    return speaks or _CITES.search(masked) is not None


def _has_content(words: str) -> bool:
    """Tell whether enough stands there to have been said; "On Friday," is not."""
    count = len(words.split())
    return QUOTED in words or (count >= 3 and not (count <= 8 and _ONLY_ADVERBIAL.match(words)))


def _read_leading(masked: str, verbs: list[SpeechVerb]) -> list[Attribution]:
    """Read `SPEAKER said that CONTENT`, and after it `but said`, `, while OTHER denied`, `; OTHER told`."""
    found: list[Attribution] = []
    floor = 0
    for verb in verbs:
        told = _read_said_to(masked, verb)
        if told is None:
            continue
        same = _find_same_subject(masked, floor, verb, found)
        speaker = same or _read_subject(masked, verb, floor)
        if speaker is None:
            continue
        if found and not same and not _BOUNDARY.search(masked[floor : speaker.start]):
            if verb.word in SPEAKS:
                found[-1] = replace(found[-1], nested=True)  # somebody else speaks in what was said
            continue
        if not found and not _opens(masked[: speaker.start]):
            continue
        if not same and not is_speech(masked, verb, speaker, told[1]):
            continue
        if found:
            begun = found[-1].content[0][0]
            found[-1] = replace(found[-1], end=speaker.start, content=((begun, speaker.start),))
        lead = _LEAD_IN.match(masked, told[1])
        content = ((lead.end() if lead else told[1], len(masked)),)
        nested = verb.word == "quoted" or _CITES.search(masked) is not None
        # an opening adverbial belongs to the statement; a clause before it does not
        start = 0 if not found and _OPENING.fullmatch(masked[: speaker.start].strip()) else speaker.start
        found.append(
            Attribution(
                verb.word,
                speaker,
                start,
                len(masked),
                content,
                told[0],
                nested,
                verb.negated,
                verb is verbs[0],
            )
        )
        floor = told[1]
    return found


def _find_same_subject(masked: str, floor: int, verb: SpeechVerb, found: list[Attribution]) -> Speaker | None:
    """Return the speaker of the verb before, where this one goes on with "but said" or "and vowed"."""
    same = _SAME_SUBJECT.search(masked[floor : verb.left]) if found else None
    if same is None:
        return None
    if same["word"] == "and" and _NEW_VERB.search(masked[found[-1].content[0][0] : verb.left]):
        return None  # "and" may go on with what was said
    return replace(found[-1].speaker, start=floor + same.start())


def _opens(before: str) -> bool:
    """Tell whether a speaker standing behind these words stands at the head of a clause."""
    words = before.strip()
    if not words or words[-1] in ";:—–" or _OPENING.fullmatch(words):
        return True
    return re.search(r"(?:,[ \n](?:but|while|whereas)|[ \n](?:but|while|whereas))$", words) is not None


def _read_according(masked: str, verbs: list[SpeechVerb]) -> Attribution | None:
    """Read "according to the harbour master, Ines Coelho" before or behind what was said."""
    match = _ACCORDING.search(masked)
    if match is None or _ACCORDING.search(masked, match.end()):
        return None
    main = read_noun_phrase(_NOT_WHO.split(match["who"])[0].strip())
    if main is None or main.kind == "pronoun":
        return None
    more = (match["more"] or "").strip(", \n")
    closes = masked[match.end() : match.end() + 1] in ("", ",", ".", ";")
    end = match.end()
    if closes and " " in more and re.fullmatch(_CAPITALS, more) and main.kind == "person":
        main = Speaker(more, re.sub(r"^(?:the|a|an)[ \n]", "", main.name), main.start, "person")
    elif match["more"]:
        end = match.start("more")
    content = (0, match.start()) if _has_content(masked[: match.start()]) else (end, len(masked))
    nested = any(v.word in SPEAKS and _read_subject(masked, v, 0) is not None for v in verbs)
    return Attribution("said", main, 0, len(masked), (content,), "", nested)
