"""The settings file of Flee (simsetting.yml): every key as a row of one table, read with all faults at once.

The table follows Flee's master of May 2026: the key, its default there and what it does. Flee ignores a key that
it does not know; here that is a fault, with the nearest known key.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from corridor.flee.old_settings import read_old_settings
from corridor.scenario.draft import suggest
from corridor.scenario.faults import Fault, fault

LONGEST, DEEPEST = 100_000, 20  # characters, and keys within keys
KINDS = {
    "number": "a number",
    "positive": "a number above 0",
    "chance": "a number from 0 to 1",
    "whole": "a whole number",
    "count": "a whole number, 1 or more",
    "switch": "True or False",
    "numbers": "a list of numbers",
    "months": "a list of month numbers, 1 to 12",
    "word": "a word",
    "mode": "constant, pop_ratio or poisson",
    "amount": "a number or a list of numbers",
}


@dataclass(frozen=True)
class Setting:
    """One row of the table: where the key stands in the file, its kind, Flee's default, and what it means."""

    key: str
    kind: str
    default: Any
    meaning: str
    inert: str = ""  # why Flee reads the key and nothing follows


SETTINGS = [
    Setting("number_of_steps", "whole", -1, "length of the run", "Flee reads it and uses sim_period.csv instead"),
    Setting("conflict_input_file", "word", "", "conflicts", "always conflicts.csv in the input folder"),
    Setting("flood_level_input_file", "word", "", "floods", "always flood_level.csv in the input folder"),
    Setting("default_conflict_intensity", "number", 1, "intensity of a place that becomes a conflict zone"),
    Setting("log_levels.agent", "whole", 0, "a log line for every person and day", "Corridor keeps counts"),
    Setting("log_levels.link", "whole", 0, "a log line for every road and day", "Corridor keeps counts"),
    Setting("log_levels.camp", "whole", 0, "messages about camps", "logging only"),
    Setting("log_levels.init", "whole", 0, "messages about the start", "logging only"),
    Setting("log_levels.conflict", "whole", 0, "messages about conflicts", "logging only"),
    Setting("log_levels.idp_totals", "whole", 0, "one more column of output", "logging only"),
    Setting("log_levels.granularity", "word", "location", "level of logs", "logging only"),
    Setting("spawn_rules.take_from_population", "switch", False, "people who leave are taken from the population"),
    Setting("spawn_rules.insert_day0", "switch", True, "people registered on day 0 start in the camps"),
    Setting("spawn_rules.empty_camps_on_day0", "switch", False, "start empty, subtract day 0 from the data"),
    Setting("spawn_rules.conflict_zone_spawning_only", "switch", True, "people leave from conflict zones only"),
    Setting("spawn_rules.flood_zone_spawning_only", "switch", False, "people leave because of floods"),
    Setting("spawn_rules.camps_are_sicks", "switch", False, "camps take people out (sic); stops Flee with an error"),
    Setting("spawn_rules.camps_are_sinks", "switch", False, "camps take people out", "Flee reads camps_are_sicks"),
    Setting("spawn_rules.read_from_agents_csv_file", "switch", False, "people listed in agents.csv"),
    Setting("spawn_rules.sum_from_camps", "switch", True, "totals are the sums of the camp files"),
    Setting("spawn_rules.starvation_driven_spawning", "switch", False, "hunger adds to the weight of a place"),
    Setting("spawn_rules.conflict_driven_spawning.spawn_mode", "mode", "constant", "people leave by conflict"),
    Setting("spawn_rules.conflict_driven_spawning.displaced_per_conflict_day", "amount", None, "people or share a day"),
    Setting("spawn_rules.flood_driven_spawn_mode.spawn_mode", "mode", "pop_ratio", "people leave by flood level"),
    Setting("spawn_rules.flood_driven_spawn_mode.displaced_per_flood_day", "amount", None, "people or share by level"),
    Setting("spawn_rules.average_social_connectivity", "number", 3.0, "ties", "nothing reads it in a run"),
    Setting("spawn_rules.conflict_spawn_decay", "numbers", None, "weight of a conflict by its age"),
    Setting("spawn_rules.conflict_spawn_decay_interval", "count", 30, "days for each entry of the decay"),
    Setting("move_rules.max_move_speed", "positive", 360.0, "km a day"),
    Setting("move_rules.max_walk_speed", "positive", 35.0, "km a day on foot"),
    Setting("move_rules.max_crossing_speed", "positive", 20.0, "km a day at crossings", "Flee never uses it"),
    Setting("move_rules.foreign_weight", "number", 1.0, "attraction of places abroad"),
    Setting("move_rules.camp_weight", "number", 1.0, "attraction of camps"),
    Setting("move_rules.conflict_weight", "number", 10.0**-0.5, "attraction of conflict zones"),
    Setting("move_rules.conflict_movechance", "chance", 1.0, "chance to leave a conflict zone in a day"),
    Setting("move_rules.camp_movechance", "chance", 0.001, "chance to leave a camp in a day"),
    Setting("move_rules.idpcamp_movechance", "chance", 0.1, "chance to leave a camp inside the country in a day"),
    Setting("move_rules.default_movechance", "chance", 0.3, "chance to leave a town in a day"),
    Setting("move_rules.awareness_level", "whole", 1, "how many roads ahead people see"),
    Setting("move_rules.capacity_buffer", "number", 0.9, "share of the capacity from which a camp attracts less"),
    Setting("move_rules.capacity_scaling", "number", 1.0, "factor on all capacities"),
    Setting("move_rules.avoid_short_stints", "switch", False, "people go on through towns on a short day"),
    Setting("move_rules.start_on_foot", "switch", False, "the first road is walked"),
    Setting("move_rules.use_v1_rules", "switch", False, "Flee 1: speed 200, camp weight 2, conflict weight 0.25"),
    Setting("move_rules.softening", "number", 10.0, "km added to every distance"),
    Setting("move_rules.weight_softening", "number", 0.0, "added to every attraction"),
    Setting("move_rules.weight_power", "number", 1.0, "power of a route's weight"),
    Setting("move_rules.distance_power", "number", 1.0, "power of a route's distance"),
    Setting("move_rules.stay_close_to_home", "switch", False, "distance from the place where people are (in Flee)"),
    Setting("move_rules.home_distance_power", "number", 0.5, "power of that distance"),
    Setting("move_rules.use_pop_for_loc_weight", "switch", False, "population attracts"),
    Setting("move_rules.pop_power_for_loc_weight", "number", 0.1, "power of the population"),
    Setting("move_rules.movechance_pop_base", "positive", 10000.0, "population at which the chance is as given"),
    Setting("move_rules.movechance_pop_scale_factor", "number", 0.0, "power of population over base"),
    Setting("move_rules.pruning_threshold", "number", 1.0, "routes below best / threshold are dropped"),
    Setting("move_rules.WomenAvoidHazards", "switch", False, "attraction squared for women"),
    Setting("move_rules.ChildrenAvoidHazards", "switch", False, "attraction squared below 19 years"),
    Setting("move_rules.ElderlyAvoidHazards", "switch", False, "attraction squared above 59 years"),
    Setting("move_rules.BoysTakeRisk", "switch", False, "attraction ignored by males above 14"),
    Setting("move_rules.MatchCampReligion", "switch", False, "camps with the same religion attract"),
    Setting("move_rules.MatchCampEthnicity", "switch", False, "camps with the same ethnicity attract"),
    Setting("move_rules.MatchTownEthnicity", "switch", False, "towns with the same ethnicity attract"),
    Setting("move_rules.MatchConflictEthnicity", "switch", False, "conflict zones with the same ethnicity attract"),
    Setting(
        "move_rules.avg_religion_fraction", "positive", 0.25, "share at which religion neither attracts nor repels"
    ),
    Setting("move_rules.fixed_routes", "switch", False, "one best route to each place, and major routes"),
    Setting("move_rules.two_system_decision_making", "switch", False, "two-system choice", "never switched on in Flee"),
    Setting("move_rules.use_economic_pull", "switch", False, "trade and development attract abroad"),
    Setting("move_rules.harvest_months", "months", [], "months in which people are at home"),
    Setting("move_rules.flee_when_starving", "switch", False, "hunger raises the chance to leave"),
    Setting("move_rules.avoid_food_deprived_locations", "switch", False, "hunger lowers the attraction"),
    Setting("move_rules.flood_rules.max_flood_level", "whole", -1, "highest flood level"),
    Setting("move_rules.flood_rules.flood_movechances", "numbers", None, "chance to leave by flood level"),
    Setting("move_rules.flood_rules.flood_loc_weights", "numbers", None, "attraction by flood level"),
    Setting("move_rules.flood_rules.flood_link_weights", "numbers", None, "roads by flood level", "Flee never uses it"),
    Setting("move_rules.flood_rules.flood_forecaster", "switch", False, "people know floods ahead"),
    Setting("move_rules.flood_rules.flood_forecaster_timescale", "whole", 0, "days ahead"),
    Setting("move_rules.flood_rules.flood_forecaster_weights", "numbers", None, "weight by day"),
    Setting("move_rules.flood_rules.flood_forecaster_end_time", "whole", 0, "last day of forecasts"),
    Setting("move_rules.flood_rules.flood_awareness_weights", "numbers", None, "weight by awareness of floods"),
    Setting("optimisations.hasten", "count", 1, "only every n-th person"),
]
FLOOD_SHARES, FLOOD_PEOPLE = (0.0, 0.1, 0.2, 0.5, 0.9), (0, 100, 200, 300, 500)  # displaced by level, where not given
BY_KEY = {setting.key: setting for setting in SETTINGS}
SECTIONS = {key.rsplit(".", i)[0] for key in BY_KEY for i in range(1, key.count(".") + 1)}
_YES, _NO = {"true", "yes", "on", "1", "1.0"}, {"false", "no", "off", "0", "0.0"}


