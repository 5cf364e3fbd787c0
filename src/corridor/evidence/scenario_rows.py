"""From a scenario to what the evidence modules take: rows, numbers with their claims, and known names."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from corridor.evidence.check import EvidenceReport, check_evidence
from corridor.evidence.counts import AREAS, FILE
from corridor.evidence.grammar.names import Known
from corridor.evidence.judged import Judged, write_judged
from corridor.evidence.rows import LINE, Row, Use, count_hours, text_of
from corridor.evidence.told_places import check_told_places
from corridor.scenario.checks.knowledge import last_known_day, may_be_later
from corridor.scenario.faults import Fault
from corridor.scenario.schema import BUILT_IN, load_fields
from corridor.scenario.values import Quantity, TimeRange

if TYPE_CHECKING:
    from collections.abc import Mapping

    from corridor.scenario.draft import Draft
    from corridor.scenario.draft import Row as TableRow
    from corridor.scenario.scenario import Scenario

_TEXTS = "evidence/texts"


def check_scenario(scenario: Scenario, effects: Mapping[tuple[str, int, str], float] | None = None) -> EvidenceReport:
    """Check the evidence of a scenario; `effects` order the numbers without a claim."""
    claims, faults = rows_of(scenario, "claims"), list[Fault]()
    areas = {str(row.values["id"]): str(row.values["area"]) for row in scenario.tables.get("places", ())}
    check_told_places(claims, _places_of(scenario), areas, faults)
    report = check_evidence(
        rows_of(scenario, "sources"),
        claims,
        scenario.folder / _TEXTS,
        uses_of(scenario),
        None if scenario.talks_alone else scenario.start.date(),
        effects,
        counts_of(scenario),
        scenario.folder,
    )
    return replace(report, faults=tuple(sorted({*report.faults, *faults})))


def judge_scenario(scenario: Scenario) -> list[Judged]:
    """Write a line for each number of a scenario that no claim states and that has none yet; return these."""
    claims = {text_of(row, "id"): row for row in rows_of(scenario, "claims")}
    return write_judged(scenario.folder, uses_of(scenario), claims)


def _places_of(scenario: Scenario) -> list[Known]:
    """Return the places and areas of a scenario with their names; of one without a name its id."""
    places = [known for known in known_of(scenario) if known.kind == "place"]
    areas = [(str(row.values["id"]), str(row.values.get("name") or "")) for row in scenario.tables.get("areas", ())]
    return [*places, *(Known(ref, "area", split_names(name) or [ref.replace("_", " ")]) for ref, name in areas)]


def rows_of(scenario: Scenario, table: str) -> list[Row]:
    """Return the rows of a table in the order of the file, each with its line."""
    rows = sorted(scenario.tables.get(table, ()), key=lambda row: row.line)
    return [{**row.values, LINE: row.line} for row in rows]


def counts_of(scenario: Scenario) -> list[Row]:
    """Return the counts that name claims, each with its file, its line and the areas in which places lie."""
    areas = {str(row.values["id"]): str(row.values["area"]) for row in scenario.tables.get("places", ())}
    counts = (row for row in scenario.tables.get("observations", ()) if row.line and row.values.get("claims"))
    return [{**row.values, LINE: row.line, FILE: row.file, AREAS: areas} for row in counts]


def uses_of(scenario: Scenario) -> list[Use]:
    """Return every number that the user wrote, with the claims its row names, and what else rests on claims."""
    uses: list[Use] = []
    known = {str(row.values["id"]) for table in ("places", "areas") for row in scenario.tables.get(table, ())}
    known |= set(BUILT_IN["areas"])
    for table, rows in scenario.tables.items():
        if table in ("sources", "claims") or table not in load_fields():
            continue
        for row in (row for row in rows if row.line):
            uses += _uses_of_row(row, scenario, known)
    return uses


def _uses_of_row(row: TableRow, scenario: Scenario, known: set[str]) -> list[Use]:
    """Return the numbers of a row that differ from their defaults, and its times or, without any, its claims."""
    claims, note = tuple(row.values.get("claims") or ()), str(row.values.get("note") or "")
    rests = bool(claims) and not may_be_later(row)
    until = None if may_be_later(row) else last_known_day(scenario.sets, str(row.values.get("set") or ""))
    places = tuple(text for text in row.values.values() if isinstance(text, str) and text in known)
    use = Use(row.file, row.line, "claims", "", claims, note=note, known_until=until, is_number=False, places=places)
    uses: list[Use] = []
    for name, field in load_fields()[row.table].items():
        value = row.values.get(name)
        if field.type in ("range", "number") and isinstance(value, Quantity | float):
            written = value.write() if isinstance(value, Quantity) else f"{value:g}"
            low, high = (value.low, value.high) if isinstance(value, Quantity) else (value, value)
            if written != field.default:
                found = replace(use, column=name, value=written, unit=field.unit, low=low, high=high, is_number=True)
                uses.append(found)
        elif rests and isinstance(value, TimeRange):
            low, high = count_hours(value.start), count_hours(value.end)
            uses.append(replace(use, column=name, value=value.write(), low=low, high=high))
        elif rests and isinstance(value, datetime):  # compared with what was judged alone
            uses.append(replace(use, column=name, value=value.isoformat(timespec="minutes")))
    return uses or ([replace(use, note="")] if rests else [])


def known_of(scenario: Scenario | Draft) -> list[Known]:
    """Return a scenario's places and actors with every name they go by; of a draft those whose names can be read."""
    known = []
    for table, kind in (("places", "place"), ("actors", "actor")):
        for row in scenario.tables.get(table, ()):
            if not row.can_read("id", "name", "other_names"):
                continue
            names = split_names(str(row.values.get("name") or ""), str(row.values.get("other_names") or ""))
            known.append(Known(str(row.values["id"]), kind, names))
    return known


def split_names(name: str, other_names: str = "") -> list[str]:
    """Return the names in `Stepanakert / Khankendi (city)` and `name; name`, without remarks in brackets."""
    parts = [*re.split(r"\s/\s|;", name), *other_names.split(";")]
    plain = [re.sub(r"\s*\([^)]*\)", "", part).strip() for part in parts]
    return list(dict.fromkeys(part for part in plain if part))
