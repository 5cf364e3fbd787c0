"""Where in a case a proposal may belong: numbers at a place named beside it, times of what its sentence tells of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from corridor.evidence.grammar.units import convert
from corridor.scenario.schema import load_fields
from corridor.scenario.values import Quantity, TimeRange
from corridor.scenario.variant import row_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corridor.evidence.suggest import Proposal
    from corridor.scenario.draft import Draft, Row
    from corridor.scenario.scenario import Scenario

# Tables of what is at a place: numbers that a report may be about. Those of observations are added, never changed.
ABOUT = ("people", "stocks", "depots", "plants", "facilities", "convoys", "checkpoints", "desks", "roads")
BINDABLE_TABLES = (*ABOUT, "events")
MOST_ROWS = 6  # of the case that a proposal may belong to
_STEM = 4  # letters by which a word is known again
_LONGER = re.compile(r"[^\W\d_]{4,}")
_WHERE = ("place", "from", "to", "target")


def find_rows(
    case: Scenario | Draft, proposal: Proposal, near: Sequence[str], sentence: str = ""
) -> Iterator[dict[str, Any]]:
    """Yield numbers of the case that a quantity may be about, or events whose hour a date may give.

    A number is of a unit that converts, at a place named in the sentence (`near`). An event is at such a place or on
    its checkpoint or road, or the sentence holds the words of its label or id.
    """
    found = _find_numbers(case, proposal, near) if proposal["kind"] == "quantity" else iter(())
    if proposal["kind"] == "date":
        found = _find_events(case, near, sentence)
    for at, (row, column, unit) in enumerate(found):
        if at >= MOST_ROWS:
            return
        yield {
            "file": row.file,
            "row": row.line,
            "name": row_name(row),
            "set": str(row.values.get("set") or ""),
            "column": column,
            "value": write_value(row.values.get(column)),
            "unit": unit,
        }


def _find_numbers(case: Scenario | Draft, proposal: Proposal, near: Sequence[str]) -> Iterator[tuple[Row, str, str]]:
    for table in ABOUT:
        fields = load_fields()[table]
        columns = [f for f in fields.values() if f.unit and convert(1.0, str(proposal["unit"]), f.unit) is not None]
        for row in case.tables.get(table, ()) if columns else ():
            where = {str(row.values.get(name) or "") for name in _WHERE}
            if not row.line or not where & set(near):
                continue
            yield from ((row, f.name, f.unit) for f in columns if row.values.get(f.name) is not None)


def _find_events(case: Scenario | Draft, near: Sequence[str], sentence: str) -> Iterator[tuple[Row, str, str]]:
    """Yield events of these places, or of what stands at them, and those that the sentence names."""
    at_places = set(near)
    for table in ("checkpoints", "desks", "roads"):
        for row in case.tables.get(table, ()):
            if {str(row.values.get(name) or "") for name in _WHERE} & set(near):
                at_places.add(str(row.values.get("id") or ""))
    for row in case.tables.get("events", ()):
        is_named = any(_names(str(row.values.get(name) or ""), sentence) for name in ("id", "label"))
        if row.line and (str(row.values.get("target") or "") in at_places or is_named):
            yield row, "time", ""


def _names(label: str, sentence: str) -> bool:
    """Tell whether the beginning of every longer word of a label stands in a sentence ("Road opens": "will open")."""
    words = {word[:_STEM] for word in _LONGER.findall(label.casefold())}
    return bool(words) and words <= {word[:_STEM] for word in _LONGER.findall(sentence.casefold())}


def write_value(value: Any) -> str:
    """Return a number or time of the case as it would be written."""
    if isinstance(value, Quantity | TimeRange):
        return value.write()
    return f"{value:g}" if isinstance(value, float) else str(value if value is not None else "")
