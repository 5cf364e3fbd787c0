"""What a careful colleague would ask about: numbers and days that can be written and can hardly be."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from corridor.scenario.cells import highest
from corridor.scenario.checks.geography import measure_distance
from corridor.scenario.checks.knowledge import TELLS, UNDATED
from corridor.scenario.checks.period import read_period
from corridor.scenario.draft import Draft, Row, say_set, show
from corridor.scenario.transport import CAR, load_transports
from corridor.scenario.values import Quantity, TimeRange

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_SEATS = 100  # of anything that drives on a road
HEAVIEST_LOAD = 45.0  # tonnes on one lorry
SHORTEST_LOOK = 3.0  # seconds in which a vehicle can be inspected at all
LONGEST_COVER = 3 * 365.0  # days that a stock of a place cut off may last
OF_PEOPLE = ("arrivals", "registered", "lodged", "displaced")  # observed series that count people


def check_vehicles(draft: Draft) -> None:
    """Vehicles carry what vehicles carry, some are there, and inspecting one takes time."""
    added = {row["target"] for row in draft.tables.get("events", []) if row["kind"] == "vehicles"}
    for row in draft.tables.get("fleets", []):
        seats, tonnes, vehicles = (row.values.get(column) for column in ("seats", "tonnes", "vehicles"))
        if isinstance(seats, Quantity) and row["purpose"] != "goods" and seats.high > MOST_SEATS:
            draft.note("many_seats", row.where("seats"), seats=seats.write(), most=MOST_SEATS)
        carrier = load_transports().get(str(row.values.get("transport") or CAR))
        drives = carrier is None or not carrier.is_beside  # trains, boats and aircraft carry more
        if isinstance(tonnes, Quantity) and drives and tonnes.high > HEAVIEST_LOAD:
            draft.note("heavy_load", row.where("tonnes"), tonnes=tonnes.write(), most=HEAVIEST_LOAD)
        idle = isinstance(vehicles, Quantity) and vehicles.high <= 0 and row["purpose"] == "people"
        if idle and row.can_read("id") and row["id"] not in added:
            draft.note("no_vehicles", row.where("vehicles"), fleet=show(row["id"]))
    _find_who_never_sets_out(draft)
    for row in draft.tables.get("checkpoints", []):
        seconds = row.values.get("seconds_per_vehicle")
        if isinstance(seconds, Quantity) and seconds.low < SHORTEST_LOOK:
            draft.note("too_quick", row.where("seconds_per_vehicle"), seconds=seconds.write(), least=SHORTEST_LOOK)


def _find_who_never_sets_out(draft: Draft) -> None:
    if draft.has_lost("items", "needs", "plants", "facilities"):
        return
    for parameter_set in draft.set_names:
        used = any(draft.rows(table, parameter_set) for table in ("needs", "plants", "facilities"))
        if used and draft.rows("items", parameter_set):
            continue
        for row in draft.rows("fleets", parameter_set):
            if row.can_read("id", "purpose") and row["purpose"] == "both":
                facts = {"fleet": show(row["id"]), "within": say_set(parameter_set)}
                draft.note("never_sets_out", row.where("purpose"), **facts)


def check_spans(draft: Draft) -> None:
    """What holds from one time to another holds for a while, and within the period."""
    period = read_period(draft)
    for table in ("slots", "clearances", "passage"):
        for row in draft.tables.get(table, []):
            begin, end = row["from"], row["until"]
            if isinstance(begin, datetime) and isinstance(end, datetime) and end <= begin:
                facts = {"begin": begin.isoformat(), "end": end.isoformat()}
                draft.note("never_holds", row.where("until"), **facts)
    for row in draft.tables.get("slots", []):
        first, last = row["first_hour"], row["last_hour"]
        if isinstance(first, float) and isinstance(last, float) and last <= first:
            draft.note("never_holds.hours", row.where("last_hour"), first=first, last=last)
    for row in (row for table in ("depots", "windows", "passage") for row in draft.tables.get(table, [])):
        if period is not None and isinstance(row["from"], datetime) and row["from"] > period[1]:
            draft.note("after_the_end", row.where("from"), time=row["from"].isoformat(), end=period[1].isoformat())


def check_convoy_times(draft: Draft) -> None:
    """A convoy leaves within the period and can arrive in it, at the highest speed of any road as the crow flies."""
    period = read_period(draft)
    speeds = [row["speed_kmh"].high for row in draft.tables.get("roads", []) if isinstance(row["speed_kmh"], Quantity)]
    places = {
        row["id"]: (row["latitude"], row["longitude"])
        for row in draft.tables.get("places", [])
        if row.can_read("id", "latitude", "longitude")
    }
    for row in draft.tables.get("convoys", []):
        departs = row["departs"]
        if period is None or not speeds or not isinstance(departs, TimeRange) or row["outcome"] == "unknown":
            continue
        if departs.end < period[0] and row["outcome"] == "planned":
            draft.note("before_the_start", row.where("departs"), time=departs.write(), start=period[0].isoformat())
            continue
        ends = [places[name] for name in (row["from"], row["to"]) if name in places]
        hours = measure_distance(*ends) / max(speeds) if len(ends) == 2 else 0.0
        arrives = departs.start + timedelta(hours=hours)
        if arrives > period[1]:
            draft.note("after_the_end", row.where("departs"), time=arrives.isoformat(" ", "minutes"), end=period[1])


def check_counts(draft: Draft) -> None:
    """No more people are counted than there are, and none before anybody could tell of them."""
    told, period = _find_days_told(draft), read_period(draft)
    for parameter_set in draft.set_names:
        people = [row["people"] for row in draft.rows("people", parameter_set)]
        scales = [row["value"] for row in draft.rows("parameters", parameter_set) if row["name"] == "people_scale"]
        known = all(isinstance(value, Quantity) for value in [*people, *scales]) and not draft.has_lost("people")
        most = sum(map(highest, people)) * (highest(scales[0]) if scales else 1.0) if known else 0.0
        for row in draft.rows("observations", parameter_set):
            time = row["time"]
            for column in ("value", "low") if row["series"] in OF_PEOPLE else ():
                if isinstance(row[column], float) and 0 < most < row[column]:
                    draft.note("count_above_people", row.where(column), value=row[column], most=most)
            names = row["claims"] if isinstance(row["claims"], tuple) else ()
            for day in (told[name] for name in names if name in told):
                if isinstance(time, datetime) and (period is None or time <= period[1]) and time.date() > day.date():
                    draft.note("counted_later", row.where("time"), time=time.isoformat(), day=day.date())


def _find_days_told(draft: Draft) -> dict[str, datetime]:
    """Return by claim the last day on which any of its sources was published, where that is known of all of them."""
    published = {row["id"]: row["published"] for row in draft.tables.get("sources", []) if row.can_read("id")}
    told = {}
    for row in draft.tables.get("claims", []):
        days = [published.get(name) for name in row["source"]] if isinstance(row["source"], tuple) else []
        dated = [day for day in days if isinstance(day, datetime)]
        if dated and len(dated) == len(days) and row.can_read("id"):
            told[row["id"]] = max(dated)
    return told


def check_days(draft: Draft) -> None:
    """No claim tells of what was said or happened after the day of the newest fact in the folder."""
    newest = draft.setting("data_date")
    for row in draft.tables.get("claims", []):
        for column in ("said_on", "happened") if row["stance"] in TELLS and row["about"] not in UNDATED else ():
            day = row[column]
            if isinstance(newest, datetime) and isinstance(day, datetime) and day.date() > newest.date():
                draft.note("after_data_date", row.where(column), day=day.date(), newest=newest.date())


def check_stocks(draft: Draft) -> None:
    """A stock of a place cut off does not last for years."""
    for parameter_set in draft.set_names:
        needed = _sum_needs(draft, parameter_set)
        for row in draft.rows("stocks", parameter_set):
            a_day = needed.get((row["place"], row["item"]), 0.0) if row.can_read("place", "item", "quantity") else 0.0
            days = row.middle("quantity", 0.0) / a_day if a_day > 0 else 0.0
            if days > LONGEST_COVER:
                draft.note("lasts_for_years", row.where("quantity"), years=days / 365, most=LONGEST_COVER / 365)


def _sum_needs(draft: Draft, parameter_set: str) -> dict[tuple[str, str], float]:
    """Return what is needed in a day by (place, item), at the medians."""
    people: dict[str, float] = defaultdict(float)
    groups: dict[tuple[str, str], float] = defaultdict(float)
    for row in draft.rows("people", parameter_set):
        if row.can_read("place", "group", "people"):
            people[row["place"]] += row.middle("people", 0.0)
            groups[row["place"], row["group"]] += row.middle("people", 0.0)
    needed: dict[tuple[str, str], float] = defaultdict(float)
    for row, place in _needs_by_place(draft, parameter_set, people):
        there = groups.get((place, row["group"]), 0.0) if row["group"] else people.get(place, 0.0)
        needed[place, row["item"]] += row.middle("per_day", 0.0) * there
    return needed


def _needs_by_place(draft: Draft, parameter_set: str, people: dict[str, float]) -> Iterator[tuple[Row, str]]:
    for row in draft.rows("needs", parameter_set):
        if row.can_read("item", "place", "group", "per_day"):
            yield from ((row, place) for place in ([row["place"]] if row["place"] else people))
