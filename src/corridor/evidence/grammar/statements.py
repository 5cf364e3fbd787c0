"""Statements in a text: who said it, in which role, to whom, with which stance, and what about."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from corridor.evidence.grammar.attributions import Attribution, read_sentence
from corridor.evidence.grammar.language import Language, load_language
from corridor.evidence.grammar.sentences import QUOTED, Sentence, split_sentences
from corridor.evidence.grammar.speakers import read_subject
from corridor.evidence.grammar.stances import judge_stance

if TYPE_CHECKING:
    from corridor.evidence.grammar.speaker import Speaker

LONGEST_SENTENCE = 1_500  # characters; what is longer is no sentence and is left alone
_MOST_FOLLOWING = 12
_MARKS = " \n,.;:“”\"'‘’«»—–"


@dataclass(frozen=True)
class Statement:
    """Something somebody said, at [start, end) of a text.

    `speaker` is the name or the noun phrase in the text's own words (a pronoun or a bare surname is
    replaced by the name it stands for); `role`, `said_to` and `about` are the text's words or empty.
    `stance` is one of STANCES.
    """

    start: int
    end: int
    speaker: str
    role: str
    said_to: str
    stance: str
    about: str


@dataclass
class _Memory:
    """Who spoke last and where, and the full names of those who spoke by their last word ("": shared)."""

    last: Speaker | None = None
    sentence: int = -10
    paragraph: int = -10
    names: dict[str, str] = field(default_factory=dict)

    def resolve(self, attribution: Attribution, index: int, sentence: Sentence, language: Language) -> Speaker | None:
        """Return the speaker a pronoun or surname stands for; None if that is not sure.

        A pronoun stands for who spoke in the sentence before ("he" and "she" also in the one before that), unless
        somebody else may have spoken in between.
        """
        speaker = attribution.speaker
        if speaker.kind == "pronoun":
            reach = 2 if speaker.name.lower() in language.words["personal_pronouns"] else 1
            is_near = index - self.sentence <= reach and sentence.paragraph - self.paragraph <= 1
            is_next = attribution.is_first or index == self.sentence
            if self.last is None or not (is_near and is_next):
                return None
            fits = self.last.kind in language.pronouns.get(speaker.name.lower(), ())
            return replace(self.last, role="", start=speaker.start) if fits else None
        if speaker.kind in ("name", "person") and self.names.get(speaker.name):
            return replace(speaker, name=self.names[speaker.name], kind="person")
        return speaker

    def remember(self, speakers: list[Speaker], index: int, sentence: Sentence) -> None:
        """Keep who spoke in a sentence; if two did, a pronoun after it is not sure."""
        self.last = speakers[0] if len({s.name for s in speakers}) == 1 else None
        self.sentence, self.paragraph = index, sentence.paragraph
        for speaker in speakers:
            words = speaker.name.split()
            if speaker.kind == "person" and len(words) > 1 and words[0][0].isupper() and words[-1][0].isupper():
                known = self.names.get(words[-1])
                self.names[words[-1]] = "" if known not in (None, speaker.name) else speaker.name


def find_statements(text: str, most: int = 1_000_000, language: Language | None = None) -> list[Statement]:
    """Return the statements of a text in order, from at most `most` verbs of speech.

    Every sentence is read on its own, within a bounded length and number of verbs; what is said about a
    statement rests on the words of that sentence, the quotation that goes on behind it, and who spoke in
    the sentence before.
    """
    language = language or load_language("en")
    sentences = split_sentences(text, language)
    memory = _Memory()
    found: list[Statement] = []
    skip, looked = -1, 0
    for index, sentence in enumerate(sentences):
        if looked >= most:
            break
        if index <= skip or len(sentence.masked) > LONGEST_SENTENCE:
            continue
        attributions = read_sentence(sentence.masked, language)
        looked += len(attributions)
        follow = _following_quotes(sentences, index) if QUOTED in sentence.masked else index
        speakers: list[Speaker] = []
        for attribution in attributions:
            speaker = memory.resolve(attribution, index, sentence, language)
            if speaker is None:
                continue
            speakers.append(speaker)
            memory.remember(speakers, index, sentence)
            is_last = attribution is attributions[-1]
            end = sentences[follow].end if is_last else sentence.start + attribution.end
            statement = _state(text, sentence, attribution, speaker, end, language)
            if statement and not _repeats(statement, sentence, found):
                found.append(statement)
        if speakers:
            memory.sentence = skip = follow
        elif not attributions and (subject := read_subject(sentence.masked, language)):
            memory.remember([subject], index, sentence)
    return found


def _following_quotes(sentences: list[Sentence], index: int) -> int:
    """Return the last of the sentences that go on with the quotation, in the same paragraph."""
    last = index
    while last + 1 < len(sentences) and last - index < _MOST_FOLLOWING:
        following = sentences[last + 1]
        if not following.is_all_quoted or following.paragraph != sentences[index].paragraph:
            break
        last += 1
    return last


def _repeats(statement: Statement, sentence: Sentence, found: list[Statement]) -> bool:
    """Tell whether the same speaker already does the same in this sentence."""
    same = (statement.speaker, statement.stance)
    return any(s.start >= sentence.start and (s.speaker, s.stance) == same for s in found[-4:])


def _state(
    text: str, sentence: Sentence, attribution: Attribution, speaker: Speaker, end: int, language: Language
) -> Statement | None:
    pieces = [text[sentence.start + a : sentence.start + b] for a, b in attribution.content]
    said = " ".join(pieces) + " " + text[sentence.end : end]
    if not any(c.isalnum() for c in said) and language.verbs[attribution.verb].content != "fixed":
        return None
    stance = _judge(attribution, pieces[0], said, language)
    if stance is None:
        return None
    about = next((p.strip(_MARKS) for p in pieces if any(c.isalnum() for c in p)), "")
    start = sentence.start + attribution.start
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    return Statement(start, end, speaker.name, speaker.role, attribution.said_to, stance, about)


def _judge(attribution: Attribution, first: str, said: str, language: Language) -> str | None:
    if attribution.negated:
        return "not_agreed" if attribution.verb in language.words["may_be_negated"] else None
    if attribution.verb in language.words["tells"] and language["to_do"].match(first):
        return "demands"  # "told residents to leave"
    nested = attribution.nested or language["quotes_another"].search(said) is not None
    return judge_stance(attribution.verb, said, nested, language)
