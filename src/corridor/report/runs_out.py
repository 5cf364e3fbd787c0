"""What runs out and when, first of all food, electricity and fuel: each is answered, "not stated" where nothing is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from corridor.report.sentences import measure, say_range
from corridor.report.shortage import Store, count_without, find_stores, find_unstated, name_item, order_shelves
from corridor.results.relief import ROAD, SHORT, Shelf, share_of_day
from corridor.words.said import Capital, Chance, Field, Moment, Said, Several, Stated, join, say

if TYPE_CHECKING:
    from corridor.results.drawn import Drawn
    from corridor.results.result import Result, Values
    from corridor.scenario.draft import Row

# An item answers one of the three questions when its standard, its name or its id has one of these words in it.
PARTS = {
    "Food": ("food", "flour", "bread", "wheat", "grain", "rice", "ration"),
    "Electricity": ("electricity", "electric", "power"),
    "Fuel": ("fuel", "diesel", "petrol", "gasoline", "kerosene", "gas"),
}
UNITS = {"kWh": "Electricity"}
MOST_ITEMS = 3  # beside the three
MOST_PLACES = 3  # named in a sentence
SELDOM = 0.1  # of the runs: a lack in fewer is not told


def say_runs_out(result: Result, today: datetime, drawn: Drawn) -> list[list[Said]]:
    """Return the sentences on food, electricity and fuel, then on other items that people need."""
    chosen = result.manifest["parameters"]
    rows = result.scenario.rows("items", chosen) if "items" in result.scenario.tables else ()
    parts = {row["id"]: find_part(row) for row in rows}
    needed = {item for (_, item), values in result.take_all("needed").items() if values[:, -1].any()}
    shelves = order_shelves(result)
    found: list[list[Said]] = []
    for part in PARTS:
        said = [_say_item(result, item, shelves, today) for item, of in parts.items() if of == part and item in needed]
        said += _say_facilities(result, {item for item, of in parts.items() if of == part}, today)
        if part == "Fuel":
            said += _say_fuel(result, find_stores(result, drawn), today)
        found += said or [[say("runs.not_stated", item=say(f"runs.{part.lower()}"))]]
    others = [item for item, part in parts.items() if part is None and item in needed]
    others.sort(
        key=lambda item: (min((float(np.median(s.out_hours)) for s in shelves if s.item == item), default=np.inf), item)
    )
    stated = {shelf.item for shelf in shelves if shelf.place != ROAD}
    unknown = [name_item(item) for item in others if item not in stated]
    found += [_say_item(result, item, shelves, today) for item in others if item in stated][:MOST_ITEMS]
    return found + ([[say("runs.unknown", item=Capital(join(*unknown)))]] if unknown else [])


def find_part(row: Row) -> str | None:
    """Return which of the three questions an item answers, None for any other item."""
    if row["unit"] in UNITS:
        return UNITS[row["unit"]]
    if row["is_fuel"]:
        return "Fuel"
    words = set(f"{row['id']} {row['name']}".lower().replace("_", " ").replace(",", " ").split())
    words |= {word.strip("().") for word in words}
    return next((part for part, names in PARTS.items() if words & set(names)), None)


def _say_item(result: Result, item: str, shelves: list[Shelf], today: datetime) -> list[Said]:
    """Return the sentences on one item: where people go without today, what is next, and person-days so far."""
    name = Capital(name_item(item))
    here = [shelf for shelf in shelves if shelf.item == item]
    unstated = find_unstated(result, item)
    if all(shelf.place == ROAD for shelf in here):
        return [say("runs.unknown", item=name)]
    places = {row["id"]: str(row["name"]) for row in result.scenario.tables["places"]}
    index = int((today - result.times[0]) / timedelta(hours=here[0].record_hours))
    if not here[0].kept:
        return _say_flow(name, [shelf for shelf in here if shelf.place != ROAD], places, index)
    short = {shelf.place: float((shelf.missing[:, index] > SHORT).mean()) for shelf in here}
    worst = sorted((place for place, share in short.items() if share >= SELDOM), key=lambda place: -short[place])
    at = [_say_where(places.get(place), Chance(short[place])) for place in worst]
    said = [say("runs.without", item=name, places=_cut(at)) if at else say("runs.enough", item=name)]
    calm = [shelf for shelf in here if shelf.place not in {*worst, ROAD}]
    said += _say_next(result, calm, places, today)
    days = count_without(result, item, today)
    if np.quantile(days, 0.95) >= 0.5:
        said.append(say("runs.days", days=measure(days, "person_days_without", today, item)))
    if unstated:
        said.append(say("runs.partly", places=_cut([places[place] for place in unstated])))
    return said


def _say_flow(name: Field, shelves: list[Shelf], places: dict[str, str], index: int) -> list[Said]:
    """Return for how many hours a day people have what cannot be kept: all places together, and where it is least."""
    used, needed = (sum(parts) for parts in zip(*((shelf.used, shelf.needed) for shelf in shelves), strict=True))
    all_places = _hours_of_day(used, needed, shelves[0], index)
    if not len(all_places):
        return [say("runs.nobody", item=name)]
    said = [say_range("runs.hours", all_places, _finest_hours(all_places), item=name)]
    by_place = {shelf.place: _hours_of_day(shelf.used, shelf.needed, shelf, index) for shelf in shelves}
    middles = {place: float(np.median(hours)) for place, hours in by_place.items() if len(hours)}
    least = min(middles, key=lambda place: (middles[place], place))
    if middles[least] < float(np.median(all_places)) - 0.5:
        said.append(say_range("runs.hours_least", by_place[least], _finest_hours(by_place[least]), place=places[least]))
    return said


def _hours_of_day(used: Values, needed: Values, shelf: Shelf, index: int) -> Values:
    """Return the hours of the day before a moment for which a need was met [R], where there was one."""
    hours = 24.0 * share_of_day(used, needed, shelf.record_hours)[:, index]
    return np.asarray(hours[np.isfinite(hours)])


def _finest_hours(hours: Values) -> float:
    """Return the smallest step of hours a day worth showing: parts of an hour matter where there are few hours."""
    return 0.1 if len(hours) and np.median(hours) < 3 else 1.0


def _say_facilities(result: Result, items: set[str], today: datetime) -> list[list[Said]]:
    """Return for how many hours a day each facility that uses one of some items has it."""
    chosen = result.manifest["parameters"]
    rows = result.scenario.rows("facilities", chosen) if "facilities" in result.scenario.tables else ()
    hours = float(result.manifest["record_hours"])
    index = int((today - result.times[0]) / timedelta(hours=hours))
    said = []
    for row in rows:
        if row["item"] in items:
            used, needed = (result.take(name, row["id"]) for name in ("facility_used", "facility_needed"))
            met = 24.0 * share_of_day(used, needed, hours)[:, index]
            met = met[np.isfinite(met)]
            said.append([say_range("runs.facility", met, _finest_hours(met), facility=row["name"])])
    return said


def _say_where(place: str | None, chance: Chance) -> Said:
    return say("runs.at", place=place, chance=chance) if place else say("runs.road", chance=chance)


def _cut(names: Sequence[Field]) -> Several:
    more = len(names) - MOST_PLACES
    return join(*names[:MOST_PLACES], *([say("runs.more", places=Stated(more))] if more > 0 else []))


def _say_next(result: Result, shelves: list[Shelf], names: dict[str, str], today: datetime) -> list[Said]:
    """Return which stock runs out first after today, in what share of runs, and when in these (9 in 10)."""
    now = (today - result.times[0]) / timedelta(hours=1)
    ahead = {shelf.place: np.where(shelf.out_hours > now, shelf.out_hours, np.inf) for shelf in shelves}
    some = {place: hours for place, hours in ahead.items() if np.isfinite(hours).mean() >= 0.05}
    if not some:
        return []
    place = min(some, key=lambda name: (float(np.median(some[name])), -float(np.isfinite(some[name]).mean()), name))
    return [_say_when(result, some[place], "runs.next", place=names[place])]


def _say_when(result: Result, hours: Values, sentence: str, **fields: Field) -> Said:
    happens = np.isfinite(hours)
    ends = np.quantile(hours[happens], [0.05, 0.95], method="nearest")
    first, last = (Moment(result.times[0] + timedelta(hours=float(end))) for end in ends)
    chance = Chance(float(happens.mean()))
    if first == last:
        return say(f"{sentence}_once", first=first, chance=chance, **fields)
    return say(sentence, first=first, last=last, chance=chance, **fields)


def _say_fuel(result: Result, stores: list[Store], today: datetime) -> list[list[Said]]:
    """Return the sentences on the fuel of those who leave, at the place where it runs out first; none without any."""
    fuel = [store for store in stores if not store.item]
    if not fuel:
        return []
    first = fuel[0]
    index = int((today - result.times[0]) / timedelta(hours=float(result.manifest["record_hours"])))
    gone = float(first.below[:, index].mean())
    said = [say("runs.fuel_left", place=first.where)]
    if gone > 0:
        said = [say("runs.fuel_gone", place=first.where, chance=Chance(gone))]
    if np.isfinite(first.hours).any():
        said.append(_say_when(result, first.hours, "runs.fuel_next"))
    return [said]
