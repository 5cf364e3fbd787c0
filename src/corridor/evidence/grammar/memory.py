"""Whom a pronoun or a bare surname stands for, from who has spoken and who is named in a text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from corridor.evidence.grammar.noun_phrases import read_name, read_noun_phrase
from corridor.evidence.grammar.speaker import Speaker
from corridor.evidence.grammar.speakers import read_subject

if TYPE_CHECKING:
    from corridor.evidence.grammar.language import Language
    from corridor.evidence.grammar.sentences import Sentence

_HEAD = 400  # characters in which a text says who declares it
_SPACE = re.compile(r"\s+")


@dataclass
class Memory:
    """Who spoke last and where, and the full names of a text by their last word ("": shared).

    `author` is who speaks as "we" in a declaration; `ahead` are the full names still to come, the nearest last,
    and `untold` is the sentence before in which nobody spoke.
    """

    author: Speaker | None = None
    last: tuple[Speaker, ...] = ()
    untold: tuple[int, Sentence] | None = None
    sentence: int = -10
    paragraph: int = -10
    names: dict[str, str] = field(default_factory=dict)
    ahead: list[tuple[int, str]] = field(default_factory=list)

    def pass_names(self, start: int, end: int) -> list[str]:
        """Keep the full names that stand before `end` in the text; return those that stand behind `start`."""
        passed = []
        while self.ahead and self.ahead[-1][0] < end:
            at, name = self.ahead.pop()
            self._keep_name(name)
            passed += [name] if at >= start else []
        return passed

    def resolve(
        self, speaker: Speaker, index: int, sentence: Sentence, language: Language, *, is_first: bool
    ) -> Speaker | None:
        """Return the speaker a pronoun or surname stands for; None if that is not sure.

        A pronoun stands for who spoke in the sentence before ("he" and "she" also in the one before that), unless
        somebody else may have spoken in between (`is_first` tells that nobody has in this sentence).
        """
        if speaker.kind == "pronoun":
            return self._resolve_pronoun(speaker, index, sentence, language, is_first=is_first)
        if speaker.kind in ("name", "person") and self.names.get(speaker.name):
            return replace(speaker, name=self.names[speaker.name], kind="person")
        return speaker

    def _resolve_pronoun(
        self, speaker: Speaker, index: int, sentence: Sentence, language: Language, *, is_first: bool
    ) -> Speaker | None:
        word = speaker.name.lower()
        if word in language.words["author_pronouns"]:
            return replace(self.author, role="", start=speaker.start) if self.author else None
        if self.untold and (subject := read_subject(self.untold[1].masked, language)):
            self.remember([subject], *self.untold)  # read only now: few sentences are followed by a pronoun that speaks
        reach = 2 if word in language.words["personal_pronouns"] else 1
        is_near = index - self.sentence <= reach and sentence.paragraph - self.paragraph <= 1
        if not is_near or not (is_first or index == self.sentence):
            return None
        fitting = {s.name: s for s in self.last if s.kind in language.pronouns.get(word, ())}
        only = next(iter(fitting.values())) if len(fitting) == 1 else None
        return replace(only, role="", start=speaker.start) if only else None

    def remember(self, speakers: list[Speaker], index: int, sentence: Sentence) -> None:
        """Keep who spoke in a sentence; of two for whom a pronoun may stand it means neither."""
        self.last, self.untold = tuple(speakers), None
        self.sentence, self.paragraph = index, sentence.paragraph
        for speaker in speakers:
            words = speaker.name.split()
            if speaker.kind == "person" and len(words) > 1 and words[0][0].isupper() and words[-1][0].isupper():
                self._keep_name(speaker.name)

    def pass_over(self, index: int, sentence: Sentence, language: Language) -> None:
        """Keep a sentence in which nobody spoke: whom it is about, or else the people it names in full."""
        named = self.pass_names(sentence.start, sentence.end)
        if named:
            self.remember([Speaker(name, "", 0, "person") for name in named], index, sentence)
        elif language["pronoun"].match(sentence.masked) and self.last and index - self.sentence == 1:
            self.sentence, self.paragraph = index, sentence.paragraph  # "They take note of it. They ...": the same
            return
        self.untold = index, sentence

    def _keep_name(self, name: str) -> None:
        """Keep a full name under its last word; two names with one last word are kept under none."""
        surname = name.split()[-1]
        known = self.names.get(surname)
        self.names[surname] = "" if known not in (None, name) else name


def begin_memory(text: str, language: Language) -> Memory:
    """Return a memory that knows where people are named in full in a text, and who declares it."""
    memory = Memory(author=_read_author(text, language))
    for match in language["full_name"].finditer(text):
        words = _SPACE.sub(" ", match[0]).split()
        named = read_name(words, 0, language)
        if named is not None and named.kind == "person" and " " in named.name:
            memory.ahead.append((match.start(), named.name))
    memory.ahead.reverse()
    return memory


def _read_author(text: str, language: Language) -> Speaker | None:
    """Return who declares a text: "Statement by the ministry", "We, the heads of six charities,"."""
    head = language["declared_by"].search(text[:_HEAD])
    if head is None:
        return None
    if head["name"]:
        return Speaker(_in_capitals(head["name"]), _in_capitals(head["by"]), 0, "person")
    return read_noun_phrase(_SPACE.sub(" ", head["by"] or head["we"] or head["owner"]).strip(), language)


def _in_capitals(words: str) -> str:
    """Return words without the capitals of a headline: "GRANT OLESEN" is Grant Olesen."""
    return words.title() if words.isupper() else words
