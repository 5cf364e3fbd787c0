"""Write a native scenario folder from a Flee folder: what carries over, and what had to be assumed.

Flee has no vehicles, checkpoints or needs; a scenario has no conflict decay. Places, roads, closures, conflicts, the
people who begin to leave and the registered counts carry over; speeds become kilometres an hour over a whole day;
everything else is Corridor's default and stands in the folder as an assumption. To have Flee's own answer, run the
Flee folder itself.
"""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np

from corridor.flee.compile import FleeModel, compile_folder
from corridor.scenario.spreadsheet import write_csv
from corridor.scenario.writing import building

if TYPE_CHECKING:
    from pathlib import Path

    from corridor.flee.tables import FleeFolder, Place, Road

Rows = list[dict[str, object]]
DISCLAIMER = "Names and borders are those of the Flee folder and imply no opinion on their status."


def write_scenario(folder: FleeFolder, target: Path, since_day0: bool = True) -> list[str]:
    """Write a scenario folder and return its files. Raises UsageError where `target` exists and is not empty.

    `since_day0` leaves those registered on day 0 out of the observations, since nobody starts in a camp there.
    """
    model = compile_folder(folder)
    linked = _linked(folder)
    ids = name_ids([place.name for place in folder.places])
    outside = {i for i, place in enumerate(folder.places) if _is_outside(folder, place)}
    tables = {
        "places.csv": [row for i, row in enumerate(_places(folder, ids, outside)) if i in linked],
        "roads.csv": _roads(folder, ids, outside),
        "groups.csv": _groups(folder),
        "people.csv": _people(folder, model, ids, outside),
        "events.csv": _events(folder, ids),
        "observations/arrivals.csv": _observations(folder, model, ids, outside, since_day0),
    }
    named = {ids[i] for i in linked}  # a place that no road reaches is left out, and so is what names it
    for name, column in (("people.csv", "place"), ("observations/arrivals.csv", "place")):
        tables[name] = [row for row in tables[name] if row[column] in named]
    tables["events.csv"] = [row for row in tables["events.csv"] if row["kind"] != "danger" or row["target"] in named]
    texts = {name: _write(rows) for name, rows in tables.items() if rows}
    texts["scenario.toml"] = _settings(folder)
    with building(target) as fresh:
        for name, text in texts.items():
            (fresh / name).parent.mkdir(parents=True, exist_ok=True)
            (fresh / name).write_text(text, encoding="utf-8")
    return sorted(texts)


def _linked(folder: FleeFolder) -> set[int]:
    """Return the places that a road reaches; of two with one name that is the last."""
    index = {place.name: i for i, place in enumerate(folder.places)}
    return {index[name] for road in folder.roads if road.start != road.end for name in (road.start, road.end)}


def name_ids(names: list[str]) -> list[str]:
    """Return an id of small letters, digits and underscores for each name, all different."""
    ids: list[str] = []
    for number, name in enumerate(names):
        plain = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_") or f"place_{number}"
        plain = plain if plain[0].isalpha() else f"p_{plain}"
        ids.append(plain if plain not in ids else f"{plain}_{number}")
    return ids


def _is_outside(folder: FleeFolder, place: Place) -> bool:
    return place.is_camp or place.country != folder.places[0].country


def _write(rows: Rows) -> str:
    columns = list(rows[0])
    return write_csv([columns, *([row.get(column, "") for column in columns] for row in rows)])


def _settings(folder: FleeFolder) -> str:
    start = datetime(folder.start.year, folder.start.month, folder.start.day)
    last = start + timedelta(days=max(folder.days - 1, 1))
    name = re.sub(r"[^a-z0-9]+", "-", folder.name.lower()).strip("-") or "flee"
    name = name if name[0].isalpha() else f"flee-{name}"
    lines = [
        "# Made by `corridor flee import`. Numbers without a claim are assumptions.",
        f'id = "{name}"',
        f'title = "{name}, from a Flee folder"',
        f'start = "{start.isoformat(timespec="minutes")}"',
        f'end = "{last.isoformat(timespec="minutes")}"',
        'time_zone = "UTC"',
        "step_minutes = 1440",
        'coordinates = "rough"',
        "record_minutes = 1440",
        "seed = 1",
        f'data_date = "{last.date().isoformat()}"',
        'sensitivity = "restricted"',
        f'disclaimer = "{DISCLAIMER}"',
    ]
    return "\n".join(lines) + "\n"


def _places(folder: FleeFolder, ids: list[str], outside: set[int]) -> Rows:
    kinds = {"camp": "reception", "forward": "junction", "marker": "junction", "conflict": "city"}
    rows: Rows = []
    for i, place in enumerate(folder.places):
        kind = next((kinds[word] for word in kinds if word in place.kind.lower()), "town")
        weight = folder.settings["move_rules.camp_weight"] if place.is_camp else 1.0
        latitude, longitude = max(-90.0, min(90.0, place.latitude)), max(-180.0, min(180.0, place.longitude))
        rows.append(
            {
                "id": ids[i], "name": place.name, "kind": kind, "area": "outside" if i in outside else "inside",
                "latitude": latitude, "longitude": longitude, "attractiveness": weight if place.is_camp else "",
                "note": f"{place.kind} in {place.country}",
            }
        )  # fmt: skip
    return rows


