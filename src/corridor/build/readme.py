"""The README of a built case: what it was built from, what is missing, what to ask, what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corridor.build.wishes import Wishes
from corridor.scenario.visible import make_visible

if TYPE_CHECKING:
    from corridor.build.assemble import Assembled


RUNNABLE = (
    "It runs; that does not make it right. Leave rates, opening hours and the pace of a checkpoint are in no data",
    "set.",
)
AGAIN = (
    "Every other number whose note says assumption is one as well. A figure of yours that replaces one stays when",
    "the case is built again: `built/` keeps the tables as they were built, to tell them apart.",
)


def write_readme(made: Assembled, wishes: Wishes) -> str:
    """Return README.md."""
    counts = made.counts
    held = f"{counts['places']} places inside, {counts['crossings']} crossings, {counts['outside']} places outside"
    lost = [f"- {one.place.name}: {one.why}" for one in made.small.unconnected]
    lines = [f"# {wishes.title or 'A case built from files'}", "", *RUNNABLE, ""]
    lines += [f"Roads and places {made.attribution}."]
    lines += ["", "## What was read", *(f"- {line}" for line in _flatten(made.accounts))]
    lines += ["", "| file | SHA-256 |", "|---|---|", *(f"| {path} | {value} |" for path, value in made.hashes.items())]
    lines += ["", "## What is in it", f"{held}, {counts['roads']} roads. map.svg shows them."]
    lines += ["", "## Not connected", *(lost or ["All places inside are on a road."])]
    lines += ["", "## Answer these first", *(f"{i}. {question}" for i, question in enumerate(made.questions, 1))]
    if made.warnings:
        lines += ["", "## Warnings", *(f"- {w.found}; wanted: {w.allowed}" for w in made.warnings)]
    lines += ["", *AGAIN]
    return make_visible("\n".join(lines)) + "\n"


def _flatten(texts: list[str]) -> list[str]:
    return ["; ".join(map(str.strip, text.split("\n"))).replace(":; ", ": ") for text in texts]
