"""Two well-known readers beside the grammar, on the same marked paragraphs: dateparser for dates, quantulum3 for numbers.

Run: python benchmarks/evidence_others.py (with the group `bench`: `uv sync --group bench`)

Both are scored kindly: a date is right if its day is and the marked item is one day; a quantity if a number of the marked
item is right where it stands, whatever its unit and hedge. Neither is made for reports, and neither leaves out what is
not sure.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from evidence.marking import read_paragraphs

FILES = ("worked-on.toml", "crises-worked-on.toml", "crises-held-out.toml")
Found = tuple[int, int, Any]


def main() -> None:
    warnings.simplefilter("ignore")
    print("reader       paragraphs              precision  recall   right/found  right/marked")
    for package, kind, find, same in (
        ("dateparser", "dates", find_dates, _same_day),
        ("quantulum3", "quantities", find_numbers, _same_number),
    ):
        if find_spec(package) is None:
            print(f"{package:<12} skipped: it is not installed (uv sync --group bench)")
            continue
        for name in FILES:
            print(f"{package:<12} {name:<22} {_score(name, kind, find, same)}")


def find_dates(paragraph: dict[str, Any]) -> Iterator[Found]:
    """Yield what dateparser takes for dates, resolved against the day of the report."""
    from dateparser.search import search_dates

    settings: dict[str, Any] = {"PREFER_DATES_FROM": "past"}
    if "date" in paragraph:
        settings["RELATIVE_BASE"] = datetime.combine(date.fromisoformat(paragraph["date"]), time(12))
    reached = 0
    for words, moment in search_dates(paragraph["text"], languages=["en"], settings=settings) or []:
        start = paragraph["text"].find(words, reached)
        if start >= 0:
            reached = start + len(words)
            yield start, reached, moment.date().isoformat()


def find_numbers(paragraph: dict[str, Any]) -> Iterator[Found]:
    """Yield what quantulum3 takes for quantities."""
    from quantulum3 import parser

    for quantity in parser.parse(paragraph["text"]):
        yield quantity.span[0], quantity.span[1], quantity.value


def _same_day(item: dict[str, Any], day: str) -> bool:
    return item["from"] == item["to"] == day


def _same_number(item: dict[str, Any], value: float) -> bool:
    return any(abs(item[k] - value) < 1e-3 * max(1, abs(value)) for k in ("value", "low", "high") if k in item)


def _score(
    name: str, kind: str, find: Callable[[dict[str, Any]], Iterator[Found]], same: Callable[[dict[str, Any], Any], bool]
) -> str:
    right = found = marked = 0
    for paragraph in read_paragraphs(name):
        left = list(paragraph[kind])
        marked += len(left)
        for start, end, value in find(paragraph):
            found += 1
            fits = (k for k in left if k["at"][0] < end and start < k["at"][1] and same(k, value))
            if item := next(fits, None):
                left.remove(item)
                right += 1
    return f"{right / max(found, 1):9.3f} {right / marked:7.3f}   {right:>5}/{found:<9} {right:>4}/{marked}"


if __name__ == "__main__":
    main()