def _as_number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if abs(number) < 1e15 else None  # also refuses "nan" and "inf"


def _parse(setting: Setting, value: object) -> tuple[Any, bool]:
    """Return the value in its kind and whether it was understood."""
    kind = setting.kind
    if kind == "word":
        return str(value), True
    if kind == "mode":  # Flee reads the first two as they are written, the last in letters of any size
        word = str(value).lower()
        return word, str(value) in {"constant", "pop_ratio"} or word == "poisson"
    if kind == "switch":
        return bool(value), True  # as Flee does, which takes "False" in quotes for True
    if kind in {"numbers", "months"} or (kind == "amount" and isinstance(value, list)):
        if value is None or value is False:
            return setting.default, True
        numbers = [_as_number(entry) for entry in value] if isinstance(value, list) else [None]
        good = None not in numbers and (kind == "months" or len(numbers) > 0)
        if kind == "months":
            good = good and all(number in range(1, 13) for number in numbers)
        return numbers, good
    number = _as_number(value)
    if number is None:
        return setting.default, False
    if kind in {"whole", "count"}:  # Flee cuts them to whole ones
        return int(number), kind == "whole" or int(number) >= 1
    if kind == "chance":
        return min(max(number, 0.0), 1.0), True
    return number, kind in {"number", "amount"} or number > 0


