"""What a forecast noted while it learnt from counts, kept beside its run: forecast.json, sealed, read when it fits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from corridor.results.result import Result
from corridor.results.seal import SEAL, is_sealed_document, seal_document
from corridor.results.store import write_text

LEARNING = "forecast.json"


def keep_learning(result: Result, document: Mapping[str, Any]) -> None:
    """Write the document of a forecast whole into its run's folder; nothing for a run in memory.

    It names what was learnt by its hash, so that it is never read for another run. Raises InterruptedRunError when it
    cannot be written.
    """
    if not result.stored:
        return
    told = seal_document({**document, "draws": result.manifest["fitted_draws"]})
    write_text(result.folder / LEARNING, json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def read_learning(result: Result) -> dict[str, Any] | None:
    """Return what the forecast that a run is of has noted; None where there is none, or it is damaged or another's."""
    if not result.stored or not result.manifest["fitted_draws"]:
        return None
    try:
        told = json.loads((result.folder / LEARNING).read_text(encoding="utf-8"))
        if not isinstance(told, dict) or not is_sealed_document(told):
            return None
    except (OSError, ValueError, RecursionError):
        return None
    fits = told.get("draws") == result.manifest["fitted_draws"]
    return {name: value for name, value in told.items() if name != SEAL} if fits else None
