"""What a run found, in the few numbers that scripts and people ask first."""

from __future__ import annotations

from typing import Any

import numpy as np

from corridor.results.relief import describe_relief
from corridor.results.result import Result, Values


def describe_result(result: Result) -> dict[str, Any]:
    """Return people at the end with their ranges, supplies, and what was run, as one JSON-ready document.

    A run that kept its summary only says nothing of supplies, and how far its ranges may be off (`quantile_error`).
    """
    begin, end = result.times[0], result.times[-1]
    people = {
        "initial": np.sum([result.at(name, begin) for name in ("inside", "on_roads", "arrivals")], axis=0),
        "inside": result.at("inside", end),
        "on_roads": result.at("on_roads", end),
        "arrived": result.at("arrivals", end),
    }
    if result.has("waiting_for_transport"):  # Flee's days know none
        people["waiting_for_transport"] = result.at("waiting_for_transport", end)
    manifest = result.manifest
    asked = ("scenario", "scenario_hash", "variant", "parameters", "parameters_title", "replicates", "seed")
    return {
        **{name: manifest[name] for name in asked},
        "out": str(result.folder),
        "made_anew": list(result.made_anew),
        "period": [result.times[0].isoformat(), result.times[-1].isoformat()],
        "seconds": manifest["seconds"],
        "people": {name: _spread(values) for name, values in people.items()},
        "conservation_error": manifest["conservation_error"],
        **({"quantile_error": manifest["quantile_error"]} if not result.kept else {}),
        **({"relief": describe_relief(result)} if result.kept and result.labels("needed") else {}),
    }


def _spread(values: Values) -> dict[str, float]:
    low, middle, high = (float(q) for q in np.quantile(values, [0.05, 0.5, 0.95]))
    return {"median": middle, "q05": low, "q95": high}