def _through_roads(folder: FleeFolder) -> list[Road]:
    """Return the roads without those that end where they begin, which a scenario does not have."""
    return [road for road in folder.roads if road.start != road.end]


def _roads(folder: FleeFolder, ids: list[str], outside: set[int]) -> Rows:
    index = {place.name: i for i, place in enumerate(folder.places)}
    rows: Rows = []
    used: set[str] = set()
    for road in _through_roads(folder):
        first, second = index[road.start], index[road.end]
        if first in outside and second not in outside:
            first, second = second, first
        name = f"{ids[first]}-{ids[second]}"
        name = name if name not in used else f"{name}-{road.row}"
        used.add(name)
        speed = (road.speed or folder.settings["move_rules.max_move_speed"]) / 24.0
        rows.append(
            {
                "id": name, "from": ids[first], "to": ids[second],
                "length_km": min(max(road.distance, 0.05), 2000.0), "speed_kmh": round(min(max(speed, 1.0), 130.0), 3),
                "note": "Flee's km a day over 24 hours",
            }
        )  # fmt: skip
    return rows


def _groups(folder: FleeFolder) -> Rows:
    chance = min(float(folder.settings["move_rules.default_movechance"]), 0.99)
    rate = round(-math.log(1.0 - chance) / 24.0, 5)
    return [
        {"id": "people", "name": "People", "transport": "own", "people_per_vehicle": 5, "fuel_litres": 0,
         "leave_rate": rate, "note": "assumed: Flee's chance to leave a town, as a rate an hour"}
    ]  # fmt: skip


def _people(folder: FleeFolder, model: FleeModel, ids: list[str], outside: set[int]) -> Rows:
    """Return where those begin who leave in the period: expected numbers under the folder's own rule."""
    world = model.world
    arriving, population = world.days["arriving"], world.places["population"]
    if arriving.sum() > 0:
        weights = world.state["spawn"] * population
        totals = weights.sum(axis=1, keepdims=True)
        shares = np.divide(weights, totals, out=np.zeros_like(weights), where=totals > 0)
        people = (arriving[:, None] * shares).sum(axis=0)
    else:
        people = np.minimum(population, 1e9)
    hasten = int(folder.settings["optimisations.hasten"])
    roads = _roads(folder, ids, outside)
    rows: Rows = [
        {"place": ids[i], "group": "people", "people": int(count) * hasten, "note": "those who leave in Flee's folder"}
        for i, count in enumerate(people)
        if count >= 1 and i not in outside and any(ids[i] in (row["from"], row["to"]) for row in roads)
    ]
    return rows


def _events(folder: FleeFolder, ids: list[str]) -> Rows:
    index = {place.name: i for i, place in enumerate(folder.places)}
    start = datetime(folder.start.year, folder.start.month, folder.start.day)
    rows: Rows = []

    def add(day: int, kind: str, target: str, value: object, mode: str, label: str) -> None:
        if 0 <= day < folder.days - 1:
            time = (start + timedelta(days=day)).isoformat(timespec="minutes")
            rows.append({"id": f"event_{len(rows)}", "time": time, "kind": kind, "target": target, "to": "",
                         "value": value, "mode": mode, "label": label})  # fmt: skip

    table = folder.conflicts
    for column, name in enumerate(table.names) if table is not None else []:
        if name in index and not folder.places[index[name]].is_camp:
            values = table.values[: folder.days, column] if table is not None else np.zeros(0)
            for day in np.flatnonzero(np.diff(values, prepend=0.0)):
                add(int(day), "danger", ids[index[name]], min(max(float(values[day]), 0.0), 1.0), "", "")
    outside = {i for i, place in enumerate(folder.places) if _is_outside(folder, place)}
    roads = list(zip(_roads(folder, ids, outside), _through_roads(folder), strict=True))
    country = {place.name: place.country for place in folder.places}
    for closure in folder.closures:
        for row, road in roads:
            ends, names = {country[road.start], country[road.end]}, {road.start, road.end}
            border = closure.kind == "country" and ends == {closure.first, closure.second}
            if border or (closure.kind == "location" and closure.first in names):
                add(closure.since, "direction", str(row["id"]), "", "shut", "")
                add(closure.until, "direction", str(row["id"]), "", "normal", "")
    return rows


def _observations(folder: FleeFolder, model: FleeModel, ids: list[str], outside: set[int], since_day0: bool) -> Rows:
    """Return the registered people in each camp at every count in the period."""
    start = datetime(folder.start.year, folder.start.month, folder.start.day)
    hasten = int(folder.settings["optimisations.hasten"])
    series = {entry.name: entry for entry in folder.layout}
    rows: Rows = []
    for column, camp in enumerate(model.camps):
        entry = series.get(folder.places[camp].name)
        linked = any(entry and entry.name in (road.start, road.end) for road in folder.roads)
        if entry is None or camp not in outside or not linked:
            continue
        for day in sorted({int(d) for d in entry.days if 0 <= d < folder.days}):
            people = int(model.observed[day, column] - since_day0 * model.observed[0, column]) * hasten
            time = (start + timedelta(days=day)).isoformat(timespec="minutes")
            rows.append({"time": time, "series": "arrivals", "place": ids[camp], "value": max(people, 0),
                         "status": "derived", "note": "registered people, corrected as in Flee"})  # fmt: skip
    return rows
