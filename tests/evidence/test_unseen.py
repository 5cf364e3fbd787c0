"""The paragraphs of November 2026, most of them held out, are whole: each mark stands in its text. What the grammar makes of them is not looked at here."""

from __future__ import annotations

from datetime import date

import pytest

from .marking import read_paragraphs

STANCES = {"asserts", "reports", "denies", "demands", "fears", "promises", "agreed", "not_agreed"}
FILES = {
    "unseen-2026-11.toml": 40,
    "statements-worked-on.toml": 40,
    "statements-unseen.toml": 30,
    "crises-second-worked-on.toml": 42,
    "crises-third-worked-on.toml": 16,
    "french-worked-on.toml": 12,
    "french-held-out.toml": 12,
    "french-statements-worked-on.toml": 12,
    "french-second-worked-on.toml": 12,
}


@pytest.mark.parametrize("name", FILES)
def test_every_mark_stands_in_its_text(name):
    paragraphs = read_paragraphs(name)  # an item that is not in its text would raise here
    assert len({p["id"] for p in paragraphs}) == len(paragraphs) == FILES[name]
    for paragraph in paragraphs:
        text = paragraph["text"].lower()
        for item in paragraph["quantities"]:
            assert "value" in item or item["low"] < item["high"], item
            assert item["unit"], item
        for item in paragraph["dates"]:
            assert date.fromisoformat(item["from"]) <= date.fromisoformat(item["to"]), item
        for item in paragraph["statements"]:
            assert item["stance"] in STANCES, item
            assert all(item[key].lower() in text for key in ("speaker", "said_to") if key in item), item
            assert all(part.lower() in text for part in item.get("role", "").split(", ")), (
                item
            )  # before and after a name
        known = {ref: names for ref, _, *names in paragraph.get("known", [])}
        assert all(item["text"] in known[item["ref"]] for item in paragraph["mentions"])
