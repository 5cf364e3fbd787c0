"""What particles rest on besides counts, as hashes: by them it is known whether saved ones may be taken up."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from corridor.forecast.filter import Effort
from corridor.scenario.content import hash_state
from corridor.scenario.scenario import Scenario
from corridor.scenario.version import __version__
from corridor.simulate.behaviour import describe_behaviour
from corridor.simulate.ensemble import Ensemble
from corridor.simulate.model import Model

APART = ("observations", "events")  # tables that may grow: their rows are looked at one by one
READ = (  # sources that decide what particles are
    "chance", "scenario", "simulate", "results/counts.py", "forecast/agreement.py", "forecast/cloud.py",
    "forecast/filter.py", "forecast/weights.py",
)  # fmt: skip


def describe_basis(case: Scenario, ensemble: Ensemble, effort: Effort) -> dict[str, Any]:
    """Return what particles rest on besides counts, as hashes: settings, tables, events, model, rules, program."""
    chosen = ensemble.model.parameter_set
    tables = {name: rows for name, rows in case.tables.items() if name not in APART}
    return {
        "case": case.settings["id"],
        "parameters": chosen,
        "all_events": effort.all_events,
        "particles": effort.particles,
        "seed": ensemble.seed,
        "behaviour": describe_behaviour(ensemble.behaviour),
        "program": [__version__, _hash_program(), np.__version__, platform.machine()],
        "settings": hash_state(case.settings, {}, chosen, None),
        "fitted_series": case.sets.get(chosen, {}).get("fitted_series") or "",
        "tables": {name: hash_state({}, {name: rows}, chosen, None) for name, rows in tables.items()},
        "events_read": {
            row["id"]: hash_state({}, {"events": [row]}, chosen, None) for row in case.rows("events", chosen)
        },
        "model": hash_model(ensemble.model),
    }


@cache
def _hash_program() -> str:
    """Return a hash of the sources that decide what particles are."""
    room, found = Path(__file__).parent.parent, hashlib.sha256()
    for part in READ:
        for path in sorted((room / part).glob("*.py")) or [room / part]:
            found.update(path.read_bytes())
    return found.hexdigest()


def hash_model(model: Model) -> str:
    """Return a hash of a compiled model but for its events: with the same one, particles fit into it."""
    found = hashlib.sha256(str(model.has_danger).encode())
    apart = {
        "scenario_hash": "",
        "events": (),
        "quantities": {name: q for name, q in model.quantities.items() if not name.startswith("events/")},
    }
    for part in fields(model):
        _add_to(found, apart.get(part.name, getattr(model, part.name)))
    return found.hexdigest()


def _add_to(found: Any, thing: Any) -> None:
    """Add to a hash all that a thing holds."""
    found.update(f"{type(thing).__name__}(".encode())
    if isinstance(thing, np.ndarray):
        found.update(f"{thing.dtype.str} {thing.shape}".encode() + np.ascontiguousarray(thing).tobytes())
    elif is_dataclass(thing):
        for part in fields(thing):
            _add_to(found, getattr(thing, part.name))
    elif isinstance(thing, Mapping):
        for name, value in sorted(thing.items()):
            found.update(f"{name}:".encode())
            _add_to(found, value)
    elif isinstance(thing, set | frozenset):
        _add_to(found, sorted(map(repr, thing)))
    elif isinstance(thing, tuple | list):
        for value in thing:
            _add_to(found, value)
    else:
        found.update(repr(thing).encode())
    found.update(b")")
