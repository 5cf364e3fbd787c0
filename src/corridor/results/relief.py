"""What a run says of supplies: cover, when something runs out, who goes without. Never a classification of hunger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from corridor.results.result import Result, Values
from corridor.simulate.series import Column

LABEL = "Gaps and person-days from stated stocks and needs; not a classification of food insecurity (IPC)."
ROAD = "on_the_road"
COVER_HOURS = 24.0  # use is measured over so long before the moment asked about
CONVOYS = (
    *("relief_waited_hours", "relief_trucks_in", "relief_trucks_turned_back", "relief_litres"),
    *("loaded", "brought_in", "returned", "on_the_way"),
)
SHORT = 1e-6  # share of the need unmet in an interval that counts as going without


@dataclass(frozen=True)
class Shelf:
    """One item at one place in all replicates, where its stock is known. Arrays [R, T] unless said otherwise.

    `missing` is the share of the need unmet in the interval before each moment (0 where nothing is needed). Of a flow,
    which is not `kept`, the stock is nothing at any moment.
    """

    place: str
    item: str
    stock: Values
    used: Values
    needed: Values
    person_days: Values
    missing: Values
    record_hours: float
    kept: bool = True

    @property
    def out_hours(self) -> Values:
        """Return the hours from the start to the first interval in which somebody went without [R]; inf if never."""
        without = self.missing > SHORT
        first = np.maximum(without.argmax(axis=1) - 1, 0) * self.record_hours
        return np.where(without.any(axis=1), first, np.inf)

    def cover_days(self, index: int) -> Values:
        """Return the days for which the stock lasts at a moment, at the use of the day around it [R].

        Use is the need of the day before (or after, at the start); infinite where nothing is needed, and of a flow,
        which no stock covers: see `hours_met`.
        """
        if not self.kept:
            return np.full(len(self.stock), np.inf)
        span = max(1, round(COVER_HOURS / self.record_hours))
        low = max(0, index - span)
        high = min(self.stock.shape[1] - 1, low + span)
        daily = (self.needed[:, high] - self.needed[:, low]) / ((high - low) * self.record_hours / 24.0)
        return np.asarray(np.divide(self.stock[:, index], daily, out=np.full(len(daily), np.inf), where=daily > 0))


def read_shelves(result: Result) -> list[Shelf]:
    """Return every place and item whose stock is known, the road included; none when the run has no needs."""
    shelves, flows = [], find_flows(result)
    for place, item in result.labels("person_days_without"):
        names = ("used", "needed", "person_days_without", "carried" if place == ROAD else "stock")
        read = names[:3] if item in flows else names
        taken = result.take_columns(Column(name, (place, item)) for name in read)
        used, needed, days, *stocks = taken.values()
        stock = stocks[0] if stocks else np.zeros_like(needed)
        asked = np.diff(needed, axis=1, prepend=0.0)
        gap = asked - np.diff(used, axis=1, prepend=0.0)
        missing = np.divide(gap, asked, out=np.zeros_like(gap), where=asked > 1e-9)
        hours = float(result.manifest["record_hours"])
        shelves.append(Shelf(place, item, stock, used, needed, days, missing, hours, item not in flows))
    return shelves


def find_flows(result: Result) -> set[str]:
    """Return the items of a run that cannot be kept, such as electricity."""
    rows = result.scenario.rows("items", result.manifest["parameters"]) if "items" in result.scenario.tables else ()
    return {row["id"] for row in rows if not row["kept"]}


def read_fuel(result: Result) -> dict[str, Values]:
    """Return by place the fuel in store for those who leave, where known [R, T]: their own, or an item's stock."""
    fuel = {place: values for (place,), values in result.take_all("fuel").items()}
    shared = set(result.labels("fuelled"))
    return fuel | {cell[0]: values for cell, values in result.take_all("stock").items() if cell in shared}


def hours_met(result: Result, item: str, place: str) -> Values:
    """Return the hours a day for which people's need of an item at a place was met, at every moment [R, T].

    24 times the share met in the day before the moment (since the start while that is shorter; at the start, in the
    first interval). Not a number where nothing was needed. Raises UsageError where the run has no such item and place.
    """
    used, needed = result.take_columns(Column(name, (place, item)) for name in ("used", "needed")).values()
    return 24.0 * share_of_day(used, needed, float(result.manifest["record_hours"]))


def hours_without(result: Result, facility: str) -> Values:
    """Return the hours since the start without what a facility uses, at every moment [R, T]; a part met counts so.

    Raises UsageError where the run has no such facility.
    """
    columns = (Column(name, (facility,)) for name in ("facility_used", "facility_needed"))
    used, needed = result.take_columns(columns).values()
    unmet = np.divide(needed - used, needed, out=np.zeros_like(needed), where=needed > 0)
    return np.asarray(unmet * np.arange(needed.shape[1]) * float(result.manifest["record_hours"]))


