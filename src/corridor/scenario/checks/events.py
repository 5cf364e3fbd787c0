"""An event names something that exists, and brings the value or rule that its kind needs."""

from __future__ import annotations

from corridor.scenario.checks.references import check_reference
from corridor.scenario.draft import Draft, Row, show
from corridor.scenario.schema import EventKind, load_event_kinds
from corridor.scenario.values import Quantity

_TABLES = {
    "place": "places",
    "place_or_all": "places",
    "road": "roads",
    "checkpoint": "checkpoints",
    "desk": "desks",
    "service": "services",
    "fleet": "fleets",
    "group": "groups",
    "convoy": "convoys",
    "plant": "plants",
}


def check_events(draft: Draft) -> None:
    """Check what each event acts on, its value and its rule, by its kind."""
    for row in draft.tables.get("events", []):
        if not row.can_read("kind"):
            continue
        kind = load_event_kinds()[row["kind"]]
        _check_target(draft, row, "target", kind.target)
        _check_target(draft, row, "to", kind.to)
        _check_value(draft, row, kind)
        if kind.needs_mode and row["mode"] is None:
            draft.note("missing_value.mode", row.where("mode"))


def _check_target(draft: Draft, row: Row, column: str, wanted: str) -> None:
    if wanted in ("", "none") or not row.can_read(column):
        return
    name = row[column]
    if wanted == "place_or_all" and name == "*":
        return
    if name == "":
        allowed = f"the id of a {wanted.removesuffix('_or_all')}"
        allowed += " or * for all places inside" if wanted == "place_or_all" else ""
        draft.note("missing_value.target", row.where(column), allowed=allowed, event=row["kind"])
        return
    check_reference(draft, row, column, name, _TABLES[wanted])
    if wanted == "fleet" and any(fleet["purpose"] != "people" for fleet in draft.by_id["fleets"].get(name, [])):
        draft.note("fleet_for_goods", row.where(column), name=show(name))


def _check_value(draft: Draft, row: Row, kind: EventKind) -> None:
    value = row["value"]
    if kind.needs_value and value is None:
        draft.note("missing_value.value", row.where("value"), unit=kind.value_unit, event=kind.kind)
    elif isinstance(value, Quantity) and kind.value_low is not None and kind.value_high is not None:
        if kind.value_low <= value.low and value.high <= kind.value_high:
            return
        facts = {"unit": kind.value_unit, "low": kind.value_low, "high": kind.value_high}
        draft.note("out_of_range.event", row.where("value"), text=show(value.write()), **facts)
