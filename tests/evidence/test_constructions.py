"""Ways in which prose reports what somebody says, one made sentence for each, and what only looks like one."""

from __future__ import annotations

from pathlib import Path

import pytest

from corridor.evidence.grammar.language import load_language
from corridor.evidence.grammar.statements import find_statements

HERE = Path(__file__).parent / "constructions"


def read_table(name: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return sentences with the speakers and stances they hold."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    table = []
    for line in lines:
        sentence, arrow, key = line.partition("=>")
        if arrow and not line.startswith("#"):
            items = (item.strip().rpartition(": ") for item in key.split(";") if item.strip())
            table.append((sentence.strip(), sorted((speaker, stance) for speaker, _, stance in items)))
    return table


@pytest.mark.parametrize(("name", "code"), [("english.txt", "en"), ("french.txt", "fr")])
def test_each_construction_is_read(name: str, code: str) -> None:
    language = load_language(code)
    wrong = [
        (sentence, found, wanted)
        for sentence, wanted in read_table(name)
        if (found := sorted((s.speaker, s.stance) for s in find_statements(sentence, language=language))) != wanted
    ]
    assert wrong == []
