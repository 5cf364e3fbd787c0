"""Marked paragraphs: reading their key and scoring what the grammar proposes against it."""

from __future__ import annotations

import os
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from corridor.evidence.grammar.language import load_language
from corridor.evidence.grammar.names import Known
from corridor.evidence.grammar.text import decode_text
from corridor.evidence.suggest import Suggestion, suggest

HERE = Path(__file__).parent / "paragraphs"
ARTICLES = ("the ", "a ", "an ", "le ", "la ", "les ", "l'", "l’", "un ", "une ", "des ")
KINDS = ("quantity", "counts", "date", "speaker", "stance", "role", "said_to", "mention")


@dataclass
class Score:
    """Counts by kind: proposed, in the key, right; and a line for each proposal that is wrong or missing."""

    proposed: Counter = field(default_factory=Counter)
    marked: Counter = field(default_factory=Counter)
    right: Counter = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)

    def precision(self, kind: str) -> float:
        return self.right[kind] / self.proposed[kind] if self.proposed[kind] else 1.0

    def recall(self, kind: str) -> float:
        return self.right[kind] / self.marked[kind] if self.marked[kind] else 1.0

    def table(self, title: str) -> str:
        lines = [f"{title}", f"{'kind':<10} {'precision':>9} {'recall':>7}   right/proposed  right/marked"]
        lines += [self.line(kind) for kind in KINDS if self.proposed[kind] or self.marked[kind]]
        return "\n".join(lines)

    def line(self, kind: str) -> str:
        right, proposed, marked = self.right[kind], self.proposed[kind], self.marked[kind]
        shares = f"{self.precision(kind):9.3f} {self.recall(kind):7.3f}"
        return f"{kind:<10} {shares}   {right:>5}/{proposed:<9} {right:>4}/{marked}"


def read_paragraphs(name: str) -> list[dict]:
    """Return the paragraphs of one file, each with its key's places as offsets."""
    with (HERE / name).open("rb") as file:
        paragraphs = tomllib.load(file)["paragraph"]
    for paragraph in paragraphs:
        for kind in ("quantities", "dates", "statements", "mentions"):
            for item in paragraph.setdefault(kind, []):
                if "at" in item:
                    continue  # the key of a text that is not here
                start = -1
                for _ in range(item.get("nth", 1)):
                    start = paragraph["text"].index(item["text"], start + 1)
                item["at"] = (start, start + len(item["text"]))
    return paragraphs


def read_report_key(text: str) -> dict:
    """Return the key of the report of 22 September 2023, with the words its offsets point to."""
    paragraph = read_paragraphs("report-2023-09-22.toml")[0]
    paragraph["text"] = text
    for kind in ("quantities", "statements"):
        for item in paragraph[kind]:
            for name in ("counts", "speaker", "role"):
                if f"{name}_at" in item:
                    item[name] = text[slice(*item.pop(f"{name}_at"))]
    return paragraph


def suggest_for(paragraph: dict) -> Suggestion:
    known = [Known(ref, kind, names) for ref, kind, *names in paragraph.get("known", [])]
    day = date.fromisoformat(paragraph["date"]) if "date" in paragraph else None
    return suggest(
        decode_text(paragraph["id"], paragraph["text"].encode()), known, day, paragraph.get("language", "en")
    )


def mark(paragraph: dict, suggestion: Suggestion, score: Score) -> None:
    """Add one paragraph to a score. A key item can be met once."""
    proposals = [dict(p) for p in suggestion.proposals]
    same_quantity = partial(_same_quantity, paragraph.get("language", "en"))
    _mark_kind(paragraph, proposals, score, "quantity", "quantities", same_quantity)
    _mark_kind(
        paragraph,
        proposals,
        score,
        "date",
        "dates",
        lambda k, p: (k["from"], k["to"]) == (p["from"], p["to"]),
    )
    mentions = [p | {"kind": "mention", "is": p["kind"]} for p in proposals if p["kind"] in ("place", "actor")]
    _mark_kind(
        paragraph,
        mentions,
        score,
        "mention",
        "mentions",
        lambda k, p: (k["ref"], k["kind"]) == (p["ref"], p["is"]),
    )
    _mark_statements(paragraph, proposals, score)


