"""Who says what in one sentence: each verb of speech that stands on its own, with speaker and content."""

from __future__ import annotations

from dataclasses import dataclass, replace

from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.noun_phrases import read_noun_phrase
from corridor.evidence.grammar.sentences import QUOTED
from corridor.evidence.grammar.speaker import Speaker
from corridor.evidence.grammar.speakers import read_speaker_after, read_speaker_before, read_subject
from corridor.evidence.grammar.verbs import SpeechVerb, find_verbs, is_speech, is_thing

_SHORT = 3  # words
MOST_VERBS = 8  # a sentence with more is left alone


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


def read_sentence(masked: str, language: Language) -> list[Attribution]:
    """Return the attributions that stand on their own in a sentence (quotations masked), left to right."""
    if colon := language["colon"].match(masked):
        speaker = read_noun_phrase(colon["who"], language)
        if speaker and speaker.kind in ("person", "people", "organisation") and len(colon["who"].split()) <= 3:
            return [Attribution(_says(language), speaker, 0, len(masked), ((colon.end() - 1, len(masked)),), "", False)]
    verbs = find_verbs(masked, language)
    according = _read_according(masked, verbs, language)
    if according:
        return [according]
    passive = _read_passive(masked, language)
    if not verbs or len(verbs) > MOST_VERBS:
        return passive
    trailing = _read_trailing(masked, verbs, language)
    if trailing is None:
        return [*_read_leading(masked, verbs, language), *passive]
    if trailing.speaker.kind == "pronoun":  # "the commissioner disputed this: the fence, he said, had been cut"
        earlier = [verb for verb in verbs if verb.end <= trailing.speaker.start]
        leading = _read_leading(masked, earlier, language)
        if leading or any(verb.word in language.words["speaks"] for verb in earlier):
            return [*leading, replace(trailing, nested=False, is_first=False)] if leading else []
    return [trailing, *_read_on(masked, verbs, trailing, language), *passive]


def _says(language: Language) -> str:
    """Return the verb for what is said without one."""
    return language.listed["says_so"][0]


def _read_on(masked: str, verbs: list[SpeechVerb], first: Attribution, language: Language) -> list[Attribution]:
    """Read what others say behind "CONTENT, SPEAKER said, but" and "; SPEAKER said"."""
    begun = language["goes_on"].search(masked, first.speaker.start)
    if begun is None:
        return []
    later = [verb for verb in verbs if verb.left > begun.end()]
    found = _read_leading(masked, later, language, begun.end() - len(begun["link"]))
    return [replace(attribution, is_first=False) for attribution in found]


def _read_passive(masked: str, language: Language) -> list[Attribution]:
    """Read "was not accepted by the delegation", "as alleged by a broadcaster"."""
    match = language["passive"].search(masked)
    if match is None:
        return []
    is_deal = match["verb"] in language.words["passive_deals"]
    if match["not"] and not is_deal:
        return []
    who = match["who"].strip()
    speaker = (
        read_speaker_before(who + ",", language) if "," in who else read_noun_phrase(who, language)
    ) or read_noun_phrase(language["passive_end"].split(who)[0].strip(), language)
    if speaker is None or speaker.kind not in ("person", "organisation", "people"):
        return []
    verb = language.listed["may_be_negated"][0] if is_deal else match["verb"]
    at = replace(speaker, start=match.start("who"))
    return [Attribution(verb, at, 0, len(masked), ((0, match.start()),), "", False, bool(match["not"]), False)]


def _read_subject(masked: str, verb: SpeechVerb, floor: int, language: Language) -> Speaker | None:
    words = language["citing"].sub(lambda m: " " * len(m[0]), masked[floor : verb.left])
    speaker = read_speaker_before(words, language)
    return replace(speaker, start=speaker.start + floor) if speaker else None


def _read_said_to(masked: str, verb: SpeechVerb, language: Language) -> tuple[str, int] | None:
    """Return to whom and where the words for it end; None if "told" has nobody to tell that can be read."""
    if verb.word in language.words["tells"]:
        match = language["told"].match(masked, verb.end)
        return (match["to"], match.end()) if match else None
    if match := language["said_to"].match(masked, verb.end):
        return match["to"], match.end()
    if verb.word in language.words["asks"] and (match := language["asked_of"].match(masked, verb.end)):
        return match["to"], verb.end
    return "", verb.end


def _read_trailing(masked: str, verbs: list[SpeechVerb], language: Language) -> Attribution | None:
    """Read `CONTENT, SPEAKER said.` and `"...," said SPEAKER.`: all that stands before was said."""
    for verb in reversed(verbs):
        before = masked[: verb.left].rstrip()
        told = _read_said_to(masked, verb, language)
        if told is None or not before:
            continue
        speaker = None if before[-1] == QUOTED else _read_subject(masked, verb, 0, language)
        if speaker is None:
            inverted = _read_inverted(masked, verb, before, verbs, language)
            if inverted:
                return inverted
            continue
        tail = language["tail"].match(masked, told[1])
        ahead = masked[: speaker.start].rstrip()
        if tail is None or not ahead or ahead[-1] not in (",", QUOTED, "–", "—") or verb.negated:
            continue
        rest = masked[tail.end() :]
        if not (_has_content(ahead, language) or (rest.startswith(",") and len(rest.split()) > _SHORT)):
            continue
        if language.verbs[verb.word].needs in language.words["no_trailing"]:
            continue
        reach = tail.end() if rest.startswith(";") else len(masked)
        after = (tail.end(), reach) if QUOTED in rest or rest.startswith(",") else (reach, reach)
        content, nested = ((0, len(ahead)), after), _is_nested(masked, verbs, verb.left, language)
        return Attribution(verb.word, speaker, 0, reach, content, told[0], nested, is_first=verb is verbs[0])
    return None


