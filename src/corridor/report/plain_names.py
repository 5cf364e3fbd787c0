"""What an uncertain number is called in a sentence: plain words, without mathematics."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def _load_names() -> dict[tuple[str, str], str]:
    text = resources.files("corridor.report").joinpath("plain_names.csv").read_text(encoding="utf-8")
    return {(row["table"], row["column"]): row["words"] for row in csv.DictReader(text.splitlines())}


def name_plainly(table: str, column: str, meaning: str) -> str:
    """Return the words for a column, or for the parameter of that name; without such words what the field means."""
    words = _load_names().get((table, column), meaning).split(";")[0].split("(")[0].strip()
    return words[:1].lower() + words[1:]
