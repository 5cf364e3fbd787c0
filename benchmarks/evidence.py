"""How well the grammar of `corridor evidence suggest` reads: precision and recall by kind, and its speed.

Run: python benchmarks/evidence.py [--errors]
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from corridor.evidence.grammar.text import decode_text
from corridor.evidence.suggest import suggest
from evidence.marking import (
    Score,
    data_folder,
    mark,
    read_paragraphs,
    read_report_key,
    score_file,
    suggest_for,
)

HELD_OUT = "Held out (never used to improve it)"


def main() -> None:
    for name, title in (
        ("worked-on.toml", "Worked on (the grammar was improved on these)"),
        ("first-held-out.toml", "Held out at first, worked on since"),
        ("second-held-out.toml", "Held out a second time, worked on since"),
        ("third-held-out.toml", "Held out a third time, worked on since"),
        ("held-out.toml", "Held out a fourth time, worked on since"),
        ("crises-worked-on.toml", "Crises, by others who had not seen the grammar; worked on since"),
        ("crises-held-out.toml", "Crises, by others who had not seen the grammar; held out at first, worked on since"),
        ("forms-worked-on.toml", "Ways to say who said what, by who wrote the grammar; worked on since"),
        ("statements-worked-on.toml", "Who said what, by a stranger to the grammar; worked on after a first score"),
        ("crises-second-worked-on.toml", "Who said what, by who wrote the grammar; worked on after a first score"),
        ("crises-third-worked-on.toml", "The same, two lots more; worked on after a first score of each"),
        ("french-worked-on.toml", "French, by a stranger; the grammar was made after reading these"),
        (
            "french-statements-worked-on.toml",
            "French, who said what, by a stranger to the grammar; worked on after a first score",
        ),
        (
            "french-second-worked-on.toml",
            "French, who said what, by who wrote the grammar; worked on after a first score",
        ),
        ("french-held-out.toml", "French. " + HELD_OUT),
        ("statements-unseen.toml", "Who said what. " + HELD_OUT + ", by the same stranger"),
        ("unseen-2026-11.toml", HELD_OUT + ", by a stranger to the grammar, 29 November 2026"),
    ):
        paragraphs = read_paragraphs(name)
        score = score_file(name)
        print(score.table(f"{title}: {len(paragraphs)} paragraphs"))
        warned = [(bool(p.get("warnings")), bool(suggest_for(p).warnings)) for p in paragraphs]
        right, marked = sum(k and w for k, w in warned), sum(k for k, _ in warned)
        others = sum(w and not k for k, w in warned)
        print(f"page date: warned in {right} of {marked} marked, and in {others} others")
        if "--errors" in sys.argv and HELD_OUT not in title:  # what went wrong there is for nobody to see
            print("\n".join(["  wrong  " + w for w in score.wrong] + ["  missed " + m for m in score.missed]))
        print()
    report = data_folder() / "report-2023-09-22.txt"
    if report.exists():
        key, score = read_report_key(report.read_text(encoding="utf-8")), Score()
        mark(key, suggest_for(key), score)
        print(score.table("The report of 22 September 2023, with --date 2023-09-22"), "\n")
    english, french = (
        " ".join(p["text"] for p in read_paragraphs(name)) for name in ("worked-on.toml", "french-worked-on.toml")
    )
    print_speed(english, french)


def print_speed(english: str, french: str) -> None:
    print("Seconds of processor time for 1 MB")
    cases = {
        "prose": english + "\n\n",
        "French prose": french + "\n\n",
        "numbers": "12 34 56 ",
        "quantities": "12 people ",
        "quotations": "“No,” he said. ",
    }
    cases |= {
        "statements": "Bob Ray said that Ann told Reuters. ",
        "weekdays": "Monday ",
        "one sentence": "a, ",
    }
    for name, piece in cases.items():
        content = (piece * (1_000_000 // len(piece) + 1))[:1_000_000]
        started = time.process_time()
        language = "fr" if name.startswith("French") else "en"
        found = suggest(decode_text(name, content.encode()), [], date(2023, 9, 22), language)
        print(f"{name:<14} {time.process_time() - started:5.2f} s  {len(found.proposals):>6} proposals")


if __name__ == "__main__":
    main()
