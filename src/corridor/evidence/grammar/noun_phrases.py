"""A whole noun phrase that may name a speaker: a name, an office with a name, or a common noun."""

from __future__ import annotations

import re
from dataclasses import replace

from corridor.evidence.grammar.common_nouns import describes, read_common
from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.speaker import Speaker, is_acronym, is_name, is_office

_LONGEST, _LONGEST_PRONOUN = 24, 2  # words
_BRACKET = re.compile(r"[ \n]\([^)]{1,30}\)$")


def read_noun_phrase(phrase: str, language: Language) -> Speaker | None:
    """Return the speaker that a whole phrase names, or None if it is not surely one."""
    shift = 0
    while adverbial := language["adverbial"].match(phrase, shift):
        shift = adverbial.end()
    if placed := language["placed"].match(phrase, shift):
        shift = placed.end()
    if placed := language["placed_name"].match(phrase, shift):
        shift = placed.end()
    if former := language["former"].match(phrase, shift):
        named = read_noun_phrase(phrase[former.end() :], language)
        role = f"{former['former']}{named.role}" if named else ""
        return replace(named, role=role.strip(), start=shift) if named else None
    words = _BRACKET.sub("", phrase[shift:]).split()
    if not words or len(words) > _LONGEST:
        return None
    if len(words) <= _LONGEST_PRONOUN and language["pronoun"].fullmatch(" ".join(words)):
        return Speaker(" ".join(words), "", shift, "pronoun")
    lower = [language["elision"].sub("", w.lower()) for w in words]
    if lower[0] in language.words["some"] and len(words) > 1:
        lower[0] = language.listed["definite"][0]  # "some residents", but never "some" alone
    text = " ".join(words)
    if (len(words) == 1 and lower[0] in language.words["stands_alone"]) or language["stands_for"].fullmatch(text):
        is_one = lower[-1] in language.words["stands_alone_single"]
        return Speaker(text, "", shift, "person" if is_one else "people")
    if len(words) > 1 and lower[-1] in language.words["placed_behind"]:
        return _read_placed(words, shift, language)
    if tail := language["relative_tail"].search(text):
        return _read_with_tail(text, tail, shift, language)
    if language["those_who"].match(text):
        return Speaker(text, "", shift, "people")
    if counted := _read_counted(text, shift, language):
        return counted
    if both := _read_both(text, shift, language):
        return both
    if not _may_name(words, lower, language):
        return None
    if written := language["statement_by"].fullmatch(text):
        who = "who" if written["who"] else "owner"
        found = read_noun_phrase(written[who], language)
        return replace(found, start=shift + found.start + written.start(who)) if found else None
    return _read_named(words, lower, shift, language) or read_common(words, lower, shift, language)


def _read_placed(words: list[str], shift: int, language: Language) -> Speaker | None:
    """Read "residents there"."""
    core = read_noun_phrase(" ".join(words[:-1]), language)
    return replace(core, name=f"{core.name} {words[-1]}", start=shift + core.start) if core else None


def _read_with_tail(text: str, tail: re.Match[str], shift: int, language: Language) -> Speaker | None:
    """Read "a doctor who had fled" and "the group that controls the strip": what stands behind is the role."""
    core = read_noun_phrase(text[: tail.start()], language)
    if core is None or core.kind not in ("person", "people", "organisation"):
        return None
    return replace(core, role=core.role or tail["tail"], start=shift + core.start)


def _read_both(text: str, shift: int, language: Language) -> Speaker | None:
    """Read "the Ministry of Health and WHO", "both the army and its opponents": two who speak as one."""
    joined = language["both"].fullmatch(text)
    if joined and language["statement_by"].fullmatch(joined["one"]):
        return None  # "a survey by the ministry and WHO"
    two = [read_noun_phrase(joined[side], language) for side in ("one", "other")] if joined else []
    if not two or any(s is None or s.role or s.kind not in ("person", "people", "organisation") for s in two):
        return None
    return Speaker(text, "", shift, "people")


def _read_counted(text: str, shift: int, language: Language) -> Speaker | None:
    """Read "nine clinics", "dozens of residents", "190 households at the camp": several who speak."""
    number = language["counted_people"].match(text)
    counted = read_noun_phrase(text[number.end() :], language) if number else None
    if counted is None or counted.role or counted.kind not in ("people", "organisation"):
        return None
    return Speaker(text, "", shift, "people")


