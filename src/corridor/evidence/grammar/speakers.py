"""Who speaks: the noun phrase before (or after) a verb of speech, taken apart into a name and a role."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice

from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.sentences import QUOTED

# "Secretary of State Ana Maria Ruiz", "Minister of Health Ana Ruiz"
_LONGEST_SUBJECT, _MOST_VERBS = 120, 3  # characters; verbs that may be the first of a sentence
_AGE = re.compile(r"\d{1,3}")


@dataclass(frozen=True)
class Speaker:
    """Who speaks: the name (or the noun phrase), the role, and where in the searched text the phrase starts.

    `kind` is person, organisation, people or pronoun; a pronoun is to be resolved by the caller.
    """

    name: str
    role: str
    start: int
    kind: str


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
    rest = re.sub(r"^\d{1,3},?[ \n]*", "", (head[2] or "").strip(", \n"))  # an age
    if rest and main.role == "" and main.kind == "person" and _is_name(main.name, language):
        role = rest if _is_role(rest, language) and len(rest) < 160 else ""
        return Speaker(main.name, role, 0, "person")
    first = rest.split(",")[0].strip()
    if rest and _is_name(first, language) and not _is_name(main.name, language) and " " in first:
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
    if _is_name(last, language) and len(segments) >= 2:
        start, piece = segments[-2]
        piece, shift = _without_conjunction(piece, language)
        main = read_noun_phrase(piece, language)
        if main is not None and main.kind in ("person", "organisation") and last.isupper():
            return replace(main, start=start + shift)  # "a spokesperson for the refugee agency, UNHCR, said"
        if main is not None and main.kind == "person" and not _is_name(main.name, language):
            last = language["courtesy"].sub("", last)
            named = _read_name(last.split(), 0, language)
            if named is None or named.kind != "person":
                return Speaker(last, main.name, start + shift, "person")
            return Speaker(named.name, ", ".join(filter(None, (main.name, named.role))), start + shift, "person")
        return None
    nameless: Speaker | None = None
    for i in range(len(segments) - 1, 0, -1):
        if not (_is_role(segments[i][1], language) or _AGE.fullmatch(segments[i][1])):
            break
        start, piece = segments[i - 1]
        piece, shift = _without_conjunction(piece, language)
        main = read_noun_phrase(piece, language)
        if main is None or main.kind == "pronoun":
            continue
        role_start = segments[i + 1 if _AGE.fullmatch(segments[i][1]) and i + 1 < len(segments) else i][0]
        role = _between(segments, role_start)
        found = Speaker(main.name, f"{main.role}, {role}" if main.role else role, start + shift, main.kind)
        if not _is_role(piece, language):
            return found
        if nameless is None and segments[i][1].startswith("who "):
            nameless = found  # "a negotiator, who asked not to be named,"
    return nameless


def _is_acronym(word: str) -> bool:
    return word.isupper() and len(word) > 1


def _is_aside(phrase: str, language: Language) -> bool:
    if language["aside"].fullmatch(phrase) is None:
        return False
    return phrase.split()[0].endswith("ing") or not _is_role(phrase, language)


def _between(segments: list[tuple[int, str]], start: int) -> str:
    return ", ".join(piece for at, piece in segments if at >= start and not _AGE.fullmatch(piece))


def _without_conjunction(piece: str, language: Language) -> tuple[str, int]:
    joined = language["conjunction"].match(piece)
    return (piece[joined.end() :], joined.end()) if joined else (piece, 0)


def _is_name(phrase: str, language: Language) -> bool:
    match = language["name"].fullmatch(phrase)
    return (
        match is not None
        and phrase.split()[0].lower()
        not in language.words["never_in_speaker"] | language.words["determiners"] | language.words["prepositions"]
    )


def _is_role(phrase: str, language: Language) -> bool:
    """Tell whether a phrase between commas describes a person: "an adviser to ...", "who farms ..."."""
    words = phrase.split()
    if not words or len(words) > 22:
        return False
    lower = [w.lower().strip("’'s") for w in words[:6]]
    if words[0] == "who":
        return len(words) > 1
    if words[0].lower() in ("a", "an", "the", "its", "their", "his", "her", "one"):
        return len(words) > 1
    if words[0].endswith(("’s", "'s")) and lower[-1] in language.words["roles"]:
        return True  # "WFP's country director"
    if words[0].islower():
        return (
            any(w in language.words["roles"] or w in language.words["organisations"] for w in lower)
            and words[0] not in language.words["never_in_speaker"]
        )
    return any(w in language.words["roles"] for w in words[:6]) and any(
        w in ("of", "for", "at", "in", "to") for w in words[1:]
    )


def read_noun_phrase(phrase: str, language: Language) -> Speaker | None:
    """Return the speaker that a whole phrase names, or None if it is not surely one."""
    shift = 0
    while adverbial := language["adverbial"].match(phrase, shift):
        shift = adverbial.end()
    if placed := language["placed"].match(phrase, shift):
        shift = placed.end()
    words = re.sub(r"[ \n]\([^)]{1,30}\)$", "", phrase[shift:]).split()
    if not words or len(words) > 14:
        return None
    if len(words) == 1 and language["pronoun"].fullmatch(words[0]):
        return Speaker(words[0], "", shift, "pronoun")
    lower = [w.lower() for w in words]
    if lower[0] in ("some", "many", "several") and len(words) > 1:
        lower[0] = "the"  # "some residents", but never "some" alone
    if (
        language.words["never_in_speaker"].intersection(
            low for low, word in zip(lower, words, strict=True) if not _is_acronym(word)
        )
        or lower[0] in language.words["prepositions"]
        or any(c.isdigit() for w in words for c in w if not (_is_acronym(w) or w.endswith("-old")))
        or lower[-1] in language.words["prepositions"] | language.words["determiners"]
    ):
        return None
    text = " ".join(words)
    if written := language["statement_by"].fullmatch(text):
        found = read_noun_phrase(written["who"], language)
        return replace(found, start=shift + found.start + written.start("who")) if found else None
    owned = next((i for i, w in enumerate(words[:-2], 1) if w.endswith(("’s", "'s"))), 0)
    if not owned and _is_name(text, language):
        return _read_name(words, shift, language)
    if (owner := language["name_of"].fullmatch(text)) and _is_name(owner["name"], language):
        found = _read_name(owner["name"].split(), shift, language)
        if found and found.kind == "person" and not language.words["roles"].intersection(lower[:3]):
            return found
    if owned and _is_name(" ".join(words[owned:]), language) and lower[-1] in language.words["organisations"]:
        return Speaker(text, "", shift, "organisation")
    if owned and _is_name(" ".join(words[owned:]), language):
        return Speaker(" ".join(words[owned:]), " ".join(words[:owned]), shift, "person")  # "the council's Ana Ruiz"
    if office := language["office"].fullmatch(text):
        return Speaker(office["name"], office["role"], shift, "person")
    if titled := _split_title(words, language):
        role, name = titled
        named = _read_name(name.split(), 0, language) if role else None
        if named and named.kind == "person":
            return Speaker(named.name, f"{role} {named.role}".strip(), shift, "person")
        return Speaker(name, role, shift, "person" if role else "organisation")
    return _read_common(words, lower, text, shift, language)


def _read_name(words: list[str], shift: int, language: Language) -> Speaker | None:
    lower = [w.lower().rstrip(".") for w in words]
    titles = next((i for i, w in enumerate(lower) if w not in language.words["titles"]), len(words))
    if 0 < titles < len(words):
        return Speaker(" ".join(words[titles:]), " ".join(words[:titles]), shift, "person")
    if lower[0] in ("mr", "mrs", "ms", "miss"):
        return Speaker(" ".join(words[1:]), "", shift, "person") if len(words) > 1 else None
    last = lower[-1]
    roles = [i for i, w in enumerate(lower) if w in language.words["roles"]]
    if roles and last not in language.words["organisations"] and roles[-1] < len(words) - 1:
        cut = roles[-1] + 1
        return Speaker(" ".join(words[cut:]), " ".join(words[:cut]), shift, "person")
    if last in language.words["organisations"] or (last.endswith("s") and len(words) > 1):
        return Speaker(
            " ".join(words), "", shift, "organisation" if last in language.words["organisations"] else "people"
        )
    if len(words) == 1:
        plural = last in language.plurals or last in language.words["speaking_people"]
        acronym = words[0].isupper() and len(words[0]) > 1
        kind = (
            "people"
            if plural
            else "organisation"
            if acronym
            else "person"
            if last in language.words["roles"]
            else "name"
        )
        return Speaker(words[0], "", shift, kind)
    return Speaker(" ".join(words), "", shift, "person")


def _split_title(words: list[str], language: Language) -> tuple[str, str] | None:
    """Split "its manager Karim Ould" into a role in small letters and the name behind it."""
    for cut in range(1, len(words)):
        name = " ".join(words[cut:])
        is_title = words[cut - 1].islower() or words[0].lower() in language.words["owners"]
        if name.split()[-1].lower() in language.words["roles"] | language.words["organisations"]:
            return None
        if not _is_name(name, language) or not is_title or words[cut - 1].lower() in language.words["determiners"]:
            continue
        if words[cut - 1] in language.words["organisations"] and cut <= 5:
            return "", " ".join(words)  # "the daily Horizon", "news agency Delta"
        if words[cut - 1].lower() in language.words["roles"] and not language.words["prepositions"].intersection(
            w.lower() for w in words[:cut]
        ):
            return " ".join(words[:cut]), name
        return None
    return None


def _read_common(words: list[str], lower: list[str], text: str, shift: int, language: Language) -> Speaker | None:
    """Read "the provincial disaster office", "a reporter at the scene", "villagers in Doma"."""
    cut = next(
        (i for i, w in enumerate(lower) if i and (w in _behind_core(language) or _describes(lower, i, language))),
        len(words),
    )
    core = lower[:cut]
    head = re.sub(r"[’']s?$", "", core[-1])
    if lower[:2] == ["one", "of"]:
        return Speaker(text, "", shift, "person")
    if (
        (len(core) == 1 and core[0] in language.words["determiners"])
        or head in language.words["written"]
        or core[-1].endswith(("’s", "'s", "’"))
        or len(core) > 7
    ):
        return None
    if any(w.endswith(("ing", "ly")) and w not in language.words["not_verbal"] for w in core):
        return None
    if any(w in language.words["articles_and_owners"] for w in core[1:]):
        return None  # "a claim the army"
    if "and" in lower and not _both_speak(words, language):
        return None
    plurals, singulars = language.plurals, language.singulars
    known = plurals.get(head) or singulars.get(head)
    is_people = known is not None and known.kind == "person"
    is_proper = core[0] == "the" and 2 <= len(words) <= 4 and all(w[0].isupper() for w in words[1:])
    if is_proper and head.endswith("s") and len(words) == 2:
        kind = "people"  # "the Houthis"
    elif head in language.words["organisations"] or (
        is_proper and (len(head) > 2 or words[-1].isupper()) and head not in language.words["roles"]
    ):
        kind = "organisation"  # "the Kremlin"
    elif head in language.words["roles"] or (is_people and head in singulars and head not in plurals):
        kind = "person"
    elif (
        head in language.words["speaking_people"]
        or is_people
        or (head.endswith("s") and head[:-1] in language.words["roles"])
    ) or (len(words) == 3 and lower[1] == "and"):
        kind = "people"
    elif head == "family" or (
        core[0] in ("the", "a", "an", "its", "his", "her", "their") and cut == len(words) and len(core) <= 4
    ):
        kind = "name"
    elif text[0].isupper() and all(w[0].isupper() for w in words[:cut]) and cut == len(words):
        kind = "people" if head.endswith("s") else "name"
    elif cut == len(words) and len(words) <= 3 and words[-1][0].isupper() and head.endswith("s"):
        kind = "people"  # "ethnic Armenians"
    else:
        return None
    if (
        kind == "person"
        and core[0] not in language.words["determiners"]
        and cut == len(words)
        and not text[0].isupper()
    ):
        return None
    return Speaker(text, "", shift, kind)


def _behind_core(language: Language) -> frozenset[str]:
    return language.words["prepositions"] | language.words["after_core"]


def _describes(lower: list[str], at: int, language: Language) -> bool:
    """Tell whether a word says what those named before it do: "residents reached by phone", "citizens protesting"."""
    before = lower[at - 1]
    several = before in language.words["speaking_people"] or before in language.plurals
    return several and lower[at].endswith(("ed", "ing")) and lower[at] not in language.words["not_verbal"]


def _both_speak(words: list[str], language: Language) -> bool:
    lower = [word.lower() for word in words]
    at = lower.index("and")
    if len(words) == 3 and words[0][0].isupper() and words[2][0].isupper():
        return True  # "Norway and Sweden"
    left, right = lower[at - 1], lower[-1]
    groups = language.words["organisations"] | language.words["speaking_people"]
    return all(w in groups or w in language.plurals for w in (left, right))