def _read_inverted(
    masked: str, verb: SpeechVerb, before: str, verbs: list[SpeechVerb], language: Language
) -> Attribution | None:
    if (
        verb.word not in language.words["inverts"]
        or before[-1] not in (QUOTED, ",")
        or not _has_content(masked[: verb.left], language)
    ):
        return None
    between = language["behind_verb"].match(masked, verb.end)
    speaker = read_speaker_after(masked[between.end() if between else verb.end :], language)
    said_to = (between["to"] or "") if between else ""
    if verb.subject:  # "a-t-elle confié à l'agence"
        speaker, told = Speaker(verb.subject, "", verb.left, "pronoun"), _read_said_to(masked, verb, language)
        said_to = told[0] if told else ""
    if speaker is None or (before[-1] == "," and is_thing(speaker, language)):
        return None
    nested = _is_nested(masked, verbs, verb.left, language)
    return Attribution(verb.word, speaker, 0, len(masked), ((0, verb.left),), said_to, nested)


def _is_nested(masked: str, verbs: list[SpeechVerb], end: int, language: Language) -> bool:
    """Tell whether somebody else speaks in what stands before `end`, or is cited."""
    speaks = any(
        v.word in language.words["speaks"] and v.end < end and _read_subject(masked, v, 0, language) is not None
        for v in verbs
    )
    return speaks or language["cites"].search(masked) is not None


def _has_content(words: str, language: Language) -> bool:
    """Tell whether enough stands there to have been said; "On Friday," is not."""
    count = len(words.split())
    return QUOTED in words or (count >= 3 and not (count <= 8 and language["only_adverbial"].match(words)))


def _read_leading(masked: str, verbs: list[SpeechVerb], language: Language, floor: int = 0) -> list[Attribution]:
    """Read `SPEAKER said that CONTENT`, and after it `but said`, `, while OTHER denied`, `; OTHER told`."""
    found: list[Attribution] = []
    for verb in verbs:
        told = _read_said_to(masked, verb, language)
        if told is None:
            continue
        same = _find_same_subject(masked, floor, verb, found, language)
        speaker = same or _read_subject(masked, verb, floor, language)
        if speaker is None and not found and language["shared_subject"].search(masked[: verb.left]):
            speaker = same = read_subject(masked, language)
        if speaker is None:
            continue
        if found and not same and not language["boundary"].search(masked[floor : speaker.start]):
            if verb.word in language.words["speaks"]:
                found[-1] = replace(found[-1], nested=True)  # somebody else speaks in what was said
            continue
        if not found and not _opens(masked[: speaker.start], language):
            continue
        if not same and not is_speech(masked, verb, speaker, told[1], language):
            continue
        if found:
            begun = found[-1].content[0][0]
            found[-1] = replace(found[-1], end=speaker.start, content=((begun, speaker.start),))
        lead = language["lead_in"].match(masked, told[1])
        content = ((lead.end() if lead else told[1], len(masked)),)
        nested = verb.word in language.words["quotes"] or language["cites"].search(masked) is not None
        # an opening adverbial belongs to the statement; a clause before it does not
        start = 0 if not found and language["opening"].fullmatch(masked[: speaker.start].strip()) else speaker.start
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


def _find_same_subject(
    masked: str, floor: int, verb: SpeechVerb, found: list[Attribution], language: Language
) -> Speaker | None:
    """Return the speaker of the verb before, where this one goes on with "but said" or "and vowed"."""
    same = language["same_subject"].search(masked[floor : verb.left]) if found else None
    if same is None:
        return None
    if same["word"] in language.words["and"] and language["new_verb"].search(
        masked[found[-1].content[0][0] : verb.left]
    ):
        return None  # "and" may go on with what was said
    return replace(found[-1].speaker, start=floor + same.start())


def _opens(before: str, language: Language) -> bool:
    """Tell whether a speaker standing behind these words stands at the head of a clause."""
    words = before.strip()
    if not words or words[-1] in ";:—–" or language["opening"].fullmatch(words):
        return True
    return language["joins"].search(words) is not None


def _read_according(masked: str, verbs: list[SpeechVerb], language: Language) -> Attribution | None:
    """Read "according to the harbour master, Ines Coelho" before or behind what was said."""
    match = language["according"].search(masked)
    if match is None or language["according"].search(masked, match.end()):
        return None
    main = read_noun_phrase(language["not_who"].split(match["who"])[0].strip(), language)
    if main is None or main.kind == "pronoun":
        return None
    more = (match["more"] or "").strip(", \n")
    closes = masked[match.end() : match.end() + 1] in ("", ",", ".", ";")
    end = match.end()
    if closes and " " in more and language["named"].fullmatch(more) and main.kind == "person":
        main = Speaker(more, language["article"].sub("", main.name), main.start, "person")
    elif match["more"]:
        end = match.start("more")
    content = (0, match.start()) if _has_content(masked[: match.start()], language) else (end, len(masked))
    nested = any(
        v.word in language.words["speaks"] and _read_subject(masked, v, 0, language) is not None for v in verbs
    )
    return Attribution(_says(language), main, 0, len(masked), (content,), "", nested)
