"""Speakers without a name: "the provincial disaster office", "villagers in Doma", "the Kremlin"."""

from __future__ import annotations

from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.speaker import Speaker, is_office, is_worker

_LONGEST_CORE = 7  # words before what is said of a speaker


def read_common(words: list[str], lower: list[str], shift: int, language: Language) -> Speaker | None:
    """Return the speaker that a common noun names, or None if it is not surely one.

    `lower` are the words in small letters, without an elided article.
    """
    kind = _kind_by_first(words, lower, language) if language.noun_first else _kind_by_last(words, lower, language)
    return Speaker(" ".join(words), "", shift, kind) if kind else None


def _kind_by_first(words: list[str], lower: list[str], language: Language) -> str:
    """Judge by the noun behind the article: "le porte-parole du ministère", "les autorités locales", "l'ONU"."""
    elided = language["elision"].match(words[0])
    is_led = elided is not None or lower[0] in language.words["determiners"]
    at = 0 if elided or not is_led else 1
    while at < len(lower) - 1 and lower[at] in language.words["prenominal"]:
        at += 1
    if at >= len(lower) or lower[at] in language.words["written"]:
        return ""
    head, shown = lower[at], language["elision"].sub("", words[at])
    if is_led and shown[:1].isupper() and head not in language.words["roles"]:
        return "people" if lower[0] in language.words["plural_articles"] else "organisation"
    if head in language.words["organisations"]:
        return "organisation"
    if is_worker(head, language):
        return "person" if is_led else ""
    known, single = language.plurals.get(head), language["plural_name"].sub("", head)
    is_people = head in language.words["speaking_people"] or (known is not None and known.kind == "person")
    are_several = single in language.words["roles"] or single in language.words["organisations"]
    return "people" if is_people or are_several else ""


def _kind_by_last(words: list[str], lower: list[str], language: Language) -> str:
    """Judge by the last word before what is said of a speaker: "the provincial disaster office in the town"."""
    ends = (i for i, w in enumerate(lower) if i and (_is_behind_core(w, language) or describes(lower, i, language)))
    cut = next(ends, len(words))
    core, head = lower[:cut], language["possessive"].sub("", lower[cut - 1])
    if language["one_of"].match(" ".join(lower)):
        return "person"
    past = language.words["past_verbs"]
    if any(word in past for word in (*lower[1 : cut - 1], *lower[cut + 1 :])) or language["infinitive"].search(
        " ".join(words[cut:])
    ):
        return ""  # "residents reached by phone spoke", "both sides to issue"
    if not _is_phrase(core, head, language) or (
        language.words["and"] & set(lower) and not _both_speak(words, language)
    ):
        return ""
    kind = _judge(words, lower, cut, head, language)
    is_open = core[0] not in language.words["determiners"] and cut == len(words) and not words[0][0].isupper()
    return "" if kind == "person" and is_open else kind


def _is_phrase(core: list[str], head: str, language: Language) -> bool:
    """Tell whether words are a noun phrase of somebody who has a mouth."""
    if len(core) == 1 and core[0] in language.words["determiners"]:
        return False
    bodies = language.words["organisations"], language.words["issuers"]
    by_body = len(core) > 1 and any(core[-2] in words for words in bodies)
    is_written = head in language.words["written"] and head not in language.words["documents"]
    if (is_written and not by_body) or language["owned_end"].search(core[-1]) or len(core) > _LONGEST_CORE:
        return False
    if any(language["verbal"].search(w) and w not in language.words["not_verbal"] for w in core):
        return False
    return not any(w in language.words["articles_and_owners"] for w in core[1:])  # "a claim the army"


def _judge(words: list[str], lower: list[str], cut: int, head: str, language: Language) -> str:
    """Return the kind of speaker that a head names, "" if it may be none."""
    roles, organisations = language.words["roles"], language.words["organisations"]
    plurals, singulars = language.plurals, language.singulars
    known, is_whole = plurals.get(head) or singulars.get(head), cut == len(words)
    is_people = known is not None and known.kind == "person"
    is_plural = language["plural_name"].search(head) is not None
    is_proper = (
        lower[0] in language.words["definite"] and 2 <= len(words) <= 4 and all(w[0].isupper() for w in words[1:])
    )
    if is_proper and is_plural and len(words) == 2:
        return "people"  # "the Houthis"
    if head in organisations or (is_proper and (len(head) > 2 or words[-1].isupper()) and head not in roles):
        return "organisation"  # "the Kremlin"
    is_one = is_people and head in singulars and head not in plurals
    if is_office(head, language) or is_worker(words[cut - 1], language) or is_one:
        return "person"
    if head in language.words["speaking_people"] or is_people:
        return "people"
    one = _singular(head, language) if is_plural else set()
    is_noun = words[cut - 1].islower() or (cut == 1 and not is_whole)  # "Geologists at the lake"
    is_work = is_noun and any(is_worker(word, language) for word in one)
    are_known = any(word in roles or word in organisations for word in one)
    if is_work or are_known or (len(words) == 3 and lower[1] in language.words["and"]):
        return "people"
    is_short = lower[0] in language.words["name_openers"] and is_whole and cut <= 4
    if head in language.words["written"] or head in language.words["documents"]:
        return "organisation"  # "a police statement"
    if head in language.words["named_bodies"] or is_short:
        return "name"
    if words[0][0].isupper() and all(w[0].isupper() for w in words[:cut]) and is_whole:
        return "people" if is_plural else "name"
    # "ethnic Armenians"
    return "people" if is_whole and len(words) <= 3 and words[-1][0].isupper() and is_plural else ""


def _singular(head: str, language: Language) -> set[str]:
    """Return what a plural may be of: "agencies" of "agencie", "agency" or "agenci"."""
    stem = language["plural_ending"].sub("", head)
    return {head[:-1], stem, f"{stem}y"}


def _is_behind_core(word: str, language: Language) -> bool:
    return word in language.words["prepositions"] or word in language.words["after_core"]


def describes(lower: list[str], at: int, language: Language) -> bool:
    """Tell whether a word says what those named before it do: "residents reached by phone", "citizens protesting"."""
    if lower[at] in language.words["not_verbal"] or language["participle"].search(lower[at]) is None:
        return False
    speakers = (language.words[name] for name in ("speaking_people", "roles", "organisations"))
    return lower[at - 1] in language.plurals or any(lower[at - 1] in words for words in speakers)


def _both_speak(words: list[str], language: Language) -> bool:
    lower = [word.lower() for word in words]
    at = next(i for i, word in enumerate(lower) if word in language.words["and"])
    if len(words) == 3 and words[0][0].isupper() and words[2][0].isupper():
        return True  # "Norway and Sweden"
    if (
        at > 2
        and lower[at - 2] in language.words["prepositions"]
        and words[at - 1][0].isupper()
        and words[-1][0].isupper()
    ):
        return True  # "the mayors of Karsk and Dorm"
    left, right = lower[at - 1], lower[-1]
    groups = language.words["organisations"], language.words["speaking_people"], language.plurals
    return all(any(word in group for group in groups) for word in (left, right))
