"""Observed counts: each says one thing that the run can be asked, in the period, and they agree with each other."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from datetime import datetime
from typing import TYPE_CHECKING

from corridor.scenario.areas import INSIDE, OUTSIDE, find_sides
from corridor.scenario.checks.period import read_period
from corridor.scenario.counts import WHERE, choose_fitted, keep_newest, read_count
from corridor.scenario.draft import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corridor.scenario.draft import Draft, Row

# By what each series is recorded, beside its total. A count by anything else is never compared.
RECORDED_BY = {
    "arrivals": WHERE,
    "vehicles": ("place", "exit"),
    "registered": ("place", "area"),
    "lodged": ("place", "area"),
    "displaced": ("place",),
    "relief_trucks_in": (),
}
STANDS_AT = {"vehicles": "checkpoints", "registered": "desks"}  # tables with what counts these at a place
SLIGHT, VAGUE = 0.01, 0.1  # shares by which counts may contradict each other, the larger if one is not exact


def check_what_is_counted(draft: Draft) -> None:
    """A count states a number, its ends the right way round, over a span that runs forward, by place, area or exit."""
    for row in draft.tables.get("observations", []):
        value, low, high = numbers = [row[name] for name in ("value", "low", "high")]
        if all(number is None for number in numbers):
            draft.note("missing_value.count", row.where("value"))
        known = [number for number in (low, value, high) if isinstance(number, float)]
        if known != sorted(known):
            said = ", ".join(
                f"{name} {row[name]:,g}" for name in ("low", "value", "high") if isinstance(row[name], float)
            )
            draft.note("range_reversed.count", row.where("low" if isinstance(low, float) else "high"), said=said)
        since, time, published = row["since"], row["time"], row["published"]
        if isinstance(since, datetime) and isinstance(time, datetime) and since >= time:
            draft.note("span_reversed", row.where("since"), since=since.isoformat(), time=time.isoformat())
        if isinstance(published, datetime) and isinstance(time, datetime) and _is_before(published, time):
            draft.note("published_before_counted", row.where("published"), published=published, time=time)
        named = [name for name in WHERE if row[name] and row.can_read(name)]
        if len(named) > 1:
            draft.note("counted_twice_over", row.where(named[-1]), named=" and ".join(named))


def _is_before(published: datetime, time: datetime) -> bool:
    """Tell whether a count was published before its last hour; what ends at midnight may be told on that day."""
    return (time - published).total_seconds() > 60


def check_where_counted(draft: Draft) -> None:
    """A count names an area and an exit that exist, and what a run records by it."""
    exits, areas = _find_exits(draft), _find_areas(draft)
    inside = {"place": _find_inside(draft), "area": {name for name, side in areas.items() if side == INSIDE}}
    are_read = not draft.has_lost("roads", "places", "areas") and all(
        row.can_read("area") for row in draft.tables["places"]
    )
    at = {series: {row["place"] for row in draft.tables.get(table, [])} for series, table in STANDS_AT.items()}
    at["vehicles"] |= set(exits.values())
    places = [row for row in draft.tables.get("places", []) if row.can_read("id", "attractiveness")]
    refuges = {row["id"] for row in places if row["attractiveness"] is not None} & inside["place"]
    for row in draft.tables.get("observations", []):
        if not row.can_read("series", *WHERE):
            continue
        for name, kind, known in (("exit", "unknown_exit", exits), ("area", "unknown_area", areas)):
            if row[name] and row[name] not in known and are_read:
                hint = draft.suggest(row[name], known)
                draft.note(kind, row.where(name), name=show(row[name]), known=", ".join(sorted(known)), hint=hint)
        series = row["series"]
        for name in WHERE:
            if not row[name]:
                continue
            facts = {"series": series, "place": show(row[name])}
            if name not in RECORDED_BY[series]:
                allowed = " or ".join((*RECORDED_BY[series], "none of them"))
                draft.note("count_not_recorded", row.where(name), series=series, by=name, allowed=allowed)
            elif name == "place" and series in at and row[name] not in at[series]:
                draft.note("count_not_recorded.place", row.where(name), **facts, table=STANDS_AT[series])
            elif series == "displaced":
                if row[name] not in refuges and are_read:
                    draft.note("count_not_recorded.refuge", row.where(name), **facts)
            elif series not in at and row[name] in inside.get(name, ()) and are_read:
                draft.note("count_not_recorded.inside", row.where(name), **facts)


def _find_inside(draft: Draft) -> set[str]:
    """Return the places inside, in any parameter set."""
    sets = [find_sides(draft.rows("places", name), draft.rows("areas", name)) for name in draft.set_names]
    return {place for sides in sets for place, side in sides.items() if side == INSIDE}


def _find_exits(draft: Draft) -> dict[str, str]:
    """Return the roads (and services, where there are any) between a place inside and one outside, with the latter."""
    inside, exits = _find_inside(draft), {}
    for row in (*draft.tables.get("roads", []), *draft.tables.get("services", [])):
        outer = [row[end] for end in ("from", "to") if row.can_read("id", end) and row[end] not in inside]
        if len(outer) == 1 and row.can_read("from", "to"):
            exits[row["id"]] = outer[0]
    return exits


def _find_areas(draft: Draft) -> dict[str, str]:
    """Return the side of each area."""
    named = {row["id"]: row["side"] for row in draft.tables.get("areas", []) if row.can_read("id", "side")}
    return {INSIDE: INSIDE, OUTSIDE: OUTSIDE, **named}


def check_observation_times(draft: Draft) -> None:
    """A count outside the period is never compared with anything."""
    period = read_period(draft)
    if period is None or draft.zone is None:
        return
    for row in draft.tables.get("observations", []):
        for column in ("time", "since"):
            moment = row[column]
            if isinstance(moment, datetime) and not period[0] <= moment <= period[1]:
                bounds = {"start": period[0].isoformat(), "end": period[1].isoformat()}
                draft.note("observation_outside_period", row.where(column), time=moment.isoformat(), **bounds)


def find_falling_counts(draft: Draft) -> None:
    """Counts since the start never fall, and what came in a span is no more than all that came by its end.

    The newest vintages are compared, of each series and place, area or exit by itself; the worst contradiction is
    told. A count that gives one end only contradicts nothing. Up to a hundredth is left alone, and a tenth where one
    of the two is not exact.
    """
    worst: dict[tuple[str, ...], tuple[float, str, Row, Row]] = {}
    for parameter_set in draft.set_names:
        for thing, rows in _group_newest(draft, parameter_set).items():
            if thing[0] == "displaced":  # people go home, or on
                continue
            for fall, kind, row, other in (*_find_falls(rows), *_find_large_spans(rows)):
                if fall > worst.get((*thing, kind), (0.0,))[0]:
                    worst[*thing, kind] = (fall, kind, row, other)
    for _, kind, row, other in worst.values():
        facts = {"value": read_count(row).number, "other": read_count(other).number, "time": other["time"].isoformat()}
        draft.note(kind, row.where("value" if row["value"] is not None else "low"), **facts)


def _group_newest(draft: Draft, parameter_set: str) -> dict[tuple[str, ...], list[Row]]:
    """Return the newest vintages with an upper and a lower end, by series and where."""
    rows = {read_count(row): row for row in _readable(draft, parameter_set)}
    groups: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for count in keep_newest(rows):
        if count.is_point or (count.low is not None and count.high is not None):
            groups[count.thing[:4]].append(rows[count])
    return groups


def _readable(draft: Draft, parameter_set: str) -> Iterator[Row]:
    for row in draft.rows("observations", parameter_set):
        stated = any(row[name] is not None for name in ("value", "low", "high"))
        if stated and row.can_read(*(name for name in row.values if name != "note")):
            yield row


def _ends(row: Row) -> tuple[float, float]:
    count = read_count(row)
    low, high = (count.number, count.number) if count.is_point else (count.low, count.high)
    return low or 0.0, high or 0.0


def _find_falls(rows: list[Row]) -> Iterator[tuple[float, str, Row, Row]]:
    most: Row | None = None
    for row in sorted((row for row in rows if row["since"] is None), key=lambda row: (row["time"], *_ends(row))):
        if most is None or _ends(row)[0] >= _ends(most)[0]:
            most = row
        elif (fall := _measure_excess(_ends(most)[0], _ends(row)[1], (row, most))) > 0:
            yield fall, "count_falls", row, most


def _find_large_spans(rows: list[Row]) -> Iterator[tuple[float, str, Row, Row]]:
    """Yield spans in which more came than in all by a moment at or after their end."""
    totals = sorted((row for row in rows if row["since"] is None), key=lambda row: row["time"])
    least: list[Row] = []  # from the last to the first: the total with the lowest upper end from there on
    for row in reversed(totals):
        least.append(row if not least or _ends(row)[1] < _ends(least[-1])[1] else least[-1])
    least.reverse()
    times = [row["time"] for row in totals]
    for row in rows:
        after = bisect_left(times, row["time"])
        if row["since"] is None or after == len(times):
            continue
        if (excess := _measure_excess(_ends(row)[0], _ends(least[after])[1], (row, least[after]))) > 0:
            yield excess, "span_above_total", row, least[after]


def _measure_excess(larger: float, smaller: float, rows: tuple[Row, Row]) -> float:
    """Return by which share of a number another falls short of it, 0 where that may be rounding or a revision."""
    counts = [read_count(row) for row in rows]
    vague = any(count.status in ("rounded", "hour_assumed") or count.margin or not count.is_point for count in counts)
    share = 1 - smaller / larger if larger > 0 else 0.0
    return share if share > (VAGUE if vague else SLIGHT) else 0.0


def check_what_was_known(draft: Draft) -> None:
    """A set uses no count for its fit that is later than it may know, and counts say when they became known."""
    period = read_period(draft)
    for name, known in draft.sets.items():
        until, fitted_until = known.get("known_until"), known.get("fitted_until")
        if not isinstance(until, datetime) or period is None:
            continue
        rows = {read_count(row): row for row in _readable(draft, name)}
        series = known.get("fitted_series") or ""
        if isinstance(fitted_until, datetime) and isinstance(series, str):
            for count in choose_fitted(rows, series.split(), period[0], fitted_until)[0]:
                if count.thing.time > until:
                    facts = {"time": count.thing.time.isoformat(), "set": name, "until": until.isoformat()}
                    draft.note("fitted_later", rows[count].where("time"), **facts)
        undated = [row for count, row in rows.items() if count.published is None and count.thing.time <= until]
        if undated:
            first = min(undated, key=lambda row: (row.file, row.line))
            draft.note("never_published", first.where("published"), number=len(undated), set=name)
