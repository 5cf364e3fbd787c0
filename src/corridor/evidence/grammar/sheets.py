"""Tables in a text: rows of cells below a row of heads, apart by bars, tabs or wide gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corridor.evidence.grammar.counted import Counted, read_words
from corridor.evidence.grammar.language import Language
from corridor.evidence.grammar.numbers import Number, parse_number

_LINE = re.compile(r"[^\n]+")
_GAP = re.compile(r"[|\t]|\S[ ]{2,8}\S")
_MOST_WIDE = 600  # characters of a row
_CELL = re.compile(r"[^|\t]+")
_WIDE_CELL = re.compile(r"\S+(?:[ ]\S+)*")
_FIGURE = re.compile(r"(?P<number>\d[\d,.  ]*)(?P<percent>[ ]?%)?")
_MOST_CELLS = 30

Cell = tuple[int, str]


def find_cells(text: str, language: Language) -> Iterator[tuple[Number, Counted]]:
    """Yield the numbers of a table with what the head of their column counts, where it tells."""
    heads: list[Cell] = []
    reached = -2
    for match in _LINE.finditer(text):
        is_row = match.end() - match.start() <= _MOST_WIDE and _GAP.search(match[0])
        if not is_row:
            continue
        cells = _split(match)
        follows = match.start() - reached <= 2
        reached = match.end()
        if not follows or len(cells) != len(heads):
            heads = cells if not any(_FIGURE.fullmatch(words) for _, words in cells[1:]) else []
            continue
        for (_, head), (at, words) in zip(heads[1:], cells[1:], strict=True):
            cell = _read_cell(head, at, words, language)
            if cell is not None:
                yield cell


def _split(line: re.Match[str]) -> list[Cell]:
    pattern = _CELL if "|" in line[0] or "\t" in line[0] else _WIDE_CELL
    cells = []
    for match in pattern.finditer(line[0]):
        words = match[0].strip()
        if words:
            cells.append((line.start() + match.start() + match[0].index(words[0]), words))
    return cells[:_MOST_CELLS]


def _read_cell(head: str, at: int, words: str, language: Language) -> tuple[Number, Counted] | None:
    figure = _FIGURE.fullmatch(words)
    value = parse_number(figure["number"].strip(), language) if figure else None
    if figure is None or value is None:
        return None
    end = at + len(words)
    number = Number(at, end, value, value, False, False, end)
    if figure["percent"] or "%" in head:
        return number, Counted(end, "percent", "measure", head)
    known = read_words(head, language)
    return None if known is None else (number, Counted(end, known.unit, known.kind, head))
