"""References and sense: checks over rows that could be read. Each is one small function registered in CHECKS."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from corridor.scenario.read import BROKEN, Draft, Row, suggest
from corridor.scenario.schema import TABLE_FILES, key_of, load_event_kinds, load_fields
from corridor.scenario.values import Quantity, TimeRange

Check = Callable[[Draft], None]
CHECKS: list[Check] = []


def check(function: Check) -> Check:
    """Register a check; none can be forgotten."""
    CHECKS.append(function)
    return function


def check_draft(draft: Draft) -> None:
    """Run every check on a draft, adding faults to it."""
    for function in CHECKS:
        function(draft)


def _ids(draft: Draft, table: str) -> set[str]:
    return {row["id"] for row in draft.tables.get(table, []) if row["id"] is not BROKEN}


def _filled(row: Row, *columns: str) -> bool:
    return all(row.values.get(column) is not BROKEN for column in columns)


def _setting(draft: Draft, name: str) -> Any:
    value = draft.settings.get(name, BROKEN)
    return None if value is BROKEN else value


@check
def find_duplicates(draft: Draft) -> None:
    """The same id twice in a table (once for each parameter set is allowed)."""
    for table, rows in draft.tables.items():
        key = key_of(table)
        first: dict[tuple[Any, ...], Row] = {}
        for row in rows:
            if not key or not _filled(row, *key):
                continue
            name = tuple(row[column] for column in key)
            clash = first.setdefault((*name, row.values.get("set", "")), row)
            if clash is not row:
                shown = " and ".join(str(part) for part in name if part not in (None, ""))
                draft.add(
                    row.file,
                    row.line,
                    key[0],
                    "duplicate_id",
                    f'"{shown}", also in row {clash.line}',
                    "each id once (or once for each parameter set)",
                    "rename or remove one of the rows",
                )


@check
def find_unknown_references(draft: Draft) -> None:
    """A cell that names a row of another table which does not exist."""
    for table, rows in draft.tables.items():
        for spec in load_fields()[table].values():
            target = spec.refers_to
            if not target or target in draft.unread or (table == "roads" and target == "places"):
                continue
            known = _ids(draft, target)
            for row in rows:
                value = row.values.get(spec.name)
                names = value if isinstance(value, tuple) else () if value in (None, "", BROKEN) else (value,)
                for name in names:
                    if name not in known:
                        if target == "sources":
                            _claim_without_source(draft, row, name, known)
                            continue
                        file = TABLE_FILES.get(target, f"{target}.csv")
                        draft.add(
                            row.file,
                            row.line,
                            spec.name,
                            "unknown_reference",
                            f'"{name}"',
                            f"an id in {file}",
                            f"add a row to {file} or correct the name{suggest(name, known)}",
                        )


def _claim_without_source(draft: Draft, row: Row, name: str, known: set[str]) -> None:
    draft.add(
        row.file,
        row.line,
        "source",
        "claim_without_source",
        f'source "{name}"',
        "an id in evidence/sources.csv",
        f"add the source to evidence/sources.csv{suggest(name, known)}",
    )


@check
def find_roads_to_nowhere(draft: Draft) -> None:
    """A road whose end is no place, or that ends where it began."""
    if "places" in draft.unread:
        return
    places = _ids(draft, "places")
    for row in draft.tables.get("roads", []):
        for end in ("from", "to"):
            if _filled(row, end) and row[end] not in places:
                draft.add(
                    row.file,
                    row.line,
                    end,
                    "road_ends_nowhere",
                    f'"{row[end]}"',
                    "an id in places.csv",
                    f"add the place or correct the name{suggest(row[end], places)}",
                )
        if _filled(row, "from", "to") and row["from"] == row["to"]:
            draft.add(
                row.file,
                row.line,
                "to",
                "road_ends_nowhere",
                f'from and to are both "{row["to"]}"',
                "two different places",
                "correct one end",
            )


def _links(draft: Draft) -> dict[str, set[str]]:
    links: dict[str, set[str]] = defaultdict(set)
    for row in draft.tables.get("roads", []):
        if _filled(row, "from", "to"):
            links[row["from"]].add(row["to"])
            links[row["to"]].add(row["from"])
    return links


def _reach(links: dict[str, set[str]], begin: set[str]) -> set[str]:
    seen, todo = set(begin), list(begin)
    while todo:
        for place in links[todo.pop()]:
            if place not in seen:
                seen.add(place)
                todo.append(place)
    return seen


@check
def find_unreachable_places(draft: Draft) -> None:
    """A place that no road reaches, people who have no way to a place outside, and nowhere to go."""
    if {"places", "roads"} & draft.unread or any(f.code == "road_ends_nowhere" for f in draft.faults):
        return
    links = _links(draft)
    rows = [row for row in draft.tables["places"] if _filled(row, "id", "area")]
    lonely = {row["id"] for row in rows if row["id"] not in links}
    for row in rows:
        if row["id"] in lonely:
            draft.add(
                row.file,
                row.line,
                "id",
                "unreachable_place",
                f'"{row["id"]}" is on no road',
                "every place on at least one road",
                "add a road in roads.csv or remove the place",
            )
    outside = {row["id"] for row in rows if row["area"] == "outside"}
    if not outside and rows:
        draft.add(
            "places.csv",
            0,
            "area",
            "no_way_out",
            "no place outside",
            "at least one place outside",
            "add the place where people arrive",
        )
        return
    reached = _reach(links, outside)
    for row in rows:
        if row["id"] not in reached and row["id"] not in lonely:
            draft.add(
                row.file,
                row.line,
                "id",
                "unreachable_place",
                f'no road leads from "{row["id"]}" to a place outside',
                "a way out for every place",
                "add the missing road in roads.csv",
            )
    settling = [
        r for r in rows if r["area"] == "outside" and isinstance(r.values.get("attractiveness"), Quantity)
    ]
    if (
        outside
        and not settling
        and not any(r.values.get("attractiveness") is BROKEN for r in draft.tables["places"])
    ):
        draft.add(
            "places.csv",
            0,
            "attractiveness",
            "no_destination",
            "no place outside has an attractiveness",
            "at least one",
            "give the places where people settle an attractiveness, for example 1",
        )


@check
def check_period(draft: Draft) -> None:
    """The period must run forward, be long enough for a step, and hold every event."""
    start, end = _setting(draft, "start"), _setting(draft, "end")
    step, record = _setting(draft, "step_minutes"), _setting(draft, "record_minutes")
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return
    if start >= end:
        draft.add(
            "scenario.toml",
            0,
            "end",
            "period_reversed",
            end.isoformat(),
            f"later than the start, {start.isoformat()}",
            "put the later time at end",
        )
        return
    if isinstance(step, int) and isinstance(record, int) and record % step:
        draft.add(
            "scenario.toml",
            0,
            "record_minutes",
            "not_whole_steps",
            str(record),
            f"a whole multiple of step_minutes ({step})",
            "change one of the two",
        )
    if isinstance(step, int) and (end - start).total_seconds() / 60 / step > 200_000:
        draft.add(
            "scenario.toml",
            0,
            "step_minutes",
            "too_many_steps",
            f"{(end - start).total_seconds() / 60 / step:,.0f} steps",
            "at most 200,000",
            "lengthen the step or shorten the period",
        )
    for row in draft.tables.get("events", []):
        moment = row.values.get("time")
        if isinstance(moment, TimeRange) and not (start <= moment.start and moment.end <= end):
            draft.add(
                row.file,
                row.line,
                "time",
                "event_outside_period",
                moment.write(),
                f"between {start.isoformat()} and {end.isoformat()}",
                "correct the time, or the period in scenario.toml",
            )


@check
def check_events(draft: Draft) -> None:
    """An event must name something that exists, and bring the value or rule that its kind needs."""
    kinds = load_event_kinds()
    tables = {
        "place": "places",
        "place_or_all": "places",
        "road": "roads",
        "checkpoint": "checkpoints",
        "desk": "desks",
        "fleet": "fleets",
        "group": "groups",
        "convoy": "convoys",
    }
    for row in draft.tables.get("events", []):
        kind = kinds.get(row.values.get("kind", ""))  # type: ignore[arg-type]
        if kind is None:
            continue
        for column, wanted in (("target", kind.target), ("to", kind.to)):
            if not wanted or wanted == "none" or tables[wanted] in draft.unread:
                continue
            known = _ids(draft, tables[wanted])
            if row[column] not in known and not (wanted == "place_or_all" and row[column] == "*"):
                found = f'"{row[column]}"' if row[column] else "an empty cell"
                draft.add(
                    row.file,
                    row.line,
                    column,
                    "unknown_reference",
                    found,
                    f"an id in {tables[wanted]}.csv" + (" or *" if wanted == "place_or_all" else ""),
                    f"name what the event acts on{suggest(row[column], known)}",
                )
        _check_event_value(draft, row, kind)


def _check_event_value(draft: Draft, row: Row, kind: Any) -> None:
    value = row.values.get("value")
    allowed = f"a number in {kind.value_unit}" if kind.value_unit else ""
    if kind.needs_value and value is None:
        draft.add(
            row.file,
            row.line,
            "value",
            "missing_value",
            "an empty cell",
            allowed,
            f"events of kind {kind.kind} need a value",
        )
    elif (
        isinstance(value, Quantity)
        and kind.value_low is not None
        and (value.low < kind.value_low or value.high > kind.value_high)
    ):
        draft.add(
            row.file,
            row.line,
            "value",
            "out_of_range",
            value.write(),
            f"{allowed}, from {kind.value_low:g} to {kind.value_high:g}",
            "check the number and its unit",
        )
    if kind.needs_mode and row.values.get("mode") is None:
        draft.add(
            row.file,
            row.line,
            "mode",
            "missing_value",
            "an empty cell",
            "normal, outbound, alternating or shut",
            "say which traffic rule the road gets",
        )


@check
def check_sets(draft: Draft) -> None:
    """Parameter sets named by rows must be declared in scenario.toml."""
    if not draft.settings:
        return
    for table, rows in draft.tables.items():
        for row in rows:
            name = row.values.get("set", "")
            if name not in ("", BROKEN) and name not in draft.sets:
                draft.add(
                    row.file,
                    row.line,
                    "set",
                    "unknown_set",
                    f'"{name}"',
                    ", ".join(draft.sets) or "no set is declared",
                    f"declare [sets.{name}] in scenario.toml or correct the name{suggest(name, draft.sets)}",
                )
        del table
    default = _setting(draft, "default_set")
    if draft.sets and (default or "") not in draft.sets:
        draft.add(
            "scenario.toml",
            0,
            "default_set",
            "unknown_set",
            f'"{default or ""}"',
            ", ".join(draft.sets),
            f"name one of the sets{suggest(default or '', draft.sets)}",
        )


@check
def check_people(draft: Draft) -> None:
    """Somebody must be there, inside; numbers must be numbers of people."""
    if {"people", "places"} & draft.unread:
        return
    inside = {r["id"] for r in draft.tables["places"] if _filled(r, "id", "area") and r["area"] == "inside"}
    total = 0.0
    for row in draft.tables["people"]:
        if not _filled(row, "place", "people"):
            return
        total += row["people"].high
        if row["place"] in _ids(draft, "places") and row["place"] not in inside:
            draft.add(
                row.file,
                row.line,
                "place",
                "people_outside",
                f'"{row["place"]}"',
                "a place inside",
                "people at the start are those cut off; put them inside",
            )
    if total <= 0:
        draft.add(
            "people.csv",
            0,
            "people",
            "not_positive",
            "no people at all",
            "at least one person",
            "fill in how many people are where",
        )


@check
def check_fleets(draft: Draft) -> None:
    """Groups that need a fleet should have one; fleets must name groups that exist."""
    groups = _ids(draft, "groups")
    served: set[str] = set()
    for row in draft.tables.get("fleets", []):
        names = str(row.values.get("groups") or "").split()
        served |= set(names)
        for name in names:
            if name not in groups and "groups" not in draft.unread:
                draft.add(
                    row.file,
                    row.line,
                    "groups",
                    "unknown_reference",
                    f'"{name}"',
                    "ids in groups.csv",
                    f"correct the name{suggest(name, groups)}",
                )
    for row in draft.tables.get("groups", []):
        if (
            row.values.get("transport") == "fleet"
            and row.values.get("id") not in served
            and "fleets" not in draft.unread
        ):
            draft.warn(
                row.file,
                row.line,
                "transport",
                "no_fleet",
                f'no fleet carries "{row["id"]}"',
                "a fleet that names the group",
                "add one to fleets.csv, or these people never leave",
            )


@check
def check_places(draft: Draft) -> None:
    """Place codes have a form; two places at one point are a slip."""
    seen: dict[tuple[float, float], str] = {}
    for row in draft.tables.get("places", []):
        code = row.values.get("pcode")
        if code not in ("", None, BROKEN) and not (code[:2].isalpha() and code[2:].isdigit()):
            draft.add(
                row.file,
                row.line,
                "pcode",
                "bad_pcode",
                f'"{code}"',
                "two letters and digits, as in AM0801",
                "correct or remove it",
            )
        if _filled(row, "id", "latitude", "longitude"):
            other = seen.setdefault((row["latitude"], row["longitude"]), row["id"])
            if other != row["id"]:
                draft.warn(
                    row.file,
                    row.line,
                    "latitude",
                    "same_point",
                    f'the same point as "{other}"',
                    "different points",
                    "check the coordinates",
                )


@check
def check_claims(draft: Draft) -> None:
    """Every claim needs a source; low must not exceed high."""
    for row in draft.tables.get("claims", []):
        low, high = row.values.get("low"), row.values.get("high")
        if isinstance(low, float) and isinstance(high, float) and low > high:
            draft.add(
                row.file,
                row.line,
                "low",
                "range_reversed",
                f"{low:g} and {high:g}",
                "low not above high",
                "exchange the two",
            )


@check
def check_draw_files(draft: Draft) -> None:
    """A set may name a file of fitted draws; it must lie in the folder."""
    for name, values in draft.sets.items():
        file = values.get("draws")
        if file not in ("", None, BROKEN) and not (draft.folder / file).is_file():
            draft.add(
                "scenario.toml",
                0,
                f"sets.{name}.draws",
                "missing_file",
                f'"{file}"',
                "a file in the scenario folder",
                "make it with corridor forecast, or remove the line",
            )
        series = values.get("fitted_series")
        known = next(f for f in load_fields()["observations"].values() if f.name == "series").choices
        for word in () if series in ("", None, BROKEN) else str(series).split():
            if word not in known:
                draft.add(
                    "scenario.toml",
                    0,
                    f"sets.{name}.fitted_series",
                    "not_a_choice",
                    f'"{word}"',
                    " ".join(known),
                    f"use the name of a series{suggest(word, known)}",
                )


def numbers_without_claim(draft_tables: dict[str, tuple[Row, ...]]) -> Iterator[tuple[Row, str]]:
    """Yield (row, column) of every number that rests on no claim: these are assumptions."""
    for table, rows in draft_tables.items():
        if table in ("claims", "sources"):
            continue
        for row in rows:
            if row.values.get("claims"):
                continue
            for name, spec in load_fields()[table].items():
                value = row.values.get(name)
                if (
                    spec.type in ("range", "number")
                    and value is not None
                    and row.line
                    and spec.default != _written(value)
                ):
                    yield row, name


def _written(value: Any) -> str:
    return value.write() if isinstance(value, Quantity) else f"{value:g}"
