"""Statements in a text: who said it, in which role, to whom, with which stance, and what about."""

from __future__ import annotations

from dataclasses import dataclass

from corridor.evidence.grammar.attribution import Attribution
from corridor.evidence.grammar.attributions import read_sentence
from corridor.evidence.grammar.language import Language, Verb, load_language
from corridor.evidence.grammar.memory import begin_memory
from corridor.evidence.grammar.sentences import QUOTED, Sentence, split_sentences
from corridor.evidence.grammar.speaker import Speaker
from corridor.evidence.grammar.stances import judge_rejected, judge_stance

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


def find_statements(text: str, most: int = 1_000_000, language: Language | None = None) -> list[Statement]:
    """Return the statements of a text in order, from at most `most` verbs of speech.

    Every sentence is read on its own, within a bounded length and number of verbs; what is said about a
    statement rests on the words of that sentence, the quotation that goes on behind it, and who spoke in
    the sentence before.
    """
    language = language or load_language("en")
    sentences = split_sentences(text, language)
    memory = begin_memory(text, language)
    found: list[Statement] = []
    skip, looked = -1, 0
    for index, sentence in enumerate(sentences):
        if looked >= most:
            break
        if index <= skip or len(sentence.masked) > LONGEST_SENTENCE:
            continue
        memory.pass_names(0, sentence.start)
        attributions = read_sentence(sentence.masked, language)
        looked += len(attributions)
        follow = _following_quotes(sentences, index) if QUOTED in sentence.masked else index
        speakers: list[Speaker] = []
        for attribution in attributions:
            speaker = memory.resolve(attribution.speaker, index, sentence, language, is_first=attribution.is_first)
            if speaker is None:
                continue
            speakers.append(speaker)
            memory.remember(speakers, index, sentence)
            is_last = attribution is attributions[-1]
            end = sentences[follow].end if is_last else sentence.start + attribution.end
            before = sentences[index - 1].masked if index else ""
            statement = _state(text, before, sentence, attribution, speaker, end, language)
            if statement and not _repeats(text, statement, sentence, found, attribution.is_coordinate):
                found.append(statement)
        if speakers:
            memory.sentence = skip = follow
        elif not attributions:
            memory.pass_over(index, sentence, language)
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


def _repeats(text: str, statement: Statement, sentence: Sentence, found: list[Statement], is_coordinate: bool) -> bool:
    """Tell whether the same speaker already does the same in this part of the sentence, unless by another verb."""
    if is_coordinate:
        return False
    begun = max(sentence.start, text.rfind(";", sentence.start, statement.start + 1))
    same = (statement.speaker, statement.stance)
    return any(s.start >= begun and (s.speaker, s.stance) == same for s in found[-4:])


def _state(
    text: str, before: str, sentence: Sentence, attribution: Attribution, speaker: Speaker, end: int, language: Language
) -> Statement | None:
    pieces = [text[sentence.start + a : sentence.start + b] for a, b in attribution.content]
    said = " ".join(pieces) + " " + text[sentence.end : end]
    sense = attribution.sense or language.verbs[attribution.verb][-1]
    if not any(c.isalnum() for c in said) and sense.content != "fixed":
        return None
    stance = _judge(attribution, sense, pieces[0], said, language)
    if stance is None and sense.content == "claim":
        stance = judge_rejected(text[sentence.start : sentence.start + attribution.start], before, language)
    if stance is None:
        return None
    about = next((p.strip(_MARKS) for p in pieces if any(c.isalnum() for c in p)), "")
    start = sentence.start + attribution.start
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    return Statement(start, end, speaker.name, speaker.role, attribution.said_to, stance, about)


def _judge(attribution: Attribution, sense: Verb, first: str, said: str, language: Language) -> str | None:
    if attribution.negated:
        return "not_agreed" if attribution.verb in language.words["may_be_negated"] else None
    if attribution.verb in language.words["tells"] and language["to_do"].match(first):
        return "demands"  # "told residents to leave"
    nested = attribution.nested or language["quotes_another"].search(said) is not None
    return judge_stance(attribution.verb, sense, said, nested, language)
