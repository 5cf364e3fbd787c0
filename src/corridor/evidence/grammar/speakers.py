"""Who speaks: the noun phrase before (or after) a verb of speech, taken apart into a name and a role."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.noun_phrases import read_name, read_noun_phrase
from corridor.evidence.grammar.sentences import QUOTED
from corridor.evidence.grammar.speaker import Speaker, is_name, is_role

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_SUBJECT, _MOST_VERBS = 120, 3  # characters; verbs that may be the first of a sentence
_AGE = re.compile(r"\d{1,3}")


def read_speaker_before(words: str, language: Language) -> Speaker | None:
    """Return the speaker whose phrase ends where `words` ends (right before the verb), or None.

    `words` is the sentence up to the verb with its quotations masked.
    """
    stripped = words.rstrip()
    closes = stripped.endswith(",")  # "X, an adviser to Y, told": a comma closes what is said of X
    segments = _segments(stripped.rstrip(", \n"))
    is_cut = False
    while closes and len(segments) > 1 and _is_aside(segments[-1][1], language):
        segments.pop()  # "the parties, meeting at the lake, agreed"
        is_cut = True
    if not segments:
        return None
    named = _read_with_role(segments, language) if closes and len(segments) > 1 else None
    return _read_plain(segments, language) if named is None and (is_cut or not closes or len(segments) == 1) else named


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
    whole = head[1].strip()
    phrase = (
        whole if language["placed_speaker"].fullmatch(whole) else language["behind_speaker"].split(whole)[0].strip()
    )
    main = read_noun_phrase(phrase, language)
    if main is None or main.kind == "pronoun":
        return main
    rest = re.sub(r"^\d{1,3},?[ \n]*", "", (head[2] or "").strip(", \n"))  # an age
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
    late = None if main else next(_later(piece, language), None)
    if late is not None:
        shift, main = shift + late[0], late[1]
    if main is None:
        return None
    # "The governor, Yusuf Demba denied" is not English; a name after a role is read only between commas
    return Speaker(main.name, main.role, start + shift, main.kind)


def _later(piece: str, language: Language) -> Iterator[tuple[int, Speaker]]:
    """Yield who is named behind the conjunctions of a piece, the longest phrase first."""
    for late in language["late_conjunction"].finditer(piece):
        if main := read_noun_phrase(piece[late.end() :], language):
            yield late.end(), main


def _read_with_role(segments: list[tuple[int, str]], language: Language) -> Speaker | None:
    """Read "NAME, role," and "The role, NAME," walking left over nested roles."""
    _, last = segments[-1]
    if is_name(last, language) and len(segments) >= 2:
        start, piece = segments[-2]
        piece, shift = _without_conjunction(piece, language)
        main = read_noun_phrase(piece, language)
        if main is not None and main.kind in ("person", "organisation") and last.isupper():
            return replace(main, start=start + shift)  # "a spokesperson for the refugee agency, UNHCR, said"
        if main is not None and main.kind == "organisation" and not is_name(main.name, language):
            return Speaker(
                last, main.name, start + shift, "organisation"
            )  # "the operator of the pipeline, Norgaz, said"
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
            return _with_office(found, segments[: i - 1], language)
        if nameless is None and segments[i][1].split()[0] in language.words["relative_pronouns"]:
            nameless = found  # "a negotiator, who asked not to be named,"
    return nameless


def _with_office(named: Speaker, before: list[tuple[int, str]], language: Language) -> Speaker:
    """Add what stands before a name and a comma: "a farmer, Osman Kaya, 71, said"."""
    if not before or not is_name(named.name, language):
        return named
    start, piece = before[-1]
    piece, shift = _without_conjunction(piece, language)
    office = read_noun_phrase(piece, language)
    if office is None or office.kind != "person" or is_name(office.name, language):
        return named
    return replace(named, role=", ".join(filter(None, (office.name, named.role))), start=start + shift)


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
