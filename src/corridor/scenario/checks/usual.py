"""What is unusual: numbers outside what a careful colleague has seen (usual.csv), and rows that say the same twice."""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from corridor.scenario.cells import find_ends, find_fault, say_allowed
from corridor.scenario.checks.geography import measure_distance
from corridor.scenario.checks.period import read_period
from corridor.scenario.draft import Draft, Row, show
from corridor.scenario.schema import load_fields
from corridor.scenario.values import Quantity, TimeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_AT = {"village": 100_000, "crossing": 50_000, "junction": 50_000}  # people at a place of a kind
WIDEST = 200  # times the low end of a range of people that its high end may be
FARTHEST = 3.5  # hours between clock and sun: west China, the farthest inhabited, has 3.1
NEAR = 30.0  # km within which two places of one name are asked about
ALIKE = ("length_km", "lanes", "lanes_back", "speed_kmh", "capacity_per_lane", "direction", "kind", "character", "name")
SETS = ("danger", "road_danger", "shortage", "guarantees", "direction", "lanes", "seconds", "desk_pace", "leave_rate")


@dataclass(frozen=True)
class Usual:
    """Between what the middle of a column's numbers usually lies, in rows whose `column` has (or has not) a word."""

    table: str
    column: str
    least: float
    most: float
    only: str

    def concerns(self, row: Row) -> bool:
        """Tell whether a row is one of those meant."""
        column, _, word = self.only.partition("=")
        if not column or not row.can_read(column.rstrip("!")):
            return not column
        return (word in str(row.values.get(column.rstrip("!"), "")).split()) != column.endswith("!")


