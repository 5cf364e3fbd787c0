"""What a run found, in the few numbers that scripts and people ask first."""

from __future__ import annotations

from typing import Any

import numpy as np

from corridor.results.relief import describe_relief
from corridor.results.result import Result, Values


def describe_result(result: Result) -> dict[str, Any]:
    """Return people at the end with their ranges, supplies, and what was run, as one JSON-ready document."""
    data = result.take_totals("inside", "on_roads", "arrivals", "waiting_for_transport")
    inside, on_roads, arrived, waiting = data.values()
    people = {
        "initial": (inside + on_roads + arrived)[:, 0],
        "inside": inside[:, -1],
        "on_roads": on_roads[:, -1],
        "arrived": arrived[:, -1],
        "waiting_for_transport": waiting[:, -1],
    }
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
        **({"relief": describe_relief(result)} if result.labels("needed") else {}),
    }


def _spread(values: Values) -> dict[str, float]:
    low, middle, high = (float(q) for q in np.quantile(values, [0.05, 0.5, 0.95]))
    return {"median": middle, "q05": low, "q95": high}
