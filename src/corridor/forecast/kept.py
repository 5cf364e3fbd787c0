"""What was simulated for a briefing is kept in the run's folder, figures/*.json, and read there the next time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corridor.results.store import write_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.results.result import Result


def identify(run: Result) -> dict[str, Any]:
    """Return what tells a run's findings from those of another state of its folder."""
    return {key: run.manifest[key] for key in ("scenario_hash", "parameters", "seed")}


def read_kept(run: Result, file: str, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the findings kept under a name if they say of themselves what is asked; None otherwise."""
    if not run.stored:
        return None
    try:
        kept = json.loads((run.folder / "figures" / file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return kept if isinstance(kept, dict) and asked.items() <= kept.items() else None


def keep(run: Result, file: str, found: dict[str, Any]) -> dict[str, Any]:
    """Write findings into the run's folder, if it has one, and return them."""
    if not run.stored:
        return found
    write_text(run.folder / "figures" / file, json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False) + "\n")
    return found
