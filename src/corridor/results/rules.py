"""What a run's manifest must hold, told value by value, before anything is made of it."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from corridor.results.seal import is_sealed_document
from corridor.scenario.draft import show
from corridor.scenario.faults import Fault, fault

if TYPE_CHECKING:
    from collections.abc import Mapping

Rule = tuple[str, Callable[[Any], bool]]  # what is allowed, in words; whether a value is

_HASH = re.compile(r"[0-9a-f]{64}")


def check_manifest(file: str, manifest: Mapping[str, Any]) -> list[Fault]:
    """Return what in a manifest cannot be, or else that it is not what was written."""
    faults = [
        _note(file, name, manifest[name], allowed)
        if name in manifest
        else fault("damaged_run.absent", (file, 0, name), allowed=allowed)
        for name, (allowed, holds) in RULES.items()
        if name not in manifest or not holds(manifest[name])
    ]
    if faults:
        return faults
    parts = -(-manifest["replicates"] // manifest["batch"])
    if manifest["parts"] != parts:
        return [_note(file, "parts", manifest["parts"], f"{parts}, as replicates and batch have it")]
    if not _ends(manifest):
        return [_note(file, "moments", manifest["moments"], "moments before the year 10000")]
    return [] if is_sealed_document(manifest) else [fault("damaged_run.seal", (file, 0, ""))]


def _note(file: str, name: str, value: object, allowed: str) -> Fault:
    return fault("damaged_run.value", (file, 0, name), value=show(json.dumps(value)), allowed=allowed)


def _ends(manifest: Mapping[str, Any]) -> bool:
    try:
        datetime.fromisoformat(manifest["start"]) + manifest["moments"] * timedelta(hours=manifest["record_hours"])
    except OverflowError:
        return False
    return True


def _is_whole(value: object, low: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value < 2**63


def _whole(low: int) -> Rule:
    return f"a whole number, {low} or more", lambda value: _is_whole(value, low)


def _one_of(*choices: str) -> Rule:
    return " or ".join(choices), lambda value: value in choices


def _is_moment(value: object) -> bool:
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is None
    except ValueError:
        return False


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_zone(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (ValueError, KeyError, OSError):
        return False


def _is_length(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def _is_table(value: object, holds: Callable[[Any], bool]) -> bool:
    return isinstance(value, dict) and all(map(holds, value.values()))


def _is_hash(value: object) -> bool:
    return isinstance(value, str) and _HASH.fullmatch(value) is not None


def _is_function(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(value.get(name), str) for name in ("function", "sha256"))


TEXT: Rule = ("a text", lambda value: isinstance(value, str))
MOMENT: Rule = ("a local time", _is_moment)
MAYBE_MOMENT: Rule = ("a local time or nothing", lambda value: value == "" or _is_moment(value))
HASH: Rule = ("64 signs of a SHA-256", _is_hash)
RULES: dict[str, Rule] = {
    "format": _whole(1),
    "state": _one_of("running", "complete"),
    **dict.fromkeys(("scenario", "title", "variant", "parameters", "parameters_title", "fitted_series"), TEXT),
    **dict.fromkeys(("disclaimer", "corridor", "python", "numpy", "processor"), TEXT),
    "scenario_hash": HASH,
    "fitted_draws": ("64 signs of a SHA-256 or nothing", lambda value: value == "" or _is_hash(value)),
    "fitted_stale": ("true or false", lambda value: isinstance(value, bool)),
    "known_until": MAYBE_MOMENT,
    "fitted_until": MAYBE_MOMENT,
    "behaviour": ("a table of functions", lambda value: _is_table(value, _is_function)),
    "sensitivity": _one_of("public", "partners", "restricted"),
    "data_date": ("a date", _is_date),
    "seed": _whole(0),
    **dict.fromkeys(("replicates", "batch", "parts", "moments", "steps"), _whole(1)),
    "start": MOMENT,
    "time_zone": ("a time zone", _is_zone),
    "record_hours": ("hours, more than 0", _is_length),
    "keep": _one_of("replicates", "summary"),
    "quantile_error": ("a share below 1", lambda value: value == 0 or (_is_length(value) and value < 1)),
    "seconds": ("a table of seconds", lambda value: _is_table(value, lambda spent: _is_length(spent) or spent == 0)),
    "conservation_error": ("a whole number or nothing", lambda value: value is None or _is_whole(value, 0)),
    "tables": ("a table of SHA-256", lambda value: _is_table(value, _is_hash)),
}
