"""Flee folders drawn from a seed, in the shapes met in practice, and the same folder in a slovenly hand."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import date, timedelta

START = date(2019, 3, 1)
ZONES, OTHERS, CAMPS = ("conflict_zone", "conflict"), ("town", "town", "default", "forwarding_hub", "marker"), ("camp",)
MISTAKES = {  # and the code that says so; "" where it depends on the rest of the folder
    "road to nowhere": "flee.routes.place", "camp without counts": "flee.source.camp",
    "conflicts too short": "flee.daily.rows", "no period": "flee.file.missing", "half an awareness": "flee.settings.cut",
    "no distance": "flee.cell.number", "place twice": "flee.locations.twice",
    "conflict in an unknown place": "flee.daily.column", "unknown setting": "flee.settings.unknown",
    "closure of nothing": "flee.closures.name", "text for people": "flee.cell.number", "no layout": "",
    "date the other way round": "flee.period.date", "nobody can leave": "", "empty speed": "flee.cell.empty",
    "no file of counts": "flee.source.missing", "empty table": "", "camp cut off": "flee.locations.cut_off",
    "chance above one": "flee.settings.beyond", "semicolons": "flee.locations.short", "not utf-8": "flee.file.encoding",
}  # fmt: skip


@dataclass
class Drawn:
    """The tables of a folder, by file; `settings` by section."""

    days: int
    tables: dict[str, list[list[object]]]
    settings: dict[str, dict[str, object]]


def draw_folder(seed, oracle=False):
    """Return a folder that Flee runs; with `oracle` of rules that the person by person program knows as well."""
    chance = random.Random(seed)
    days, count = chance.randint(8, 24), chance.randint(5, 14)
    kinds = [chance.choice(ZONES), *(chance.choice(ZONES + OTHERS * 2 + CAMPS * 3) for _ in range(count - 2)), "camp"]
    if not oracle:
        kinds = [chance.choice(("idpcamp", "Camp", kind)) if kind == "camp" else kind for kind in kinds]
    names = [f"{chance.choice(('Al ', 'New ', '', 'Bani-'))}P{i}" for i in range(count)]
    camps = [name for name, kind in zip(names, kinds, strict=True) if "camp" in kind.lower()]
    places: list[list[object]] = [["#name", "region", "country", "latitude", "longitude", "location_type",
                                   "conflict_date", "population"]]  # fmt: skip
    for name, kind in zip(names, kinds, strict=True):
        country = "Abroad" if "camp" in kind.lower() and chance.random() < 0.7 else "Home"
        people = chance.choice((0, 300, 900, 5000)) if "camp" in kind.lower() else chance.randint(1000, 90000)
        when = 0 if kind in ZONES[:1] or chance.random() < 0.6 else chance.randint(1, days - 2)
        places.append([name, chance.choice("RST"), country, round(chance.uniform(-9, 9), 3),
                       round(chance.uniform(-9, 9), 3), kind, when if kind in ZONES else "", people])  # fmt: skip
    places[1][6], places[1][2] = 0, "Home"
    roads: list[list[object]] = [["#name1", "name2", "distance", "forced_redirection"]]
    pairs = {(chance.randrange(i), i) for i in range(1, count)}
    while len(pairs) < min(count + chance.randint(0, count), count * (count - 1) // 2):
        pairs.add(tuple(sorted(chance.sample(range(count), 2))))
    fraction = chance.random() < 0.2
    for a, b in sorted(pairs):
        distance = round(chance.uniform(5, 400), 1) if fraction else chance.randint(5, 400)
        roads.append([names[a], names[b], distance, 0 if oracle else chance.choice((0, 0, 0, 2, ""))])
    zones = [(row[0], row[6]) for row in places[1:] if row[5] in ZONES]
    fighting = {name: (0 if name == names[0] else since or chance.choice((0, 3)), chance.choice((days, days - 4)))
                for name, since in zones}  # fmt: skip
    fighting[names[0]] = (0, days)
    level = chance.choice((1, 1, 0.4))
    conflicts: list[list[object]] = [["#Day", *fighting]]
    conflicts += [
        [day, *(level if a <= day < b else 0 for a, b in fighting.values())]
        for day in range(days + chance.choice((0, 3)))
    ]
    tables = {"input_csv/locations.csv": places, "input_csv/routes.csv": roads, "input_csv/conflicts.csv": conflicts}
    period = "input_csv/" + chance.choice(("sim_period.csv", "conflict_period.csv"))
    tables[period] = [["StartDate", START.isoformat()], ["Length", days]]
    if chance.random() < 0.7:
        tables["input_csv/closures.csv"] = _draw_closures(chance, days, names, camps, oracle)
    _draw_counts(chance, days, camps, tables)
    settings = _draw_settings(chance, oracle)
    if not oracle:
        _draw_rarer(chance, names, tables, settings)
    return Drawn(days, tables, settings)


def _draw_closures(chance, days, names, camps, oracle):
    kinds = ("country", "location", "camp") if oracle else ("country", "location", "camp", "link", "idpcamp",
                                                            "remove_forced_redirection")  # fmt: skip
    rows: list[list[object]] = [["#closure_type", "name1", "name2", "closure_start", "closure_end"]]
    used = set()
    for _ in range(chance.randint(0, 3)):
        kind, since = chance.choice(kinds), chance.randint(0 if not oracle else 1, days - 2)
        ends = {"country": ("Home", "Abroad"), "link": (names[0], names[1])}.get(kind)
        if ends is None:
            place = chance.choice(camps if "camp" in kind else names[1:])
            ends = (place, "" if chance.random() < 0.5 else place)
        if kind == "country" and chance.random() < 0.5:
            ends = ends[::-1]
        if oracle and ({kind, "any"} & used):  # closures upon closures are for other tests
            continue
        used |= {kind, *(["any"] if kind != "camp" else [])}
        rows.append([kind, *ends, since, chance.choice((-1, min(since + chance.randint(1, 8), days + 2)))])
    return rows


def _draw_counts(chance, days, camps, tables):
    layout: list[list[object]] = [["total", "refugees.csv"]]
    whole = chance.choice((0, 200, 2000))
    for i, camp in enumerate(camps):
        first = chance.choice((0, 0, chance.randint(1, days - 1)))  # some open late
        people, rows = (0 if first or chance.random() < 0.5 else chance.randint(1, 200)), []
        if first and chance.random() < 0.5:
            rows.append([START.isoformat(), 0])
        for day in sorted({first, *(chance.randint(first, days + 6) for _ in range(chance.randint(0, 3)))}):
            people += chance.randint(0, 1500) * (day > 0)
            rows.append([(START + timedelta(days=day)).isoformat(), people])
        if chance.random() < 0.3:
            rows.insert(0, ["Date", "Refugee_numbers"])
        tables[f"source_data/camp-{i}.csv"] = rows
        layout.append([camp, f"camp-{i}.csv"])
    tables["source_data/refugees.csv"] = [[START.isoformat(), whole],
                                          [(START + timedelta(days=days)).isoformat(), whole + 4000]]  # fmt: skip
    tables["source_data/data_layout.csv"] = layout


def _draw_settings(chance, oracle):
    move: dict[str, object] = {"max_move_speed": chance.choice((100.0, 200.0, 360.0, 420.0))}
    move["awareness_level"] = chance.choice((1, 1, 2, 3))
    wishes = {
        "max_walk_speed": (35.0, 42.0), "camp_weight": (1.0, 2.0), "conflict_weight": (0.25, 0.5),
        "foreign_weight": (1.0, 1.5),
        "default_movechance": (0.3, 0.6), "camp_movechance": (0.001, 0.05), "start_on_foot": (True, False),
        "avoid_short_stints": (True, False), "capacity_scaling": (1.0, 0.7), "capacity_buffer": (0.9, 0.7),
        "softening": (10.0, 40.0),
        "weight_softening": (0.0, 0.3), "distance_power": (1.0, 1.5), "weight_power": (1.0, 2.0),
    }  # fmt: skip
    move |= {name: chance.choice(values) for name, values in wishes.items() if chance.random() < 0.5}
    spawn: dict[str, object] = {}
    if chance.random() < 0.4:
        spawn["conflict_spawn_decay"] = [1.0, 0.5, 0.1]
        spawn["conflict_spawn_decay_interval"] = chance.choice((2, 10))
    if not oracle:
        rarer = {"idpcamp_movechance": 0.2, "pruning_threshold": 2.0, "use_pop_for_loc_weight": True,
                 "movechance_pop_scale_factor": 0.1, "fixed_routes": True, "stay_close_to_home": True,
                 "harvest_months": [3], "ChildrenAvoidHazards": True, "BoysTakeRisk": True}  # fmt: skip
        move |= {name: value for name, value in rarer.items() if chance.random() < 0.12}
        choices = {"take_from_population": True, "insert_day0": False, "empty_camps_on_day0": True,
                   "sum_from_camps": False,
                   "conflict_driven_spawning": {"spawn_mode": chance.choice(("constant", "pop_ratio", "poisson"))}}  # fmt: skip
        spawn |= {name: value for name, value in choices.items() if chance.random() < 0.12}
    found = {"log_levels": {"camp": 0}, "spawn_rules": spawn, "move_rules": move}
    if not oracle and chance.random() < 0.2:
        found["optimisations"] = {"hasten": 10}
    return found


def _draw_rarer(chance, names, tables, settings):
    """Columns, tables and settings that some folders have."""
    if {"ChildrenAvoidHazards", "BoysTakeRisk"} & set(settings["move_rules"]) or chance.random() < 0.2:
        tables["input_csv/demographics_age.csv"] = [["age", "Default", names[0]], [8, 3, 1], [30, 5, 2], [70, 2, 0]]
        tables["input_csv/demographics_gender.csv"] = [["gender", "Default"], ["m", 1], ["f", 1]]
    places, roads = tables["input_csv/locations.csv"], tables["input_csv/routes.csv"]
    if chance.random() < 0.3:
        for row in places:
            row.append("capacity_per_day" if row is places[0] else chance.choice((0, 15)))
    if chance.random() < 0.3:
        for row in places:
            row.append("initial_idps" if row is places[0] else 40 if "camp" in str(row[5]).lower() else 0)
    if chance.random() < 0.3:
        for row in roads:
            row.append("max_move_speed" if row is roads[0] else chance.choice((60, 300, 500)))
        if chance.random() < 0.5:
            for row in roads:
                row.append("walk_probability" if row is roads[0] else chance.choice((0, 0.4)))
    elif chance.random() < 0.3:
        for row in roads:
            del row[3:]
    if chance.random() < 0.2:
        places[0][3:5] = ["lat", "lon"]
    if chance.random() < 0.15:
        tables["input_csv/registration_corrections.csv"] = [[names[-1], "2019-02-01"]]
    if chance.random() < 0.15:
        tables["input_csv/location_changes.csv"] = [["#name", "new_type", "day"], [names[1], "town", 4]]


def add_floods(drawn, seed):
    """Have towns flooded, with people who leave because of it or not, and in some folders a forecast that they see."""
    chance, days = random.Random(seed), drawn.days
    places = drawn.tables["input_csv/locations.csv"]
    towns = [row for row in places[1:] if row[5] in {"town", "default"}] or [places[1]]
    wet = chance.sample(towns, chance.randint(1, len(towns)))
    for row in wet:
        row[5], row[6] = "flood_zone", 0
    ahead = chance.random() < 0.5
    rows = [[day, *(chance.choice((0, 0, 1, 2, 3)) for _ in wet)] for day in range(days + 4)]
    rows[0][1] = 2
    drawn.tables["source_data/wet.csv"] = [[START.isoformat(), 0]]
    drawn.tables["source_data/data_layout.csv"] += [[row[0], "wet.csv"] for row in wet]
    drawn.tables["input_csv/flood_level.csv"] = [["#Day", *(row[0] for row in wet)], *rows]
    rules: dict[str, object] = {"max_flood_level": 4, "flood_loc_weights": [1, 0.8, 0.5, 0.3, 0.1],
                                "flood_movechances": [0, 0.3, 0.5, 0.8, 1]}  # fmt: skip
    if ahead:
        rules |= {"flood_forecaster": True, "flood_forecaster_timescale": chance.randint(2, 4),
                  "flood_forecaster_end_time": days + 2, "flood_forecaster_weights": [round(0.9**day, 3) for day in range(days + 3)],
                  "flood_awareness_weights": [0.3, 0.5, 1.0]}  # fmt: skip
        drawn.tables["input_csv/demographics_floodawareness.csv"] = [["floodawareness", "Default"],
                                                                     [0, 1], [1, 2], [2, 1]]  # fmt: skip
    drawn.settings["move_rules"]["flood_rules"] = rules
    mode = chance.choice(("constant", "pop_ratio", "poisson"))
    amounts = [0, 0.01, 0.02, 0.03, 0.04] if mode == "pop_ratio" else [0, 20, 40, 60, 80]
    drawn.settings["spawn_rules"] |= {
        "take_from_population": True, "conflict_zone_spawning_only": False, "flood_zone_spawning_only": True,
        "flood_driven_spawn_mode": {"spawn_mode": mode, "displaced_per_flood_day": amounts},
    }  # fmt: skip
    return drawn


def keep_flat(drawn):
    """Leave only those settings that a table of Flee 2 can hold: one word and one value."""
    for section, values in drawn.settings.items():
        drawn.settings[section] = {name: value for name, value in values.items() if not isinstance(value, (dict, list))}
    drawn.settings.pop("log_levels")
    return drawn


def write_old_settings(drawn, path):
    """Write the settings as Flee 2 has them in place of today's; hasten was called otherwise."""
    (path / "simsetting.yml").unlink(missing_ok=True)
    words = {name.replace("_", ""): value for values in drawn.settings.values() for name, value in values.items()}
    if "hasten" in words:
        words["PopulationScaleDownFactor"] = words.pop("hasten")
    lines = ["#name,value", *(f"{name.upper()},{value}" for name, value in words.items())]
    (path / "simsetting.csv").write_text("\n".join(lines) + "\n")
    return path