def _overlap(item: dict, proposal: dict) -> bool:
    return item["at"][0] < proposal["end"] and proposal["start"] < item["at"][1]


def _same_quantity(language: str, key: dict, proposal: dict) -> bool:
    ends = (key.get("value"), key.get("low"), key.get("high"), key.get("approximate", False))
    same = ends == tuple(proposal[k] for k in ("value", "low", "high", "approximate"))
    return same and _unit(key["unit"], language) == _unit(proposal["unit"], language)


def _unit(unit: str, code: str = "en") -> str:
    """Return a unit by the name that the table of units has for it: who marks need not know that ferries are ships."""
    language = load_language(code)
    first, *per = unit.split("/")
    known = language.plurals.get(first.lower()) or load_language("en").plurals.get(first.lower())
    per = [language.single_units.get(part, part) for part in per] if code != "en" else [_unit(part) for part in per]
    return "/".join([known.unit if known else first, *per])


def _mark_kind(paragraph, proposals, score, kind, column, same) -> None:
    left = list(paragraph[column])
    score.marked[kind] += len(left)
    for proposal in (p for p in proposals if p["kind"] == kind):
        score.proposed[kind] += 1
        item = next((k for k in left if _overlap(k, proposal) and same(k, proposal)), None)
        if item is None:
            score.wrong.append(f"{paragraph['id']}: {kind} {proposal['text']!r}")
            continue
        left.remove(item)
        score.right[kind] += 1
        if kind == "quantity" and "counts" in item:
            score.proposed["counts"] += 1
            score.marked["counts"] += 1
            score.right["counts"] += item["counts"] == proposal["counts"]
    score.missed += [f"{paragraph['id']}: {kind} {paragraph['text'][slice(*k['at'])]!r}" for k in left]


def _bare(words: str) -> str:
    words = " ".join(words.lower().split())
    return next((words[len(a) :] for a in ARTICLES if words.startswith(a)), words)


def _mark_statements(paragraph: dict, proposals: list[dict], score: Score) -> None:
    left = list(paragraph["statements"])
    for kind in ("speaker", "stance"):
        score.marked[kind] += len(left)
    for column in ("role", "said_to"):
        score.marked[column] += sum(column in k for k in left)
    for proposal in (p for p in proposals if p["kind"] == "statement"):
        score.proposed["speaker"] += 1
        score.proposed["stance"] += 1
        for column in ("role", "said_to"):
            score.proposed[column] += proposal[column] != ""
        fits = [k for k in left if _overlap(k, proposal) and _bare(k["speaker"]) == _bare(proposal["speaker"])]
        if not fits:
            score.wrong.append(f"{paragraph['id']}: speaker {proposal['speaker']!r} ({proposal['stance']})")
            continue
        item = min(fits, key=lambda k: k["stance"] != proposal["stance"])
        left.remove(item)
        score.right["speaker"] += 1
        if item["stance"] == proposal["stance"]:
            score.right["stance"] += 1
        else:
            score.wrong.append(f"{paragraph['id']}: stance {proposal['stance']} of {proposal['speaker']!r}")
        for column in ("role", "said_to"):
            if proposal[column]:
                score.right[column] += _bare(item.get(column, "")) == _bare(proposal[column])
    score.missed += [f"{paragraph['id']}: statement of {k['speaker']!r} ({k['stance']})" for k in left]


def score_file(name: str) -> Score:
    score = Score()
    for paragraph in read_paragraphs(name):
        mark(paragraph, suggest_for(paragraph), score)
    return score


def data_folder() -> Path:
    """Return the folder of shared test data, whether it exists or not."""
    named = os.environ.get("CORRIDOR_DATA")
    return Path(named) if named else Path(__file__).resolve().parents[3] / "shared" / "data"
