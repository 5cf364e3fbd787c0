"""Files of a language's folder: tables, lists of words, and words that stand in several forms."""

from __future__ import annotations

import csv
import tomllib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def load_toml(folder: Traversable, name: str) -> dict[str, Any]:
    """Return a file of a folder; nothing if there is none."""
    return tomllib.loads(_read(folder, name))


def load_rows(folder: Traversable, name: str) -> list[dict[str, str]]:
    """Return the rows of a table of a folder; none if there is no table."""
    return list(csv.DictReader(_read(folder, name).splitlines()))


def split_list(words: str) -> tuple[str, ...]:
    """Return the items of a list: single words apart by spaces, or phrases apart by `|`."""
    if "|" not in words:
        return tuple(words.split())
    return tuple(" ".join(phrase.split()) for phrase in words.split("|") if phrase.strip())


def split_forms(words: str) -> list[str]:
    """Return the forms of a word: "warn/warns/warned"."""
    return words.split("/")


def _read(folder: Traversable, name: str) -> str:
    file = folder.joinpath(name)
    return file.read_text(encoding="utf-8") if file.is_file() else ""
