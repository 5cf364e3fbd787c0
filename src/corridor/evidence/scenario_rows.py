"""From a scenario to what the evidence modules take: rows, numbers with their claims, and known names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corridor.evidence.check import EvidenceReport, check_evidence
from corridor.evidence.grammar.names import Known
from corridor.evidence.rows import LINE, Row, Use
from corridor.scenario.checks.knowledge import last_known_day
from corridor.scenario.schema import load_fields
from corridor.scenario.values import Quantity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.scenario.scenario import Scenario

_TEXTS = "evidence/texts"


def check_scenario(scenario: Scenario, effects: Mapping[tuple[str, int, str], float] | None = None) -> EvidenceReport:
    """Check the evidence of a scenario; `effects` order the numbers without a claim."""
    return check_evidence(
        rows_of(scenario, "sources"),
        rows_of(scenario, "claims"),
        scenario.folder / _TEXTS,
        uses_of(scenario),
        scenario.start.date(),
        effects,
    )


def rows_of(scenario: Scenario, table: str) -> list[Row]:
    """Return the rows of a table in the order of the file, each with its line."""
    rows = sorted(scenario.tables.get(table, ()), key=lambda row: row.line)
    return [{**row.values, LINE: row.line} for row in rows]


def uses_of(scenario: Scenario) -> list[Use]:
    """Return every number that the user wrote, with the claims its row names."""
    uses = []
    for table, rows in scenario.tables.items():
        if table in ("sources", "claims") or table not in load_fields():
            continue
        for row in rows:
            for name, field in load_fields()[table].items():
                value = row.values.get(name)
                if field.type not in ("range", "number") or not row.line or not isinstance(value, Quantity | float):
                    continue
                written = value.write() if isinstance(value, Quantity) else f"{value:g}"
                if written == field.default:
                    continue
                low, high = (value.low, value.high) if isinstance(value, Quantity) else (value, value)
                claims, note = row.values.get("claims") or (), str(row.values.get("note") or "")
                until = (
                    None if table == "observations" else last_known_day(scenario.sets, str(row.values.get("set") or ""))
                )
                uses.append(Use(row.file, row.line, name, written, tuple(claims), field.unit, note, low, high, until))
    return uses


def known_of(scenario: Scenario) -> list[Known]:
    """Return the scenario's places and actors with every name they go by."""
    known = []
    for table, kind in (("places", "place"), ("actors", "actor")):
        for row in scenario.tables.get(table, ()):
            names = split_names(str(row.values.get("name") or ""), str(row.values.get("other_names") or ""))
            known.append(Known(str(row.values["id"]), kind, names))
    return known


def split_names(name: str, other_names: str = "") -> list[str]:
    """Return the names in `Stepanakert / Khankendi (city)` and `name; name`, without remarks in brackets."""
    parts = [*re.split(r"\s/\s|;", name), *other_names.split(";")]
    plain = [re.sub(r"\s*\([^)]*\)", "", part).strip() for part in parts]
    return list(dict.fromkeys(part for part in plain if part))
