"""Who speaks: the noun phrase before (or after) a verb of speech, taken apart into a name and a role."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.noun_phrases import read_name, read_noun_phrase
from corridor.evidence.grammar.sentences import QUOTED
from corridor.evidence.grammar.speaker import Speaker, is_name, is_role

_LONGEST_SUBJECT, _MOST_VERBS = 120, 3  # characters; verbs that may be the first of a sentence
_AGE = re.compile(r"\d{1,3}")


def read_speaker_before(words: str, language: Language) -> Speaker | None:
    """Return the speaker whose phrase ends where `words` ends (right before the verb), or None.

    `words` is the sentence up to the verb with its quotations masked.
    """
    stripped = words.rstrip()
    closes = stripped.endswith(",")  # "X, an adviser to Y, told": a comma closes what is said of X
    segments = _segments(stripped.rstrip(", \n"))
    while closes and len(segments) > 1 and _is_aside(segments[-1][1], language):
        segments.pop()  # "the parties, meeting at the lake, agreed"
    if not segments:
        return None
    if closes and len(segments) == 1:
        return _read_plain(segments, language)
    return _read_with_role(segments, language) if closes else _read_plain(segments, language)


def read_subject(masked: str, language: Language) -> Speaker | None:
    """Return whom or what a sentence is about, if it begins with somebody who can speak ("The mayor visited ...").

    What stands before the first verb is read; a common noun must be of a person, a body or several people.
    """
    for match in islice(language["finite"].finditer(masked, 0, _LONGEST_SUBJECT), _MOST_VERBS):
        speaker = read_speaker_before(masked[: match.start()], language)
        if speaker and speaker.kind in ("person", "organisation", "people") and speaker.start == 0:
            return speaker
    return None


def read_speaker_after(words: str, language: Language) -> Speaker | None:
    """Return the speaker whose phrase begins where `words` begins ("said Maria Lopez, a nurse"), or None."""
    head = re.match(rf"[ \n]*([^,.;:{QUOTED}]+)(,[^.;:{QUOTED}]+)?", words)
    if head is None:
        return None
    phrase = language["behind_speaker"].split(head[1])[0].strip()
    main = read_noun_phrase(phrase, language)
    if main is None or main.kind == "pronoun":
        return main
    rest = language["age"].sub("", (head[2] or "").strip(", \n"))
    if rest and main.role == "" and main.kind == "person" and is_name(main.name, language):
        role = rest if is_role(rest, language) and len(rest) < 160 else ""
        return Speaker(main.name, role, 0, "person")
    first = rest.split(",")[0].strip()
    if rest and is_name(first, language) and not is_name(main.name, language) and " " in first:
        return Speaker(first, main.name, 0, "person")  # "said its leader, Tomas Vane"
    return Speaker(main.name, main.role, 0, main.kind)


def _segments(words: str) -> list[tuple[int, str]]:
    """Cut at commas, dashes, colons, semicolons and quotations; keep where each piece starts."""
    pieces = []
    for match in re.finditer(rf"[^,;:–—{QUOTED}]+", words):
        lead = len(match[0]) - len(match[0].lstrip())
        pieces.append((match.start() + lead, match[0].strip()))
    return [(start, piece) for start, piece in pieces if piece]


def _read_plain(segments: list[tuple[int, str]], language: Language) -> Speaker | None:
    start, piece = segments[-1]
    piece, shift = language["on_day"].sub("", piece), 0
    if joined := language["conjunction"].match(piece):
        shift, piece = joined.end(), piece[joined.end() :]
    main = read_noun_phrase(piece, language)
    if main is None and (late := language["late_conjunction"].search(piece)):
        shift, piece = shift + late.end(), piece[late.end() :]
        main = read_noun_phrase(piece, language)
    if main is None:
        return None
    # "The governor, Yusuf Demba denied" is not English; a name after a role is read only between commas
    return Speaker(main.name, main.role, start + shift, main.kind)


def _read_with_role(segments: list[tuple[int, str]], language: Language) -> Speaker | None:
    """Read "NAME, role," and "The role, NAME," walking left over nested roles."""
    _, last = segments[-1]
    if is_name(last, language) and len(segments) >= 2:
        start, piece = segments[-2]
        piece, shift = _without_conjunction(piece, language)
        main = read_noun_phrase(piece, language)
        if main is not None and main.kind in ("person", "organisation") and last.isupper():
            return replace(main, start=start + shift)  # "a spokesperson for the refugee agency, UNHCR, said"
        if main is not None and main.kind == "person" and not is_name(main.name, language):
            last = language["courtesy"].sub("", last)
            named = read_name(last.split(), 0, language)
            if named is None or named.kind != "person":
                return Speaker(last, main.name, start + shift, "person")
            return Speaker(named.name, ", ".join(filter(None, (main.name, named.role))), start + shift, "person")
        return None
    if language.noun_first and (titled := _read_title_between(segments, language)):
        return titled
    nameless: Speaker | None = None
    for i in range(len(segments) - 1, 0, -1):
        if not (is_role(segments[i][1], language) or _AGE.fullmatch(segments[i][1])):
            break
        start, piece = segments[i - 1]
        piece, shift = _without_conjunction(piece, language)
        main = read_noun_phrase(piece, language)
        if main is None or main.kind == "pronoun":
            continue
        role_start = segments[i + 1 if _AGE.fullmatch(segments[i][1]) and i + 1 < len(segments) else i][0]
        role = _between(segments, role_start)
        found = Speaker(main.name, f"{main.role}, {role}" if main.role else role, start + shift, main.kind)
        if not is_role(piece, language):
            return found
        if nameless is None and segments[i][1].split()[0] in language.words["relative_pronouns"]:
            nameless = found  # "a negotiator, who asked not to be named,"
    return nameless


def _read_title_between(segments: list[tuple[int, str]], language: Language) -> Speaker | None:
    """Read "Le ministre, le docteur Célestin Abega,": a title and a name behind an office."""
    if len(segments) < 2:
        return None
    office, titled = (read_noun_phrase(piece, language) for _, piece in segments[-2:])
    if office is None or titled is None or office.kind != "person" or not titled.role or office.role:
        return None
    return (
        None
        if is_name(office.name, language)
        else replace(titled, role=f"{office.name}, {titled.role}", start=segments[-2][0] + office.start)
    )


def _is_aside(phrase: str, language: Language) -> bool:
    if language["aside"].fullmatch(phrase) is None:
        return False
    return language["verbal_first"].match(phrase) is not None or not is_role(phrase, language)


def _between(segments: list[tuple[int, str]], start: int) -> str:
    return ", ".join(piece for at, piece in segments if at >= start and not _AGE.fullmatch(piece))


def _without_conjunction(piece: str, language: Language) -> tuple[str, int]:
    joined = language["conjunction"].match(piece)
    return (piece[joined.end() :], joined.end()) if joined else (piece, 0)
