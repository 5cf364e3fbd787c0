"""Whether a text in another language holds sentences of the catalogue in English."""

from __future__ import annotations

import re

from corridor.words.catalogue import load_sentences, split_template

LETTERS = re.compile(r"[^\W\d_]+")
SHORT = 4  # words: a sentence of the catalogue with fewer may stand in another language by chance, such as a name


def find_english(text: str) -> list[str]:
    """Return the ids of sentences whose English words stand in a text, in a row and in full between their fields."""
    found = []
    for name, sentence in load_sentences().items():
        parts = [" ".join(said.split()) for said, _ in split_template(sentence.text)]
        longest = max(parts, key=lambda part: len(LETTERS.findall(part)))
        if len(LETTERS.findall(longest)) >= SHORT and longest in text:
            found.append(name)
    return found
