"""Statements in a text: who said it, in which role, to whom, with which stance, and what about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from corridor.evidence.grammar.sentences import QUOTED, Sentence, split_sentences
from corridor.evidence.grammar.speakers import (
    Speaker,
    read_noun_phrase,
    read_speaker_after,
    read_speaker_before,
)
from corridor.evidence.grammar.stances import judge_stance, load_verbs
from corridor.evidence.grammar.vocabulary import (
    NEED_THAT,
)

_LONGEST, _MOST_VERBS = 1_500, 8
_VERB_WORDS = "|".join(sorted(load_verbs(), key=len, reverse=True)).replace(" ", "[ \\n]")
_VERB = re.compile(rf"\b(?:{_VERB_WORDS})\b")
_LEFT = re.compile(
    r"(?:\b(?:has|have|had|also|later|earlier|repeatedly|again|then|now|both|already|always|publicly|not|never|yet|so far|"
    r"meanwhile|separately|all)[ \n]+)+$"
)
_BLOCKED = re.compile(
    r"(?:\b(?:to|be|is|was|were|are|been|being|would|will|could|may|might|should|can|cannot|did|does|do|as|by|of|the|a|an|"
    r"what|how|no|so|having|who|which|that|whoever|it|if|when|once|not|never)|n[’']t)[ \n]+$",
    re.IGNORECASE,
)
_SPEAKS = ("said", "told", "reported", "says", "say", "stated", "announced", "claimed")
_PLAIN = ("said", "says", "say", "told", "tells", "denied", "denies", "warned", "insisted", "insists", "vowed", "promised")
_INVERTS = ("said", "says", "added", "adds", "wrote", "explained", "recalled", "insisted", "warned", "announced", "replied", "complained")
_DAY = r"(?:(?:on|late on|early on|late|early|earlier|earlier on|later|here on|here)[ \n])?(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)|yesterday|today"
_LEAD_IN = re.compile(rf"(?:[ \n]+(?:{_DAY}))?(?:,?[ \n]+that\b)?[ \n,:]*")
_TAIL = re.compile(
    rf"(?:[ \n]+(?:{_DAY}|(?:on|in|at|by|from|via|during|to|after|through|over|with)[ \n][^,.;:{QUOTED}]{{1,60}}|afterwards|later|here|there))*[ \n]*(?=$|[.;,:—–?!{QUOTED}])"
)
_CAPITALS = r"[A-ZÀ-Þ][\w’'-]*(?:[ \n](?:of[ \n](?:the[ \n])?)?[A-ZÀ-Þ][\w’'-]*){0,4}"
_TOLD = re.compile(
    rf"[ \n]+(?P<to>(?:the[ \n]|a[ \n])?{_CAPITALS}"
    rf"|(?:(?:the|a|an|his|her|its|their|this|local|state|our|all)[ \n])*[a-z][\w’'-]*(?:[ \n](?!here\b)[A-Za-z][\w’'-]*){{0,3}}?)"
    rf"(?=[ \n]+(?:that|to|here|on|in|at|by|via|over|after|during|late|early|yesterday|today|how|why|about|of|what|he|she|it|they|his|her|its|the|there)\b|[.,;:{QUOTED}]|[ \n]*$)"
)
_SAID_TO = re.compile(rf"[ \n]+(?:to|in an interview with)[ \n]+(?P<to>(?:the[ \n])?(?:{_CAPITALS}|reporters|journalists))")
_ACCORDING = re.compile(rf"\b[Aa]ccording to[ \n]+(?P<who>[^,.;:{QUOTED}—–()]{{2,90}})(?:[ \n]\([^)]{{1,30}}\))?(?P<more>,[ \n]*[^,.;:{QUOTED}]{{2,60}})?")
_COLON = re.compile(rf"(?P<who>[A-Z][^.,;:{QUOTED}]{{1,40}}):[ \n]*{QUOTED}")
_CITING = re.compile(r",[ \n](?:citing|quoting)[ \n][^,;.]{1,80},(?=[ \n])")
_CITES = re.compile(r"\b(?:citing|quoting)\b|\bas saying\b")
_QUOTES_ANOTHER = re.compile(r"[“\"‘][^”\"]*\b(?:the [a-z]+|they|he|she) (?:had |have )?(?:said|told (?:me|us))\b", re.IGNORECASE)
_BOUNDARY = re.compile(r"(?:;|,[ \n](?:but|while|whereas|and|although|though|yet)\b|[ \n](?:but|while|whereas)\b)[ \n]*$")
_SAME_SUBJECT = re.compile(r"(?:[ \n]|^)(?P<word>but|and)[ \n]+(?:(?:has|have|had|also|later|then)[ \n]+)*$")
_NEW_VERB = re.compile(r"\b(?:was|were|is|are|had|has|have|would|will|could|they|it|he|she|said|that)\b")


@dataclass(frozen=True)
class Statement:
    """Something somebody said, at [start, end) of a text.

    `speaker` is the name or the noun phrase in the text's own words (a pronoun or a bare surname is replaced by the name it
    stands for); `role`, `said_to` and `about` are the text's words or empty. `stance` is one of STANCES.
    """

    start: int
    end: int
    speaker: str
    role: str
    said_to: str
    stance: str
    about: str


@dataclass(frozen=True)
class _Attribution:
    """A verb of speech with its speaker, its reach in the sentence and where its content stands there.

    `is_first` tells that no other verb of speech stands before it in the sentence.
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


