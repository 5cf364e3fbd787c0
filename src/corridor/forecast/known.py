"""A case as it was known at a moment: without the events that nobody had told of by then."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from corridor.scenario.checks.knowledge import TELLS, UNDATED, may_be_later
from corridor.scenario.faults import UsageError
from corridor.scenario.files import find_delimiter, read_table
from corridor.scenario.folder import SETTINGS, copy_files
from corridor.scenario.spreadsheet import write_csv

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from corridor.scenario.draft import Row
    from corridor.scenario.scenario import Scenario

DRAWS, AS_KNOWN = "fitted/as-of.csv", "as-known"
LAST_MINUTE = timedelta(hours=23, minutes=59)


def told_by(claim: Row) -> datetime | None:
    """Return when a claim was known: when it was said, or what it tells of happened if that is later.

    What was said on a day is known by the end of it. None for what does not date, and what bears no date.
    """
    if (claim["about"] or "") in UNDATED:
        return None
    happened = claim["happened"] if (claim["stance"] or "") in TELLS else None
    moments = [moment for moment in (claim["said_on"], happened) if moment is not None]
    return max((m + LAST_MINUTE if m.time() == time() else m for m in moments), default=None)


def find_unknown(scenario: Scenario, as_of: datetime, parameters: str) -> tuple[list[Row], list[Row]]:
    """Return events of which nobody had told by a moment, and other rows that rest on a later claim too.

    An event is known once the first of the dated claims it rests on is; one that rests on none is an assumption. Of
    other rows the numbers stand as they are: whoever wrote them knew more than was known then.
    """
    told = {claim["id"]: told_by(claim) for claim in scenario.tables["claims"]}
    events, others = [], []
    for table in scenario.tables:
        for row in scenario.rows(table, parameters):
            moments = [told.get(name) for name in row.values.get("claims") or ()]
            known = [moment for moment in moments if moment is not None]
            if table == "events" and min(known, default=as_of) > as_of:
                events.append(row)
            elif max(known, default=as_of) > as_of and not may_be_later(row):
                others.append(row)
    return events, others


def write_known(scenario: Scenario, unknown: Iterable[Row], as_of: datetime, parameters: str, folder: Path) -> str:
    """Copy a case into a folder without what was not known of it at a moment; return the parameter set to use there.

    That is the one asked for, in which nothing is learnt yet, or one of its own in a case without sets. Raises
    UsageError when the settings cannot be changed (sets on one line).
    """
    try:
        copy_files(scenario.folder, folder)
        _drop_rows(folder, unknown)
    except OSError as error:
        raise UsageError(_say_no_room(folder, error)) from error
    chosen = scenario.sets.get(parameters, {})
    until = {"fitted_until": as_of, "known_until": max(as_of, chosen.get("known_until") or as_of)}
    keys = {name: moment.isoformat() for name, moment in until.items()}
    keys["title"] = f'"From the counts published by {as_of.day} {as_of:%B %Y %H:%M}"'  # the set's may name another
    text = (folder / SETTINGS).read_text(encoding="utf-8")
    if not parameters:
        text = f'default_set = "{AS_KNOWN}"\n{text}\n[sets.{AS_KNOWN}]\n'
    _write(folder / SETTINGS, _set_keys(text, parameters or AS_KNOWN, keys))
    return parameters or AS_KNOWN


def name_learnt(folder: Path, parameters: str, text: str) -> None:
    """Write what was learnt into the folder of a case as it was known, and let its parameter set name it."""
    _write(folder / DRAWS, text)
    settings = (folder / SETTINGS).read_text(encoding="utf-8")
    _write(folder / SETTINGS, _set_keys(settings, parameters, {"draws": f'"{DRAWS}"'}))


def _write(path: Path, text: str) -> None:
    """Write a file of a working copy. Raises UsageError when there is no room for it."""
    try:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(_say_no_room(path.parent, error)) from error


def _say_no_room(folder: Path, error: OSError) -> str:
    return f"cannot write the case as it was known to {folder}: {error.strerror or error}"


def _drop_rows(folder: Path, rows: Iterable[Row]) -> None:
    """Leave out rows of copied tables."""
    lost: dict[str, set[int]] = {}
    for row in rows:
        lost.setdefault(row.file, set()).add(row.line)
    for file, lines in lost.items():
        path = folder / file
        records = read_table(path, [])
        delimiter = find_delimiter(path.read_text(encoding="utf-8-sig"))
        path.write_text(write_csv((cells for line, cells in records if line not in lines), delimiter), encoding="utf-8")


def _set_keys(text: str, parameters: str, keys: dict[str, str]) -> str:
    """Return settings in which a parameter set has these keys (TOML) and names nothing learnt but by them."""
    lines, head = text.splitlines(), re.compile(rf'^\s*\[\s*sets\s*\.\s*"?{re.escape(parameters)}"?\s*\]')
    begin = next((i for i, line in enumerate(lines) if head.match(line)), None)
    if begin is None:
        message = f"scenario.toml does not write the parameter set {parameters} as a table [sets.{parameters}]"
        raise UsageError(message)
    end = next((i for i in range(begin + 1, len(lines)) if lines[i].lstrip().startswith("[")), len(lines))
    kept = [line for line in lines[begin + 1 : end] if line.partition("=")[0].strip() not in {*keys, "draws"}]
    new = [f"{name} = {value}" for name, value in keys.items()]
    return "\n".join([*lines[: begin + 1], *new, *kept, *lines[end:]]) + "\n"
