"""What was simulated for a briefing is kept in the run's folder, figures/*.json, and read there the next time.

It is sealed: what was damaged since, or made for another run or by another version, is simulated anew.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from corridor.results.seal import SEAL, is_sealed_document, seal_document
from corridor.results.store import identify as identify_run
from corridor.results.store import write_text
from corridor.scenario.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.results.result import Result


def identify(run: Result) -> dict[str, Any]:
    """Return what tells a run's findings from those of another state of its folder."""
    return {"run": identify_run(run.manifest), "corridor": __version__}


def read_kept(run: Result, file: str, asked: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the findings kept under a name if they say of themselves what is asked; None otherwise."""
    if not run.stored:
        return None
    try:
        kept = json.loads((run.folder / "figures" / file).read_text(encoding="utf-8"))
        if not isinstance(kept, dict) or not is_sealed_document(kept) or not asked.items() <= kept.items():
            return None
    except (OSError, ValueError, RecursionError):
        return None
    return {name: value for name, value in kept.items() if name != SEAL}


def keep(run: Result, file: str, found: dict[str, Any]) -> dict[str, Any]:
    """Write findings into the run's folder, if it has one, and return them."""
    if not run.stored:
        return found
    text = json.dumps(seal_document(found), ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    write_text(run.folder / "figures" / file, text)
    return found