@dataclass
class _Memory:
    """Who spoke last, and where; and the full names of those who spoke, by their last word."""

    last: Speaker | None = None
    sentence: int = -10
    paragraph: int = -10
    names: dict[str, str] | None = None

    def resolve(self, speaker: Speaker, index: int, sentence: Sentence, is_first: bool) -> Speaker | None:
        """Return the speaker a pronoun or surname stands for; None if that is not sure.

        A pronoun stands for who spoke in the sentence before, unless somebody else may have spoken in between.
        """
        names = self.names if self.names is not None else {}
        if speaker.kind == "pronoun":
            near = index - self.sentence <= 1 and sentence.paragraph - self.paragraph <= 1
            if self.last is None or not near or not (is_first or index == self.sentence):
                return None
            fits = {
                "he": ("person", "name"),
                "she": ("person", "name"),
                "it": ("organisation",),
                "they": ("people", "organisation"),
            }
            if self.last.kind not in fits[speaker.name.lower()]:
                return None
            return replace(self.last, role="", start=speaker.start)
        if speaker.kind in ("name", "person") and " " not in speaker.name:
            full = names.get(speaker.name)
            if full:
                return replace(speaker, name=full, kind="person")
        return speaker

    def remember(self, speakers: list[Speaker], index: int, sentence: Sentence) -> None:
        """Keep who spoke in a sentence; if two did, a pronoun after it is not sure."""
        if self.names is None:
            self.names = {}
        self.last = speakers[0] if len({s.name for s in speakers}) == 1 else None
        self.sentence, self.paragraph = index, sentence.paragraph
        for speaker in speakers:
            words = speaker.name.split()
            if speaker.kind == "person" and len(words) > 1 and words[0][0].isupper() and words[-1][0].isupper():
                known = self.names.get(words[-1])
                self.names[words[-1]] = "" if known not in (None, speaker.name) else speaker.name


def find_statements(text: str, most: int = 1_000_000) -> list[Statement]:
    """Return the statements of a text in order, from at most `most` verbs of speech.

    Every sentence is read on its own, within a bounded length and number of verbs; what is said about a statement rests on
    the words of that sentence, the quotation that goes on behind it, and who spoke in the sentence before.
    """
    sentences = split_sentences(text)
    memory = _Memory()
    found: list[Statement] = []
    skip, looked = -1, 0
    for index, sentence in enumerate(sentences):
        if looked >= most:
            break
        if index <= skip or len(sentence.masked) > _LONGEST:
            continue
        attributions = _read_sentence(sentence.masked)
        looked += len(attributions)
        if not attributions:
            continue
        follow = _following_quotes(sentences, index) if QUOTED in sentence.masked else index
        resolved = []
        for attribution in attributions:
            speaker = memory.resolve(attribution.speaker, index, sentence, attribution.is_first)
            if speaker is None:
                continue
            resolved.append(speaker)
            memory.remember(resolved, index, sentence)
            end = sentences[follow].end if attribution is attributions[-1] else sentence.start + attribution.end
            statement = _state(text, sentence, attribution, speaker, end)
            if statement and not any(s.start >= sentence.start and (s.speaker, s.stance) == (statement.speaker, statement.stance) for s in found[-4:]):
                found.append(statement)
        if resolved:
            memory.sentence = follow
            skip = follow
    return found


