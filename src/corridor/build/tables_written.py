"""Tables as texts: the columns that a build fills, in their order."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import timedelta

from corridor.build.row import Row
from corridor.build.sources import ATTRIBUTION
from corridor.build.wishes import DAYS_KEPT, Wishes
from corridor.scenario.schema import load_fields, table_files
from corridor.scenario.spreadsheet import write_csv

ALWAYS = ("claims", "note")
DISCLAIMER = "Names and lines on maps imply no opinion on the status of any territory."


def write_table(table: str, rows: Sequence[Row]) -> str:
    """Return a table as CSV with the columns that some row fills, in the order of the scenario page."""
    known = [*load_fields()[table], *ALWAYS]
    filled = [name for name in dict.fromkeys(known) if any(row.get(name, "") != "" for row in rows)]
    return write_csv([filled, *([row.get(name, "") for name in filled] for row in rows)])


def find_file(table: str) -> str:
    """Return the file of a table."""
    return "observations/counts.csv" if table == "observations" else table_files()[table]


def write_settings(wishes: Wishes, folder: str, newest: str) -> str:
    """Return scenario.toml; the disclaimer carries the attribution that the licence of the roads asks for."""
    start, end = wishes.period
    name = re.sub(r"[^\w-]+", "-", folder).strip("-")[:100] or "case"
    fine = end - start <= timedelta(days=DAYS_KEPT)
    values: dict[str, object] = {"id": name, "title": wishes.title or f"{name}, built from files"}
    values |= {"start": start.isoformat(timespec="minutes"), "end": end.isoformat(timespec="minutes")}
    values |= {"time_zone": wishes.time_zone, "step_minutes": 15 if fine else 60, "record_minutes": 60, "seed": 1}
    values |= {"data_date": max(newest, f"{start:%Y-%m-%d}"), "sensitivity": "restricted"}
    values["disclaimer"] = f"Roads and places {ATTRIBUTION}. {DISCLAIMER}"
    lines = [
        "# Made by `corridor build`: it runs, and says nothing yet. README.md lists what was read and what to ask."
    ]
    lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"
