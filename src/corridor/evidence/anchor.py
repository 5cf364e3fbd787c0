"""Finding a quote in a kept text again: word for word, by what stands around it, or nearly.

The order is that of the W3C Web Annotation model's text quote selector (exact, prefix, suffix); a near
match is a help for the reader who must look again, never a silent success.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

CLOSE = 0.8  # the share of characters two wordings must have in common to be called close
_NEAR = 100  # characters beyond what stood around a quote that spaces may take
_PLAIN = str.maketrans(
    dict.fromkeys("“”„«»", '"') | dict.fromkeys("‘’", "'") | dict.fromkeys("–—", "-") | {"\u00a0": " "}
)


@dataclass(frozen=True)
class Anchor:
    """Where a quote stands in a text.

    `how` is exact (found once), context (found several times, told apart by prefix and suffix), ambiguous
    (found several times, not told apart: the first is given), spelling (the same but for quotation marks,
    dashes, spaces and case), or close (other words; `likeness` says how close, from 0 to 1).
    """

    start: int
    end: int
    how: str
    likeness: float = 1.0


def find_anchor(content: str, quote: str, prefix: str = "", suffix: str = "") -> Anchor | None:
    """Return where a quote stands, or None if nothing close to it is there.

    Time is linear in the length of the text for exact matches; a near match compares the quote with a few
    places only.
    """
    if not quote.strip():
        return None
    places = _find_all(content, quote)
    if len(places) == 1:
        return Anchor(places[0], places[0] + len(quote), "exact")
    if places:
        best = [p for p in places if _fits(content, p, p + len(quote), prefix, suffix)]
        how = "context" if len(best) == 1 and (prefix or suffix) else "ambiguous"
        start = best[0] if best else places[0]
        return Anchor(start, start + len(quote), how)
    words = re.findall(r"\S+", quote.translate(_PLAIN))
    pattern = re.compile(r"\s+".join(re.escape(word) for word in words), re.IGNORECASE)
    inner = re.findall(r"\w+", quote)[1:-1]  # whole words of the text if the quote stands in it: soon looked up
    same = pattern.search(_make_plain(content)) if all(w.lower() in _find_words(content) for w in inner) else None
    if same:
        return Anchor(same.start(), same.end(), "spelling")
    return _find_close(content, quote)


def stands_among(content: str, anchor: Anchor, prefix: str, suffix: str) -> bool:
    """Tell whether what stands around an anchor is what stood around the quote when it was taken, spaces apart."""
    begin = max(0, anchor.start - 2 * len(prefix) - _NEAR)
    before = content[begin : anchor.start].split()
    after = content[anchor.end : anchor.end + 2 * len(suffix) + _NEAR].split()
    first, last = prefix.split(), suffix.split()
    head = " ".join(before[len(before) - len(first) :]) if first else ""
    tail = " ".join(after[: len(last)])
    return head.endswith(" ".join(first)) and tail.startswith(" ".join(last))


def _find_all(content: str, quote: str) -> list[int]:
    places: list[int] = []
    start = content.find(quote)
    while start >= 0 and len(places) < 1_000:
        places.append(start)
        start = content.find(quote, start + 1)
    return places


def _fits(content: str, start: int, end: int, prefix: str, suffix: str) -> bool:
    before = content[max(0, start - len(prefix) - 20) : start].rstrip()
    after = content[end : end + len(suffix) + 20].lstrip()
    return before.endswith(prefix.strip()) and after.startswith(suffix.strip())


@lru_cache(maxsize=2)  # claims of one text are asked one after the other
def _make_plain(content: str) -> str:
    return content.translate(_PLAIN)


@lru_cache(maxsize=2)
def _find_words(content: str) -> dict[str, list[int]]:
    """Return where each word of a text begins."""
    places: dict[str, list[int]] = {}
    for match in re.finditer(r"\w+", content):
        places.setdefault(match[0].lower(), []).append(match.start())
    return places


def _find_close(content: str, quote: str) -> Anchor | None:
    """Let the words of the quote vote on where it would begin, and compare it with the places that win."""
    wanted = [(m.start(), m[0].lower()) for m in re.finditer(r"\w+", quote)]
    if len(wanted) < 3:
        return None
    places = _find_words(content)
    votes: Counter[int] = Counter()
    for offset, word in wanted:
        found = places.get(word, [])
        if len(found) <= 200:  # a word that stands everywhere tells nothing
            votes.update(max(0, place - offset) // 40 for place in found)
    best: Anchor | None = None
    for bucket, _ in votes.most_common(5):
        low, high = max(0, bucket * 40 - 60), bucket * 40 + len(quote) + 120
        matcher = SequenceMatcher(None, content[low:high].lower(), quote.lower(), autojunk=False)
        blocks = [b for b in matcher.get_matching_blocks() if b.size > 2]
        if not blocks:
            continue
        start, end = low + blocks[0].a, low + blocks[-1].a + blocks[-1].size
        likeness = SequenceMatcher(None, content[start:end].lower(), quote.lower(), autojunk=False).ratio()
        if best is None or likeness > best.likeness:
            best = Anchor(start, end, "close", round(likeness, 3))
    return best if best is not None and best.likeness >= CLOSE else None