def _following_quotes(sentences: list[Sentence], index: int) -> int:
    """Return the last of the sentences that go on with the quotation, in the same paragraph."""
    last = index
    while last + 1 < len(sentences) and last - index < 12:
        following = sentences[last + 1]
        if not following.is_all_quoted or following.paragraph != sentences[index].paragraph:
            break
        last += 1
    return last


def _state(text: str, sentence: Sentence, attribution: _Attribution, speaker: Speaker, end: int) -> Statement | None:
    pieces = [text[sentence.start + a : sentence.start + b] for a, b in attribution.content]
    said = " ".join(pieces) + " " + text[sentence.end : end]
    told_to_do = attribution.verb in ("told", "tells") and attribution.said_to and re.match(r"[ \n]*to[ \n][a-z]", pieces[0] if pieces else "")
    nested = attribution.nested or _QUOTES_ANOTHER.search(said) is not None
    stance = "demands" if told_to_do else judge_stance(attribution.verb, said, nested)
    if attribution.negated:
        stance = "not_agreed" if attribution.verb == "agreed" else None
    if stance is None:
        return None
    if not any(c.isalnum() for c in said):
        return None
    about = next((p.strip(" \n,.;:“”\"‘’«»—–") for p in pieces if any(c.isalnum() for c in p)), "")
    start = sentence.start + attribution.start
    while text[start].isspace():
        start += 1
    return Statement(start, end, speaker.name, speaker.role, attribution.said_to, stance, about)


def _read_sentence(masked: str) -> list[_Attribution]:
    """Return the attributions that stand on their own in a sentence, left to right."""
    if colon := _COLON.match(masked):
        speaker = read_noun_phrase(colon["who"])
        if speaker and speaker.kind in ("person", "people", "organisation") and len(colon["who"].split()) <= 3:
            return [_Attribution("said", speaker, 0, len(masked), ((colon.end() - 1, len(masked)),), "", False)]
    verbs = [v for v in map(lambda m: _look_at(masked, m), _VERB.finditer(masked)) if v is not None]
    according = _read_according(masked, verbs)
    if according:
        return [according]
    if not verbs or len(verbs) > _MOST_VERBS:
        return []
    trailing = _read_trailing(masked, verbs)
    return [trailing] if trailing else _read_leading(masked, verbs)


@dataclass(frozen=True)
class _Found:
    """A verb of speech: the form, where its words (with `has also` before it) start, where it ends, negated or not."""

    word: str
    left: int
    end: int
    negated: bool


def _look_at(masked: str, match: re.Match[str]) -> _Found | None:
    """Drop what looks like a verb of speech but is none: "the agreed route", "was told", "did not say", "to say"."""
    word = re.sub(r"\s+", " ", match[0])
    before = masked[: match.start()]
    helpers = _LEFT.search(before)
    left = helpers.start() if helpers else match.start()
    negated = bool(helpers and re.search(r"\b(?:not|never)\b", helpers[0]))
    if _BLOCKED.search(masked[:left]) and not re.search(r"(?:^|[;,:]|\b(?:but|and|while))[ \n]*it[ \n]+$", masked[:left], re.IGNORECASE) and not (QUOTED in masked[:left] and re.search(rf"{QUOTED}[ \n,]*it[ \n]+$", masked[:left])):
        return None
    if negated and word != "agreed":
        return None
    if word in ("agreed", "promised", "feared", "reported", "claimed", "estimated", "demanded") and re.match(r"[ \n]+(?:dead|missing|by)\b", masked[match.end() :]):
        return None
    if word in ("fear", "fears", "estimates") and helpers is None and re.search(r"[’']s?[ \n]$", before):
        return None
    return _Found(word, left, match.end(), negated)


