"""Who speaks: the noun phrase before (or after) a verb of speech, taken apart into a name and a role."""

from __future__ import annotations

import re
from itertools import islice

from corridor.evidence.grammar.apposition import cut_pieces, is_aside, read_apposition, read_last
from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.noun_phrases import read_noun_phrase
from corridor.evidence.grammar.sentences import QUOTED
from corridor.evidence.grammar.speaker import Speaker, is_name, is_role

_LONGEST_SUBJECT, _MOST_VERBS = 160, 6  # characters; verbs that may be the first of a sentence
_LONGEST_ROLE = 160  # characters
_HEAD = re.compile(rf"[ \n]*([^,.;:{QUOTED}]+)(,[^.;:{QUOTED}]+)?")


def read_speaker_before(words: str, language: Language) -> Speaker | None:
    """Return the speaker whose phrase ends where `words` ends (right before the verb), or None.

    `words` is the sentence up to the verb with its quotations masked.
    """
    stripped = words.rstrip()
    closes = stripped.endswith(",")  # "X, an adviser to Y, told": a comma closes what is said of X
    pieces = cut_pieces(stripped.rstrip(", \n"))
    is_cut = False
    while closes and len(pieces) > 1 and is_aside(pieces[-1][1], language):
        pieces.pop()  # "the parties, meeting at the lake, agreed"
        is_cut = True
    named = read_apposition(pieces, language) if closes and len(pieces) > 1 else None
    if named is not None or (closes and not is_cut and len(pieces) > 1):
        return named
    return read_last(pieces, language)


def read_subject(masked: str, language: Language) -> Speaker | None:
    """Return whom or what a sentence is about, if it begins with somebody who can speak ("The mayor visited ...").

    What stands before the first verb is read; a common noun must be of a person, a body or several people.
    """
    short: Speaker | None = None
    for match in islice(language["finite"].finditer(masked, 0, _LONGEST_SUBJECT), _MOST_VERBS):
        speaker = read_speaker_before(masked[: match.start()], language)
        opens = speaker and (not speaker.start or language["adverbial"].fullmatch(masked, 0, speaker.start))
        if speaker and opens and speaker.kind in ("person", "organisation", "people"):
            if short or language["participle_ahead"].match(masked, match.start()) is None:
                return speaker
            short = speaker  # "Relatives camped at the gate refuse": what belongs to them may go on
    if short:
        return short
    opening = language["opening_names"].match(masked)  # "UNHCR and WFP await permits and have urged"
    named = read_noun_phrase(opening[0], language) if opening else None
    return named if named and named.kind in ("organisation", "people") else None


def read_speaker_after(words: str, language: Language) -> Speaker | None:
    """Return the speaker whose phrase begins where `words` begins ("said Maria Lopez, a nurse"), or None."""
    head = _HEAD.match(words)
    if head is None:
        return None
    whole = head[1].strip()
    is_placed = language["placed_speaker"].fullmatch(whole) is not None  # "said a sentry on the bridge"
    phrase = whole if is_placed else language["behind_speaker"].split(whole)[0].strip()
    main = read_noun_phrase(phrase, language)
    if main is None or main.kind == "pronoun":
        return main
    rest = language["age"].sub("", (head[2] or "").strip(", \n"))
    if rest and main.role == "" and main.kind in ("person", "name") and is_name(main.name, language):
        role = rest if is_role(rest, language) and len(rest) < _LONGEST_ROLE else ""
        return Speaker(main.name, role, 0, main.kind)
    first = rest.split(",")[0].strip()
    if rest and is_name(first, language) and not is_name(main.name, language) and " " in first:
        return Speaker(first, main.name, 0, "person")  # "said its leader, Tomas Vane"
    return Speaker(main.name, main.role, 0, main.kind)