def _read_word(text: str) -> bool | str:
    """Return True or False for a word that says so, any other text as it stands."""
    word = text.strip().lower()
    return word in _YES if word in _YES | _NO else text


def _flatten(tree: dict[Any, Any], prefix: str, found: dict[str, object], faults: list[Fault], file: str) -> None:
    for name, value in tree.items():
        key = f"{prefix}{name}"
        if key in SECTIONS:
            if isinstance(value, dict):
                found[key] = True
                _flatten(value, key + ".", found, faults, file)
            elif value is not None and value is not False:
                faults.append(fault("flee.settings.section", (file, 0, key), found=_show(value), key=key))
        elif key in BY_KEY:
            found[key] = value
        else:
            faults.append(_unknown(key, file))


def _unknown(key: str, file: str) -> Fault:
    last = key.rsplit(".", 1)[-1].lower()
    elsewhere = [known for known in BY_KEY if known.rsplit(".", 1)[-1].lower() == last]
    hint = suggest(elsewhere[0] if elsewhere else key, [*BY_KEY, *SECTIONS])
    return fault("flee.settings.unknown", (file, 0, key), key=key, hint=hint)


def _load(text: str) -> object:
    """Return a YAML document. Raises ValueError for one that no settings need: long, or with parts that repeat others.

    A few such repeats inside each other stand for more values than any memory holds.
    """
    if len(text) > LONGEST:
        message = f"{len(text):,} characters; settings have at most {LONGEST:,}"
        raise ValueError(message)
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent):
            message = "an alias (*name); write its value out where it is meant"
            raise ValueError(message)
        if depth > DEEPEST:
            message = f"lists or keys within more than {DEEPEST} others"
            raise ValueError(message)
    return yaml.safe_load(text)