def share_of_day(used: Values, needed: Values, record_hours: float) -> Values:
    """Return the share of what was needed in the day before each moment that was used; nan where nothing was."""
    high = np.maximum(np.arange(used.shape[1]), min(1, used.shape[1] - 1))
    low = np.maximum(high - max(1, round(COVER_HOURS / record_hours)), 0)
    asked = needed[:, high] - needed[:, low]
    met = used[:, high] - used[:, low]
    return np.asarray(np.divide(met, asked, out=np.full_like(asked, np.nan), where=asked > 1e-9))


def describe_relief(result: Result, moment: datetime | None = None) -> dict[str, Any]:
    """Return what the run says of supplies, as one JSON-ready document.

    For each place and item with a known stock: days of cover at the moment (the start if none is given; of a flow the
    hours a day for which it was met), the share of
    replicates in which it runs out with the range of dates where it does, person-days without and the share of the
    need met by the end. Then what runs out first, what came in, and how long convoys waited and why. `unknown`
    lists the places and items whose stock is not known: of these only what comes in is counted.
    """
    shelves = read_shelves(result)
    when = result.times[0] if moment is None else moment
    index = round((when - result.times[0]) / timedelta(hours=result.manifest["record_hours"]))
    towns = [shelf for shelf in shelves if shelf.place != ROAD and np.isfinite(shelf.out_hours).any()]
    towns.sort(key=lambda s: (float(np.median(s.out_hours)), -float(np.isfinite(s.out_hours).mean())))
    return {
        "label": LABEL,
        "moment": result.times[index].isoformat(timespec="minutes"),
        "items": [_describe_shelf(result, shelf, index) for shelf in shelves],
        "first": [
            {"place": shelf.place, "item": shelf.item, **_describe_dates(result, shelf.out_hours)} for shelf in towns
        ],
        "unknown": _list_unknown(result),
        "convoys": _describe_convoys(result),
    }


def _describe_shelf(result: Result, shelf: Shelf, index: int) -> dict[str, Any]:
    needed = shelf.needed[:, -1]
    met = np.divide(shelf.used[:, -1], needed, out=np.ones_like(needed), where=needed > 0)
    return {
        "place": shelf.place,
        "item": shelf.item,
        "cover_days": spread(shelf.cover_days(index)),
        "runs_out": _describe_dates(result, shelf.out_hours),
        "needed": spread(needed),
        "person_days_without": spread(shelf.person_days[:, -1]),
        "share_met": spread(met),
        **({} if shelf.kept else {"hours_met": _spread_hours(shelf, index)}),
    }


def _spread_hours(shelf: Shelf, index: int) -> dict[str, float | None]:
    """Return the hours a day for which the need of a flow was met before a moment, over replicates that need it."""
    hours = 24.0 * share_of_day(shelf.used, shelf.needed, shelf.record_hours)[:, index]
    return spread(hours[np.isfinite(hours)]) if np.isfinite(hours).any() else dict.fromkeys(("median", "q05", "q95"))


def _describe_dates(result: Result, hours: Values) -> dict[str, Any]:
    """Return in what share of replicates something happens and, among these, when: median and 9 in 10."""
    happens = np.isfinite(hours)
    found: dict[str, Any] = {"share": float(happens.mean())}
    for name, chance in (("q05", 0.05), ("median", 0.5), ("q95", 0.95)):
        found[name] = None
        if happens.any():
            at = float(np.quantile(hours[happens], chance, method="nearest"))
            found[name] = (result.times[0] + timedelta(hours=at)).isoformat(timespec="minutes")
    return found


def spread(values: Values) -> dict[str, float | None]:
    """Return median, 5 and 95 % points over replicates; None for a point that is infinite."""
    found = {}
    for name, chance in (("median", 0.5), ("q05", 0.05), ("q95", 0.95)):
        point = float(np.quantile(values, chance, method="nearest"))
        found[name] = point if np.isfinite(point) else None
    return found


def _list_unknown(result: Result) -> list[dict[str, Any]]:
    """Return the places and items whose stock is not known, with what came in and was used, in units of the item."""
    found = []
    for place, item in result.labels("left"):
        came, needed = (result.take(name, place, item)[:, -1] for name in ("delivered", "needed"))
        if needed.any():
            found.append({"place": place, "item": item, "brought_in": spread(came), "needed": spread(needed)})
    return found


def _describe_convoys(result: Result) -> Mapping[str, Any]:
    """Return by series what convoys did by the end: by item or cause, or the total."""
    found: dict[str, Any] = {}
    for series, labels in result.columns:
        if series in CONVOYS:
            values = spread(result.take(series, *labels)[:, -1])
            if labels:
                found.setdefault(series, {})[labels[0]] = values
            else:
                found[series] = values
    return found