@cache
def load_usual() -> tuple[Usual, ...]:
    """Return what is usual, in the order of the data table."""
    text = resources.files("corridor.scenario").joinpath("usual.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple(Usual(r["table"], r["column"], float(r["least"]), float(r["most"]), r["only"]) for r in rows)


def check_parameters(draft: Draft) -> None:
    """The value of a parameter is one that the parameter allows."""
    fields = load_fields()["parameter"]
    for row in draft.tables.get("parameters", []):
        value = row["value"]
        if not isinstance(value, Quantity) or row["name"] not in fields:
            continue
        spec = fields[row["name"]]
        if kind := find_fault(spec, value):
            facts = {"unit": spec.unit or row["name"], "in_unit": f" in {spec.unit}" if spec.unit else ""}
            draft.note(kind, row.where("value"), text=value.write(), allowed=say_allowed(spec), **facts)


def find_unlikely_numbers(draft: Draft) -> None:
    """Numbers lie where such numbers usually lie; one at the limit of its field is meant to limit nothing."""
    for usual in load_usual():
        fields = load_fields()[usual.table]
        for row in draft.tables.get(usual.table, []):
            given = row.values.get(usual.column)
            if not isinstance(given, Quantity | int | float) or not usual.concerns(row):
                continue
            spec = load_fields()["parameter"][row["name"]] if usual.table == "parameters" else fields[usual.column]
            middle = row.middle(usual.column, 0.0)
            if middle == spec.high or (isinstance(given, Quantity) and find_fault(spec, given)):  # told as an error
                continue
            if not usual.least <= middle <= usual.most and (middle > 0 or usual.least < 1):
                bounds = {"least": usual.least, "most": usual.most, "unit": f" {spec.unit}" if spec.unit else ""}
                draft.note("unlikely", row.where(usual.column), column=usual.column, value=f"{middle:g}", **bounds)


def find_crowds(draft: Draft) -> None:
    """A village holds no city, and a range of people says how many there are."""
    kinds = {row["id"]: row["kind"] for row in draft.tables.get("places", []) if row.can_read("id", "kind")}
    for parameter_set in draft.set_names:
        there: dict[str, float] = defaultdict(float)
        for row in draft.rows("people", parameter_set):
            place, value = row["place"], row["people"]
            if not isinstance(value, Quantity) or not row.can_read("place"):
                continue
            low, high = find_ends(value)
            if high > WIDEST * max(low, 1.0) and high > 1000:
                draft.note("wide_range", row.where("people"), value=value.write(), most=WIDEST)
            before, most = there[place], MOST_AT.get(kinds.get(place, ""))
            there[place] += value.median
            if most is not None and before <= most < there[place]:
                facts = {"people": there[place], "place": show(place), "sort": kinds[place], "most": most}
                draft.note("many_for_kind", row.where("people"), **facts)


def find_rows_said_twice(draft: Draft) -> None:
    """Each road and each change stands in one row, and two places near each other have names of their own."""
    for row, other in _find_pairs(draft.tables.get("roads", []), _describe_road):
        draft.note("said_twice", row.where("id"), other=show(other["id"]))
    for parameter_set in draft.set_names:
        for row, other in _find_pairs(draft.rows("events", parameter_set), _describe_event):
            facts = {"sets": row["kind"], "target": show(row["target"] or "*"), "time": row["time"].write()}
            draft.note("said_twice.event", row.where("time"), other=show(other["id"]), **facts)
    for row, other in _find_pairs(draft.tables.get("places", []), lambda row: (row["name"],)):
        ends = [(one["latitude"], one["longitude"]) for one in (row, other)]
        if ends[0] != ends[1] and measure_distance(*ends) < NEAR:
            draft.note("same_name", row.where("name"), name=show(row["name"]), other=show(other["id"]))


def _describe_road(row: Row) -> tuple[object, ...]:
    return (tuple(sorted((str(row["from"]), str(row["to"])))), *(row.values.get(name) for name in ALIKE))


def _describe_event(row: Row) -> tuple[object, ...]:
    time = row["time"]
    known = isinstance(time, TimeRange) and row["kind"] in SETS
    return (row["kind"], row["target"], time.start, time.end) if known else ()


def _find_pairs(rows: list[Row], describe: Callable[[Row], tuple[object, ...]]) -> Iterator[tuple[Row, Row]]:
    """Yield rows whose description stands before already, with the row that has it."""
    known: dict[tuple[object, ...], Row] = {}
    for row in rows:
        if not row.can_read(*row.values):
            continue
        words = describe(row)
        if any(words) and known.setdefault(words, row) is not row:
            yield row, known[words]


def find_checkpoints_that_never_open(draft: Draft) -> None:
    """A checkpoint without lanes opens at some time; an error elsewhere may be why it seems not to."""
    if draft.has_errors:
        return
    opened = {row["target"] for row in draft.tables.get("events", []) if row.can_read("target")}
    walk = any("foot" in str(row["transport"]).split() for row in draft.tables.get("groups", []))
    columns = ("lanes", "change_rate", "opening_rate", *(["foot_lanes"] if walk else []))
    for row in draft.tables.get("checkpoints", []):
        chances = (row.values.get(name) for name in columns)
        highest = [find_ends(one)[1] if isinstance(one, Quantity) else 1.0 for one in chances if one is not None]
        if not any(highest) and row.can_read("id") and row["id"] not in opened:
            draft.note("never_opens", row.where("lanes"))


def check_time_zone(draft: Draft) -> None:
    """The clock of the case is near the sun over its places; UTC is nobody's, and taken as it is."""
    period, zone = read_period(draft), draft.zone
    longitudes = [row["longitude"] for row in draft.tables.get("places", []) if isinstance(row["longitude"], float)]
    if period is None or zone is None or not longitudes or str(zone) in ("UTC", "Etc/UTC", "GMT"):
        return
    offset = period[0].replace(tzinfo=zone).utcoffset()
    hours = (offset.total_seconds() / 3600 if offset else 0.0) - sorted(longitudes)[len(longitudes) // 2] / 15
    away = abs((hours + 12) % 24 - 12)
    if away > FARTHEST:
        draft.note("time_zone_far", ("scenario.toml", 0, "time_zone"), zone=str(zone), hours=away, most=FARTHEST)
