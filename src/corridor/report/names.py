"""What a sentence calls things of a fixed kind: series, states of a count, stances, kinds of events, tables, runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from corridor.words.catalogue import load_sentences, split_template
from corridor.words.said import Field, Said, Stated, join, say

TOLD = "told."  # beginnings of ids of what rooms below say in English


def name_kind(kind: str, value: str) -> Field:
    """Return the words for one of a kind, of the catalogue's `KIND.VALUE`; what it does not know in its own letters."""
    name = f"{kind}.{value}"
    return say(name) if name in load_sentences() else value.replace("_", " ")


def name_field(table: str, column: str, meaning: str) -> Field:
    """Return what a column of a table means, or a parameter (`table` "parameter")."""
    name = f"field.{table}.{column}"
    return say(name) if name in load_sentences() else meaning


def name_event(kind: str) -> Said:
    """Return what a kind of event does."""
    return say(f"does.{kind}")


def name_series(series: str) -> Field:
    """Return what a series of counts is called: "arrivals", "relief trucks in"."""
    return name_kind("series", series)


def say_of(part: int, whole: int) -> Said:
    """Return "12 of 20"."""
    return say("number.of", part=Stated(part), all=Stated(whole))


def recognise(text: str) -> Field:
    """Return what a room below has said in English as a sentence of the catalogue; a text that is none as it is.

    Rooms that know no words say some things in fixed English sentences: they stand in the catalogue under `told.`.
    """
    for name, pattern in _load_patterns().items():
        if found := pattern.fullmatch(text):
            return Said(name, dict(found.groupdict()))
    return text


@cache
def _load_patterns() -> dict[str, re.Pattern[str]]:
    patterns = {}
    for name, sentence in load_sentences().items():
        if name.startswith(TOLD):
            parts = split_template(sentence.text)
            pattern = "".join(re.escape(said) + (f"(?P<{field}>.*)" if field else "") for said, field in parts)
            patterns[name] = re.compile(pattern, re.DOTALL)
    return patterns


def say_run(manifest: Mapping[str, Any]) -> Field:
    """Return the short name of a run: scenario, hash, parameter set, variant, seed and replicates."""
    parts: list[Field] = [str(manifest["scenario"]), str(manifest["scenario_hash"])[:8]]
    parts += [say("run.set", set=str(manifest["parameters"]))] if manifest["parameters"] else []
    parts += [say("run.variant", variant=str(manifest["variant"]))] if manifest["variant"] else []
    parts += [
        say("run.seed", seed=str(manifest["seed"])),
        say("run.replicates", replicates=Stated(manifest["replicates"])),
    ]
    return join(*parts, between=" · ")
