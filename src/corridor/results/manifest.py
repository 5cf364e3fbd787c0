"""What a run's folder says of itself: everything that decides its bytes, and what its readers ask first."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.results.size import choose_batch
from corridor.results.sketch import QUANTILE_ERROR
from corridor.results.store import FORMAT
from corridor.scenario.scenario import Scenario
from corridor.scenario.version import __version__
from corridor.simulate.behaviour import describe_behaviour

if TYPE_CHECKING:
    from corridor.simulate.ensemble import Ensemble

BATCH = 100  # replicates in a batch at most: enough to share the cost of a step
KEEP = ("replicates", "summary")  # what a run's folder keeps: every replicate, or a summary that parts are merged into


def describe_run(scenario: Scenario, ensemble: Ensemble, replicates: int, keep: str = "replicates") -> dict[str, Any]:
    """Return the manifest of a run that is about to begin."""
    settings, model = scenario.settings, ensemble.model
    batch = choose_batch(model, BATCH)
    known = dict(scenario.sets.get(model.parameter_set, {}))
    return {
        "format": FORMAT,
        "state": "running",
        "scenario": settings["id"],
        "title": settings["title"],
        "scenario_hash": scenario.hash,
        "variant": scenario.variant_name,
        "parameters": model.parameter_set,
        "parameters_title": known.get("title", ""),
        "known_until": known["known_until"].isoformat() if known else "",
        "fitted_until": known["fitted_until"].isoformat() if known.get("fitted_until") else "",
        "fitted_series": known.get("fitted_series", ""),
        "fitted_draws": "" if ensemble.learnt is None else ensemble.learnt.hash,
        "fitted_stale": ensemble.learnt is not None
        and not scenario.states.get(model.parameter_set, "").startswith(ensemble.learnt.made_for),
        "behaviour": describe_behaviour(ensemble.behaviour),
        "sensitivity": settings["sensitivity"],
        "disclaimer": settings["disclaimer"],
        "data_date": settings["data_date"].date().isoformat(),
        "seed": ensemble.seed,
        "replicates": replicates,
        "batch": batch,
        "parts": -(-replicates // batch),
        "keep": keep,
        "quantile_error": QUANTILE_ERROR if keep == "summary" else 0.0,
        "start": scenario.start.isoformat(),
        "time_zone": settings["time_zone"],
        "record_hours": model.clock.record_hours,
        "moments": model.clock.records,
        "steps": model.clock.steps,
        "corridor": __version__,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "processor": platform.machine(),
        "seconds": {},
        "conservation_error": None,
    }


def part_replicates(manifest: dict[str, Any], part: int) -> np.ndarray:
    """Return the numbers of the replicates in a batch."""
    first = part * manifest["batch"]
    return np.arange(first, min(first + manifest["batch"], manifest["replicates"]))


def name_run(manifest: dict[str, object]) -> str:
    """Return the short name of a run: scenario, hash, parameter set, variant, seed and replicates."""
    parts = [str(manifest["scenario"]), str(manifest["scenario_hash"])[:8]]
    parts += [f"parameter set {manifest['parameters']}"] if manifest["parameters"] else []
    parts += [f"variant {manifest['variant']}"] if manifest["variant"] else []
    parts += [f"seed {manifest['seed']}", f"{manifest['replicates']} replicates"]
    return " · ".join(parts)
