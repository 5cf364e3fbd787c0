"""The numbers behind the six sentences of a briefing, one value for each replicate."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from corridor.results.limits import LIMITS, find_limits
from corridor.results.relief import ROAD, read_fuel, read_shelves
from corridor.results.result import Result, Values, interpolate

if TYPE_CHECKING:
    from datetime import datetime

SENTENCES = {
    "inside": "who is still inside",
    "road": "who is on the road",
    "wait": "how long they wait",
    "shortage": "what runs out first",
    "limit": "what limits the way out",
    "arrived": "who has arrived",
}
EMPTY = 0.01  # of what there was at the start: less is as good as nothing
BINDING = ("checkpoint", "road", "transport", "decision")


@dataclass(frozen=True)
class AnswerNumber:
    """A number behind a sentence: its values [R] and the smallest spread of it that would be worth a word."""

    sentence: str
    values: Values
    least: float


def measure_answers(result: Result, moment: datetime) -> dict[str, AnswerNumber]:
    """Return the numbers behind the six sentences by name.

    People inside, on the road, and arrived at `moment`; vehicles held up then; people inside at the end; mean hours
    waited by those who arrive; hours to the first stock that runs out (the whole period if none does) and
    person-days without each item; the share of the hours of the flow in which each limit holds.
    """
    data = result.take_totals("inside", "on_roads", "arrivals", "vehicles_delayed", "waited_hours")
    at = {name: interpolate(values, result.times, moment) for name, values in data.items()}
    arrived = data["arrivals"]
    few = 0.01 * max(float(np.median(data["inside"][:, 0])), 1.0)
    waited = np.divide(
        data["waited_hours"][:, -1], arrived[:, -1], out=np.full(len(arrived), np.nan), where=arrived[:, -1] >= 1
    )
    found = {
        "people inside at the moment": AnswerNumber("inside", at["inside"], few),
        "people inside at the end": AnswerNumber("inside", data["inside"][:, -1], few),
        "people on the road at the moment": AnswerNumber("road", at["on_roads"], few),
        "vehicles held up at the moment": AnswerNumber("road", at["vehicles_delayed"], few / 4),
        "mean hours waited": AnswerNumber("wait", waited, 1.0),
        "hours to the first stock-out": AnswerNumber("shortage", _first_out(result), 6.0),
        "people arrived at the moment": AnswerNumber("arrived", at["arrivals"], few),
    }
    for item, days in _person_days_without(result).items():
        found[f"person-days without {item.replace('_', ' ')}"] = AnswerNumber("shortage", days, few)
    limits, names = find_limits(result), list(LIMITS)
    flowing = (arrived >= 1) & (arrived < 0.99 * arrived[:, -1:])
    hours = np.maximum(flowing.sum(axis=1), 1)
    for name in BINDING:
        share = ((limits == names.index(name)) & flowing).sum(axis=1) / hours
        found[f"share of the hours limited by the {name}"] = AnswerNumber("limit", share, 0.05)
    return found


def _first_out(result: Result) -> Values:
    """Return the hours to the first stock that runs out [R]: an item where somebody goes without, fuel at an end."""
    period = float(result.manifest["record_hours"]) * (len(result.times) - 1)
    first = np.full(result.replicates, period)
    for stock in read_fuel(result).values():
        out = (stock <= EMPTY * stock[:, :1]) & (stock[:, :1] > 0)
        hours = np.where(out.any(axis=1), out.argmax(axis=1) * result.manifest["record_hours"], period)
        first = np.minimum(first, hours)
    for shelf in read_shelves(result):
        if shelf.place != ROAD:
            first = np.minimum(first, shelf.out_hours)
    return first


def _person_days_without(result: Result) -> dict[str, Values]:
    """Return the person-days without each item by the end [R]: over items they are never added."""
    found: dict[str, Values] = {}
    for (_, item), values in result.take_all("person_days_without").items():
        found[item] = found.get(item, 0.0) + values[:, -1]
    return found