def make_mistake(drawn, seed):
    """Put one of `MISTAKES` into a folder and return which."""
    chance = random.Random(seed)
    kind, tables = list(MISTAKES)[seed % len(MISTAKES)], drawn.tables
    places, roads, conflicts = (tables[f"input_csv/{name}.csv"] for name in ("locations", "routes", "conflicts"))
    move, layout = drawn.settings["move_rules"], tables["source_data/data_layout.csv"]
    if kind == "road to nowhere":
        roads.append([places[1][0], "Nowhere", 30])
    elif kind == "camp without counts":
        del layout[-1]
    elif kind == "conflicts too short":
        del conflicts[len(conflicts) // 2 :]
    elif kind == "no period":
        drawn.tables = {name: rows for name, rows in tables.items() if "period" not in name}
    elif kind == "half an awareness":
        move["awareness_level"] = 1.5
    elif kind == "no distance":
        roads[-1][2] = chance.choice(("", 0, "far", -3))
    elif kind == "place twice":
        places.append([*places[chance.randint(1, len(places) - 1)]])
    elif kind == "conflict in an unknown place":
        conflicts[0][1] = "Elsewhere"
    elif kind == "unknown setting":
        move["max_mov_speed"] = 3
    elif kind == "closure of nothing":
        tables["input_csv/closures.csv"] = [["#t"], ["location", "Atlantis", "", 2, 5], ["door", "x", "y", 1, 2]]
    elif kind == "text for people":
        places[-1][7] = "many"
    elif kind == "no layout":
        del tables["source_data/data_layout.csv"]
    elif kind == "date the other way round":
        next(rows for name, rows in tables.items() if "period" in name)[0][1] = "01/03/2019"
    elif kind == "nobody can leave":
        for row in conflicts[1:]:
            row[1:] = [0 if row[0] > 2 else value for value in row[1:]]
    elif kind == "empty speed":
        for row in roads:
            row[3:] = ["forced_redirection", "max_move_speed"] if row is roads[0] else [0, ""]
    elif kind == "no file of counts":
        layout[-1][1] = "lost.csv"
    elif kind == "empty table":
        tables[chance.choice(("input_csv/routes.csv", "input_csv/conflicts.csv", "source_data/refugees.csv"))] = []
    elif kind == "camp cut off":
        roads[1:] = [row for row in roads[1:] if places[-1][0] not in row[:2]]
    elif kind == "chance above one":
        move["default_movechance"] = 1.4
    return kind


def write_folder(drawn, path, slovenly=None, mistake=""):
    """Write a folder; with a seed `slovenly` in other bytes that Flee's reading, or a spreadsheet's, leaves the same."""
    chance = random.Random(slovenly)
    for name, rows in drawn.tables.items():
        text = _form(rows, chance if slovenly is not None else None, comments="closures" in name)
        if mistake == "semicolons" and "locations" in name:
            text = text.replace(",", ";")
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        mark = "\ufeff" if slovenly is not None and chance.random() < 0.3 else ""
        coded = (mark + text).encode("utf-8")
        file.write_bytes(coded + b"#\xff\xfe\n" if mistake == "not utf-8" and "routes" in name else coded)
    lines = []
    for section, values in drawn.settings.items():
        lines.append(f"{section}:" if values else f"{section}: {{}}")
        for name, value in values.items():
            if isinstance(value, dict):
                lines += [f"  {name}:", *(f"    {inner}: {setting}" for inner, setting in value.items())]
            else:
                lines.append(f"  {name}: {value}")
    if slovenly is not None:
        spare = [chance.random() < 0.2 and line[-1] != ":" for line in lines]
        lines = ["# settings", *(line + "  # as agreed" * more for line, more in zip(lines, spare, strict=True))]
    (path / "simsetting.yml").write_text("\n".join(lines) + "\n")
    return path


def _form(rows, chance, comments):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n" if chance and chance.random() < 0.5 else "\n")
    for number, row in enumerate(rows):
        cells = [str(cell) for cell in row]
        if chance:
            cells = [cell + " " if chance.random() < 0.1 else cell for cell in cells]
            if chance.random() < 0.15:
                text.write("\n")
            if number and comments and chance.random() < 0.3:
                text.write("# the border guards told us, on the phone\n")
        if chance and number and chance.random() < 0.2:
            csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerow(cells)
        else:
            writer.writerow(cells)
    return text.getvalue()
