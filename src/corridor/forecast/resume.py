"""Take up saved particles where they stand, if all that they have read still stands; else say why not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np

from corridor.forecast.agreement import list_errors
from corridor.forecast.basis import describe_basis
from corridor.forecast.cloud import Cloud, Told, move_to
from corridor.forecast.filter import Effort, Move, choose_counts, even_out, go_on, learn
from corridor.forecast.restored import unpack
from corridor.forecast.saved import Packed, Saved, pack, write_text
from corridor.scenario.counts import Count, read_counts
from corridor.scenario.scenario import Scenario
from corridor.scenario.values import hours_between, write_number
from corridor.simulate.ensemble import Ensemble
from corridor.simulate.happenings import EFFECTS
from corridor.simulate.model import Model


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
        series, *where, _, time, value, low, high, _, _ = json.loads(min(gone))
        number = next(write_number(end) for end in (value, low, high) if end is not None)
        named = " ".join(word for word in (series, *where, number, "of", time) if word)
        return f"a count that it has read was revised or taken back: {named}"
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


@dataclass(frozen=True)
class Learning:
    """Particles as of a moment; why saved ones were not taken up, "" if they were; what is to be saved, if anything."""

    cloud: Cloud
    why: str
    packed: Packed


def learn_on(
    saved: Saved | None,
    case: Scenario,
    ensemble: Ensemble,
    as_of: datetime,
    effort: Effort,
    told: Callable[[int, int], None],
    asked: str | None,
    move: Move = move_to,
) -> Learning:
    """Return particles as of a moment, saved ones taken up if they can be.

    `told` hears how many moments more were simulated, of how many; `asked` is the parameter set that was asked for,
    None where nothing is to be saved.
    """
    why = "" if saved is None else find_change(saved, case, ensemble, as_of, effort)
    clock = ensemble.model.clock
    packed: Packed = {}
    moments = max(1, round(hours_between(clock.start, as_of) / clock.record_hours))

    def keep(cloud: Cloud) -> None:
        if asked is not None:
            basis = describe_basis(case, ensemble, effort)
            packed.update(pack(cloud, {**basis, "asked": asked, "as_of": as_of.isoformat()}))

    if saved is None or why:
        cloud = learn(case, ensemble, as_of, effort, lambda done: told(done, moments), keep, move)
    else:
        more = max(1, moments - saved.about["moment"])
        cloud = learn_more(saved, case, ensemble, as_of, lambda done: told(done, more), keep, move)
    return Learning(cloud, why, packed)


def learn_more(
    saved: Saved,
    case: Scenario,
    ensemble: Ensemble,
    as_of: datetime,
    told: Told = lambda moments: None,
    keep: Callable[[Cloud], None] = lambda cloud: None,
    move: Move = move_to,
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
    go_on(cloud, fresh, as_of, told, move)
    keep(cloud)
    even_out(cloud)
    return cloud


def _add_errors(cloud: Cloud, counts: Sequence[Count]) -> None:
    """Give particles an error of the model for what has not been counted before."""
    new = tuple(name for name in list_errors(counts) if name not in cloud.errors)
    generator = np.random.default_rng([cloud.seed, len(cloud.errors), len(cloud.steps), 3])
    cloud.error_scores = np.hstack([cloud.error_scores, generator.standard_normal((cloud.number, len(new)))])
    cloud.errors += new


def ask_as_saved(
    saved: Saved, case: Scenario, as_of: datetime | str | None, parameters: str | None, effort: Effort | None
) -> tuple[datetime | str, str | None, Effort]:
    """Return moment, parameter set and effort: those asked for, else those of the saved particles.

    The moment is when the newest count within the period became known, or as of when they were saved if later.
    """
    about = saved.about
    effort = effort or Effort(*(about[name] for name in ("particles", "seed", "all_events")))
    parameters = parameters or (about["asked"] if about["asked"] in case.sets else None)
    if as_of is not None:
        return as_of, parameters, effort
    counts = read_counts(case, case.choose_set(parameters))
    moments = [max(count.thing.time, count.published or count.thing.time) for count in counts]
    inside = [moment for moment in (datetime.fromisoformat(about["as_of"]), *moments) if moment < case.end]
    return max(inside, default=case.end), parameters, effort


def describe_update(saved: Saved, cloud: Cloud, folder: Path, why: str) -> dict[str, Any]:
    """Return what an update began from, how many counts it read, and why it learnt anew if it did ("" if not)."""
    counts = sum(len(stage.readings) for stage in cloud.stages)
    read = 0 if why else len(saved.list_counts())
    return {"of": str(folder), "as_of": saved.about["as_of"], "counts": counts - read, "begun_anew": why}
