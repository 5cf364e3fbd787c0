"""Take up saved particles where they stand, if all that they have read still stands; else say why not."""

from __future__ import annotations

import hashlib
import platform
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from functools import cache
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

import corridor
from corridor.forecast.agreement import list_errors
from corridor.forecast.filter import Cloud, Effort, choose_counts, even_out, go_on
from corridor.forecast.saved import Saved, unpack, write_text
from corridor.scenario.content import hash_state
from corridor.scenario.counts import Count, read_counts
from corridor.scenario.scenario import Scenario
from corridor.scenario.version import __version__
from corridor.simulate.behaviour import describe_behaviour
from corridor.simulate.ensemble import Ensemble
from corridor.simulate.happenings import EFFECTS
from corridor.simulate.model import Model

APART = ("observations", "events")  # tables that may grow: their rows are looked at one by one
READ = ("chance", "simulate", "forecast/filter.py", "forecast/agreement.py")  # sources that decide what particles are


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
    room, found = Path(corridor.__file__).parent, hashlib.sha256()
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


def find_change(saved: Saved, case: Scenario, ensemble: Ensemble, as_of: datetime, effort: Effort) -> str:
    """Return why particles cannot be taken up for a forecast as of a moment, in words; nothing when they can."""
    was, now = saved.about, describe_basis(case, ensemble, effort)
    asked = {
        "case": f"it is of another case ({was['case']})",
        "parameters": f"it is of another parameter set ({was['parameters']})",
        "all_events": "events that nobody had told of were kept in one of the two and left out in the other",
        "particles": f"it is of another number of particles ({was['particles']:,})",
        "seed": f"it is of another seed ({was['seed']})",
        "behaviour": "people behave by other rules",
        "program": "another version of the program made it",
        "settings": "the settings of the case have changed",
        "fitted_series": "other series are learnt from (fitted_series)",
    }
    for name, words in asked.items():
        if was[name] != now[name]:
            return words
    if changed := [name for name in now["tables"] if was["tables"].get(name) != now["tables"][name]]:
        return f"{'tables' if len(changed) > 1 else 'table'} {', '.join(changed)} changed"
    if as_of < datetime.fromisoformat(was["as_of"]):
        return f"it knows what was known at a later moment, {was['as_of']}"
    if why := _find_changed_event(saved, now["events_read"], ensemble.model):
        return why
    if was["model"] != now["model"]:
        new = sorted(now["events_read"].keys() - was["events_read"].keys())
        return f"newly known events ({', '.join(new)}) open ways that nobody could go before"
    used = (write_text(count) for count, _ in choose_counts(case, ensemble, as_of)[0])
    if gone := Counter(saved.list_counts()) - Counter(used):
        return f"a count that it has read was revised or taken back: {min(gone)}"
    return ""


def _find_changed_event(saved: Saved, events: Mapping[str, str], model: Model) -> str:
    """Return which event changed, is gone, or is newly known and begins before the particles stand; nothing if none."""
    was = saved.about["events_read"]
    if changed := sorted(name for name, known in was.items() if events.get(name) != known):
        return f"event {changed[0]} changed or is no longer known"
    clock, step = model.clock, saved.about["moment"] * model.clock.record_every
    for event in model.events:
        begins = ceil((event.time.start - clock.start) / timedelta(hours=clock.step_hours) - 1e-9)
        if event.id not in was and begins < step and event.kind in EFFECTS:  # of a note nothing follows
            return f"event {event.id} of {event.time.start:%d %B %H:%M} is newly known and lies before it"
    return ""


def learn_more(
    saved: Saved,
    case: Scenario,
    ensemble: Ensemble,
    as_of: datetime,
    told: Callable[[int], None] = lambda moments: None,
    keep: Callable[[Cloud], None] = lambda cloud: None,
) -> Cloud:
    """Return particles as of a moment: saved ones that have read the counts published since.

    `find_change` must have found none. `keep` is shown them as `filter.learn` does.
    """
    counts, left_out = choose_counts(case, ensemble, as_of)
    read, known, fresh = Counter(saved.list_counts()), {}, []
    for count, columns in counts:
        text = write_text(count)
        if read[text] > 0:
            read[text] -= 1
            known[text] = count
        else:
            fresh.append((count, columns))
    cloud = unpack(saved, ensemble, known)
    cloud.left_out = tuple(left_out)
    _add_errors(cloud, [count for count, _ in fresh])
    go_on(cloud, fresh, as_of, told)
    keep(cloud)
    even_out(cloud)
    return cloud


def _add_errors(cloud: Cloud, counts: Sequence[Count]) -> None:
    """Give particles an error of the model for what has not been counted before."""
    new = tuple(name for name in list_errors(counts) if name not in cloud.errors)
    generator = np.random.default_rng([cloud.seed, len(cloud.errors), len(cloud.steps), 3])
    cloud.error_scores = np.hstack([cloud.error_scores, generator.standard_normal((cloud.number, len(new)))])
    cloud.errors += new


def find_newest(case: Scenario, parameters: str, saved: Saved) -> datetime:
    """Return when the newest count within the period became known, or as of when particles were saved if later."""
    counts = read_counts(case, parameters)
    moments = [max(count.thing.time, count.published or count.thing.time) for count in counts]
    return max([datetime.fromisoformat(saved.about["as_of"]), *(m for m in moments if m < case.end)])


def describe_update(saved: Saved, cloud: Cloud, folder: Path, why: str) -> dict[str, Any]:
    """Return what an update began from, how many counts it read, and why it learnt anew if it did ("" if not)."""
    counts = sum(len(stage.readings) for stage in cloud.stages)
    read = 0 if why else len(saved.list_counts())
    return {"of": str(folder), "as_of": saved.about["as_of"], "counts": counts - read, "begun_anew": why}
