"""A speaker told in pieces between commas: "Ana Ruiz, a nurse," and "the mayor, Ana Ruiz,"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.noun_phrases import read_name, read_noun_phrase
from corridor.evidence.grammar.sentences import QUOTED
from corridor.evidence.grammar.speaker import Speaker, is_name, is_role

Pieces = list[tuple[int, str]]  # where each starts, and its words
_AGE = re.compile(r"\d{1,3}")
_PIECE = re.compile(rf"[^,;:–—{QUOTED}]+")


def cut_pieces(words: str) -> Pieces:
    """Cut at commas, dashes, colons, semicolons and quotations; keep where each piece starts."""
    cut = ((m.start() + len(m[0]) - len(m[0].lstrip()), m[0].strip()) for m in _PIECE.finditer(words))
    return [(start, piece) for start, piece in cut if piece]


def is_aside(phrase: str, language: Language) -> bool:
    """Tell whether a piece says what a speaker does, or where or how: "meeting at the lake", "for its part"."""
    if language["aside"].fullmatch(phrase) is None:
        return False
    return language["verbal_first"].match(phrase) is not None or not is_role(phrase, language)


def read_last(pieces: Pieces, language: Language) -> Speaker | None:
    """Read who is named at the end of the last piece: all of it, or what stands behind a conjunction."""
    if not pieces:
        return None
    start, piece = pieces[-1]
    piece, shift = _without_conjunction(language["on_day"].sub("", piece), language)
    main = read_noun_phrase(piece, language)
    late = None if main else next(_later(piece, language), None)
    if main is None and late is None and language["placed_opening"].match(piece):
        late = next(_placed(piece, language), None)  # "At a meeting in Dorm the envoy"
    if late is not None:
        shift, main = shift + late[0], late[1]
    # "The governor, Yusuf Demba denied" is not English; a name after a role is read only between commas
    return replace(main, start=start + shift) if main else None


def read_apposition(pieces: Pieces, language: Language) -> Speaker | None:
    """Read "NAME, role," and "The role, NAME," walking left over nested roles."""
    last = language["former"].sub("", pieces[-1][1])
    if is_name(last, language) and len(pieces) >= 2:
        return _read_name_last(pieces, language)
    if language.noun_first and (titled := _read_title_between(pieces, language)):
        return titled
    nameless: Speaker | None = None
    for i in range(len(pieces) - 1, 0, -1):
        if not (is_role(pieces[i][1], language) or _AGE.fullmatch(pieces[i][1])):
            break
        main = read_last(pieces[:i], language)
        if main and main.kind == "pronoun" and main.name.lower() in language.words["author_pronouns"]:
            return main  # "We, the elders of the lake, declare"
        if main is None or main.kind == "pronoun" or language["statement_by"].fullmatch(pieces[i - 1][1]):
            continue
        begun = i + 1 if _AGE.fullmatch(pieces[i][1]) and i + 1 < len(pieces) else i
        role = ", ".join(piece for _, piece in pieces[begun:] if not _AGE.fullmatch(piece))
        is_told = role.split(maxsplit=1)[:1] and role.split()[0] in language.words["relative_pronouns"]
        found = replace(main, role=main.role if main.role and is_told else _join(main.role, role))
        if not is_role(pieces[i - 1][1], language):
            return _with_office(found, pieces[: i - 1], language)
        if nameless is None and (is_told or i == 1):
            nameless = found  # "a negotiator, who asked not to be named,"
    return nameless


def _read_name_last(pieces: Pieces, language: Language) -> Speaker | None:
    """Read "the mayor, Ana Ruiz," and "the operator of the pipeline, Norgaz,"."""
    last, main = pieces[-1][1], read_last(pieces[:-1], language)
    if main is None and (cut := language["participle_behind"].search(pieces[-2][1])):
        # "a man sent from abroad, Ana Ruiz,"
        start, piece = pieces[-2]
        main = read_last([(start, piece[: cut.start()])], language)
        main = replace(main, name=piece) if main and main.kind == "person" else None
    if main is None or main.kind not in ("person", "organisation"):
        return None
    if last.isupper():
        return main  # "a spokesperson for the refugee agency, UNHCR, said"
    if is_name(main.name, language):
        return None
    if main.kind == "organisation":
        return replace(main, name=last, role=main.name)
    former = language["former"].match(last)
    bare = language["courtesy"].sub("", last[former.end() :] if former else last)
    named = read_name(bare.split(), 0, language)
    if named is None or named.kind != "person":
        return replace(main, name=bare, role=main.name)
    office = "" if main.name.lower() in language.words["stands_alone"] else main.name
    return replace(main, name=named.name, role=_join(office, (former[0] if former else "") + named.role))


def _with_office(named: Speaker, before: Pieces, language: Language) -> Speaker:
    """Add what stands before a name and a comma: "a farmer, Osman Kaya, 71, said"."""
    office = read_last(before, language) if is_name(named.name, language) else None
    if office is None or office.kind != "person" or is_name(office.name, language):
        return named
    return replace(named, role=_join(office.name, named.role), start=office.start)


def _read_title_between(pieces: Pieces, language: Language) -> Speaker | None:
    """Read "Le ministre, le docteur Célestin Abega,": a title and a name behind an office."""
    if len(pieces) < 2:
        return None
    office, titled = (read_noun_phrase(piece, language) for _, piece in pieces[-2:])
    if office is None or titled is None or office.kind != "person" or not titled.role or office.role:
        return None
    if is_name(office.name, language):
        return None
    return replace(titled, role=f"{office.name}, {titled.role}", start=pieces[-2][0] + office.start)


def _later(piece: str, language: Language) -> Iterator[tuple[int, Speaker]]:
    """Yield who is named behind the conjunctions of a piece, the longest phrase first."""
    for late in language["late_conjunction"].finditer(piece):
        if main := read_noun_phrase(piece[late.end() :], language):
            yield late.end(), main


def _placed(piece: str, language: Language) -> Iterator[tuple[int, Speaker]]:
    """Yield who is named behind a place, the shortest phrase first."""
    for begun in reversed(list(language["determined"].finditer(piece))):
        if main := read_noun_phrase(piece[begun.end() :], language):
            yield begun.end(), main


def _without_conjunction(piece: str, language: Language) -> tuple[str, int]:
    joined = language["conjunction"].match(piece)
    return (piece[joined.end() :], joined.end()) if joined else (piece, 0)


def _join(*roles: str) -> str:
    return ", ".join(filter(None, roles))