def _show(value: object) -> str:
    """Return a value as it would be written, cut to fit a line."""
    return repr(value)[:80]


def read_settings(path: Path, faults: list[Fault]) -> dict[str, Any]:
    """Return every setting by its dotted key, Flee's defaults filled in; what is wrong is added to `faults`.

    A section that stands in the file (for example `spawn_rules.conflict_driven_spawning`, whose mere presence
    switches the rule on) is also a key, with the value True. An unknown key is a warning, since Flee runs with it.
    """
    file = path.name
    values: dict[str, Any] = {setting.key: setting.default for setting in SETTINGS}
    values.update(dict.fromkeys(SECTIONS, False))
    found: dict[str, object] = {}
    if path.suffix == ".csv":
        faults.append(fault("flee.settings.table", (file, 0, "")))
        for key, given in read_old_settings(path, BY_KEY, faults).items():
            if key in BY_KEY:
                found[key] = _read_word(given) if BY_KEY[key].kind == "switch" else given
            else:
                faults.append(_unknown(key, file))
        return _take_values(found, values, faults, file)
    try:
        tree = _load(path.read_text(encoding="utf-8-sig"))
    except (yaml.YAMLError, OSError, UnicodeDecodeError, ValueError, RecursionError) as error:
        text = str(error).replace("\n", " ")
        faults.append(fault("flee.settings.unreadable", (file, 0, ""), found=text))
        return values
    if tree is None:
        tree = {}
    if not isinstance(tree, dict):
        faults.append(fault("flee.settings.unreadable:keys", (file, 0, ""), found=_show(tree)))
        return values
    _flatten(tree, "", found, faults, file)
    return _take_values(found, values, faults, file)


def _take_values(found: dict[str, object], values: dict[str, Any], faults: list[Fault], file: str) -> dict[str, Any]:
    """Return `values` with what stands in the file."""
    for key, value in found.items():
        if key in SECTIONS:
            values[key] = True
            continue
        setting = BY_KEY[key]
        values[key], good = _parse(setting, value)
        if not good:
            facts = {"found": _show(value), "allowed": KINDS[setting.kind], "default": setting.default}
            faults.append(fault("flee.settings.value", (file, 0, key), **facts))
            values[key] = setting.default
        elif told := _tell_change(setting, value, values[key]):
            faults.append(
                fault(told, (file, 0, key), found=_show(value), allowed=KINDS[setting.kind], value=values[key])
            )
        elif setting.inert and values[key] != setting.default:
            faults.append(fault("flee.settings.inert", (file, 0, key), found=_show(value), why=setting.inert))
    if values["move_rules.use_v1_rules"]:
        values["move_rules.max_move_speed"] = 200.0
        values["move_rules.camp_weight"], values["move_rules.conflict_weight"] = 2.0, 0.25
        values["move_rules.start_on_foot"] = values["move_rules.avoid_short_stints"] = False
    return values


def _tell_change(setting: Setting, given: object, value: Any) -> str:
    """Return the kind of the warning where what counts is not what was given, or nothing."""
    if setting.kind == "switch":
        told = isinstance(given, bool | int | float) or (isinstance(given, str) and _read_word(given) is True)
        return "" if told else "flee.settings.switch"
    kinds = {"whole": "flee.settings.cut", "count": "flee.settings.cut", "chance": "flee.settings.beyond"}
    return kinds[setting.kind] if setting.kind in kinds and _as_number(given) != value else ""


def find_driver(values: dict[str, Any]) -> str:
    """Return what makes people leave: "floods", "conflicts", or the registered counts, "data".

    Flee looks for the block of floods where flood_zone_spawning_only is on, and for that of conflicts where it is off.
    """
    if values["spawn_rules.flood_zone_spawning_only"]:
        return "floods" if values["spawn_rules.flood_driven_spawn_mode"] else "data"
    return "conflicts" if values["spawn_rules.conflict_driven_spawning"] else "data"


def changed_settings(values: dict[str, Any]) -> dict[str, Any]:
    """Return the settings that differ from Flee's defaults, by their dotted key."""
    changed = {setting.key: values[setting.key] for setting in SETTINGS if values[setting.key] != setting.default}
    return changed | {section: True for section in SECTIONS if values[section]}