def _subject(masked: str, verb: _Found, floor: int) -> Speaker | None:
    words = masked[floor : verb.left]
    if "ting" in words:
        words = _CITING.sub(lambda m: " " * len(m[0]), words)
    speaker = read_speaker_before(words)
    return replace(speaker, start=speaker.start + floor) if speaker else None


def _read_said_to(masked: str, verb: _Found) -> tuple[str, int] | None:
    """Return to whom and where the words for it end; None if "told" has nobody to tell that can be read."""
    if verb.word in ("told", "tells"):
        match = _TOLD.match(masked, verb.end)
        return (match["to"], match.end()) if match else None
    if match := _SAID_TO.match(masked, verb.end):
        return match["to"], match.end()
    return "", verb.end


def _read_trailing(masked: str, verbs: list[_Found]) -> _Attribution | None:
    """Read `CONTENT, SPEAKER said.` and `"...," said SPEAKER.`; then what was said is all that stands before."""
    for verb in reversed(verbs):
        before = masked[: verb.left].rstrip()
        told = _read_said_to(masked, verb)
        if told is None or not before:
            continue
        tail = _TAIL.match(masked, told[1])
        is_inverted = verb.word in _INVERTS and before[-1] in (QUOTED, ",")
        speaker = None if before[-1] == QUOTED else _subject(masked, verb, 0)
        if speaker is None and is_inverted:
            speaker = read_speaker_after(masked[verb.end :])
            if speaker and _has_content(masked[: verb.left]):
                nested = _is_nested(masked, verbs, verb.left)
                return _Attribution(verb.word, speaker, 0, len(masked), ((0, verb.left),), "", nested)
            continue
        if speaker is None or tail is None or speaker.start == 0:
            continue
        ahead = masked[: speaker.start].rstrip()
        if not ahead or ahead[-1] not in (",", QUOTED, "–", "—") or not _has_content(ahead) or verb.negated:
            continue
        rest = masked[tail.end() :]
        reach = tail.end() if rest.startswith(";") else len(masked)
        after = (tail.end(), reach) if QUOTED in rest or rest.startswith(",") else (reach, reach)
        nested = _is_nested(masked, verbs, verb.left)
        content = ((0, len(ahead)), after)
        return _Attribution(verb.word, speaker, 0, reach, content, told[0], nested, is_first=verb is verbs[0])
    return None


def _is_nested(masked: str, verbs: list[_Found], end: int) -> bool:
    """Tell whether somebody else speaks in what stands before `end`, or is cited."""
    speaks = any(v.word in _SPEAKS and v.end < end and _subject(masked, v, 0) is not None for v in verbs)
    return speaks or bool(_CITES.search(masked))


def _has_content(words: str) -> bool:
    """Tell whether enough stands there to have been said; "On Friday," is not."""
    if QUOTED in words:
        return True
    count = len(words.split())
    adverbial = r"(?:On|In|As of|At(?! least| most)|By|During|Earlier|Later|Meanwhile|After|Before|Since|From|For|Speaking|Asked)\b[^,]*,?[ \n]*$"
    return count >= 3 and not (count <= 8 and re.match(adverbial, words))


