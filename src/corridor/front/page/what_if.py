"""What the page's what-ifs need besides their answers: names of what events act on, and the variants kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corridor.scenario.draft import Draft
from corridor.scenario.variant import read_variant
from corridor.scenario.variant_writing import format_variant

if TYPE_CHECKING:
    from corridor.scenario.scenario import Scenario
    from corridor.scenario.variant import Document

TARGETS = ("places", "roads", "checkpoints", "services", "desks", "groups", "fleets", "plants")


def list_targets(case: Scenario) -> dict[str, list[dict[str, str]]]:
    """Return by table the rows that an event may name, each with its id and name."""
    return {
        table: list({row["id"]: {"id": row["id"], "name": str(row["name"] or row["id"])} for row in rows}.values())
        for table in TARGETS
        if (rows := case.tables.get(table))
    }


def list_variants(case: Scenario) -> list[dict[str, Any]]:
    """Return the variants of a case that can be read, each with its name and what it holds."""
    found = []
    for name in case.variants:
        read = read_variant(Draft(case.folder), name)
        if read is not None:
            found.append({"name": name, "edits": read[0]})
    return found


def write_text(edits: Document) -> str:
    """Return edits as the text of a variant's file. Raises UsageError for what is no variant's document."""
    return format_variant(edits)
