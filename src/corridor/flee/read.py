"""Read a Flee folder as it stands, in all its variants, with all faults at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corridor.flee.check import check_folder
from corridor.flee.layers import (
    INPUT_FOLDERS,
    PLACES_FILE,
    SOURCE_FOLDERS,
    find_folder,
    find_inputs,
    find_layers,
    find_own_settings,
    find_settings,
    list_files,
)
from corridor.flee.observed import correct_series, read_date, read_layout
from corridor.flee.settings import read_settings
from corridor.flee.tables import Closure, DailyTable, Demographics, FleeFolder, Place, Road, Row, find_word, read_rows
from corridor.scenario.faults import Fault, FaultsError, UsageError, fault

if TYPE_CHECKING:
    from collections.abc import Callable

_ROAD_COLUMNS = ("name1", "name2", "distance", "forced_redirection")
_PLACE_NUMBERS = {"conflict_intensity": 1, "initial_idps": 0, "capacity_per_day": 0, "deactivation_probability": 0}


def read_folder(
    path: Path | str, settings: Path | str | None = None, days: int | None = None, strict: bool = False
) -> FleeFolder:
    """Return a Flee folder as read, its warnings in `.warnings`.

    `path` holds input_csv (or input_files), source_data and simsetting.yml, or is a member of a SWEEP, which may lack
    what the configuration above has; settings are looked for upwards. `settings` names another settings file; `days`
    overrides the length in sim_period.csv, as Flee's run script allows. `strict` refuses also a folder with
    which Flee stops and that makes sense all the same; such faults have the severity "stops".

    Raises UsageError where the folder does not exist, FaultsError with every fault where it cannot be run.
    """
    folder, faults = load_folder(path, settings, days)
    faults += check_folder(folder)
    errors = [found for found in faults if found.severity == "error" or (strict and found.severity == "stops")]
    if errors:
        raise FaultsError(errors)
    folder.warnings.extend(faults)
    return folder


def load_folder(
    path: Path | str, settings: Path | str | None = None, days: int | None = None
) -> tuple[FleeFolder, list[Fault]]:
    """Return what could be read, and the faults of each file by itself (`check_folder` compares the files)."""
    folder = Path(path)
    if not folder.is_dir():
        message = f"{folder} is not a folder"
        raise UsageError(message)
    if settings is not None and not Path(settings).is_file():
        message = f"{settings} is not a file"
        raise UsageError(message)
    faults: list[Fault] = []
    inputs = find_inputs(folder)
    if find_folder(folder, INPUT_FOLDERS, PLACES_FILE) is None:
        raise FaultsError([fault("flee.file.missing", (PLACES_FILE, 0, ""))])
    settings_path = Path(settings) if settings is not None else _look_for_settings(folder, faults)
    values = _settings_or_defaults(settings_path, faults)

    def find(name: str) -> Path:
        return next((place / name for place in inputs if (place / name).is_file()), inputs[0] / name)

    def optional(name: str, read: Callable[[Path, list[Fault]], Any], absent: Any) -> Any:
        return read(find(name), faults) if find(name).is_file() else absent

    start, length = _read_period(find, faults)
    source = find_folder(folder, SOURCE_FOLDERS, "data_layout.csv")
    layout = []
    if source is not None:
        holders = [layer / SOURCE_FOLDERS[0] for layer in find_layers(folder)] + [source]
        layout = read_layout(source / "data_layout.csv", holders, (start, values["optimisations.hasten"]), faults)
    if layout:
        layout = optional(
            "registration_corrections.csv", lambda file, found: correct_series(layout, file, start, found), layout
        )
    return FleeFolder(
        path=folder,
        name=folder.resolve().name,
        start=start,
        days=length if days is None else days,
        settings=values,
        places=_read_places(find(PLACES_FILE), faults),
        roads=_read_roads(find("routes.csv"), faults),
        closures=optional("closures.csv", _read_closures, []),
        conflicts=optional("conflicts.csv", _read_daily, None),
        floods=optional("flood_level.csv", _read_daily, None),
        hunger=optional("region_attributes_IPC.csv", _read_daily, None),
        changes=optional("location_changes.csv", _read_changes, []),
        demographics=[_read_demographics(file, faults) for file in list_files(inputs, "demographics_*.csv")],
        major_routes=optional("major_routes.csv", _read_major_routes, []),
        agents=optional("agents.csv", _read_agents, []),
        layout=layout,
    ), faults


def _settings_or_defaults(path: Path | None, faults: list[Fault]) -> dict[str, Any]:
    if path is not None:
        return read_settings(path, faults)
    faults.append(fault("flee.file.missing:settings", ("simsetting.yml", 0, "")))
    return read_settings(Path("/dev/null"), [])


def _look_for_settings(folder: Path, faults: list[Fault]) -> Path | None:
    """Return the nearest settings; those of a folder above the case, or in the form of Flee 2, are told of."""
    own, found = find_own_settings(folder), find_settings(folder)
    if own is None and folder.name in INPUT_FOLDERS and find_own_settings(folder.resolve().parent) is not None:
        message = f"{folder} is the input folder alone; name the folder above it, which holds the settings"
        raise UsageError(message)
    if own is None and found is not None:
        faults.append(fault("flee.settings.above", (found.name, 0, ""), path=found))
    return found


def _read_period(find: Callable[[str], Path], faults: list[Fault]) -> tuple[date, int]:
    path = next((find(name) for name in ("sim_period.csv", "conflict_period.csv") if find(name).is_file()), None)
    start, length = date(2000, 1, 1), 0
    if path is None:
        faults.append(fault("flee.file.missing:period", ("sim_period.csv", 0, "")))
        return start, 1
    seen = set()
    for line, cells in read_rows(path, faults):
        row = Row(path.name, line, cells, faults)
        word = cells[0].lower()
        if word == "startdate":
            day = read_date(row.text(1))
            if day is None:
                row.note("flee.period.date", "StartDate", cell=row.text(1))
            else:
                start = day
            seen.add(word)
        elif word == "length" and row.text(1):
            length = row.whole(1, "Length", 0, 1, 36525)
            seen.add(word)
    faults += [fault("flee.period.missing", (path.name, 0, word)) for word in sorted({"startdate", "length"} - seen)]
    return start, max(length, 1)


def _read_places(path: Path, faults: list[Fault]) -> list[Place]:
    rows = read_rows(path, faults)
    header = [cell.lstrip("#").strip() for cell in rows[0][1]] if rows and rows[0][1][0].startswith("#") else []
    places = []
    for line, cells in rows:
        if cells[0].startswith("#"):
            continue
        row = Row(path.name, line, cells, faults)
        if len(cells) < 6:
            row.note("flee.locations.short", "", count=len(cells))
            continue
        kind = cells[5]
        given = {name: i for i, name in enumerate(header) if 8 <= i < len(cells) and name}
        attributes = {name: cells[i] for name, i in given.items() if cells[i]}
        for name, usual in _PLACE_NUMBERS.items():
            if name in attributes:
                row.number(given[name], name, 0.0, 0.0)
            elif name in given and _is_read(name, kind):
                row.note("flee.cell.empty", name, usual=usual)
        if "conflict" in kind.lower() and not row.text(6):
            row.note("flee.cell.empty", "conflict_date", usual=0)
        people = row.whole(7, "population", 0, *(() if "camp" in kind.lower() else (-1,)))  # of a camp: no limit
        places.append(
            Place(
                line, cells[0], cells[1], cells[2], row.number(3, "latitude", 0.0, -1000, 1000),
                row.number(4, "longitude", 0.0, -1000, 1000), kind,
                row.whole(6, "conflict_date", 0) if "conflict" in kind.lower() else 0, people, attributes,
            )
        )  # fmt: skip
    if not places:
        faults.append(fault("flee.locations.empty", (path.name, 0, "")))
    return places


def _is_read(name: str, kind: str) -> bool:
    """Return whether Flee turns a column of its own into a number for a type of place."""
    words = {"initial_idps": "camp", "conflict_intensity": "conflict"}
    return name == "capacity_per_day" or (name in words and find_word(kind) == words[name])


def _read_roads(path: Path, faults: list[Fault]) -> list[Road]:
    if not path.is_file():
        faults.append(fault("flee.file.missing:roads", (path.name, 0, "")))
        return []
    rows = read_rows(path, faults)
    header = list(_ROAD_COLUMNS)
    if rows and rows[0][1][0].startswith("#"):
        header = [cell.lstrip("#").strip() for cell in rows[0][1]]
    roads = []
    for line, cells in rows:
        if cells[0].startswith("#"):
            continue
        row = Row(path.name, line, cells, faults)
        if len(cells) < 3 or not cells[1]:
            row.note("flee.routes.short", "", count=len(cells))
            continue
        named = {name: i for i, name in enumerate(header) if 3 < i < len(cells)}
        for name, usual in (("max_move_speed", "the general speed"), ("walk_probability", "0")):
            if name in named and not row.text(named[name]):
                row.note("flee.cell.empty", name, usual=usual)
        speed = row.number(named["max_move_speed"], "max_move_speed", 0.0, 1e-6) if "max_move_speed" in named else 0.0
        walk = 0.0
        if "walk_probability" in named:
            walk = row.number(named["walk_probability"], "walk_probability", 0.0, 0.0, 1.0)
        distance = row.number(2, "distance", -1.0, 1e-6, 1e6)
        if distance < 0 and not row.text(2):
            row.note("flee.cell.number:distance", "distance")
        forced = row.whole(3, header[3] if len(header) > 3 else "forced_redirection", 0)
        roads.append(Road(line, cells[0], cells[1], max(distance, 1e-6), forced, speed or None, walk))
    return roads


def _read_closures(path: Path, faults: list[Fault]) -> list[Closure]:
    closures = []
    for line, cells in read_rows(path, faults):
        if cells[0].startswith("#"):
            continue
        row = Row(path.name, line, cells, faults)
        if len(cells) < 5:
            row.note("flee.closures.short", "", count=len(cells))
            continue
        since, until = (_read_day(row, i, name) for i, name in ((3, "closure_start"), (4, "closure_end")))
        closures.append(Closure(line, cells[0], cells[1], cells[2], since, until))
    return closures


def _read_day(row: Row, index: int, column: str) -> int:
    if not row.text(index):
        row.note("flee.cell.empty", column, usual=-1)
    return row.whole(index, column, -1)


def _read_daily(path: Path, faults: list[Fault]) -> DailyTable:
    rows = read_rows(path, faults)
    if not rows:
        faults.append(fault("flee.daily.empty", (path.name, 0, "")))
        return DailyTable(np.zeros(0), [], np.zeros((0, 0)))
    header = rows[0][1]
    if not header[0].lstrip("#").strip().lower().startswith("day"):
        faults.append(fault("flee.daily.header", (path.name, rows[0][0], header[0]), name=header[0] or "nothing"))
    keep = [i for i in range(1, len(header)) if header[i]]
    days: list[float] = []
    values: list[list[float]] = []
    for line, cells in rows[1:]:
        if cells[0].startswith("#"):
            continue
        row = Row(path.name, line, cells, faults)
        days.append(row.number(0, "#Day", float(len(days))))
        missing = [header[i] for i in keep if not row.text(i)]
        if missing:
            row.note("flee.daily.short", missing[0], count=len(missing))
        values.append([row.number(i, header[i], 0.0) for i in keep])
    table = np.array(values, dtype=np.float64).reshape(len(values), len(keep))
    return DailyTable(np.array(days), [header[i] for i in keep], table)


def _read_changes(path: Path, faults: list[Fault]) -> list[tuple[int, str, str, int]]:
    changes = []
    for line, cells in read_rows(path, faults):
        if not cells[0].startswith("#"):
            row = Row(path.name, line, cells, faults)
            changes.append((line, cells[0], row.text(1), _read_day(row, 2, "day")))
    return changes


def _read_demographics(path: Path, faults: list[Fault]) -> Demographics:
    attribute = path.stem.split("_", 1)[1]
    rows = read_rows(path, faults)
    header = rows[0][1] if rows else []
    if len(header) < 2 or header[0].lstrip("#") != attribute or header[1] != "Default" or len(rows) < 2:
        facts = {"found": ",".join(header[:2]) or "nothing", "attribute": attribute}
        faults.append(fault("flee.demographics.header", (path.name, 1, attribute), **facts))
        return Demographics(attribute, ["-1"], np.ones(1), {})
    columns: list[list[float]] = []
    for line, cells in rows[1:]:
        row = Row(path.name, line, cells, faults)
        columns.append([row.number(i, header[i], 0.0, 0.0) for i in range(1, len(header))])
    weights = np.array(columns)
    for i, name in enumerate(header[1:]):
        if not weights[:, i].sum() > 0:
            faults.append(fault("flee.demographics.weights", (path.name, 0, name)))
            weights[:, i] = 1.0
    places = {name: weights[:, i + 1] for i, name in enumerate(header[2:]) if name}
    return Demographics(attribute, [cells[0] for _, cells in rows[1:]], weights[:, 0], places)


def _read_major_routes(path: Path, faults: list[Fault]) -> list[tuple[int, list[str]]]:
    routes = []
    for line, cells in read_rows(path, faults):
        names = [cell for cell in cells if cell]
        if len(names) < 2:
            faults.append(fault("flee.major_routes.short", (path.name, line, ""), found=",".join(names)))
        else:
            routes.append((line, names))
    return routes


def _read_agents(path: Path, faults: list[Fault]) -> list[tuple[str, dict[str, str]]]:
    rows = read_rows(path, faults)
    header = rows[0][1] if rows else []
    return [(cells[0], dict(zip(header[1:], cells[1:], strict=False))) for _, cells in rows[1:]]