def _read_leading(masked: str, verbs: list[_Found]) -> list[_Attribution]:
    """Read `SPEAKER said that CONTENT`, and after it `but said`, `, while OTHER denied`, `; OTHER told`."""
    found: list[_Attribution] = []
    floor = 0
    for verb in verbs:
        told = _read_said_to(masked, verb)
        if told is None:
            continue
        same = _SAME_SUBJECT.search(masked[floor : verb.left]) if found else None
        if same and (same["word"] == "but" or not _NEW_VERB.search(masked[found[-1].content[0][0] : verb.left])):
            start = floor + same.start()
            speaker: Speaker | None = replace(found[-1].speaker, start=start)
        else:
            speaker = _subject(masked, verb, floor)
            start = speaker.start if speaker else 0
        if speaker is None:
            continue
        if found and not same and not _BOUNDARY.search(masked[floor:start]):
            if verb.word in _SPEAKS:
                found[-1] = replace(found[-1], nested=True)  # somebody else speaks in what was said
            continue
        if not found and not _opens(masked[:start]):
            continue
        if not same and not _is_speech(masked, verb, speaker, told[1]):
            continue
        if found:
            a, _ = found[-1].content[0]
            found[-1] = replace(found[-1], end=start, content=((a, start),))
        lead = _LEAD_IN.match(masked, told[1])
        begin = lead.end() if lead else told[1]
        nested = verb.word == "quoted" or bool(_CITES.search(masked))
        begins, content, is_first = start if found else 0, ((begin, len(masked)),), verb is verbs[0]
        found.append(_Attribution(verb.word, speaker, begins, len(masked), content, told[0], nested, verb.negated, is_first))
        floor = told[1]
    return found


def _is_speech(masked: str, verb: _Found, speaker: Speaker, end: int) -> bool:
    """Tell whether a verb before its content surely is one of speech: "recalled that", not "recalled its ambassador"."""
    if re.match(r"(?:,?[ \n]+[^,;.]{0,40})??[ \n]+that\b", masked[end : end + 60]) or re.match(rf"[ \n,:]*{QUOTED}", masked[end:]):
        return True
    if verb.word == "appealed":
        return re.match(rf"[ \n]+(?:(?:{_DAY})[ \n]+)?(?:to|for)\b", masked[end:]) is not None
    if verb.word == "ordered":
        return re.match(r"[ \n]+[^,;.]{2,60}?[ \n]to[ \n][a-z]", masked[end:]) is not None
    if verb.word == "quoted":
        return "as saying" in masked[end:]
    if verb.word == "agreed":
        return verb.negated or re.match(r"[ \n]+(?:[a-z]+ly[ \n]+)?(?:to|on|with|an?|the)\b", masked[end:]) is not None
    if verb.word in NEED_THAT:
        return False
    is_known = speaker.kind != "name" or speaker.name[0].isupper() and not speaker.name.lower().startswith(("the ", "a ", "an "))
    return is_known or verb.word in _PLAIN


def _opens(before: str) -> bool:
    """Tell whether a speaker standing behind these words stands at the head of a clause."""
    words = before.strip()
    if not words or words[-1] in ";:—–":
        return True
    if re.fullmatch(r"(?:But|And|Yet|However|Still|Meanwhile|Separately|Also|Later|Earlier|While|Although|Though),?", words):
        return True
    adverbial = r"(?:On|In|As of|At|By|During|Earlier|Later|Meanwhile|Yesterday|Today|Last|This|Late|Early|Since|After|Before|From|For|Speaking|Asked)\b[^;:]{0,90},"
    return bool(re.fullmatch(adverbial, words)) or bool(re.search(r"(?:,[ \n](?:but|while|whereas)|[ \n](?:but|while|whereas))$", words))


def _read_according(masked: str, verbs: list[_Found]) -> _Attribution | None:
    match = _ACCORDING.search(masked)
    if match is None or len(_ACCORDING.findall(masked)) > 1:
        return None
    who = re.split(r"[ \n](?:in a|in an|who|which|that|as|on (?=\d|[A-Z][a-z]+day\b))[ \n]?", match["who"])[0].strip()
    main = read_noun_phrase(who)
    more = (match["more"] or "").strip(", \n")
    if main is None or main.kind == "pronoun":
        return None
    closes = masked[match.end() : match.end() + 1] in ("", ",", ".", ";")
    if more and closes and re.fullmatch(rf"{_CAPITALS}", more) and " " in more and main.kind == "person":
        main = Speaker(more, re.sub(r"^(?:the|a|an)[ \n]", "", main.name), main.start, "person")
        end = match.end()
    else:
        end = match.start("more") if match["more"] else match.end()
    content = (0, match.start()) if _has_content(masked[: match.start()]) else (end, len(masked))
    nested = any(v.word in _SPEAKS and _subject(masked, v, 0) is not None for v in verbs)
    return _Attribution("said", main, 0, len(masked), (content,), "", nested)
