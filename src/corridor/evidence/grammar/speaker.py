"""A speaker, and what tells a name and a role from other phrases."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.evidence.grammar.language import Language

_LONGEST_ROLE, _ROLE_HEAD = 22, 6  # words; in the first of which a role names itself


@dataclass(frozen=True)
class Speaker:
    """Who speaks: the name (or the noun phrase), the role, and where in the searched text the phrase starts.

    `kind` is person, organisation, people, name (which of these is not told) or pronoun; a pronoun is to be resolved by
    the caller.
    """

    name: str
    role: str
    start: int
    kind: str


def is_acronym(word: str) -> bool:
    """Tell whether a word is written in capitals."""
    return word.isupper() and len(word) > 1


def is_office(word: str, language: Language) -> bool:
    """Tell whether a word in small letters is what one may be by work or office: "mayor", "co-chair"."""
    roles = language.words["roles"]
    return word in roles or ("-" in word and not roles.isdisjoint(word.split("-")))


def is_worker(word: str, language: Language) -> bool:
    """Tell whether a word as it stands is of somebody by what he does, known or not: "fisher", "pollster"."""
    return is_office(word, language) or (
        language["agent"].fullmatch(word) is not None and word not in language.words["no_agents"]
    )


def is_name(phrase: str, language: Language) -> bool:
    """Tell whether a phrase is a name: capitalised words, none of which begins an ordinary phrase."""
    if language["name"].fullmatch(phrase) is None:
        return False
    first = phrase.split(maxsplit=1)[0]
    if is_acronym(first):
        return True
    return not any(first.lower() in language.words[n] for n in ("never_in_speaker", "determiners", "prepositions"))


def _has_verb(lower: list[str], language: Language) -> bool:
    """Tell whether the head of a phrase is a clause of its own: "the airstrip can take"."""
    clause = next((i for i, w in enumerate(lower) if w in language.words["never_in_speaker"]), len(lower) - 1)
    return lower[clause] in language.words["auxiliaries"]


def is_role(phrase: str, language: Language) -> bool:
    """Tell whether a phrase between commas describes a person: "an adviser to ...", "who farms ..."."""
    words, roles = phrase.split(), language.words["roles"]
    if not words or len(words) > _LONGEST_ROLE:
        return False
    lower = [language["possessive"].sub("", w.lower()) for w in words[:_ROLE_HEAD]]
    if words[0].lower() in language.words["relative_pronouns"]:
        return len(words) > 1
    if words[0].lower() in language.words["role_openers"]:
        return len(words) > 1 and not _has_verb(lower, language)
    if language["owner_end"].search(words[0]) and lower[-1] in roles:
        return True  # "WFP's country director"
    if words[0].islower():
        never = words[0] in language.words["never_in_speaker"] or words[0] in language.words["prepositions"]
        named = any(w in roles or w in language.words["organisations"] for w in lower)
        return not never and (named or language["role_word"].fullmatch(lower[0]) is not None)
    linked = any(w in language.words["role_links"] for w in words[1:])
    return linked and any(w in roles for w in words[:_ROLE_HEAD])