def _may_name(words: list[str], lower: list[str], language: Language) -> bool:
    """Tell whether no word of a phrase speaks against its naming somebody."""
    prepositions, never = language.words["prepositions"], language.words["never_in_speaker"]
    spared = language.words["of_several"] if language["one_of"].match(" ".join(lower)) else ()
    against = [i for i, low in enumerate(lower) if low in never and low not in spared and not is_acronym(words[i])]
    if against:
        behind = next((i for i in range(1, len(lower)) if describes(lower, i, language)), len(lower))
        if not all(i > behind and lower[i] in language.words["behind_participle"] for i in against):
            return False
    if lower[0] in prepositions or lower[-1] in prepositions:
        return False
    if lower[-1] in language.words["determiners"] and lower[-1] not in language.words["ends_phrase_too"]:
        return False
    numbered = (i for i, w in enumerate(words) if any(c.isdigit() for c in w))  # "Camp 12", but no "12 tents"
    return all(
        is_acronym(words[i])
        or language["age_word"].search(words[i])
        or (i and (words[i - 1][0].isupper() or not prepositions.isdisjoint(lower[1:i])))
        for i in numbered
    )


def _read_named(words: list[str], lower: list[str], shift: int, language: Language) -> Speaker | None:
    """Read a phrase with a name in it."""
    text, organisations = " ".join(words), language.words["organisations"]
    owned = next((i for i, w in enumerate(words[:-2], 1) if language["owner_end"].search(w)), 0)
    if not owned and is_name(text, language):
        return read_name(words, shift, language)
    if (owner := language["name_of"].fullmatch(text)) and is_name(owner["name"], language):
        found = read_name(owner["name"].split(), shift, language)
        if found and found.kind == "person" and not language.words["roles"].intersection(lower[:3]):
            return found
    if owned and is_name(" ".join(words[owned:]), language):
        if lower[-1] in organisations:
            return Speaker(text, "", shift, "organisation")
        return Speaker(" ".join(words[owned:]), " ".join(words[:owned]), shift, "person")  # "the council's Ana Ruiz"
    if office := language["office"].fullmatch(text):
        return Speaker(office["name"], office["role"], shift, "person")
    if titled := _split_title(words, language):
        role, name = titled
        named = read_name(name.split(), 0, language) if role else None
        if named and named.kind == "person":
            return Speaker(named.name, f"{role} {named.role}".strip(), shift, "person")
        return Speaker(name, role, shift, "person" if role else "organisation")
    return None


def read_name(words: list[str], shift: int, language: Language) -> Speaker | None:
    """Read capitalised words: titles and offices before a name, a body, a people, or somebody's name."""
    organisations = language.words["organisations"]
    lower = [w.lower().rstrip(".") for w in words]
    titles = next((i for i, w in enumerate(lower) if w not in language.words["titles"]), len(words))
    if 0 < titles < len(words):
        return Speaker(" ".join(words[titles:]), " ".join(words[:titles]), shift, "person")
    if lower[0] in language.words["courtesies"]:
        return Speaker(" ".join(words[1:]), "", shift, "person") if len(words) > 1 else None
    last = lower[-1]
    named = [i for i, w in enumerate(lower) if is_office(w, language)]
    if named and last not in organisations and named[-1] < len(words) - 1:
        cut = named[-1] + 1
        return Speaker(" ".join(words[cut:]), " ".join(words[:cut]), shift, "person")
    if last in organisations:
        return Speaker(" ".join(words), "", shift, "organisation")
    if language["several_named"].search(last) and len(words) > 1:
        return Speaker(" ".join(words), "", shift, "people")
    kind = "person" if len(words) > 1 else _kind_of_word(words[0], last, language)
    return Speaker(" ".join(words), "", shift, kind)


def _kind_of_word(word: str, lower: str, language: Language) -> str:
    if lower in language.plurals or lower in language.words["speaking_people"]:
        return "people"
    if is_acronym(word):
        return "organisation"
    return "person" if lower in language.words["roles"] else "name"


def _split_title(words: list[str], language: Language) -> tuple[str, str] | None:
    """Split "its manager Karim Ould" into a role in small letters and the name behind it."""
    roles, organisations = language.words["roles"], language.words["organisations"]
    last = words[-1].lower()
    for cut in range(1, len(words)):
        name, title = " ".join(words[cut:]), words[cut - 1]
        is_title = title.islower() or words[0].lower() in language.words["owners"]
        if last in roles or last in organisations:
            return None
        if not is_name(name, language) or not is_title or title.lower() in language.words["determiners"]:
            continue
        if title in organisations and cut <= 5:
            return "", " ".join(words)  # "the daily Horizon", "news agency Delta"
        if language["age_word"].search(title):
            return " ".join(words[:cut]), name  # "71-year-old Losa Vea"
        linked = language.words["prepositions"].intersection(w.lower() for w in words[:cut])
        return (" ".join(words[:cut]), name) if is_office(title.lower(), language) and not linked else None
    return None
