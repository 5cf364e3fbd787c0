"""What one sentence says of who speaks: a verb of speech with its speaker and where what was said stands."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corridor.evidence.grammar.language import Language, Verb
    from corridor.evidence.grammar.speaker import Speaker


@dataclass(frozen=True)
class Attribution:
    """A verb of speech with its speaker, its reach in the sentence and where what was said stands there.

    `nested` tells that somebody else speaks in what was said; `is_first` that no other verb of speech
    stands before it. `sense` is that of the verb's senses which it has here, None for its last, the most general;
    `is_coordinate` tells of a verb with words of its own behind another of the same speaker.
    """

    verb: str
    speaker: Speaker
    start: int
    end: int
    content: tuple[tuple[int, int], ...]
    said_to: str = ""
    nested: bool = False
    negated: bool = False
    is_first: bool = True
    sense: Verb | None = None
    is_coordinate: bool = False

    def until(self, end: int) -> Attribution:
        """Return the same with nothing said from `end` on, where another speaks."""
        content = tuple((a, min(b, end)) for a, b in self.content if a < end)
        return replace(self, end=min(self.end, end), content=content)

    def moved(self, by: int) -> Attribution:
        """Return the same with all its places further on by `by` characters."""
        speaker = replace(self.speaker, start=self.speaker.start + by)
        content = tuple((start + by, end + by) for start, end in self.content)
        return replace(self, speaker=speaker, start=self.start + by, end=self.end + by, content=content)


def says(language: Language) -> str:
    """Return the verb for what is said without one."""
    return language.listed["says_so"][0]
