"""What would help: things that somebody could do today, tried on the run's own replicates with the same luck."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.forecast.kept import identify, keep, read_kept
from corridor.results.in_memory import simulate_in_memory
from corridor.results.lanes import follow_lanes
from corridor.results.result import interpolate
from corridor.results.summary import describe_spread
from corridor.scenario.values import TimeRange
from corridor.simulate.ensemble import prepare
from corridor.simulate.model import NO_TARGET, Event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor.results.drawn import Drawn
    from corridor.results.result import Result, Values
    from corridor.simulate.arrays import Integers
    from corridor.simulate.ensemble import Ensemble

PAIRS = 24  # replicates that each lever is tried on
AHEAD = (timedelta(hours=24), timedelta(hours=72))  # after which the people out are compared
MOST = 3  # of each kind
LANES, VEHICLES, LITRES = 1.0, 10.0, 10_000.0
SURE = 2.0  # standard errors that a gain must exceed
FILE = "levers.json"
NAME = "lever"


@dataclass(frozen=True)
class Lever:
    """Something that can be done: its kind, whose row it is, and the event that does it.

    `size` [R] is that of the event, `neutral` [R] the one that changes nothing. `given` holds the sizes [R] of later
    events of the scenario, by name, as they are and as they are to be with the lever.
    """

    kind: str
    row: str
    event: str
    target: int
    size: Values
    neutral: Values
    given: dict[str, tuple[Values, Values]]


def read_levers(result: Result, moment: datetime) -> dict[str, Any] | None:
    """Return what was found for this run and moment before, and kept in figures/levers.json; else None."""
    return read_kept(result, FILE, _ask(result, moment))


def _ask(result: Result, moment: datetime) -> dict[str, Any]:
    return {**identify(result), "moment": moment.isoformat(timespec="minutes")}


def try_levers(result: Result, moment: datetime, drawn: Drawn) -> dict[str, Any]:
    """Return how many more people would be out some time after the moment under each lever, the largest gain first.

    The first replicates of the run are simulated again with the lever pulled at the moment and the same luck:
    `gains` are the quantiles of the paired differences of arrivals 24 and 72 hours later (at the end of the period
    if it is sooner), `mean` is their mean over the hours between. A gain is `clear` when that mean exceeds two standard
    errors and half a person.
    """
    kept = read_levers(result, moment)
    if kept is not None:
        return kept
    untils = sorted({min(moment + ahead, result.times[-1]) for ahead in AHEAD})
    hours = [time for time in result.times if moment < time <= untils[-1]]
    numbers = np.arange(min(PAIRS, result.replicates))
    ensemble = prepare(result.scenario, result.manifest["parameters"], result.manifest["seed"], result.rules)
    before = result.take("arrivals")[: len(numbers)]
    own = result.manifest.get("engine") != "flee"  # what other rules gave cannot be paired with what ours give
    levers = list(list_levers(ensemble, moment, drawn, len(numbers))) if hours and own else []
    found: list[dict[str, Any]] = []
    for lever, after in zip(levers, _pull(result, ensemble, levers, moment, numbers, untils[-1]), strict=True):
        gained = after - before
        gain = np.mean([interpolate(gained, result.times, time) for time in hours], axis=0)
        error = float(gain.std(ddof=1)) / np.sqrt(len(gain)) if len(gain) > 1 else np.inf
        mean = float(gain.mean())
        gains = [describe_spread(interpolate(gained, result.times, until)) for until in untils]
        clear = mean > max(SURE * error, 0.5)
        found.append({"kind": lever.kind, "row": lever.row, "mean": mean, "clear": bool(clear), "gains": gains})
    found.sort(key=lambda entry: (-entry["mean"], entry["kind"], entry["row"]))
    document = {"until": [time.isoformat(timespec="minutes") for time in untils], "levers": found}
    return keep(result, FILE, {**_ask(result, moment), **document})


def _pull(
    result: Result, ensemble: Ensemble, levers: list[Lever], moment: datetime, numbers: Integers, until: datetime
) -> list[Values]:
    """Return the arrivals [R, T] of the same replicates under each lever, up to the time `until`.

    They are simulated as one batch: the event of every lever happens in all, of another's size in its own alone.
    """
    if not levers:
        return []
    now = TimeRange(moment, moment)
    events = [
        Event(f"{NAME}{i}", lever.event, now, 1.0, lever.target, NO_TARGET, None, 0) for i, lever in enumerate(levers)
    ]
    pulled = replace(ensemble, model=replace(ensemble.model, events=(*ensemble.model.events, *events)))
    everybody = np.tile(numbers, len(levers))
    given: dict[str, Values] = {}
    for number, lever in enumerate(levers):
        pairs = {f"events/{NAME}{number}/value": (lever.neutral, lever.size), **lever.given}
        for name, (plain, changed) in pairs.items():
            values = np.tile(plain, (len(levers), 1))
            values[number] = changed
            given[name] = values.reshape(-1)
    arrivals = simulate_in_memory(result.scenario, pulled, everybody, given, until).take("arrivals")
    return list(arrivals.reshape(len(levers), len(numbers), -1))


def list_levers(ensemble: Ensemble, moment: datetime, drawn: Drawn, replicates: int) -> Iterator[Lever]:
    """Yield what can be tried: checkpoints with a lane more or opened, fleets with more vehicles, fuel at places."""
    model, inputs = ensemble.model, drawn.inputs
    for target, row in enumerate(model.servers.checkpoints[:MOST]):
        if inputs.lanes_change and (inputs.change_rate[:, target].any() or inputs.opening_rate[:, target].any()):
            yield from _list_until_changed(drawn, target, moment, replicates)
            continue
        lanes, events = follow_lanes(drawn, target, moment)
        now = lanes[:replicates]
        coming = {name: (sizes[:replicates], ahead[:replicates]) for name, (sizes, ahead) in events.items()}
        if (now > 0).mean() >= 0.5:
            later = {
                name: (values, np.where(ahead & (values > 0), values + LANES, values))
                for name, (values, ahead) in coming.items()
            }
            yield Lever("lanes", row, "lanes", target, np.where(now > 0, now + LANES, now), now, later)
        elif coming:
            expected = np.max([values for values, _ in coming.values()], axis=0)
            yield Lever("opening", row, "lanes", target, np.where(now > 0, now, np.maximum(expected, 1.0)), now, {})
    nothing = np.zeros(replicates)
    for target, row in enumerate(model.fleets.names[:MOST]):
        yield Lever("vehicles", row, "vehicles", target, nothing + VEHICLES, nothing, {})
    limited = [place for place in range(len(model.network.places)) if np.isfinite(inputs.fuel_stock[:, place]).any()]
    limited += [] if model.supplies is None else model.supplies.places_with_fuel
    for place in limited[:MOST]:
        yield Lever("fuel", model.network.places[place], "fuel_stock", place, nothing + LITRES, nothing, {})


def _list_until_changed(drawn: Drawn, target: int, moment: datetime, replicates: int) -> Iterator[Lever]:
    """Yield what can be tried at a checkpoint whose lanes change unforeseen: it lasts until they next change."""
    row, quantity = drawn.model.servers.checkpoints[target], drawn.model.servers.change_lanes[target]
    now = follow_lanes(drawn, target, moment)[0][:replicates]
    if (now > 0).mean() >= 0.5:
        yield Lever("lanes_until", row, "lanes", target, np.where(now > 0, now + LANES, now), now, {})
    elif quantity is not None:
        yield Lever("opening_until", row, "lanes", target, np.where(now > 0, now, quantity.median), now, {})
