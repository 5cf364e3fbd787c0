"""The schema as data: every field of every table is one row of fields.csv; here it is looked up."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

FORMAT = 1  # of scenario folders: raised when a folder that this version reads could not be read by the last one

# Tables that a scenario folder must hold, tables it may hold, and where each is kept.
REQUIRED_TABLES = ("places", "roads", "groups", "people")
DEAL_TABLES = ("actors", "issues", "positions")  # what a folder of talks alone must hold instead
TABLE_FILES = {"sources": "evidence/sources.csv", "claims": "evidence/claims.csv"}
REVIEWED_FILE = "evidence/reviewed.csv"  # what a person has reviewed: it says nothing of the crisis and is no table
JUDGED_FILE = "evidence/judged.csv"  # numbers that no claim states, once more: no table either
NOT_FILES = ("scenario", "set", "parameter", "observations")
WITHOUT_COMMON = ("scenario", "set", "parameter", "sources", "claims")

# What makes a row unique within a table and a parameter set.
KEYS = {
    "people": ("place", "group"),
    "fuel": ("place",),
    "wishes": ("group", "place"),
    "parameters": ("name",),
    "needs": ("place", "group", "item"),
    "stocks": ("place", "item"),
    "positions": ("issue", "actor", "date"),
    "proposals": ("proposal", "issue"),
}
NO_KEY = ("observations",)

# Ids that a table has without a row, whether or not the folder has its file.
BUILT_IN = {"areas": ("inside", "outside")}


@dataclass(frozen=True)
class Field:
    """One field: table, name, type, unit, default, allowed range, whether it must be filled, meaning."""

    table: str
    name: str
    type: str
    unit: str
    default: str
    low: float | None
    high: float | None
    required: bool
    meaning: str

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the allowed words of a choice."""
        return tuple(self.type.partition(":")[2].split("|")) if self.type.startswith("choice:") else ()

    @property
    def refers_to(self) -> str:
        """Return the table that the value must be found in, or an empty string."""
        kind, _, table = self.type.partition(":")
        return table if kind in ("reference", "references") else ""


@dataclass(frozen=True)
class EventKind:
    """One kind of event: what it acts on, the unit and range of its value, and what it does."""

    kind: str
    target: str
    to: str
    value_unit: str
    value_low: float | None
    value_high: float | None
    needs_value: bool
    needs_mode: bool
    meaning: str


_COMMON = (
    ("set", "text", "Parameter set this row belongs to; blank means all"),
    ("claims", "references:claims", "Claims the row's numbers rest on; a row with none is an assumption"),
    ("note", "text", "Anything worth remembering"),
)


def _read_table(name: str) -> list[dict[str, str]]:
    text = resources.files("corridor.scenario").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _number(text: str) -> float | None:
    return float(text) if text else None


@cache
def load_fields() -> dict[str, dict[str, Field]]:
    """Return table -> field name -> Field, in the order of the data table."""
    tables: dict[str, dict[str, Field]] = {}
    for row in _read_table("fields.csv"):
        field = Field(
            row["table"],
            row["name"],
            row["type"],
            row["unit"],
            row["default"],
            _number(row["low"]),
            _number(row["high"]),
            row["required"] == "yes",
            row["meaning"],
        )
        tables.setdefault(field.table, {})[field.name] = field
    for table, fields in tables.items():
        common = _COMMON if table not in WITHOUT_COMMON else _COMMON[2:] if table in TABLE_FILES else ()
        for name, kind, meaning in common:
            fields[name] = Field(table, name, kind, "", "", None, None, False, meaning)
    return tables


@cache
def load_event_kinds() -> dict[str, EventKind]:
    """Return the kinds of event by name."""
    return {
        row["kind"]: EventKind(
            row["kind"],
            row["target"],
            row["to"],
            row["value_unit"],
            _number(row["value_low"]),
            _number(row["value_high"]),
            row["needs_value"] == "yes",
            row["needs_mode"] == "yes",
            row["meaning"],
        )
        for row in _read_table("kinds.csv")
    }


def table_files() -> dict[str, str]:
    """Return table -> path inside a scenario folder, for tables kept in one file."""
    return {t: TABLE_FILES.get(t, f"{t}.csv") for t in load_fields() if t not in NOT_FILES}


def key_of(table: str) -> tuple[str, ...]:
    """Return the names of the columns that make a row unique."""
    if table in NO_KEY:
        return ()
    return KEYS.get(table, ("id",))
