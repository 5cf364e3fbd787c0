"""The words of the local page: one table of sentences for each part of it (words/page/*.csv)."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources


@cache
def load_page_words() -> dict[str, str]:
    """Return the English sentences of the page by id; fields stand in braces."""
    folder = resources.files("corridor.words").joinpath("page")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".csv")), key=lambda file: file.name)
    rows = (row for file in files for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    return {row["id"]: row["text"] for row in rows}
